//! The server's own log tells why it refused.

use crate::rules::rule::{Rule, Stage};
use crate::rules::server::open;

pub(in crate::rules) const RULE: Rule = Rule {
    other_reasons: true,
    served: Some(open::cut_off),
    ..Rule::of("server-side", Stage::Authentication, include_str!("../../../docs/causes/server-side.md"))
};
