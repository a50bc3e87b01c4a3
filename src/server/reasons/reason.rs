//! What a reason is, and how the lines of a connection prove one.

use super::ground::Ground;
use crate::model::told::{Answer, Proof, Told};
use crate::model::{At, Certainty, Fix, Kind, Session, Severity};

/// One reason.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reason {
    /// Stable id, kebab-case.
    pub(crate) id: &'static str,
    /// How much it matters.
    pub(crate) severity: Severity,
    /// What it is, in a few words: after "the server refuses dev: ".
    pub(crate) words: &'static str,
    /// A short paragraph.
    pub(crate) means: &'static str,
    /// The least level at which a log shows it, with releases where they differ.
    pub(crate) shows: &'static str,
    /// What looks like it and is not; empty where nothing does.
    pub(crate) unlike: &'static str,
    /// What proves it in a session.
    pub(crate) prove: fn(&'static str, &Session) -> Option<Proven>,
    /// What the administrator can do.
    pub(crate) fixes: fn(&Ground<'_>) -> Vec<Fix>,
    /// What else is to be known of it.
    pub(crate) bearing: &'static [Bearing],
}

/// What a reason bears on, or how it is told, where that is not as usual.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bearing {
    /// It is told before the login and counts only behind it.
    Outlasts,
    /// A user to whom it applies may not log in at all.
    Never,
    /// It comes after a login only.
    AfterLogin,
    /// Whoever is refused had shown a good key, so that its client was told so.
    GoodKey,
    /// It merely follows from another line of the same connection.
    Follows,
    /// Whoever guesses at names and passwords makes it: it is on every server, and seldom what is asked about.
    Guess,
    /// It is told again where the connection has ended at the door.
    Twice,
    /// The key that a client remembers may be the one that it is about.
    HostKey,
}

/// A reason that a session shows.
#[derive(Clone, Debug)]
pub(crate) struct Proven {
    /// How surely.
    pub(crate) certainty: Certainty,
    /// What it is about.
    pub(crate) subject: Option<String>,
    /// The lines that say so.
    pub(crate) lines: Vec<At>,
}

impl Reason {
    pub(super) const fn of(id: &'static str, words: &'static str, means: &'static str) -> Self {
        Self {
            id,
            severity: Severity::Error,
            words,
            means,
            shows: "INFO",
            unlike: "",
            prove: by_line,
            fixes: |_| Vec::new(),
            bearing: &[],
        }
    }

    pub(super) const fn bears(self, bearing: &'static [Bearing]) -> Self {
        Self { bearing, ..self }
    }

    pub(crate) fn is(&self, bearing: Bearing) -> bool {
        self.bearing.contains(&bearing)
    }

    /// Whether a login came behind all that proves this: it kept nobody out, or no longer.
    pub(crate) fn is_overcome(&self, proven: &Proven, session: &Session) -> bool {
        let login = told(session).filter_map(|(told, at)| match told {
            Told::Answered { answer: Answer::Accepted, .. } => Some(at.line),
            _ => None,
        });
        let login = login.last().filter(|_| !self.is(Bearing::Outlasts));
        login.is_some_and(|login| proven.lines.iter().all(|at| at.line < login))
    }

    pub(super) const fn fixes(self, fixes: fn(&Ground<'_>) -> Vec<Fix>) -> Self {
        Self { fixes, ..self }
    }

    pub(super) const fn shows(self, shows: &'static str) -> Self {
        Self { shows, ..self }
    }

    pub(super) const fn unlike(self, unlike: &'static str) -> Self {
        Self { unlike, ..self }
    }

    pub(super) const fn prove(self, prove: fn(&'static str, &Session) -> Option<Proven>) -> Self {
        Self { prove, ..self }
    }

    pub(super) const fn severity(self, severity: Severity) -> Self {
        Self { severity, ..self }
    }
}

/// A line that says so by itself.
pub(super) fn by_line(id: &'static str, session: &Session) -> Option<Proven> {
    let mut lines = Vec::new();
    let mut subject = None;
    for (proof, at) in proofs(session).filter(|(proof, _)| proof.reason == id) {
        if subject.is_none() {
            subject.clone_from(&proof.subject);
        }
        lines.push(at.clone());
    }
    lines.dedup_by(|one, other| one.text == other.text);
    (!lines.is_empty()).then_some(Proven { certainty: Certainty::Certain, subject, lines })
}

/// All lines that prove a reason by themselves.
pub(super) fn proofs(session: &Session) -> impl Iterator<Item = (&Proof, &At)> {
    told(session).filter_map(|(told, at)| match told {
        Told::Proof(proof) => Some((proof, at)),
        _ => None,
    })
}

/// All that a server's log says of a connection.
pub(crate) fn told(session: &Session) -> impl Iterator<Item = (&Told, &At)> {
    session.events.iter().filter_map(|event| match &event.kind {
        Kind::Server(told) => Some((&**told, &event.at)),
        _ => None,
    })
}

/// The lines that `wanted` takes.
pub(super) fn lines(session: &Session, wanted: impl Fn(&Told) -> bool) -> Vec<At> {
    told(session).filter(|(told, _)| wanted(told)).map(|(_, at)| at.clone()).collect()
}
