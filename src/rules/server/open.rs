//! Connections whose log shows no reason: who was let in, and refusals that this log's level can't explain.

use crate::model::fix::Piece;
use crate::model::told::{Answer, End, Told};
use crate::model::{At, Certainty, Finding, Fix, Key, Outcome, Session, Severity};
use crate::rules::draft::Draft;
use crate::rules::scene::Scene;
use crate::server::reasons::{Ground, KEYS, SILENT, fitting, told};

/// Somebody was let in.
pub(in crate::rules) fn logged_in(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.entry.session;
    let at = end_or_last(scene).filter(|_| session.outcome == Outcome::Authenticated)?;
    let user = session.user.as_deref().unwrap_or("a user");
    let by = session.method.as_deref().map(|method| format!(" by {method}")).unwrap_or_default();
    Draft::new(scene, Certainty::Certain, format!("the server lets {user} in{by}"), &at).severity(Severity::Note).done()
}

/// Somebody was refused, and this log does not show why; or it ends before the connection does, and a key was.
pub(in crate::rules) fn refused(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.entry.session;
    let key =
        |told: &Told| matches!(told, Told::Answered { answer: Answer::Failed, method, .. } if method == "publickey");
    let cut = || session.outcome == Outcome::Unknown && told(session).any(|(told, _)| key(told));
    let refused = (session.outcome == Outcome::Denied || cut()) && taken_key(session).is_none();
    refused.then(|| unexplained(scene, "refuses"))?
}

/// Somebody's key was good, and nobody was let in.
pub(in crate::rules) fn taken(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.entry.session;
    let (key, at) = taken_key(session)?;
    let same = |other: Option<&Key>| {
        let prints =
            key.and_then(|key| key.fingerprint.as_ref()).zip(other.and_then(|other| other.fingerprint.as_ref()));
        prints.is_none_or(|(one, other)| one == other)
    };
    let refused = told(session).find(|(told, line)| {
        let Told::Answered { answer: Answer::Failed, method, key: other, .. } = told else { return false };
        method == "publickey" && line.line > at.line && same(other.as_ref())
    });
    let user = session.user.as_deref().filter(|user| !user.is_empty()).unwrap_or("a client");
    let (title, says) = match refused {
        Some(_) => (
            format!("the server takes {user}'s key, and then refuses the login"),
            "The key is in the file. What was refused is its signature, or the login itself: DEBUG3 shows which.",
        ),
        None if session.outcome == Outcome::Denied => (
            format!("the server takes {user}'s key, and the client leaves without signing with it"),
            "The key is in the file, and sshd waited for a signature that never came: at the client a passphrase was not given, an \
             agent or a token refused to sign, the private half is missing, or the connection broke. Nothing has to be changed on \
             the server; the client's own log shows which it was.",
        ),
        None => return None,
    };
    Draft::new(scene, Certainty::Likely, title, at)
        .says(says.to_owned())
        .and(scene, refused.map(|(_, line)| line))
        .and(scene, session.end.iter())
        .fix(Fix::step("at the client: see what ssh -v says behind `Server accepts key`"))
        .done()
}

/// The last line that shows a key to be good, and the key.
fn taken_key(session: &Session) -> Option<(Option<&Key>, &At)> {
    let good = told(session).filter_map(|(told, at)| match told {
        Told::Matched { key, .. } => Some((Some(key), at)),
        Told::Taken { key, .. } | Told::Answered { answer: Answer::Taken, key, .. } => Some((key.as_ref(), at)),
        _ => None,
    });
    good.last()
}

/// Somebody was cut off, and this log does not show why.
pub(in crate::rules) fn cut_off(scene: &Scene<'_>) -> Option<Finding> {
    (scene.entry.session.outcome == Outcome::Disconnected).then(|| unexplained(scene, "cuts off"))?
}

/// Which level would show why, and what to look at meanwhile.
fn unexplained(scene: &Scene<'_>, does: &str) -> Option<Finding> {
    let session = scene.entry.session;
    let at = end_or_last(scene)?;
    let ground = Ground::of(session, None);
    let user = session.user.as_deref().filter(|user| !user.is_empty()).unwrap_or("a client");
    let says = match session.author.id {
        "sshd" => of_sshd(session),
        "dropbear-server" => {
            "Dropbear's server names no refused key, no missing file and no damaged line at any level.".to_owned()
        }
        "tinysshd" => "tinysshd says more on standard error with -v, and names each refused key with -vv.".to_owned(),
        _ => "This server's log says no more of it.".to_owned(),
    };
    let candidates = " What it may be: the key is not in authorized_keys, there is no such file, a line of it is damaged or \
                      its options can't be read, or the client offered another key.";
    let title = format!("the server {does} {user}, and its log does not show why");
    let refusals = told(session).filter(|(told, _)| matches!(told, Told::Answered { answer: Answer::Failed, .. }));
    let refusals: Vec<_> = refusals.map(|(_, at)| at.clone()).collect();
    let left = only_left(session);
    let certainty = if left { Certainty::Possible } else { Certainty::Likely };
    let says = match left {
        true => format!(
            "The one line says that the client left before it was let in. It may have broken off by itself: at a question for a \
             password or a passphrase, at an agent that does not answer, or as a scanner. {says}"
        ),
        false => says,
    };
    Draft::new(scene, certainty, title, &at)
        .says(format!("{says}{candidates}"))
        .and(scene, &refusals)
        .fixes(
            left.then(|| {
                Fix::step("at the client: see in the output of ssh -v which keys it offers, and where it ends")
            }),
        )
        .fixes(fitting(session, looks(&ground, session.author.id == "sshd")))
        .done()
}

/// Nothing is told of a connection but that its client closed it.
fn only_left(session: &Session) -> bool {
    let mut said = told(session).map(|(told, _)| told).filter(|told| !matches!(told, Told::Connection { .. }));
    let end = |told: &Told| matches!(told, Told::Ended { end: End::Closed, after_login: false, .. });
    said.next().is_some_and(end) && said.next().is_none()
}

/// What the level of sshd's log leaves out.
fn of_sshd(session: &Session) -> String {
    let keys = session.offered.iter().filter_map(|offer| offer.key.whole_fingerprint()).count();
    if told(session).any(|(told, _)| matches!(told, Told::Requested { .. })) {
        format!(
            "The log is at DEBUG1 or more, and no line of it says why. Some reasons have none at any level: {SILENT}."
        )
    } else if keys > 0 {
        "The log is at VERBOSE: it names the keys that were refused, and not why. DEBUG1 shows which file was looked into, \
         DEBUG2 its lines."
            .to_owned()
    } else {
        "At INFO, which is the default, sshd names no refused key and few reasons. VERBOSE names the keys, DEBUG1 the file \
         that was looked into."
            .to_owned()
    }
}

/// How to see more, and where to look meanwhile; of a server that is not sshd only where to look.
fn looks(ground: &Ground<'_>, is_sshd: bool) -> Vec<Fix> {
    let path = |title: &str, program: &'static str| match ground.account() {
        Some(user) => Fix::bourne(
            title,
            vec![
                Piece::Own(program),
                Piece::Own("\"$(getent passwd"),
                Piece::Word(user.to_owned()),
                Piece::Own("| cut -d: -f6)/.ssh/authorized_keys\""),
            ],
        )
        .on_server(),
        None => Fix::step(title).on_server(),
    };
    let files = [
        path("see who may write to the file of keys, and to each folder above it", "sudo namei -l"),
        path("see which keys are in it", "sudo ssh-keygen -lf"),
    ];
    if !is_sshd {
        return files.into();
    }
    let more = ground.matched(
        "for one try, let sshd say more of this user (in sshd_config, then reload sshd)",
        "LogLevel",
        "DEBUG2",
    );
    let settings = ground.settings("see what sshd's settings are for this user", KEYS);
    std::iter::once(more).chain(files).chain([settings]).collect()
}

/// A line, to quote.
fn end_or_last(scene: &Scene<'_>) -> Option<At> {
    let session = scene.entry.session;
    session.end.clone().or_else(|| session.events.last().map(|event| event.at.clone()))
}
