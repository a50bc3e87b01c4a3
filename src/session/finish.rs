//! What a whole run tells that no line of it does.

use super::run::Run;
use crate::model::{Author, Event, Key, Kind, Outcome, Reply, Session, Step, same_key};
use crate::shell::{Aim, Place};

impl Run {
    pub(super) fn finish(mut self) -> Session {
        self.drop_pending();
        self.end_by_refusal();
        self.name_old_offers();
        let session = &mut self.session;
        // One factor was accepted, and the log ends before the next: so did the attempt, as far as it shows.
        let open = session.outcome == Outcome::Unknown;
        if open && self.partial {
            session.outcome = Outcome::Partial;
            session.end =
                session.last(|kind| matches!(kind, Kind::Partial { .. }).then_some(())).map(|(_, at)| at.clone());
        }
        // Another client asked whether to trust the host key, and nobody answered.
        let asked = |event: &&Event| !matches!(event.kind, Kind::HostKey { .. } | Kind::Destination { .. });
        if open
            && session.author != Author::OPENSSH
            && let Some(event) = session.events.iter().rfind(asked)
            && matches!(event.kind, Kind::HostKeyUnknown { .. })
        {
            session.end = Some(event.at.clone());
            session.outcome = Outcome::HostKey;
        }
        // What ssh planned knows more of a key than an old release's offer does; and one file holds one key.
        let mut planned: Vec<Key> = session
            .events
            .iter()
            .filter_map(|event| match &event.kind {
                Kind::Planned { key, .. } | Kind::IdentityLoaded { key } => Some(key.clone()),
                _ => None,
            })
            .collect();
        planned.extend(
            session
                .offered
                .iter()
                .map(|offer| &offer.key)
                .filter(|key| key.fingerprint.is_some() && key.path.is_some())
                .cloned(),
        );
        for offer in &mut session.offered {
            let twin = planned.iter().find(|key| {
                key.path.is_some() && key.path == offer.key.path || key.label.is_some() && key.label == offer.key.label
            });
            if let Some(twin) = twin {
                if offer.key.agent.is_none() {
                    offer.key.agent = twin.agent;
                }
                let agent = offer.key.agent;
                if offer.key.kind.is_none() || offer.key.kind == twin.kind {
                    offer.key.learn(twin);
                    offer.key.agent = agent;
                }
            }
        }
        for event in &session.events {
            let Kind::Planned { key, .. } = &event.kind else { continue };
            let of = session.offered.iter_mut().find(|offer| {
                offer.step(|step| *step == Step::Planned).is_none()
                    && same_key(&offer.key, key).unwrap_or(offer.key == *key)
            });
            if let Some(offer) = of {
                offer.steps.insert(0, (Step::Planned, event.at.clone()));
            }
        }
        if let Some(accepted) = &mut session.accepted
            && let Some(offer) = session.offered.iter().rfind(|offer| offer.reply() == Reply::Accepted)
        {
            accepted.key = offer.key.clone();
        }
        if let Some(typed) = &session.typed {
            if session.host.is_none() {
                session.host = Some(typed.host.clone()).filter(|host| !host.is_empty());
            }
            // ssh's default, where the log ends before it names a port and no Host block may set another.
            let block =
                session.events.iter().any(|event| matches!(&event.kind, Kind::HostBlock { pattern } if pattern != "*"));
            let default =
                (session.client.is_some() && session.outcome == Outcome::Network && typed.program == "ssh" && !block)
                    .then_some(22);
            session.port = session.port.or(typed.port).or(default);
            // Up to 6.8 no line names the remote user: without another, it is the local login name.
            let alone = || (typed.program == "ssh" && !typed.sudo).then(|| typed.local_user.clone()).flatten();
            if session.user.is_none() {
                session.user = typed.user.clone().or_else(alone);
            }
        }
        // Words of the tool around it are worth less than the client's own.
        if let Some(Aim { place: Place { user, host, port }, of_inventory }) = self.aim.take() {
            session.port = session.port.or(port);
            // A name of its own is no better than the address that the client tells.
            let told = session.address.as_ref().is_some_and(|address| of_inventory || *address == host);
            if session.host.is_none() && !told {
                session.host = Some(host);
            }
            session.user = session.user.take().or(user);
        }
        if session.host.is_none() {
            let named = session.events.iter().find_map(|event| match &event.kind {
                Kind::HostBlock { pattern } if !pattern.contains(['*', '?', '!', ' ']) => Some(pattern.clone()),
                _ => None,
            });
            session.host = named;
        }
        let begun = session.client.is_some() || session.typed.is_some();
        session.complete = begun && !open;
        self.session
    }

    /// A log that was written when the attempt was over, and whose last answer is a refusal, shows the end.
    fn end_by_refusal(&mut self) {
        let told = self.session.any(|kind| matches!(kind, Kind::Requested | Kind::KeyRefusalTold));
        let open = |kind: &Kind| matches!(kind, Kind::Requested | Kind::Offering { .. } | Kind::NextMethod { .. });
        let over = |kind: &Kind| matches!(kind, Kind::Methods { .. } | Kind::KeyRefusalTold);
        let last = self.session.events.iter().rfind(|event| open(&event.kind) || over(&event.kind));
        if let Some(at) = last.filter(|event| told && over(&event.kind)).map(|event| event.at.clone()) {
            self.ends(if self.partial { Outcome::Partial } else { Outcome::Denied }, &at);
        }
    }

    /// Up to 7.8 an offer does not say whether its name is a file's or an agent comment.
    fn name_old_offers(&mut self) {
        let session = &mut self.session;
        let mut files: Vec<String> = session.identities.iter().map(|identity| identity.path.clone()).collect();
        if let Some(typed) = &session.typed {
            files.extend(
                typed.options.iter().filter(|(letter, _)| *letter == 'i').filter_map(|(_, value)| value.clone()),
            );
        }
        for offer in &mut session.offered {
            let at_once = offer.signed_at_once();
            let key = &mut offer.key;
            let Some(name) = key.path.as_deref() else {
                continue;
            };
            if key.agent.is_none()
                && !at_once
                && !crate::dialect::looks_like_path(name)
                && !files.iter().any(|file| file == name)
            {
                key.label = key.path.take();
                key.agent = Some(true);
            }
        }
        if let Some(accepted) = &mut session.accepted
            && let Some(offer) = session.offered.iter().rfind(|offer| offer.reply() == Reply::Accepted)
        {
            accepted.key = offer.key.clone();
        }
    }
}
