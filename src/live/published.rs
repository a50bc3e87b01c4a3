//! `--as`: the public keys that a git host publishes of an account, over HTTPS.
//!
//! Only the user's own `--as` leads here. Nothing is sent but the account's name, and nothing of an answer is used but
//! the keys in it.

use std::net::IpAddr;
use std::str::FromStr;
use std::time::{Duration, Instant};

use ureq::Agent;
use ureq::http::Uri;
use ureq::http::header::LOCATION;
use ureq::tls::{RootCerts, TlsConfig};
use ureq::unversioned::transport::DefaultConnector;

use super::config::Options;
use super::names::Names;
use crate::model::Fact;
use crate::model::facts::{Published, option};
use crate::provider;
use crate::wire;

/// How long all of it may take.
const LIMIT: Duration = Duration::from_secs(5);

/// The longest answer, in bytes.
const LONGEST: u64 = 1 << 20;

/// How often a host may send on to another page of its own.
const REDIRECTS: usize = 3;

/// What stands for the account in an address.
const ACCOUNT: &str = "{}";

/// An account, and where its keys may be looked up.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    /// The account's name.
    pub login: Login,
    /// Addresses that the user named, before those that are known.
    pub addresses: Vec<Address>,
}

impl Wanted {
    /// The account's keys at a host, or why they could not be looked up. `None` for a host that is no git host as far
    /// as is known, and for which no address was named.
    pub(crate) fn look_up(&self, host: &str, config: &Fact<Options>, limit: Duration) -> Option<Published> {
        let real = config.known().and_then(|options| option(options, "hostname"));
        let names: Vec<&str> = [Some(host), real].into_iter().flatten().collect();
        let own = self.addresses.iter().find(|one| names.iter().any(|name| name.eq_ignore_ascii_case(&one.host)));
        let provider = names.iter().find_map(|name| provider::by_host(name));
        let template = match own {
            Some(address) => Some(address.template.as_str()),
            None => provider?.public_keys,
        };
        let keys = match template.and_then(|template| template.replace(ACCOUNT, &self.login.0).parse().ok()) {
            Some(address) => get(address, limit.min(LIMIT)),
            None => Fact::Unknown("no list of its accounts' keys is known; --keys-at HOST=ADDRESS names one".into()),
        };
        Some(Published { host: host.to_owned(), login: self.login.0.clone(), keys, registered: Vec::new() })
    }

    /// What to say where there is no list to look at.
    pub(crate) fn unlisted(&self) -> String {
        format!("No list of {}'s keys is known for this destination; --keys-at HOST=ADDRESS names one.", self.login.0)
    }
}

/// An account's name, which can stand in an address as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Login(String);

impl Login {
    /// The name.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Login {
    type Err = &'static str;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c));
        let dots = name.chars().all(|c| c == '.');
        (plain && !dots && name.len() <= 64)
            .then(|| Self(name.to_owned()))
            .ok_or("give an account's name: letters, digits, '_', '.' and '-', 64 at most")
    }
}

/// Where a host publishes an account's keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address {
    /// The git host.
    host: String,
    /// The address, [`ACCOUNT`] standing for the account.
    template: String,
}

impl FromStr for Address {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let address = || {
            let (host, template) = text.split_once('=')?;
            let (before, _) = template.split_once(ACCOUNT)?;
            // A path's word, and no host's.
            let in_path = before.splitn(4, '/').count() == 4 && template.matches(ACCOUNT).count() == 1;
            let uri: Uri = template.replace(ACCOUNT, "x").parse().ok()?;
            let safe = uri.authority().is_some_and(|whole| !whole.as_str().contains('@')) && is_private(&uri);
            (in_path && safe && !host.is_empty()).then(|| Self { host: host.to_owned(), template: template.to_owned() })
        };
        address()
            .ok_or("give a host and an https address with {} for the account: HOST=https://git.example.com/{}.keys")
    }
}

/// Whether nobody between here and there can read or change what is said.
fn is_private(uri: &Uri) -> bool {
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
    let here = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    match uri.scheme_str() {
        Some("https") => true,
        Some("http") => here,
        _ => false,
    }
}

/// The keys at an address.
fn get(address: Uri, limit: Duration) -> Fact<Vec<String>> {
    let deadline = Instant::now() + limit;
    let mut address = address;
    for _ in 0..=REDIRECTS {
        match ask(&address, deadline.saturating_duration_since(Instant::now())) {
            Ok(Answer::Body(body)) => {
                return parse(&body)
                    .map_or_else(|| Fact::Unknown("it answers with no list of keys".into()), Fact::Known);
            }
            Ok(Answer::Missing) => return Fact::Absent,
            Ok(Answer::Status(status)) => return Fact::Unknown(format!("it answers with HTTP status {status}")),
            Ok(Answer::Elsewhere(to)) => match onward(&address, &to) {
                Some(next) => address = next,
                None => return Fact::Unknown("it sends on to another place, which is not followed".into()),
            },
            Err(error) => return Fact::Unknown(why(&error, limit)),
        }
    }
    Fact::Unknown("it sends on again and again".into())
}

/// What a host answers.
enum Answer {
    Body(Vec<u8>),
    Missing,
    Elsewhere(String),
    Status(u16),
}

fn ask(address: &Uri, limit: Duration) -> Result<Answer, ureq::Error> {
    // The system's own roots, so that a company's are known; proxies are the environment's.
    let tls = TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build();
    let config = Agent::config_builder()
        .timeout_global(Some(limit))
        .http_status_as_error(false)
        .max_redirects(0)
        .tls_config(tls)
        .user_agent(concat!("ssh-why/", env!("CARGO_PKG_VERSION")))
        .build();
    let mut response = Agent::with_parts(config, DefaultConnector::new(), Names).get(address).call()?;
    let status = response.status();
    Ok(match status.as_u16() {
        200 => Answer::Body(response.body_mut().with_config().limit(LONGEST).read_to_vec()?),
        404 | 410 => Answer::Missing,
        _ if status.is_redirection() => {
            let to = response.headers().get(LOCATION).and_then(|to| to.to_str().ok());
            Answer::Elsewhere(to.unwrap_or_default().to_owned())
        }
        other => Answer::Status(other),
    })
}

/// The place that a host sends on to, if that is its own.
fn onward(from: &Uri, to: &str) -> Option<Uri> {
    let (scheme, authority) = (from.scheme_str()?, from.authority()?);
    let next: Uri = match to.strip_prefix('/') {
        Some(rest) if !rest.starts_with(['/', '\\']) => format!("{scheme}://{authority}{to}").parse().ok()?,
        _ => to.parse().ok()?,
    };
    (next.scheme_str() == Some(scheme) && next.authority() == Some(authority)).then_some(next)
}

/// The fingerprints of a list of keys, one a line. `None` if a line is no key: what it holds is not known then.
fn parse(body: &[u8]) -> Option<Vec<String>> {
    let text = std::str::from_utf8(body).ok()?;
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| Some(wire::public_line(line)?.fingerprint)).collect()
}

/// Why there was no answer, as a clause. No words of the other side's.
fn why(error: &ureq::Error, limit: Duration) -> String {
    use std::io::ErrorKind;
    match error {
        ureq::Error::Timeout(_) => format!("it gave no whole answer within {} s", limit.as_secs()),
        ureq::Error::HostNotFound => "its name leads nowhere; this machine may be offline".into(),
        ureq::Error::Io(error) => match error.kind() {
            // What rustls makes of an unfit certificate.
            ErrorKind::InvalidData => "its certificate is not one that this system trusts for that name".into(),
            ErrorKind::UnexpectedEof => "its answer breaks off".into(),
            other => format!("it can't be reached: {other}"),
        },
        ureq::Error::Tls(_) | ureq::Error::Rustls(_) | ureq::Error::Pem(_) => {
            "its certificate is not one that this system trusts for that name".into()
        }
        ureq::Error::ConnectProxyFailed(_) | ureq::Error::InvalidProxyUrl => "the proxy does not lead there".into(),
        ureq::Error::BodyExceedsLimit(_) => format!("its answer is longer than {LONGEST} bytes"),
        _ => "its answer can't be read".into(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";

    #[test]
    fn names_that_can_stand_in_an_address() {
        for good in ["octocat", "Octo-Cat_1.x", &"a".repeat(64)] {
            assert_eq!(good.parse::<Login>().unwrap().as_str(), good);
        }
        for bad in ["", ".", "..", "a/b", "a b", "a?b", "a#b", "a%2fb", "ä", "a\nb", "a@b", &"a".repeat(65)] {
            assert!(bad.parse::<Login>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn addresses_are_https_or_of_this_machine() {
        for good in [
            "git.example.com=https://git.example.com/{}.keys",
            "git.example.com=https://git.example.com:8443/users/{}/keys",
            "git.example.com=http://127.0.0.1:80/{}.keys",
            "git.example.com=http://[::1]:80/{}.keys",
            "git.example.com=http://localhost/{}.keys",
        ] {
            assert!(good.parse::<Address>().is_ok(), "{good}");
        }
        for bad in [
            "https://git.example.com/{}.keys",
            "git.example.com",
            "=https://git.example.com/{}.keys",
            "git.example.com=http://git.example.com/{}.keys",
            "git.example.com=http://localhost.example.com/{}.keys",
            "git.example.com=https://git.example.com/keys",
            "git.example.com=https://{}.example.com/keys",
            "git.example.com=https://git.example.com{}/keys",
            "git.example.com=https://me:secret@git.example.com/{}.keys",
            "git.example.com=https://git.example.com/{}/{}.keys",
            "git.example.com=ftp://git.example.com/{}.keys",
            "git.example.com=file:///{}",
        ] {
            assert!(bad.parse::<Address>().is_err(), "{bad}");
        }
    }

    #[test]
    fn only_the_same_place_is_followed() {
        let from: Uri = "https://git.example.com/OctoCat.keys".parse().unwrap();
        let to = |to: &str| onward(&from, to).map(|uri| uri.to_string());
        for same in ["/octocat.keys", "https://git.example.com/octocat.keys"] {
            assert_eq!(to(same).as_deref(), Some("https://git.example.com/octocat.keys"), "{same}");
        }
        for other in [
            "",
            "octocat.keys",
            "//evil.example/octocat.keys",
            "/\\evil.example/octocat.keys",
            "http://git.example.com/octocat.keys",
            "https://evil.example/octocat.keys",
            "https://git.example.com:444/octocat.keys",
            "https://git.example.com@evil.example/octocat.keys",
        ] {
            assert_eq!(to(other), None, "{other}");
        }
    }

    #[test]
    fn a_list_is_keys_and_nothing_else() {
        assert_eq!(parse(b""), Some(Vec::new()));
        assert_eq!(parse(b"\n# a remark\n\n"), Some(Vec::new()));
        assert_eq!(parse(format!("{KEY}\r\n{KEY} octocat\n").as_bytes()).map(|keys| keys.len()), Some(2));
        for bad in ["<!DOCTYPE html>\n", "ssh-ed25519 AAAA\n", &format!("{KEY}\n<p>\n"), &KEY[..60]] {
            assert_eq!(parse(bad.as_bytes()), None, "{bad}");
        }
        assert_eq!(parse(b"\xff\xfe"), None);
    }
}
