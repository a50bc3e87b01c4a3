//! Tests over the registries: rules and their pages, providers and their greetings.

use std::collections::BTreeSet;

use crate::kit::{names, project};
use ssh_why::inside::provider::{self, PROVIDERS};
use ssh_why::inside::rules::{RULES, by_id};

/// All causes that users and scripts may rely on.
const CAUSES: &str = "
    dns connection-refused connection-timeout network-unreachable connection-closed proxy-failed kex-mismatch
    host-key-changed host-key-unknown config-error multiplexed rate-limited wrong-host
    no-identity identity-missing identity-unreadable identity-permissions identity-invalid passphrase pubkey-mismatch
    agent-unreachable agent-refused security-key pkcs11 identities-only pubkey-disabled other-home key-too-short
    agent-other
    key-rejected key-not-offered too-many-failures wrong-user wrong-account deploy-key signature-algorithm
    method-unavailable accepted-then-denied accepts-any partial-success certificate server-side ci-keys ci-session-over
    session-failed repo-access git-differs authenticated unknown";

/// A page's parts, in order.
const HEADINGS: &[&str] =
    &["## What it means", "## How it shows", "## What looks like it", "## What to do", "## How to check"];

/// What each provider says after a login, and the account that it names.
const GREETINGS: &[(&str, &str, Option<&str>)] = &[
    (
        "github",
        "Hi octocat! You've successfully authenticated, but GitHub does not provide shell access.",
        Some("octocat"),
    ),
    (
        "github",
        "Hi acme/widgets! You've successfully authenticated, but GitHub does not provide shell access.",
        Some("acme/widgets"),
    ),
    ("gitlab", "Welcome to GitLab, @octocat!", Some("octocat")),
    ("gitolite", "hello octocat, this is git@box running gitolite3 3.6.12-1 (Debian) on git 2.39.5", Some("octocat")),
    ("gitlab", "Welcome to GitLab, Mona Lisa!", None),
    ("gitlab", "Welcome to GitLab, Anonymous!", None),
    ("bitbucket", "authenticated via ssh key.", None),
    ("bitbucket", "authenticated via a deploy key.", None),
    ("bitbucket", "logged in as octocat.", Some("octocat")),
    ("azure-devops", "remote: Shell access is not supported.", None),
    ("azure-devops", "Shell access is not supported.", None),
    (
        "codecommit",
        "You have successfully authenticated over SSH. You can use Git to interact with AWS CodeCommit. Interactive shells are not supported.",
        None,
    ),
    (
        "codecommit",
        "You have successfully authenticated over SSH. You can use Git to interact with CodeCommit. Interactive shells are not supported.",
        None,
    ),
    (
        "gitea",
        "Hi there, octocat! You've successfully authenticated with the key named laptop, but Gitea does not provide shell access.",
        Some("octocat"),
    ),
    (
        "gitea",
        "Hi there, octocat! You've successfully authenticated, but Gitea does not provide shell access.",
        Some("octocat"),
    ),
    (
        "gitea",
        "Hi there! You've successfully authenticated with the deploy key named ci, but Gitea does not provide shell access.",
        None,
    ),
    (
        "forgejo",
        "Hi there, octocat! You've successfully authenticated with the key named laptop, but Forgejo does not provide shell access.",
        Some("octocat"),
    ),
    (
        "forgejo",
        "Hi there! You've successfully authenticated with the deploy key named ci, but Forgejo does not provide shell access.",
        None,
    ),
    ("gogs", "Hi there, You've successfully authenticated, but Gogs does not provide shell access.", None),
    (
        "gogs",
        "Hi there, octocat! You've successfully authenticated, but Gogs does not provide shell access.",
        Some("octocat"),
    ),
    (
        "sourcehut",
        "Hi octocat! You've successfully authenticated, but I do not provide an interactive shell. Bye!",
        Some("octocat"),
    ),
    ("hugging-face", "Hi octocat, welcome to Hugging Face.", Some("octocat")),
    ("hugging-face", "Hi anonymous, welcome to Hugging Face.", None),
    ("launchpad", "No shells on this server.", None),
    ("gerrit", "Hi octocat, you have successfully connected over SSH.", Some("octocat")),
    (
        "gitee",
        "Hi octocat! You've successfully authenticated, but GITEE.COM does not provide shell access.",
        Some("octocat"),
    ),
];

#[test]
fn ids_are_unique_and_kebab_case() {
    let ids: BTreeSet<&str> = RULES.iter().map(|rule| rule.id).collect();
    assert_eq!(ids.len(), RULES.len());
    for id in ids {
        let words: Vec<&str> = id.split('-').collect();
        assert!(words.len() <= 4, "{id} has too many words");
        for word in words {
            assert!(
                !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()),
                "{id}"
            );
        }
    }
}

#[test]
fn all_promised_causes_are_there() {
    let promised: BTreeSet<&str> = CAUSES.split_whitespace().collect();
    assert_eq!(promised.len(), CAUSES.split_whitespace().count(), "one is promised twice");
    for id in &promised {
        assert!(by_id(id).is_some(), "{id} is gone: ids are stable for ever");
    }
    for rule in RULES {
        assert!(promised.contains(rule.id), "{} is new: promise it in this test, too", rule.id);
    }
}

#[test]
fn every_page_has_its_parts() {
    for rule in RULES {
        let page = rule.page;
        assert_eq!(page.lines().next(), Some(format!("# {}", rule.id).as_str()));
        let headings: Vec<&str> = page.lines().filter(|line| line.starts_with('#')).skip(1).collect();
        assert_eq!(headings, HEADINGS, "{}", rule.id);
        for part in page.split("\n## ").skip(1) {
            assert!(
                part.lines().skip(1).any(|line| !line.trim().is_empty()),
                "{}: nothing below {:?}",
                rule.id,
                part.lines().next()
            );
        }
        assert!(page.ends_with('\n') && !page.contains('\r') && !page.contains('\t'), "{}", rule.id);
        assert!(!page.contains("```"), "{}: code is indented, since terminals show the page as it is", rule.id);
        for line in page.lines().filter(|line| !line.starts_with("    ")) {
            assert!(line.chars().count() <= 80, "{}: a line of more than 80 columns: {line}", rule.id);
        }
    }
}

#[test]
fn every_summary_is_a_short_sentence() {
    for rule in RULES {
        let summary = rule.summary();
        assert!((10..=100).contains(&summary.chars().count()), "{}: {summary}", rule.id);
        assert!(summary.ends_with('.') && !summary.starts_with('#'), "{}: {summary}", rule.id);
        let next = rule.page.lines().nth(3);
        assert_eq!(next, Some(""), "{}: the summary goes on in a second line", rule.id);
    }
}

#[test]
fn every_page_is_a_rules() {
    let pages: Vec<String> = names(&project("docs/causes"), false);
    let mut rules: Vec<String> = RULES.iter().map(|rule| format!("{}.md", rule.id)).collect();
    rules.sort();
    assert_eq!(pages, rules);
}

/// A page sends its reader to other pages, so what looks like an id must be one.
#[test]
fn pages_name_real_causes() {
    let others = ["rsa-sha2-256", "rsa-sha2-512", "ssh-add", "ssh-rsa", "sshd-session"];
    let mut named = 0;
    for rule in RULES {
        for word in rule.page.split('`').skip(1).step_by(2) {
            let letters = |part: &str| {
                !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
            };
            if word.contains('-') && word.split('-').all(letters) && !others.contains(&word) {
                assert!(by_id(word).is_some(), "{}: there is no cause {word}", rule.id);
                named += 1;
            }
        }
    }
    assert!(named > 50, "{named} names: are they still in backquotes?");
}

#[test]
fn explained_causes_exist() {
    for rule in RULES {
        for other in rule.explains {
            assert!(
                by_id(other).is_some_and(|found| found.check.is_some()),
                "{} explains {other}, which is no rule's",
                rule.id
            );
            assert_ne!(*other, rule.id);
        }
        let distinct: BTreeSet<_> = rule.explains.iter().collect();
        assert_eq!(distinct.len(), rule.explains.len(), "{}", rule.id);
    }
}

#[test]
fn every_rule_has_a_case_and_a_near_miss() {
    for (kind, word) in [("causes", "fires it"), ("near-misses", "looks like it")] {
        let folder = project("fixtures").join(kind);
        let have = names(&folder, true);
        for rule in RULES {
            let there = have.iter().any(|name| name == rule.id);
            assert_eq!(
                there,
                rule.check.is_some() && !rule.local,
                "{}: a case in fixtures/{kind} that {word}",
                rule.id
            );
        }
        for name in &have {
            assert!(by_id(name).is_some(), "fixtures/{kind}/{name} is no cause");
            assert!(!names(&folder.join(name), true).is_empty(), "fixtures/{kind}/{name} is empty");
            assert!(
                names(&folder.join(name), false).is_empty(),
                "fixtures/{kind}/{name}: logs belong into a case's folder"
            );
        }
    }
}

/// `tests/rules/cases.rs` sees that they fire; here, that the releases are many.
#[test]
fn cases_span_the_releases() {
    let mut releases = BTreeSet::new();
    for case in crate::kit::cases("causes") {
        for source in case.sources() {
            assert!(source.bytes.len() <= 25_000, "{}: {} is long", case.name, source.name);
            let log = crate::kit::read(&source.name, &source.bytes);
            releases.extend(log.sessions.iter().filter_map(ssh_why::model::Session::openssh));
        }
    }
    assert!(releases.iter().next().is_some_and(|first| *first <= (5, 3)), "{releases:?}");
    assert!(releases.iter().next_back().is_some_and(|last| *last >= (10, 5)), "{releases:?}");
    assert!(releases.len() >= 18, "{releases:?}");
}

#[test]
fn each_greeting_is_one_providers() {
    for (id, line, login) in GREETINGS {
        let greeting = provider::greeting(line).unwrap_or_else(|| panic!("no greeting: {line}"));
        assert_eq!((greeting.provider, greeting.login.as_deref()), (*id, *login), "{line}");
        assert!(provider::by_id(id).is_some(), "{id}");
        // Its words, without the account, are no other provider's.
        for (other, sample, _) in GREETINGS.iter().filter(|(other, ..)| other != id) {
            assert_ne!(provider::greeting(sample).map(|greeting| greeting.provider), Some(*id), "{other} and {id}");
        }
    }
}

#[test]
fn every_provider_that_greets_has_a_sample() {
    let sampled: BTreeSet<&str> = GREETINGS.iter().map(|(id, ..)| *id).collect();
    // These greet as another provider does, or print nothing that is their own.
    let silent = BTreeSet::from(["github-enterprise", "bitbucket-data-center", "visual-studio", "codeberg"]);
    for provider in PROVIDERS {
        assert!(sampled.contains(provider.id) != silent.contains(provider.id), "{}", provider.id);
    }
}

#[test]
fn providers_are_found_by_what_they_have() {
    for provider in PROVIDERS {
        assert!(!provider.name.is_empty() && !provider.id.is_empty());
        for host in provider.hosts {
            let host = host.strip_prefix('.').map_or_else(|| (*host).to_owned(), |rest| format!("octocat.{rest}"));
            assert_eq!(provider::by_host(&host).map(|found| found.id), Some(provider.id), "{host}");
        }
        if let Some((host, port)) = provider.alternate {
            assert_eq!(provider::by_host(host).map(|found| found.id), Some(provider.id), "{host}");
            assert_ne!(port, 22);
        }
        for software in provider.software {
            assert_eq!(provider::by_software(software).map(|found| found.id), Some(provider.id), "{software}");
        }
        for name in provider.mistaken_for {
            assert_eq!(provider::mistaken(name).map(|found| found.id), Some(provider.id), "{name}");
            assert!(provider::by_host(name).is_none(), "{name} is a git host after all");
        }
        for page in provider.keys_page.iter().chain(&provider.public_keys) {
            assert!(page.starts_with("https://"), "{page}");
        }
        let prints: BTreeSet<_> = provider.host_keys.iter().map(|key| key.fingerprint).collect();
        assert_eq!(prints.len(), provider.host_keys.len(), "{}", provider.id);
    }
}
