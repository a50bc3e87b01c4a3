//! Several accounts, and deploy keys that stand before others.

use serde_json::{Value, json};

use crate::check::scene::{block, only};
use crate::front::scene::{command, commands, does, fails, front, repository, verdict};
use crate::kit::{Agent, GitHost, GitServer, Https, Key, Page, Right, Stage, gitolite};

const DENIED: &str = "ERROR: Permission to acme/tools.git denied to octocat.";

/// Two accounts' keys, of which the wrong one comes first, and a repository of the other.
fn two_accounts(stage: &Stage) -> (GitServer, Key, Key) {
    let (old, new) = (stage.home.make_key("id_rsa", |key| key.rsa()), stage.home.key("id_work"));
    let host = GitHost::github()
        .accepts_as(&old, "octocat")
        .accepts_as(&new, "hubot")
        .lets("octocat", "acme/tools.git", Right::NoWrite(DENIED))
        .lets("hubot", "acme/tools.git", Right::Write)
        .start(stage);
    repository(stage, &host, "git.example.com", "git@git.example.com:acme/tools.git", "");
    (host, old, new)
}

/// What is said of each key.
fn access(report: &Value) -> Vec<(Option<&str>, Option<bool>, Option<bool>)> {
    let all = report["all_keys"]["access"].as_array().unwrap();
    all.iter().map(|key| (key["login"].as_str(), key["reads"].as_bool(), key["writes"].as_bool())).collect()
}

#[test]
fn another_account_may_write() {
    let stage = Stage::new();
    let (host, ..) = two_accounts(&stage);
    fails(&stage, "git push origin main");
    let (_, report) = front(&stage, &host, &[], &["git", "push", "origin", "main"]);
    verdict(&report, "wrong-account");
    let (_, report) = front(&stage, &host, &["--all-keys"], &["git", "push", "origin", "main"]);
    verdict(&report, "wrong-account");
    assert_eq!(access(&report), [(Some("octocat"), Some(true), Some(false)), (Some("hubot"), Some(true), Some(true))]);
    assert_eq!(report["suggestion"]["verified"], true, "{report:#}");
    does(&stage, report["suggestion"]["command"].as_str().unwrap());
    // Each way that lasts, from the same beginning.
    let config = std::fs::read_to_string(stage.home.ssh().join("config")).unwrap();
    let push = "git -c user.name=me -c user.email=me@localhost commit -q --allow-empty -m more; git push origin main";
    fails(&stage, push);
    does(&stage, &command(&report, "config core.sshCommand"));
    does(&stage, push);
    does(&stage, "git config --unset core.sshCommand");
    fails(&stage, push);
    let finding = &report["findings"][0];
    let stanza = finding["fixes"].as_array().unwrap().iter().find_map(|fix| fix["config"].as_str()).unwrap();
    stage.home.config(&format!("{stanza}\n{config}"));
    does(&stage, &command(&report, "set-url"));
    does(&stage, push);
    stage.home.config(&config);
    does(&stage, "git remote set-url origin git@git.example.com:acme/tools.git");
    fails(&stage, push);
    for line in commands(&report).iter().filter(|line| line.contains("git config --")) {
        does(&stage, line);
    }
    does(&stage, push);
}

/// The account that is meant is named; both may write.
#[test]
fn the_account_that_is_meant() {
    let stage = Stage::new();
    let (host, ..) = two_accounts(&stage);
    let (_, report) = front(&stage, &host, &["--all-keys", "--as", "hubot"], &["git", "fetch"]);
    verdict(&report, "wrong-account");
    let suggested = report["suggestion"]["command"].as_str().unwrap();
    assert!(suggested.contains("id_work"), "{suggested}");
    assert_eq!(report["suggestion"]["verified"], true);
    does(&stage, suggested);
}

/// The account's key, by the list that its host publishes, is the one that may push.
#[test]
fn the_account_whose_keys_are_published() {
    let stage = Stage::new();
    let (host, _, key) = two_accounts(&stage);
    let web = Https::start(&stage, Page::Text(format!("{}\n", key.public)));
    let at = web.keys_at("git.example.com");
    let push = "git push -q origin HEAD";
    fails(&stage, push);
    let (_, report) =
        front(&stage, &host, &["--as", "hubot", "--keys-at", &at], &["git", "push", "-q", "origin", "HEAD"]);
    assert_eq!(web.asked(), ["/hubot.keys"]);
    let published = &report["published"][0];
    assert_eq!((published["host"].as_str(), &published["keys"]), (Some("git.example.com"), &json!(1)), "{report:#}");
    assert_eq!(published["registered"].as_array().unwrap().len(), 1);
    verdict(&report, "wrong-account");
    let suggested = report["suggestion"]["command"].as_str().unwrap();
    assert!(suggested.contains("id_work") && suggested.ends_with(" push -q origin HEAD"), "{suggested}");
    does(&stage, suggested);
}

/// Several deploy keys in one agent, as a CI job has them: the first one hides the others.
#[test]
fn a_deploy_key_hides_another() {
    let stage = Stage::new();
    let (one, two) = (stage.home.key("deploy_one"), stage.home.key("deploy_two"));
    let agent = Agent::with(&stage, &[&one, &two]);
    stage.variable("SSH_AUTH_SOCK", &agent);
    let host = GitHost::github()
        .accepts_as(&one, "acme/one")
        .accepts_as(&two, "acme/two")
        .lets("acme/one", "acme/one.git", Right::Read)
        .lets("acme/two", "acme/two.git", Right::Read)
        .start(&stage);
    repository(&stage, &host, "github.com", "git@github.com:acme/two.git", "");
    fails(&stage, "git fetch");
    let (_, report) = front(&stage, &host, &["--all-keys"], &["git", "fetch", "origin"]);
    verdict(&report, "deploy-key");
    let summary = report["verdict"]["summary"].as_str().unwrap();
    assert!(summary.contains("acme/one"), "{summary}");
    assert_eq!(access(&report), [(Some("acme/one"), Some(false), None), (Some("acme/two"), Some(true), None)]);
    let suggested = report["suggestion"]["command"].as_str().unwrap();
    assert_eq!(report["suggestion"]["verified"], true, "{suggested}");
    does(&stage, suggested);
    let finding = &report["findings"][0];
    let stanza = finding["fixes"].as_array().unwrap().iter().find_map(|fix| fix["config"].as_str()).unwrap();
    let config = std::fs::read_to_string(stage.home.ssh().join("config")).unwrap();
    stage.home.config(&format!("{stanza}\n{config}"));
    does(&stage, &command(&report, "set-url"));
    does(&stage, "git fetch origin");
}

/// A deploy key of this very repository, which may read alone.
#[test]
fn a_deploy_key_that_may_read() {
    let words = "ERROR: The key you are authenticating with has been marked as read only.";
    let stage = Stage::new();
    let key = stage.home.key("id_ed25519");
    let host = GitHost::github().accepts_as(&key, "acme/one").lets("acme/one", "acme/one.git", Right::NoWrite(words));
    let host = host.start(&stage);
    repository(&stage, &host, "github.com", "git@github.com:acme/one.git", &only(&key));
    let (_, report) = front(&stage, &host, &[], &["git", "push", "origin", "main"]);
    verdict(&report, "deploy-key");
    let summary = report["verdict"]["summary"].as_str().unwrap();
    assert!(summary.contains("may read"), "{summary}");
    assert_eq!(report["verdict"]["certainty"], "certain");
}

/// A host that many run themselves: who may do what is its own list.
#[test]
fn accounts_of_gitolite() {
    let stage = Stage::new();
    let (old, new) = (stage.home.key("id_ed25519"), stage.home.key("id_work"));
    let rules = "repo tools\n  RW+ = hubot\n  R = octocat\nrepo secret\n  RW+ = hubot\n";
    let server = gitolite(&stage, &[("octocat", &old), ("hubot", &new)], rules);
    stage.home.knows("git.example.com", &server);
    stage.home.config(&block("git.example.com", &server, ""));
    stage.repository("git@git.example.com:tools");
    does(
        &stage,
        "git -c user.name=me -c user.email=me@localhost commit -q --allow-empty -m first; git branch -q -M main",
    );
    let report = stage.in_front(&[], &["git", "fetch"]).report();
    verdict(&report, "authenticated");
    assert!(report["verdict"]["summary"].as_str().unwrap().contains("as octocat"), "{}", report["verdict"]);
    fails(&stage, "git push origin main");
    let report = stage.in_front(&["--all-keys"], &["git", "push", "origin", "main"]).report();
    verdict(&report, "wrong-account");
    assert!(report["findings"][0]["evidence"].to_string().contains("DENIED by"), "{report:#}");
    assert_eq!(access(&report), [(Some("octocat"), Some(true), Some(false)), (Some("hubot"), Some(true), Some(true))]);
    assert_eq!(report["suggestion"]["verified"], true, "{report:#}");
    does(&stage, report["suggestion"]["command"].as_str().unwrap());
    does(&stage, "git remote set-url origin git@git.example.com:secret");
    let report = stage.in_front(&[], &["git", "ls-remote"]).report();
    assert!(["wrong-account", "repo-access"].contains(&report["verdict"]["cause"].as_str().unwrap()), "{report:#}");
}

/// In a job the product is told the verdict in its own way, and the report says whose key jobs use.
#[test]
fn in_a_job() {
    let stage = Stage::new();
    let (key, other) = (stage.home.key("id_ed25519"), stage.key_elsewhere("other"));
    let host =
        GitHost::github().accepts_as(&other, "octocat").lets("octocat", "acme/one.git", Right::Read).start(&stage);
    repository(&stage, &host, "git.example.com", "git@git.example.com:acme/one.git", &only(&key));
    let program = env!("CARGO_BIN_EXE_ssh-why");
    let summary = stage.new_path("summary");
    std::fs::write(&summary, "before\n").unwrap();
    stage.variable("GITHUB_STEP_SUMMARY", &summary);
    for (variable, said) in [
        ("GITHUB_ACTIONS", "::error title=ssh-why%3A key-rejected::"),
        ("TF_BUILD", "##vso[task.logissue type=error]ssh-why: key-rejected: "),
        ("GITLAB_CI", "ssh_why\r\u{1b}[0Kssh-why\nkey-rejected"),
        ("CIRCLECI", "This is a job of CircleCI"),
        ("JENKINS_URL", "This is a job of Jenkins"),
        ("BUILDKITE", "This is a job of Buildkite"),
        ("BITBUCKET_BUILD_NUMBER", "This is a job of Bitbucket"),
    ] {
        stage.variable(variable, "true");
        let text = fails(&stage, &format!("'{program}' --verbose git fetch"));
        assert!(text.contains(said) && text.contains("This is a job of"), "{variable}: {text}");
        stage.unset_variables();
        stage.variable("GITHUB_STEP_SUMMARY", &summary);
    }
    let kept = std::fs::read_to_string(&summary).unwrap();
    assert!(kept.starts_with("before\n") && kept.matches("key-rejected").count() >= 1, "{kept}");
    stage.variable("GITHUB_ACTIONS", "true");
    let ran = stage.in_front(&[], &["git", "fetch"]);
    assert_eq!(ran.report()["job"]["product"], "GitHub Actions");
}

/// Whose a key is that an agent alone holds.
#[test]
fn an_agents_key_logs_in() {
    let stage = Stage::new();
    let (one, two) = (stage.key_elsewhere("one"), stage.key_elsewhere("two"));
    let agent = Agent::with(&stage, &[&one, &two]);
    stage.variable("SSH_AUTH_SOCK", &agent);
    let host = GitHost::github().accepts_as(&one, "octocat").accepts_as(&two, "acme/tools").start(&stage);
    stage.home.knows("github.com", &host.server);
    stage.home.config(&block("github.com", &host.server, ""));
    let ran = stage.run("keys", &["--offer", "git@github.com", "--login"]).format("json").finish();
    let report = ran.report();
    let identities = report["identities"].as_array().unwrap();
    let logins: Vec<_> = identities.iter().filter_map(|key| key["offers"][0]["login"].as_str()).collect();
    assert_eq!(logins, ["octocat", "acme/tools"], "{report:#}");
}
