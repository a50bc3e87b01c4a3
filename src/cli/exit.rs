//! Exit codes, as the contract has them.

use crate::diagnose::{Answer, Diagnosis};

/// All is well.
pub(crate) const WELL: u8 = 0;
/// A cause was found.
pub(crate) const FOUND: u8 = 1;
/// Wrong usage, or input that can't be read.
pub(crate) const USAGE: u8 = 2;
/// Not enough to tell.
pub(crate) const UNKNOWN: u8 = 3;

/// The code that a verdict stands for.
pub(super) fn code(diagnosis: &Diagnosis) -> u8 {
    match diagnosis.answer() {
        Answer::Well => WELL,
        Answer::Found => FOUND,
        Answer::Open => UNKNOWN,
    }
}
