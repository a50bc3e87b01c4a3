//! Servers that misbehave, on plain TCP.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

use super::listener::Listener;
use super::server::{Records, free_high_port, free_port};
use super::{Server, Stage, pause};

/// How a server misbehaves.
#[derive(Clone, Debug)]
pub(crate) enum Manner {
    /// Accepts the connection, and says nothing.
    HangAtBanner,
    /// Says its version, and nothing more.
    HangInKeyExchange,
    /// Closes at once.
    CloseAtOnce,
    /// Closes when the key exchange has begun.
    CloseHalfWay,
    /// Sends bytes of no meaning.
    Garbage,
    /// Sends text for ever where its version should be.
    Megabytes,
    /// Is a web server.
    Http,
    /// Sends some lines, as RFC 4253 §4.2 allows, and then is the server at another port.
    Preamble(String, u16),
    /// Says these words in this field, and closes.
    Says(Field, String),
    /// Is the server at another port for the first who comes, and then hangs.
    Once(u16),
    /// Is the server at another port, so far away: the time for one way.
    Distant(Duration, u16),
}

/// Where a server has a say before any key is exchanged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    /// Its software (RFC 4253 §4.2).
    Software,
    /// The key exchanges that it offers (§7.1).
    KeyExchange,
    /// The languages that it offers (§7.1).
    Languages,
    /// A message to be shown (§11.3).
    Debug,
    /// Its reason to hang up (§11.1).
    Disconnect,
}

/// A server in threads of this process.
pub(crate) struct FakeServer;

impl FakeServer {
    pub(crate) fn start(stage: &Stage, manner: Manner) -> Server {
        let listener = Listener::start(move |stream, number, stop| behave(stream, number, &manner, stop));
        let port = listener.port;
        stage.keep(listener);
        silent(stage, port)
    }

    /// A port where nothing listens.
    pub(crate) fn none(stage: &Stage) -> Server {
        silent(stage, free_port())
    }

    /// The same, at a port as CI jobs use.
    pub(crate) fn none_any_more(stage: &Stage) -> Server {
        silent(stage, free_high_port())
    }
}

fn silent(stage: &Stage, port: u16) -> Server {
    Server { port, host_keys: Vec::new(), records: Records::Nothing, folder: stage.server_folder("fake") }
}

const VERSION: &[u8] = b"SSH-2.0-OpenSSH_9.2p1\r\n";

fn behave(mut stream: TcpStream, number: usize, manner: &Manner, stop: &AtomicBool) -> io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_millis(50)))?;
    stream.set_write_timeout(Some(Duration::from_millis(200)))?;
    match manner {
        Manner::Once(port) if number == 0 => relay(&stream, *port, Duration::ZERO, stop),
        Manner::Once(_) => drain(&mut stream, stop),
        Manner::CloseAtOnce => hang_up(&mut stream, stop),
        Manner::HangAtBanner => drain(&mut stream, stop),
        Manner::HangInKeyExchange => {
            stream.write_all(VERSION)?;
            drain(&mut stream, stop)
        }
        Manner::CloseHalfWay => {
            stream.write_all(VERSION)?;
            let mut seen = 0;
            // Its version and the beginning of its proposal.
            while seen < 200 && !stop.load(Ordering::Relaxed) {
                seen += read(&mut stream, &mut [0; 1024])?.unwrap_or(0);
            }
            hang_up(&mut stream, stop)
        }
        Manner::Garbage => {
            let bytes: Vec<u8> = (0..4096_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
            stream.write_all(&bytes)?;
            drain(&mut stream, stop)
        }
        Manner::Megabytes => {
            let line = [b"x".repeat(1000), b"\r\n".to_vec()].concat();
            while !stop.load(Ordering::Relaxed) {
                match stream.write_all(&line) {
                    Err(error) if !slow(&error) => return Ok(()),
                    _ => {}
                }
            }
            Ok(())
        }
        Manner::Http => {
            while read(&mut stream, &mut [0; 1024])?.is_none() && !stop.load(Ordering::Relaxed) {}
            let body = "<html><body><h1>400 Bad Request</h1></body></html>\n";
            let length = body.len();
            let head = "HTTP/1.1 400 Bad Request\r\nServer: nginx\r\nContent-Type: text/html";
            write!(stream, "{head}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}")?;
            hang_up(&mut stream, stop)
        }
        Manner::Says(field, words) => {
            match field {
                Field::Software => write!(stream, "SSH-2.0-{words}\r\n")?,
                _ => stream.write_all(VERSION)?,
            }
            stream.write_all(&packet(*field, words))?;
            // A client that has been told enough ends by itself.
            let until = Instant::now() + Duration::from_millis(700);
            while Instant::now() < until && !stop.load(Ordering::Relaxed) {
                read(&mut stream, &mut [0; 4096])?;
            }
            hang_up(&mut stream, stop)
        }
        Manner::Preamble(text, port) => {
            stream.write_all(text.as_bytes())?;
            relay(&stream, *port, Duration::ZERO, stop)
        }
        Manner::Distant(way, port) => {
            // The handshake of TCP takes two ways.
            thread::sleep(*way * 2);
            relay(&stream, *port, *way, stop)
        }
    }
}

/// A packet in the clear (RFC 4253 §6) that holds the words in this field.
fn packet(field: Field, words: &str) -> Vec<u8> {
    let text = |text: &str| [(text.len() as u32).to_be_bytes().as_slice(), text.as_bytes()].concat();
    let payload = match field {
        Field::Debug => [vec![4, 1], text(words), text("")].concat(),
        Field::Disconnect => [vec![1, 0, 0, 0, 2], text(words), text("")].concat(),
        _ => {
            let kex = if field == Field::KeyExchange { words } else { "curve25519-sha256" };
            let language = if field == Field::Languages { words } else { "" };
            let lists =
                [kex, "ssh-ed25519", "aes128-ctr", "aes128-ctr", "none", "none", "none", "none", language, language];
            [vec![20; 17], lists.iter().flat_map(|list| text(list)).collect(), vec![0; 5]].concat()
        }
    };
    let padding = 8 - (payload.len() + 5) % 8 + 8;
    let length = (1 + payload.len() + padding) as u32;
    [length.to_be_bytes().to_vec(), vec![padding as u8], payload, vec![0; padding]].concat()
}

fn slow(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut | io::ErrorKind::Interrupted)
}

/// What has come: `None` for nothing yet. The end of the stream is an error.
fn read(mut stream: impl Read, piece: &mut [u8]) -> io::Result<Option<usize>> {
    match stream.read(piece) {
        Ok(0) => Err(io::ErrorKind::UnexpectedEof.into()),
        Ok(count) => Ok(Some(count)),
        Err(error) if slow(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Closes the line without a reset: what the peer has sent must be read for that.
fn hang_up(stream: &mut TcpStream, stop: &AtomicBool) -> io::Result<()> {
    stream.shutdown(Shutdown::Write)?;
    drain(stream, stop)
}

/// Reads until the peer or the test ends.
fn drain(stream: &mut TcpStream, stop: &AtomicBool) -> io::Result<()> {
    while !stop.load(Ordering::Relaxed) {
        read(&mut *stream, &mut [0; 4096])?;
    }
    Ok(())
}

/// Passes both ways on what comes, each piece as late as the distance wants.
fn relay(client: &TcpStream, port: u16, way: Duration, stop: &AtomicBool) -> io::Result<()> {
    let server = TcpStream::connect(("127.0.0.1", port))?;
    for end in [client, &server] {
        end.set_read_timeout(Some(Duration::from_millis(50)))?;
        end.set_nodelay(true)?;
    }
    thread::scope(|scope| {
        scope.spawn(|| copy(client, &server, way, stop));
        copy(&server, client, way, stop)
    })
}

fn copy(from: &TcpStream, mut to: &TcpStream, way: Duration, stop: &AtomicBool) -> io::Result<()> {
    let (send, pieces) = channel::<(Instant, Vec<u8>)>();
    thread::scope(|scope| {
        scope.spawn(move || {
            let mut piece = [0; 16384];
            while !stop.load(Ordering::Relaxed) {
                match read(from, &mut piece) {
                    Ok(None) => {}
                    Ok(Some(count)) if send.send((Instant::now() + way, piece[..count].to_vec())).is_ok() => {}
                    _ => return,
                }
            }
        });
        for (due, piece) in pieces {
            thread::sleep(due.saturating_duration_since(Instant::now()));
            if to.write_all(&piece).is_err() {
                // The other direction ends by that, too.
                let _ = from.shutdown(Shutdown::Both);
                break;
            }
        }
        to.shutdown(Shutdown::Write)
    })
}
