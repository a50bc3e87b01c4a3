//! This machine has no network route to the server's address.

use crate::model::{Certainty, Finding, Fix};
use crate::rules::connection::connect::{connect_error, failed_addresses};
use crate::rules::draft::Draft;
use crate::rules::rule::{Rule, Stage};
use crate::rules::scene::Scene;

pub(in crate::rules) const RULE: Rule = Rule {
    check: Some(check),
    ..Rule::of("network-unreachable", Stage::Connection, include_str!("../../../docs/causes/network-unreachable.md"))
};

fn check(scene: &Scene<'_>) -> Option<Finding> {
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
        .fix(Fix::step("if only an IPv6 address failed, add -4 to the command").of_openssh())
        .done()
}
