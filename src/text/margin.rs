//! What stands before a program's words in a pasted line: quotes, time stamps, a tool's name.

use super::walk::{MANY, Walk, is_name};

/// Longest margin that is believed, in characters.
pub(super) const WIDEST: usize = 80;

/// Where the margin ends: what people, mailers, CI and build tools put before a line, in any order that one of them uses.
///
/// Nothing that may be missing begins as what may follow it does, so no piece is ever given back.
fn end(line: &str) -> usize {
    let mut walk = Walk(line.as_bytes());
    while walk.some(1, MANY, |byte| b" \t>|+*`".contains(&byte)) || walk.one(&["│", "< ", "// ", "# "]) {}
    walk.maybe(searched);
    // kubectl's pod.
    walk.maybe(|walk| walk.word("[pod/") && walk.some(1, MANY, |byte| !b" ]".contains(&byte)) && walk.word("] "));
    walk.maybe(dated);
    walk.maybe(streamed);
    // The program's own, behind a CI system's.
    walk.maybe(moment);
    walk.maybe(|walk| {
        walk.word("[");
        clock(walk) && {
            walk.word("]");
            walk.some(1, MANY, |byte| b" \t|".contains(&byte))
        }
    });
    walk.maybe(|walk| walk.some(1, 40, is_name) && walk.some(0, MANY, |byte| byte == b' ') && walk.word("| "));
    tool(&mut walk);
    walk.maybe(|walk| {
        walk.one(&["stderr", "stdout", "remote-exec", "output"])
            && walk.one(&[":", "|"])
            && walk.some(0, MANY, |byte| byte == b' ')
    });
    walk.some(0, MANY, |byte| b" \t>".contains(&byte));
    line.len() - walk.0.len()
}

/// `ssh.log.1:7:`, as grep shows a file and a line.
fn searched(walk: &mut Walk<'_>) -> bool {
    let run = walk.0.iter().take_while(|byte| is_name(**byte) || matches!(byte, b'/' | b'+')).count();
    let number = |walk: &mut Walk<'_>| walk.some(1, MANY, |byte| byte.is_ascii_digit());
    let ends = |length: usize| {
        let mut walk = Walk(&walk.0[length..]);
        let file = walk.one(&[".log", ".txt"]);
        walk.maybe(|walk| walk.word(".") && number(walk));
        (file && walk.one(&[":", "-"])).then_some(walk)
    };
    let Some(mut rest) = (1..=run).rev().find_map(ends) else { return false };
    rest.maybe(|walk| number(walk) && walk.one(&[":", "-"]));
    walk.0 = &walk.0[walk.0.len() - rest.0.len()..];
    true
}

/// A moment, behind the job and its step in what `gh run view --log` prints.
fn dated(walk: &mut Walk<'_>) -> bool {
    let column = |walk: &mut Walk<'_>| walk.some(1, MANY, |byte| byte != b'\t') && walk.word("\t");
    walk.maybe(|walk| column(walk) && column(walk));
    moment(walk)
}

/// `[2024-01-02T10:00:00.123+01:00] `
fn moment(walk: &mut Walk<'_>) -> bool {
    walk.word("[");
    let day = walk.digits(4) && walk.one(&["-", "/"]) && walk.digits(2) && walk.one(&["-", "/"]) && walk.digits(2);
    day && walk.one(&["T", " "]) && clock(walk) && {
        walk.zone();
        walk.word("]");
        walk.some(1, MANY, |byte| b" \t:|".contains(&byte))
    }
}

/// `10:00:00.123`
fn clock(walk: &mut Walk<'_>) -> bool {
    let time = walk.digits(2) && walk.word(":") && walk.digits(2) && walk.word(":") && walk.digits(2);
    walk.maybe(|walk| walk.one(&[".", ","]) && walk.some(1, MANY, |byte| byte.is_ascii_digit()));
    time
}

/// A container's stream (CRI), GitLab's job log.
fn streamed(walk: &mut Walk<'_>) -> bool {
    let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    walk.one(&["stdout F ", "stdout P ", "stderr F ", "stderr P "])
        || walk.some(2, 2, hex) && walk.one(&["O ", "O+", "E ", "E+"])
}

/// BuildKit's step and seconds, npm's, Maven's and Jenkins' level, Packer's and Terraform's part.
fn tool(walk: &mut Walk<'_>) -> bool {
    let number = |walk: &mut Walk<'_>, most| walk.some(1, most, |byte| byte.is_ascii_digit());
    let step = |walk: &mut Walk<'_>| {
        let step = walk.word("#") && number(walk, 4) && walk.word(" ");
        walk.maybe(|walk| number(walk, 6) && walk.word(".") && number(walk, 3) && walk.word(" "));
        step
    };
    let part = |byte: u8| is_name(byte) || b"[]\"".contains(&byte);
    walk.maybe(step)
        || walk.one(&["npm ERR! ", "npm error ", "[ERROR] ", "[WARN] ", "[WARNING] ", "[INFO] ", "[DEBUG] "])
        || walk.maybe(|walk| walk.word("==> ") && walk.some(1, 60, is_name) && walk.word(": "))
        || walk.maybe(|walk| walk.some(1, 80, part) && walk.one(&[" (remote-exec): ", " (local-exec): "]))
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
    let end = end(line);
    // `***@HOST`: a masked user, and no list's stars.
    if line[end..].starts_with('@') { line[..end].trim_end_matches('*').len() } else { end }
}

/// Words that begin such a margin, and signs that stand in any other that begins with a letter.
const FIRST: [&str; 5] = ["npm ", "output", "remote-exec", "stderr", "stdout"];
const SIGNS: [&str; 6] = ["\t", "| ", ".log", ".txt", "(remote-exec): ", "(local-exec): "];

/// Whether such a margin can begin here: most lines begin with a word, or with a prompt, and have none. A short log need
/// not wait until the pattern is compiled.
fn may_begin(line: &str) -> bool {
    let bytes = line.as_bytes();
    match line.chars().next() {
        Some('$') | None => false,
        Some('#') => matches!(bytes, [_, b' ' | b'0'..=b'9', ..]),
        Some(c) if c.is_alphabetic() => {
            let signed =
                || bytes.iter().any(|byte| b"|.(\t".contains(byte)) && SIGNS.iter().any(|sign| line.contains(sign));
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
    use std::sync::LazyLock;

    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::select;
    use regex::Regex;

    use super::*;

    /// The same as one pattern.
    static PREFIX: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(concat!(
            r"^(?:[ \t>|│+*`]+|< |// |# )*",
            r"(?:[[:word:]./+-]+\.(?:log|txt)(?:\.[0-9]+)?[:-](?:[0-9]+[:-])?)?",
            r"(?:\[pod/[^ \]]+\] )?",
            r"(?:(?:[^\t]+\t[^\t]+\t)?\[?[0-9]{4}[-/][0-9][0-9][-/][0-9][0-9][T ][0-9][0-9]:[0-9][0-9]:[0-9][0-9](?:[.,][0-9]+)?(?:Z|[+-][0-9][0-9]:?[0-9][0-9])?\]?[ \t:|]+)?",
            r"(?:(?:stdout|stderr) [FP] |[0-9a-f]{2}[OE][ +])?",
            r"(?:\[?[0-9]{4}[-/][0-9][0-9][-/][0-9][0-9][T ][0-9][0-9]:[0-9][0-9]:[0-9][0-9](?:[.,][0-9]+)?(?:Z|[+-][0-9][0-9]:?[0-9][0-9])?\]?[ \t:|]+)?",
            r"(?:\[?[0-9][0-9]:[0-9][0-9]:[0-9][0-9](?:[.,][0-9]+)?\]?[ \t|]+)?",
            r"(?:[[:word:].-]{1,40} *\| )?",
            r"(?:#[0-9]{1,4} (?:[0-9]{1,6}\.[0-9]{1,3} )?|npm (?:ERR!|error) |\[(?:ERROR|WARN|WARNING|INFO|DEBUG)\] ",
            r#"|==> [[:word:].-]{1,60}: |[[:word:].\[\]"-]{1,80} \((?:remote|local)-exec\): )?"#,
            r"(?:(?:stderr|stdout|remote-exec|output)[:|] *)?",
            r"[ \t>]*",
        ))
        .unwrap()
    });

    /// Pieces of margins, and what else may stand there.
    const PIECES: &[&str] = &[
        " ",
        "\t",
        ">",
        "|",
        "│",
        "*",
        "< ",
        "// ",
        "# ",
        "a/b.log",
        ".txt",
        ".1",
        ":",
        "-",
        "7",
        "[pod/web/x",
        "] ",
        "[",
        "]",
        "2024-01-02T",
        "2024/01/02 ",
        "10:00:00",
        ".123",
        ",",
        "Z",
        "+01:00",
        "-0100",
        "stdout ",
        "stderr",
        "F ",
        "0aO",
        "00E+",
        "web_1",
        "| ",
        "#12 ",
        "0.5 ",
        "npm ERR! ",
        "npm error ",
        "[WARNING] ",
        "[WARN] ",
        "==> ",
        "a.b: ",
        "\"x\"",
        " (remote-exec): ",
        "(local-exec): ",
        "output",
        "remote-exec: ",
        "debug1: x",
        "é",
        "0",
        "a",
    ];

    proptest! {
        #[test]
        fn a_walk_is_the_pattern(pieces in vec(select(PIECES), 0..9)) {
            let line = pieces.concat();
            prop_assert_eq!(end(&line), PREFIX.find(&line).unwrap().end(), "{:?}", line);
        }

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
            "2024-05-01T10:00:00.1234567Z 2024-05-01 10:00:00+0000 ",
            "deploy (ubuntu)\tRun ./deploy\t2024-05-01T10:00:00.1234567Z ",
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
