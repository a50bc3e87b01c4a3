//! Agents that are not there, do not answer, or are not the one that is meant.

use crate::check::scene::git_host;
use crate::kit::{Agent, Sshd, Stage};

/// A git host that takes an agent's key, and no key file anywhere.
fn with_agent(
    stage: &Stage,
    agent: impl FnOnce(&Stage, &crate::kit::Key) -> Option<Agent>,
) -> crate::check::scene::Act {
    let key = stage.key_elsewhere("id_ed25519");
    let server = Sshd::gitlab().accepts(&key).start(stage);
    if let Some(agent) = agent(stage, &key) {
        stage.variable("SSH_AUTH_SOCK", &agent);
    }
    git_host(stage, &server, "").limit(4)
}

scenes! {
    agent_has_the_key: "authenticated", Any, |stage| {
        with_agent(stage, |stage, key| Some(Agent::with(stage, &[key]))).login("octocat")
    }

    agent_unset: "no-identity", None, |stage| {
        with_agent(stage, |_, _| None)
    }

    agent_empty: "no-identity", None, |stage| {
        with_agent(stage, |stage, _| Some(Agent::empty(stage)))
    }

    /// A locked agent and an empty one give the same answer.
    agent_locked: "no-identity" | "agent-refused", None, |stage| {
        with_agent(stage, |stage, key| Some(Agent::locked(stage, &[key])))
    }

    agent_dead: "agent-unreachable", None, |stage| {
        with_agent(stage, |stage, _| Some(Agent::dead(stage)))
    }

    agent_hangs: "agent-unreachable", None, |stage| {
        with_agent(stage, |stage, _| Some(Agent::hanging(stage)))
    }

    agent_refuses: "agent-refused", None, |stage| {
        with_agent(stage, |stage, key| Some(Agent::refusing(stage, &[key])))
    }

    /// A dead socket hinders nothing where a key file is taken.
    agent_dead_beside_a_good_file: "authenticated", Any, |stage| {
        let key = stage.home.key("id_ed25519");
        let server = Sshd::gitlab().accepts(&key).start(stage);
        stage.variable("SSH_AUTH_SOCK", Agent::dead(stage));
        git_host(stage, &server, "")
    }

    /// ssh asks the configuration's agent; ssh-add lists the other.
    agent_of_the_config_is_another: "agent-other", Any, |stage| {
        let key = stage.key_elsewhere("id_ed25519");
        let server = Sshd::gitlab().accepts(&key).start(stage);
        stage.variable("SSH_AUTH_SOCK", Agent::with(stage, &[&key]));
        let asked = Agent::empty(stage);
        git_host(stage, &server, &format!("IdentityAgent {}", asked.path()))
    }

    agent_of_the_config_has_other_keys: "agent-other" | "key-rejected", Any, |stage| {
        let (key, other) = (stage.key_elsewhere("id_ed25519"), stage.key_elsewhere("other"));
        let server = Sshd::gitlab().accepts(&key).start(stage);
        stage.variable("SSH_AUTH_SOCK", Agent::with(stage, &[&key]));
        let asked = Agent::with(stage, &[&other]);
        git_host(stage, &server, &format!("IdentityAgent {}", asked.path())).finds("agent-other")
    }

    agent_keys_kept_back: "identities-only", Works, |stage| {
        let key = stage.key_elsewhere("id_ed25519");
        let server = Sshd::gitlab().accepts(&key).start(stage);
        stage.variable("SSH_AUTH_SOCK", Agent::with(stage, &[&key]));
        git_host(stage, &server, "IdentitiesOnly yes")
    }
}
