//! What `transport.py`, `auth_handler.py` and `client.py` log.

use super::exceptions;
use crate::dialect::table::{Row, any, any_within, logged, within};
use crate::dialect::words::{between, md5, methods, no_way_onwards, sha256};
use crate::model::{Key, Kind};

pub(super) const ROWS: &[Row] = &[
    // A server's thread logs the same way; its lines are not a client's.
    any(
        "starting thread (client mode): ",
        "DEBUG:paramiko.transport:starting thread (client mode): 0xe14bec90",
        |_| Some(Kind::Connecting { host: None, address: None, port: None }),
    )
    .signs(),
    any(
        "Local version/idstring: SSH-2.0-",
        "DEBUG:paramiko.transport:Local version/idstring: SSH-2.0-paramiko_5.1.0",
        |rest| Some(Kind::ClientSoftware { version: rest.trim().to_owned() }),
    ),
    any(
        "Remote version/idstring: SSH-2.0-",
        "DEBUG:paramiko.transport:Remote version/idstring: SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u10",
        |rest| Some(Kind::RemoteSoftware { software: rest.trim().to_owned() }),
    ),
    // The comment behind the software's name is left out here.
    any(
        "Connected (version 2.0, client ",
        "INFO:paramiko.transport:Connected (version 2.0, client OpenSSH_9.2p1)",
        |rest| Some(Kind::RemoteSoftware { software: rest.trim().strip_suffix(')')?.to_owned() }),
    ),
    // What came before, or in place of, the server's identification.
    logged("Banner: ", "DEBUG:paramiko.transport:Banner: HTTP/1.1 400 Bad Request", |rest| {
        Some(rest.trim().to_owned()).filter(|text| !text.is_empty()).map(|text| Kind::PeerSaid { text })
    }),
    any("Got EXT_INFO: ", "DEBUG:paramiko.transport:Got EXT_INFO: {'server-sig-algs': b'ssh-ed25519'}", |rest| {
        let list = rest.split_once("'server-sig-algs': ")?.1;
        Some(Kind::ServerSigAlgs { list: between(list, "'", "'")?.to_owned() })
    }),
    any("userauth is OK", "DEBUG:paramiko.transport:userauth is OK", |_| Some(Kind::ServiceAccepted)),
    any("MSG_SERVICE_ACCEPT received", "DEBUG:paramiko.transport:MSG_SERVICE_ACCEPT received; auth may begin", |_| {
        Some(Kind::ServiceAccepted)
    }),
    any(
        "Trying discovered key ",
        "DEBUG:paramiko.transport:Trying discovered key b'aa801534c7f99aecbc0e822ecd05685c' in /home/dev/.ssh/id_rsa",
        |rest| offering(rest.split_once(" in ")?, Some(false)),
    )
    .signs(),
    // Up to 2.3.
    any(
        "Trying key ",
        "DEBUG:paramiko.transport:Trying key aa801534c7f99aecbc0e822ecd05685c from /home/dev/.ssh/id_rsa",
        |rest| offering(rest.split_once(" from ")?, Some(false)),
    ),
    any(
        "Trying SSH agent key ",
        "DEBUG:paramiko.transport:Trying SSH agent key b'aa801534c7f99aecbc0e822ecd05685c'",
        |rest| offering((rest, ""), Some(true)),
    )
    .signs(),
    // A key that the program has read itself.
    any("Trying SSH key ", "DEBUG:paramiko.transport:Trying SSH key b'aa801534c7f99aecbc0e822ecd05685c'", |rest| {
        offering((rest, ""), Some(false))
    }),
    // `Transport.connect` with a key, which it does not name; sshtunnel goes this way, with a connection for each key.
    any("Attempting public-key auth...", "DEBUG:paramiko.transport:Attempting public-key auth...", |_| {
        Some(Kind::Offering { key: Key::default(), explicit: false, token: false })
    }),
    any("Authentication (", "INFO:paramiko.transport:Authentication (publickey) failed.", |rest| {
        let (method, said) = rest.split_once(") ")?;
        match (method, said.trim_end()) {
            (method, "successful!") => Some(Kind::Succeeded { method: method.to_owned() }),
            ("publickey", "failed.") => Some(Kind::Refused { key: None }),
            ("password", "failed.") => Some(Kind::PasswordRefused),
            _ => None,
        }
    }),
    any("Authentication continues...", "INFO:paramiko.transport:Authentication continues...", |_| {
        Some(Kind::Partial { method: None })
    }),
    // Behind the line before.
    any("Methods: [", "DEBUG:paramiko.transport:Methods: ['password']", methods_of),
    // Behind `Authentication type (publickey) not permitted.`
    any("Allowed methods: [", "DEBUG:paramiko.transport:Allowed methods: ['password']", methods_of),
    any("Disconnect (code ", "INFO:paramiko.transport:Disconnect (code 2): Too many authentication failures", |rest| {
        let text = rest.split_once("): ")?.1.trim().to_owned();
        Some(Kind::Disconnected { address: None, port: None, text })
    }),
    logged("Socket exception: ", "ERROR:paramiko.transport:Socket exception: Connection reset by peer (104)", |_| {
        Some(Kind::Closed { address: None, port: None, reset: true, proxied: false })
    }),
    logged(
        "Exception (client): ",
        "ERROR:paramiko.transport:Exception (client): key cannot be used for signing",
        thread_failed,
    ),
    // Up to 2.4.
    logged("Exception: ", "ERROR:paramiko.transport:Exception: Error reading SSH protocol banner", thread_failed),
    any_within(
        " host key for ",
        "DEBUG:paramiko.transport:Rejecting ssh-ed25519 host key for [box.example]:2200: b'f2c19e4ea95073d4d9185bd83a89428a'",
        |before, rest| {
            let (host, port) = exceptions::host_and_port(rest.rsplit_once(": ")?.0)?;
            match before.split(' ').next()? {
                "Rejecting" => Some(Kind::HostKeyUnknown { host: Some(host), address: None, port, strict: true }),
                "Adding" => Some(Kind::HostKeyAdded { host: Some(host), address: None, port }),
                _ => None,
            }
        },
    ),
    // `WarningPolicy` goes on, by Python's `warnings`.
    within(
        "UserWarning: Unknown ",
        "/usr/lib/python3/dist-packages/paramiko/client.py:850: UserWarning: Unknown ssh-rsa host key for [box]:2200: b'f2c1'",
        |_, rest| {
            let (host, port) = exceptions::host_and_port(rest.split_once(" host key for ")?.1.rsplit_once(": ")?.0)?;
            Some(Kind::Destination { user: None, host, port })
        },
    ),
    // A server gives this reason for a way onwards that it does not allow: a login was there already.
    any_within(
        " open FAILED: ",
        "ERROR:paramiko.transport:Secsh channel 0 open FAILED: open failed: Administratively prohibited",
        |before, rest| (before.contains("channel ") && rest.contains(exceptions::PROHIBITED)).then(no_way_onwards),
    )
    .signs(),
    any("[chan ", "DEBUG:paramiko.transport:[chan 0] Sesch channel 0 request ok", |rest| {
        rest.contains("] Sesch channel ").then_some(Kind::SessionOpened)
    }),
];

fn methods_of(rest: &str) -> Option<Kind> {
    Some(Kind::Methods { list: methods(rest) })
}

/// A key that is put to the server next. Its fingerprint is MD5's, in hexadecimal without colons, as bytes or as text.
fn offering((print, path): (&str, &str), agent: Option<bool>) -> Option<Kind> {
    let fingerprint = md5(print).or_else(|| sha256(print));
    let path = Some(path.trim().to_owned()).filter(|path| !path.is_empty());
    let key = Key { path, fingerprint, agent, ..Key::default() };
    Some(Kind::Offering { key, explicit: false, token: false })
}

/// What ended the thread that speaks with the server. The program's own exception repeats it.
fn thread_failed(rest: &str) -> Option<Kind> {
    let is = |text: &str| rest.starts_with(text);
    if is("key cannot be used for signing") {
        return Some(Kind::AgentRefused { key: Key::default() });
    }
    if is("Error reading SSH protocol banner") {
        return exceptions::no_banner(rest);
    }
    rest.strip_prefix("Incompatible ssh peer (no acceptable ").and_then(exceptions::incompatible)
}
