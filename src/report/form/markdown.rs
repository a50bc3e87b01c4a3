//! Markdown.
use crate::report::look::{Look, Report};
pub(super) fn write(_: &Report<'_>, _: &Look<'_>) -> String {
    String::new()
}
