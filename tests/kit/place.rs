//! A folder of keys and settings for tests that hand ssh a configuration of their own.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::keys::succeed;
use super::needs::program;
use super::{Agent, Dropbear, GoServer, Server, Sshd, Stage};

/// A folder, and the stage on which what is started for it runs.
pub(crate) struct Place {
    pub(crate) stage: Stage,
    folder: PathBuf,
}

impl Place {
    pub(crate) fn new() -> Self {
        let stage = Stage::new();
        let folder = stage.new_path("place");
        fs::create_dir(&folder).unwrap();
        Self { stage, folder }
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub(crate) fn text(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }

    /// Makes a key pair; `args` are of ssh-keygen.
    pub(crate) fn key(&self, name: &str, args: &[&str]) -> String {
        let path = self.text(name);
        let mut words = vec!["-q", "-f", &path, "-C", name];
        words.extend_from_slice(args);
        if !args.contains(&"-N") {
            words.extend_from_slice(&["-N", ""]);
        }
        self.keygen(&words);
        path
    }

    pub(crate) fn keygen(&self, args: &[&str]) {
        let mut keygen = self.stage.world().command(program("ssh-keygen"));
        keygen.args(args);
        succeed(keygen);
    }

    pub(crate) fn write(&self, name: &str, content: &str) -> String {
        let path = self.path(name);
        fs::write(&path, content).unwrap();
        mode(&path, 0o600);
        path.to_str().unwrap().to_owned()
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    pub(crate) fn remove(&self, name: &str) {
        fs::remove_file(self.path(name)).unwrap();
    }

    /// An agent with these key files, in this order; of an encrypted one the passphrase is `secret`.
    pub(crate) fn agent(&self, names: &[&str]) -> Agent {
        let agent = Agent::empty(&self.stage);
        for name in names {
            agent.add_file(&self.path(name), "secret");
        }
        agent
    }

    /// A server for the user of the world; `settings` are lines of sshd_config that win over the usual ones.
    pub(crate) fn sshd(&self, authorized: &str, settings: &str) -> Server {
        let sshd = Sshd::ci().authorized(authorized).host_keys(&["ed25519"]);
        sshd.option(settings).option("LogLevel VERBOSE").start(&self.stage)
    }

    /// The same on dropbear.
    pub(crate) fn dropbear(&self, authorized: &str, tries: u32) -> Server {
        Dropbear::ci().authorized(authorized).tries(tries).start(&self.stage)
    }

    /// The same on Go's x/crypto; any user name is let in.
    pub(crate) fn go_server(&self, authorized: &str, tries: u32) -> Server {
        GoServer::ci().authorized(authorized).tries(tries).start(&self.stage)
    }
}

pub(crate) fn mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// Fifty keys of all sorts, as a user may have them.
pub(crate) struct Fifty {
    /// Lines of an ssh configuration.
    pub(crate) config: String,
    pub(crate) agent: Agent,
    /// All public halves, with whether the servers take them.
    pub(crate) keys: Vec<(String, bool)>,
}

impl Fifty {
    pub(crate) fn new(place: &Place) -> Self {
        let agent = place.agent(&[]);
        let mut config = format!("IdentityAgent {}\n", agent.path());
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
            let name = format!("key-{number}");
            let path = place.key(&name, &args);
            let public = place.read(&format!("{name}.pub"));
            match number % 10 {
                // The agent alone has it.
                5 | 0 => {
                    agent.add_file(Path::new(&path), "secret");
                    place.remove(&name);
                    place.remove(&format!("{name}.pub"));
                }
                // The public half alone.
                7 | 2 => {
                    place.remove(&name);
                    config.push_str(&format!("IdentityFile {path}\n"));
                }
                _ => config.push_str(&format!("IdentityFile {path}\n")),
            }
            keys.push((public, matches!(number, 4 | 10 | 13 | 20 | 27 | 36 | 38 | 49 | 50)));
        }
        Self { config, agent, keys }
    }

    pub(crate) fn authorized(&self) -> String {
        self.keys.iter().filter(|(_, taken)| *taken).map(|(key, _)| key.as_str()).collect()
    }
}
