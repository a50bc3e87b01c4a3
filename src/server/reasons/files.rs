//! The file of keys: whether sshd reads it, and whether the key is in it.

use super::ground::{Ground, KEYS, command};
use super::places::{Place, is_others};
use super::reason::{Proven, Reason, by_line, lines, proofs, told};
use crate::model::fix::Piece;
use crate::model::path::is_of_windows;
use crate::model::told::Told;
use crate::model::{At, Certainty, Fix, Session};

/// sshd does not read the file.
pub(super) const REASONS: &[Reason] = &[
    Reason::of(
        "authorized-keys-modes",
        "others may write to its authorized_keys, or to a folder above",
        "sshd reads no keys of a file that others could have written (StrictModes): the file, each folder above it up to \
         the home, and the home itself must belong to the user or to root, and no group or other may write to them. \
         Debian's sshd lets a group pass that is the user's own; every other build refuses it. On Windows it must belong to the \
         user, to Administrators or to SYSTEM, and nobody else may write to it.",
    )
    .unlike("a chroot's folder and an AuthorizedKeysCommand have lines of their own with the same words")
    .prove(|id, session| by_line(id, session).map(|proven| exposed(proven, session)))
    .fixes(|ground| {
        if ground.subject.is_some_and(is_of_windows) {
            return vec![Fix::step(ADMINISTRATORS).on_server(), Fix::step(OWN).on_server()];
        }
        let owner = match (ground.account(), ground.path()) {
            (Some(user), Some(path)) if ground.is_own(path) => command(
                "give it to the user",
                vec![Piece::Own("sudo chown"), Piece::Word(format!("{user}:")), Piece::Word(path.to_owned())],
            ),
            (user, Some(path)) if !is_others(path, user) => command(
                "give it to root, since others' files are below it, too",
                vec![Piece::Own("sudo chown root"), Piece::Word(path.to_owned())],
            ),
            _ => Fix::step("give it to the user").on_server(),
        };
        vec![ground.on_path("take the right to write from group and others", "sudo chmod go-w"), owner]
    }),
    Reason::of(
        "authorized-keys-unreadable",
        "sshd may not read its authorized_keys",
        "sshd opens the file as the user, so that a file or a folder that belongs to root alone, a squashed network \
         share or an encrypted home can't be read.",
    )
    .shows("INFO from 9.1 on, DEBUG1 before; a folder without the right to enter never from 10.0 on")
    .fixes(|ground| match (ground.account(), ground.path()) {
        (Some(user), Some(path)) => {
            let (user, own) = (format!("{user}:"), user.to_owned());
            let path = path.to_owned();
            vec![
                give(ground, user, &path),
                command("see where the way ends", vec![Piece::Own("sudo -u"), Piece::Word(own), Piece::Own("namei -l"), Piece::Word(path)]),
            ]
        }
        _ => vec![Fix::step("let the user read the file, and enter each folder above it").on_server()],
    }),
    Reason::of(
        "authorized-keys-not-regular",
        "its authorized_keys is no file",
        "Where sshd looks for the file there is a folder, or something else that is no file.",
    )
    .fixes(|ground| {
        let aside = ground.place(Place::Keys).filter(|_| ground.public.is_some()).map(|path| {
            let (path, aside) = (path.to_owned(), format!("{path}.aside"));
            command("put it aside", vec![Piece::Own("sudo mv"), Piece::Word(path), Piece::Word(aside)])
        });
        let made = ground.file_made().unwrap_or_else(|| Fix::step("put a file of keys in its place").on_server());
        std::iter::once(ground.on_path("see what it is", "ls -ld")).chain(aside).chain([made]).collect()
    }),
    Reason::of(
        "authorized-keys-path",
        "sshd looks for its keys elsewhere, and there is no file",
        "AuthorizedKeysFile names another file than the one in the user's home, perhaps in a Match block, and that file \
         does not exist.",
    )
    .shows("DEBUG1; from 10.0 on never")
    .prove(|_, session| missing(session, Where::Elsewhere))
    .fixes(|ground| vec![
        ground.settings("see which file is meant for this user", KEYS),
        ground.file_made().unwrap_or_else(|| ground.on_place("or put the key there", "sudoedit", Place::Keys)),
    ]),
    Reason::of(
        "home-missing",
        "the home where sshd looks for its keys is not there",
        "sshd looks for the keys in the home that the account has, and nothing is there: the home was never made, is not \
         mounted, or is another one than the keys were put into.",
    )
    .shows("DEBUG1; from 10.0 on never")
    .prove(|_, session| missing(session, Where::OtherHome))
    .fixes(|ground| vec![
        ground.on_account("see which home the account has", "getent passwd", ""),
        ground.on_account("make the home", "sudo mkhomedir_helper", ""),
    ]),
    Reason::of(
        "authorized-keys-missing",
        "there is no authorized_keys",
        "sshd looked for the user's file of keys and there is none. The name must be authorized_keys, in a folder .ssh in \
         the home.",
    )
    .shows("DEBUG1; from 10.0 on never")
    .unlike("the same line for authorized_keys2 is usual, and means nothing")
    .prove(|id, session| by_line(id, session).or_else(|| missing(session, Where::Home)))
    .fixes(|ground| vec![
        Fix::step("put the public key there: ssh-copy-id from the client, while another method still works").on_server(),
        match (ground.account(), ground.place(Place::Keys)) {
            // As the user, who owns it then; one that is there stays as it is.
            (Some(user), Some(path)) if ground.is_own(path) => command(
                "or make the file, and put the key's line in it",
                vec![
                    Piece::Own("sudo -u"),
                    Piece::Word(user.to_owned()),
                    Piece::Own("sh -c 'umask 077; mkdir -p \"${1%/*}\" && set -C && : > \"$1\"' -"),
                    Piece::Word(path.to_owned()),
                ],
            ),
            _ => Fix::step("or make the file by hand").on_server(),
        },
    ]),
];

/// sshd reads the file, and the key is not in it: all else comes first.
pub(super) const LAST: &[Reason] = &[
    Reason::of(
        "key-mangled",
        "a line of its authorized_keys is no key",
        "A line that should have been a key is none for sshd: it was broken in two, lost its first letters, stands in \
         quotes, is of another format or begins with a byte order mark, as PowerShell's `>` writes it. Each key is one line.",
    )
    .shows("DEBUG2")
    .unlike("a line with options, or of a key of another type than the one offered, is looked at in the same way, and is fine")
    .prove(|_, session| {
        let place = not_keys(session).find_map(|(place, _)| place.map(str::to_owned));
        let lines: Vec<At> = not_keys(session).map(|(_, at)| at.clone()).collect();
        let refused = session.accepted.is_none() && !lines.is_empty();
        refused.then_some(Proven { certainty: Certainty::Likely, subject: place.or_else(|| file(session)), lines })
    })
    .fixes(|ground| {
        let lines = ground.on_path("see which lines are keys", "sudo ssh-keygen -lf");
        let anew = Fix::step("write the key anew, in one line").on_server();
        [lines, anew].into_iter().chain(ground.key_added()).collect()
    }),
    Reason::of(
        "key-not-in-command-output",
        "its AuthorizedKeysCommand printed no such key",
        "sshd ran the program that prints the user's keys, and the key was not among them.",
    )
    .shows("DEBUG2")
    .prove(|_, session| unmatched(session, |told| is_of_a_command(session, told)))
    .fixes(|ground| {
        vec![
            ground.settings("see which program it is, and as whom it runs", KEYS),
            Fix::step("run it as that user, and see what it prints").on_server(),
        ]
    }),
    Reason::of(
        "key-not-in-file",
        "its key is not in authorized_keys",
        "sshd read the user's file of keys and the offered key was not in it.",
    )
    .shows("DEBUG2; at DEBUG1 only that the file was read, at VERBOSE only the key's fingerprint")
    .unlike("a damaged line looks the same at DEBUG1; from 10.0 on a missing file leaves no line at all")
    .prove(|id, session| {
        by_line(id, session)
            .or_else(|| {
                let counted = |told: &Told| matches!(told, Told::Counted { .. });
                unmatched(session, |told| counted(told) && !is_of_a_command(session, told))
            })
            .or_else(|| read_without_a_match(session))
    })
    .fixes(in_file),
];

fn in_file(ground: &Ground<'_>) -> Vec<Fix> {
    let path = ground.file().map(str::to_owned);
    let list = match path {
        Some(path) => {
            command("list the keys that are in it", vec![Piece::Own("sudo ssh-keygen -lf"), Piece::Word(path)])
        }
        None => ground.on_account(
            "list the keys that are in it",
            "sudo sh -c 'ssh-keygen -lf \"$(getent passwd \"$1\" | cut -d: -f6)/.ssh/authorized_keys\"' -",
            "",
        ),
    };
    let wanted = match ground.fingerprint {
        Some(print) => format!("look for {print}; if it is not there, add the line of the client's .pub file"),
        None => "add the line of the client's .pub file".to_owned(),
    };
    [list, Fix::step(wanted).on_server()].into_iter().chain(ground.key_added()).collect()
}

/// What mends it on Windows.
const ADMINISTRATORS: &str = "let only Administrators and SYSTEM have it, in PowerShell: \
     icacls FILE /inheritance:r /grant:r \"*S-1-5-32-544:F\" \"*S-1-5-18:F\"; icacls FILE then shows who else is left, for /remove";
const OWN: &str = "if it is in a user's home, also: icacls FILE /setowner USER; icacls FILE /grant:r \"USER:F\"";

/// With the file that the lines before name, where the one that proves it names none.
fn exposed(proven: Proven, session: &Session) -> Proven {
    if proven.subject.is_some() {
        return proven;
    }
    let mut before =
        told(session).filter(|(_, at)| proven.lines.iter().any(|line| at.line < line.line)).collect::<Vec<_>>();
    before.reverse();
    let named = before.iter().find(|(told, _)| matches!(told, Told::Exposed { .. }));
    let named = named.or_else(|| before.iter().find(|(told, _)| matches!(told, Told::Looked { .. })));
    let Some((told, at)) = named else { return proven };
    let subject = told.path().map(str::to_owned);
    let lines = std::iter::once((*at).clone()).chain(proven.lines).collect();
    Proven { subject, lines, ..proven }
}

/// Where a file was looked for that does not exist.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Where {
    Home,
    OtherHome,
    Elsewhere,
}

/// The files that were looked for and not found, if no file was.
fn missing(session: &Session, wanted: Where) -> Option<Proven> {
    let gone = |told: &Told| match told {
        Told::NotOpened { path, missing: true } => Some(path.clone()),
        _ => None,
    };
    let paths: Vec<String> = told(session).filter_map(|(told, _)| gone(told)).collect();
    // Hardly anybody has a second file.
    let first = paths.iter().find(|path| !path.ends_with("/authorized_keys2"))?.clone();
    let read = |(told, _): &(&Told, _)| match told {
        Told::Counted { path: Some(path), .. } => !paths.contains(path),
        Told::Matched { .. } | Told::Taken { .. } => true,
        _ => false,
    };
    let opened = told(session).any(|(told, _)| matches!(told, Told::Looked { path } if !paths.contains(path)));
    if opened || told(session).any(|said| read(&said)) || proofs(session).next().is_some() {
        return None;
    }
    (place(&first, session.user.as_deref()) == wanted).then(|| Proven {
        certainty: Certainty::Certain,
        subject: Some(first),
        lines: lines(session, |told| gone(told).is_some()),
    })
}

/// Where a file of keys stands, by its name: in the home that a user of that name usually has, in another, or in none.
fn place(path: &str, user: Option<&str>) -> Where {
    if is_of_windows(path) {
        return if path.replace('\\', "/").contains("/.ssh/") { Where::Home } else { Where::Elsewhere };
    }
    let Some((home, _)) = path.split_once("/.ssh/") else { return Where::Elsewhere };
    let usual = match user {
        Some("root") => home == "/root",
        Some(user) => [format!("/home/{user}"), format!("/Users/{user}")].contains(&home.to_owned()),
        None => true,
    };
    if usual { Where::Home } else { Where::OtherHome }
}

/// The lines of a file that should be keys and are none, each with its place.
fn not_keys(session: &Session) -> impl Iterator<Item = (Option<&str>, &At)> {
    let mut asked = None;
    told(session).filter_map(move |(told, at)| match told {
        Told::Queried { key } => {
            asked = key.kind.as_deref();
            None
        }
        Told::NotAKey { place, of } if of.is_none() || *of == asked => Some((place.as_deref(), at)),
        _ => None,
    })
}

/// Whether the key was found in a file, or what stands there is none.
fn explained(session: &Session) -> bool {
    let found = told(session).any(|(told, _)| matches!(told, Told::Matched { .. } | Told::Taken { .. }));
    found || not_keys(session).next().is_some()
}

/// Lines that count the keys of a file, and none that found the one.
fn unmatched(session: &Session, counted: impl Fn(&Told) -> bool) -> Option<Proven> {
    let found = explained(session);
    let lines = lines(session, &counted);
    if found || lines.is_empty() || proofs(session).next().is_some() {
        return None;
    }
    let subject = told(session).find_map(|(told, _)| match told {
        Told::Counted { path, .. } if counted(told) => path.clone(),
        _ => None,
    });
    Some(Proven { certainty: Certainty::Certain, subject: subject.or_else(|| file(session)), lines })
}

/// Whether what was counted are lines that AuthorizedKeysCommand printed: sshd names the command where a file's name
/// would stand, and has not said that it tries such a file.
fn is_of_a_command(session: &Session, counted: &Told) -> bool {
    let Told::Counted { path: Some(path), .. } = counted else { return false };
    let tried = told(session).any(|(told, _)| matches!(told, Told::Looked { path: other } if other == path));
    let says_all = told(session).any(|(told, _)| matches!(told, Told::Requested { .. }));
    !tried && (says_all || path.contains([' ', '%']))
}

/// At DEBUG1: a file was looked into, nothing was wrong with it, and no key of it matched.
fn read_without_a_match(session: &Session) -> Option<Proven> {
    let path = file(session)?;
    let gone = told(session).any(|(told, _)| matches!(told, Told::NotOpened { path: other, .. } if *other == path));
    let found = explained(session);
    let refused = session.offered.iter().any(|offer| !offer.key.is_certificate());
    (!gone && !found && refused && proofs(session).next().is_none()).then(|| Proven {
        certainty: Certainty::Likely,
        subject: Some(path.clone()),
        lines: lines(session, |told| matches!(told, Told::Looked { path: other } if *other == path)),
    })
}

/// The first file that was looked into and is there.
fn file(session: &Session) -> Option<String> {
    let gone = |path: &str| {
        told(session).any(|(told, _)| matches!(told, Told::NotOpened { path: other, .. } if other == path))
    };
    told(session).find_map(|(told, _)| match told {
        Told::Looked { path } if !gone(path) => Some(path.clone()),
        _ => None,
    })
}

/// Has the file belong to the user: with the whole folder, if that is the user's own.
fn give(ground: &Ground<'_>, user: String, path: &str) -> Fix {
    let title = "give it to the user";
    let folder = path.rsplit_once('/').map_or(path, |(folder, _)| folder);
    let (chown, path) = match (ground.is_own(folder), ground.place(Place::Keys)) {
        (true, _) => ("sudo chown -R", folder),
        (false, Some(path)) => ("sudo chown", path),
        (false, None) => return Fix::step(title).on_server(),
    };
    command(title, vec![Piece::Own(chown), Piece::Word(user), Piece::Word(path.to_owned())])
}
