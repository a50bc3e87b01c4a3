//! ssh2 for Node.js, and what speaks through it: its `debug` lines (1.x, and 0.8 with `DEBUG: ` before them), and its errors.

use super::table::{Dialect, Head, Row, any, bare, from, holds, shows, within};
use super::words::{between, is_key_file, may_be_ssh, methods};
use crate::model::client::{no, partly, yes};
use crate::model::{Author, Capability, Client, Key, Kind, Side};
use crate::provider;

pub(super) static SSH2_JS: Dialect = Dialect {
    author: Author { id: "ssh2-js", name: "Node's ssh2", side: Side::Client, read: true, tells_offers: true },
    client: Some(&CLIENT),
    rows: &[LINE, LOGIN, ERRORS, OUTPUT, SYSTEM],
    marks: &[
        holds("node_modules/ssh2/", "    at doNextAuth (/app/node_modules/ssh2/lib/client.js:865:14)"),
        holds("node_modules\\ssh2\\", "    at doNextAuth (C:\\app\\node_modules\\ssh2\\lib\\client.js:865:14)"),
        holds(
            "node_modules/ssh2-sftp-client/",
            "    at fmtError (/app/node_modules/ssh2-sftp-client/src/utils.js:53:18)",
        ),
        holds("node_modules/node-ssh/", "    at NodeSSH.connect (/app/node_modules/node-ssh/lib/cjs/index.js:138:19)"),
        // What it says of each of its errors: where it arose.
        holds("level: 'client-", "  level: 'client-authentication'"),
    ],
    noise: &[
        "Handshake: ",
        "Handshake completed",
        "Outbound: Sending ",
        "Inbound: ",
        "Socket ",
        "Host accepted ",
        "Verifying signature ",
        "Verified signature",
        "Custom crypto binding ",
        "Received DH Reply",
        "Client: ",
        "Agent: ",
        "Parser: ",
        "Outgoing: ",
        "at ",
    ],
    noise_within: &[],
    levels: &[],
    twice: false,
    head,
};

/// What 0.8 puts before each line.
const DEBUG: &str = "DEBUG: ";

fn head(line: &str) -> Head<'_> {
    Head::bare(untimed(line.strip_prefix(DEBUG).unwrap_or(line)))
}

/// Without how long it was since the last line, which the package `debug` puts behind each: ` +5ms`, ` +2s`.
fn untimed(line: &str) -> &str {
    let Some((words, time)) = line.trim_end().rsplit_once(" +") else { return line };
    let unit = time.trim_start_matches(|c: char| c.is_ascii_digit());
    let timed = unit.len() < time.len() && matches!(unit, "ms" | "s" | "m" | "h" | "d");
    if timed { words } else { line }
}

/// From the first line to the key exchange.
const LINE: &[Row] = &[
    // Its server begins in the same way, so this does not tell who speaks.
    any("Local ident: '", "Local ident: 'SSH-2.0-ssh2js1.17.0'", |rest| {
        Some(Kind::ClientSoftware { version: identification(rest)?.to_owned() })
    }),
    any("Remote ident: '", "Remote ident: 'SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u10'", |rest| {
        Some(Kind::RemoteSoftware { software: identification(rest)?.to_owned() })
    }),
    any("Client: Trying ", "Client: Trying box.example on port 2222 ...", |rest| {
        let (host, port) = rest.trim_end_matches([' ', '.']).rsplit_once(" on port ")?;
        Some(Kind::Connecting { host: Some(host.to_owned()), address: None, port: port.parse().ok() })
    })
    .signs(),
    shows("Debug output from server: ", "Debug output from server: \"/home/dev/authorized_keys:1: key options: pty\""),
    any("Socket connected", "Socket connected", |rest| rest.is_empty().then_some(Kind::Established)),
    // 0.8
    any("Client: Connected", "DEBUG: Client: Connected", |_| Some(Kind::Established)).signs(),
    within("Handshake failed: no matching ", "Error: Handshake failed: no matching C->S cipher", |_, what| {
        Some(Kind::NoCommonAlgorithm { what: common(what), offer: None, address: None, port: None })
    })
    .signs(),
    // The program's own check of the host key (`hostVerifier`) said no.
    within("Host denied ", "Error: Host denied (verification failed)", |_, _| Some(Kind::HostKeyFailed)).signs(),
    within(
        "host fingerprint verification failed",
        "Error: Handshake failed: host fingerprint verification failed",
        |_, _| Some(Kind::HostKeyFailed),
    )
    .signs(),
];

/// From the first request to the login.
const LOGIN: &[Row] = &[
    any("Inbound: Received SERVICE_ACCEPT", "Inbound: Received SERVICE_ACCEPT (ssh-userauth)", |_| {
        Some(Kind::ServiceAccepted)
    })
    .signs(),
    any("Outbound: Sending USERAUTH_REQUEST (", "Outbound: Sending USERAUTH_REQUEST (publickey -- check)", request)
        .signs(),
    any(
        "Outgoing: Writing USERAUTH_REQUEST (",
        "DEBUG: Outgoing: Writing USERAUTH_REQUEST (publickey -- check)",
        request,
    )
    .signs(),
    // The request follows, and names nothing.
    any("Agent: Trying key #", "Agent: Trying key #1", |_| {
        let key = Key { agent: Some(true), ..Key::default() };
        Some(Kind::Offering { key, explicit: false, token: false })
    })
    .signs(),
    any("Agent: No keys stored in agent", "DEBUG: Agent: No keys stored in agent", |_| Some(Kind::AgentEmpty)).signs(),
    // Also of an agent that holds none.
    any("Agent: No more keys left to try", "Agent: No more keys left to try", |_| Some(Kind::AgentEmpty)).signs(),
    any("Inbound: Received USERAUTH_PK_OK", "Inbound: Received USERAUTH_PK_OK", |_| {
        Some(Kind::ServerAccepts { key: None })
    })
    .signs(),
    any("Inbound: Received USERAUTH_FAILURE (", "Inbound: Received USERAUTH_FAILURE (publickey)", |rest| {
        Some(Kind::Methods { list: methods(rest) })
    })
    .signs(),
    any("Inbound: Received USERAUTH_SUCCESS", "Inbound: Received USERAUTH_SUCCESS", |_| Some(Kind::SessionOpened))
        .signs(),
    any(
        "Parser: IN_PACKETDATAAFTER, packet: ",
        "DEBUG: Parser: IN_PACKETDATAAFTER, packet: USERAUTH_FAILURE",
        |packet| match packet.trim_end() {
            "SERVICE_ACCEPT" => Some(Kind::ServiceAccepted),
            "USERAUTH_PK_OK" => Some(Kind::ServerAccepts { key: None }),
            // 0.8 keeps the server's list to itself.
            "USERAUTH_FAILURE" => Some(Kind::Methods { list: Vec::new() }),
            "USERAUTH_SUCCESS" => Some(Kind::SessionOpened),
            _ => None,
        },
    )
    .signs(),
    any(
        "Inbound: Received DISCONNECT (",
        "Inbound: Received DISCONNECT (2, \"Too many authentication failures\")",
        |rest| {
            let text = between(rest, "\"", "\")").unwrap_or_default().to_owned();
            Some(Kind::Disconnected { address: None, port: None, text })
        },
    )
    .signs(),
    within(
        "Skipping key authentication (no mutual hash algorithm)",
        "Skipping key authentication (no mutual hash algorithm)",
        |_, _| Some(Kind::NoMutualAlgorithm),
    )
    .signs(),
];

/// What it throws, or hands to the program, which prints it in its own way.
const ERRORS: &[Row] = &[
    within(
        "All configured authentication methods failed",
        "Error: All configured authentication methods failed",
        |_, _| Some(Kind::Denied { user: None, host: None, methods: Vec::new() }),
    )
    .signs(),
    within(
        "Cannot parse privateKey: ",
        "Error: Cannot parse privateKey: Encrypted private OpenSSH key detected, but no passphrase given",
        |_, reason| {
            // The line of the source, which Node shows above the error.
            if reason.starts_with(['$', '\'']) {
                return None;
            }
            if reason.contains("no passphrase given") || reason.contains("bad passphrase") {
                return Some(Kind::PassphraseRefused);
            }
            Some(Kind::LoadKeyFailed { path: String::new(), reason: reason.trim_end().to_owned(), public: false })
        },
    )
    .signs()
    .ends(),
    within(
        "privateKey value does not contain a (valid) private key",
        "Error: privateKey value does not contain a (valid) private key",
        |_, _| {
            let reason = "it holds no private key".to_owned();
            Some(Kind::LoadKeyFailed { path: String::new(), reason, public: false })
        },
    )
    .signs()
    .ends(),
    within("Failed to connect to agent", "Error: Failed to connect to agent", |_, _| {
        Some(Kind::AgentFailed { reason: "no connection to its socket".into() })
    })
    .signs(),
    within("Failed to retrieve identities from agent", "Error: Failed to retrieve identities from agent", |_, _| {
        Some(Kind::AgentFailed { reason: "it did not list its keys".into() })
    })
    .signs(),
    within("Agent responded with failure", "Error: Agent responded with failure", |_, _| {
        Some(Kind::AgentRefused { key: Key { agent: Some(true), ..Key::default() } })
    })
    .signs(),
    within("Failed to sign data with agent", "Error: Failed to sign data with agent", |_, _| {
        Some(Kind::AgentRefused { key: Key { agent: Some(true), ..Key::default() } })
    })
    .signs(),
    within("Timed out while waiting for handshake", "Error: Timed out while waiting for handshake", |_, _| {
        Some(Kind::ConnectionFailed { address: None, port: None, reason: "the handshake timed out".into() })
    })
    .signs(),
    within("Connection lost before handshake", "Error: Connection lost before handshake", |_, _| closed(false)).signs(),
    // node-ssh, which does not say which file. Up to 11 one option held a path or the key itself.
    within(
        "config.privateKeyPath does not exist at given fs path",
        "AssertionError [ERR_ASSERTION]: config.privateKeyPath does not exist at given fs path",
        |_, _| no_file("privateKeyPath names no file"),
    )
    .signs()
    .ends(),
    within(
        "config.privateKey does not exist at given fs path",
        "AssertionError [ERR_ASSERTION]: config.privateKey does not exist at given fs path",
        |_, _| no_file("privateKey is neither a key nor the name of a file"),
    )
    .signs()
    .ends(),
    within("SSHError: No response from server", "SSHError: No response from server", |_, _| closed(false)).signs(),
    // ssh2-sftp-client's own words for what the system said.
    within("Remote host refused connection", "Error: connect: Remote host refused connection", |_, _| {
        Some(Kind::ConnectFailed { host: None, port: None, reason: "Connection refused".into() })
    })
    .signs(),
    within(
        "client-socket error. Remote host at ",
        "Error: connect: client-socket error. Remote host at 192.0.2.1 refused connection after 1 attempt",
        |_, rest| {
            let host = Some(rest.split_once(" refused connection")?.0.to_owned());
            Some(Kind::ConnectFailed { host, port: None, reason: "Connection refused".into() })
        },
    )
    .signs(),
    // What Node prints last of an error that nobody caught.
    bare("Node.js v", "Node.js v20.20.2", |_| Some(Kind::ClientEnded)).common(),
    bare("Emitted 'error' event on ", "Emitted 'error' event on Client instance at:", |_| Some(Kind::ClientEnded))
        .common(),
    // The server's words, where the program prints no more.
    within("Error: Too many authentication failures", "Error: Too many authentication failures", |_, _| {
        let text = "Too many authentication failures".to_owned();
        Some(Kind::Disconnected { address: None, port: None, text })
    }),
];

/// What came back from the command, as the library's own example prints it.
const OUTPUT: &[Row] = &[any("STDOUT: ", "STDOUT: Welcome to GitLab, @octocat!", |rest| {
    provider::greeting(rest).map(Kind::Greeting).or_else(|| provider::refusal(rest))
})];

/// What Node says of files, names and sockets. Any program that it runs says the same.
const SYSTEM: &[Row] = &[
    within("connect ECONNREFUSED ", "Error: connect ECONNREFUSED 192.0.2.1:22", |_, rest| {
        failed(rest, "Connection refused")
    }),
    within("connect ETIMEDOUT ", "Error: connect ETIMEDOUT 192.0.2.1:22", |_, rest| {
        failed(rest, "Connection timed out")
    }),
    within("connect EHOSTUNREACH ", "Error: connect EHOSTUNREACH 192.0.2.1:22 - Local (0.0.0.0:0)", |_, rest| {
        failed(rest, "No route to host")
    }),
    within("connect ENETUNREACH ", "Error: connect ENETUNREACH 192.0.2.1:22 - Local (0.0.0.0:0)", |_, rest| {
        failed(rest, "Network is unreachable")
    }),
    within("getaddrinfo ENOTFOUND ", "Error: getaddrinfo ENOTFOUND box.example", |_, rest| {
        unresolved(rest, "Name or service not known")
    }),
    within("getaddrinfo EAI_AGAIN ", "Error: getaddrinfo EAI_AGAIN box.example", |_, rest| {
        unresolved(rest, "Temporary failure in name resolution")
    }),
    // The agent's socket.
    within("connect ENOENT /", "Error: connect ENOENT /tmp/ssh-x/agent.1", |_, _| {
        Some(Kind::AgentFailed { reason: "No such file or directory".into() })
    }),
    within("connect ECONNREFUSED /", "Error: connect ECONNREFUSED /tmp/ssh-x/agent.1", |_, _| {
        Some(Kind::AgentFailed { reason: "Connection refused".into() })
    }),
    within("read ECONNRESET", "Error: read ECONNRESET", |_, _| closed(true)),
    within("write ECONNRESET", "Error: write ECONNRESET", |_, _| closed(true)),
    within("write EPIPE", "Error: write EPIPE", |_, _| closed(false)),
    from(
        "ENOENT: no such file or directory, open '",
        "Error: ENOENT: no such file or directory, open '/home/dev/.ssh/id_deploy'",
        |_, line| missing(line, "No such file or directory"),
    )
    .ends(),
    from(
        "EACCES: permission denied, open '",
        "Error: EACCES: permission denied, open '/home/dev/.ssh/id_deploy'",
        |_, line| missing(line, "Permission denied"),
    )
    .ends(),
];

/// `SSH-2.0-ssh2js1.17.0'`: what stands before the closing quote.
fn identification(rest: &str) -> Option<&str> {
    rest.trim_end().strip_suffix('\'').unwrap_or(rest).strip_prefix("SSH-2.0-")
}

/// The method of a request. The signature that follows a query is none of its own.
fn request(rest: &str) -> Option<Kind> {
    match rest.split(')').next()? {
        "publickey -- check" => Some(Kind::Offering { key: Key::default(), explicit: false, token: false }),
        "publickey" => None,
        method => Some(Kind::NextMethod { method: method.to_owned() }),
    }
}

/// What there is none of in common, in the words that OpenSSH has for it.
fn common(what: &str) -> String {
    let what = what.trim_end();
    match what {
        "key exchange algorithm" => "key exchange method",
        "host key format" => "host key type",
        _ => what.rsplit(' ').next().unwrap_or(what),
    }
    .to_owned()
}

fn no_file(reason: &str) -> Option<Kind> {
    Some(Kind::IdentityMissing { path: String::new(), reason: reason.to_owned(), named: true })
}

fn closed(reset: bool) -> Option<Kind> {
    Some(Kind::Closed { address: None, port: None, reset, proxied: false })
}

/// `192.0.2.1:22`, and which end is meant.
fn failed(rest: &str, reason: &str) -> Option<Kind> {
    let place = rest.split([' ', ')', '\'', '"']).next()?.trim_end_matches(['.', ',']);
    let (host, port) = place.rsplit_once(':')?;
    let port = Some(port.parse().ok().filter(|port| may_be_ssh(*port))?);
    Some(Kind::ConnectFailed { host: Some(host.to_owned()), port, reason: reason.to_owned() })
}

fn unresolved(rest: &str, reason: &str) -> Option<Kind> {
    let host = rest.split(|c: char| !c.is_alphanumeric() && !".-_".contains(c)).next()?;
    let host = host.trim_end_matches('.').to_owned();
    (!host.is_empty()).then(|| Kind::ResolveFailed { host, reason: reason.to_owned() })
}

/// A file that could not be opened, if it looks like a key's.
fn missing(line: &str, reason: &str) -> Option<Kind> {
    let path = between(line, "open '", "'")?;
    is_key_file(path).then(|| Kind::IdentityMissing { path: path.to_owned(), reason: reason.to_owned(), named: true })
}

/// Runs of 1.17.0 (node 20) against OpenSSH 9.2.
const SEEN: &str = "seen with ssh2 1.17.0";
const README: &str = "https://github.com/mscdex/ssh2#client-methods";

const CLIENT: Client = Client {
    versions: "ssh2 0.8.9 and 1.17.0",
    also: &["ssh2-sftp-client", "node-ssh"],
    answers: &[
        no(Capability::Config, "reads no ~/.ssh/config: an alias there is an unknown name to it", SEEN),
        no(
            Capability::KnownHosts,
            "reads no known_hosts, and takes any host key unless the program gives it a hostVerifier",
            SEEN,
        ),
        no(Capability::HashedHosts, "reads no known_hosts", SEEN),
        no(Capability::HostAuthority, "reads no known_hosts", SEEN),
        partly(Capability::Agent, "asks an agent only if it is given one: agent: process.env.SSH_AUTH_SOCK", SEEN),
        no(Capability::DefaultFiles, "tries no default files", SEEN),
        yes(
            Capability::Order,
            "tries the password first, then privateKey, then the agent's keys; 0.8 takes those from the last to the first",
            SEEN,
        ),
        yes(Capability::OpenSshFormat, "reads keys in OpenSSH's format, also with Windows line ends", SEEN),
        partly(Capability::Pem, "reads PKCS#1 and SEC1, and no PKCS#8", SEEN),
        partly(Capability::Ppk, "reads RSA keys of PPK version 2, and no version 3", SEEN),
        yes(Capability::Ed25519, "takes ed25519 keys", SEEN),
        partly(Capability::Encrypted, "opens an encrypted key if it is given its passphrase, and asks for none", SEEN),
        yes(
            Capability::RsaSha2,
            "signs with rsa-sha2-256 where the server says that it takes it, else by SHA-1 (1.0 on)",
            SEEN,
        ),
        no(Capability::Certificates, "offers no certificates", SEEN),
        no(Capability::Fido, "passes over FIDO keys of the agent, and reads no file of one", SEEN),
        yes(
            Capability::NamingAKey,
            "takes the key itself and no path: privateKey: fs.readFileSync(FILE); node-ssh takes privateKeyPath, too",
            README,
        ),
        yes(
            Capability::LoggingMore,
            "tells more with debug: console.log among the settings of connect, in its wrappers, too",
            README,
        ),
    ],
};
