//! The git host's key, held against what was offered elsewhere.
//!
//! A key's path proves little (two logs may come from two homes, and one path may have held two keys), its
//! comment nothing: fingerprints decide where both sides have one.

use std::collections::HashMap;

use crate::model::facts::{KeyFile, PublicKey};
use crate::model::key::{Key, is_comparable, same_key};
use crate::model::{Author, Case, Comparison, Fate, Kind, Outcome, Reply, Role, Session, SessionRef};
use crate::provider;

/// Comparisons that are made at most: more than any person has logs.
const MOST: usize = 2000;

/// Gives each session its role, fills in what one log knows of another's keys, and compares.
pub(crate) fn compare(case: &mut Case) {
    assign_roles(case);
    share_paths(case);
    // What ssh-add says of the agent is no run of a client.
    let connects = |session: &Session| session.events.iter().any(|event| event.kind != Kind::AgentEmpty);
    let is_target = |entry: &SessionRef<'_>| !entry.session.jump_host && connects(entry.session);
    let targets: Vec<_> = case.with_role(Role::Ci).filter(is_target).collect();
    let hosts = git_hosts(case);
    let pairs = hosts.iter().flat_map(|vcs| targets.iter().map(move |ci| (*vcs, *ci)));
    let found = pairs.chain(clients(case)).take(MOST).map(|(vcs, ci)| compare_two(vcs, ci)).collect();
    case.comparisons = found;
}

/// Two clients at one server, one of which it logged in by a key: each with that one first. Pairs of a git host and
/// another one are left to their roles.
fn clients(case: &Case) -> Vec<(SessionRef<'_>, SessionRef<'_>)> {
    let of_a_client = |entry: &SessionRef<'_>| !entry.session.jump_host && entry.session.served.is_none();
    let in_by_key = |session: &Session| session.outcome == Outcome::Authenticated && session.accepted.is_some();
    let all: Vec<_> = by_name(case).into_iter().filter(of_a_client).collect();
    let works: Vec<_> = all.iter().filter(|entry| in_by_key(entry.session)).take(COMPARED).copied().collect();
    let alone = works.iter().all(|work| works[0].session.peer() == work.session.peer());
    let fails = all.iter().filter(|entry| entry.session.outcome != Outcome::Authenticated);
    fails
        .flat_map(|fail| works.iter().map(move |work| (*work, *fail)))
        .filter(|(work, fail)| work.session.author != fail.session.author)
        .filter(|(work, fail)| !(work.session.role == Role::Vcs && fail.session.role == Role::Ci))
        .filter(|(work, fail)| is_one_place(work.session, fail.session, alone))
        .take(MOST)
        .collect()
}

/// Whether two sessions went to one server as one user, as far as they say. `alone`: where one of them names no host,
/// there is no other that it can have meant.
fn is_one_place(left: &Session, right: &Session, alone: bool) -> bool {
    fn differ<T: PartialEq>(left: Option<&T>, right: Option<&T>) -> bool {
        left.zip(right).is_some_and(|(left, right)| left != right)
    }
    let named = |session: &Session| session.host.is_some() || session.address.is_some();
    let host = if named(left) && named(right) {
        let same = |left: Option<&String>, right: Option<&String>| left.is_some() && left == right;
        same(left.host.as_ref(), right.host.as_ref()) || same(left.address.as_ref(), right.address.as_ref())
    } else {
        alone
    };
    // One client leaves out what stands behind the name.
    let software = |session: &'_ Session| {
        session.server_software.as_deref().and_then(|text| text.split(' ').next()).map(str::to_owned)
    };
    host && !differ(left.port.as_ref(), right.port.as_ref())
        && !differ(left.user.as_ref(), right.user.as_ref())
        && !differ(software(left).as_ref(), software(right).as_ref())
}

/// All sessions, log by log in the order of their names: which log was given first decides nothing.
fn by_name(case: &Case) -> Vec<SessionRef<'_>> {
    let mut all: Vec<_> = case.sessions().collect();
    all.sort_by_key(|entry| entry.source);
    all
}

/// Git hosts' keys that are compared; a file of thousands of logs has them over and over.
const COMPARED: usize = 20;

/// One session of each git host with each key that it accepted. One that took a key says more than one that
/// did not, and comes first.
fn git_hosts(case: &Case) -> Vec<SessionRef<'_>> {
    fn key<'a>(entry: &SessionRef<'a>) -> Option<&'a Key> {
        entry.session.accepted.as_ref().map(|accepted| &accepted.key)
    }
    let mut all = by_name(case);
    all.retain(|entry| entry.session.role == Role::Vcs && !entry.session.jump_host);
    all.sort_by_key(|entry| key(entry).is_none());
    let mut hosts: Vec<SessionRef<'_>> = Vec::new();
    for entry in all {
        let known = hosts.iter().any(|other| other.session.peer() == entry.session.peer() && key(other) == key(&entry));
        if !known && hosts.len() < COMPARED {
            hosts.push(entry);
        }
    }
    hosts
}

/// Sessions of a log that has no role by a flag take it from their hosts.
fn assign_roles(case: &mut Case) {
    let known = |session: &Session| provider::of(session).is_some();
    let vcs_given = case
        .transcripts
        .iter()
        .any(|log| log.role == Role::Vcs || log.role == Role::Other && log.sessions.iter().any(known));
    for log in &mut case.transcripts {
        for session in &mut log.sessions {
            session.role = match log.role {
                // A server's own log is of no host that a client chose.
                Role::Other if session.served.is_some() => Role::Other,
                Role::Other if known(session) => Role::Vcs,
                Role::Other if vcs_given => Role::Ci,
                given => given,
            };
        }
        if let (Role::Other, Some(first)) = (log.role, log.sessions.first())
            && log.sessions.iter().all(|session| session.role == first.role)
        {
            log.role = first.role;
        }
    }
}

/// Gives a key that one line names by fingerprint and comment the file that another line shows for it.
fn share_paths(case: &mut Case) {
    let mut files: HashMap<String, String> = HashMap::new();
    let mut note = |key: &Key| {
        if let (Some(print), Some(path)) = (key.whole_fingerprint(), &key.path) {
            files.entry(print.to_owned()).or_insert_with(|| path.clone());
        }
    };
    local_files(case).iter().for_each(&mut note);
    for entry in by_name(case) {
        entry.session.offered.iter().for_each(|offer| note(&offer.key));
        for event in &entry.session.events {
            if let Kind::IdentityLoaded { key } | Kind::Planned { key, .. } = &event.kind {
                note(key);
            }
        }
    }
    let learn = |key: &mut Key| {
        if key.path.is_none() {
            key.path = key.whole_fingerprint().and_then(|print| files.get(print)).cloned();
        }
    };
    for session in case.transcripts.iter_mut().flat_map(|log| &mut log.sessions) {
        session.offered.iter_mut().for_each(|offer| learn(&mut offer.key));
        if let Some(accepted) = &mut session.accepted {
            learn(&mut accepted.key);
        }
    }
}

/// Key files of this machine, by fingerprint.
fn local_files(case: &Case) -> Vec<Key> {
    let facts = &case.facts;
    let known = facts.hosts.iter().flatten().flat_map(|host| &host.files).chain(&facts.other_files);
    let key = |file: &KeyFile, public: &PublicKey| Key {
        path: Some(file.path.clone()),
        fingerprint: Some(public.fingerprint.clone()),
        ..Key::default()
    };
    // A private file's own key before what a .pub file beside it says.
    known
        .flat_map(|file| {
            [file.own.known(), file.offered.known()].into_iter().flatten().map(move |public| key(file, public))
        })
        .collect()
}

fn compare_two(vcs: SessionRef<'_>, ci: SessionRef<'_>) -> Comparison {
    let key = vcs.session.accepted.as_ref().map(|accepted| accepted.key.clone());
    let (fate, proven) = match &key {
        Some(key) => fate(key, ci.session),
        None => (Fate::Unknown, false),
    };
    Comparison { vcs: vcs.id(), ci: ci.id(), key, fate, proven }
}

/// Whether two mentions are of one key, and whether that is proven or only likely.
fn match_keys(key: &Key, other: &Key) -> (bool, bool) {
    let fingerprints = is_comparable(key, other);
    let other_type = key.kind.as_ref().zip(other.kind.as_ref()).is_some_and(|(left, right)| left != right);
    match same_key(key, other) {
        Some(same) => (same, fingerprints || !same && other_type),
        // Without fingerprints and files: two comments. Equal ones of one type are likely one key.
        None => (key.label.is_some() && key.label == other.label && key.kind == other.kind, false),
    }
}

fn fate(key: &Key, ci: &Session) -> (Fate, bool) {
    let mut proven = true;
    // An offer that was answered says more than one that was withheld, and a certificate is its key's twin.
    let mut best = None;
    let mut open = false;
    for offer in &ci.offered {
        let (same, sure) = match_keys(key, &offer.key);
        if !same {
            proven &= sure;
            // Many clients name a key by its type alone, or by another digest.
            open |= same_key(key, &offer.key).is_none();
            continue;
        }
        let fate = match offer.reply() {
            Reply::Accepted => Fate::Accepted,
            Reply::Refused => Fate::Refused,
            Reply::Unanswered if offer.withheld() => Fate::Withheld,
            Reply::Unanswered => Fate::Unanswered,
        };
        let rank = |fate: Fate| {
            [Fate::Accepted, Fate::Refused, Fate::Unanswered, Fate::Withheld].iter().position(|one| *one == fate)
        };
        if best.is_none_or(|(other, _)| rank(fate) < rank(other)) {
            best = Some((fate, sure));
        }
    }
    if let Some(found) = best {
        return found;
    }
    if open && ci.author != Author::OPENSSH {
        return (Fate::Unknown, false);
    }
    let mentioned = |wanted: fn(&Kind) -> Option<&Key>| {
        ci.events.iter().filter_map(|event| wanted(&event.kind)).any(|other| match_keys(key, other).0)
    };
    if mentioned(|kind| if let Kind::Skipped { key, .. } = kind { Some(key) } else { None }) {
        return (Fate::Skipped, proven);
    }
    if !ci.reached_authentication() {
        let shown = ci.outcome != Outcome::Unknown;
        return (if shown { Fate::NoAuthentication } else { Fate::Unknown }, true);
    }
    if !ci.verbose() || ci.lacks_keys() {
        return (Fate::Unknown, false);
    }
    let planned = mentioned(|kind| if let Kind::Planned { key, .. } = kind { Some(key) } else { None });
    let plan_shown = ci.any(|kind| matches!(kind, Kind::Planned { .. }));
    if matches!(ci.outcome, Outcome::Disconnected) && (planned || !plan_shown) {
        return (Fate::NotReached, planned && proven);
    }
    let cut = ci.outcome == Outcome::Unknown && !ci.any(Kind::is_other_method);
    if cut && (planned || !plan_shown) {
        return (Fate::Unknown, false);
    }
    (Fate::NeverOffered, proven && ci.shows_first_key())
}
