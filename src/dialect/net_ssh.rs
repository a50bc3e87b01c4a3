//! Ruby's Net::SSH, and what speaks through it: the lines of its logger, and the errors that Ruby prints (2.x to 7.x).

use super::table::{Dialect, Head, Mark, Row, any, from, holds, logged, within};
use super::words::{between, md5, methods};
use crate::model::client::{no, partly, unknown, yes};
use crate::model::{Author, Capability, Client, Key, Kind, Side};
use crate::text::Sought;

pub(super) static NET_SSH: Dialect = Dialect {
    author: Author { id: "net-ssh", name: "Net::SSH", side: Side::Client, read: true, tells_offers: true },
    client: Some(&CLIENT),
    rows: &[LOGGED, ERRORS, SYSTEM, EXECUTING, VAGRANT],
    marks: MARKS,
    noise: &["from ", "* "],
    noise_within: &[],
    levels: &[],
    twice: false,
    head,
    words_at,
};

const MARKS: &[Mark] = &[
    holds(
        " -- net.ssh.",
        "I, [2026-11-27T09:08:17.5 #263]  INFO -- net.ssh.transport.algorithms[244]: sending KEXINIT",
    ),
    holds("net.ssh.transport.", "DEBUG: net.ssh.transport.session[21c]: connection established"),
    holds("Net::SSH::", "Something else (Net::SSH::Exception)"),
    holds("SSHKit::", "SSHKit::Runner::ExecuteError: Exception while executing as dev@box.example: something else"),
    holds("/net/ssh/", "\tfrom /usr/lib/ruby/gems/net-ssh-7.0.1/lib/net/ssh/transport/session.rb:85:in `new'"),
];

/// `D, [2026-11-27T09:08:17.500295 #26300] DEBUG -- net.ssh.transport.session[21c]: words`; the number is the process. What
/// stands before the part of the library that speaks is the program's own choice, and a level alone at least.
fn head(line: &str) -> Head<'_> {
    let Some((at, words)) = part(line.as_bytes()) else { return Head::bare(line) };
    let (Some(before), Some(words)) = (line.get(..at), line.get(words..)) else { return Head::bare(line) };
    let process = |text: &'_ str| text.bytes().all(|byte| byte.is_ascii_digit());
    let stream = before.rsplit_once('#').and_then(|(_, text)| text.split(']').next()).filter(|text| process(text));
    // The server's banner, the only thing that this part of it logs at this level.
    let own = before.trim_end_matches(SEPARATORS).ends_with("INFO");
    let banner = own && line[at..].starts_with("net.ssh.authentication.session[");
    Head { stream, logged: true, words: if banner { "" } else { words } }
}

/// Between a level and what follows it.
const SEPARATORS: &[char] = &[' ', '-', ':', '[', ']', '|'];

const LEVELS: &[&str] = &["DEBUG", "INFO", "WARN", "ERROR", "FATAL"];

/// How far into a line the part of the library is looked for, in bytes.
const NEAR: usize = 120;

/// What the parts of the library are called that log.
const NAME: Sought = Sought::new("net.ssh.");
const SOCKETS: [Sought; 2] = [Sought::new(" -- socket["), Sought::new(" -- tcpsocket[")];

/// Where the part of the library that speaks is named, and where its words begin.
fn part(line: &[u8]) -> Option<(usize, usize)> {
    let near = &line[..line.len().min(NEAR)];
    let at = NAME
        .find(near)
        .or_else(|| SOCKETS[0].find(near).map(|at| at + 4))
        .or_else(|| SOCKETS[1].find(near).map(|at| at + 4))?;
    let before = std::str::from_utf8(&line[..at]).ok()?;
    let before = before.strip_prefix("DEBUG ssh: ").unwrap_or(before);
    // A server's words may name it, too, but behind a sentence of the program's.
    let level = before.trim_end_matches(SEPARATORS);
    let alone = level.is_empty() || LEVELS.iter().any(|name| level.ends_with(name));
    if !alone || level.contains(": ") {
        return None;
    }
    let end = at + line[at..].iter().take(NEAR).position(|byte| *byte == b']')? + 1;
    let gap = [": ", " "].iter().find(|gap| line[end..].starts_with(gap.as_bytes()))?;
    Some((at, end + gap.len()))
}

fn words_at(line: &[u8]) -> Option<usize> {
    part(line).map(|(_, words)| words)
}

const LOGGED: &[Row] = &[
    logged(
        "establishing connection to ",
        "D, [2026-11-27T09:08:17.5 #263] DEBUG -- net.ssh.transport.session[21c]: establishing connection to box.example:2222",
        |rest| {
            let (host, port) = rest.split(' ').next()?.rsplit_once(':')?;
            Some(Kind::Connecting { host: Some(host.to_owned()), address: None, port: port.parse().ok() })
        },
    ),
    logged(
        "connection established",
        "D, [2026-11-27T09:08:17.5 #263] DEBUG -- net.ssh.transport.session[21c]: connection established",
        |_| Some(Kind::Established),
    ),
    logged(
        "local is `",
        "D, [2026-11-27T09:08:17.5 #263] DEBUG -- net.ssh.transport.server_version[230]: local is `SSH-2.0-Ruby/Net::SSH_7.0.1 x86_64-linux-gnu'",
        |rest| Some(Kind::ClientSoftware { version: identification(rest)?.split(' ').next()?.to_owned() }),
    ),
    logged(
        "remote is `",
        "D, [2026-11-27T09:08:17.5 #263] DEBUG -- net.ssh.transport.server_version[230]: remote is `SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u10'",
        |rest| Some(Kind::RemoteSoftware { software: identification(rest)?.to_owned() }),
    ),
    logged(
        "beginning authentication of `",
        "D, [2026-11-27T09:08:17.6 #263] DEBUG -- net.ssh.authentication.session[26c]: beginning authentication of `dev'",
        |rest| Some(Kind::User { user: rest.trim_end().strip_suffix('\'')?.to_owned() }),
    ),
    logged(
        "allowed methods: ",
        "D, [2026-11-27T09:08:17.7 #263] DEBUG -- net.ssh.authentication.session[26c]: allowed methods: publickey",
        |rest| Some(Kind::Methods { list: methods(rest) }),
    ),
    logged(
        "trying publickey (",
        "D, [2026-11-27T09:08:17.7 #263] DEBUG -- net.ssh.authentication.methods.publickey[2bc]: trying publickey (aa:80:15:34:c7:f9:9a:ec:bc:0e:82:2e:cd:05:68:5c)",
        |rest| {
            let key = Key { fingerprint: md5(rest), ..Key::default() };
            Some(Kind::Offering { key, explicit: false, token: false })
        },
    ),
    logged(
        "trying ",
        "D, [2026-11-27T09:08:17.7 #263] DEBUG -- net.ssh.authentication.session[26c]: trying publickey",
        |method| (!method.contains(' ')).then(|| Kind::NextMethod { method: method.to_owned() }),
    ),
    // RFC 4252 §7: SSH_MSG_USERAUTH_PK_OK. Other methods have other messages of that number.
    logged(
        "received packet nr ",
        "D, [2026-11-27T09:08:17.7 #263] DEBUG -- socket[258]: received packet nr 7 type 60 len 92",
        |rest| (between(rest, "type ", " ") == Some("60")).then_some(Kind::ServerAccepts { key: None }),
    ),
    logged(
        "publickey succeeded",
        "D, [2026-11-27T09:08:17.7 #263] DEBUG -- net.ssh.authentication.methods.publickey[2bc]: publickey succeeded (aa:80:15:34:c7:f9:9a:ec:bc:0e:82:2e:cd:05:68:5c)",
        |_| succeeded("publickey"),
    ),
    logged(
        "password succeeded",
        "D, [2026-11-27T09:08:17.7 #263] DEBUG -- net.ssh.authentication.methods.password[2bc]: password succeeded",
        |_| succeeded("password"),
    ),
    logged(
        "keyboard-interactive succeeded",
        "D, [2026-11-27T09:08:17.7 #263] DEBUG -- net.ssh.authentication.methods.keyboard_interactive[2bc]: keyboard-interactive succeeded",
        |_| succeeded("keyboard-interactive"),
    ),
    logged(
        "none succeeded",
        "D, [2026-11-27T09:08:17.7 #263] DEBUG -- net.ssh.authentication.methods.none[280]: none succeeded",
        |_| succeeded("none"),
    ),
    logged(
        "all authorization methods failed (tried ",
        "E, [2026-11-27T09:08:22.9 #265] ERROR -- net.ssh.authentication.session[26c]: all authorization methods failed (tried none, publickey)",
        |rest| Some(Kind::Attempted { methods: methods(rest.trim_end().trim_end_matches(')')) }),
    ),
    logged(
        "could not connect to ssh-agent: ",
        "E, [2026-11-27T09:08:22.9 #265] ERROR -- net.ssh.authentication.agent[294]: could not connect to ssh-agent: No such file or directory - connect(2) for /tmp/agent",
        // The second is how it calls that SSH_AUTH_SOCK is unset, which is no fault.
        |reason| (reason != "Agent not configured").then(|| Kind::AgentFailed { reason: reason.trim_end().to_owned() }),
    ),
    logged(
        "could not load private key file `",
        "E, [2026-11-27T09:08:28.8 #270] ERROR -- net.ssh.authentication.key_manager[294]: could not load private key file `/home/dev/.ssh/id_rsa': OpenSSL::PKey::PKeyError (Could not parse PKey: unsupported)",
        |rest| {
            let (path, reason) = rest.split_once("': ")?;
            let (path, reason) = (path.to_owned(), said(reason).to_owned());
            Some(if is_about_passphrase(&reason) {
                Kind::PassphrasePrompt { path }
            } else {
                Kind::LoadKeyFailed { path, reason, public: false }
            })
        },
    ),
];

/// What Ruby prints of an error: `file.rb:159:in 'sign': WORDS (CLASS)`, or `CLASS: WORDS`.
const ERRORS: &[Row] = &[
    // The server's words, which must not be taken for any of those below.
    raised("disconnected: ", "Net::SSH::Disconnect: disconnected: Too many authentication failures (2)", |before, rest| {
        let ours = before.contains("Net::SSH::Disconnect") || rest.contains("(Net::SSH::Disconnect)");
        let text = rest.rsplit_once(" (Net::SSH").map_or(rest, |(text, _)| text);
        let text = text.trim_end().rsplit_once(" (").map_or(text, |(text, _)| text).to_owned();
        ours.then_some(Kind::Disconnected { address: None, port: None, text })
    }),
    raised(
        "Authentication failed for user ",
        "net/ssh.rb:267:in `start': Authentication failed for user dev@box.example (Net::SSH::AuthenticationFailed)",
        |_, rest| {
            let (user, host) = account(rest)?;
            Some(Kind::Denied { user: Some(user), host: Some(host), methods: Vec::new() })
        },
    )
    .signs(),
    raised(
        "agent could not sign data with requested identity",
        "agent.rb:159:in `sign': agent could not sign data with requested identity (Net::SSH::Authentication::AgentError)",
        |_, _| Some(Kind::AgentRefused { key: Key { agent: Some(true), ..Key::default() } }),
    )
    .signs()
    .ends(),
    raised(
        "Decrypt failed on private key",
        "ed25519.rb:71:in `read': Decrypt failed on private key (Net::SSH::Authentication::ED25519::OpenSSHPrivateKeyLoader::DecryptError)",
        |_, _| Some(Kind::PassphraseRefused),
    )
    .signs()
    .ends(),
    raised(
        "the given identity is known, but the private key could not be loaded: ",
        "key_manager.rb:168:in `sign': the given identity is known, but the private key could not be loaded: OpenSSL::PKey::PKeyError (rsa#set_key= is incompatible with OpenSSL 3.0) (Net::SSH::Authentication::KeyManagerError)",
        |_, rest| {
            let reason = said(rest.split(" (Net::SSH").next()?).to_owned();
            Some(if is_about_passphrase(&reason) {
                Kind::PassphraseRefused
            } else {
                Kind::LoadKeyFailed { path: String::new(), reason, public: false }
            })
        },
    )
    .signs()
    .ends(),
    from(
        "fingerprint ",
        "always.rb:53:in `process_cache_miss': fingerprint SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s is unknown for \"[box.example]:2222,[192.0.2.1]:2222\" (Net::SSH::HostKeyUnknown)",
        |_, line| {
            let (before, names) = line.split_once(" for \"")?;
            let mut places = names.split('"').next()?.split(',').map(place);
            let (host, port) = places.next()?;
            let address = places.next().map(|(address, _)| address.to_owned());
            let host = Some(host.to_owned());
            if before.ends_with(" does not match") {
                return Some(Kind::HostKeyChanged { host });
            }
            before.ends_with(" is unknown").then_some(Kind::HostKeyUnknown { host, address, port, strict: true })
        },
    )
    .also(executing),
    raised(
        "could not settle on ",
        "algorithms.rb:410:in `negotiate': could not settle on host_key algorithm (Net::SSH::Exception)",
        |_, rest| {
            let what = match rest.split(' ').next()? {
                "kex" => "key exchange method",
                "host_key" => "host key type",
                name if name.starts_with("encryption") => "cipher",
                name if name.starts_with("hmac") => "MAC",
                name => name,
            };
            Some(Kind::NoCommonAlgorithm { what: what.to_owned(), offer: None, address: None, port: None })
        },
    )
    .signs(),
    raised(
        "connection closed by remote host",
        "Net::SSH::Disconnect: connection closed by remote host",
        |_, _| closed(false),
    ),
    raised("Net::SSH::ConnectionTimeout", "session.rb:90:in `rescue in initialize': Net::SSH::ConnectionTimeout (Net::SSH::ConnectionTimeout)", |_, _| {
        Some(Kind::ConnectFailed { host: None, port: None, reason: "Connection timed out".into() })
    })
    .signs(),
];

/// What Ruby says of names and sockets. Any program of Ruby's says the same.
const SYSTEM: &[Row] = &[
    raised(
        "Connection refused - connect(2) for ",
        "Errno::ECONNREFUSED: Connection refused - connect(2) for 192.0.2.1:22",
        |_, rest| failed(rest, "Connection refused"),
    ),
    raised(
        "Connection timed out - connect(2) for ",
        "Errno::ETIMEDOUT: Connection timed out - connect(2) for 192.0.2.1:22",
        |_, rest| failed(rest, "Connection timed out"),
    ),
    raised(
        "No route to host - connect(2) for ",
        "Errno::EHOSTUNREACH: No route to host - connect(2) for 192.0.2.1:22",
        |_, rest| failed(rest, "No route to host"),
    ),
    raised(
        "Network is unreachable - connect(2) for ",
        "Errno::ENETUNREACH: Network is unreachable - connect(2) for 192.0.2.1:22",
        |_, rest| failed(rest, "Network is unreachable"),
    ),
    raised(
        "getaddrinfo: ",
        "socket.rb:227:in `getaddrinfo': getaddrinfo: Name or service not known (SocketError)",
        unresolved,
    ),
    // Ruby 3.4
    raised("getaddrinfo(3): ", "Socket::ResolutionError: getaddrinfo(3): Name or service not known", unresolved),
    raised(
        "Connection reset by peer (Errno::ECONNRESET)",
        "server_version.rb:54:in `readpartial': Connection reset by peer (Errno::ECONNRESET)",
        |_, _| closed(true),
    )
    .signs(),
    raised("Errno::ECONNRESET: Connection reset by peer", "Errno::ECONNRESET: Connection reset by peer", |_, _| {
        closed(true)
    })
    .signs(),
];

/// SSHKit, and so Capistrano, where the error itself is none of those.
const EXECUTING: &[Row] = &[
    // A command ran there, and failed or not (SSHKit's pretty formatter).
    raised(
        " exit status: ",
        "SSHKit::Runner::ExecuteError: Exception while executing as dev@box.example: false exit status: 1",
        |before, rest| {
            before.contains(EXECUTING_AS).then_some(())?;
            Some(Kind::ExitStatus { status: rest.split(' ').next()?.trim_end().parse().ok()? })
        },
    ),
    within("✔ ", "    ✔ 01 dev@box.example 0.572s", |_, rest| {
        let mut words = rest.split_whitespace();
        let number = words.next()?.parse::<u32>().is_ok();
        let (user, host) = words.next()?.split_once('@')?;
        let seconds = words.next()?.strip_suffix('s')?.parse::<f32>().is_ok();
        let to = Kind::Destination { user: Some(user.to_owned()), host: host.to_owned(), port: None };
        (number && seconds && words.next().is_none()).then(|| Kind::Several(vec![to, Kind::ExitStatus { status: 0 }]))
    })
    .signs(),
    within(
        EXECUTING_AS,
        "SSHKit::Runner::ExecuteError: Exception while executing as dev@box.example: something else",
        |_, rest| destination(rest),
    )
    .signs(),
];

const EXECUTING_AS: &str = "Exception while executing as ";

/// Where SSHKit was going when the error came.
fn executing(line: &str) -> Option<Kind> {
    destination(line.split_once(EXECUTING_AS)?.1)
}

fn destination(rest: &str) -> Option<Kind> {
    let (user, host) = account(rest)?;
    Some(Kind::Destination { user: Some(user), host, port: None })
}

/// An error that SSHKit may tell together with the place.
const fn raised(words: &'static str, sample: &'static str, read: fn(&str, &str) -> Option<Kind>) -> Row {
    within(words, sample, read).also(executing)
}

/// Vagrant's own words (its locale en.yml, `ssh_authentication_failed`, and `vagrant up`).
const VAGRANT: &[Row] = &[
    within("SSH address: ", "    default: SSH address: 127.0.0.1:2222", |_, rest| {
        let (host, port) = rest.trim_end().rsplit_once(':')?;
        Some(Kind::Connecting { host: Some(host.to_owned()), address: None, port: Some(port.parse().ok()?) })
    }),
    within("SSH username: ", "    default: SSH username: vagrant", |_, rest| {
        Some(Kind::User { user: rest.trim_end().to_owned() })
    }),
    within(
        "Warning: Authentication failure. Retrying",
        "    default: Warning: Authentication failure. Retrying...",
        |_, _| Some(Kind::Denied { user: None, host: None, methods: Vec::new() }),
    )
    .signs(),
    any(
        "SSH authentication failed! This is typically caused by the public/private",
        "SSH authentication failed! This is typically caused by the public/private",
        |_| Some(Kind::Denied { user: None, host: None, methods: Vec::new() }),
    )
    .signs(),
];

fn identification(rest: &str) -> Option<&str> {
    rest.trim_end().trim_end_matches('\'').strip_prefix("SSH-2.0-")
}

fn succeeded(method: &str) -> Option<Kind> {
    Some(Kind::Succeeded { method: method.to_owned() })
}

fn closed(reset: bool) -> Option<Kind> {
    Some(Kind::Closed { address: None, port: None, reset, proxied: false })
}

/// The words of an error that is told as `CLASS (WORDS)`. The second bracket may be in another line.
fn said(error: &str) -> &str {
    let words = error.split_once(" (").map_or(error, |(_, words)| words).trim_end();
    words.strip_suffix(')').unwrap_or(words)
}

fn is_about_passphrase(reason: &str) -> bool {
    ["bad decrypt", "Decrypt failed", "pass phrase"].iter().any(|words| reason.contains(words))
}

/// `dev@box.example`, and what follows.
fn account(rest: &str) -> Option<(String, String)> {
    let word = rest.split([' ', '>', ')', '\'', '"']).next()?.trim_end_matches([':', ',', '.']);
    let (user, host) = word.rsplit_once('@').filter(|(user, host)| !user.is_empty() && !host.is_empty())?;
    Some((user.to_owned(), host.to_owned()))
}

/// A name as known_hosts has it: `box.example`, or `[box.example]:2222`.
fn place(name: &str) -> (&str, Option<u16>) {
    match name.strip_prefix('[').and_then(|name| name.split_once("]:")) {
        Some((host, port)) => (host, port.parse().ok()),
        None => (name, None),
    }
}

/// `192.0.2.1:22`; before Ruby 2.3 `"192.0.2.1" port 22`. An agent's socket has no port.
fn failed(rest: &str, reason: &str) -> Option<Kind> {
    let (host, port) = match rest.strip_prefix('"') {
        Some(rest) => rest.split_once("\" port ")?,
        None => rest.split([' ', '>']).next()?.rsplit_once(':')?,
    };
    let digits = port.split(|c: char| !c.is_ascii_digit()).next()?;
    let port = Some(digits.parse().ok()?);
    Some(Kind::ConnectFailed { host: Some(host.to_owned()), port, reason: reason.to_owned() })
}

fn unresolved(_: &str, rest: &str) -> Option<Kind> {
    let reason = rest.split(" (").next()?.trim_end().to_owned();
    Some(Kind::ResolveFailed { host: String::new(), reason })
}

/// Runs of Debian 12's (Ruby 3.1, OpenSSL 3) against OpenSSH 9.2.
const SEEN: &str = "seen with net-ssh 7.0.1";

const CLIENT: Client = Client {
    versions: "net-ssh 7.0.1",
    also: &["capistrano", "sshkit", "vagrant", "kitchen"],
    answers: &[
        yes(Capability::Config, "reads ~/.ssh/config, unless it is told config: false", SEEN),
        yes(
            Capability::KnownHosts,
            "reads ~/.ssh/known_hosts; a host that is not in it is taken, unless verify_host_key is :always",
            SEEN,
        ),
        yes(Capability::HashedHosts, "finds hashed names in known_hosts", SEEN),
        unknown(Capability::HostAuthority),
        yes(Capability::Agent, "asks the agent of SSH_AUTH_SOCK, unless it is told use_agent: false", SEEN),
        yes(
            Capability::DefaultFiles,
            "tries id_ed25519, id_rsa, id_dsa and id_ecdsa in ~/.ssh, then in ~/.ssh2, unless keys are named",
            SEEN,
        ),
        yes(
            Capability::Order,
            "offers the agent's keys before the named ones, also where keys are named; keys_only: true keeps them back",
            SEEN,
        ),
        partly(
            Capability::OpenSshFormat,
            "reads keys in OpenSSH's format only without Windows line ends, and none of RSA where Ruby has OpenSSL 3; \
             a copy that ssh-keygen -p -m PEM rewrote is read",
            SEEN,
        ),
        yes(Capability::Pem, "reads PEM keys, also with Windows line ends; ed25519 in PKCS#8 makes it crash", SEEN),
        no(Capability::Ppk, "reads no PPK files", SEEN),
        partly(Capability::Ed25519, "takes ed25519 keys if the gems ed25519 and bcrypt_pbkdf are there", SEEN),
        partly(
            Capability::Encrypted,
            "asks for a passphrase at a terminal, or takes it as passphrase; without either it ends after the server's yes",
            SEEN,
        ),
        partly(
            Capability::RsaSha2,
            "signs with RSA by SHA-2 with a PEM file or an agent (7.0 on), and tries each key with each algorithm",
            SEEN,
        ),
        yes(Capability::Certificates, "offers FILE-cert.pub beside a key by itself", SEEN),
        unknown(Capability::Fido),
        yes(
            Capability::NamingAKey,
            "takes keys by keys: ['FILE'], keys_only: true; Capistrano in ssh_options, Vagrant as config.ssh.private_key_path",
            "https://net-ssh.github.io/net-ssh/Net/SSH.html",
        ),
        yes(
            Capability::LoggingMore,
            "tells more with verbose: :debug; Capistrano in ssh_options, Vagrant with VAGRANT_LOG=debug",
            "https://net-ssh.github.io/net-ssh/Net/SSH.html",
        ),
    ],
};
