//! What must be installed. A part that is missing fails the test: a scene that is passed over proves nothing.
//!
//! needs: openssh-client openssh-server dropbear-bin golang-go golang-golang-x-crypto-dev libnss-wrapper git bsdutils

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// Programs and the Debian packages that bring them.
const PROGRAMS: &[(&str, &str)] = &[
    ("ssh", "openssh-client"),
    ("ssh-add", "openssh-client"),
    ("ssh-agent", "openssh-client"),
    ("ssh-keygen", "openssh-client"),
    ("sshd", "openssh-server"),
    ("dropbear", "dropbear-bin"),
    ("dropbearkey", "dropbear-bin"),
    ("dbclient", "dropbear-bin"),
    ("go", "golang-go"),
    ("git", "git"),
    ("script", "bsdutils"),
];

/// Where Debian lays Go packages.
pub(super) const GOPATH: &str = "/usr/share/gocode";

/// Fails the test with the list of what to install, if something is missing.
pub(super) fn check() {
    static MISSING: OnceLock<Vec<&str>> = OnceLock::new();
    let missing = MISSING.get_or_init(|| {
        let mut missing: Vec<_> =
            PROGRAMS.iter().filter(|(name, _)| find(name).is_none()).map(|(_, package)| *package).collect();
        if !Path::new(GOPATH).join("src/golang.org/x/crypto/ssh/server.go").exists() {
            missing.push("golang-golang-x-crypto-dev");
        }
        if !preloads() {
            missing.push("libnss-wrapper");
        }
        missing.dedup();
        missing
    });
    assert!(missing.is_empty(), "these tests need more programs: apt-get install {}", missing.join(" "));
}

/// A program's file. Servers often lie outside an ordinary user's PATH.
pub(super) fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let usual = ["/usr/sbin", "/sbin", "/usr/local/sbin", "/usr/bin", "/bin"].map(PathBuf::from);
    std::env::split_paths(&path).chain(usual).map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// A program's file, which [`check`] has found.
pub(super) fn program(name: &str) -> PathBuf {
    find(name).unwrap_or_else(|| panic!("{name} is not installed"))
}

/// Whether the loader finds the library: it says so on standard error if not, and goes on.
fn preloads() -> bool {
    let tried = Command::new("true").env("LD_PRELOAD", super::world::LIBRARY).output();
    tried.is_ok_and(|output| output.stderr.is_empty())
}
