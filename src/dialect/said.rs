//! What one line says by one program's words, and whether these are its own.

use super::DIALECTS;
use super::registry::{Registry, Seen, Word};
use super::table::{Head, Mark, Row};
use crate::model::{Author, Kind};

/// What a line says, and who says it.
#[derive(Debug)]
pub(crate) struct Said<'a> {
    /// Who wrote the line. `None` where nothing tells.
    pub(crate) author: Option<Author>,
    /// Which of several connections in one log it belongs to.
    pub(crate) stream: Option<&'a str>,
    /// It stands behind the program's level or name.
    pub(crate) logged: bool,
    /// What it says.
    pub(crate) kind: Option<Kind>,
    /// It was told by a mark or a telling row that this program wrote it.
    pub(crate) owned: bool,
    /// It is always there and decides nothing.
    pub(crate) noise: bool,
    /// It holds words of a git host's.
    pub(crate) hosts: bool,
    /// It begins with the words of a row.
    pub(super) begins: bool,
    /// The program stopped with it.
    pub(crate) ends: bool,
    /// Anybody's lines begin so.
    pub(super) common: bool,
    /// It was pasted without the level that it had.
    pub(super) headless: bool,
}

/// Whether a program's words stand in the middle of a line that is another's from its beginning on.
pub(super) fn is_quoted_by_another(number: usize, seen: &Seen<'_>) -> bool {
    let begins = |number: usize| {
        let said = said(number, seen);
        let marked = |(whose, mark): (usize, &Mark)| whose == number && mark.first && mark.fits(seen.line());
        said.begins && said.kind.is_some() && !said.common || seen.marks().any(marked)
    };
    let other = |(other, logged): (usize, bool)| other != number && (logged || begins(other));
    !begins(number) && !is_marked_at_an_end(seen, |whose| whose == number) && seen.logged().enumerate().any(other)
}

/// What a line says by a dialect's words.
pub(super) fn said<'a>(number: usize, seen: &Seen<'a>) -> Said<'a> {
    let dialect = DIALECTS[number];
    let line = seen.line();
    let read = seen.read(number);
    // Words in the middle of a line that always begins so are what it quotes; OpenSSH's box begins each with `@`.
    let quoted = |row: &Row| dialect.levels.is_empty() && !row.stands_first() && dialect.is_dull(line);
    let read = read.filter(|(_, _, row)| !quoted(row));
    let head = read.as_ref().map_or_else(|| seen.head(number), |(_, head, _)| *head);
    let Head { stream, logged, .. } = head;
    let begins = read.as_ref().is_some_and(|(_, _, row)| row.stands_first());
    let ends = read.as_ref().is_some_and(|(_, _, row)| row.ends);
    let common = read.as_ref().is_some_and(|(_, _, row)| row.common);
    Said {
        author: Some(dialect.author),
        stream,
        logged,
        noise: read.is_none() && dialect.is_noise(line),
        kind: read.map(|(kind, _, row)| row.with_also(kind, line)),
        owned: false,
        hosts: seen.is_hosts(),
        begins,
        ends,
        common,
        headless: false,
    }
}

/// Whether a line begins or ends with a mark of one of these programs.
pub(super) fn is_marked_at_an_end(seen: &Seen<'_>, of: impl Fn(usize) -> bool) -> bool {
    let line = seen.line().trim_end();
    let at_end = |mark: &Mark| if mark.first { line.starts_with(mark.words) } else { line.ends_with(mark.words) };
    seen.marks().any(|(whose, mark)| of(whose) && at_end(mark))
}

/// How far into a line of another program's words are looked for, in bytes.
const INSIDE: usize = 400;

/// What a line says in the middle of another program's sentence, in words that only one program has: behind a build
/// tool's prefix, a task's name, a quote.
pub(super) fn inner<'a>(seen: &Seen<'a>) -> Option<Said<'a>> {
    let fit = |word: Word| matches!(word, Word::Row(_, row) if row.inside.is_some());
    if !seen.words().any(fit) {
        return None;
    }
    let line = seen.line();
    let places = Registry::get().within(line.as_bytes()).filter_map(|(at, word)| match word {
        Word::Row(number, row) if row.inside.is_some() => Some((at, number)),
        _ => None,
    });
    let free = |before: &str| before.ends_with(|c: char| !c.is_alphanumeric() && !"-_/\\.".contains(c));
    // The class of an exception behind the modules of the library that defines it.
    let named = |before: &str, number: usize| {
        let word = before.rsplit(|c: char| !c.is_alphanumeric() && !"._".contains(c)).next().unwrap_or_default();
        word.ends_with('.') && word.split('.').next() == Some(DIALECTS[number].author.id)
    };
    let stands = |(at, number): &(usize, usize)| {
        let before = &line[..*at];
        *at > 0 && *at < INSIDE && (free(before) || named(before, *number))
    };
    places.filter(stands).find_map(|(at, number)| {
        let (kind, head, row) = seen.read_from(number, at)?;
        let behind = head.words.split_once(row.words).map_or("", |(_, behind)| behind);
        (row.inside.is_some_and(|fits| fits(behind)) && !head.logged).then_some(Said {
            author: Some(DIALECTS[number].author),
            stream: None,
            logged: false,
            kind: Some(row.with_also(kind, line)),
            owned: true,
            noise: false,
            hosts: seen.is_hosts(),
            begins: false,
            ends: row.ends,
            common: row.common,
            headless: false,
        })
    })
}
