//! One run of a client: its state, how it ends, and where it leads.

use super::place::names_a_place;
use crate::model::{At, Author, Event, Key, Kind, Offer, Outcome, Session};
use crate::shell::Aim;

/// Statements that are kept of one session; later ones still change its state.
pub(super) const KEPT: usize = 2000;

/// A run that is being read.
#[derive(Debug, Default)]
pub(super) struct Run {
    pub(super) session: Session,
    /// Its place in the order of first appearance.
    pub(super) begun: u64,
    /// The offer that the server's next answer is about.
    pub(super) current: Option<usize>,
    /// A file that ssh tries without a public half: signed with at once, or not there at all.
    pub(super) pending: Option<Offer>,
    /// A request of which the log does not say what it asked for, and those that were refused.
    pub(super) request: Option<At>,
    pub(super) refused: Vec<(At, At)>,
    /// The file whose key is offered next, where the client names none as it offers.
    pub(super) file: Option<String>,
    /// No line has said yet what became of it.
    pub(super) untold: bool,
    /// The last request may be a signature that looks like its query.
    pub(super) sent: bool,
    /// What else is told of that key.
    pub(super) next: Key,
    pub(super) method: Option<String>,
    pub(super) partial: bool,
    pub(super) key_exchanged: bool,
    /// A jump host's own client may follow in this log.
    pub(super) jump: bool,
    /// Where the tool that runs the client says that it goes.
    pub(super) aim: Option<Aim>,
    pub(super) connected: bool,
    /// The end may still be overruled.
    pub(super) soft: bool,
    pub(super) closed: bool,
}

impl Run {
    pub(super) fn new(session: Session, begun: u64) -> Self {
        Self { session, begun, ..Self::default() }
    }

    /// Only what ssh prints before its first line.
    pub(super) fn is_prelude(&self) -> bool {
        self.session.client.is_none()
            && !self.connected
            && self.session.offered.is_empty()
            && self.session.methods_first.is_none()
            && (self.session.outcome == Outcome::Unknown || self.soft)
    }

    /// Whether another program than OpenSSH's client wrote it.
    pub(super) fn is_foreign(&self) -> bool {
        self.session.author != Author::OPENSSH
    }

    pub(super) fn is_ended(&self) -> bool {
        self.session.outcome != Outcome::Unknown && !self.soft
    }

    pub(super) fn keep(&mut self, at: At, kind: Kind) {
        if self.session.events.len() < KEPT {
            self.session.events.push(Event { at, kind });
        }
    }

    pub(super) fn end(&mut self, outcome: Outcome, at: &At) {
        self.session.outcome = outcome;
        self.session.end = Some(at.clone());
        self.soft = false;
    }

    /// Ends a session that had not ended yet.
    pub(super) fn ends(&mut self, outcome: Outcome, at: &At) {
        if !self.is_ended() {
            self.end(outcome, at);
        }
    }

    /// The client stopped by itself. What the server has made of its keys before is the end that counts.
    pub(super) fn stopped(&mut self, at: &At) {
        let refused =
            self.session.any(|kind| matches!(kind, Kind::PasswordRefused)) || self.session.asked_again().is_some();
        let outcome = match (self.partial, self.session.refusals) {
            (true, _) => Outcome::Partial,
            (false, 0) if !refused => Outcome::ClientError,
            (false, _) => Outcome::Denied,
        };
        self.ends(outcome, at);
        self.closed = true;
    }

    /// Whether what another client asks now can only be about the host key: it has connected, and the login has not begun. What
    /// comes of the question it says itself.
    pub(super) fn is_about_the_host(&self) -> bool {
        let login = |kind: &Kind| {
            let begun = matches!(kind, Kind::ServiceAccepted | Kind::Methods { .. } | Kind::Offering { .. });
            begun || matches!(kind, Kind::User { .. } | Kind::RemoteSoftware { .. })
        };
        self.connected && !self.session.any(login)
    }

    /// The peer or the line ended it: before or after the key exchange.
    pub(super) fn drops(&mut self, at: &At) {
        if !self.is_ended() {
            let late = self.key_exchanged || self.session.reached_authentication();
            self.end(
                match late {
                    // Other clients hang up by themselves where they have no second factor, and tell it as any other end.
                    true if self.partial && self.is_foreign() => Outcome::Partial,
                    true => Outcome::Disconnected,
                    false => Outcome::Network,
                },
                at,
            );
        }
        self.closed = true;
    }

    /// Where it leads, as far as nothing has said so before.
    pub(super) fn place(&mut self, host: Option<&str>, address: Option<&str>, port: Option<u16>) {
        fn fill(place: &mut Option<String>, value: Option<&str>) {
            if let (None, Some(value)) = (&place, value.filter(|value| names_a_place(value))) {
                *place = Some(value.to_owned());
            }
        }
        fill(&mut self.session.host, host);
        fill(&mut self.session.address, address);
        self.session.port = self.session.port.or(port);
    }
}
