//! The life of each key that was offered.

use super::run::{KEPT, Run};
use crate::model::session::Accepted;
use crate::model::{At, Key, Kind, Offer, Outcome, Reply, Step};

impl Run {
    pub(super) fn offer(&mut self, offer: Offer) {
        if self.session.offered.len() < KEPT {
            self.session.offered.push(offer);
            self.current = Some(self.session.offered.len() - 1);
        }
    }

    /// A key was put to the server.
    pub(super) fn offered(&mut self, at: &At, key: &Key, token: bool) {
        // Some clients go through their keys even when nobody is there any more to be asked.
        if self.closed && self.is_foreign() {
            return;
        }
        self.key_exchanged = true;
        // Announced by one line and sent by the next, which names nothing.
        if *key == Key::default()
            && let Some(offer) = self.now()
            && offer.key != Key::default()
            && offer.last() == Some(&Step::Asked)
        {
            return;
        }
        let tried = self.pending.as_ref().and_then(|offer| offer.key.path.clone());
        self.leave(at);
        self.current = None;
        if self.is_foreign() {
            self.method = Some("publickey".into());
        }
        let mut key = key.clone();
        // A client that says which file comes next, and then of what type its key is.
        if self.is_foreign() && key.path.is_none() && key.fingerprint.is_none() {
            key.path = tried;
        }
        if !is_named(&key) {
            // A line of a client that names its keys was cut off before it named this one.
            if !self.is_foreign() {
                return;
            }
            key.path.clone_from(&self.file);
            self.untold = false;
            key.learn(&self.next);
            self.next.kind = None;
        }
        self.offer(Offer { token, ..Offer::new(key, Step::Asked, at.clone()) });
    }

    /// A key that ssh tried without a public half turns out to have been signed with.
    fn tried_pending(&mut self) -> bool {
        let Some(offer) = self.pending.take() else { return false };
        self.offer(offer);
        true
    }

    /// The client goes on to another key, to another method, or to the end.
    pub(super) fn leave(&mut self, at: &At) {
        self.drop_pending();
        if let Some(offer) = self.now()
            && matches!(offer.last(), Some(Step::Accepted | Step::Signed))
        {
            offer.then(Step::PassedOver, at);
        }
    }

    /// A key that was tried was not signed with. What ssh said of it meanwhile is kept.
    pub(super) fn drop_pending(&mut self) {
        if let Some(offer) = self.pending.take().filter(|offer| offer.steps.len() > 1)
            && self.session.unopened.len() < KEPT
        {
            self.session.unopened.push(offer);
        }
    }

    pub(super) fn now(&mut self) -> Option<&mut Offer> {
        self.current.and_then(|index| self.session.offered.get_mut(index))
    }

    /// SSH_MSG_USERAUTH_FAILURE: the answer to the `none` request, or to the last key, or to another method.
    pub(super) fn answered(&mut self, at: &At, list: &[String]) {
        self.key_exchanged = true;
        if let Some(asked) = self.request.take().filter(|_| self.refused.len() < KEPT) {
            self.refused.push((asked, at.clone()));
        }
        self.partial_by_list(at, list);
        let session = &mut self.session;
        // A list that was cut off answers all the same, and says no more than that.
        if !list.is_empty() {
            session.methods_left = Some(list.to_vec());
            if session.methods_first.is_none() {
                session.methods_first = Some(list.to_vec());
            }
        }
        self.tried_pending();
        let partial = self.partial;
        if let Some(offer) = self.now() {
            match offer.reply() {
                Reply::Unanswered if !offer.withheld() => offer.then(Step::Refused, at),
                Reply::Accepted if !partial => offer.then(Step::Refused, at),
                _ => {}
            }
            self.session.refusals += 1;
        }
        self.current = None;
    }

    /// Clients without a word for a partial success (RFC 4252 §5.1) show it by the list alone: a key was tried, and
    /// publickey, which stood in the list before, is in it no more. A refusal takes no method away.
    fn partial_by_list(&mut self, at: &At, list: &[String]) {
        let publickey = |list: &[String]| list.iter().any(|method| method == "publickey");
        let had = self.session.methods_left.as_deref().is_some_and(publickey);
        let taken = self.now().is_some_and(|offer| offer.reply() != Reply::Refused && !offer.withheld());
        // Of a method that a server does not do at all it takes no key.
        let had = had || self.now().is_some_and(|offer| offer.reply() == Reply::Accepted);
        if self.is_foreign() && taken && had && !list.is_empty() && !publickey(list) {
            self.partial = true;
            self.credit(at);
        }
    }

    /// A request that the log does not describe. The first asks for the list (RFC 4252 §5.2); one after the server's yes is the
    /// signature; any other is a key's if the client tells of a key's refusal, or the server says yes to it.
    pub(super) fn requested(&mut self, at: &At) {
        self.key_exchanged = true;
        if !self.session.any(|kind| matches!(kind, Kind::Requested)) {
            return;
        }
        if self.session.any(|kind| matches!(kind, Kind::KeyRefusalTold)) {
            if self.now().is_none_or(|offer| offer.last() != Some(&Step::Accepted)) {
                self.offered(at, &Key::default(), false);
            }
            return;
        }
        self.request = Some(at.clone()).filter(|_| self.current.is_none());
    }

    /// What was refused, and not described, was a key.
    pub(super) fn refusal_told(&mut self) {
        for (asked, answered) in std::mem::take(&mut self.refused) {
            self.offered(&asked, &Key::default(), false);
            self.refused(&answered, None);
        }
    }

    /// A refusal that the client tells in words, without a list of methods.
    pub(super) fn refused(&mut self, at: &At, key: Option<&Key>) {
        if self.closed && self.is_foreign() {
            // Nobody was there any more to refuse it.
            if let (Some(key), true) = (key, self.current.take().is_some()) {
                self.named(key);
            }
            return;
        }
        self.key_exchanged = true;
        if self.tried_pending() || self.current.is_some() {
            if let Some(offer) = self.now() {
                if let Some(key) = key {
                    offer.key.learn(key);
                }
                offer.then(Step::Refused, at);
            }
            self.session.refusals += 1;
            self.current = None;
            return;
        }
        // Where the client tells of its offers, a refusal without one is told twice over.
        if !self.untold && self.session.any(|kind| matches!(kind, Kind::Offering { .. } | Kind::RequestSent)) {
            return key.into_iter().for_each(|key| self.named(key));
        }
        // Told of one file twice in a row: to the log and to the user.
        let same = |offer: &&Offer| key.is_some_and(|key| key.path.is_some() && key.path == offer.key.path);
        if self.session.offered.last().filter(same).is_some_and(|offer| offer.reply() == Reply::Refused) {
            return;
        }
        self.offer_untold(at);
        if let Some(offer) = self.now() {
            if let Some(key) = key {
                offer.key.learn(key);
            }
            offer.then(Step::Refused, at);
        }
        self.session.refusals += 1;
        self.current = None;
    }

    pub(super) fn withheld(&mut self, at: &At) {
        if let Some(offer) = self.now() {
            if offer.reply() == Reply::Unanswered {
                offer.then(Step::Withheld, at);
            }
            self.current = None;
        }
        self.drop_pending();
    }

    /// What ssh asks, or can't ask, before it can sign with a key; `path` where the line names its file.
    pub(super) fn prompted(&mut self, at: &At, step: Step, path: Option<&str>) {
        let path = path.filter(|path| !path.is_empty());
        if let Some(tried) = &mut self.pending {
            tried.then(step, at);
        } else if let Some(offer) = self.now() {
            offer.then(step, at);
        } else if let Some(path) = path
            && self.session.unopened.len() < KEPT
        {
            // A log without -v shows the prompt alone.
            let key = Key { path: Some(path.to_owned()), ..Key::default() };
            self.session.unopened.push(Offer::new(key, step, at.clone()));
        } else if step == Step::NoPassphrase
            && let Some(prompted) = self.session.unopened.last_mut()
        {
            prompted.then(step, at);
        } else if step == Step::NoPassphrase && self.is_foreign() {
            // Other clients say that a key is encrypted, and never which.
            let key = Key { path: self.file.clone(), ..Key::default() };
            self.session.unopened.push(Offer::new(key, step, at.clone()));
        }
    }

    pub(super) fn accepts(&mut self, at: &At, named: Option<&Key>) {
        self.key_exchanged = true;
        // The message's number has another meaning for other methods (RFC 4252 §7 and §8, RFC 4256 §3.2).
        if self.is_foreign() && named.is_none() && self.method.as_deref().is_some_and(|method| method != "publickey") {
            return;
        }
        if let Some(at) = self.request.take() {
            // So were those before it, as a client goes through its keys.
            self.refusal_told();
            self.offered(&at, &Key::default(), false);
        }
        self.drop_pending();
        if named.is_none() && self.current.is_none() && self.untold {
            self.offer_untold(at);
        }
        let unlike = |left: &Option<String>, right: &Option<String>| left.is_some() && right.is_some() && left != right;
        let same = |offer: &Offer| match named {
            Some(key) if !offer.key.is_named() => !unlike(&offer.key.kind, &key.kind),
            Some(key) => {
                offer.key.kind == key.kind
                    && match (&offer.key.fingerprint, &key.fingerprint) {
                        (Some(left), Some(right)) => left == right,
                        _ => offer.key.path == key.path && offer.key.label == key.label,
                    }
            }
            None => true,
        };
        let offered = &self.session.offered;
        let index = self
            .current
            .filter(|index| offered.get(*index).is_some_and(&same))
            .or_else(|| offered.iter().rposition(|offer| offer.reply() != Reply::Refused && same(offer)));
        let index = match index {
            Some(index) => index,
            // The offer was left out of the paste.
            None => {
                let key = named.cloned().unwrap_or_default();
                // Other clients may tell of no offer at all.
                if named.is_none() && !self.is_foreign() {
                    self.session.accepted = Some(Accepted { key, at: at.clone() });
                    return;
                }
                self.offer(Offer::new(key, Step::Asked, at.clone()));
                self.session.offered.len().saturating_sub(1)
            }
        };
        let Some(offer) = self.session.offered.get_mut(index) else {
            return;
        };
        offer.then(Step::Accepted, at);
        if let Some(named) = named {
            offer.key.learn(named);
        }
        self.session.accepted = Some(Accepted { key: offer.key.clone(), at: at.clone() });
        self.current = Some(index);
    }

    pub(super) fn fingerprint(&mut self, at: &At, kind: &Kind, fingerprint: &str) {
        if let (Kind::Signing { kind, .. }, Some(offer)) = (kind, &mut self.pending) {
            offer.key.fingerprint = Some(fingerprint.to_owned());
            offer.key.kind.clone_from(kind);
            return;
        }
        let Some(offer) = self.current.and_then(|index| self.session.offered.get_mut(index)) else { return };
        if matches!(kind, Kind::Signing { .. }) {
            offer.then(Step::Signed, at);
        }
        if offer.key.fingerprint.is_none() {
            offer.key.fingerprint = Some(fingerprint.to_owned());
        }
        if let Some(accepted) = &mut self.session.accepted
            && offer.reply() == Reply::Accepted
        {
            accepted.key.learn(&offer.key);
        }
    }

    /// A line about signing, which implies that this key was put to the server.
    pub(super) fn signs(&mut self, at: &At, key: &Key, step: Step) {
        if self.sent {
            self.fold_signature();
        }
        if let Some(mut offer) = self.pending.take() {
            offer.key.learn(key);
            offer.then(step, at);
            self.offer(offer);
            return;
        }
        let last = self.current.or_else(|| self.session.offered.len().checked_sub(1));
        match last.and_then(|index| self.session.offered.get_mut(index)) {
            Some(offer) if offer.key.kind.is_none() || key.kind.is_none() || offer.key.kind == key.kind => {
                offer.key.learn(key);
                offer.then(step, at);
            }
            Some(_) => {}
            None if *key != Key::default() || self.file.is_some() => {
                let path = key.path.clone().or_else(|| self.file.clone().filter(|_| key.agent != Some(true)));
                let mut offer = Offer::new(Key { path, ..key.clone() }, Step::Asked, at.clone());
                offer.then(step, at);
                self.offer(offer);
                self.current = None;
            }
            None => {}
        }
    }

    pub(super) fn succeeds(&mut self, at: &At, method: Option<&str>) {
        // 7.2 says so after a disconnect, too (sshconnect2.c of 7.2p1 ignores the error that it was given).
        if self.closed && self.session.outcome != Outcome::Authenticated {
            return;
        }
        if method == Some("publickey") && self.session.outcome != Outcome::Authenticated {
            self.credit(at);
        }
        if self.session.outcome != Outcome::Authenticated {
            self.end(Outcome::Authenticated, at);
        }
        if self.session.method.is_none() {
            self.session.method = method.map(str::to_owned);
        }
    }

    /// Publickey succeeded: the key that was tried last is the accepted one.
    pub(super) fn credit(&mut self, at: &At) {
        self.tried_pending();
        if self.sent && !self.fold_signature() {
            return;
        }
        let Some(offer) = self.now() else { return };
        let known = offer.reply() == Reply::Accepted;
        offer.then(Step::Succeeded, at);
        if !known {
            let key = offer.key.clone();
            self.session.accepted = Some(Accepted { key, at: at.clone() });
        }
    }
}

/// Whether anything tells which key it is.
fn is_named(key: &Key) -> bool {
    key.path.is_some() || key.label.is_some() || key.fingerprint.is_some() || key.kind.is_some()
}
