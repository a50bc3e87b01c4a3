//! Host keys that are unknown, changed, or not the published ones; and hosts behind a jump host.

use crate::check::scene::{block, check, git_host, github, steps};
use crate::kit::{GoServer, Server, Sshd, Stage};

scenes! {
    changed_at_the_git_host: "host-key-changed", Any, |stage| {
        let key = stage.home.key("id_ed25519");
        let server = Sshd::gitlab().accepts(&key).start(stage);
        stage.home.knows_keys("git.example.com", server.port, &stage.strange_host_keys());
        stage.home.config(&block("git.example.com", &server, ""));
        check(["--vcs", "git.example.com"])
    }

    /// A port is given to one job after the other.
    changed_at_the_ci_host: "host-key-changed", Any, |stage| {
        let (git, ci) = changed(stage, "");
        let command = ci.command();
        check(["--vcs", "github.com", "--ci", &command]).login("octocat").then(move |report| {
            assert!(!ci.log().contains("Accepted publickey"), "{}", ci.log());
            assert!(!git.log().is_empty());
            assert_eq!(report["suggestion"]["command"], command);
            assert_eq!(report["suggestion"]["verified"], serde_json::Value::Null, "it was not tried");
            assert_eq!(steps(report), [format!("ssh-keygen -R '[127.0.0.1]:{}'", ci.port)]);
        })
    }

    /// Whoever is asked by name, with a user's own name for the host.
    changed_at_a_named_host: "host-key-changed", Any, |stage| {
        let key = stage.home.key("id_ed25519");
        let server = Sshd::ci().accepts(&key).start(stage);
        stage.home.knows_keys("build", 22, &stage.strange_host_keys());
        stage.home.config(&block("box", &server, "HostName 127.0.0.1\nHostKeyAlias build"));
        check(["dev@box"]).then(|report| {
            assert_eq!(report["suggestion"]["command"], "ssh dev@box");
            assert_eq!(steps(report), ["ssh-keygen -R build"]);
        })
    }

    /// The key is what hinders, not the host key that was never seen before.
    unknown_at_the_ci_host: "key-not-offered", Works, |stage| {
        let key = stage.home.key("id_github");
        let git = GoServer::github().accepts(&key).start(stage);
        let ci = Sshd::ci().accepts(&key).start(stage);
        github(&stage.home, &git, &format!("IdentityFile {}\nStrictHostKeyChecking yes", key.path()));
        check(["--vcs", "github.com", "--ci", &ci.command()]).finds_no("host-key-unknown")
    }

    /// The user's own ssh would not go on.
    unknown_at_the_ci_host_and_strict: "host-key-unknown", Any, |stage| {
        let key = stage.home.key("id_ed25519");
        let git = GoServer::github().accepts(&key).start(stage);
        let ci = Sshd::ci().accepts(&key).start(stage);
        github(&stage.home, &git, "Host *\nStrictHostKeyChecking yes");
        check(["--vcs", "github.com", "--ci", &ci.command()]).login("octocat").then(|report| {
            let ci = crate::check::scene::sessions(report).find(|session| session["role"] == "ci").unwrap();
            assert_eq!((&ci["outcome"], &ci["offered"]), (&"host-key".into(), &serde_json::json!([])));
        })
    }

    /// git itself would stop there, or ask; the report says so, whatever else it says.
    unknown_at_a_git_host_of_ones_own: "host-key-unknown" | "authenticated", Any, |stage| {
        let key = stage.home.key("id_ed25519");
        let server = Sshd::gitlab().accepts(&key).start(stage);
        stage.home.config(&block("git.example.com", &server, ""));
        check(["--vcs", "git.example.com"]).finds("host-key-unknown")
    }

    /// Whoever answers at github.com has none of the keys that GitHub publishes.
    not_a_published_key: "host-key-changed" | "wrong-host", Any, |stage| {
        let key = stage.home.key("id_ed25519");
        let server = GoServer::github().accepts(&key).start(stage);
        stage.home.config(&block("github.com", &server, ""));
        let before = server.clone();
        check(["--vcs", "github.com"]).finds_no("host-key-unknown").then(move |_| {
            assert_eq!(before.requests(), Vec::<String>::new(), "a stranger was greeted");
            assert!(!before.log().contains("login of"), "a stranger was logged in to");
        })
    }

    not_a_published_key_behind_an_alias: "host-key-changed" | "wrong-host", Any, |stage| {
        let key = stage.home.key("id_ed25519");
        let server = GoServer::gitlab().accepts(&key).start(stage);
        stage.home.config(&block("gitlab.com", &server, "HostName 127.0.0.1\nHostKeyAlias gitlab.com"));
        check(["--vcs", "gitlab.com"]).finds_no("host-key-unknown")
    }

    through_a_jump_host: "authenticated", Any, |stage| {
        let key = stage.home.key("id_ed25519");
        let git = GoServer::github().accepts(&key).start(stage);
        github(&stage.home, &git, "");
        let (hop, _) = jump(stage, Sshd::gitlab().accepts(&key));
        let ci = Sshd::ci().accepts(&key).start(stage);
        let command = format!("ssh -J {hop} -p {} 127.0.0.1", ci.port);
        check(["--vcs", "github.com", "--ci", &command]).login("octocat")
    }

    through_a_jump_host_with_a_config_elsewhere: "key-not-offered", Works, |stage| {
        let (key, jump_key) = (stage.home.key("id_github"), stage.home.key("id_jump"));
        stage.home.key("id_ed25519");
        let git = GoServer::github().accepts(&key).start(stage);
        stage.home.knows("github.com", &git);
        let jump = Sshd::gitlab().accepts(&jump_key).start(stage);
        stage.home.knows("jump.example.com", &jump);
        let ci = Sshd::ci().accepts(&key).start(stage);
        let file = stage.config_elsewhere(
            &(block("github.com", &git, &format!("IdentityFile {}", key.path()))
                + &block("jump.example.com", &jump, &format!("IdentityFile {}", jump_key.path()))),
        );
        let command = format!("ssh -J jump.example.com -p {} 127.0.0.1", ci.port);
        check(["-F", &file, "--vcs", "github.com", "--ci", &command])
    }

    refused_by_the_jump_host: "key-rejected", Any, |stage| {
        let key = stage.home.key("id_ed25519");
        let git = GoServer::github().accepts(&key).start(stage);
        github(&stage.home, &git, "");
        let (hop, _) = jump(stage, Sshd::gitlab());
        let ci = Sshd::ci().accepts(&key).start(stage);
        let command = format!("ssh -J {hop} -p {} 127.0.0.1", ci.port);
        check(["--vcs", "github.com", "--ci", &command]).then(|report| {
            assert!(report["verdict"].to_string().contains("jump.example.com"), "which host? {}", report["verdict"]);
        })
    }

    nothing_behind_the_jump_host: "proxy-failed" | "connection-refused", None, |stage| {
        let key = stage.home.key("id_ed25519");
        let git = GoServer::github().accepts(&key).start(stage);
        github(&stage.home, &git, "");
        let (hop, _) = jump(stage, Sshd::gitlab().accepts(&key));
        let command = format!("ssh -J {hop} -p {} 127.0.0.1", crate::kit::FakeServer::none(stage).port);
        check(["--vcs", "github.com", "--ci", &command])
    }

    /// The jump host did its part: who hung up is the target.
    closed_behind_the_jump_host: "connection-closed", None, |stage| {
        let key = stage.home.key("id_ed25519");
        let git = GoServer::github().accepts(&key).start(stage);
        github(&stage.home, &git, "");
        let (hop, _) = jump(stage, Sshd::gitlab().accepts(&key));
        let target = crate::kit::FakeServer::start(stage, crate::kit::Manner::CloseHalfWay);
        let command = format!("ssh -J {hop} -p {} 127.0.0.1", target.port);
        check(["--vcs", "github.com", "--ci", &command]).finds_no("proxy-failed")
    }

    /// The words of the server behind the jump host are no words of the jump host's ssh.
    an_imitation_behind_a_jump_host: "key-rejected", Any, |stage| {
        let key = stage.home.key("id_ed25519");
        let git = GoServer::github().accepts(&key).start(stage);
        github(&stage.home, &git, "");
        let (hop, jump) = jump(stage, Sshd::gitlab().accepts(&key));
        let text = "debug1: Offering public key: /x ED25519 SHA256:AAAA\n\
                    dev@jump.example.com: Permission denied (publickey).\n";
        let ci = Sshd::ci().banner(text).start(stage);
        let command = format!("ssh -J {hop} -p {} 127.0.0.1", ci.port);
        check(["--vcs", "github.com", "--ci", &command]).then(move |report| {
            assert!(jump.requests().iter().any(|request| request == "channel direct-tcpip"));
            assert!(!report["verdict"].to_string().contains("jump.example.com"), "{}", report["verdict"]);
        })
    }

    by_the_options_of_check_itself: "authenticated", Any, |stage| {
        let key = stage.home.key("id_ed25519");
        let git = GoServer::github().accepts(&key).start(stage);
        github(&stage.home, &git, "");
        let (hop, jump) = jump(stage, Sshd::gitlab().accepts(&key));
        let box_ = GoServer::ci().accepts(&key).start(stage);
        let port = box_.port.to_string();
        check(["--vcs", "github.com", "-J", &hop, "-p", &port, "-l", "somebody", "127.0.0.1"]).then(move |_| {
            assert!(box_.log().contains("of user somebody: accepted"), "{}", box_.log());
            assert!(!jump.requests().is_empty(), "the jump host was passed over");
        })
    }
}

/// A git host and a CI host that take the same key; the CI host has another host key than is remembered.
fn changed(stage: &Stage, more: &str) -> (Server, Server) {
    let key = stage.home.key("id_ed25519");
    let git = GoServer::github().accepts(&key).start(stage);
    github(&stage.home, &git, more);
    let ci = Sshd::ci().accepts(&key).start(stage);
    stage.home.knows_keys("127.0.0.1", ci.port, &stage.strange_host_keys());
    (git, ci)
}

/// The steps, then the command, are typed as they are printed, and log in.
#[test]
fn a_changed_key_is_forgotten_and_the_command_works() {
    for (file, named) in [("known_hosts", false), ("hosts of the team", true)] {
        let stage = Stage::new();
        let (_, ci) = changed(&stage, "Host *\nStrictHostKeyChecking accept-new");
        let mut args = vec!["--ci".to_owned(), ci.command()];
        if named {
            // Another file than ssh-keygen changes by itself.
            let (usual, other) = (stage.home.ssh().join("known_hosts"), stage.home.ssh().join(file));
            std::fs::copy(usual, &other).unwrap();
            args.extend(["-o".to_owned(), format!("UserKnownHostsFile=\"{}\"", other.display())]);
        }
        let args: Vec<&str> = ["--vcs", "github.com"].into_iter().chain(args.iter().map(String::as_str)).collect();
        let report = stage.check(&args).report();
        assert_eq!(report["verdict"]["cause"], "host-key-changed");
        let steps = steps(&report);
        assert_eq!(steps.iter().any(|step| step.contains(" -f ")), named, "{steps:?}");
        let command = report["suggestion"]["command"].as_str().unwrap();
        let (code, said) = stage.sh(command);
        assert_eq!(code, Some(255), "before the steps: {said}");
        for line in steps.into_iter().chain([command]) {
            let (code, said) = stage.sh(line);
            assert_eq!(code, Some(0), "{line}: {said}");
        }
        assert!(ci.log().contains("Accepted publickey"), "{}", ci.log());
    }
}

/// ssh asks about a key that it does not know, which the trial went past: that is said before the command.
#[test]
fn the_question_is_told() {
    for (setting, asks) in [("ask", true), ("accept-new", false), ("no", false)] {
        let stage = Stage::new();
        let (key, other) = (stage.home.key("id_github"), stage.home.key("id_ed25519"));
        let git = GoServer::github().accepts(&key).start(&stage);
        let ci = Sshd::ci().accepts(&key).start(&stage);
        let more = format!("IdentityFile {}\nHost *\nStrictHostKeyChecking {setting}", key.path());
        github(&stage.home, &git, &more);
        let report = stage.check(&["--vcs", "github.com", "--ci", &ci.command()]).report();
        assert_eq!(report["suggestion"]["verified"], true, "{setting}: {}", report["verdict"]);
        let before = report["suggestion"]["before"].as_array().unwrap();
        assert_eq!(before.len(), usize::from(asks), "{setting}: {before:?}");
        assert!(before.iter().all(|fix| fix["title"].as_str().unwrap().contains("SHA256:")), "{before:?}");
        drop(other);
    }
}

/// A jump host that the home knows, and its name and port.
fn jump(stage: &Stage, jump: Sshd) -> (String, crate::kit::Server) {
    let server = jump.start(stage);
    stage.home.knows("jump.example.com", &server);
    (format!("jump.example.com:{}", server.port), server)
}

scenes! {
    known_by_a_hashed_name: "authenticated", Any, |stage| {
        let key = stage.home.key("id_ed25519");
        let server = Sshd::gitlab().accepts(&key).start(stage);
        let act = git_host(stage, &server, "");
        stage.home.hash_known_hosts();
        act
    }
}
