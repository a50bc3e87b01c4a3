//! What all servers have in common.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU16, Ordering};

use super::World;
use super::keys::KeyMaker;
use super::process::read;

/// A server that runs.
#[derive(Clone, Debug)]
pub(crate) struct Server {
    /// Where it listens, at 127.0.0.1.
    pub(crate) port: u16,
    /// Its public host keys.
    pub(crate) host_keys: Vec<String>,
    /// How it logs what it was asked for.
    pub(super) records: Records,
    pub(super) folder: PathBuf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Records {
    /// In sshd's own log.
    SshdLog,
    /// In a file with a line for each request.
    File,
    /// Nowhere.
    Nothing,
}

impl Server {
    /// The command as a CI job prints it.
    pub(crate) fn command(&self) -> String {
        format!("ssh -p {} 127.0.0.1", self.port)
    }

    /// What it said.
    pub(crate) fn log(&self) -> String {
        read(&self.folder.join("log"))
    }

    /// Channels other than sessions, and what was asked of sessions: `shell`, `exec`, `pty-req` …
    ///
    /// A client's environment, keepalives, and the promise to open no more sessions don't count.
    pub(crate) fn requests(&self) -> Vec<String> {
        let harmless = ["env", "keepalive@openssh.com", "no-more-sessions@openssh.com", "channel session"];
        let asked = match self.records {
            Records::SshdLog => self.log().lines().filter_map(sshd_request).collect(),
            Records::File => {
                let asked = |line: &str| match line.split_once(' ') {
                    Some((request @ ("exec" | "subsystem"), _command)) => request.to_owned(),
                    _ => line.to_owned(),
                };
                read(&self.folder.join("requests")).lines().map(asked).collect()
            }
            Records::Nothing => Vec::new(),
        };
        asked.into_iter().filter(|request: &String| !harmless.contains(&request.as_str())).collect()
    }

    /// Remote commands that were run; an empty one for a shell.
    pub(crate) fn commands(&self) -> Vec<String> {
        match self.records {
            Records::File => read(&self.folder.join("requests"))
                .lines()
                .filter_map(|line| match line.split_once(' ') {
                    Some(("exec", command)) => Some(command.to_owned()),
                    None if line == "shell" => Some(String::new()),
                    _ => None,
                })
                .collect(),
            Records::SshdLog | Records::Nothing => {
                read(&self.folder.join("commands")).lines().map(str::to_owned).collect()
            }
        }
    }

    /// How many clients have connected.
    pub(crate) fn connections(&self) -> usize {
        let log = self.log();
        log.lines().filter(|line| line.starts_with("Connection from ") || line.contains(" connection from ")).count()
    }
}

/// `debug1: server_input_channel_req: channel 0 request shell reply 1` and its kin.
fn sshd_request(line: &str) -> Option<String> {
    if let Some((_, rest)) = line.split_once("server_input_channel_req: channel ") {
        return rest.split(' ').nth(2).map(str::to_owned);
    }
    if let Some((_, rest)) = line.split_once("server_input_global_request: rtype ") {
        return rest.split(' ').next().map(str::to_owned);
    }
    let (_, rest) = line.split_once("server_input_channel_open: ctype ")?;
    rest.split(' ').next().map(|kind| format!("channel {kind}"))
}

/// A port where nothing listens, outside the range that the system gives to clients.
pub(super) fn free_port() -> u16 {
    free_port_in(20_000, 12_000)
}

/// As CI jobs use: above that range.
pub(super) fn free_high_port() -> u16 {
    free_port_in(61_000, 4_000)
}

fn free_port_in(first: u16, count: u16) -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    // Test runs side by side start at different places.
    let start = (std::process::id() % 1000 * 11) as u16;
    loop {
        let port = first + start.wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed)) % count;
        if std::net::TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

/// Makes host keys in a server's folder, and returns their public halves.
pub(super) fn host_keys(world: &World, folder: &Path, kinds: &[&str]) -> Vec<String> {
    let make = |kind: &&str| {
        let name = format!("host_{kind}");
        let maker = KeyMaker::new(world, folder, &name);
        match *kind {
            "rsa" => maker.rsa(),
            "ecdsa" => maker.ecdsa(),
            _ => maker,
        }
        .make()
        .public
    };
    kinds.iter().map(make).collect()
}

/// Host keys that no server has.
pub(crate) fn strange_host_keys(world: &World, folder: &Path) -> Vec<String> {
    let strange = folder.join("strange");
    fs::create_dir_all(&strange).unwrap();
    host_keys(world, &strange, &["ed25519", "ecdsa"])
}

/// Starts a server on a free port, another one if somebody was faster.
pub(super) fn start_at_free_port(listening: &str, mut start: impl FnMut(u16) -> super::Daemon) -> (u16, super::Daemon) {
    let mut said = String::new();
    for _ in 0..5 {
        let port = free_port();
        let mut daemon = start(port);
        match daemon.wait_for(listening) {
            Ok(()) => return (port, daemon),
            Err(log) => said = log,
        }
    }
    panic!("the server did not start: {said}");
}
