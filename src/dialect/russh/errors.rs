//! Its errors, as programs print them.

use super::methods::{method_set, partial};
use crate::dialect::table::{Row, bare, within};
use crate::dialect::words::between;
use crate::model::{Key, Kind};

/// russh's errors, and those of russh-keys, in a program's closing words.
pub(super) const ROWS: &[Row] = &[
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

fn disconnected(rest: &str) -> Option<Kind> {
    let end = Kind::Closed { address: None, port: None, reset: false, proxied: false };
    rest.trim().is_empty().then_some(end)
}

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
