//! Splitting a pasted command line into words.

/// The words of a command line as a shell would split them, up to the first pipe, redirection, `;` or `&`.
///
/// Works on what people paste, so it never fails: an unclosed quote ends with the line. A backslash quotes
/// only where it does so in a Bourne shell and is not part of a Windows path.
pub(crate) fn split(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut open = false;
    let mut quote = None;
    let mut chars = line.chars().peekable();
    while let Some(next) = chars.next() {
        match (quote, next) {
            (Some(end), _) if closes(end, next) => quote = None,
            (Some('"'), '\\') if matches!(chars.peek(), Some('"' | '\\' | '$' | '`')) => word.extend(chars.next()),
            (Some(_), _) => word.push(next),
            (None, '\'' | '"' | '“' | '”' | '‘') => {
                quote = Some(next);
                open = true;
            }
            (None, '\\')
                if chars.peek().is_some_and(|after| !after.is_alphanumeric() && *after != '\\' && *after != '.') =>
            {
                word.extend(chars.next());
                open = true;
            }
            (None, ' ' | '\t' | '\u{a0}') => {
                if open {
                    words.push(std::mem::take(&mut word));
                    open = false;
                }
            }
            (None, '|' | ';' | '&' | '>' | '<' | '`') => {
                // The 2 of `2>` is no word.
                if open && matches!(next, '>' | '<') && word.bytes().all(|byte| byte.is_ascii_digit()) {
                    open = false;
                }
                break;
            }
            (None, _) => {
                word.push(next);
                open = true;
            }
        }
    }
    if open {
        words.push(word);
    }
    words
}

fn closes(open: char, next: char) -> bool {
    match open {
        '“' | '”' => matches!(next, '“' | '”'),
        '‘' => next == '’',
        _ => next == open,
    }
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn quotes_and_ends() {
        assert_eq!(split("ssh -i 'my key' h 2>&1 | tee log"), ["ssh", "-i", "my key", "h"]);
        assert_eq!(split("ssh -i “my key” h; ls"), ["ssh", "-i", "my key", "h"]);
        assert_eq!(split("ssh -i C:\\Users\\me\\.ssh\\k h"), ["ssh", "-i", "C:\\Users\\me\\.ssh\\k", "h"]);
        assert_eq!(split("ssh -i my\\ key h"), ["ssh", "-i", "my key", "h"]);
        assert_eq!(split("ssh 'open"), ["ssh", "open"]);
    }
}
