//! `--redact`, and what is said of a redaction.

use std::io::{self, Write};

use regex::Regex;

use super::again::Again;
use super::args::Redaction;
use super::error::{self, Error};
use crate::diagnose::Diagnosis;
use crate::redact::{Breaks, Learner, Redactor, Replaced, Sort};
use crate::report::excerpt::{self, Rereading};
#[cfg(feature = "live")]
use crate::survey::Survey;

/// Replaces what tells whose a diagnosis is, if that is wanted, and puts in what the report shows of the logs, as far as
/// they are given, in the order of the diagnosis. A log that can't be read again is told of, and the report goes on.
pub(super) fn diagnosis(diagnosis: &mut Diagnosis, mut logs: Vec<Option<Again>>, wanted: &Redaction) {
    let mut redactor = if wanted.redact { redactor(&wanted.keep, &wanted.also) } else { excerpt::of_secrets() };
    let mut breaks = vec![None; logs.len()];
    if wanted.redact {
        // All are looked through before the first is written: a name of one may stand in another.
        for ((log, breaks), told) in logs.iter_mut().zip(&mut breaks).zip(&diagnosis.case.transcripts) {
            *log = log.take().and_then(|mut log| {
                let learnt = learn(&mut log, &told.source, &mut redactor);
                *breaks = learnt.map_err(|error| not_shown(&error)).ok();
                breaks.map(|_| log)
            });
        }
        diagnosis.redact(&mut redactor);
    }
    for (at, log) in logs.into_iter().enumerate() {
        let Some(mut log) = log else { continue };
        let mut reading = Rereading::of(diagnosis, at, breaks[at], &mut redactor);
        let read = log.again(&mut |piece| {
            reading.feed(piece);
            Ok(())
        });
        let shown = reading.finish();
        match (read, diagnosis.case.transcripts.get_mut(at)) {
            (Ok(()), Some(told)) => told.excerpt = Some(shown),
            (Err(error), _) => not_shown(&error),
            (Ok(()), None) => {}
        }
    }
    if wanted.redact {
        tell(&redactor.replaced(), &wanted.keep);
    }
}

/// One that leaves values of some sorts as they are, and replaces what patterns fit.
pub(super) fn redactor(keep: &[Sort], also: &[Regex]) -> Redactor {
    let redactor = Redactor::keeping(keep);
    if also.is_empty() {
        return redactor;
    }
    let also = also.to_vec();
    redactor
        .also(move |line| also.iter().flat_map(|pattern| pattern.find_iter(line)).map(|found| found.range()).collect())
}

fn learn(log: &mut Again, source: &str, redactor: &mut Redactor) -> Result<Breaks, Error> {
    let mut learner = Learner::new(source);
    log.again(&mut |piece| {
        learner.feed(piece, redactor);
        Ok(())
    })?;
    Ok(learner.finish(redactor).1)
}

fn not_shown(error: &Error) {
    error::warn(&format!("the report does not show a log, which can't be read again: {error}"));
}

/// Replaces what tells whose a list of keys is, if that is wanted.
#[cfg(feature = "live")]
pub(super) fn survey(survey: &mut Survey, wanted: &Redaction) {
    if wanted.redact {
        let mut redactor = redactor(&wanted.keep, &wanted.also);
        survey.redact(&mut redactor);
        tell(&redactor.replaced(), &wanted.keep);
    }
}

/// Says what was replaced, and never what it was.
pub(super) fn tell(replaced: &[Replaced], kept: &[Sort]) {
    let count =
        |number: usize, sort: Sort| format!("{number} {}", if number == 1 { sort.singular() } else { sort.plural() });
    let places = |places: u64| format!("{places} {}", if places == 1 { "place" } else { "places" });
    let (cut, stand_ins): (Vec<&Replaced>, Vec<&Replaced>) = replaced.iter().partition(|replaced| replaced.values == 0);
    let mut said = Vec::new();
    if !stand_ins.is_empty() {
        let all: Vec<String> = stand_ins
            .iter()
            .map(|replaced| format!("{} in {}", count(replaced.values, replaced.sort), places(replaced.places)))
            .collect();
        said.push(format!("replaced {}", all.join(", ")));
    }
    if !cut.is_empty() {
        let all: Vec<String> =
            cut.iter().map(|replaced| format!("{} in {}", replaced.sort.plural(), places(replaced.places))).collect();
        said.push(format!("cut out {}", all.join(", ")));
    }
    if !kept.is_empty() {
        said.push(format!("kept {}", kept.iter().map(|sort| sort.plural()).collect::<Vec<_>>().join(", ")));
    }
    if said.is_empty() {
        said.push("nothing to replace".to_owned());
    }
    let _ = writeln!(io::stderr(), "redacted: {}", said.join("; "));
}
