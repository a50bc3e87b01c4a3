//! `--redact`, and what is said of a redaction.

use std::io::{self, Write};

use super::args::Redaction;
use crate::diagnose::Diagnosis;
use crate::redact::{Redactor, Replaced, Sort};
#[cfg(feature = "live")]
use crate::survey::Survey;

/// Replaces what tells whose a diagnosis is, if that is wanted.
pub(super) fn diagnosis(diagnosis: &mut Diagnosis, wanted: &Redaction) {
    if wanted.redact {
        let mut redactor = Redactor::keeping(&wanted.keep);
        diagnosis.redact(&mut redactor);
        tell(&redactor.replaced(), &wanted.keep);
    }
}

/// Replaces what tells whose a list of keys is, if that is wanted.
#[cfg(feature = "live")]
pub(super) fn survey(survey: &mut Survey, wanted: &Redaction) {
    if wanted.redact {
        let mut redactor = Redactor::keeping(&wanted.keep);
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
