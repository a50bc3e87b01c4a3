//! What is to be reported, and how it is to look.

use super::outline::{Outline, Style};
use super::{diagnosis_outline, keys_outline};
use crate::diagnose::Diagnosis;
use crate::shell::Shell;
use crate::survey::Survey;

/// What is to be reported.
#[derive(Clone, Copy, Debug)]
pub enum Report<'a> {
    /// Why ssh was refused.
    Diagnosis(&'a Diagnosis),
    /// Which keys there are.
    Survey(&'a Survey),
}

/// How it is to look.
#[derive(Clone, Copy)]
pub struct Look<'a> {
    /// Columns for running text on a terminal; quotes and commands are never broken.
    pub width: usize,
    /// Everything, not only what a screen holds.
    pub verbose: bool,
    /// The shell that commands are quoted for.
    pub shell: Shell,
    /// The user's home, shown as `~` in tables.
    pub home: Option<&'a str>,
    /// Turns a piece of text into what the terminal shows.
    pub paint: &'a dyn Fn(Style, &str) -> String,
}

impl Default for Look<'_> {
    /// Eighty columns, no colours, everything.
    fn default() -> Self {
        Self { width: 80, verbose: true, shell: Shell::default(), home: None, paint: &|_, text| text.to_owned() }
    }
}

impl Report<'_> {
    /// What it says, in order.
    pub fn outline(&self, look: &Look<'_>) -> Outline {
        match self {
            Self::Diagnosis(diagnosis) => diagnosis_outline::of(diagnosis, look.shell),
            Self::Survey(survey) => keys_outline::of(survey, look.home, look.shell),
        }
    }
}
