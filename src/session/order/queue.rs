//! Lets wait what does not follow, and tells it in its turn.

use super::about::{About, is_own_end, is_own_hang_up};
use super::place::{Place, begins, behind, fits, follows, place_of};
use crate::model::server::Stamp;
use crate::model::{At, Author, Kind, Session};

/// Statements that wait at most. No client says as much out of place.
const WAITING: usize = 20_000;

/// A statement, and whose it looks.
#[derive(Debug)]
pub(crate) struct Said {
    /// `None` where the line may be anybody's.
    pub(crate) author: Option<Author>,
    /// Which of several connections in one log it belongs to.
    pub(crate) stream: Option<String>,
    /// It stands behind the program's level.
    pub(crate) logged: bool,
    /// The program stops with it.
    pub(crate) ends: bool,
    /// When it was written.
    pub(crate) when: Option<Stamp>,
    pub(crate) at: At,
    pub(crate) kind: Kind,
}

/// What is told now: what has waited, and then the statement, where it does not wait itself.
#[derive(Debug, Default)]
pub(crate) struct Turn {
    pub(crate) waited: Vec<Said>,
    pub(crate) now: Option<Said>,
}

impl Turn {
    const fn now(said: Said) -> Self {
        Self { waited: Vec::new(), now: Some(said) }
    }
}

/// Follows a run, and lets wait what does not follow.
#[derive(Debug, Default)]
pub(crate) struct Order {
    place: Place,
    waiting: Vec<Said>,
    /// How far the run has come that what waits would be.
    inner: Place,
    /// What waits is such a run from its beginning on, or its login.
    whole: bool,
    /// What waits is the same run, if lines are missing before it.
    skips: bool,
    /// Lines were left out of what waits.
    gap: bool,
    /// More came than can wait.
    flood: bool,
    /// Several programs of the kind tell of one command.
    hops: bool,
    /// Other programs that have spoken before the server could: they write into the same log.
    beside: Vec<Author>,
    about: About,
}

impl Order {
    /// Whether nothing waits.
    pub(crate) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Whether a run stands where its server may speak, and has not ended.
    pub(crate) fn is_within(&self) -> bool {
        (Place::Connected..=Place::Open).contains(&self.place) && self.waiting.is_empty()
    }

    /// All that waits, but for what stands before an end that names this session: ssh went on up to there.
    pub(crate) fn rest(&mut self, session: Option<&Session>) -> Vec<Said> {
        let mut rest = std::mem::take(&mut self.waiting);
        (self.gap, self.flood) = (false, false);
        let Some(session) = session.filter(|_| self.place > Place::Service) else { return rest };
        let again = |said: &Said| matches!(&said.kind, Kind::Command(typed) if session.typed.as_ref() == Some(typed));
        let until = rest.iter().position(again).unwrap_or(rest.len());
        if let Some(end) = rest[..until].iter().rposition(|said| is_own_end(&said.kind, session)) {
            let first = rest[..end].iter().take_while(|said| is_own_hang_up(&said.kind, session)).count();
            rest.drain(first..end);
        }
        rest
    }

    /// The next statement, behind what `session` has told so far.
    pub(crate) fn take(&mut self, said: Said, session: Option<&Session>) -> Turn {
        self.about.look(session);
        let own = is_own(&said);
        if let Some(author) = said.author.filter(|_| !own) {
            if self.place < Place::Connected && !self.beside.contains(&author) {
                self.beside.push(author);
            }
            if self.beside.contains(&author) {
                return Turn::now(said);
            }
        }
        let place = Some(&said).filter(|_| own).and_then(|said| place_of(&said.kind, said.logged));
        if self.waiting.is_empty() {
            return self.first(said, place, own, session);
        }
        let Some(place) = place else { return self.wait(said, session) };
        // Neither a line that is sent twice nor one line more is a run.
        let twice = self.skips && (place == self.inner && place != Place::Told || follows(self.place, place));
        if self.whole && !twice && follows(self.inner, place) {
            self.inner = behind(&said.kind, place);
            let told = self.skips || matches!(place, Place::Authenticating | Place::HostKey | Place::Open);
            // What a remote command shows may be whole logs; only the end of its own run tells.
            return if told && self.place < Place::LoggedIn {
                self.all(said, self.inner, session)
            } else {
                self.wait(said, session)
            };
        }
        if self.place >= Place::LoggedIn && self.gap {
            return self.all(said, Place::Unknown, session);
        }
        if follows(self.place, place) && self.about.is_of(&said.kind, session) {
            // ssh reads what comes with a hang-up to its end.
            let hung_up = |said: &Said| session.is_some_and(|session| is_own_hang_up(&said.kind, session));
            if place == Place::LoggedIn && self.place < place && self.waiting.iter().any(hung_up) {
                return self.all(said, place, session);
            }
            // What it says of itself in between stays, and that lines are missing.
            let stands = self.stands(session);
            self.waiting
                .retain(|said| said.kind == Kind::Elided || said.logged && is_own(said) && fits(&said.kind, stands));
            if place == Place::LoggedIn && self.place < place {
                (self.inner, self.whole, self.skips, self.flood) = (place, true, false, false);
                return self.wait(said, session);
            }
            let place = behind(&said.kind, place);
            return self.all(said, place, session);
        }
        if self.gap {
            let place = behind(&said.kind, place);
            return self.all(said, place, session);
        }
        self.whole = begins(place);
        self.skips = false;
        self.inner = place;
        self.wait(said, session)
    }

    /// As nothing waits.
    fn first(&mut self, said: Said, place: Option<Place>, own: bool, session: Option<&Session>) -> Turn {
        if matches!(said.kind, Kind::Command(_)) {
            self.hops = false;
        }
        // A hop's run stands within that of its target.
        self.hops |= self.place < Place::Connected && matches!(said.kind, Kind::Proxy { jump: true, .. });
        if self.hops {
            self.place = Place::Unknown;
            return Turn::now(said);
        }
        let login = place == Some(Place::LoggedIn) && self.place < Place::LoggedIn;
        match place {
            Some(place) if self.place <= Place::Connecting && begins(place) => return self.pass(said, place),
            Some(place) if self.place == Place::Unknown => return self.pass(said, place),
            // The keys are exchanged anew from time to time.
            Some(Place::HostKey) if self.place >= Place::LoggedIn => return Turn::now(said),
            Some(place) if follows(self.place, place) && self.about.is_of(&said.kind, session) && !login => {
                return self.pass(said, place);
            }
            None if own && fits(&said.kind, self.stands(session)) => return Turn::now(said),
            None if self.place < Place::Connected => return Turn::now(said),
            _ => {}
        }
        self.inner = place.unwrap_or_default();
        let of_another = !matches!(said.kind, Kind::Offering { .. } | Kind::TryingPrivate { .. })
            && !self.about.is_of(&said.kind, session);
        self.skips = self.place < self.inner && !login && !of_another;
        self.whole = self.skips || login && self.about.is_of(&said.kind, session) || place.is_some_and(begins);
        self.wait(said, session)
    }

    /// How far the run has come. Where lines are missing, one behind the list of methods may be, too.
    fn stands(&self, session: Option<&Session>) -> Place {
        let trimmed = session.is_some() && !self.about.shows_login();
        if self.place == Place::Told && trimmed { Place::Trying } else { self.place }
    }

    fn pass(&mut self, said: Said, place: Place) -> Turn {
        self.place = behind(&said.kind, place);
        Turn::now(said)
    }

    fn wait(&mut self, said: Said, session: Option<&Session>) -> Turn {
        if self.waiting.len() >= WAITING && !self.flood {
            let ended = |session: &Session| self.waiting.iter().any(|said| is_own_end(&said.kind, session));
            if self.place >= Place::LoggedIn || session.is_some_and(ended) {
                return self.all(said, Place::Unknown, session);
            }
            self.flood = true;
        }
        if !self.flood {
            self.gap |= said.kind == Kind::Elided;
            self.waiting.push(said);
        }
        Turn::default()
    }

    fn all(&mut self, said: Said, place: Place, session: Option<&Session>) -> Turn {
        let waited = self.rest(session);
        self.place = place;
        Turn { waited, now: Some(said) }
    }
}

fn is_own(said: &Said) -> bool {
    said.author.is_none_or(|author| author == Author::OPENSSH)
}
