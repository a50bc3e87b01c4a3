//! Where a run leads, by words of its log.

/// Whether a host is named by its address.
pub(super) fn is_address(host: &str) -> bool {
    host.parse::<core::net::IpAddr>().is_ok()
}

/// Whether words in a host's place are a name, and no mark of one that was masked or never filled in: `***`, `{{ip}}`,
/// `[ip hidden]`.
pub(super) fn names_a_place(host: &str) -> bool {
    let marked = |c: char| c.is_whitespace() || "*{}\"'".contains(c);
    host.contains(char::is_alphanumeric) && !host.contains(marked) && host.starts_with('<') == host.ends_with('>')
}

/// The destination in a proxy command: `-W HOST:PORT`, or the last two words `HOST PORT`.
pub(super) fn proxied(command: &str) -> (Option<String>, Option<u16>) {
    let words: Vec<&str> = command.split_whitespace().map(|word| word.trim_matches(['\'', '"'])).collect();
    let target = words.iter().position(|word| *word == "-W").and_then(|at| words.get(at + 1));
    if let Some((host, port)) = target.and_then(|target| target.rsplit_once(':')) {
        let host = host.trim_matches(['[', ']']);
        return if host.contains('%') { (None, None) } else { (Some(host.to_owned()), port.parse().ok()) };
    }
    match words.as_slice() {
        [.., host, port] if port.parse::<u16>().is_ok() && host.contains('.') && !host.contains('%') => {
            (Some((*host).to_owned()), port.parse().ok())
        }
        _ => (None, None),
    }
}
