//! What Python's own exceptions say, in the last line of a traceback or behind another program's words. Anybody's
//! program prints them: they are read only of whoever speaks already.

use super::table::{Row, bare, within};
use super::words::between;
use crate::model::{Key, Kind};
use crate::shell::{self, Place};
use crate::text::begins;

/// Classes of exceptions that carry an error number (Python 3's `OSError` and below, and their older names).
const CLASSES: &[&str] = &[
    "OSError: ",
    "builtins.OSError: ",
    "IOError: ",
    "socket.error: ",
    "socket.gaierror: ",
    "gaierror: ",
    "ConnectionRefusedError: ",
    "ConnectionResetError: ",
    "ConnectionAbortedError: ",
    "BrokenPipeError: ",
    "TimeoutError: ",
    "socket.timeout: ",
    "FileNotFoundError: ",
    "PermissionError: ",
    "Multiple exceptions: ",
];

/// A line without the class of its exception.
pub(super) fn without_class(line: &str) -> &str {
    let mut rest = line;
    while let Some(behind) =
        CLASSES.iter().find(|class| begins(rest.as_bytes(), class)).map(|class| &rest[class.len()..])
    {
        rest = behind;
    }
    rest
}

/// Where the words begin behind the class of an exception.
pub(super) fn words_at(line: &[u8]) -> Option<usize> {
    CLASSES.iter().find(|class| begins(line, class)).map(|class| class.len())
}

/// With which an error begins, or a class's name ends, in a line that a program prints of its own.
const ERRORS: &[&str] = &[
    "Exception: ",
    "Error: ",
    "Type: ",
    "Peer: ",
    "Denied: ",
    "[Errno ",
    "Bad authentication type",
    "Incompatible ssh peer",
    "Permission denied",
    "Server '",
];

/// Where a program says that it was bound for, before the error that it passes on: `deploy to dev@box:22 failed - SSHException: …`.
pub(super) fn bound_for(line: &str) -> Option<Kind> {
    let end = ERRORS.iter().filter_map(|words| line.find(words)).min()?;
    let said = line[..end].rsplit_once(char::is_whitespace).map(|(said, _)| said)?;
    let words = || said.split([' ', '(', ')']).find_map(shell::place);
    // Of a program's own file a logger names the line.
    let Place { user, host, port } = shell::bound(said).or_else(words).filter(|place| !place.host.ends_with(".py"))?;
    Some(Kind::Destination { user, host, port })
}

pub(super) const ROWS: &[Row] = &[
    // scrapli's word for it, whichever library it speaks through.
    bare(
        "scrapli.exceptions.ScrapliAuthenticationFailed: all authentication methods failed",
        "scrapli.exceptions.ScrapliAuthenticationFailed: all authentication methods failed",
        |_| Some(Kind::Denied { user: None, host: None, methods: Vec::new() }),
    )
    .ends(),
    bare(
        "scrapli.exceptions.ScrapliAuthenticationFailed: timed out opening connection to device",
        "scrapli.exceptions.ScrapliAuthenticationFailed: timed out opening connection to device",
        |_| Some(Kind::ConnectionFailed { address: None, port: None, reason: "timed out".into() }),
    )
    .ends(),
    bare("[Errno ", "ConnectionRefusedError: [Errno 111] Connect call failed ('192.0.2.1', 22)", numbered).ends(),
    within("[Errno ", "Error: [Errno 111] Connect call failed ('192.0.2.1', 22)", of_the_way).also(bound_for).ends(),
    bare(
        "scrapli.exceptions.ScrapliAuthenticationFailed: Failed to authenticate to host ",
        "scrapli.exceptions.ScrapliAuthenticationFailed: Failed to authenticate to host box with private key `/home/dev/.ssh/id_ci`. x",
        |rest| {
            let (host, rest) = rest.split_once(" with private key `")?;
            let path = rest.split_once('`')?.0.to_owned();
            let key = Key { path: Some(path), agent: Some(false), ..Key::default() };
            Some(Kind::Several(vec![
                Kind::Destination { user: None, host: host.to_owned(), port: None },
                Kind::Offering { key, explicit: false, token: false },
                Kind::Denied { user: None, host: None, methods: Vec::new() },
            ]))
        },
    )
    .ends(),
    // Windows's own errors.
    bare("[WinError ", "ConnectionRefusedError: [WinError 10061] No connection could be made", numbered).ends(),
    bare("timed out", "socket.timeout: timed out", |_| {
        Some(Kind::ConnectionFailed { address: None, port: None, reason: "timed out".into() })
    })
    .ends(),
    // Raised without a word where a limit of asyncio's own ran out.
    bare("asyncio.exceptions.TimeoutError", "asyncio.exceptions.TimeoutError", |_| {
        Some(Kind::ConnectionFailed { address: None, port: None, reason: "timed out".into() })
    })
    .ends(),
];

/// Of an error behind a program's own words: what became of a connection, and no file, which may be anybody's.
fn of_the_way(before: &str, rest: &str) -> Option<Kind> {
    before
        .ends_with(": ")
        .then(|| numbered(rest))
        .flatten()
        .filter(|kind| matches!(kind, Kind::ResolveFailed { .. } | Kind::ConnectFailed { .. } | Kind::Closed { .. }))
}

/// What stands behind `[Errno `: the number, which differs from system to system, and its words.
fn numbered(rest: &str) -> Option<Kind> {
    let (number, words) = rest.split_once("] ")?;
    let (address, port) = place(words);
    let failed = |reason: &str| Kind::ConnectFailed { host: address.clone(), port, reason: reason.into() };
    let path = || between(words, ": '", "'").filter(|path| is_a_keys(path)).map(str::to_owned);
    Some(match number {
        "-2" | "-3" | "-4" | "-5" | "8" | "11001" | "11002" | "11004" => {
            Kind::ResolveFailed { host: String::new(), reason: words.trim().to_owned() }
        }
        "111" | "61" | "146" | "10061" => failed("Connection refused"),
        "110" | "60" | "145" | "10060" => failed("Connection timed out"),
        "113" | "65" | "148" | "10065" => failed("No route to host"),
        "101" | "51" | "128" | "10051" => failed("Network is unreachable"),
        "104" | "54" | "131" | "10053" | "10054" | "32" => {
            Kind::Closed { address: None, port: None, reset: true, proxied: false }
        }
        "2" => Kind::IdentityMissing { path: path()?, reason: "No such file or directory".into(), named: true },
        "13" => Kind::LoadKeyFailed { path: path()?, reason: "Permission denied".into(), public: false },
        _ => return None,
    })
}

/// `Connect call failed ('192.0.2.1', 22)`: address and port, as asyncio names them.
fn place(words: &str) -> (Option<String>, Option<u16>) {
    let Some(inner) = between(words, "('", ")") else { return (None, None) };
    let mut parts = inner.split(',');
    let address = parts.next().map(|part| part.trim_matches(['\'', ' ']).to_owned());
    (address, parts.next().and_then(|port| port.trim().parse().ok()))
}

/// Whether a file that could not be opened can be a key's: other files of ssh's and of programs have names of their own.
fn is_a_keys(path: &str) -> bool {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    // A word alone is a program that could not be started, as a proxy's.
    let alone = name == path && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let is_command = alone && !name.contains("key") && !name.starts_with("id");
    !is_command
        && !name.contains("known_hosts")
        && name != "config"
        && !["py", "yml", "yaml", "json", "toml", "cfg", "ini", "sock", "txt", "log", "socket"]
            .iter()
            .any(|end| name.rsplit_once('.').is_some_and(|(_, is)| is == *end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_a_program_was_bound_for() {
        let to = |line: &str| match bound_for(line)? {
            Kind::Destination { user, host, port } => Some((user.unwrap_or_default(), host, port)),
            _ => None,
        };
        let known = Some(("dev".to_owned(), "box.example".to_owned(), Some(2200)));
        assert_eq!(to("ERROR dev@box.example:2200 - AuthenticationException: Authentication failed."), known);
        assert_eq!(to("no luck host=box.example port=2200 user=dev SSHException: No existing session"), known);
        for line in [
            "paramiko.ssh_exception.SSHException: Server 'dev@box.example:2200' not found in known_hosts",
            "AuthenticationException: Authentication failed for dev@box.example:2200",
            "deploy.py:30: SSHException: No existing session",
            "sent to dev@box.example:2200 without a word of an error",
        ] {
            assert_eq!(to(line), None, "{line}");
        }
    }

    #[test]
    fn errors_by_number() {
        let read = |line: &str| numbered(without_class(line).strip_prefix("[Errno ")?);
        let refused = read("OSError: [Errno 61] Connect call failed ('::1', 2222, 0, 0)");
        let Some(Kind::ConnectFailed { host, port, reason }) = refused else { panic!("{refused:?}") };
        assert_eq!((host.as_deref(), port, reason.as_str()), (Some("::1"), Some(2222), "Connection refused"));
        let missing = read("FileNotFoundError: [Errno 2] No such file or directory: '/home/dev/.ssh/id_ci'");
        assert!(matches!(missing, Some(Kind::IdentityMissing { path, .. }) if path == "/home/dev/.ssh/id_ci"));
        assert!(read("FileNotFoundError: [Errno 2] No such file or directory: '/home/dev/.ssh/known_hosts'").is_none());
        assert!(read("FileNotFoundError: [Errno 2] No such file or directory: 'nc'").is_none());
        assert!(read("OSError: [Errno 28] No space left on device").is_none());
    }
}
