//! The destinations of a git command.

use std::thread;
use std::time::Duration;

use super::ask::{self, Git, MOST, Target, Trouble, Within};
use super::program::{self, Runs};

use crate::live::config;
use crate::live::destination::{Asked, Destination, Purpose, Service, is_safe};
use crate::live::program::Program;
use crate::live::thread::beside;
use crate::model::Role;
use crate::model::command::{Front, Repository};
use crate::model::facts::GitSsh;
use crate::model::session::Typed;
use crate::shell::{GitCall, Whom, git_call, parse_ssh};

/// The destinations of a git command, as git's own ssh would be sent there. `common` are options of ssh for all.
///
/// # Errors
/// git is missing, or what the command talks to is not reached by ssh.
pub(crate) fn destinations(call: &GitCall, common: &[String], limit: Duration) -> Result<Vec<Destination>, Trouble> {
    by(&|runs| runs, call, common, limit)
}

/// The same, by what git runs as far as that is taken.
fn by(
    taken: &dyn Fn(Runs) -> Runs,
    call: &GitCall,
    common: &[String],
    limit: Duration,
) -> Result<Vec<Destination>, Trouble> {
    thread::scope(|scope| {
        // All else waits for it; the folder nobody waits for.
        let git = Git::new(call, limit)?;
        let folder = beside(scope, || ask::work_tree(&call.before, limit));
        let runs = taken(program::runs(&git.settings, limit));
        let mut told = Vec::new();
        for target in git.targets(call)?.into_iter().take(MOST) {
            let own = match &target.within {
                Within::Here => None,
                within => Some(git.within(within, call)?),
            };
            let runs = own.as_ref().map_or_else(|| runs.clone(), |own| taken(program::runs(&own.settings, limit)));
            let asked = {
                let (runs, target) = (runs.clone(), target.clone());
                beside(scope, move || ahead(call, common, &runs, &target, limit))
            };
            let words = own.as_ref().unwrap_or(&git).words(&target);
            told.push(Told { runs, words, target, asked: asked.join().flatten() });
        }
        follow(call, common, told, folder.join().flatten())
    })
}

/// What git tells of one repository that a command talks to: the ssh that it runs, and its words.
struct Told {
    target: Target,
    runs: Runs,
    words: Result<Vec<String>, Trouble>,
    /// What that ssh told meanwhile.
    asked: Option<Asked>,
}

/// What git's ssh says of a repository's host, by the words that git most likely has for it. Where it has others, the
/// answer is of no use.
fn ahead(call: &GitCall, common: &[String], runs: &Runs, target: &Target, limit: Duration) -> Option<Asked> {
    let typed = Destination::parse(&target.address)?;
    let port = typed.port.iter().flat_map(|port| ["-p".to_owned(), port.to_string()]);
    let host = match &typed.user {
        Some(user) => format!("{user}@{}", typed.host),
        None => typed.host.clone(),
    };
    let words: Vec<String> = port.chain([host, String::new()]).collect();
    let place = destination(call, common, runs, target, &words, None)?;
    let ssh = place.program.clone().unwrap_or_default();
    let of = place.words(Purpose::Ask);
    let answer = config::ask_all(&ssh, &of, limit).ok()?;
    Some(Asked { ssh, of, answer })
}

/// The destinations behind the words that git has for ssh.
fn follow(
    call: &GitCall,
    common: &[String],
    told: Vec<Told>,
    work_tree: Option<String>,
) -> Result<Vec<Destination>, Trouble> {
    let mut places: Vec<Destination> = Vec::new();
    let mut other = None;
    for Told { target, runs, words, asked } in told {
        match words {
            Ok(words) => {
                // A setting for good is made where git looks for it.
                let work_tree = match &target.within {
                    Within::Here => work_tree.clone(),
                    Within::Submodule(folder) => Some(folder.to_string_lossy().into_owned()),
                    Within::Nowhere => None,
                };
                let place = destination(call, common, &runs, &target, &words, work_tree);
                let place = place.map(|place| Destination { asked, ..place });
                places.extend(place.filter(|place| !places.iter().any(|known| known.is_same(place))));
            }
            Err(trouble @ Trouble::Failed(_)) => return Err(trouble),
            Err(trouble) => other = other.or(Some(trouble)),
        }
    }
    match other {
        Some(trouble) if places.is_empty() => Err(trouble),
        _ if places.is_empty() => Err(Trouble::NoRemote),
        _ => Ok(places),
    }
}

/// The git hosts of the repository that one stands in, by the ssh that git runs, save what the repository itself would have
/// run. None: this is none, or none of its
/// remotes is reached by ssh.
pub(crate) fn remotes(common: &[String], limit: Duration) -> Vec<Destination> {
    let words = ["git", "remote", "update"].map(str::to_owned);
    let call = git_call(&words).map(|call| GitCall { whom: Whom::All, ..call });
    let places = call.and_then(|call| by(&Runs::unasked, &call, common, limit).ok()).unwrap_or_default();
    let mut hosts: Vec<Destination> = Vec::new();
    for place in places.into_iter().map(host_alone) {
        if !hosts.iter().any(|known| known.is_same(&place)) {
            hosts.push(place);
        }
    }
    hosts
}

/// The host of a remote, asked for none of its repositories.
fn host_alone(mut place: Destination) -> Destination {
    place.service = None;
    let front = place.command.front.take();
    if place.git.is_none() {
        // git runs plain ssh there, and so can its user.
        place.command.program = Program::default().name;
        place.command.options.push(('T', None));
        return place;
    }
    let remote = front.as_ref().and_then(|front| front.repository.as_ref()?.remote.clone());
    let rest = ["ls-remote".to_owned()].into_iter().chain(remote).collect();
    place.command.front = front.map(|front| Front { rest, ..front });
    place
}

/// A destination, by the words that git has for ssh.
fn destination(
    call: &GitCall,
    common: &[String],
    runs: &Runs,
    target: &Target,
    words: &[String],
    work_tree: Option<String>,
) -> Option<Destination> {
    let (service, words) = words.split_last()?;
    let mut told = words.to_vec();
    // What the protocol's version is told by is git's own business.
    if let Some(at) = told.windows(2).position(|two| two == ["-o", "SendEnv=GIT_PROTOCOL"]) {
        told.drain(at..at + 2);
    }
    let before: &[String] = match runs {
        Runs::Ssh { options, .. } => options,
        Runs::Usual | Runs::Wrapper { .. } | Runs::Other { .. } => &[],
    };
    let line: Vec<String> = ["ssh".to_owned()].into_iter().chain(before.iter().cloned()).chain(told).collect();
    let mut typed = parse_ssh(&line)?;
    // The address has its port, and git names it again.
    typed.options.retain(|(letter, _)| *letter != 'p' || before.iter().any(|word| word.starts_with("-p")));
    let path = path_of(service);
    let repository = Repository {
        path: path.clone(),
        write: call.write,
        remote: target.remote.clone(),
        push_address: target.push_address,
        work_tree,
        clone: call.clones(),
    };
    let front = Front {
        before: call.before.clone(),
        rest: call.rest.clone(),
        by_environment: matches!(
            runs,
            Runs::Ssh { by_environment: true, .. } | Runs::Wrapper { by_environment: true, .. }
        ),
        handed: if runs.is_of_repository() { typed.options.clone() } else { Vec::new() },
        repository: Some(repository),
    };
    let told = typed.options.clone();
    let command = Typed { program: "git".into(), front: Some(front), ..typed };
    let mut place = Destination::new(Role::Vcs, command, common);
    place.exact = true;
    place.told = told;
    place.service = Some(Service { command: service.clone(), path, write: call.write });
    match runs {
        Runs::Usual => {}
        Runs::Ssh { program, line, by, .. } => {
            place.program = Some(program.clone());
            place.git = Some(GitSsh { runs: line.clone(), by: by.clone(), ..GitSsh::default() });
        }
        Runs::Wrapper { program, line, by, .. } => {
            place.program = Some(program.clone());
            place.git = Some(GitSsh { runs: line.clone(), by: by.clone(), ..GitSsh::default() });
        }
        Runs::Other { line, by, why } => {
            let unlike = Some((*why).to_owned());
            place.git = Some(GitSsh { runs: line.clone(), by: by.clone(), unlike, ..GitSsh::default() });
        }
    }
    is_safe(&place.command).then_some(place)
}

/// The same destination as plain ssh would be sent there: without what git's settings say.
pub(crate) fn plain(place: &Destination) -> Option<Destination> {
    place.git.as_ref()?;
    let mut plain = place.clone();
    plain.git = None;
    plain.program = None;
    plain.command.options.retain(|option| !place.told.contains(option));
    plain.command.program = Program::default().name;
    Some(plain)
}

/// The path in `git-upload-pack 'PATH'`, as git quotes it (quote.c).
fn path_of(service: &str) -> String {
    let words = crate::shell::split(service);
    words.last().cloned().unwrap_or_default()
}
