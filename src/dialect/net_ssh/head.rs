//! What stands before the words of a line that its logger wrote.

use crate::dialect::table::Head;
use crate::text::Sought;

/// `D, [2026-11-27T09:08:17.500295 #26300] DEBUG -- net.ssh.transport.session[21c]: words`; the number is the process. What
/// stands before the part of the library that speaks is the program's own choice, and a level alone at least.
pub(super) fn head(line: &str) -> Head<'_> {
    let Some((at, words)) = part(line.as_bytes()) else {
        return Head::bare(levelled_at(line.as_bytes()).and_then(|at| line.get(at..)).unwrap_or(line));
    };
    let (Some(before), Some(words)) = (line.get(..at), line.get(words..)) else { return Head::bare(line) };
    let process = |text: &'_ str| text.bytes().all(|byte| byte.is_ascii_digit());
    let stream = before.rsplit_once('#').and_then(|(_, text)| text.split(']').next()).filter(|text| process(text));
    // The server's banner, the only thing that this part of it logs at this level.
    let own = before.trim_end_matches(SEPARATORS).ends_with("INFO");
    let banner = own && line[at..].starts_with("net.ssh.authentication.session[");
    Head { stream, logged: true, words: if banner { "" } else { words } }
}

/// Between a level and what follows it.
const SEPARATORS: &[char] = &[' ', '-', ':', '[', ']', '|'];

const LEVELS: &[&str] = &["DEBUG", "INFO", "WARN", "ERROR", "FATAL"];

/// How far into a line the part of the library is looked for, in bytes.
const NEAR: usize = 120;

/// What the parts of the library are called that log.
const NAME: Sought = Sought::new("net.ssh.");
const SOCKETS: [Sought; 2] = [Sought::new(" -- socket["), Sought::new(" -- tcpsocket[")];

/// Where the part of the library that speaks is named, and where its words begin.
fn part(line: &[u8]) -> Option<(usize, usize)> {
    let near = &line[..line.len().min(NEAR)];
    let at = NAME
        .find(near)
        .or_else(|| SOCKETS[0].find(near).map(|at| at + 4))
        .or_else(|| SOCKETS[1].find(near).map(|at| at + 4))?;
    let before = std::str::from_utf8(&line[..at]).ok()?;
    let before = before.strip_prefix("DEBUG ssh: ").unwrap_or(before);
    // A server's words may name it, too, but behind a sentence of the program's.
    let level = before.trim_end_matches(SEPARATORS);
    let alone = level.is_empty() || LEVELS.iter().any(|name| level.ends_with(name));
    if !alone || level.contains(": ") {
        return None;
    }
    let end = at + line[at..].iter().take(NEAR).position(|byte| *byte == b']')? + 1;
    let gap = [": ", " "].iter().find(|gap| line[end..].starts_with(gap.as_bytes()))?;
    Some((at, end + gap.len()))
}

/// Where the words begin behind a level alone, whole or as its first letter, for formats that leave out who speaks.
fn levelled_at(line: &[u8]) -> Option<usize> {
    let open = usize::from(line.first() == Some(&b'['));
    let word = line[open..].iter().take_while(|byte| byte.is_ascii_uppercase()).count();
    let level = std::str::from_utf8(&line[open..open + word]).ok()?;
    let gap = line[open + word..].iter().take_while(|byte| b" -:]|,".contains(byte)).count();
    let known = LEVELS.iter().any(|name| level == *name || !level.is_empty() && level == &name[..1]);
    (known && gap > 0).then_some(open + word + gap)
}
