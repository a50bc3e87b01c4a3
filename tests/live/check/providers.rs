//! Git hosts of all kinds: whom they let in as whom, and which are asked.

use crate::check::scene::{block, check, git_host, github};
use crate::kit::{FakeServer, GoServer, Sshd};

scenes! {
    /// gitlab-sshd and GitHub refuse every key for another user name.
    wrong_user: "wrong-user", Works, |stage| {
        let key = stage.home.key("id_ed25519");
        let git = GoServer::github().accepts(&key).start(stage);
        github(&stage.home, &git, "");
        check(["--vcs", "octocat@github.com"]).suggests("git@github.com")
    }

    wrong_user_by_the_config: "wrong-user", Works, |stage| {
        let key = stage.home.key("id_ed25519");
        let git = GoServer::gitlab().accepts(&key).start(stage);
        stage.home.knows("gitlab.com", &git);
        stage.home.config(&(block("gitlab.com", &git, "") + "Host *\n  User me\n"));
        check(["--vcs", "gitlab.com"]).suggests("git@gitlab.com")
    }

    wrong_account: "wrong-account", Any, |stage| {
        let key = stage.home.key("id_ed25519");
        let git = GoServer::github().accepts_as(&key, "octocat").start(stage);
        github(&stage.home, &git, "");
        check(["--vcs", "github.com", "--as", "hubot"]).login("octocat")
    }

    right_account: "authenticated", Any, |stage| {
        let key = stage.home.key("id_ed25519");
        let git = GoServer::github().accepts_as(&key, "OctoCat").start(stage);
        let ci = GoServer::ci().accepts(&key).start(stage);
        github(&stage.home, &git, "");
        check(["--vcs", "github.com", "--ci", &ci.command(), "--as", "octocat"]).login("OctoCat")
    }

    /// Two keys, two accounts; the first one that is taken decides.
    wrong_account_first: "wrong-account", Any, |stage| {
        let (old, new) = (stage.home.make_key("id_rsa", |key| key.rsa()), stage.home.key("id_ed25519"));
        let git = Sshd::github().accepts_as(&old, "octocat").accepts_as(&new, "hubot").start(stage);
        let ci = GoServer::ci().accepts(&new).start(stage);
        github(&stage.home, &git, "");
        check(["--vcs", "github.com", "--ci", &ci.command(), "--as", "hubot"]).login("octocat")
    }

    deploy_key: "deploy-key", Any, |stage| {
        let key = stage.home.key("id_ed25519");
        let git = GoServer::github().accepts_as(&key, "octocat/hello").start(stage);
        github(&stage.home, &git, "");
        check(["--vcs", "github.com", "--as", "octocat"])
    }

    deploy_key_refused_by_the_ci_host: "deploy-key" | "key-rejected", Any, |stage| {
        let key = stage.home.key("id_ed25519");
        let git = Sshd::github().accepts_as(&key, "octocat/hello").start(stage);
        let ci = GoServer::ci().start(stage);
        github(&stage.home, &git, "");
        check(["--vcs", "github.com", "--ci", &ci.command()]).finds("deploy-key").then(|report| {
            let certainties = report["findings"].as_array().unwrap().iter().filter(|finding| finding["severity"] == "warning");
            let words: Vec<_> = certainties.map(|finding| finding["certainty"].as_str().unwrap()).collect();
            assert_eq!(words, ["certain", "possible"], "what is only likely stands behind: {}", report["findings"]);
        })
    }

    gitlab_of_ones_own: "authenticated", Any, |stage| {
        let key = stage.home.key("id_ed25519");
        let git = Sshd::gitlab().accepts(&key).start(stage);
        git_host(stage, &git, "").login("octocat")
    }

    gitlab_with_its_own_server: "authenticated", Any, |stage| {
        let key = stage.home.key("id_ed25519");
        let git = GoServer::gitlab().accepts(&key).start(stage);
        git_host(stage, &git, "").login("octocat")
    }

    github_enterprise: "authenticated", Any, |stage| {
        let key = stage.home.key("id_ed25519");
        let git = GoServer::github().accepts(&key).start(stage);
        git_host(stage, &git, "").login("octocat")
    }

    gitea: "authenticated", Any, |stage| {
        let key = stage.home.key("id_ed25519");
        let git = GoServer::gitea().accepts(&key).start(stage);
        git_host(stage, &git, "").login("octocat")
    }

    bitbucket_names_nobody: "authenticated", Any, |stage| {
        let key = stage.home.key("id_ed25519");
        let git = GoServer::bitbucket().accepts(&key).start(stage);
        stage.home.knows("bitbucket.org", &git);
        stage.home.config(&block("bitbucket.org", &git, ""));
        check(["--vcs", "bitbucket.org"])
    }

    /// Azure says yes to the first key, whosever it is.
    azure_accepts_any_key: "accepts-any" | "authenticated", Any, |stage| {
        stage.home.key("id_ed25519");
        let git = GoServer::azure().start(stage);
        stage.home.knows("ssh.dev.azure.com", &git);
        stage.home.config(&block("ssh.dev.azure.com", &git, ""));
        check(["--vcs", "ssh.dev.azure.com"]).finds("accepts-any")
    }

    remote_of_the_repository: "authenticated", Any, |stage| {
        let key = stage.home.key("id_ed25519");
        let git = GoServer::github().accepts(&key).start(stage);
        github(&stage.home, &git, "");
        stage.repository("git@github.com:octocat/hello.git");
        check([""; 0]).chosen_because("remotes").sources(&["live:github.com"]).login("octocat")
    }

    remote_with_a_port: "authenticated", Any, |stage| {
        let key = stage.home.key("id_ed25519");
        let git = Sshd::gitlab().accepts(&key).start(stage);
        stage.home.knows("git.example.com", &git);
        stage.repository(&format!("ssh://git@git.example.com:{}/octocat/hello.git", git.port));
        check([""; 0]).sources(&["live:git.example.com"]).login("octocat")
    }

    remote_by_an_alias: "authenticated", Any, |stage| {
        let key = stage.home.key("id_work");
        let git = GoServer::github().accepts(&key).start(stage);
        stage.home.knows("github.com", &git);
        stage.home.config(&block("github.com-work", &git, &format!("HostName github.com\nIdentityFile {}", key.path())));
        stage.repository("git@github.com-work:octocat/hello.git");
        check([""; 0]).login("octocat")
    }

    named_by_known_hosts: "authenticated", Any, |stage| {
        let key = stage.home.key("id_ed25519");
        let git = GoServer::gitlab().accepts(&key).start(stage);
        stage.home.config(&format!("Host *\n  Port {}\n", git.port));
        stage.home.knows("gitlab.com", &git);
        check([""; 0]).chosen_because("known_hosts").sources(&["live:gitlab.com"]).login("octocat")
    }

    /// Nothing names a git host, so the two that most people use are asked.
    the_usual_two: "connection-refused", Any, |stage| {
        stage.home.key("id_ed25519");
        stage.home.config(&format!("Port {}\n", FakeServer::none(stage).port));
        check([""; 0]).chosen_because("--vcs").sources(&["live:bitbucket.org", "live:github.com"])
    }

    several_git_hosts: "key-rejected", Any, |stage| {
        let key = stage.home.key("id_ed25519");
        let good = GoServer::github().accepts(&key).start(stage);
        let bad = Sshd::gitlab().start(stage);
        stage.home.knows("github.com", &good);
        stage.home.knows("git.example.com", &bad);
        stage.home.config(&(block("github.com", &good, "") + &block("git.example.com", &bad, "")));
        check(["--vcs", "github.com", "--vcs", "git.example.com"]).sources(&["live:git.example.com", "live:github.com"])
    }
}

scenes! {
    /// Nobody named them: one that takes a key is enough, and the others have one note between them.
    one_of_the_guessed_is_enough: "authenticated", Any, |stage| {
        let key = stage.home.key("id_ed25519");
        let good = GoServer::gitlab().accepts(&key).start(stage);
        stage.home.knows("gitlab.com", &good);
        let refuses = Sshd::gitlab().start(stage);
        stage.home.knows("codeberg.org", &refuses);
        let closed = FakeServer::none(stage).port;
        let more = format!("Host bitbucket.org ssh.dev.azure.com\n  HostName 127.0.0.1\n  Port {closed}\n");
        stage.home.config(&(block("gitlab.com", &good, "") + &block("codeberg.org", &refuses, "") + &more));
        check([""; 0]).chosen_because("known_hosts").login("octocat").limit(4).then(|report| {
            let findings = report["findings"].as_array().unwrap();
            let others = findings.iter().filter(|finding| finding["cause"] != "authenticated").count();
            assert_eq!(others, 1, "{findings:?}");
        })
    }

    /// A CI host that was named lets in; that a guessed git host can't be reached takes nothing from that.
    a_guess_is_no_answer: "authenticated", Any, |stage| {
        let key = stage.home.key("id_ed25519");
        let ci = Sshd::ci().accepts(&key).start(stage);
        stage.home.config("Host github.com bitbucket.org ssh.github.com altssh.bitbucket.org\n  HostName no-such.invalid\n");
        check(["--ci", &ci.command()])
    }

    /// The guessed git host lets in; the box that was named is never reached, and that is the answer.
    a_named_box_that_is_not_reached: "network-unreachable" | "config-error" | "unknown", Any, |stage| {
        let key = stage.home.key("id_ed25519");
        let git = GoServer::github().accepts(&key).start(stage);
        let ci = Sshd::ci().accepts(&key).start(stage);
        github(&stage.home, &git, "Host box\n  HostName 127.0.0.1\n  BindAddress 203.0.113.9\n");
        check(["--ci", &format!("ssh -p {} box", ci.port)])
    }

    /// Of two that were named one works, and of the other ssh does not even read the settings.
    a_named_box_of_a_broken_setting: "unknown", Any, |stage| {
        let key = stage.home.key("id_ed25519");
        let good = Sshd::gitlab().accepts(&key).start(stage);
        stage.home.knows("git.example.com", &good);
        let broken = block("box", &good, "HostName 127.0.0.1\nIdentityFile ~/.ssh/%Q");
        stage.home.config(&(block("git.example.com", &good, "") + &broken));
        check(["--vcs", "git.example.com", "box"]).then(|report| last_words(report, "unknown key %Q"))
    }

    /// ssh writes a single line that nobody knows.
    a_named_box_by_an_interface_that_is_not_there: "unknown", Any, |stage| {
        let key = stage.home.key("id_ed25519");
        let good = Sshd::gitlab().accepts(&key).start(stage);
        stage.home.config(&block("box", &good, "HostName 127.0.0.1\nBindInterface none0"));
        check(["box"]).then(|report| last_words(report, "none0"))
    }
}

/// What ssh said at the end is quoted as the proof.
fn last_words(report: &serde_json::Value, words: &str) {
    let verdict = &report["verdict"]["cause"];
    let findings = report["findings"].as_array().unwrap().iter().filter(|finding| finding["cause"] == *verdict);
    let proof: String = findings.map(|finding| finding["evidence"].to_string()).collect();
    assert!(proof.contains(words), "{}\n{proof}", report["verdict"]);
}
