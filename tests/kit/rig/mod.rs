//! Real servers, agents and keys in a folder of their own, on loopback. All that is started is ended by its
//! own process, even where a test fails. A program that is not installed fails the test.
//!
//! needs: openssh-client openssh-server dropbear-bin golang-go golang-golang-x-crypto-dev python3-minimal util-linux

#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "tests")]
#![allow(dead_code, unreachable_pub, reason = "each test uses a part of it")]

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// A program that ends with its owner; what it writes to standard error is kept.
pub struct Daemon {
    child: Child,
    said: Arc<Mutex<String>>,
}

impl Daemon {
    pub fn start(command: &mut Command) -> Self {
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let said = Arc::new(Mutex::new(String::new()));
        let stream = child.stderr.take().unwrap();
        let sink = said.clone();
        thread::spawn(move || {
            for line in BufReader::new(stream).split(b'\n').map_while(Result::ok) {
                let mut sink = sink.lock().unwrap();
                sink.push_str(&String::from_utf8_lossy(&line));
                sink.push('\n');
            }
        });
        Self { child, said }
    }

    /// What it has written so far.
    pub fn said(&self) -> String {
        self.said.lock().unwrap().clone()
    }

    pub fn wait_until(&mut self, ready: impl Fn() -> bool) {
        let begun = Instant::now();
        while !ready() {
            let ended = self.child.try_wait().unwrap();
            assert!(ended.is_none(), "it ended: {}", self.said());
            assert!(begun.elapsed() < Duration::from_secs(20), "it is not ready: {}", self.said());
            thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A folder for a test.
pub struct Place(pub tempfile::TempDir);

impl Place {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn text(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }

    /// Makes a key pair; `args` are of ssh-keygen.
    pub fn key(&self, name: &str, args: &[&str]) -> String {
        let path = self.text(name);
        let mut words = vec!["-q", "-f", &path, "-C", name];
        words.extend_from_slice(args);
        if !args.contains(&"-N") {
            words.extend_from_slice(&["-N", ""]);
        }
        run("ssh-keygen", &words);
        path
    }

    pub fn write(&self, name: &str, content: &str) -> String {
        let path = self.path(name);
        fs::write(&path, content).unwrap();
        mode(&path, 0o600);
        path.to_str().unwrap().to_owned()
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    pub fn remove(&self, name: &str) {
        fs::remove_file(self.path(name)).unwrap();
    }
}

pub fn mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

pub fn run(program: &str, args: &[&str]) -> String {
    let output = Command::new(program).args(args).stdin(Stdio::null()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{program} {args:?}: {said}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Whether a server's first words can be read there.
pub fn answers(port: u16) -> bool {
    let Ok(stream) = TcpStream::connect(("127.0.0.1", port)) else {
        return false;
    };
    let _ = stream.set_read_timeout(Some(Duration::from_secs(2)));
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line).is_ok() && line.starts_with("SSH-2.0")
}

pub fn me() -> String {
    run("id", &["-un"]).trim().to_owned()
}

pub fn is_root() -> bool {
    run("id", &["-u"]).trim() == "0"
}

/// An ssh agent.
pub struct Agent {
    daemon: Daemon,
    pub socket: String,
}

impl Agent {
    pub fn start(place: &Place, name: &str) -> Self {
        let socket = place.text(name);
        let mut daemon = Daemon::start(Command::new("ssh-agent").args(["-D", "-a", &socket]));
        daemon.wait_until(|| std::os::unix::net::UnixStream::connect(&socket).is_ok());
        Self { daemon, socket }
    }

    /// Adds keys in this order; of an encrypted one the passphrase is `secret`.
    pub fn add(&self, place: &Place, keys: &[&str]) {
        let helper = place.write("askpass", "#!/bin/sh\necho secret\n");
        mode(Path::new(&helper), 0o700);
        for key in keys {
            let added = Command::new("ssh-add")
                .args(["-q", key])
                .env("SSH_AUTH_SOCK", &self.socket)
                .env("SSH_ASKPASS", &helper)
                .env("SSH_ASKPASS_REQUIRE", "force")
                .stdin(Stdio::null())
                .output()
                .unwrap();
            assert!(added.status.success(), "{key}: {}", String::from_utf8_lossy(&added.stderr));
        }
    }
}

/// OpenSSH's server.
pub struct Sshd {
    pub daemon: Daemon,
    pub port: u16,
    /// A line for known_hosts.
    pub known: String,
}

impl Sshd {
    /// `settings` are lines of sshd_config that win over those here.
    pub fn start(place: &Place, authorized: &str, settings: &str) -> Self {
        let port = free_port();
        let name = format!("sshd-{port}");
        let host_key = place.key(&format!("{name}-host"), &["-t", "ed25519"]);
        let keys = place.write(&format!("{name}-keys"), authorized);
        if is_root() {
            let _ = fs::create_dir_all("/run/sshd");
        }
        let config = place.write(
            &format!("{name}-config"),
            &format!(
                "{settings}\nListenAddress 127.0.0.1\nPort {port}\nHostKey {host_key}\nPidFile none\nUsePAM no\n\
                 StrictModes no\nAuthorizedKeysFile {keys}\nPasswordAuthentication no\n\
                 KbdInteractiveAuthentication no\nPermitRootLogin yes\nLogLevel VERBOSE\n"
            ),
        );
        let mut daemon = Daemon::start(Command::new(sshd()).args(["-D", "-e", "-f", &config]));
        daemon.wait_until(|| answers(port));
        let public = fs::read_to_string(format!("{host_key}.pub")).unwrap();
        Self { daemon, port, known: format!("[127.0.0.1]:{port} {public}") }
    }
}

/// sshd wants its whole path.
fn sshd() -> &'static str {
    ["/usr/sbin/sshd", "/usr/local/sbin/sshd", "/usr/bin/sshd", "/usr/libexec/sshd"]
        .into_iter()
        .find(|path| Path::new(path).exists())
        .unwrap_or("/usr/sbin/sshd")
}

/// Dropbear. It reads the keys of the account's home, so it gets a view of its own in which that is another folder.
pub struct Dropbear {
    pub daemon: Daemon,
    pub port: u16,
    pub known: String,
}

impl Dropbear {
    /// `None`: this system gives no such view, as in some containers.
    pub fn start(place: &Place, authorized: &str, tries: u32) -> Option<Self> {
        let view: &[&str] = if is_root() { &["-m"] } else { &["-Urm"] };
        let mut probe = Command::new("unshare");
        probe.args(view).args(["mount", "-t", "tmpfs", "tmpfs", "/root"]);
        if !probe.output().is_ok_and(|probe| probe.status.success()) {
            eprintln!("passed over: this system gives dropbear no view of its own");
            return None;
        }
        let port = free_port();
        let host_key = place.text(&format!("dropbear-{port}"));
        let made = run("dropbearkey", &["-t", "ed25519", "-f", &host_key]);
        let public = made.lines().find(|line| line.starts_with("ssh-ed25519")).unwrap().to_owned();
        let keys = place.write(&format!("dropbear-{port}-keys"), authorized);
        let script = format!(
            "mount -t tmpfs -o mode=700 tmpfs /root && mkdir -m 700 /root/.ssh && cat '{keys}' >/root/.ssh/authorized_keys && \
             chmod 600 /root/.ssh/authorized_keys && exec dropbear -F -E -s -m -T {tries} -p 127.0.0.1:{port} -P '{host_key}.pid' -r '{host_key}'"
        );
        // What lies below /root is hidden in that view, the keys' folder perhaps too; so they are read first.
        let script = script.replacen("mount", &format!("exec 3<'{keys}' && mount"), 1).replacen(
            &format!("cat '{keys}'"),
            "cat <&3",
            1,
        );
        let mut command = Command::new("unshare");
        command.args(view).args(["sh", "-c", &script]);
        let mut daemon = Daemon::start(&mut command);
        daemon.wait_until(|| answers(port));
        Some(Self { daemon, port, known: format!("[127.0.0.1]:{port} {public}\n") })
    }
}

/// Go's x/crypto as a server.
pub struct GoServer {
    pub daemon: Daemon,
    pub port: u16,
    pub known: String,
}

impl GoServer {
    /// `any`: it says yes to every key.
    pub fn start(place: &Place, authorized: &str, tries: u32, any: bool) -> Self {
        let program = place.text("go-server");
        if !Path::new(&program).exists() {
            let source = place.write("server.go", include_str!("server.go"));
            let built = Command::new("go")
                .args(["build", "-o", &program, &source])
                .env("GO111MODULE", "off")
                .env("GOFLAGS", "-mod=mod")
                .env("GOPATH", "/usr/share/gocode")
                .env("GOCACHE", std::env::temp_dir().join(format!("go-cache-{}", me())))
                .output()
                .unwrap_or_else(|error| panic!("go (golang-go) is not installed: {error}"));
            let said = String::from_utf8_lossy(&built.stderr).into_owned();
            assert!(built.status.success(), "is golang-golang-x-crypto-dev installed? {said}");
        }
        let port = free_port();
        let host_key = place.key(&format!("go-{port}-host"), &["-t", "ed25519"]);
        let keys = place.write(&format!("go-{port}-keys"), authorized);
        let mut command = Command::new(&program);
        command.args([&format!("127.0.0.1:{port}"), &host_key, &keys, &tries.to_string()]);
        if any {
            command.arg("any");
        }
        let mut daemon = Daemon::start(&mut command);
        daemon.wait_until(|| answers(port));
        let public = fs::read_to_string(format!("{host_key}.pub")).unwrap();
        Self { daemon, port, known: format!("[127.0.0.1]:{port} {public}") }
    }
}

/// Fifty keys of all sorts, as a user may have them.
pub struct Fifty {
    /// Lines of an ssh configuration.
    pub config: String,
    pub agent: Agent,
    /// All public halves, with whether the server takes them.
    pub keys: Vec<(String, bool)>,
}

impl Fifty {
    pub fn new(place: &Place) -> Self {
        let agent = Agent::start(place, "fifty-agent");
        let mut config = format!("IdentityAgent {}\n", agent.socket);
        let mut keys = Vec::new();
        for number in 1..=50 {
            let kind: &[&str] = match number % 4 {
                0 => &["-t", "rsa", "-b", "2048"],
                2 => &["-t", "ecdsa"],
                _ => &["-t", "ed25519"],
            };
            let mut args = kind.to_vec();
            // Old forms too, encrypted ones too.
            match number % 10 {
                3 | 6 => args.extend(["-a", "1", "-N", "secret"]),
                8 if number % 4 == 0 => args.extend(["-m", "PEM", "-N", "secret"]),
                _ => {}
            }
            let path = place.key(&format!("key-{number}"), &args);
            let public = fs::read_to_string(format!("{path}.pub")).unwrap();
            match number % 10 {
                // The agent alone has it.
                5 | 0 => {
                    agent.add(place, &[&path]);
                    fs::remove_file(&path).unwrap();
                    fs::remove_file(format!("{path}.pub")).unwrap();
                }
                // The public half alone.
                7 | 2 => {
                    fs::remove_file(&path).unwrap();
                    config.push_str(&format!("IdentityFile {path}\n"));
                }
                _ => config.push_str(&format!("IdentityFile {path}\n")),
            }
            keys.push((public, matches!(number, 4 | 10 | 13 | 20 | 27 | 36 | 38 | 49 | 50)));
        }
        Self { config, agent, keys }
    }

    pub fn authorized(&self) -> String {
        self.keys.iter().filter(|(_, taken)| *taken).map(|(key, _)| key.as_str()).collect()
    }
}
