//! A web server of one page, by HTTPS, with a certificate of its own making.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::listener::Listener;
use super::{Stage, pause};

/// What the page is.
#[derive(Clone, Debug)]
pub(crate) enum Page {
    /// This text.
    Text(String),
    /// A status alone.
    Status(u16),
    /// Another place.
    Elsewhere(u16, String),
    /// Nothing, though the connection stays.
    Silent,
    /// The beginning of a text that was to be longer.
    CutOff(String),
    /// A text without end.
    Endless,
}

/// The server.
pub(crate) struct Https {
    listener: Listener,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Https {
    /// Starts it as `localhost`, whose certificate the program is to trust.
    pub(crate) fn start(stage: &Stage, page: Page) -> Self {
        Self::with_name(stage, "localhost", page)
    }

    /// The same, with a certificate for another name.
    pub(crate) fn with_name(stage: &Stage, name: &str, page: Page) -> Self {
        let authority = authority();
        let file = stage.new_path("authority");
        std::fs::write(&file, authority.pem()).unwrap();
        stage.variable("SSL_CERT_FILE", &file);
        Self::serve(&authority, name, page)
    }

    /// The same, with a certificate that nobody trusts.
    pub(crate) fn untrusted(page: Page) -> Self {
        Self::serve(&authority(), "localhost", page)
    }

    fn serve(authority: &CertifiedIssuer<'_, KeyPair>, name: &str, page: Page) -> Self {
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::new([name.to_owned()]).unwrap().signed_by(&key, authority).unwrap();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        let config = config.with_no_client_auth().with_single_cert(vec![certificate.der().clone()], key).unwrap();
        let config = Arc::new(config);
        let asked = Arc::<Mutex<Vec<String>>>::default();
        let told = Arc::clone(&asked);
        let serve = move |stream, _, stop: &_| answer(stream, Arc::clone(&config), &page, &told, stop);
        Self { listener: Listener::start(serve), asked }
    }

    /// `--keys-at`'s value for a git host.
    pub(crate) fn keys_at(&self, host: &str) -> String {
        format!("{host}=https://localhost:{}/{{}}.keys", self.listener.port)
    }

    /// Where it listens, at 127.0.0.1.
    pub(crate) fn port(&self) -> u16 {
        self.listener.port
    }

    /// The pages that were asked for.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

fn authority() -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::new([]).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

fn answer(
    stream: TcpStream,
    config: Arc<ServerConfig>,
    page: &Page,
    asked: &Mutex<Vec<String>>,
    stop: &AtomicBool,
) -> io::Result<()> {
    stream.set_read_timeout(Some(std::time::Duration::from_secs(20)))?;
    let connection = ServerConnection::new(config).map_err(io::Error::other)?;
    let mut stream = StreamOwned::new(connection, stream);
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        request.push(byte[0]);
    }
    let request = String::from_utf8_lossy(&request).into_owned();
    asked.lock().unwrap().push(request.split(' ').nth(1).unwrap_or_default().to_owned());
    let head = |status: u16, more: &str| format!("HTTP/1.1 {status} Answer\r\nConnection: close\r\n{more}\r\n");
    match page {
        Page::Text(text) => {
            let length = format!("Content-Length: {}\r\n", text.len());
            stream.write_all((head(200, &length) + text).as_bytes())?;
        }
        Page::Status(status) => stream.write_all(head(*status, "Content-Length: 0\r\n").as_bytes())?,
        Page::Elsewhere(status, to) => {
            stream.write_all(head(*status, &format!("Location: {to}\r\nContent-Length: 0\r\n")).as_bytes())?;
        }
        Page::Silent => {
            while !stop.load(Ordering::Relaxed) {
                pause();
            }
        }
        Page::CutOff(text) => {
            let length = format!("Content-Length: {}\r\n", text.len() + 1000);
            stream.write_all((head(200, &length) + text).as_bytes())?;
        }
        Page::Endless => {
            stream.write_all(head(200, "").as_bytes())?;
            while !stop.load(Ordering::Relaxed) {
                stream.write_all(&[b'\n'; 4096])?;
            }
        }
    }
    stream.conn.send_close_notify();
    stream.flush()
}
