//! What neither a report nor a command may hold.

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
