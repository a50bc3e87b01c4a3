//! Keys of clients that do not name them as they send them, and what shows afterwards which request was what.

use super::run::Run;
use crate::model::session::Accepted;
use crate::model::{At, Key, Kind, Offer, Outcome, Reply, Step};

impl Run {
    /// A request with a key, whose line tells its algorithm alone. Another one comes only if this one was refused, or if it
    /// was said yes to: then the next is its signature, which a success will show.
    pub(super) fn key_sent(&mut self, at: &At, kind: Option<&str>) {
        if self.closed {
            return;
        }
        self.key_exchanged = true;
        self.leave(at);
        if let Some(offer) = self.now()
            && offer.reply() == Reply::Unanswered
        {
            offer.then(Step::Refused, at);
        }
        let key = Key { kind: kind.map(str::to_owned), ..Key::default() };
        self.offer(Offer::new(key, Step::Asked, at.clone()));
        self.sent = true;
    }

    /// A signature was sent, as what came of it proves: the last request is no further key's, but the last but one's.
    /// Whether there was such a pair.
    pub(super) fn fold_signature(&mut self) -> bool {
        self.sent = false;
        let Some(signature) = self.session.offered.pop() else { return false };
        let Some(offer) = self.session.offered.last_mut().filter(|offer| offer.key == signature.key) else {
            self.session.offered.push(signature);
            return false;
        };
        offer.steps.retain(|(step, _)| *step != Step::Refused);
        offer.then(Step::Accepted, &signature.at);
        offer.then(Step::Signed, &signature.at);
        self.session.accepted = Some(Accepted { key: offer.key.clone(), at: signature.at });
        self.current = Some(self.session.offered.len() - 1);
        true
    }

    /// A key was tried that no line has told of: the file's that was named last, or one without a name.
    pub(super) fn offer_untold(&mut self, at: &At) {
        let path = self.file.clone().filter(|_| self.untold);
        self.untold = false;
        self.offer(Offer::new(Key { path, ..Key::default() }, Step::Asked, at.clone()));
    }

    /// Whether the log says that this file's public half could not be read.
    pub(super) fn is_public_half_missing(&self, path: &str) -> bool {
        self.session.any(|kind| match kind {
            Kind::LoadKeyFailed { path: public, public: true, .. } => public.strip_suffix(".pub") == Some(path),
            _ => false,
        })
    }

    /// Whether the client has just found that the key it opens is encrypted.
    pub(super) fn is_encrypted(&self) -> bool {
        self.session.events.last().is_some_and(|event| matches!(event.kind, Kind::PassphrasePrompt { .. }))
    }

    /// What the client has just said of the content of the key that it opens.
    pub(super) fn damage(&self) -> Option<String> {
        self.session.events.last().and_then(|event| match &event.kind {
            Kind::LoadKeyFailed { reason, public: false, .. } => Some(reason.clone()),
            _ => None,
        })
    }

    /// See [`Kind::PrivateHalfFailed`].
    pub(super) fn private_half_failed(&mut self, at: &At, path: &str, reason: &str) {
        let step = if self.is_encrypted() { Step::Unasked } else { Step::SigningFailed(reason.to_owned()) };
        let key = Key { path: Some(path.to_owned()), ..Key::default() };
        self.untold = false;
        if self.is_public_half_missing(path) {
            self.session.unopened.push(Offer::new(key, step, at.clone()));
            return;
        }
        self.accepts(at, Some(&key));
        if let Some(offer) = self.now() {
            offer.then(step, at);
        }
        self.current = None;
    }

    /// A client that had something to ask, and nobody to ask, ends: at a key's passphrase by itself, at the question for
    /// another factor or another method without a login.
    pub(super) fn ends_unasked(&mut self, at: &At) {
        let accepted = self.current.and_then(|index| self.session.offered.get(index));
        let opening = accepted.is_some_and(|offer| offer.reply() == Reply::Accepted);
        self.ends(
            match (self.partial, opening) {
                (true, _) => Outcome::Partial,
                (false, true) => Outcome::ClientError,
                (false, false) => Outcome::Denied,
            },
            at,
        );
    }

    /// Some request of the authentication: a key's, unless one was just announced, or is being signed with, or another
    /// method is being tried.
    pub(super) fn request_sent(&mut self, at: &At) {
        let other = self.method.as_deref().is_some_and(|method| method != "publickey");
        let told = self.now().is_some_and(|offer| matches!(offer.reply(), Reply::Unanswered | Reply::Accepted));
        if !other && !told {
            self.offered(at, &Key::default(), false);
        }
    }

    /// What a client says of its key only when the answer has come.
    pub(super) fn named(&mut self, key: &Key) {
        let Some(offer) = self.session.offered.last_mut() else { return };
        offer.key.learn(key);
        if let Some(accepted) = &mut self.session.accepted
            && offer.reply() == Reply::Accepted
        {
            accepted.key.learn(&offer.key);
        }
    }
}
