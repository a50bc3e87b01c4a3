//! What a git host answers that was asked for a repository, in git's own protocol (gitprotocol-pack(5)).

/// The beginning of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// It tells its refs: the repository is open.
    Refs,
    /// It says why not, in the protocol's own way.
    Error(String),
    /// It is no answer of git's: a shell's greeting, a program's words.
    Other,
}

/// Longest packet that is looked at for an error's words, in bytes.
const LONGEST: usize = 1000;

/// What the first packet says; `None` as long as it has not come.
pub(crate) fn answer(bytes: &[u8]) -> Option<Answer> {
    let Some(head) = bytes.get(..4) else {
        let odd = bytes.iter().any(|byte| !byte.is_ascii_hexdigit());
        return odd.then_some(Answer::Other);
    };
    let length = std::str::from_utf8(head).ok().and_then(|head| usize::from_str_radix(head, 16).ok());
    let Some(length) = length else { return Some(Answer::Other) };
    if length == 0 {
        return Some(Answer::Refs);
    }
    let body = bytes.get(4..length.clamp(4, LONGEST))?;
    if let Some(words) = body.strip_prefix(b"ERR ") {
        return Some(Answer::Error(String::from_utf8_lossy(words).trim().to_owned()));
    }
    let id = body.iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
    let refs = matches!(id, 40 | 64) && body.get(id) == Some(&b' ');
    Some(if refs || body.starts_with(b"version ") || body.starts_with(b"shallow ") {
        Answer::Refs
    } else {
        Answer::Other
    })
}

/// What a host's words beside say where none of them is known: their last line, as git would show it.
pub(crate) fn last_words(said: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(said);
    let worded = |line: &&str| line.chars().any(char::is_alphabetic);
    text.lines().map(str::trim).rfind(worded).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_packets() {
        let id = "0123456789012345678901234567890123456789";
        let refs = format!("{:04x}{id} HEAD\0caps\n", 4 + 40 + 11);
        assert_eq!(answer(refs.as_bytes()), Some(Answer::Refs));
        assert_eq!(answer(&refs.as_bytes()[..20]), None);
        assert_eq!(answer(b"0000"), Some(Answer::Refs));
        assert_eq!(answer(b"000eversion 1\n"), Some(Answer::Refs));
        assert_eq!(answer(b"0012ERR not found\n"), Some(Answer::Error("not found".into())));
        assert_eq!(answer(b""), None);
        assert_eq!(answer(b"00"), None);
        assert_eq!(answer(b"Welcome to this box\n"), Some(Answer::Other));
        assert_eq!(answer(b"000aabcdef"), Some(Answer::Other));
    }
}
