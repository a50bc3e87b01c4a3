//! Finds a form by what a user calls it.

use super::FORMS;
use super::entry::Form;

/// The form with this name.
pub fn by_name(name: &str) -> Option<&'static Form> {
    FORMS.iter().find(|form| form.name == name)
}

/// The form of a file with this ending, in any case.
pub fn by_ending(ending: &str) -> Option<&'static Form> {
    FORMS.iter().find(|form| form.endings.iter().any(|known| known.eq_ignore_ascii_case(ending)))
}
