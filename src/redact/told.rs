//! Values that are secret by what stands before them: `password=`, `"token": `, `-pw `, a prompt.

use std::ops::Range;

use super::database::GLUED;
use super::sort::Sort;
use super::words;

/// What the names of secrets end in, without hyphens and underscores.
const NAMES: &[&str] = &[
    "password",
    "passwd",
    "passwort",
    "passphrase",
    "pass",
    "pwd",
    "secret",
    "token",
    "apikey",
    "accesskey",
    "secretkey",
    "privatekey",
    "sessionid",
    "sessid",
    "phpsessid",
    "jsessionid",
    "connectsid",
    "sshpass",
    "otp",
    "pin",
    "sig",
    "amzsignature",
    "passin",
    "passout",
    "contraseña",
];

/// Options of programs that are followed by a secret, which mean something else to others.
const OPTIONS: &[(&str, &str)] = &[
    ("sshpass", "-p"),
    ("ssh-keygen", "-N"),
    ("ssh-keygen", "-P"),
    ("login", "-p"),
    ("useradd", "-p"),
    ("usermod", "-p"),
    ("mysql", "-p"),
    ("vault", "login"),
    ("gh", "--with-token"),
];

/// Words without which no secret is told, as a part of longer ones, too.
pub(super) fn words() -> impl Iterator<Item = &'static str> {
    const PASSWORDS: &[&str] = &["password", "passwd", "passphrase", "passwort", "pass=", "pass:", "pass\"", "-pass"];
    const KEYS: &[&str] =
        &["api_key", "apikey", "api-key", "access_key", "accesskey", "access-key", "private", "secret", "token"];
    const SESSIONS: &[&str] =
        &["sessid", "sessionid", "session_id", "session-id", "connect.sid", "signature", "auth\"", "auth="];
    const OTHERS: &[&str] = &[
        "pwd",
        "pin",
        "otp",
        "sig=",
        "-pw",
        "sshpass",
        "contraseña",
        "mot de passe",
        "interactive response",
        "verification code",
    ];
    [PASSWORDS, KEYS, SESSIONS, OTHERS].into_iter().flatten().copied()
}

/// Whether the value at `at` is what `password=` or the like is followed by.
pub(super) fn is(line: &str, at: Range<usize>) -> bool {
    let value = &line[at.clone()];
    if value.is_empty() || value.starts_with(['$', '%', '-', '*', '…']) {
        return false;
    }
    let (blank, before) = before(line, at.start);
    let Some(Field { name, sign, start }) = field(before) else {
        return blank && (option(before, value) || bare_name(before) && looks_made_up(value));
    };
    if sign == ">" && !before[..start].ends_with('<') {
        return false;
    }
    // `curl -u USER:PASSWORD`
    let login = || FETCHERS.iter().any(|program| before.contains(program));
    if sign == ":" && ["-u ", "--user ", "-user "].iter().any(|option| before[..start].ends_with(option)) && login() {
        return true;
    }
    // A folder is no secret.
    let folder = name.eq_ignore_ascii_case("pwd") || name.eq_ignore_ascii_case("oldpwd");
    let login = matches!(name, "auth" | "_auth") && value.len() > 11;
    (login || names_secret(name))
        && !(folder && value.contains(['/', '\\', '~']))
        && !(blank && words::is_usual(value.trim_matches(|c: char| !c.is_alphanumeric())))
}

/// Programs whose option for a user has the password behind a colon.
const FETCHERS: &[&str] = &["curl ", "wget ", "http "];

/// What stands before the value that begins at `start`, without quotation marks and blanks, and whether it had blanks.
pub(super) fn before(line: &str, start: usize) -> (bool, &str) {
    let mut before = line[..start].trim_end_matches(['"', '\'', '\\', '`']);
    // `password=b'...'`
    if before.len() < start && before.ends_with("=b") {
        before = &before[..before.len() - 1];
    }
    (before.ends_with([' ', '\t']), before.trim_end())
}

/// A field of which the value comes next.
pub(super) struct Field<'a> {
    pub(super) name: &'a str,
    /// What parts it from its value.
    pub(super) sign: &'static str,
    /// Where its name begins.
    pub(super) start: usize,
}

/// The field at the end of a text, with its sign.
pub(super) fn field(before: &str) -> Option<Field<'_>> {
    let sign =
        *["=>", ":=", "=", ":", "%3D", "%3d", "%3A", "%3a", ">", " is"].iter().find(|sign| before.ends_with(**sign))?;
    let name = before[..before.len() - sign.len()].trim_end().trim_end_matches(['"', '\'', '\\', '`']);
    let name = name.strip_suffix(" is").unwrap_or(name);
    let start = name
        .rfind(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '-' | '.'))
        .map_or(0, |found| found + name[found..].chars().next().map_or(1, char::len_utf8));
    Some(Field { name: &name[start..], sign, start })
}

/// What a secret may stand behind without a sign between.
const BARE: &[&str] = &["password", "passwd", "passphrase", "token"];

fn bare_name(before: &str) -> bool {
    let name = before.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    BARE.iter().any(|told| name.eq_ignore_ascii_case(told))
}

/// Whether a word behind a secret's name is none of a sentence's: it has letters and digits.
fn looks_made_up(word: &str) -> bool {
    const SHORTEST: usize = 6;
    let has = |kind: fn(&u8) -> bool| word.as_bytes().iter().any(kind);
    word.len() >= SHORTEST
        && has(u8::is_ascii_alphabetic)
        && has(u8::is_ascii_digit)
        && !word.contains(['/', '\\', '@', ':'])
        && !word.to_ascii_lowercase().split(['-', '_', '.']).all(|part| part.is_empty() || words::is_usual(part))
}

/// Whether a variable or a field of this name holds a secret.
fn names_secret(name: &str) -> bool {
    let parts = parts(name);
    let Some((last, before)) = parts.split_last() else { return false };
    let two = before.last().map(|before| format!("{before}{last}")).unwrap_or_default();
    let whole: String = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    NAMES.iter().any(|told| last == told || two == *told || told.len() > 5 && (last.ends_with(told) || whole == *told))
}

/// The words of a name, in lower case: `apiKey`, `API_KEY` and `api-key` have two.
pub(super) fn parts(name: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut before = '_';
    for c in name.chars() {
        let hump = c.is_uppercase() && before.is_lowercase();
        if !c.is_alphanumeric() {
            before = c;
            continue;
        }
        if hump || !before.is_alphanumeric() || parts.is_empty() {
            parts.push(String::new());
        }
        if let Some(last) = parts.last_mut() {
            last.extend(c.to_lowercase());
        }
        before = c;
    }
    parts
}

/// Whether a command's last word is an option that a secret follows.
fn option(command: &str, value: &str) -> bool {
    let flag = command.rsplit(char::is_whitespace).next().unwrap_or_default();
    let before = &command[..command.len() - flag.len()];
    let named = flag.strip_prefix("--").is_some_and(|name| names_secret(name.trim_start_matches('-')));
    let file = value.starts_with(['/', '~', '.']);
    named
        || flag == "-pw"
        || !file
            && OPTIONS
                .iter()
                .any(|(program, option)| flag == *option && before.split(['/', '\\', ' ']).any(|word| word == *program))
        || flag == "password" && before.contains("machine ") && before.contains("login ")
}

/// What is glued to an option in a word: `-phunter2`.
pub(super) fn glued(line: &str, at: &Range<usize>) -> Option<Range<usize>> {
    let word = &line[at.clone()];
    let value = word.strip_prefix("-p").or_else(|| word.strip_prefix("pass:")).filter(|value| !value.is_empty())?;
    let program = |name: &str| line[..at.start].contains(name);
    let told = match word.starts_with('-') {
        true => program("sshpass ") || line[..at.start].split([' ', '/', '\\']).any(|word| GLUED.contains(&word)),
        false => program("-pass"),
    };
    told.then(|| at.end - value.len()..at.end)
}

/// Where prompts begin that a secret is typed behind, and what they end in.
const PROMPTS: &[(&str, &str)] = &[
    ("nter passphrase", ": "),
    ("nter same passphrase", ": "),
    ("assphrase for key ", ": "),
    ("assword for ", ": "),
    ("PIN for ", ": "),
    ("'s password:", " "),
    ("One-time password", ": "),
    ("erification code", ": "),
    ("mot de passe", ": "),
    ("interactive response", ": "),
];

/// Longest passphrase that is typed, in bytes.
const LONGEST: usize = 128;

/// What was typed behind a prompt.
pub(super) fn typed(line: &str) -> Option<(Range<usize>, Sort)> {
    let (start, end) = PROMPTS.iter().find_map(|(start, end)| {
        line.find(start)
            .map(|at| at + start.len())
            .and_then(|at| line[at..].find(end).map(|found| (at, at + found + end.len())))
    })?;
    // A server's log says for whom a password was wrong.
    if line[start..end].contains(" from ") {
        return None;
    }
    // All of a log may stand in one line.
    let level = line[end..].find(" debug").map_or(line.len(), |at| end + at);
    value(&line[..level], end)
        .filter(|at| at.len() <= LONGEST)
        .filter(|at| {
            let first = line[at.clone()].split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
            !first.is_empty() && !words::is_usual(first)
        })
        .map(|at| (at, Sort::Secret))
}

/// Programs that read a password from standard input.
const READERS: &[&str] = &["--password-stdin", "--with-token", "chpasswd", "sudo -S", "passwd --stdin"];

/// What is handed to a program that reads a password: `echo hunter2 | sudo -S …`.
pub(super) fn echoed(line: &str) -> Option<(Range<usize>, Sort)> {
    let start = line.find("echo ")? + "echo ".len();
    let end = start + line[start..].find('|')?;
    READERS
        .iter()
        .any(|reader| line[end..].contains(reader))
        .then(|| value(&line[..end], start))
        .flatten()
        .map(|at| (at, Sort::Secret))
}

fn value(line: &str, from: usize) -> Option<Range<usize>> {
    let text = line[from..].trim();
    let start = from + line[from..].len() - line[from..].trim_start().len();
    (!text.is_empty()).then(|| start..start + text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_told(line: &str) -> bool {
        let at = line.find("hunter2").unwrap();
        is(line, at..at + 7)
    }

    /// A blank may be longer than a byte.
    #[test]
    fn options_behind_any_blank() {
        assert!(is_told("sshpass\u{2003}--password hunter2"));
        assert!(!is_told("sshpass\u{3000}--verbose hunter2"));
    }

    #[test]
    fn secrets_are_known_by_what_stands_before_them() {
        for line in [
            "password=hunter2",
            "--token=\"hunter2",
            "DB_PASSWORD: 'hunter2",
            "{\"password\": \"hunter2\"}",
            r#"{\"apiKey\":\"hunter2\"}"#,
            "PGPASSWORD=hunter2",
            "'password' => 'hunter2'",
            "connect(password=b'hunter2')",
            "q=1&password%3Dhunter2",
            "<password>hunter2</password>",
            "sshpass -p hunter2",
            "plink -pw \"hunter2\" box",
            "ssh-keygen -N 'hunter2' -f key",
            "wget --http-password hunter2",
            "in\u{2028}--http-password hunter2",
            "logging in with password hunter2",
            "Token hunter2 accepted",
        ] {
            assert!(is_told(line), "{line}");
        }
        for line in ["password sha256 digest", "token ssh-ed25519 used", "password incorrect", "token 12345678"] {
            let start = line.find(' ').unwrap() + 1;
            let end = line[start..].find(' ').map_or(line.len(), |end| start + end);
            assert!(!is(line, start..end), "{line}");
        }
        for line in ["ssh -p hunter2", "login: hunter2", "PasswordAuthentication=hunter2", "mkdir -p hunter2"] {
            assert!(!is_told(line), "{line}");
        }
        for line in ["dev@box's password: Permission denied", "dev@box's password: debug1: more"] {
            let start = line.find(": ").unwrap() + 2;
            let end = line[start..].find(' ').unwrap() + start;
            assert!(!is(line, start..end), "{line}");
        }
    }

    #[test]
    fn what_was_typed_is_no_part_of_the_log() {
        for line in [
            "Enter passphrase for key '/home/mona/.ssh/id_rsa': hunter2 hunter2",
            "dev@box's password: hunter2",
            "[sudo] password for mona: hunter2",
        ] {
            assert_eq!(typed(line).map(|(at, _)| at.start), line.find("hunter2"), "{line}");
        }
        for line in ["dev@box's password: ", "Failed password for mona from 10.0.0.1 port 22 ssh2: hunter2"] {
            assert_eq!(typed(line), None, "{line}");
        }
        assert_eq!(echoed("echo hunter2 | sudo -S id"), Some((5..12, Sort::Secret)));
    }
}
