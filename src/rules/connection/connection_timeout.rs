//! Nothing at all answered on that port.

use crate::model::{Certainty, Finding, Fix, Kind, Outcome};
use crate::rules::connection::connect::{connect_error, failed_addresses, on_port, other_port, rerun};
use crate::rules::draft::Draft;
use crate::rules::rule::{Rule, Stage};
use crate::rules::scene::Scene;
use crate::rules::{hangs, here};

pub(in crate::rules) const RULE: Rule = Rule {
    check: Some(check),
    ..Rule::of("connection-timeout", Stage::Connection, include_str!("../../../docs/causes/connection-timeout.md"))
};

fn check(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    let wanted = ["timed out", "Bad file number", "Timeout"];
    if let Some((peer, at)) = connect_error(scene, &["during banner exchange"]) {
        let proxied = session.any(|kind| matches!(kind, Kind::Proxy { .. }));
        let says = if proxied {
            "ssh waited for the line that every SSH server sends first. The proxy command ran and brought none: it does not \
             reach that port, or the server behind it is overloaded. No key was looked at."
        } else {
            "ssh waited for the line that every SSH server sends first. Something took the connection and never sent it: a \
             server that is overloaded or still starting, another service on that port, or a firewall or proxy that takes \
             connections and passes nothing on. No key was looked at."
        };
        return Draft::new(scene, Certainty::Certain, format!("no greeting came from {peer}"), at)
            .says(says)
            .fixes(rerun(scene))
            .fixes(other_port(scene))
            .fix(Fix::step("check the port, and whether the server is up: nc HOST PORT shows its greeting, SSH-2.0-…"))
            .done();
    }
    if let Some((peer, at)) = connect_error(scene, &wanted) {
        let spoke = session.any(|kind| matches!(kind, Kind::Established | Kind::RemoteSoftware { .. }));
        let says = if spoke {
            "The connection came up, and then the other side fell silent: SSH is filtered on the way, or the server is overloaded."
        } else {
            "Packets to that port vanish: a firewall, a VPN or an address list drops them, or the machine is gone. No key was looked at."
        };
        // The limit of a whole login runs out at any step of it, and some clients don't say at which.
        let any_step = scene.is_foreign() && session.any(|kind| matches!(kind, Kind::ConnectionFailed { .. }));
        let certainty = if any_step { Certainty::Likely } else { Certainty::Certain };
        return Draft::new(scene, certainty, format!("{peer} does not answer{}", on_port(scene)), at)
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
        if here::agent_hangs(scene) || hangs::before_connecting(session) {
            return None;
        }
        let title = format!("{} did not answer{} within {seconds} s", session.peer(), on_port(scene));
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
    .fix(Fix::step("wait for ssh's own message, or set a limit with -o ConnectTimeout=10").of_openssh())
    .done()
}
