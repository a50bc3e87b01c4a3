//! Certificates, revocation, and the options of keys (auth2-pubkeyfile.c, auth-options.c, sshkey.c).
//!
//! 10.1 puts `Refusing certificate ID "…" serial=N signed by … CA …: ` before what earlier releases say alone.

use super::words::{body, is_place, key, proof, quoted};
use core::net::IpAddr;

use crate::dialect::table::{Row, any, any_within};
use crate::model::Kind;

pub(super) const ROWS: &[Row] = &[
    any("Certificate ", "error: Certificate invalid: expired", |rest| {
        certificate(&format!("Certificate {}", body(rest)))
    })
    .signs(),
    any(
        "Refusing certificate ID ",
        "error: Refusing certificate ID \"dev\" serial=8 signed by ED25519 CA SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s: Certificate invalid: expired",
        |rest| {
            let rest = body(rest);
            let at = rest.rfind(": Certificate ").or_else(|| rest.rfind(": Refused by "))?;
            certificate(&rest[at + 2..])
        },
    )
    .signs(),
    any(
        "cert: Authentication tried for ",
        "cert: Authentication tried for dev with valid certificate but not from a permitted source address (192.0.2.1).",
        tried,
    )
    .signs(),
    any(
        "Authentication tried for ",
        "Authentication tried for dev with correct key but not from a permitted host (host=box, ip=192.0.2.1).",
        tried,
    )
    .signs(),
    any_within(
        ": Authentication tried for ",
        "/home/dev/.ssh/authorized_keys:1: Authentication tried for dev with correct key but not from a permitted host (host=box, ip=192.0.2.1, required=192.0.2.9).",
        |before, rest| is_place(before).then(|| tried(rest))?,
    )
    .signs(),
    any("Refused by key options", "error: Refused by key options", refused_by_options).signs(),
    any("Refused by certificate options", "error: Refused by certificate options", |_| {
        proof("cert-source-address").told()
    })
    .signs(),
    any_within(
        ": entry expired at ",
        "debug1: /home/dev/.ssh/authorized_keys:1: entry expired at 2024-01-31T00:00:00",
        |before, _| is_place(before).then(|| proof("key-expired").subject(before).told())?,
    )
    .signs(),
    any_within(
        ": bad key options: ",
        "debug1: /home/dev/.ssh/authorized_keys:1: bad key options: unknown key option",
        |before, _| is_place(before).then(|| proof("key-options-bad").subject(before).told())?,
    )
    .signs(),
    any(
        "Bad options in ",
        "Bad options in /home/dev/.ssh/authorized_keys file, line 1: command=/bin/true ssh-ed25519",
        |rest| {
            let (path, line) = rest.split_once(" file, line ")?;
            let line = line.split(':').next()?;
            proof("key-options-bad").subject(format!("{path}:{line}")).told()
        },
    )
    .signs(),
    any("invalid key option string", "error: invalid key option string", |rest| {
        let proof = proof("key-options-bad");
        match body(rest).strip_prefix(" at ") {
            Some(place) => proof.subject(place).told(),
            None => proof.told(),
        }
    })
    .signs(),
    any(
        "user_cert_trusted_ca: CA ",
        "debug2: user_cert_trusted_ca: CA ED25519 SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s is not listed in /etc/ssh/ca.pub: key not found",
        |rest| {
            let (_, file) = body(rest).split_once(" is not listed in ")?;
            proof("cert-ca-unknown").subject(file.split(": ").next()?).told()
        },
    )
    .signs(),
    any(
        "Authentication key ",
        "error: Authentication key ED25519 SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s revoked by file /etc/ssh/revoked",
        |rest| {
            let (named, file) = body(rest).split_once(" revoked by file ")?;
            proof("key-revoked").key(key(named)).subject(file).told()
        },
    )
    .signs(),
    any(
        "Error checking authentication key ",
        "error: Error checking authentication key ED25519 SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s in revoked keys file /etc/ssh/revoked: No such file or directory",
        |rest| {
            let (named, file) = body(rest).split_once(" in revoked keys file ")?;
            proof("revoked-keys-file").key(key(named)).subject(file.rsplit_once(": ")?.0).told()
        },
    )
    .signs(),
];

/// What is wrong with a certificate.
fn certificate(words: &str) -> Option<Kind> {
    let reason = match words {
        "Certificate invalid: expired" => "cert-expired",
        "Certificate invalid: not yet valid" => "cert-not-yet-valid",
        "Certificate invalid: name is not a listed principal"
        | "Certificate does not contain an authorized principal"
        | "Certificate lacks principal list" => "cert-principal",
        "Refused by certificate options" => "cert-source-address",
        _ => {
            let option = words.strip_prefix("Certificate critical option ")?;
            return proof("cert-critical-option").subject(quoted(option)?).told();
        }
    };
    proof(reason).told()
}

/// A good key or certificate from the wrong place.
fn tried(rest: &str) -> Option<Kind> {
    let rest = body(rest);
    if let Some((user, from)) = rest.rsplit_once(" with valid certificate but not from a permitted ") {
        let address = from.rsplit_once('(')?.1.trim_end_matches(['.', ')']).trim_start_matches("ip=");
        return proof("cert-source-address").user(user).subject(address).told();
    }
    let (user, from) = rest.rsplit_once(" with correct key but not from a permitted host (")?;
    let address = from.split("ip=").nth(1)?.split([',', ')']).next()?;
    let list = from.split_once(", required=").map(|(_, list)| list.trim_end_matches('.').trim_end_matches(')'));
    let spoilt = list.and_then(|list| list.split(',').find(|entry| is_spoilt(entry, address)));
    proof("key-option-from").user(user).subject(spoilt.unwrap_or(address)).told()
}

/// Whether an entry of a from= is to blame: a network that is none refuses everybody (`addr_match_list`), and the client's
/// own address with a blank beside it is a pattern that fits nobody.
fn is_spoilt(entry: &str, address: &str) -> bool {
    let entry = entry.strip_prefix('!').unwrap_or(entry);
    let Some((network, length)) = entry.trim().split_once('/') else {
        return entry != address && entry.trim() == address;
    };
    let (bits, width) = match network.parse() {
        Ok(IpAddr::V4(network)) => (u128::from(u32::from(network)) << 96, 32),
        Ok(IpAddr::V6(network)) => (u128::from(network), 128),
        // A pattern of names.
        Err(_) => return false,
    };
    let Some(length) = length.parse().ok().filter(|length: &u32| *length <= width) else { return true };
    bits.checked_shl(length).unwrap_or(0) != 0
}

/// An option of the key's line forbids it; which one, another line says.
fn refused_by_options(rest: &str) -> Option<Kind> {
    let proof = proof("key-option-refuses");
    match body(rest).strip_prefix(" at ") {
        Some(place) => proof.subject(place).told(),
        None => proof.told(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_that_spoils_a_from_is_the_subject() {
        let subject = |list: &str| {
            let rest = format!(
                "dev with correct key but not from a permitted host (host=box, ip=192.0.2.1, required={list})."
            );
            match tried(&rest) {
                Some(Kind::Server(told)) => match *told {
                    crate::model::Told::Proof(proof) => proof.subject.unwrap_or_default(),
                    other => format!("{other:?}"),
                },
                other => format!("{other:?}"),
            }
        };
        for (list, wanted) in [
            ("10.0.0.5/8,192.0.2.1", "10.0.0.5/8"),
            ("192.0.2.1,2001:db8::1/32", "2001:db8::1/32"),
            ("10.0.0.0/33", "10.0.0.0/33"),
            ("10.0.0.0/8, 192.0.2.1", " 192.0.2.1"),
            ("10.0.0.0/8,0.0.0.0/0,::/0", "192.0.2.1"),
            ("10.0.0.0/8,2001:db8::/32,198.51.100.7/32,*.example", "192.0.2.1"),
        ] {
            assert_eq!(subject(list), wanted, "{list}");
        }
    }
}
