//! Another ssh than plain ssh: core.sshCommand, GIT_SSH_COMMAND, GIT_SSH.

use crate::check::scene::only;
use crate::front::scene::{command, commands, does, fails, front, repository, verdict};
use crate::kit::{GitHost, GitServer, Key, Right, Stage, mode};

/// A repository whose key plain ssh has; another key is there, too.
fn setting(stage: &Stage) -> (GitServer, Key) {
    let (good, bad) = (stage.home.key("id_ed25519"), stage.key_elsewhere("bad key"));
    let host = GitHost::github().accepts_as(&good, "octocat").lets("octocat", "octocat/hello.git", Right::Write);
    let host = host.start(stage);
    repository(stage, &host, "git.example.com", "git@git.example.com:octocat/hello.git", &only(&good));
    (host, bad)
}

#[test]
fn a_setting_with_another_key() {
    let stage = Stage::new();
    let (host, bad) = setting(&stage);
    does(
        &stage,
        &format!(
            "git config core.sshCommand \"ssh -F none -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -p {} -i '{}'\"",
            host.server.port,
            bad.path()
        ),
    );
    fails(&stage, "git push origin main");
    let (ran, report) = front(&stage, &host, &[], &["git", "push", "origin", "main"]);
    verdict(&report, "git-differs");
    assert_eq!(ran.code, Some(1));
    assert_eq!(report["verdict"]["certainty"], "certain");
    let finding = report["findings"][0].to_string();
    assert!(finding.contains("core.sshCommand in") && finding.contains("bad key"), "{finding}");
    does(&stage, &command(&report, "--unset"));
    does(&stage, "git push origin main");
}

#[test]
fn a_variable_and_a_wrapper() {
    let stage = Stage::new();
    let (host, bad) = setting(&stage);
    let line = format!("ssh -i '{}' -o IdentitiesOnly=yes -F none -p {}", bad.path(), host.server.port);
    let line = line + " -o UserKnownHostsFile=\"$HOME/.ssh/known_hosts\"";
    let wrapper = stage.new_path("my ssh");
    std::fs::write(&wrapper, format!("#!/bin/sh\nexec {line} \"$@\"\n")).unwrap();
    mode(&wrapper, 0o755);
    let wrapped = format!("'{}'", wrapper.display());
    for (name, value) in
        [("GIT_SSH_COMMAND", line.as_str()), ("GIT_SSH", wrapper.to_str().unwrap()), ("GIT_SSH_COMMAND", &wrapped)]
    {
        stage.unset_variables();
        stage.variable(name, value);
        fails(&stage, "git push origin main");
        let (_, report) = front(&stage, &host, &[], &["git", "push", "origin", "main"]);
        verdict(&report, "git-differs");
        let finding = report["findings"][0].to_string();
        assert!(finding.contains(name), "{finding}");
        let suggested = report["suggestion"]["command"].as_str().unwrap_or_else(|| panic!("{report:#}"));
        assert_eq!(report["suggestion"]["verified"], true, "{suggested}");
        does(&stage, suggested);
    }
}

/// A clone that is given an ssh of its own, in its own words: what is suggested takes their place.
#[test]
fn a_clones_own_setting() {
    let stage = Stage::new();
    let (host, bad) = setting(&stage);
    let own = format!(
        "core.sshCommand=ssh -F none -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -p {} -i '{}'",
        host.server.port,
        bad.path()
    );
    let words = ["git", "clone", "-q", "-c", &own, "git@git.example.com:octocat/hello.git", "again"];
    let (_, report) = front(&stage, &host, &[], &words);
    verdict(&report, "git-differs");
    assert!(commands(&report).iter().all(|command| !command.contains("--unset")), "{report:#}");
    let suggested = report["suggestion"]["command"].as_str().unwrap_or_else(|| panic!("{report:#}"));
    assert_eq!(report["suggestion"]["verified"], true, "{suggested}");
    does(&stage, suggested);
    assert!(stage.work().join("again").is_dir(), "{suggested}");
}
