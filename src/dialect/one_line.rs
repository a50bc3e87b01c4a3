//! What one line tells that stands alone.

use super::{Speaker, look};
use crate::model::Kind;

/// Whether a line is some program's own from its first word on.
pub(crate) fn begins(line: &str) -> bool {
    Speaker::default().begins(line)
}

/// Whether a line begins as one of a program that has no levels as OpenSSH's client has.
pub(crate) fn unlevelled(line: &str) -> bool {
    Speaker::default().is_unlevelled(line)
}

/// What one line says that stands alone.
pub(crate) fn read_line(line: &str) -> Option<Kind> {
    Speaker::default().says(&look(line)).kind
}
