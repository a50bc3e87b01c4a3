//! From bytes to records: what a client wrote, freed from what terminals, mails and web pages did to it.
//!
//! ```text
//! bytes ─▶ encoding ─▶ lines ─▶ joined ─▶ layout ─▶ records
//! ```
//!
//! Nothing here fails, and nothing here knows a program's words: where a record may begin is asked of `Openings`.
//! A record keeps the number of the line that it stands in, and the words to quote.

mod broken;
mod elision;
mod encoding;
mod frame;
mod joined;
mod layout;
mod lines;
mod margin;
mod markup;
mod openings;
mod records;
mod since;
mod sought;
mod stamp;
mod unprintable;
mod walk;

pub(crate) use broken::{Filled, PIECES, Width};
pub(crate) use elision::{LONGEST as LONGEST_ELISION, is_elision};
pub(crate) use encoding::Decoder;
pub(crate) use joined::{Joined, Joiner, is_soft_break};
pub(crate) use layout::Layout;
pub(crate) use lines::{Lines, MAX_LINE, line_end};
pub(crate) use margin::usual as margin;
pub(crate) use openings::Openings;
pub(crate) use records::{Record, shown, visible};
pub(crate) use since::{Since, undated};
pub(crate) use sought::{Sought, begins, common};
pub(crate) use stamp::{shown as shown_stamp, stamp};
pub use unprintable::unprintable;
pub(crate) use walk::{MANY, Walk, is_name, is_word};
