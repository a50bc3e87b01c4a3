//! tinysshd 20230101: `tinysshd: TOKEN: level: TEXT {file.c:line}`, a token of eight characters a connection.

use super::daemon::is_margin;
use super::sshd::words::{proof, told};
use super::table::{Dialect, Head, Row, any, any_within, holds, logged};
use crate::model::told::{Answer, End, Peer, Told};
use crate::model::{Author, Key, Kind, Side};
use crate::text::Sought;

pub(super) static TINYSSHD: Dialect = Dialect {
    author: Author { id: "tinysshd", name: "tinysshd", side: Side::Server, read: true, tells_offers: false },
    client: None,
    rows: &[ROWS],
    marks: &[holds("tinysshd: ", "tinysshd: rKzjRE5T: info: connection from 192.0.2.1:59061 {main_tinysshd.c:124}")],
    noise: &[],
    noise_within: &[],
    levels: &[],
    twice: false,
    head,
};

/// How far into a line its name is looked for, in bytes.
const FAR: usize = 129;

const NAME: Sought = Sought::new("tinysshd: ");

fn head(line: &str) -> Head<'_> {
    let parts = || -> Option<Head<'_>> {
        let near = &line.as_bytes()[..line.len().min(FAR)];
        let at = NAME.find(near).filter(|at| is_margin(&line[..*at]))?;
        let (token, rest) = line[at + NAME.words().len()..].split_once(": ")?;
        let (_, words) = rest.split_once(": ").filter(|_| token.len() == 8 && !token.contains(' '))?;
        Some(Head { stream: Some(token), logged: true, words })
    };
    parts().unwrap_or(Head::bare(line))
}

/// A message without the place in the program's source.
fn body(rest: &str) -> &str {
    rest.rsplit_once('{').map_or(rest, |(words, _)| words).trim_end()
}

const ROWS: &[Row] = &[
    any("connection from ", "tinysshd: rKzjRE5T: info: connection from 192.0.2.1:59061 {main_tinysshd.c:124}", |rest| {
        let (address, port) = body(rest).rsplit_once(':')?;
        // It names none without a superserver that tells it.
        let peer = Peer { address: address.to_owned(), port: port.parse().ok() };
        told(Told::Connection { peer, on: None })
    }),
    any("hello: client: SSH-2.0-", "tinysshd: rKzjRE5T: debug: hello: client: SSH-2.0-OpenSSH_9.2p1 {packet_hello.c:62}", |rest| {
        told(Told::ClientSoftware { software: body(rest).to_owned() })
    })
    .signs(),
    any(
        "auth: unable to authorize using authorized_keys: key not found",
        "tinysshd: rKzjRE5T: warning: auth: unable to authorize using authorized_keys: key not found (no such process){subprocess_auth.c:148}",
        |_| proof("key-not-in-file").told(),
    )
    .signs(),
    any(
        "auth: bad mode: directory writable by group or others: ",
        "tinysshd: rKzjRE5T: warning: auth: bad mode: directory writable by group or others: /home/dev/.ssh (access denied){subprocess_auth.c:52}",
        |rest| proof("authorized-keys-modes").subject(body(rest).rsplit_once(" (")?.0).told(),
    )
    .signs(),
    any(
        "auth: bad owner: ",
        "tinysshd: rKzjRE5T: warning: auth: bad owner: /home/dev/.ssh (access denied){subprocess_auth.c:48}",
        |rest| proof("authorized-keys-modes").subject(body(rest).rsplit_once(" (")?.0).told(),
    )
    .signs(),
    any(
        "auth: unable to stat file: ",
        "tinysshd: rKzjRE5T: warning: auth: unable to stat file: /home/dev/.ssh/authorized_keys (file does not exist){subprocess_auth.c:40}",
        |rest| proof("authorized-keys-missing").subject(body(rest).rsplit_once(" (")?.0).told(),
    )
    .signs(),
    any(
        "auth: unable to change directory to ",
        "tinysshd: rKzjRE5T: warning: auth: unable to change directory to /home/dev/.ssh (file does not exist){subprocess_auth.c:142}",
        |rest| match body(rest).rsplit_once(" (")? {
            (folder, "file does not exist)") => {
                proof("authorized-keys-missing").subject(format!("{folder}/authorized_keys")).told()
            }
            (folder, _) => proof("authorized-keys-unreadable").subject(folder).told(),
        },
    )
    .signs(),
    any(
        "auth: unable to open file: ",
        "tinysshd: rKzjRE5T: warning: auth: unable to open file: /home/dev/.ssh/authorized_keys (access denied){subprocess_auth.c:90}",
        |rest| proof("authorized-keys-unreadable").subject(body(rest).rsplit_once(" (")?.0).told(),
    )
    .signs(),
    any(
        "auth: non-regular file: ",
        "tinysshd: rKzjRE5T: warning: auth: non-regular file: /home/dev/.ssh/authorized_keys (access denied){subprocess_auth.c:46}",
        |rest| proof("authorized-keys-not-regular").subject(body(rest).rsplit_once(" (")?.0).told(),
    )
    .signs(),
    any("auth: account ", "tinysshd: rKzjRE5T: warning: auth: account dev: not exist {subprocess_auth.c:128}", |rest| {
        proof("no-such-user").user(body(rest).strip_suffix(": not exist")?).told()
    })
    .signs(),
    any_within(" rejected", "tinysshd: rKzjRE5T: debug: auth: dev: ssh-ed25519 rejected {packet_auth.c:156}", |before, rest| {
        let (user, kind) = before.strip_prefix("auth: ")?.rsplit_once(": ")?;
        (rest.is_empty() || rest.starts_with(" {")).then_some(())?;
        answered(Answer::Failed, user, kind)
    }),
    any_within(" accepted", "tinysshd: rKzjRE5T: info: auth: dev: ssh-ed25519 AAAA accepted {packet_auth.c:140}", |before, rest| {
        let (user, key) = before.strip_prefix("auth: ")?.rsplit_once(": ")?;
        (rest.is_empty() || rest.starts_with(" {")).then_some(())?;
        answered(Answer::Accepted, user, key)
    }),
    logged("authentication failed", "tinysshd: rKzjRE5T: fatal: authentication failed (connection reset){main_tinysshd.c:187}", |_| {
        told(Told::Ended { end: End::Refused, user: None, known: true, peer: None, after_login: false })
    })
    .signs(),
];

/// Its log names the kind of a refused key, `unknown` for the method none, and the whole of an accepted key.
fn answered(answer: Answer, user: &str, named: &str) -> Option<Kind> {
    let keyed = named != "unknown";
    let key = crate::wire::public_line(named).map(|key| Key {
        kind: Some(key.kind.clone()),
        fingerprint: Some(key.fingerprint.clone()),
        ..Key::default()
    });
    let method = if keyed { "publickey" } else { "none" }.to_owned();
    told(Told::Answered { answer, method, user: user.to_owned(), known: true, peer: Peer::default(), key })
}
