//! Servers on Go's x/crypto/ssh: the library logs nothing, and its programs log the error of a failed handshake, in words
//! of their own. The list of all methods' errors begins with that of the method none.

use super::sshd::words::{proof, told};
use super::table::{Dialect, Head, Row, any_within, holds};
use crate::model::told::{Answer, End, Peer, Told};
use crate::model::{Author, Side};

pub(super) static GO_SERVER: Dialect = Dialect {
    author: Author { id: "go-server", name: "a server on Go's x/crypto/ssh", side: Side::Server, read: true },
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
    noise_within: &[": ssh: no auth passed yet"],
    levels: &[],
    twice: false,
    head: |line| Head::bare(line),
    words_at: |_| None,
};

const ROWS: &[Row] = &[
    any_within(
        "[ssh: no auth passed yet",
        "2026/11/27 09:26:40 failed to handshake with 192.0.2.1:59061: [ssh: no auth passed yet, unknown public key for \"dev\"]",
        |before, rest| told(Told::Ended { end: End::Refused, user: quoted_user(rest), peer: at(before), after_login: false }),
    )
    .signs(),
    any_within(
        ": unknown public key",
        "2026/11/27 09:26:40 auth publickey for dev from 192.0.2.1:59061: unknown public key for \"dev\"",
        |before, _| {
            // The last: a user's name may hold the word, and an address.
            let (user, from) = before.split_once("auth publickey for ")?.1.rsplit_once(" from ")?;
            proof("key-not-in-file").user(user).peer(at(from)).told()
        },
    )
    .signs(),
    any_within(
        "ssh: disconnect, reason 2: too many authentication failures",
        "2026/11/27 09:26:40 failed to handshake with 192.0.2.1:59061: ssh: disconnect, reason 2: too many authentication failures",
        |before, _| proof("max-auth-tries").peer(at(before)).told(),
    ),
    any_within(
        "; client offered: [",
        "2026/11/27 09:26:40 failed to handshake with 192.0.2.1:59061: ssh: no common algorithm for key exchange; client offered: [a], server offered: [b]",
        |before, rest| {
            let (before, what) = before.split_once("no common algorithm for ")?;
            rest.contains("server offered: [").then_some(())?;
            proof("kex-mismatch").peer(at(before)).subject(what).told()
        },
    ),
    any_within(
        "accepted publickey for ",
        "2026/11/27 09:26:40 accepted publickey for dev from 192.0.2.1:59061",
        |before, rest| {
            let (user, from) = rest.rsplit_once(" from ")?;
            (!before.contains(": ")).then_some(())?;
            let (method, user) = ("publickey".to_owned(), user.to_owned());
            told(Told::Answered { answer: Answer::Accepted, method, user, known: true, peer: at(from)?, key: None })
        },
    ),
];

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
    let (_, rest) = text.split_once("for \"")?;
    Some(rest.split_once('"')?.0.to_owned())
}
