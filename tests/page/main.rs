//! The page and the HTML reports in a real browser: no request, no script of a log's, and the same report.

#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod files;
mod hands;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use base64ct::{Base64, Encoding};
use ssh_why::model::Role;
use ssh_why::{Look, Report, Source, Wish, by_name, explain};

#[path = "../kit/page.rs"]
mod page;

use page::{browser, build, driven_by, project};

/// Logs in the project that the page is given.
fn fixtures() -> Vec<std::path::PathBuf> {
    fn below(folder: &Path, found: &mut Vec<std::path::PathBuf>) {
        let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        entries.sort();
        for path in entries {
            if path.is_dir() {
                below(&path, found);
            } else if path.extension().is_some_and(|ending| ending == "log") {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    below(&project().join("fixtures"), &mut found);
    assert!(found.len() > 100);
    found
}

/// Opens a page as a file in a browser without a window; what its scripts left in `#result`, if it has one.
fn browse(page: &Path) -> String {
    let profile = tempfile::tempdir().unwrap();
    let output = browser(&profile)
        .args(["--virtual-time-budget=120000", "--timeout=120000", "--dump-dom"])
        .arg(format!("file://{}", page.display()))
        .output()
        .expect("chromium runs (Debian: apt-get install chromium)");
    let said = String::from_utf8_lossy(&output.stderr);
    let console: Vec<&str> = said.lines().filter(|line| line.contains(":CONSOLE")).collect();
    assert!(console.is_empty(), "{console:#?}");
    let dom = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(dom.contains("<html"), "{said}");
    dom
}

/// What a script says that drives the page.
fn driven(script: &str) -> String {
    // The browser's virtual time runs out at once where nothing but a file's bytes is waited for: each tick takes work.
    let clock = "const clock = setInterval(() => { for (let at = 0; at < 200000; at++) Math.sqrt(at); }, 10);";
    let told = "{ clearInterval(clock); document.body.append(element('pre', { id: 'result', textContent: text })); }";
    let (_folder, index) = driven_by(clock, script, told);
    let dom = browse(&index);
    let result =
        dom.split("<pre id=\"result\">").nth(1).unwrap_or_else(|| panic!("the script did not end: {dom:.2000}"));
    result.split("</pre>").next().unwrap().to_owned()
}

fn written(form: &str, bytes: &[u8], shell: ssh_why::Shell) -> String {
    let source = Source { name: "log", role: Role::Other, bytes };
    let mut diagnosis = explain(&[source], &Wish { shell, login: None });
    if by_name(form).unwrap().logs {
        diagnosis.show(&[bytes], None);
    }
    (by_name(form).unwrap().write)(&Report::Diagnosis(&diagnosis), &Look { shell, ..Look::default() })
}

#[test]
fn the_page_is_soon_there() {
    build();
    let bytes = |path: &Path| fs::metadata(path).unwrap().len();
    let folder: u64 =
        fs::read_dir(project().join("web/page")).unwrap().map(|entry| bytes(&entry.unwrap().path())).sum();
    assert!(folder < 1_500_000, "the folder has {folder} bytes");
    let packed = bytes(&project().join("web/ssh-why-page.zip"));
    assert!(packed < 500_000, "packed it has {packed} bytes");
}

#[test]
fn two_logs_that_are_dropped_are_explained_and_shared_apart() {
    let log = |name: &str| {
        let bytes = fs::read(project().join("fixtures/demo").join(name)).unwrap();
        format!("new File([unpack('{}')], '{name}')", Base64::encode_string(&bytes))
    };
    let script = format!(
        "const frame = $('report'); const answered = () => new Promise((go) => {{ frame.onload = go; }});\n\
         const dataTransfer = new DataTransfer(); for (const file of [{}, {}]) dataTransfer.items.add(file);\n\
         let next = answered(); document.dispatchEvent(new DragEvent('drop', {{ dataTransfer, bubbles: true, cancelable: true }})); await next;\n\
         const said = $('said').textContent; next = answered(); $('redact').click(); await next;\n\
         const parts = [0, 1].map((only) => ask('redact', shown.sources, true, 'sh', only));\n\
         done([said, $('said').textContent, parts.join('') === ask('redact', shown.sources, true, 'sh'), \
         parts.some((part) => part.includes('/home/dev'))].join('|'));",
        log("vcs.log"),
        log("ci.log")
    );
    let said = driven(&script);
    let said: Vec<&str> = said.split('|').collect();
    assert!(said[0].starts_with("key-not-offered: /home/dev/"), "{said:?}");
    assert!(said[1].starts_with("key-not-offered: /home/user"), "{said:?}");
    assert_eq!(said[2..], ["true", "false"]);
}

#[test]
fn the_page_says_what_the_program_says() {
    let mut script = "const wrong = []; let count = 0;\n".to_owned();
    for path in fixtures() {
        let bytes = fs::read(&path).unwrap();
        let expected = written("json", &bytes, ssh_why::Shell::Sh);
        let (log, expected) = (Base64::encode_string(&bytes), Base64::encode_string(expected.as_bytes()));
        let name = path.strip_prefix(project()).unwrap().display();
        writeln!(
            script,
            "count++; if (ask('json', [{{ name: 'log', role: 'other', bytes: unpack('{log}') }}], false, 'sh') !== \
             decoder.decode(unpack('{expected}'))) wrong.push('{name}');"
        )
        .unwrap();
    }
    script.push_str("done(count + ' logs, wrong: ' + wrong.join(' '));");
    assert_eq!(driven(&script), format!("{} logs, wrong: ", fixtures().len()));
}

#[test]
fn the_page_explains_what_is_pasted() {
    let log = Base64::encode_string(&fs::read(project().join("fixtures/demo/vcs.log")).unwrap());
    let script = format!(
        "document.querySelector('textarea').value = decoder.decode(unpack('{log}'));\n\
         $('redact').checked = true; $('form').requestSubmit();\n\
         const frame = $('report'); await new Promise((go) => {{ frame.onload = go; }});\n\
         const report = frame.srcdoc; const main = frame.contentDocument.querySelector('main'); const shared = ask('redact', logs(), true, 'sh');\n\
         done([$('said').textContent, $('answer').hidden, report.includes('<svg'), \
         main.innerText.includes('authenticated') && frame.clientHeight >= main.clientHeight && main.clientHeight > 300, report.includes('/home/dev'), \
         shared.includes('/home/dev'), shared.includes('Offering public key: /home/user1/')].join('|'));"
    );
    let said = driven(&script);
    assert!(said.starts_with("authenticated: "), "{said}");
    assert!(said.ends_with("|false|true|true|false|false|true"), "{said}");
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
    assert!(dom.matches("<li").count() > 500, "the log is not shown");
    assert_eq!(dom.matches("<a ").count(), dom.matches("<a href=\"#L").count(), "a link leads away");
}

#[test]
fn no_log_acts_on_the_page() {
    let logs: Vec<String> =
        hostile().iter().map(|text| format!("'{}'", Base64::encode_string(log_with(text).as_bytes()))).collect();
    let script = format!(
        "for (const log of [{}]) {{ document.querySelector('textarea').value = decoder.decode(unpack(log)); \
         $('form').requestSubmit(); await new Promise((go) => setTimeout(go, 20)); }}\n\
         done(document.title + '|' + document.querySelectorAll('script').length);",
        logs.join(",")
    );
    assert_eq!(driven(&script), "ssh-why: why ssh was refused|4");
}
