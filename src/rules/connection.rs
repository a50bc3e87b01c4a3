//! Causes before the host key: name, address, port, line, algorithms.

use super::draft::quoted;
use super::{Draft, Scene, hangs, local};
use crate::model::{At, Certainty, Finding, Fix, Kind, Outcome, Role};
use crate::provider;

/// What the system said when it could not connect, and the line.
fn connect_error<'a>(scene: &Scene<'a>, wanted: &[&str]) -> Option<(&'a str, &'a At)> {
    let session = scene.session();
    if !scene.ended(Outcome::Network) {
        return None;
    }
    let fits = |reason: &str| wanted.iter().any(|text| reason.contains(text));
    // The last address decides; ssh's own closing line is the better one to quote.
    let (_, at) = session
        .last(|kind| matches!(kind, Kind::ConnectFailed { reason, .. } if fits(reason)).then_some(()))
        .or_else(|| session.last(|kind| matches!(kind, Kind::AddressFailed { reason, .. } | Kind::ConnectionFailed { reason, .. } if fits(reason)).then_some(())))?;
    Some((session.peer(), at))
}

fn failed_addresses<'a>(scene: &Scene<'a>) -> Vec<&'a At> {
    scene
        .session()
        .events
        .iter()
        .filter(|event| matches!(event.kind, Kind::AddressFailed { .. }))
        .map(|event| &event.at)
        .collect()
}

fn port(scene: &Scene<'_>) -> u16 {
    scene.session().port.unwrap_or(22)
}

/// The way round a blocked port 22, where the provider has one.
fn other_port(scene: &Scene<'_>) -> Option<Fix> {
    let provider = provider::named(scene.session())?;
    let (host, port) = provider.alternate?;
    let name = provider.hosts.first()?;
    (scene.session().port.unwrap_or(22) != port).then(|| {
        Fix::config(
            format!(
                "reach {} on port {port}, which firewalls seldom block; put this into ~/.ssh/config",
                provider.name
            ),
            format!("Host {name}\n    HostName {host}\n    Port {port}\n    User git"),
        )
    })
}

fn rerun(scene: &Scene<'_>) -> Option<Fix> {
    (scene.session().role == Role::Ci).then(|| {
        Fix::step("if the CI job has ended, its SSH server is gone: rerun the job with SSH and use the new command")
    })
}

pub(super) fn dns(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    let ((host, reason), at) = session.last(|kind| match kind {
        Kind::ResolveFailed { host, reason } => Some((host.as_str(), reason.as_str())),
        _ => None,
    })?;
    if !scene.ended(Outcome::Network) {
        return None;
    }
    let temporary = reason.contains("emporary");
    let draft = Draft::new(scene, Certainty::Certain, format!("the name {host} does not resolve"), at);
    let draft = if temporary {
        draft
            .says("No name server answered. The name may be right; the machine or container has no working DNS at this moment.")
            .fix(Fix::step("check the network and the DNS settings, then try again"))
    } else if host.contains(':') || host.contains('/') {
        draft
            .says("ssh was given a repository's address as a host name. ssh itself takes user@host only.")
            .fix(Fix::step("leave out the colon and all that follows it"))
    } else {
        draft
            .says("No such name is known. It may be misspelt, or an alias of a configuration that this ssh does not read.")
            .fix(quoted(scene, "see what this ssh makes of the name", &["ssh", "-G", host]))
            .fix(Fix::config("if it is an alias, say in ~/.ssh/config which host it stands for", format!("Host {host}\n    HostName REAL.HOST.NAME")))
    };
    draft.done()
}

pub(super) fn refused(scene: &Scene<'_>) -> Option<Finding> {
    let (peer, at) = connect_error(scene, &["Connection refused"])?;
    Draft::new(scene, Certainty::Certain, format!("{peer} refuses connections on port {}", port(scene)), at)
        .and(scene, failed_addresses(scene))
        .says(
            "The machine, or a firewall before it, answered at once that nothing listens on that port. No key was looked \
             at, so no key can be at fault.",
        )
        .fixes(rerun(scene))
        .fixes(other_port(scene))
        .fix(Fix::step("check host and port; if you run the server, start it and open the port"))
        .done()
}

pub(super) fn unreachable(scene: &Scene<'_>) -> Option<Finding> {
    let wanted = [
        "Network is unreachable",
        "No route to host",
        "Can't assign requested address",
        "Host is down",
        "Network is down",
        "Permission denied",
        "Unknown error",
    ];
    let (peer, at) = connect_error(scene, &wanted)?;
    Draft::new(scene, Certainty::Certain, format!("there is no route to {peer}"), at)
        .and(scene, failed_addresses(scene))
        .says(
            "This machine has no way to that address: no network, a VPN that is down, or an IPv6 address without IPv6.",
        )
        .fix(Fix::step("check the network and the VPN"))
        .fix(Fix::step("if only an IPv6 address failed, add -4 to the command"))
        .done()
}

pub(super) fn timeout(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    let wanted = ["timed out", "Bad file number", "Timeout"];
    if let Some((peer, at)) = connect_error(scene, &wanted) {
        let spoke = session.any(|kind| matches!(kind, Kind::Established | Kind::RemoteSoftware { .. }));
        let says = if spoke {
            "The connection came up, and then the other side fell silent: SSH is filtered on the way, or the server is overloaded."
        } else {
            "Packets to that port vanish: a firewall, a VPN or an address list drops them, or the machine is gone. No key was looked at."
        };
        return Draft::new(scene, Certainty::Certain, format!("{peer} does not answer on port {}", port(scene)), at)
            .and(scene, failed_addresses(scene))
            .says(says)
            .fixes(rerun(scene))
            .fixes(other_port(scene))
            .fix(Fix::step("try from another network, or with the VPN on or off"))
            .done();
    }
    // A live attempt that this program ended.
    if let Some(((seconds, waiting), at)) = session.first(|kind| match kind {
        Kind::GaveUp { seconds, waiting } => Some((*seconds, *waiting)),
        _ => None,
    }) {
        if local::agent_hangs(scene) || hangs::before_connecting(session) {
            return None;
        }
        let title = format!("{} did not answer on port {} within {seconds} s", session.peer(), port(scene));
        return Draft::new(scene, Certainty::Certain, title, at)
            .says(format!(
                "The attempt was ended while it waited for {waiting}. {}",
                if session.server_software.is_some() {
                    "The server is there and has fallen silent: it is overloaded, or something on the way drops large packets."
                } else {
                    "A firewall, a VPN or an address list drops the packets, or what listens there is no SSH server."
                }
            ))
            .fixes(rerun(scene))
            .fixes(other_port(scene))
            .fix(Fix::step("try from another network, or give it longer with --timeout"))
            .done();
    }
    // The user lost patience while ssh was connecting.
    let broke_off = session.any(|kind| matches!(kind, Kind::Interrupted));
    let (_, at) = session.last(|kind| matches!(kind, Kind::Connecting { .. }).then_some(()))?;
    (scene.ended(Outcome::Network) && broke_off).then_some(())?;
    Draft::new(
        scene,
        Certainty::Likely,
        format!("{} did not answer before the attempt was broken off", session.peer()),
        at,
    )
    .says("ssh was still waiting for the connection when it was interrupted, so packets to that port seem to vanish.")
    .fixes(rerun(scene))
    .fixes(other_port(scene))
    .fix(Fix::step("wait for ssh's own message, or set a limit with -o ConnectTimeout=10"))
    .done()
}

/// The lines by which a server keeps clients out for a while.
const LIMITS: &[&str] = &["Exceeded MaxStartups", "Not allowed at this time", "Too many connections", "rate limit"];

pub(super) fn rate_limited(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    if !scene.ended(Outcome::Network) {
        return None;
    }
    let (said, at) = session.first(|kind| match kind {
        Kind::PeerSaid { text } | Kind::IdentificationFailed { text }
            if LIMITS.iter().any(|limit| text.contains(limit)) =>
        {
            Some(text.as_str())
        }
        _ => None,
    })?;
    Draft::new(scene, Certainty::Certain, format!("{} is keeping you out for a while", session.peer()), at)
        .and(scene, session.end.iter())
        .says(format!(
            "In place of its identification the server said: {}. It limits how many connections, or how many failed \
             logins, it takes from one address. Keys play no part yet.",
            said.trim_end_matches('.')
        ))
        .fix(Fix::step("wait a few minutes, and connect less often or less in parallel"))
        .done()
}

pub(super) fn proxy_failed(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    if !scene.ended(Outcome::Network) {
        return None;
    }
    let command = session.first(|kind| match kind {
        Kind::Proxy { command, .. } => Some(command.as_str()),
        _ => None,
    });
    let trouble = session.first(|kind| match kind {
        Kind::ProxyTrouble { text } => Some(text.as_str()),
        _ => None,
    });
    let through = session.first(|kind| matches!(kind, Kind::Closed { proxied: true, .. }).then_some(()));
    let spoke = session.server_software.is_some();
    if spoke || command.is_none() && trouble.is_none() && through.is_none() {
        return None;
    }
    let at = trouble.map(|(_, at)| at).or(session.end.as_ref()).or(command.map(|(_, at)| at))?;
    let title = match command {
        Some((command, _)) => format!("the way to {} failed: {}", session.peer(), short(command)),
        None => format!("the jump host or proxy before {} failed", session.peer()),
    };
    // The jump host's own run stands before this session in the log.
    let jump = scene
        .entry
        .index
        .checked_sub(1)
        .and_then(|index| scene.case.session((scene.entry.transcript, index)))
        .filter(|entry| entry.session.jump_host);
    let mut draft = Draft::new(scene, Certainty::Certain, title, at).and(scene, command.map(|(_, at)| at));
    if let Some(jump) = jump {
        draft = draft.and(scene, jump.session.end.iter());
    }
    draft
        .says(
            "ssh does not connect to the target by itself here: it runs a proxy command or logs in to a jump host first, and \
             that failed. The target never saw the connection.",
        )
        .fixes(jump.map(|jump| quoted(scene, "mend the jump host first; test it alone", &["ssh", "-v", jump.session.peer()])))
        .fix(Fix::step("if no proxy is needed here, add -o ProxyCommand=none -o ProxyJump=none"))
        .done()
}

fn short(command: &str) -> String {
    let command = command.trim_start_matches("exec ");
    match command.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &command[..end]),
        None => command.to_owned(),
    }
}

pub(super) fn closed(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    if !scene.ended(Outcome::Network) {
        return None;
    }
    let (_, at) = session
        .last(|kind| {
            matches!(
                kind,
                Kind::IdentificationFailed { .. }
                    | Kind::Closed { .. }
                    | Kind::Disconnected { .. }
                    | Kind::Broken
                    | Kind::DisconnectedFrom { .. }
            )
            .then_some(())
        })
        .or_else(|| {
            session.last(|kind| match kind {
                Kind::ConnectionFailed { reason, .. } if !reason.contains("timed out") => Some(()),
                _ => None,
            })
        })?;
    let said = session.first(|kind| match kind {
        Kind::PeerSaid { text } => Some(text.as_str()),
        _ => None,
    });
    let web = said.is_some_and(|(text, _)| text.starts_with("HTTP/"));
    let fake = session
        .address
        .as_deref()
        .is_some_and(|address| address.starts_with("198.18.") || address.starts_with("198.19."));
    let mut draft = Draft::new(scene, Certainty::Certain, format!("{} closed the connection before any login was tried", session.peer()), at)
        .and(scene, said.map(|(_, at)| at))
        .says(if web {
            "A web server or web proxy answered in place of an SSH server: the port is wrong, or a proxy stands in between.".to_owned()
        } else if fake {
            "The address is a local proxy's stand-in (198.18.0.0/15): a proxy program on this machine takes the connection and \
             its exit does not let SSH through."
                .to_owned()
        } else {
            "The line dropped while client and server were still greeting each other or agreeing on keys: a firewall or proxy \
             that cuts SSH, a server that is overloaded or blocks this address. Your keys were not looked at."
                .to_owned()
        });
    if fake {
        draft = draft.fix(Fix::step("let the proxy program pass SSH directly, or turn it off for this host"));
    }
    draft
        .fixes(other_port(scene))
        .fix(Fix::step(
            "try from another network; on your own server, read its log for MaxStartups, fail2ban or hosts.deny",
        ))
        .done()
}

pub(super) fn kex_mismatch(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    let ((what, offer), at) = session.last(|kind| match kind {
        Kind::NoCommonAlgorithm { what, offer, .. } => Some((what.as_str(), offer.as_deref())),
        _ => None,
    })?;
    if !scene.ended(Outcome::Kex) {
        return None;
    }
    let option = match what {
        "host key type" => "HostKeyAlgorithms",
        "key exchange method" => "KexAlgorithms",
        "MAC" | "mac" => "MACs",
        _ => "Ciphers",
    };
    let first = offer.and_then(|list| list.split(',').next()).map(str::trim).filter(|name| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-@._".contains(&byte))
    });
    let host = session.typed.as_ref().map_or(session.peer(), |typed| typed.host.as_str());
    let mut draft = Draft::new(scene, Certainty::Certain, format!("client and server share no {what}"), at).says(format!(
        "{}The two programs are too far apart in age or policy. This is about the connection, not about your key{}.",
        offer.map(|list| format!("The server has only: {list}. ")).unwrap_or_default(),
        if what == "host key type" { ", even where the list says ssh-rsa: that is the server's own key" } else { "" }
    ));
    draft = draft.fix(Fix::step("best: update the older side"));
    if let Some(name) = first {
        draft = draft
            .fix(quoted(
                scene,
                "for this one connection, allow what the server has",
                &["ssh", "-o", &format!("{option}=+{name}"), host],
            ))
            .fix(Fix::config("or for this host alone, in ~/.ssh/config", format!("Host {host}\n    {option} +{name}")));
    }
    draft.done()
}
