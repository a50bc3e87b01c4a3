//! Who may log in at all.

use super::ground::{Ground, LISTS, command};
use super::reason::{Bearing, Proven, Reason, by_line, lines, proofs, told};
use crate::model::fix::Piece;
use crate::model::told::Told;
use crate::model::{Certainty, Fix, Session};

pub(super) const REASONS: &[Reason] = &[
    Reason::of(
        "no-such-user",
        "there is no such user",
        "No account of that name exists on the server, as far as sshd can see: it is mistyped, was never made, or its \
         directory (LDAP, SSSD) does not answer.",
    )
    .bears(&[Bearing::Guess, Bearing::Never])
    .unlike("`invalid user` within another line is also written of accounts that exist and may not log in")
    .prove(|id, session| by_line(id, session).or_else(|| invalid(session)))
    .fixes(|ground| vec![
        ground.on_account("see whether the name is known", "getent passwd", ""),
        match ground.user {
            Some(user) if user.trim() != user => Fix::step("at the client: take the blank from the name's ends"),
            _ => Fix::step("give the client the right name, or make the account").on_server(),
        },
    ]),
    Reason::of(
        "user-not-allowed",
        "sshd's lists keep the user out",
        "AllowUsers, DenyUsers, AllowGroups or DenyGroups of sshd_config keep this user out, perhaps only from this \
         address. The account exists, though the log calls it an invalid user.",
    )
    .bears(&[Bearing::Never])
    .unlike("`Invalid user … from …` is the line for an account that does not exist")
    .fixes(lists),
    Reason::of(
        "account-expired",
        "the account has expired",
        "The account's date of expiry is past. A line that calls it locked may follow, and is not the reason.",
    )
    .bears(&[Bearing::Never])
    .fixes(|ground| vec![
        ground.on_account("let it expire never", "sudo chage -E -1", ""),
        ground.on_account("see its dates", "sudo chage -l", ""),
    ]),
    Reason::of(
        "account-locked",
        "the account is locked",
        "The account has no password but a `!` in its place, and without PAM sshd lets nobody into such an account, not \
         even with a key.",
    )
    .bears(&[Bearing::Never])
    .unlike("after `Account … has expired` it is a second line for the same thing; with UsePAM yes a key opens such an account")
    .prove(|id, session| by_line(id, session).filter(|_| !proofs(session).any(|(proof, _)| proof.reason == "account-expired")))
    .fixes(|ground| vec![ground.on_account(
        "let it have no password, without being locked (passwd -u does not do that)",
        "sudo usermod -p '*'",
        "",
    )]),
    Reason::of(
        "shell-missing",
        "the account's login shell can't be run",
        "The account's login shell does not exist or can't be run. For Dropbear it must also be listed in /etc/shells.",
    )
    .bears(&[Bearing::Never])
    .unlike("for OpenSSH a shell need not be in /etc/shells")
    .fixes(|ground| vec![ground.on_account("give it a shell", "sudo usermod -s /bin/bash", "")]),
    Reason::of(
        "root-login",
        "root may not log in like this",
        "PermitRootLogin is `no`, or `forced-commands-only` and the key has no command. The key itself was good: a wrong \
         one leaves no such line.",
    )
    .bears(&[Bearing::GoodKey, Bearing::Never])
    .unlike("with `prohibit-password` the right password looks like a wrong one")
    .fixes(|_| vec![
        Fix::step("log in as another user, and use sudo").on_server(),
        Fix::block(
            "or let root in with keys",
            crate::model::Block::for_all().with("PermitRootLogin", "prohibit-password"),
        )
        .on_server(),
    ]),
    Reason::of(
        "password-expired",
        "the account's password has expired",
        "PAM wants a new password before anything else. The key was accepted; without a terminal the login ends there.",
    )
    .shows("INFO by PAM's own line, which only syslog gets; DEBUG3 by sshd's")
    .bears(&[Bearing::Outlasts])
    .fixes(|ground| vec![
        ground.on_account("let the password never expire", "sudo chage -M -1", ""),
        Fix::step("or log in with a terminal (ssh -t) and set a new one").on_server(),
    ]),
    Reason::of(
        "pam-account",
        "PAM keeps the account out",
        "The key is good, and then a module of PAM's account stack refused the account: its date, access.conf, a group \
         that it must be in, /etc/nologin. `Failed publickey` in front of it does not mean the key.",
    )
    .prove(pam)
    .fixes(by_module),
];

/// Whether a user to whom this reason applies may not log in at all.
pub(super) fn keeps_out(id: &str) -> bool {
    REASONS.iter().any(|reason| reason.id == id && reason.is(Bearing::Never))
}

/// Lines that call the user invalid, where none says why: an account that is kept out has such a line in front, which the
/// log may not show.
fn invalid(session: &Session) -> Option<Proven> {
    let lines = lines(session, Told::is_of_an_invalid_user);
    let explained = proofs(session).any(|(proof, _)| keeps_out(proof.reason));
    (!explained && !lines.is_empty()).then_some(Proven { certainty: Certainty::Likely, subject: None, lines })
}

/// What keeps a user out, and how to let him in.
fn lists(ground: &Ground<'_>) -> Vec<Fix> {
    let mut fixes = vec![ground.settings("see the lists that apply to this user from this address", LISTS)];
    let list = ground.subject.unwrap_or_default();
    let title = match list {
        "AllowUsers" => "or add the user to AllowUsers in sshd_config, and reload sshd",
        "DenyUsers" => "or take the user out of DenyUsers in sshd_config, and reload sshd",
        "DenyGroups" => "or take the user out of the group that DenyGroups names, or change the list; the user's are",
        "AllowGroups" => "or put the user into a group of the list; the user's are",
        _ => "put the user into a group of the list; the user's are",
    };
    if let Some(user) = ground.account() {
        // In a Match block the list stands for the one above: here one that does not keep the user out.
        let open = match list {
            "AllowUsers" => Some(("AllowUsers", user)),
            "AllowGroups" => Some(("AllowGroups", "*")),
            "DenyUsers" => Some(("DenyUsers", if user == "nobody" { "root" } else { "nobody" })),
            "DenyGroups" => Some(("DenyGroups", "none")),
            _ => None,
        };
        let let_in =
            |(keyword, value)| ground.matched("let this user in, whatever list there is for others", keyword, value);
        fixes.extend(open.map(let_in));
    }
    fixes.push(match list {
        "AllowUsers" | "DenyUsers" => command(
            title,
            vec![Piece::Own(
                "sudo grep -rniE '^[[:space:]]*(allow|deny)users' /etc/ssh/sshd_config /etc/ssh/sshd_config.d",
            )],
        ),
        _ => ground.on_account(title, "id -nG", ""),
    });
    fixes
}

/// The module's own line, and sshd's.
fn pam(id: &'static str, session: &Session) -> Option<Proven> {
    let denied =
        told(session).any(|(told, _)| matches!(told, Told::Proof(proof) if proof.reason == id && proof.user.is_some()));
    let proven = by_line(id, session)?;
    // A module's line alone may be that of one that only counts among others.
    let certainty = if denied { proven.certainty } else { Certainty::Likely };
    Some(Proven { certainty, ..proven })
}

fn by_module(ground: &Ground<'_>) -> Vec<Fix> {
    match ground.subject {
        Some("pam_unix") => vec![
            ground.on_account("see the account's dates", "sudo chage -l", ""),
            ground.on_account("let it expire never", "sudo chage -E -1", ""),
        ],
        Some("pam_access") => vec![command(
            "see who is let in from where, and add the user",
            vec![Piece::Own("grep -v '^#' /etc/security/access.conf")],
        )],
        Some("pam_succeed_if") => vec![
            ground.on_account("see the user's groups", "id -nG", ""),
            command(
                "see what is asked of a user",
                vec![Piece::Own("grep pam_succeed_if /etc/pam.d/sshd /etc/pam.d/common-account")],
            ),
        ],
        _ => vec![
            command(
                "pam_nologin says nothing: see whether its file is there, and remove it",
                vec![Piece::Own("ls -l /etc/nologin /run/nologin")],
            ),
            command(
                "see which modules judge",
                vec![Piece::Own("grep -h ^account /etc/pam.d/sshd /etc/pam.d/common-account")],
            ),
        ],
    }
}
