//! The connection opened and was cut before any login was tried.

use crate::model::{Certainty, Change, Finding, Fix, Kind, Outcome};
use crate::rules::connection::connect::other_port;
use crate::rules::draft::Draft;
use crate::rules::rule::{Rule, Stage};
use crate::rules::scene::Scene;

pub(in crate::rules) const RULE: Rule = Rule {
    check: Some(check),
    of_the_beginning: true,
    ..Rule::of("connection-closed", Stage::Connection, include_str!("../../../docs/causes/connection-closed.md"))
};

/// What the client says of bytes that are not what the other side's SSH sends (ssherr.c, kex.c of OpenSSH 9.2).
const DAMAGED: &[&str] = &["message authentication code incorrect", "Bad packet length", "padding error"];

/// What it says of an answer that is no greeting of an SSH server's.
const NO_GREETING: &[&str] = &["banner line contains invalid characters", "banner line too long", "invalid format"];

/// The client itself gave up: what came was damaged, or is not SSH.
fn given_up(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    // Other clients' errors may hold words of the other side.
    if scene.is_foreign() {
        return None;
    }
    let said = |words: &'static [&'static str]| {
        session.last(|kind| {
            let (Kind::ConnectionFailed { reason: text, .. } | Kind::IdentificationFailed { text }) = kind else {
                return None;
            };
            words.iter().find(|words| text.contains(**words))
        })
    };
    let peer = session.peer();
    let (title, at, says, step) = if let Some((why, at)) = said(DAMAGED) {
        (
            format!("what came from {peer} was damaged on the way: {why}"),
            at,
            "Each packet has a check sum that only the server can make, and this one's does not fit: something on the way \
             changed it (a VPN, a proxy or firewall that rewrites, a faulty network card or driver). It is no matter of keys.",
            "try from another network or without the VPN; with a lower MTU; or another cipher and MAC (-c aes128-ctr -m hmac-sha2-256)",
        )
    } else {
        let (_, at) = said(NO_GREETING)?;
        (
            format!("what answers at {peer} does not greet as an SSH server does"),
            at,
            "Something took the connection and sent bytes that are no SSH greeting: another service listens on that port \
             (TLS, a web server), or a proxy stands in between. No key was looked at.",
            "check host and port, and see what answers there: nc HOST PORT",
        )
    };
    Draft::new(scene, Certainty::Certain, title, at)
        .and(scene, session.end.iter())
        .says(says)
        .fix(Fix::step(step))
        .done()
}

fn check(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    // A server that said why it lets the account not in closes the connection then.
    if !scene.ended(Outcome::Network) || scene.turned_away().is_some() {
        return None;
    }
    if let Some(finding) = given_up(scene) {
        return Some(finding);
    }
    let hung_up = session.last(|kind| {
        matches!(
            kind,
            Kind::IdentificationFailed { .. }
                | Kind::Closed { .. }
                | Kind::Disconnected { .. }
                | Kind::Broken
                | Kind::DisconnectedFrom { .. }
        )
        .then_some(())
    });
    // Other clients have one word for a hang-up and for silence.
    let or_silent = hung_up.is_none() && scene.is_foreign();
    // There never was a connection.
    if or_silent && session.any(|kind| matches!(kind, Kind::ConnectFailed { .. })) {
        return None;
    }
    let (_, at) = hung_up.or_else(|| {
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
    // Without -v only what ssh says of the greeting tells when it was.
    let greeting = session.any(|kind| matches!(kind, Kind::IdentificationFailed { .. } | Kind::PeerSaid { .. }));
    // By a way that the log does not show, and so not what went wrong on it: nothing but the end stands behind another run.
    let behind = session.typed.is_none() && scene.entry.id().1 > 0;
    let way = (behind || session.any(|kind| matches!(kind, Kind::Closed { proxied: true, .. })))
        && !session.any(|kind| {
            matches!(kind, Kind::Proxy { .. } | Kind::Connecting { .. } | Kind::Established | Kind::Resolving { .. })
        });
    // A proxy command's end looks the same, unless the address shows that ssh connected by itself.
    let direct = session.verbose()
        || scene.is_foreign()
        || said.is_some()
        || session.any(|kind| matches!(kind, Kind::Closed { address: Some(_), proxied: false, .. }));
    let told = (greeting || session.verbose() && !session.any(|kind| *kind == Kind::Elided)) && !way;
    let (certainty, title) = match told {
        true if or_silent => (
            Certainty::Likely,
            format!("{} closed the connection before any login was tried, or never answered", session.peer()),
        ),
        true if !direct => (
            Certainty::Likely,
            format!("{} closed the connection before any login was tried, or a proxy before it did", session.peer()),
        ),
        true => (Certainty::Certain, format!("{} closed the connection before any login was tried", session.peer())),
        false => (Certainty::Likely, format!("{} closed the connection; the log does not show when", session.peer())),
    };
    let mut draft = Draft::new(scene, certainty, title, at)
        .and(scene, said.map(|(_, at)| at))
        .says(if web {
            "A web server or web proxy answered in place of an SSH server: the port is wrong, or a proxy stands in between.".to_owned()
        } else if fake {
            "The address is a local proxy's stand-in (198.18.0.0/15): a proxy program on this machine takes the connection and \
             its exit does not let SSH through."
                .to_owned()
        } else if told {
            "The line dropped while client and server were still greeting each other or agreeing on keys: a firewall or proxy \
             that cuts SSH, a server that is overloaded or blocks this address. Your keys were not looked at."
                .to_owned()
        } else {
            "A firewall or proxy that cuts SSH, or a server that is overloaded or blocks this address, does so before keys are \
             looked at; a server that gave up on a login does so after. A log with -v shows which it was."
                .to_owned()
        })
        .fixes((!told).then(|| Fix::attempt("make a whole log with ssh -v, and give that", Change::none().flags(&["-v"]))));
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
