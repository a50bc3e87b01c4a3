//! russh: its log (env_logger's and tracing's form), and its errors and answers as programs print them.

use super::table::{Dialect, Head, Row, bare, first, holds, logged, within};
use super::words::{self, between};
use crate::model::client::{no, partly, unknown, yes};
use crate::model::{Author, Capability, Client, Key, Kind, Side};
use crate::text::Sought;

pub(super) static RUSSH: Dialect = Dialect {
    author: Author { id: "russh", name: "russh", side: Side::Client, read: true, tells_offers: true },
    client: Some(&CLIENT),
    rows: &[LOG, ANSWERS, ERRORS],
    marks: &[
        holds(" russh::", "[2026-11-27T09:27:35Z DEBUG russh::client] kex done"),
        holds("[russh::client", "[2026-11-27][09:27:35][russh::client][DEBUG] kex done"),
        first("russh::client", "russh::client: kex done"),
        holds(
            "Failure { remaining_methods: MethodSet(",
            "id: Failure { remaining_methods: MethodSet([]), partial_success: false }",
        ),
    ],
    noise: &["channel_"],
    noise_within: &[],
    levels: &[],
    twice: false,
    head,
    words_at: |line| std::str::from_utf8(&line[..line.len().min(120)]).ok().and_then(words_in),
};

/// `[TIME LEVEL russh::MODULE] WORDS` of env_logger, `TIME LEVEL russh::MODULE: WORDS` of tracing.
fn head(line: &str) -> Head<'_> {
    match words_in(line) {
        Some(at) => Head { stream: None, logged: true, words: &line[at..] },
        None => Head::bare(line),
    }
}

/// As the log crate names them.
const LEVELS: &[&str] = &["TRACE", "DEBUG", "INFO", "WARN", "ERROR"];

/// How far into a line a module's name is looked for, in bytes.
const FAR: usize = 66;

const MODULE: Sought = Sought::new("russh::");

/// Where the words begin in a line of russh's own modules, at whatever level.
fn words_in(line: &str) -> Option<usize> {
    let module = MODULE.find(&line.as_bytes()[..line.len().min(FAR)])?;
    // The level stands right before the module, or right behind it.
    let before = line[..module].trim_end_matches(|c: char| " []|:-".contains(c));
    let level = before.rsplit([' ', '[']).next().unwrap_or_default();
    let name = line[module..].find(|c: char| !c.is_ascii_lowercase() && c != '_' && c != ':')?;
    // Of tracing's form the colon before the blank ends the module's name.
    let end = module + name;
    let rest = line[end..].trim_start_matches([']', '[', ' ', '-']);
    let behind = LEVELS.iter().find_map(|level| rest.strip_prefix(level)?.strip_prefix("] "));
    if behind.is_none() && !level.is_empty() && !LEVELS.contains(&level) {
        return None;
    }
    let words = behind.unwrap_or(rest).trim_start();
    Some(line.len() - words.len())
}

/// russh's log at debug (client/mod.rs, client/encrypted.rs, client/kex.rs, keys/agent/client.rs).
const LOG: &[Row] = &[
    logged("ssh id = Standard(\"SSH-2.0-", "[2026-11-27T09:27:35Z DEBUG russh::client] ssh id = Standard(\"SSH-2.0-russh_0.65.1\")", |rest| {
        Some(Kind::ClientSoftware { version: rest.split('"').next()?.to_owned() })
    }),
    logged(
        "received server host key: Ok(\"",
        "[2026-11-27T09:27:35Z DEBUG russh::client::kex] received server host key: Ok(\"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBtSZ3afkZU28ZhVEsLpOWM41Oyi4OwkZR9RIDHhg/x/\") (certificate: false)",
        |rest| {
            let line = rest.split('"').next()?;
            let kind = words::kind(line.split(' ').next()?).unwrap_or_default();
            Some(Kind::HostKey { kind, fingerprint: Some(crate::wire::public_line(line)?.fingerprint) })
        },
    ),
    logged(
        "waiting service request, Some(6) ",
        "[2026-11-27T09:27:35Z DEBUG russh::client::encrypted] waiting service request, Some(6) 6",
        |_| Some(Kind::ServiceAccepted),
    ),
    // SSH_AGENT_IDENTITIES_ANSWER, and the number of keys in the four bytes behind it.
    logged("identities: [12, ", "[2026-11-27T09:27:35Z DEBUG russh::keys::agent::client] identities: [12, 0, 0, 0, 0]", |rest| {
        let count: Vec<u32> = rest.split([',', ']']).take(4).filter_map(|byte| byte.trim().parse().ok()).collect();
        let count = count.iter().fold(0_u32, |sum, byte| sum.wrapping_mul(256).wrapping_add(*byte));
        Some(if count == 0 { Kind::AgentEmpty } else { Kind::NextKey { kind: None, agent: true } })
    }),
    // What the agent is asked to sign (RFC 4252 §7): the session's id, SSH_MSG_USERAUTH_REQUEST, the user.
    logged(
        "sign_request: [",
        "[2026-11-27T09:27:35Z DEBUG russh::keys::agent::client] sign_request: [0, 0, 0, 1, 7, 50, 0, 0, 0, 3, 100, 101, 118, 0, 0]",
        |rest| signer(rest).map(|user| Kind::User { user }),
    ),
    logged(
        "write_auth_request: key - ",
        "[2026-11-27T09:27:35Z DEBUG russh::client::encrypted] write_auth_request: key - Ed25519",
        |algorithm| offering(algorithm, ""),
    ),
    logged(
        "write_auth_request: cert - ",
        "[2026-11-27T09:27:35Z DEBUG russh::client::encrypted] write_auth_request: cert - Ed25519",
        |algorithm| offering(algorithm, "-CERT"),
    ),
    // Up to 0.50 the packet itself, byte by byte.
    logged(
        "enc: [",
        "[2026-11-27T09:27:35Z DEBUG russh::client::encrypted] enc: [0, 0, 0, 111, 50, 0, 0, 0, 3, 100, 101, 118]",
        |bytes| requested(bytes).map(|user| Kind::User { user }),
    ),
    // SSH_MSG_USERAUTH_REQUEST: the only line of a key that the agent holds.
    logged("> msg type 50, ", "[2026-11-27T09:27:35Z DEBUG russh::sshbuffer] > msg type 50, len 113", |_| {
        Some(Kind::RequestSent)
    }),
    // SSH_MSG_USERAUTH_PK_OK.
    logged("< msg type 60, ", "[2026-11-27T09:27:35Z DEBUG russh::client] < msg type 60, seqn 4, len 300", |_| {
        Some(Kind::ServerAccepts { key: None })
    }),
    logged(
        "remaining methods MethodSet([",
        "[2026-11-27T09:27:35Z DEBUG russh::client::encrypted] remaining methods MethodSet([PublicKey]), partial success false",
        |rest| Some(Kind::Methods { list: method_set(rest) }),
    )
    .also(|line| partial(line, "partial success true")),
    logged("userauth_success", "[2026-11-27T09:27:35Z DEBUG russh::client::encrypted] userauth_success", |_| {
        Some(Kind::SessionOpened)
    }),
    logged(
        "disconnected: ReceivedDisconnect(",
        "[2026-11-27T09:27:35Z DEBUG russh::client] disconnected: ReceivedDisconnect(RemoteDisconnectInfo { reason_code: ProtocolError, message: \"Too many authentication failures\", lang_tag: \"\" })",
        |rest| {
            let text = between(rest, "message: \"", "\", lang_tag").or_else(|| between(rest, "message: \"", "\""))?;
            Some(Kind::Disconnected { address: None, port: None, text: text.to_owned() })
        },
    ),
    logged("drop session", "[2026-11-27T09:27:35Z DEBUG russh::client] drop session", |_| {
        Some(Kind::ClientEnded)
    }),
];

/// What `authenticate_publickey` returns, as a program prints it with `{:?}` and the key that it has tried. `Success` is all
/// of an answer's text, so that only a key before it tells.
const ANSWERS: &[Row] = &[
    within(
        ": Failure { remaining_methods: MethodSet([",
        "/home/dev/.ssh/id: Failure { remaining_methods: MethodSet([PublicKey]), partial_success: false }",
        |before, rest| match rest.contains("partial_success: true") {
            // Up to 0.50 it does not say whether the key was taken.
            _ if open(rest) => Some(Kind::Denied { user: None, host: None, methods: method_set(rest) }),
            true => Some(Kind::Methods { list: method_set(rest) }),
            false => Some(Kind::Refused { key: Some(named(before)) }),
        },
    )
    .also(|line| {
        let (before, _) = line.split_once(": Failure {").filter(|_| line.contains("partial_success: true"))?;
        Some(Kind::ServerAccepts { key: Some(named(before)) })
    })
    .also(|line| partial(line, "partial_success: true"))
    .also(|line| {
        // The set is empty where the connection is gone.
        let list = method_set(line.split_once("MethodSet([").filter(|(_, rest)| !open(rest))?.1);
        (!list.is_empty() && !line.contains("partial_success: true")).then_some(Kind::Methods { list })
    })
    .signs(),
    within(": Success", "key /home/dev/.ssh/id: Success", |before, rest| {
        (rest.trim().is_empty() && before.contains("key ")).then(|| Kind::KeyNamed { key: named(before) })
    }),
];

/// Whether an answer is one of a refused key or of a taken one: no key is asked for any more, and it does not say why.
fn open(rest: &str) -> bool {
    let list = method_set(rest);
    !rest.contains("partial_success: ") && !list.is_empty() && !list.iter().any(|method| method == "publickey")
}

/// russh's errors, and those of russh-keys, in a program's closing words.
const ERRORS: &[Row] = &[
    within("Unknown server key", "Error: Unknown server key", |_, _| unknown_host()).signs(),
    within("The server key changed at line ", "Error: The server key changed at line 3", |_, _| {
        Some(Kind::HostKeyChanged { host: None })
    })
    .signs(),
    within(
        "Environment variable `SSH_AUTH_SOCK` not found",
        "Error: Environment variable `SSH_AUTH_SOCK` not found",
        |_, _| Some(Kind::AgentFailed { reason: "SSH_AUTH_SOCK is not set".into() }),
    )
    .signs()
    .ends(),
    within("Unable to connect to ssh-agent", "Error: Unable to connect to ssh-agent. The environment variable `SSH_AUTH_SOCK` was set, but it points to a nonexistent file or directory.", |_, _| {
        Some(Kind::AgentFailed { reason: "SSH_AUTH_SOCK names a socket that is not there".into() })
    })
    .signs()
    .ends(),
    within("No common ", "Error: No common Cipher algorithm - ours: [\"aes256-ctr\"], theirs: [\"aes256-cbc\"]", |_, rest| {
        let (kind, lists) = rest.split_once(" algorithm - ours: [")?;
        no_common(kind, lists.split_once("theirs: [")?.1)
    })
    .signs(),
    within("NoCommonAlgo { kind: ", "Error: NoCommonAlgo { kind: Cipher, ours: [\"aes256-ctr\"], theirs: [\"aes256-cbc\"] }", |_, rest| {
        let (kind, lists) = rest.split_once(", ours: [")?;
        no_common(kind, lists.split_once("theirs: [")?.1)
    })
    .signs(),
    // What its examples say, and programs that were made after them.
    within("uthentication (with ", "Error: Authentication (with publickey) failed", |before, rest| {
        let (method, _) = rest.split_once(") failed").filter(|_| before.ends_with(['A', 'a']))?;
        let method = method.trim_end_matches("+cert").to_owned();
        matches!(method.as_str(), "publickey" | "password").then(|| Kind::Attempted { methods: vec![method] })
    })
    .also(|line| {
        let user = between(line, ") failed for ", ": ").filter(|user| !user.contains(' '))?;
        Some(Kind::User { user: user.to_owned() })
    })
    .also(|line| {
        let list = method_set(line.split_once(": MethodSet([")?.1);
        (!list.is_empty()).then_some(Kind::Methods { list })
    })
    .also(|line| partial(line, "(partial success: true)"))
    .signs(),
    within("Connection reset by peer (os error 104)", "Error: Connection reset by peer (os error 104)", |_, _| {
        Some(Kind::Closed { address: None, port: None, reset: true, proxied: false })
    }),
    // Its own task for the connection has ended.
    within("Channel send error", "Error: Channel send error", |_, _| {
        Some(Kind::Disconnected { address: None, port: None, text: String::new() })
    })
    .signs(),
    // As Rust shows it to a programmer.
    within(
        "kind: ConnectionRefused",
        "Error: Os { code: 111, kind: ConnectionRefused, message: \"Connection refused\" }",
        |before, _| before.contains("Os { code").then(refused),
    ),
    within(
        "kind: ConnectionReset",
        "Error: IO(Os { code: 104, kind: ConnectionReset, message: \"Connection reset by peer\" })",
        |before, _| {
            let reset = Kind::Closed { address: None, port: None, reset: true, proxied: false };
            before.contains("IO(Os { code").then_some(reset)
        },
    ),
    within("KeyIsEncrypted", "Error: KeyIsEncrypted", |_, _| Some(Kind::PassphraseRefused)).signs().ends(),
    within("SshKey(Crypto)", "Error: SshKey(Crypto)", |_, _| Some(Kind::PassphraseRefused)).signs().ends(),
    within("CouldNotReadKey", "Error: CouldNotReadKey", |_, _| unreadable("it could not be read as a key"))
        .signs()
        .ends(),
    bare("Error: UnknownKey", "Error: UnknownKey", |_| unknown_host()).common(),
    bare("Error: Disconnect", "Error: Disconnect", disconnected).common(),
    within("Agent failure", "Error: Agent failure", |_, _| {
        Some(Kind::AgentRefused { key: Key { agent: Some(true), ..Key::default() } })
    })
    .ends(),
    within("The key is encrypted", "Error: The key is encrypted", |_, _| Some(Kind::PassphraseRefused)).ends(),
    within("SshKey: cryptographic error", "Error: SshKey: cryptographic error", |_, _| Some(Kind::PassphraseRefused))
        .signs()
        .ends(),
    within("Could not read key", "Error: Could not read key", |_, _| unreadable("it could not be read as a key"))
        .signs()
        .ends(),
    within("SshKey: ", "Error: SshKey: PEM error", |_, rest| unreadable(rest.trim_end())).ends(),
    within("Base64 decoding error: ", "Error: Base64 decoding error: invalid length at 160", |_, _| {
        unreadable("what stands in it is no whole base64")
    })
    .ends(),
    within(
        "No such file or directory (os error 2)",
        "Error: /home/dev/.ssh/id: No such file or directory (os error 2)",
        |before, _| {
            let path = before
                .split([' ', '"', '\'', '`'])
                .map(|word| word.trim_end_matches(':'))
                .find(|word| word.contains('/'));
            let key = path.is_some_and(|path| path.contains(".ssh/")) || before.to_ascii_lowercase().contains("key");
            let path = path.unwrap_or_default().to_owned();
            key.then(|| Kind::IdentityMissing { path, reason: "no such file or directory".into(), named: true })
        },
    )
    .ends(),
    // Rust's words of a socket. A dead agent's are the same.
    within("Connection refused (os error 111)", "Error: Connection refused (os error 111)", |_, _| {
        Some(refused())
    }),
    within(
        "failed to lookup address information: ",
        "failed to lookup address information: Name or service not known",
        |_, rest| Some(Kind::ResolveFailed { host: String::new(), reason: rest.trim_end().to_owned() }),
    ),
    bare("Error: Disconnected", "Error: Disconnected", disconnected),
    // The last of a chain of causes.
    bare("Disconnected", "Disconnected", disconnected),
    // A program's own, where the library returns no error: a refusal is an answer.
    bare("Error: authentication failed", "Error: authentication failed", |_| {
        Some(Kind::ClientFailed { reason: "authentication failed".into() })
    }),
    // How a program ends with a sentence of its own.
    bare("Error: \"", "Error: \"no key was taken\"", |_| Some(Kind::ClientEnded)).common(),
];

/// A key put to the server; `algorithm` as russh's own name for it: `Ed25519`, `Rsa { hash: Some(Sha512) }`.
fn offering(algorithm: &str, certificate: &str) -> Option<Kind> {
    let name = algorithm.split([' ', '{', '(']).next()?;
    let kind = match name {
        "Rsa" => "RSA",
        "Ed25519" => "ED25519",
        "Ecdsa" => "ECDSA",
        "Dsa" => "DSA",
        "SkEd25519" => "ED25519-SK",
        "SkEcdsaSha2NistP256" => "ECDSA-SK",
        _ => return Some(Kind::Offering { key: Key::default(), explicit: false, token: false }),
    };
    let key = Key { kind: Some(format!("{kind}{certificate}")), ..Key::default() };
    Some(Kind::Offering { key, explicit: false, token: false })
}

/// `PublicKey, KeyboardInteractive]), …` in the words of RFC 4252.
fn method_set(rest: &str) -> Vec<String> {
    let list = rest.split(']').next().unwrap_or_default();
    let names = list.split(',').map(str::trim).filter(|name| !name.is_empty());
    names
        .map(|name| match name {
            "PublicKey" => "publickey".to_owned(),
            "Password" => "password".to_owned(),
            "KeyboardInteractive" => "keyboard-interactive".to_owned(),
            "HostBased" => "hostbased".to_owned(),
            other => other.to_ascii_lowercase(),
        })
        .collect()
}

fn partial(line: &str, words: &str) -> Option<Kind> {
    line.contains(words).then(|| Kind::Partial { method: Some("publickey".into()) })
}

/// What a program calls its key: a path, a comment with an `@`, or behind `key ` whatever it says. Another word may be of
/// anything.
fn named(before: &str) -> Key {
    let before = before.rsplit_once("] ").map_or(before, |(_, said)| said);
    let told = before.rsplit_once("key ").map(|(_, name)| name);
    let name = told.unwrap_or(before).trim();
    if told.is_none() && !name.contains(['/', '@']) {
        return Key::default();
    }
    match name.contains('/') {
        true => Key { path: Some(name.to_owned()), ..Key::default() },
        false => {
            Key { label: Some(name.to_owned()).filter(|name| !name.is_empty()), agent: Some(true), ..Key::default() }
        }
    }
}

fn disconnected(rest: &str) -> Option<Kind> {
    let end = Kind::Closed { address: None, port: None, reset: false, proxied: false };
    rest.trim().is_empty().then_some(end)
}

fn signer(rest: &str) -> Option<String> {
    let bytes =
        rest.split([',', ']']).take(LONGEST).map_while(|byte| byte.trim().parse::<u8>().ok()).collect::<Vec<_>>();
    let string = |from: usize| {
        let length = u32::from_be_bytes(bytes.get(from..from + 4)?.try_into().ok()?);
        bytes.get(from + 4..from + 4 + usize::try_from(length).ok()?)
    };
    let request = 4 + string(0)?.len();
    let user = string(request + 1).filter(|_| bytes.get(request) == Some(&50))?;
    String::from_utf8(user.to_vec())
        .ok()
        .filter(|user| !user.is_empty() && user.chars().all(|c| c.is_alphanumeric() || "._-+@\\".contains(c)))
}

/// Bytes of a request in which the user's name is looked for.
const LONGEST: usize = 400;

/// `Cipher`, and `"aes256-cbc", "aes128-cbc"], …`.
fn no_common(kind: &str, theirs: &str) -> Option<Kind> {
    let what = match kind {
        "Kex" => "key exchange method",
        "Key" => "host key type",
        "Mac" => "MAC",
        "Cipher" => "cipher",
        _ => "compression",
    };
    let names = theirs.split(']').next()?.split(',').map(|name| name.trim().trim_matches('"'));
    let offer = Some(names.collect::<Vec<_>>().join(","));
    Some(Kind::NoCommonAlgorithm { what: what.into(), offer, address: None, port: None })
}

fn refused() -> Kind {
    let reason = "Connection refused by the server, or by the socket of a dead agent";
    Kind::ConnectFailed { host: None, port: None, reason: reason.into() }
}

fn unknown_host() -> Option<Kind> {
    Some(Kind::HostKeyUnknown { host: None, address: None, port: None, strict: true })
}

fn unreadable(reason: &str) -> Option<Kind> {
    Some(Kind::LoadKeyFailed { path: String::new(), reason: reason.to_owned(), public: false })
}

/// The user in SSH_MSG_USERAUTH_REQUEST (RFC 4252 section 5), of a packet's bytes in decimal behind its length.
fn requested(bytes: &str) -> Option<String> {
    const HEAD: usize = 9;
    let mut bytes = bytes.split(']').next()?.split(", ").map(|byte| byte.parse::<u8>().ok());
    let head: Vec<u8> = bytes.by_ref().take(HEAD).collect::<Option<_>>()?;
    let [.., 50, a, b, c, d] = head[..] else { return None };
    let length = usize::try_from(u32::from_be_bytes([a, b, c, d])).ok()?;
    let user: Vec<u8> = bytes.take(length).collect::<Option<_>>()?;
    (user.len() == length).then(|| String::from_utf8(user).ok())?
}

/// Runs of small programs against OpenSSH 9.2 and Go's server.
const SEEN: &str = "seen with russh 0.65.1";

const CLIENT: Client = Client {
    versions: "russh 0.65.1",
    also: &[],
    answers: &[
        no(Capability::Config, "reads no ~/.ssh/config by itself (russh-config is a crate of its own)", SEEN),
        partly(Capability::KnownHosts, "reads known_hosts only if the program asks for it", SEEN),
        unknown(Capability::HashedHosts),
        unknown(Capability::HostAuthority),
        partly(Capability::Agent, "asks the agent only if the program does", SEEN),
        no(Capability::DefaultFiles, "tries no default files: the program names each", SEEN),
        partly(Capability::Order, "goes by the program's order", SEEN),
        yes(Capability::OpenSshFormat, "reads keys in OpenSSH's format, also with Windows line ends", SEEN),
        yes(
            Capability::Pem,
            "reads PKCS#1, PKCS#8 and SEC1",
            "https://docs.rs/russh/latest/russh/keys/fn.decode_secret_key.html",
        ),
        yes(Capability::Ppk, "opens PPK files", SEEN),
        yes(Capability::Ed25519, "takes ed25519 keys", SEEN),
        partly(Capability::Encrypted, "opens an encrypted key only with a passphrase that the program hands on", SEEN),
        yes(
            Capability::RsaSha2,
            "signs with RSA by the hash that the program chooses, and by SHA-1 where the server names none",
            SEEN,
        ),
        partly(Capability::Certificates, "offers a certificate only if the program hands it on", SEEN),
        unknown(Capability::Fido),
        yes(
            Capability::NamingAKey,
            "takes a key by load_secret_key(PATH, PASSPHRASE) and authenticate_publickey",
            "https://docs.rs/russh/latest/russh/client/struct.Handle.html",
        ),
        yes(
            Capability::LoggingMore,
            "logs through the log crate: RUST_LOG=russh=debug in a program that has a logger",
            SEEN,
        ),
    ],
};
