//! From the first line to the end of the key exchange, and connections that break.

use super::strerror::in_english;
use super::words::{address_port, first_word, sentence};
use crate::dialect::table::{Row, any, bare, logged, within};
use crate::model::{Kind, ProxyFault};

pub(super) const ROWS: &[Row] = &[
    any("OpenSSH_", "OpenSSH_9.6p1, OpenSSL 3.0.13 30 Jan 2024", version).late().signs().opens_if(names_its_library),
    logged("Started with: ", "debug2: Started with: ssh -v box", |rest| {
        crate::shell::parse_ssh(&crate::shell::split(rest)).map(Kind::Command)
    }),
    logged("resolving \"", "debug2: resolving \"box\" port 22", |rest| {
        let (host, rest) = rest.split_once('"')?;
        Some(Kind::Resolving { host: host.to_owned(), port: first_word(rest.strip_prefix(" port ")?).parse().ok() })
    }),
    logged("Connecting to ", "debug1: Connecting to box [192.0.2.1] port 22.", connecting).late().signs(),
    logged("connect to address ", "debug1: connect to address 192.0.2.1 port 22: Connection refused", address_failed),
    logged("Connection established", "debug1: Connection established.", |_| Some(Kind::Established)),
    logged("Executing proxy command: ", "debug1: Executing proxy command: exec nc box 22", |rest| Some(proxy(rest))),
    // With ProxyUseFdpass the program hands the connection over (sshconnect.c, `ssh_proxy_fdpass_connect`).
    logged("Executing proxy dialer command: ", "debug1: Executing proxy dialer command: exec dial box", |rest| {
        Some(proxy(rest))
    }),
    bare("proxy dialer did not pass back a connection", "proxy dialer did not pass back a connection", |_| {
        Some(trouble(ProxyFault::Way, "it handed no connection over"))
    }),
    logged(
        "Setting implicit ProxyCommand from ProxyJump: ",
        "debug1: Setting implicit ProxyCommand from ProxyJump: ssh -v -W '[%h]:%p' hop",
        |rest| Some(proxy(rest)),
    ),
    logged(
        "Remote protocol version ",
        "debug1: Remote protocol version 2.0, remote software version OpenSSH_9.6p1",
        |rest| {
            let software = rest.split_once("remote software version ")?.1;
            Some(Kind::RemoteSoftware { software: software.trim().to_owned() })
        },
    )
    .signs(),
    logged("Authenticating to ", "debug1: Authenticating to box:22 as 'dev'", authenticating).late().signs(),
    any("ssh: connect to host ", "ssh: connect to host box port 22: Connection refused", connect_failed)
        .late()
        .signs()
        .opens(),
    any(
        "ssh: Could not resolve hostname ",
        "ssh: Could not resolve hostname box: Name or service not known",
        resolve_failed,
    )
    .late()
    .signs()
    .opens(),
    any("ssh: Could not resolve ", "ssh: Could not resolve box: Name or service not known", resolve_failed).opens(),
    any("Received disconnect from ", "Received disconnect from 192.0.2.1 port 22:11: Bye", disconnected)
        .late()
        .opens()
        .inside_if(|rest| {
            rest.split_once(':').is_some_and(|(_, code)| code.trim_start().starts_with(|c: char| c.is_ascii_digit()))
        }),
    any("Disconnecting: ", "Disconnecting: Too many authentication failures", |rest| {
        rest.contains("oo many authentication failures").then(|| Kind::Disconnected {
            address: None,
            port: None,
            text: rest.trim().to_owned(),
        })
    }),
    any("Disconnecting ", "Disconnecting 192.0.2.1 port 22: no more", |_| {
        Some(Kind::DisconnectedFrom { address: None, port: None })
    })
    .late(),
    any("Disconnected from ", "Disconnected from 192.0.2.1 port 22", |rest| {
        let (address, port) = address_port(rest);
        Some(Kind::DisconnectedFrom { address, port })
    })
    .late(),
    any("Connection closed by ", "Connection closed by 192.0.2.1 port 22", |rest| Some(closed(rest, false)))
        .late()
        .opens()
        .inside_if(ends_with_port),
    any("Connection reset by ", "Connection reset by 192.0.2.1 port 22", |rest| Some(closed(rest, true)))
        .late()
        .opens()
        .inside_if(ends_with_port),
    any("Connection closed", "Connection closed.", |rest| matches!(rest.trim(), "" | ".").then(|| closed("", false))),
    any("ssh_exchange_identification: ", "ssh_exchange_identification: Connection closed by remote host", |rest| {
        Some(identification(rest))
    })
    .late()
    .signs(),
    any("kex_exchange_identification: ", "kex_exchange_identification: Connection closed by remote host", |rest| {
        Some(identification(rest))
    })
    .late()
    .opens()
    .inside_if(|_| true),
    any("Connection timed out during banner exchange", "Connection timed out during banner exchange", |_| {
        Some(Kind::ConnectionFailed {
            address: None,
            port: None,
            reason: "Connection timed out during banner exchange".into(),
        })
    })
    .inside_if(|_| true),
    any("banner exchange: ", "banner exchange: Connection to 192.0.2.1 port 22: Broken pipe", |rest| {
        broken_transport(rest)
    }),
    any(
        "ssh_dispatch_run_fatal: ",
        "ssh_dispatch_run_fatal: Connection to 192.0.2.1 port 22: message authentication code incorrect",
        broken_transport,
    ),
    any("packet_write_wait: ", "packet_write_wait: Connection to 192.0.2.1 port 22: Broken pipe", |rest| {
        broken_transport(rest)
    }),
    any("ssh_packet_write_wait: ", "ssh_packet_write_wait: Connection to 192.0.2.1 port 22: Broken pipe", |rest| {
        broken_transport(rest)
    }),
    any("packet_write_poll: ", "packet_write_poll: Connection to 192.0.2.1 port 22: Broken pipe", |rest| {
        broken_transport(rest)
    }),
    any("Protocol major versions differ: ", "Protocol major versions differ: 2 vs. 1", |rest| {
        Some(Kind::IdentificationFailed { text: format!("Protocol major versions differ: {}", rest.trim()) })
    }),
    any(
        "Bad remote protocol version identification: ",
        "Bad remote protocol version identification: 'HTTP/1.1 400 Bad Request'",
        |rest| Some(Kind::PeerSaid { text: rest.trim().to_owned() }),
    ),
    any("key_verify failed for server_host_key", "key_verify failed for server_host_key", |_| {
        Some(Kind::ConnectionFailed {
            address: None,
            port: None,
            reason: "key_verify failed for server_host_key".into(),
        })
    }),
    any(
        "Unable to negotiate with ",
        "Unable to negotiate with 192.0.2.1 port 22: no matching cipher found. Their offer: aes128-cbc",
        |rest| {
            let (peer, trouble) = rest.split_once(": ")?;
            let (address, port) = address_port(peer);
            let Kind::NoCommonAlgorithm { what, offer, .. } = no_matching(trouble)? else {
                return None;
            };
            Some(Kind::NoCommonAlgorithm { what, offer, address, port })
        },
    )
    .late()
    .signs(),
    any(
        "fatal: Unable to negotiate with ",
        "fatal: Unable to negotiate with 192.0.2.1: no matching cipher found. Their offer: aes128-cbc",
        |rest| no_matching(rest.split_once(": ")?.1),
    ),
    any("no matching ", "no matching cipher found: client aes256-ctr server aes128-cbc", |rest| {
        no_matching(&format!("no matching {rest}"))
    }),
    any("no hostkey alg", "no hostkey alg", |_| Some(no_common("host key type", None))),
    any("no kex alg", "no kex alg", |_| Some(no_common("key exchange method", None))),
    any("Unable to negotiate a key exchange method", "Unable to negotiate a key exchange method", |_| {
        Some(no_common("key exchange method", None))
    }),
    logged("kex: host key algorithm: (no match)", "debug1: kex: host key algorithm: (no match)", |_| {
        Some(no_common("host key type", None))
    }),
    bare("Write failed: ", "Write failed: Broken pipe", |_| Some(Kind::Broken)),
    bare("Read from remote host ", "Read from remote host box: Connection reset by peer", |_| {
        Some(Kind::SessionBroken)
    }),
    bare("client_loop: send disconnect: ", "client_loop: send disconnect: Broken pipe", |_| Some(Kind::SessionBroken))
        .late(),
    bare("Timeout, server ", "Timeout, server box not responding.", |_| Some(Kind::SessionBroken)),
    bare("stdio forwarding failed", "stdio forwarding failed", |_| {
        Some(trouble(ProxyFault::Way, "stdio forwarding failed"))
    }),
    bare("channel ", "channel 0: open failed: connect failed: Connection refused", channel_failed),
    // OpenSSH for Windows starts the program of a ProxyCommand by itself, without a shell (sshconnect.c of its 8.1).
    bare("posix_spawn: ", "posix_spawn: No such file or directory", spawn_failed),
    bare("posix_spawnp: ", "posix_spawnp: No such file or directory", spawn_failed),
    // Programs that are made for a ProxyCommand: cloudflared, the AWS CLI, gcloud.
    within(
        "failed to connect to origin error=",
        "2026-01-02T03:04:05Z ERR failed to connect to origin error=\"websocket: bad handshake\" originURL=https://box.example",
        |before, rest| {
            let quoted = rest.strip_prefix('"').and_then(|rest| rest.split('"').next());
            before
                .trim_end()
                .ends_with("ERR")
                .then(|| own(&format!("failed to connect to origin: {}", quoted.unwrap_or(rest))))
        },
    ),
    bare("websocket: bad handshake", "websocket: bad handshake", |rest| {
        rest.trim().is_empty().then(|| own("websocket: bad handshake"))
    }),
    within(
        "An error occurred (",
        "An error occurred (TargetNotConnected) when calling the StartSession operation: i-0 is not connected.",
        |_, rest| {
            rest.contains(") when calling the StartSession operation")
                .then(|| own(&format!("An error occurred ({rest}")))
        },
    ),
    within(
        "ERROR: (gcloud.compute.start-iap-tunnel) ",
        "ERROR: (gcloud.compute.start-iap-tunnel) Error while connecting [4003: 'failed to connect to backend'].",
        |_, rest| Some(own(rest)),
    ),
];

/// What a proxy's program itself said.
fn own(text: &str) -> Kind {
    trouble(ProxyFault::Program, &sentence(text))
}

/// `N: open failed: REASON[: TEXT]` (channels.c, `channel_input_open_failure`). The first channel is the session's, or
/// that of `-W`; a later one is a forwarding's, and a target behind it that does not answer is no matter of the login.
fn channel_failed(rest: &str) -> Option<Kind> {
    let (number, reason) = rest.split_once(": open failed: ")?;
    let what = match number {
        "0" => ProxyFault::FirstChannel,
        _ if number.bytes().all(|byte| byte.is_ascii_digit()) && reason.starts_with("administratively prohibited") => {
            ProxyFault::Forwarding
        }
        _ => return None,
    };
    Some(trouble(what, &format!("open failed: {}", reason.trim())))
}

fn trouble(what: ProxyFault, text: &str) -> Kind {
    Kind::ProxyTrouble { what, text: text.to_owned() }
}

fn spawn_failed(rest: &str) -> Option<Kind> {
    Some(trouble(ProxyFault::NoProgram, rest.trim()))
}

/// The client's own line names the library that it was built with; a server's software string does not.
fn names_its_library(rest: &str) -> bool {
    let Some((release, library)) = rest.split_once(',') else { return false };
    let library = library.trim_start();
    release.len() < 60
        && ["OpenSSL", "LibreSSL", "BoringSSL", "AWS-LC", "without"].iter().any(|name| library.starts_with(name))
}

/// `9.6p1, OpenSSL …`, behind `OpenSSH_`.
fn version(rest: &str) -> Option<Kind> {
    let end = rest.find([',', '，', ' '])?;
    let digits = rest[..end].trim_start_matches("for_Windows_");
    digits
        .starts_with(|c: char| c.is_ascii_digit())
        .then(|| Kind::ClientVersion { version: format!("OpenSSH_{}", &rest[..end]) })
}

/// `HOST [ADDRESS] port PORT.`; some builds leave the address out.
fn connecting(rest: &str) -> Option<Kind> {
    let (peer, port) = rest.rsplit_once(" port ")?;
    let port = first_word(port).parse().ok();
    let (host, address) = match peer.split_once(" [") {
        Some((host, address)) => (host, Some(address.split(']').next()?.trim().to_owned())),
        None => (peer, None),
    };
    Some(Kind::Connecting {
        host: Some(host.trim().to_owned()),
        address: address.filter(|text| !text.is_empty()),
        port,
    })
}

fn address_failed(rest: &str) -> Option<Kind> {
    let (peer, reason) = rest.split_once(": ")?;
    let (address, port) = address_port(peer);
    Some(Kind::AddressFailed { address: address?, port, reason: in_english(&sentence(reason)).to_owned() })
}

fn proxy(command: &str) -> Kind {
    let program = command.trim_start_matches("exec ").split_whitespace().next().unwrap_or_default();
    let jump = program.rsplit(['/', '\\']).next().is_some_and(|name| name == "ssh" || name == "ssh.exe");
    Kind::Proxy { command: command.trim().to_owned(), jump }
}

/// `HOST:PORT as 'USER'`
fn authenticating(rest: &str) -> Option<Kind> {
    let (peer, user) = rest.rsplit_once(" as '")?;
    let (host, port) = peer.rsplit_once(':')?;
    Some(Kind::Authenticating {
        host: host.trim().to_owned(),
        port: port.trim().parse().ok(),
        user: user.split('\'').next().unwrap_or(user).to_owned(),
    })
}

fn connect_failed(rest: &str) -> Option<Kind> {
    let (peer, reason) = rest.split_once(": ").unwrap_or((rest, ""));
    let (host, port) = peer.rsplit_once(" port ")?;
    Some(Kind::ConnectFailed {
        host: Some(host.trim().to_owned()),
        port: first_word(port).parse().ok(),
        reason: in_english(&sentence(reason)).to_owned(),
    })
}

fn resolve_failed(rest: &str) -> Option<Kind> {
    let rest = rest.strip_prefix("hostname ").unwrap_or(rest);
    let (host, reason) = rest.split_once(": ").unwrap_or((rest, ""));
    Some(Kind::ResolveFailed { host: host.trim().trim_matches(['"', '\'']).to_owned(), reason: sentence(reason) })
}

/// `ADDRESS port PORT:CODE: TEXT` or `ADDRESS: CODE: TEXT`
fn disconnected(rest: &str) -> Option<Kind> {
    let (peer, text) = rest.split_once(':')?;
    let (address, port) = address_port(peer);
    let text = text.trim_start();
    let text = text
        .split_once(':')
        .filter(|(code, _)| code.bytes().all(|byte| byte.is_ascii_digit()))
        .map_or(text, |(_, text)| text);
    Some(Kind::Disconnected { address, port, text: sentence(text) })
}

/// `ADDRESS port PORT`, and no more than a quote's or a sentence's end: a server says more.
fn ends_with_port(rest: &str) -> bool {
    let Some((address, port)) = rest.split_once(" port ") else { return false };
    let after = port.trim_start_matches(|c: char| c.is_ascii_digit());
    !address.contains(' ') && after.len() < port.len() && !after.contains(|c: char| c.is_alphanumeric() || c == '[')
}

/// What follows `Connection closed by `: `ADDRESS port PORT`, or `remote host`.
///
/// A program that runs ssh may go on behind `remote host` with a sentence of its own.
fn closed(rest: &str, reset: bool) -> Kind {
    let (address, port) = match rest.starts_with("remote host") {
        true => (None, None),
        false => address_port(rest),
    };
    Kind::Closed { address, port, reset, proxied: rest.contains("UNKNOWN") }
}

/// What follows `kex_exchange_identification: `.
fn identification(rest: &str) -> Kind {
    match rest.strip_prefix("banner line ").and_then(|rest| rest.split_once(": ")) {
        Some((_, said)) => Kind::PeerSaid { text: said.trim().to_owned() },
        None => Kind::IdentificationFailed { text: sentence(rest) },
    }
}

/// `Connection to ADDRESS port PORT: REASON`, in whichever function it happened.
fn broken_transport(rest: &str) -> Option<Kind> {
    let (peer, reason) = rest.strip_prefix("Connection to ")?.rsplit_once(": ")?;
    let (address, port) = address_port(peer);
    Some(Kind::ConnectionFailed { address, port, reason: sentence(reason) })
}

fn no_common(what: &str, offer: Option<String>) -> Kind {
    Kind::NoCommonAlgorithm { what: what.to_owned(), offer, address: None, port: None }
}

/// `no matching WHAT found[. Their offer: LIST]` or, up to 6.7, `no matching cipher found: client A server B`.
fn no_matching(text: &str) -> Option<Kind> {
    let (what, rest) = text.strip_prefix("no matching ")?.split_once(" found")?;
    let offer = rest
        .split_once("Their offer: ")
        .or_else(|| rest.split_once(" server "))
        .map(|(_, offer)| offer.trim().to_owned());
    Some(no_common(what, offer))
}
