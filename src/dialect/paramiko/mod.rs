//! Paramiko: what it logs, and its exceptions (1.18 to 5.1). Fabric and Ansible speak through it.

mod client;

use super::python;
use super::table::{Dialect, Head, Row, any, first, holds, logged, logged_within, within};
use super::words::{between, md5, methods, sha256};
use crate::model::{Author, Key, Kind, Side};

pub(super) static PARAMIKO: Dialect = Dialect {
    author: Author { id: "paramiko", name: "Paramiko", side: Side::Client, read: true },
    client: Some(&client::CLIENT),
    rows: &[LOG, EXCEPTIONS, WRAPPERS, python::ROWS],
    marks: &[
        first("paramiko.ssh_exception.", "paramiko.ssh_exception.SSHException: Something else"),
        first("paramiko.hostkeys.InvalidHostKey: ", "paramiko.hostkeys.InvalidHostKey: ('@cert-authority x', None)"),
        holds(
            "-packages/paramiko/",
            "  File \"/usr/lib/python3/dist-packages/paramiko/client.py\", line 12, in connect",
        ),
        holds("-packages\\paramiko\\", "  File \"C:\\Python\\Lib\\site-packages\\paramiko\\client.py\", line 12"),
    ],
    noise: &["Traceback (most recent call last):", "  File \""],
    noise_within: &[],
    levels: &[],
    twice: false,
    head,
    words_at: |line| logged_at(line).or_else(|| python::words_at(line)),
};

/// The logger's name (`paramiko.util.get_logger`). With it come a time, a level and a thread, in any order and dress.
const LOGGER: &[u8] = b"paramiko.transport";

/// The file that logs, for formats that name it in place of the logger.
const FILE: &[u8] = b"{transport.py:";

/// How far into a line the logger's name is looked for, in bytes.
const NAMED_WITHIN: usize = 100;

/// Levels as Python's `logging` prints them, whole or cut to three letters.
const LEVELS: &[&str] = &["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL", "DEB", "INF", "WAR", "ERR", "CRI"];

/// Where the words of a logged line begin: behind the logger's name, and what its format puts behind that.
fn logged_at(line: &[u8]) -> Option<usize> {
    let start = &line[..line.len().min(NAMED_WITHIN)];
    let find = |name: &[u8]| memchr::memmem::find(start, name).map(|at| at + name.len());
    let named = find(LOGGER).or_else(|| find(FILE))?;
    // `.sftp`, `:1819`, `}`.
    let rest = &line[named..];
    let name = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || b".}_".contains(byte)).count();
    let mut at = named + name;
    while let Some(word) = between_words(&line[at..]) {
        at += word;
    }
    Some(at)
}

/// The length of a separator, of a level or of a line's number before the words of a message.
fn between_words(rest: &[u8]) -> Option<usize> {
    let bare = rest.iter().take_while(|byte| b" :-|]})/,\t".contains(byte)).count();
    if bare > 0 {
        return Some(bare);
    }
    let open = usize::from(rest.starts_with(b"[") || rest.starts_with(b"("));
    let word = rest[open..].iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let is = std::str::from_utf8(&rest[open..open + word]).ok()?;
    let ends = rest.get(open + word).is_some_and(|byte| b" :-|])".contains(byte));
    let known = LEVELS.iter().any(|level| is.eq_ignore_ascii_case(level)) && is.len() > 2
        || open == 0 && !is.is_empty() && is.bytes().all(|byte| byte.is_ascii_digit());
    (known && ends).then_some(open + word)
}

pub(super) fn head(line: &str) -> Head<'_> {
    match logged_at(line.as_bytes()).and_then(|at| Some((line.get(..at)?, line.get(at..)?))) {
        Some((before, words)) => {
            // `paramiko.util.log_to_file` numbers the threads. Each connection has one of its own, and some lines are
            // logged by the thread that waits for it.
            let own = !["Trying ", "Adding ", "Rejecting ", "[chan "].iter().any(|start| words.starts_with(start));
            let stream = between(before, "thr=", " ").map(str::trim).filter(|_| own);
            Head { stream, logged: true, words }
        }
        None => Head::bare(python::without_class(line)),
    }
}

/// What `transport.py`, `auth_handler.py` and `client.py` log.
const LOG: &[Row] = &[
    // A server's thread logs the same way; its lines are not a client's.
    logged(
        "starting thread (client mode): ",
        "DEBUG:paramiko.transport:starting thread (client mode): 0xe14bec90",
        |_| Some(Kind::Connecting { host: None, address: None, port: None }),
    ),
    logged(
        "Local version/idstring: SSH-2.0-",
        "DEBUG:paramiko.transport:Local version/idstring: SSH-2.0-paramiko_5.1.0",
        |rest| Some(Kind::ClientSoftware { version: rest.trim().to_owned() }),
    ),
    logged(
        "Remote version/idstring: SSH-2.0-",
        "DEBUG:paramiko.transport:Remote version/idstring: SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u10",
        |rest| Some(Kind::RemoteSoftware { software: rest.trim().to_owned() }),
    ),
    // The comment behind the software's name is left out here.
    any(
        "Connected (version 2.0, client ",
        "INFO:paramiko.transport:Connected (version 2.0, client OpenSSH_9.2p1)",
        |rest| Some(Kind::RemoteSoftware { software: rest.trim().strip_suffix(')')?.to_owned() }),
    ),
    logged("Got EXT_INFO: ", "DEBUG:paramiko.transport:Got EXT_INFO: {'server-sig-algs': b'ssh-ed25519'}", |rest| {
        let list = rest.split_once("'server-sig-algs': ")?.1;
        Some(Kind::ServerSigAlgs { list: between(list, "'", "'")?.to_owned() })
    }),
    logged("userauth is OK", "DEBUG:paramiko.transport:userauth is OK", |_| Some(Kind::ServiceAccepted)),
    logged(
        "MSG_SERVICE_ACCEPT received",
        "DEBUG:paramiko.transport:MSG_SERVICE_ACCEPT received; auth may begin",
        |_| Some(Kind::ServiceAccepted),
    ),
    logged(
        "Trying discovered key ",
        "DEBUG:paramiko.transport:Trying discovered key b'aa801534c7f99aecbc0e822ecd05685c' in /home/dev/.ssh/id_rsa",
        |rest| offering(rest.split_once(" in ")?, Some(false)),
    ),
    // Up to 2.3.
    logged(
        "Trying key ",
        "DEBUG:paramiko.transport:Trying key aa801534c7f99aecbc0e822ecd05685c from /home/dev/.ssh/id_rsa",
        |rest| offering(rest.split_once(" from ")?, Some(false)),
    ),
    logged(
        "Trying SSH agent key ",
        "DEBUG:paramiko.transport:Trying SSH agent key b'aa801534c7f99aecbc0e822ecd05685c'",
        |rest| offering((rest, ""), Some(true)),
    ),
    // A key that the program has read itself.
    logged("Trying SSH key ", "DEBUG:paramiko.transport:Trying SSH key b'aa801534c7f99aecbc0e822ecd05685c'", |rest| {
        offering((rest, ""), Some(false))
    }),
    any("Authentication (", "INFO:paramiko.transport:Authentication (publickey) failed.", |rest| {
        let (method, said) = rest.split_once(") ")?;
        match (method, said.trim_end()) {
            (method, "successful!") => Some(Kind::Succeeded { method: method.to_owned() }),
            ("publickey", "failed.") => Some(Kind::Refused { key: None }),
            ("password", "failed.") => Some(Kind::PasswordRefused),
            _ => None,
        }
    }),
    logged("Authentication continues...", "INFO:paramiko.transport:Authentication continues...", |_| {
        Some(Kind::Partial { method: None })
    }),
    // Behind the line before.
    logged("Methods: [", "DEBUG:paramiko.transport:Methods: ['password']", methods_of),
    // Behind `Authentication type (publickey) not permitted.`
    logged("Allowed methods: [", "DEBUG:paramiko.transport:Allowed methods: ['password']", methods_of),
    logged(
        "Disconnect (code ",
        "INFO:paramiko.transport:Disconnect (code 2): Too many authentication failures",
        |rest| {
            let text = rest.split_once("): ")?.1.trim().to_owned();
            Some(Kind::Disconnected { address: None, port: None, text })
        },
    ),
    logged("Socket exception: ", "ERROR:paramiko.transport:Socket exception: Connection reset by peer (104)", |_| {
        Some(Kind::Closed { address: None, port: None, reset: true, proxied: false })
    }),
    logged(
        "Exception (client): ",
        "ERROR:paramiko.transport:Exception (client): key cannot be used for signing",
        thread_failed,
    ),
    // Up to 2.4.
    logged("Exception: ", "ERROR:paramiko.transport:Exception: Error reading SSH protocol banner", thread_failed),
    logged_within(
        " host key for ",
        "DEBUG:paramiko.transport:Rejecting ssh-ed25519 host key for [box.example]:2200: b'f2c19e4ea95073d4d9185bd83a89428a'",
        |before, rest| {
            let (host, port) = host_and_port(rest.rsplit_once(": ")?.0)?;
            match before.split(' ').next()? {
                "Rejecting" => Some(Kind::HostKeyUnknown { host: Some(host), address: None, port, strict: true }),
                "Adding" => Some(Kind::HostKeyAdded { host: Some(host), address: None, port }),
                _ => None,
            }
        },
    ),
    logged("[chan ", "DEBUG:paramiko.transport:[chan 0] Sesch channel 0 request ok", |rest| {
        rest.contains("] Sesch channel ").then_some(Kind::SessionOpened)
    }),
];

fn methods_of(rest: &str) -> Option<Kind> {
    Some(Kind::Methods { list: methods(rest) })
}

/// A key that is put to the server next. Its fingerprint is MD5's, in hexadecimal without colons, as bytes or as text.
fn offering((print, path): (&str, &str), agent: Option<bool>) -> Option<Kind> {
    let fingerprint = md5(print).or_else(|| sha256(print));
    let path = Some(path.trim().to_owned()).filter(|path| !path.is_empty());
    let key = Key { path, fingerprint, agent, ..Key::default() };
    Some(Kind::Offering { key, explicit: false, token: false })
}

/// `[HOST]:PORT`, or `HOST` alone for port 22.
fn host_and_port(text: &str) -> Option<(String, Option<u16>)> {
    let text = text.trim().trim_matches('\'');
    match text.strip_prefix('[').and_then(|rest| rest.split_once("]:")) {
        Some((host, port)) => Some((host.to_owned(), port.parse().ok())),
        None => (!text.is_empty() && !text.contains(' ')).then(|| (text.to_owned(), None)),
    }
}

/// What ended the thread that speaks with the server. The program's own exception repeats it.
fn thread_failed(rest: &str) -> Option<Kind> {
    let is = |text: &str| rest.starts_with(text);
    if is("key cannot be used for signing") {
        return Some(Kind::AgentRefused { key: Key::default() });
    }
    if is("Error reading SSH protocol banner") {
        return no_banner(rest);
    }
    rest.strip_prefix("Incompatible ssh peer (no acceptable ").and_then(incompatible)
}

fn no_banner(rest: &str) -> Option<Kind> {
    Some(Kind::IdentificationFailed { text: rest.trim().to_owned() })
}

/// What stands behind `Incompatible ssh … (no acceptable `.
fn incompatible(rest: &str) -> Option<Kind> {
    let what = rest.trim_end().strip_suffix(')')?;
    let what = match what {
        "kex algorithm" => "key exchange method",
        "host key" => "host key type",
        "ciphers" => "cipher",
        "macs" => "MAC",
        other => other,
    };
    Some(Kind::NoCommonAlgorithm { what: what.to_owned(), offer: None, address: None, port: None })
}

/// Exceptions, as the last line of a traceback names them. `SSHClient` tries one file as RSA, ECDSA and Ed25519 in
/// turn and raises the last exception, which may be of the wrong type of key.
const EXCEPTIONS: &[Row] = &[
    any(
        "paramiko.ssh_exception.AuthenticationException: ",
        "paramiko.ssh_exception.AuthenticationException: Authentication failed.",
        authentication_failed,
    )
    .signs()
    .ends(),
    any(
        "paramiko.ssh_exception.BadAuthenticationType: ",
        "paramiko.ssh_exception.BadAuthenticationType: Bad authentication type; allowed types: ['publickey']",
        |rest| {
            let list = rest.split_once('[')?.1.split(']').next()?;
            Some(Kind::Denied { user: None, host: None, methods: methods(list) })
        },
    )
    .signs()
    .ends(),
    any(
        "paramiko.ssh_exception.PasswordRequiredException: ",
        "paramiko.ssh_exception.PasswordRequiredException: Private key file is encrypted",
        |_| Some(Kind::PassphraseRefused),
    )
    .signs()
    .ends(),
    any(
        "paramiko.ssh_exception.BadHostKeyException: Host key for server ",
        "paramiko.ssh_exception.BadHostKeyException: Host key for server 'box.example' does not match: got 'AAAA', expected 'AAAB'",
        |rest| {
            let host = rest.split_once(" does not match").map_or_else(|| rest.split(' ').next(), |(host, _)| Some(host))?;
            Some(Kind::HostKeyChanged { host: host_and_port(host).map(|(host, _)| host) })
        },
    )
    .signs()
    .ends(),
    // Other errors than these two are raised as they are (`SSHClient.connect`).
    any(
        "paramiko.ssh_exception.NoValidConnectionsError: ",
        "paramiko.ssh_exception.NoValidConnectionsError: [Errno None] Unable to connect to port 2299 on 192.0.2.1",
        |rest| {
            let (port, address) = rest.split_once("to port ")?.1.split_once(" on ")?;
            // `A, B or C`: each was tried, the last one last.
            let address = address.trim().rsplit([' ', ',']).next()?;
            let reason = "Connection refused, or no route to it".to_owned();
            Some(Kind::ConnectFailed { host: Some(address.to_owned()), port: port.parse().ok(), reason })
        },
    )
    .signs()
    .ends(),
    any(
        "paramiko.ssh_exception.IncompatiblePeer: Incompatible ssh peer (no acceptable ",
        "paramiko.ssh_exception.IncompatiblePeer: Incompatible ssh peer (no acceptable kex algorithm)",
        incompatible,
    )
    .signs()
    .ends(),
    any(
        "paramiko.ssh_exception.SSHException: Incompatible ssh peer (no acceptable ",
        "paramiko.ssh_exception.SSHException: Incompatible ssh peer (no acceptable host key)",
        incompatible,
    )
    .signs()
    .ends(),
    any(
        "paramiko.ssh_exception.SSHException: Error reading SSH protocol banner",
        "paramiko.ssh_exception.SSHException: Error reading SSH protocol banner",
        no_banner,
    )
    .signs()
    .ends(),
    // The connection was gone, or nothing ever spoke SSH on it.
    any(
        "paramiko.ssh_exception.SSHException: No existing session",
        "paramiko.ssh_exception.SSHException: No existing session",
        closed,
    )
    .signs()
    .ends(),
    any(
        "paramiko.ssh_exception.SSHException: SSH session not active",
        "paramiko.ssh_exception.SSHException: SSH session not active",
        closed,
    )
    .signs()
    .ends(),
    any(
        "paramiko.ssh_exception.SSHException: Server connection dropped",
        "paramiko.ssh_exception.SSHException: Server connection dropped: ",
        closed,
    )
    .signs()
    .ends(),
    any(
        "paramiko.ssh_exception.SSHException: No authentication methods available",
        "paramiko.ssh_exception.SSHException: No authentication methods available",
        |_| Some(Kind::Attempted { methods: Vec::new() }),
    )
    .signs()
    .ends(),
    any(
        "paramiko.ssh_exception.SSHException: key cannot be used for signing",
        "paramiko.ssh_exception.SSHException: key cannot be used for signing",
        |_| Some(Kind::AgentRefused { key: Key::default() }),
    )
    .signs()
    .ends(),
    any(
        "paramiko.ssh_exception.SSHException: Server ",
        "paramiko.ssh_exception.SSHException: Server '[box.example]:2200' not found in known_hosts",
        |rest| {
            let (host, port) = host_and_port(rest.split_once(" not found in known_hosts")?.0)?;
            Some(Kind::HostKeyUnknown { host: Some(host), address: None, port, strict: true })
        },
    )
    .signs()
    .ends(),
    any(
        "paramiko.ssh_exception.SSHException: not a valid ",
        "paramiko.ssh_exception.SSHException: not a valid OPENSSH private key file",
        |rest| unreadable("not a valid ", rest),
    )
    .signs()
    .ends(),
    any(
        "paramiko.ssh_exception.SSHException: encountered ",
        "paramiko.ssh_exception.SSHException: encountered RSA key, expected OPENSSH key",
        |rest| unreadable("encountered ", rest),
    )
    .signs()
    .ends(),
    any(
        "paramiko.ssh_exception.SSHException: Invalid key",
        "paramiko.ssh_exception.SSHException: Invalid key",
        |rest| unreadable("Invalid key", rest),
    )
    .signs()
    .ends(),
    any(
        "paramiko.ssh_exception.SSHException: unpack requires ",
        "paramiko.ssh_exception.SSHException: unpack requires a buffer of 4 bytes",
        |rest| unreadable("unpack requires ", rest),
    )
    .signs()
    .ends(),
];

fn closed(_: &str) -> Option<Kind> {
    Some(Kind::Closed { address: None, port: None, reset: false, proxied: false })
}

fn unreadable(words: &str, rest: &str) -> Option<Kind> {
    let reason = format!("{words}{}", rest.trim_end());
    Some(Kind::LoadKeyFailed { path: String::new(), reason, public: false })
}

/// Of an `AuthenticationException`.
fn authentication_failed(words: &str) -> Option<Kind> {
    if words.contains("transport shut down or saw EOF") {
        return closed(words);
    }
    if words.starts_with("Authentication timeout") {
        return Some(Kind::ConnectionFailed { address: None, port: None, reason: "timed out".into() });
    }
    Some(Kind::Denied { user: None, host: None, methods: Vec::new() })
}

/// Programs that print a word of their own before Paramiko's.
const WRAPPERS: &[Row] = &[
    // Ansible's connection plugin (`plugins/connection/paramiko_ssh.py`).
    within(
        "Failed to authenticate: ",
        "[ERROR]: Task failed: Failed to authenticate: Authentication failed.",
        |before, rest| match authentication_failed(rest)? {
            Kind::Denied { user, methods, .. } => Some(Kind::Denied { user, host: unreachable(before), methods }),
            other => Some(other),
        },
    )
    .signs()
    .ends(),
    // It would ask whether to trust the host key.
    within("Task failed: stdin is not interactive", "[ERROR]: Task failed: stdin is not interactive", |before, _| {
        Some(Kind::HostKeyUnknown { host: unreachable(before), address: None, port: None, strict: true })
    })
    .signs()
    .ends(),
    any(
        "paramiko: The authenticity of host '",
        "paramiko: The authenticity of host 'box.example' can't be established.",
        |rest| {
            let (host, port) = host_and_port(rest.split('\'').next()?)?;
            Some(Kind::HostKeyUnknown { host: Some(host), address: None, port, strict: false })
        },
    )
    .signs(),
];

/// The host in `HOST | UNREACHABLE! => {`, or `fatal: [HOST]: UNREACHABLE! => {`.
fn unreachable(before: &str) -> Option<String> {
    let host = before.split_once("UNREACHABLE!")?.0.trim();
    let host = host.strip_suffix('|').or_else(|| between(host, "fatal: [", "]"))?.trim();
    (!host.is_empty() && !host.contains(' ')).then(|| host.to_owned())
}
