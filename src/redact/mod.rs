//! Takes out of logs and reports what tells whose they are, so that they can be shared and still say the same.
//!
//! ```text
//! logs ─▶ learn: what the reader understood, and what lines show ─▶ names
//! logs, or a report's texts ─▶ scan: names, and values by their form ─▶ stand-ins
//! ```
//!
//! Everything is seen twice. First names are learnt: from the reader's statements, and from the words round them in
//! lines that it does not read (`words`). Then each line is written again with a stand-in for each value: for
//! learnt names wherever they stand, for addresses, fingerprints and the like by their form. One value has one
//! stand-in in all files that are shared together; secrets have none and are cut out.

mod address;
mod also;
mod command;
mod database;
mod dull;
mod dump;
mod field;
mod follows;
mod key_text;
mod learn;
mod line;
mod line_form;
mod look;
mod looks;
mod more;
mod names;
mod path;
mod phrases;
mod plain;
mod private_key;
mod prose;
mod public;
mod redactor;
mod run;
mod scan;
mod secret;
mod shell_form;
mod sort;
mod spelt;
mod stand_in;
mod stream;
mod template;
mod token;
mod told;
mod unbroken;
mod untouched;
mod words;

pub use redactor::Redactor;
#[cfg(feature = "cli")]
pub(crate) use redactor::Replaced;
pub use sort::Sort;
pub use stream::{Learner, Rewriter};
pub use unbroken::Breaks;
#[cfg(feature = "cli")]
pub(crate) use untouched::Untouched;
