//! The way to a server: an address, or a program that leads there as ssh's ProxyCommand and ProxyJump do.

use std::io;
use std::net::{Shutdown, SocketAddr, TcpStream, ToSocketAddrs};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use ssh2::Session;

use super::hops;
use super::meter::Meter;
use crate::live::config::Options;
use crate::live::process;
use crate::live::thread::apart;
use crate::model::facts::option;

/// What a server may send on one connection, in bytes: libssh2 keeps messages that nobody asked for. Key exchange,
/// a banner and the answers to a few keys are less than a tenth of it.
#[cfg(unix)]
const MOST: usize = 256 << 10;

/// How connections to one server are made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Addresses(Vec<SocketAddr>),
    /// Words of a program whose input and output lead to the server.
    Program(Vec<String>),
}

/// Finds the way, as the configuration has it. `ssh` and `common` are for jump hosts.
pub(super) fn way(ssh: &str, common: &[String], options: &Options, limit: Duration) -> Result<Way, String> {
    let value = |wanted: &str| option(options, wanted).filter(|value| *value != "none");
    let host = value("hostname").ok_or("ssh names no host")?;
    let port = value("port").and_then(|port| port.parse().ok()).unwrap_or(22);
    if let Some(hops) = value("proxyjump") {
        return hops::way(ssh, common, hops, host, port, limit).map(Way::Program);
    }
    if let Some(command) = value("proxycommand") {
        let user = value("user").unwrap_or_default();
        let typed = value("host").unwrap_or(host);
        let command = command
            .replace("%%", "\0")
            .replace("%h", host)
            .replace("%p", &port.to_string())
            .replace("%r", user)
            .replace("%n", typed)
            .replace('\0', "%");
        let shell = std::env::var("SHELL").ok().filter(|name| !name.is_empty());
        let shell = shell.unwrap_or_else(|| "/bin/sh".to_owned());
        return Ok(Way::Program(vec![shell, "-c".into(), format!("exec {command}")]));
    }
    let family = value("addressfamily").unwrap_or("any").to_owned();
    resolve(host, port, &family, limit).map(Way::Addresses)
}

fn resolve(host: &str, port: u16, family: &str, limit: Duration) -> Result<Vec<SocketAddr>, String> {
    let (give, take) = channel();
    let place = (host.to_owned(), port);
    // The system's resolver has limits of its own, and long ones.
    apart(move || drop(give.send(place.to_socket_addrs().map(Iterator::collect::<Vec<_>>))))
        .map_err(|error| format!("this system starts no more threads: {error}"))?;
    let found = match take.recv_timeout(limit) {
        Ok(Ok(found)) => found,
        Ok(Err(_)) => return Err(format!("{host} has no address")),
        Err(_) => {
            return Err(format!("the address of {host} was not found within {limit:?}"));
        }
    };
    let fits = |address: &SocketAddr| match family {
        "inet" => address.is_ipv4(),
        "inet6" => address.is_ipv6(),
        _ => true,
    };
    let found: Vec<SocketAddr> = found.into_iter().filter(fits).collect();
    match found.is_empty() {
        true => Err(format!("{host} has no address")),
        false => Ok(found),
    }
}

/// An open connection, and what keeps it open.
pub(super) struct Opened {
    /// What the server may send still. It goes first: once the socket is closed its number may be another's.
    pub(super) meter: Meter,
    pub(super) session: Session,
    pub(super) hold: Hold,
    /// Ends with the connection.
    _program: Option<process::Running>,
}

/// Closes a connection from outside: libssh2 itself does not give up on a server that never stops talking.
pub(super) enum Hold {
    Tcp(TcpStream),
    #[cfg(unix)]
    Pair(std::os::unix::net::UnixStream),
}

impl Hold {
    pub(super) fn close(&self) {
        let _ = match self {
            Self::Tcp(stream) => stream.shutdown(Shutdown::Both),
            #[cfg(unix)]
            Self::Pair(stream) => stream.shutdown(Shutdown::Both),
        };
    }

    pub(super) fn another(&self) -> io::Result<Self> {
        Ok(match self {
            Self::Tcp(stream) => Self::Tcp(stream.try_clone()?),
            #[cfg(unix)]
            Self::Pair(stream) => Self::Pair(stream.try_clone()?),
        })
    }
}

/// Opens a connection; the key exchange is still to come.
pub(super) fn open(way: &Way, limit: Duration) -> Result<Opened, io::Error> {
    match way {
        Way::Addresses(addresses) => {
            let deadline = Instant::now() + limit;
            let mut last = io::Error::from(io::ErrorKind::TimedOut);
            for address in addresses {
                let left = deadline.saturating_duration_since(Instant::now());
                if left.is_zero() {
                    break;
                }
                match TcpStream::connect_timeout(address, left) {
                    Ok(stream) => return over_tcp(stream),
                    Err(error) => last = error,
                }
            }
            Err(last)
        }
        Way::Program(words) => over_program(words),
    }
}

/// A session on a stream, with a limit on what comes.
#[cfg(unix)]
fn new_session(stream: impl std::os::fd::AsRawFd + 'static) -> io::Result<(Session, Meter)> {
    let mut session = Session::new().map_err(|_| io::Error::from(io::ErrorKind::OutOfMemory))?;
    let meter = Meter::on(&session, stream.as_raw_fd(), MOST);
    session.set_tcp_stream(stream);
    Ok((session, meter))
}

#[cfg(not(unix))]
fn new_session(stream: TcpStream) -> io::Result<(Session, Meter)> {
    let mut session = Session::new().map_err(|_| io::Error::from(io::ErrorKind::OutOfMemory))?;
    session.set_tcp_stream(stream);
    Ok((session, Meter))
}

fn over_tcp(stream: TcpStream) -> io::Result<Opened> {
    let _ = stream.set_nodelay(true);
    let hold = Hold::Tcp(stream.try_clone()?);
    let (session, meter) = new_session(stream)?;
    Ok(Opened { session, hold, meter, _program: None })
}

#[cfg(unix)]
fn over_program(words: &[String]) -> io::Result<Opened> {
    use std::os::fd::OwnedFd;
    use std::os::unix::net::UnixStream;
    use std::process::{Command, Stdio};
    let (ours, theirs) = UnixStream::pair()?;
    let (program, args) = words.split_first().ok_or(io::ErrorKind::InvalidInput)?;
    let mut command = Command::new(program);
    command
        .args(args)
        .env("SSH_ASKPASS_REQUIRE", "never")
        .env_remove("SSH_ASKPASS")
        .stdin(Stdio::from(OwnedFd::from(theirs.try_clone()?)))
        .stdout(Stdio::from(OwnedFd::from(theirs)))
        .stderr(Stdio::null());
    let running = process::Running::start(&mut command).map_err(io::Error::other)?;
    // The command still holds their end; without it, their going is seen at once.
    drop(command);
    let hold = Hold::Pair(ours.try_clone()?);
    let (session, meter) = new_session(ours)?;
    Ok(Opened { session, hold, meter, _program: Some(running) })
}

#[cfg(not(unix))]
fn over_program(_words: &[String]) -> io::Result<Opened> {
    Err(io::Error::other("proxies are not supported on this system"))
}
