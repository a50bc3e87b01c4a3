//! The texts of what this machine has: configuration, key files, agents.

use super::texts::{Pass, Texts};
use crate::model::facts::{
    Access, Agent, AgentKey, AllKeys, Certificate, ConfigLine, Facts, Form, GitSsh, HostFacts, KeyFile, Plain, Problem,
    PublicKey, Published,
};

impl Texts for Form {
    fn each(&mut self, _: Pass<'_>) {}
}

impl Texts for Facts {
    fn each(&mut self, pass: Pass<'_>) {
        let Self {
            hosts,
            shell_agent,
            vaults,
            other_files,
            local_user,
            home,
            other_home,
            chosen,
            all_keys,
            wanted_login,
            job: _,
            guessed: _,
        } = self;
        hosts.each(pass);
        shell_agent.each(pass);
        for vault in vaults {
            vault.agent.each(pass);
        }
        other_files.each(pass);
        local_user.each(pass);
        home.each(pass);
        other_home.each(pass);
        chosen.each(pass);
        all_keys.each(pass);
        wanted_login.each(pass);
    }
}

impl Texts for HostFacts {
    fn each(&mut self, pass: Pass<'_>) {
        let Self { config, files, agent, user_line, git, published, open_master } = self;
        if let Some(ConfigLine { file, line: _, text, own_block: _ }) = user_line {
            file.each(pass);
            text.each(pass);
        }
        config.each(pass);
        files.each(pass);
        agent.each(pass);
        git.each(pass);
        published.each(pass);
        open_master.each(pass);
    }
}

impl Texts for Published {
    fn each(&mut self, pass: Pass<'_>) {
        let Self { host, login, keys, registered } = self;
        host.each(pass);
        login.each(pass);
        keys.each(pass);
        for one in registered {
            one.key.each(pass);
        }
    }
}

impl Texts for GitSsh {
    fn each(&mut self, pass: Pass<'_>) {
        let Self { runs, by, unlike, differs, plain } = self;
        runs.each(pass);
        by.each(pass);
        unlike.each(pass);
        differs.each(pass);
        plain.each(pass);
    }
}

impl Texts for Plain {
    fn each(&mut self, pass: Pass<'_>) {
        let Self { outcome: _, key, opened: _ } = self;
        key.each(pass);
    }
}

impl Texts for KeyFile {
    fn each(&mut self, pass: Pass<'_>) {
        let Self { path, form, encrypted, offered, own, certificate, mode, owned, problems, public_beside: _ } = self;
        path.each(pass);
        form.each(pass);
        encrypted.each(pass);
        offered.each(pass);
        own.each(pass);
        certificate.each(pass);
        mode.each(pass);
        owned.each(pass);
        problems.each(pass);
    }
}

impl Texts for PublicKey {
    fn each(&mut self, pass: Pass<'_>) {
        let Self { kind, bits: _, fingerprint, comment, blob: _ } = self;
        kind.each(pass);
        fingerprint.each(pass);
        comment.each(pass);
    }
}

impl Texts for Certificate {
    fn each(&mut self, pass: Pass<'_>) {
        let Self { key, valid_after: _, valid_before: _, principals, ca, for_users: _, in_date: _ } = self;
        key.each(pass);
        principals.each(pass);
        ca.each(pass);
    }
}

impl Texts for Problem {
    fn each(&mut self, pass: Pass<'_>) {
        match self {
            Self::Unreadable(why) | Self::Invalid(why) | Self::Certificate(why) => why.each(pass),
            Self::Missing | Self::TooOpen(_) | Self::PublicMismatch | Self::TooShort(_) => {}
        }
    }
}

impl Texts for Agent {
    fn each(&mut self, pass: Pass<'_>) {
        let Self { socket, keys } = self;
        socket.each(pass);
        keys.each(pass);
    }
}

impl Texts for AgentKey {
    fn each(&mut self, pass: Pass<'_>) {
        let Self { key } = self;
        key.each(pass);
    }
}

impl Texts for AllKeys {
    fn each(&mut self, pass: Pass<'_>) {
        let Self { destination, asked: _, unanswered: _, accepted, accepts_any: _, access } = self;
        destination.each(pass);
        accepted.each(pass);
        access.each(pass);
    }
}

impl Texts for Access {
    fn each(&mut self, pass: Pass<'_>) {
        let Self { key, alone: _, login, opens: _, reads: _, writes: _, words } = self;
        key.each(pass);
        login.each(pass);
        words.each(pass);
    }
}
