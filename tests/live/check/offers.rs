//! Which keys were offered, and what the servers made of them.

use crate::check::scene::{block, check, git_host, github, only, sessions};
use crate::kit::{Agent, Dropbear, GoServer, Key, Sshd, Stage, Validity};

/// Six keys that nobody takes.
fn strangers(stage: &Stage) -> Vec<Key> {
    (0..6).map(|n| stage.key_elsewhere(&format!("stranger{n}"))).collect()
}

scenes! {
    all_is_well: "authenticated", Any, |stage| {
        let key = stage.home.key("id_ed25519");
        let git = GoServer::github().accepts(&key).start(stage);
        let ci = Sshd::ci().accepts(&key).usual_key_exchange().start(stage);
        github(&stage.home, &git, "");
        check(["--vcs", "github.com", "--ci", &ci.command()])
            .login("octocat")
            .sources(&["live:127.0.0.1", "live:github.com"])
            .then(|report| {
                let comparison = &report["comparisons"][0];
                assert_eq!((&comparison["offered_to_ci"], &comparison["accepted_by_ci"]), (&true.into(), &true.into()));
            })
    }

    all_is_well_at_dropbear: "authenticated", Any, |stage| {
        let key = stage.home.make_key("id_rsa", |key| key.rsa());
        let git = Sshd::github().accepts(&key).start(stage);
        let ci = Dropbear::ci().accepts(&key).banner("welcome\n").start(stage);
        github(&stage.home, &git, "");
        check(["--vcs", "git@github.com", "--ci", &ci.command()]).login("octocat")
    }

    /// The usual reason: the block that names the key is for the git host alone.
    key_not_offered: "key-not-offered", Works, |stage| {
        let (key, other) = (stage.home.key("id_github"), stage.home.key("id_ed25519"));
        let git = GoServer::github().accepts(&key).start(stage);
        let ci = Sshd::ci().accepts(&key).start(stage);
        github(&stage.home, &git, &only(&key));
        let words = format!("-i {}", key.path());
        check(["--vcs", "github.com", "--ci", &ci.command()]).suggests(words).then(move |report| {
            let comparison = &report["comparisons"][0];
            assert_eq!(comparison["key"]["fingerprint"], key.fingerprint.as_str());
            assert_eq!(comparison["offered_to_ci"], false);
            let offered: Vec<_> =
                sessions(report).flat_map(|session| session["offered"].as_array().unwrap()).collect();
            assert!(offered.iter().any(|offer| offer["fingerprint"] == other.fingerprint.as_str()));
        })
    }

    key_not_offered_with_a_config_elsewhere: "key-not-offered", Works, |stage| {
        let key = stage.key_elsewhere("id_github");
        stage.home.key("id_ed25519");
        let git = Sshd::github().accepts(&key).start(stage);
        let ci = GoServer::ci().accepts(&key).start(stage);
        stage.home.knows("github.com", &git);
        let file = stage.config_elsewhere(&block("github.com", &git, &only(&key)));
        check(["-F", &file, "--vcs", "github.com", "--ci", &ci.command()]).login("octocat")
    }

    /// A name that a shell would tear apart.
    key_not_offered_with_blanks_in_its_name: "key-not-offered", Works, |stage| {
        let key = stage.home.key("my key's $HOME");
        stage.home.key("id_ed25519");
        let git = GoServer::github().accepts(&key).start(stage);
        let ci = Sshd::ci().accepts(&key).start(stage);
        github(&stage.home, &git, &format!("IdentityFile \"{}\"\nIdentitiesOnly yes", key.path()));
        check(["--vcs", "github.com", "--ci", &ci.command()])
    }

    /// The key is an agent's, and the block names its public half.
    key_of_an_agent_kept_back: "identities-only" | "key-not-offered", Works, |stage| {
        let key = stage.home.key("id_github");
        let agent = Agent::with(stage, &[&key]);
        stage.variable("SSH_AUTH_SOCK", &agent);
        let key = key.without_private();
        stage.home.key("id_ed25519");
        let git = GoServer::github().accepts(&key).start(stage);
        let ci = Sshd::ci().accepts(&key).start(stage);
        stage.home.knows("github.com", &git);
        let named = format!("IdentityFile {}", key.public_file().display());
        stage.home.config(&(block("github.com", &git, &named) + "Host *\n  IdentitiesOnly yes\n"));
        check(["--vcs", "github.com", "--ci", &ci.command()])
    }

    /// The right key stands behind six others in the agent.
    too_many_keys: "too-many-failures", Works, |stage| {
        let key = stage.home.key("id_ed25519");
        let others = strangers(stage);
        let agent = Agent::with(stage, &others.iter().collect::<Vec<_>>());
        stage.variable("SSH_AUTH_SOCK", &agent);
        let git = GoServer::github().accepts(&key).start(stage);
        let ci = Sshd::ci().accepts(&key).start(stage);
        github(&stage.home, &git, &only(&key));
        check(["--vcs", "github.com", "--ci", &ci.command()]).suggests("IdentitiesOnly=yes")
    }

    too_many_keys_for_a_go_server: "too-many-failures", Works, |stage| {
        let key = stage.home.key("id_ed25519");
        let others = strangers(stage);
        let agent = Agent::with(stage, &others.iter().collect::<Vec<_>>());
        stage.variable("SSH_AUTH_SOCK", &agent);
        let git = GoServer::github().accepts(&key).start(stage);
        let ci = GoServer::ci().accepts(&key).tries(3).start(stage);
        github(&stage.home, &git, &only(&key));
        check(["--vcs", "github.com", "--ci", &ci.command()])
    }

    /// Of the keys that were named and still to come the second is the right one.
    too_many_named_keys: "too-many-failures", Works, |stage| {
        let keys = ["a", "b", "c", "d"].map(|name| stage.home.key(name));
        let ci = Sshd::ci().accepts(&keys[3]).option("MaxAuthTries 2").start(stage);
        let named: String = keys.iter().map(|key| format!("IdentityFile {}\n", key.path())).collect();
        stage.home.knows("box.example.com", &ci);
        stage.home.config(&block("box.example.com", &ci, &named));
        check(["dev@box.example.com"]).suggests(keys[3].path())
    }

    /// The suggested key would come after six others of the agent, unless it is offered alone.
    not_offered_and_too_many: "too-many-failures" | "key-not-offered", Works, |stage| {
        let key = stage.home.key("id_github");
        let others = strangers(stage);
        let agent = Agent::with(stage, &others.iter().collect::<Vec<_>>());
        stage.variable("SSH_AUTH_SOCK", &agent);
        let git = GoServer::github().accepts(&key).start(stage);
        let ci = Sshd::ci().accepts(&key).start(stage);
        github(&stage.home, &git, &only(&key));
        check(["--vcs", "github.com", "--ci", &ci.command()]).suggests("IdentitiesOnly=yes")
    }

    /// Five in the agent leave room for one, as long as no default key comes first.
    not_offered_and_many: "key-not-offered", Works, |stage| {
        let key = stage.home.key("id_github");
        let others = strangers(stage);
        let agent = Agent::with(stage, &others[..5].iter().collect::<Vec<_>>());
        stage.variable("SSH_AUTH_SOCK", &agent);
        let git = GoServer::github().accepts(&key).start(stage);
        let ci = Sshd::ci().accepts(&key).option("MaxAuthTries 10").start(stage);
        github(&stage.home, &git, &only(&key));
        check(["--vcs", "github.com", "--ci", &ci.command()])
    }

    rejected_by_the_ci_host: "key-rejected", Any, |stage| {
        let (key, other) = (stage.home.key("id_ed25519"), stage.key_elsewhere("other"));
        let git = GoServer::github().accepts(&key).start(stage);
        let ci = GoServer::ci().accepts(&other).start(stage);
        github(&stage.home, &git, "");
        check(["--vcs", "github.com", "--ci", &ci.command()]).login("octocat").finds("ci-keys").then(|report| {
            let comparison = &report["comparisons"][0];
            assert_eq!((&comparison["offered_to_ci"], &comparison["accepted_by_ci"]), (&true.into(), &false.into()));
        })
    }

    rejected_by_the_git_host: "key-rejected", Any, |stage| {
        stage.home.key("id_ed25519");
        let git = Sshd::gitlab().start(stage);
        git_host(stage, &git, "")
    }

    /// Another key here would open it; asked for, the check finds it, and no key is signed with for that.
    rejected_but_another_key_would_do: "key-rejected" | "key-not-offered", Works, |stage| {
        let (key, right) = (stage.home.key("id_ed25519"), stage.home.key("id_box"));
        let git = GoServer::github().accepts(&key).start(stage);
        let ci = Sshd::ci().accepts(&right).start(stage);
        github(&stage.home, &git, "");
        check(["--all-keys", "--vcs", "github.com", "--ci", &ci.command()]).suggests(right.path())
    }

    /// Not asked for, the other key is not shown to the server.
    no_other_key_is_offered: "key-rejected", Any, |stage| {
        let (key, other) = (stage.home.key("id_ed25519"), stage.home.key("id_box"));
        let git = GoServer::github().accepts(&key).start(stage);
        let ci = GoServer::ci().accepts(&other).start(stage);
        github(&stage.home, &git, "");
        check(["--vcs", "github.com", "--ci", &ci.command()]).then(move |_| {
            assert!(!ci.log().contains(&other.fingerprint), "{}", ci.log());
            assert!(!git.log().contains(&other.fingerprint), "{}", git.log());
        })
    }

    /// A destination that is no git host, by ssh's own options; the git host is the one that the config names.
    rejected_by_a_destination: "key-rejected", Any, |stage| {
        let key = stage.home.key("id_ed25519");
        let git = GoServer::gitlab().accepts(&key).start(stage);
        stage.home.knows("gitlab.com", &git);
        stage.home.config(&block("gitlab.com", &git, "User git"));
        let server = Dropbear::ci().start(stage);
        check(["-p", &server.port.to_string(), "-l", "dev", "box.example.com"])
            .sources(&["live:box.example.com"])
    }

    no_key_at_all: "no-identity", None, |stage| {
        let server = Sshd::gitlab().start(stage);
        git_host(stage, &server, "")
    }

    /// As CircleCI was: the server does not say that it takes SHA-2, and ssh signs with nothing else.
    rsa_without_sha2: "signature-algorithm", Works, |stage| {
        let key = stage.home.make_key("id_rsa", |key| key.rsa());
        let git = GoServer::github().accepts(&key).start(stage);
        let ci = GoServer::ci().accepts(&key).without_signature_list().start(stage);
        github(&stage.home, &git, "");
        check(["--vcs", "github.com", "--ci", &ci.command()]).login("octocat")
    }

    rsa_with_sha2: "authenticated", Any, |stage| {
        let key = stage.home.make_key("id_rsa", |key| key.rsa());
        let git = GoServer::github().accepts(&key).start(stage);
        let ci = GoServer::ci().accepts(&key).start(stage);
        github(&stage.home, &git, "");
        check(["--vcs", "github.com", "--ci", &ci.command()]).login("octocat")
    }

    publickey_turned_off: "pubkey-disabled", Works, |stage| {
        let key = stage.home.key("id_ed25519");
        let server = Sshd::gitlab().accepts(&key).start(stage);
        git_host(stage, &server, "PubkeyAuthentication no")
    }

    publickey_not_preferred: "pubkey-disabled", Works, |stage| {
        let key = stage.home.key("id_ed25519");
        let server = Sshd::gitlab().accepts(&key).start(stage);
        git_host(stage, &server, "PreferredAuthentications password,keyboard-interactive")
    }

    no_publickey_at_the_server: "method-unavailable", None, |stage| {
        stage.home.key("id_ed25519");
        let lines = ["PubkeyAuthentication no", "PasswordAuthentication yes"];
        let server = Sshd::gitlab().option(lines[0]).option(lines[1]).start(stage);
        git_host(stage, &server, "")
    }

    a_second_factor_is_wanted: "partial-success", None, |stage| {
        let key = stage.home.key("id_ed25519");
        let lines = ["AuthenticationMethods publickey,password", "PasswordAuthentication yes"];
        let server = Sshd::gitlab().accepts(&key).option(lines[0]).option(lines[1]).start(stage);
        git_host(stage, &server, "")
    }

    certificate_in_date: "authenticated", Any, |stage| {
        let authority = stage.key_elsewhere("authority");
        stage.home.key("id_ed25519").with_certificate(&authority, Validity::Now);
        let server = Sshd::gitlab().accepts_certificates(&authority).start(stage);
        git_host(stage, &server, "")
    }

    certificate_expired: "certificate", None, |stage| {
        let authority = stage.key_elsewhere("authority");
        stage.home.key("id_ed25519").with_certificate(&authority, Validity::Expired);
        let server = Sshd::gitlab().accepts_certificates(&authority).start(stage);
        git_host(stage, &server, "")
    }

    certificate_of_another_user: "certificate", None, |stage| {
        let authority = stage.key_elsewhere("authority");
        stage.home.key("id_ed25519").with_certificate(&authority, Validity::ForAnotherUser);
        let server = Sshd::gitlab().accepts_certificates(&authority).start(stage);
        git_host(stage, &server, "")
    }
}

scenes! {
    /// The key is right and has a passphrase: that comes first, and the command is not said to fail.
    the_right_key_has_a_passphrase: "key-rejected" | "key-not-offered", Any, |stage| {
        let key = stage.home.key("id_ed25519");
        let right = stage.home.make_key("id_box", |key| key.passphrase("open sesame"));
        let git = GoServer::github().accepts(&key).start(stage);
        let ci = Sshd::ci().accepts(&right).start(stage);
        github(&stage.home, &git, "");
        let first = format!("ssh-add {}", right.path());
        check(["--all-keys", "--vcs", "github.com", "--ci", &ci.command()]).suggests(right.path()).then(move |report| {
            assert_eq!(report["suggestion"]["verified"], false);
            assert_eq!(report["suggestion"]["before"][0]["command"], first, "{}", report["suggestion"]);
        })
    }

    /// A server that takes the key and then wants a password, too.
    the_right_key_is_the_first_of_two_factors: "key-rejected" | "key-not-offered", Any, |stage| {
        let key = stage.home.key("id_ed25519");
        let right = stage.home.key("id_box");
        let git = GoServer::github().accepts(&key).start(stage);
        let lines = ["AuthenticationMethods publickey,password", "PasswordAuthentication yes"];
        let ci = Sshd::ci().accepts(&right).option(lines[0]).option(lines[1]).start(stage);
        github(&stage.home, &git, "");
        check(["--all-keys", "--vcs", "github.com", "--ci", &ci.command()]).suggests(right.path()).then(|report| {
            assert_eq!(report["suggestion"]["before"].as_array().unwrap().len(), 1, "{}", report["suggestion"]);
        })
    }

    /// Others may read the right key: chmod comes first.
    the_right_key_is_too_open: "key-rejected" | "key-not-offered", Any, |stage| {
        let key = stage.home.key("id_ed25519");
        let right = stage.home.key("id_box");
        let git = GoServer::github().accepts(&key).start(stage);
        let ci = Sshd::ci().accepts(&right).start(stage);
        let right = right.with_mode(0o644);
        github(&stage.home, &git, "");
        let first = format!("chmod 600 {}", right.path());
        check(["--all-keys", "--vcs", "github.com", "--ci", &ci.command()]).suggests(right.path()).then(move |report| {
            assert_eq!(report["suggestion"]["before"][0]["command"], first, "{}", report["suggestion"]);
        })
    }
}

scenes! {
    /// Of two keys that the host takes the one that needs no passphrase.
    the_key_that_can_sign_comes_first: "key-rejected", Works, |stage| {
        let own = stage.home.key("id_ed25519");
        let shut = stage.home.make_key("a", |key| key.passphrase("secret"));
        let right = stage.home.key("b");
        let git = GoServer::github().accepts(&own).start(stage);
        let ci = GoServer::ci().accepts(&shut).accepts(&right).start(stage);
        github(&stage.home, &git, "");
        check(["--all-keys", "--vcs", "github.com", "--ci", &ci.command()]).suggests(right.path()).then(|report| {
            assert_eq!(report["all_keys"]["accepted"].as_array().unwrap().len(), 2, "{report:#}");
        })
    }
}

/// The step stands above the command, and nothing says that the command does not work.
#[test]
fn what_comes_first_is_said_first() {
    let stage = Stage::new();
    let key = stage.home.key("id_ed25519");
    let right = stage.home.make_key("id_box", |key| key.passphrase("open sesame"));
    let git = GoServer::github().accepts(&key).start(&stage);
    let ci = Sshd::ci().accepts(&right).start(&stage);
    github(&stage.home, &git, "");
    let ran = stage.run("check", &["--all-keys", "--vcs", "github.com", "--ci", &ci.command()]).finish();
    let at = |words: &str| ran.stdout.find(words).unwrap_or_else(|| panic!("no {words:?} in {}", ran.stdout));
    assert!(at("ssh-add ") < at("ssh -i "), "{}", ran.stdout);
    assert!(!ran.stdout.contains("does not work"), "{}", ran.stdout);
}

scenes! {
    /// The CI host has no publickey in its list: that the git host's key was not offered follows.
    no_publickey_at_the_ci_host: "method-unavailable", None, |stage| {
        let key = stage.home.key("id_ed25519");
        let git = GoServer::github().accepts(&key).start(stage);
        github(&stage.home, &git, "");
        let lines = ["PubkeyAuthentication no", "PasswordAuthentication yes"];
        let ci = Sshd::ci().option(lines[0]).option(lines[1]).start(stage);
        check(["--vcs", "github.com", "--ci", &ci.command()]).finds_no("key-not-offered")
    }

    /// Nobody has a file to edit on a CI host.
    advice_for_a_ci_host: "key-rejected", Any, |stage| {
        let key = stage.home.key("id_ed25519");
        let git = GoServer::github().accepts(&key).start(stage);
        github(&stage.home, &git, "");
        let ci = GoServer::ci().start(stage);
        check(["--vcs", "github.com", "--ci", &ci.command()]).then(|report| {
            let findings = report["findings"].to_string();
            assert!(!findings.contains("authorized_keys"), "{findings}");
            assert!(findings.contains("when the job started"), "{findings}");
        })
    }
}

scenes! {
    /// The right key lies a folder deeper; the default files that are not there were no question.
    the_right_key_is_in_a_folder: "key-rejected" | "key-not-offered", Works, |stage| {
        let key = stage.home.key("id_ed25519");
        let git = GoServer::github().accepts(&key).start(stage);
        std::fs::create_dir(stage.home.ssh().join("work")).unwrap();
        let right = stage.home.key("work/id_box");
        let ci = Sshd::ci().accepts(&right).start(stage);
        github(&stage.home, &git, "");
        check(["--all-keys", "--vcs", "github.com", "--ci", &ci.command()]).suggests(right.path()).then(|report| {
            assert_eq!(report["all_keys"]["unanswered"], 0, "{}", report["all_keys"]);
        })
    }
}
