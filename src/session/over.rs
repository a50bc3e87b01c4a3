//! When a run is over: whether a statement can still be about it, or begins the next.

use super::run::Run;
use super::scope::AfterEnd;
use crate::model::{At, Event, Kind, Outcome};

/// Statements, at most, of a run that has told its end alone.
const REPORTED: usize = 4;

/// Lines of such a report that may stand behind the end before it names the place.
const REPORT: u64 = 8;

/// A line of a retry differs in time stamps and counters alone.
fn without_digits(text: &str) -> String {
    text.chars().filter(|c| !c.is_ascii_digit()).collect()
}

impl Run {
    /// Whether there is no more of it than what git passes on of a host's words.
    pub(super) fn is_hearsay(&self) -> bool {
        let passed = |event: &Event| matches!(event.kind, Kind::RepositoryRefused { .. } | Kind::Git { .. });
        self.session.typed.is_none() && self.session.events.iter().all(passed)
    }

    /// Whether a client goes on to another place, or connects anew, whatever came of this one.
    pub(super) fn is_left_by(&self, kind: &Kind) -> bool {
        if matches!(kind, Kind::Connecting { host: None, address: None, .. }) {
            return self.is_foreign() && self.session.server_software.is_some();
        }
        let Kind::Destination { host, port, .. } = kind else { return false };
        let session = &self.session;
        let other = |mine: &Option<String>| mine.as_ref().is_some_and(|mine| mine != host);
        other(&session.host) || session.port.zip(*port).is_some_and(|(mine, port)| mine != port)
    }

    /// Whether a statement tells the end of this run once more, of the same host and in other words: other clients do so in
    /// their log and in the error that the program prints, and libraries in the error of each layer.
    pub(super) fn has_told(&self, kind: &Kind, at: &At) -> bool {
        use Outcome::{Authenticated, ClientError, Denied, Disconnected, HostKey, Kex, Network, Partial};
        let session = &self.session;
        let Some(end) = &session.end else { return false };
        let (ends, host, user): (&[Outcome], _, _) = match kind {
            Kind::ResolveFailed { host, .. } => (&[Network], Some(host), None),
            Kind::ConnectFailed { host, .. } => (&[Network], host.as_ref(), None),
            Kind::HostKeyUnknown { host, .. } => (&[HostKey], host.as_ref(), None),
            Kind::NoCommonAlgorithm { .. } => (&[Kex], None, None),
            Kind::Denied { host, user, .. } => (&[Denied, Partial], host.as_ref(), user.as_ref()),
            Kind::KeyDenied { .. } => (&[Denied, Partial], None, None),
            Kind::Attempted { .. } => (&[Denied, Partial], None, None),
            Kind::Disconnected { .. } | Kind::ConnectionFailed { .. } | Kind::IdentificationFailed { .. } => {
                (&[Disconnected, Network], None, None)
            }
            // Whatever came before it, the line goes down in the end.
            Kind::Closed { .. } => (&[Network, Kex, HostKey, ClientError, Denied, Partial, Disconnected], None, None),
            _ => (&[], None, None),
        };
        let names = [&session.host, &session.address];
        let same_host = host.is_none_or(|host| {
            host.is_empty() || names.iter().all(|name| name.is_none()) || names.contains(&&Some(host.clone()))
        });
        let same_user = user.is_none_or(|user| session.user.as_ref().is_none_or(|known| known == user));
        let same_kind = |told: &Event| std::mem::discriminant(&told.kind) == std::mem::discriminant(kind);
        let mut since = session.events.iter().rev().take_while(|event| event.at.line >= end.line);
        let told = since.find(|event| same_kind(event)).map(|event| &event.at);
        let told = told.or(Some(end).filter(|_| ends.contains(&session.outcome)));
        let otherwise = told.is_some_and(|told| without_digits(&told.text) != without_digits(&at.text));
        session.outcome != Authenticated && same_host && same_user && otherwise
    }

    /// Whether a statement begins another run.
    pub(super) fn is_over(&self, kind: &Kind, at: &At, after_end: AfterEnd) -> bool {
        self.ends_before(kind, after_end)
            && !self.is_lost_to_sftp(kind, at)
            && !(self.is_foreign() && (self.has_told(kind, at) || self.is_reported(kind, at)))
    }

    /// Whether sftp says right behind a refusal that its ssh is gone: once as that ends, and once as it reads no answer.
    fn is_lost_to_sftp(&self, kind: &Kind, at: &At) -> bool {
        let bare = matches!(kind, Kind::Closed { address: None, port: None, reset: false, proxied: false });
        let refused = matches!(self.session.outcome, Outcome::Denied | Outcome::Partial);
        bare && refused && self.session.events.last().is_some_and(|last| at.line <= last.at.line + 1)
    }

    /// Whether a client reports on the run of which so far it has told the end alone.
    fn is_reported(&self, kind: &Kind, at: &At) -> bool {
        let session = &self.session;
        let alone = session.events.len() <= REPORTED && session.offered.is_empty();
        // Or what it was traced at, which names neither side.
        let near = session.end.as_ref().is_some_and(|end| at.line <= end.line + REPORT);
        let begun = session.client.is_some();
        session.outcome != Outcome::Authenticated
            && (alone || near)
            && session.server_software.is_none() | begun
            && match kind {
                Kind::ClientSoftware { .. } => !begun,
                Kind::RemoteSoftware { .. } => begun && session.server_software.is_none(),
                Kind::Connecting { host: None, .. } => begun && session.address.is_none(),
                _ => false,
            }
    }

    /// Whether a client goes on through its keys when nobody is there any more, and finds so with each.
    fn is_told_again(&self, kind: &Kind) -> bool {
        let lost = self.session.outcome == Outcome::Disconnected;
        // A client that tries several times says each time that a name has no address.
        let nameless = |host: &str| {
            self.is_foreign() && self.session.outcome == Outcome::Network && self.session.host.as_deref() == Some(host)
        };
        if matches!(kind, Kind::ResolveFailed { host, .. } if nameless(host)) {
            return true;
        }
        self.closed
            && self.is_foreign()
            && (matches!(kind, Kind::Offering { .. })
                || lost && matches!(kind, Kind::Closed { .. } | Kind::Denied { .. }))
    }

    /// Whether a statement can't be about this run any more.
    pub(super) fn ends_before(&self, kind: &Kind, after_end: AfterEnd) -> bool {
        if !self.is_ended() || self.is_told_again(kind) {
            return false;
        }
        let session = &self.session;
        // Some clients tell of a hang-up as they hear of it, and once more as they end.
        let hang_up = |kind: &Kind| matches!(kind, Kind::Disconnected { .. } | Kind::Closed { .. });
        let mut told = session.events.iter().rev().filter(|event| !matches!(event.kind, Kind::Offering { .. }));
        let again = told.next().is_some_and(|event| hang_up(&event.kind));
        if self.is_foreign() && again && hang_up(kind) {
            return false;
        }
        let outcome = session.outcome;
        let nobody = outcome != Outcome::Authenticated;
        match after_end {
            AfterEnd::Same => false,
            AfterEnd::New => true,
            AfterEnd::UnlessTrying => !(outcome == Outcome::Network && session.end.is_none()),
            AfterEnd::UnlessSameHost => {
                let host = match kind {
                    Kind::ConnectFailed { host, .. } => host,
                    _ => &None,
                };
                !(outcome == Outcome::Network && *host == session.host && !self.closed)
            }
            // ssh reads a file to its end and names every line that is wrong; only then it stops.
            AfterEnd::UnlessListing => {
                let last = session.last(|kind| match kind {
                    Kind::ConfigError { text } => Some(text.as_str()),
                    _ => None,
                });
                outcome != Outcome::ClientError
                    || last.is_none_or(|(text, _)| !text.contains(" line ") || text.starts_with("command-line"))
            }
            AfterEnd::IfFinal => matches!(outcome, Outcome::Authenticated | Outcome::Network) || self.closed,
            AfterEnd::IfNetwork => outcome == Outcome::Network,
            AfterEnd::IfClosed => nobody && self.closed,
            AfterEnd::UnlessKex => outcome != Outcome::Kex,
            AfterEnd::UnlessHostKey => nobody && outcome != Outcome::HostKey,
            AfterEnd::UnlessLogin => nobody,
            AfterEnd::UnlessFactor => nobody && outcome != Outcome::Partial,
        }
    }
}
