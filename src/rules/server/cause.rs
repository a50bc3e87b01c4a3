//! Which cause a reason is a case of.

use crate::model::Cause;
use crate::rules::rule::Rule;

/// The cause that a reason is a case of.
pub(super) fn cause(rules: &'static [Rule], reason: &str) -> Cause {
    let own = rules.iter().find(|rule| rule.reasons.contains(&reason));
    own.or_else(|| rules.iter().find(|rule| rule.other_reasons)).map_or("", |rule| rule.id)
}
