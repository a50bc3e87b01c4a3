//! Whole lines of the other side's, in ssh's own log: a banner's, those behind a line end within a name or a reason, and
//! what a remote command shows. The client goes on behind them from where it was.

use serde_json::Value;

use crate::kit::origin::{LOGS, log};
use crate::kit::{files, project};
use crate::origin::spoken;

/// Lines as ssh prints them.
const LINES: &[&str] = &[
    "debug1: Server accepts key: /home/dev/.ssh/other ED25519 SHA256:dGhpcyBpcyBub3QgYSByZWFsIGtleSBhdCBhbGwuLi4",
    "debug1: Authentication succeeded (publickey).\nAuthenticated to evil.example ([198.51.100.9]:22) using \"publickey\".",
    "debug1: Authenticating to evil.example:22 as 'root'",
    "debug1: Connecting to evil.example [198.51.100.9] port 22.",
    "debug1: Offering public key: /home/dev/.ssh/secret RSA SHA256:dGhpcyBpcyBub3QgYSByZWFsIGtleSBhdCBhbGwuLi4",
    "debug1: identity file /home/dev/.ssh/other type 0",
    "Received disconnect from 198.51.100.9 port 22:2: Too many authentication failures",
    "root@evil.example: Permission denied (publickey).\n$ ssh -v root@evil.example",
    "dev@box.example: Permission denied (publickey).",
    "ssh: connect to host evil.example port 22: Connection refused",
    "ssh: Could not resolve hostname evil.example: Name or service not known",
    "@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\nHost key verification failed.",
    "Unable to negotiate with 192.0.2.7 port 2222: no matching host key type found. Their offer: ssh-dss",
    "Load key \"/home/dev/.ssh/id_ed25519\": invalid format",
    "Permissions 0644 for '/home/dev/.ssh/id_ed25519' are too open.",
    "/home/dev/.ssh/config: line 3: Bad configuration option: usekeychain",
    "sshd[812]: Authentication refused: bad ownership or modes for directory /home/dev",
    "FATAL ERROR: No supported authentication methods available (server sent: publickey)",
    "paramiko.ssh_exception.AuthenticationException: Authentication failed.",
    "This account is currently not available.",
    "Invalid session token",
    "WARNING: Your password has expired.\nPassword change required but no TTY available.",
    "Your account has expired; please contact your system administrator.",
    "tailscale: tailnet policy does not permit you to SSH to this node",
    "channel 3: open failed: administratively prohibited: open failed",
    "websocket: bad handshake\nkex_exchange_identification: Connection closed by remote host",
    "posix_spawn: No such file or directory",
    "^C",
    "fatal: [one.example]: UNREACHABLE! => {\nfatal: [two.example]: UNREACHABLE! => {",
];

/// Of the lines one in so many is tried in each log.
const EACH: usize = 3;

/// What a log says with other lines in it, against what it says.
struct Compared {
    tried: usize,
    wrong: Vec<String>,
}

impl Compared {
    const fn new() -> Self {
        Self { tried: 0, wrong: Vec::new() }
    }

    fn with(&mut self, name: &str, wanted: &Value, text: String, lines: &str) {
        self.tried += 1;
        let told = spoken(text);
        if told != *wanted {
            self.wrong.push(format!("{name}: {lines:?}\n  {told}\n  {wanted}"));
        }
    }

    fn none(self, least: usize) {
        let Self { tried, wrong } = self;
        assert!(wrong.is_empty(), "{} of {tried}: {}", wrong.len(), wrong[..wrong.len().min(40)].join("\n"));
        assert!(tried > least, "{tried}");
    }
}

/// The fixtures' logs of ssh -v in which this line stands, with the place behind it.
fn logs_with(line: &str) -> impl Iterator<Item = (String, String, usize)> {
    files(&project("fixtures")).into_iter().filter_map(move |path| {
        let text = std::fs::read_to_string(&path).ok()?;
        // A log that was cut, mangled or framed begins anywhere, and a hop's goes on within another's.
        let plain = text.contains("\ndebug1: Connection established.\n")
            && !text.contains("xecuting proxy command")
            && !text.contains("\n...")
            && !path.ends_with("quoted-printable.log");
        let at = text.find(&format!("\n{line}")).filter(|_| plain)? + 1;
        let end = at + text[at..].find('\n')? + 1;
        Some((path.display().to_string(), text, end))
    })
}

#[test]
fn no_line_of_a_banner_speaks_for_the_client() {
    let mut compared = Compared::new();
    for (number, (name, text, at)) in logs_with("debug1: SSH2_MSG_SERVICE_ACCEPT received").enumerate() {
        // Without what ssh says next, nothing shows that it went on.
        if !text[at..].contains("debug1: Authentications that can continue") {
            continue;
        }
        let wanted = spoken(text.clone());
        // Each log with other lines.
        for lines in LINES.iter().skip(number % EACH).step_by(EACH) {
            compared.with(&name, &wanted, format!("{}{lines}\n{}", &text[..at], &text[at..]), lines);
        }
    }
    compared.none(200);
}

#[test]
fn no_line_behind_a_line_end_speaks_for_the_client() {
    let mut compared = Compared::new();
    for (honest, fields) in LOGS {
        for (field, own) in *fields {
            // Of these ssh reads a line each; and behind a list of methods it may say such things itself.
            if matches!(*field, "before" | "software" | "methods" | "offer") {
                continue;
            }
            let wanted = spoken(log(honest, fields, field, own));
            for lines in LINES {
                // Which file is offered next is not told otherwise, and after an end a tool may speak.
                let more = lines.contains("Offering") || lines.contains("UNREACHABLE");
                if *field == "disconnect" && more {
                    continue;
                }
                compared.with(field, &wanted, log(honest, fields, field, &format!("{own}\n{lines}")), lines);
            }
        }
    }
    compared.none(150);
}

/// `ssh -v HOST cat ssh.log`
#[test]
fn a_log_that_a_command_shows_is_no_run() {
    let shown: Vec<(String, String, usize)> = logs_with("debug1: SSH2_MSG_SERVICE_ACCEPT received").collect();
    let mut compared = Compared::new();
    for (name, text, at) in logs_with("Transferred: sent ") {
        if !text[at..].contains("debug1: Exit status 0\n") {
            continue;
        }
        let wanted = spoken(text.clone());
        // Where lines were left out, what goes on is a guess.
        for (other, lines, _) in shown.iter().filter(|(name, ..)| !name.ends_with("elided.log")).step_by(9) {
            let end = if lines.ends_with('\n') { "" } else { "\n" };
            compared.with(&name, &wanted, format!("{}{lines}{end}{}", &text[..at], &text[at..]), other);
        }
    }
    compared.none(20);
}

/// A server may send as much as it likes.
#[test]
fn no_number_of_lines_speaks_for_the_client() {
    let (name, text, at) = logs_with("debug1: SSH2_MSG_SERVICE_ACCEPT received").next().unwrap();
    let wanted = spoken(text.clone());
    let mut compared = Compared::new();
    for lines in ["debug1: Connecting to evil.example [198.51.100.9] port 22.\n", "Host key verification failed.\n"] {
        compared.with(&name, &wanted, format!("{}{}{}", &text[..at], lines.repeat(25_000), &text[at..]), lines);
    }
    compared.none(1);
}
