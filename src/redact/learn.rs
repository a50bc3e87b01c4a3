//! Names, out of what the reader understood of a log.

use super::line::Found;
use super::names::Names;
use super::sort::Sort;
use super::stand_in::{StandIns, looks_made};
use crate::model::session::Typed;
use crate::model::{Key, Kind, Session, Transcript};

/// Learns what was found in a line.
pub(super) fn values(line: &str, all: &[Found], names: &mut Names, stand_ins: &mut StandIns) {
    for found in all {
        let value = &line[found.at.clone()];
        if looks_made(value) {
            stand_ins.avoid(value);
        } else if found.sort.cut().is_none() {
            names.tell_own();
        }
        if found.sort == Sort::Address {
            names.learn_address(value);
        } else if found.shown && names.sort_of(value) != Some(found.sort) {
            names.learn(found.sort, value);
        }
    }
}

/// Learns every name that a log's statements show.
pub(super) fn transcript(names: &mut Names, log: &Transcript) {
    log.sessions.iter().for_each(|session| self::session(names, session));
}

/// Learns every name that a session's statements show.
pub(super) fn session(names: &mut Names, session: &Session) {
    fields(names, session);
    session.events.iter().for_each(|event| statement(names, &event.kind));
}

fn fields(names: &mut Names, session: &Session) {
    for host in [&session.called, &session.alias, &session.host].into_iter().flatten() {
        names.learn(Sort::Host, host);
    }
    session.user.iter().for_each(|user| names.learn(Sort::User, user));
    session.login.iter().for_each(|login| account(names, login));
    session.typed.iter().for_each(|command| typed(names, command));
    session.identities.iter().for_each(|identity| path(names, &identity.path));
    for offer in session.offered.iter().chain(&session.unopened) {
        key(names, &offer.key);
    }
}

fn statement(names: &mut Names, kind: &Kind) {
    match kind {
        Kind::Command(command) => typed(names, command),
        Kind::HostBlock { pattern: host }
        | Kind::Resolving { host, .. }
        | Kind::ResolveFailed { host, .. }
        | Kind::SessionClosed { host, .. }
        | Kind::AuthenticatedTo { host, .. }
        | Kind::HostKeyAlias { alias: host } => names.learn(Sort::Host, host),
        Kind::User { user } => names.learn(Sort::User, user),
        Kind::Authenticating { host, user, .. } => {
            names.learn(Sort::Host, host);
            names.learn(Sort::User, user);
        }
        Kind::Connecting { host, .. }
        | Kind::ConnectFailed { host, .. }
        | Kind::HostKeyKnown { host, .. }
        | Kind::HostKeyChanged { host }
        | Kind::HostKeyUnknown { host, .. }
        | Kind::HostKeyAdded { host, .. } => host.iter().for_each(|host| names.learn(Sort::Host, host)),
        Kind::Denied { user, host, .. } | Kind::PasswordPrompt { user, host } => {
            user.iter().for_each(|user| names.learn(Sort::User, user));
            host.iter().for_each(|host| names.learn(Sort::Host, host));
        }
        Kind::IdentityLoaded { key: named }
        | Kind::Planned { key: named, .. }
        | Kind::Skipped { key: named, .. }
        | Kind::Offering { key: named, .. }
        | Kind::SigningFailed { key: named, .. }
        | Kind::AgentRefused { key: named }
        | Kind::PresenceWanted { key: named } => key(names, named),
        Kind::ServerAccepts { key: named } | Kind::Refused { key: named } => {
            named.iter().for_each(|named| key(names, named));
        }
        Kind::IdentityFile { path: file, .. }
        | Kind::IdentityMissing { path: file, .. }
        | Kind::LoadKeyFailed { path: file, .. }
        | Kind::TooOpen { path: file }
        | Kind::TryingPrivate { path: file }
        | Kind::KeyFile { path: file }
        | Kind::PublicMismatch { path: file }
        | Kind::PassphrasePrompt { path: file } => path(names, file),
        Kind::Greeting(greeting) => greeting.login.iter().for_each(|login| account(names, login)),
        Kind::RepositoryRefused { account: name, .. } => name.iter().for_each(|name| account(names, name)),
        // The others say what happened, and to whom stands in those above.
        _ => {}
    }
}

fn typed(names: &mut Names, command: &Typed) {
    // Of a destination with more in it, its parts are found by their form.
    if !command.host.contains(['@', '/']) {
        names.learn(Sort::Host, &command.host);
    }
    for user in [&command.user, &command.local_user].into_iter().flatten() {
        names.learn(Sort::User, user);
    }
}

/// An account, or a repository in an account's place.
fn account(names: &mut Names, login: &str) {
    match login.split_once('/') {
        Some((owner, repository)) => {
            names.learn(Sort::Repository, owner);
            names.learn(Sort::Repository, repository.trim_end_matches(".git"));
        }
        None => names.learn(Sort::User, login),
    }
}

fn key(names: &mut Names, key: &Key) {
    key.path.iter().for_each(|file| path(names, file));
    // What has the form of an address is found by it.
    if let Some(label) = key.label.as_deref().filter(|label| !label.contains(['@', '/', '\\'])) {
        names.learn(Sort::Comment, label);
    }
}

/// A key file's path: what is no word there can't be found again by its form.
fn path(names: &mut Names, path: &str) {
    for part in path.split(['/', '\\']) {
        if part.contains(|c: char| c.is_whitespace() || "\"'()[]{}<>,;=|*`".contains(c)) {
            names.learn_phrase(Sort::Name, super::path::stem(part));
        } else if !part.starts_with('.') && !super::path::is_usual(part) {
            names.learn_part(part);
        }
    }
}
