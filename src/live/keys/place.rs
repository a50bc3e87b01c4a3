//! A destination as ssh sees it.

use std::time::Duration;

use super::plan::{Named, Plan};
use crate::live::destination::{Destination, Purpose};
use crate::live::gather;
use crate::live::process::Failure;
use crate::model::session::Typed;
use crate::model::{HostFacts, Role};

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
    let options: Vec<String> = plan.common.iter().chain(&named.options).cloned().collect();
    let mut destination = Destination::new(Role::Other, named.typed.clone(), &options);
    // Git's addresses name the user, and a bare host name does not.
    destination.complete(&plan.ssh, false, FACTS);
    destination.words(Purpose::Ask)
}

pub(super) fn place(plan: &Plan, named: &Named) -> Result<Place, Failure> {
    let args = words(plan, named);
    let facts = gather::host_facts(&plan.ssh, &args, &plan.seen, plan.timeout.min(FACTS))?;
    Ok(Place { named: named.clone(), args, facts })
}
