//! `--all-keys`: which of all keys here a host takes, whose they are, and which of them open the repository.

use std::sync::Mutex;
use std::time::Instant;

use super::config;
use super::destination::{Destination, Purpose, leading};
use super::keys;
use super::plan::Plan;
use super::probe::probe;
use super::process::Failure;
use super::public_file::PublicFile;
use crate::diagnose::Diagnosis;
use crate::model::facts::{Access, AllKeys, PublicKey};
use crate::model::{Change, Key, Kind, Outcome, Role, Session, Suggestion};
use crate::shell::join;
use crate::suggest;
use crate::survey::{Reply, Row};

/// Keys that sign in, at most.
const MOST: usize = 8;

/// Logins that go on at the same time.
const AT_ONCE: usize = 3;

/// Asks the verdict's host about all keys here, if it took none or another one is wanted there, and suggests one.
///
/// # Errors
/// There is no ssh, or it can't be started.
pub(crate) fn ask(plan: &Plan, targets: &[Destination], diagnosis: &mut Diagnosis) -> Result<(), Failure> {
    let Some(entry) = diagnosis.main().and_then(|finding| diagnosis.session(finding)) else { return Ok(()) };
    let session = entry.session.clone();
    let refused = session.any(|kind| matches!(kind, Kind::RepositoryRefused { .. }));
    let another = session
        .login
        .as_deref()
        .zip(plan.login.as_deref())
        .is_some_and(|(own, wanted)| !own.eq_ignore_ascii_case(wanted));
    if !session.reached_authentication() || session.accepted.is_some() && !refused && !another {
        return Ok(());
    }
    let Some(typed) = session.typed.clone() else { return Ok(()) };
    let options = leading(&typed);
    // ssh has just talked to this very key; whether it is the right one, the report says elsewhere.
    let shown = session.first(|kind| match kind {
        Kind::HostKey { fingerprint, .. } => fingerprint.clone(),
        _ => None,
    });
    let survey = keys::survey(&keys::Plan {
        ssh: plan.ssh.clone(),
        common: Vec::new(),
        destination: None,
        offers: vec![keys::Named { typed, options, words: Vec::new() }],
        host_keys: shown.map(|(print, _)| print).into_iter().collect(),
        login: false,
        published: None,
        seen: plan.seen.clone(),
        timeout: plan.timeout,
    })?;
    let Some(host) = survey.hosts.first() else { return Ok(()) };
    let replies = || survey.rows.iter().filter_map(|row| row.offers.first().map(|offer| (row, &offer.reply)));
    let mut taken: Vec<&Row> =
        replies().filter(|(_, reply)| matches!(reply, Reply::Accepted(_))).map(|(row, _)| row).collect();
    // Those first that can sign as they are.
    taken.sort_by_key(|row| !is_usable(row));
    let target = targets.iter().find(|target| session.called.as_deref() == Some(target.name.as_str()));
    let signs = target.filter(|target| {
        !host.accepts_any && (target.service.is_some() || plan.login.is_some() && target.role == Role::Vcs)
    });
    let access = signs.map(|target| log_in_with(plan, target, &taken)).unwrap_or_default();
    let answer = AllKeys {
        destination: host.destination.clone(),
        asked: host.offered,
        // A default file that is not there was no question.
        unanswered: replies()
            .filter(|(row, reply)| row.identity.key.is_some() && matches!(reply, Reply::Unknown(_)))
            .count(),
        accepted: taken.iter().map(|row| key(row)).collect(),
        accepts_any: host.accepts_any,
        access,
    };
    suggest_one(plan, &session, &answer, signs.is_some(), diagnosis);
    diagnosis.case.facts.all_keys = Some(answer);
    Ok(())
}

fn key(row: &Row) -> Key {
    let public = row.identity.key.as_ref();
    Key {
        path: row.identity.path.clone(),
        label: row.identity.label.clone(),
        kind: public.map(|key| key.kind.clone()),
        fingerprint: public.map(|key| key.fingerprint.clone()),
        agent: Some(row.identity.in_agent),
    }
}

/// Suggests the key that opens what is wanted; where nothing was asked for after the login, the first that is taken.
fn suggest_one(plan: &Plan, session: &Session, answer: &AllKeys, signed: bool, diagnosis: &mut Diagnosis) {
    let wanted = |access: &&Access| {
        let right = plan
            .login
            .as_deref()
            .is_none_or(|wanted| access.login.as_deref().is_some_and(|login| login.eq_ignore_ascii_case(wanted)));
        right && access.opens != Some(false)
    };
    let found = if signed {
        answer.access.iter().find(wanted).map(|access| (&access.key, access.alone))
    } else {
        answer.accepted.iter().find(|_| !answer.accepts_any).map(|key| (key, false))
    };
    let Some((path, alone)) = found.and_then(|(key, alone)| Some((key.path.clone()?, alone))) else { return };
    let mut change = Change::none().key(path).option("IdentitiesOnly=yes");
    if alone {
        change = change.option("IdentityAgent=none");
    }
    let login =
        answer.access.iter().find(|access| access.key.path == change.key).and_then(|access| access.login.clone());
    let written =
        suggest::command(session, &change).ok().and_then(|argv| join(&argv, plan.shell).ok().map(|line| (argv, line)));
    if let Some((argv, command)) = written.filter(|_| signed || diagnosis.suggestion.is_none()) {
        diagnosis.suggestion = Some(Suggestion { command, argv, verified: None, before: Vec::new() });
    }
    let home = diagnosis.case.facts.home.clone();
    let mut fixes = suggest::lasting(session, &change);
    fixes.extend(suggest::accounts(session, &change, login.as_deref(), home.as_deref()));
    for fix in &mut fixes {
        // One that can't be written says so itself.
        let _ = suggest::write(fix, session, plan.shell);
    }
    let cause = diagnosis.verdict.cause;
    if let Some(main) = diagnosis.findings.iter_mut().find(|finding| finding.cause == cause) {
        main.fixes.splice(0..0, fixes);
    }
}

/// Logs in with each key alone, and asks for the repository if one is wanted.
fn log_in_with(plan: &Plan, target: &Destination, rows: &[&Row]) -> Vec<Access> {
    let next = Mutex::new(rows.iter().take(MOST).enumerate());
    let done: Mutex<Vec<(usize, Access)>> = Mutex::default();
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE.min(rows.len()) {
            super::thread::beside(scope, || {
                while let Some((at, row)) = next.lock().ok().and_then(|mut next| next.next()) {
                    if let (Some(access), Ok(mut done)) = (log_in(plan, target, row), done.lock()) {
                        done.push((at, access));
                    }
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_default();
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, access)| access).collect()
}

/// What comes of a login with one key.
fn log_in(plan: &Plan, target: &Destination, row: &Row) -> Option<Access> {
    let public = row.identity.key.as_ref()?;
    // A key that an agent alone holds is named to ssh by its public half.
    let file = if row.identity.path.is_none() { Some(PublicFile::new(public)?) } else { None };
    let path = row.identity.path.clone().or_else(|| file.as_ref().map(PublicFile::path))?;
    let usable = is_usable(row) && row.encrypted() == Some(false);
    let mut alone = false;
    let mut session = run(plan, &with_key(target, &path, alone))?;
    if usable && !is_by(&session, public) {
        // A key of the agent's came first.
        alone = true;
        session = run(plan, &with_key(target, &path, alone))?;
    }
    let key = key(row);
    if session.outcome != Outcome::Authenticated || !is_by(&session, public) {
        return Some(Access { key, ..Access::default() });
    }
    let mut access = Access { key, alone, login: session.login.clone(), ..Access::default() };
    let opened = |session: &Session| session.any(|kind| matches!(kind, Kind::RepositoryOpened { .. }));
    if let Some(service) = &target.service {
        access.opens = Some(opened(&session));
        access.writes = service.write.then(|| opened(&session));
        access.reads = if service.write { read(plan, target, &path, alone).as_ref().map(opened) } else { access.opens };
        let refused = session.first(|kind| match kind {
            Kind::RepositoryRefused { text, .. } => Some(text.clone()),
            _ => None,
        });
        access.words = refused.map(|(text, _)| text);
        let mut greeted = with_key(target, &path, alone);
        greeted.service = None;
        if access.login.is_none() && super::aside::greets(target) {
            access.login = run(plan, &greeted).and_then(|session| session.login);
        }
    }
    Some(access)
}

/// Whether a key needs nothing done before it can sign.
fn is_usable(row: &Row) -> bool {
    row.problems.is_empty() && (row.identity.in_agent || row.encrypted() == Some(false))
}

/// The same repository for reading.
fn read(plan: &Plan, target: &Destination, path: &str, alone: bool) -> Option<Session> {
    let mut other = with_key(target, path, alone);
    let service = other.service.as_mut()?;
    service.command = service.command.replacen("git-receive-pack", "git-upload-pack", 1);
    service.write = false;
    run(plan, &other)
}

fn is_by(session: &Session, key: &PublicKey) -> bool {
    let print = session.accepted.as_ref().and_then(|accepted| accepted.key.fingerprint.as_deref());
    print == Some(key.fingerprint.as_str())
}

/// The destination by one key, where no agent has another that comes first.
fn with_key(target: &Destination, path: &str, alone: bool) -> Destination {
    let mut target = target.clone();
    let agent = alone.then(|| ('o', Some("IdentityAgent=none".to_owned())));
    let added = [('i', Some(path.to_owned())), ('o', Some("IdentitiesOnly=yes".to_owned()))];
    target.command.options.splice(0..0, added.into_iter().chain(agent));
    target
}

fn run(plan: &Plan, target: &Destination) -> Option<Session> {
    let ssh = plan.ssh_for(target);
    let answer = config::ask_all(ssh, &target.words(Purpose::Ask), plan.timeout).ok()?;
    let deadline = Instant::now() + plan.timeout;
    let log = probe(ssh, target, &answer, deadline.into(), &|_| {}).ok()?.pop()?;
    log.sessions.into_iter().next_back()
}
