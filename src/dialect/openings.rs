//! Where records begin inside a line that holds several: derived from the rows.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::DIALECTS;
use super::registry::{Registry, Word};
use super::table::Read;
use crate::model::Side;
use crate::text::{Openings, Sought};

/// The openings of all dialects.
pub(crate) const OPENINGS: Openings = Openings {
    levels,
    plain,
    named,
    begins: super::begins,
    unlevelled: super::unlevelled,
    told: crate::shell::is_told,
};

/// Levels that begin a record, and stand at its beginning only.
static LEVELS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    #[allow(clippy::expect_used, reason = "constant patterns, compiled by the tests")]
    AhoCorasick::new(DIALECTS.iter().flat_map(|dialect| dialect.levels)).expect("constant patterns")
});

/// Whether a line stands behind the name of a server whose log daemon put it there.
fn named(line: &str) -> bool {
    // No daemon's line begins so, and most lines of a client's log do.
    if line.starts_with("debug") {
        return false;
    }
    DIALECTS
        .iter()
        .any(|dialect| dialect.author.side == Side::Server && dialect.author.read && (dialect.head)(line).logged)
}

/// What all of them end in.
const COLON: Sought = Sought::new(": ");

fn levels(text: &str) -> Vec<usize> {
    if !COLON.is_in(text) {
        return Vec::new();
    }
    // A word that ends so is another word.
    let free = |at: &usize| !text[..*at].ends_with(|c: char| c.is_ascii_alphanumeric() && c != 'n');
    LEVELS.find_iter(text).map(|found| found.start()).filter(free).collect()
}

fn plain(text: &str) -> Vec<usize> {
    let place = |(at, word): (usize, Word)| match word {
        Word::Row(_, row) => {
            let opens = row.opens?;
            let start = match row.read {
                Read::After(_) => at,
                // What the words are about stands before them.
                Read::Around(_) | Read::From(_) => word_start(&text[..at]),
            };
            (opens(&text[at + row.words.len()..]) && !text[..start].ends_with(char::is_alphanumeric)).then_some(start)
        }
        // A greeting begins a record, too.
        Word::Greeting => crate::provider::greeting(&text[at..])?.login.map(|_| at),
        Word::Mark(..) | Word::Loose => None,
    };
    let mut places: Vec<usize> = Registry::get().within(text.as_bytes()).filter_map(place).collect();
    places.sort_unstable();
    places.dedup();
    places
}

/// Where the word begins at which `before` ends.
fn word_start(before: &str) -> usize {
    let word = before.rsplit(|c: char| !c.is_alphanumeric() && !"._-:@<>[]*".contains(c)).next().unwrap_or_default();
    before.len() - word.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn openings_inside_a_line() {
        let line =
            "debug1: a OpenSSH_9.6p1, OpenSSL 3.0 debug2: b dev@box: Permission denied (publickey). Load key \"x\"";
        let pieces: Vec<&str> = plain(line).into_iter().map(|at| &line[at..]).collect();
        assert!(pieces[0].starts_with("OpenSSH_9.6p1"), "{pieces:?}");
        assert!(pieces[1].starts_with("dev@box: Permission"), "{pieces:?}");
        assert!(pieces[2].starts_with("Load key"), "{pieces:?}");
        assert_eq!(levels(line).len(), 2);
        assert!(plain("remote software version OpenSSH_9.6p1 debug1: x").is_empty());
    }
}
