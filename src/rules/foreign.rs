//! What a finding says where the client is another one than OpenSSH's.

use crate::dialect;
use crate::model::client::Does;
use crate::model::{Author, Capability, Finding, Fix, Outcome, Session, Standing};
use crate::rules::rule::Rule;

/// What a refusal may have turned on whose cause the log does not tell.
const REFUSED: &[Capability] = &[Capability::DefaultFiles, Capability::OpenSshFormat, Capability::NamingAKey];

/// Leaves out what only helps with ssh, and tells what this client can and cannot of what the cause turns on: the reason
/// why the same key works with ssh, and what to change in this program.
pub(crate) fn adapt(finding: &mut Finding, rule: &Rule, session: &Session) {
    let author = session.author;
    let Some(client) = dialect::client(author).filter(|_| author != Author::OPENSSH) else { return };
    finding.fixes.retain(|fix| !fix.openssh);
    let mut before = 0;
    // Of a file that it does not read at all, no more is to be said.
    let unread = client.answer(Capability::KnownHosts).is_some_and(|answer| answer.does == Does::No);
    let idle = |of: Capability| unread && matches!(of, Capability::HashedHosts | Capability::HostAuthority);
    let open = rule.standing == Standing::Open && session.outcome == Outcome::Denied;
    let more = if open { REFUSED } else { &[] };
    for answer in rule.capabilities.iter().chain(more).filter(|of| !idle(**of)).filter_map(|of| client.answer(*of)) {
        let says = format!("{} {}", author.name, answer.says);
        match answer.of {
            Capability::NamingAKey | Capability::LoggingMore => {
                finding.fixes.insert(before, Fix::step(says));
                before += 1;
            }
            // What it does as ssh does explains nothing.
            _ if answer.does == Does::Yes && answer.of != Capability::Order => {}
            _ => finding.explanation.push_str(&format!(" {says}.")),
        }
    }
}
