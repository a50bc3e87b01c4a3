//! Agents that are not there, do not answer, or are not the one that is meant.

use crate::check::scene::{Act, block, check, git_host, github};
use crate::kit::{Agent, GoServer, Key, Sshd, Stage};

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

    /// A key file would do, and the agent holds ssh up before its turn.
    agent_hangs_before_a_good_file: "agent-unreachable", Works, |stage| {
        let key = stage.home.key("id_ed25519");
        let server = Sshd::gitlab().accepts(&key).start(stage);
        stage.variable("SSH_AUTH_SOCK", Agent::hanging(stage));
        git_host(stage, &server, "").limit(5).suggests("-o IdentityAgent=none")
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
    agent_of_the_config_is_another: "agent-other", Works, |stage| {
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

    /// Whoever wants no agent has no other one.
    no_agent_by_the_configuration: "no-identity", Works, |stage| {
        let key = stage.key_elsewhere("id_ed25519");
        let server = Sshd::gitlab().accepts(&key).start(stage);
        stage.variable("SSH_AUTH_SOCK", Agent::with(stage, &[&key]));
        git_host(stage, &server, "IdentityAgent none").finds_no("agent-other").suggests("-o IdentityAgent=SSH_AUTH_SOCK ")
    }

    /// The git host has an agent of its own, as password managers have one; its key has no file.
    agent_of_the_git_host_alone: "key-not-offered", Works, |stage| {
        let key = stage.key_elsewhere("id_ed25519");
        let agent = Agent::with(stage, &[&key]);
        at_ci(stage, &key, &format!("IdentityAgent {}", agent.path()), "").suggests(format!("-o IdentityAgent={} ", agent.path()))
    }

    /// Its socket has a blank in its name, and the key is chosen by its public half.
    agent_of_the_git_host_with_a_blank: "key-not-offered", Works, |stage| {
        let key = stage.home.key("id_vault");
        let agent = Agent::with(stage, &[&key]);
        std::fs::remove_file(key.path()).unwrap();
        let folder = stage.home.folder().join("Group Containers");
        std::fs::create_dir(&folder).unwrap();
        let socket = folder.join("agent.sock");
        std::os::unix::fs::symlink(&agent.socket, &socket).unwrap();
        let more = format!("IdentityAgent \"{}\"\nIdentityFile {}", socket.display(), key.path());
        at_ci(stage, &key, &more, "").suggests("/Group Containers/agent.sock\"' ")
    }

    /// The environment's agent is called by its variable.
    no_agent_for_the_ci_host: "key-not-offered", Works, |stage| {
        let key = stage.key_elsewhere("id_ed25519");
        stage.variable("SSH_AUTH_SOCK", Agent::with(stage, &[&key]));
        at_ci(stage, &key, "", "IdentityAgent none").suggests("-o IdentityAgent=SSH_AUTH_SOCK ").finds_no("agent-other")
    }

    /// The key's file is enough: no agent is named.
    agent_of_the_git_host_and_a_file: "key-not-offered", Works, |stage| {
        let key = stage.home.key("id_vault");
        let agent = Agent::with(stage, &[&key]);
        at_ci(stage, &key, &format!("IdentityAgent {}\nIdentityFile {}", agent.path(), key.path()), "").then(|report| {
            let command = report["suggestion"]["command"].as_str().unwrap();
            assert!(!command.contains("IdentityAgent"), "{command}");
        })
    }

    /// A password manager's agent, which nothing names.
    agent_of_a_password_manager: "agent-other", Works, |stage| {
        let key = stage.key_elsewhere("id_ed25519");
        let server = Sshd::gitlab().accepts(&key).start(stage);
        let agent = Agent::with(stage, &[&key]);
        let folder = stage.home.folder().join("Library/Group Containers/2BUA8C4S2C.com.1password/t");
        std::fs::create_dir_all(&folder).unwrap();
        std::os::unix::fs::symlink(&agent.socket, folder.join("agent.sock")).unwrap();
        git_host(stage, &server, "").suggests("1password/t/agent.sock\"' ")
    }

    /// It has no key that is wanted: nothing is said of it.
    agent_of_a_password_manager_beside_a_refused_key: "key-rejected", Any, |stage| {
        stage.home.key("id_ed25519");
        let server = Sshd::gitlab().start(stage);
        let agent = Agent::with(stage, &[&stage.key_elsewhere("other")]);
        std::fs::create_dir(stage.home.folder().join(".1password")).unwrap();
        std::os::unix::fs::symlink(&agent.socket, stage.home.folder().join(".1password/agent.sock")).unwrap();
        git_host(stage, &server, "").finds_no("agent-other")
    }

    agent_keys_kept_back: "identities-only", Works, |stage| {
        let key = stage.key_elsewhere("id_ed25519");
        let server = Sshd::gitlab().accepts(&key).start(stage);
        stage.variable("SSH_AUTH_SOCK", Agent::with(stage, &[&key]));
        git_host(stage, &server, "IdentitiesOnly yes")
    }
}

/// A git host and a CI host that take the same key, with lines of the configuration for each.
fn at_ci(stage: &Stage, key: &Key, git_host: &str, ci_host: &str) -> Act {
    let git = GoServer::github().accepts(key).start(stage);
    let ci = Sshd::ci().accepts(key).start(stage);
    github(&stage.home, &git, git_host);
    stage.home.config(&(block("github.com", &git, git_host) + &block("127.0.0.1", &ci, ci_host)));
    check(["--vcs", "github.com", "--ci", &ci.command()])
}
