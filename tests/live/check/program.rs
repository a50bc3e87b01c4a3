//! An ssh that is missing, old, or never answers.

use std::time::Duration;

use crate::check::scene::{block, check, git_host, github};
use crate::kit::{FakeSsh, GoServer, Oddity, Sshd, Stage};

scenes! {
    ssh_without_g: "authenticated", Any, |stage| {
        let key = stage.home.key("id_ed25519");
        let git = Sshd::gitlab().accepts(&key).start(stage);
        let ci = Sshd::ci().accepts(&key).start(stage);
        stage.path_front(FakeSsh::write(stage, Oddity::Old));
        git_host(stage, &git, "").and(["--ci", &ci.command()]).login("octocat")
    }

    ssh_without_g_finds_causes_all_the_same: "key-not-offered", Works, |stage| {
        let key = stage.home.key("id_git");
        stage.home.key("id_ed25519");
        let git = Sshd::gitlab().accepts(&key).start(stage);
        let ci = Sshd::ci().accepts(&key).start(stage);
        stage.path_front(FakeSsh::write(stage, Oddity::Old));
        git_host(stage, &git, &format!("IdentityFile {}", key.path())).and(["--ci", &ci.command()])
    }

    /// A host key that known_hosts has is good, published or not: `-v` says so where `-G` is missing.
    ssh_without_g_reads_known_hosts: "authenticated", Any, |stage| {
        let key = stage.home.key("id_ed25519");
        let git = GoServer::github().accepts(&key).start(stage);
        github(&stage.home, &git, "");
        stage.path_front(FakeSsh::write(stage, Oddity::Old));
        check(["--vcs", "github.com"]).login("octocat")
    }

    /// Such an ssh may have a configuration that keeps it from being safe by itself.
    ssh_without_g_is_safe: "authenticated", Any, |stage| {
        let key = stage.home.key("id_ed25519");
        let git = Sshd::gitlab().accepts(&key).start(stage);
        let ci = Sshd::ci().accepts(&key).start(stage);
        let trap = stage.new_path("trap");
        let lines = format!("PermitLocalCommand yes\nLocalCommand touch {}\nForwardAgent yes", trap.display());
        stage.home.knows("git.example.com", &git);
        stage.home.config(&(block("git.example.com", &git, "") + &format!("Host *\n{lines}\n")));
        stage.path_front(FakeSsh::write(stage, Oddity::Old));
        check(["--vcs", "git.example.com", "--ci", &ci.command()]).then(move |_| assert!(!trap.exists(), "LocalCommand ran"))
    }

    ssh_hangs: "config-error", None, |stage| {
        stage.home.key("id_ed25519");
        stage.path_front(FakeSsh::write(stage, Oddity::Hangs));
        check(["--vcs", "github.com", "--ci", "ssh -p 64784 127.0.0.1"]).limit(2).within(Duration::from_secs(6))
    }
}

#[test]
fn ssh_is_missing() {
    let stage = Stage::new();
    let empty = stage.new_path("bin");
    std::fs::create_dir(&empty).unwrap();
    stage.variable("PATH", &empty);
    let ran = stage.check(&["--vcs", "github.com", "--ci", "ssh -p 64784 127.0.0.1"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""));
    assert!(ran.stderr.contains("ssh"), "{}", ran.stderr);
    assert!(ran.stderr.contains("PATH") && ran.stderr.contains("nstall"), "what to do? {}", ran.stderr);
}

/// By settings that nobody knows ssh could remember a key, so that nothing is tried by them.
#[test]
fn what_applies_is_known_before_anything_is_tried() {
    let stage = Stage::new();
    let (key, other) = (stage.home.key("id_github"), stage.home.key("id_ed25519"));
    let git = GoServer::github().accepts(&key).start(&stage);
    let hop = Sshd::gitlab().accepts(&key).start(&stage);
    let ci = Sshd::ci().accepts(&key).start(&stage);
    let lines = format!("IdentityFile {}\nHost jump\nHostName 127.0.0.1\nPort {}\n", key.path(), hop.port);
    github(&stage.home, &git, &format!("{lines}Host *\nStrictHostKeyChecking accept-new"));
    // The suggestion alone names the key.
    stage.path_front(FakeSsh::hanging_at(&stage, "-i "));
    let seconds = Duration::from_secs(3);
    let report = stage.run("check", &["--vcs", "github.com", "--ci", &ci.command()]).format("json").limit(seconds);
    let report = report.finish().report();
    assert_eq!(report["verdict"]["cause"], "key-not-offered", "{report:#}");
    assert_eq!(report["suggestion"]["verified"], serde_json::Value::Null, "it was not tried");
    assert!(!ci.log().contains("Accepted"), "{}", ci.log());
    // Of the jump host it is asked, and of what is behind it; known_hosts is looked at by every run.
    let hopping = format!("ssh -J jump -p {} 127.0.0.1", ci.port);
    stage.path_front(FakeSsh::hanging_at(&stage, "jump"));
    let report = stage.run("check", &["--vcs", "github.com", "--ci", &hopping]).format("json").limit(seconds);
    report.finish().report();
    assert!(hop.log().is_empty() || !hop.log().contains("Accepted"), "{}", hop.log());
    drop(other);
}
