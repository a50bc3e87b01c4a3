//! Keys, whole and damaged.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::World;
use super::needs::program;

/// How long a certificate is valid, and for whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Validity {
    Now,
    Expired,
    ForAnotherUser,
}

/// Makes a key.
#[derive(Debug)]
pub(crate) struct KeyMaker<'a> {
    world: &'a World,
    folder: &'a Path,
    name: &'a str,
    kind: &'static str,
    passphrase: &'a str,
    pem: bool,
}

impl<'a> KeyMaker<'a> {
    pub(super) fn new(world: &'a World, folder: &'a Path, name: &'a str) -> Self {
        Self { world, folder, name, kind: "ed25519", passphrase: "", pem: false }
    }

    pub(crate) fn ecdsa(self) -> Self {
        Self { kind: "ecdsa", ..self }
    }

    pub(crate) fn rsa(self) -> Self {
        Self { kind: "rsa", ..self }
    }

    pub(crate) fn passphrase(self, passphrase: &'a str) -> Self {
        Self { passphrase, ..self }
    }

    /// In the older form, which hides the public half.
    pub(crate) fn pem(self) -> Self {
        Self { pem: true, ..self }
    }

    pub(crate) fn make(self) -> Key {
        let file = self.folder.join(self.name);
        let mut keygen = self.world.command(program("ssh-keygen"));
        keygen.args(["-q", "-t", self.kind, "-N", self.passphrase, "-C", "me@laptop", "-f"]).arg(&file);
        if self.kind == "rsa" {
            keygen.args(["-b", "2048"]);
        }
        if self.pem {
            keygen.args(["-m", "PEM"]);
        }
        succeed(keygen);
        Key::at(self.world, file)
    }
}

/// A key pair in files.
#[derive(Clone, Debug)]
pub(crate) struct Key {
    world: World,
    /// The private key's file.
    pub(crate) file: PathBuf,
    /// Type and key of the public half, without the comment.
    pub(crate) public: String,
    /// `SHA256:…`
    pub(crate) fingerprint: String,
}

impl Key {
    fn at(world: &World, file: PathBuf) -> Self {
        let line = fs::read_to_string(beside(&file, ".pub")).unwrap();
        let public = line.split_whitespace().take(2).collect::<Vec<_>>().join(" ");
        let mut keygen = world.command(program("ssh-keygen"));
        keygen.arg("-lf").arg(beside(&file, ".pub"));
        let fingerprint = succeed(keygen).split_whitespace().nth(1).unwrap().to_owned();
        Self { world: world.clone(), file, public, fingerprint }
    }

    /// The private key's file, as text.
    pub(crate) fn path(&self) -> &str {
        self.file.to_str().unwrap()
    }

    /// The public key's file.
    pub(crate) fn public_file(&self) -> PathBuf {
        beside(&self.file, ".pub")
    }

    /// Removes the public half.
    pub(crate) fn without_public(self) -> Self {
        fs::remove_file(self.public_file()).unwrap();
        self
    }

    /// Leaves the public half only, as where an agent has the key.
    pub(crate) fn without_private(self) -> Self {
        fs::remove_file(&self.file).unwrap();
        self
    }

    /// Lays another key's public half beside this private one.
    pub(crate) fn with_public_of(self, other: &Self) -> Self {
        fs::write(self.public_file(), format!("{} me@laptop\n", other.public)).unwrap();
        self
    }

    pub(crate) fn with_mode(self, mode: u32) -> Self {
        fs::set_permissions(&self.file, fs::Permissions::from_mode(mode)).unwrap();
        self
    }

    /// Ends its lines as Windows does.
    pub(crate) fn with_crlf(self) -> Self {
        self.rewrite(|text| text.replace('\n', "\r\n"))
    }

    pub(crate) fn without_last_newline(self) -> Self {
        self.rewrite(|text| text.trim_end().to_owned())
    }

    /// As PuTTY saves keys; only its head is read by anybody but PuTTY.
    pub(crate) fn into_putty(self) -> Self {
        self.rewrite(|_| {
            "PuTTY-User-Key-File-3: ssh-ed25519\r\nEncryption: none\r\nComment: me@laptop\r\nPublic-Lines: 2\r\n\
             AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\r\nAAAA\r\nPrivate-Lines: 1\r\n\
             AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\r\nPrivate-MAC: 00\r\n"
                .to_owned()
        })
    }

    /// The public key where the private one should be.
    pub(crate) fn into_public(self) -> Self {
        let public = self.public.clone();
        self.rewrite(|_| format!("{public} me@laptop\n"))
    }

    fn rewrite(self, change: impl FnOnce(&str) -> String) -> Self {
        fs::write(&self.file, change(&fs::read_to_string(&self.file).unwrap())).unwrap();
        self
    }

    /// Lays a certificate beside it, signed by `authority`.
    pub(crate) fn with_certificate(self, authority: &Self, validity: Validity) -> Self {
        let dates = if validity == Validity::Expired { "20200101:20210101" } else { "20200101:20990101" };
        let principal = if validity == Validity::ForAnotherUser { "somebody" } else { "git,dev" };
        let mut keygen = self.world.command(program("ssh-keygen"));
        keygen.args(["-q", "-I", "laptop", "-n", principal, "-V", dates, "-s"]).arg(&authority.file);
        succeed(keygen_file(keygen, &self.public_file()));
        self
    }
}

fn keygen_file(mut keygen: std::process::Command, file: &Path) -> std::process::Command {
    keygen.arg(file);
    keygen
}

fn beside(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// Runs a program that has to succeed, and returns what it printed.
pub(super) fn succeed(mut command: std::process::Command) -> String {
    let output =
        command.stdin(std::process::Stdio::null()).output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
