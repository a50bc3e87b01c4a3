//! Words that several forms share.

use std::fmt::Write;

use crate::model::{Author, Evidence, Fate, Outcome, Reply, Session};
use crate::text::unprintable;

/// Text without a character that a terminal acts on. The reader drops them already; names of files come here.
pub(super) fn clean(text: &str) -> String {
    text.chars().map(|c| if unprintable(c) { '\u{fffd}' } else { c }).collect()
}

/// Running text in parts: words, and what stands between two backticks, which is to be read letter for letter.
pub(super) fn parts(text: &str) -> Vec<(bool, &str)> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((words, behind)) = rest.split_once('`') {
        let Some((code, after)) = behind.split_once('`').filter(|(code, _)| !code.trim().is_empty()) else { break };
        parts.push((false, words));
        parts.push((true, code));
        rest = after;
    }
    parts.push((false, rest));
    parts.retain(|(_, part)| !part.is_empty());
    parts
}

/// Where a quote stands: `ci.log:40`, or the fact's own place.
pub(super) fn place(evidence: &Evidence) -> String {
    match evidence.line {
        0 => evidence.source.clone(),
        line => format!("{}:{line}", evidence.source),
    }
}

/// What became of a key at the other host, for `it …`.
pub(super) fn fate(fate: Fate) -> &'static str {
    match fate {
        Fate::Accepted => "was offered and accepted",
        Fate::Refused => "was offered and refused",
        Fate::Unanswered => "was offered; the log shows no answer",
        Fate::Withheld => "was offered in word only: ssh found no signature algorithm and sent nothing",
        Fate::Skipped => "was left out by ssh itself",
        Fate::NotReached => "was planned but not reached",
        Fate::NoAuthentication => "was not offered, since the connection ended before",
        Fate::NeverOffered => "was never offered",
        Fate::Unknown => "may or may not have been offered; the log does not tell",
    }
}

/// What a program is called in a picture.
pub(super) fn program(session: &Session) -> &'static str {
    if session.author == Author::OPENSSH { "ssh" } else { session.author.id }
}

/// Where a connection of a server's log comes from.
pub(super) fn client(session: &Session) -> String {
    let port = session.port.map(|port| format!(" port {port}")).unwrap_or_default();
    format!("{}{port}", session.address.as_deref().unwrap_or("a client"))
}

/// The server whose log it is, and whom it was asked for.
pub(super) fn server(session: &Session) -> String {
    let user = session.user.as_deref().map(|user| format!("{user} at ")).unwrap_or_default();
    format!("{user}{}", session.author.id)
}

/// Whom a session went to: user, host, and a port that is not ssh's own. In a server's log: who came, and from where.
pub(super) fn destination(session: &Session) -> String {
    if session.served.is_some() {
        let user = session.user.as_deref().map(|user| format!("{user} ")).unwrap_or_default();
        return format!("{user}from {}", client(session));
    }
    let user = session.user.as_deref().map(|user| format!("{user}@")).unwrap_or_default();
    let port = session.port.filter(|port| *port != 22).map(|port| format!(" port {port}")).unwrap_or_default();
    format!("{user}{}{port}", session.peer())
}

/// One session in a line.
pub(super) fn summary(session: &Session) -> String {
    let mut text = format!("{}: {}", destination(session), outcome(session));
    let offered = session.offered.len();
    if let Some(accepted) = &session.accepted {
        let _ = write!(text, "; the server accepts {}", accepted.key.name());
        if let Some(kind) = &accepted.key.kind {
            let _ = write!(text, " ({kind})");
        }
    }
    let refused = session.offered.iter().filter(|offer| offer.reply() == Reply::Refused).count();
    if offered > 0 && session.accepted.is_none() {
        let _ = write!(text, "; {offered} key{} offered, {refused} refused", if offered == 1 { "" } else { "s" });
    } else if offered == 0 && session.reached_authentication() && session.verbose() {
        text.push_str("; no key offered");
    }
    text
}

/// How a session ended.
pub(super) fn outcome(session: &Session) -> String {
    match session.outcome {
        Outcome::Authenticated => {
            session.login.as_ref().map_or_else(|| "logged in".to_owned(), |login| format!("logged in as {login}"))
        }
        Outcome::Partial => "one factor accepted, another wanted".into(),
        Outcome::Denied => "denied".into(),
        Outcome::Disconnected => "cut off during authentication".into(),
        Outcome::HostKey => "host key not trusted".into(),
        Outcome::Kex => "no common algorithm".into(),
        Outcome::Network => "no connection".into(),
        Outcome::ClientError if session.author != Author::OPENSSH => "the program stopped by itself".into(),
        Outcome::ClientError => "ssh stopped by itself".into(),
        Outcome::Unknown => "the log does not show the end".into(),
    }
}
