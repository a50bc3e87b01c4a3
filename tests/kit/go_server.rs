//! A server on Go's x/crypto, as CircleCI, Gitea and gitlab-sshd run.

use std::collections::BTreeMap;
use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use super::needs::{GOPATH, program};
use super::server::{Records, host_keys};
use super::{Daemon, Key, Server, Stage};

const SOURCE: &str = include_str!("go/main.go");

/// How to set up the server.
#[derive(Debug)]
pub(crate) struct GoServer {
    accepted: String,
    args: Vec<String>,
    banner: Option<String>,
    build: Build,
    says: Vec<(&'static str, String)>,
    git: bool,
}

/// How the package that it rests on is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Build {
    /// As it is.
    Plain,
    /// The message that lists signatures is never sent.
    Old,
    /// It says what it is told to, where the package leaves no choice.
    Saying,
}

/// Where a server has a say once the keys are exchanged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Later {
    /// The signatures that it takes (RFC 8308 §3.1).
    Algorithms,
    /// The methods that can continue (RFC 4252 §5.1).
    Methods,
    /// A message to be shown (RFC 4253 §11.3), before the login and after it.
    Debug,
    /// What is shown before the login (RFC 4252 §5.4).
    Banner,
    /// Its reason to hang up (RFC 4253 §11.1).
    Disconnect,
    /// Why it opens no session (RFC 4254 §5.1).
    Refusal,
    /// The name of a request (RFC 4254 §4).
    GlobalRequest,
    /// The name of a request about a session (RFC 4254 §5.4).
    ChannelRequest,
    /// What a session prints.
    Output,
    /// Another key than it was asked about, which it says it takes (RFC 4252 §7): a line of `authorized_keys`.
    OtherKey,
}

impl GoServer {
    fn new(git: bool, args: &[&str]) -> Self {
        let args = args.iter().map(|arg| (*arg).to_owned()).collect();
        Self { accepted: String::new(), args, banner: None, build: Build::Plain, says: Vec::new(), git }
    }

    /// As CircleCI's: any user name, and no greeting.
    pub(crate) fn ci() -> Self {
        Self::new(false, &[])
    }

    pub(crate) fn github() -> Self {
        let greeting = "Hi {}! You've successfully authenticated, but GitHub does not provide shell access.\n";
        Self::new(
            true,
            &["-version", "SSH-2.0-babeld-8405fce2", "-users", "git", "-status", "1", "-greeting", greeting],
        )
    }

    pub(crate) fn gitlab() -> Self {
        let greeting = "Welcome to GitLab, @{}!\n";
        Self::new(
            true,
            &["-version", "SSH-2.0-GitLab-SSHD", "-users", "git", "-greet-on-stdout", "-greeting", greeting],
        )
    }

    pub(crate) fn bitbucket() -> Self {
        let greeting =
            "authenticated via ssh key.\n\nYou can use git to connect to Bitbucket. Shell access is disabled\n";
        Self::new(true, &["-version", "SSH-2.0-conker_1f2e3d4c5b 0123abcd", "-users", "git", "-greeting", greeting])
    }

    pub(crate) fn gitea() -> Self {
        let greeting = "Hi there, {}! You've successfully authenticated with the key named laptop, but Gitea does not \
                        provide shell access.\nIf this is unexpected, please log in with password and setup Gitea under \
                        another user.\n";
        Self::new(true, &["-users", "git", "-greeting", greeting])
    }

    /// Accepts every key, whoever comes.
    pub(crate) fn azure() -> Self {
        let greeting = "remote: Shell access is not supported.\n";
        Self::new(true, &["-version", "SSH-2.0-SSHBlackbox.10", "-any-key", "-status", "1", "-greeting", greeting])
    }

    pub(crate) fn accepts(self, key: &Key) -> Self {
        self.accepts_as(key, "octocat")
    }

    /// Accepts a key as belonging to an account, or to a repository.
    pub(crate) fn accepts_as(mut self, key: &Key, account: &str) -> Self {
        self.accepted.push_str(&format!("{} {account}\n", key.public));
        self
    }

    /// Accepts the keys of these lines.
    pub(crate) fn authorized(mut self, lines: &str) -> Self {
        self.accepted.push_str(lines);
        self
    }

    /// Accepts every key.
    pub(crate) fn any_key(self) -> Self {
        self.with("-any-key")
    }

    /// As it was before it told clients of the signatures that it takes.
    pub(crate) fn without_signature_list(mut self) -> Self {
        self.build = Build::Old;
        self
    }

    /// Says these words in one place.
    pub(crate) fn says(mut self, place: Later, words: &str) -> Self {
        let (name, build) = match place {
            Later::Algorithms => ("SAYS_ALGORITHMS", Build::Saying),
            Later::Methods => ("SAYS_METHODS", Build::Saying),
            Later::Debug => ("SAYS_DEBUG", Build::Saying),
            Later::Disconnect => ("SAYS_DISCONNECT", Build::Saying),
            Later::OtherKey => ("SAYS_OTHER_KEY", Build::Saying),
            Later::Banner => return self.banner(words),
            Later::Refusal => return self.with("-refuse-session").with(words),
            Later::GlobalRequest => return self.with("-global-request").with(words),
            Later::ChannelRequest => return self.with("-channel-request").with(words),
            Later::Output => return self.with("-greeting").with(words),
        };
        self.build = build;
        self.says.push((name, words.to_owned()));
        self
    }

    pub(crate) fn tries(self, count: u32) -> Self {
        self.with("-tries").with(&count.to_string())
    }

    pub(crate) fn banner(mut self, text: &str) -> Self {
        self.banner = Some(text.to_owned());
        self
    }

    pub(crate) fn hangs_in_auth(self) -> Self {
        self.with("-hang-in-auth")
    }

    /// Logs in, and then says nothing.
    pub(crate) fn hangs_in_session(self) -> Self {
        self.with("-hang-in-session")
    }

    fn with(mut self, arg: &str) -> Self {
        self.args.push(arg.to_owned());
        self
    }

    pub(crate) fn start(self, stage: &Stage) -> Server {
        let folder = stage.server_folder("go");
        let world = stage.server_world();
        let keys = host_keys(world, &folder, &["ed25519"]);
        fs::write(folder.join("keys"), &self.accepted).unwrap();
        let mut server = world.command(built(self.build));
        server.envs(self.says.iter().map(|(name, words)| (*name, words.as_str())));
        server.arg("-host-keys").arg(folder.join("host_ed25519")).arg("-keys").arg(folder.join("keys"));
        server.arg("-requests").arg(folder.join("requests")).args(&self.args);
        if let Some(text) = &self.banner {
            fs::write(folder.join("banner"), text).unwrap();
            server.arg("-banner").arg(folder.join("banner"));
        }
        let mut daemon = Daemon::start(&mut server, &folder.join("log"));
        daemon.wait_for("listening ").unwrap_or_else(|log| panic!("the Go server did not start: {log}"));
        let log = daemon.log();
        let port = log.lines().find_map(|line| line.strip_prefix("listening ")?.parse().ok()).unwrap();
        stage.keep(daemon);
        let server = Server { port, host_keys: keys, records: Records::File, folder };
        if !self.git {
            stage.watch(&server);
        }
        server
    }

    /// A command that pipes to a port, for ProxyCommand.
    pub(crate) fn relay(port: u16) -> String {
        format!("{} -relay 127.0.0.1:{port}", built(Build::Plain).display())
    }
}

/// The server's program, built when it is first asked for and kept in the target folder.
fn built(how: Build) -> &'static Path {
    static PROGRAMS: [OnceLock<PathBuf>; 3] = [const { OnceLock::new() }; 3];
    PROGRAMS[how as usize].get_or_init(|| build(how))
}

fn build(how: Build) -> PathBuf {
    let mut hash = DefaultHasher::new();
    (SOURCE, how.changes()).hash(&mut hash);
    let target = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let name = format!("go-server-{:x}", hash.finish());
    let finished = target.join(&name);
    if finished.exists() {
        return finished;
    }
    // Test runs side by side may build at the same time; the last one to rename wins.
    let work = target.join(format!("{name}-{}", std::process::id()));
    fs::create_dir_all(&work).unwrap();
    let mut go = Command::new(program("go"));
    go.args(["build", "-o"]).arg(work.join("server"));
    if !how.changes().is_empty() {
        go.arg("-overlay").arg(overlay(&work, how.changes()));
    }
    go.arg("main.go").current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/kit/go"));
    go.env("GO111MODULE", "off").env("GOPATH", GOPATH).env("CGO_ENABLED", "0").env("GOFLAGS", "").env("GOENV", "off");
    go.env("GOCACHE", target.join("go-cache"));
    let output = go.output().unwrap();
    assert!(output.status.success(), "go build: {}", String::from_utf8_lossy(&output.stderr));
    fs::rename(work.join("server"), &finished).unwrap();
    fs::remove_dir_all(&work).unwrap();
    finished
}

/// A change of one file of the package: words that stand in it once, and what takes their place.
type Patch = (&'static str, &'static str, &'static str);

const OLD: &[Patch] =
    &[("handshake.go", "if !isClient && firstKeyExchange", "if isClient && !isClient && firstKeyExchange")];

const SAYING: &[Patch] = &[
    ("handshake.go", "import (", "import (\n\t\"os\""),
    (
        "handshake.go",
        "\t\textInfo := &extInfoMsg{",
        "\t\tsupportedPubKeyAuthAlgosList := supportedPubKeyAuthAlgosList\n\
         \t\tif words := os.Getenv(\"SAYS_ALGORITHMS\"); words != \"\" {\n\
         \t\t\tsupportedPubKeyAuthAlgosList += \",\" + words\n\t\t}\n\
         \t\textInfo := &extInfoMsg{",
    ),
    ("server.go", "import (", "import (\n\t\"os\""),
    (
        "server.go",
        "type ServerConfig struct {",
        "type shown struct {\n\tAlways bool `sshtype:\"4\"`\n\tMessage string\n\tLanguage string\n}\n\n\
         func (s *connection) shows() {\n\
         \tif words := os.Getenv(\"SAYS_DEBUG\"); words != \"\" {\n\
         \t\ts.transport.writePacket(Marshal(&shown{true, words, \"\"}))\n\t}\n}\n\n\
         type ServerConfig struct {",
    ),
    (
        "server.go",
        "\t\tif err := s.transport.writePacket(Marshal(&failureMsg)); err != nil {",
        "\t\tif words := os.Getenv(\"SAYS_DISCONNECT\"); words != \"\" {\n\
         \t\t\ts.transport.writePacket(Marshal(&disconnectMsg{Reason: 2, Message: words}))\n\
         \t\t\treturn nil, errors.New(\"hung up\")\n\t\t}\n\
         \t\tif words := os.Getenv(\"SAYS_METHODS\"); words != \"\" {\n\
         \t\t\tfailureMsg.Methods = append(failureMsg.Methods, words)\n\t\t}\n\
         \t\ts.shows()\n\
         \t\tif err := s.transport.writePacket(Marshal(&failureMsg)); err != nil {",
    ),
    (
        "server.go",
        "\t\t\t\tif candidate.result == nil {",
        "\t\t\t\tif words := os.Getenv(\"SAYS_OTHER_KEY\"); words != \"\" {\n\
         \t\t\t\t\tother, _, _, _, err := ParseAuthorizedKey([]byte(words))\n\
         \t\t\t\t\tif err != nil {\n\t\t\t\t\t\treturn nil, err\n\t\t\t\t\t}\n\
         \t\t\t\t\ts.transport.writePacket(Marshal(&userAuthPubKeyOkMsg{Algo: algo, PubKey: other.Marshal()}))\n\
         \t\t\t\t\tcontinue userAuthLoop\n\t\t\t\t}\n\
         \t\t\t\tif candidate.result == nil {",
    ),
    (
        "server.go",
        "\tif err := s.transport.writePacket([]byte{msgUserAuthSuccess}); err != nil {",
        "\ts.shows()\n\tif err := s.transport.writePacket([]byte{msgUserAuthSuccess}); err != nil {",
    ),
];

impl Build {
    fn changes(self) -> &'static [Patch] {
        match self {
            Self::Plain => &[],
            Self::Old => OLD,
            Self::Saying => SAYING,
        }
    }
}

/// Has the compiler see some files of the package changed.
fn overlay(work: &Path, changes: &[Patch]) -> PathBuf {
    let folder = Path::new(GOPATH).join("src/golang.org/x/crypto/ssh");
    let mut texts: BTreeMap<&str, String> = BTreeMap::new();
    for (name, words, others) in changes {
        let text = texts.entry(name).or_insert_with(|| fs::read_to_string(folder.join(name)).unwrap());
        assert_eq!(
            text.matches(words).count(),
            1,
            "{name} has changed; the test server needs another patch: {words:?}"
        );
        *text = text.replace(words, others);
    }
    let mut replaced = BTreeMap::new();
    for (name, text) in texts {
        let changed = work.join(name);
        fs::write(&changed, text).unwrap();
        replaced.insert(folder.join(name), changed);
    }
    let list = work.join("overlay.json");
    fs::write(&list, serde_json::json!({ "Replace": replaced }).to_string()).unwrap();
    list
}
