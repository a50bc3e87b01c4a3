//! HTML reports in a real browser: no request, and no script of a log's.
//!
//! needs: chromium

#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use ssh_why::model::Role;
use ssh_why::{Look, Report, Source, Wish, by_name, explain};

/// Opens a page as a file in a browser without a window: what became of it.
fn browse(page: &Path) -> String {
    let profile = tempfile::tempdir().unwrap();
    let output = Command::new("chromium")
        .args(["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"])
        .args([
            "--disable-background-networking",
            "--disable-component-update",
            "--host-resolver-rules=MAP * ~NOTFOUND",
        ])
        .args(["--enable-logging=stderr", "--virtual-time-budget=120000", "--timeout=120000", "--dump-dom"])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .arg(format!("file://{}", page.display()))
        .env("HOME", profile.path())
        .stdin(Stdio::null())
        .output()
        .expect("chromium runs (Debian: apt-get install chromium)");
    let said = String::from_utf8_lossy(&output.stderr);
    let console: Vec<&str> = said.lines().filter(|line| line.contains(":CONSOLE")).collect();
    assert!(console.is_empty(), "{console:#?}");
    let dom = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(dom.contains("<html"), "{said}");
    dom
}

fn written(form: &str, bytes: &[u8], shell: ssh_why::Shell) -> String {
    let source = Source { name: "log", role: Role::Other, bytes };
    let diagnosis = explain(&[source], &Wish { shell, login: None });
    (by_name(form).unwrap().write)(&Report::Diagnosis(&diagnosis), &Look { shell, ..Look::default() })
}

/// Texts that want to run, to load, or to leave the page.
fn hostile() -> Vec<String> {
    let tags =
        ["script", "img src=x", "svg", "iframe srcdoc=x", "details open", "body", "video src=x", "input autofocus"];
    let events = ["onerror", "onload", "ontoggle", "onfocus", "onmouseover", "onbegin"];
    let mut all: Vec<String> = tags
        .iter()
        .flat_map(|tag| events.iter().map(move |event| format!("<{tag} {event}=document.title='ran'>")))
        .collect();
    for text in [
        "<script>document.title='ran'</script>",
        "</code></pre><script>document.title='ran'</script>",
        "</title></style></svg></textarea><script>document.title='ran'</script>",
        "\"><script>document.title='ran'</script>",
        "'><img src=https://evil.example/x onerror=document.title='ran'>",
        "<link rel=stylesheet href=https://evil.example/x.css>",
        "<meta http-equiv=refresh content=0;url=https://evil.example>",
        "<a href=javascript:document.title='ran'>x</a>",
        "<!--",
        "--><script>document.title='ran'</script>",
        "<![CDATA[",
        "]]>",
        "&lt;script&gt;",
    ] {
        all.push(text.to_owned());
    }
    assert!(all.len() >= 50);
    all
}

/// A log with a text in every field that it has.
fn log_with(text: &str) -> String {
    format!(
        "$ ssh -v -i {text} {text}@{text}\n\
         OpenSSH_9.6p1, OpenSSL 3.0.13 {text}\n\
         debug1: Reading configuration data {text}\n\
         debug1: Connecting to {text} [{text}] port 22.\n\
         debug1: identity file {text} type 3\n\
         debug1: Remote protocol version 2.0, remote software version {text}\n\
         debug1: Authenticating to {text}:22 as '{text}'\n\
         debug1: Server host key: ssh-ed25519 SHA256:{text}\n\
         debug1: Offering public key: {text} RSA SHA256:{text} agent\n\
         debug1: Server accepts key: {text} RSA SHA256:{text} agent\n\
         debug1: Authentications that can continue: {text}\n\
         {text}@{text}: Permission denied ({text}).\n\
         Hi {text}! You've successfully authenticated, but GitHub does not provide shell access.\n"
    )
}

#[test]
fn no_log_acts_on_an_html_report() {
    let folder = tempfile::tempdir().unwrap();
    // All in one page: what one of them opened, another might close.
    let log: String = hostile().iter().map(|text| log_with(text)).collect();
    let report = written("html", log.as_bytes(), ssh_why::Shell::Sh);
    let page = folder.path().join("report.html");
    fs::write(&page, report).unwrap();
    let dom = browse(&page);
    assert!(!dom.contains("<title>ran"), "a script of the log ran");
    for tag in ["<script", "<iframe", "<img", "<link", "<video", "<input"] {
        assert!(!dom.contains(tag), "{tag} came alive");
    }
}
