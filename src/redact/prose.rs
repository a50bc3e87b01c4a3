//! Lines of tools round ssh that show hosts, repositories and people by their form: Ansible, runners of jobs, LDAP.

use std::ops::Range;

use super::shell_form::at as place;
use super::sort::Sort;
use super::{address, path, public, words};

type Places = Vec<(Range<usize>, Sort)>;

/// Everything that a line shows by such a form.
pub(super) fn places(line: &str) -> Places {
    [inventory, projects, people, labels, pods, resource, framed]
        .iter()
        .flat_map(|form| form(line))
        .filter(|(at, _)| !at.is_empty())
        .collect()
}

/// Words without which no line has such a form; others have a slash, an at sign or a vertical line.
pub(super) fn fixed() -> impl Iterator<Item = &'static str> {
    let ends =
        ["> ESTABLISH", "> SSH: ", "> EXEC", "> PUT", "> FETCH", ": ok=", "cn=", "dc=", "cn =", "arn:aws", "hwaddr"];
    HOSTS.iter().chain(PEOPLE.iter().map(|(start, _)| start)).copied().chain(ends)
}

/// What stands before a host in brackets, in what Ansible shows.
const HOSTS: &[&str] = &[
    "fatal: [",
    "ok: [",
    "changed: [",
    "failed: [",
    "unreachable: [",
    "skipping: [",
    "FAILED - RETRYING: [",
    "PLAY [",
];

/// `fatal: [HOST]:`, `HOST | UNREACHABLE!`, `<HOST> SSH: EXEC`, `HOST  : ok=0`
fn inventory(line: &str) -> Places {
    let bracketed = HOSTS.iter().find_map(|start| line.split_once(start)?.1.split_once(']'));
    // `[HOST -> HOST]`: done there for the first one.
    let bracketed = bracketed.map(|(host, _)| host.split_once(" -> ").map_or(host, |(host, _)| host));
    let angled = || {
        let end =
            ["> ESTABLISH", "> SSH: ", "> EXEC", "> PUT", "> FETCH", "> ("].iter().find_map(|end| line.find(end))?;
        line[..end].rsplit_once('<').map(|(_, host)| host)
    };
    let begun = || {
        let ends = [" | UNREACHABLE!", " | FAILED", " | SUCCESS", " | CHANGED", ": ok="];
        let (before, _) = ends.iter().find_map(|end| line.split_once(end))?;
        before.split_whitespace().next_back()
    };
    let host = bracketed.or_else(angled).or_else(begun).unwrap_or_default();
    let name = host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte)) && !address::is_v4(host);
    if name && !host.is_empty() { vec![(place(line, host), Sort::Host)] } else { Vec::new() }
}

/// Words by which what has a slash within is a repository.
const CALLED: &[&str] = &["roject", "epositor", "repo ", "hanges for ", "amespace", "GitLab: "];

/// Names within a repository that all have.
const REFS: &[&str] = &["refs", "heads", "origin", "tags", "pull", "merge", "head", "HEAD", "feature"];

/// `The project GROUP/SUB/NAME could not be found`
fn projects(line: &str) -> Places {
    if let Some((before, after)) = line.split_once("%2F").filter(|_| line.contains("projects/")) {
        // As an address of GitLab's spells it.
        let ends = |c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_' | '.');
        let names = [before.rsplit(ends).next(), after.split(ends).next()];
        return names.into_iter().flatten().map(|name| (place(line, path::stem(name)), Sort::Repository)).collect();
    }
    if !line.contains('/') || !CALLED.iter().any(|word| line.contains(word)) {
        return Vec::new();
    }
    let mut places = Places::new();
    for word in line.split(|c: char| c.is_whitespace() || "'\"`(),;".contains(c)) {
        let word = word.rsplit_once(':').map_or(word, |(_, path)| path).trim_end_matches(['.', '!', '…']);
        let part = |part: &str| {
            part.starts_with(|c: char| c.is_ascii_alphanumeric())
                && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
        };
        if !word.contains('/') || !word.split('/').all(part) {
            continue;
        }
        let anybodys = |part: &&str| {
            words::is_usual(part)
                || words::is_common(part)
                || path::is_usual(part)
                || REFS.contains(part)
                || public::host(part)
        };
        for part in word.split('/').map(path::stem).filter(|part| !anybodys(part) && !address::is_name(part)) {
            places.push((place(line, part), Sort::Repository));
        }
    }
    places
}

/// What stands round people's names.
const PEOPLE: &[(&str, &str)] = &[
    ("Author: ", " <"),
    ("Committer: ", " <"),
    ("From: ", " <"),
    ("_AUTHOR_NAME='", "'"),
    ("_AUTHOR_NAME=\"", "\""),
    ("_COMMITTER_NAME='", "'"),
    ("_COMMITTER_NAME=\"", "\""),
    ("user.name \"", "\""),
    ("user.name '", "'"),
    ("user.name=", ""),
    ("USER_NAME=", ""),
    ("Started by user ", ""),
    ("to set credentials ", ""),
];

/// `Author: FULL NAME <ADDRESS>`, and the variables that git takes it from.
fn people(line: &str) -> Places {
    let named = |(start, end): &(&str, &str)| {
        let rest = line.split_once(start)?.1;
        let name = if end.is_empty() { rest } else { rest.split_once(end)?.0 };
        let name = name.trim().trim_matches(['"', '\'']);
        let told = name.len() < 64 && !name.contains(['@', '<', '/', '=', '$', ':']) && !words::is_usual(name);
        told.then(|| (place(line, name), Sort::User))
    };
    PEOPLE.iter().find_map(named).into_iter().collect()
}

/// `CN=FULL NAME,OU=TEAM,DC=FIRM`, as directories and certificates name somebody (RFC 4514).
fn labels(line: &str) -> Places {
    let is = |part: &str, names: &[&str]| {
        let part = ["subject=", "issuer="].iter().find_map(|lead| part.trim_start().strip_prefix(lead)).unwrap_or(part);
        let name = part
            .split_once('=')
            .map_or("", |(name, _)| name.trim_end().rsplit([' ', '\'', '"', '(']).next().unwrap_or(""));
        names.iter().any(|known| name.eq_ignore_ascii_case(known))
    };
    let parts = || line.split([',', '/']);
    if !line.contains('=') || !parts().any(|part| is(part, &["cn", "dc"])) {
        return Vec::new();
    }
    let values = parts()
        .filter(|part| is(part, &["cn", "dc", "ou", "o", "uid", "gn", "sn"]))
        .filter_map(|part| part.rsplit_once('='));
    let values = values.map(|(_, value)| value.trim().trim_matches(['"', '\'', ')', '(', '.']));
    values
        .filter(|value| {
            value.len() > 2
                && value.contains(char::is_alphabetic)
                && !value.contains(['@', '=', '('])
                && !address::is_name(value)
        })
        .map(|value| (place(line, value), Sort::Name))
        .collect()
}

/// Characters of which Kubernetes makes names (its package `util/rand`).
const SAFE: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";

/// `NAME-7d9f8b6c5-x2x4z`, a pod's name; `i-0123456789abcdef0`, a machine's or a session's at Amazon.
fn pods(line: &str) -> Places {
    if !line.contains('-') {
        return Vec::new();
    }
    let parted = |c: char| !c.is_ascii_alphanumeric() && c != '-';
    let safe = |part: Option<&str>, least: usize, most: usize| {
        part.is_some_and(|part| (least..=most).contains(&part.len()) && part.bytes().all(|byte| SAFE.contains(&byte)))
    };
    let pod = |word: &&str| {
        let mut parts = word.rsplitn(3, '-');
        let digit = |part: &&str| part.bytes().any(|byte| byte.is_ascii_digit());
        let (last, set) = (parts.next(), parts.next());
        safe(last, 5, 5) && safe(set.filter(digit), 8, 10) && parts.next().is_some_and(|name| !name.is_empty())
    };
    let machine = |word: &&str| {
        let (before, digits) = word.rsplit_once('-').unwrap_or_default();
        (digits.len() == 17 || before == "i" && digits.len() == 8) && super::run::is_hex(digits.as_bytes())
    };
    let words = line.split(parted).filter(|word| word.contains('-'));
    words.filter(|word| pod(word) || machine(word)).map(|word| (place(line, word), Sort::Host)).collect()
}

/// `arn:aws:SERVICE:REGION:ACCOUNT:KIND/NAME`, what Amazon calls anything.
fn resource(line: &str) -> Places {
    let Some((_, rest)) = line.split_once("arn:aws") else { return Vec::new() };
    let rest = rest.split([' ', '"', '\'', ',', ')']).next().unwrap_or_default();
    let mut parts = rest.splitn(5, ':').skip(3);
    let account = parts.next().filter(|account| account.len() == 12).unwrap_or_default();
    let names = parts.next().unwrap_or_default().split([':', '/']).skip(1);
    names.chain([account]).filter(|name| name.len() > 1).map(|name| (place(line, name), Sort::Name)).collect()
}

/// `NAME  | debug1: …`, as containers' logs are shown together.
fn framed(line: &str) -> Places {
    let Some((name, rest)) = line.split_once("| ") else { return Vec::new() };
    let name = name.trim_end();
    let ssh = ["debug1: ", "debug2: ", "debug3: ", "OpenSSH_"].iter().any(|start| rest.starts_with(start));
    let word = name.len() > 2 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    let own = ssh && word && !words::is_usual(name) && !words::is_common(name) && name.contains(char::is_alphabetic);
    if own { vec![(place(line, name), Sort::Name)] } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_tools_show() {
        for (line, values) in [
            ("fatal: [box]: UNREACHABLE! => {}", vec!["box"]),
            ("ok: [box -> lisa]", vec!["box"]),
            ("box | FAILED! => {", vec!["box"]),
            ("<box> ESTABLISH SSH CONNECTION FOR USER: x", vec!["box"]),
            ("box   : ok=0    changed=0", vec!["box"]),
            ("PLAY [all the hosts]", vec![]),
            ("connection failed: [Errno 2] No such file", vec![]),
            ("fatal: [10.0.0.1]: x", vec![]),
            ("The project mona/sub/lisa could not be found", vec!["mona", "sub", "lisa"]),
            ("Fetching changes for mona/lisa.git...", vec!["mona", "lisa"]),
            ("fatal: repository 'box.example:mona/lisa' not found", vec!["mona", "lisa"]),
            ("the repository has no refs/heads/main", vec![]),
            ("read/write", vec![]),
            ("From: Mona Lisa <x>", vec!["Mona Lisa"]),
            ("GITLAB_USER_NAME=Mona Lisa", vec!["Mona Lisa"]),
            ("GIT_AUTHOR_NAME='Mona Lisa'", vec!["Mona Lisa"]),
            ("subject=CN = Mona Lisa, O = Lisa Ltd", vec!["Mona Lisa", "Lisa Ltd"]),
            ("uid=mona,ou=people,dc=lisa,dc=de", vec!["mona", "people", "lisa"]),
            ("uid=1000(mona) gid=1000", vec![]),
            ("web-7d9f8b6c5-x2x4z 1/1 Running", vec!["web-7d9f8b6c5-x2x4z"]),
            ("mona-0a1b2c3d4e5f6a7b8", vec!["mona-0a1b2c3d4e5f6a7b8"]),
            ("subject=CN = box.example, O = Lisa Ltd", vec!["Lisa Ltd"]),
            ("arn:aws:iam::123456789012:user/mona", vec!["mona", "123456789012"]),
            ("mona-1  | debug1: x", vec!["mona-1"]),
            ("mona | x", vec![]),
            ("api/projects/mona%2Flisa?x=1", vec!["mona", "lisa"]),
            ("on i-0abcd1234ef567890 now", vec!["i-0abcd1234ef567890"]),
            ("ecdsa-sha2-nistp256-cert-v01@openssh.com", vec![]),
        ] {
            let shown: Vec<&str> = places(line).into_iter().map(|(at, _)| &line[at]).collect();
            assert_eq!(shown, values, "{line}");
        }
    }
}
