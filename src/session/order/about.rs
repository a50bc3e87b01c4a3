//! Whether a statement can be about the run that a log has told of.

use crate::model::{Key, Kind, Session};

/// Whether a client says by its own names that this session was refused.
pub(super) fn is_own_end(kind: &Kind, session: &Session) -> bool {
    matches!(kind, Kind::Denied { user: Some(user), host: Some(host), .. }
        if session.user.as_ref() == Some(user) && session.host.as_ref() == Some(host))
}

/// Whether the server of this session hung up.
pub(super) fn is_own_hang_up(kind: &Kind, session: &Session) -> bool {
    matches!(kind, Kind::Disconnected { address, .. } | Kind::DisconnectedFrom { address, .. } if session.address == *address)
}

/// Offers that a server's yes is looked for among, from the last one on: a client asks about one key at a time.
const ASKED: usize = 100;

/// Where keys begin in a session, as far as it has told: each of its statements is looked at once.
#[derive(Debug, Default)]
pub(super) struct About {
    /// The line at which the session begins.
    of: Option<u64>,
    /// Statements that were looked at.
    seen: usize,
    /// The login began.
    service: bool,
    /// A method was chosen.
    method: bool,
}

impl About {
    /// Looks at what the session has told since.
    pub(super) fn look(&mut self, session: Option<&Session>) {
        let events = session.map_or(&[][..], |session| &session.events);
        let of = events.first().map(|event| event.at.line);
        if of != self.of || events.len() < self.seen {
            *self = Self { of, ..Self::default() };
        }
        for event in &events[self.seen..] {
            self.service |= event.kind == Kind::ServiceAccepted;
            self.method |= matches!(event.kind, Kind::NextMethod { .. });
        }
        self.seen = events.len();
    }

    /// Whether the log shows where the login begins.
    pub(super) fn shows_login(&self) -> bool {
        self.service
    }

    /// Whether a statement can be about this session, which the log has told of up to there.
    pub(super) fn is_of(&self, kind: &Kind, session: Option<&Session>) -> bool {
        let Some(session) = session else { return true };
        let same = |host: &String| session.host.as_ref().is_none_or(|known| known == host);
        match kind {
            Kind::Authenticating { host, .. } | Kind::AuthenticatedTo { host, .. } => same(host),
            Kind::Offering { .. } | Kind::TryingPrivate { .. } => self.method || !self.service,
            // What was never offered is not accepted.
            Kind::ServerAccepts { key: Some(key) } => {
                session.offered.iter().rev().take(ASKED).any(|offer| is_same(&offer.key, key))
            }
            _ => true,
        }
    }
}

fn is_same(one: &Key, other: &Key) -> bool {
    match (&one.fingerprint, &other.fingerprint) {
        (Some(one), Some(other)) => one == other,
        _ => one.name() == other.name(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{At, Event};

    fn session(line: u64, kinds: Vec<Kind>) -> Session {
        let at = At { line, text: String::new() };
        Session { events: kinds.into_iter().map(|kind| Event { at: at.clone(), kind }).collect(), ..Session::default() }
    }

    #[test]
    fn an_offer_is_of_a_session_whose_keys_have_begun() {
        let tried = Kind::TryingPrivate { path: "/home/dev/.ssh/id_rsa".to_owned() };
        let service = || vec![Kind::Established, Kind::ServiceAccepted];
        let method = Kind::NextMethod { method: "publickey".to_owned() };
        let mut about = About::default();
        for (session, shows, is_of) in [
            (session(1, vec![Kind::Established]), false, true),
            (session(1, service()), true, false),
            (session(1, [service(), vec![method]].concat()), true, true),
            // Another one, as long.
            (session(9, vec![Kind::Established; 3]), false, true),
            (session(9, [service(), service()].concat()), true, false),
        ] {
            about.look(Some(&session));
            assert_eq!((about.shows_login(), about.is_of(&tried, Some(&session))), (shows, is_of), "{session:?}");
        }
    }
}
