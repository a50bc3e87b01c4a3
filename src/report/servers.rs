//! What servers' logs add to a report: who was refused and why, and which connection is a client's. Plain texts; an
//! outline makes blocks of them.

use crate::diagnose::Diagnosis;
use crate::model::server::Refusals;
use crate::model::{Certainty, Tie};
use crate::text::shown_stamp;

/// Rows of the table in a report; JSON has them all.
const ROWS: usize = 40;

/// The table of one log.
pub(super) struct Listing {
    /// What stands above it.
    pub(super) intro: String,
    /// Its rows: times, user, why, from, last seen. `false` where the log does not show why.
    pub(super) rows: Vec<(bool, [String; 5])>,
    /// What stands below it.
    pub(super) asides: Vec<String>,
}

/// A row a user and reason; of a log with one connection the verdict says it all.
pub(super) fn refusals(diagnosis: &Diagnosis) -> Vec<Listing> {
    let mut listings = Vec::new();
    for log in &diagnosis.case.transcripts {
        let Some(server) = &log.server else { continue };
        if server.connections < 2 || server.refusals.is_empty() {
            continue;
        }
        let mut asides = Vec::new();
        let hidden = server.refusals.len().saturating_sub(ROWS);
        if hidden > 0 {
            asides.push(format!("and {hidden} more rows; --format json shows them all, --user NAME one user's"));
        }
        if server.unlisted > 0 {
            asides.push(format!("and {} more refusals, of users that are not listed", server.unlisted));
        }
        let intro = format!(
            "{}: {} connections, {} of them logged in; refused:",
            log.source, server.connections, server.logins
        );
        listings.push(Listing { intro, rows: server.refusals.iter().take(ROWS).map(row).collect(), asides });
    }
    listings
}

fn row(refusals: &Refusals) -> (bool, [String; 5]) {
    let user = match refusals.user.as_deref() {
        None => "(none named)".to_owned(),
        Some("") => "(empty)".to_owned(),
        Some(user) => user.to_owned(),
    };
    let why = match refusals.reason {
        Some(reason) => reason.to_owned(),
        None => refusals.words.to_owned(),
    };
    let others = refusals.addresses.saturating_sub(1);
    let from = refusals.from.as_deref().unwrap_or("?");
    let from = match (others, refusals.more) {
        (0, false) => from.to_owned(),
        (others, false) => format!("{from}, {others} more"),
        (others, true) => format!("{from}, over {others} more"),
    };
    let last = refusals.last.as_ref().map_or_else(|| format!("line {}", refusals.line), shown_stamp);
    (refusals.reason.is_some(), [refusals.count.to_string(), user, why, from, last])
}

/// Which connection of a server's log is the client's own, by what, and how surely; or that none is, and why. `false`
/// where none is.
pub(super) fn joins(diagnosis: &Diagnosis) -> Vec<(bool, String)> {
    let case = &diagnosis.case;
    let name = |place: (usize, usize)| -> Option<String> {
        let entry = case.session(place)?;
        let address = entry.session.address.as_deref().unwrap_or("an address that the log does not name");
        let port = entry.session.port.map(|port| format!(" port {port}")).unwrap_or_default();
        let line = entry.session.events.first().map_or(0, |event| event.at.line);
        Some(format!("The connection from {address}{port} ({}, line {line})", entry.source))
    };
    let mut texts = Vec::new();
    for join in &case.joins {
        let Some(server) = name(join.server) else { continue };
        let by: Vec<&str> = join.by.iter().map(|tie| words(*tie)).collect();
        let by = if by.is_empty() { "there is no other".to_owned() } else { by.join(", ") };
        texts.push((
            true,
            match join.certainty {
                Certainty::Certain => format!("{server} is the client's own: {by}."),
                Certainty::Likely => format!("{server} is likely the client's own: {by}."),
                Certainty::Possible => format!("{server} may be the client's, and others fit as well: {by}."),
            },
        ));
    }
    for apart in &case.apart {
        let Some(log) = case.transcripts.get(apart.server) else { continue };
        texts.push((false, format!("No connection in {} is the client's: {}.", log.source, apart.why)));
    }
    texts
}

fn words(tie: Tie) -> &'static str {
    match tie {
        Tie::Port => "the client's port",
        Tie::Fingerprint => "the same key",
        Tie::User => "the same user",
        Tie::Software => "the same software",
        Tie::Address => "the same server's address",
        Tie::HostKey => "the same host key",
        Tie::Outcome => "the same end",
        Tie::Time => "the same time by their clocks",
    }
}
