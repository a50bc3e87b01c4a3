//! What a report shows of the logs themselves: a log is read once more, for the lines that the report speaks of and
//! those near them. Secrets are cut out on the way, and what tells whose a log is where that is wanted.

use crate::diagnose::Diagnosis;
use crate::model::excerpt::Excerpt;
use crate::reader::Excerpter;
use crate::redact::{Breaks, Learner, Redactor, Rewriter, Sort};

use super::exchange;
use super::link;
use super::outline::{Block, Log};

/// How much of a log is taken at a time, where all of it is there.
const PIECE: usize = 64 << 10;

/// A log's second reading.
pub struct Rereading<'a> {
    redactor: &'a mut Redactor,
    rewriter: Rewriter,
    excerpter: Excerpter,
    text: Vec<u8>,
}

/// One that leaves everything but secrets as it is.
pub fn of_secrets() -> Redactor {
    Redactor::keeping(Sort::KEPT)
}

impl<'a> Rereading<'a> {
    /// Of the log of this number. `breaks` is what a [`Learner`] said of it; none for a log that is shown as it stands.
    pub fn of(diagnosis: &Diagnosis, log: usize, breaks: Option<Breaks>, redactor: &'a mut Redactor) -> Self {
        let total = diagnosis.case.transcripts.get(log).map_or(0, |log| log.lines);
        Self {
            redactor,
            rewriter: Rewriter::new(breaks.unwrap_or_default()),
            excerpter: Excerpter::new(total, marks(diagnosis, log)),
            text: Vec::new(),
        }
    }

    /// Takes the next piece.
    pub fn feed(&mut self, piece: &[u8]) {
        self.text.clear();
        self.rewriter.feed(piece, self.redactor, &mut self.text);
        self.excerpter.feed(&self.text);
    }

    /// What is to be shown.
    pub fn finish(mut self) -> Excerpt {
        self.text.clear();
        self.rewriter.finish(self.redactor, &mut self.text);
        self.excerpter.feed(&self.text);
        self.excerpter.finish()
    }
}

impl Diagnosis {
    /// Puts in what a report shows of the logs themselves, whose bytes these are, in order. With a redactor, what tells
    /// whose they are is replaced, in the diagnosis and in the logs.
    pub fn show(&mut self, logs: &[&[u8]], redactor: Option<&mut Redactor>) {
        let mut secrets = of_secrets();
        let mut breaks = vec![None; logs.len()];
        let redactor = match redactor {
            Some(redactor) => {
                for (at, (log, bytes)) in self.case.transcripts.iter().zip(logs).enumerate() {
                    let mut learner = Learner::new(&log.source);
                    bytes.chunks(PIECE).for_each(|piece| learner.feed(piece, redactor));
                    breaks[at] = Some(learner.finish(redactor).1);
                }
                self.redact(redactor);
                redactor
            }
            None => &mut secrets,
        };
        for (at, bytes) in logs.iter().enumerate() {
            let mut reading = Rereading::of(self, at, breaks[at], redactor);
            bytes.chunks(PIECE).for_each(|piece| reading.feed(piece));
            let excerpt = reading.finish();
            if let Some(log) = self.case.transcripts.get_mut(at) {
                log.excerpt = Some(excerpt);
            }
        }
    }
}

/// The lines of a log that a report speaks of, the most important first: the verdict's proof, the other findings', and
/// the keys of the picture.
fn marks(diagnosis: &Diagnosis, log: usize) -> Vec<u64> {
    let proofs = diagnosis.main().into_iter().chain(&diagnosis.findings);
    let quoted = proofs.flat_map(|finding| finding.evidence.iter().map(move |evidence| (finding, evidence)));
    let quoted = quoted.filter_map(|(finding, evidence)| link::place(diagnosis, finding, evidence));
    let all = quoted.chain(exchange::lines(diagnosis));
    all.filter(|link| link.log == log).map(|link| link.line).collect()
}

/// The logs that are shown.
pub(super) fn logs(diagnosis: &Diagnosis) -> Vec<Block> {
    let logs = diagnosis.case.transcripts.iter().enumerate();
    let shown = logs.filter_map(|(number, log)| {
        let excerpt = log.excerpt.clone().filter(|excerpt| !excerpt.lines.is_empty())?;
        Some(Block::Log(Log { number, source: log.source.clone(), excerpt }))
    });
    shown.collect()
}
