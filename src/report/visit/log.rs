//! The texts of a log and of its sessions.

use super::texts::{Pass, Texts};
use crate::model::command::{Front, Repository};
use crate::model::event::At;
use crate::model::excerpt::{Excerpt, Line};
use crate::model::key::Key;
use crate::model::offer::{self, Offer};
use crate::model::server::{Refusals, Served, ServerLog};
use crate::model::session::{Accepted, Identity, Session, Transcript, Typed};
use crate::model::told::Peer;

impl Texts for Transcript {
    fn each(&mut self, pass: Pass<'_>) {
        let Self {
            source,
            role: _,
            author: _,
            client,
            complete: _,
            lines: _,
            unread: _,
            passed: _,
            foreign: _,
            mangled: _,
            invalid: _,
            sessions,
            server,
            heard: _,
            excerpt,
        } = self;
        excerpt.each(pass);
        server.each(pass);
        source.each(pass);
        client.each(pass);
        sessions.each(pass);
    }
}

impl Texts for Excerpt {
    fn each(&mut self, pass: Pass<'_>) {
        let Self { total: _, lines } = self;
        for Line { number: _, text, cut: _, marked: _ } in lines {
            text.each(pass);
        }
    }
}

impl Texts for Session {
    fn each(&mut self, pass: Pass<'_>) {
        let Self {
            called,
            typed,
            alias,
            author: _,
            client,
            host,
            address,
            port: _,
            user,
            server_software,
            identities,
            offered,
            unopened,
            accepted,
            outcome: _,
            end,
            method,
            methods_left,
            methods_first,
            login,
            role: _,
            jump_host: _,
            events: _,
            unread: _,
            complete: _,
            refusals: _,
            written: _,
            served,
        } = self;
        served.each(pass);
        for text in [called, alias, client, host, address, user, server_software, method, login] {
            text.each(pass);
        }
        typed.each(pass);
        identities.each(pass);
        offered.each(pass);
        unopened.each(pass);
        accepted.each(pass);
        end.each(pass);
        methods_left.each(pass);
        methods_first.each(pass);
    }
}

impl Texts for Served {
    fn each(&mut self, pass: Pass<'_>) {
        let Self { on, client, mixed: _ } = self;
        on.each(pass);
        client.each(pass);
    }
}

impl Texts for Peer {
    fn each(&mut self, pass: Pass<'_>) {
        let Self { address, port: _ } = self;
        address.each(pass);
    }
}

impl Texts for ServerLog {
    fn each(&mut self, pass: Pass<'_>) {
        let Self { notes: _, host_keys, software, connections: _, logins: _, folded: _, refusals, unlisted: _ } = self;
        host_keys.each(pass);
        software.each(pass);
        refusals.each(pass);
    }
}

impl Texts for Refusals {
    fn each(&mut self, pass: Pass<'_>) {
        let Self { user, reason: _, words: _, count: _, addresses: _, more: _, from, last: _, line: _ } = self;
        user.each(pass);
        from.each(pass);
    }
}

impl Texts for Typed {
    fn each(&mut self, pass: Pass<'_>) {
        let Self { program, options, user, host, port: _, command, local_user, sudo: _, own: _, front } = self;
        program.each(pass);
        for (_, value) in options {
            value.each(pass);
        }
        user.each(pass);
        host.each(pass);
        command.each(pass);
        local_user.each(pass);
        front.each(pass);
    }
}

impl Texts for Front {
    fn each(&mut self, pass: Pass<'_>) {
        let Self { before, rest, by_environment: _, handed, repository } = self;
        before.each(pass);
        rest.each(pass);
        for (_, value) in handed {
            value.each(pass);
        }
        repository.each(pass);
    }
}

impl Texts for Repository {
    fn each(&mut self, pass: Pass<'_>) {
        let Self { path, write: _, remote, push_address: _, work_tree, clone: _ } = self;
        path.each(pass);
        remote.each(pass);
        work_tree.each(pass);
    }
}

impl Texts for Identity {
    fn each(&mut self, pass: Pass<'_>) {
        let Self { path, state: _, reason, named: _, at } = self;
        path.each(pass);
        reason.each(pass);
        at.each(pass);
    }
}

impl Texts for Offer {
    fn each(&mut self, pass: Pass<'_>) {
        let Self { key, token: _, at, steps } = self;
        key.each(pass);
        at.each(pass);
        for (step, at) in steps {
            if let offer::Step::SigningFailed(why) = step {
                why.each(pass);
            }
            at.each(pass);
        }
    }
}

impl Texts for Accepted {
    fn each(&mut self, pass: Pass<'_>) {
        let Self { key, at } = self;
        key.each(pass);
        at.each(pass);
    }
}

impl Texts for At {
    fn each(&mut self, pass: Pass<'_>) {
        let Self { line: _, text } = self;
        text.each(pass);
    }
}

impl Texts for Key {
    fn each(&mut self, pass: Pass<'_>) {
        let Self { path, label, kind, fingerprint, agent: _ } = self;
        for text in [path, label, kind, fingerprint] {
            text.each(pass);
        }
    }
}
