//! A way to every text of a diagnosis and of a key survey, for a pass over them before any form is written.
//!
//! Structures are taken apart field by field, so that a new field does not compile until it has been thought of. Left
//! out are a session's statements, which no form shows; what they say stands in the session's other fields.

use crate::diagnose::Diagnosis;
use crate::model::case::{Case, Comparison};
use crate::model::command::{Front, Repository};
use crate::model::event::At;
use crate::model::facts::{
    Access, Agent, AgentKey, AllKeys, Certificate, ConfigLine, Fact, Facts, Form, GitSsh, HostFacts, KeyFile, Plain,
    Problem, PublicKey, Published,
};
use crate::model::finding::{Evidence, Finding, Suggestion, Verdict};
use crate::model::key::Key;
use crate::model::offer::{self, Offer};
use crate::model::server::{Refusals, Served, ServerLog};
use crate::model::session::{Accepted, Identity, Session, Transcript, Typed};
use crate::model::told::Peer;
use crate::order;
use crate::survey::{self, Host, Login, Row, Survey};

/// What is done to each text.
type Pass<'a> = &'a mut dyn FnMut(&mut String);

impl Diagnosis {
    /// Hands every text that a report may show to `pass`, which may change it.
    pub fn each_text(&mut self, pass: &mut dyn FnMut(&mut String)) {
        let Self { case, findings, verdict, suggestion, no_suggestion } = self;
        case.each(pass);
        findings.each(pass);
        verdict.each(pass);
        suggestion.each(pass);
        no_suggestion.each(pass);
    }
}

impl Diagnosis {
    /// Hands every port that a report may show to `pass`, which may change it.
    pub fn each_port(&mut self, pass: &mut dyn FnMut(&mut u16)) {
        for session in self.case.transcripts.iter_mut().flat_map(|log| &mut log.sessions) {
            let typed = session.typed.as_mut().and_then(|typed| typed.port.as_mut());
            session.port.iter_mut().chain(typed).for_each(&mut *pass);
        }
    }
}

impl Survey {
    /// Hands every text that a report may show to `pass`, which may change it.
    pub fn each_text(&mut self, pass: &mut dyn FnMut(&mut String)) {
        let Self { typed, destination, rows, hosts, agent, unclear, notes, logins: _, published } = self;
        typed.each(pass);
        destination.each(pass);
        rows.each(pass);
        hosts.each(pass);
        agent.each(pass);
        unclear.each(pass);
        notes.each(pass);
        published.each(pass);
    }
}

trait Texts {
    fn each(&mut self, pass: Pass<'_>);
}

impl Texts for String {
    fn each(&mut self, pass: Pass<'_>) {
        pass(self);
    }
}

impl<T: Texts> Texts for Option<T> {
    fn each(&mut self, pass: Pass<'_>) {
        if let Some(inner) = self {
            inner.each(pass);
        }
    }
}

impl<T: Texts> Texts for Vec<T> {
    fn each(&mut self, pass: Pass<'_>) {
        for inner in self {
            inner.each(pass);
        }
    }
}

impl<A: Texts, B: Texts> Texts for (A, B) {
    fn each(&mut self, pass: Pass<'_>) {
        self.0.each(pass);
        self.1.each(pass);
    }
}

impl<T: Texts> Texts for Fact<T> {
    fn each(&mut self, pass: Pass<'_>) {
        match self {
            Self::Known(inner) => inner.each(pass),
            Self::Absent => {}
            Self::Unknown(why) => why.each(pass),
        }
    }
}

impl Texts for bool {
    fn each(&mut self, _: Pass<'_>) {}
}

impl Texts for u32 {
    fn each(&mut self, _: Pass<'_>) {}
}

impl Texts for Form {
    fn each(&mut self, _: Pass<'_>) {}
}

impl Texts for Case {
    fn each(&mut self, pass: Pass<'_>) {
        let Self { transcripts, joins: _, apart: _, comparisons, facts } = self;
        transcripts.each(pass);
        comparisons.each(pass);
        facts.each(pass);
    }
}

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
        } = self;
        server.each(pass);
        source.each(pass);
        client.each(pass);
        sessions.each(pass);
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

impl Texts for Comparison {
    fn each(&mut self, pass: Pass<'_>) {
        let Self { vcs: _, ci: _, key, fate: _, proven: _ } = self;
        key.each(pass);
    }
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
        let Self { config, files, agent, user_line, git, published } = self;
        if let Some(ConfigLine { file, line: _, text, own_block: _ }) = user_line {
            file.each(pass);
            text.each(pass);
        }
        config.each(pass);
        files.each(pass);
        agent.each(pass);
        git.each(pass);
        published.each(pass);
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

impl Texts for Finding {
    fn each(&mut self, pass: Pass<'_>) {
        let Self {
            cause: _,
            reason: _,
            severity: _,
            certainty: _,
            title,
            explanation,
            evidence,
            fixes,
            session: _,
            standing: _,
            second: _,
        } = self;
        title.each(pass);
        explanation.each(pass);
        evidence.each(pass);
        for fix in fixes {
            fix.each_text(pass);
        }
    }
}

impl Texts for Evidence {
    fn each(&mut self, pass: Pass<'_>) {
        let Self { source, line: _, text } = self;
        source.each(pass);
        text.each(pass);
    }
}

impl Texts for Verdict {
    fn each(&mut self, pass: Pass<'_>) {
        let Self { cause: _, certainty: _, summary, standing: _ } = self;
        summary.each(pass);
    }
}

impl Texts for Suggestion {
    fn each(&mut self, pass: Pass<'_>) {
        let Self { command, argv, verified: _, before } = self;
        command.each(pass);
        argv.each(pass);
        for fix in before {
            fix.each_text(pass);
        }
    }
}

impl Texts for Row {
    fn each(&mut self, pass: Pass<'_>) {
        let Self { identity, file, certificate, problems, offers } = self;
        identity.each(pass);
        file.each(pass);
        certificate.each(pass);
        problems.each(pass);
        offers.each(pass);
    }
}

impl Texts for order::Identity {
    fn each(&mut self, pass: Pass<'_>) {
        let Self { path, label, key, in_agent: _, origin: _, file: _, step: _, order: _, left_out } = self;
        path.each(pass);
        label.each(pass);
        key.each(pass);
        left_out.each(pass);
    }
}

impl Texts for survey::Offer {
    fn each(&mut self, pass: Pass<'_>) {
        let Self { reply, login } = self;
        match reply {
            survey::Reply::Accepted(text) | survey::Reply::Unknown(text) => text.each(pass),
            survey::Reply::Refused => {}
        }
        match login {
            Some(Login::As(text) | Login::Failed(text)) => text.each(pass),
            Some(Login::Unnamed) | None => {}
        }
    }
}

impl Texts for Host {
    fn each(&mut self, pass: Pass<'_>) {
        let Self { typed, destination, host_key, trust: _, software, accepts_any: _, most_failures: _, offered: _ } =
            self;
        typed.each(pass);
        destination.each(pass);
        host_key.each(pass);
        software.each(pass);
    }
}
