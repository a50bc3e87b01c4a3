//! What is known of the local machine. Each fact is known, absent, or unknown with why; these are three things.

/// Something that was looked for on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact<T> {
    /// It is there, and this is it.
    Known(T),
    /// It was looked for, and is not there.
    Absent,
    /// It could not be found out, for this reason.
    Unknown(String),
}

impl<T> Fact<T> {
    /// The value, where it is known.
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Absent | Self::Unknown(_) => None,
        }
    }

    /// Whether it is known not to be there.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }
}

/// A public key, from a `.pub` file, a private file's clear part, or an agent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PublicKey {
    /// As OpenSSH prints it: `RSA`, `ED25519-CERT` …
    pub kind: String,
    /// Size in bits; 0 where the type is not known.
    pub bits: u32,
    /// `SHA256:…`; of a certificate, that of the key it certifies.
    pub fingerprint: String,
    /// The comment; empty where there is none.
    pub comment: String,
    /// Wire format (RFC 4253 §6.6).
    pub blob: Vec<u8>,
}

/// A user certificate's limits (PROTOCOL.certkeys).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Certificate {
    /// The certificate as a key.
    pub key: PublicKey,
    /// Valid from, in seconds since 1970.
    pub valid_after: u64,
    /// Valid before, in seconds since 1970; `u64::MAX` is for ever.
    pub valid_before: u64,
    /// Names it may be used for; empty means any.
    pub principals: Vec<String>,
    /// The CA key's fingerprint.
    pub ca: String,
    /// A user certificate, and no host's.
    pub for_users: bool,
    /// Whether the clock, when it was read, was within its dates.
    pub in_date: bool,
}

/// What a file's content is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `-----BEGIN OPENSSH PRIVATE KEY-----`
    OpenSsh,
    /// PKCS#1, SEC1 or PKCS#8 between PEM lines.
    Pem,
    /// A public key in one line.
    Public,
    /// A public key as RFC 4716 has it.
    PublicRfc4716,
    /// PuTTY's own form.
    Putty,
    /// Nothing.
    Empty,
    /// A web page.
    Html,
    /// Something else.
    Other,
}

/// What is wrong with a key file; each has a cause of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// It does not exist.
    Missing,
    /// It can't be opened: why.
    Unreadable(String),
    /// Others may read it; its mode.
    TooOpen(u32),
    /// ssh can't read it as a private key: why, as a clause (`its lines end in CR LF`).
    Invalid(String),
    /// The `.pub` file beside it belongs to another key.
    PublicMismatch,
    /// Its certificate has expired or is not valid yet: which, as a clause.
    Certificate(String),
    /// An RSA key below the client's limit.
    TooShort(u32),
}

/// Why ssh can't read a file as a private key, where that tells how to mend it.
pub mod damage {
    /// Windows' line ends.
    pub const CR_LF: &str = "its lines end in CR LF";
    /// U+FEFF before all else.
    pub const BYTE_ORDER_MARK: &str = "it begins with a byte order mark";
    /// The end of the last line is missing.
    pub const NO_LAST_END: &str = "its last line has no line end";
    /// Blanks before its lines.
    pub const INDENTED: &str = "its lines are indented";
    /// A backslash and an n for each line end.
    pub const SPELT_ENDS: &str = "its line ends are spelt \\n";
    /// Nothing but white space, if that.
    pub const EMPTY: &str = "it is empty";
    /// PuTTY's own form.
    pub const PUTTY: &str = "it is a PuTTY key";
    /// It holds other files.
    pub const FOLDER: &str = "it is a folder";
    /// The public half, by its name too, without the private one beside it.
    pub const LONE_PUBLIC: &str = "it is a public key, and no private key lies beside it";
}

/// A file that is or should be a private key, and what lies beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyFile {
    /// The file, `~` and `%` expanded.
    pub path: String,
    /// What its content is.
    pub form: Fact<Form>,
    /// Whether a passphrase protects it.
    pub encrypted: Fact<bool>,
    /// The public key that ssh would offer for it: of the `.pub` file, else of the file itself.
    pub offered: Fact<PublicKey>,
    /// Whether `offered` was read from a file of its own, the `.pub` file.
    pub public_beside: bool,
    /// The public key that belongs to the private one.
    pub own: Fact<PublicKey>,
    /// The certificate beside it.
    pub certificate: Fact<Certificate>,
    /// Permission bits, on Unix.
    pub mode: Fact<u32>,
    /// Whether the file is the user's own.
    pub owned: Fact<bool>,
    /// What is wrong with it, the worst first.
    pub problems: Vec<Problem>,
}

/// A key that an agent holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentKey {
    /// The key; its comment is the agent's.
    pub key: PublicKey,
}

/// What an agent answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agent {
    /// Its socket, or pipe.
    pub socket: String,
    /// Its keys, in its order. An agent that is locked answers with none.
    pub keys: Fact<Vec<AgentKey>>,
}

/// An agent of a program that keeps keys, where that program puts its socket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vault {
    /// The program.
    pub program: &'static str,
    /// Its agent.
    pub agent: Agent,
}

/// What applies to one destination, as the user's own ssh says (`ssh -G`, 6.8 on), and what it would find.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostFacts {
    /// Options and their values, lower-case names, in ssh's order.
    pub config: Fact<Vec<(String, String)>>,
    /// The identity files that apply, in ssh's order.
    pub files: Vec<KeyFile>,
    /// The agent that ssh asks. `Absent`: none is named, or `IdentityAgent none`.
    pub agent: Fact<Agent>,
    /// The line that sets the user, where no command does.
    pub user_line: Option<ConfigLine>,
    /// How git runs ssh for it, where that is not how its user does.
    pub git: Option<GitSsh>,
    /// What it publishes of the account that was meant, where that was looked up.
    pub published: Option<Published>,
    /// The socket of an open connection that ssh would join (`ControlPath`).
    pub open_master: Option<String>,
}

/// A line of the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigLine {
    /// The file.
    pub file: String,
    /// Counted from 1.
    pub line: u32,
    /// What stands there.
    pub text: String,
    /// It stands in a block of hosts that are named, without a wildcard: somebody meant it for this host.
    pub own_block: bool,
}

impl HostFacts {
    /// The first value of an option.
    pub fn option(&self, name: &str) -> Option<&str> {
        option(self.config.known()?, name)
    }

    /// All values of an option.
    pub fn options<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        let values = self.config.known().map(Vec::as_slice).unwrap_or_default();
        values.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// The first value of an option, in a list as `ssh -G` prints it.
pub fn option<'a>(options: &'a [(String, String)], name: &str) -> Option<&'a str> {
    options.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

/// How git runs ssh for a destination, where it differs from how its user does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GitSsh {
    /// The line or the program that git runs.
    pub runs: String,
    /// What says so: a variable, or a setting and its file.
    pub by: String,
    /// It can't be asked as ssh can: why, as a clause. Plain ssh was asked in its place.
    pub unlike: Option<String>,
    /// Settings that apply to git's ssh and to plain ssh with other values: name, git's, plain ssh's.
    pub differs: Vec<(String, (String, String))>,
    /// What came of plain ssh at the same destination.
    pub plain: Option<Plain>,
}

/// What came of plain ssh where git runs another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plain {
    /// How it ended.
    pub outcome: super::session::Outcome,
    /// The key that let it in.
    pub key: Option<super::key::Key>,
    /// The host opened the repository to it.
    pub opened: bool,
}

/// Which of all keys here a host takes, asked without a signature.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AllKeys {
    /// User, host and port.
    pub destination: String,
    /// Keys that it was asked about.
    pub asked: usize,
    /// Keys that it gave no answer on.
    pub unanswered: usize,
    /// Keys that it takes.
    pub accepted: Vec<super::key::Key>,
    /// It says yes to a key that nobody has, so its yes is worth nothing.
    pub accepts_any: bool,
    /// What came of a login with each that it takes, where that was wanted.
    pub access: Vec<Access>,
}

/// What a key opens on a git host.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// The key.
    pub key: super::key::Key,
    /// It comes first only where no agent is asked.
    pub alone: bool,
    /// Whose it is, or which repository's, by the host's greeting.
    pub login: Option<String>,
    /// Whether it opens the repository in the way that was wanted.
    pub opens: Option<bool>,
    /// Whether it opens it for reading.
    pub reads: Option<bool>,
    /// Whether it opens it for writing.
    pub writes: Option<bool>,
    /// The host's words on why not.
    pub words: Option<String>,
}

/// The public keys that a git host publishes of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// The host, as the user calls it.
    pub host: String,
    /// The account.
    pub login: String,
    /// Their fingerprints. `Absent`: the host has no list of such an account.
    pub keys: Fact<Vec<String>>,
    /// The keys here that are among them, as [`Facts::match_keys`] finds.
    pub registered: Vec<Registered>,
}

impl Published {
    /// Whether the account has this key; `None` where that is not known.
    pub fn has(&self, key: &PublicKey) -> Option<bool> {
        match &self.keys {
            Fact::Known(prints) => Some(prints.contains(&key.fingerprint)),
            Fact::Absent => Some(false),
            Fact::Unknown(_) => None,
        }
    }
}

/// A key on this machine that the account has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registered {
    /// The key.
    pub key: super::key::Key,
    /// Whether ssh can use it by its file.
    pub usable: bool,
}

/// A CI job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Job {
    /// The product.
    pub product: &'static str,
    /// Whose key its jobs use, in a sentence.
    pub keys: &'static str,
}

/// What is known of this machine, whoever is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// By transcript: what applies to its destination. `None` for a log that is no probe.
    pub hosts: Vec<Option<HostFacts>>,
    /// The agent of `SSH_AUTH_SOCK`, which `ssh-add` talks to.
    pub shell_agent: Option<Fact<Agent>>,
    /// Agents of programs that keep keys, which are there whether ssh asks them or not.
    pub vaults: Vec<Vault>,
    /// Other key files in the user's `.ssh`, which ssh would not try by itself.
    pub other_files: Vec<KeyFile>,
    /// Who runs this, by the password database.
    pub local_user: Option<String>,
    /// The home that ssh uses, from the password database.
    pub home: Option<String>,
    /// The home that `HOME` names, where it is another.
    pub other_home: Option<String>,
    /// Git hosts that were chosen without the user naming them, and why those.
    pub chosen: Option<(Vec<String>, String)>,
    /// Transcripts of hosts that are a guess: neither the command line nor the repository names them.
    pub guessed: std::collections::BTreeSet<usize>,
    /// What the host of the verdict says to all keys here (`--all-keys`).
    pub all_keys: Option<AllKeys>,
    /// The account that was meant (`--as`).
    pub wanted_login: Option<String>,
    /// The CI job that all this runs in.
    pub job: Option<Job>,
}

impl Facts {
    /// What the hosts publish of the account that was meant.
    pub fn published(&self) -> impl Iterator<Item = &Published> {
        self.hosts.iter().flatten().filter_map(|host| host.published.as_ref())
    }

    /// Finds for each host which keys here are among those that it publishes.
    pub fn match_keys(&mut self) {
        let found: Vec<Vec<Registered>> =
            self.hosts.iter().map(|host| host.as_ref().map(|host| self.registered(host)).unwrap_or_default()).collect();
        for (host, registered) in self.hosts.iter_mut().zip(found) {
            if let Some(published) = host.as_mut().and_then(|host| host.published.as_mut()) {
                published.registered = registered;
            }
        }
    }

    /// The keys here that a host publishes, each once: those that apply there first, then what else lies in `.ssh`,
    /// then what an agent alone holds.
    fn registered(&self, host: &HostFacts) -> Vec<Registered> {
        let Some(published) = &host.published else { return Vec::new() };
        let agents = [Some(&host.agent), self.shell_agent.as_ref()].into_iter().flatten();
        let lists = agents.filter_map(|agent| agent.known()?.keys.known());
        let held: Vec<&PublicKey> = lists.flatten().map(|held| &held.key).collect();
        let mut found: Vec<Registered> = Vec::new();
        let files = host.files.iter().chain(&self.other_files);
        let files = files.filter_map(|file| Some((file.own.known().or(file.offered.known())?, Some(file))));
        for (key, file) in files.chain(held.iter().map(|key| (*key, None))) {
            let again = found.iter().any(|known| known.key.fingerprint.as_deref() == Some(&key.fingerprint));
            if again || published.has(key) != Some(true) {
                continue;
            }
            let agent = held.iter().any(|held| held.fingerprint == key.fingerprint);
            let usable = file.is_some_and(|file| {
                let public = matches!(file.form, Fact::Known(Form::Public) | Fact::Absent);
                if public { agent } else { file.problems.is_empty() }
            });
            found.push(Registered {
                key: super::key::Key {
                    path: file.map(|file| file.path.clone()),
                    label: Some(key.comment.clone()).filter(|comment| !comment.is_empty()),
                    kind: Some(key.kind.clone()),
                    fingerprint: Some(key.fingerprint.clone()),
                    agent: Some(agent),
                },
                usable,
            });
        }
        found
    }
}
