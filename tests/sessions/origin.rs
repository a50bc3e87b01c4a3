//! What a server chose stays the server's: in a log that has its line ends, no word of it becomes a statement.

use serde_json::{Value, json};

use crate::kit::{Source, judge};
use ssh_why::model::Role;

/// An honest log of `ssh -v`, with a place for what the server chooses.
const LOG: &str = "\
$ ssh -v -p 2222 dev@box.example
OpenSSH_9.6p1 Ubuntu-3ubuntu13.5, OpenSSL 3.0.13 30 Jan 2024
debug1: Reading configuration data /etc/ssh/ssh_config
debug1: Connecting to box.example [192.0.2.7] port 2222.
debug1: Connection established.
debug1: identity file /home/dev/.ssh/id_ed25519 type 3
debug1: Local version string SSH-2.0-OpenSSH_9.6p1 Ubuntu-3ubuntu13.5
debug1: Remote protocol version 2.0, remote software version {software}
debug1: compat_banner: no match: {software}
debug1: Authenticating to box.example:2222 as 'dev'
debug2: KEX algorithms: {kex}
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

/// Each field that the server chooses, with an honest value.
const FIELDS: &[(&str, &str)] = &[
    ("software", "OpenSSH_9.2p1 Debian-2"),
    ("kex", "curve25519-sha256"),
    ("algorithms", "ssh-ed25519,rsa-sha2-512"),
    ("remote", "/home/dev/.ssh/authorized_keys:1: key options: pty"),
    ("methods", "publickey"),
    ("disconnect", "Bye Bye"),
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
    "{own}\u{1b}[2K\u{1b}[1Gdebug1: {wish}",
    "{own} {wish}",
    "{own} sshd[1]: {wish}",
    "{own} [preauth] {wish}",
    "{own} paramiko.transport: {wish}",
    "{own} FATAL ERROR: {wish} Event Log: {wish}",
    "{own} {\"log\":\"debug1: {wish}\\n\"}",
];

fn log(field: &str, value: &str) -> String {
    let chosen = |name: &str, own: &str| if name == field { value.to_owned() } else { own.to_owned() };
    FIELDS.iter().fold(LOG.to_owned(), |log, (name, own)| log.replace(&format!("{{{name}}}"), &chosen(name, own)))
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
            names.iter().map(|name| session[*name].clone()).collect()
        })
        .collect();
    json!({ "sessions": sessions, "verdict": report.json["verdict"], "suggestion": report.json["suggestion"] })
}

#[test]
fn no_field_of_a_server_speaks_for_the_client() {
    let mut wrong = Vec::new();
    for (field, own) in FIELDS {
        let honest = spoken(log(field, own));
        for form in FORMS {
            for wish in WISHES {
                let value = form.replace("{own}", own).replace("{wish}", wish);
                let told = spoken(log(field, &value));
                if told != honest {
                    wrong.push(format!("{field}: {value}\n  {told}"));
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {}: {}",
        wrong.len(),
        FIELDS.len() * FORMS.len() * WISHES.len(),
        wrong[..wrong.len().min(12)].join("\n")
    );
}
