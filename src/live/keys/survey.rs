//! Looks at a destination's identities, and asks whom it was told to ask.

use std::collections::BTreeSet;
use std::thread;

use super::ask::ask;
use super::place::{Place, any_host, place};
use super::plan::{Named, Plan, Tell};
use super::rows::{rows, told_by};
use crate::live::process::Failure;
use crate::live::thread::{Beside, beside};
use crate::model::{Fact, HostFacts};
use crate::survey::Survey;

/// Looks, and asks whom it was told to ask.
///
/// # Errors
/// There is no ssh, or it can't be started.
pub(crate) fn survey(plan: &Plan) -> Result<Survey, Failure> {
    survey_telling(plan, &|_, _| {})
}

/// As [`survey`], and tells how it gets on.
///
/// # Errors
/// As there.
pub(crate) fn survey_telling(plan: &Plan, tell: Tell<'_>) -> Result<Survey, Failure> {
    let offers: Vec<Place> = thread::scope(|scope| {
        let asked: Vec<_> = plan.offers.iter().map(|named| beside(scope, || place(plan, named))).collect();
        asked.into_iter().filter_map(Beside::join).collect::<Result<_, _>>()
    })?;
    // Who is asked about is known already.
    let known = |named: &Named| offers.iter().find(|offer| offer.named == *named).cloned();
    let named =
        plan.destination.as_ref().map(|named| known(named).map_or_else(|| place(plan, named), Ok)).transpose()?;
    let anywhere = match (&named, offers.is_empty()) {
        (None, true) => Some(place(plan, &any_host())?),
        _ => None,
    };
    let Some(main) = named.as_ref().or(offers.first()).or(anywhere.as_ref()) else {
        return Ok(nothing());
    };
    let mut listed = rows(plan, main, true);
    let mut known: BTreeSet<_> = listed.iter().map(told_by).collect();
    for other in &offers {
        // A host that is asked may have identities of its own.
        for mut row in rows(plan, other, false) {
            if known.insert(told_by(&row)) {
                row.identity.order = None;
                row.identity.left_out = Some(format!("only {} has it", other.named.typed.host));
                listed.push(row);
            }
        }
    }
    let mut survey = Survey {
        typed: main.named.words.clone(),
        destination: anywhere.is_none().then(|| main.name()),
        rows: listed,
        hosts: Vec::new(),
        agent: main.facts.agent.clone(),
        unclear: match &main.facts.config {
            Fact::Unknown(why) => Some(why.clone()),
            Fact::Known(_) | Fact::Absent => None,
        },
        notes: notes(&main.facts),
        logins: plan.login,
        published: None,
    };
    let host = &main.named.typed.host;
    survey.published = thread::scope(|scope| {
        let published = beside(scope, || plan.published.as_ref()?.look_up(host, &main.facts.config, plan.timeout));
        ask(plan, &offers, &mut survey, tell);
        published.join().flatten()
    });
    if let (Some(wanted), None) = (&plan.published, &survey.published) {
        survey.notes.push(wanted.unlisted());
    }
    Ok(survey)
}

/// What the list does not hold.
fn notes(facts: &HostFacts) -> Vec<String> {
    let library = facts.option("pkcs11provider").filter(|library| *library != "none");
    let token = |library| format!("The keys of the token behind {library} come as well; they are not looked at.");
    library.map(token).into_iter().collect()
}

fn nothing() -> Survey {
    Survey {
        typed: Vec::new(),
        destination: None,
        rows: Vec::new(),
        hosts: Vec::new(),
        agent: Fact::Absent,
        unclear: None,
        notes: Vec::new(),
        logins: false,
        published: None,
    }
}
