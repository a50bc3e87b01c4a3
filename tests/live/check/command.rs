//! What stands on the command line, and what is printed for it.

use std::time::Duration;

use crate::check::scene::{block, check, github, only, sessions};
use crate::kit::{Agent, Daemon, FakeServer, GoServer, Manner, Sshd, Stage, until};

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

    /// A configuration that the user names; a pasted command's own is not read.
    config_in_the_ci_command: "authenticated", Any, |stage| {
        let (key, other) = (stage.key_elsewhere("id_ci"), stage.home.key("id_ed25519"));
        let git = GoServer::github().accepts(&other).start(stage);
        let ci = Sshd::ci().accepts(&key).start(stage);
        github(&stage.home, &git, "");
        let box_ = block("ci-box", &ci, &format!("HostName 127.0.0.1\n{}", only(&key)));
        let file = stage.config_elsewhere(&(block("github.com", &git, "") + &box_));
        check(["-F", &file, "--vcs", "github.com", "--ci", "ssh ci-box"])
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

scenes! {
    /// What the CI command asks for beyond a login is not done, and stays out of the user's own connections.
    options_of_the_ci_command_do_nothing: "key-rejected", Any, |stage| {
        let (key, good) = (stage.home.key("id_ed25519"), stage.key_elsewhere("good"));
        let agent = Agent::with(stage, &[&key]);
        stage.variable("SSH_AUTH_SOCK", &agent);
        let git = GoServer::github().accepts(&key).start(stage);
        github(&stage.home, &git, "");
        let ci = GoServer::ci().accepts(&good).start(stage);
        let socket = stage.new_path("master");
        let mut master = stage.command("ssh");
        let port = ci.port.to_string();
        master.args(["-N", "-M", "-S"]).arg(&socket).args(["-p", &port, "-i", good.path()]);
        master.args(["-o", "IdentitiesOnly=yes", "-o", "StrictHostKeyChecking=no"]);
        master.args(["-o", "UserKnownHostsFile=/dev/null", "127.0.0.1"]);
        let mut master = Daemon::start(&mut master, &stage.new_path("master-log"));
        assert!(until(Duration::from_secs(10), || socket.exists()), "{}", master.log());
        let trap = stage.new_path("trap");
        let command = format!(
            "ssh -A -X -t -S {0} -R 0:127.0.0.1:1 -L 127.0.0.1:1:127.0.0.1:1 -o ControlPath={0} -o PermitLocalCommand=yes \
             -o 'LocalCommand=touch {1}' -o 'RemoteCommand=touch {1}' -o BatchMode=no -p {port} 127.0.0.1",
            socket.display(),
            trap.display(),
        );
        check(["--vcs", "github.com", "--ci", &command]).warns("-o LocalCommand").then(move |report| {
            assert!(master.runs() && socket.exists(), "the user's own connection was ended");
            assert!(!trap.exists());
            let ci = sessions(report).find(|session| session["role"] == "ci").unwrap();
            assert_eq!(ci["outcome"], "denied", "an old connection was joined");
        })
    }

    options_of_the_ci_command_open_nothing: "authenticated", Any, |stage| {
        let key = stage.home.key("id_ed25519");
        let agent = Agent::with(stage, &[&key]);
        stage.variable("SSH_AUTH_SOCK", &agent);
        let git = GoServer::github().accepts(&key).start(stage);
        github(&stage.home, &git, "");
        let ci = Sshd::ci().accepts(&key).start(stage);
        let trap = stage.new_path("trap");
        let command = format!(
            "ssh -A -X -tt -f -M -S {0} -R 0:127.0.0.1:1 -L 127.0.0.1:1:127.0.0.1:1 -D 127.0.0.1:1 -o ForwardAgent=yes \
             -o PermitLocalCommand=yes -o 'LocalCommand=touch {0}' -o ControlMaster=yes -o ControlPath={0} \
             -E {0} -p {1} 127.0.0.1 touch {0}",
            trap.display(),
            ci.port,
        );
        check(["--vcs", "github.com", "--ci", &command]).warns("-D").then(move |_| assert!(!trap.exists()))
    }

    /// `-W` makes ssh a pipe, and `-O` has it talk to a master; neither is a login.
    a_pipe_or_a_masters_command: "authenticated", Any, |stage| {
        let key = stage.home.key("id_ed25519");
        let git = GoServer::github().accepts(&key).start(stage);
        github(&stage.home, &git, "");
        let ci = Sshd::ci().accepts(&key).start(stage);
        let words = [format!("-W 127.0.0.1:{}", git.port), "-O check".to_owned(), "-s".to_owned()];
        let commands = words.map(|word| format!("ssh {word} -p {} 127.0.0.1", ci.port));
        check(["--vcs", "github.com", "--ci", &commands[0], "--ci", &commands[1], "--ci", &commands[2]]).warns("-W").warns("-O")
    }

    destination_as_an_address: "authenticated", Any, |stage| {
        let key = stage.home.key("id_ed25519");
        let git = GoServer::github().accepts(&key).start(stage);
        github(&stage.home, &git, "");
        let ci = GoServer::ci().accepts(&key).start(stage);
        check(["--vcs", "github.com", "--ci", &format!("ssh ssh://circleci@127.0.0.1:{}", ci.port)]).then(move |_| {
            assert!(ci.log().contains("of user circleci: accepted"), "{}", ci.log());
        })
    }

    /// It takes one connection, and then hangs: what was suggested can't be tried.
    a_suggestion_that_can_not_be_tried: "key-not-offered", Any, |stage| {
        let key = stage.home.key("id_github");
        stage.home.key("id_ed25519");
        let git = GoServer::github().accepts(&key).start(stage);
        github(&stage.home, &git, &only(&key));
        let behind = Sshd::ci().accepts(&key).start(stage);
        let ci = FakeServer::start(stage, Manner::Once(behind.port));
        check(["--vcs", "github.com", "--ci", &ci.command()]).limit(2).within(Duration::from_secs(8)).then(|report| {
            assert_eq!(report["suggestion"]["verified"], false);
        })
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
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{command}: {}", ran.stderr);
    for word in words {
        assert!(ran.stderr.contains(word), "{command}: no {word:?} in {}", ran.stderr);
    }
}

/// Nothing that a pasted line names is run or read; the sentence says how to give it.
#[test]
fn a_ci_command_runs_nothing() {
    let stage = Stage::new();
    let trap = stage.new_path("trap");
    let touch = format!("touch {}", trap.display());
    let config = stage.new_path("config");
    std::fs::write(&config, format!("Match exec \"{touch}\"\nHost *\nProxyCommand {touch}\n")).unwrap();
    let options = [
        format!("-o 'ProxyCommand={touch}'"),
        format!("-o 'KnownHostsCommand=/usr/bin/{touch}'"),
        format!("-F {}", config.display()),
        format!("-I {}", config.display()),
        format!("-o SecurityKeyProvider={}", config.display()),
        format!("-J 'hop -o ProxyCommand={touch}'"),
    ];
    for option in options {
        for command in [format!("ssh {option} -p 1 127.0.0.1"), format!("ssh -p 1 127.0.0.1 {option}")] {
            let ran = stage.check(&["--vcs", "git.example.com", "--ci", &command]);
            assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{command}: {}", ran.stderr);
            assert!(ran.stderr.contains("ssh-why check"), "{command}: {}", ran.stderr);
            assert!(!trap.exists(), "{command} ran");
        }
    }
    for command in ["ssh -", "curl 127.0.0.1", "ssh -l -x 127.0.0.1", "ssh -- -x"] {
        fails_with(command, &["--ci"]);
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
    let ran = stage.run("check", &["--vcs", "github.com", "--ci", &ci.command()]).finish();
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(1), ""), "{}", ran.stdout);
    let line = ran.stdout.lines().map(str::trim).find(|line| line.starts_with("ssh -i ")).unwrap_or_default();
    assert!(stage.follow(line).logged_in(), "{}", ran.stdout);
    assert!(ran.stdout.contains("key-not-offered"), "{}", ran.stdout);
}

/// What is no destination gets a sentence with what to type.
#[test]
fn no_destination() {
    let stage = Stage::new();
    let log = stage.new_path("vcs.log");
    std::fs::write(&log, "debug1: Authentications that can continue: publickey\n").unwrap();
    let log = log.to_str().unwrap();
    for (command, word, hint) in [
        ("check", "octocat/hello", "git@github.com:octocat/hello"),
        ("check", "https://git.example.com/octocat/hello", "git@HOST"),
        ("check", log, "ssh-why read"),
        ("keys", log, "ssh-why read"),
    ] {
        let ran = stage.run(command, &[word]).finish();
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{command} {word}: {}", ran.stderr);
        assert!(ran.stderr.contains(hint), "{command} {word}: no {hint:?} in {}", ran.stderr);
    }
    for word in ["git@git.example.com", "ssh://git@git.example.com:7999/x", "github.com"] {
        let (code, said) = stage.sh(&format!("{} read {word}", env!("CARGO_BIN_EXE_ssh-why")));
        assert_eq!(code, Some(2), "{word}: {said}");
        assert!(said.contains(&format!("ssh-why check {word}")), "{said}");
    }
}

scenes! {
    /// The folder that the program runs in has a file of that name, which is no log.
    a_host_that_a_file_is_called_as: "authenticated", Any, |stage| {
        let key = stage.home.key("id_ed25519");
        let server = Sshd::gitlab().accepts(&key).start(stage);
        stage.home.knows("box", &server);
        stage.home.config(&block("box", &server, "HostName 127.0.0.1\nHostKeyAlias box"));
        std::fs::write(stage.work().join("box"), "a note\n").unwrap();
        check(["box"])
    }

    /// The address of a repository's page at a provider that is known.
    a_page_of_a_provider: "authenticated", Any, |stage| {
        let key = stage.home.key("id_ed25519");
        let git = GoServer::github().accepts(&key).start(stage);
        github(&stage.home, &git, "");
        check(["https://github.com/octocat/hello"]).sources(&["live:github.com"]).login("octocat")
    }
}
