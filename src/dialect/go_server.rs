//! Servers on Go's x/crypto/ssh: the library logs nothing, and its programs log the error of a failed handshake, in words
//! of their own. The list of all methods' errors begins with that of the method none.

use super::daemon::is_margin;
use super::sshd::words::{proof, told};
use super::table::{Dialect, Head, Row, any_within, holds, logged};
use crate::model::told::{Answer, End, Peer, Told};
use crate::model::{Author, Kind, Side};
use crate::text::Sought;

pub(super) static GO_SERVER: Dialect = Dialect {
    author: Author {
        id: "go-server",
        name: "a server on Go's x/crypto/ssh",
        side: Side::Server,
        read: true,
        tells_offers: false,
    },
    client: None,
    rows: &[ROWS],
    marks: &[
        holds(
            "[ssh: no auth passed yet",
            "failed to handshake: [ssh: no auth passed yet, unknown public key for \"dev\"]",
        ),
        holds(": ssh: no auth passed yet", "auth none for dev from 192.0.2.1:5: ssh: no auth passed yet"),
    ],
    noise: &[],
    noise_within: &[Sought::new(": ssh: no auth passed yet")],
    levels: &[],
    twice: false,
    head,
};

/// Beginnings of what its programs log of a connection, with `ac`, `au` or `fa`. Behind all but the second a user's name
/// follows.
const CALLS: &[&str] = &[
    "accepted publickey for ",
    "failed to handshake with ",
    "auth none for ",
    "auth publickey for ",
    "auth password for ",
    "auth keyboard-interactive for ",
];

const FOR: Sought = Sought::new(" for ");
const WITH: Sought = Sought::new(" with ");

/// One of these, behind a stamp: whatever words follow, the line is this program's.
fn head(line: &str) -> Head<'_> {
    let begins = |at: &usize| {
        let rest = &line.as_bytes()[*at..];
        matches!(rest, [b'a', b'c' | b'u', ..] | [b'f', b'a', ..])
            && CALLS.iter().any(|call| rest.starts_with(call.as_bytes()))
    };
    // Whichever it is, the one or the other follows.
    if !FOR.is_in(line) && !WITH.is_in(line) {
        return Head::bare(line);
    }
    match memchr::memchr2_iter(b'a', b'f', line.as_bytes()).find(begins).filter(|at| is_margin(&line[..*at])) {
        Some(at) => Head { stream: None, logged: true, words: &line[at..] },
        None => Head::bare(line),
    }
}

const ROWS: &[Row] = &[
    logged(
        "accepted publickey for ",
        "2026/11/27 09:26:40 accepted publickey for dev from 192.0.2.1:59061",
        |rest| {
            let (user, from) = rest.rsplit_once(" from ")?;
            let (method, user) = ("publickey".to_owned(), user.to_owned());
            told(Told::Answered { answer: Answer::Accepted, method, user, known: true, peer: at(from)?, key: None })
        },
    ),
    logged(
        "auth publickey for ",
        "2026/11/27 09:26:40 auth publickey for dev from 192.0.2.1:59061: unknown public key for \"dev\"",
        refused,
    ),
    any_within(
        "[ssh: no auth passed yet",
        "2026/11/27 09:26:40 failed to handshake with 192.0.2.1:59061: [ssh: no auth passed yet, unknown public key for \"dev\"]",
        |before, rest| {
            let (user, peer) = (quoted_user(rest), at(own(before)?));
            told(Told::Ended { end: End::Refused, user, known: true, peer, after_login: false })
        },
    )
    .signs(),
    // Gitea's and Forgejo's own servers, which name no user and no key.
    any_within(
        "Failed authentication attempt from ",
        "2026/11/27 09:26:40 modules/ssh/ssh.go:281:sshConnectionFailed() [W] Failed authentication attempt from 192.0.2.1:59061",
        |before, rest| {
            let own = before.is_empty() || before.contains("modules/ssh/ssh.go:") || before.contains("sshConnectionFailed");
            let peer = at(rest.trim_end()).filter(|_| own)?;
            told(Told::Ended { end: End::Refused, user: None, known: true, peer: Some(peer), after_login: false })
        },
    )
    .signs(),
    any_within(
        "ssh: disconnect, reason 2: too many authentication failures",
        "2026/11/27 09:26:40 failed to handshake with 192.0.2.1:59061: ssh: disconnect, reason 2: too many authentication failures",
        |before, _| proof("max-auth-tries").peer(at(own(before)?)).told(),
    ),
    any_within(
        "; client offered: [",
        "2026/11/27 09:26:40 failed to handshake with 192.0.2.1:59061: ssh: no common algorithm for key exchange; client offered: [a], server offered: [b]",
        |before, rest| {
            let (before, what) = own(before)?.split_once("no common algorithm for ")?;
            rest.contains("server offered: [").then_some(())?;
            proof("kex-mismatch").peer(at(before)).subject(what).told()
        },
    ),
];

/// Words before others. What a client says of its hang-up may hold any.
fn own(before: &str) -> Option<&str> {
    let named = CALLS.iter().any(|call| *call != "failed to handshake with " && before.contains(call));
    (!named && !before.contains("ssh: disconnect, reason ")).then_some(before)
}

/// `USER from PEER: unknown public key for "USER"`: a user's name may hold all of these words, and so the last count. There
/// it is quoted, so that no quote of its own ends it.
fn refused(rest: &str) -> Option<Kind> {
    let inside = rest.trim_end().strip_suffix('"')?;
    let escaped = |at: usize| (inside[..at].len() - inside[..at].trim_end_matches('\\').len()) % 2 == 1;
    let opens = inside.rmatch_indices('"').map(|(at, _)| at).find(|at| !escaped(*at))?;
    let (_, from) = rest[..opens].strip_suffix(": unknown public key for ")?.rsplit_once(" from ")?;
    proof("key-not-in-file").user(&unquoted(&rest[opens + 1..])?).peer(at(from)).told()
}

/// What Go wrote as a quoted string (`%q`), up to the quote that ends it. Escapes of what can't be seen stay.
fn unquoted(text: &str) -> Option<String> {
    let mut name = String::new();
    let mut chars = text.chars();
    loop {
        match chars.next()? {
            '"' => return Some(name),
            '\\' => match chars.next()? {
                c @ ('"' | '\\') => name.push(c),
                c => name.extend(['\\', c]),
            },
            c => name.push(c),
        }
    }
}

/// The first `A:P` of a text.
fn at(text: &str) -> Option<Peer> {
    let mut words = text.split([' ', '=', ',']).map(|word| word.trim_end_matches(':'));
    words.find_map(|word| {
        let (address, port) = word.rsplit_once(':')?;
        let address: core::net::IpAddr = address.trim_matches(['[', ']']).parse().ok()?;
        Some(Peer { address: address.to_string(), port: Some(port.parse().ok()?) })
    })
}

/// The user that the program's own words name in quotes.
fn quoted_user(text: &str) -> Option<String> {
    unquoted(text.split_once("for \"")?.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_call_is_found_behind_a_stamp() {
        for call in CALLS {
            let line = format!("2026/11/27 09:26:40 {call}dev");
            assert_eq!(head(&line).words, format!("{call}dev"));
        }
    }
}
