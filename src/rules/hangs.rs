//! A live attempt whose time was over before ssh had begun to connect: no host is to blame.

use super::draft::Draft;
use super::scene::Scene;
use crate::model::{Certainty, Change, Finding, Fix, Kind, Session};

/// Whether ssh was ended from outside before it had tried to reach anything.
pub(super) fn before_connecting(session: &Session) -> bool {
    let reached = |kind: &Kind| {
        matches!(
            kind,
            Kind::Connecting { .. }
                | Kind::Resolving { .. }
                | Kind::ResolveFailed { .. }
                | Kind::ConnectFailed { .. }
                | Kind::Proxy { .. }
                | Kind::Established
        )
    };
    session.any(|kind| matches!(kind, Kind::GaveUp { .. }))
        && session.server_software.is_none()
        && !session.any(reached)
}

pub(super) fn finding(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    if !before_connecting(session) {
        return None;
    }
    let (_, at) = session.first(|kind| matches!(kind, Kind::GaveUp { .. }).then_some(()))?;
    Draft::new(scene, Certainty::Likely, "ssh itself hangs before it connects to anything", at)
        .says(
            "ssh was started and did not get as far as asking any host: a command of its configuration (Match exec), a \
             file that is a pipe or lies on a dead network disk, or the program called ssh does not come to an end.",
        )
        .fix(Fix::attempt("see where it stops", Change::none().flags(&["-v"])))
        .fix(Fix::attempt("try it without any configuration", Change::none().flags(&["-v", "-F", "none"])))
        .fix(Fix::step("see which program is run: command -v ssh"))
        .done()
}
