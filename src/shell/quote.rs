//! Quoting for the shells that users paste into.

/// A shell to quote for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shell {
    /// Any Bourne shell, zsh and fish.
    #[default]
    Sh,
    /// Windows PowerShell and PowerShell 7.
    PowerShell,
    /// Windows' cmd.exe.
    Cmd,
}

/// Why a word cannot be written for a shell.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{word:?} holds {what}, which can't be quoted safely")]
pub struct Unquotable {
    /// The word.
    pub word: String,
    /// What is wrong with it.
    pub what: &'static str,
}

/// The words as one line that `shell` splits into exactly these words.
///
/// A Bourne shell puts the home in place of a `~/` in front, which ssh does by itself and `chmod` does not.
///
/// # Errors
/// A word holds a control or an invisible character, or one that the shell has no quoting for.
pub fn join<S: AsRef<str>>(words: &[S], shell: Shell) -> Result<String, Unquotable> {
    let quoted: Result<Vec<_>, _> = words.iter().map(|word| quote(word.as_ref(), shell)).collect();
    Ok(quoted?.join(" "))
}

fn quote(word: &str, shell: Shell) -> Result<String, Unquotable> {
    let fail = |what| Err(Unquotable { word: word.to_owned(), what });
    if word.chars().any(crate::text::unprintable) {
        return fail("a control character");
    }
    let plain = !word.is_empty() && word.bytes().all(|byte| is_plain(byte, shell)) && !starts_specially(word, shell);
    if plain {
        return Ok(word.to_owned());
    }
    match shell {
        Shell::Sh if word.starts_with("~/") && word.len() > 2 => Ok(format!("~/{}", quote(&word[2..], shell)?)),
        Shell::Sh => match shlex::try_quote(word) {
            Ok(quoted) => Ok(quoted.into_owned()),
            Err(_) => fail("a NUL byte"),
        },
        // Windows PowerShell passes a word with a double quote or a trailing backslash on unquoted to the
        // program, which then splits it elsewhere; and it takes typographic quotes for quotes.
        Shell::PowerShell => {
            if word.contains(['"', '‘', '’', '‚', '‛', '“', '”', '„']) {
                return fail("a quotation mark");
            }
            if word.ends_with('\\') {
                return fail("a backslash at its end");
            }
            Ok(format!("'{}'", word.replace('\'', "''")))
        }
        Shell::Cmd => {
            // Within double quotes cmd still expands %NAME% and, if enabled, !NAME!.
            if word.contains(['"', '%', '!']) {
                return fail("a character that cmd.exe expands");
            }
            if word.ends_with('\\') {
                return fail("a backslash at its end");
            }
            Ok(format!("\"{word}\""))
        }
    }
}

/// Bytes that no position of a command line gives a meaning to.
fn is_plain(byte: u8, shell: Shell) -> bool {
    match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'-' | b'.' | b'/' | b':' | b'+' => true,
        b'@' | b'=' | b',' => shell == Shell::Sh || (shell == Shell::PowerShell && byte == b'='),
        b'\\' => shell != Shell::Sh,
        _ => false,
    }
}

/// Words that a shell takes for something else when they stand bare.
fn starts_specially(word: &str, shell: Shell) -> bool {
    match shell {
        // `NAME=value` before a command is an assignment; after it, it is a plain word, and ours always are.
        Shell::Sh => word.starts_with('='),
        // PowerShell splits a bare `-name.rest` and `-name:rest` in two; and 0x10, 1kb are numbers.
        Shell::PowerShell => word.starts_with('-') && word.contains(['.', ':']) || word.ends_with('\\'),
        Shell::Cmd => word.ends_with('\\') || word.contains('='),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_words_stay_bare() {
        let words = ["ssh", "-i", "/home/dev/.ssh/id_ed25519", "-o", "IdentitiesOnly=yes", "git@github.com"];
        assert_eq!(join(&words, Shell::Sh).unwrap(), words.join(" "));
        assert_eq!(
            join(&["ssh", "-i", "C:\\Users\\dev\\.ssh\\id", "git@github.com"], Shell::PowerShell).unwrap(),
            "ssh -i C:\\Users\\dev\\.ssh\\id 'git@github.com'"
        );
    }

    #[test]
    fn shell_syntax_is_quoted() {
        assert_eq!(join(&["~/.ssh/key"], Shell::Sh).unwrap(), "~/.ssh/key");
        assert_eq!(join(&["~/my keys/$(id)"], Shell::Sh).unwrap(), "~/'my keys/$(id)'");
        assert_eq!(join(&["~dev/key"], Shell::Sh).unwrap(), "'~dev/key'");
        assert_eq!(join(&["~/.ssh/key"], Shell::PowerShell).unwrap(), "'~/.ssh/key'");
        assert_eq!(join(&["a b"], Shell::Cmd).unwrap(), "\"a b\"");
        assert_eq!(join(&["it's"], Shell::PowerShell).unwrap(), "'it''s'");
        assert_eq!(shlex::split(&join(&["$(id)`id`\"'"], Shell::Sh).unwrap()).unwrap(), ["$(id)`id`\"'"]);
    }

    #[test]
    fn what_cannot_be_quoted_is_refused() {
        assert!(join(&["a\nb"], Shell::Sh).is_err());
        assert!(join(&["a\u{202e}b"], Shell::Sh).is_err());
        assert!(join(&["%PATH%"], Shell::Cmd).is_err());
        assert!(join(&["a\"b"], Shell::PowerShell).is_err());
    }
}
