//! git does not run the same ssh, or not in the same way, as you do.

use crate::rules::rule::{Rule, Stage};

pub(in crate::rules) const RULE: Rule =
    Rule::of("git-differs", Stage::After, include_str!("../../../docs/causes/git-differs.md"));
