//! Certificates.

use super::ground::command;
use super::reason::Reason;
use crate::model::Fix;
use crate::model::fix::Piece;

pub(super) const REASONS: &[Reason] = &[
    Reason::of("cert-expired", "the certificate has expired", "The certificate's time is over, by the server's clock.")
        .unlike("a server whose clock is wrong")
        .fixes(|_| {
            vec![
                Fix::step("sign the key anew, with -V and a later end").on_server(),
                command("see the server's clock", vec![Piece::Own("timedatectl")]),
            ]
        }),
    Reason::of(
        "cert-not-yet-valid",
        "the certificate is not valid yet",
        "The certificate's time has not come, by the server's clock.",
    )
    .unlike("a server whose clock is wrong")
    .fixes(|_| {
        vec![
            command("see the server's clock", vec![Piece::Own("timedatectl")]),
            Fix::step("sign the key anew, with -V and an earlier beginning").on_server(),
        ]
    }),
    Reason::of(
        "cert-principal",
        "the certificate does not name this user",
        "None of the names (principals) in the certificate may log in as this user: not the user's own, nor one of \
         AuthorizedPrincipalsFile or principals=.",
    )
    .fixes(|ground| {
        vec![
            ground.on_account(
                "sign the key anew for this user: ssh-keygen -s CA -I ID -n USER KEY.pub; USER is",
                "echo",
                "",
            ),
            ground.settings("see where names are looked for", "| grep -i '^authorizedprincipals'"),
        ]
    }),
    Reason::of(
        "cert-source-address",
        "the certificate may not be used from this address",
        "The certificate names the addresses it may be used from (source-address), and the client's is none of them.",
    )
    .fixes(|_| vec![Fix::step("sign the key anew with -O source-address=, or without").on_server()]),
    Reason::of(
        "cert-critical-option",
        "the certificate has an option that sshd does not know",
        "A critical option that sshd does not know makes the certificate worthless to it.",
    )
    .fixes(|_| vec![Fix::step("sign the key anew without that option").on_server()]),
    Reason::of(
        "cert-signature-algorithm",
        "the certificate is signed in a way that sshd does not take",
        "The authority signed with an algorithm that CASignatureAlgorithms does not have, such as ssh-rsa with SHA-1.",
    )
    .fixes(|_| vec![Fix::step("sign the key anew with -t rsa-sha2-512, or with an ed25519 authority").on_server()]),
    Reason::of(
        "cert-ca-unknown",
        "sshd does not trust the certificate's authority",
        "The key that signed the certificate is not in the file of TrustedUserCAKeys.",
    )
    .shows("DEBUG2; without TrustedUserCAKeys never")
    .fixes(|ground| {
        vec![
            ground.on_path("see whom sshd trusts", "ssh-keygen -lf"),
            Fix::step("add the authority's public key there, and reload sshd").on_server(),
        ]
    }),
];
