//! A client's log, written as the exchange goes, and what is read in it.

use ssh_why::model::{Offer, Outcome, Reply, Role, Session};

use super::{Source, read};

/// A fingerprint of a path's own.
fn print(path: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut state = 0xcbf2_9ce4_8422_2325_u64;
    let mut next = |byte: u8| {
        state = (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        (state >> 32) as usize % 64
    };
    for byte in path.bytes() {
        next(byte);
    }
    // 256 bits end in the middle of the last digit.
    (0..43).map(|at| DIGITS[if at == 42 { next(at) & !3 } else { next(at) }] as char).collect()
}

/// One run of `ssh -v`, in ssh's own words. What is not said is as in the usual CI box.
#[derive(Clone, Debug)]
pub(crate) struct Play {
    command: Option<String>,
    host: String,
    address: String,
    port: u16,
    user: String,
    software: String,
    identities: Vec<String>,
    said: String,
}

impl Play {
    /// At `box`, port 64535, as `dev`.
    pub(crate) fn new() -> Self {
        Self {
            command: None,
            host: "box".to_owned(),
            address: "192.0.2.7".to_owned(),
            port: 64535,
            user: "dev".to_owned(),
            software: "Go".to_owned(),
            identities: Vec::new(),
            said: String::new(),
        }
    }

    /// At GitHub, as it is meant.
    pub(crate) fn github() -> Self {
        Self {
            address: "140.82.112.4".to_owned(),
            port: 22,
            ..Self::new().host("github.com").user("git").software("babeld-8405fce2")
        }
    }

    pub(crate) fn host(mut self, host: &str) -> Self {
        self.host = host.to_owned();
        self
    }

    pub(crate) fn user(mut self, user: &str) -> Self {
        self.user = user.to_owned();
        self
    }

    pub(crate) fn software(mut self, software: &str) -> Self {
        self.software = software.to_owned();
        self
    }

    /// The command was pasted along with it.
    pub(crate) fn typed(mut self, command: &str) -> Self {
        self.command = Some(command.to_owned());
        self
    }

    pub(crate) fn identity(mut self, path: &str) -> Self {
        self.identities.push(path.to_owned());
        self
    }

    /// The next words, a line or some.
    pub(crate) fn says(mut self, words: impl AsRef<str>) -> Self {
        self.said.push_str(words.as_ref());
        if !words.as_ref().ends_with('\n') {
            self.said.push('\n');
        }
        self
    }

    /// Offers a key of its own, and it is refused.
    pub(crate) fn tries(self, path: &str) -> Self {
        self.identity(path).says(offering(path)).says(refused())
    }

    /// A key is accepted, and the host greets.
    pub(crate) fn logs_in(self, path: &str, greeting: &str) -> Self {
        let in_by = format!("Authenticated to {} ([{}]:{}) using \"publickey\".", self.host, self.address, self.port);
        self.says(offering(path)).says(accepted(path)).says(in_by).says(greeting)
    }

    /// The whole log.
    pub(crate) fn text(&self) -> String {
        let Self { host, address, port, user, software, .. } = self;
        let command = self.command.iter().map(|command| format!("$ {command}\n")).collect::<String>();
        let identities: String =
            self.identities.iter().map(|path| format!("debug1: identity file {path} type 0\n")).collect();
        format!(
            "{command}OpenSSH_9.6p1, OpenSSL 3.0.2\ndebug1: Connecting to {host} [{address}] port {port}.\n\
             debug1: Connection established.\n{identities}\
             debug1: Remote protocol version 2.0, remote software version {software}\n\
             debug1: Authenticating to {host}:{port} as '{user}'\ndebug1: SSH2_MSG_SERVICE_ACCEPT received\n{}\
             debug1: Next authentication method: publickey\n{}",
            refused(),
            self.said
        )
    }

    /// The log as a source of a report.
    pub(crate) fn source(&self, name: &str, role: Role) -> Source {
        Source::new(name, role, self.text())
    }

    /// Reads it; it must be one session that ended so.
    #[track_caller]
    pub(crate) fn ends(self, outcome: Outcome) -> Played {
        let text = self.text();
        let mut sessions = read("play", text.as_bytes()).sessions;
        assert_eq!(sessions.len(), 1, "{text}");
        let session = sessions.remove(0);
        assert_eq!(session.outcome, outcome, "{text}");
        Played { session, text }
    }
}

/// A play that was read.
#[derive(Debug)]
pub(crate) struct Played {
    pub(crate) session: Session,
    text: String,
}

/// One of its offers.
#[derive(Debug)]
pub(crate) struct Look<'a> {
    played: &'a Played,
    pub(crate) offer: &'a Offer,
}

impl Played {
    #[track_caller]
    pub(crate) fn offer(&self, number: usize) -> Look<'_> {
        let offers = &self.session.offered;
        let offer = offers.get(number).unwrap_or_else(|| panic!("{} offers in\n{}", offers.len(), self.text));
        Look { played: self, offer }
    }

    #[track_caller]
    pub(crate) fn offers(&self, count: usize) -> &Self {
        assert_eq!(self.session.offered.len(), count, "{}", self.text);
        self
    }

    /// The key that the server said it accepts.
    #[track_caller]
    pub(crate) fn accepts(&self, path: Option<&str>) -> &Self {
        let accepted = self.session.accepted.as_ref().map(|accepted| accepted.key.name());
        assert_eq!(accepted, path, "{}", self.text);
        self
    }
}

impl<'a> Look<'a> {
    #[track_caller]
    pub(crate) fn is(&self, reply: Reply) -> &'a Played {
        assert_eq!(self.offer.reply(), reply, "{:?} in\n{}", self.offer.key, self.played.text);
        self.played
    }
}

pub(crate) fn offering(path: &str) -> String {
    format!("debug1: Offering public key: {path} RSA SHA256:{}\n", print(path))
}

pub(crate) fn accepted(path: &str) -> String {
    format!("debug1: Server accepts key: {path} RSA SHA256:{}\n", print(path))
}

/// A key whose public half ssh does not have: it signs at once.
pub(crate) fn trying(path: &str) -> String {
    format!("debug1: Trying private key: {path}\n")
}

pub(crate) fn refused() -> &'static str {
    "debug1: Authentications that can continue: publickey\n"
}

pub(crate) fn partial() -> &'static str {
    "Authenticated using \"publickey\" with partial success.\n\
     debug1: Authentications that can continue: password\n"
}

pub(crate) fn denied(user: &str, host: &str) -> String {
    format!("debug1: No more authentication methods to try.\n{user}@{host}: Permission denied (publickey).\n")
}

pub(crate) fn disconnected(why: &str) -> String {
    format!("Received disconnect from 192.0.2.7 port 64535:2: {why}\n")
}
