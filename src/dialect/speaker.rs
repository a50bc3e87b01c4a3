//! Who speaks, line by line.
//!
//! Words that only one program prints tell whose a line is. Other lines are the last speaker's, if it has such a
//! wording; before anybody has spoken they are tried in the order of [`DIALECTS`].

use std::sync::LazyLock;

use super::DIALECTS;
use super::registry::{Seen, Word, look};
use super::said::{Said, inner, is_marked_at_an_end, is_quoted_by_another, said};
use super::table::{Dialect, Glue, Row};
use crate::model::{Author, Kind};
use crate::text::Sought;

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

    /// Whether it is this one who speaks.
    pub(super) fn is(&self, dialect: &'static Dialect) -> bool {
        self.dialect().is_some_and(|now| std::ptr::eq(now, dialect))
    }

    /// The dialect of whoever speaks.
    pub(crate) fn dialect(&self) -> Option<&'static Dialect> {
        self.now.map(|number| DIALECTS[number])
    }

    /// Whether a line begins with some program's own words, or is one that always has them.
    pub(super) fn begins(&mut self, line: &str) -> bool {
        let heard = self.hears(&look(line));
        heard.begins && heard.kind.is_some() || heard.logged || heard.noise
    }

    /// Whether a line is one of a program that has no levels as OpenSSH's client has.
    pub(super) fn is_unlevelled(&mut self, line: &str) -> bool {
        let of = |author: Author| DIALECTS.iter().any(|dialect| dialect.author == author && dialect.levels.is_empty());
        let seen = look(line);
        let heard = self.hears(&seen);
        let own = heard.owned || heard.begins && heard.kind.is_some();
        let named = |(dialect, logged): (&&Dialect, bool)| dialect.levels.is_empty() && logged;
        own && heard.author.is_some_and(of) || DIALECTS.iter().zip(seen.logged()).any(named)
    }

    /// What a line says.
    pub(crate) fn says<'a>(&mut self, seen: &Seen<'a>) -> Said<'a> {
        // What a git server says stays a server's.
        if !self.only && seen.line().starts_with(SERVERS) {
            return self.nothing(false, true);
        }
        let mut said = self.hears(seen);
        self.levels |= said.logged && !said.headless;
        // A dull line is one only of who speaks: `#` begins another's stack frames, and a build tool's lines.
        let dull = said.noise && said.author == self.dialect().map(|dialect| dialect.author);
        let open = said.kind.is_none() && !said.logged && !said.owned && !dull && !self.only;
        if let Some(found) = open.then(|| inner(seen)).flatten() {
            // Whoever is the first to be heard speaks on, as from a line's beginning.
            self.now = self.now.or_else(|| DIALECTS.iter().position(|dialect| Some(dialect.author) == found.author));
            return found;
        }
        if self.dialect().is_some_and(|dialect| dialect.twice) {
            self.say_once(&mut said);
        }
        said
    }

    /// Leaves out what was said last, of the same place. What is said besides stays: a name may come the second time only.
    fn say_once(&mut self, said: &mut Said<'_>) {
        // Asked twice is asked once more.
        let told = |kind: &mut Kind| !kind.is_empty() && !matches!(kind, Kind::CredentialWanted { .. });
        let Some(kind) = said.kind.take_if(told) else { return };
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
    fn headless<'a>(&self, seen: &Seen<'a>) -> Option<Said<'a>> {
        if self.levels {
            return None;
        }
        let number = DIALECTS.iter().position(|dialect| !dialect.levels.is_empty())?;
        let kind = seen.read_headless(number)?;
        Some(Said {
            author: Some(DIALECTS[number].author),
            stream: None,
            logged: true,
            kind: Some(kind),
            owned: true,
            noise: false,
            hosts: seen.is_hosts(),
            begins: false,
            ends: false,
            common: false,
            headless: true,
        })
    }

    fn hears<'a>(&mut self, seen: &Seen<'a>) -> Said<'a> {
        let mut mine = self.now.map(|now| said(now, seen));
        // A mark inside a line that the speaker logged, or that begins as one of its own, is a word that it quotes.
        let own = |mine: &Said<'_>| {
            mine.kind.is_some() && (mine.logged || mine.begins && !is_marked_at_an_end(seen, |_| true))
        };
        let closed = mine.as_ref().is_some_and(|mine| mine.logged || mine.noise);
        if let Some(mine) = mine.take_if(|mine| self.only || own(mine)) {
            return mine;
        }
        let theirs = |owner: &usize| seen.head(*owner).logged || !closed && !is_quoted_by_another(*owner, seen);
        if let Some(owner) = seen.owner(self.now).filter(theirs) {
            if !seen.marks().any(|(whose, mark)| whose == owner && mark.aside && mark.fits(seen.line())) {
                self.now = Some(owner);
            }
            return Said { owned: true, ..said(owner, seen) };
        }
        if let Some(mine) = mine.filter(|mine| mine.kind.is_some() || mine.logged || mine.noise) {
            return mine;
        }
        if let Some(said) = self.headless(seen) {
            return said;
        }
        // A level tells that some program logged it; a plain line is anybody's only while nobody has spoken.
        let open = self.now.is_none();
        let mut others =
            seen.logged().enumerate().filter(|(number, logged)| Some(*number) != self.now && (open || *logged));
        let found = others.find_map(|(number, _)| {
            let said = said(number, seen);
            let says = said.kind.is_some() && !said.common || said.noise;
            (says && (said.kind.is_none() || said.logged || said.begins || !is_quoted_by_another(number, seen)))
                .then_some(said)
        });
        found.unwrap_or_else(|| self.nothing(seen.logged().any(|logged| logged), seen.is_hosts()))
    }

    /// A line that says nothing.
    fn nothing(&self, logged: bool, hosts: bool) -> Said<'static> {
        Said {
            author: self.dialect().map(|dialect| dialect.author),
            stream: None,
            logged,
            kind: None,
            owned: false,
            noise: false,
            hosts,
            begins: false,
            ends: false,
            common: false,
            headless: false,
        }
    }
}

/// What git puts before each line of the other side's.
const SERVERS: &str = "remote: ";

/// The few rows whose lines may be broken off before their end, of each dialect that has such.
static WRAPPING: LazyLock<Vec<(usize, Vec<&'static Row>)>> = LazyLock::new(|| {
    let rows = |dialect: &'static Dialect| dialect.all().filter(|row| row.wraps.is_some()).collect();
    let of = DIALECTS.iter().map(|dialect| rows(dialect)).enumerate();
    of.filter(|(_, rows): &(_, Vec<_>)| !rows.is_empty()).collect()
});

/// Whether a record was broken off before its end, and what was lost there.
pub(crate) fn goes_on(seen: &Seen<'_>) -> Option<Glue> {
    let line = seen.line();
    let wraps = |word| matches!(word, Word::Row(_, row) if row.wraps.is_some() && Sought::new(row.words).is_in(line));
    if !seen.words().any(wraps) {
        return None;
    }
    let of = |(number, rows): &(usize, Vec<&Row>)| {
        let head = seen.head(*number);
        rows.iter().find_map(|row| {
            let behind = match row.stands_first() {
                true => head.words.strip_prefix(row.words),
                false => head.words.split_once(row.words).map(|(_, behind)| behind),
            };
            behind.filter(|_| row.level.fits(head.logged)).and_then(row.wraps?)
        })
    };
    WRAPPING.iter().find_map(of)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_speaker_can_change_its_mind() {
        let mut speaker = Speaker::default();
        speaker.says(&look("Looking up host \"box\" for SSH connection"));
        assert_eq!(speaker.dialect().map(|dialect| dialect.author.id), Some("putty"));
        let ours = speaker.says(&look("debug1: Offering public key: /home/dev/.ssh/id_rsa"));
        assert_eq!(ours.author, Some(Author::OPENSSH));
        assert!(matches!(ours.kind, Some(Kind::Offering { .. })));
    }

    #[test]
    fn anybodys_words_are_one_programs_only_while_it_speaks() {
        let line = "fatal: the connection to box.example failed";
        let mut speaker = Speaker::default();
        assert!(!matches!(speaker.says(&look(line)).kind, Some(Kind::RepositoryRefused { .. })));
        speaker.says(&look("error: failed to get `app` as a dependency of package `svc v0.1.0 (/home/dev/svc)`"));
        assert!(matches!(speaker.says(&look(line)).kind, Some(Kind::RepositoryRefused { .. })));
    }

    #[test]
    fn servers_are_not_clients() {
        let mut speaker = Speaker::default();
        let line = "May 10 22:47:08 web sshd[5799]: Connection closed by 192.0.2.1 port 59061 [preauth]";
        assert_eq!(speaker.says(&look(line)).author.map(|author| author.id), Some("sshd"));
        assert_eq!(
            speaker.says(&look("debug1: sshd version OpenSSH_9.2, OpenSSL 3.0")).author.map(|author| author.id),
            Some("sshd")
        );
    }

    #[test]
    fn records_that_name_no_key_yet() {
        assert_eq!(goes_on(&look("debug1: Offering public key:")), Some(Glue::Blank));
        assert_eq!(goes_on(&look("debug1: Server accepts key: /home/dev/.ssh/id_rsa RSA")), Some(Glue::Blank));
        assert_eq!(
            goes_on(&look("debug1: Server accepts key: /home/dev/.ssh/id_rsa RSA SHA256:abc")),
            Some(Glue::Nothing)
        );
        assert_eq!(goes_on(&look("debug1: Authentications that can continue: publickey,pass")), Some(Glue::Nothing));
        assert_eq!(goes_on(&look("debug1: Offering public key: /home/dev/.ssh/id_rsa")), None);
    }
}
