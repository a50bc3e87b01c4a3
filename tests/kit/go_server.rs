//! A server on Go's x/crypto, as CircleCI, Gitea and gitlab-sshd run.

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
    old: bool,
    git: bool,
}

impl GoServer {
    fn new(git: bool, args: &[&str]) -> Self {
        let args = args.iter().map(|arg| (*arg).to_owned()).collect();
        Self { accepted: String::new(), args, banner: None, old: false, git }
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

    /// As it was before it told clients of the signatures that it takes.
    pub(crate) fn without_signature_list(mut self) -> Self {
        self.old = true;
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
        let mut server = world.command(built(self.old));
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
        format!("{} -relay 127.0.0.1:{port}", built(false).display())
    }
}

/// The server's program, built when it is first asked for and kept in the target folder.
fn built(old: bool) -> &'static Path {
    static NEW: OnceLock<PathBuf> = OnceLock::new();
    static OLD: OnceLock<PathBuf> = OnceLock::new();
    let place = if old { &OLD } else { &NEW };
    place.get_or_init(|| build(old))
}

fn build(old: bool) -> PathBuf {
    let mut hash = DefaultHasher::new();
    SOURCE.hash(&mut hash);
    let target = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let name = format!("go-server-{}{:x}", if old { "old-" } else { "" }, hash.finish());
    let finished = target.join(&name);
    if finished.exists() {
        return finished;
    }
    // Test runs side by side may build at the same time; the last one to rename wins.
    let work = target.join(format!("{name}-{}", std::process::id()));
    fs::create_dir_all(&work).unwrap();
    let mut go = Command::new(program("go"));
    go.args(["build", "-o"]).arg(work.join("server"));
    if old {
        go.arg("-overlay").arg(overlay(&work));
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

/// Has the compiler see one file of the package changed: the message that lists signatures is never sent.
fn overlay(work: &Path) -> PathBuf {
    let original = Path::new(GOPATH).join("src/golang.org/x/crypto/ssh/handshake.go");
    let text = fs::read_to_string(&original).unwrap();
    let condition = "if !isClient && firstKeyExchange";
    assert!(text.contains(condition), "{} has changed; the test server needs another patch", original.display());
    let changed = work.join("handshake.go");
    fs::write(&changed, text.replace(condition, "if isClient && !isClient && firstKeyExchange")).unwrap();
    let list = work.join("overlay.json");
    fs::write(&list, serde_json::json!({ "Replace": { original.to_str().unwrap(): changed } }).to_string()).unwrap();
    list
}
