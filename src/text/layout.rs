//! How a source came to be on the page: in lines, or with its line ends lost.
//!
//! One look at a source's beginning decides for the whole of it. Where its records have lines of their own, a line
//! is never cut within: what a server wrote into a line can't become a record. Only where line ends were lost, were
//! spelt out or became tags is a line taken apart, and then what stands in it is worth less.

use std::borrow::Cow;

use super::Openings;
use super::broken::{Seen, Width, broken_at};
use super::frame;
use super::margin::{Shape, WIDEST, usual};
use super::records::{Record, printable};
use super::stamp::stamp;

/// How line ends came through.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Ends {
    /// As line ends.
    #[default]
    Kept,
    /// Spelt out, behind so many backslashes.
    Spelt(usize),
    /// As `<br>`.
    Tags,
    /// Not at all.
    Lost,
}

/// How a source is laid out.
#[derive(Clone, Debug, Default)]
pub(crate) struct Layout {
    ends: Ends,
    /// Margins that no list knows, and that this source has before each of its levels.
    margins: Vec<Shape>,
    /// The width at which a terminal broke its lines.
    width: Option<Width>,
    /// A mailer broke its lines and marked where.
    soft: bool,
}

/// Lines with one level each, ahead of all others, that show that line ends were kept. A client says more than this
/// before a server has said anything, so that no number of a server's lines can outvote it.
const LED: usize = 3;

/// Longest line that a mailer leaves, in bytes: 76 (RFC 2045 §6.7), and what a quote puts before it.
const MAILED: usize = 80;

/// Lines that are looked at before a source's layout is decided.
const LOOKED_AT: usize = 3000;

/// Margins that are remembered.
const MARGINS: usize = 4;

impl Layout {
    /// What the source's beginning shows.
    pub(crate) fn of(beginning: &[u8], openings: &Openings) -> Self {
        let text = String::from_utf8_lossy(beginning);
        let (mut clean, mut crowded, mut usual_margins) = (0, 0, 0);
        let (mut led, mut longest) = (None, 0);
        let mut odd: Vec<(Shape, usize)> = Vec::new();
        let mut ends = Ends::Kept;
        let mut lines: Vec<Seen> = Vec::new();
        // Lines without a level. How many of them are some program's own takes long to tell, and matters only beside lines
        // whose ends or margins are in doubt.
        let mut plain: Vec<String> = Vec::new();
        let mut own = 0;
        let own_of = |plain: &mut Vec<String>| plain.drain(..).filter(|words| (openings.unlevelled)(words)).count();
        // As the lines themselves are told apart: by CR only where there is no LF.
        let end = if text.contains('\n') { '\n' } else { '\r' };
        for line in text.split(end).take(LOOKED_AT) {
            longest = longest.max(line.trim_end_matches('\r').len());
            let shown = printable(line);
            let (width, blank) = (shown.trim_end().chars().count(), shown.trim_end_matches('\r').ends_with(' '));
            let line = frame::open(&shown, openings).into_owned();
            for line in line.split('\n') {
                let seen = |start: usize, level: bool| {
                    let bare = line[..start].trim().is_empty() && !level;
                    Seen { words: line[start..].trim_end().to_owned(), level, line: width, blank, bare }
                };
                if (openings.named)(line) {
                    clean += 1;
                    lines.push(seen(0, true));
                    continue;
                }
                let levels = (openings.levels)(line);
                let start = usual(line);
                let Some(first) = levels.first().copied() else {
                    lines.push(seen(start, false));
                    plain.push(line[start..].to_owned());
                    continue;
                };
                let before = line.get(start..first).unwrap_or_default();
                if !before.is_empty() && (openings.unlevelled)(before) {
                    clean += 1;
                    usual_margins += 1;
                    lines.push(seen(start, false));
                    continue;
                }
                lines.push(seen(first, true));
                let margin = &line[..first];
                if levels.len() > 1 || margin.chars().count() > WIDEST {
                    crowded += 1;
                    own += own_of(&mut plain);
                    led.get_or_insert(clean + own);
                    if ends == Ends::Kept {
                        ends = lost_ends(line, &levels);
                    }
                    continue;
                }
                clean += 1;
                if usual(margin) == margin.len() {
                    usual_margins += 1;
                    continue;
                }
                let shape = Shape::of(margin);
                let known = odd.iter_mut().find(|(known, _)| *known == shape);
                if let Some((_, times)) = known {
                    *times += 1;
                } else if odd.len() < MARGINS * 25 {
                    odd.push((shape, 1));
                }
            }
        }
        if crowded > 0 || !odd.is_empty() {
            own += own_of(&mut plain);
            clean += own;
            usual_margins += own;
        }
        let soft = longest <= MAILED;
        if crowded > clean && led.is_some_and(|led| led < LED) {
            return Self { ends, margins: Vec::new(), width: None, soft };
        }
        odd.retain(|(_, times)| *times > usual_margins);
        odd.sort_by_key(|(_, times)| std::cmp::Reverse(*times));
        let margins = odd.into_iter().take(MARGINS).map(|(shape, _)| shape).collect();
        Self { ends: Ends::Kept, margins, width: broken_at(&lines), soft }
    }

    /// The width at which a terminal broke this source's lines.
    pub(crate) fn width(&self) -> Option<Width> {
        self.width
    }

    /// Whether a mailer may have broken lines here: one that does leaves none that is longer.
    pub(crate) fn is_mailed(&self) -> bool {
        self.soft
    }

    /// Whether line ends were lost, so that what is one record is a guess.
    pub(crate) fn mangled(&self) -> bool {
        self.ends != Ends::Kept
    }

    /// The records of one line, appended to `found`.
    pub(crate) fn records(&self, line: &[u8], openings: &Openings, found: &mut Vec<Record>) {
        // A CR within a line is no line end: a server's may stand there, and ssh lets it through.
        let clean = printable(&String::from_utf8_lossy(line));
        if clean.trim().is_empty() {
            return;
        }
        match &self.ends {
            Ends::Kept => {
                let opened = frame::open(&clean, openings);
                let beside = frame::beside(&clean, openings);
                // A frame's text may have line ends of its own.
                for words in opened.split('\n') {
                    let from = found.len();
                    self.whole(words, &clean, openings, found);
                    let own = |text: &str| (openings.begins)(text) || (openings.levels)(text).first() == Some(&0);
                    if let (Some(beside), Some(record)) = (&beside, found.get_mut(from))
                        && !own(&record.text)
                    {
                        record.text = format!("{beside} {}", record.text);
                    }
                }
            }
            ends => {
                for piece in pieces(&clean, ends, openings) {
                    self.piece(&piece, &clean, openings, found);
                }
            }
        }
    }

    /// A line that is one record.
    fn whole(&self, line: &str, shown: &str, openings: &Openings, found: &mut Vec<Record>) {
        let plain = super::markup::unmark(line);
        let bold = plain.trim().strip_prefix("**").and_then(|rest| rest.strip_suffix("**"));
        let plain = bold.unwrap_or(&plain);
        let named = (openings.named)(plain);
        let start = if named { 0 } else { self.start(plain, openings) };
        let when = stamp(if named { plain } else { &plain[..start] });
        found.extend(Record::new(&plain[start..], line, shown).map(|record| Record { when, ..record }));
    }

    /// Where a line's words begin.
    fn start(&self, line: &str, openings: &Openings) -> usize {
        if let Some(end) = self.margins.iter().find_map(|shape| shape.of_line(line)) {
            return end;
        }
        let end = usual(line);
        // `debug1: ` may itself look like a margin's end to nobody; but a margin that is not this source's is none.
        match (openings.levels)(line).first() {
            Some(level) if *level <= end => *level,
            _ => end,
        }
    }

    /// A part of a line that was taken apart.
    fn piece(&self, piece: &str, shown: &str, openings: &Openings, found: &mut Vec<Record>) {
        let plain = super::markup::unmark(piece);
        let level = (openings.levels)(&plain).first().copied();
        let start = level.filter(|at| plain[..*at].chars().count() <= WIDEST).unwrap_or_else(|| usual(&plain));
        found.extend(Record::new(&plain[start..], piece, shown));
    }
}

/// How a line lost its ends that holds several levels.
fn lost_ends(line: &str, levels: &[usize]) -> Ends {
    let spelt = levels.iter().filter_map(|at| {
        let before = line[..*at].strip_suffix('n')?;
        let slashes = before.len() - before.trim_end_matches('\\').len();
        (slashes > 0).then_some(slashes)
    });
    let mut spelt: Vec<usize> = spelt.collect();
    spelt.sort_unstable();
    if let Some(slashes) = spelt.get(spelt.len() / 2).filter(|_| spelt.len() * 2 > levels.len()) {
        return Ends::Spelt(*slashes);
    }
    if line.contains("<br") { Ends::Tags } else { Ends::Lost }
}

/// The parts of a line that lost its ends.
fn pieces<'a>(line: &'a str, ends: &Ends, openings: &Openings) -> Vec<Cow<'a, str>> {
    let broken: Vec<Cow<'a, str>> = match ends {
        Ends::Kept => return vec![Cow::Borrowed(line)],
        Ends::Spelt(slashes) => frame::unspell(line, *slashes).into_iter().map(Cow::Owned).collect(),
        Ends::Tags | Ends::Lost => frame::untag(line).into_iter().map(Cow::Borrowed).collect(),
    };
    if matches!(ends, Ends::Spelt(_)) {
        return broken;
    }
    let several = broken.len() > 1;
    let mut pieces = Vec::new();
    for part in broken {
        let levels = (openings.levels)(&part);
        let deep = levels.first().is_some_and(|at| *at > WIDEST);
        if levels.len() < 2 && !several && !deep {
            pieces.push(part);
            continue;
        }
        let mut cuts = levels;
        cuts.extend((openings.plain)(&part));
        cuts.sort_unstable();
        cuts.dedup();
        let mut start = 0;
        for cut in cuts {
            if !part[start..cut].trim().is_empty() {
                pieces.push(Cow::Owned(part[start..cut].to_owned()));
                start = cut;
            }
        }
        pieces.push(Cow::Owned(part[start..].to_owned()));
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn levels(text: &str) -> Vec<usize> {
        text.match_indices("debug1: ").map(|(at, _)| at).collect()
    }

    fn plain(text: &str) -> Vec<usize> {
        text.match_indices("Bye from ").map(|(at, _)| at).collect()
    }

    const OPENINGS: Openings = Openings {
        levels,
        plain,
        named: |line| line.contains(" daemon["),
        begins: |_| false,
        unlevelled: |line| line.starts_with("plain: "),
        told: |name| name == "host" || name == "user",
    };

    fn texts(source: &str) -> Vec<String> {
        let layout = Layout::of(source.as_bytes(), &OPENINGS);
        let mut found = Vec::new();
        for line in source.lines() {
            layout.records(line.as_bytes(), &OPENINGS, &mut found);
        }
        found.into_iter().map(|record| record.text).collect()
    }

    #[test]
    fn a_source_in_lines_is_never_cut_within_a_line() {
        let source = "debug1: one\ndebug1: software <br>debug1: forged \\ndebug1: forged debug1: forged\ndebug1: two\nBye from x";
        let found = texts(source);
        assert_eq!(found.len(), 4, "{found:?}");
        assert!(found[1].starts_with("debug1: software"));
    }

    #[test]
    fn a_log_without_levels_is_in_lines_too() {
        let source = "plain: software debug1: forged debug1: forged\nplain: \\ndebug1: forged\\ndebug1: forged";
        assert_eq!(texts(source), source.lines().collect::<Vec<_>>());
    }

    #[test]
    fn a_margin_is_the_sources_own() {
        let found = texts("debug1: one\nsays: debug1: two\ndebug1: three");
        assert_eq!(found[1], "says: debug1: two", "nobody else has that margin");
        assert_eq!(texts("job 12 :: debug1: x\njob 13 :: debug1: y\njob 13 :: plain")[1..], ["debug1: y", "plain"]);
    }

    #[test]
    fn a_log_in_one_line_is_taken_apart() {
        assert_eq!(texts("debug1: one debug1: two Bye from me"), ["debug1: one", "debug1: two", "Bye from me"]);
        assert_eq!(
            texts(r"(255, 'start\r\ndebug1: one\r\ndebug1: two\r\nBye from a\\nb\n')")[1..4],
            ["debug1: one", "debug1: two", r"Bye from a\nb"]
        );
        assert_eq!(texts("debug1: one<br>debug1: two<br/>plain"), ["debug1: one", "debug1: two", "plain"]);
    }

    #[test]
    fn a_terminals_width() {
        let print = "uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s";
        let line = format!("debug1: key /home/dev/.ssh/{} SHA256:{print}", "x".repeat(30));
        let broken = format!("{}\n{}\ndebug1: short\nend\n", &line[..80], &line[80..]);
        assert_eq!(Layout::of(broken.as_bytes(), &OPENINGS).width(), Some(Width::Words(80)));
        let several = format!("debug1: {}\nrest\n", "word ".repeat(18)).repeat(3);
        assert_eq!(Layout::of(several.as_bytes(), &OPENINGS).width(), Some(Width::Words(97)));
        let two = format!("debug1: {}\nrest\n", "word ".repeat(18)).repeat(2);
        assert_eq!(Layout::of(two.as_bytes(), &OPENINGS).width(), None);
        let whole = format!("{line}\nplain\ndebug1: short\n");
        assert_eq!(Layout::of(whole.as_bytes(), &OPENINGS).width(), None);
    }

    #[test]
    fn what_an_object_tells_beside_its_words() {
        let line = r#"{"user":"dev","host":"box:22","msg":"no luck","error":"unplain: EOF \"x\""}"#;
        assert_eq!(texts(line), ["host=box:22 user=dev no luck", "host=box:22 user=dev unplain: EOF \"x\""]);
        assert_eq!(texts(r#"{"host":"box:22","log":"debug1: one"}"#), ["debug1: one"], "a client's own line");
        assert_eq!(texts(r#"{"host":"box 22","msg":"no luck"}"#), ["no luck"], "no name");
    }

    #[test]
    fn a_frame_of_its_own_on_each_line() {
        let found = texts("{\"log\":\"debug1: a \\\"b\\\"\\n\",\"stream\":\"stderr\"}\n{\"log\":\"debug1: c\\n\"}");
        assert_eq!(found, ["debug1: a \"b\"", "debug1: c"]);
    }
}
