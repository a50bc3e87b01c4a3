//! What one line of a log says, in no client's own words.

use super::key::Key;

/// Where a statement stands: the line's number in its source, and the words to quote.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct At {
    /// Counted from 1, in the source as given.
    pub line: u64,
    /// Stands in that line, letter for letter.
    pub text: String,
}

/// What a session did not get after the login.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionFault {
    /// A subsystem, mostly sftp.
    Subsystem,
    /// A shell.
    Shell,
    /// The run of a command.
    Exec,
    /// A terminal.
    Terminal,
    /// Anything but sftp.
    AllButSftp,
    /// An answer of sftp's: something else wrote into its stream.
    Protocol,
}

/// Who says that the way to the target failed, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProxyFault {
    /// ssh, of the way as a whole.
    Way,
    /// The other side opened no first channel: the session's, or the way's of `-W`.
    FirstChannel,
    /// The other side forwards nothing, by a rule of its own.
    Forwarding,
    /// The system: a program that ssh starts is not there, or can't be run.
    NoProgram,
    /// The proxy's own program.
    Program,
}

/// One statement and the line that makes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The line.
    pub at: At,
    /// The statement.
    pub kind: Kind,
}

/// The statements that a diagnosis rests on. What a variant means is named after RFC 4252-4254 and OpenSSH.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "fields are the statement's own words; variants say what they mean")]
pub enum Kind {
    /// A shell prompt with an ssh, git or scp command, or such a command alone on a line.
    Command(super::command::Typed),
    /// The client's first line: name and version.
    ClientVersion { version: String },
    /// A client's name and version, told in the middle of its run.
    ClientSoftware { version: String },
    /// Where the client was told to go: a URL that it names, a destination of its settings.
    Destination { user: Option<String>, host: String, port: Option<u16> },
    /// The remote user, told in a line of its own.
    User { user: String },
    /// `Reading configuration data`.
    ReadingConfig { path: String },
    /// `Applying options for PATTERN`: a Host block of the configuration applies.
    HostBlock { pattern: String },
    /// `resolving "HOST" port PORT` (`-vv`).
    Resolving { host: String, port: Option<u16> },
    /// `Host 'HOST' is known and matches the … host key.`
    HostKeyKnown { host: Option<String>, port: Option<u16> },
    /// The configuration is refused; ssh ends.
    ConfigError { text: String },
    /// `Connecting to HOST [ADDRESS] port PORT.`; a client that has looked the host up before names the address only.
    Connecting { host: Option<String>, address: Option<String>, port: Option<u16> },
    /// One address failed; others may follow.
    AddressFailed { address: String, port: Option<u16>, reason: String },
    /// `ssh: connect to host …`: no address could be reached.
    ConnectFailed { host: Option<String>, port: Option<u16>, reason: String },
    /// The host name has no address.
    ResolveFailed { host: String, reason: String },
    /// TCP is up.
    Established,
    /// A ProxyCommand is run; `jump` where it is ssh itself.
    Proxy { command: String, jump: bool },
    /// What the proxy or the jump host said of its failure.
    ProxyTrouble { what: ProxyFault, text: String },
    /// `identity file PATH type N`; `loaded` is false for -1 (no public half could be read).
    IdentityFile { path: String, loaded: bool },
    /// A public half was read, with its fingerprint (10.1 on).
    IdentityLoaded { key: Key },
    /// A file named by the user or by default does not exist; `named` where the user named it.
    IdentityMissing { path: String, reason: String, named: bool },
    /// A key file could not be read, and ssh says why.
    LoadKeyFailed { path: String, reason: String, public: bool },
    /// The box that warns of a key file that others can read.
    TooOpen { path: String },
    /// The server's identification string.
    RemoteSoftware { software: String },
    /// `Authenticating to HOST:PORT as 'USER'` (6.9 on).
    Authenticating { host: String, port: Option<u16>, user: String },
    /// The key that the server proved itself with.
    HostKey { kind: String, fingerprint: Option<String> },
    /// The remembered host key is another one; the host as known_hosts writes it, `[HOST]:PORT` where that is.
    HostKeyChanged { host: Option<String> },
    /// Where the remembered host key stands: the name to forget it by, or the file and line.
    HostKeyRemembered { host: Option<String>, port: Option<u16>, place: Option<(String, u32)> },
    /// The host key is none of those that are remembered: another one, or of a type that was never remembered.
    HostKeyNotAmong { host: Option<String> },
    /// The host key is marked as revoked.
    HostKeyRevoked,
    /// A mismatch was told, yet ssh went on.
    HostKeyWarned,
    /// No key is remembered; `host` and `address` as asked. `strict` where ssh did not ask at all.
    HostKeyUnknown { host: Option<String>, address: Option<String>, port: Option<u16>, strict: bool },
    /// A git host shows a key that its provider does not publish, and known_hosts holds none for it.
    HostKeyNotPublished { fingerprint: String },
    /// `Permanently added 'HOST'`.
    HostKeyAdded { host: Option<String>, address: Option<String>, port: Option<u16> },
    /// `Host key verification failed.`
    HostKeyFailed,
    /// No algorithm in common: of which kind, and what the server has.
    NoCommonAlgorithm { what: String, offer: Option<String>, address: Option<String>, port: Option<u16> },
    /// Key exchange is done and authentication may begin.
    ServiceAccepted,
    /// The signature algorithms that the server can process (RFC 8308 §3.1). sshd lists those, too, that its settings refuse.
    ServerSigAlgs { list: String },
    /// The agent could not be asked.
    AgentFailed { reason: String },
    /// The agent holds no key.
    AgentEmpty,
    /// The agent's number of keys.
    AgentCount { count: u32 },
    /// A key that ssh plans to try.
    Planned { key: Key, explicit: bool, token: bool },
    /// A key that ssh leaves out, and why.
    Skipped { key: Key, reason: String },
    /// `Authentications that can continue`: the answer to a refused request, or the first list.
    Methods { list: Vec<String> },
    /// The server has named its methods; the client keeps the list to itself, and goes on only to those that are on it.
    MethodsKept,
    /// A request for authentication that the log does not describe, in a log that was written when the attempt was over.
    Requested,
    /// The client tells in a list of its errors, after the attempt or before its log, that a key was refused.
    KeyRefusalTold,
    /// The method that is tried next.
    NextMethod { method: String },
    /// A publickey query was sent, or announced (RFC 4252 §7).
    Offering { key: Key, explicit: bool, token: bool },
    /// A key without a public half: if its file exists, ssh signs with it at once.
    TryingPrivate { path: String },
    /// A client that names no key as it offers it: the file whose key comes next.
    KeyFile { path: String },
    /// As `KeyFile`: what else a client says of the key that it offers next.
    NextKey { kind: Option<String>, agent: bool },
    /// The key that was tried last, named only now.
    KeyNamed { key: Key },
    /// SSH_MSG_USERAUTH_REQUEST was sent (RFC 4252 §5), in a log that tells of each message's number alone.
    RequestSent,
    /// A key was refused, and the client tells no list of methods with it.
    Refused { key: Option<Key> },
    /// ssh has no signature algorithm that both sides allow; nothing was sent.
    NoMutualAlgorithm,
    /// SSH_MSG_USERAUTH_PK_OK. The key is named from 7.9 on.
    ServerAccepts { key: Option<Key> },
    /// The fingerprint of the key that was just accepted (`-vv`).
    AcceptedFingerprint { fingerprint: String },
    /// A signature is being made with a key of this fingerprint (`-vvv`).
    Signing { kind: Option<String>, fingerprint: String },
    /// No signature could be made.
    SigningFailed { key: Key, reason: String },
    /// The agent would not sign.
    AgentRefused { key: Key },
    /// The private key is not the one that its `.pub` names.
    PublicMismatch { path: String },
    /// ssh asks for a key's passphrase.
    PassphrasePrompt { path: String },
    /// There is no way to ask.
    NoTerminal { reason: String },
    /// An empty or a wrong passphrase was given.
    PassphraseRefused,
    /// The FIDO authenticator or its library is missing, or the user must touch it.
    SecurityKeyTrouble { path: Option<String>, reason: String },
    /// `Confirm user presence for key …`
    PresenceWanted { key: Key },
    /// A PKCS#11 library or token failed.
    TokenTrouble { reason: String },
    /// The server's or PAM's password prompt.
    PasswordPrompt { user: Option<String>, host: Option<String> },
    /// `Permission denied, please try again.`
    PasswordRefused,
    /// `Authentication succeeded (METHOD).` (up to 8.6)
    Succeeded { method: String },
    /// `Authenticated to HOST ([ADDRESS]:PORT)[ using "METHOD"].` (5.6 on)
    AuthenticatedTo { host: String, address: Option<String>, port: Option<u16>, method: Option<String> },
    /// One factor of several was accepted.
    Partial { method: Option<String> },
    /// `[USER@HOST: ]Permission denied (METHODS).`
    Denied { user: Option<String>, host: Option<String>, methods: Vec<String> },
    /// `No more authentication methods to try.`
    NoMoreMethods,
    /// SSH_MSG_DISCONNECT was received.
    Disconnected { address: Option<String>, port: Option<u16>, text: String },
    /// `Disconnected from …` or `Disconnecting …`, which follows another line.
    DisconnectedFrom { address: Option<String>, port: Option<u16> },
    /// The peer closed or reset the connection. `proxied` where the address is `UNKNOWN`.
    Closed { address: Option<String>, port: Option<u16>, reset: bool, proxied: bool },
    /// The connection ended or failed before the identification strings were exchanged.
    IdentificationFailed { text: String },
    /// What a peer sent in place of an identification string.
    PeerSaid { text: String },
    /// A time-out or an error within a connection that was up.
    ConnectionFailed { address: Option<String>, port: Option<u16>, reason: String },
    /// The connection broke in a session that was running.
    Broken,
    /// The connection broke, in words that ssh has only for a session (clientloop.c).
    SessionBroken,
    /// ssh joined an existing connection.
    Multiplexed { text: String },
    /// The control socket's master did not answer as it should.
    MultiplexFailed { text: String },
    /// A control socket was not there; ssh connects by itself.
    NoMaster,
    /// A session channel is open.
    SessionOpened,
    /// The remote command's exit status.
    ExitStatus { status: i32 },
    /// `Connection to HOST closed.` after a session; `dropped` where the other side did it.
    SessionClosed { host: String, dropped: bool },
    /// A command or a subsystem is asked for, and no shell; the subsystem's name.
    SessionRequest { subsystem: Option<String> },
    /// What the session asked for (RFC 4254 §6.2, 6.5) was refused, or the server's words on what else it gives.
    SessionFailed { what: SessionFault },
    /// How long the session lasted, in tenths of a second.
    SessionLasted { tenths: u64 },
    /// The key's line in authorized_keys binds it to a command.
    ForcedCommand,
    /// A git host's greeting.
    Greeting(super::command::Greeting),
    /// A git host's refusal of a repository.
    RepositoryRefused { text: String, account: Option<String> },
    /// A git host opened a repository: it told its refs.
    RepositoryOpened { path: String, write: bool },
    /// A server's own words on an account that may not log in.
    AccountRefused { text: String },
    /// A server's own words: it wants a new password of the account, and gives no session before.
    PasswordExpired,
    /// Tailscale's own server says that the tailnet's rules let this login in nowhere.
    TailnetRefused,
    /// git's closing words, or the first line of a clone.
    Git { text: String },
    /// git spoke HTTP: what it passes on is no SSH server's.
    OverHttp,
    /// Words of a shell on the other side.
    RemoteShell,
    /// `using hostkeyalias: NAME`: the name under which the host key is looked for.
    HostKeyAlias { alias: String },
    /// Lines were left out here, by the paste's own word.
    Elided,
    /// This program ended the attempt, since nothing came for so long; and what it waited for.
    GaveUp { seconds: u64, waiting: &'static str },
    /// The client's closing word, of whatever it had to try: which methods it says it tried. No list of the server's.
    Attempted { methods: Vec<String> },
    /// A library asks the program for a credential of one of these methods: again only if the one before let nobody in.
    CredentialWanted { methods: Vec<String> },
    /// The client ended by itself, with an error of its own.
    ClientFailed { reason: String },
    /// The client has ended the run; its next words may tell why.
    ClientEnded,
    /// The client's closing word: its key was refused, and the list of methods that could go on.
    KeyDenied { methods: Vec<String> },
    /// A line that says several things, in order.
    Several(Vec<Self>),
    /// A publickey request of a client that writes the same line for the query and for the signature after a yes: it
    /// names the algorithm and no more.
    KeySent { kind: Option<String> },
    /// A private half could not be opened, by a client that asks with the public half first: where it had that, the server
    /// had said yes before.
    PrivateHalfFailed { path: String, reason: String },
    /// The user broke off.
    Interrupted,
    /// The client crashed.
    Crashed { text: String },
    /// A server's own log says it; never a client's.
    Server(Box<super::told::Told>),
}

impl Kind {
    /// It says nothing.
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Several(parts) if parts.is_empty())
    }

    /// The client goes on to another method than publickey. `none` only asks for the list (RFC 4252 §5.2).
    pub fn is_other_method(&self) -> bool {
        matches!(self, Self::NextMethod { method } if method != "publickey" && method != "none")
    }
}
