//! What stands on the command line, and what is printed for it.

use crate::scene::{block, check, github, only, sessions};
use crate::support::{GoServer, Sshd, Stage};

scenes! {
    /// The line for Windows jobs, with its tail.
    powershell_stays_at_the_end: "key-not-offered", Works, |stage| {
        let key = stage.home.key("id_github");
        let git = GoServer::github().accepts(&key).start(stage);
        let ci = Sshd::ci().accepts(&key).start(stage);
        github(&stage.home, &git, &only(&key));
        let command = format!("{} -- powershell.exe", ci.command());
        let followed = ci.clone();
        check(["--vcs", "github.com", "--ci", &command])
            .suggests(format!("-p {} 127.0.0.1 -- powershell.exe", ci.port))
            .then(move |report| {
                assert!(followed.commands().is_empty());
                let argv = report["suggestion"]["argv"].as_array().unwrap();
                assert_eq!(argv.last().unwrap(), "powershell.exe");
            })
    }

    /// A prompt and a full path before it, as people paste it.
    pasted_with_a_prompt: "authenticated", Any, |stage| {
        let key = stage.home.key("id_ed25519");
        let git = GoServer::github().accepts(&key).start(stage);
        let ci = Sshd::ci().accepts(&key).start(stage);
        github(&stage.home, &git, "");
        check(["--vcs", "github.com", "--ci", &format!("$ {}  ", ci.command())])
            .sources(&["live:127.0.0.1", "live:github.com"])
    }

    user_and_options_in_the_ci_command: "authenticated", Any, |stage| {
        let (key, other) = (stage.home.key("id_ci"), stage.home.key("id_ed25519"));
        let git = GoServer::github().accepts(&other).start(stage);
        let ci = GoServer::ci().accepts(&key).start(stage);
        github(&stage.home, &git, "");
        let command = format!("ssh -i {} -o IdentitiesOnly=yes -l circleci -p {} 127.0.0.1", key.path(), ci.port);
        check(["--vcs", "github.com", "--ci", &command]).then(move |_| {
            assert!(ci.log().contains("of user circleci: accepted"), "{}", ci.log());
        })
    }

    /// A configuration that the CI command itself names.
    config_in_the_ci_command: "authenticated", Any, |stage| {
        let (key, other) = (stage.key_elsewhere("id_ci"), stage.home.key("id_ed25519"));
        let git = GoServer::github().accepts(&other).start(stage);
        let ci = Sshd::ci().accepts(&key).start(stage);
        github(&stage.home, &git, "");
        let file = stage.config_elsewhere(&block("ci-box", &ci, &format!("HostName 127.0.0.1\n{}", only(&key))));
        check(["--vcs", "github.com", "--ci", &format!("ssh -F {file} ci-box")])
    }

    two_parallel_runs: "key-rejected", Any, |stage| {
        let key = stage.home.key("id_ed25519");
        let git = GoServer::github().accepts(&key).start(stage);
        let (good, bad) = (Sshd::ci().accepts(&key).start(stage), GoServer::ci().start(stage));
        github(&stage.home, &git, "");
        let port = bad.port;
        check(["--vcs", "github.com", "--ci", &good.command(), "--ci", &bad.command()]).then(move |report| {
            let ci: Vec<_> = sessions(report).filter(|session| session["role"] == "ci").collect();
            assert_eq!(ci.len(), 2);
            assert_eq!(report["comparisons"].as_array().unwrap().len(), 2);
            let summary = report["verdict"]["summary"].as_str().unwrap();
            assert!(summary.contains(&port.to_string()), "which of both? {summary}");
        })
    }

    options_of_check_are_sshs: "authenticated", Any, |stage| {
        let key = stage.key_elsewhere("id_special");
        stage.home.key("id_ed25519");
        let git = GoServer::github().accepts(&key).start(stage);
        let ci = GoServer::ci().accepts(&key).start(stage);
        github(&stage.home, &git, "");
        check(["-i", key.path(), "-o", "IdentitiesOnly=yes", "--vcs", "github.com", "--ci", &ci.command()]).then(|report| {
            let offers: usize = sessions(report).map(|session| session["offered"].as_array().unwrap().len()).sum();
            assert_eq!(offers, 2, "IdentitiesOnly was passed over");
        })
    }

    /// An option of the user's that this ssh does not know.
    a_broken_config: "config-error", None, |stage| {
        stage.home.key("id_ed25519");
        stage.home.config("Host github.com\n  UseKeychain yes\n");
        check(["--vcs", "github.com"])
    }

    /// What stands behind the host is a remote command, and no second command for this shell.
    a_ci_command_is_no_shell_line: "authenticated", Any, |stage| {
        let key = stage.home.key("id_ed25519");
        let git = GoServer::github().accepts(&key).start(stage);
        let ci = Sshd::ci().accepts(&key).start(stage);
        github(&stage.home, &git, "");
        let trap = stage.new_path("trap");
        let command = format!("{}; touch {} $(touch {})", ci.command(), trap.display(), trap.display());
        check(["--vcs", "github.com", "--ci", &command]).then(move |_| assert!(!trap.exists()))
    }
}

/// `ssh -p ADDRESS`, as a page prints it for want of the port.
#[test]
fn the_port_is_missing() {
    for command in ["ssh -p 127.0.0.1", "ssh -p 127.0.0.1 -- powershell.exe"] {
        fails_with(command, &["port", "-p"]);
    }
}

#[test]
fn a_ci_command_without_a_host() {
    for command in ["", "ssh", "ssh -p 64784", "ssh -v --"] {
        fails_with(command, &["--ci"]);
    }
}

/// A sentence with what to do, exit code 2, and nothing on standard output.
fn fails_with(command: &str, words: &[&str]) {
    let stage = Stage::new();
    let ran = stage.check(&["--vcs", "git.example.com", "--ci", command]);
    assert_eq!(
        (ran.code, ran.stdout.as_str()),
        (Some(2), ""),
        "{command}: {}",
        ran.stderr
    );
    for word in words {
        assert!(
            ran.stderr.contains(word),
            "{command}: no {word:?} in {}",
            ran.stderr
        );
    }
}

/// The report for people says the same, and prints the command.
#[test]
fn the_report_for_people() {
    let stage = Stage::new();
    let key = stage.home.key("id_github");
    let git = GoServer::github().accepts(&key).start(&stage);
    let ci = Sshd::ci().accepts(&key).start(&stage);
    github(&stage.home, &git, &only(&key));
    let ran = stage
        .run("check", &["--vcs", "github.com", "--ci", &ci.command()])
        .finish();
    assert_eq!(
        (ran.code, ran.stderr.as_str()),
        (Some(1), ""),
        "{}",
        ran.stdout
    );
    let line = ran
        .stdout
        .lines()
        .map(str::trim)
        .find(|line| line.starts_with("ssh -i "))
        .unwrap_or_default();
    assert!(stage.follow(line).logged_in(), "{}", ran.stdout);
    assert!(ran.stdout.contains("key-not-offered"), "{}", ran.stdout);
}
