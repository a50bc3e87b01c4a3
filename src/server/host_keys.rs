//! A server says of its own keys what a client says of a user's: on standard error nothing but the file tells.

use crate::model::server::ServerLog;
use crate::model::{Kind, Session, Told};

/// Whether a client's session is nothing but complaints about files that the server's own words call host keys.
pub(crate) fn is_of_its_host_keys(session: &Session, log: &ServerLog) -> bool {
    let is_host_key = |path: &str| {
        log.notes.iter().any(|note| match &note.kind {
            Kind::Server(told) => {
                matches!(&**told, Told::Start { reason: "host-key-load", subject: Some(subject) } if subject == path)
            }
            _ => false,
        })
    };
    let only = session.events.iter().all(|event| match &event.kind {
        Kind::TooOpen { path } | Kind::LoadKeyFailed { path, .. } => is_host_key(path),
        _ => false,
    });
    only && !session.events.is_empty() && session.host.is_none()
}
