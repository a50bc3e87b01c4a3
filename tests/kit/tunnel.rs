//! A proxy for the web (`HTTPS_PROXY`), by `CONNECT` (RFC 9110 §9.3.6), that leads all to one server of this machine.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use super::listener::Listener;

/// The proxy.
pub(crate) struct Tunnel {
    listener: Listener,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Tunnel {
    /// Starts it; whatever it is asked for, it leads to this port.
    pub(crate) fn start(to: u16) -> Self {
        let asked = Arc::<Mutex<Vec<String>>>::default();
        let told = Arc::clone(&asked);
        Self { listener: Listener::start(move |stream, _, _| lead(stream, to, &told)), asked }
    }

    /// Its address, as the variable has it.
    pub(crate) fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.listener.port)
    }

    /// The hosts and ports that it was asked for.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

fn lead(mut client: TcpStream, to: u16, asked: &Mutex<Vec<String>>) -> io::Result<()> {
    client.set_read_timeout(Some(Duration::from_secs(20)))?;
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        client.read_exact(&mut byte)?;
        request.push(byte[0]);
    }
    let request = String::from_utf8_lossy(&request).into_owned();
    let Some(place) = request.strip_prefix("CONNECT ").and_then(|rest| rest.split(' ').next()) else {
        return client.write_all(b"HTTP/1.1 405 No\r\nContent-Length: 0\r\n\r\n");
    };
    asked.lock().unwrap().push(place.to_owned());
    let mut server = TcpStream::connect(("127.0.0.1", to))?;
    server.set_read_timeout(Some(Duration::from_secs(20)))?;
    client.write_all(b"HTTP/1.1 200 Connected\r\n\r\n")?;
    let (mut from, mut into) = (client.try_clone()?, server.try_clone()?);
    let there = thread::spawn(move || {
        let _ = io::copy(&mut from, &mut into);
        let _ = into.shutdown(Shutdown::Write);
    });
    let _ = io::copy(&mut server, &mut client);
    let _ = client.shutdown(Shutdown::Both);
    let _ = there.join();
    Ok(())
}
