//! What neither a report nor a command may hold.

/// Characters that a terminal acts on or that a reader can't see: control characters, marks that turn the
/// writing direction, zero-width and line-separating characters.
///
/// None of them ever gets into a report or a suggested command.
pub fn unprintable(c: char) -> bool {
    // Unicode's classes Cc, Cf, Zl and Zp, and the letters and marks that have no shape of their own
    // (Default_Ignorable_Code_Point, without the selectors of another letter's variants).
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{890}'..='\u{891}' | '\u{8e2}'
            | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}' | '\u{110bd}' | '\u{110cd}' | '\u{13430}'..='\u{1343f}'
            | '\u{34f}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{3164}' | '\u{ffa0}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_shape_is_not_printed() {
        for c in "\u{202e}\u{200b}\u{2066}\u{feff}\u{e0041}\u{34f}\u{115f}\u{3164}\u{ffa0}\u{17b4}".chars() {
            assert!(unprintable(c), "{c:?}");
        }
        for c in "a é漢\u{301}\u{fe0f}\u{a0}\u{3000}".chars() {
            assert!(!unprintable(c), "{c:?}");
        }
    }
}
