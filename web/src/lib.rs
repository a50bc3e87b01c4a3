//! The core as WebAssembly: three functions, and memory between.
//!
//! The page asks for room (`ssh_why_alloc`), writes a request there, calls `ssh_why_run`, and reads the answer. Both begin with the
//! length of what follows, as four bytes, the lowest first. A request is a length, so many bytes of JSON ([`Request`]),
//! and then the logs' bytes, one after another. Nothing else goes in or out: the module has no imports.

use serde::Deserialize;
use ssh_why::inside::redact::{Learner, Redactor, Rewriter};
use ssh_why::model::Role;
use ssh_why::{Look, Report, Shell, Source, Wish, by_name};

/// What the page wants.
#[derive(Debug, Deserialize)]
struct Request {
    /// A form's name; `redact` for the logs themselves, with stand-ins.
    form: String,
    /// Replace what tells whose the logs are.
    redact: bool,
    /// `sh`, `powershell` or `cmd`.
    shell: String,
    /// Of the logs with stand-ins, the one of this number; else all.
    only: Option<usize>,
    sources: Vec<Log>,
}

/// A log's place in a request.
#[derive(Debug, Deserialize)]
struct Log {
    name: String,
    /// `vcs`, `ci` or `other`.
    role: String,
    /// Its length, in bytes.
    length: usize,
}

/// Writes what a request asks for. A request that can't be read gets a sentence.
pub fn answer(request: &[u8]) -> String {
    match parse(request) {
        Some((request, logs)) => written(&request, &logs),
        None => "the request can't be read".to_owned(),
    }
}

fn parse(bytes: &[u8]) -> Option<(Request, Vec<&[u8]>)> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    let (header, mut rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
    let request: Request = serde_json::from_slice(header).ok()?;
    let mut logs = Vec::new();
    for log in &request.sources {
        let (log, after) = rest.split_at_checked(log.length)?;
        logs.push(log);
        rest = after;
    }
    Some((request, logs))
}

fn written(request: &Request, logs: &[&[u8]]) -> String {
    if request.form == "redact" {
        return redacted(request, logs);
    }
    let shell = match request.shell.as_str() {
        "powershell" => Shell::PowerShell,
        "cmd" => Shell::Cmd,
        _ => Shell::Sh,
    };
    let mut sources: Vec<Source<'_>> = request
        .sources
        .iter()
        .zip(logs)
        .map(|(log, bytes)| Source { name: &log.name, role: role(&log.role), bytes })
        .collect();
    // As the program has them, whose options come behind one another.
    sources.sort_by_key(|source| match source.role {
        Role::Other => 0,
        Role::Vcs => 1,
        Role::Ci => 2,
    });
    let mut diagnosis = ssh_why::explain(&sources, &Wish { shell, login: None });
    if request.redact {
        diagnosis.redact(&mut Redactor::default());
    }
    let Some(form) = by_name(&request.form) else { return format!("there is no form called {}", request.form) };
    (form.write)(&Report::Diagnosis(&diagnosis), &Look { shell, ..Look::default() })
}

fn role(name: &str) -> Role {
    match name {
        "vcs" => Role::Vcs,
        "ci" => Role::Ci,
        _ => Role::Other,
    }
}

/// The logs with stand-ins, one after another, as `ssh-why redact` writes them.
fn redacted(request: &Request, logs: &[&[u8]]) -> String {
    let mut redactor = Redactor::default();
    let breaks: Vec<_> = request
        .sources
        .iter()
        .zip(logs)
        .map(|(log, bytes)| {
            let mut learner = Learner::new(&log.name);
            learner.feed(bytes, &mut redactor);
            learner.finish(&mut redactor).1
        })
        .collect();
    let mut text = Vec::new();
    for (number, (bytes, breaks)) in logs.iter().zip(breaks).enumerate() {
        let start = text.len();
        let mut rewriter = Rewriter::new(breaks);
        rewriter.feed(bytes, &mut redactor, &mut text);
        rewriter.finish(&mut redactor, &mut text);
        // All are written: which stand-in comes first is the same whichever is wanted.
        if request.only.is_some_and(|only| only != number) {
            text.truncate(start);
        }
    }
    String::from_utf8_lossy(&text).into_owned()
}

/// Room for so many bytes.
#[unsafe(no_mangle)]
pub extern "C" fn ssh_why_alloc(length: usize) -> *mut u8 {
    Box::into_raw(vec![0_u8; length].into_boxed_slice()).cast()
}

/// Gives room back.
///
/// # Safety
/// `room` is what `ssh_why_alloc` or `ssh_why_run` gave, with the length that it was given for.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ssh_why_free(room: *mut u8, length: usize) {
    // SAFETY: as above; both give boxed slices away.
    drop(unsafe { Box::from_raw(std::ptr::slice_from_raw_parts_mut(room, length)) });
}

/// Answers a request: the address of the answer's length, and of its text behind that.
///
/// # Safety
/// `request` is what `ssh_why_alloc` gave for `length` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ssh_why_run(request: *const u8, length: usize) -> *mut u8 {
    // SAFETY: as above.
    let text = answer(unsafe { std::slice::from_raw_parts(request, length) });
    let mut bytes = u32::try_from(text.len()).unwrap_or_default().to_le_bytes().to_vec();
    bytes.extend_from_slice(text.as_bytes());
    Box::into_raw(bytes.into_boxed_slice()).cast()
}
