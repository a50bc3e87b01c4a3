//! Commands in front of which the program stands, and what is no such command.

use crate::check::scene::{block, only};
use crate::front::scene::{does, fails, front, repository, verdict};
use crate::kit::{GitHost, GoServer, Right, Sshd, Stage};

/// ssh and the programs that copy over it: the user's own command comes back, with the key that works.
#[test]
fn programs_that_run_ssh() {
    let stage = Stage::new();
    let (key, other) = (stage.home.key("id_work"), stage.home.key("id_ed25519"));
    let plain = format!("{}\n", key.public);
    let ci = Sshd::ci().authorized(&plain).option("Subsystem sftp internal-sftp").start(&stage);
    stage.home.knows("box.example.com", &ci);
    stage.home.config(&block("box.example.com", &ci, &only(&other)));
    let port = ci.port.to_string();
    std::fs::write(stage.work().join("a file"), "x").unwrap();
    let copied = stage.new_path("copied");
    let remote = format!("box.example.com:{}", copied.display());
    let shell = format!("ssh -p {port}");
    let commands: &[&[&str]] = &[
        &["ssh", "-p", &port, "box.example.com", "true"],
        &["scp", "-P", &port, "a file", &remote],
        &["rsync", "-a", "a file", &remote],
        &["rsync", "-ae", &shell, "a file", &remote],
        &["sftp", "-P", &port, "-b", "/dev/null", "box.example.com"],
    ];
    let mut lines = Vec::new();
    for words in commands {
        let ran = stage.in_front(&["--all-keys"], words);
        let report = ran.report();
        verdict(&report, "key-rejected");
        let line = report["suggestion"]["command"].as_str().unwrap_or_else(|| panic!("{report:#}"));
        assert_eq!(report["suggestion"]["verified"], true, "{line}");
        assert!(line.starts_with(words[0]) && line.contains("id_work"), "{line}");
        lines.push(line.to_owned());
    }
    // Only now, since nothing but a login may have been asked of the host.
    for line in lines {
        does(&stage, &line);
    }
    assert!(copied.exists());
}

#[test]
fn words_that_connect_nowhere() {
    let stage = Stage::new();
    for (words, said) in [
        (&["git", "status"][..], "talks to no host"),
        (&["git", "push"], "no remote"),
        (&["scp", "a", "b"], "no host"),
        (&["rsync", "-e", "rsh", "a", "box:b"], "no host"),
        (&["ssh"], "no host"),
        (&["ssh", "-O", "check", "box"], "logs in nowhere"),
        (&["ssh", "-oProxyCommand=x"], "no host"),
        (&["ssh", "box", "--all-keys"], "stand before the command"),
        (&["sudo", "-E", "git", "push"], "sudo -E ssh-why git push"),
        (&["git", "clone", "https://git.example.com/acme/tools.git"], "git@git.example.com:acme/tools.git"),
        (&["git", "clone", "/srv/tools.git"], "not reach by ssh"),
        (&["git", "clone", "ext::sh -c true"], "not reach by ssh"),
    ] {
        let ran = stage.in_front(&[], words);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{words:?}: {}", ran.stderr);
        assert!(ran.stderr.contains(said), "{words:?}: {}", ran.stderr);
    }
}

/// An address of the web: a sentence, and the command that makes it one of ssh.
#[test]
fn a_remote_of_the_web() {
    let stage = Stage::new();
    let key = stage.home.key("id_ed25519");
    let host = GitHost::github().accepts_as(&key, "octocat").lets("octocat", "octocat/hello.git", Right::Write);
    let host = host.start(&stage);
    repository(&stage, &host, "github.com", "https://github.com/octocat/hello.git", "");
    let ran = stage.in_front(&[], &["git", "push"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{}", ran.stderr);
    let line = ran.stderr.lines().find_map(|line| line.split_once("by ssh: ")).map(|(_, line)| line.to_owned());
    does(&stage, &line.unwrap_or_else(|| panic!("{}", ran.stderr)));
    does(&stage, "git push origin main");
    // An address for pushes alone.
    does(&stage, "git remote set-url --push origin https://github.com/octocat/hello.git");
    let ran = stage.in_front(&[], &["git", "push"]);
    let line = ran.stderr.lines().find_map(|line| line.split_once("by ssh: ")).map(|(_, line)| line.to_owned());
    does(&stage, &line.unwrap_or_else(|| panic!("{}", ran.stderr)));
    does(&stage, "git push origin main");
}

/// An alias stands for what git makes of it; one that a shell runs is not run.
#[test]
fn an_alias_is_written_out() {
    let stage = Stage::new();
    let (other, key) = (stage.home.key("id_ed25519"), stage.home.key("id_work"));
    let host = GitHost::github().accepts_as(&key, "octocat").lets("octocat", "octocat/hello.git", Right::Write);
    let host = host.start(&stage);
    repository(&stage, &host, "git.example.com", "git@git.example.com:octocat/hello.git", &only(&other));
    let mark = stage.new_path("mark");
    does(&stage, "git config alias.up 'push -q'; git config alias.u up");
    does(&stage, &format!("git config alias.sh '!touch {}'", mark.display()));
    let (_, report) = front(&stage, &host, &["--all-keys"], &["git", "u", "origin", "main"]);
    verdict(&report, "key-rejected");
    let suggested = report["suggestion"]["command"].as_str().unwrap();
    assert!(suggested.ends_with(" push -q origin main"), "{suggested}");
    does(&stage, suggested);
    let ran = stage.in_front(&[], &["git", "sh"]);
    assert!(ran.code == Some(2) && ran.stderr.contains("talks to no host"), "{}", ran.stderr);
    assert!(!mark.exists());
    // git's own commands are what they are, whatever a repository calls by their names.
    does(&stage, "git config alias.status 'push -q'");
    let ran = stage.in_front(&[], &["git", "status"]);
    assert!(ran.code == Some(2) && ran.stderr.contains("talks to no host"), "{}", ran.stderr);
}

/// Another program's words come first: what to type can be pasted, and who the command runs as is told.
#[test]
fn behind_another_program() {
    let stage = Stage::new();
    let program = env!("CARGO_BIN_EXE_ssh-why");
    let ssh = "GIT_SSH_COMMAND=ssh -p 1";
    let ran = stage.in_front(&[], &["env", ssh, "git", "fetch", "git@127.0.0.1:x"]);
    assert_eq!(ran.code, Some(2));
    let line = ran.stderr.lines().find_map(|line| line.split_once("rsync: ")).map(|(_, line)| line.to_owned());
    let line = line.unwrap_or_else(|| panic!("{}", ran.stderr));
    let said = fails(&stage, &line.replace("ssh-why", &format!("'{program}'")));
    assert!(said.contains("connection-refused"), "{line}: {said}");
    let ran = stage.in_front(&[], &["sudo", "git", "pull"]);
    assert!(ran.stderr.contains("sudo ssh-why git pull") && ran.stderr.contains("another user"), "{}", ran.stderr);
}

/// Where an address leads is git's own answer.
#[test]
fn what_git_makes_of_an_address() {
    let stage = Stage::new();
    let key = stage.home.key("id_ed25519");
    let host = GitHost::github()
        .accepts_as(&key, "octocat")
        .lets("octocat", "octocat/hello.git", Right::Write)
        .lets("octocat", "octocat/other.git", Right::Write)
        .start(&stage);
    repository(&stage, &host, "git.example.com", "gh:octocat/hello.git", "");
    let says = |words: &[&str], wanted: &str| {
        let (_, report) = front(&stage, &host, &[], words);
        verdict(&report, "authenticated");
        let summary = report["verdict"]["summary"].as_str().unwrap().to_owned();
        assert!(summary.contains(wanted), "{words:?}: {summary}");
    };
    does(&stage, "git config url.git@git.example.com:.insteadOf gh:");
    says(&["git", "push", "origin", "main"], "write to octocat/hello.git");
    does(&stage, "git config url.git@git.example.com:octocat/other.pushInsteadOf gh:octocat/hello");
    says(&["git", "push"], "write to octocat/other.git");
    says(&["git", "push", "gh:octocat/hello.git"], "write to octocat/other.git");
    says(&["git", "fetch"], "read octocat/hello.git");
    // A clone goes by no setting of the repository round it.
    does(&stage, "git config --global url.git@git.example.com:.insteadOf hub:");
    says(&["git", "clone", "hub:octocat/hello.git"], "read octocat/hello.git");
    let (_, report) = front(&stage, &host, &[], &["git", "clone", "gh:octocat/hello.git"]);
    verdict(&report, "dns");
    // A remote's own address for pushing, another remote for it, and a branch's.
    does(&stage, "git remote set-url --push origin git@git.example.com:octocat/hello.git");
    says(&["git", "push"], "write to octocat/hello.git");
    does(&stage, "git remote add up git@git.example.com:octocat/other.git");
    does(&stage, "git config remote.pushDefault up");
    says(&["git", "push"], "write to octocat/other.git");
    says(&["git", "-c", "remote.pushDefault=origin", "push"], "write to octocat/hello.git");
    // From a worktree and from a folder below.
    does(&stage, "git worktree add -q ../tree && mkdir -p below");
    says(&["git", "-C", "../tree", "push", "up"], "write to octocat/other.git");
    says(&["git", "-C", "below", "fetch", "up"], "read octocat/other.git");
}

/// The index has a submodule there.
pub(super) fn link(path: &str) -> String {
    format!("git update-index --add --cacheinfo 160000,{:040},{path}", 1)
}

/// Settings of a folder, a submodule on another host.
#[test]
fn settings_of_a_folder_and_submodules() {
    let stage = Stage::new();
    let (key, other) = (stage.home.key("id_ed25519"), stage.home.key("id_work"));
    let host =
        GitHost::github().accepts_as(&other, "hubot").lets("hubot", "acme/tools.git", Right::Write).start(&stage);
    let box_ = GoServer::gitea().start(&stage);
    repository(&stage, &host, "git.example.com", "git@git.example.com:acme/tools.git", &only(&key));
    fails(&stage, "git push origin main");
    let settings = stage.home.folder().join(".gitconfig-work");
    let line = format!("ssh -F none -o IdentitiesOnly=yes -i {} -p {}", other.path(), host.server.port);
    std::fs::write(&settings, format!("[core]\nsshCommand = {line}\n")).unwrap();
    does(
        &stage,
        &format!("git config --global includeIf.gitdir:{}/.path {}", stage.work().display(), settings.display()),
    );
    let (_, report) = front(&stage, &host, &[], &["git", "push", "origin", "main"]);
    verdict(&report, "authenticated");
    let differs = report["findings"].as_array().unwrap().iter().find(|finding| finding["cause"] == "git-differs");
    let differs = differs.unwrap_or_else(|| panic!("{report:#}"));
    assert!(differs["evidence"].to_string().contains(".gitconfig-work"), "{differs}");
    does(&stage, "git push -q origin main");
    // What is only listed is asked for, too, if the index has it; one that is relative is where its repository is.
    let listed = format!(
        "[submodule \"a\"]\npath = a\nurl = ssh://git@git.example.org:{}/x/a.git\n[submodule \"b\"]\npath = b\nurl = ../tools.git\n\
         [submodule \"c\"]\npath = c\nurl = git@bitbucket.org:x/c.git\n",
        box_.port
    );
    std::fs::write(stage.work().join(".gitmodules"), listed).unwrap();
    does(&stage, &format!("{}; {}", link("a"), link("b")));
    let sources = |words: &[&str]| {
        let (_, report) = front(&stage, &host, &[], words);
        let logs = report["transcripts"].as_array().unwrap();
        let mut sources: Vec<_> = logs.iter().map(|log| log["source"].as_str().unwrap().to_owned()).collect();
        sources.sort_unstable();
        assert_ne!(report["verdict"]["cause"], "authenticated");
        sources
    };
    let update = ["git", "submodule", "update", "--init"];
    assert_eq!(sources(&update), ["live:git.example.com", "live:git.example.org"]);
    assert_eq!(sources(&[&update[..], &["--", "a"]].concat()), ["live:git.example.org"]);
    // Without --init those that are set up, by the address that the settings have.
    let ran = stage.in_front(&[], &update[..3]);
    assert!(ran.code == Some(2) && ran.stderr.contains("no submodule"), "{}", ran.stderr);
    does(&stage, &format!("git config submodule.b.url ssh://git@git.example.org:{}/x/b.git", box_.port));
    assert_eq!(sources(&update[..3]), ["live:git.example.org"]);
    let add = ["git", "submodule", "add", &format!("ssh://git@git.example.org:{}/x/d.git", box_.port), "d"];
    assert_eq!(sources(&add), ["live:git.example.org"]);
}

/// The ssh of a repository is none of its submodules'; that of a clone's own words is the clone's.
#[test]
fn whose_ssh_command_it_is() {
    let stage = Stage::new();
    let (key, other) = (stage.home.key("id_ed25519"), stage.home.key("id_work"));
    let host =
        GitHost::github().accepts_as(&other, "hubot").lets("hubot", "acme/tools.git", Right::Write).start(&stage);
    repository(&stage, &host, "git.example.com", "git@git.example.com:acme/tools.git", &only(&key));
    let listed = "[submodule \"a\"]\npath = a\nurl = git@git.example.com:acme/tools.git\n";
    std::fs::write(stage.work().join(".gitmodules"), listed).unwrap();
    does(&stage, &link("a"));
    let line = format!("ssh -o IdentitiesOnly=yes -o IdentityFile=none -i {}", other.path());
    does(&stage, &format!("git config core.sshCommand '{line}'"));
    let differs = |report: &serde_json::Value| report["findings"].to_string().contains("git-differs");
    let (_, report) = front(&stage, &host, &[], &["git", "fetch", "origin"]);
    assert!(differs(&report), "{report:#}");
    let (_, report) = front(&stage, &host, &[], &["git", "submodule", "update", "--init"]);
    assert!(!differs(&report), "{report:#}");
    verdict(&report, "key-rejected");
    // Given for all that git does here, and for the clone.
    let setting = format!("core.sshCommand={line}");
    let (_, report) = front(&stage, &host, &[], &["git", "-c", &setting, "submodule", "update", "--init"]);
    assert!(differs(&report), "{report:#}");
    let address = "git@git.example.com:acme/tools.git";
    let (_, report) = front(&stage, &host, &[], &["git", "clone", "-c", &setting, address]);
    assert!(differs(&report), "{report:#}");
    let (_, report) = front(&stage, &host, &[], &["git", "clone", address]);
    verdict(&report, "key-rejected");
}

/// Nothing but the program's name, a host's, or a log's.
#[test]
fn the_program_alone() {
    let stage = Stage::new();
    let key = stage.home.key("id_ed25519");
    let host = GitHost::github().accepts_as(&key, "octocat").lets("octocat", "octocat/hello.git", Right::Write);
    let host = host.start(&stage);
    repository(&stage, &host, "github.com", "git@github.com:octocat/hello.git", "");
    let program = env!("CARGO_BIN_EXE_ssh-why");
    for words in ["</dev/null", "git@github.com", "ssh://git@github.com/octocat/hello.git", "github.com"] {
        let said = does(&stage, &format!("'{program}' {words}"));
        assert!(said.contains("Logged in to github.com as octocat"), "{words}: {said}");
    }
    std::fs::write(stage.work().join("a.log"), "git@github.com: Permission denied (publickey).\n").unwrap();
    for words in ["a.log", "<a.log", "a.log --format json"] {
        let (_, said) = stage.sh(&format!("'{program}' {words}"));
        assert!(said.contains("a.log") || said.contains("-:1"), "{words}: {said}");
    }
    let (_, said) = stage.sh(&format!("cat a.log | '{program}'"));
    assert!(said.contains("Permission denied"), "{said}");
}

/// Inside a repository the ssh that git runs there is the git host's ssh, and its key the one to compare.
#[test]
fn the_git_hosts_ssh_is_gits() {
    let stage = Stage::new();
    let (key, other) = (stage.key_elsewhere("of git"), stage.home.key("id_ed25519"));
    let host = GitHost::github().accepts_as(&key, "octocat").lets("octocat", "octocat/hello.git", Right::Write);
    let host = host.start(&stage);
    repository(&stage, &host, "git.example.com", "git@git.example.com:octocat/hello.git", &only(&other));
    let line = format!("ssh -F none -p {} -o IdentitiesOnly=yes -i '{}'", host.server.port, key.path());
    does(&stage, &format!("git config core.sshCommand \"{line}\""));
    let ci = GoServer::ci().accepts(&key).start(&stage);
    let report = stage.check(&["--ci", &ci.command()]).report();
    verdict(&report, "key-not-offered");
    let suggested = report["suggestion"]["command"].as_str().unwrap();
    assert!(suggested.contains("of git"), "{suggested}");
    assert_eq!(report["suggestion"]["verified"], true);
}

/// git has the last word on why it runs no ssh.
#[test]
fn an_address_that_git_itself_refuses() {
    let stage = Stage::new();
    stage.repository("ssh://git@127.0.0.1:1/x.git");
    does(&stage, "git config protocol.ssh.allow never");
    let ran = stage.in_front(&[], &["git", "fetch"]);
    assert_eq!(ran.code, Some(2), "{}", ran.stdout);
    assert!(
        ran.stderr.contains("git does not get as far as ssh: fatal: transport 'ssh' not allowed"),
        "{}",
        ran.stderr
    );
}
