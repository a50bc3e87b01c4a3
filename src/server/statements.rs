//! What a statement tells of the connection that it is about: whether it may be the first that a log shows of it, and
//! which connections say such a thing no more.

use super::held::Held;
use super::reasons::{Bearing, bears};
use crate::model::Kind;
use crate::model::told::{End, Told};

/// Whether a connection comes in.
pub(super) fn is_connection(kind: &Kind) -> bool {
    matches!(kind, Kind::Server(told) if matches!(**told, Told::Connection { .. }))
}

/// What only comes after a login.
pub(super) fn is_of_a_login(told: &Told) -> bool {
    match told {
        Told::Proof(proof) => bears(proof.reason, Bearing::AfterLogin),
        told => matches!(told, Told::Session { .. }),
    }
}

/// Whether a connection is past saying something: a process number comes round again.
pub(super) type Past = fn(&Held) -> bool;

/// Which connections say such a thing no more. A login's end may come late; of one who is let in nobody says why not.
pub(super) fn past(told: &Told) -> Past {
    match told {
        Told::Ended { .. } => never,
        Told::Proof(proof) if bears(proof.reason, Bearing::Twice) => |held| held.ended() && !held.at_the_door(),
        Told::Proof(_) if !is_of_a_login(told) && told.peer().is_none() => |held| held.ended() || held.logged_in(),
        _ if begins(told) => Held::ended,
        _ => never,
    }
}

/// No connection is.
pub(super) fn never(_: &Held) -> bool {
    false
}

/// Whether the line failed, or no ssh was spoken.
pub(super) fn is_no_ssh(told: &Told) -> bool {
    matches!(told, Told::Ended { end: End::NoSsh, .. })
}

/// Whether a statement may be the first that a log shows of a connection.
pub(super) fn begins(told: &Told) -> bool {
    match told {
        Told::Answered { .. }
        | Told::Requested { .. }
        | Told::Queried { .. }
        | Told::Taken { .. }
        | Told::TimedOut { .. }
        | Told::Proof(_)
        | Told::Looked { .. }
        | Told::NotOpened { .. }
        | Told::Session { .. } => true,
        Told::Ended { end, user, peer, .. } => peer.is_some() && (user.is_some() || *end != End::Left),
        _ => false,
    }
}
