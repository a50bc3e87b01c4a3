//! What a statement and a connection name: the client's end and the user.

use std::borrow::Cow;

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
            || self.user.zip(other.user).is_some_and(|(own, other)| !is_same_user(own, other)))
    }

    /// Whether both name the same end of the client's.
    pub(super) fn is_same_end(&self, other: &Names<'_>) -> bool {
        self.port.is_some() && self.port == other.port && self.address.is_some() && self.address == other.address
    }
}

/// A user's name as the client gave it. sshd doubles each backslash in a log (log.c, `do_log`, by strnvis), and once more in
/// what the unprivileged child wrote: `CORP\\\\dev`. A directory's names (`CORP\dev`) have one.
pub(crate) fn user_of(logged: &str) -> Cow<'_, str> {
    match logged.contains("\\\\") {
        true => Cow::Owned(backslashes(logged).collect::<Vec<_>>().join("\\")),
        false => Cow::Borrowed(logged),
    }
}

/// Whether two names are one, however often their backslashes were doubled.
pub(crate) fn is_same_user(one: &str, other: &str) -> bool {
    one == other || one.contains('\\') && backslashes(one).eq(backslashes(other))
}

/// What stands between backslashes.
fn backslashes(name: &str) -> impl Iterator<Item = &str> {
    let mut parts = name.split('\\');
    parts.next().into_iter().chain(parts.filter(|part| !part.is_empty()))
}
