//! Connections that are refused, cut, or never answered.

use std::time::Duration;

use crate::check::scene::{Act, block, check, github};
use crate::kit::{FakeServer, GoServer, Manner, Server, Sshd, Stage};

/// `--timeout` where a server hangs, in seconds.
const LIMIT: u64 = 2;

/// What a run may take with that: a second more, and one for a busy machine.
const END: Duration = Duration::from_secs(LIMIT + 2);

/// A git host that lets in, and a CI host that does not.
fn good_and(stage: &Stage, ci: &Server) -> Act {
    let key = stage.home.key("id_ed25519");
    let git = GoServer::github().accepts(&key).start(stage);
    github(&stage.home, &git, "");
    check(["--vcs", "github.com", "--ci", &ci.command()]).login("octocat").limit(LIMIT)
}

fn good_and_fake(stage: &Stage, manner: Manner) -> Act {
    let ci = FakeServer::start(stage, manner);
    good_and(stage, &ci)
}

scenes! {
    refused: "connection-refused", None, |stage| {
        let ci = FakeServer::none_any_more(stage);
        good_and(stage, &ci).finds("ci-session-over")
    }

    hangs_at_the_banner: "connection-timeout", None, |stage| {
        good_and_fake(stage, Manner::HangAtBanner).within(END)
    }

    hangs_in_the_key_exchange: "connection-timeout", None, |stage| {
        good_and_fake(stage, Manner::HangInKeyExchange).within(END)
    }

    hangs_in_authentication: "connection-timeout" | "server-side" | "unknown", None, |stage| {
        let ci = GoServer::ci().hangs_in_auth().start(stage);
        good_and(stage, &ci).within(END)
    }

    closes_at_once: "connection-closed", None, |stage| {
        good_and_fake(stage, Manner::CloseAtOnce)
    }

    closes_half_way: "connection-closed", None, |stage| {
        good_and_fake(stage, Manner::CloseHalfWay)
    }

    sends_garbage: "connection-closed" | "wrong-host", None, |stage| {
        good_and_fake(stage, Manner::Garbage)
    }

    is_a_web_server: "wrong-host" | "connection-closed", None, |stage| {
        good_and_fake(stage, Manner::Http)
    }

    /// ssh itself reads a thousand lines of it, slowly, before it gives up.
    sends_megabytes: "connection-closed" | "wrong-host" | "connection-timeout", None, |stage| {
        good_and_fake(stage, Manner::Megabytes).limit(6).within(Duration::from_secs(8))
    }

    /// What should hand the connection over does not.
    a_dialer_that_hands_nothing_over: "proxy-failed", None, |stage| {
        stage.home.key("id_ed25519");
        stage.home.config("Host box\n  ProxyUseFdpass yes\n  ProxyCommand true\n");
        check(["dev@box"])
    }

    no_such_name: "dns", None, |stage| {
        let key = stage.home.key("id_ed25519");
        let git = GoServer::github().accepts(&key).start(stage);
        github(&stage.home, &git, "");
        check(["--vcs", "github.com", "--ci", "ssh -p 64784 no-such-box.invalid"])
    }

    no_key_exchange_in_common: "kex-mismatch", Any, |stage| {
        let key = stage.home.key("id_ed25519");
        let ci = Sshd::ci().accepts(&key).option("KexAlgorithms diffie-hellman-group14-sha1").start(stage);
        let git = GoServer::github().accepts(&key).start(stage);
        github(&stage.home, &git, "");
        check(["--vcs", "github.com", "--ci", &ci.command()])
    }

    git_host_refused_everywhere: "connection-refused", Any, |stage| {
        stage.home.key("id_ed25519");
        let closed = FakeServer::none(stage);
        stage.home.config(&format!("Host *\n  HostName 127.0.0.1\n  Port {}\n", closed.port));
        check(["--vcs", "github.com"]).limit(LIMIT).within(END)
    }

    /// Port 22 is closed, and the provider's port 443 is open.
    git_host_at_port_443: "connection-refused", Any, |stage| {
        let key = stage.home.key("id_ed25519");
        let git = GoServer::github().accepts(&key).start(stage);
        round(stage, &git, FakeServer::none(stage).port);
        check(["--vcs", "github.com"]).login("octocat").then(|report| {
            let text = report["findings"].to_string();
            assert!(text.contains("ssh.github.com") && text.contains("443"), "no way round in {text}");
        })
    }

    /// Port 22 takes connections, and then nothing comes.
    git_host_at_port_443_while_22_hangs: "connection-timeout", Any, |stage| {
        let key = stage.home.key("id_ed25519");
        let git = GoServer::github().accepts(&key).start(stage);
        round(stage, &git, FakeServer::start(stage, Manner::HangAtBanner).port);
        check(["--vcs", "github.com"]).limit(6).login("octocat").then(|report| {
            let text = report["findings"].to_string();
            assert!(text.contains("ssh.github.com") && text.contains("443"), "no way round in {text}");
        })
    }

    /// It logs in, and then is silent: that is a login all the same.
    git_host_that_never_greets: "authenticated", Any, |stage| {
        let key = stage.home.key("id_ed25519");
        let git = GoServer::gitlab().accepts(&key).hangs_in_session().start(stage);
        stage.home.knows("git.example.com", &git);
        stage.home.config(&block("git.example.com", &git, ""));
        check(["--vcs", "git.example.com"]).limit(4).within(Duration::from_secs(10))
    }

    everything_hangs: "connection-timeout", None, |stage| {
        stage.home.key("id_ed25519");
        let hosts = [Manner::HangAtBanner, Manner::HangInKeyExchange].map(|manner| FakeServer::start(stage, manner));
        let ci = [
            FakeServer::start(stage, Manner::HangAtBanner),
            FakeServer::start(stage, Manner::HangInKeyExchange),
            FakeServer::start(stage, Manner::Megabytes),
            GoServer::ci().hangs_in_auth().start(stage),
        ];
        stage.home.config(
            &(block("github.com", &hosts[0], "") + &block("git.example.com", &hosts[1], "") + "Host ssh.github.com\n  Port 1\n"),
        );
        let mut args = vec!["--vcs".to_owned(), "github.com".into(), "--vcs".into(), "git.example.com".into()];
        for server in &ci {
            args.extend(["--ci".to_owned(), server.command()]);
        }
        check(args).limit(LIMIT).within(END)
    }
}

/// Closes github.com's own port, and leads the way round to a server, whichever way ssh is asked for it.
fn round(stage: &Stage, git: &Server, closed: u16) {
    stage.home.knows_keys("github.com", 22, &git.host_keys);
    stage.home.config(&format!(
        "Match host ssh.github.com\n  HostKeyAlias github.com\n  ProxyCommand {}\n\
         Match originalhost github.com\n  HostKeyAlias github.com\n  Port {closed}\n",
        GoServer::relay(git.port),
    ));
}

scenes! {
    /// The line that says why the proxy died is the proof.
    a_proxy_that_is_not_installed: "proxy-failed", None, |stage| {
        stage.home.key("id_ed25519");
        stage.home.config("Host box\n  HostName 127.0.0.1\n  ProxyCommand no-such-netcat %h %p\n");
        check(["box"]).then(|report| {
            let evidence = report["findings"][0]["evidence"].to_string();
            assert!(evidence.contains("no-such-netcat: not found"), "{evidence}");
        })
    }
}
