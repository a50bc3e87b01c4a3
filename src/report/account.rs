//! What git hosts publish of the account that was meant, and which keys here are among it.

use serde::Serialize;

use crate::model::Fact;
use crate::model::facts;

/// What a host publishes, for a document.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Published<'a> {
    host: &'a str,
    login: &'a str,
    /// Whether there is such an account.
    exists: Option<bool>,
    /// How many keys it has.
    keys: Option<usize>,
    /// Why there is no telling.
    why: Option<&'a str>,
}

impl<'a> Published<'a> {
    /// The document's part on this.
    pub(super) fn of(published: &'a facts::Published) -> Self {
        let (exists, keys, why) = match &published.keys {
            Fact::Known(keys) => (Some(true), Some(keys.len()), None),
            Fact::Absent => (Some(false), None, None),
            Fact::Unknown(why) => (None, None, Some(why.as_str())),
        };
        Self { host: &published.host, login: &published.login, exists, keys, why }
    }
}

/// The same in a sentence. `here` are the names of the keys that are registered there.
pub(super) fn told(published: &facts::Published, here: &[&str]) -> String {
    let facts::Published { host, login, keys, registered: _ } = published;
    match keys {
        Fact::Known(keys) if keys.is_empty() => format!("The account {login} has no keys at all at {host}."),
        Fact::Known(_) if !here.is_empty() => format!("Registered for {login} at {host}: {}.", here.join(", ")),
        Fact::Known(keys) => {
            let count = if keys.len() == 1 { "one key".to_owned() } else { format!("{} keys", keys.len()) };
            format!("{login} has {count} at {host}; none of yours is registered there.")
        }
        Fact::Absent => format!("{host} knows no account {login} (HTTP status 404)."),
        Fact::Unknown(why) => format!("The keys of {login} at {host} could not be looked up: {why}."),
    }
}
