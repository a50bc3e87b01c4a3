//! What a statement and a connection name: the client's end and the user.

use crate::model::Told;

/// Whose connection it is, or whom a statement is about; as far as is known.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Names<'a> {
    pub(super) address: Option<&'a str>,
    pub(super) port: Option<u16>,
    pub(super) user: Option<&'a str>,
}

impl<'a> Names<'a> {
    /// Whom a statement is about.
    pub(super) fn of(told: &'a Told) -> Self {
        let peer = told.peer().filter(|peer| !peer.address.is_empty());
        Self {
            address: peer.map(|peer| peer.address.as_str()),
            port: peer.and_then(|peer| peer.port),
            user: told.user().filter(|user| !user.is_empty()),
        }
    }

    /// Whether nothing that both name differs.
    pub(super) fn fits(&self, other: &Names<'_>) -> bool {
        let differ = |own: Option<&str>, other: Option<&str>| own.zip(other).is_some_and(|(own, other)| own != other);
        !(differ(self.address, other.address)
            || self.port.zip(other.port).is_some_and(|(own, other)| own != other)
            || differ(self.user, other.user))
    }
}
