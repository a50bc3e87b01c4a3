//! Where a structured record says that its program was bound for: `host=box.example port=22 user=dev`.

use super::other::{Place, place};
use super::typed::{is_user, plausible};

/// Names of such fields, as loggers' users choose them.
const ADDRESS: &[&str] =
    &["host", "hostname", "addr", "address", "server", "target", "remote", "endpoint", "destination", "url"];
const PORT: &[&str] = &["port"];
const USER: &[&str] = &["user", "username", "login"];

/// All of them.
pub(crate) fn is_told(name: &str) -> bool {
    [ADDRESS, PORT, USER].iter().any(|names| names.contains(&name))
}

/// The place that a line's fields name, written `name=value` with a value in quotes or without.
///
/// A host alone is mostly the machine that logs. What comes behind words of the library's own is none of the
/// program's fields: a server's text may stand there.
pub(crate) fn bound(line: &str) -> Option<Place> {
    let mut found = Place::default();
    let mut at_port = false;
    for (name, value) in fields(line) {
        if ADDRESS.contains(&name) && found.host.is_empty() {
            match place(value) {
                Some(place) => {
                    at_port = place.port.is_some();
                    found =
                        Place { user: found.user.or(place.user), port: place.port.or(found.port), host: place.host };
                }
                None if plausible(value) => value.clone_into(&mut found.host),
                None => {}
            }
        } else if PORT.contains(&name) {
            found.port = found.port.or_else(|| value.parse().ok());
        } else if USER.contains(&name) && is_user(value) {
            found.user = Some(value.to_owned());
        }
    }
    (!found.host.is_empty() && (at_port || found.port.is_some() || found.user.is_some())).then_some(found)
}

/// `name=value` and `name="value \"x\""`, up to the first words of the library's own that stand in no quotes.
fn fields(line: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = line;
    std::iter::from_fn(move || {
        loop {
            rest = rest.trim_start();
            let word = rest.split(char::is_whitespace).next().filter(|word| !word.is_empty() && *word != "ssh:")?;
            let Some((name, _)) = word.split_once('=') else {
                rest = &rest[word.len()..];
                continue;
            };
            let value = &rest[name.len() + 1..];
            let (value, behind) = match value.strip_prefix('"') {
                Some(quoted) => quoted.split_at(closing(quoted)?),
                None => value.split_at(word.len() - name.len() - 1),
            };
            rest = behind.strip_prefix('"').unwrap_or(behind);
            return Some((name, value.trim_end_matches(',')));
        }
    })
}

/// Where the quote closes that was opened before this.
fn closing(text: &str) -> Option<usize> {
    let mut escaped = false;
    text.char_indices().find_map(|(at, c)| {
        let closes = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        closes.then_some(at)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(line: &str) -> Option<(Option<String>, String, Option<u16>)> {
        bound(line).map(|place| (place.user, place.host, place.port))
    }

    #[test]
    fn fields_of_a_record() {
        let all = Some((Some("dev".to_owned()), "box.example".to_owned(), Some(2222)));
        for line in [
            "ERROR unable to connect host=box.example:2222 user=dev err=\"ssh: handshake failed: EOF\"",
            "level=error msg=\"no luck\" addr=box.example error=\"ssh: handshake failed: EOF\" port=2222 user=dev",
            "ERRO[0000] no luck  error=\"ssh: disconnect, reason 2: \\\"user=x host=y\\\"\" url=\"ssh://box.example:2222/x\" user=dev",
        ] {
            assert_eq!(told(line), all, "{line}");
        }
    }

    #[test]
    fn what_is_no_place() {
        for line in [
            "level=error host=web-1 error=\"ssh: handshake failed: EOF\"",
            "ssh: disconnect, reason 2: host=box.example:22 user=x",
            "err=\"ssh: disconnect, reason 2: host=box.example:22 user=x",
            "user=dev error=\"ssh: handshake failed: EOF\"",
        ] {
            assert_eq!(told(line), None, "{line}");
        }
    }
}
