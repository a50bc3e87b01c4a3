//! Words written for a shell are read back exactly: by a real `sh`, and by models of PowerShell and cmd.exe.

use crate::kit::{proptest_cases, read_by_sh};
use proptest::prelude::*;
use ssh_why::inside::shell::{Shell, join};
use ssh_why::inside::text::unprintable;

/// Words that a shell has its own mind about.
const NASTY: &[&str] = &[
    "",
    " ",
    "a b",
    "$(touch pwned)",
    "`touch pwned`",
    "$HOME",
    "${IFS}",
    "~",
    "~/key",
    "*",
    "?",
    "[a-z]",
    "{a,b}",
    "a;b",
    "a&b",
    "a|b",
    "a>b",
    "<a",
    "(a)",
    "!a",
    "#a",
    "=a",
    "a=b",
    "'",
    "''",
    "\"",
    "\\",
    "\\\\",
    "a\\",
    "'a",
    "a'",
    "it's",
    "\"$(a)\"",
    "'$(a)'",
    "%PATH%",
    "^",
    "-",
    "--",
    "-oProxyCommand=x",
    "--help",
    "é",
    "日本",
    "a@b",
    "\u{2018}a\u{2019}",
    "$'a'",
    "a,b",
    "a:b",
    "C:\\Users\\dev\\.ssh\\id",
    "\\\\server\\share",
    "!!",
    "a!b",
    "&&",
    "||",
    ";;",
    "$",
    "$$",
    "$1",
    "@",
    "@(a)",
    ".",
    "..",
    "0x10",
    "1kb",
    "{",
    "}",
];

#[test]
fn sh_reads_nasty_words_exactly() {
    for word in NASTY {
        assert_eq!(read_by_sh(&join(&["ssh", word, "end"], Shell::Sh).unwrap()), ["ssh", word, "end"], "{word:?}");
    }
    let all: Vec<&str> = std::iter::once("ssh").chain(NASTY.iter().copied()).collect();
    assert_eq!(read_by_sh(&join(&all, Shell::Sh).unwrap()), all);
}

/// What PowerShell makes of a line of words: bare ones, and single quotes in which two stand for one.
fn read_by_powershell(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = line;
    while !rest.is_empty() {
        if let Some(quoted) = rest.strip_prefix('\'') {
            let mut word = String::new();
            let mut chars = quoted.char_indices().peekable();
            let end = loop {
                match chars.next().expect("a closing quote") {
                    (_, '\'') if chars.peek().is_some_and(|(_, next)| *next == '\'') => {
                        chars.next();
                        word.push('\'');
                    }
                    (at, '\'') => break at + 1,
                    // PowerShell takes these for single quotes, too.
                    (_, c) => {
                        assert!(!"\u{2018}\u{2019}\u{201a}\u{201b}".contains(c), "{line}");
                        word.push(c);
                    }
                }
            };
            words.push(word);
            rest = &quoted[end..];
        } else {
            let end = rest.find(' ').unwrap_or(rest.len());
            let word = &rest[..end];
            assert!(
                !word.is_empty()
                    && !word.contains(|c: char| " `$\"'#@&;|<>(){},*?![]~%^\u{201c}\u{201d}\u{201e}".contains(c)),
                "bare: {word:?} in {line:?}"
            );
            words.push(word.to_owned());
            rest = &rest[end..];
        }
        rest = match rest.strip_prefix(' ') {
            Some(next) => next,
            None => {
                assert!(rest.is_empty(), "{line}");
                rest
            }
        };
    }
    words
}

/// What cmd.exe and then a program's own start-up code make of a line of words.
fn read_by_cmd(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut quoted = false;
    let mut word = String::new();
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ' ' if !quoted => words.push(std::mem::take(&mut word)),
            _ => {
                assert!(!"%!\r\n".contains(c), "{line}: cmd expands {c}");
                assert!(quoted || !"&|<>()^,;=@".contains(c), "{line}: bare {c}");
                word.push(c);
            }
        }
    }
    assert!(!quoted && !line.contains("\\\""), "{line}");
    words.push(word);
    words
}

fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[ -~]{0,12}",
        1 => "\\PC{0,8}",
        1 => prop::sample::select(NASTY.to_vec()).prop_map(str::to_owned),
        1 => "[a-zA-Z0-9@:/._=-]{1,20}",
    ]
}

proptest! {
    #![proptest_config(proptest_cases(500))]

    #[test]
    fn sh_reads_back_what_was_joined(words in prop::collection::vec(word(), 1..8)) {
        match join(&words, Shell::Sh) {
            Ok(line) => {
                prop_assert_eq!(shlex::split(&line), Some(words));
                prop_assert!(!line.chars().any(unprintable));
            }
            Err(trouble) => prop_assert!(trouble.word.chars().any(unprintable), "{trouble}"),
        }
    }

    #[test]
    fn powershell_reads_back_what_was_joined(words in prop::collection::vec(word(), 1..8)) {
        if let Ok(line) = join(&words, Shell::PowerShell) {
            prop_assert_eq!(read_by_powershell(&line), words, "{}", line);
        }
    }

    #[test]
    fn cmd_reads_back_what_was_joined(words in prop::collection::vec(word(), 1..8)) {
        if let Ok(line) = join(&words, Shell::Cmd) {
            prop_assert_eq!(read_by_cmd(&line), words, "{}", line);
        }
    }
}

#[test]
fn windows_shells_refuse_only_what_they_cannot_quote() {
    for word in ["a b", "it is", "(a)", "a&b", "$x", "C:\\Program Files\\x", "a@b", "-o", "~/x"] {
        assert!(join(&[word], Shell::PowerShell).is_ok(), "{word}");
        assert!(join(&[word], Shell::Cmd).is_ok(), "{word}");
    }
    for word in ["a\"b", "a b\\", "\u{201c}a"] {
        assert!(join(&[word], Shell::PowerShell).is_err(), "{word}");
    }
    for word in ["a\"b", "%PATH%", "a!b", "a b\\"] {
        assert!(join(&[word], Shell::Cmd).is_err(), "{word}");
    }
}
