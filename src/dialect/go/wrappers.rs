//! What programs say that speak through x/crypto/ssh: packer, terraform, rclone, go-git.

use crate::dialect::table::{Row, bare, shows, within};
use crate::dialect::words::between;
use crate::model::Kind;
use crate::shell::{Place, place};

pub(super) const ROWS: &[Row] = &[
    // go-git's word for what the git server said after the login (plumbing/transport/common.go).
    within("repository not found", "error: repository not found", |_, rest| {
        let text = "repository not found".to_owned();
        rest.trim().is_empty().then_some(Kind::RepositoryRefused { text, account: None })
    }),
    // What a program says of a connection that is up: it has the version of the library, which tells it after the login.
    bare("connected to ", "connected to box.example:2222 (SSH-2.0-OpenSSH_9.2p1 Debian-2)", greeted),
    bare("Connected to ", "Connected to box.example:2222, server version SSH-2.0-OpenSSH_9.2p1", greeted),
    within(
        "Using ssh communicator to connect: ",
        "==> null: Using ssh communicator to connect: box.example",
        |_, host| known_place(host),
    )
    .signs(),
    within("[INFO] Attempting SSH connection to ", "[INFO] Attempting SSH connection to 192.0.2.1:22...", |_, rest| {
        let Place { host, port, .. } = place(rest.trim_end().trim_end_matches('.'))?;
        Some(Kind::Connecting { host: None, address: Some(host), port })
    })
    .signs(),
    within("[DEBUG] handshaking with SSH", "[DEBUG] handshaking with SSH", |_, _| Some(Kind::Established)).signs(),
    within(
        "[DEBUG] SSH handshake err: Timeout during SSH handshake",
        "[DEBUG] SSH handshake err: Timeout during SSH handshake",
        |_, _| Some(Kind::ConnectionFailed { address: None, port: None, reason: "timed out".into() }),
    )
    .signs(),
    // easyssh, for drone-ssh and scp-action.
    within(
        "can't connect without a private SSH key or password",
        "Error: can't connect without a private SSH key or password",
        |_, _| Some(Kind::Attempted { methods: Vec::new() }),
    )
    .signs()
    .ends(),
    // Before each attempt, behind the provisioner's name, which may be gone with the paste's margins.
    shows("Connecting to remote host via SSH...", "Connecting to remote host via SSH...").signs(),
    within(
        "): Connecting to remote host via SSH...",
        "null_resource.box (remote-exec): Connecting to remote host via SSH...",
        |_, _| Some(Kind::Several(Vec::new())),
    )
    .signs(),
    bare("Host: ", "Host: 192.0.2.1", known_place).common(),
    bare("User: ", "User: dev", user).common(),
    within("):   Host: ", "null_resource.box (remote-exec):   Host: 192.0.2.1", |_, host| known_place(host)).signs(),
    within("):   User: ", "null_resource.box (remote-exec):   User: dev", |_, name| user(name)).signs(),
    within("): Connected!", "null_resource.box (remote-exec): Connected!", |_, _| Some(Kind::SessionOpened)).signs(),
    within(
        "Creating backend with remote \"",
        "DEBUG : Creating backend with remote \":sftp,host=box,port=2222,user=dev:\"",
        |_, remote| {
            let Place { user, host, port } = place(remote.trim_end().trim_end_matches('"'))?;
            Some(Kind::Destination { user, host, port })
        },
    )
    .signs(),
];

/// `box.example:2222 (SSH-2.0-OpenSSH_9.2p1 Debian-2)`
fn greeted(rest: &str) -> Option<Kind> {
    let (word, rest) = rest.split_once(' ')?;
    let Place { user, host, port } = place(word)?;
    let software =
        between(rest, "SSH-2.0-", ")").or_else(|| rest.split_once("SSH-2.0-").map(|(_, software)| software))?;
    let software = software.trim_end().trim_end_matches('"').to_owned();
    Some(Kind::Several(vec![Kind::Destination { user, host, port }, Kind::RemoteSoftware { software }]))
}

fn user(name: &str) -> Option<Kind> {
    let name = name.trim();
    (!name.is_empty() && !name.contains(' ')).then(|| Kind::User { user: name.to_owned() })
}

fn known_place(host: &str) -> Option<Kind> {
    let host = host.trim().to_owned();
    (!host.is_empty() && !host.contains(' ')).then_some(Kind::Destination { user: None, host, port: None })
}
