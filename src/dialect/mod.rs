//! Clients' words as data: a record's text becomes a statement.
//!
//! To add a wording of OpenSSH, add a row to [`openssh`]; to add a client, add a file and name it here.

pub mod foreign;
mod keys;
pub(crate) use keys::looks_like_path;
pub mod openssh;

use crate::model::Kind;

/// Words that plain lines of interest begin with or hold.
#[cfg(test)]
pub(crate) fn plain_wordings() -> impl Iterator<Item = &'static str> {
    openssh::plain_wordings().chain(foreign::wordings()).chain(["ssh box", "git push", "scp box:a b", "sftp box"])
}

/// What a record says, whoever wrote it. Git hosts' sentences and shell prompts included.
pub fn parse(text: &str) -> Option<Kind> {
    openssh::parse(text).or_else(|| {
        if text.starts_with("debug") {
            return None;
        }
        crate::provider::greeting(text)
            .map(Kind::Greeting)
            .or_else(|| crate::provider::refusal(text))
            .or_else(|| crate::shell::typed(text).map(Kind::Command))
    })
}
