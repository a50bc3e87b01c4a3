//! An older connection was reused, so this log shows no login.

use crate::model::{Certainty, Change, Finding, Fix, Kind, Outcome, Severity};
use crate::rules::draft::Draft;
use crate::rules::here;
use crate::rules::rule::{Rule, Stage};
use crate::rules::scene::Scene;

pub(in crate::rules) const RULE: Rule = Rule {
    check: Some(check),
    ..Rule::of("multiplexed", Stage::Client, include_str!("../../../docs/causes/multiplexed.md"))
};

fn check(scene: &Scene<'_>) -> Option<Finding> {
    joined(scene).or_else(|| open_now(scene))
}

/// A live check went past an open connection that the user's own ssh would join.
fn open_now(scene: &Scene<'_>) -> Option<Finding> {
    let socket = here::facts(scene)?.open_master.as_deref()?;
    let at = scene.session().end.as_ref()?;
    Draft::new(scene, Certainty::Certain, "ssh would join a connection that is open already", at)
        .severity(Severity::Note)
        .fact(socket, "a connection to this host is open there")
        .says(
            "This was looked at with a connection of its own. By ControlPath your own ssh joins the open one as long as that \
             lasts: no key is asked for then, and it works, or hangs, whatever the keys are.",
        )
        .fix(Fix::attempt("end it, to have your own ssh log in anew", Change::none().flags(&["-O", "exit"])))
        .done()
}

/// A log of a run that joined one.
fn joined(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    let (_, at) =
        session.first(|kind| matches!(kind, Kind::Multiplexed { .. } | Kind::MultiplexFailed { .. }).then_some(()))?;
    let own = session.reached_authentication()
        || session.server_software.is_some()
        || session.any(|kind| {
            matches!(kind, Kind::Connecting { .. } | Kind::ResolveFailed { .. } | Kind::ConnectFailed { .. })
        });
    if own || !matches!(session.outcome, Outcome::Unknown | Outcome::ClientError | Outcome::Authenticated) {
        return None;
    }
    let broken = session.any(|kind| matches!(kind, Kind::MultiplexFailed { .. }));
    let title = if broken {
        "ssh tried to reuse an old connection, and that failed"
    } else {
        "ssh reused an old connection, so this log shows no login"
    };
    Draft::new(scene, Certainty::Certain, title, at)
        .and(scene, session.events.iter().filter(|event| matches!(event.kind, Kind::Multiplexed { .. } | Kind::MultiplexFailed { .. })).map(|event| &event.at))
        .says("ControlMaster is on: ssh joined a connection that was open already. Which key opened that one is not in this log, and -i makes no difference.")
        .fix(Fix::attempt("log in anew and show how", Change::none().flags(&["-v"]).option("ControlPath=none")))
        .fix(Fix::attempt("or end the old connection first", Change::none().flags(&["-O", "exit"])))
        .done()
}
