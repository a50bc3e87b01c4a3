//! What a server chose stays the server's in other clients' logs too, and what a client chose in a server's log stays
//! the client's: in a log that has its line ends, no word of either becomes a statement.

mod clients;
mod servers;
mod spliced;

use std::num::NonZero;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use serde_json::{Value, json};

use crate::kit::{json_of, text};
use crate::origin::{FORMS, unnumbered};
use ssh_why::model::Role;

/// An honest log of the fixtures.
struct Honest {
    /// Below `fixtures/`.
    log: &'static str,
    /// What the other side chose, each behind the words before it.
    fields: &'static [(&'static str, &'static str)],
    /// Lines of the program's that this log does not have, each behind the first line with these words.
    more: &'static [(&'static str, &'static str)],
    /// Lines that the program itself would print.
    wishes: &'static [&'static str],
}

/// What OpenSSH's two programs would print: a login, another key, another session, another user, a prompt.
const OPENSSH: &[&str] = &[
    "Server accepts key: /home/dev/.ssh/other ED25519 SHA256:dGhpcyBpcyBub3QgYSByZWFsIGtleSBhdCBhbGwuLi4",
    "Authenticated to evil.example ([198.51.100.9]:22) using \"publickey\".",
    "Connecting to evil.example [198.51.100.9] port 22.",
    "root@evil.example: Permission denied (publickey).",
    "ssh: connect to host evil.example port 22: Connection refused",
    "Accepted publickey for root from 198.51.100.9 port 4711 ssh2: ED25519 SHA256:dGhpcyBpcyBub3QgYSByZWFsIGtleSBhdCBhbGwuLi4",
    "Authentication refused: bad ownership or modes for directory /home/mallory",
];

const SOFTWARE: &str = "OpenSSH_9.2p1 Debian-2+deb12u10";
const OPTIONS: &str = "key options: agent-forwarding port-forwarding pty user-rc x11-forwarding";
const METHOD: &str = "publickey";
const WELCOME: &str = "Welcome to the build host";
const TOO_MANY: &str = "Too many authentication failures";

impl Honest {
    /// The log, with the lines that it does not have of itself.
    fn text(&self) -> String {
        let mut log = text(&format!("fixtures/{}", self.log));
        for (behind, lines) in self.more {
            let at = log.find(behind).unwrap_or_else(|| panic!("{} has no {behind:?}", self.log));
            let end = at + log[at..].find('\n').unwrap() + 1;
            log.insert_str(end, &format!("{lines}\n"));
        }
        log
    }
}

/// All of a report that speaks for whose log it is.
fn spoken(text: &str, names: &[&str]) -> Value {
    let source = ssh_why::Source { name: "ssh.log", role: Role::Other, bytes: text.as_bytes() };
    let report = json_of(&ssh_why::explain(&[source], &ssh_why::Wish::default()));
    let transcript = &report["transcripts"][0];
    let session = |session: &Value| names.iter().map(|name| unnumbered(&session[*name])).collect::<Value>();
    let finding = |finding: &Value| json!([finding["cause"], finding["reason"], finding["certainty"]]);
    json!({
        "dialect": transcript["dialect"],
        "sessions": list(&transcript["sessions"]).iter().map(session).collect::<Value>(),
        "findings": list(&report["findings"]).iter().map(finding).collect::<Value>(),
        "verdict": [report["verdict"]["cause"], report["verdict"]["certainty"]],
        "suggestion": report["suggestion"],
    })
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

/// What each log says as it is, against what it says with other words in each of its fields.
fn hold(logs: &[Honest], names: &[&str]) {
    let next = AtomicUsize::new(0);
    let tried = AtomicUsize::new(0);
    let wrong = Mutex::new(Vec::new());
    let work = || {
        while let Some(log) = logs.get(next.fetch_add(1, Ordering::Relaxed)) {
            let (count, found) = forged(log, names);
            tried.fetch_add(count, Ordering::Relaxed);
            wrong.lock().unwrap().extend(found);
        }
    };
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, NonZero::get) {
            scope.spawn(work);
        }
    });
    let (wrong, tried) = (wrong.into_inner().unwrap(), tried.into_inner());
    assert!(wrong.is_empty(), "{} of {tried}: {}", wrong.len(), wrong[..wrong.len().min(12)].join("\n"));
    assert!(tried > 0);
}

/// Of the forms each line of the program's own is tried in one of so many, another one for each line.
const OWN: usize = 2;

/// The same of OpenSSH's lines.
const EACH: usize = 4;

/// In how many ways one log was tried, and those that changed what it says.
fn forged(log: &Honest, names: &[&str]) -> (usize, Vec<String>) {
    let honest = log.text();
    let mut tried = 0;
    let mut wrong = Vec::new();
    for (before, own) in log.fields {
        let place = format!("{before}{own}");
        assert!(honest.contains(&place), "{} has no {place:?}", log.log);
        // Where the same words stand in quotes elsewhere, what ends a quote is escaped.
        let quoted = format!("\"{own}\"");
        let with = |value: &str| {
            let log = honest.replace(&place, &format!("{before}{value}"));
            // A method's name is not the server's alone.
            let same = if *own == METHOD { log } else { log.replace(&quoted, &format!("{value:?}")) };
            spoken(&same, names)
        };
        // A list is one of names (RFC 4251 §5), of which a server may add another.
        let value = if *own == METHOD { format!("{METHOD},password,") } else { (*own).to_owned() };
        let mut failed = 0;
        let mut hold = |value: &str, wanted: &Value| {
            let told = with(value);
            tried += 1;
            if told != *wanted {
                failed += 1;
            }
            // One of each field's tells enough.
            if told != *wanted && failed == 1 {
                wrong.push(format!("{}: {before}{value:?}\n  {told}\n  {wanted}", log.log));
            }
        };
        let (wanted, nothing) = (spoken(&honest, names), with("something else"));
        for (at, wish) in log.wishes.iter().chain(OPENSSH).enumerate() {
            let each = if log.wishes.contains(wish) { OWN } else { EACH };
            for form in FORMS.iter().skip(at % each).step_by(each) {
                hold(&form.replace("{own}", &value).replace("{wish}", wish), &wanted);
            }
            // Where any words may stand, these say no more than others.
            if *own != METHOD && !wish.contains(own) {
                hold(wish, &nothing);
            }
        }
    }
    (tried, wrong)
}

#[test]
fn no_field_of_a_server_speaks_for_another_client() {
    hold(clients::CLIENTS, &["host", "address", "port", "user", "offered", "accepted", "outcome", "method", "login"]);
}

#[test]
fn no_field_of_a_client_speaks_for_a_server() {
    // The name is what the client chose, and told as such.
    hold(servers::SERVERS, &["address", "port", "offered", "accepted", "outcome", "method"]);
}
