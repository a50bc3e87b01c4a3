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
mod stamp;
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
pub(crate) use stamp::{shown as shown_stamp, stamp};
pub(crate) use walk::{MANY, Walk, is_name, is_word};

/// Characters that a terminal acts on or that a reader can't see: control characters, marks that turn the
/// writing direction, zero-width and line-separating characters.
///
/// None of them ever gets into a report or a suggested command.
pub fn unprintable(c: char) -> bool {
    // Unicode's classes Cc, Cf, Zl and Zp.
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{890}'..='\u{891}' | '\u{8e2}'
            | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}' | '\u{110bd}' | '\u{110cd}' | '\u{13430}'..='\u{1343f}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e007f}')
}
