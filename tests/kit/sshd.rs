//! OpenSSH's server, as git host or as CI host.

use std::fs;
use std::path::Path;

use super::needs::program;
use super::process::write_program;
use super::server::{Records, host_keys, start_at_free_port};
use super::{Daemon, Key, Server, Stage};

/// A key exchange that costs little: by sntrup761, which ssh likes best, it computes for most of its life.
const KEY_EXCHANGE: &str = "KexAlgorithms curve25519-sha256";

/// How to set up sshd.
#[derive(Debug)]
pub(crate) struct Sshd {
    accepted: Vec<(String, String)>,
    plain: String,
    greeting: String,
    on_stdout: bool,
    status: u8,
    options: Vec<String>,
    banner: Option<String>,
    authority: Option<String>,
    host_keys: &'static [&'static str],
    git: bool,
}

impl Sshd {
    fn new(git: bool) -> Self {
        Self {
            accepted: Vec::new(),
            plain: String::new(),
            greeting: String::new(),
            on_stdout: false,
            status: 0,
            options: Vec::new(),
            banner: None,
            authority: None,
            host_keys: &["ed25519", "ecdsa"],
            git,
        }
    }

    /// A host to be reached by the user's own name.
    pub(crate) fn ci() -> Self {
        Self::new(false)
    }

    /// A host that greets as GitHub does.
    pub(crate) fn github() -> Self {
        let greeting = "Hi {}! You've successfully authenticated, but GitHub does not provide shell access.";
        Self { greeting: greeting.into(), status: 1, ..Self::new(true) }
    }

    /// A host that greets as GitLab does on OpenSSH.
    pub(crate) fn gitlab() -> Self {
        Self { greeting: "Welcome to GitLab, @{}!".into(), on_stdout: true, ..Self::new(true) }
    }

    pub(crate) fn accepts(self, key: &Key) -> Self {
        self.accepts_as(key, "octocat")
    }

    /// Accepts a key as belonging to an account, or to a repository.
    pub(crate) fn accepts_as(mut self, key: &Key, account: &str) -> Self {
        self.accepted.push((key.public.clone(), account.to_owned()));
        self
    }

    /// Accepts certificates of an authority.
    pub(crate) fn accepts_certificates(mut self, authority: &Key) -> Self {
        self.authority = Some(authority.public.clone());
        self
    }

    /// Accepts the keys of these lines, as they are.
    pub(crate) fn authorized(mut self, lines: &str) -> Self {
        self.plain.push_str(lines);
        self
    }

    /// Negotiates as a server without settings does.
    pub(crate) fn usual_key_exchange(self) -> Self {
        self.option("KexAlgorithms +curve25519-sha256")
    }

    /// A line of its configuration, which goes before its usual ones.
    pub(crate) fn option(mut self, line: &str) -> Self {
        self.options.push(line.to_owned());
        self
    }

    /// The text that is sent before authentication.
    pub(crate) fn banner(mut self, text: &str) -> Self {
        self.banner = Some(text.to_owned());
        self
    }

    pub(crate) fn host_keys(mut self, kinds: &'static [&'static str]) -> Self {
        self.host_keys = kinds;
        self
    }

    pub(crate) fn start(self, stage: &Stage) -> Server {
        let folder = stage.server_folder("sshd");
        let world = stage.server_world();
        let keys = host_keys(world, &folder, self.host_keys);
        let shell = self.write_shell(&folder);
        let config = self.write_config(&folder, &shell);
        if rustix::process::getuid().is_root() {
            // sshd as root insists on this folder.
            let _ = fs::create_dir_all("/run/sshd");
        }
        let (port, daemon) = start_at_free_port("Server listening on", |port| {
            let mut sshd = world.command(program("sshd"));
            sshd.args(["-D", "-e", "-o", &format!("Port {port}"), "-f"]).arg(&config);
            Daemon::start(&mut sshd, &folder.join("log"))
        });
        stage.keep(daemon);
        let server = Server { port, host_keys: keys, records: Records::SshdLog, folder };
        if !self.git {
            stage.watch(&server);
        }
        server
    }

    /// The same server once more, with these lines of `sshd_config` as well: those of a Match block stand last, others in the
    /// place of what was said before.
    pub(crate) fn again(server: &Server, stage: &Stage, lines: &str) -> Server {
        let folder = server.folder.clone();
        let config = folder.join("config");
        let keyword = lines.split(' ').next().unwrap_or_default();
        let before = fs::read_to_string(&config).unwrap();
        let before: String =
            before.lines().filter(|line| !line.starts_with(keyword)).map(|line| format!("{line}\n")).collect();
        let after = match lines.starts_with("Match ") {
            true => format!("{before}\n{lines}\n"),
            false => format!("{lines}\n{before}"),
        };
        fs::write(&config, after).unwrap();
        let (port, daemon) = start_at_free_port("Server listening on", |port| {
            let mut sshd = stage.server_world().command(program("sshd"));
            sshd.args(["-D", "-e", "-o", &format!("Port {port}"), "-f"]).arg(&config);
            Daemon::start(&mut sshd, &folder.join("log-again"))
        });
        stage.keep(daemon);
        Server { port, ..server.clone() }
    }

    /// Writes the program that every login runs: it records the command, and greets.
    fn write_shell(&self, folder: &Path) -> String {
        let file = folder.join("shell");
        let greeting = if self.greeting.is_empty() {
            String::new()
        } else {
            let (before, after) = self.greeting.split_once("{}").unwrap_or((&self.greeting, ""));
            let quoted = |text: &str| text.replace('\'', "'\\''");
            let stream = if self.on_stdout { "" } else { " >&2" };
            format!("printf '%s\\n' '{}'\"$1\"'{}'{stream}\n", quoted(before), quoted(after))
        };
        let script = format!(
            "#!/bin/sh\nprintf '%s\\n' \"${{SSH_ORIGINAL_COMMAND-}}\" >>'{}'\n{greeting}exit {}\n",
            folder.join("commands").display(),
            self.status,
        );
        write_program(&file, &script);
        file.to_str().unwrap().to_owned()
    }

    fn write_config(&self, folder: &Path, shell: &str) -> std::path::PathBuf {
        let file = |name: &str| folder.join(name).display().to_string();
        let forced = |(key, account): &(String, String)| {
            assert!(!account.contains(['"', '\'', '\\']), "{account}");
            format!("command=\"'{shell}' '{account}'\" {key}\n")
        };
        fs::write(file("keys"), self.accepted.iter().map(forced).collect::<String>() + &self.plain).unwrap();
        let mut config = self.options.clone();
        let mut add = |line: String| config.push(line);
        if let Some(text) = &self.banner {
            fs::write(file("banner"), text).unwrap();
            add(format!("Banner {}", file("banner")));
        }
        if let Some(authority) = &self.authority {
            fs::write(file("authority"), format!("{authority}\n")).unwrap();
            add(format!("TrustedUserCAKeys {}", file("authority")));
            add(format!("ForceCommand '{shell}' octocat"));
        }
        for kind in self.host_keys {
            add(format!("HostKey {}", file(&format!("host_{kind}"))));
        }
        add(format!("AuthorizedKeysFile {}", file("keys")));
        for line in [
            "ListenAddress 127.0.0.1",
            KEY_EXCHANGE,
            "UsePAM no",
            "StrictModes no",
            "PidFile none",
            "LogLevel DEBUG1",
            "PermitRootLogin yes",
            "PasswordAuthentication no",
            "KbdInteractiveAuthentication no",
            "PrintMotd no",
            "PrintLastLog no",
            "LoginGraceTime 60",
            "MaxStartups 100",
        ] {
            // Of MaxStartups not the first line counts, as of others, but the last.
            let keyword = |line: &str| line.split(' ').next().unwrap_or_default().to_owned();
            if !self.options.iter().any(|option| keyword(option) == keyword(line)) {
                add(line.to_owned());
            }
        }
        let path = folder.join("config");
        fs::write(&path, config.join("\n") + "\n").unwrap();
        path
    }
}
