//! What to ask next, where the logs can't tell: the log that would, made by the program that failed.

use super::outline::{Block, Code, Style};
use crate::diagnose::Diagnosis;
use crate::dialect;
use crate::model::{Author, Capability, Certainty, Change, Role, Session, Standing};
use crate::shell::{Shell, join};
use crate::suggest;

/// Steps for whoever asks somebody else. None where the verdict is certain, or where its own steps ask already.
pub(super) fn of(diagnosis: &Diagnosis, shell: Shell) -> Vec<Block> {
    let fixes = diagnosis.main().map(|finding| finding.fixes.as_slice()).unwrap_or_default();
    // Of what is not known, the first thing to do is to ask.
    let asked = diagnosis.verdict.standing == Standing::Open && fixes.iter().any(|fix| fix.command().is_some());
    if asked || diagnosis.verdict.certainty == Certainty::Certain && diagnosis.verdict.standing != Standing::Open {
        return Vec::new();
    }
    let entry =
        diagnosis.main().and_then(|finding| diagnosis.session(finding)).or_else(|| diagnosis.case.sessions().next());
    let Some(session) = entry.map(|entry| entry.session) else { return Vec::new() };
    let step = if session.served.is_some() {
        of_server(diagnosis)
    } else if session.author == Author::OPENSSH {
        of_ssh(diagnosis, session, shell)
    } else {
        of_client(session)
            .filter(|(_, says)| !fixes.iter().any(|fix| fix.title.contains(says)))
            .map(|(text, _)| (text, None))
    };
    let block = step.map(|(text, command)| Block::Step {
        style: Style::Plain,
        text,
        code: command.map(|text| Code { shell: Some(shell), text }),
        more: Vec::new(),
    });
    block.into_iter().collect()
}

/// A step, and the command that goes with it.
type Ask = (String, Option<String>);

/// The other side of the same login.
fn of_server(diagnosis: &Diagnosis) -> Option<Ask> {
    let has_client = diagnosis.case.sessions().any(|entry| entry.session.served.is_none());
    (!has_client).then(|| ("the client's log of the same login, made with ssh -v".to_owned(), None))
}

/// All that ssh says, or what it says at a host that takes the key.
fn of_ssh(diagnosis: &Diagnosis, session: &Session, shell: Shell) -> Option<Ask> {
    if !(session.verbose() && session.complete) {
        let command = suggest::command(session, &Change::default()).ok().and_then(|mut argv| {
            argv.insert(1, "-v".to_owned());
            join(&argv, shell).ok()
        });
        let end = if command.is_some() { ":" } else { ", with -v added to the command as it was typed" };
        return Some((format!("the whole output of this, from its first line to its last{end}"), command));
    }
    let alone = diagnosis.case.with_role(Role::Vcs).next().is_none();
    (alone && session.reached_authentication())
        .then(|| ("the log of a host that takes the key, such as the git host, made with ssh -vT".to_owned(), None))
}

/// All that another client says when it is asked to say more, and how it is asked.
fn of_client(session: &Session) -> Option<(String, &'static str)> {
    let says = dialect::client(session.author)?.answer(Capability::LoggingMore)?.says;
    Some((format!("the whole output, from its first line to its last; {} {says}", session.author.name), says))
}
