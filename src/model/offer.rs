//! A key that was put to the server, and all that became of it.

use super::event::At;
use super::key::Key;

/// The server's reply to an offered key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reply {
    /// PK_OK, or the signature was taken.
    Accepted,
    /// SSH_MSG_USERAUTH_FAILURE.
    Refused,
    /// No reply is in the log, or nothing was sent.
    #[default]
    Unanswered,
}

impl Reply {
    /// The word of the JSON report.
    pub fn word(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Refused => "refused",
            Self::Unanswered => "unanswered",
        }
    }
}

/// One thing that became of an offered key (RFC 4252 §7; sshconnect2.c, `userauth_pubkey`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The client said beforehand that it would try it.
    Planned,
    /// The client asked whether the key would do, or said that it was about to.
    Asked,
    /// The client signed at once: it had no public half to ask with.
    Tried,
    /// The client found no signature algorithm that both sides allow, and sent nothing.
    Withheld,
    /// The server said that the key would do.
    Accepted,
    /// The client asked for the key's passphrase.
    Prompted,
    /// The client had no way to ask for it.
    Unasked,
    /// An empty or a wrong passphrase was given.
    NoPassphrase,
    /// The private half is not this key's.
    Mismatched,
    /// The client waits for a touch of the authenticator.
    Touch,
    /// The agent did not sign.
    AgentRefused,
    /// Signing failed, and the client's reason.
    SigningFailed(String),
    /// The client signed.
    Signed,
    /// The client went on without having signed with it.
    PassedOver,
    /// The server refused the key, or the signature made with it.
    Refused,
    /// The server took the signature: the login, or one factor of it.
    Succeeded,
}

/// A key that was put to the server, by query or by signature.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offer {
    /// The key.
    pub key: Key,
    /// Held by a PKCS#11 token.
    pub token: bool,
    /// The line that says that it was offered.
    pub at: At,
    /// What became of it, in order, each with its line.
    pub steps: Vec<(Step, At)>,
}

impl Offer {
    /// An offer that `at` tells of.
    pub fn new(key: Key, step: Step, at: At) -> Self {
        Self { key, token: false, steps: vec![(step, at.clone())], at }
    }

    /// The last thing that became of it.
    pub fn last(&self) -> Option<&Step> {
        self.steps.last().map(|(step, _)| step)
    }

    /// The server said yes, and the client went on without a word: in BatchMode it passes over an encrypted key so.
    /// The line of the yes.
    pub fn passed_over_in_silence(&self) -> Option<&At> {
        let (yes, after) = self
            .steps
            .iter()
            .enumerate()
            .find(|(_, (step, _))| *step == Step::Accepted)
            .map(|(index, (_, at))| (at, &self.steps[index + 1..]))?;
        let silent = |(step, _): &(Step, At)| matches!(step, Step::Signed | Step::PassedOver | Step::Accepted);
        (after.iter().all(silent) && self.last() == Some(&Step::PassedOver)).then_some(yes)
    }

    /// Adds what became of it next.
    pub fn then(&mut self, step: Step, at: &At) {
        // A hostile log may repeat one line for ever.
        if self.steps.len() < 64 {
            self.steps.push((step, at.clone()));
        }
    }

    /// The line of the first step that `wanted` takes.
    pub fn step(&self, wanted: impl Fn(&Step) -> bool) -> Option<&At> {
        self.steps.iter().find(|(step, _)| wanted(step)).map(|(_, at)| at)
    }

    /// The line of the last step that `wanted` takes.
    pub fn last_step(&self, wanted: impl Fn(&Step) -> bool) -> Option<&At> {
        self.steps.iter().rev().find(|(step, _)| wanted(step)).map(|(_, at)| at)
    }

    /// The server's first word on it.
    pub fn reply(&self) -> Reply {
        let reply = |step: &Step| match step {
            Step::Accepted | Step::Succeeded => Some(Reply::Accepted),
            Step::Refused => Some(Reply::Refused),
            _ => None,
        };
        self.steps.iter().find_map(|(step, _)| reply(step)).unwrap_or_default()
    }

    /// The line of the reply.
    pub fn answer(&self) -> Option<&At> {
        self.step(|step| matches!(step, Step::Accepted | Step::Succeeded | Step::Refused))
    }

    /// Announced, then not sent: the client found no signature algorithm that both sides allow.
    pub fn withheld(&self) -> bool {
        self.reply() == Reply::Unanswered && self.step(|step| *step == Step::Withheld).is_some()
    }

    /// Signed with at once, since the client had no public half to ask with.
    pub fn signed_at_once(&self) -> bool {
        let first = self.steps.iter().find(|(step, _)| *step != Step::Planned);
        matches!(first, Some((Step::Tried, _)))
    }

    /// Accepted, and then the signature or the login was refused: the line that says so.
    pub fn then_refused(&self) -> Option<&At> {
        let accepted = self.steps.iter().position(|(step, _)| *step == Step::Accepted)?;
        self.steps[accepted..].iter().find(|(step, _)| *step == Step::Refused).map(|(_, at)| at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offer(steps: &[Step]) -> Offer {
        Offer { steps: steps.iter().cloned().map(|step| (step, At::default())).collect(), ..Offer::default() }
    }

    #[test]
    fn the_life_of_an_offer() {
        let refused = offer(&[Step::Asked, Step::Refused]);
        assert_eq!((refused.reply(), refused.withheld()), (Reply::Refused, false));
        let withheld = offer(&[Step::Planned, Step::Asked, Step::Withheld]);
        assert_eq!((withheld.reply(), withheld.withheld()), (Reply::Unanswered, true));
        let turned = offer(&[Step::Asked, Step::Accepted, Step::Signed, Step::Refused]);
        assert_eq!(turned.reply(), Reply::Accepted);
        assert!(turned.then_refused().is_some());
        assert!(offer(&[Step::Planned, Step::Tried, Step::Succeeded]).signed_at_once());
    }
}
