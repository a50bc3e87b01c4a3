//! Values that are names by the field that they stand in: `user=`, `"hostname": `, `CI_PROJECT_PATH=`, `--project `.

use std::ops::Range;

use super::sort::Sort;
use super::{address, told, words};

/// Words in which fields' names end, and what such fields hold.
const FIELDS: &[(&str, Sort)] = &[
    ("user username login logname owner actor author account whoami principal", Sort::User),
    ("host hostname server node machine computername fqdn domain userdomain", Sort::Host),
    ("repository repo project namespace group workspace organization org slug", Sort::Repository),
    ("container pod instance runner job workflow image", Sort::Name),
    ("comment", Sort::Comment),
];

/// What may stand behind such a word in a field's name.
const OF: &[&str] = &["name", "path", "slug", "namespace"];

/// Words of which each line with such a field holds one, with a sign behind it or a hyphen before it.
pub(super) fn words() -> impl Iterator<Item = String> {
    let ends = FIELDS.iter().flat_map(|(words, _)| words.split(' ')).chain(OF.iter().copied());
    ends.flat_map(|word| {
        [":", "\"", "'", "=", " =", "\\"].map(|sign| format!("{word}{sign}")).into_iter().chain([format!("--{word}")])
    })
}

/// What the field holds whose value begins at `at`, and how much of it is the value.
pub(super) fn value(line: &str, at: Range<usize>) -> Option<(Range<usize>, Sort)> {
    let (blank, before) = told::before(line, at.start);
    let option = blank.then(|| before.rsplit([' ', '\t']).next()).flatten().and_then(|word| word.strip_prefix("--"));
    let sort = match option {
        Some(name) => sort(name, true)?,
        None => {
            let told::Field { name, sign, start } = told::field(before)?;
            let lead = &before[..start];
            // `logname= uid=0`: there is none.
            let parted = sign.contains('=') && (!blank || before[..before.len() - sign.len()].ends_with(' '));
            let quoted = lead.ends_with(['"', '\'']);
            let named = sign == ":" && (blank || quoted) && {
                let alone = lead.trim().is_empty() && matches!(sort(name, false), Some(Sort::User | Sort::Comment));
                quoted || alone || told::parts(name).len() > 1 && !name.contains('.')
            };
            sort(name, false).filter(|_| parted || named)?
        }
    };
    let text = &line[at.clone()];
    let text = if sort == Sort::Host { text.split(':').next().unwrap_or_default() } else { text };
    let text = text.trim_end_matches(['.', ':', '!', '?']);
    let name = text.len() > 1
        && text.starts_with(|c: char| c.is_alphanumeric() || c == '_')
        && text.contains(char::is_alphabetic)
        && !text.contains(['@', '\\', ':', '$', '%'])
        && (matches!(sort, Sort::Repository | Sort::Name) || !text.contains('/'))
        && !words::is_usual(text)
        && address::v6(text).is_none();
    name.then(|| (at.start..at.start + text.len(), sort))
}

/// What a field of this name holds.
fn sort(name: &str, option: bool) -> Option<Sort> {
    let parts = told::parts(name);
    let (last, before) = parts.split_last()?;
    let of = OF.contains(&last.as_str());
    let word = before.last().filter(|_| of).unwrap_or(last);
    let found = FIELDS.iter().find(|(words, _)| words.split(' ').any(|known| known == word));
    found.map(|(_, sort)| *sort).or_else(|| (option && of).then_some(Sort::Name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_say_what_they_hold() {
        for line in [
            "user=mona",
            "remoteUser: mona",
            "ansible_user: mona",
            r#"{"user":"mona"}"#,
            r#"{\"pod_name\": \"mona\"}"#,
            "DEPLOY_USER=mona",
            "RUNNER_NAME=mona",
            "_HOSTNAME=mona",
            "server => mona",
            "az ssh vm --name mona",
            "--resource-group mona",
            "    user: mona",
            "CI_PROJECT_PATH=mona/x",
            "host = mona:22",
            "Comment: \"mona\"",
        ] {
            let start = line.find("mona").unwrap();
            let end = line[start..].find(['"', '\\']).map_or(line.len(), |end| start + end);
            assert_eq!(value(line, start..end).map(|(at, _)| at.start), Some(start), "{line}");
        }
        for line in ["logname= mona=0", "the user: mona", "host mona", "key=mona", "mona", "username"] {
            let start = line.find("mona").unwrap_or(0);
            assert_eq!(value(line, start..line.len()), None, "{line}");
        }
        assert_eq!(value("user=12", 5..7), None);
        assert_eq!(value("user=unknown", 5..12), None);
    }
}
