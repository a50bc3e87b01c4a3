//! Which commands fit the system that a server runs on.

use super::reason::told;
use crate::model::fix::{Piece, Script};
use crate::model::path::is_of_windows;
use crate::model::{Action, Fix, Session};

/// Servers that run where there is a Bourne shell, and the accounts are the system's own.
const OF_UNIX: &[&str] = &["sshd", "dropbear-server", "tinysshd"];

/// The fixes of a server's reason, of which a command that its system may not have is a title alone.
pub(crate) fn fitting(session: &Session, fixes: Vec<Fix>) -> Vec<Fix> {
    let server = session.author.id;
    let has_shell = OF_UNIX.contains(&server) && !is_on_windows(session);
    let fits = |script: &Script| has_shell && (server == "sshd" || !asks_sshd(script));
    let fitted = |fix: Fix| match &fix.action {
        Action::Script(script) if !fits(script) => Fix::step(fix.title).on_server(),
        _ => fix,
    };
    fixes.into_iter().map(fitted).collect()
}

/// Whether a server's log names files, or users, as Windows does.
fn is_on_windows(session: &Session) -> bool {
    let user = session.user.as_deref().unwrap_or_default();
    user.contains('\\') || told(session).any(|(told, _)| told.path().is_some_and(is_of_windows))
}

/// Whether it asks OpenSSH's server for its settings.
fn asks_sshd(script: &Script) -> bool {
    matches!(script.pieces.first(), Some(Piece::Own(words)) if words.starts_with("sudo sshd"))
}
