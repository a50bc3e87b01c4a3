//! The agent that holds a key which opens the git host, where ssh does not ask it for this host.

use crate::model::fix::config_word;
use crate::model::{Fact, HostFacts, Key, SessionRef};
use crate::rules::here;
use crate::rules::scene::Scene;

/// The option that has ssh ask the agent with which the key signed at `other`; none where the key is at hand without it.
/// The agent's name is the configuration's there or the environment's, and never a log's.
pub(in crate::rules) fn option(scene: &Scene<'_>, other: &SessionRef<'_>, key: &Key) -> Option<String> {
    let there = scene.case.facts.hosts.get(other.transcript)?.as_ref()?;
    let own = here::facts(scene)?;
    let agent = there.agent.known()?;
    let print = key.whole_fingerprint()?;
    let holds = |facts: &HostFacts| here::keys(&facts.agent).iter().any(|key| key.fingerprint == print);
    if !holds(there) || holds(own) || is_usable(there, key) {
        return None;
    }
    asks(scene, &agent.socket)
}

/// The option that has ssh ask an agent by its socket. The environment's is called by its variable, since its socket is
/// another one at each login.
pub(in crate::rules) fn asks(scene: &Scene<'_>, socket: &str) -> Option<String> {
    const BY_ENVIRONMENT: &str = "SSH_AUTH_SOCK";
    let shell = scene.case.facts.shell_agent.as_ref().and_then(Fact::known);
    let name = if shell.is_some_and(|shell| shell.socket == socket) {
        BY_ENVIRONMENT.to_owned()
    } else {
        config_word("IdentityAgent", socket).ok()?
    };
    Some(format!("IdentityAgent={name}"))
}

/// Whether ssh can sign with the key's file alone.
fn is_usable(there: &HostFacts, key: &Key) -> bool {
    let file = key.file().and_then(|path| there.files.iter().find(|file| file.path == path));
    file.is_some_and(|file| file.encrypted == Fact::Known(false) && file.problems.is_empty())
}
