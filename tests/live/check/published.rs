//! `--as`: the public keys that a git host publishes of an account, looked up at a web server of this machine.

use std::time::Duration;

use serde_json::{Value, json};

use crate::check::scene::{check, github};
use crate::kit::{Agent, GoServer, Https, Key, Page, Stage, Tunnel};

/// A key's public half as a line.
fn line(key: &Key) -> String {
    std::fs::read_to_string(key.public_file()).unwrap()
}

/// A list as a git host prints it.
fn list(keys: &[&Key]) -> Page {
    Page::Text(keys.iter().map(|key| line(key)).collect())
}

/// Checks `github.com`, which lets `key` in as hubot, with what the web server says of hubot. Returns the report's
/// part on that.
fn looked_up(stage: &Stage, web: &Https) -> Value {
    let ran = checked(stage, &["--keys-at", &web.keys_at("github.com")]);
    let report = ran.report();
    assert_eq!((ran.code, report["verdict"]["cause"].as_str()), (Some(0), Some("authenticated")), "{report}");
    assert_eq!(report["published"].as_array().unwrap().len(), 1);
    report["published"][0].clone()
}

fn checked(stage: &Stage, more: &[&str]) -> crate::kit::Ran {
    let key = stage.home.key("id_ed25519");
    let git = GoServer::github().accepts_as(&key, "hubot").start(stage);
    github(&stage.home, &git, "");
    stage.check(&[&["--vcs", "github.com", "--as", "hubot"], more].concat())
}

/// What can't be looked up is said in one sentence, and the rest of the check goes on.
fn unknown(stage: &Stage, web: &Https, words: &str) {
    let told = looked_up(stage, web);
    assert_eq!((&told["exists"], &told["keys"]), (&Value::Null, &Value::Null));
    let why = told["why"].as_str().unwrap();
    assert!(why.contains(words), "no {words:?} in {why:?}");
}

#[test]
fn no_such_account() {
    let stage = Stage::new();
    let web = Https::start(&stage, Page::Status(404));
    let told = looked_up(&stage, &web);
    assert_eq!(told["exists"], false);
    assert_eq!(web.asked(), ["/hubot.keys"]);
}

#[test]
fn no_keys_at_all() {
    let stage = Stage::new();
    let web = Https::start(&stage, Page::Text("\n".into()));
    let told = looked_up(&stage, &web);
    assert_eq!((&told["exists"], &told["keys"], &told["registered"]), (&json!(true), &json!(0), &json!([])));
}

#[test]
fn none_of_yours() {
    let stage = Stage::new();
    let strange = stage.key_elsewhere("strange");
    let web = Https::start(&stage, list(&[&strange]));
    let told = looked_up(&stage, &web);
    assert_eq!((&told["keys"], &told["registered"]), (&json!(1), &json!([])));
}

#[test]
fn silence_has_an_end() {
    let stage = Stage::new();
    let web = Https::start(&stage, Page::Silent);
    let begun = std::time::Instant::now();
    unknown(&stage, &web, "no whole answer within 5 s");
    assert!(begun.elapsed() < Duration::from_secs(12));
}

#[test]
fn an_answer_that_breaks_off() {
    let stage = Stage::new();
    let key = stage.key_elsewhere("strange");
    unknown(&stage, &Https::start(&stage, Page::CutOff(line(&key))), "breaks off");
}

#[test]
fn an_answer_without_end() {
    let stage = Stage::new();
    unknown(&stage, &Https::start(&stage, Page::Endless), "longer than");
}

#[test]
fn a_page_for_people() {
    let stage = Stage::new();
    let page = Page::Text("<!DOCTYPE html>\n<title>Sign in</title>\n".into());
    unknown(&stage, &Https::start(&stage, page), "no list of keys");
}

#[test]
fn a_server_in_trouble() {
    let stage = Stage::new();
    unknown(&stage, &Https::start(&stage, Page::Status(503)), "HTTP status 503");
}

#[test]
fn a_certificate_that_nobody_trusts() {
    let stage = Stage::new();
    let web = Https::untrusted(Page::Text(String::new()));
    // What is trusted is another's.
    let _other = Https::start(&stage, Page::Silent);
    unknown(&stage, &web, "certificate");
    assert!(web.asked().is_empty());
}

#[test]
fn a_certificate_of_another_name() {
    let stage = Stage::new();
    let web = Https::with_name(&stage, "git.example.com", Page::Text(String::new()));
    unknown(&stage, &web, "certificate");
    assert!(web.asked().is_empty());
}

/// `github.com` is this machine here, and has no web server.
/// The name is one that nobody here could look up: the proxy is asked for it, and for nothing else.
#[test]
fn a_proxy_is_gone_through() {
    let stage = Stage::new();
    let web = Https::with_name(&stage, "keys.example.com", Page::Text("\n".into()));
    let proxy = Tunnel::start(web.port());
    stage.variable("HTTPS_PROXY", proxy.address());
    let report = checked(&stage, &["--keys-at", "github.com=https://keys.example.com/{}.keys"]).report();
    assert_eq!(report["published"][0]["keys"], 0, "{report:#}");
    assert_eq!((proxy.asked(), web.asked()), (vec!["keys.example.com:443".into()], vec!["/hubot.keys".into()]));
}

#[test]
fn nobody_answers() {
    let stage = Stage::new();
    let report = checked(&stage, &[]).report();
    let why = report["published"][0]["why"].as_str().unwrap();
    assert!(why.contains("can't be reached"), "{why}");
}

#[test]
fn another_place_is_not_followed() {
    let stage = Stage::new();
    let other = Https::start(&stage, Page::Text(String::new()));
    let to = other.keys_at("").replace("=", "").replace("{}", "hubot");
    let web = Https::start(&stage, Page::Elsewhere(302, to));
    unknown(&stage, &web, "another place");
    assert!(other.asked().is_empty());
}

#[test]
fn another_page_of_the_same_place_is_followed_a_few_times() {
    let stage = Stage::new();
    let web = Https::start(&stage, Page::Elsewhere(301, "/HuBot.keys".into()));
    unknown(&stage, &web, "again and again");
    assert_eq!(web.asked()[..2], ["/hubot.keys", "/HuBot.keys"]);
    assert!(web.asked().len() < 6);
}

#[test]
fn nothing_is_looked_up_unasked() {
    let stage = Stage::new();
    let web = Https::start(&stage, Page::Status(404));
    let ran = checked(&stage, &["--offline", "--keys-at", &web.keys_at("github.com")]);
    assert_eq!(ran.report()["published"], json!([]));
    let other = web.keys_at("git.example.com");
    let ran = stage.check(&["--vcs", "github.com", "--as", "hubot", "--keys-at", &other]);
    assert_eq!(ran.report()["published"][0]["host"], "github.com");
    let ran = stage.check(&["--vcs", "github.com"]);
    assert_eq!(ran.report()["published"], json!([]));
    assert!(web.asked().is_empty());
}

#[test]
fn an_account_is_a_plain_name() {
    let stage = Stage::new();
    for login in ["../x", "a/b", "a?b", "", ".."] {
        let ran = stage.check(&["--vcs", "github.com", &format!("--as={login}")]);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{login:?}: {}", ran.stderr);
    }
    let ran = stage.check(&["--vcs", "github.com", "--as", "hubot", "--keys-at", "github.com=http://192.0.2.1/{}"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("https"), "{}", ran.stderr);
}

/// Both reports for people say it; a shared one hides whose it is.
#[test]
fn the_reports_for_people() {
    let stage = Stage::new();
    let key = stage.home.key("id_ed25519");
    let git = GoServer::github().accepts_as(&key, "hubot").start(&stage);
    github(&stage.home, &git, "");
    let web = Https::start(&stage, list(&[&key]));
    let at = web.keys_at("github.com");
    for words in [&["check", "--vcs", "github.com"][..], &["keys", "github.com"]] {
        let args = [&words[1..], &["--as", "hubot", "--keys-at", &at]].concat();
        let told = |args: &[&str]| {
            let told = stage.run(words[0], args).finish().stdout;
            told.split_whitespace().collect::<Vec<_>>().join(" ")
        };
        let shown = told(&args);
        assert!(shown.contains(&format!("Registered for hubot at github.com: {}.", key.path())), "{shown}");
        let told = told(&[&args[..], &["--redact"]].concat());
        assert!(told.contains("Registered for ") && !told.contains("hubot"), "{told}");
    }
    let keys = stage.run("keys", &["github.com", "--as", "hubot", "--keys-at", &at]).format("json").finish().report();
    let row = keys["identities"].as_array().unwrap().iter().find(|row| row["path"] == key.path()).unwrap();
    assert_eq!((&row["registered"], &keys["published"]["keys"]), (&json!(true), &json!(1)));
}

scenes! {
    /// The account's key lies under a name that ssh does not try; another one was refused.
    the_key_that_was_not_offered: "key-rejected", Works, |stage| {
        let (right, _wrong) = (stage.home.key("work"), stage.home.key("id_ed25519"));
        let git = GoServer::github().accepts_as(&right, "hubot").start(stage);
        github(&stage.home, &git, "");
        let web = Https::start(stage, list(&[&right]));
        let at = web.keys_at("github.com");
        stage.keep(web);
        check(["--vcs", "github.com", "--as", "hubot", "--keys-at", &at]).suggests("/work")
    }

    /// Nothing was offered at all.
    the_only_key: "no-identity", Works, |stage| {
        let right = stage.home.key("work");
        stage.home.key("play");
        let git = GoServer::github().accepts_as(&right, "hubot").start(stage);
        github(&stage.home, &git, "");
        let web = Https::start(stage, list(&[&right]));
        let at = web.keys_at("github.com");
        stage.keep(web);
        check(["--vcs", "github.com", "--as", "hubot", "--keys-at", &at]).suggests("/work")
    }

    /// Another account's key came first.
    the_other_accounts_key_first: "wrong-account", Works, |stage| {
        let (right, wrong) = (stage.home.key("work"), stage.home.key("id_ed25519"));
        let git = GoServer::github().accepts_as(&wrong, "octocat").accepts_as(&right, "hubot").start(stage);
        github(&stage.home, &git, "");
        let web = Https::start(stage, list(&[&right]));
        let at = web.keys_at("github.com");
        stage.keep(web);
        check(["--vcs", "github.com", "--as", "hubot", "--keys-at", &at]).suggests("/work")
    }

    /// The account has a key of the agent's, which was offered and refused.
    registered_and_refused: "key-rejected", Any, |stage| {
        let key = stage.key_elsewhere("held");
        let agent = Agent::with(stage, &[&key]);
        stage.variable("SSH_AUTH_SOCK", &agent);
        let git = GoServer::github().start(stage);
        github(&stage.home, &git, "");
        let web = Https::start(stage, list(&[&key]));
        let at = web.keys_at("github.com");
        stage.keep(web);
        check(["--vcs", "github.com", "--as", "hubot", "--keys-at", &at]).then(|report| {
            assert_eq!(report["published"][0]["registered"].as_array().unwrap().len(), 1);
            let says = report["findings"][0]["explanation"].as_str().unwrap();
            assert!(says.contains("refused it all the same"), "{says}");
        })
    }

    /// No key here is the account's.
    refused_and_not_registered: "key-rejected", Any, |stage| {
        let (strange, _key) = (stage.key_elsewhere("strange"), stage.home.key("id_ed25519"));
        let git = GoServer::github().start(stage);
        github(&stage.home, &git, "");
        let web = Https::start(stage, list(&[&strange]));
        let at = web.keys_at("github.com");
        stage.keep(web);
        check(["--vcs", "github.com", "--as", "hubot", "--keys-at", &at]).then(|report| {
            let says = report["findings"][0]["explanation"].as_str().unwrap();
            assert!(says.contains("None of the keys here is registered for hubot"), "{says}");
        })
    }
}
