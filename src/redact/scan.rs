//! Where in a line something stands that tells whose the log is.

use std::ops::Range;

use super::line::{Found, Scan};
use super::names::Names;
use super::sort::Sort;
use super::{address, key_text, line_form, path, public, secret};

/// What stands in a line, in order.
pub(super) fn scan(line: &str, names: &Names) -> Vec<Found> {
    let mut scan = Scan::new(line, names);
    let forms = [
        line_form::logging_host,
        line_form::environment,
        line_form::key_comment,
        line_form::argument,
        secret::rest_of_line,
    ];
    for whole in forms {
        if let Some((at, sort)) = whole(line) {
            scan.shown(at, sort);
        }
    }
    scan.phrases();
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
        if secret::is_token(text) || secret::is_told(self.line, at.start) {
            return self.shown(at, Sort::Secret);
        }
        if let Some(scheme) = text.find("://") {
            return self.url(at.start + scheme + 3..at.end);
        }
        if let Some(zone) = address::v6(text) {
            return self.shown(at.start + zone.start..at.start + zone.end, Sort::Address);
        }
        if text.contains('@') {
            return self.user_at_host(at);
        }
        if text.contains(['/', '\\']) {
            return path::scan(self, at);
        }
        self.words(at, false);
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
        let git = authority.contains('@') || text.contains(".git");
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
        // A terminal's colours (ECMA-48 §5.4).
        0x1b if rest.get(1) == Some(&b'[') => {
            2 + rest[2..].iter().position(|byte| (0x40..0x7f).contains(byte)).map_or(0, |end| end + 1)
        }
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

/// Whether a level begins here, glued to what stands before it.
fn level(rest: &[u8]) -> bool {
    matches!(rest, [b'd', b'e', b'b', b'u', b'g', b'1'..=b'3', b':', b' ', ..])
}

/// The bytes of a line's end that is spelt out.
fn spelt_end(rest: &[u8]) -> usize {
    let run = rest.iter().take_while(|byte| **byte == b'\\').count();
    match rest.get(run) {
        Some(b'n' | b'r' | b't') if run > 0 => run + 1,
        _ => 0,
    }
}
