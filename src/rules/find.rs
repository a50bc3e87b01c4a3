//! Finds a rule: by its id, by what it is for.

use super::RULES;
use super::rule::Rule;
use crate::model::Cause;
use crate::model::facts::Problem;

/// The rule with this id.
pub fn by_id(id: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.id == id)
}

/// A rule's place in the order of precedence.
pub(crate) fn rank(id: &str) -> usize {
    RULES.iter().position(|rule| rule.id == id).unwrap_or(RULES.len())
}

/// The cause that a key leads to which comes late in ssh's list.
pub(crate) fn late_key() -> Cause {
    RULES.iter().find(|rule| rule.late_key).map_or("", |rule| rule.id)
}

impl Problem {
    /// The cause that this problem leads to.
    pub fn cause(&self) -> Cause {
        RULES.iter().find(|rule| rule.problem.is_some_and(|leads| leads(self))).map_or("", |rule| rule.id)
    }
}
