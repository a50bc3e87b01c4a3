//! The core as WebAssembly: three functions, and memory between.
//!
//! The page asks for room (`ssh_why_alloc`), writes a request there, calls `ssh_why_run`, and reads the answer. Both begin with the
//! length of what follows, as four bytes, the lowest first. A request is a length, so many bytes of words with NULs between
//! them ([`Request`]'s fields, then each log's name, role and length), and then the logs' bytes, one after another. Nothing else goes in or out: the module has no imports.

use ssh_why::inside::redact::{Learner, Redactor, Rewriter};
use ssh_why::model::Role;
use ssh_why::{Look, Report, Shell, Source, Wish, by_name};

/// What the page wants.
#[derive(Debug)]
struct Request<'a> {
    /// A form's name; `redact` for the logs themselves, with stand-ins.
    form: &'a str,
    /// Replace what tells whose the logs are.
    redact: bool,
    /// `sh`, `powershell` or `cmd`.
    shell: &'a str,
    /// Of the logs with stand-ins, the one of this number; else all.
    only: Option<usize>,
    logs: Vec<Log<'a>>,
}

/// A log.
#[derive(Debug)]
struct Log<'a> {
    name: &'a str,
    /// `vcs`, `ci` or `other`.
    role: &'a str,
    bytes: &'a [u8],
}

/// Writes what a request asks for. A request that can't be read gets a sentence.
pub fn answer(request: &[u8]) -> String {
    match parse(request) {
        Some(request) => written(&request),
        None => "the request can't be read".to_owned(),
    }
}

fn parse(bytes: &[u8]) -> Option<Request<'_>> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    let (header, mut rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
    let mut words = std::str::from_utf8(header).ok()?.split('\0');
    let (form, redact, shell) = (words.next()?, words.next()? == "1", words.next()?);
    let only = match words.next()? {
        "" => None,
        number => Some(number.parse().ok()?),
    };
    let mut logs = Vec::new();
    while let Some(name) = words.next() {
        let role = words.next()?;
        let (bytes, after) = rest.split_at_checked(words.next()?.parse().ok()?)?;
        logs.push(Log { name, role, bytes });
        rest = after;
    }
    Some(Request { form, redact, shell, only, logs })
}

fn written(request: &Request<'_>) -> String {
    if request.form == "redact" {
        return redacted(request);
    }
    let shell = match request.shell {
        "powershell" => Shell::PowerShell,
        "cmd" => Shell::Cmd,
        _ => Shell::Sh,
    };
    let logs = request.logs.iter();
    let mut sources: Vec<Source<'_>> =
        logs.map(|log| Source { name: log.name, role: role(log.role), bytes: log.bytes }).collect();
    // As the program has them, whose options come behind one another.
    sources.sort_by_key(|source| match source.role {
        Role::Other => 0,
        Role::Vcs => 1,
        Role::Ci => 2,
    });
    let Some(form) = by_name(request.form) else { return format!("there is no form called {}", request.form) };
    let mut diagnosis = ssh_why::explain(&sources, &Wish { shell, login: None });
    let mut redactor = request.redact.then(Redactor::default);
    if form.logs {
        let logs: Vec<&[u8]> = sources.iter().map(|source| source.bytes).collect();
        diagnosis.show(&logs, redactor.as_mut());
    } else if let Some(redactor) = &mut redactor {
        diagnosis.redact(redactor);
    }
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
fn redacted(request: &Request<'_>) -> String {
    let mut redactor = Redactor::default();
    let mut breaks = Vec::new();
    for log in &request.logs {
        let mut learner = Learner::new(log.name);
        learner.feed(log.bytes, &mut redactor);
        breaks.push(learner.finish(&mut redactor).1);
    }
    let mut text = Vec::new();
    for (number, (log, breaks)) in request.logs.iter().zip(breaks).enumerate() {
        let start = text.len();
        let mut rewriter = Rewriter::new(breaks);
        rewriter.feed(log.bytes, &mut redactor, &mut text);
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
