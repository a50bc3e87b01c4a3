//! What a program puts before a library's words is its own choice: another format of its logger changes nothing.

use ssh_why::model::Role;

use crate::kit::{Source, cases, judge};

/// A line in another dress, if it is one of the logger's.
type Dress = fn(&str) -> Option<String>;

/// What a log says that does not depend on its lines' dress.
fn said(log: &str) -> Vec<String> {
    let report = judge(&[Source::new("client.log", Role::Other, log)]);
    let verdict = &report.json["verdict"];
    let mut said = vec![format!("{} {}", verdict["cause"], verdict["certainty"])];
    for (_, session) in report.sessions() {
        let offered = session["offered"].as_array().unwrap().len();
        let fields = ["outcome", "host", "port", "user", "method"].map(|field| session[field].to_string());
        said.push(format!("{} {offered}", fields.join(" ")));
    }
    said
}

fn dressed_alike(client: &str, dresses: &[(&str, Dress)]) {
    let mut logs = 0;
    for case in cases("dialects").iter().filter(|case| case.cause == client) {
        let bytes = case.sources().swap_remove(0).bytes;
        let log = String::from_utf8(bytes).unwrap();
        for (name, dress) in dresses {
            let other: Vec<String> = log.lines().map(|line| dress(line).unwrap_or_else(|| line.to_owned())).collect();
            let other = other.join("\n") + "\n";
            if other.trim_end() != log.trim_end() {
                logs += 1;
                assert_eq!(said(&other), said(&log), "{} as {name}:\n{other}", case.name);
            }
        }
    }
    assert!(logs >= 8, "{logs} logs of {client} are few");
}

/// `[TIME LEVEL MODULE] WORDS` of env_logger: level, module, words.
fn of_env_logger(line: &str) -> Option<(&str, &str, &str)> {
    let (head, words) = line.strip_prefix('[')?.split_once("] ")?;
    let mut parts = head.split_whitespace().skip(1);
    Some((parts.next()?, parts.next()?, words))
}

#[test]
fn russh_behind_other_loggers() {
    dressed_alike(
        "russh",
        &[
            ("tracing", |line| {
                let (level, module, words) = of_env_logger(line)?;
                Some(format!("2026-01-02T10:00:00.000Z {level:>5} {module}: {words}"))
            }),
            ("fern", |line| {
                let (level, module, words) = of_env_logger(line)?;
                Some(format!("[2026-01-02][10:00:00][{module}][{level}] {words}"))
            }),
            ("simplelog", |line| {
                let (level, module, words) = of_env_logger(line)?;
                Some(format!("10:00:00 [{level}] {module}: {words}"))
            }),
            ("brackets", |line| {
                let (level, module, words) = of_env_logger(line)?;
                Some(format!("[{level}] [{module}] {words}"))
            }),
        ],
    );
}

/// `D, [TIME #PROCESS] DEBUG -- PART: WORDS` of Ruby's Logger: level, part and words.
fn of_ruby(line: &str) -> Option<(&str, &str)> {
    let (before, rest) = line.split_once(" -- ")?;
    let level = before.rsplit(' ').next()?;
    (before.contains(" #") && rest.contains("]: ")).then_some((level, rest))
}

#[test]
fn net_ssh_behind_other_formatters() {
    dressed_alike(
        "net-ssh",
        &[
            ("a level", |line| of_ruby(line).map(|(level, rest)| format!("{level}: {rest}"))),
            ("nothing", |line| of_ruby(line).map(|(_, rest)| rest.to_owned())),
            ("a time and a level", |line| {
                let (level, rest) = of_ruby(line)?;
                Some(format!("[2026-01-02T10:00:00.5] {level} {}", rest.replacen("]: ", "] ", 1)))
            }),
        ],
    );
}

fn of_jsch(line: &str) -> Option<(&str, &str)> {
    ["INFO", "WARN", "DEBUG"].iter().find_map(|level| Some((*level, line.strip_prefix(level)?.strip_prefix(": ")?)))
}

#[test]
fn jsch_behind_javas_loggers() {
    dressed_alike(
        "jsch",
        &[
            ("logback", |line| {
                let (level, words) = of_jsch(line)?;
                Some(format!("2026-01-02 10:00:00.123 [main] {level:5} c.e.ssh.JschLogger - {words}"))
            }),
            ("Spring", |line| {
                let (level, words) = of_jsch(line)?;
                Some(format!("2026-01-02 10:00:00.123  {level:5} 1 --- [  main] com.example.Jsch  : {words}"))
            }),
        ],
    );
}

/// Loggers of programs' own: DBeaver's, Android's, one that numbers its levels.
#[test]
fn jsch_behind_programs_own_names() {
    for before in [
        "2024-05-01 10:00:00.789 - SSH INFO: ",
        "jschLog=",
        "Level: 1, message: ",
        "05-01 10:00:00.000  1234  1234 I/JSch: ",
    ] {
        let log: String = [
            "Connecting to box.example port 2222",
            "Connection established",
            "Remote version string: SSH-2.0-OpenSSH_9.2p1",
            "SSH_MSG_SERVICE_ACCEPT received",
            "Next authentication method: publickey",
            "Authentication succeeded (publickey).",
        ]
        .iter()
        .map(|words| format!("{before}{words}\n"))
        .collect();
        let report = judge(&[Source::new("app.log", Role::Other, log.as_str())]);
        let session = &report.json["transcripts"][0]["sessions"][0];
        assert_eq!(report.verdict(), "authenticated", "{before}: {}", report.json);
        assert_eq!((session["host"].as_str(), session["port"].as_u64()), (Some("box.example"), Some(2222)), "{before}");
    }
}
