//! A repository that others made: nothing of it runs that git itself would not run for the command, and nothing outside
//! of it is asked.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use crate::front::scene::{does, verdict};
use crate::front::words::link;
use crate::kit::Stage;

/// An address where nothing listens.
const NOBODY: &str = "ssh://git@127.0.0.1:1";

/// A stage in a repository, and a file that a hostile line would make.
fn scene() -> (Stage, String) {
    let stage = Stage::new();
    stage.repository(&format!("{NOBODY}/x.git"));
    let mark = stage.new_path("mark").display().to_string();
    (stage, mark)
}

#[test]
fn a_submodules_path_leads_nowhere_else() {
    let (stage, mark) = scene();
    let foreign = stage.new_path("foreign");
    let at = foreign.display();
    does(&stage, &format!("git init -q {at} && git -C {at} remote add origin {NOBODY}/foreign.git"));
    does(&stage, &format!("git -C {at} config core.sshCommand 'touch {mark}; ssh'"));
    symlink(&foreign, stage.work().join("link")).unwrap();
    fs::create_dir(stage.work().join("sub")).unwrap();
    let up = format!("../{}", foreign.file_name().unwrap().display());
    // Wherever the work folder stands, so many ways up end at the root.
    let far = format!("sub/{}{at}", "../".repeat(40));
    // The index has what it can have, and such a path is not among that.
    does(&stage, &format!("{}; {}", link("link"), link("s")));
    let rest = format!("[submodule \"s\"]\npath = s\nurl = {NOBODY}/s.git\n");
    for path in [up.as_str(), &far, &at.to_string(), "link"] {
        let listed = format!("[submodule \"o\"]\npath = {path}\nurl = {NOBODY}/o.git\n{rest}");
        fs::write(stage.work().join(".gitmodules"), listed).unwrap();
        let report = stage.in_front(&[], &["git", "submodule", "update", "--init"]).report();
        verdict(&report, "connection-refused");
        let count = report["transcripts"].as_array().unwrap().len();
        assert_eq!(count, if path == "link" { 2 } else { 1 }, "{path}: {report:#}");
        assert!(!fs::exists(&mark).unwrap(), "{path}: a foreign folder's settings were gone by");
        assert!(!report.to_string().contains("foreign"), "{path}: {report:#}");
    }
    // As in git: what begins with a dash is no address, and a name with a way up is none.
    for (name, url) in
        [("s", "--upload-pack=touch"), ("s", "-oProxyCommand=touch"), ("../../s", "ssh://git@127.0.0.1:1/s")]
    {
        let listed = format!("[submodule \"{name}\"]\npath = s\nurl = {url}\n");
        fs::write(stage.work().join(".gitmodules"), listed).unwrap();
        let ran = stage.in_front(&[], &["git", "submodule", "update", "--init"]);
        assert_eq!(ran.code, Some(2), "{name} {url}: {}", ran.stdout);
    }
}

/// git rewrites an address once; what comes of it is not rewritten again.
#[test]
fn an_address_is_rewritten_once() {
    let (stage, mark) = scene();
    for setting in [
        "protocol.ext.allow always",
        "url.ssh://git@127.0.0.2:1/.insteadOf ssh://git@127.0.0.1:1/",
        &format!("'url.ext::touch {mark} .insteadOf' ssh://git@127.0.0.2:1/"),
    ] {
        does(&stage, &format!("git config {setting}"));
    }
    for words in
        [&["git", "fetch", "ssh://git@127.0.0.1:1/x"][..], &["git", "fetch"], &["git", "push", "origin", "main"]]
    {
        let report = stage.in_front(&[], words).report();
        verdict(&report, "connection-refused");
        assert_eq!(report["transcripts"][0]["sessions"][0]["host"], "127.0.0.2", "{words:?}: {report:#}");
        assert!(!fs::exists(&mark).unwrap(), "{words:?}");
    }
}

#[test]
fn what_a_repository_has_run_is_not_run() {
    let (stage, mark) = scene();
    for setting in [
        "core.fsmonitor",
        "core.pager",
        "core.editor",
        "core.askPass",
        "core.gitProxy",
        "credential.helper",
        "sequence.editor",
        "uploadpack.packObjectsHook",
        "alias.fetch",
        "alias.config",
        "alias.ls-remote",
    ] {
        let value = if setting.starts_with("alias") { format!("!touch {mark}") } else { format!("touch {mark}") };
        does(&stage, &format!("git config {setting} '{value}'"));
    }
    does(&stage, "git config pager.config true");
    for hook in ["pre-push", "reference-transaction", "post-checkout", "post-index-change", "pre-auto-gc"] {
        let path = stage.work().join(".git/hooks").join(hook);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, format!("#!/bin/sh\ntouch {mark}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    for words in [
        &["git", "fetch"][..],
        &["git", "push", "origin", "main"],
        &["git", "pull"],
        &["git", "submodule", "update", "--init"],
        &["git", "fetch", "--all"],
    ] {
        stage.in_front(&[], words);
        assert!(!fs::exists(&mark).unwrap(), "{words:?}");
    }
    // A helper of another protocol, and hosts that would be options.
    does(&stage, &format!("git config protocol.ext.allow always && git config remote.origin.url 'ext::touch {mark}'"));
    assert_eq!(stage.in_front(&[], &["git", "fetch"]).code, Some(2));
    for url in [format!("ssh://-oProxyCommand=touch{mark}/x"), format!("-oProxyCommand=touch{mark}:x")] {
        does(
            &stage,
            &format!("git config remote.origin.url -- '{url}' || git config set remote.origin.url -- '{url}'"),
        );
        assert_eq!(stage.in_front(&[], &["git", "fetch"]).code, Some(2), "{url}");
    }
    assert!(!fs::exists(&mark).unwrap());
}

/// Nobody has typed a command of git's: what the repository would have run for one stays alone.
#[test]
fn a_check_runs_no_program_of_the_repositorys() {
    let (stage, mark) = scene();
    let script = stage.work().join("ssh");
    fs::write(&script, format!("#!/bin/sh\ntouch {mark}\n")).unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    let hostile = format!("Match exec \"touch {mark}\"\n");
    fs::write(stage.work().join("config"), hostile).unwrap();
    let check = || stage.run("check", &["--ci", "ssh -p 1 127.0.0.1"]).format("json").finish().report();
    let told = |report: &serde_json::Value| {
        let findings = report["findings"].as_array().unwrap();
        findings
            .iter()
            .any(|finding| finding["cause"] == "git-differs" && finding.to_string().contains("repository's own"))
    };
    for line in [
        format!("touch {mark}; ssh"),
        format!("X=$(touch {mark}) ssh"),
        format!("ssh -o ProxyCommand=\"touch {mark}\""),
        format!("ssh -oKnownHostsCommand=\"/usr/bin/touch {mark}\""),
        "ssh -F config".to_owned(),
        "ssh -o HostName=127.0.0.2".to_owned(),
        "./ssh".to_owned(),
        format!("{} -4", script.display()),
    ] {
        does(&stage, &format!("git config core.sshCommand {}", shlex::try_quote(&line).unwrap()));
        let report = check();
        assert!(!fs::exists(&mark).unwrap(), "{line}");
        assert!(told(&report), "{line}: {report:#}");
        assert!(!report["transcripts"].to_string().contains("127.0.0.2"), "{line}");
    }
    does(&stage, "git config --unset core.sshCommand");
    for (file, set) in [
        (".git/evil", "git config include.path evil"),
        (".git/config.worktree", "git config extensions.worktreeConfig true"),
    ] {
        fs::write(stage.work().join(file), format!("[core]\nsshCommand = touch {mark}; ssh\n")).unwrap();
        does(&stage, set);
        assert!(told(&check()), "{file}");
        assert!(!fs::exists(&mark).unwrap(), "{file}");
        fs::remove_file(stage.work().join(file)).unwrap();
    }
    // A key of the repository's own is what many have there.
    does(&stage, "git config core.sshCommand 'ssh -i ~/.ssh/of-work -o IdentitiesOnly=yes'");
    let report = check();
    assert!(!told(&report), "{report:#}");
    assert!(report["transcripts"].to_string().contains(".ssh/of-work"), "{report:#}");
}

/// Thousands of remotes cost no more than the few that are followed, and a setting's control characters are nobody's.
#[test]
fn settings_without_measure() {
    let (stage, _) = scene();
    let config = stage.work().join(".git/config");
    let before = fs::read_to_string(&config).unwrap();
    let remotes: String = (0..3000).map(|n| format!("[remote \"r{n}\"]\nurl = {NOBODY}/{n}\n")).collect();
    fs::write(&config, before.clone() + &remotes).unwrap();
    let report = stage.in_front(&[], &["git", "fetch", "--all"]).report();
    assert_eq!(report["transcripts"].as_array().unwrap().len(), 16);
    stage.run("check", &["--ci", "ssh -p 1 127.0.0.1"]).format("json").finish().report();
    let line = "ssh \u{1b}]0;t\u{7}\u{1b}[31m\u{9b}2J\u{202e}\u{2066} -o X=1";
    fs::write(&config, format!("{before}[core]\nsshCommand = \"{line}\"\n")).unwrap();
    for words in [&["git", "fetch"][..], &["git", "push", "origin", "main"]] {
        let ran = stage.in_front(&[], words);
        let findings = ran.report()["findings"].clone();
        assert!(findings.to_string().contains("-o X=1"), "{findings:#}");
        assert!(!findings.to_string().chars().any(ssh_why::inside::text::unprintable), "{findings:#}");
        assert!(!findings.to_string().contains("\\u001b"), "{findings:#}");
    }
}
