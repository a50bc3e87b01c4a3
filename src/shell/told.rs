//! What a line holds that says where something goes, in other words than a command's.

use super::{other, task};

/// Words of which every such line holds one.
pub(crate) fn places() -> impl Iterator<Item = &'static str> {
    other::places().chain(task::hosts())
}
