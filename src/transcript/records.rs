//! From a pasted line to the records in it: usually one, freed from quotes, indents and time stamps.

use std::sync::LazyLock;

use memchr::memmem;
use regex::Regex;

use super::markup::unmark;
use super::unprintable;

/// One statement as a client wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The client's words, from `debug1: ` on or from the first word of a plain message.
    pub text: String,
    /// The words that stand in the line so, letter for letter; control characters left out.
    pub quote: String,
}

/// What stood before the words in the lines so far; later lines are cut in the same place.
#[derive(Clone, Debug, Default)]
pub struct Margin {
    shape: Vec<char>,
}

/// Longest quote, in characters.
const QUOTE: usize = 400;

/// Longest margin that is believed, in characters.
const MARGIN: usize = 80;

/// The records of one line, appended to `found`.
pub fn records(line: &[u8], margin: &mut Margin, found: &mut Vec<Record>) {
    let text = String::from_utf8_lossy(line);
    for part in text.split('\r') {
        let clean = printable(part);
        if clean.trim().is_empty() {
            continue;
        }
        let mut pieces = Vec::new();
        let spelt = pieces_of(&clean, &mut pieces);
        for piece in pieces {
            record(piece, spelt, margin, found);
        }
    }
}

/// A line as it is, freed of what can't be seen; cut to a length for reports.
pub fn shown(line: &[u8]) -> String {
    quote(&printable(&String::from_utf8_lossy(line)))
}

/// `text` without escape sequences and without characters that can't be seen; tabs stay.
///
/// A tab takes the place of all escapes but colours, so that no quote runs over one: what a terminal would make
/// of it is not what stands in the line.
fn printable(text: &str) -> String {
    let plain = if text.contains('\u{1b}') {
        let plain = COLOUR.replace_all(text, "");
        ESCAPE.replace_all(&plain, "\t").into_owned()
    } else {
        text.to_owned()
    };
    if plain.chars().any(|c| unprintable(c) && c != '\t') {
        plain.chars().filter(|c| *c == '\t' || !unprintable(*c)).collect()
    } else {
        plain
    }
}

/// Colours and other short control sequences (ECMA-48 §5.4).
static COLOUR: LazyLock<Regex> = LazyLock::new(|| pattern(r"\x1b\[[0-9;]*[A-Za-z]"));

/// Longer control sequences, titles and links (§8.3.89 and below), and escapes of two or three characters.
static ESCAPE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(r"\x1b\[[0-?]*[ -/]*[@-~]?", r"|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?", r"|\x1b[ -/]*[0-~]?",))
});

/// Splits a line that holds several records: a whole log in one string, with `\n` spelt out, with `<br>`, or
/// with all line ends lost. Returns whether line ends are spelt out, as in a string of JSON.
fn pieces_of<'a>(line: &'a str, pieces: &mut Vec<&'a str>) -> bool {
    let spelt = line.matches("\\ndebug").count() + line.matches("\\r\\ndebug").count() >= 2;
    let broken: Vec<&str> = if spelt {
        SPELT_BREAK.split(line).collect()
    } else if line.contains("<br") {
        TAG_BREAK.split(line).collect()
    } else {
        vec![line]
    };
    let several = broken.len() > 1;
    for part in broken {
        let mut cuts: Vec<usize> = debug_starts(part).collect();
        // What follows is what the other side sent.
        if let Some(said) = part.find("exchange_identification: banner line ") {
            cuts.retain(|cut| *cut < said);
        }
        if cuts.len() > 1 || several || cuts.first().is_some_and(|at| *at > MARGIN) {
            cuts.extend(PLAIN_START.find_iter(part).map(|found| found.start()));
            cuts.sort_unstable();
            cuts.dedup();
        } else {
            cuts.clear();
        }
        let mut start = 0;
        for cut in cuts {
            if !part[start..cut].trim().is_empty() && part.is_char_boundary(cut) {
                pieces.push(&part[start..cut]);
                start = cut;
            }
        }
        pieces.push(&part[start..]);
    }
    spelt
}

static SPELT_BREAK: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?:\\+r)?\\+n"));
static TAG_BREAK: LazyLock<Regex> = LazyLock::new(|| pattern(r"<[Bb][Rr] ?/?>"));

/// Beginnings of records without a level that stand inside a line of several.
static PLAIN_START: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"OpenSSH_[^ ,]+[^,]{0,40}, *(?:OpenSSL|LibreSSL|BoringSSL|AWS-LC|without)",
        r"|[[:word:].<>-]+@[[:word:].:<>\[\]-]+: Permission denied \(",
        r"|[[:word:].<>-]+@[[:word:].:<>-]+ ?'s password:",
        r"|Authenticated to ",
        r"|Hi [^ ]{1,60}! You've ",
        r"|Welcome to GitLab, ",
        r"|Enter passphrase for key ",
        r"|Transferred: sent ",
        r"|Warning: ",
        r"|Last login: ",
        r"|Load key ",
        r"|Connection (?:closed|reset) by ",
        r"|Received disconnect from ",
        r"|kex_exchange_identification: ",
        r"|ssh: (?:connect to host|Could not resolve) ",
        r"|mux_client_[a-z_]+: ",
    ))
});

/// What people, mailers and CI put before a line.
static PREFIX: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"^(?:[ \t>|+*`]+|< |// |# )*",
        r"(?:\[?[0-9]{4}[-/][0-9][0-9][-/][0-9][0-9][T ][0-9][0-9]:[0-9][0-9]:[0-9][0-9](?:[.,][0-9]+)?(?:Z|[+-][0-9][0-9]:?[0-9][0-9])?\]?[ \t:|]+)?",
        r"(?:\[?[0-9][0-9]:[0-9][0-9]:[0-9][0-9](?:[.,][0-9]+)?\]?[ \t|]+)?",
        r"(?:[[:word:].-]{1,40} *\| )?",
        r"(?:(?:stderr|stdout|remote-exec|output)[:|] *)?",
        r"[ \t>]*",
    ))
});

fn pattern(source: &str) -> Regex {
    #[allow(clippy::expect_used, reason = "constant patterns, compiled by the tests")]
    Regex::new(source).expect("a constant pattern")
}

/// Where `debug1: `, `debug2: ` and `debug3: ` stand.
fn debug_starts(text: &str) -> impl Iterator<Item = usize> {
    memmem::find_iter(text.as_bytes(), b"debug").filter(move |at| {
        matches!(text.as_bytes().get(at + 5..at + 8), Some([b'1'..=b'3', b':', b' ']))
            && !text[..*at].ends_with(|c: char| c.is_ascii_alphanumeric() && c != 'n')
    })
}

fn record(piece: &str, spelt: bool, margin: &mut Margin, found: &mut Vec<Record>) {
    let mut plain = unmark(piece);
    // Where line ends are spelt out, so are quotes.
    if spelt && plain.contains("\\\"") {
        plain = plain.replace("\\\"", "\"").into();
    }
    let start = record_start(&plain, margin);
    let text = plain[start..].trim().trim_end_matches(['`']).trim_end();
    if text.is_empty() {
        return;
    }
    // Where nothing was replaced within, the record itself stands in the line; else the piece does.
    let quoted = if piece.contains(text) { text } else { piece.trim() };
    found.push(Record { quote: quote(quoted), text: text.replace(['\t', '\u{a0}'], " ") });
}

/// What can be quoted of `text`: the longest run without a tab, cut to a length for reports.
fn quote(text: &str) -> String {
    let run = text.split('\t').max_by_key(|run| run.trim().len()).unwrap_or_default().trim();
    match run.char_indices().nth(QUOTE) {
        Some((end, _)) => run[..end].trim_end().to_owned(),
        None => run.to_owned(),
    }
}

/// Where the client's words begin.
fn record_start(text: &str, margin: &mut Margin) -> usize {
    if let Some(start) = debug_starts(text).next() {
        if text[..start].chars().count() <= MARGIN {
            margin.shape = shape(&text[..start]);
        }
        return start;
    }
    if !margin.shape.is_empty() {
        let end = text.char_indices().nth(margin.shape.len()).map_or(text.len(), |(at, _)| at);
        if shape(&text[..end]) == margin.shape {
            return end;
        }
    }
    PREFIX.find(text).map_or(0, |found| found.end())
}

/// A margin's outline: time stamps differ in their digits only.
fn shape(margin: &str) -> Vec<char> {
    margin.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(lines: &[&str]) -> Vec<String> {
        let mut margin = Margin::default();
        let mut found = Vec::new();
        for line in lines {
            records(line.as_bytes(), &mut margin, &mut found);
        }
        found.into_iter().map(|record| record.text).collect()
    }

    #[test]
    fn margins_are_cut() {
        let denied = "git@github.com: Permission denied (publickey).";
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
            "`",
        ] {
            assert_eq!(texts(&[&format!("{margin}{denied}")]), [denied], "{margin:?}");
        }
        assert_eq!(texts(&["job 12 :: debug1: x", "job 13 :: plain"]), ["debug1: x", "plain"]);
    }

    #[test]
    fn a_log_in_one_line_is_taken_apart() {
        let spelt = r"(255, 'OpenSSH_9.6p1, OpenSSL 3.0\r\ndebug1: one\r\ndebug2: two\r\nhost\n')";
        assert_eq!(texts(&[spelt])[1..3], ["OpenSSH_9.6p1, OpenSSL 3.0", "debug1: one"]);
        let lost = "debug1: one debug1: two root@box: Permission denied (publickey).";
        assert_eq!(texts(&[lost]), ["debug1: one", "debug1: two", "root@box: Permission denied (publickey)."]);
    }

    #[test]
    fn colours_and_invisible_marks_go() {
        assert_eq!(texts(&["\u{1b}[31mPermission\u{202e} denied\u{1b}[0m\u{7}"]), ["Permission denied"]);
    }

    #[test]
    fn quotes_stand_in_the_line() {
        let mut found = Vec::new();
        records(b"> <span>debug1: a <b>b</b></span>", &mut Margin::default(), &mut found);
        assert_eq!(found[0].text, "debug1: a b");
        assert_eq!(found[0].quote, "> <span>debug1: a <b>b</b></span>");
    }
}
