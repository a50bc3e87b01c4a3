//! Wrappers that programs put round whole lines, undone by their own rules.

use std::borrow::Cow;

/// Names under which log drivers and task runners keep a line, or a program's whole output, in an object.
const LINES: &[&str] = &["log", "message", "msg", "line", "stderr", "module_stderr", "textPayload", "MESSAGE"];

/// What a line holds that is one object, or one byte string, of another program's; else the line.
pub(super) fn open(line: &str) -> Cow<'_, str> {
    let trimmed = line.trim();
    object(trimmed).or_else(|| bytes_literal(trimmed)).map_or(Cow::Borrowed(line), Cow::Owned)
}

/// A line that ends in a JSON object: a log driver's, or the failure of one of Ansible's tasks
/// (`fatal: [HOST]: UNREACHABLE! => {…}`).
fn object(line: &str) -> Option<String> {
    let json = match line.strip_prefix('{') {
        Some(_) => line,
        None => {
            let at = line.find("=> {").filter(|at| *at < 200)?;
            &line[at + 3..]
        }
    };
    if !json.ends_with('}') {
        return None;
    }
    let serde_json::Value::Object(fields) = serde_json::from_str(json).ok()? else { return None };
    let words: Vec<&str> =
        LINES.iter().filter_map(|name| fields.get(*name)?.as_str()).filter(|text| !text.trim().is_empty()).collect();
    (!words.is_empty()).then(|| words.join("\n").replace('\r', "").trim_end_matches('\n').to_owned())
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

    #[test]
    fn frames_are_undone_by_their_own_rules() {
        assert_eq!(open(r#"{"log":"a \\n b\n","stream":"stderr"}"#), "a \\n b");
        assert_eq!(
            open(r#"box | UNREACHABLE! => {"changed": false, "msg": "one\r\ntwo\r\n", "unreachable": true}"#),
            "one\ntwo"
        );
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
