//! Who speaks, line by line.
//!
//! Words that only one program prints tell whose a line is. Other lines are the last speaker's, if it has such a
//! wording; before anybody has spoken they are tried in the order of [`DIALECTS`].

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use super::DIALECTS;
use super::table::{Dialect, Glue, Head, Index, Mark, Read, Row, Served};
use crate::model::{Author, Kind, Side, Told};

/// A dialect and its rows, ready to be looked up.
struct Entry {
    dialect: &'static Dialect,
    index: LazyLock<Index, Box<dyn FnOnce() -> Index + Send>>,
}

/// All dialects, and what tells them apart.
struct Registry {
    entries: Vec<Entry>,
    /// Words of all marks and of all rows that tell who speaks.
    telling: AhoCorasick,
    /// The dialect of each of them.
    whose: Vec<usize>,
}

static REGISTRY: LazyLock<Registry> = LazyLock::new(|| {
    let entries: Vec<Entry> = DIALECTS
        .iter()
        .map(|dialect| {
            let make: Box<dyn FnOnce() -> Index + Send> = Box::new(move || Index::new(dialect));
            Entry { dialect, index: LazyLock::new(make) }
        })
        .collect();
    let mut words = Vec::new();
    let mut whose = Vec::new();
    for (number, dialect) in DIALECTS.iter().enumerate() {
        let rows = dialect.all().filter(|row| row.signs).map(|row| row.words);
        for telling in dialect.marks.iter().map(|mark| mark.words).chain(rows) {
            words.push(telling);
            whose.push(number);
        }
    }
    // A whole table of states would take longer to build than a short log takes to read.
    let kind = Some(AhoCorasickKind::ContiguousNFA);
    #[allow(clippy::expect_used, reason = "constant patterns, compiled by the tests")]
    let telling = AhoCorasick::builder().kind(kind).build(words).expect("constant patterns");
    Registry { entries, telling, whose }
});

impl Registry {
    /// Whose line this can only be: a mark's, else a telling row's; the speaker before others.
    fn owner(&self, line: &str, speaker: Option<usize>) -> Option<usize> {
        let mut candidates: Vec<usize> =
            self.telling.find_overlapping_iter(line).map(|found| self.whose[found.pattern().as_usize()]).collect();
        candidates.sort_unstable_by_key(|number| (Some(*number) != speaker, *number));
        candidates.dedup();
        let marked = |number: &usize| self.entries[*number].dialect.marks.iter().any(|mark| mark.fits(line));
        let told = |number: &usize| {
            let entry = &self.entries[*number];
            entry.dialect.read(&entry.index, line).is_some_and(|(_, _, row)| row.signs)
        };
        candidates
            .iter()
            .find(|number| marked(number))
            .or_else(|| candidates.iter().find(|number| told(number)))
            .copied()
    }
}

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
    /// It begins with the words of a row.
    begins: bool,
    /// The program stopped with it.
    pub(crate) ends: bool,
    /// It was pasted without the level that it had.
    headless: bool,
}

/// Who speaks now.
#[derive(Debug, Default)]
pub(crate) struct Speaker {
    now: Option<usize>,
    only: bool,
    /// What was said last, and of which place, by one who says things twice.
    last: Option<(Kind, Option<Kind>)>,
    /// Some line had a level, so that none has lost it.
    levels: bool,
}

impl Speaker {
    /// OpenSSH's client and nobody else: its own output, in which no word can be another program's.
    pub(crate) fn openssh() -> Self {
        Self {
            now: DIALECTS.iter().position(|dialect| dialect.author == Author::OPENSSH),
            only: true,
            ..Self::default()
        }
    }

    /// Whoever spoke has ended.
    pub(crate) fn forget(&mut self) {
        if !self.only {
            self.now = None;
            self.last = None;
        }
    }

    /// The dialect of whoever speaks.
    pub(crate) fn dialect(&self) -> Option<&'static Dialect> {
        self.now.map(|number| DIALECTS[number])
    }

    /// Whether a line begins with some program's own words, or is one that always has them.
    pub(super) fn begins(&mut self, line: &str) -> bool {
        let heard = self.hears(line);
        heard.begins && heard.kind.is_some() || heard.logged || heard.noise
    }

    /// Whether a line is one of a program that has no levels as OpenSSH's client has.
    pub(super) fn is_unlevelled(&mut self, line: &str) -> bool {
        let of = |author: Author| DIALECTS.iter().any(|dialect| dialect.author == author && dialect.levels.is_empty());
        let heard = self.hears(line);
        let own = heard.owned || heard.begins && heard.kind.is_some();
        let named = |number: usize| DIALECTS[number].levels.is_empty() && is_behind(number, line);
        own && heard.author.is_some_and(of) || (0..DIALECTS.len()).any(named)
    }

    /// What a line says.
    pub(crate) fn says<'a>(&mut self, line: &'a str) -> Said<'a> {
        // What a git server says stays a server's.
        if !self.only && line.starts_with(SERVERS) {
            return self.nothing(false);
        }
        let mut said = self.hears(line);
        self.levels |= said.logged && !said.headless;
        // A dull line is one only of who speaks: `#` begins another's stack frames, and a build tool's lines.
        let dull = said.noise && said.author == self.dialect().map(|dialect| dialect.author);
        let open = said.kind.is_none() && !said.logged && !said.owned && !dull && !self.only;
        if let Some(found) = open.then(|| inner(line)).flatten() {
            return found;
        }
        if self.dialect().is_some_and(|dialect| dialect.twice) {
            self.say_once(&mut said);
        }
        said
    }

    /// Leaves out what was said last, of the same place. What is said besides stays: a name may come the second time only.
    fn say_once(&mut self, said: &mut Said<'_>) {
        let Some(kind) = said.kind.take() else { return };
        let mut parts = match kind {
            Kind::Several(parts) => parts,
            kind => vec![kind],
        };
        let place = parts.iter().find(|part| matches!(part, Kind::Destination { .. })).cloned();
        let (last, at) = self.last.take().map_or((None, None), |(last, at)| (Some(last), at));
        let here = place.is_none() || at.is_none() || place == at;
        let again = here && parts.last() == last.as_ref();
        self.last = parts.last().cloned().map(|part| (part, place.or(at)));
        if again && !said.ends {
            parts.pop();
            said.noise = true;
        }
        said.kind = match parts.len() {
            0 => None,
            1 => parts.pop(),
            _ => Some(Kind::Several(parts)),
        };
    }

    /// A line that was pasted without its level, in a log that has none at all.
    fn headless<'a>(&self, line: &'a str) -> Option<Said<'a>> {
        if self.levels {
            return None;
        }
        let entry = REGISTRY.entries.iter().find(|entry| !entry.dialect.levels.is_empty())?;
        let kind = entry.dialect.read_headless(&entry.index, line)?;
        Some(Said {
            author: Some(entry.dialect.author),
            stream: None,
            logged: true,
            kind: Some(kind),
            owned: true,
            noise: false,
            begins: false,
            ends: false,
            headless: true,
        })
    }

    fn hears<'a>(&mut self, line: &'a str) -> Said<'a> {
        let registry = &*REGISTRY;
        let mine = self.now.map(|now| said(now, line));
        // A mark inside a line that the speaker logged, or that begins as one of its own, is a word that it quotes.
        let own = |mine: &Said<'_>| mine.kind.is_some() && (mine.logged || mine.begins && !is_marked_at_an_end(line));
        let closed = mine.as_ref().is_some_and(|mine| mine.logged || mine.noise);
        if let Some(mine) = mine.filter(|mine| self.only || own(mine)) {
            return mine;
        }
        let theirs = |owner: &usize| is_behind(*owner, line) || !closed && !is_quoted_by_another(*owner, line);
        if let Some(owner) = registry.owner(line, self.now).filter(theirs) {
            if !DIALECTS[owner].marks.iter().any(|mark| mark.aside && mark.fits(line)) {
                self.now = Some(owner);
            }
            return Said { owned: true, ..said(owner, line) };
        }
        if let Some(now) = self.now {
            let mine = said(now, line);
            if mine.kind.is_some() || mine.logged || mine.noise {
                return mine;
            }
        }
        if let Some(said) = self.headless(line) {
            return said;
        }
        // A level tells that some program logged it; a plain line is anybody's only while nobody has spoken.
        let open = self.now.is_none();
        let mut others = (0..DIALECTS.len()).filter(|number| Some(*number) != self.now);
        let found = others.find_map(|number| {
            let said = said(number, line);
            let says = (said.kind.is_some() || said.noise) && (open || said.logged);
            (says && (said.kind.is_none() || said.logged || said.begins || !is_quoted_by_another(number, line)))
                .then_some(said)
        });
        found.unwrap_or_else(|| {
            let head = DIALECTS.iter().map(|dialect| (dialect.head)(line)).find(|head| head.logged);
            self.nothing(head.is_some())
        })
    }

    /// A line that says nothing.
    fn nothing(&self, logged: bool) -> Said<'static> {
        Said {
            author: self.dialect().map(|dialect| dialect.author),
            stream: None,
            logged,
            kind: None,
            owned: false,
            noise: false,
            begins: false,
            ends: false,
            headless: false,
        }
    }
}

/// Servers whose log daemons' lines are read without a look at who else may speak.
static SERVED: LazyLock<Vec<usize>> = LazyLock::new(|| {
    let is_server = |dialect: &Dialect| dialect.author.side == Side::Server && dialect.author.read;
    (0..DIALECTS.len()).filter(|number| is_server(DIALECTS[*number])).collect()
});

/// A line that a log daemon wrote for a server: whose it is, of which process, and what it says.
#[inline]
pub(crate) fn serve(line: &str) -> Option<(Author, Option<&str>, Served<'_>)> {
    SERVED.iter().find_map(|number| {
        let entry = &REGISTRY.entries[*number];
        let (process, served) = entry.dialect.serve(&entry.index, line)?;
        Some((entry.dialect.author, process, served))
    })
}

/// All that a line says which said something in brief.
pub(crate) fn serve_whole(author: Author, line: &str) -> Option<Told> {
    let entry = REGISTRY.entries.iter().find(|entry| entry.dialect.author == author)?;
    match entry.dialect.read(&entry.index, line)?.0 {
        Kind::Server(told) => Some(*told),
        _ => None,
    }
}

/// Whether a line stands behind a program's level or name.
fn is_behind(number: usize, line: &str) -> bool {
    (DIALECTS[number].head)(line).logged
}

/// Whether a program's words stand in the middle of a line that is another's from its beginning on.
fn is_quoted_by_another(number: usize, line: &str) -> bool {
    let begins = |number: usize| {
        let said = said(number, line);
        said.begins && said.kind.is_some() || DIALECTS[number].marks.iter().any(|mark| mark.first && mark.fits(line))
    };
    let others = |with: &dyn Fn(usize) -> bool| (0..DIALECTS.len()).any(|other| other != number && with(other));
    !begins(number) && !is_marked_at_an_end(line) && others(&|other| is_behind(other, line) || begins(other))
}

fn said(number: usize, line: &str) -> Said<'_> {
    let entry = &REGISTRY.entries[number];
    let dialect = entry.dialect;
    let read = dialect.read(&entry.index, line);
    // Words in the middle of a line that always begins so are what it quotes; OpenSSH's box begins each with `@`.
    let quoted = |row: &Row| dialect.levels.is_empty() && !matches!(row.read, Read::After(_)) && dialect.is_dull(line);
    let read = read.filter(|(_, _, row)| !quoted(row));
    let head = read.as_ref().map_or_else(|| (dialect.head)(line), |(_, head, _)| *head);
    let Head { stream, logged, .. } = head;
    let begins = read.as_ref().is_some_and(|(_, _, row)| matches!(row.read, Read::After(_)));
    let ends = read.as_ref().is_some_and(|(_, _, row)| row.ends);
    Said {
        author: Some(dialect.author),
        stream,
        logged,
        noise: read.is_none() && dialect.is_noise(line),
        kind: read.map(|(kind, _, row)| row.with_also(kind, line)),
        owned: false,
        begins,
        ends,
        headless: false,
    }
}

/// Whether a line begins or ends with some program's mark.
fn is_marked_at_an_end(line: &str) -> bool {
    let line = line.trim_end();
    let at_end = |mark: &Mark| if mark.first { line.starts_with(mark.words) } else { line.ends_with(mark.words) };
    DIALECTS.iter().flat_map(|dialect| dialect.marks).any(at_end)
}

/// What git puts before each line of the other side's.
const SERVERS: &str = "remote: ";

/// Words that are one dialect's even behind another program's, and the dialect of each.
static INSIDES: LazyLock<(AhoCorasick, Vec<usize>)> = LazyLock::new(|| {
    let rows = |dialect: &'static Dialect| dialect.all().filter(|row| row.inside.is_some()).map(|row| row.words);
    let all = DIALECTS.iter().enumerate().flat_map(|(number, dialect)| rows(dialect).map(move |words| (words, number)));
    let (words, whose): (Vec<&str>, Vec<usize>) = all.unzip();
    #[allow(clippy::expect_used, reason = "constant patterns, compiled by the tests")]
    let words =
        AhoCorasick::builder().kind(Some(AhoCorasickKind::ContiguousNFA)).build(words).expect("constant patterns");
    (words, whose)
});

/// How far into a line of another program's words are looked for, in bytes.
const INSIDE: usize = 400;

/// What a line says in the middle of another program's sentence, in words that only one program has: behind a build
/// tool's prefix, a task's name, a quote.
fn inner(line: &str) -> Option<Said<'_>> {
    let registry = &*REGISTRY;
    let (words, whose) = &*INSIDES;
    let places = words.find_overlapping_iter(line).map(|found| (found.start(), whose[found.pattern().as_usize()]));
    let free = |before: &str| before.ends_with(|c: char| !c.is_alphanumeric() && !"-_/\\.".contains(c));
    places.filter(|(at, _)| *at > 0 && *at < INSIDE && free(&line[..*at])).find_map(|(at, number)| {
        let entry = &registry.entries[number];
        let words = line.get(at..)?;
        let (kind, head, row) = entry.dialect.read(&entry.index, words)?;
        let behind = head.words.split_once(row.words).map_or("", |(_, behind)| behind);
        (row.inside.is_some_and(|fits| fits(behind)) && !head.logged).then_some(Said {
            author: Some(entry.dialect.author),
            stream: None,
            logged: false,
            kind: Some(row.with_also(kind, line)),
            owned: true,
            noise: false,
            begins: false,
            ends: row.ends,
            headless: false,
        })
    })
}

/// The few rows whose lines may be broken off before their end, each with its dialect.
static WRAPPING: LazyLock<Vec<(&'static Dialect, &'static Row)>> = LazyLock::new(|| {
    let rows = |dialect: &'static Dialect| dialect.all().filter(|row| row.wraps.is_some());
    DIALECTS.iter().flat_map(|dialect| rows(dialect).map(move |row| (*dialect, row))).collect()
});

/// Whether a record was broken off before its end, and what was lost there.
pub(crate) fn goes_on(line: &str) -> Option<Glue> {
    let of = |(dialect, row): &(&Dialect, &Row)| {
        let head = (dialect.head)(line);
        head.words.strip_prefix(row.words).filter(|_| row.level.fits(head.logged)).and_then(row.wraps?)
    };
    WRAPPING.iter().find_map(of)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::brief::Gist;

    #[test]
    fn every_row_is_true_of_its_sample() {
        for (number, dialect) in DIALECTS.iter().enumerate() {
            let entry = &REGISTRY.entries[number];
            for row in dialect.all() {
                let id = dialect.author.id;
                let (_, head, read) = dialect
                    .read(&entry.index, row.sample)
                    .unwrap_or_else(|| panic!("{id}: {:?} does not read its sample {:?}", row.words, row.sample));
                assert!(std::ptr::eq(row, read), "{id}: {:?} is read by {:?}", row.sample, read.words);
                if matches!(row.read, Read::After(_)) {
                    assert!(row.words.len() > 1, "{id}: {:?} is too short", row.words);
                    assert!(head.words.starts_with(row.words));
                }
            }
        }
    }

    /// What a row says in brief is what it says.
    #[test]
    fn brief_and_whole_agree() {
        let mut rows = 0;
        for dialect in DIALECTS {
            for row in dialect.all() {
                let Some(brief) = row.brief else { continue };
                let words = (dialect.head)(row.sample).words.strip_prefix(row.words).unwrap();
                // A refused key is none of them.
                let Some(brief) = brief(words) else { continue };
                let told = serve_whole(dialect.author, row.sample).unwrap();
                let (address, port) = told.peer().map_or(("", None), |peer| (peer.address.as_str(), peer.port));
                assert_eq!((brief.address, brief.port), (address, port), "{:?}", row.sample);
                assert_eq!(brief.user, told.user(), "{:?}", row.sample);
                let reason = match &told {
                    Told::Proof(proof) => Some(proof.reason),
                    _ => None,
                };
                let of_gist = match brief.gist {
                    Gist::Proof { reason, .. } => Some(reason),
                    _ => None,
                };
                assert_eq!(of_gist, reason, "{:?}", row.sample);
                rows += 1;
            }
        }
        assert!(rows > 5, "{rows}");
    }

    #[test]
    fn a_telling_line_is_nobody_elses() {
        for (number, dialect) in DIALECTS.iter().enumerate() {
            let rows = dialect.all().filter(|row| row.signs).map(|row| row.sample);
            for sample in rows.chain(dialect.marks.iter().map(|mark| mark.sample)) {
                let owner = REGISTRY.owner(sample, None);
                assert_eq!(owner, Some(number), "{:?} of {} is another's", sample, dialect.author.id);
            }
        }
    }

    #[test]
    fn a_speaker_can_change_its_mind() {
        let mut speaker = Speaker::default();
        speaker.says("Looking up host \"box\" for SSH connection");
        assert_eq!(speaker.dialect().map(|dialect| dialect.author.id), Some("putty"));
        let ours = speaker.says("debug1: Offering public key: /home/dev/.ssh/id_rsa");
        assert_eq!(ours.author, Some(Author::OPENSSH));
        assert!(matches!(ours.kind, Some(Kind::Offering { .. })));
    }

    #[test]
    fn servers_are_not_clients() {
        let mut speaker = Speaker::default();
        let line = "May 10 22:47:08 web sshd[5799]: Connection closed by 192.0.2.1 port 59061 [preauth]";
        assert_eq!(speaker.says(line).author.map(|author| author.id), Some("sshd"));
        assert_eq!(
            speaker.says("debug1: sshd version OpenSSH_9.2, OpenSSL 3.0").author.map(|author| author.id),
            Some("sshd")
        );
    }

    #[test]
    fn records_that_name_no_key_yet() {
        assert_eq!(goes_on("debug1: Offering public key:"), Some(Glue::Blank));
        assert_eq!(goes_on("debug1: Server accepts key: /home/dev/.ssh/id_rsa RSA"), Some(Glue::Blank));
        assert_eq!(goes_on("debug1: Server accepts key: /home/dev/.ssh/id_rsa RSA SHA256:abc"), Some(Glue::Nothing));
        assert_eq!(goes_on("debug1: Authentications that can continue: publickey,pass"), Some(Glue::Nothing));
        assert_eq!(goes_on("debug1: Offering public key: /home/dev/.ssh/id_rsa"), None);
    }
}
