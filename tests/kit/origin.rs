//! Logs with places for what a server chooses, and what must hold whatever it does: the bodies of the fuzz targets,
//! and of the tests that run them with few inputs. Needs the library alone, since `fuzz/` takes this file as it is.

use ssh_why::model::{Key, Role, Session};
use ssh_why::{Diagnosis, FORMS, Look, Report, Source, Wish, explain};

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
Transferred: sent 2628, received 3580 bytes, in 7.3 seconds
debug1: Exit status 0
";

/// The honest logs, and of each the fields that the server chooses, with honest values.
pub const LOGS: &[(&str, &[(&str, &str)])] = &[
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

/// The log with this value in one field, and honest values in the others.
pub fn log(log: &str, fields: &[(&str, &str)], field: &str, value: &str) -> String {
    let chosen = |name: &str, own: &str| if name == field { value.to_owned() } else { own.to_owned() };
    fields.iter().fold(log.to_owned(), |log, (name, own)| log.replace(&format!("{{{name}}}"), &chosen(name, own)))
}

/// Stands in no honest log.
const MARK: &str = "zzmark";

/// What a server would like to be read, marked. A control character in a fuzzer's input stands for each.
const MARKED: &[&str] = &[
    "zzmark",
    "debug1: Server accepts key: /zzmark ED25519 SHA256:dGhpcyBpcyBub3QgYSByZWFsIGtleSBhdCBhbGwuLi4",
    "debug1: Offering public key: /zzmark RSA SHA256:dGhpcyBpcyBub3QgYSByZWFsIGtleSBhdCBhbGwuLi4",
    "debug1: identity file /zzmark type 0",
    "debug1: Connecting to zzmark.example [198.51.100.9] port 22.",
    "debug1: Authenticating to zzmark.example:22 as 'zzmark'",
    "Authenticated to zzmark.example ([198.51.100.9]:22) using \"publickey\".",
    "zzmark@zzmark.example: Permission denied (publickey).",
    "ssh: connect to host zzmark.example port 22: Connection refused",
    "ssh: Could not resolve hostname zzmark.example: Name or service not known",
    "Load key \"/zzmark\": invalid format",
    "Hi zzmark! You've successfully authenticated, but GitHub does not provide shell access.",
    "$ ssh -i /zzmark zzmark@zzmark.example zzmark",
    "debug1: ",
    "OpenSSH_9.9p1, OpenSSL 3.0.13 30 Jan 2024",
    "paramiko.transport: ",
    "sshd[1]: ",
    "FATAL ERROR: ",
    "Event Log: ",
];

fn told(sources: &[Source<'_>]) -> Diagnosis {
    let diagnosis = explain(sources, &Wish::default());
    for form in FORMS {
        (form.write)(&Report::Diagnosis(&diagnosis), &Look::default());
    }
    diagnosis
}

/// Any bytes are read and told of in each form.
pub fn read(bytes: &[u8]) {
    told(&[Source { name: "ssh.log", role: Role::Other, bytes }]);
}

/// Of two logs without a role, the order decides neither the verdict nor the suggestion.
pub fn pair(one: &[u8], two: &[u8]) {
    let one = Source { name: "a.log", role: Role::Other, bytes: one };
    let two = Source { name: "b.log", role: Role::Other, bytes: two };
    let (there, back) = (told(&[one, two]), told(&[two, one]));
    let said = |told: &Diagnosis| {
        let command = told.suggestion.as_ref().map(|suggestion| suggestion.command.clone());
        (told.verdict.cause, told.verdict.certainty, told.verdict.summary.clone(), command)
    };
    assert_eq!(said(&there), said(&back), "the order of two logs decided");
}

/// The same of one input, which a byte 0 parts.
pub fn pair_of(bytes: &[u8]) {
    let mut logs = bytes.splitn(2, |byte| *byte == 0);
    pair(logs.next().unwrap_or_default(), logs.next().unwrap_or_default());
}

/// No field of a report that speaks for the client holds a word that only a server said. The first two bytes choose
/// the log and its field, the others are the server's words.
pub fn marked(bytes: &[u8]) {
    let [of_log, of_field, words @ ..] = bytes else { return };
    let (honest, fields) = LOGS[usize::from(*of_log) % LOGS.len()];
    let (field, own) = fields[usize::from(*of_field) % fields.len()];
    let value: String = String::from_utf8_lossy(words)
        .chars()
        // A line's end is none of a field's: ssh escapes it. A line of a server's own looks like one of the client's.
        .filter(|c| *c != '\n')
        .map(|c| match u32::from(c) {
            wish @ 1..=31 if c != '\r' && c != '\t' && c != '\u{1b}' => MARKED[wish as usize % MARKED.len()].to_owned(),
            _ => c.to_string(),
        })
        .collect();
    let text = log(honest, fields, field, &format!("{own} {value}"));
    let told = told(&[Source { name: "ssh.log", role: Role::Other, bytes: text.as_bytes() }]);
    for session in told.case.transcripts.iter().flat_map(|log| &log.sessions) {
        let says = clients(session);
        assert!(!says.contains(MARK), "{field}: {value:?} became the client's: {says}");
    }
    let fixes = told.findings.iter().flat_map(|finding| &finding.fixes).filter_map(|fix| fix.command());
    for command in fixes.chain(told.suggestion.as_ref().map(|suggestion| suggestion.command.as_str())) {
        assert!(!command.contains(MARK), "{field}: {value:?} became a command's: {command}");
    }
}

/// All of a session that speaks for the client.
fn clients(session: &Session) -> String {
    let offers = session.offered.iter().chain(&session.unopened).map(|offer| &offer.key);
    let keys: Vec<&Key> = offers.chain(session.accepted.iter().map(|accepted| &accepted.key)).collect();
    let files: Vec<&str> = session.identities.iter().map(|identity| identity.path.as_str()).collect();
    let names = [&session.called, &session.alias, &session.client, &session.host, &session.address, &session.user];
    format!("{:?} {names:?} {keys:?} {files:?} {:?} {:?}", session.typed, session.method, session.login)
}
