//! Servers that don't stop, and servers that don't start.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::thread;
use std::time::Duration;

/// What a server without any key exchange does.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Manner {
    /// Nothing.
    Silent,
    /// Lines without end, in place of its version.
    Lines,
    /// One line without end.
    OneLine,
    /// A byte now and then, in place of its version.
    Drips,
    /// Its version, and nothing more.
    VersionAlone,
    /// Its version, and then a byte now and then.
    VersionThenDrips,
    /// Its version, and then zeros without end.
    VersionThenZeros,
    /// Its version, and what it proposes for a key exchange (RFC 4253 §7.1), again and again.
    Proposals,
    /// Its version, and messages to be ignored (RFC 4253 §11.2), as many as go.
    Ignored,
    /// The same, one now and then: the peer never stays silent for long.
    IgnoredSlowly,
}

impl Manner {
    pub(crate) const ALL: [Self; 10] = [
        Self::Silent,
        Self::Lines,
        Self::OneLine,
        Self::Drips,
        Self::VersionAlone,
        Self::VersionThenDrips,
        Self::VersionThenZeros,
        Self::Proposals,
        Self::Ignored,
        Self::IgnoredSlowly,
    ];
}

/// Starts such a server; it ends with the test's process.
pub(crate) fn plain(manner: Manner) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || {
                let _ = behave(stream, manner);
            });
        }
    });
    port
}

fn behave(mut stream: TcpStream, manner: Manner) -> std::io::Result<()> {
    let version = b"SSH-2.0-OpenSSH_9.2p1\r\n";
    let mut for_ever = |piece: &[u8], pause: Duration| loop {
        stream.write_all(piece)?;
        thread::sleep(pause);
    };
    let (at_once, pause) = (Duration::ZERO, Duration::from_millis(150));
    match manner {
        Manner::Silent => {}
        Manner::Lines => return for_ever(b"not the version yet\r\n".repeat(500).as_slice(), at_once),
        Manner::OneLine => return for_ever(&[b'x'; 16384], at_once),
        Manner::Drips => return for_ever(b"x", pause),
        Manner::VersionAlone => stream.write_all(version)?,
        Manner::VersionThenDrips => return then(stream, version, &[0], pause),
        Manner::Proposals => return then(stream, version, &packet(&proposal()), at_once),
        Manner::Ignored => return then(stream, version, &packet(&[2; 1500]), at_once),
        Manner::IgnoredSlowly => return then(stream, version, &packet(&[2, 0, 0, 0, 0]), pause),
        Manner::VersionThenZeros => {
            stream.write_all(version)?;
            // A length that ssh takes, and then more and more.
            stream.write_all(&[0, 0, 0x80, 0, 4])?;
            loop {
                stream.write_all(&[0; 16384])?;
            }
        }
    }
    // Silence, as long as the client bears it.
    while stream.read(&mut [0; 4096])? > 0 {}
    Ok(())
}

/// A beginning, and then one piece for ever.
fn then(mut stream: TcpStream, beginning: &[u8], piece: &[u8], pause: Duration) -> std::io::Result<()> {
    stream.write_all(beginning)?;
    loop {
        stream.write_all(piece)?;
        thread::sleep(pause);
    }
}

/// A packet in the clear (RFC 4253 §6).
fn packet(payload: &[u8]) -> Vec<u8> {
    let padding = 8 - (payload.len() + 5) % 8 + 8;
    let length = (1 + payload.len() + padding) as u32;
    [&length.to_be_bytes(), &[padding as u8][..], payload, &vec![0; padding]].concat()
}

/// `SSH_MSG_KEXINIT` with long lists.
fn proposal() -> Vec<u8> {
    let list = |first: &str| {
        let names = first.to_owned() + &",none-of-these@example.com".repeat(100);
        [&(names.len() as u32).to_be_bytes(), names.as_bytes()].concat()
    };
    let lists =
        ["curve25519-sha256", "ssh-ed25519", "aes128-ctr", "aes128-ctr", "none", "none", "none", "none", "", ""];
    [vec![20; 17], lists.iter().flat_map(|first| list(first)).collect(), vec![0; 5]].concat()
}

/// A server that floods, or falls silent, when the first key is offered to it.
#[derive(Debug)]
pub(crate) struct Flood {
    child: Child,
    pub(crate) port: u16,
    pub(crate) host_key: String,
}

impl Flood {
    pub(crate) fn start(manner: &str) -> Self {
        let mut child = Command::new(built()).args(["-manner", manner]).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        let mut stdout = child.stdout.take().unwrap();
        while !line.ends_with('\n') {
            let mut byte = [0];
            assert_eq!(stdout.read(&mut byte).unwrap(), 1, "it ended: {line}");
            line.push(char::from(byte[0]));
        }
        let mut words = line.trim().splitn(3, ' ').skip(1);
        let port = words.next().unwrap().parse().unwrap();
        Self { child, port, host_key: words.next().unwrap().to_owned() }
    }
}

impl Drop for Flood {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn built() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let work = target.join(format!("flood-{}", std::process::id()));
        fs::create_dir_all(&work).unwrap();
        fs::write(work.join("main.go"), include_str!("flood.go")).unwrap();
        // A function without a body compiles only beside a file of assembler.
        fs::write(work.join("empty.s"), "").unwrap();
        let mut go = Command::new("go");
        go.args(["build", "-o", "server", "."]).current_dir(&work);
        go.env("GO111MODULE", "off").env("GOPATH", "/usr/share/gocode").env("CGO_ENABLED", "0");
        go.env("GOFLAGS", "").env("GOENV", "off").env("GOCACHE", target.join("go-cache"));
        let output = go.output().unwrap();
        assert!(output.status.success(), "go build: {}", String::from_utf8_lossy(&output.stderr));
        let finished = target.join("flood");
        fs::rename(work.join("server"), &finished).unwrap();
        fs::remove_dir_all(&work).unwrap();
        finished
    })
}
