//! What hands do on the page: paste, drop, choose a role, copy, save, follow a link, open a fold.

use base64ct::{Base64, Encoding};
use ssh_why::inside::redact::Redactor;
use ssh_why::model::Role;
use ssh_why::{Look, Report, Shell, Source, Wish, by_name, explain};

use super::{driven, project};

/// What every script here begins with.
pub(crate) const HANDS: &str = "const frame = $('report');\n\
    const answered = () => new Promise((go) => { frame.onload = () => setTimeout(go); });\n\
    const drop = async (...files) => { const dataTransfer = new DataTransfer(); for (const [name, text] of files) \
    dataTransfer.items.add(new File([unpack(text)], name)); const next = answered(); document.dispatchEvent(new \
    DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true })); await next; };\n\
    const made = []; URL.createObjectURL = (blob) => { made.push(blob); return 'about:blank#made'; };\n\
    HTMLAnchorElement.prototype.click = () => {};\n";

pub(crate) fn packed(bytes: &[u8]) -> String {
    Base64::encode_string(bytes)
}

pub(crate) fn demo(name: &str) -> Vec<u8> {
    std::fs::read(project().join("fixtures/demo").join(name)).unwrap()
}

/// The same log as Windows' Notepad, and as PowerShell's `>` would write it.
fn windows(log: &[u8]) -> Vec<u8> {
    String::from_utf8_lossy(log).replace('\n', "\r\n").into_bytes()
}

pub(crate) fn powershell(log: &[u8]) -> Vec<u8> {
    let text = String::from_utf8(windows(log)).unwrap();
    [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

/// What the program writes for these logs.
fn program(form: &str, logs: &[(&str, Role, &[u8])], redact: bool) -> String {
    let sources: Vec<Source<'_>> = logs.iter().map(|(name, role, bytes)| Source { name, role: *role, bytes }).collect();
    let mut diagnosis = explain(&sources, &Wish { shell: Shell::Sh, login: None });
    let form = by_name(form).unwrap();
    let mut redactor = redact.then(Redactor::default);
    if form.logs {
        let bytes: Vec<&[u8]> = logs.iter().map(|(.., bytes)| *bytes).collect();
        diagnosis.show(&bytes, redactor.as_mut());
    } else if let Some(redactor) = &mut redactor {
        diagnosis.redact(redactor);
    }
    (form.write)(&Report::Diagnosis(&diagnosis), &Look::default())
}

#[test]
fn two_files_are_dropped_get_their_roles_and_are_saved() {
    let logs = [("vcs.log", Role::Vcs, windows(&demo("vcs.log"))), ("ci.log", Role::Ci, powershell(&demo("ci.log")))];
    let logs: Vec<(&str, Role, &[u8])> = logs.iter().map(|(name, role, log)| (*name, *role, log.as_slice())).collect();
    let script = format!(
        "{HANDS} await drop(['vcs.log', '{}'], ['ci.log', '{}']);\n\
         const roles = document.querySelectorAll('fieldset select'); const choose = async (at, role) => {{ const next = answered(); \
         roles[at].value = role; roles[at].dispatchEvent(new Event('change', {{ bubbles: true }})); await next; }};\n\
         await choose(0, 'vcs'); await choose(1, 'ci');\n\
         let copied; navigator.clipboard.writeText = async (text) => {{ copied = text; }};\n\
         $('copy').click(); await new Promise((go) => setTimeout(go, 50)); const said = $('said').textContent;\n\
         $('save').click(); $('share').click();\n\
         const texts = await Promise.all(made.map((blob) => blob.text()));\n\
         const same = (text, expected) => text === decoder.decode(unpack(expected));\n\
         done([said, same(copied, '{}'), texts.length, same(texts[0], '{}'), same(frame.srcdoc, '{}'), \
         texts[1].includes('/home/dev'), texts[1].includes('Authenticated to github.com')].join('|'));",
        packed(logs[0].2),
        packed(logs[1].2),
        packed(program("markdown", &logs, false).as_bytes()),
        packed(program("html", &logs, false).as_bytes()),
        packed(program("html", &logs, false).as_bytes()),
    );
    assert_eq!(driven(&script), "Copied.|true|3|true|true|false|true");
}

/// Text that comes in as if it had been typed, and the event that a paste is.
#[test]
fn a_long_paste_is_explained() {
    let log = demo("ci.log");
    let script = format!(
        "{HANDS} const chatter = Array.from({{ length: 250000 }}, (_, at) => `[${{at}}] unit ${{at % 977}} was built, and all is well`).join('\\n');\n\
         const text = chatter + '\\n' + decoder.decode(unpack('{}')); const area = document.querySelector('textarea'); area.focus();\n\
         const next = answered(); area.dispatchEvent(new ClipboardEvent('paste', {{ bubbles: true }})); area.setRangeText(text); await next;\n\
         const shown = frame.contentDocument;\n\
         done([text.length > 1e7, $('said').textContent, shown.querySelectorAll('.log li').length < 2100, \
         [...shown.querySelectorAll('.log mark')].some((line) => line.textContent.includes('Trying private key'))].join('|'));",
        packed(&log)
    );
    assert_eq!(driven(&script), "true|no-identity: ssh had no key to offer.|true|true");
}

#[test]
fn quotes_lead_to_their_lines_in_the_frame() {
    let script = format!(
        "{HANDS} await drop(['ci.log', '{}']); const shown = frame.contentDocument; const before = frame.clientHeight;\n\
         shown.querySelector('summary').click(); await new Promise((go) => setTimeout(go, 200));\n\
         const link = shown.querySelector('.proof a'); link.click(); await new Promise((go) => setTimeout(go, 200));\n\
         done([frame.clientHeight > before, frame.contentDocument === shown, '#' + shown.activeElement.id === link.getAttribute('href'), \
         shown.activeElement.textContent.includes('Trying private key')].join('|'));",
        packed(&demo("ci.log"))
    );
    assert_eq!(driven(&script), "true|true|true|true");
}

/// With stand-ins there is none of the log's own names in what is shown, nor in what is saved.
#[test]
fn what_is_shared_names_nobody() {
    let log = demo("vcs.log");
    let script = format!(
        "{HANDS} await drop(['mona.log', '{}']); const next = answered(); $('redact').click(); await next; $('save').click();\n\
         const text = await made[0].text(); done([text === decoder.decode(unpack('{}')), \
         ['/home/dev', 'octocat', '140.82.112.4', 'mona'].filter((name) => text.includes(name) || frame.srcdoc.includes(name)).join()].join('|'));",
        packed(&log),
        packed(program("html", &[("mona.log", Role::Other, &log)], true).as_bytes())
    );
    assert_eq!(driven(&script), "true|");
}

/// Verdict, what to run and proof are seen at once: the page goes there, and a fold that opens does not move it.
#[test]
fn the_report_is_in_view() {
    let log = packed(&demo("ci.log"));
    let script = format!(
        "{HANDS} const top = () => Math.round(frame.getBoundingClientRect().top); await drop(['ci.log', '{log}']); await 0; \
         await new Promise((go) => setTimeout(go, 50)); const seen = [top() >= 0 && top() < 120, scrollY > 0]; \
         const shown = frame.contentDocument; scrollTo(0, document.documentElement.scrollHeight); const there = scrollY; \
         const high = frame.clientHeight; const fold = shown.querySelector('summary'); \
         const wait = () => new Promise((go) => setTimeout(go, 200)); fold.click(); await wait(); \
         seen.push(scrollY === there, frame.clientHeight > high); fold.click(); await wait(); seen.push(frame.clientHeight === high); \
         scrollTo(0, 0); $('redact').click(); await answered(); await wait(); seen.push(scrollY); done(seen.join('|'));"
    );
    assert_eq!(driven(&script), "true|true|true|true|true|0");
}

#[test]
fn a_log_is_removed() {
    let (vcs, ci) = (packed(&demo("vcs.log")), packed(&demo("ci.log")));
    let script = format!(
        "{HANDS} await drop(['vcs.log', '{vcs}'], ['ci.log', '{ci}']); const remove = () => document.querySelector('[aria-label=\"Remove log 1\"]').click(); \
         const first = $('said').textContent.slice(0, 15); const next = answered(); remove(); await next; \
         const names = () => [...document.querySelectorAll('legend')].map((legend) => legend.textContent).join(); \
         const then = [$('said').textContent, names()]; remove(); \
         done([first, ...then, $('said').textContent, names(), $('answer').hidden, document.activeElement.tagName].join('|'));"
    );
    assert_eq!(
        driven(&script),
        "key-not-offered|no-identity: ssh had no key to offer.|Log 1: ci.log|The log was removed.|Log 1|true|TEXTAREA"
    );
}
