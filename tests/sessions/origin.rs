//! What a server chose stays the server's: in a log that has its line ends, no word of it becomes a statement.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::kit::origin::{LOGS, log};
use crate::kit::{Source, judge, logs, origin, proptest_cases};
use ssh_why::model::Role;

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
pub(crate) const FORMS: &[&str] = &[
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
    "{own}: {wish}",
    "{own}\"] {wish}",
    "{own} ({wish})",
    "{own} `{wish}`",
];

/// A key or a list of keys without the lines they stand in, which a server may well move.
pub(crate) fn unnumbered(value: &Value) -> Value {
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
pub(crate) fn spoken(text: String) -> Value {
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

proptest! {
    #![proptest_config(proptest_cases(300))]

    /// The fuzz targets' bodies, with few inputs.
    #[test]
    fn no_mark_of_a_server_stands_for_the_client(bytes in seeded()) {
        origin::marked(&bytes);
    }

    #[test]
    fn two_logs_in_either_order_tell_the_same(one in any::<prop::sample::Index>(), two in any::<prop::sample::Index>()) {
        let logs = logs();
        let bytes = |index: prop::sample::Index| logs[index.index(logs.len())].1.as_slice();
        origin::pair(bytes(one), bytes(two));
    }
}

/// Words of a server, of letters and of what stands for a wish.
fn seeded() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        4 => (1u8..32).prop_map(|wish| vec![wish]),
        2 => prop::sample::select(vec!["debug1: ", "<br>", "\\n", "\\r\\n", "\r", "$ ", " ", "\u{1b}[K", ",", "=", "{\"log\":\""])
            .prop_map(|piece| piece.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..20),
    ];
    (any::<[u8; 2]>(), prop::collection::vec(piece, 0..12))
        .prop_map(|(place, pieces)| place.into_iter().chain(pieces.concat()).collect())
}
