//! A machine answered, but nothing serves SSH on that port.

use crate::model::{Certainty, Finding, Fix, Kind};
use crate::rules::connection::connect::{connect_error, failed_addresses, on_port, other_port, rerun};
use crate::rules::draft::Draft;
use crate::rules::rule::{Rule, Stage};
use crate::rules::scene::Scene;

pub(in crate::rules) const RULE: Rule = Rule {
    check: Some(check),
    ..Rule::of("connection-refused", Stage::Connection, include_str!("../../../docs/causes/connection-refused.md"))
};

fn check(scene: &Scene<'_>) -> Option<Finding> {
    let (peer, at) = connect_error(scene, &["Connection refused"])?;
    // Some clients have one word for several errors.
    let open =
        scene.session().any(|kind| matches!(kind, Kind::ConnectFailed { reason, .. } if reason.contains(", or ")));
    let certainty = if open { Certainty::Likely } else { Certainty::Certain };
    Draft::new(scene, certainty, format!("{peer} refuses connections{}", on_port(scene)), at)
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
