//! Its words: pages, help, completions, and what it says to a word that is none.

use super::ran::{err, fails, quietly, run};
use ssh_why::inside::rules::RULES;

#[test]
fn explain_prints_pages() {
    let list = quietly(&run(&["explain"]), 0);
    assert_eq!(list.lines().filter(|line| !line.is_empty()).count(), RULES.len() + 1, "and one line for the clients");
    for rule in RULES {
        assert!(
            list.lines().any(|line| line.starts_with(&format!("{} ", rule.id)) && line.ends_with(rule.summary())),
            "{}",
            rule.id
        );
        let page = quietly(&run(&["explain", rule.id]), 0);
        assert!(page.starts_with(&format!("{}\n\n{}", rule.id, rule.summary().split(' ').next().unwrap())), "{page}");
        let words = |text: &str| text.replace(['#', '`', '*'], "").split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(words(&page), words(rule.page));
        // As they stand are commands and logs, which no width breaks.
        let typed = |line: &&str| !line.starts_with("        ");
        assert!(page.lines().filter(typed).all(|line| line.chars().count() <= 80), "{page}");
        assert!(!page.lines().filter(typed).any(|line| line.contains('`') || line.starts_with('#')), "{page}");
    }
    let client = quietly(&run(&["explain", "plink"]), 0);
    assert!(client.contains("PuTTY") && client.contains("default key files: no"), "{client}");
    let coloured = quietly(&run(&["explain", "--color", "always", "dns"]), 0);
    assert!(coloured.contains("\u{1b}[1m"), "{coloured}");
    let near = run(&["explain", "key_not_ofered"]);
    fails(&near, "key_not_ofered");
    assert!(err(&near).contains("did you mean key-not-offered?"), "{}", err(&near));
    let far = run(&["explain", "weather"]);
    fails(&far, "weather");
    assert!(!err(&far).contains("did you mean"), "{}", err(&far));
}

#[test]
fn what_ssh_said_leads_to_its_causes() {
    for (said, causes) in [
        ("Permission denied (publickey)", &["key-rejected", "no-identity", "key-not-offered"][..]),
        ("git@github.com: Permission denied (publickey).", &["key-rejected"]),
        ("Load key \"/home/dev/.ssh/other\": error in libcrypto", &["identity-invalid"]),
        ("Too many authentication failures", &["too-many-failures"]),
    ] {
        let list = quietly(&run(&["explain", said]), 0);
        for cause in causes {
            assert!(list.lines().any(|line| line.starts_with(&format!("{cause} "))), "{said}: {list}");
        }
    }
    fails(&run(&["explain", "of that nobody ever wrote a line"]), "there is no cause");
}

#[test]
fn packagers_get_completions_and_a_manual() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = quietly(&run(&["completions", shell]), 0);
        assert!(script.len() > 500 && script.contains("ssh-why"), "{shell}");
        assert!(script.contains("explain"), "{shell}");
    }
    let page = quietly(&run(&["man"]), 0);
    assert!(page.contains(".TH ssh-why 1") && page.contains("read") && page.contains("Exit codes"), "{page}");
    assert_eq!(run(&["completions", "tcsh"]).status.code(), Some(2));
}

#[test]
fn help_and_version() {
    let help = quietly(&run(&["--help"]), 0);
    for word in ["read", "explain", "completions", "man", "Exit codes", "0  all is well", "3  not enough to tell"] {
        assert!(help.contains(word), "{word}");
    }
    assert_eq!(quietly(&run(&["--version"]), 0), format!("ssh-why {}\n", env!("CARGO_PKG_VERSION")));
    let read = quietly(&run(&["read", "--help"]), 0);
    for flag in ["--vcs", "--ci", "--format", "--color", "--shell"] {
        assert!(read.contains(flag), "{flag}");
    }
}

#[test]
fn each_help_fits_a_terminal_and_shows_how() {
    let whole = quietly(&run(&["--help"]), 0);
    let listed = whole.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names = listed.filter(|line| !line.starts_with("    ")).filter_map(|line| line.split_whitespace().next());
    let names: Vec<&str> = names.filter(|name| *name != "help").collect();
    assert!(names.len() >= 6, "{names:?}");
    for name in names {
        let help = quietly(&run(&[name, "--help"]), 0);
        assert!(help.contains("\nExample") && help.contains("\nExit codes:\n"), "{name}: {help}");
        let wide: Vec<&str> = help.lines().chain(whole.lines()).filter(|line| line.chars().count() > 80).collect();
        assert!(wide.is_empty(), "{name}: {wide:?}");
        let page = quietly(&run(&["man", name]), 0);
        assert!(page.contains(&format!(".TH ssh-why-{name}")), "{page}");
    }
    let manual = quietly(&run(&["man"]), 0);
    for option in ["vcs", "format", "report", "timeout", "offer"].iter().filter(|_| cfg!(feature = "live")) {
        assert!(manual.contains(&format!("\\-\\-{option}")), "{option}");
    }
    fails(&run(&["man", "no-such"]), "no subcommand");
}

/// A first word that is nothing is told as that, with what it may have been.
#[test]
fn a_word_that_is_nothing() {
    for (word, hint) in [("frobnicate", "--help"), ("no-such/ci.log", "the name and the folder")] {
        let ran = run(&[word]);
        fails(&ran, "is no subcommand, and no file that is there");
        assert!(err(&ran).contains(hint), "{}", err(&ran));
    }
    if cfg!(feature = "live") {
        assert!(err(&run(&["git.corp.example"])).contains("ssh-why check git.corp.example"));
        assert!(err(&run(&["gti", "push"])).contains("did you mean git?"));
    }
    assert!(err(&run(&["chekc"])).contains("'check'"));
}

#[cfg(feature = "live")]
#[test]
fn a_limit_is_in_seconds_or_minutes() {
    for wrong in ["0", "ten", "10h", "-1", "99999999999999999999"] {
        let output = run(&["keys", &format!("--timeout={wrong}")]);
        assert_eq!(output.status.code(), Some(2), "{wrong}");
        assert!(err(&output).contains("10, 10s or 1m"), "{wrong}: {}", err(&output));
    }
    for right in ["10", "10s", "1m"] {
        assert_eq!(run(&["keys", "--timeout", right, "--help"]).status.code(), Some(0), "{right}");
    }
}
