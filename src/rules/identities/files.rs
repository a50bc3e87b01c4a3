//! Key files in a session that nobody was logged in by.

use crate::model::{At, Fix, Kind, Offer, Session};
use crate::rules::scene::Scene;

/// The last event that `wanted` takes, in a session that nobody was logged in by.
pub(in crate::rules) fn failing<'a, T>(
    scene: &Scene<'a>,
    wanted: impl FnMut(&'a Kind) -> Option<T>,
) -> Option<(T, &'a At)> {
    if !scene.refused() {
        return None;
    }
    let mut wanted = wanted;
    scene.session().events.iter().rev().find_map(|event| wanted(&event.kind).map(|value| (value, &event.at)))
}

/// Whether the server had said yes to this file's key before ssh found it unusable.
pub(in crate::rules) fn accepted_before<'a>(scene: &Scene<'a>, path: &str) -> Option<&'a At> {
    let accepted = scene.session().accepted.as_ref()?;
    (accepted.key.path.as_deref() == Some(path)).then_some(&accepted.at)
}

/// How a file becomes its owner's alone on Windows, where there is no chmod.
pub(in crate::rules) const ONLY_YOURS: &str = "let only your own account have it, in PowerShell: \
     icacls FILE /inheritance:r /grant:r \"$($env:USERNAME):F\"";

/// Whether what a message names is no file that could be looked at again: standard input, or a pipe in its place.
pub(in crate::rules) fn is_passing(path: &str) -> bool {
    path == "(stdin)" || ["/dev/fd/", "/dev/stdin", "/proc/self/fd/"].iter().any(|stem| path.starts_with(stem))
}

pub(in crate::rules) fn is_public(path: &str) -> bool {
    path.ends_with(".pub")
}

/// All keys that a client tried to sign with.
pub(in crate::rules) fn lives(session: &Session) -> impl Iterator<Item = &Offer> {
    session.offered.iter().chain(&session.unopened)
}

/// Whether a reason is what a client says of the last type of key that it took a file for, after it had read the file as
/// another one: of a key that was refused, too (Paramiko's `_auth`).
pub(in crate::rules) fn is_of_last_try(reason: &str) -> bool {
    let of_another = reason.starts_with("encountered ") && reason.contains(" key, expected ");
    of_another || reason == "Invalid key"
}

/// Whether a file is called as PuTTY calls its private keys.
pub(in crate::rules) fn is_puttys(path: &str) -> bool {
    path.to_ascii_lowercase().ends_with(".ppk")
}

/// Whether the reason for which a key could not be loaded is its certificate's.
pub(in crate::rules) fn is_of_certificate(reason: &str) -> bool {
    reason.contains("the certificate")
}

/// Prints the public half of a key's file, to be registered.
pub(in crate::rules) fn public_half(path: &str) -> Fix {
    let print = "print the public half to register";
    match is_puttys(path) {
        true => Fix::run(print, &["puttygen", "-L", path]),
        false => Fix::run(print, &["ssh-keygen", "-y", "-f", path.trim_end_matches(".pub")]),
    }
}
