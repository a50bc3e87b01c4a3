//! Lines that a log daemon wrote for a server: read by its words alone, without a look at who else may speak.

use std::sync::LazyLock;

use super::DIALECTS;
use super::finder::Finder;
use super::registry::Registry;
use super::table::Row;
use crate::model::brief::Brief;
use crate::model::{Author, Kind, Side, Told};

/// What a line that a log daemon wrote for a server says.
#[derive(Debug)]
pub(crate) enum Served<'a> {
    /// Nothing of interest.
    Nothing,
    /// Something plain, in the line's own words.
    Brief(Brief<'a>),
    /// Something else.
    Whole(Box<Told>),
}

/// A server whose lines are read: its number, and its rows whose words stand first, in the order in which they are tried.
struct Server {
    number: usize,
    rows: Vec<&'static Row>,
    /// Their words alone: of all programs' words several begin any line.
    words: Finder,
}

impl Server {
    fn of(number: usize) -> Option<Self> {
        let author = DIALECTS[number].author;
        (author.side == Side::Server && author.read).then(|| {
            let rows: Vec<&Row> = Registry::get().rows(number).filter(|row| row.stands_first()).collect();
            Self { number, words: Finder::new(rows.iter().map(|row| row.words)), rows }
        })
    }
}

static SERVERS: LazyLock<Vec<Server>> = LazyLock::new(|| (0..DIALECTS.len()).filter_map(Server::of).collect());

/// A line that a log daemon wrote for a server: whose it is, of which process, and what it says. `None` for other lines.
#[inline]
pub(crate) fn serve(line: &str) -> Option<(Author, Option<&str>, Served<'_>)> {
    SERVERS.iter().find_map(|server| {
        let (process, served) = by(server, line)?;
        Some((DIALECTS[server.number].author, process, served))
    })
}

/// As [`serve`], by one server's words.
///
/// Words within a line are looked for behind a file's name only, since such are all of a server's.
#[inline]
fn by<'a>(server: &Server, line: &'a str) -> Option<(Option<&'a str>, Served<'a>)> {
    let head = (DIALECTS[server.number].head)(line);
    if !head.logged {
        return None;
    }
    let served = |row: &'static Row| {
        let brief = || row.brief.zip(head.words.strip_prefix(row.words)).and_then(|(brief, rest)| brief(rest));
        let whole = || match row.reads(&head)? {
            Kind::Server(told) => Some(Served::Whole(told)),
            _ => Some(Served::Nothing),
        };
        brief().map(Served::Brief).or_else(whole)
    };
    let found = match head.words.starts_with('/') {
        true => Registry::get().look(head.words).rows(server.number).find_map(served),
        false => {
            let own = server.words.at(head.words.as_bytes()).map(|number| server.rows[usize::from(number)]);
            { own }.find_map(served)
        }
    };
    Some((head.stream, found.unwrap_or(Served::Nothing)))
}

/// All that a line says which said something in brief.
pub(crate) fn serve_whole(author: Author, line: &str) -> Option<Told> {
    let number = DIALECTS.iter().position(|dialect| dialect.author == author)?;
    match Registry::get().look(line).read(number)?.0 {
        Kind::Server(told) => Some(*told),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::brief::Gist;

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
}
