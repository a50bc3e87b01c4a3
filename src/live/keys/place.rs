//! A destination as ssh sees it.

use std::time::Duration;

use super::plan::{Named, Plan};
use crate::live::destination::usual_user;
use crate::live::process::Failure;
use crate::live::{config, gather};
use crate::model::HostFacts;
use crate::model::session::Typed;

/// How long local facts may take.
pub(super) const FACTS: Duration = Duration::from_secs(5);

/// What is asked where no destination is named: what applies to any host.
const ANY_HOST: &str = "any-host.invalid";

/// A destination as ssh sees it.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) named: Named,
    pub(super) args: Vec<String>,
    pub(super) facts: HostFacts,
}

impl Place {
    /// User, host and port.
    pub(super) fn name(&self) -> String {
        let value = |name| self.facts.option(name);
        let host = value("hostname").unwrap_or(&self.named.typed.host);
        let host = if host.contains(':') { format!("[{host}]") } else { host.to_owned() };
        let user = value("user").map(|user| format!("{user}@")).unwrap_or_default();
        format!("{user}{host}:{}", value("port").unwrap_or("22"))
    }
}

pub(super) fn any_host() -> Named {
    Named { typed: Typed { host: ANY_HOST.into(), ..Typed::default() }, ..Named::default() }
}

/// The words of ssh's command for a destination.
fn words(plan: &Plan, named: &Named) -> Vec<String> {
    let typed = &named.typed;
    let mut args = plan.common.clone();
    args.extend(named.options.iter().cloned());
    let mut push = |letter: &str, value: &str| args.extend([letter.to_owned(), value.to_owned()]);
    if let Some(port) = typed.port {
        push("-p", &port.to_string());
    }
    match (&typed.user, usual_user(&typed.host, false)) {
        (Some(user), _) => push("-l", user),
        // Git's addresses name the user, and a bare host name does not.
        (None, Some(user)) if config::user(&plan.ssh, &plan.common, &typed.host, FACTS).is_none() => push("-l", user),
        (None, _) => {}
    }
    args.extend(["--".to_owned(), typed.host.clone()]);
    args
}

pub(super) fn place(plan: &Plan, named: &Named) -> Result<Place, Failure> {
    let args = words(plan, named);
    let facts = gather::host_facts(&plan.ssh, &args, &plan.seen, plan.timeout.min(FACTS))?;
    Ok(Place { named: named.clone(), args, facts })
}
