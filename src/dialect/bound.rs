//! Where a line of a program's own says that it was bound for, beside an error that it passes on.

use crate::model::Kind;
use crate::shell::{Place, bound, place};

/// Words with which the library's own error begins. Behind them an address may stand that nobody asked for, of a name
/// server, say, and a server may have its say.
const ERRORS: &[&str] = &["ssh: ", "dial tcp", "dial udp", "read tcp", "write tcp", "lookup "];

/// `unable to clone 'ssh://git@box/x', error: ssh: handshake failed: …`, `no luck host=box:22 user=dev error="ssh: …"`.
pub(super) fn destination(line: &str) -> Option<Kind> {
    let end = ERRORS.iter().filter_map(|words| line.find(words)).min().unwrap_or(line.len());
    let said = || line[..end].split([' ', '(', ')']).find_map(place);
    let Place { user, host, port } = bound(line).or_else(said).or_else(|| copied(&line[..end]))?;
    Some(Kind::Destination { user, host, port })
}

/// `error copy file to dest: HOST, error message: …`, as drone-scp and scp-action have it.
fn copied(said: &str) -> Option<Place> {
    let (_, rest) = said.split_once("copy file to dest: ")?;
    let host = rest.split_once(", error message: ")?.0;
    place(&format!("{host}:22")).map(|place| Place { port: None, ..place })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn before_the_error() {
        let to = |user: Option<&str>, host: &str, port| {
            Some(Kind::Destination { user: user.map(str::to_owned), host: host.to_owned(), port })
        };
        let known = to(Some("git"), "box.example", Some(22));
        assert_eq!(destination("no luck (git@box.example:22): ssh: handshake failed: EOF"), known);
        assert_eq!(destination("no luck addr=box.example:22 user=git error=\"ssh: handshake failed: EOF\""), known);
        assert_eq!(
            destination("error copy file to dest: box.example, error message: ssh: handshake failed: EOF"),
            to(None, "box.example", None)
        );
        assert_eq!(
            destination("deploy to box.example:22: dial tcp: lookup box.example on 192.0.2.53:53: no such host"),
            to(None, "box.example", Some(22))
        );
        for line in [
            "main.go:30: dial tcp: lookup box.example on 192.0.2.53:53: no such host",
            "ssh: handshake failed: read tcp 192.0.2.1:51234->192.0.2.9:22: i/o timeout",
            "ssh: handshake failed: ssh: disconnect, reason 2: go to git@box.example:22",
        ] {
            assert_eq!(destination(line), None, "{line}");
        }
    }
}
