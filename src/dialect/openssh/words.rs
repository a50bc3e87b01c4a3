//! Small readers that several topics share.

use super::key_names::{file_name, name_key};
use crate::model::Key;

pub(super) fn first_word(text: &str) -> String {
    text.split_whitespace().next().unwrap_or_default().trim_end_matches([',', '.']).to_owned()
}

/// ssh's reason, without its full stop.
pub(super) fn sentence(text: &str) -> String {
    text.trim().trim_end_matches('.').to_owned()
}

pub(super) fn at_path(path: &str) -> Key {
    Key { path: Some(file_name(path)), ..Key::default() }
}

/// A key that a line names by a file or by a comment.
pub(super) fn by_name(name: &str, comment: bool) -> Key {
    let mut key = Key::default();
    name_key(&mut key, name, comment);
    key
}

/// `ADDRESS port PORT`, with a full stop or a colon behind it; `UNKNOWN` is no address.
pub(super) fn address_port(text: &str) -> (Option<String>, Option<u16>) {
    let text = text.trim();
    let (address, port) = text.split_once(" port ").map_or((text, None), |(address, port)| (address, Some(port)));
    let address = address.rsplit(' ').next().unwrap_or(address).trim_end_matches(['.', ':']);
    let digits: String = port.unwrap_or_default().chars().take_while(char::is_ascii_digit).collect();
    let known = !address.is_empty() && address != "UNKNOWN";
    (known.then(|| address.to_owned()), digits.parse().ok().filter(|_| known))
}

/// `HOST` or `[HOST]:PORT`, as known_hosts writes them.
pub(super) fn host_port(text: &str) -> (Option<String>, Option<u16>) {
    let text = text.trim().trim_end_matches('.');
    let (host, port) = match text.strip_prefix('[').and_then(|rest| rest.split_once("]:")) {
        Some((host, port)) => (host, port.parse().ok()),
        None => (text, None),
    };
    ((!host.is_empty()).then(|| host.to_owned()), port)
}

/// `USER@HOST`, the last word of what stands before a message. A name that was masked is none.
pub(super) fn user_host(before: &str) -> Option<(Option<String>, String)> {
    let who = before.split_whitespace().last().unwrap_or(before);
    let (user, host) = who.rsplit_once('@')?;
    // What stands before it in another program's sentence is glued to it: a bracket, a quote, a field's name.
    // A mask in angle brackets is whole.
    let mask = user.starts_with('<') && user.ends_with('>');
    let glued = |c: char| "\"'`([{<“”‘’«‹=:,;|>)]}".contains(c);
    // Line ends that are spelt out are no part of it; DOMAIN\name is, and has one backslash.
    let spelt = before.matches("\\n").count() > 1 || before.contains("\\r\\n");
    let user = if spelt { user.rsplit("\\n").next().unwrap_or_default() } else { user };
    let user = if mask { user } else { user.rsplit(glued).next().unwrap_or_default() };
    let masked = user.is_empty() || user.chars().all(|c| matches!(c, '*' | '•' | 'X' | '.'));
    Some(((!masked).then(|| user.to_owned()), host.to_owned()))
}
