//! git does not run the same ssh, or not in the same way, as you do.

use crate::model::facts::{GitSsh, Plain};
use crate::model::{Certainty, Change, Finding, Fix, Kind, Outcome, Severity};
use crate::rules::draft::Draft;
use crate::rules::here::facts;
use crate::rules::rule::{Rule, Stage};
use crate::rules::scene::Scene;

pub(in crate::rules) const RULE: Rule = Rule {
    explains: &[
        "dns",
        "connection-refused",
        "connection-timeout",
        "network-unreachable",
        "connection-closed",
        "host-key-changed",
        "host-key-unknown",
        "wrong-host",
        "too-many-failures",
        "pubkey-mismatch",
        "identity-missing",
        "identity-invalid",
        "identity-permissions",
        "identity-unreadable",
        "passphrase",
        "agent-unreachable",
        "agent-other",
        "identities-only",
        "pubkey-disabled",
        "method-unavailable",
        "no-identity",
        "key-not-offered",
        "key-rejected",
        "wrong-user",
        "wrong-account",
        "repo-access",
        "deploy-key",
        "authenticated",
    ],
    check: Some(check),
    local: true,
    ..Rule::of("git-differs", Stage::After, include_str!("../../../docs/causes/git-differs.md"))
};

/// Ssh programs that live side by side on one machine, by a part of their path, and what each reads.
const BUILDS: &[(&str, &str)] = &[
    ("System32/OpenSSH", "Windows' own ssh: it asks the Windows agent, and reads C:/Users/NAME/.ssh"),
    ("Git/usr/bin", "Git for Windows' ssh: it asks the agent of SSH_AUTH_SOCK, and reads the .ssh below HOME"),
    ("msys64/usr/bin", "MSYS2's ssh: it has a home of its own, below /home"),
    ("cygwin", "Cygwin's ssh: it has a home of its own, below /home"),
];

fn check(scene: &Scene<'_>) -> Option<Finding> {
    let git = facts(scene)?.git.as_ref()?;
    let session = scene.session();
    if session.jump_host {
        return None;
    }
    let at = session.end.as_ref().or_else(|| session.events.last().map(|event| &event.at))?;
    let peer = session.peer();
    if let Some(why) = &git.unlike {
        let title = format!("git does not run ssh as you do: {} names {}", git.by, shown(&git.runs));
        return Draft::new(scene, Certainty::Certain, title, at)
            .severity(Severity::Warning)
            .fact(&git.by, &git.runs)
            .says(format!("It could not be looked at, since {why}; what stands here is of plain ssh. {}", build(git)))
            .fix(Fix::script("see what git runs", "GIT_TRACE=1 git ls-remote"))
            .done();
    }
    if git.differs.is_empty() {
        return None;
    }
    let differs = || {
        let one = |(name, (ours, theirs)): &(String, (String, String))| {
            format!("{name}: git's {}, plain ssh's {}", shown(ours), shown(theirs))
        };
        git.differs.iter().map(one).collect::<Vec<_>>().join("; ")
    };
    let refused = session.any(|kind| matches!(kind, Kind::RepositoryRefused { .. }));
    let opened = session.any(|kind| matches!(kind, Kind::RepositoryOpened { .. }));
    let failed = session.outcome != Outcome::Authenticated || refused;
    let works = |plain: &&Plain| plain.outcome == Outcome::Authenticated && (plain.opened || !refused && !opened);
    let draft = |title: String| {
        let mut draft = Draft::new(scene, Certainty::Certain, title, at).fact(&git.by, &git.runs);
        for (name, (ours, theirs)) in git.differs.iter().take(3) {
            draft = draft.fact("ssh -G", &format!("{name} {ours} for git, {theirs} for plain ssh"));
        }
        draft
    };
    let Some(plain) = git.plain.as_ref().filter(works).filter(|_| failed) else {
        let title = format!("git's ssh and plain ssh differ for {peer}");
        return draft(title).severity(Severity::Note).says(format!("{}. {}", differs(), build(git))).done();
    };
    let let_in = plain.key.as_ref().map(|key| format!(" with {}", key.name())).unwrap_or_default();
    draft(format!("git's ssh fails at {peer}, and plain ssh gets in{let_in}: {} decides", git.by))
        .and(scene, session.offered.iter().map(|offer| &offer.at))
        .says(format!("Both were asked, at the same time. They differ: {}. {}", differs(), build(git)))
        .fixes(key(plain).map(|path| Fix::rerun("have git use the key that plain ssh uses", Change::none().key(path))))
        .fixes(unset(git))
        .done()
}

fn key(plain: &Plain) -> Option<&str> {
    plain.key.as_ref()?.path.as_deref()
}

/// How to return to git's own choice, which is plain ssh.
fn unset(git: &GitSsh) -> Option<Fix> {
    if !git.by.starts_with("core.sshCommand") {
        return Some(Fix::step(format!("or take {} out of the environment, so that git runs plain ssh", git.by)));
    }
    let title = format!("or have git run plain ssh again: remove {}", git.by);
    let file = git.by.split_once(" in ").map(|(_, file)| file);
    Some(match file {
        Some(file) => Fix::run(title, &["git", "config", "--file", file, "--unset", "core.sshCommand"]),
        None => Fix::step(title),
    })
}

/// What is known of the program.
fn build(git: &GitSsh) -> String {
    let path = git.runs.replace('\\', "/").to_ascii_lowercase();
    let found = BUILDS.iter().find(|(part, _)| path.contains(&part.to_ascii_lowercase()));
    found.map(|(_, words)| format!("What git runs is {words}.")).unwrap_or_default()
}

/// A setting, as it stands in a sentence.
fn shown(text: &str) -> String {
    let clean: String = text.chars().filter(|c| !crate::text::unprintable(*c)).collect();
    if clean.chars().count() > 80 { clean.chars().take(77).chain("...".chars()).collect() } else { clean }
}
