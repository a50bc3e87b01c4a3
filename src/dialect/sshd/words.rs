//! Parts that many of sshd's lines have: users, clients, keys, places.
//!
//! A client chooses its user's name, which may look like the rest of the line: what sshd itself writes is looked for
//! from the line's end.

use crate::model::path::is_of_windows;
use crate::model::told::{Peer, Proof, Told};
use crate::model::{Key, Kind};

/// A statement.
pub(in crate::dialect) fn told(told: Told) -> Option<Kind> {
    Some(Kind::Server(Box::new(told)))
}

/// A line that proves a reason.
pub(in crate::dialect) fn proof(reason: &'static str) -> Proof {
    Proof { reason, ..Proof::default() }
}

impl Proof {
    pub(in crate::dialect) fn subject(mut self, subject: impl Into<String>) -> Self {
        self.subject = Some(subject.into());
        self
    }

    pub(in crate::dialect) fn user(mut self, user: &str) -> Self {
        self.user = Some(user.to_owned());
        self
    }

    pub(in crate::dialect) fn peer(mut self, peer: Option<Peer>) -> Self {
        self.peer = peer;
        self
    }

    pub(in crate::dialect) fn key(mut self, key: Option<Key>) -> Self {
        self.key = key;
        self
    }

    pub(in crate::dialect) fn told(self) -> Option<Kind> {
        told(Told::Proof(self))
    }
}

/// What the unprivileged child wrote has a mark at its end.
pub(super) fn body(rest: &str) -> &str {
    let rest = rest.trim_end();
    rest.strip_suffix("[preauth]").map_or(rest, |rest| rest.strip_suffix(' ').unwrap_or(rest))
}

/// As `str::rsplit_once`, for words that begin with a blank and mostly stand near the end: without building a search.
pub(super) fn split_last<'a>(text: &'a str, words: &str) -> Option<(&'a str, &'a str)> {
    let mut blanks = memchr::memrchr_iter(b' ', text.as_bytes());
    blanks.find_map(|at| Some((text.get(..at)?, text.get(at..)?.strip_prefix(words)?)))
}

/// A client's address and port, in the line's own words.
pub(super) type Place<'a> = (&'a str, Option<u16>);

/// `A port P`, or an address alone.
pub(super) fn place(text: &str) -> Option<Place<'_>> {
    match split_last(text, " port ") {
        Some((address, port)) => placed(address, Some(port)),
        None => placed(text, None),
    }
}

fn placed<'a>(address: &'a str, port: Option<&str>) -> Option<Place<'a>> {
    let port = match port {
        Some(port) => Some(port.trim().parse().ok()?),
        None => None,
    };
    let address = address.trim().trim_matches(['[', ']']);
    (!address.is_empty() && !address.contains(' ')).then_some((address, port))
}

/// As [`place`], to keep.
pub(super) fn peer(text: &str) -> Option<Peer> {
    place(text).map(kept)
}

/// A copy to keep.
pub(super) fn kept((address, port): Place<'_>) -> Peer {
    Peer { address: address.to_owned(), port }
}

/// `[A]:P`
pub(super) fn bracketed(text: &str) -> Option<Peer> {
    let (address, port) = text.rsplit_once(':')?;
    peer(&format!("{address} port {port}"))
}

/// `U from A port P`
pub(super) fn user_from(text: &str) -> Option<(&str, Peer)> {
    user_placed(text).map(|(user, from)| (user, kept(from)))
}

/// As [`user_from`], in the line's own words.
pub(super) fn user_placed(text: &str) -> Option<(&str, Place<'_>)> {
    let (user, from) = split_last(text, " from ")?;
    Some((user, place(from)?))
}

/// `[authenticating |invalid ]user U A port P`, or `A port P`.
pub(super) fn user_at(text: &str) -> Option<(Option<&str>, Place<'_>)> {
    let (before, port) = split_last(text, " port ")?;
    let (user, address) = before.rsplit_once(' ').unwrap_or(("", before));
    let at = placed(address, Some(port))?;
    let kinds = ["authenticating user", "invalid user", "user"];
    let named = kinds.iter().find_map(|kind| user.strip_prefix(kind));
    if named.is_none() && !user.is_empty() {
        return None;
    }
    Some((named.map(|user| user.strip_prefix(' ').unwrap_or(user)), at))
}

/// `ED25519 SHA256:…[ …]`; of a certificate `ED25519-CERT SHA256:K ID I (serial N) CA ED25519 SHA256:C`, where 7.4
/// leaves out the key's own fingerprint.
pub(super) fn key(text: &str) -> Option<Key> {
    let mut words = text.split(' ').filter(|word| !word.is_empty());
    let kind = words.next()?;
    let is_kind = kind.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'-');
    let print = words.next().filter(|word| word.starts_with("SHA256:") || word.contains(':') && word.len() == 47);
    let print = print.map(|print| print.trim_end_matches(',').to_owned());
    is_kind.then(|| Key { kind: Some(kind.to_owned()), fingerprint: print, ..Key::default() })
}

/// Words in single or double quotes at the beginning.
pub(super) fn quoted(text: &str) -> Option<&str> {
    let quote = text.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    text[1..].split_once(quote).map(|(inside, _)| inside)
}

/// Whether text is a file's name, or a file's name with a line's number behind it.
pub(super) fn is_place(text: &str) -> bool {
    (text.starts_with('/') || is_of_windows(text)) && !text.contains(": ")
}
