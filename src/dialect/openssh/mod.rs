//! OpenSSH's client, 5.x to 10.x, on all platforms: one row a wording, a file a topic.

mod auth;
mod client;
mod config;
mod connect;
mod host_key;
mod identities;
pub(crate) mod key_names;
mod noise;
mod session;
mod words;

use crate::dialect::table::{Dialect, Head};
use crate::model::Author;

pub(super) static OPENSSH: Dialect = Dialect {
    author: Author::OPENSSH,
    client: Some(&client::CLIENT),
    rows: &[config::ROWS, connect::ROWS, host_key::ROWS, identities::ROWS, auth::ROWS, session::ROWS],
    marks: &[],
    noise: noise::NOISE,
    noise_within: noise::WITHIN,
    levels: &["debug1: ", "debug2: ", "debug3: "],
    twice: false,
    head,
    words_at,
};

/// `debug1: ` … `debug3: `, or nothing; some releases put the program's name before the words of either.
fn head(line: &str) -> Head<'_> {
    let logged = line
        .strip_prefix("debug")
        .and_then(|rest| rest.strip_prefix(['1', '2', '3']))
        .and_then(|rest| rest.strip_prefix(": ").or_else(|| rest.strip_prefix(':')));
    match logged {
        Some(words) => Head { stream: None, logged: true, words: words.trim_start() },
        None => {
            let own = |rest: &&str| !rest.starts_with("connect") && !rest.starts_with("Could");
            Head::bare(line.strip_prefix("ssh: ").filter(own).unwrap_or(line))
        }
    }
}

fn words_at(line: &[u8]) -> Option<usize> {
    match line {
        [b'd', b'e', b'b', b'u', b'g', b'1'..=b'3', b':', b' ', ..] => Some(8),
        [b's', b's', b'h', b':', b' ', ..] => Some(5),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::dialect::{Speaker, read_line};
    use crate::model::{Key, Kind};

    fn read(line: &str) -> Kind {
        read_line(line).unwrap_or_else(|| panic!("nothing read in {line}"))
    }

    #[test]
    fn endings() {
        assert!(matches!(read("git@github.com: Permission denied (publickey)."),
            Kind::Denied { user: Some(user), host: Some(host), methods } if user == "git" && host == "github.com" && methods == ["publickey"]));
        assert!(matches!(read("Received disconnect from 192.0.2.1 port 22:2: Too many authentication failures"),
            Kind::Disconnected { address: Some(address), port: Some(22), text } if address == "192.0.2.1" && text == "Too many authentication failures"));
        assert!(
            matches!(read("Received disconnect from 192.0.2.1: 11: "), Kind::Disconnected { text, .. } if text.is_empty())
        );
        assert!(matches!(
            read("Connection closed by UNKNOWN port 65535"),
            Kind::Closed { address: None, proxied: true, .. }
        ));
        assert!(matches!(read("Connection to 192.0.2.1 port 22 timed out"), Kind::ConnectionFailed { .. }));
        assert!(matches!(read("Connection to box closed."), Kind::SessionClosed { .. }));
    }

    #[test]
    fn success_in_each_release() {
        assert!(matches!(read("Authenticated to github.com ([140.82.112.4]:22) using \"publickey\"."),
            Kind::AuthenticatedTo { method: Some(method), port: Some(22), .. } if method == "publickey"));
        assert!(matches!(
            read("Authenticated to inner (via proxy)."),
            Kind::AuthenticatedTo { method: None, address: None, .. }
        ));
        assert!(matches!(read("debug1: Authentication succeeded (publickey)."), Kind::Succeeded { .. }));
    }

    #[test]
    fn signing_failures() {
        assert!(matches!(
            read("sign_and_send_pubkey: signing failed: agent refused operation"),
            Kind::AgentRefused { .. }
        ));
        assert!(
            matches!(read("sign_and_send_pubkey: signing failed for ED25519-SK \"/home/dev/.ssh/id_sk\": device not found"),
            Kind::SigningFailed { key: Key { kind: Some(kind), .. }, reason } if kind == "ED25519-SK" && reason == "device not found")
        );
    }

    #[test]
    fn configuration_troubles_and_warnings() {
        for trouble in [
            "/home/dev/.ssh/config: line 3: Bad configuration option: usekeychain",
            "/home/dev/.ssh/config line 3: no argument after keyword \"identityfile\"",
            "/home/dev/.ssh/config line 3: Missing argument.",
            "/home/dev/.ssh/config: terminating, 1 bad configuration options",
        ] {
            assert!(matches!(read(trouble), Kind::ConfigError { .. }), "{trouble}");
        }
        let warning = "/home/dev/.ssh/config line 7: Unsupported option \"rsaauthentication\"";
        assert!(Speaker::default().says(warning).kind.is_none());
        assert!(
            matches!(read("debug1: /etc/ssh/ssh_config line 21: Applying options for *"), Kind::HostBlock { pattern } if pattern == "*")
        );
    }
}
