//! What a rule is.

use super::scene::Scene;
use crate::model::facts::Problem;
use crate::model::{Capability, Cause, Finding, Standing};

/// Where in a session's course a cause stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Before the client connects to anything.
    Client,
    /// Before the host key: name, address, port, line, algorithms.
    Connection,
    /// The server's key.
    HostKey,
    /// The agent, authenticators and tokens.
    Agent,
    /// Key files.
    Identities,
    /// What the server made of the keys.
    Offers,
    /// The server's rules.
    Authentication,
    /// After the login, or after all else.
    After,
}

/// One cause.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Stable id, kebab-case; also the name of its page.
    pub id: Cause,
    /// Where it stands.
    pub stage: Stage,
    /// Its page, as `ssh-why explain` prints it. Only the program has them: they are a tenth of what a browser would load.
    #[cfg(feature = "cli")]
    pub page: &'static str,
    /// What it says of a session.
    pub standing: Standing,
    /// As a warning beside a login it is the verdict: it says more than that the login worked.
    pub leads: bool,
    /// It is about whose key it is, and so comes first where an account was named.
    pub account: bool,
    /// What a key leads to that comes late in ssh's list.
    pub late_key: bool,
    /// It says how the attempt ended. Of a log that does not show the end it is likely at most.
    pub of_the_end: bool,
    /// It says what did not happen. Of a log that begins later than that would have, it is likely at most.
    pub of_the_beginning: bool,
    /// Causes that need no saying of their own once this one is found.
    pub explains: &'static [Cause],
    /// The check. `None`: only a server's log or two machines' can show it.
    pub check: Option<fn(&Scene<'_>) -> Option<Finding>>,
    /// Reasons of a server's log that are cases of it.
    pub reasons: &'static [&'static str],
    /// Every reason that is no other cause's is a case of it.
    pub other_reasons: bool,
    /// The check of a connection of a server's log that shows no reason.
    pub served: Option<fn(&Scene<'_>) -> Option<Finding>>,
    /// Whether a key file's problem leads to it.
    pub problem: Option<fn(&Problem) -> bool>,
    /// What of another client's abilities bears on it: told beside it, so that the reader sees why ssh works and this
    /// client does not.
    pub capabilities: &'static [Capability],
    /// What mends it is done once, and then the same command works: its first steps come before a suggested command
    /// (`Finding::once`).
    pub once: bool,
    /// It is about the way to the host: where a jump host's own log shows what is wrong there, that is the matter.
    pub of_the_way: bool,
    /// No log can show it: the check needs facts of the local machine.
    pub local: bool,
}

impl Rule {
    /// A failure that nothing follows from and no check finds; a rule's file says what differs.
    pub(super) const fn of(id: Cause, stage: Stage, page: &'static str) -> Self {
        #[cfg(not(feature = "cli"))]
        let _ = page;
        Self {
            id,
            stage,
            #[cfg(feature = "cli")]
            page,
            standing: Standing::Failure,
            leads: false,
            account: false,
            late_key: false,
            of_the_end: false,
            of_the_beginning: false,
            explains: &[],
            check: None,
            reasons: &[],
            other_reasons: false,
            served: None,
            problem: None,
            capabilities: &[],
            once: false,
            of_the_way: false,
            local: false,
        }
    }

    /// The page's one sentence on what the cause means.
    #[cfg(feature = "cli")]
    pub fn summary(&self) -> &'static str {
        self.page.lines().skip(1).find(|line| !line.trim().is_empty()).unwrap_or_default()
    }
}
