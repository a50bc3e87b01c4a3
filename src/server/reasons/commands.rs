//! Programs that print a user's keys or names.

use super::ground::KEYS;
use super::reason::Reason;
use crate::model::Fix;

pub(super) const REASONS: &[Reason] = &[
    Reason::of(
        "keys-command-modes",
        "its AuthorizedKeysCommand is not root's alone",
        "sshd runs no AuthorizedKeysCommand that others could have written: the program and each folder above must be \
         root's, and no group or other may write to them.",
    )
    .unlike("the same words without `Unsafe AuthorizedKeysCommand` are about authorized_keys")
    .fixes(|ground| {
        vec![
            ground.on_path("give it to root", "sudo chown root"),
            ground.on_path("take the right to write from others", "sudo chmod go-w"),
        ]
    }),
    Reason::of(
        "keys-command-failed",
        "its AuthorizedKeysCommand failed",
        "sshd asks a program for the user's keys, and that program is not there, can't be run, or ended with an error.",
    )
    .unlike("`not found: Success` is about the user that runs it; Success is no result")
    .fixes(|ground| {
        vec![
            ground.settings("see which program it is, and as whom it runs", KEYS),
            ground.on_path("see whether it is there and can be run", "ls -l"),
            Fix::step("run it by hand as that user, with the name of who logs in").on_server(),
        ]
    }),
    Reason::of(
        "principals-command-failed",
        "its AuthorizedPrincipalsCommand failed",
        "sshd asks a program for the names that a certificate may have, and that program ended with an error.",
    )
    .fixes(|ground| {
        vec![
            ground.on_path("see whether it is there and can be run", "ls -l"),
            Fix::step("run it by hand as AuthorizedPrincipalsCommandUser").on_server(),
        ]
    }),
];
