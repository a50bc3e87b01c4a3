//! Connections, their ends, and what is turned away at the door (packet.c, sshd.c, srclimit.c).

use super::words::{body, bracketed, kept, peer, place, proof, split_last, told, user_at};
use crate::dialect::table::{Row, any};
use crate::model::Kind;
use crate::model::brief::{Brief, Gist};
use crate::model::told::{End, Peer, Told};

pub(super) const ROWS: &[Row] = &[
    any("Connection from ", "Connection from 192.0.2.1 port 59061 on 203.0.113.1 port 22 rdomain \"\"", connection)
        .signs(),
    any(
        "Connection closed by ",
        "Connection closed by authenticating user dev 192.0.2.1 port 59061 [preauth]",
        |rest| ended(End::Closed, body(rest)),
    )
    .brief(|rest| briefly(false, body(rest))),
    any("Connection reset by ", "Connection reset by 192.0.2.1 port 59061 [preauth]", |rest| {
        ended(End::Closed, body(rest))
    })
    .brief(|rest| briefly(false, body(rest))),
    any(
        "Received disconnect from ",
        "Received disconnect from 192.0.2.1 port 59061:11: disconnected by user",
        |rest| ended(End::Left, before_words(rest)?),
    )
    .brief(|rest| briefly(true, before_words(rest)?)),
    any("Disconnected from ", "Disconnected from user dev 192.0.2.1 port 59061", |rest| ended(End::Left, body(rest)))
        .brief(|rest| briefly(true, body(rest))),
    any(
        "Disconnecting ",
        "Disconnecting authenticating user dev 192.0.2.1 port 59061: Too many authentication failures [preauth]",
        |rest| {
            let (at, text) = cut(body(rest))?;
            ended(End::Cut(text.to_owned()), at)
        },
    )
    .brief(|rest| {
        let (at, text) = cut(body(rest))?;
        let (user, (address, port)) = user_at(at)?;
        let gist = Gist::Cut { user: user.is_some(), known: is_known(at) };
        (text == TOO_MANY && !is_after_login(at)).then_some(Brief { gist, user, address, port })
    }),
    // Up to 7.4
    any("Disconnecting: ", "Disconnecting: Too many authentication failures [preauth]", |rest| {
        let end = End::Cut(body(rest).to_owned());
        told(Told::Ended { end, user: None, known: true, peer: None, after_login: false })
    }),
    any(
        "Read error from remote host ",
        "Read error from remote host 192.0.2.1 port 59061: Connection reset by peer",
        |rest| {
            let at = rest.rfind(" port ")?;
            let (port, _) = rest[at + 6..].split_once(": ")?;
            ended(End::Closed, &rest[..at + 6 + port.len()])
        },
    )
    .signs(),
    any(
        "kex_exchange_identification: ",
        "error: kex_exchange_identification: Connection closed by remote host",
        |_| told(Told::Ended { end: End::NoSsh, user: None, known: true, peer: None, after_login: false }),
    )
    .brief(|_| Some(Brief { gist: Gist::NoSsh, user: None, address: "", port: None })),
    any("banner exchange: ", "banner exchange: Connection from 192.0.2.1 port 59061: invalid format", |rest| {
        let rest = rest.strip_prefix("Connection from ")?;
        no_ssh(rest.split_once(": ")?.0)
    })
    .signs(),
    // Up to 7.4
    any(
        "Did not receive identification string from ",
        "Did not receive identification string from 192.0.2.1 port 59061",
        |rest| no_ssh(body(rest)),
    )
    .signs(),
    any(
        "Bad protocol version identification ",
        "Bad protocol version identification 'GET / HTTP/1.1' from 192.0.2.1 port 59061",
        |rest| no_ssh(body(rest).rsplit_once(" from ")?.1),
    )
    .signs(),
    any(
        "Unable to negotiate with ",
        "Unable to negotiate with 192.0.2.1 port 59061: no matching host key type found. Their offer: ssh-rsa [preauth]",
        |rest| {
            let (at, what) = body(rest).split_once(": no matching ")?;
            proof("kex-mismatch").peer(peer(at)).subject(what.split(" found.").next()?).told()
        },
    )
    .brief(|rest| {
        let (at, _) = rest.split_once(": no matching ")?;
        let (address, port) = place(at)?;
        Some(Brief { gist: Gist::Proof { reason: "kex-mismatch", ends: true }, user: None, address, port })
    }),
    any(
        "drop connection #",
        "drop connection #1 from [192.0.2.1]:59061 on [203.0.113.1]:22 past MaxStartups",
        |rest| {
            let (_, rest) = rest.split_once(" from ")?;
            let (from, rest) = rest.split_once(" on ")?;
            let (_, why) = rest.split_once(' ')?;
            told(Told::Dropped { peer: bracketed(from)?, why: why.to_owned() })
        },
    )
    .signs(),
    any("refused connect from ", "refused connect from 192.0.2.1 (192.0.2.1)", |rest| {
        let address = rest.rsplit_once('(')?.1.strip_suffix(')')?;
        proof("tcp-wrappers").peer(peer(address)).told()
    })
    .signs(),
    any("Connection refused by tcp wrapper", "debug1: Connection refused by tcp wrapper", |_| {
        proof("tcp-wrappers").told()
    })
    .signs(),
    any(
        "Timeout before authentication for ",
        "Timeout before authentication for connection from 192.0.2.1 to 203.0.113.1, pid = 34705",
        |rest| {
            let rest = body(rest);
            let Some(rest) = rest.strip_prefix("connection from ") else {
                return told(Told::TimedOut { peer: peer(rest)?, on: None, process: None });
            };
            let (from, rest) = rest.split_once(" to ")?;
            let (to, process) = rest.split_once(", pid = ")?;
            told(Told::TimedOut { peer: peer(from)?, on: peer(to), process: Some(process.to_owned()) })
        },
    )
    .signs(),
];

/// A connection came in. 10.x says so again of a session that it refuses.
fn connection(rest: &str) -> Option<Kind> {
    if let Some(rest) = rest.strip_prefix("user ") {
        let (who, _) = rest.split_once(": refusing non-sftp session")?;
        let (before, port) = who.rsplit_once(" port ")?;
        let (user, address) = before.rsplit_once(' ')?;
        return proof("sftp-only").user(user).peer(peer(&format!("{address} port {port}"))).told();
    }
    let (from, on) = match rest.split_once(" on ") {
        Some((from, on)) => (from, on.split(" rdomain").next().and_then(peer)),
        None => (rest, None),
    };
    let peer = peer(from).filter(|peer| peer.port.is_some())?;
    told(Told::Connection { peer, on })
}

fn ended(end: End, at: &str) -> Option<Kind> {
    let (user, place) = user_at(at)?;
    let after_login = is_after_login(at);
    told(Told::Ended { end, user: user.map(str::to_owned), known: is_known(at), peer: Some(kept(place)), after_login })
}

fn briefly(left: bool, at: &str) -> Option<Brief<'_>> {
    let (user, (address, port)) = user_at(at)?;
    let gist = Gist::Ended { left, user: user.is_some(), known: is_known(at), after_login: is_after_login(at) };
    Some(Brief { gist, user, address, port })
}

/// Before a login it is an `authenticating user`, or an `invalid user`.
fn is_after_login(at: &str) -> bool {
    at.starts_with("user ")
}

/// Of a user who does not exist or is kept out it is an `invalid user` (auth2.c, `auth_log`, and packet.c).
fn is_known(at: &str) -> bool {
    !at.starts_with("invalid user")
}

/// What the server says when it cuts off one who tried too often.
const TOO_MANY: &str = "Too many authentication failures";

/// Whose connection was cut, and with which words.
fn cut(rest: &str) -> Option<(&str, &str)> {
    let (before, after) = split_last(rest, " port ")?;
    let (port, text) = after.split_once(": ")?;
    Some((&rest[..before.len() + " port ".len() + port.len()], text))
}

/// `A port P` before a number and the client's own words.
fn before_words(rest: &str) -> Option<&str> {
    body(rest).split_once(':').map(|(at, _)| at).filter(|at| at.contains(" port "))
}

fn no_ssh(at: &str) -> Option<Kind> {
    let peer: Option<Peer> = peer(at);
    told(Told::Ended { end: End::NoSsh, user: None, known: true, peer, after_login: false })
}
