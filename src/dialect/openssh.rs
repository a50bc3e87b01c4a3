//! OpenSSH's client, 5.x to 10.x, on all platforms: one row a wording.
//!
//! Rows are tried in order. A row of `DEBUG` speaks only behind `debug1: ` … `debug3: `, a row of `BARE` only
//! without; a row of `PLAIN` at any level, since a message's level differs from release to release.

use std::sync::LazyLock;

use super::keys::{self, file_name, fingerprint_of, is_type, name_key};
use crate::model::Key;
use crate::model::event::Kind;
use crate::model::key::is_fingerprint;

/// What to make of the words behind a row's beginning. `None`: not this row after all.
type Read = fn(&str) -> Option<Kind>;

/// The same of the words before and behind a row's.
type ReadAround = fn(&str, &str) -> Option<Kind>;

/// Wordings that only a debug line has. Beginnings are at least [`STEM`] bytes long.
const DEBUG: &[(&str, Read)] = &[
    ("OpenSSH_", |rest| version(rest)),
    ("Started with: ", |rest| crate::shell::parse_ssh(&crate::shell::split(rest)).map(Kind::Command)),
    ("Reading configuration data ", |rest| Some(Kind::ReadingConfig { path: file_name(rest) })),
    ("resolving \"", |rest| {
        let (host, rest) = rest.split_once('"')?;
        Some(Kind::Resolving { host: host.to_owned(), port: first_word(rest.strip_prefix(" port ")?).parse().ok() })
    }),
    ("Connecting to ", connecting),
    ("connect to address ", address_failed),
    ("Connection established", |_| Some(Kind::Established)),
    ("Executing proxy command: ", |rest| Some(proxy(rest))),
    ("Setting implicit ProxyCommand from ProxyJump: ", |rest| Some(proxy(rest))),
    ("identity file ", identity_file),
    ("loaded pubkey from ", |rest| identity_loaded(rest)),
    ("loaded identity pubkey from ", |rest| identity_loaded(rest)),
    ("no such identity: ", |rest| no_such_identity(rest, false)),
    ("could not open key file '", |rest| {
        let (path, reason) = rest.split_once("': ")?;
        Some(Kind::LoadKeyFailed { path: file_name(path), reason: reason.trim().to_owned(), public: false })
    }),
    ("Remote protocol version ", |rest| {
        let software = rest.split_once("remote software version ")?.1;
        Some(Kind::RemoteSoftware { software: software.trim().to_owned() })
    }),
    ("Authenticating to ", authenticating),
    ("Host '", |rest| {
        let (host, port) = host_port(rest.split_once("' is known and matches the ")?.0);
        Some(Kind::HostKeyKnown { host, port })
    }),
    ("using hostkeyalias: ", |rest| Some(Kind::HostKeyAlias { alias: rest.trim().to_owned() })),
    ("Server host key: ", host_key),
    ("Server host certificate: ", host_key),
    ("kex: host key algorithm: (no match)", |_| Some(no_common("host key type", None))),
    ("SSH2_MSG_SERVICE_ACCEPT received", |_| Some(Kind::ServiceAccepted)),
    ("service_accept: ssh-userauth", |_| Some(Kind::ServiceAccepted)),
    ("kex_input_ext_info: server-sig-algs=", sig_algs),
    ("kex_ext_info_client_parse: server-sig-algs=", sig_algs),
    ("get_agent_identities: ", agent),
    ("pubkey_prepare: ignoring ", |rest| ignored(rest)),
    ("pubkey_prepare: ", agent),
    ("ssh_fetch_identitylist: ", |rest| agent_error(rest)),
    ("ignoring authenticator-hosted key ", |rest| ignored_authenticator(rest)),
    ("load_identity_file: Skipping key ", |rest| {
        let (path, reason) = rest.rsplit_once(": ")?;
        Some(Kind::Skipped { key: at_path(path), reason: reason.trim().to_owned() })
    }),
    ("key \"", |rest| {
        let (path, reason) = rest.split_once("\" is an authenticator-hosted key, ")?;
        Some(Kind::SecurityKeyTrouble { path: Some(file_name(path)), reason: reason.trim().to_owned() })
    }),
    ("internal security key support not enabled", |_| {
        Some(Kind::SecurityKeyTrouble { path: None, reason: "internal security key support not enabled".into() })
    }),
    ("sshsk_sign: sk_sign failed", |rest| {
        Some(Kind::SecurityKeyTrouble { path: None, reason: format!("sk_sign failed{rest}") })
    }),
    ("ssh_sk_sign: fido_dev_get_assert: ", |rest| {
        (!rest.contains("USER_PRESENCE_REQUIRED"))
            .then(|| Kind::SecurityKeyTrouble { path: None, reason: rest.trim().to_owned() })
    }),
    ("Will attempt key: ", |rest| {
        let named = keys::named(rest);
        Some(Kind::Planned { key: named.key, explicit: named.explicit, token: named.token })
    }),
    ("key: ", planned_old),
    ("Authentications that can continue: ", |rest| Some(Kind::Methods { list: methods(rest) })),
    ("Next authentication method: ", |rest| {
        Some(Kind::NextMethod { method: rest.split_whitespace().next()?.to_owned() })
    }),
    ("Offering public key", |rest| Some(offering(None, rest.strip_prefix(':').unwrap_or(rest)))),
    ("Offering ", |rest| {
        let (kind, rest) = rest.split_once(" public key:")?;
        is_type(kind).then(|| offering(Some(kind), rest))
    }),
    ("Trying private key: ", |rest| Some(Kind::TryingPrivate { path: file_name(rest) })),
    ("send_pubkey_test: no mutual signature algorithm", |_| Some(Kind::NoMutualAlgorithm)),
    ("Server accepts key", |rest| server_accepts(rest.strip_prefix(':').unwrap_or(rest))),
    ("input_userauth_pk_ok: fp ", |rest| Some(Kind::AcceptedFingerprint { fingerprint: first_word(rest) })),
    ("sign_and_send_pubkey: ", signing),
    ("read_passphrase: can't open ", |rest| Some(Kind::NoTerminal { reason: format!("can't open {}", rest.trim()) })),
    ("read_passphrase: stdin is not a tty", |_| Some(Kind::NoTerminal { reason: "stdin is not a tty".into() })),
    ("no passphrase given, try next key", |_| Some(Kind::PassphraseRefused)),
    ("bad passphrase given, try again", |_| Some(Kind::PassphraseRefused)),
    // 6.7 to 7.7 name no file here: it is the one that is being tried.
    ("key_load_private_type: Permission denied", |_| {
        Some(Kind::LoadKeyFailed { path: String::new(), reason: "Permission denied".into(), public: false })
    }),
    ("key_load_private_type: incorrect passphrase supplied", |_| Some(Kind::PassphraseRefused)),
    ("Authentication succeeded (", |rest| Some(Kind::Succeeded { method: rest.split(')').next()?.to_owned() })),
    ("Authenticated with partial success", |_| Some(Kind::Partial { method: None })),
    ("No more authentication methods to try", |_| Some(Kind::NoMoreMethods)),
    ("Entering interactive session", |_| Some(Kind::SessionOpened)),
    ("Exit status ", |rest| Some(Kind::ExitStatus { status: first_word(rest).parse().ok()? })),
    ("auto-mux: Trying existing master", |rest| {
        Some(Kind::Multiplexed { text: format!("auto-mux: Trying existing master{rest}") })
    }),
    ("mux_client_request_session: master session id", |_| Some(Kind::Multiplexed { text: String::new() })),
    ("Control socket ", |_| Some(Kind::NoMaster)),
    ("Control socket connect(", |_| Some(Kind::NoMaster)),
];

/// Wordings that stand at any level.
const PLAIN: &[(&str, Read)] = &[
    ("OpenSSH_", |rest| version(rest)),
    ("ssh: connect to host ", connect_failed),
    ("ssh: Could not resolve hostname ", resolve_failed),
    ("ssh: Could not resolve ", resolve_failed),
    ("Warning: Identity file ", |rest| {
        let (path, reason) = rest.split_once(" not accessible: ")?;
        Some(Kind::IdentityMissing { path: file_name(path), reason: sentence(reason), named: true })
    }),
    ("no such identity: ", |rest| no_such_identity(rest, true)),
    ("Load key \"", |rest| load_failed(rest, false)),
    ("load pubkey \"", |rest| load_failed(rest, true)),
    ("Permissions ", too_open),
    ("bad permissions: ignore key: ", |rest| Some(Kind::TooOpen { path: file_name(rest) })),
    ("identity_sign: private key ", |rest| {
        let path = rest.split_once(" contents do not match public")?.0;
        Some(Kind::PublicMismatch { path: file_name(path) })
    }),
    ("sign_and_send_pubkey: ", signing),
    ("Agent admitted failure to sign using the key", |_| Some(Kind::AgentRefused { key: Key::default() })),
    ("agent key ", |rest| {
        rest.contains("returned incorrect signature type").then(|| Kind::AgentRefused {
            key: keys::named(&format!("? {}", rest.split(" returned").next().unwrap_or(rest))).key,
        })
    }),
    ("Enter passphrase for key '", |rest| passphrase_prompt(rest)),
    ("Enter passphrase for ", |rest| passphrase_prompt(rest)),
    ("ssh_askpass: exec(", |rest| Some(Kind::NoTerminal { reason: format!("ssh_askpass: exec({}", rest.trim()) })),
    ("Confirm user presence for key ", |rest| {
        Some(Kind::PresenceWanted { key: keys::named(&format!("… {rest}")).key })
    }),
    ("sk_sign: couldn't find device", |_| {
        Some(Kind::SecurityKeyTrouble { path: None, reason: "no device holds this key".into() })
    }),
    ("Provider \"", |rest| {
        rest.contains(" dlopen failed")
            .then(|| Kind::SecurityKeyTrouble { path: None, reason: format!("Provider \"{}", rest.trim()) })
    }),
    ("provider ", provider_trouble),
    ("lib_contains_symbol: open ", |rest| {
        Some(Kind::SecurityKeyTrouble { path: None, reason: rest.trim().to_owned() })
    }),
    ("PKCS#11 login failed", |rest| {
        Some(Kind::TokenTrouble { reason: format!("PKCS#11 login failed{}", rest.trim_end()) })
    }),
    ("C_Login failed: ", |rest| Some(Kind::TokenTrouble { reason: format!("C_Login failed: {}", rest.trim()) })),
    ("C_Sign failed: ", |rest| Some(Kind::TokenTrouble { reason: format!("C_Sign failed: {}", rest.trim()) })),
    ("C_FindObjectsInit failed", |rest| {
        Some(Kind::TokenTrouble { reason: format!("C_FindObjectsInit failed{}", rest.trim_end()) })
    }),
    ("dlopen ", |rest| Some(Kind::TokenTrouble { reason: format!("dlopen {}", rest.trim()) })),
    ("pkcs11_add_provider", |rest| {
        Some(Kind::TokenTrouble { reason: format!("pkcs11_add_provider{}", rest.trim_end()) })
    }),
    ("no pkcs11 (valid) provider", |rest| {
        Some(Kind::TokenTrouble { reason: format!("no pkcs11 (valid) provider{}", rest.trim_end()) })
    }),
    ("no support for PKCS#11", |_| Some(Kind::TokenTrouble { reason: "no support for PKCS#11".into() })),
    ("cannot find private key", |_| Some(Kind::TokenTrouble { reason: "cannot find private key".into() })),
    ("need pin entry", |_| {
        Some(Kind::TokenTrouble { reason: "the token wants a PIN and there is no way to ask".into() })
    }),
    ("no pin specified", |_| Some(Kind::TokenTrouble { reason: "no PIN was given".into() })),
    ("Skipping ", skipping),
    ("Skipped ", skipping),
    ("Authenticated to ", authenticated_to),
    ("Authenticated using \"", |rest| {
        let (method, rest) = rest.split_once('"')?;
        rest.contains("partial success").then(|| Kind::Partial { method: Some(method.to_owned()) })
    }),
    ("Authenticated with partial success", |_| Some(Kind::Partial { method: None })),
    ("Received disconnect from ", disconnected),
    ("Disconnecting: ", |rest| {
        rest.contains("oo many authentication failures").then(|| Kind::Disconnected {
            address: None,
            port: None,
            text: rest.trim().to_owned(),
        })
    }),
    ("Disconnecting ", |_| Some(Kind::DisconnectedFrom { address: None, port: None })),
    ("Disconnected from ", |rest| {
        let (address, port) = address_port(rest);
        Some(Kind::DisconnectedFrom { address, port })
    }),
    ("Connection closed by ", |rest| Some(closed(rest, false))),
    ("Connection reset by ", |rest| Some(closed(rest, true))),
    ("Connection closed", |rest| matches!(rest.trim(), "" | ".").then(|| closed("", false))),
    ("ssh_exchange_identification: ", |rest| Some(identification(rest))),
    ("kex_exchange_identification: ", |rest| Some(identification(rest))),
    ("Connection timed out during banner exchange", |_| {
        Some(Kind::ConnectionFailed {
            address: None,
            port: None,
            reason: "Connection timed out during banner exchange".into(),
        })
    }),
    ("banner exchange: ", |rest| {
        let (peer, reason) = rest.strip_prefix("Connection to ")?.rsplit_once(": ")?;
        let (address, port) = address_port(peer);
        Some(Kind::ConnectionFailed { address, port, reason: reason.trim().to_owned() })
    }),
    ("ssh_dispatch_run_fatal: ", |rest| broken_transport(rest)),
    ("packet_write_wait: ", |rest| broken_transport(rest)),
    ("ssh_packet_write_wait: ", |rest| broken_transport(rest)),
    ("packet_write_poll: ", |rest| broken_transport(rest)),
    ("Protocol major versions differ: ", |rest| {
        Some(Kind::IdentificationFailed { text: format!("Protocol major versions differ: {}", rest.trim()) })
    }),
    ("Bad remote protocol version identification: ", |rest| Some(Kind::PeerSaid { text: rest.trim().to_owned() })),
    ("key_verify failed for server_host_key", |_| {
        Some(Kind::ConnectionFailed {
            address: None,
            port: None,
            reason: "key_verify failed for server_host_key".into(),
        })
    }),
    ("Unable to negotiate with ", |rest| {
        let (peer, trouble) = rest.split_once(": ")?;
        let (address, port) = address_port(peer);
        let Kind::NoCommonAlgorithm { what, offer, .. } = no_matching(trouble)? else {
            return None;
        };
        Some(Kind::NoCommonAlgorithm { what, offer, address, port })
    }),
    ("fatal: Unable to negotiate with ", |rest| no_matching(rest.split_once(": ")?.1)),
    ("no matching ", |rest| no_matching(&format!("no matching {rest}"))),
    ("no hostkey alg", |_| Some(no_common("host key type", None))),
    ("no kex alg", |_| Some(no_common("key exchange method", None))),
    ("Unable to negotiate a key exchange method", |_| Some(no_common("key exchange method", None))),
    ("The authenticity of host '", |rest| host_question(rest)),
    ("Host key verification failed", |_| Some(Kind::HostKeyFailed)),
    ("Host key for ", |rest| host_key_changed(rest)),
    ("No ", |rest| {
        let host = rest.split_once(" host key is known for ")?.1.split(" and you have").next()?;
        let (host, port) = host_port(host);
        Some(Kind::HostKeyUnknown { host, address: None, port, strict: true })
    }),
    ("Warning: Permanently added ", |rest| host_added(rest)),
    ("Permanently added ", |rest| host_added(rest)),
    ("Control socket connect(", |_| Some(Kind::NoMaster)),
    ("ControlSocket ", |_| Some(Kind::NoMaster)),
    ("Bad owner or permissions on ", |rest| Some(config_error("Bad owner or permissions on ", rest))),
    ("Bad port '", |rest| Some(config_error("Bad port '", rest))),
    ("Bad configuration option: ", |rest| Some(config_error("Bad configuration option: ", rest))),
    ("command-line: line 0: ", |rest| Some(config_error("command-line: line 0: ", rest))),
    ("command-line line 0: ", |rest| Some(config_error("command-line line 0: ", rest))),
    ("Bad SSH2 cipher spec ", |rest| Some(config_error("Bad SSH2 cipher spec ", rest))),
    ("Unknown cipher type ", |rest| Some(config_error("Unknown cipher type ", rest))),
    ("unknown option -- ", |rest| Some(config_error("unknown option -- ", rest))),
    ("Can't open user config file ", |rest| Some(config_error("Can't open user config file ", rest))),
];

/// Wordings that no debug line has: of ssh's last words, of servers, of git and the shell.
const BARE: &[(&str, Read)] = &[
    ("Permission denied, please try again", |_| Some(Kind::PasswordRefused)),
    ("Permission denied (", |rest| denied(None, rest)),
    ("Write failed: ", |_| Some(Kind::Broken)),
    ("Read from remote host ", |_| Some(Kind::Broken)),
    ("client_loop: send disconnect: ", |_| Some(Kind::Broken)),
    ("Timeout, server ", |_| Some(Kind::Broken)),
    // At -vvv the same functions tell of each step; only failures stand without a level.
    ("mux_client_request_session: ", |rest| Some(mux_failed("mux_client_request_session: ", rest))),
    ("mux_client_hello_exchange: ", |rest| Some(mux_failed("mux_client_hello_exchange: ", rest))),
    ("stdio forwarding failed", |_| Some(Kind::ProxyTrouble { text: "stdio forwarding failed".into() })),
    ("channel 0: open failed: ", |rest| Some(Kind::ProxyTrouble { text: format!("open failed: {}", rest.trim()) })),
    ("Connection to ", session_closed),
    ("This account is currently not available", |_| {
        Some(Kind::AccountRefused { text: "This account is currently not available".into() })
    }),
    ("Your account has expired", |_| Some(Kind::AccountRefused { text: "Your account has expired".into() })),
    ("Welcome to ", remote_shell),
    ("Last login: ", |_| Some(Kind::RemoteShell)),
    ("Linux ", |rest| rest.contains(" SMP ").then_some(Kind::RemoteShell)),
    ("Cloning into ", |_| Some(Kind::Git { text: "Cloning into".into() })),
    ("fatal: Could not read from remote repository", |_| {
        Some(Kind::Git { text: "fatal: Could not read from remote repository".into() })
    }),
    ("Invalid session token", |_| Some(session_over())),
    ("Invalid or expired session token", |_| Some(session_over())),
    ("^C", |_| Some(Kind::Interrupted)),
    ("Memory fault", |_| Some(Kind::Crashed { text: "Memory fault".into() })),
    ("Segmentation fault", |_| Some(Kind::Crashed { text: "Segmentation fault".into() })),
    ("Abort trap", |_| Some(Kind::Crashed { text: "Abort trap".into() })),
    ("Bus error", |_| Some(Kind::Crashed { text: "Bus error".into() })),
];

/// The words of all rows that a plain line can fit.
#[cfg(test)]
pub(super) fn plain_wordings() -> impl Iterator<Item = &'static str> {
    let rows = PLAIN.iter().chain(BARE).map(|(words, _)| *words);
    rows.chain(WITHIN.iter().map(|(words, _)| *words))
}

/// Words that stand in the middle of a debug line, behind a file's name.
const HOST_BLOCK: &str = ": Applying options for ";

/// Words that stand in the middle of a plain line.
const WITHIN: &[(&str, ReadAround)] = &[
    (": Permission denied (", |before, after| denied(Some(before), after)),
    (": line ", config_line),
    (" line ", config_line),
    (": terminating, ", |before, after| {
        after
            .contains("bad configuration option")
            .then(|| Kind::ConfigError { text: format!("{}: terminating, {}", before.trim(), after.trim()) })
    }),
    ("'s password:", |before, _| Some(password_prompt(before))),
    ("REMOTE HOST IDENTIFICATION HAS CHANGED!", |_, _| Some(Kind::HostKeyWarned)),
    ("REVOKED HOST KEY DETECTED!", |_, _| Some(Kind::HostKeyRevoked)),
    (" host key for ", |_, after| host_key_changed(after)),
    ("You're using an RSA key with SHA-1, which is no longer allowed", |_, _| Some(Kind::NoMutualAlgorithm)),
];

/// Beginnings of plain lines that ssh, git or a git host's greeting always have, and that decide nothing.
const NOISE: &[&str] = &[
    "Transferred: sent ",
    "Bytes per second: sent ",
    "Pseudo-terminal will not be allocated",
    "PTY allocation request failed",
    "Warning: No xauth data",
    "Warning: the ",
    "** WARNING: connection is not using a post-quantum",
    "** This session may be vulnerable",
    "** The server may need to be upgraded",
    "@@@@@@@@",
    "@ ",
    "It is required that your private key files",
    "It is recommended that your private key files",
    "This private key will be ignored",
    "IT IS POSSIBLE THAT SOMEONE IS DOING SOMETHING NASTY",
    "Someone could be eavesdropping on you",
    "It is also possible that ",
    "The fingerprint for the ",
    "Please contact your system administrator",
    "Add correct host key in ",
    "Offending ",
    "remove with:",
    "ssh-keygen -f ",
    "Are you sure you want to continue connecting",
    "This key is not known by any other names",
    "This host key is known by the following other names",
    "Please make sure you have the correct access rights",
    "and the repository exists",
    "You can use git to connect to Bitbucket",
    "You can use git or hg to connect to Bitbucket",
    "If this is unexpected, please log in with password",
    "User presence confirmed",
    "Learned new hostkey: ",
    "Connection to ",
    "fatal: ",
    "remote: ",
    "```",
];

/// Whether a plain line is one that is always there and decides nothing. It counts as understood.
pub fn is_noise(text: &str) -> bool {
    NOISE.iter().any(|start| text.starts_with(start))
        || text.ends_with(" key fingerprint is")
        || text.contains(" key fingerprint is SHA256:")
}

/// How many bytes of a debug message decide whether it can be of interest.
const STEM: usize = 5;

/// Beginnings of all interesting messages, and a sieve over their stems that lets few others pass.
struct Stems {
    words: Vec<&'static [u8]>,
    sieve: Box<[u64; SIEVE / 64]>,
}

const SIEVE: usize = 1 << 14;

static STEMS: LazyLock<Stems> = LazyLock::new(|| {
    let rows = DEBUG.iter().chain(PLAIN).map(|(words, _)| words.as_bytes());
    let mut words: Vec<_> = rows.filter(|words| words.len() >= STEM).collect();
    words.sort_unstable();
    let mut sieve = Box::new([0; SIEVE / 64]);
    for words in &words {
        if let Some(stem) = words.first_chunk() {
            let hole = hole(*stem);
            sieve[hole / 64] |= 1 << (hole % 64);
        }
    }
    Stems { words, sieve }
});

/// A stem's place in the sieve (Fibonacci hashing).
fn hole(stem: [u8; STEM]) -> usize {
    let [a, b, c, d, e] = stem.map(u64::from);
    let number = a | b << 8 | c << 16 | d << 24 | e << 32;
    (number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 50) as usize
}

/// Whether a line, byte for byte, is a debug line that says nothing of interest. Most lines of a long log are.
///
/// A cheap test, made before a line is decoded: it may say `false` of a dull line, never `true` of another.
pub fn is_dull(line: &[u8]) -> bool {
    let [b'd', b'e', b'b', b'u', b'g', b'1'..=b'3', b':', b' ', message @ ..] = line else {
        return false;
    };
    // A longer line may hold several records.
    if message.len() > 200 && memchr::memmem::find(message, b"debug").is_some() {
        return false;
    }
    // The configuration's file names stand first.
    if matches!(message, [b'/' | b'~', ..] | [_, b':', ..]) {
        return memchr::memmem::find(message, HOST_BLOCK.as_bytes()).is_none();
    }
    let Some(stem) = message.first_chunk::<STEM>() else {
        return false;
    };
    let (stems, hole) = (&*STEMS, hole(*stem));
    if stems.sieve[hole / 64] >> (hole % 64) & 1 == 0 {
        return stem != b"debug" && message[0] != b' ';
    }
    let from = stems.words.partition_point(|words| &words[..STEM] < stem);
    let alike = stems.words[from..].iter().take_while(|words| words.starts_with(stem));
    !alike.into_iter().any(|words| message.starts_with(words)) && stem != b"debug" && message[0] != b' '
}

/// What a record of OpenSSH's client says, if anything of interest.
pub fn parse(text: &str) -> Option<Kind> {
    let level = text.strip_prefix("debug").and_then(|rest| {
        let rest = rest.strip_prefix(['1', '2', '3'])?;
        rest.strip_prefix(": ").or_else(|| rest.strip_prefix(':'))
    });
    let find = |rows: &[(&str, Read)], words: &str| {
        rows.iter().find_map(|(start, read)| words.strip_prefix(start).and_then(read))
    };
    match level {
        Some(words) => {
            // Some releases put the program's name and process before the words.
            let words = words.trim_start();
            find(DEBUG, words).or_else(|| find(PLAIN, words)).or_else(|| {
                words.split_once(HOST_BLOCK).map(|(_, pattern)| Kind::HostBlock { pattern: pattern.trim().to_owned() })
            })
        }
        None => {
            let words = text
                .strip_prefix("ssh: ")
                .filter(|rest| !rest.starts_with("connect") && !rest.starts_with("Could"))
                .unwrap_or(text);
            find(PLAIN, words).or_else(|| find(BARE, words)).or_else(|| cut_debug(words)).or_else(|| {
                WITHIN
                    .iter()
                    .find_map(|(middle, read)| words.split_once(middle).and_then(|(before, after)| read(before, after)))
            })
        }
    }
}

/// A debug line whose beginning was cut off by the paste.
fn cut_debug(text: &str) -> Option<Kind> {
    ["et_agent_identities: ", "t_agent_identities: "].iter().find_map(|start| text.strip_prefix(start)).and_then(agent)
}

fn first_word(text: &str) -> String {
    text.split_whitespace().next().unwrap_or_default().trim_end_matches([',', '.']).to_owned()
}

/// ssh's reason, without its full stop.
fn sentence(text: &str) -> String {
    text.trim().trim_end_matches('.').to_owned()
}

fn at_path(path: &str) -> Key {
    Key { path: Some(file_name(path)), ..Key::default() }
}

/// `9.6p1, OpenSSL …`, behind `OpenSSH_`.
fn version(rest: &str) -> Option<Kind> {
    let end = rest.find([',', '，', ' '])?;
    let digits = rest[..end].trim_start_matches("for_Windows_");
    digits
        .starts_with(|c: char| c.is_ascii_digit())
        .then(|| Kind::ClientVersion { version: format!("OpenSSH_{}", &rest[..end]) })
}

/// `HOST [ADDRESS] port PORT.`; some builds leave the address out.
fn connecting(rest: &str) -> Option<Kind> {
    let (peer, port) = rest.rsplit_once(" port ")?;
    let port = first_word(port).parse().ok();
    let (host, address) = match peer.split_once(" [") {
        Some((host, address)) => (host, Some(address.split(']').next()?.trim().to_owned())),
        None => (peer, None),
    };
    Some(Kind::Connecting { host: host.trim().to_owned(), address: address.filter(|text| !text.is_empty()), port })
}

fn address_failed(rest: &str) -> Option<Kind> {
    let (peer, reason) = rest.split_once(": ")?;
    let (address, port) = address_port(peer);
    Some(Kind::AddressFailed { address: address?, port, reason: sentence(reason) })
}

/// `ADDRESS port PORT`, with a full stop or a colon behind it; `UNKNOWN` is no address.
fn address_port(text: &str) -> (Option<String>, Option<u16>) {
    let text = text.trim();
    let (address, port) = text.split_once(" port ").map_or((text, None), |(address, port)| (address, Some(port)));
    let address = address.rsplit(' ').next().unwrap_or(address).trim_end_matches(['.', ':']);
    let digits: String = port.unwrap_or_default().chars().take_while(char::is_ascii_digit).collect();
    let known = !address.is_empty() && address != "UNKNOWN";
    (known.then(|| address.to_owned()), digits.parse().ok().filter(|_| known))
}

/// `HOST` or `[HOST]:PORT`, as known_hosts writes them.
fn host_port(text: &str) -> (Option<String>, Option<u16>) {
    let text = text.trim().trim_end_matches('.');
    let (host, port) = match text.strip_prefix('[').and_then(|rest| rest.split_once("]:")) {
        Some((host, port)) => (host, port.parse().ok()),
        None => (text, None),
    };
    ((!host.is_empty()).then(|| host.to_owned()), port)
}

fn proxy(command: &str) -> Kind {
    let program = command.trim_start_matches("exec ").split_whitespace().next().unwrap_or_default();
    let jump = program.rsplit(['/', '\\']).next().is_some_and(|name| name == "ssh" || name == "ssh.exe");
    Kind::Proxy { command: command.trim().to_owned(), jump }
}

fn identity_file(rest: &str) -> Option<Kind> {
    let (path, number) = rest.rsplit_once(" type ")?;
    Some(Kind::IdentityFile { path: file_name(path), loaded: !number.trim_start().starts_with('-') })
}

fn identity_loaded(rest: &str) -> Option<Kind> {
    let (path, key) = rest.split_once(": ")?;
    let mut words = key.split_whitespace();
    let kind = words.next().filter(|kind| is_type(kind))?.to_owned();
    let fingerprint = words.next().and_then(fingerprint_of);
    Some(Kind::IdentityLoaded { key: Key { kind: Some(kind), fingerprint, ..at_path(path) } })
}

fn no_such_identity(rest: &str, named: bool) -> Option<Kind> {
    let (path, reason) = rest.rsplit_once(": ").unwrap_or((rest, "No such file or directory"));
    Some(Kind::IdentityMissing { path: file_name(path), reason: sentence(reason), named })
}

fn load_failed(rest: &str, public: bool) -> Option<Kind> {
    let (path, reason) = rest.rsplit_once("\": ")?;
    Some(Kind::LoadKeyFailed { path: file_name(path), reason: sentence(reason), public })
}

/// `0644 for 'PATH' are too open.`; Windows names no mode.
fn too_open(rest: &str) -> Option<Kind> {
    let path = rest.split_once("for '")?.1.split_once("' are too open")?.0;
    Some(Kind::TooOpen { path: file_name(path) })
}

/// `HOST:PORT as 'USER'`
fn authenticating(rest: &str) -> Option<Kind> {
    let (peer, user) = rest.rsplit_once(" as '")?;
    let (host, port) = peer.rsplit_once(':')?;
    Some(Kind::Authenticating {
        host: host.trim().to_owned(),
        port: port.trim().parse().ok(),
        user: user.trim_end_matches(['\'', '.']).to_owned(),
    })
}

fn host_key(rest: &str) -> Option<Kind> {
    let mut words = rest.split_whitespace();
    let kind = words.next()?.to_owned();
    Some(Kind::HostKey { kind, fingerprint: words.next().and_then(fingerprint_of) })
}

fn sig_algs(rest: &str) -> Option<Kind> {
    Some(Kind::ServerSigAlgs { list: rest.trim().trim_matches(['<', '>']).to_owned() })
}

fn agent(rest: &str) -> Option<Kind> {
    if rest.contains("agent contains no identities") {
        return Some(Kind::AgentEmpty);
    }
    if let Some(count) = rest.strip_prefix("agent returned ") {
        return Some(Kind::AgentCount { count: first_word(count).parse().ok()? });
    }
    rest.strip_prefix("ssh_get_authentication_socket: ")
        .or_else(|| rest.strip_prefix("ssh_fetch_identitylist: "))
        .and_then(agent_error)
}

fn agent_error(rest: &str) -> Option<Kind> {
    if rest.contains("agent contains no identities") {
        return Some(Kind::AgentEmpty);
    }
    Some(Kind::AgentFailed { reason: sentence(rest) })
}

/// What `pubkey_prepare` leaves out.
fn ignored(rest: &str) -> Option<Kind> {
    if let Some(rest) = rest.strip_prefix("authenticator-hosted key ") {
        return ignored_authenticator(rest);
    }
    let (name, reason) = rest.rsplit_once(": ")?;
    let name = name.trim_start_matches("agent ").trim_end_matches(" key").trim();
    let mut key = Key::default();
    name_key(&mut key, name, true);
    Some(Kind::Skipped { key, reason: sentence(reason) })
}

fn ignored_authenticator(rest: &str) -> Option<Kind> {
    let (path, _) = rest.split_once(" as no SecurityKeyProvider")?;
    Some(Kind::SecurityKeyTrouble {
        path: Some(file_name(path)),
        reason: "no SecurityKeyProvider has been specified".into(),
    })
}

/// `PATH (0x5581…)[, explicit][, agent]` or `PATH (0x…), explicit`; `(nil)` or `(0x0)`: no public half.
fn planned_old(rest: &str) -> Option<Kind> {
    let open = rest.rfind(" (")?;
    let marks = rest[open..].split_once(')')?.1;
    let mut key = Key::default();
    let agent = marks.contains("agent");
    key.agent = Some(agent);
    name_key(&mut key, &rest[..open], agent && !marks.contains("explicit"));
    Some(Kind::Planned { key, explicit: marks.contains("explicit"), token: false })
}

fn methods(list: &str) -> Vec<String> {
    list.split([',', ' ', ')'])
        .map(|method| method.trim_end_matches(['.', '`', '\'', '"']).trim())
        .take_while(|method| {
            !method.is_empty() && method.chars().all(|c| c.is_ascii_alphanumeric() || "-@._".contains(c))
        })
        .map(str::to_owned)
        .collect()
}

fn offering(kind: Option<&str>, rest: &str) -> Kind {
    if let Some(kind) = kind {
        // 5.6 to 7.5: the type stands before, and nothing stands behind the name.
        let mut key = Key { kind: Some(kind.to_owned()), ..Key::default() };
        name_key(&mut key, rest, false);
        return Kind::Offering { key, explicit: false, token: false };
    }
    let named = keys::named(rest);
    Kind::Offering { key: named.key, explicit: named.explicit, token: named.token }
}

/// `pkalg ssh-rsa blen 279` (up to 7.8), or a key as in an offer.
fn server_accepts(rest: &str) -> Option<Kind> {
    let rest = rest.trim();
    if rest.is_empty() || rest.starts_with("pkalg") || rest.starts_with("pkblob") {
        return Some(Kind::ServerAccepts { key: None });
    }
    Some(Kind::ServerAccepts { key: Some(keys::named(rest).key) })
}

/// All that `sign_and_send_pubkey` says (sshconnect2.c).
fn signing(rest: &str) -> Option<Kind> {
    if rest.starts_with("no mutual signature supported") {
        return Some(Kind::NoMutualAlgorithm);
    }
    if let Some(trouble) = rest.strip_prefix("signing failed") {
        let (of, reason) = trouble.rsplit_once(": ").unwrap_or((trouble, ""));
        let mut key = Key::default();
        if let Some((kind, rest)) = of.trim_start_matches(" for ").split_once(" \"") {
            key.kind = is_type(kind).then(|| kind.to_owned());
            let (name, from) = rest.rsplit_once('"').unwrap_or((rest, ""));
            key.agent = Some(from.contains("from agent"));
            name_key(&mut key, name, from.contains("from agent"));
        }
        let reason = sentence(reason);
        return Some(if reason == "agent refused operation" {
            Kind::AgentRefused { key }
        } else {
            Kind::SigningFailed { key, reason }
        });
    }
    let rest =
        rest.strip_prefix("using ").and_then(|rest| rest.split_once(" with ").map(|(_, key)| key)).unwrap_or(rest);
    let (kind, print) = rest.split_once(' ')?;
    let print = first_word(print);
    (is_type(kind) && is_fingerprint(&print)).then(|| Kind::Signing { kind: Some(kind.to_owned()), fingerprint: print })
}

/// `'/path': ` or `RSA key '/path': `
fn passphrase_prompt(rest: &str) -> Option<Kind> {
    let rest = rest.split_once('\'').filter(|(before, _)| before.ends_with("key ")).map_or(rest, |(_, rest)| rest);
    let path = rest.rsplit_once("':").map(|(path, _)| path).or_else(|| rest.strip_suffix('\''))?;
    // Prompts are printed as they are, without escapes.
    Some(Kind::PassphrasePrompt { path: path.to_owned() })
}

fn provider_trouble(rest: &str) -> Option<Kind> {
    if rest.contains("is not an OpenSSH FIDO library") {
        return Some(Kind::SecurityKeyTrouble { path: None, reason: format!("provider {}", rest.trim()) });
    }
    (rest.contains(" returned no keys") || rest.contains(" returned no slots"))
        .then(|| Kind::TokenTrouble { reason: format!("provider {}", rest.trim()) })
}

/// `KEYTYPE key PATH - corresponding algorithm not in …`
fn skipping(rest: &str) -> Option<Kind> {
    let (kind, rest) = rest.split_once(" key ")?;
    let (path, reason) =
        rest.rsplit_once(" - ").or_else(|| rest.rsplit_once(" for ")).or_else(|| rest.rsplit_once(": "))?;
    let family = match kind {
        "ssh-rsa" => Some("RSA"),
        "ssh-dss" => Some("DSA"),
        "ssh-ed25519" => Some("ED25519"),
        kind if kind.starts_with("ecdsa-") => Some("ECDSA"),
        _ => None,
    };
    let mut key = Key { kind: family.map(str::to_owned), ..Key::default() };
    name_key(&mut key, path, true);
    Some(Kind::Skipped { key, reason: sentence(reason) })
}

/// `HOST ([ADDRESS]:PORT).`, `HOST (via proxy) using "publickey".`
fn authenticated_to(rest: &str) -> Option<Kind> {
    let (host, rest) = rest.split_once(" (")?;
    let (peer, rest) = rest.split_once(')')?;
    let (address, port) = peer.rsplit_once(':').map_or((None, None), |(address, port)| {
        let address = address.trim_matches(['[', ']']);
        let known = !address.is_empty() && address != "UNKNOWN";
        (known.then(|| address.trim().to_owned()), port.parse().ok())
    });
    let method = rest.split_once("using \"").and_then(|(_, rest)| rest.split('"').next()).map(str::to_owned);
    Some(Kind::AuthenticatedTo { host: host.trim().to_owned(), address, port, method })
}

/// `publickey,password).`, behind `[USER@HOST: ]Permission denied (`.
fn denied(who: Option<&str>, rest: &str) -> Option<Kind> {
    let list = rest.split_once(')')?.0;
    let list = methods(list);
    if list.is_empty() {
        return None;
    }
    let (user, host) = match who.map(|who| who.split_whitespace().last().unwrap_or(who)) {
        Some(who) => {
            let (user, host) = who.rsplit_once('@')?;
            (Some(user.to_owned()), Some(host.to_owned()))
        }
        None => (None, None),
    };
    Some(Kind::Denied { user, host, methods: list })
}

/// `ADDRESS port PORT:CODE: TEXT` or `ADDRESS: CODE: TEXT`
fn disconnected(rest: &str) -> Option<Kind> {
    let (peer, text) = rest.split_once(':')?;
    let (address, port) = address_port(peer);
    let text = text.trim_start();
    let text = text
        .split_once(':')
        .filter(|(code, _)| code.bytes().all(|byte| byte.is_ascii_digit()))
        .map_or(text, |(_, text)| text);
    Some(Kind::Disconnected { address, port, text: sentence(text) })
}

fn closed(rest: &str, reset: bool) -> Kind {
    let proxied = rest.contains("UNKNOWN");
    let (address, port) = address_port(rest);
    Kind::Closed { address: address.filter(|address| address != "remote"), port, reset, proxied }
}

/// What follows `kex_exchange_identification: `.
fn identification(rest: &str) -> Kind {
    match rest.strip_prefix("banner line ").and_then(|rest| rest.split_once(": ")) {
        Some((_, said)) => Kind::PeerSaid { text: said.trim().to_owned() },
        None => Kind::IdentificationFailed { text: sentence(rest) },
    }
}

/// `Connection to ADDRESS port PORT: REASON`, in whichever function it happened.
fn broken_transport(rest: &str) -> Option<Kind> {
    let (peer, reason) = rest.strip_prefix("Connection to ")?.rsplit_once(": ")?;
    let (address, port) = address_port(peer);
    Some(Kind::ConnectionFailed { address, port, reason: sentence(reason) })
}

fn no_common(what: &str, offer: Option<String>) -> Kind {
    Kind::NoCommonAlgorithm { what: what.to_owned(), offer, address: None, port: None }
}

/// `no matching WHAT found[. Their offer: LIST]` or, up to 6.7, `no matching cipher found: client A server B`.
fn no_matching(text: &str) -> Option<Kind> {
    let (what, rest) = text.strip_prefix("no matching ")?.split_once(" found")?;
    let offer = rest
        .split_once("Their offer: ")
        .or_else(|| rest.split_once(" server "))
        .map(|(_, offer)| offer.trim().to_owned());
    Some(no_common(what, offer))
}

fn connect_failed(rest: &str) -> Option<Kind> {
    let (peer, reason) = rest.split_once(": ").unwrap_or((rest, ""));
    let (host, port) = peer.rsplit_once(" port ")?;
    Some(Kind::ConnectFailed {
        host: Some(host.trim().to_owned()),
        port: first_word(port).parse().ok(),
        reason: sentence(reason),
    })
}

fn resolve_failed(rest: &str) -> Option<Kind> {
    let rest = rest.strip_prefix("hostname ").unwrap_or(rest);
    let (host, reason) = rest.split_once(": ").unwrap_or((rest, ""));
    Some(Kind::ResolveFailed { host: host.trim().trim_matches(['"', '\'']).to_owned(), reason: sentence(reason) })
}

/// `HOST (ADDRESS)' can't be established.`
fn host_question(rest: &str) -> Option<Kind> {
    let (peer, _) = rest.split_once("' can't be established")?;
    let (host, address) =
        peer.split_once(" (").map_or((peer, None), |(host, address)| (host, Some(address.trim_end_matches(')'))));
    let (host, port) = host_port(host);
    let address = address.filter(|text| !text.starts_with('<')).and_then(|text| host_port(text).0);
    Some(Kind::HostKeyUnknown { host, address, port, strict: false })
}

/// `HOST has changed and you have requested strict checking.`
fn host_key_changed(rest: &str) -> Option<Kind> {
    let host = rest.split_once(" has changed and you have requested strict checking")?.0;
    Some(Kind::HostKeyChanged { host: host_port(host).0 })
}

/// `'HOST[,ADDRESS]' (TYPE) to the list of known hosts.`
fn host_added(rest: &str) -> Option<Kind> {
    let names = rest.split_once('\'')?.1.split_once('\'')?.0;
    let (first, second) = names.split_once(',').map_or((names, None), |(first, second)| (first, Some(second)));
    let (host, port) = host_port(first);
    if rest.contains("for IP address") {
        return Some(Kind::HostKeyAdded { host: None, address: host, port });
    }
    Some(Kind::HostKeyAdded { host, address: second.and_then(|text| host_port(text).0), port })
}

fn mux_failed(function: &str, rest: &str) -> Kind {
    Kind::MultiplexFailed { text: format!("{function}{}", rest.trim()) }
}

fn config_error(start: &str, rest: &str) -> Kind {
    Kind::ConfigError { text: format!("{start}{}", rest.trim()) }
}

/// `FILE: line N: Bad configuration option: x` or `FILE line N: TROUBLE`
fn config_line(before: &str, after: &str) -> Option<Kind> {
    const TROUBLES: &[&str] = &[
        "Bad ",
        "bad ",
        "Missing ",
        "missing ",
        "no argument after",
        "unsupported option",
        "keyword ",
        "extra arguments",
        "garbage at end",
        "Invalid ",
        "invalid ",
        "Could not ",
        "illegal ",
        "argument is",
        "Unknown ",
        "unknown ",
    ];
    let (number, trouble) = after.split_once(": ")?;
    // `Unsupported option` and `Deprecated option` are warnings (readconf.c).
    let is_file = before.contains(['/', '\\']) || before.ends_with("config") || before == "command-line";
    let told = TROUBLES.iter().any(|start| trouble.starts_with(start));
    (is_file && told && number.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| Kind::ConfigError { text: format!("{} line {number}: {}", before.trim(), trouble.trim()) })
}

fn password_prompt(before: &str) -> Kind {
    let who = before.split_whitespace().last().unwrap_or(before).trim_start_matches('(').trim_end_matches(')');
    let (user, host) =
        who.rsplit_once('@').map_or((None, None), |(user, host)| (Some(user.to_owned()), Some(host.to_owned())));
    Kind::PasswordPrompt { user, host }
}

/// `HOST closed.`, `HOST closed by remote host.`, `ADDRESS port N timed out`
fn session_closed(rest: &str) -> Option<Kind> {
    if let Some(peer) = rest.strip_suffix(" timed out") {
        let (address, port) = address_port(peer);
        return Some(Kind::ConnectionFailed { address, port, reason: "timed out".into() });
    }
    let host = rest.split_once(" closed").filter(|(_, end)| matches!(end.trim(), "." | "by remote host." | ""))?.0;
    Some(Kind::SessionClosed { host: host.trim().to_owned() })
}

fn remote_shell(rest: &str) -> Option<Kind> {
    ["Ubuntu", "Debian", "openSUSE", "Alpine", "Amazon Linux", "CentOS"]
        .iter()
        .any(|name| rest.starts_with(name))
        .then_some(Kind::RemoteShell)
}

fn session_over() -> Kind {
    Kind::AccountRefused { text: "Invalid or expired session token".into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stems_are_long_enough() {
        for (words, _) in DEBUG {
            assert!(words.len() >= STEM, "{words:?} is shorter than a stem");
        }
    }

    #[test]
    fn interesting_lines_are_not_dull() {
        for (words, _) in DEBUG.iter().chain(PLAIN) {
            assert!(!is_dull(format!("debug1: {words}").as_bytes()), "{words:?}");
        }
        assert!(is_dull(b"debug2: channel 0: window 2064384 sent adjust 32768"));
        assert!(is_dull(b"debug3: receive packet: type 94"));
    }

    fn read(line: &str) -> Kind {
        parse(line).unwrap_or_else(|| panic!("nothing read in {line}"))
    }

    #[test]
    fn endings() {
        assert!(matches!(read("git@github.com: Permission denied (publickey)."),
            Kind::Denied { user: Some(user), host: Some(host), methods } if user == "git" && host == "github.com" && methods == ["publickey"]));
        assert!(matches!(read("Received disconnect from 192.0.2.1 port 22:2: Too many authentication failures"),
            Kind::Disconnected { address: Some(address), port: Some(22), text } if address == "192.0.2.1" && text == "Too many authentication failures"));
        assert!(
            matches!(read("Received disconnect from 192.0.2.1: 11: "), Kind::Disconnected { text, .. } if text.is_empty())
        );
        assert!(matches!(
            read("Connection closed by UNKNOWN port 65535"),
            Kind::Closed { address: None, proxied: true, .. }
        ));
        assert!(matches!(read("Connection to 192.0.2.1 port 22 timed out"), Kind::ConnectionFailed { .. }));
        assert!(matches!(read("Connection to box closed."), Kind::SessionClosed { .. }));
    }

    #[test]
    fn success_in_each_release() {
        assert!(matches!(read("Authenticated to github.com ([140.82.112.4]:22) using \"publickey\"."),
            Kind::AuthenticatedTo { method: Some(method), port: Some(22), .. } if method == "publickey"));
        assert!(matches!(
            read("Authenticated to inner (via proxy)."),
            Kind::AuthenticatedTo { method: None, address: None, .. }
        ));
        assert!(matches!(read("debug1: Authentication succeeded (publickey)."), Kind::Succeeded { .. }));
    }

    #[test]
    fn signing_failures() {
        assert!(matches!(
            read("sign_and_send_pubkey: signing failed: agent refused operation"),
            Kind::AgentRefused { .. }
        ));
        assert!(
            matches!(read("sign_and_send_pubkey: signing failed for ED25519-SK \"/home/dev/.ssh/id_sk\": device not found"),
            Kind::SigningFailed { key: Key { kind: Some(kind), .. }, reason } if kind == "ED25519-SK" && reason == "device not found")
        );
        assert!(matches!(
            read(
                "debug3: sign_and_send_pubkey: using publickey with RSA SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s"
            ),
            Kind::Signing { .. }
        ));
    }

    #[test]
    fn configuration_troubles_and_warnings() {
        assert!(matches!(
            read("/home/dev/.ssh/config: line 3: Bad configuration option: usekeychain"),
            Kind::ConfigError { .. }
        ));
        assert!(matches!(
            read("/home/dev/.ssh/config line 3: no argument after keyword \"identityfile\""),
            Kind::ConfigError { .. }
        ));
        assert!(parse("/home/dev/.ssh/config line 7: Unsupported option \"rsaauthentication\"").is_none());
        assert!(
            matches!(read("debug1: /etc/ssh/ssh_config line 21: Applying options for *"), Kind::HostBlock { pattern } if pattern == "*")
        );
    }
}
