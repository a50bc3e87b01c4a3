//! Which connection of a server's log is a client's own.
//!
//! `ssh -v` prints neither its own port nor its address, and no log an identity of the connection: what both show is
//! the user, the keys' fingerprints, the software, the way it ended. What contradicts excludes; of what is left the one
//! that more speaks for is taken, and two that are alike stay two.

use crate::model::server::Stamp;
use crate::model::told::{End, Told};
use crate::model::{
    Apart, Case, Certainty, Join, Kind, Outcome, Reply, ServerLog, Session, SessionRef, Tie, Transcript,
};
use crate::server::reasons::{Bearing, bears};
use crate::server::{is_same_user, told};
use crate::text::undated;

/// Connections that are named where several fit alike.
const CANDIDATES: usize = 5;

/// Fills in which connection is which client's.
pub(crate) fn join(case: &mut Case) {
    let (mut joins, mut apart) = (Vec::new(), Vec::new());
    for client in case.sessions().filter(|entry| entry.session.served.is_none() && !entry.session.jump_host) {
        for (server, log) in case.transcripts.iter().enumerate() {
            let Some(of_log) = log.server.as_ref() else { continue };
            let beside = server == client.transcript;
            let served: Vec<SessionRef<'_>> = case
                .sessions()
                .filter(|entry| entry.transcript == server && entry.session.served.is_some())
                .filter(|entry| !beside || trust(log, entry.session).is_some())
                .collect();
            if beside && served.is_empty() {
                continue;
            }
            match one(client, &served, of_log) {
                // That the paste is honest is all that vouches for it.
                Ok(found) if beside => joins.extend(found.into_iter().map(|join| {
                    let most = case.session(join.server).and_then(|entry| trust(log, entry.session));
                    Join { certainty: join.certainty.min(most.unwrap_or(Certainty::Possible)), ..join }
                })),
                Ok(found) => joins.extend(found),
                Err(why) => apart.push(Apart { client: client.id(), server, why }),
            }
        }
    }
    case.joins = joins;
    case.apart = apart;
}

/// How far a connection's lines can be trusted that stand in a client's log, if at all. They must stand apart from every
/// client's: what stands among a client's lines, or behind one that is logged in, may be words that a server sent it. Behind
/// one whose end the log does not show they may be that, too, and more often are the other side's log, pasted below.
pub(crate) fn trust(log: &Transcript, served: &Session) -> Option<Certainty> {
    let ends = |session: &Session| {
        let lines = || session.events.iter().map(|event| event.at.line);
        lines().min().zip(lines().max())
    };
    let (first, last) = ends(served)?;
    let clients = log.sessions.iter().filter(|session| session.served.is_none());
    let each = clients.map(|client| match (ends(client), client.outcome) {
        (None, _) => Some(Certainty::Likely),
        (Some((begin, _)), _) if last < begin => Some(Certainty::Likely),
        (Some((_, end)), _) if first < end => None,
        (_, Outcome::Authenticated) => None,
        (_, Outcome::Unknown) => Some(Certainty::Possible),
        _ => Some(Certainty::Likely),
    });
    each.min().unwrap_or(Some(Certainty::Likely))
}

/// The connections that fit a client's session best.
fn one(client: SessionRef<'_>, served: &[SessionRef<'_>], log: &ServerLog) -> Result<Vec<Join>, &'static str> {
    let host_key = host_key(client.session).map(|print| log.host_keys.contains(&print.to_owned()));
    if host_key == Some(false) && !log.host_keys.is_empty() {
        return Err("it is another server's: none of its host keys is the one that the client saw");
    }
    if served.is_empty() {
        return Err("it holds no connection");
    }
    let mut fits: Vec<(Vec<Tie>, SessionRef<'_>)> = Vec::new();
    let mut why = "no connection in it ended as the client's did";
    for entry in served {
        match ties(client.session, entry.session) {
            Ok(mut by) => {
                if host_key == Some(true) {
                    by.push(Tie::HostKey);
                }
                fits.push((by, *entry));
            }
            Err(other) => why = other,
        }
    }
    let weight = |by: &[Tie]| by.iter().map(|tie| weight(*tie)).sum::<u32>();
    let Some(most) = fits.iter().map(|(by, _)| weight(by)).max() else { return Err(why) };
    fits.retain(|(by, _)| weight(by) == most);
    let several = fits.len() > 1;
    let sure = |by: &[Tie]| by.contains(&Tie::Port) || by.contains(&Tie::Fingerprint) && by.contains(&Tie::User);
    let joins = fits.into_iter().rev().take(CANDIDATES).map(|(mut by, entry)| {
        by.sort_unstable();
        let certainty = match (several, sure(&by)) {
            (true, _) => Certainty::Possible,
            (false, true) => Certainty::Certain,
            (false, false) => Certainty::Likely,
        };
        Join { client: client.id(), server: entry.id(), by, certainty }
    });
    Ok(joins.collect())
}

/// How much speaks for a join; what is surer outweighs all that is less so.
fn weight(tie: Tie) -> u32 {
    match tie {
        Tie::Port => 64,
        Tie::Fingerprint => 32,
        Tie::User => 16,
        Tie::Time => 8,
        Tie::Outcome => 4,
        Tie::Software => 2,
        Tie::Address | Tie::HostKey => 1,
    }
}

/// What speaks for a connection being the client's, or what excludes it.
fn ties(client: &Session, server: &Session) -> Result<Vec<Tie>, &'static str> {
    let mut by = Vec::new();
    match (user(client), server.user.as_deref()) {
        (Some(own), Some(other)) if is_same_user(own, other) => by.push(Tie::User),
        (Some(_), Some(_)) => return Err("its connections are of other users"),
        _ => {}
    }
    match shared_keys(client, server) {
        Some(true) => by.push(Tie::Fingerprint),
        Some(false) => return Err("its connections offered other keys"),
        None => {}
    }
    match same_end(client, server) {
        Some(true) => by.push(Tie::Outcome),
        Some(false) => return Err("no connection in it ended as the client's did"),
        None => {}
    }
    match same_time(client, server) {
        Some(true) => by.push(Tie::Time),
        Some(false) => return Err("its connections are of other times"),
        None => {}
    }
    // The one line that a server sends in place of its identification.
    let turned_away = client.any(|kind| match kind {
        Kind::PeerSaid { text } => text.contains("Not allowed at this time") || text.contains("Exceeded MaxStartups"),
        _ => false,
    });
    if turned_away && !told(server).any(|(told, _)| matches!(told, Told::Dropped { .. })) {
        return Err("no connection in it was turned away");
    }
    let served = server.served.as_ref();
    if let (Some(software), Some(own)) = (served.and_then(|served| served.client.as_deref()), client.client.as_deref())
    {
        match software.starts_with(own) || own.starts_with(software) {
            true => by.push(Tie::Software),
            false if software.starts_with("OpenSSH") == own.starts_with("OpenSSH") => {
                return Err("its connections came from other software");
            }
            false => {}
        }
    }
    let on = served.and_then(|served| served.on.as_ref());
    if on.is_some_and(|on| Some(&on.address) == client.address.as_ref()) {
        by.push(Tie::Address);
    }
    let port = client_port(client);
    if port.is_some() && port == server.port {
        by.push(Tie::Port);
    } else if port.is_some() && server.port.is_some() {
        return Err("its connections came from other ports");
    }
    Ok(by)
}

/// The user that a client asked for.
fn user(client: &Session) -> Option<&str> {
    client.user.as_deref()
}

/// The host key that the client saw.
fn host_key(client: &Session) -> Option<&str> {
    let seen = client.first(|kind| match kind {
        Kind::HostKey { fingerprint, .. } => fingerprint.as_deref(),
        _ => None,
    });
    seen.map(|(print, _)| print)
}

/// The client's own port, where a line of its session shows it.
fn client_port(client: &Session) -> Option<u16> {
    client.events.iter().find_map(|event| {
        let rest = event.at.text.split_once("SSH_CONNECTION=")?.1.trim_start_matches(['"', '\'']);
        rest.split(' ').nth(1)?.parse().ok()
    })
}

/// Whether both name a key that was offered: yes, or keys that have nothing in common.
fn shared_keys(client: &Session, server: &Session) -> Option<bool> {
    fn prints(session: &Session) -> Vec<&str> {
        let offered = session.offered.iter().filter_map(|offer| offer.key.whole_fingerprint());
        offered.chain(session.accepted.iter().filter_map(|accepted| accepted.key.whole_fingerprint())).collect()
    }
    let (own, theirs) = (prints(client), prints(server));
    if own.is_empty() || theirs.is_empty() {
        return None;
    }
    Some(theirs.iter().all(|print| own.contains(print)))
}

/// How far apart two clocks may be, in seconds: machines that keep their time, and machines that do not.
const SAME_CLOCK: i64 = 2;
const OTHER_CLOCK: i64 = 3600;

/// Whether both were written at the same time: yes, or so far apart that no clock is so wrong. `None` where one shows no
/// time, where they are near each other, or where clocks can't be compared: one names no zone, and they do not agree.
fn same_time(client: &Session, server: &Session) -> Option<bool> {
    let (own, theirs) = (client.written?, server.written?);
    let zoned = own.0.zoned && theirs.0.zoned;
    // A clock without a zone is most often the other's; without a year, it is the other's year.
    let apart = if zoned { apart(own, theirs, |stamp| stamp.seconds) } else { apart(own, theirs, undated) };
    match apart {
        ..=SAME_CLOCK => Some(true),
        OTHER_CLOCK.. if zoned => Some(false),
        _ => None,
    }
}

/// Seconds between two spans of time; none where they overlap.
fn apart(one: (Stamp, Stamp), other: (Stamp, Stamp), clock: impl Fn(&Stamp) -> i64) -> i64 {
    let ((one_first, one_last), (other_first, other_last)) = (one, other);
    (clock(&other_first) - clock(&one_last)).max(clock(&one_first) - clock(&other_last)).max(0)
}

/// Whether both ended in the same way. `None` where one of the two does not tell.
fn same_end(client: &Session, server: &Session) -> Option<bool> {
    use Outcome::{Authenticated, ClientError, Denied, Disconnected, HostKey, Kex, Network, Partial, Unknown};
    let asked = server.user.is_some() || !server.offered.is_empty();
    Some(match (client.outcome, server.outcome) {
        (Unknown, _) => return None,
        // A server that names nobody may have refused somebody (up to 7.4), or the client left.
        (Denied | HostKey | ClientError | Disconnected | Partial | Network, Unknown) => return None,
        (Authenticated, Authenticated) | (Kex, Kex) => true,
        // A forced command that is missing: the client is told that it is in, and cut off.
        (Authenticated, Denied | Disconnected) => {
            if refused_after_success(server) || client.accepted.is_some() && server.accepted.is_some() {
                true
            } else {
                return Some(false);
            }
        }
        (Authenticated, _) | (_, Authenticated) => false,
        (Denied, Denied) | (Partial, Partial) => true,
        (Partial, Denied) | (Denied, Partial) => return None,
        // The end by the server's hand is told in many ways.
        (Disconnected, Disconnected) => true,
        (Disconnected | Denied, Denied | Disconnected) => return None,
        (Network, Network) => true,
        (Network, Disconnected) if !asked => true,
        (HostKey, Denied | Disconnected) if !asked => true,
        (ClientError, Denied | Disconnected) => return None,
        (Network, Disconnected) => return None,
        (Kex, Network) => return None,
        _ => false,
    })
}

/// Whether the server refused what the client was told to be a login.
fn refused_after_success(server: &Session) -> bool {
    let accepted = server.offered.iter().any(|offer| offer.reply() == Reply::Accepted);
    let cut = told(server).any(|(told, _)| matches!(told, Told::Ended { end: End::Cut(_), .. }));
    let good = |told: &Told| matches!(told, Told::Proof(proof) if bears(proof.reason, Bearing::GoodKey));
    accepted || cut || told(server).any(|(told, _)| good(told))
}
