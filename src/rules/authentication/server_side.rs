//! The server's own log tells why it refused.

use crate::rules::rule::{Rule, Stage};

pub(in crate::rules) const RULE: Rule =
    Rule::of("server-side", Stage::Authentication, include_str!("../../../docs/causes/server-side.md"));
