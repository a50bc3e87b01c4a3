//! `keys`: the identities that ssh has for a destination, and which of them servers take.

use std::collections::BTreeSet;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use super::config::{self, Answer};
use super::destination::Destination;
use super::probe::probe;
use super::process::Failure;
use super::program::Program;
use super::public_file::PublicFile;
use super::published::Wanted;
use super::thread::{Beside, beside};
use super::{gather, keyfile, order, paths, query};
use crate::model::facts::{KeyFile, Problem, PublicKey};
use crate::model::session::Typed;
use crate::model::{Fact, HostFacts, Kind, Outcome, Role};
use crate::order::{Identity, Origin, Step};
use crate::provider;
use crate::survey::{Host, Login, Offer, Reply, Row, Survey};

/// How long local facts may take.
const FACTS: Duration = Duration::from_secs(5);

/// How long all logins at one host may take, as many times the limit of one.
const LOGINS: u32 = 3;

/// What is asked where no destination is named: what applies to any host.
const ANY_HOST: &str = "any-host.invalid";

/// What to look at, and whom to ask.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// The ssh program.
    pub ssh: Program,
    /// Options for every ssh that is run.
    pub common: Vec<String>,
    /// The destination whose identities are listed.
    pub destination: Option<Named>,
    /// Whom to ask.
    pub offers: Vec<Named>,
    /// Fingerprints of host keys that the user vouches for.
    pub host_keys: Vec<String>,
    /// Whether to log in with each accepted key.
    pub login: bool,
    /// Of which account to look up the keys that the destination publishes.
    pub published: Option<Wanted>,
    /// For each connection, and for each answer.
    pub timeout: Duration,
}

/// A destination as the user named it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Named {
    /// What it means.
    pub typed: Typed,
    /// More options for ssh, of this destination.
    pub options: Vec<String>,
    /// Words that lead ssh there, for suggestions.
    pub words: Vec<String>,
}

/// A destination as ssh sees it.
struct Place {
    named: Named,
    args: Vec<String>,
    facts: HostFacts,
}

impl Place {
    /// User, host and port.
    fn name(&self) -> String {
        let value = |name| self.facts.option(name);
        let host = value("hostname").unwrap_or(&self.named.typed.host);
        let host = if host.contains(':') { format!("[{host}]") } else { host.to_owned() };
        let user = value("user").map(|user| format!("{user}@")).unwrap_or_default();
        format!("{user}{host}:{}", value("port").unwrap_or("22"))
    }
}

/// Looks, and asks whom it was told to ask.
///
/// # Errors
/// There is no ssh, or it can't be started.
pub(crate) fn survey(plan: &Plan) -> Result<Survey, Failure> {
    survey_telling(plan, &|_, _| {})
}

/// Hears how far each host has been asked.
pub(crate) type Tell<'a> = &'a (dyn Fn(&str, Asked) + Sync);

/// How far a host has been asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// So many keys of so many.
    Keys(usize, usize),
    /// All keys; now an accepted one signs in.
    LogsIn,
    /// All that it is asked.
    Done,
}

/// As [`survey`], and tells how it gets on.
///
/// # Errors
/// As there.
pub(crate) fn survey_telling(plan: &Plan, tell: Tell<'_>) -> Result<Survey, Failure> {
    let offers: Vec<Place> = thread::scope(|scope| {
        let asked: Vec<_> = plan.offers.iter().map(|named| beside(scope, || place(plan, named))).collect();
        asked.into_iter().filter_map(Beside::join).collect::<Result<_, _>>()
    })?;
    let named = plan.destination.as_ref().map(|named| place(plan, named)).transpose()?;
    let anywhere = match (&named, offers.is_empty()) {
        (None, true) => Some(place(plan, &any_host())?),
        _ => None,
    };
    let Some(main) = named.as_ref().or(offers.first()).or(anywhere.as_ref()) else {
        return Ok(nothing());
    };
    let mut rows = rows(plan, main, true);
    for other in &offers {
        // A host that is asked may have identities of its own.
        for mut row in self::rows(plan, other, false) {
            if !rows.iter().any(|known| is_same(known, &row)) {
                row.identity.order = None;
                row.identity.left_out = Some(format!("only {} has it", other.named.typed.host));
                rows.push(row);
            }
        }
    }
    let mut survey = Survey {
        typed: main.named.words.clone(),
        destination: anywhere.is_none().then(|| main.name()),
        rows,
        hosts: Vec::new(),
        agent: main.facts.agent.clone(),
        unclear: match &main.facts.config {
            Fact::Unknown(why) => Some(why.clone()),
            Fact::Known(_) | Fact::Absent => None,
        },
        notes: notes(&main.facts),
        logins: plan.login,
        published: None,
    };
    let host = &main.named.typed.host;
    survey.published = thread::scope(|scope| {
        let published = beside(scope, || plan.published.as_ref()?.look_up(host, &main.facts.config, plan.timeout));
        ask(plan, &offers, &mut survey, tell);
        published.join().flatten()
    });
    if let (Some(wanted), None) = (&plan.published, &survey.published) {
        survey.notes.push(wanted.unlisted());
    }
    Ok(survey)
}

/// What the list does not hold.
fn notes(facts: &HostFacts) -> Vec<String> {
    let library = facts.option("pkcs11provider").filter(|library| *library != "none");
    let token = |library| format!("The keys of the token behind {library} come as well; they are not looked at.");
    library.map(token).into_iter().collect()
}

fn any_host() -> Named {
    Named { typed: Typed { host: ANY_HOST.into(), ..Typed::default() }, ..Named::default() }
}

fn nothing() -> Survey {
    Survey {
        typed: Vec::new(),
        destination: None,
        rows: Vec::new(),
        hosts: Vec::new(),
        agent: Fact::Absent,
        unclear: None,
        notes: Vec::new(),
        logins: false,
        published: None,
    }
}

fn is_same(left: &Row, right: &Row) -> bool {
    let blob = |row: &Row| row.identity.key.as_ref().map(|key| key.blob.clone());
    left.identity.path == right.identity.path && blob(left) == blob(right)
        || blob(left).is_some() && blob(left) == blob(right)
}

/// The words of ssh's command for a destination.
fn words(plan: &Plan, named: &Named) -> Vec<String> {
    let typed = &named.typed;
    let mut args = plan.common.clone();
    args.extend(named.options.iter().cloned());
    let mut push = |letter: &str, value: &str| args.extend([letter.to_owned(), value.to_owned()]);
    if let Some(port) = typed.port {
        push("-p", &port.to_string());
    }
    let git = provider::by_host(&typed.host).filter(|provider| provider.users == ["git"]);
    match &typed.user {
        Some(user) => push("-l", user),
        // Git hosts know one user, whom git's addresses name and a bare host name does not.
        None if git.is_some() && config::user(&plan.ssh, &plan.common, &typed.host, FACTS).is_none() => {
            push("-l", "git");
        }
        None => {}
    }
    args.extend(["--".to_owned(), typed.host.clone()]);
    args
}

fn place(plan: &Plan, named: &Named) -> Result<Place, Failure> {
    let args = words(plan, named);
    let facts = gather::host_facts(&plan.ssh, &args, plan.timeout.min(FACTS))?;
    Ok(Place { named: named.clone(), args, facts })
}

/// The identities of a destination; `others`: those in `.ssh` that ssh is not told of, too.
fn rows(plan: &Plan, place: &Place, others: bool) -> Vec<Row> {
    let limit = plan.timeout.min(FACTS);
    let identities = order::identities(&plan.ssh.name, &place.args, &place.facts, limit);
    let mut rows: Vec<Row> = identities.into_iter().map(|identity| row(identity, &place.facts)).collect();
    if others && let Some(home) = paths::home() {
        let listed: Vec<String> = rows.iter().filter_map(|row| row.identity.path.clone()).collect();
        let folder = Path::new(&home).join(".ssh");
        for mut file in gather::other_files(&folder, &listed, limit) {
            gather::pardon(&mut file, place.facts.agent.known());
            add_found(&mut rows, file);
        }
    }
    rows
}

fn row(identity: Identity, facts: &HostFacts) -> Row {
    let file = match (identity.file, &identity.path, &identity.key) {
        (Some(index), ..) => facts.files.get(index).cloned(),
        // ssh dropped it, since it is not there.
        (None, Some(path), None) => Some(keyfile::inspect(Path::new(path), gather::required_rsa_bits(facts))),
        _ => None,
    };
    let certificate = identity.key.as_ref().and_then(keyfile::read_certificate);
    let mut problems = file.as_ref().map(|file| file.problems.clone()).unwrap_or_default();
    problems.retain(|problem| !matches!(problem, Problem::Certificate(_)));
    if let Some(certificate) = &certificate {
        let own = file.as_ref().and_then(|file| file.own.known());
        problems.retain(|problem| *problem != Problem::PublicMismatch);
        problems.extend(keyfile::flaw(certificate, own).map(Problem::Certificate));
    }
    if identity.in_agent {
        // The agent signs; the private file is not needed.
        problems.retain(|problem| !matches!(problem, Problem::Missing | Problem::Unreadable(_)));
    }
    Row { identity, file, certificate, problems, offers: Vec::new() }
}

/// Adds a key that ssh is not told of, or says of the agent's key that this is its file.
fn add_found(rows: &mut Vec<Row>, file: KeyFile) {
    let key = file.own.known().or(file.offered.known()).cloned();
    let same = |row: &&mut Row| {
        let held = row.identity.key.as_ref();
        row.identity.origin == Origin::Agent
            && held.is_some_and(|held| key.as_ref().is_some_and(|key| key.blob == held.blob))
    };
    if let Some(row) = rows.iter_mut().find(same) {
        row.identity.path = Some(file.path.clone());
        row.file = Some(file);
        return;
    }
    rows.push(Row {
        identity: Identity {
            path: Some(file.path.clone()),
            label: None,
            key,
            in_agent: false,
            origin: Origin::Found,
            file: None,
            step: Step::Query,
            order: None,
            left_out: Some("ssh is not told to use it here".into()),
        },
        certificate: None,
        problems: file.problems.clone(),
        file: Some(file),
        offers: Vec::new(),
    });
}

/// Asks all servers about all keys whose public half is known.
fn ask(plan: &Plan, places: &[Place], survey: &mut Survey, tell: Tell<'_>) {
    let blobs: Vec<&[u8]> = {
        let mut seen = BTreeSet::new();
        let keys = survey.rows.iter().filter_map(|row| row.identity.key.as_ref());
        keys.map(|key| key.blob.as_slice()).filter(|blob| seen.insert(*blob)).collect()
    };
    let home = paths::home();
    let answers: Vec<query::Answers> = thread::scope(|scope| {
        let asked: Vec<_> = places
            .iter()
            .map(|place| {
                let (blobs, home) = (&blobs, home.as_deref());
                beside(scope, move || ask_one(plan, place, blobs, home, tell))
            })
            .collect();
        asked.into_iter().map(|thread| thread.join().unwrap_or_default()).collect()
    });
    let unknown = "its public half is not known".to_owned();
    let mut columns: Vec<Vec<Offer>> = Vec::new();
    for answers in &answers {
        let reply = |key: &Option<PublicKey>| {
            let key = key.as_ref()?;
            let at = blobs.iter().position(|blob| *blob == key.blob)?;
            answers.replies.get(at).cloned()
        };
        let replies =
            survey.rows.iter().map(|row| reply(&row.identity.key).unwrap_or_else(|| Reply::Unknown(unknown.clone())));
        columns.push(replies.map(|reply| Offer { reply, login: None }).collect());
    }
    let hosts = places.iter().zip(&answers).map(|(place, answers)| Host {
        typed: place.named.typed.host.clone(),
        destination: place.name(),
        host_key: answers.host_key.clone(),
        trust: answers.trust.as_ref().map(|trust| (trust.is_enough(), trust.words())),
        software: answers.software.clone(),
        accepts_any: answers.accepts_any,
        most_failures: answers.most_failures,
        offered: answers.replies.iter().filter(|reply| !matches!(reply, Reply::Unknown(_))).count(),
    });
    survey.hosts = hosts.collect();
    for (at, column) in columns.into_iter().enumerate() {
        let software = answers[at].software.as_deref();
        let until = Instant::now() + plan.timeout * LOGINS;
        let host = places[at].named.typed.host.as_str();
        for (row, mut offer) in survey.rows.iter_mut().zip(column) {
            if plan.login && matches!(offer.reply, Reply::Accepted(_)) {
                tell(host, Asked::LogsIn);
                offer.login = Some(log_in(plan, &places[at], software, row, until));
            }
            row.offers.push(offer);
        }
        tell(host, Asked::Done);
    }
}

fn ask_one(plan: &Plan, place: &Place, blobs: &[&[u8]], home: Option<&str>, tell: Tell<'_>) -> query::Answers {
    let Fact::Known(options) = &place.facts.config else {
        let why = match &place.facts.config {
            Fact::Unknown(why) => why.clone(),
            Fact::Known(_) | Fact::Absent => "ssh does not say what applies".to_owned(),
        };
        return query::Answers { replies: vec![Reply::Unknown(why); blobs.len()], ..query::Answers::default() };
    };
    let host = place.named.typed.host.as_str();
    let progress = |done| tell(host, Asked::Keys(done, blobs.len()));
    progress(0);
    let answers = query::ask_telling(
        &query::Target {
            ssh: &plan.ssh.name,
            args: &plan.common,
            options,
            home,
            host_keys: &plan.host_keys,
            limit: plan.timeout,
        },
        blobs,
        &progress,
    );
    tell(host, Asked::Done);
    answers
}

/// Logs in with one key alone, by the user's own ssh: the key signs.
fn log_in(plan: &Plan, place: &Place, software_name: Option<&str>, row: &Row, until: Instant) -> Login {
    if Instant::now() >= until {
        return Login::Failed("there was no time left to try it".into());
    }
    // A key that an agent alone holds is named to ssh by its public half.
    let file = row.identity.key.as_ref().filter(|_| row.identity.path.is_none()).and_then(PublicFile::new);
    let Some(path) = row.identity.path.clone().or_else(|| file.as_ref().map(PublicFile::path)) else {
        return Login::Failed("the agent alone has it, and no file names it to ssh".into());
    };
    let path = &path;
    let certificate = row.identity.key.as_ref().is_some_and(|key| key.kind.ends_with("-CERT"));
    let mut args: Vec<String> = Vec::new();
    let mut push = |more: &[&str]| args.extend(more.iter().map(|word| (*word).to_owned()));
    push(&["-o", "IdentitiesOnly=yes"]);
    let private = path.strip_suffix("-cert.pub").filter(|_| certificate).unwrap_or(path);
    let beside = format!("{private}-cert.pub");
    // Without a certificate, its place is taken, so that the one beside the key is not offered.
    let beside = if certificate { beside.as_str() } else { "/dev/null" };
    push(&["-o", &format!("CertificateFile={}", quoted(beside))]);
    // The configuration's own files come after this one; keys of the agent, though, come first.
    push(&["-o", &format!("IdentityFile={}", quoted(private))]);
    if row.encrypted() == Some(false) && row.problems.is_empty() {
        push(&["-o", "IdentityAgent=none"]);
    }
    args.extend(plan.common.iter().cloned());
    args.extend(place.named.options.iter().cloned());
    // An account called git has a greeting and no shell; elsewhere nothing is run after the login.
    let software = software_name.and_then(provider::by_software).is_some();
    let git = provider::by_host(&place.named.typed.host).is_some();
    let role = match git || software || place.facts.option("user") == Some("git") {
        true => Role::Vcs,
        false => Role::Other,
    };
    let mut command = place.named.typed.clone();
    // What is typed for this host is among the words already.
    command.options.clear();
    command.user = command.user.or_else(|| place.facts.option("user").map(str::to_owned));
    let target = Destination::new(role, command, &args);
    let answer = Answer { options: place.facts.config.clone(), said: String::new() };
    let deadline = (Instant::now() + plan.timeout).min(until);
    let logs = match probe(&plan.ssh, &target, &answer, deadline.into(), &|_| {}) {
        Ok(logs) => logs,
        Err(failure) => return Login::Failed(failure.to_string()),
    };
    let session = logs.last().and_then(|log| log.sessions.last());
    let Some(session) = session else {
        return Login::Failed("ssh said nothing that can be read".into());
    };
    let print = row.identity.key.as_ref().map(|key| key.fingerprint.as_str());
    let by = session.accepted.as_ref().and_then(|accepted| accepted.key.fingerprint.as_deref());
    match session.outcome {
        Outcome::Authenticated if by.is_some() && by != print => {
            Login::Failed("another key of the configuration was taken first".into())
        }
        Outcome::Authenticated => match &session.login {
            Some(login) => Login::As(login.clone()),
            None => Login::Unnamed,
        },
        Outcome::Partial => Login::Failed("the host wants more than the key".into()),
        _ if row.encrypted() == Some(true) && !row.identity.in_agent => {
            Login::Failed("its passphrase is not known to the agent".into())
        }
        _ if session.any(|kind| matches!(kind, Kind::GaveUp { .. })) => {
            Login::Failed("the login did not come to an end in time".into())
        }
        _ => Login::Failed("the login failed".into()),
    }
}

/// A file's name as ssh's options take it.
fn quoted(path: &str) -> String {
    let plain = path.replace('%', "%%");
    match plain.contains([' ', '"', '#']) {
        true => format!("\"{plain}\""),
        false => plain,
    }
}

#[cfg(all(test, unix))]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn key(folder: &Path, name: &str) -> KeyFile {
        let path = folder.join(name);
        let mut keygen = std::process::Command::new("ssh-keygen");
        keygen.args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(&path);
        assert!(keygen.status().unwrap().success());
        keyfile::inspect(&path, 1024)
    }

    #[test]
    fn the_file_of_an_agents_key_is_named() {
        let place = tempfile::tempdir().unwrap();
        let (held, other) = (key(place.path(), "held"), key(place.path(), "other"));
        let identity = Identity {
            path: None,
            label: Some("me@box".into()),
            key: held.own.known().cloned(),
            in_agent: true,
            origin: Origin::Agent,
            file: None,
            step: Step::Query,
            order: Some(1),
            left_out: None,
        };
        let facts = gather::with_config(Fact::Unknown("not asked".into()), FACTS);
        let mut rows = vec![row(identity, &facts)];
        add_found(&mut rows, held.clone());
        add_found(&mut rows, other.clone());
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[0].identity.path, Some(held.path));
        assert_eq!((rows[1].identity.origin, rows[1].identity.order), (Origin::Found, None));
        assert_eq!(rows[1].identity.path, Some(other.path));
    }

    #[test]
    fn names_are_quoted_for_options() {
        assert_eq!(quoted("/a/b"), "/a/b");
        assert_eq!(quoted("/a b%"), "\"/a b%%\"");
    }
}
