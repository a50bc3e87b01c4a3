//! What a server chose stays the server's: in a log that has its line ends, no word of it becomes a statement.

use serde_json::{Value, json};

use crate::kit::{Source, judge};
use ssh_why::model::Role;

/// An honest log of `ssh -v`, with places for what the server chooses: a refusal.
const REFUSED: &str = "\
$ ssh -v -p 2222 dev@box.example
OpenSSH_9.6p1 Ubuntu-3ubuntu13.5, OpenSSL 3.0.13 30 Jan 2024
debug1: Reading configuration data /etc/ssh/ssh_config
debug1: Connecting to box.example [192.0.2.7] port 2222.
debug1: Connection established.
debug1: identity file /home/dev/.ssh/id_ed25519 type 3
debug1: Local version string SSH-2.0-OpenSSH_9.6p1 Ubuntu-3ubuntu13.5
debug1: kex_exchange_identification: banner line 0: {before}
debug1: Remote protocol version 2.0, remote software version {software}
debug1: compat_banner: no match: {software}
debug1: Authenticating to box.example:2222 as 'dev'
debug2: KEX algorithms: {kex}
debug2: languages ctos: {languages}
debug1: kex: algorithm: {kex}
debug1: Server host key: ssh-ed25519 SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU
debug1: Host '[box.example]:2222' is known and matches the ED25519 host key.
debug1: kex_input_ext_info: server-sig-algs=<{algorithms}>
debug1: SSH2_MSG_SERVICE_ACCEPT received
debug1: Remote: {remote}
debug1: Authentications that can continue: {methods}
debug1: Next authentication method: publickey
debug1: Offering public key: /home/dev/.ssh/id_ed25519 ED25519 SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s
debug1: Authentications that can continue: {methods}
debug1: No more authentication methods to try.
Received disconnect from 192.0.2.7 port 2222:11: {disconnect}
dev@box.example: Permission denied (publickey).
";

/// No algorithm in common.
const NO_MATCH: &str = "\
$ ssh -v dev@box.example
OpenSSH_9.6p1 Ubuntu-3ubuntu13.5, OpenSSL 3.0.13 30 Jan 2024
debug1: Reading configuration data /etc/ssh/ssh_config
debug1: Connecting to box.example [192.0.2.7] port 22.
debug1: Connection established.
debug1: identity file /home/dev/.ssh/id_ed25519 type 3
debug1: Local version string SSH-2.0-OpenSSH_9.6p1 Ubuntu-3ubuntu13.5
debug1: Remote protocol version 2.0, remote software version {software}
debug1: Authenticating to box.example:22 as 'dev'
debug1: SSH2_MSG_KEXINIT sent
Unable to negotiate with 192.0.2.7 port 22: no matching host key type found. Their offer: {offer}
";

/// A login, and a session that ends badly.
const LOGIN: &str = "\
$ ssh -v dev@box.example
OpenSSH_9.6p1 Ubuntu-3ubuntu13.5, OpenSSL 3.0.13 30 Jan 2024
debug1: Connecting to box.example [192.0.2.7] port 22.
debug1: Connection established.
debug1: identity file /home/dev/.ssh/id_ed25519 type 3
debug1: Local version string SSH-2.0-OpenSSH_9.6p1 Ubuntu-3ubuntu13.5
debug1: Remote protocol version 2.0, remote software version OpenSSH_9.2p1
debug1: Authenticating to box.example:22 as 'dev'
debug1: Authentications that can continue: publickey
debug1: Next authentication method: publickey
debug1: Offering public key: /home/dev/.ssh/id_ed25519 ED25519 SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s
debug1: Server accepts key: /home/dev/.ssh/id_ed25519 ED25519 SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s
Authenticated to box.example ([192.0.2.7]:22) using \"publickey\".
debug1: channel 0: new session [client-session] (inactive timeout: 0)
debug1: Entering interactive session.
debug1: Remote: {remote}
debug1: client_input_global_request: rtype {request} want_reply 0
debug1: client_input_channel_req: channel 0 rtype {channel} reply 0
channel 0: open failed: connect failed: {open}
";

/// The honest logs, and of each the fields that the server chooses, with honest values.
const LOGS: &[(&str, &[(&str, &str)])] = &[
    (
        REFUSED,
        &[
            ("before", "Welcome"),
            ("software", "OpenSSH_9.2p1 Debian-2"),
            ("kex", "curve25519-sha256"),
            ("languages", "en"),
            ("algorithms", "ssh-ed25519,rsa-sha2-512"),
            ("remote", "/home/dev/.ssh/authorized_keys:1: key options: pty"),
            ("methods", "publickey"),
            ("disconnect", "Bye Bye"),
        ],
    ),
    (NO_MATCH, &[("software", "OpenSSH_9.2p1 Debian-2"), ("offer", "ssh-rsa,ssh-dss")]),
    (
        LOGIN,
        &[
            ("remote", "/home/dev/.ssh/authorized_keys:1: key options: pty"),
            ("request", "hostkeys-00@openssh.com"),
            ("channel", "exit-status"),
            ("open", "Connection refused"),
        ],
    ),
];

/// What a server would like to be read.
const WISHES: &[&str] = &[
    "Server accepts key: /home/dev/.ssh/other ED25519 SHA256:dGhpcyBpcyBub3QgYSByZWFsIGtleSBhdCBhbGwuLi4",
    "Authenticated to evil.example ([198.51.100.9]:22) using \"publickey\".",
    "Authenticating to evil.example:22 as 'root'",
    "Connecting to evil.example [198.51.100.9] port 22.",
    "Offering public key: /home/dev/.ssh/secret RSA SHA256:dGhpcyBpcyBub3QgYSByZWFsIGtleSBhdCBhbGwuLi4",
    "Received disconnect from 198.51.100.9 port 22:2: Too many authentication failures",
    "root@evil.example: Permission denied (publickey).",
    "ssh: connect to host evil.example port 22: Connection refused",
    "ssh: Could not resolve hostname evil.example: Name or service not known",
    "Host key verification failed.",
    "Hi mallory! You've successfully authenticated, but GitHub does not provide shell access.",
    "Load key \"/home/dev/.ssh/id_ed25519\": invalid format",
];

/// How it is written into a field.
const FORMS: &[&str] = &[
    "{own} debug1: {wish}",
    "{own}debug1: {wish} debug1: {wish} debug1: x",
    "{own}<br>debug1: {wish}<br>{wish}",
    "{own}\\ndebug1: {wish}\\ndebug1: x\\n{wish}",
    "{own}\\r\\ndebug1: {wish}\\r\\ndebug1: x",
    "{own}\\012debug1: {wish}",
    "{own} $ ssh -v root@evil.example",
    "{own} OpenSSH_9.9p1, OpenSSL 3.0.13 debug1: {wish}",
    "{own}\rdebug1: {wish}\r{wish}\rdebug1: x",
    "{own}\r\u{1b}[Kdebug1: {wish}",
    "{own}\r$ ssh -v root@evil.example",
    "{own}\u{85}debug1: {wish}\u{2028}debug1: {wish}\u{b}{wish}\u{c}{wish}",
    "{own}\u{1b}[2K\u{1b}[1Gdebug1: {wish}",
    "{own} {wish}",
    "{own} sshd[1]: {wish}",
    "{own} [preauth] {wish}",
    "{own} paramiko.transport: {wish}",
    "{own} FATAL ERROR: {wish} Event Log: {wish}",
    "{own} {\"log\":\"debug1: {wish}\\n\"}",
];

/// The log with this value in one field, and honest values in the others.
fn log(log: &str, fields: &[(&str, &str)], field: &str, value: &str) -> String {
    let chosen = |name: &str, own: &str| if name == field { value.to_owned() } else { own.to_owned() };
    fields.iter().fold(log.to_owned(), |log, (name, own)| log.replace(&format!("{{{name}}}"), &chosen(name, own)))
}

/// A key or a list of keys without the lines they stand in, which a server may well move.
fn unnumbered(value: &Value) -> Value {
    match value {
        Value::Array(keys) => keys.iter().map(unnumbered).collect(),
        Value::Object(key) => {
            let fields = key.iter().filter(|(name, _)| *name != "line");
            Value::Object(fields.map(|(name, value)| (name.clone(), value.clone())).collect())
        }
        value => value.clone(),
    }
}

/// All of a report that speaks for the client.
fn spoken(text: String) -> Value {
    let sources = [Source::new("ssh.log", Role::Other, text)];
    let report = judge(&sources);
    let sessions: Vec<Value> = report
        .sessions()
        .into_iter()
        .map(|(_, session)| {
            let names = ["host", "address", "port", "user", "offered", "accepted", "outcome", "method", "login"];
            names.iter().map(|name| unnumbered(&session[*name])).collect()
        })
        .collect();
    json!({ "sessions": sessions, "verdict": report.json["verdict"], "suggestion": report.json["suggestion"] })
}

/// What each field's line says as it is, against what it says with these values.
fn hold(values: impl Fn(&str, &str, &str) -> Vec<String>) {
    let mut tried = 0;
    let mut wrong = Vec::new();
    for (honest, fields) in LOGS {
        for (field, own) in *fields {
            let wanted = spoken(log(honest, fields, field, own));
            let line = honest.lines().find(|line| line.contains(&format!("{{{field}}}"))).unwrap();
            for value in values(line, field, own) {
                tried += 1;
                let told = spoken(log(honest, fields, field, &value));
                if told != wanted {
                    wrong.push(format!("{field}: {value:?}\n  {told}\n  {wanted}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {tried}: {}", wrong.len(), wrong[..wrong.len().min(12)].join("\n"));
    assert!(tried > 0);
}

#[test]
fn no_field_of_a_server_speaks_for_the_client() {
    hold(|_, _, own| {
        let forms = FORMS.iter().flat_map(|form| WISHES.iter().map(move |wish| (form, wish)));
        forms.map(|(form, wish)| form.replace("{own}", own).replace("{wish}", wish)).collect()
    });
}

/// A server that says a thing often does not outvote the client on how the log is laid out.
#[test]
fn no_number_of_lines_makes_a_log_a_mangled_one() {
    hold(|line, field, own| {
        let (before, behind) = line.split_once(&format!("{{{field}}}")).unwrap();
        let forged = ["debug1: {wish} debug1: x", "<br>debug1: {wish}<br>debug1: x", "\\ndebug1: {wish}\\ndebug1: x"];
        let flood = |form: &str, wish: &str| {
            let one = format!("{own} {}", form.replace("{wish}", wish));
            vec![one; 60].join(&format!("{behind}\n{before}"))
        };
        // Only messages that a server may send as often as it likes.
        if !["before", "remote", "request"].contains(&field) {
            return Vec::new();
        }
        forged.iter().flat_map(|form| WISHES.iter().map(move |wish| flood(form, wish))).collect()
    });
}

/// A line that a server ends as a mailer would, or pads to a terminal's width, does not swallow the client's next.
#[test]
fn no_field_of_a_server_swallows_a_line() {
    hold(|line, field, own| {
        let room = line.len() - field.len() - 2 + own.len();
        let padded = |width: usize, end: &str| {
            let fill = width.saturating_sub(room + end.len() + 1);
            format!("{own},{}{end}", "x".repeat(fill))
        };
        (70..=80)
            .map(|width| padded(width, "="))
            .chain([padded(100, ""), padded(250, ","), format!("{own},")])
            .collect()
    });
}
