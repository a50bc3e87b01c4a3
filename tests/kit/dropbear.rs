//! Dropbear, the small server of routers and containers.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::keys::succeed;
use super::needs::program;
use super::server::{Records, start_at_free_port};
use super::{Daemon, Key, Server, Stage};

/// How to set up dropbear.
#[derive(Debug, Default)]
pub(crate) struct Dropbear {
    accepted: Vec<String>,
    banner: Option<String>,
    tries: Option<u32>,
}

impl Dropbear {
    /// A host to be reached by the user's own name.
    pub(crate) fn ci() -> Self {
        Self::default()
    }

    pub(crate) fn accepts(mut self, key: &Key) -> Self {
        self.accepted.push(format!("{}\n", key.public));
        self
    }

    pub(crate) fn banner(mut self, text: &str) -> Self {
        self.banner = Some(text.to_owned());
        self
    }

    /// Refusals before the line is cut.
    pub(crate) fn tries(mut self, count: u32) -> Self {
        self.tries = Some(count);
        self
    }

    pub(crate) fn start(self, stage: &Stage) -> Server {
        let folder = stage.server_folder("dropbear");
        // It reads ~/.ssh/authorized_keys of the password database, and nothing else.
        let home = folder.join("home");
        let ssh = home.join(".ssh");
        fs::create_dir_all(&ssh).unwrap();
        for closed in [&home, &ssh] {
            fs::set_permissions(closed, fs::Permissions::from_mode(0o700)).unwrap();
        }
        fs::write(ssh.join("authorized_keys"), self.accepted.concat()).unwrap();
        fs::set_permissions(ssh.join("authorized_keys"), fs::Permissions::from_mode(0o600)).unwrap();
        let world = super::World::new(&folder.join("world"), &home);

        let key = folder.join("host_ed25519");
        let mut keygen = world.command(program("dropbearkey"));
        keygen.args(["-t", "ed25519", "-f"]).arg(&key);
        let printed = succeed(keygen);
        let line = printed.lines().find(|line| line.starts_with("ssh-ed25519 ")).unwrap();
        let public = line.split(' ').take(2).collect::<Vec<_>>().join(" ");

        let (port, daemon) = start_at_free_port("Not backgrounding", |port| {
            let mut dropbear = world.command(program("dropbear"));
            dropbear.args(["-F", "-E", "-s", "-m", "-p", &format!("127.0.0.1:{port}"), "-r"]).arg(&key);
            dropbear.arg("-P").arg(folder.join("pid"));
            dropbear.arg("-c").arg(format!("echo \"$SSH_ORIGINAL_COMMAND\" >>'{}'", folder.join("commands").display()));
            if let Some(text) = &self.banner {
                fs::write(folder.join("banner"), text).unwrap();
                dropbear.arg("-b").arg(folder.join("banner"));
            }
            if let Some(tries) = self.tries {
                dropbear.args(["-T", &tries.to_string()]);
            }
            Daemon::start(&mut dropbear, &folder.join("log"))
        });
        stage.keep(daemon);
        let server = Server { port, host_keys: vec![public], records: Records::Nothing, folder };
        stage.watch(&server);
        server
    }
}
