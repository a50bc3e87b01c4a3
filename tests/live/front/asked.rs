//! Whether a repository is open, asked as git asks.

use crate::check::scene::only;
use crate::front::scene::{command, does, fails, front, repository, verdict};
use crate::kit::{FakeSsh, GitHost, Right, Stage};

#[test]
fn a_repository_that_is_open() {
    let stage = Stage::new();
    let key = stage.home.key("id_ed25519");
    let host = GitHost::github().accepts_as(&key, "octocat").lets("octocat", "octocat/hello.git", Right::Write);
    let host = host.start(&stage);
    repository(&stage, &host, "github.com", "git@github.com:octocat/hello.git", "");
    let (ran, report) = front(&stage, &host, &[], &["git", "push", "origin", "main"]);
    verdict(&report, "authenticated");
    assert_eq!(ran.code, Some(0), "{}", ran.stdout);
    let summary = report["verdict"]["summary"].as_str().unwrap();
    assert!(summary.contains("write to octocat/hello.git") && summary.contains("as octocat"), "{summary}");
    assert!(host.asked().contains(&"octocat: git-receive-pack 'octocat/hello.git'".to_owned()), "{:?}", host.asked());
    does(&stage, "git push -q -u origin main");
    for words in [
        &["git", "fetch"][..],
        &["git", "pull", "--rebase"],
        &["git", "ls-remote", "origin"],
        &["git", "-C", ".", "fetch", "--all"],
    ] {
        let (_, report) = front(&stage, &host, &[], words);
        verdict(&report, "authenticated");
        let summary = report["verdict"]["summary"].as_str().unwrap();
        assert!(summary.contains("may read octocat/hello.git"), "{words:?}: {summary}");
    }
    // Outside of any repository.
    let outside = stage.new_path("outside");
    std::fs::create_dir(&outside).unwrap();
    stage.work_in(outside);
    let (_, report) = front(&stage, &host, &[], &["git", "clone", "git@github.com:octocat/hello.git", "x"]);
    verdict(&report, "authenticated");
}

/// ssh is asked once what applies, and not for its version: each answer takes as long as a program takes to start.
#[test]
fn ssh_is_asked_once() {
    for address in ["git@github.com:octocat/hello.git", "ssh://git@github.com/octocat/hello.git"] {
        let stage = Stage::new();
        let key = stage.home.key("id_ed25519");
        let host = GitHost::github().accepts_as(&key, "octocat").lets("octocat", "octocat/hello.git", Right::Write);
        let host = host.start(&stage);
        repository(&stage, &host, "github.com", address, "");
        let asked = stage.new_path("asked");
        stage.path_front(FakeSsh::noting(&stage, &asked));
        let (_, report) = front(&stage, &host, &[], &["git", "push", "origin", "main"]);
        verdict(&report, "authenticated");
        assert_eq!(std::fs::read_to_string(&asked).unwrap(), "-G\n", "{address}");
    }
}

/// What the hosts say, each in its own words; a person's key, and the person has no right.
#[test]
fn repositories_that_are_refused() {
    let read_only = "ERROR: The key you are authenticating with has been marked as read only.";
    let denied = "ERROR: Permission to acme/tools.git denied to octocat.";
    let sso = "ERROR: The `acme' organization has enabled or enforced SAML SSO. To access this repository, you must \
               re-authorize the SSH key.";
    let archived = "ERROR: This repository was archived so it is read-only.";
    let stage = Stage::new();
    let key = stage.home.key("id_ed25519");
    let host = GitHost::github()
        .accepts_as(&key, "octocat")
        .lets("octocat", "acme/sso.git", Right::No(sso))
        .lets("octocat", "acme/tools.git", Right::NoWrite(denied))
        .lets("octocat", "acme/read.git", Right::NoWrite(read_only))
        .lets("octocat", "acme/old.git", Right::NoWrite(archived))
        .start(&stage);
    repository(&stage, &host, "github.com", "git@github.com:acme/gone.git", "");
    for (name, words, cause) in [
        ("gone", "Repository not found", "repo-access"),
        ("sso", "SAML SSO", "repo-access"),
        ("tools", "denied to octocat", "wrong-account"),
        ("read", "marked as read only", "deploy-key"),
        ("old", "archived", "repo-access"),
    ] {
        does(&stage, &format!("git remote set-url origin git@github.com:acme/{name}.git"));
        let (ran, report) = front(&stage, &host, &[], &["git", "push", "origin", "main"]);
        verdict(&report, cause);
        assert_eq!(ran.code, Some(1), "{name}");
        let proof = report["findings"][0]["evidence"].to_string();
        assert!(proof.contains(words), "{name}: {proof}");
        assert!(fails(&stage, "git push origin main").contains(words), "{name}");
        let logins = report["transcripts"][0]["sessions"][0]["login"].as_str();
        assert_eq!(logins, Some("octocat"), "{name}: who one is for the host");
    }
}

#[test]
fn other_hosts_in_their_words() {
    let stage = Stage::new();
    let key = stage.home.key("id_ed25519");
    for (host, words) in [
        (GitHost::gitlab(), "could not be found"),
        (GitHost::bitbucket(), "conq: repository does not exist"),
        (GitHost::gitea(), "Gitea: Repository does not exist"),
    ] {
        let host = host.accepts_as(&key, "octocat").lets("octocat", "octocat/hello.git", Right::Read).start(&stage);
        repository(&stage, &host, "git.example.com", "git@git.example.com:octocat/gone.git", "");
        let (_, report) = front(&stage, &host, &[], &["git", "fetch"]);
        verdict(&report, "repo-access");
        assert!(report["findings"][0]["evidence"].to_string().contains(words), "{report:#}");
        std::fs::remove_dir_all(stage.work().join(".git")).unwrap();
        std::fs::remove_file(stage.home.ssh().join("known_hosts")).unwrap();
    }
}

/// A key that only the command line names, for a push.
#[test]
fn a_key_that_was_not_offered() {
    let stage = Stage::new();
    let (key, other) = (stage.home.key("id_work"), stage.home.key("id_ed25519"));
    let host = GitHost::github().accepts_as(&key, "octocat").lets("octocat", "octocat/hello.git", Right::Write);
    let host = host.start(&stage);
    repository(&stage, &host, "git.example.com", "git@git.example.com:octocat/hello.git", &only(&other));
    let (_, report) = front(&stage, &host, &["--all-keys"], &["git", "push", "origin", "main"]);
    verdict(&report, "key-rejected");
    let suggested = report["suggestion"]["command"].as_str().unwrap();
    assert_eq!(report["suggestion"]["verified"], true, "{suggested}");
    fails(&stage, "git push origin main");
    does(&stage, suggested);
    assert!(suggested.contains("core.sshCommand"), "{suggested}");
    let lasting = command(&report, "config core.sshCommand");
    does(&stage, &lasting);
    does(&stage, "git fetch origin");
}
