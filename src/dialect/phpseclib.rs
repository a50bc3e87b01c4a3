//! phpseclib's SSH2 and SFTP: its exceptions (3.x), PHP's notices (2.x), the list of errors, and the log of packets, as names alone or
//! with their bytes.

use super::table::{Dialect, Glue, Head, Row, any, holds, within};
use super::words::is_key_file;
use crate::model::client::{no, partly, yes};
use crate::model::{Author, Capability, Client, Key, Kind, Side};

pub(super) static PHPSECLIB: Dialect = Dialect {
    author: Author { id: "phpseclib", name: "Phpseclib", side: Side::Client, read: true, tells_offers: true },
    client: Some(&CLIENT),
    rows: &[PACKETS, ERRORS, FILES],
    marks: &[
        holds("NET_SSH2_MSG_", "-> NET_SSH2_MSG_KEXINIT (since last: 0.339, network: 0.0001s)"),
        holds(
            "phpseclib3\\",
            "PHP Fatal error:  Uncaught phpseclib3\\Exception\\InsufficientSetupException: something else",
        ),
        holds("/phpseclib3/", "#0 /usr/share/php/phpseclib3/Net/SSH2.php(2187): connect()"),
        holds("phpseclib\\", "#0 phpseclib\\Net\\SSH2->login()"),
        holds("/phpseclib/", "PHP Notice:  something else in /usr/share/php/phpseclib/Net/SSH2.php on line 1680"),
    ],
    noise: &["Array", "(", ")", "Stack trace:", "#", "thrown in ", "-> ", "<- ", "000"],
    noise_within: &[],
    levels: &[],
    twice: false,
    head,
};

/// `[13] => -> NET_SSH2_MSG_USERAUTH_REQUEST`, as PHP prints a list; else the line itself.
fn head(line: &str) -> Head<'_> {
    let item = || {
        let (number, rest) = line.strip_prefix('[')?.split_once(']')?;
        rest.strip_prefix(" => ").filter(|_| number.bytes().all(|byte| byte.is_ascii_digit()))
    };
    Head::bare(item().unwrap_or(line))
}

/// An item of the list of errors that ends in the server's own text, line ends and all.
pub(super) fn quotes(line: &str) -> bool {
    line.starts_with('[') && head(line).words.starts_with("SSH_MSG_DISCONNECT: ")
}

const PACKETS: &[Row] = &[
    any("<-", "<- 00000000  53:53:48:2d:32:2e:30:2d:4f:70:65:6e:53:53:48:5f  SSH-2.0-OpenSSH_", |rest| {
        Some(Kind::RemoteSoftware { software: identification(rest)? })
    })
    .wraps(dump),
    any("->", "-> 00000000  53:53:48:2d:32:2e:30:2d:70:68:70:73:65:63:6c:69  SSH-2.0-phpsecli", |rest| {
        Some(Kind::ClientSoftware { version: identification(rest)? })
    })
    .wraps(dump),
    any(
        "<- NET_SSH2_MSG_SERVICE_ACCEPT",
        "[10] => <- NET_SSH2_MSG_SERVICE_ACCEPT (since last: 0.05, network: 0.05s)",
        |_| Some(Kind::ServiceAccepted),
    )
    .signs(),
    any(
        "-> NET_SSH2_MSG_USERAUTH_REQUEST",
        "[13] => -> NET_SSH2_MSG_USERAUTH_REQUEST (since last: 0.34, network: 0.05s)",
        |rest| match Request::of(rest) {
            None => Some(Kind::Requested),
            Some(Request { signed: true, .. }) => None,
            Some(Request { method, .. }) if method == "publickey" => {
                Some(Kind::Offering { key: Key::default(), explicit: false, token: false })
            }
            Some(Request { method, .. }) => Some(Kind::NextMethod { method }),
        },
    )
    .signs()
    .also(|line| Some(Kind::User { user: Request::of(line)?.user }))
    .wraps(dump),
    any(
        "<- NET_SSH2_MSG_USERAUTH_FAILURE",
        "[14] => <- NET_SSH2_MSG_USERAUTH_FAILURE (since last: 0.02, network: 0.02s)",
        |rest| {
            let list = string(&mut bytes(rest).as_slice()).unwrap_or_default();
            Some(Kind::Methods { list: super::words::methods(&list) })
        },
    )
    .signs()
    .wraps(dump),
    // RFC 4252 §7, which it has no name for.
    any("<- UNKNOWN (60)", "[14] => <- UNKNOWN (60) (since last: 0.0001, network: 0s)", |_| {
        Some(Kind::ServerAccepts { key: None })
    })
    .signs(),
    any(
        "<- NET_SSH2_MSG_USERAUTH_SUCCESS",
        "[16] => <- NET_SSH2_MSG_USERAUTH_SUCCESS (since last: 0.02, network: 0.02s)",
        |_| Some(Kind::SessionOpened),
    )
    .signs(),
];

/// What it throws (3.x), what PHP prints as a notice (2.x), and the list of errors.
const ERRORS: &[Row] = &[
    // The server's words, which must not be taken for any of those below.
    any(
        "SSH_MSG_DISCONNECT: ",
        "[0] => SSH_MSG_DISCONNECT: NET_SSH2_DISCONNECT_PROTOCOL_ERROR",
        |text| Some(Kind::Disconnected { address: None, port: None, text: text.trim_end().to_owned() }),
    )
    .signs()
    // The server's own text stands in the next line, or is that line.
    .wraps(|reason| (!reason.trim().contains(' ')).then_some(Glue::Theirs)),
    any("Too many authentication failures", "Too many authentication failures", |rest| {
        let text = "Too many authentication failures".to_owned();
        rest.trim().is_empty().then_some(Kind::Disconnected { address: None, port: None, text })
    }),
    // Only a key that was refused is told so.
    any("SSH_MSG_USERAUTH_FAILURE", "[0] => SSH_MSG_USERAUTH_FAILURE", |rest| {
        rest.trim().is_empty().then_some(Kind::KeyRefusalTold)
    })
    .signs(),
    // As the manual's examples end.
    within("Uncaught Exception: Login failed", "PHP Fatal error:  Uncaught Exception: Login failed in /srv/d.php:11", |_, _| {
        Some(Kind::Denied { user: None, host: None, methods: Vec::new() })
    })
    .common(),
    within(
        "Error reading SSH identification string; are you sure you're connecting to an SSH server?",
        "PHP Fatal error:  Uncaught RuntimeException: Error reading SSH identification string; are you sure you're connecting to an SSH server?",
        |_, _| {
            let reason = "no SSH greeting came".into();
            Some(Kind::ConnectionFailed { address: None, port: None, reason })
        },
    )
    .signs()
    .ends(),
    within(
        "Cannot connect to ",
        "PHP Fatal error:  Uncaught phpseclib3\\Exception\\UnableToConnectException: Cannot connect to box.example:22. Error 111. Connection refused in /usr/share/php/phpseclib3/Net/SSH2.php:1317",
        |_, rest| {
            let (place, rest) = rest.split_once(". Error ")?;
            let (host, port) = place.rsplit_once(':')?;
            let reason = rest.split_once(". ")?.1.split(" in /").next()?.trim_end();
            let (host, port) = (host.to_owned(), port.parse().ok());
            if let Some((_, reason)) = reason.split_once(" failed: ").filter(|_| reason.contains("getaddrinfo")) {
                return Some(Kind::ResolveFailed { host, reason: reason.to_owned() });
            }
            Some(Kind::ConnectFailed { host: Some(host), port, reason: reason.to_owned() })
        },
    )
    .signs()
    .also(|line| {
        let place = line.split_once("Cannot connect to ")?.1.split_once(". Error ")?.0;
        let (host, port) = place.rsplit_once(':')?;
        Some(Kind::Destination { user: None, host: host.to_owned(), port: port.parse().ok() })
    }),
    within(
        "Connection timed out whilst ",
        "PHP Fatal error:  Uncaught RuntimeException: Connection timed out whilst attempting to open socket connection in /usr/share/php/phpseclib3/Net/SSH2.php:1324",
        |_, _| Some(Kind::ConnectionFailed { address: None, port: None, reason: "Connection timed out".into() }),
    )
    .signs(),
    within(
        "No compatible ",
        "PHP Fatal error:  Uncaught phpseclib3\\Exception\\NoSupportedAlgorithmsException: No compatible key exchange algorithms found in /usr/share/php/phpseclib3/Net/SSH2.php:1616",
        |_, rest| {
            let what = match rest.split_once(" algorithms found")?.0 {
                "key exchange" => "key exchange method",
                "server host key" => "host key type",
                what if what.ends_with("encryption") => "cipher",
                what if what.ends_with("authentication") => "MAC",
                what => what,
            };
            Some(Kind::NoCommonAlgorithm { what: what.to_owned(), offer: None, address: None, port: None })
        },
    )
    .signs(),
    within(
        "Connection closed prematurely",
        "PHP Fatal error:  Uncaught phpseclib3\\Exception\\ConnectionClosedException: Connection closed prematurely in /usr/share/php/phpseclib3/Net/SSH2.php:4093",
        |_, _| closed(),
    )
    .signs(),
    within("Connection closed by server", "PHP Notice:  Connection closed by server in /usr/share/php/phpseclib/Net/SSH2.php on line 1368", |_, _| {
        closed()
    })
    .signs(),
    within("No data received from server", "PHP Fatal error:  Uncaught phpseclib3\\Exception\\ConnectionClosedException: No data received from server in /usr/share/php/phpseclib3/Net/SSH2.php:3388", |_, _| {
        closed()
    })
    .signs(),
    within("Error reading from socket", "PHP Notice:  Error reading from socket in /usr/share/php/phpseclib/Net/SSH2.php on line 3668", |_, _| {
        closed()
    })
    .signs(),
    // The answer was no answer: the server had hung up. Its agent's keys are asked about one by one.
    within(
        "At least one byte needs to be present for successful C / b decodes",
        "PHP Fatal error:  Uncaught LengthException: At least one byte needs to be present for successful C / b decodes in /usr/share/php/phpseclib3/Common/Functions/Strings.php:91",
        |_, _| Some(Kind::ConnectionFailed { address: None, port: None, reason: "no answer".into() }),
    )
    .signs()
    .also(|_| Some(Kind::ServiceAccepted)),
    // The agent's answer to the wish for a signature was none.
    within(
        "At least four byte needs to be present for successful N / i / s / L decodes",
        "PHP Fatal error:  Uncaught LengthException: At least four byte needs to be present for successful N / i / s / L decodes in /usr/share/php/phpseclib3/Common/Functions/Strings.php:114",
        |_, _| Some(Kind::AgentRefused { key: Key { agent: Some(true), ..Key::default() } }),
    )
    .signs()
    .ends(),
    within(
        "Unable to connect to ssh-agent (",
        "PHP Fatal error:  Uncaught RuntimeException: Unable to connect to ssh-agent (Error 111: Connection refused) in /usr/share/php/phpseclib3/System/SSH/Agent.php:135",
        |_, rest| Some(Kind::AgentFailed { reason: rest.split_once(": ")?.1.split(')').next()?.to_owned() }),
    )
    .signs()
    .ends(),
    within(
        "SSH_AUTH_SOCK not found",
        "PHP Fatal error:  Uncaught phpseclib3\\Exception\\BadConfigurationException: SSH_AUTH_SOCK not found in /usr/share/php/phpseclib3/System/SSH/Agent.php:128",
        |_, _| Some(Kind::AgentFailed { reason: "SSH_AUTH_SOCK is not set".into() }),
    )
    .signs()
    .ends(),
    within(
        "NoKeyLoadedException: Unable to read key",
        "PHP Fatal error:  Uncaught phpseclib3\\Exception\\NoKeyLoadedException: Unable to read key in /usr/share/php/phpseclib3/Crypt/PublicKeyLoader.php:63",
        |_, _| unusable("Unable to read key"),
    )
    .signs()
    .ends(),
    within(
        "A PublicKey object was passed to the login method instead of a PrivateKey object",
        "PHP Fatal error:  Uncaught UnexpectedValueException: A PublicKey object was passed to the login method instead of a PrivateKey object in /usr/share/php/phpseclib3/Net/SSH2.php:2197",
        |_, _| unusable("it holds a public key only"),
    )
    .signs()
    .ends(),
];

/// What PHP says of a file.
const FILES: &[Row] = &[within(
    "file_get_contents(",
    "PHP Warning:  file_get_contents(/home/dev/.ssh/id_deploy): Failed to open stream: No such file or directory in /app/deploy.php on line 6",
    |_, rest| {
        let (path, reason) = rest.split_once("): ")?;
        let reason = reason.split_once("stream: ")?.1.split(" in /").next()?;
        let (path, reason) = (path.to_owned(), reason.to_owned());
        is_key_file(&path).then_some(Kind::IdentityMissing { path, reason, named: true })
    },
)];

/// What stands behind a packet's name may be its bytes, in the lines that follow. The first few tell enough.
fn dump(rest: &str) -> Option<Glue> {
    let rest = rest.trim();
    let named = rest.ends_with("s)") && rest.contains("(since last: ");
    (rest.is_empty() || named || !bytes(rest).is_empty()).then_some(Glue::Blank)
}

/// The bytes of a packet: `00000010  39:2e:32:70  9.2p`, as many as were joined to the line.
fn bytes(rest: &str) -> Vec<u8> {
    let hex =
        |word: &str| -> Option<Vec<u8>> { word.split(':').map(|byte| u8::from_str_radix(byte, 16).ok()).collect() };
    let is_row = |word: &&str| word.len() >= 2 && word.split(':').all(|byte| byte.len() == 2);
    rest.split_whitespace().filter(is_row).filter_map(hex).flatten().collect()
}

/// A string of RFC 4251 §5.
fn string(bytes: &mut &[u8]) -> Option<String> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    let length = u32::from_be_bytes(*length) as usize;
    let text = rest.get(..length)?;
    *bytes = &rest[length..];
    Some(String::from_utf8_lossy(text).into_owned())
}

/// What SSH_MSG_USERAUTH_REQUEST says (RFC 4252 §5), as far as its bytes are there.
struct Request {
    user: String,
    method: String,
    signed: bool,
}

impl Request {
    fn of(rest: &str) -> Option<Self> {
        let bytes = bytes(rest);
        let mut bytes = bytes.as_slice();
        let user = string(&mut bytes)?;
        string(&mut bytes)?;
        let method = string(&mut bytes)?;
        Some(Self { user, signed: method == "publickey" && bytes.first() == Some(&1), method })
    }
}

fn identification(rest: &str) -> Option<String> {
    let bytes = bytes(rest);
    let text = String::from_utf8_lossy(&bytes);
    Some(text.trim_end().strip_prefix("SSH-2.0-")?.to_owned())
}

fn closed() -> Option<Kind> {
    Some(Kind::Closed { address: None, port: None, reset: false, proxied: false })
}

fn unusable(reason: &str) -> Option<Kind> {
    Some(Kind::LoadKeyFailed { path: String::new(), reason: reason.to_owned(), public: false })
}

/// Runs of Debian 12's two packages against OpenSSH 9.2.
const SEEN: &str = "seen with phpseclib 3.0.19";
const OLD: &str = "seen with phpseclib 2.0.42";
const MANUAL: &str = "https://phpseclib.com/docs/auth";

const CLIENT: Client = Client {
    versions: "phpseclib 2.0.42 and 3.0.19",
    also: &["flysystem-sftp"],
    answers: &[
        no(Capability::Config, "reads no ~/.ssh/config: an alias there is an unknown name to it", SEEN),
        no(Capability::KnownHosts, "reads no known_hosts and takes any host key, unless the program compares it", SEEN),
        no(Capability::HashedHosts, "reads no known_hosts", SEEN),
        no(Capability::HostAuthority, "reads no known_hosts", SEEN),
        partly(Capability::Agent, "asks the agent of SSH_AUTH_SOCK only if login is given a System\\SSH\\Agent", SEEN),
        no(Capability::DefaultFiles, "tries no default files", SEEN),
        yes(Capability::Order, "offers what login is given, in that order", SEEN),
        partly(
            Capability::OpenSshFormat,
            "reads keys in OpenSSH's format from version 3 on, also with Windows line ends; version 2 reads only RSA",
            SEEN,
        ),
        yes(Capability::Pem, "reads PKCS#1, PKCS#8 and SEC1, also with Windows line ends", SEEN),
        yes(Capability::Ppk, "reads PPK files of version 2 and 3", SEEN),
        partly(Capability::Ed25519, "takes ed25519 keys from version 3 on; version 2 takes only RSA", OLD),
        partly(
            Capability::Encrypted,
            "opens an encrypted key if PublicKeyLoader::load is given the password, and asks for none",
            SEEN,
        ),
        yes(Capability::RsaSha2, "signs with RSA by SHA-2, and asks about a refused RSA key with each algorithm", SEEN),
        no(Capability::Certificates, "offers no certificates", SEEN),
        no(Capability::Fido, "passes over FIDO keys of the agent, and reads no file of one", SEEN),
        yes(
            Capability::NamingAKey,
            "takes the key itself and no path: $ssh->login($user, PublicKeyLoader::load(file_get_contents(FILE)))",
            MANUAL,
        ),
        yes(
            Capability::LoggingMore,
            "tells more with define('NET_SSH2_LOGGING', SSH2::LOG_COMPLEX) before the connection, and getLog() after it",
            "https://phpseclib.com/docs/diagnosis",
        ),
    ],
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packets_by_their_bytes() {
        let service = "00:00:00:0e:73:73:68:2d:63:6f:6e:6e:65:63:74:69:6f:6e";
        let method = "00:00:00:09:70:75:62:6c:69:63:6b:65:79";
        let request = |signed: &str| {
            let rest = format!(
                "(since last: 0.1, network: 0s) 00000000  00:00:00:03:64:65:76:{service}:{method}:{signed}  ....dev"
            );
            Request::of(&rest).unwrap()
        };
        let query = request("00");
        assert_eq!((query.user.as_str(), query.method.as_str(), query.signed), ("dev", "publickey", false));
        assert!(request("01").signed);
        assert!(Request::of("(since last: 0.1, network: 0s)").is_none(), "names alone");
        assert!(
            Request::of("(since last: 0.1, network: 0s) 00000000  ff:ff:ff:ff:64:65:76  ....dev").is_none(),
            "a length that lies"
        );
    }

    #[test]
    fn a_packet_goes_on_while_its_bytes_do() {
        assert_eq!(dump(" (since last: 0.1, network: 0s)"), Some(Glue::Blank));
        assert_eq!(dump(" 00000000  53:53:48:2d"), Some(Glue::Blank));
        assert_eq!(dump(" is an arrow"), None);
    }
}
