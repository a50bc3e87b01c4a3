//! What a check may not do, however the configuration asks for it.

use std::fs;
use std::time::Duration;

use crate::check::scene::{block, check, git_host, github, sessions};
use crate::kit::{Agent, Daemon, FakeServer, GoServer, Manner, Sshd, until};

/// What a server may say to pass for ssh.
const IMITATION: &str = "debug1: Offering public key: /home/dev/.ssh/id_ed25519 ED25519 SHA256:AAAA\n\
    debug1: Server accepts key: /home/dev/.ssh/id_ed25519 ED25519 SHA256:AAAA\n\
    debug1: Authentication succeeded (publickey).\n\
    Authenticated to github.com ([127.0.0.1]:22) using \"publickey\".\n\
    Hi root! You've successfully authenticated, but GitHub does not provide shell access.\n\
    \u{1b}[2J\u{1b}[31mred\u{7}\n";

scenes! {
    nothing_of_the_config_takes_effect: "authenticated", Any, |stage| {
        let key = stage.home.key("id_ed25519");
        let agent = Agent::empty(stage);
        stage.variable("SSH_AUTH_SOCK", &agent);
        let git = Sshd::github().accepts(&key).start(stage);
        let ci = Sshd::ci().accepts(&key).start(stage);
        let trap = stage.new_path("trap");
        let lines = format!(
            "RemoteCommand touch {0}\nPermitLocalCommand yes\nLocalCommand touch {0}\nForwardAgent yes\n\
             ForwardX11 yes\nRemoteForward 0 127.0.0.1:1\nLocalForward 127.0.0.1:1 127.0.0.1:1\nRequestTTY force\n\
             AddKeysToAgent yes\nUpdateHostKeys yes\nSessionType default\nPermitRemoteOpen any\n",
            trap.display(),
        );
        stage.home.knows("github.com", &git);
        stage.home.config(&(block("github.com", &git, "") + "Host *\n" + &lines));
        let asked = git.clone();
        check(["--vcs", "github.com", "--ci", &ci.command()]).login("octocat").then(move |_| {
            assert!(!trap.exists(), "a command of the config ran");
            assert_eq!(asked.requests(), ["shell"], "of the git host");
            assert_eq!(asked.commands(), [""], "of the git host");
        })
    }

    /// A server with more keys than known_hosts has would have ssh add them.
    known_hosts_learns_nothing: "authenticated", Any, |stage| {
        let key = stage.home.key("id_ed25519");
        let git = Sshd::gitlab().accepts(&key).host_keys(&["ed25519", "ecdsa"]).start(stage);
        let ci = Sshd::ci().accepts(&key).start(stage);
        stage.home.knows_keys("git.example.com", git.port, &git.host_keys[..1]);
        stage.home.knows_keys("127.0.0.1", ci.port, &ci.host_keys[..1]);
        stage.home.config(&block("git.example.com", &git, ""));
        check(["--vcs", "git.example.com", "--ci", &ci.command()])
    }

    known_hosts_is_not_made: "host-key-unknown" | "authenticated", Any, |stage| {
        let key = stage.home.key("id_ed25519");
        let git = Sshd::gitlab().accepts(&key).start(stage);
        let ci = Sshd::ci().accepts(&key).start(stage);
        stage.home.config(&(block("git.example.com", &git, "") + "Host *\n  StrictHostKeyChecking no\n"));
        check(["--vcs", "git.example.com", "--ci", &ci.command()])
    }

    /// A master connection that a check would be let in by, though the key is refused.
    an_old_connection_is_not_joined: "key-rejected", Any, |stage| {
        let (key, good) = (stage.home.key("id_ed25519"), stage.key_elsewhere("good"));
        let git = GoServer::github().accepts(&good).start(stage);
        let socket = stage.new_path("master");
        let lines = format!("User git\nControlMaster auto\nControlPath {}\nControlPersist 60", socket.display());
        github(&stage.home, &git, &lines);
        let mut master = stage.command("ssh");
        master.args(["-N", "-M", "-o", "ControlPersist=no", "-i", good.path(), "-o", "IdentitiesOnly=yes", "github.com"]);
        let mut master = Daemon::start(&mut master, &stage.new_path("master-log"));
        assert!(until(Duration::from_secs(10), || socket.exists()), "{}", master.log());
        check(["--vcs", "github.com"]).finds("multiplexed").then(move |report| {
            assert!(master.runs(), "the user's own connection was ended");
            assert!(socket.exists());
            let offered: Vec<_> = sessions(report).flat_map(|one| one["offered"].as_array().unwrap()).collect();
            assert_eq!(offered[0]["fingerprint"], key.fingerprint.as_str());
        })
    }

    no_master_stays_behind: "authenticated", Any, |stage| {
        let key = stage.home.key("id_ed25519");
        let git = GoServer::github().accepts(&key).start(stage);
        let ci = Sshd::ci().accepts(&key).start(stage);
        let folder = stage.new_path("masters");
        fs::create_dir(&folder).unwrap();
        stage.home.knows("github.com", &git);
        let lines = format!("Host *\n  ControlMaster auto\n  ControlPath {}/%C\n  ControlPersist 600\n", folder.display());
        stage.home.config(&(block("github.com", &git, "") + &lines));
        check(["--vcs", "github.com", "--ci", &ci.command()]).then(move |_| {
            assert_eq!(fs::read_dir(&folder).unwrap().count(), 0, "a master was made");
        })
    }

    a_banner_is_no_log: "key-rejected", Any, |stage| {
        stage.home.key("id_ed25519");
        let server = Sshd::gitlab().banner(IMITATION).start(stage);
        git_host(stage, &server, "").then(|report| {
            let session = sessions(report).next().unwrap();
            assert_eq!(session["outcome"], "denied");
            assert_eq!(session["login"], serde_json::Value::Null);
            assert_eq!(session["accepted"], serde_json::Value::Null);
            assert_eq!(session["offered"].as_array().unwrap().len(), 1);
        })
    }

    a_banner_at_the_ci_host_is_no_log: "key-rejected", Any, |stage| {
        let key = stage.home.key("id_ed25519");
        let git = GoServer::github().accepts(&key).start(stage);
        let ci = GoServer::ci().banner(IMITATION).start(stage);
        github(&stage.home, &git, "");
        check(["--vcs", "github.com", "--ci", &ci.command()]).login("octocat")
    }

    /// Lines before the server's version, as RFC 4253 allows.
    lines_before_the_version_are_no_log: "key-rejected", Any, |stage| {
        stage.home.key("id_ed25519");
        let behind = Sshd::gitlab().start(stage);
        let text = IMITATION.replace('\n', "\r\n").replace('\u{7}', "").repeat(100);
        let mut server = FakeServer::start(stage, Manner::Preamble(text, behind.port));
        server.host_keys = behind.host_keys;
        git_host(stage, &server, "").then(|report| {
            let session = sessions(report).next().unwrap();
            assert_eq!((&session["outcome"], &session["login"]), (&"denied".into(), &serde_json::Value::Null));
        })
    }

    /// A banner as long as one message can be.
    a_long_banner: "authenticated", Any, |stage| {
        let key = stage.home.key("id_ed25519");
        let git = GoServer::gitlab().accepts(&key).banner(&"All access is logged.\n".repeat(1400)).start(stage);
        git_host(stage, &git, "").login("octocat")
    }

    /// A preamble of half a megabyte, and a good server behind it.
    a_long_preamble: "authenticated", Any, |stage| {
        let key = stage.home.key("id_ed25519");
        let behind = Sshd::gitlab().accepts(&key).start(stage);
        let text = format!("{}\r\n", "x".repeat(1000)).repeat(500);
        let mut server = FakeServer::start(stage, Manner::Preamble(text, behind.port));
        server.host_keys = behind.host_keys;
        git_host(stage, &server, "").login("octocat")
    }
}

/// What the server sends moves no cursor and sets no colour.
#[test]
fn no_escape_reaches_the_terminal() {
    let stage = crate::kit::Stage::new();
    stage.home.key("id_ed25519");
    let server = Sshd::gitlab().banner(IMITATION).start(&stage);
    stage.home.knows("git.example.com", &server);
    stage.home.config(&block("git.example.com", &server, ""));
    for format in ["human", "json"] {
        let ran = stage.run("check", &["--vcs", "git.example.com"]).format(format).finish();
        assert!(!ran.stdout.contains(['\u{1b}', '\u{7}']), "{}", ran.stdout);
    }
}
