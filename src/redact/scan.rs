//! Where in a line something stands that tells whose the log is.

use std::ops::Range;

use super::line::{Found, Scan};
use super::names::Names;
use super::plain::colour;
use super::sort::Sort;
use super::{
    address, command, database, field, key_text, line_form, path, prose, public, secret, shell_form, token, told,
};
use crate::provider;

/// Where git hosts' own pages lie, for which no account can be called.
const PAGES: &[&str] = &[
    "",
    "about",
    "apps",
    "contact",
    "docs",
    "en",
    "enterprise",
    "enterprises",
    "features",
    "help",
    "login",
    "organizations",
    "orgs",
    "profile",
    "security",
    "settings",
    "site",
    "support",
    "users",
    "-",
];

/// What stands in a line, in order.
pub(super) fn scan(line: &str, names: &Names) -> Vec<Found> {
    let mut scan = Scan::new(line, names);
    let forms = [
        line_form::logging_host,
        line_form::environment,
        line_form::key_comment,
        line_form::argument,
        line_form::listed_key,
        line_form::quoted_key,
        line_form::packed,
        line_form::not_found,
        secret::rest_of_line,
        told::typed,
        told::echoed,
    ];
    for whole in forms {
        if let Some((at, sort)) = whole(line) {
            // What a program says behind a prompt was not typed there.
            if sort != Sort::Secret || !scan.is_own(&at) {
                scan.shown(at, sort);
            }
        }
    }
    let commands = command::hosts(line).into_iter().chain(database::places(line));
    let several = shell_form::places(line).into_iter().chain(prose::places(line)).chain(commands);
    for (at, sort) in several {
        scan.shown(at, sort);
    }
    let mut fixed = std::mem::take(&mut scan.found);
    fixed.sort_by_key(|found| (found.at.start, std::cmp::Reverse(found.at.end)));
    fixed.dedup_by(|next, before| next.at.start < before.at.end);
    let mut from = 0;
    for found in &fixed {
        scan.tokens(from..found.at.start);
        from = found.at.end;
    }
    scan.tokens(from..line.len());
    scan.found.extend(fixed);
    scan.found.sort_by_key(|found| (found.at.start, std::cmp::Reverse(found.at.end)));
    scan.found.dedup_by(|next, before| next.at.start < before.at.end);
    scan.found
}

impl Scan<'_> {
    /// Words between blanks, quotes and brackets.
    fn tokens(&mut self, within: Range<usize>) {
        let bytes = self.line.as_bytes();
        let mut at = within.start;
        while at < within.end {
            let width = separator(self.line, at).max(spelt_end(&bytes[at..within.end]));
            if width > 0 {
                at += width;
                continue;
            }
            let start = at;
            while at < within.end && separator(self.line, at) == 0 {
                let spelt = || spelt_end(&bytes[at..within.end]) > 0 && !path::is_windows(&bytes[start..at]);
                if at > start && (level(&bytes[at..]) || spelt()) {
                    break;
                }
                at += 1;
                while at < within.end && !self.line.is_char_boundary(at) {
                    at += 1;
                }
            }
            at = path::with_blanks(self.line, start, at).min(within.end);
            self.token(start..at);
        }
    }

    fn token(&mut self, at: Range<usize>) {
        let text = &self.line[at.clone()];
        if let Some((digits, sort)) = key_text::find(text) {
            let (start, end) = (at.start + digits.start, at.start + digits.end);
            self.token(at.start..start);
            self.shown(start..end, sort);
            return self.token(end..at.end);
        }
        if text.len() < 2 && !text.starts_with(|c: char| c.is_alphanumeric()) || text.is_empty() {
            return;
        }
        if self.told(&at) {
            return;
        }
        if let Some((value, sort)) = field::value(self.line, at.clone()) {
            self.token(value.end..at.end);
            return match sort {
                Sort::Repository | Sort::Name => path::repository(self, value),
                sort => self.shown(value, sort),
            };
        }
        if let Some(token) = token::find(text) {
            let (start, end) = (at.start + token.start, at.start + token.end);
            self.token(at.start..start);
            self.shown(start..end, Sort::Secret);
            return self.token(end..at.end);
        }
        if let Some(scheme) = text.find("://") {
            return self.url(at.start + scheme + 3..at.end);
        }
        // `fd00::7/64`
        if let Some(zone) = address::v6(text.split('/').next().unwrap_or_default()) {
            return self.shown(at.start + zone.start..at.start + zone.end, Sort::Address);
        }
        if address::is_hardware(text.trim_end_matches(['.', ':'])) {
            return self.shown(at.start..at.start + address::HARDWARE, Sort::Address);
        }
        if text.contains('@') {
            return self.user_at_host(at);
        }
        if text.contains(['/', '\\']) {
            return path::scan(self, at);
        }
        self.words(at, false);
    }

    /// What of a word is secret by what stands before it.
    fn told(&mut self, at: &Range<usize>) -> bool {
        if told::is(self.line, at.clone()) && !self.is_own(at) {
            self.shown(at.clone(), Sort::Secret);
            return true;
        }
        let text = &self.line[at.clone()];
        let starts = text.match_indices(':').map(|(colon, _)| at.start + colon + 1);
        let value = starts.map(|start| start..at.end).find(|value| told::is(self.line, value.clone()));
        let Some(value) = value.or_else(|| told::glued(self.line, at)) else { return false };
        self.token(at.start..value.start);
        self.shown(value, Sort::Secret);
        true
    }

    /// `[USER[:PASSWORD]@]HOST[:PORT][/PATH]`, behind `SCHEME://`.
    fn url(&mut self, at: Range<usize>) {
        let text = &self.line[at.clone()];
        let end = text.find(['/', '\\', '?', '#']).map_or(at.end, |slash| at.start + slash);
        let authority = &self.line[at.start..end];
        let host = match authority.rfind('@') {
            Some(sign) => {
                self.user(at.start..at.start + sign);
                at.start + sign + 1
            }
            None => at.start,
        };
        let name = self.line[host..end].split(':').next().unwrap_or_default();
        let known = public::host(name);
        self.words(host..end, true);
        let page = self.line[end..at.end].trim_start_matches('/').split('/').next().unwrap_or_default();
        let hosted = provider::by_host(name).is_some() && !PAGES.contains(&page);
        let git = authority.contains('@') || text.contains(".git") || hosted;
        if !known && name.is_empty() {
            path::scan(self, end..at.end);
        } else if git {
            path::repository(self, end..at.end);
        } else if !known {
            path::below(self, end..at.end);
        }
    }

    /// `USER@HOST`, and what follows: `:PATH`, `:PORT`, `/PATH`, a prompt's folder.
    fn user_at_host(&mut self, at: Range<usize>) {
        let text = &self.line[at.clone()];
        let Some(sign) = text.rfind('@').map(|sign| at.start + sign) else { return };
        let host_end = self.line[sign + 1..at.end].find([':', '/', '\\', '~', '#', '$', '%']);
        let host_end = host_end.map_or(at.end, |end| sign + 1 + end);
        let (name, host) = (&self.line[at.start..sign], self.line[sign + 1..host_end].trim_end_matches('.'));
        if public::is_extension(name, host) {
            return;
        }
        let bracketed = host.is_empty() && self.line[sign + 1..].starts_with(['[', '<', '*', '\'', '"']);
        if !bracketed && !host.starts_with(|c: char| c.is_alphanumeric() || c == '_') {
            return self.words(at, false);
        }
        if host.starts_with(|c: char| c.is_ascii_digit()) && host.contains('.') && !address::is_v4(host) {
            // `ssh2@1.15.0`: a release.
            return;
        }
        self.user(at.start..sign);
        if host.bytes().all(|byte| byte.is_ascii_digit()) && !host.is_empty() {
            // `mona@10.*`
            return;
        }
        let rest = host_end..at.end;
        let tail = self.line[rest.clone()].trim_start_matches(':');
        let own = tail.len() < rest.len() && !tail.is_empty() && !tail.starts_with(['~', '/', '\\', '$']);
        if own && !tail.starts_with(|c: char| c.is_ascii_digit()) {
            self.words(sign + 1..host_end, true);
            return path::repository(self, rest.end - tail.len()..rest.end);
        }
        let slash = tail.find(['/', '\\', '~']).map_or(rest.end, |slash| rest.end - tail.len() + slash);
        self.words(sign + 1..slash, true);
        if name.ends_with("git") {
            path::repository(self, slash..rest.end);
        } else {
            path::scan(self, slash..rest.end);
        }
    }

    /// `[DOMAIN\]USER[:PASSWORD]`
    fn user(&mut self, at: Range<usize>) {
        let text = &self.line[at.clone()];
        let colon = text.find(':').map_or(at.end, |colon| at.start + colon);
        if colon < at.end {
            self.shown(colon + 1..at.end, Sort::Secret);
        }
        let mut start = at.start;
        for part in self.line[at.start..colon].split(['\\', '/', '+', '%']) {
            let end = start + part.len();
            let bare = part.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '_' && c != '-');
            if bare.chars().any(char::is_alphanumeric) {
                self.shown(end - bare.len()..end, Sort::User);
            }
            start = end + 1;
        }
    }
}

/// The bytes of what stands between words at `at`; 0 for a part of a word.
fn separator(line: &str, at: usize) -> usize {
    let rest = &line.as_bytes()[at..];
    match rest[0] {
        0x1b if rest.get(1) == Some(&b'[') => colour(rest).max(1),
        b'\\' | b'^' => spelt_colour(rest).max(spelt_quote(rest)),
        b'%' => per_cent(rest),
        0..=b' '
        | 0x7f
        | b'"'
        | b'\''
        | b'`'
        | b'('
        | b')'
        | b'<'
        | b'>'
        | b'{'
        | b'}'
        | b'['
        | b']'
        | b','
        | b';'
        | b'='
        | b'|'
        | b'*' => 1,
        b'&' => entity(rest),
        0x80.. => {
            let c = line[at..].chars().next().unwrap_or(' ');
            if c.is_alphanumeric() || c == '\u{fffd}' { 0 } else { c.len_utf8() }
        }
        _ => 0,
    }
}

/// The bytes of a character that a web page spells out.
fn entity(rest: &[u8]) -> usize {
    let name = rest.iter().skip(1).take(6).take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'#').count();
    if name > 1 && rest.get(name + 1) == Some(&b';') { name + 2 } else { 0 }
}

/// The bytes of a terminal's colour whose first byte is spelt out.
fn spelt_colour(rest: &[u8]) -> usize {
    let starts: [&[u8]; 5] = [b"\\033[", b"\\e[", b"\\x1b[", b"\\u001b[", b"^[["];
    let Some(start) = starts.iter().find(|start| rest.starts_with(start)) else { return 0 };
    rest[start.len()..].iter().position(u8::is_ascii_alphabetic).map_or(0, |end| start.len() + end + 1)
}

/// The bytes of a quotation mark within a quotation: `\"`.
fn spelt_quote(rest: &[u8]) -> usize {
    let run = rest.iter().take(MOST_SPELT).take_while(|byte| **byte == b'\\').count();
    if matches!(rest.get(run), Some(b'"' | b'\'')) { run + 1 } else { 0 }
}

/// The bytes of a mark that an address of the web spells out (RFC 3986 §2.1).
fn per_cent(rest: &[u8]) -> usize {
    let digit = |at: usize| rest.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    let byte = digit(1).zip(digit(2)).map(|(high, low)| high * 16 + low);
    let mark = byte.and_then(char::from_u32).is_some_and(|c| c.is_ascii() && !c.is_ascii_alphanumeric());
    if mark { 3 } else { 0 }
}

/// Whether a level begins here, glued to what stands before it.
fn level(rest: &[u8]) -> bool {
    matches!(rest, [b'd', b'e', b'b', b'u', b'g', b'1'..=b'3', b':', b' ', ..])
}

/// Backslashes before what is spelt out: each quotation in a quotation doubles them.
const MOST_SPELT: usize = 16;

/// The bytes of a line's end that is spelt out.
fn spelt_end(rest: &[u8]) -> usize {
    let run = rest.iter().take(MOST_SPELT).take_while(|byte| **byte == b'\\').count();
    match rest.get(run) {
        Some(b'n' | b'r' | b't') if run > 0 => run + 1,
        _ => 0,
    }
}
