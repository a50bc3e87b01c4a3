//! A password database and a hosts file of the test's own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The library that brings them, by the name that the loader looks for.
pub(super) const LIBRARY: &str = "libnss_wrapper.so";

/// Names that lead to this machine. No test may reach another.
const HOSTS: &[&str] = &[
    "localhost",
    "github.com",
    "ssh.github.com",
    "gitlab.com",
    "altssh.gitlab.com",
    "bitbucket.org",
    "altssh.bitbucket.org",
    "ssh.dev.azure.com",
    "codeberg.org",
    "git.sr.ht",
    "hf.co",
    "git.example.com",
    "git.example.org",
    "jump.example.com",
    "box.example.com",
];

/// Who runs a program, and where that one's home is.
#[derive(Clone, Debug)]
pub(crate) struct World {
    folder: PathBuf,
    home: PathBuf,
}

impl World {
    /// The local user's name.
    pub(crate) const USER: &str = "dev";

    /// Writes the databases into `folder`.
    pub(super) fn new(folder: &Path, home: &Path) -> Self {
        fs::create_dir_all(folder).unwrap();
        let (uid, gid) = (rustix::process::getuid().as_raw(), rustix::process::getgid().as_raw());
        let me = |name: &str| format!("{name}:x:{uid}:{gid}:{name}:{}:/bin/sh\n", home.display());
        // sshd as root gives its rights away to the user sshd.
        let nobody = "sshd:x:65534:65534::/run/sshd:/usr/sbin/nologin\n";
        let write = |name: &str, text: String| fs::write(folder.join(name), text).unwrap();
        write("passwd", me(Self::USER) + &me("git") + nobody);
        write("shadow", [Self::USER, "git", "sshd"].map(|name| format!("{name}:*:19000:0:99999:7:::\n")).concat());
        let group = if gid == 0 { "root" } else { Self::USER };
        write("group", format!("{group}:x:{gid}:\nnogroup:x:65534:\n"));
        write("hosts", HOSTS.iter().map(|name| format!("127.0.0.1 {name}\n")).collect());
        Self { folder: folder.to_owned(), home: home.to_owned() }
    }

    /// A program that knows nothing but this world.
    pub(crate) fn command(&self, program: impl AsRef<Path>) -> Command {
        let mut command = Command::new(program.as_ref());
        command.env_clear().envs(self.variables());
        command
    }

    /// The environment of this world's programs.
    pub(super) fn variables(&self) -> Vec<(&'static str, std::ffi::OsString)> {
        let file = |name: &str| self.folder.join(name).into_os_string();
        vec![
            ("PATH", std::env::var_os("PATH").unwrap_or_default()),
            ("HOME", self.home.clone().into_os_string()),
            ("LC_ALL", "C.UTF-8".into()),
            ("GIT_CONFIG_NOSYSTEM", "1".into()),
            ("LD_PRELOAD", LIBRARY.into()),
            ("NSS_WRAPPER_PASSWD", file("passwd")),
            ("NSS_WRAPPER_SHADOW", file("shadow")),
            ("NSS_WRAPPER_GROUP", file("group")),
            ("NSS_WRAPPER_HOSTS", file("hosts")),
        ]
    }
}
