//! The files that may hold keys, as lines tell of them.

use super::run::{KEPT, Run};
use crate::model::session::{Identity, IdentityState};
use crate::model::{At, Key, Kind};

impl Run {
    /// The file of the key that is being tried.
    pub(super) fn tried(&self) -> Option<String> {
        let pending = self.pending.as_ref().map(|offer| &offer.key);
        let current = || {
            let offer = self.session.offered.get(self.current?)?;
            Some(&offer.key)
        };
        pending.or_else(current).map_or_else(|| self.file.clone(), |key| key.path.clone())
    }

    /// What a line says of a file that may hold a key.
    pub(super) fn identity(&mut self, at: &At, kind: &Kind) {
        if matches!(kind, Kind::LoadKeyFailed { path, .. } | Kind::IdentityMissing { path, .. } if path.is_empty()) {
            return self.drop_pending();
        }
        let (path, state, reason, named) = match kind {
            // A certificate that isn't there is the rule.
            Kind::IdentityFile { path, loaded: false } if path.ends_with("-cert") => return,
            Kind::IdentityFile { path, loaded: true } => (path, IdentityState::Loaded, None, false),
            Kind::IdentityFile { path, loaded: false } => {
                (path, IdentityState::Absent, Some("ssh read no public half"), false)
            }
            Kind::IdentityLoaded { key: Key { path: Some(path), .. } } | Kind::KeyFile { path } => {
                (path, IdentityState::Loaded, None, false)
            }
            Kind::IdentityMissing { path, reason, named } => {
                if self.pending.as_ref().is_some_and(|offer| offer.key.path.as_ref() == Some(path)) {
                    self.pending = None;
                }
                let unreadable = reason.contains("ermission denied");
                (
                    path,
                    if unreadable { IdentityState::Unusable } else { IdentityState::Absent },
                    Some(reason.as_str()),
                    *named,
                )
            }
            Kind::LoadKeyFailed { path, reason, public: false } => {
                // An unreadable or broken file was not signed with.
                self.drop_pending();
                (path, IdentityState::Unusable, Some(reason.as_str()), false)
            }
            Kind::TooOpen { path } => (path, IdentityState::Unusable, Some("bad permissions"), false),
            _ => return,
        };
        if let Some(identity) = self.session.identities.iter_mut().find(|identity| identity.path == *path) {
            identity.state = state;
            identity.named |= named;
            identity.reason = reason.map(str::to_owned);
            identity.at = at.clone();
        } else if self.session.identities.len() < KEPT {
            self.session.identities.push(Identity {
                path: path.clone(),
                state,
                reason: reason.map(str::to_owned),
                named,
                at: at.clone(),
            });
        }
    }
}
