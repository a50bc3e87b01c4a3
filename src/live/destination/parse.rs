//! Reads a destination, and says which words can be one.

use super::target::Destination;
use crate::model::session::Typed;
use crate::provider;

/// Longest host name, as resolvers have it.
const LONGEST: usize = 255;

impl Destination {
    /// Reads a destination as people have it: `[user@]host`, `ssh://[user@]host[:port]/…`, `user@host:path`,
    /// `user@host:PORT`, `[::1]:PORT`, git's `[user@host:PORT]:path`, and a known provider's page, `https://github.com/…`.
    /// `None`: it is none, or a word of it could be taken for an option.
    pub(crate) fn parse(text: &str) -> Option<Typed> {
        let text = match web_host(text) {
            // A page says nothing of how another host is reached by ssh.
            Some(host) => Some(host).filter(|host| provider::by_host(host).is_some())?,
            None => text,
        };
        let url = text.strip_prefix("ssh://").map(|rest| rest.split('/').next().unwrap_or(rest));
        let text = match text.strip_prefix('[').and_then(|rest| rest.split_once("]:")) {
            // All of it in brackets, as git has it where a port is named; the path is behind them.
            Some((inner, _)) if url.is_none() && inner.contains('@') => inner,
            _ => text,
        };
        let (user, place) = match url.unwrap_or(text).rsplit_once('@') {
            Some((user, place)) => (Some(user), place),
            None => (None, url.unwrap_or(text)),
        };
        let (host, port) = place_of(place, url.is_some())?;
        let typed = Typed {
            program: "ssh".into(),
            user: user.filter(|user| !user.is_empty()).map(str::to_owned),
            host: host.to_owned(),
            port,
            ..Typed::default()
        };
        is_safe(&typed).then_some(typed)
    }
}

/// Whether no word of a destination can be taken for an option, or for more than a name.
pub(crate) fn is_safe(typed: &Typed) -> bool {
    let user = typed.user.as_deref();
    is_host(&typed.host)
        && user.is_none_or(|user| {
            !user.is_empty()
                && user.len() <= LONGEST
                && !user.starts_with('-')
                && !user.ends_with('\\')
                // A shell's own, as ssh refuses them itself from 9.6 on (ssh.c, `valid_ruser`): `%r` in a ProxyCommand
                // is a shell's word.
                && !user.chars().any(|c| c.is_whitespace() || "'`\";&<>|(){}".contains(c) || crate::text::unprintable(c))
        })
}

/// Whether a word can be a host: an alias of the configuration, a name, or an address.
fn is_host(host: &str) -> bool {
    !host.is_empty()
        && host.len() <= LONGEST
        && !host.starts_with('-')
        && !host.chars().any(|c| c.is_whitespace() || "/'\"`\\$&;<>|()@".contains(c) || crate::text::unprintable(c))
}

/// Whether `text` names jump hosts and nothing else: `[user@]host[:port]`, joined by commas.
pub(crate) fn are_hops(text: &str) -> bool {
    text.split(',').all(|hop| Destination::parse(hop).is_some())
}

/// The host of a web page's address.
pub(crate) fn web_host(text: &str) -> Option<&str> {
    let rest = ["https://", "http://"].iter().find_map(|scheme| text.strip_prefix(scheme))?;
    let place = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let place = place.rsplit_once('@').map_or(place, |(_, place)| place);
    Some(place.split(':').next().unwrap_or(place))
}

/// Host and port. Outside of an address `ssh://…` a number behind a colon is a port, and anything else a path.
fn place_of(place: &str, url: bool) -> Option<(&str, Option<u16>)> {
    if let Some(rest) = place.strip_prefix('[') {
        let (host, rest) = rest.split_once(']')?;
        // git's, with the port inside; an address has more colons than one.
        if let Some((host, port)) = host.split_once(':').filter(|(_, port)| !url && !port.contains(':')) {
            return Some((host, Some(port.parse().ok()?)));
        }
        let port = match rest.strip_prefix(':') {
            Some(port) if url || port.chars().all(|c| c.is_ascii_digit()) => Some(port.parse().ok()?),
            Some(_) => None,
            None if rest.is_empty() => None,
            None => return None,
        };
        return Some((host, port));
    }
    match place.split_once(':') {
        // An IPv6 address without its brackets.
        Some((_, rest)) if rest.contains(':') && !url && !rest.contains('/') => Some((place, None)),
        Some((host, port)) if url => Some((host, Some(port.parse().ok()?))),
        Some((host, rest)) if !rest.is_empty() && rest.chars().all(|c| c.is_ascii_digit()) => {
            Some((host, Some(rest.parse().ok()?)))
        }
        Some((host, _)) => Some((host, None)),
        None => Some((place, None)),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::shell;

    fn read(text: &str) -> (Option<String>, String, Option<u16>) {
        let typed = Destination::parse(text).unwrap_or_else(|| panic!("{text}"));
        (typed.user, typed.host, typed.port)
    }

    #[test]
    fn destinations_as_people_have_them() {
        let git = Some("git".to_owned());
        assert_eq!(read("git@github.com"), (git.clone(), "github.com".into(), None));
        assert_eq!(read("ssh://git@box:2222/org/repo.git"), (git.clone(), "box".into(), Some(2222)));
        assert_eq!(read("git@box:org/repo.git"), (git.clone(), "box".into(), None));
        assert_eq!(read("git@box:2222"), (git.clone(), "box".into(), Some(2222)));
        assert_eq!(read("[git@box:2222]:org/repo.git"), (git.clone(), "box".into(), Some(2222)));
        assert_eq!(read("git@[box:2222]:org/repo.git"), (git.clone(), "box".into(), Some(2222)));
        assert_eq!(read("[box:2222]:org/repo.git"), (None, "box".into(), Some(2222)));
        assert_eq!(read("git@[::1]:repo.git"), (git, "::1".into(), None));
        assert_eq!(read("[::1]:22"), (None, "::1".into(), Some(22)));
        assert_eq!(read("[::1]"), (None, "::1".into(), None));
        assert_eq!(read("::1"), (None, "::1".into(), None));
        for odd in ["", "-", "-oProxyCommand=x", "-l@box", "git@-box", "a b", "ssh://", "box$(id)", "ssh://box:x", "@"]
        {
            assert!(Destination::parse(odd).is_none(), "{odd}");
        }
    }

    #[test]
    fn a_users_name_is_no_shells_word() {
        for user in ["a`id`", "a;id", "a|id", "a$(id)", "a'b", "{a,b}", "a\\", "-oX=y"] {
            assert!(Destination::parse(&format!("{user}@h")).is_none(), "{user}");
            let typed = shell::parse_ssh(&["ssh", "-l", user, "h"].map(str::to_owned));
            assert!(typed.is_none_or(|typed| !is_safe(&typed)), "{user}");
        }
        for user in ["dev", "EXAMPLE\\dev", "dev@example.com", "o/r", "PC$"] {
            let typed = shell::parse_ssh(&["ssh", "-l", user, "h"].map(str::to_owned)).unwrap();
            assert!(is_safe(&typed), "{user}");
        }
    }

    #[test]
    fn hops() {
        assert!(are_hops("me@hop:22,other"));
        for odd in ["-oProxyCommand=x", "hop,-x", "", "none;id", "%(x)"] {
            assert!(!are_hops(odd), "{odd}");
        }
    }
}
