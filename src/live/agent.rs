//! Asks an agent for its list of keys, and for nothing else (draft-miller-ssh-agent).

use std::time::Duration;

use super::paths::Tokens;
use crate::model::Fact;
use crate::model::facts::{Agent, AgentKey, Vault};
use crate::wire::{self, Reader};

/// `SSH_AGENTC_REQUEST_IDENTITIES`
const REQUEST: [u8; 5] = [0, 0, 0, 1, 11];

/// `SSH_AGENT_IDENTITIES_ANSWER`
const ANSWER: u8 = 12;

/// `SSH_AGENT_FAILURE`
const FAILURE: u8 = 5;

/// The longest answer that is read; ssh's own limit.
const MOST: u32 = 256 * 1024;

/// The keys that the agent behind `socket` holds, or why there is no telling.
pub(crate) fn list(socket: &str, limit: Duration) -> Agent {
    let keys = match exchange(socket, limit) {
        Ok(answer) => match parse(&answer) {
            Some(keys) => Fact::Known(keys),
            None => Fact::Unknown("what it answers is no list of keys".into()),
        },
        Err(why) => Fact::Unknown(why),
    };
    Agent { socket: socket.to_owned(), keys }
}

/// The agent that ssh asks for a destination: `IdentityAgent`, else `SSH_AUTH_SOCK`.
///
/// `Absent`: none is named, or `IdentityAgent none`.
pub(crate) fn socket(identity_agent: Option<&str>, tokens: &Tokens) -> Fact<String> {
    socket_in(identity_agent, tokens, |name| std::env::var(name).ok())
}

fn socket_in(identity_agent: Option<&str>, tokens: &Tokens, variable: impl Fn(&str) -> Option<String>) -> Fact<String> {
    let from = |name: &str| match variable(name) {
        Some(value) if !value.is_empty() => Fact::Known(value),
        _ => Fact::Absent,
    };
    match identity_agent {
        None | Some("SSH_AUTH_SOCK") => from("SSH_AUTH_SOCK"),
        Some(name) if name.eq_ignore_ascii_case("none") => Fact::Absent,
        Some(name) if name.starts_with('$') && !name.starts_with("${") => from(&name[1..]),
        Some(name) => match tokens.expand(name) {
            Ok(path) => Fact::Known(path),
            Err(why) => Fact::Unknown(why),
        },
    }
}

/// The agent that `ssh-add` asks.
pub(crate) fn shell_agent(limit: Duration) -> Fact<Agent> {
    match std::env::var("SSH_AUTH_SOCK") {
        Ok(name) if !name.is_empty() => Fact::Known(list(&name, limit)),
        _ => Fact::Absent,
    }
}

/// Where programs that keep keys put the sockets of their agents, below the home: as their own pages say how to set
/// `IdentityAgent`.
const VAULTS: &[(&str, &str)] = &[
    ("1Password", ".1password/agent.sock"),
    ("1Password", "Library/Group Containers/2BUA8C4S2C.com.1password/t/agent.sock"),
    ("Bitwarden", ".bitwarden-ssh-agent.sock"),
    ("Secretive", "Library/Containers/com.maxgoedjen.Secretive.SecretAgent/Data/socket.ssh"),
];

/// The agents of programs that keep keys, as far as their sockets are there.
pub(crate) fn vaults(home: &str, limit: Duration) -> Vec<Vault> {
    let there = VAULTS.iter().map(|(program, place)| (*program, std::path::Path::new(home).join(place)));
    there
        .filter(|(_, socket)| socket.exists())
        .filter_map(|(program, socket)| Some(Vault { program, agent: list(socket.to_str()?, limit) }))
        .collect()
}

fn parse(answer: &[u8]) -> Option<Vec<AgentKey>> {
    let mut reader = Reader(answer);
    match reader.byte()? {
        ANSWER => {}
        // A locked agent answers with an empty list, some others so.
        FAILURE => return Some(Vec::new()),
        _ => return None,
    }
    let count = reader.number()?;
    let mut keys = Vec::new();
    for _ in 0..count {
        let (blob, comment) = (reader.string()?, reader.string()?);
        // A key of an algorithm that can't be read is passed over, as ssh does.
        if let Some(key) = wire::public_key(blob, &String::from_utf8_lossy(comment)) {
            keys.push(AgentKey { key });
        }
    }
    Some(keys)
}

#[cfg(unix)]
fn exchange(socket: &str, limit: Duration) -> Result<Vec<u8>, String> {
    use std::sync::mpsc::{RecvTimeoutError, channel};
    let (give, take) = channel();
    let path = socket.to_owned();
    // Where an agent's queue is full, connect itself hangs and has no limit of its own.
    super::thread::apart(move || drop(give.send(talk(&path, limit))))
        .map_err(|error| format!("this system starts no more threads: {error}"))?;
    let slow = || format!("it did not answer within {limit:?}");
    match take.recv_timeout(limit) {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(error)) => Err(match error.kind() {
            std::io::ErrorKind::NotFound => "its socket does not exist".into(),
            std::io::ErrorKind::ConnectionRefused => "nothing listens on its socket".into(),
            std::io::ErrorKind::PermissionDenied => "this user may not use its socket".into(),
            std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut => slow(),
            std::io::ErrorKind::InvalidData => "what it answers is no list of keys".into(),
            std::io::ErrorKind::InvalidInput => "its socket's name is too long".into(),
            std::io::ErrorKind::UnexpectedEof
            | std::io::ErrorKind::BrokenPipe
            | std::io::ErrorKind::ConnectionReset => "it closed the connection without an answer".into(),
            kind => kind.to_string(),
        }),
        Err(RecvTimeoutError::Timeout) => Err(slow()),
        Err(RecvTimeoutError::Disconnected) => Err("it was not asked".into()),
    }
}

#[cfg(unix)]
fn talk(socket: &str, limit: Duration) -> std::io::Result<Vec<u8>> {
    use std::io::{Error, ErrorKind, Read, Write};
    use std::os::unix::net::UnixStream;
    use std::time::Instant;
    let deadline = Instant::now() + limit;
    let mut stream = UnixStream::connect(socket)?;
    stream.set_write_timeout(Some(limit))?;
    stream.write_all(&REQUEST)?;
    let mut read = |wanted: usize| {
        let mut bytes = vec![0; wanted];
        let mut filled = 0;
        while filled < wanted {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(Error::from(ErrorKind::TimedOut));
            }
            stream.set_read_timeout(Some(left))?;
            match stream.read(&mut bytes[filled..]) {
                Ok(0) => return Err(Error::from(ErrorKind::UnexpectedEof)),
                Ok(count) => filled += count,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(bytes)
    };
    let length = read(4)?.try_into().map(u32::from_be_bytes).unwrap_or(0);
    if length == 0 || length > MOST {
        return Err(Error::from(ErrorKind::InvalidData));
    }
    read(usize::try_from(length).map_err(|_| Error::from(ErrorKind::InvalidData))?)
}

#[cfg(not(unix))]
fn exchange(_socket: &str, _limit: Duration) -> Result<Vec<u8>, String> {
    Err("this program can't ask agents on this system".into())
}

#[cfg(all(test, unix))]
#[allow(clippy::unwrap_used, clippy::non_octal_unix_permissions, clippy::type_complexity, reason = "tests")]
mod tests {
    use super::*;
    use std::io::{Read, Write};
    use std::os::unix::net::UnixListener;
    use std::path::Path;
    use std::process::{Child, Command, Stdio};
    use std::time::Instant;

    const LIMIT: Duration = Duration::from_millis(400);

    struct RealAgent(Child);

    impl RealAgent {
        fn start(socket: &Path) -> Self {
            let mut command = Command::new("ssh-agent");
            command.arg("-D").arg("-a").arg(socket).stdout(Stdio::null()).stderr(Stdio::null());
            let child = command.spawn().unwrap();
            let begun = Instant::now();
            while std::os::unix::net::UnixStream::connect(socket).is_err() {
                assert!(begun.elapsed() < Duration::from_secs(10));
                std::thread::sleep(Duration::from_millis(5));
            }
            Self(child)
        }
    }

    impl Drop for RealAgent {
        fn drop(&mut self) {
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }

    fn why(agent: &Agent) -> &str {
        match &agent.keys {
            Fact::Unknown(why) => why,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_real_agent() {
        let place = tempfile::tempdir().unwrap();
        let socket = place.path().join("agent");
        let agent = RealAgent::start(&socket);
        let name = socket.to_str().unwrap();
        assert_eq!(list(name, LIMIT).keys, Fact::Known(vec![]));
        for (file, kind) in [("one", "ed25519"), ("two", "ecdsa")] {
            let path = place.path().join(file);
            let path = path.to_str().unwrap();
            let made = Command::new("ssh-keygen").args(["-q", "-t", kind, "-N", "", "-C", file, "-f", path]).status();
            assert!(made.unwrap().success());
            let added = Command::new("ssh-add").arg("-q").arg(path).env("SSH_AUTH_SOCK", &socket).status();
            assert!(added.unwrap().success());
        }
        let listed = list(name, LIMIT);
        let keys = listed.keys.known().unwrap();
        let told: Vec<_> = keys.iter().map(|one| (one.key.kind.as_str(), one.key.comment.as_str())).collect();
        assert_eq!(told, [("ED25519", "one"), ("ECDSA", "two")]);
        // ssh-add reads the passphrase from a terminal or from a helper.
        let helper = place.path().join("helper");
        std::fs::write(&helper, "#!/bin/sh\necho word\n").unwrap();
        std::fs::set_permissions(&helper, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
        let locked = Command::new("ssh-add")
            .arg("-x")
            .env("SSH_AUTH_SOCK", &socket)
            .env("SSH_ASKPASS", &helper)
            .env("SSH_ASKPASS_REQUIRE", "force")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .stdin(Stdio::null())
            .status();
        assert!(locked.unwrap().success());
        assert_eq!(list(name, LIMIT).keys, Fact::Known(vec![]), "locked");
        drop(agent);
        assert_eq!(why(&list(name, LIMIT)), "nothing listens on its socket");
    }

    #[test]
    fn dead_and_missing_sockets() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("none");
        assert_eq!(why(&list(path.to_str().unwrap(), LIMIT)), "its socket does not exist");
        drop(UnixListener::bind(&path).unwrap());
        assert_eq!(why(&list(path.to_str().unwrap(), LIMIT)), "nothing listens on its socket");
        assert_eq!(why(&list(&"x".repeat(300), LIMIT)), "its socket's name is too long");
        if !nix::unistd::geteuid().is_root() {
            let closed = place.path().join("closed");
            let _listener = UnixListener::bind(&closed).unwrap();
            std::fs::set_permissions(&closed, std::os::unix::fs::PermissionsExt::from_mode(0)).unwrap();
            assert_eq!(why(&list(closed.to_str().unwrap(), LIMIT)), "this user may not use its socket");
        }
    }

    #[test]
    fn agents_that_hang() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("slow");
        let _listener = UnixListener::bind(&path).unwrap();
        let begun = Instant::now();
        assert_eq!(why(&list(path.to_str().unwrap(), LIMIT)), "it did not answer within 400ms");
        assert!(begun.elapsed() < LIMIT * 3);
        // A byte now and then must not keep it going.
        let drip = place.path().join("drip");
        let listener = UnixListener::bind(&drip).unwrap();
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            while stream.write_all(&[0]).is_ok() {
                std::thread::sleep(Duration::from_millis(100));
            }
        });
        let begun = Instant::now();
        assert!(matches!(list(drip.to_str().unwrap(), LIMIT).keys, Fact::Unknown(_)));
        assert!(begun.elapsed() < LIMIT * 3);
    }

    #[test]
    fn agents_that_talk_nonsense() {
        let answers: &[(&[u8], &str)] = &[
            (b"HTTP/1.1 200 OK\r\n\r\n", "what it answers is no list of keys"),
            (&[0, 0, 0, 0], "what it answers is no list of keys"),
            (&[0xff, 0xff, 0xff, 0xff, 12], "what it answers is no list of keys"),
            (&[0, 0, 0, 5, 12, 0xff, 0xff, 0xff, 0xff], "what it answers is no list of keys"),
            (&[0, 0, 0, 1, 6], "what it answers is no list of keys"),
            (&[0, 0, 0, 5, 12, 0], "it closed the connection without an answer"),
            (&[], "it closed the connection without an answer"),
        ];
        let place = tempfile::tempdir().unwrap();
        for (number, (answer, told)) in answers.iter().enumerate() {
            let path = place.path().join(number.to_string());
            let listener = UnixListener::bind(&path).unwrap();
            let answer = answer.to_vec();
            std::thread::spawn(move || {
                let (mut stream, _) = listener.accept().unwrap();
                let _ = stream.read_exact(&mut [0; 5]);
                let _ = stream.write_all(&answer);
            });
            assert_eq!(why(&list(path.to_str().unwrap(), LIMIT * 5)), *told, "{number}");
        }
    }

    #[test]
    fn the_agent_that_ssh_asks() {
        let tokens = Tokens { home: Some("/home/me".into()), host: "h".into(), ..Tokens::default() };
        let ask = |option| {
            socket_in(option, &tokens, |name| match name {
                "SSH_AUTH_SOCK" => Some("/run/one".to_owned()),
                "OTHER" => Some("/run/two".to_owned()),
                _ => None,
            })
        };
        let known = |path: &str| Fact::Known(path.to_owned());
        assert_eq!(ask(None), known("/run/one"));
        assert_eq!(ask(Some("SSH_AUTH_SOCK")), known("/run/one"));
        assert_eq!(ask(Some("none")), Fact::Absent);
        assert_eq!(ask(Some("$OTHER")), known("/run/two"));
        assert_eq!(ask(Some("$NONE")), Fact::Absent);
        assert_eq!(ask(Some("~/a-%h")), known("/home/me/a-h"));
        assert!(matches!(ask(Some("${NO_SUCH_VARIABLE_HERE}/x")), Fact::Unknown(_)));
        assert_eq!(socket_in(None, &tokens, |_| Some(String::new())), Fact::Absent);
    }
}
