//! Who wrote a document.

use serde::Serialize;

/// Who wrote a document.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct Tool {
    name: &'static str,
    version: &'static str,
}

/// This program, as every document names it.
pub(crate) const TOOL: Tool = Tool { name: "ssh-why", version: env!("CARGO_PKG_VERSION") };
