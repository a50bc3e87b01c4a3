//! Wrappers that programs put round whole lines, undone by their own rules.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::margin::usual;
use super::stamp::{self, stamp};
use super::{Openings, Sought};

/// Names under which log drivers and task runners keep a line, or a program's whole output, in an object.
const LINES: &[&str] = &[
    "log",
    "message",
    "short_message",
    "msg",
    "line",
    "error",
    "err",
    "exception",
    "stderr",
    "module_stderr",
    "output",
    "textPayload",
    "MESSAGE",
];

/// What a line holds that is one object, or one string, of another program's; else the line.
pub(super) fn open<'a>(line: &'a str, openings: &Openings) -> Cow<'a, str> {
    let trimmed = line.trim();
    object(trimmed)
        .or_else(|| field(trimmed))
        .or_else(|| bytes_literal(trimmed))
        .or_else(|| quoted(trimmed, openings))
        .map_or(Cow::Borrowed(line), Cow::Owned)
}

/// A line end that is spelt out.
const SPELT: Sought = Sought::new("\\n");

/// A sentence of another program's that ends in a string with line ends spelt out in it, as most languages show one:
/// `failed (255): "…\r\n…"`, `stderr: b'…\n')`. A quote within a client's own line is no frame: a server may have
/// written it.
fn quoted(line: &str, openings: &Openings) -> Option<String> {
    if !SPELT.is_in(line) {
        return None;
    }
    let body = line.trim_end_matches([')', ']', '}', ',', '.', ';']);
    let quote = body.chars().next_back().filter(|c| matches!(c, '"' | '\''))?;
    let end = body.len() - 1;
    let free = |before: &str| before.ends_with([' ', '(', '[', '{', '=', ':', ',']);
    let opens = |at: &usize| free(&line[..*at]) || line[..*at].strip_suffix('b').is_some_and(free);
    let start = body[..end]
        .match_indices(quote)
        .map(|(at, _)| at)
        .find(|at| opens(at) && closes_at_end(&body[*at + 1..], quote))?;
    let lines = unspell(&body[start + 1..end], 1);
    let before = &line[..start];
    if lines.len() < 2 {
        return None;
    }
    let own = !(openings.levels)(before).is_empty()
        || !(openings.plain)(before).is_empty()
        || (openings.begins)(line)
        || (openings.unlevelled)(&before[usual(before)..]);
    if own {
        return None;
    }
    let before = before.strip_suffix('b').filter(|before| free(before)).unwrap_or(before);
    Some(format!("{before}{}", lines.join("\n").trim_end_matches(['\n', '\r'])))
}

/// Whether the first quote that is not escaped stands at the text's end.
fn closes_at_end(text: &str, quote: char) -> bool {
    let escaped = |at: usize| (text[..at].len() - text[..at].trim_end_matches('\\').len()) % 2 == 1;
    text.match_indices(quote).map(|(at, _)| at).find(|at| !escaped(*at)) == Some(text.len() - 1)
}

/// What an object tells beside its words of where its program was bound for, as `name=value`.
pub(super) fn beside(line: &str, openings: &Openings) -> Option<String> {
    let told = fields(line.trim())?.into_iter().filter(|(name, _)| (openings.told)(name));
    let told = told.filter_map(|(name, value)| {
        let value = value
            .as_str()
            .map_or_else(|| value.as_u64().map(|number| number.to_string()), |text| Some(text.to_owned()));
        let plain = value.filter(|value| !value.is_empty() && !value.contains([' ', '"', '=', '\n', '\t']))?;
        Some(format!("{name}={plain}"))
    });
    Some(told.collect::<Vec<_>>().join(" ")).filter(|told| !told.is_empty())
}

/// The fields of the JSON object that a line ends in: a log driver's, a logger's (`ERROR\tno luck\t{…}`), or the failure
/// of one of Ansible's tasks (`fatal: [HOST]: UNREACHABLE! => {…}`).
fn fields(line: &str) -> Option<Map<String, Value>> {
    if !line.ends_with('}') {
        return None;
    }
    let start = match line.strip_prefix('{') {
        Some(_) => 0,
        None => {
            line.find("=> {").map(|at| at + 3).or_else(|| line.find("\t{\"").map(|at| at + 1)).filter(|at| *at < 203)?
        }
    };
    match serde_json::from_str(&line[start..]).ok()? {
        Value::Object(fields) => Some(fields),
        _ => None,
    }
}

/// The words of such a line.
fn object(line: &str) -> Option<String> {
    let fields = fields(line)?;
    if let Some(entry) = journal(&fields) {
        return Some(entry);
    }
    let words: Vec<&str> =
        LINES.iter().filter_map(|name| fields.get(*name)?.as_str()).filter(|text| !text.trim().is_empty()).collect();
    let text = words.join("\n").replace('\r', "").trim_end_matches('\n').to_owned();
    // Docker's own stamp, of what has no other.
    let time = fields.get("time").and_then(Value::as_str).filter(|time| !text.contains('\n') && stamp(time).is_some());
    match time {
        _ if words.is_empty() => None,
        Some(time) => Some(format!("{time} {text}")),
        None => Some(text),
    }
}

/// An entry of systemd's journal (`journalctl -o json`), as its short form shows it: one line, whatever stands in it.
fn journal(fields: &Map<String, Value>) -> Option<String> {
    let text = |name: &str| fields.get(name)?.as_str();
    let name = text("SYSLOG_IDENTIFIER").or_else(|| text("_COMM"))?;
    // What is no text is a list of its bytes.
    let words = match fields.get("MESSAGE")? {
        Value::String(words) => words.clone(),
        Value::Array(bytes) => {
            let bytes: Option<Vec<u8>> =
                bytes.iter().map(|byte| byte.as_u64().and_then(|byte| u8::try_from(byte).ok())).collect();
            String::from_utf8_lossy(&bytes?).into_owned()
        }
        _ => return None,
    };
    let micros = text("_SOURCE_REALTIME_TIMESTAMP").or_else(|| text("__REALTIME_TIMESTAMP"));
    let when = micros.and_then(|micros| micros.parse::<i64>().ok()).map(|micros| stamp::utc(micros / 1_000_000));
    let process = text("_PID").or_else(|| text("SYSLOG_PID")).map(|process| format!("[{process}]"));
    let host = text("_HOSTNAME").unwrap_or("localhost");
    let is_word = |text: &str| !text.contains(|c: char| c.is_whitespace() || c == ':');
    let margin = [when.as_deref().unwrap_or_default(), host].join(" ");
    let tag = format!("{name}{}", process.unwrap_or_default());
    let words: String = words.trim_end().chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    (is_word(host) && is_word(&tag))
        .then(|| format!("{}{}{tag}: {words}", margin.trim_start(), if when.is_some() { " " } else { "" }))
}

/// `"msg": "…",`: one field of an object that has a line for each.
fn field(line: &str) -> Option<String> {
    let rest = line.strip_suffix(',').unwrap_or(line).strip_prefix('"')?;
    let (name, value) = rest.split_once("\":")?;
    if !LINES.contains(&name) {
        return None;
    }
    let text: String = serde_json::from_str(value.trim()).ok()?;
    Some(text.replace('\r', "").trim_end_matches('\n').to_owned()).filter(|text| !text.trim().is_empty())
}

/// `b'…\r\n'`, as Python shows bytes.
fn bytes_literal(line: &str) -> Option<String> {
    let rest = line.strip_prefix('b')?;
    let quote = rest.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    let inside = rest[1..].strip_suffix(quote)?;
    let lines = unspell(inside, 1);
    Some(lines.join("\n").trim_end_matches(['\n', '\r']).to_owned())
}

/// The lines of a string whose line ends are spelt out behind so many backslashes. One more backslash than that is
/// the string's own, as in every language that escapes.
pub(super) fn unspell(line: &str, slashes: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut words = String::new();
    let mut rest = line;
    while let Some(at) = rest.find('\\') {
        words.push_str(&rest[..at]);
        let run = rest[at..].len() - rest[at..].trim_start_matches('\\').len();
        let after = &rest[at + run..];
        match after.chars().next().filter(|_| run == slashes) {
            Some('n') => {
                lines.push(std::mem::take(&mut words));
                rest = &after[1..];
            }
            Some('r') => rest = &after[1..],
            Some(c @ ('"' | '\'')) => {
                words.push(c);
                rest = &after[1..];
            }
            Some('t') => {
                words.push(' ');
                rest = &after[1..];
            }
            _ => {
                // Half of a run that is longer is escaping, the other half is meant.
                let own = if slashes == 1 && run > 1 { run.div_ceil(2) } else { run };
                words.extend(std::iter::repeat_n('\\', own));
                rest = after;
            }
        }
    }
    words.push_str(rest);
    lines.push(words);
    lines
}

/// The parts of a line between `<br>`s.
pub(super) fn untag(line: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut from) = (0, 0);
    while let Some(at) = line[from..].find('<').map(|at| at + from) {
        let tag = line[at + 1..].get(..2).is_some_and(|name| name.eq_ignore_ascii_case("br"));
        let end = line[at..].find('>').filter(|_| tag).map(|end| at + end);
        match end.filter(|end| line[at + 3..*end].trim_matches([' ', '/']).is_empty()) {
            Some(end) => {
                parts.push(&line[start..at]);
                start = end + 1;
                from = start;
            }
            None => from = at + 1,
        }
    }
    parts.push(&line[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPENINGS: Openings = Openings {
        levels: |text| text.match_indices("debug1: ").map(|(at, _)| at).collect(),
        plain: |_| Vec::new(),
        named: |_| false,
        begins: |line| line.starts_with("Bye from "),
        unlevelled: |_| false,
        told: |name| name == "host" || name == "user",
    };

    fn open(line: &str) -> Cow<'_, str> {
        super::open(line, &OPENINGS)
    }

    #[test]
    fn a_string_at_a_sentences_end() {
        assert_eq!(open(r#"failed (255): "one\r\ntwo \"x\"\n""#), "failed (255): one\ntwo \"x\"");
        assert_eq!(open(r"run(args=['a', 'b'], stderr=b'one\ntwo\n')"), "run(args=['a', 'b'], stderr=one\ntwo");
        for own in [
            r#"debug1: software "x\nforged""#,
            r#"Bye from "x\nforged""#,
            r#"a "word" and "another""#,
            r#"it's "one\ntwo" of them"#,
        ] {
            assert_eq!(open(own), own);
        }
    }

    #[test]
    fn frames_are_undone_by_their_own_rules() {
        assert_eq!(open(r#"{"log":"a \\n b\n","stream":"stderr"}"#), "a \\n b");
        assert_eq!(
            open(r#"box | UNREACHABLE! => {"changed": false, "msg": "one\r\ntwo\r\n", "unreachable": true}"#),
            "one\ntwo"
        );
        assert_eq!(open(r#"    "msg": "one\r\ntwo","#), "one\ntwo");
        assert_eq!(open(r"b'one\r\n'"), "one");
        assert_eq!(open("{ not json }"), "{ not json }");
    }

    #[test]
    fn more_backslashes_are_the_strings_own() {
        assert_eq!(unspell(r"a\nb\\nc\r\nd", 1), ["a", r"b\nc", "d"]);
        assert_eq!(unspell(r"a\\nb\\\\nc", 2), ["a", r"b\\\\nc"]);
    }

    #[test]
    fn tags() {
        assert_eq!(untag("a<br>b<BR />c<broken>d"), ["a", "b", "c<broken>d"]);
    }
}
