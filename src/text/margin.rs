//! What stands before a program's words in a pasted line: quotes, time stamps, a tool's name.

use std::sync::LazyLock;

use regex::Regex;

/// Longest margin that is believed, in characters.
pub(super) const WIDEST: usize = 80;

/// What people, mailers, CI and build tools put before a line, in any order that one of them uses.
static PREFIX: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"^(?:[ \t>|│+*`]+|< |// |# )*",
        // grep's file and line; kubectl's pod.
        r"(?:[[:word:]./+-]+\.(?:log|txt)(?:\.[0-9]+)?[:-](?:[0-9]+[:-])?)?",
        r"(?:\[pod/[^ \]]+\] )?",
        r"(?:\[?[0-9]{4}[-/][0-9][0-9][-/][0-9][0-9][T ][0-9][0-9]:[0-9][0-9]:[0-9][0-9](?:[.,][0-9]+)?(?:Z|[+-][0-9][0-9]:?[0-9][0-9])?\]?[ \t:|]+)?",
        // A container's stream (CRI), GitLab's job log.
        r"(?:(?:stdout|stderr) [FP] |[0-9a-f]{2}[OE][ +])?",
        r"(?:\[?[0-9][0-9]:[0-9][0-9]:[0-9][0-9](?:[.,][0-9]+)?\]?[ \t|]+)?",
        r"(?:[[:word:].-]{1,40} *\| )?",
        // BuildKit's step and seconds, npm's, Maven's and Jenkins' level, Packer's and Terraform's part.
        r"(?:#[0-9]{1,4} (?:[0-9]{1,6}\.[0-9]{1,3} )?|npm (?:ERR!|error) |\[(?:ERROR|WARN|WARNING|INFO|DEBUG)\] ",
        r#"|==> [[:word:].-]{1,60}: |[[:word:].\[\]"-]{1,80} \((?:remote|local)-exec\): )?"#,
        r"(?:(?:stderr|stdout|remote-exec|output)[:|] *)?",
        r"[ \t>]*",
    ))
});

pub(super) fn pattern(source: &str) -> Regex {
    #[allow(clippy::expect_used, reason = "constant patterns, compiled by the tests")]
    Regex::new(source).expect("a constant pattern")
}

/// How much of `line` is a margin that anybody may put there.
pub(crate) fn usual(line: &str) -> usize {
    let words = line.trim_start_matches([' ', '\t']);
    if !may_begin(words) {
        return line.len() - words.len();
    }
    matched(line)
}

fn matched(line: &str) -> usize {
    let end = PREFIX.find(line).map_or(0, |found| found.end());
    // `***@HOST`: a masked user, and no list's stars.
    if line[end..].starts_with('@') { line[..end].trim_end_matches('*').len() } else { end }
}

/// Words that begin such a margin, and signs that stand in any other that begins with a letter.
const FIRST: [&str; 5] = ["npm ", "output", "remote-exec", "stderr", "stdout"];
const SIGNS: [&str; 5] = ["| ", ".log", ".txt", "(remote-exec): ", "(local-exec): "];

/// Whether such a margin can begin here: most lines begin with a word, or with a prompt, and have none. A short log need
/// not wait until the pattern is compiled.
fn may_begin(line: &str) -> bool {
    let bytes = line.as_bytes();
    match line.chars().next() {
        Some('$') | None => false,
        Some('#') => matches!(bytes, [_, b' ' | b'0'..=b'9', ..]),
        Some(c) if c.is_alphabetic() => {
            let signed =
                || bytes.iter().any(|byte| b"|.(".contains(byte)) && SIGNS.iter().any(|sign| line.contains(sign));
            FIRST.iter().any(|word| line.starts_with(word)) || matches!(bytes, [_, _, b'O' | b'E', ..]) || signed()
        }
        Some(_) => true,
    }
}

/// A margin's outline: time stamps and counters differ in their digits only.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Shape(String);

impl Shape {
    pub(super) fn of(margin: &str) -> Self {
        let mut shape = String::with_capacity(margin.len());
        for c in margin.chars() {
            let c = if c.is_ascii_digit() { '0' } else { c };
            if c != '0' || !shape.ends_with('0') {
                shape.push(c);
            }
        }
        Self(shape)
    }

    /// How much of `line` has this outline, if it begins so.
    pub(super) fn of_line(&self, line: &str) -> Option<usize> {
        let mut rest = line;
        for wanted in self.0.chars() {
            if wanted == '0' {
                let after = rest.trim_start_matches(|c: char| c.is_ascii_digit());
                if after.len() == rest.len() {
                    return None;
                }
                rest = after;
            } else {
                rest = rest.strip_prefix(wanted)?;
            }
        }
        Some(line.len() - rest.len())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn nothing_is_missed(line in r"[ \t>|│+*`<#/$\[0-9:aéE_.-]{0,4}(stderr|npm|debug1|ssh\.log|output|x)?[ :|#a0]{0,4}(\(remote-exec\): )?") {
            prop_assert_eq!(usual(&line), matched(&line));
        }
    }

    #[test]
    fn outlines_forget_digits() {
        let shape = Shape::of("[job 12] 10:00:01 ");
        assert_eq!(shape.of_line("[job 7] 9:59:01 words"), Some(16));
        assert_eq!(shape.of_line("[job x] 9:59:01 words"), None);
    }

    #[test]
    fn usual_margins() {
        for margin in [
            "",
            "> ",
            "> > ",
            "    ",
            "\t",
            "2024-05-01T10:00:00.1234567Z ",
            "[2024-05-01 10:00:00] ",
            "12:00:01 ",
            "ssh-1  | ",
            "#14 2.104 ",
            "2024-05-01T10:00:00.1234567Z #9 0.3 ",
            "npm ERR! ",
            "npm error ",
            "[ERROR] ",
            "==> docker.base: ",
            "module.web[0].null_resource.keys (remote-exec): ",
        ] {
            assert_eq!(usual(&format!("{margin}git@box: no")), margin.len(), "{margin:?}");
        }
        assert_eq!(usual("remote: words"), 0);
    }
}
