//! What keeps sshd from starting, or from starting as it was meant to.

use super::ground::command;
use super::places::Place;
use super::reason::{Bearing, Reason};
use crate::model::fix::Piece;
use crate::model::{Fix, Severity};

pub(super) const REASONS: &[Reason] = &[
    Reason::of(
        "config-error-server",
        "its configuration is wrong, and it does not start",
        "sshd_config has a line that this sshd does not know, such as an option of a newer release. Clients see a refused \
         connection.",
    )
    .shows("standard error, before a log is opened")
    .fixes(|ground| vec![
        match ground.subject {
            Some(place) => Fix::step(format!("mend the line at {place}")).on_server(),
            None => Fix::step("mend the line").on_server(),
        },
        command("see whether it will start", vec![Piece::Own("sudo sshd -t")]),
    ]),
    Reason::of(
        "privsep-missing",
        "its folder for unprivileged processes is not as it must be",
        "sshd needs an empty folder that is root's, mostly /run/sshd. Containers without an init system lack it.",
    )
    .shows("standard error, before a log is opened")
    .fixes(|ground| vec![ground.on_place("make it", "sudo install -d -m755", Place::Empty)]),
    Reason::of(
        "port-in-use",
        "another program has its port",
        "sshd can't listen: another program, perhaps another sshd, or systemd's socket, has the port.",
    )
    .fixes(|_| vec![command("see which", vec![Piece::Own("sudo ss -ltnp")])]),
    Reason::of(
        "host-keys-none",
        "it has no host key, and does not start",
        "None of the host keys could be read.",
    )
    .fixes(|_| vec![command("make those that are missing", vec![Piece::Own("sudo ssh-keygen -A")])]),
    Reason::of(
        "host-key-load",
        "a host key can't be read",
        "The server runs on with its other host keys; clients that remember the one that is missing are asked about \
         another, or refuse.",
    )
    .bears(&[Bearing::HostKey])
    .severity(Severity::Warning)
    .fixes(|ground| vec![
        ground.on_place("let root alone read it", "sudo chmod 600", Place::HostKey),
        command("or make those that are missing", vec![Piece::Own("sudo ssh-keygen -A")]),
    ]),
];
