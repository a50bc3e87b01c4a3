//! cargo, which fetches git dependencies through libgit2: its chain of `Caused by`.
//!
//! Of the chain the last block decides: the one on authentication stands there even where the login worked.

use super::libgit2::message;
use super::table::{Dialect, Row, any, bare_head, first, holds, within};
use super::words::{between, sha256};
use crate::model::client::{no, partly, yes};
use crate::model::{Author, Capability, Client, Kind, Side};
use crate::shell::{Place, place};
use crate::text::Sought;

pub(super) static CARGO: Dialect = Dialect {
    author: Author { id: "cargo", name: "cargo", side: Side::Client, read: true, tells_offers: false },
    client: Some(&CLIENT),
    rows: &[ROWS],
    marks: &[
        first("error: failed to get `", "error: failed to get `app` as a dependency of package `svc v0.1.0`"),
        holds("failed to load source for dependency `", "failed to load source for dependency `app`"),
        holds(
            "failed to authenticate when downloading repository",
            "failed to authenticate when downloading repository",
        ),
    ],
    noise: &[
        "Caused by:",
        "; class=",
        "failed to clone into: ",
        "network failure seems to have happened",
        "if a proxy or similar",
    ],
    noise_within: &[Sought::new("net.git-fetch-with-cli"), Sought::new("netgit-fetch-with-cli")],
    levels: &[],
    twice: true,
    head: bare_head,
};

const ROWS: &[Row] = &[
    any("Updating git repository `", "Updating git repository `ssh://git@box.example:2223/team/app.git`", |rest| {
        destination(rest.split('`').next()?)
    })
    .signs(),
    any("unable to update ssh://", "unable to update ssh://git@box.example:2223/team/app.git", |rest| {
        destination(&format!("ssh://{}", rest.trim_end()))
    })
    .signs(),
    // Locked only once all repositories were fetched.
    any("Locking ", "Locking 1 package to latest compatible version", |rest| {
        rest.contains(" package").then_some(Kind::ExitStatus { status: 0 })
    })
    .common(),
    any("warning: spurious network error (", "warning: spurious network error (2 tries remaining): failed to connect to box.example: Connection refused; class=Os (2)", |rest| {
        message(rest.split_once("): ")?.1)
    })
    .signs(),
    any("failed to resolve address for ", "failed to resolve address for box.example: Name or service not known; class=Net (12)", |rest| {
        message(&format!("failed to resolve address for {rest}"))
    })
    .common(),
    any("failed to connect to ", "failed to connect to box.example: Connection refused; class=Os (2)", |rest| {
        message(&format!("failed to connect to {rest}"))
    })
    .common(),
    any("failed to start SSH session: ", "failed to start SSH session: Failed getting banner; class=Ssh (23)", |rest| {
        message(&format!("failed to start SSH session: {rest}"))
    })
    .common(),
    any("* attempted ssh-agent authentication", "* attempted ssh-agent authentication, but no usernames succeeded: `git`", |_| {
        Some(Kind::NextMethod { method: "publickey".into() })
    })
    .signs(),
    any("attempted ssh-agent authentication", "attempted ssh-agent authentication, but no usernames succeeded: `git`", |_| {
        Some(Kind::NextMethod { method: "publickey".into() })
    })
    .signs(),
    // Of its first releases, with the class and the number in front of libgit2's words.
    any("[23/-1] ", "[23/-1] error authenticating: failed connecting agent", message).signs(),
    any("no authentication available", "no authentication available", |rest| {
        rest.is_empty().then_some(Kind::Denied { user: None, host: None, methods: Vec::new() })
    })
    .common(),
    // cargo-update's.
    within(
        " (tried ssh-agent, but none of the following usernames worked: ",
        "failed to authenticate when downloading repository ssh://dev@box.example/app.git (tried ssh-agent, but none of the following usernames worked: \"dev\")",
        |before, _| {
            let place = before.rsplit_once("repository ").and_then(|(_, url)| destination(url));
            let tried = Kind::NextMethod { method: "publickey".into() };
            let denied = Kind::Denied { user: None, host: None, methods: Vec::new() };
            Some(Kind::Several(place.into_iter().chain([tried, denied]).collect()))
        },
    )
    .signs(),
    any("no authentication methods succeeded", "no authentication methods succeeded", |_| {
        Some(Kind::Denied { user: None, host: None, methods: Vec::new() })
    })
    .signs(),
    any(
        "remote rejected authentication: ",
        "remote rejected authentication: Failed getting response; class=Ssh (23); code=Auth (-16)",
        |rest| message(&format!("remote rejected authentication: {rest}")),
    )
    .common(),
    // What git says on the other side, in the last block.
    any("fatal: ", "fatal: detected dubious ownership in repository at '/srv/app.git'", |rest| {
        message(&format!("fatal: {rest}"))
    })
    .common(),
    // Runners end a job so, too: only a git host's words are one's.
    any("ERROR: ", "ERROR: Repository not found.", |rest| crate::provider::refusal(&format!("ERROR: {rest}")))
        .common(),
    any("error: unknown SSH host key", "error: unknown SSH host key", |_| {
        Some(Kind::HostKeyUnknown { host: None, address: None, port: None, strict: true })
    })
    .signs(),
    any("error: SSH host key has changed for ", "error: SSH host key has changed for `[box.example]:2223`", |_| {
        Some(Kind::HostKeyChanged { host: None })
    })
    .signs(),
    within(
        " key fingerprint is: SHA256:",
        "The ECDSA key fingerprint is: SHA256:CV5uQVjvCoHZG6v47eh6OtLUV4b1O1uJbJIDOw/Z9dI",
        |before, print| {
            let kind = before.strip_prefix("The ")?.to_owned();
            Some(Kind::HostKey { kind, fingerprint: Some(sha256(print.split(' ').next()?)?) })
        },
    ),
];

/// What git says on the other side, in the last block: the lines that follow are its own, and stand in as this one does.
pub(super) fn quotes(line: &str) -> bool {
    ["fatal: ", "ERROR: ", "remote: "].iter().any(|start| line.starts_with(start))
}

fn destination(url: &str) -> Option<Kind> {
    let url = between(url, "`", "`").unwrap_or(url);
    let Place { user, host, port } = place(url).filter(|_| url.contains("ssh://"))?;
    Some(Kind::Destination { user, host, port })
}

const SEEN: &str = "seen with cargo 1.95.0";

const CLIENT: Client = Client {
    versions: "cargo 1.95.0",
    also: &[],
    answers: &[
        no(Capability::Config, "reads no ~/.ssh/config: an alias there is an unknown name to it", SEEN),
        yes(
            Capability::KnownHosts,
            "reads known_hosts and net.ssh.known-hosts of its own configuration; a line without a port passes for every port",
            SEEN,
        ),
        yes(Capability::HashedHosts, "finds hashed names in known_hosts", SEEN),
        no(Capability::HostAuthority, "does not know a host that has an @cert-authority line alone", SEEN),
        yes(Capability::Agent, "asks the agent, and only the agent", SEEN),
        no(
            Capability::DefaultFiles,
            "tries no file of ~/.ssh: without an agent even ~/.ssh/id_ed25519 is of no use to it",
            SEEN,
        ),
        partly(Capability::Order, "offers the agent's keys in the agent's order", SEEN),
        no(Capability::OpenSshFormat, "reads no key files: ssh-add FILE puts a key into the agent", SEEN),
        no(Capability::Pem, "reads no key files: ssh-add FILE puts a key into the agent", SEEN),
        no(Capability::Ppk, "reads no key files: Pageant holds PuTTY's", SEEN),
        yes(Capability::Ed25519, "takes ed25519 keys of the agent", SEEN),
        partly(Capability::Encrypted, "uses an encrypted key only once it is in the agent", SEEN),
        yes(Capability::RsaSha2, "signs with RSA by SHA-2", SEEN),
        yes(Capability::Certificates, "offers a certificate that the agent holds", SEEN),
        no(Capability::Fido, "has the agent sign with a FIDO key and is refused all the same", SEEN),
        partly(
            Capability::NamingAKey,
            "names no key; with net.git-fetch-with-cli = true in .cargo/config.toml it runs git, which runs ssh with all that ssh can",
            "https://doc.rust-lang.org/cargo/appendix/git-authentication.html",
        ),
        yes(
            Capability::LoggingMore,
            "tells more with CARGO_LOG=debug, or with CARGO_NET_GIT_FETCH_WITH_CLI=true and GIT_SSH_COMMAND=\"ssh -v\"",
            "https://doc.rust-lang.org/cargo/reference/config.html#netgit-fetch-with-cli",
        ),
    ],
};
