//! What ends a connection before any user is named.

use super::ground::command;
use super::reason::{Bearing, Proven, Reason, told};
use crate::model::fix::Piece;
use crate::model::told::Told;
use crate::model::{Certainty, Fix, Session};

pub(super) const REASONS: &[Reason] = &[
    Reason::of(
        "rate-limited",
        "sshd turned the connection away, since there were too many or too many failed",
        "MaxStartups and PerSourceMaxStartups limit connections that have not logged in; from 9.8 on an address whose \
         logins fail is shut out for a while (PerSourcePenalties), and with it everybody behind that address.",
    )
    .unlike("fail2ban and firewalls leave no line of sshd's")
    .prove(dropped)
    .fixes(|ground| {
        let penalty = ground.subject.is_some_and(|why| why.contains("penalty"));
        let exempt = ground.client().map(|address| {
            Fix::block(
                "let this address pass",
                crate::model::Block::for_all().with("PerSourcePenaltyExemptList", address),
            )
            .on_server()
        });
        let more = Fix::block(
            "or let more connections wait: in place of the line that is there, since of this keyword the last counts",
            crate::model::Block::for_all().with("MaxStartups", "100:30:200"),
        );
        let wait = Fix::step("at the client: wait a minute, and try again once");
        if penalty { std::iter::once(wait).chain(exempt).collect() } else { vec![wait, more.on_server()] }
    }),
    Reason::of(
        "tcp-wrappers",
        "hosts.deny or hosts.allow keep the address out",
        "The library behind /etc/hosts.allow and /etc/hosts.deny refuses the address before ssh is spoken.",
    )
    // At DEBUG1, the second time by libwrap.
    .bears(&[Bearing::Twice])
    .fixes(|_| {
        vec![command(
            "see the rules, and let the address in",
            vec![Piece::Own("grep -v '^#' /etc/hosts.allow /etc/hosts.deny")],
        )]
    }),
    Reason::of(
        "kex-mismatch",
        "client and server have no algorithm in common",
        "The client offers none of the server's algorithms of one kind. `Their offer` is the client's list here; the \
         client's log shows the server's.",
    )
    .fixes(|_| {
        vec![
            Fix::step("best: update the older side").on_server(),
            command(
                "see what the server has",
                vec![Piece::Own("sudo sshd -T | grep -iE '^(kexalgorithms|hostkeyalgorithms|ciphers|macs) '")],
            ),
        ]
    }),
];

fn dropped(_: &'static str, session: &Session) -> Option<Proven> {
    let (why, at) = told(session).find_map(|(told, at)| match told {
        Told::Dropped { why, .. } => Some((why.clone(), at.clone())),
        _ => None,
    })?;
    Some(Proven { certainty: Certainty::Certain, subject: Some(why), lines: vec![at] })
}
