//! Requests and answers (auth.c, auth2.c, auth2-pubkey.c, monitor.c), and who may log in (auth.c, `allowed_user`).

use super::words::{Place, body, kept, key, peer, proof, told, user_from, user_placed};
use crate::dialect::table::{Row, any, any_within};
use crate::model::Kind;
use crate::model::brief::{Brief, Gist, Method};
use crate::model::told::{Answer, Peer, Told};
use crate::text::Sought;

pub(super) const ROWS: &[Row] = &[
    any(
        "Accepted ",
        "Accepted publickey for dev from 192.0.2.1 port 59061 ssh2: ED25519 SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s",
        |rest| answered(Answer::Accepted, rest),
    )
    .signs()
    .brief(accepted),
    any(
        "Failed ",
        "Failed publickey for dev from 192.0.2.1 port 59061 ssh2: ED25519 SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s",
        |rest| answered(Answer::Failed, rest),
    )
    .signs()
    .brief(failed),
    any(
        "Partial ",
        "Partial publickey for dev from 192.0.2.1 port 59061 ssh2: ED25519 SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s",
        |rest| answered(Answer::Partial, rest),
    )
    .signs(),
    any("Postponed ", "Postponed publickey for dev from 192.0.2.1 port 59061 ssh2 [preauth]", |rest| {
        answered(Answer::Taken, rest)
    })
    .signs(),
    any(
        "Accepted key ",
        "Accepted key ED25519 SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s found at /home/dev/.ssh/authorized_keys:1",
        |rest| {
            let (found, place) = body(rest).split_once(" found at ")?;
            told(Told::Taken { key: key(found), place: Some(place.to_owned()) })
        },
    )
    .signs(),
    any(
        "Accepted certificate ID ",
        "Accepted certificate ID \"dev\" (serial 7) signed by ED25519 CA SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s via /etc/ssh/ca.pub",
        |_| told(Told::Taken { key: None, place: None }),
    )
    .signs(),
    any(
        "userauth-request for user ",
        "debug1: userauth-request for user dev service ssh-connection method none",
        |rest| {
            let (user, method) = body(rest).rsplit_once(" service ssh-connection method ")?;
            told(Told::Requested { user: user.to_owned(), method: method.to_owned(), known: true })
        },
    )
    .signs(),
    any("input_userauth_request: invalid user ", "input_userauth_request: invalid user dev [preauth]", |rest| {
        told(Told::Requested { user: body(rest).to_owned(), method: String::new(), known: false })
    })
    .signs(),
    any(
        "userauth_pubkey: ",
        "debug1: userauth_pubkey: publickey test pkalg ssh-ed25519 pkblob ED25519 SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s [preauth]",
        queried,
    )
    .signs(),
    // Up to 7.6.
    any(
        "input_userauth_pubkey: ",
        "input_userauth_pubkey: key type ssh-rsa not in PubkeyAcceptedKeyTypes [preauth]",
        queried,
    )
    .signs(),
    any("Invalid user ", "Invalid user dev from 192.0.2.1 port 59061", |rest| {
        let (user, from) = user_from(body(rest))?;
        proof("no-such-user").user(user).peer(Some(from)).told()
    })
    .signs()
    .brief(|rest| {
        let (user, (address, port)) = user_placed(body(rest))?;
        Some(Brief { gist: Gist::Proof { reason: "no-such-user", ends: false }, user: Some(user), address, port })
    }),
    any("User ", "User dev from 192.0.2.1 not allowed because not listed in AllowUsers", not_allowed)
        .signs()
        .brief(not_listed),
    any("Account ", "Account dev has expired", |rest| {
        proof("account-expired").user(body(rest).strip_suffix(" has expired")?).told()
    })
    .signs(),
    // auth-pam.c, `sshpam_query`; where from is a name or an address.
    any("PAM: User account has expired for ", "error: PAM: User account has expired for dev from 192.0.2.1", |rest| {
        proof("account-expired").user(body(rest).rsplit_once(" from ")?.0).told()
    })
    .signs(),
    any("PAM: Authentication failure for ", "error: PAM: Authentication failure for dev from 192.0.2.1", of_pam).signs(),
    any(
        "PAM: User not known to the underlying authentication module for ",
        "error: PAM: User not known to the underlying authentication module for illegal user dev from 192.0.2.1",
        of_pam,
    )
    .signs(),
    // PAM's own line, of the module: `sshd(pam_google_authenticator)[5799]: `.
    any("Invalid verification code for ", "Invalid verification code for dev", |rest| {
        proof("verification-code").user(rest.trim()).told()
    }),
    any("ROOT LOGIN REFUSED FROM ", "ROOT LOGIN REFUSED FROM 192.0.2.1 port 59061", |rest| {
        proof("root-login").user("root").peer(peer(body(rest))).told()
    })
    .signs(),
    any(
        "maximum authentication attempts exceeded for ",
        "error: maximum authentication attempts exceeded for dev from 192.0.2.1 port 59061 ssh2 [preauth]",
        |rest| {
            let (user, from) = too_many(rest)?;
            proof("max-auth-tries").user(user).peer(Some(kept(from))).told()
        },
    )
    .signs()
    .brief(|rest| {
        let (user, (address, port)) = too_many(rest)?;
        Some(Brief { gist: Gist::Proof { reason: "max-auth-tries", ends: false }, user: Some(user), address, port })
    }),
    // monitor.c, `mm_answer_keyverify`, DEBUG3.
    any(
        "mm_answer_keyverify: ",
        "debug3: mm_answer_keyverify: publickey RSA signature using rsa-sha2-512 unverified: error in libcrypto",
        |rest| proof("signature-unverified").subject(body(rest).split_once(" unverified: ")?.1).told(),
    )
    .signs(),
    // Up to 6.x (ssh-rsa.c and its like).
    any_within("_verify: signature incorrect", "debug1: ssh_rsa_verify: signature incorrect", |before, rest| {
        let own = before.starts_with("ssh_") && body(rest).is_empty();
        own.then(|| proof("signature-unverified").subject("incorrect signature").told())?
    })
    .signs(),
    any("refusing previously-used ", "refusing previously-used ED25519 key [preauth]", |_| {
        proof("second-factor").subject("the same key twice").told()
    })
    .signs(),
    any("refusing RSA key: Invalid key length", "refusing RSA key: Invalid key length [preauth]", |_| {
        proof("key-too-short").told()
    })
    .signs(),
    any(
        "Disabled method \"",
        "error: Disabled method \"password\" in AuthenticationMethods list \"publickey,password\"",
        |rest| proof("method-config").subject(rest.split('"').next()?).told(),
    )
    .signs(),
    any(
        "No AuthenticationMethods left after eliminating disabled methods",
        "error: No AuthenticationMethods left after eliminating disabled methods [preauth]",
        |_| proof("method-config").told(),
    )
    .signs(),
    any(
        "reprocess config:",
        "debug3: reprocess config:16 setting AuthorizedKeysFile /etc/ssh/keys/%u",
        |rest| {
            let (_, setting) = body(rest).split_once(" setting ")?;
            let (keyword, value) = setting.split_once(' ')?;
            told(Told::Setting { keyword: keyword.to_owned(), value: value.trim().to_owned() })
        },
    )
    .signs(),
];

/// `[illegal user ]U from A`: an answer that PAM's modules gave.
fn of_pam(rest: &str) -> Option<Kind> {
    let user = body(rest).rsplit_once(" from ")?.0;
    let known = user.strip_prefix("illegal user ");
    let (method, user, known) = ("keyboard-interactive".to_owned(), known.unwrap_or(user).to_owned(), known.is_none());
    told(Told::Answered { answer: Answer::Failed, method, user, known, peer: Peer::default(), key: None })
}

const FOR: Sought = Sought::new(" for ");

/// An answer, taken apart.
struct Parts<'a> {
    method: &'a str,
    user: &'a str,
    known: bool,
    from: Place<'a>,
    /// What stands behind the protocol: the key.
    key: Option<&'a str>,
    certificate: bool,
}

/// `METHOD for [invalid user ]U from A port P ssh2[: KEY]`
fn parts(rest: &str) -> Option<Parts<'_>> {
    let rest = body(rest);
    // A certificate's name is whatever its authority wrote.
    let dash = memchr::memchr_iter(b'-', rest.as_bytes()).find(|at| rest[*at..].starts_with("-CERT "));
    let certificate = dash.and_then(|at| rest[at..].find(" ID ").map(|id| at + id));
    let near = &rest[..certificate.unwrap_or(rest.len())];
    let end = if near.ends_with(" ssh2") { near.len() - 5 } else { near.rfind(" ssh2: ")? };
    let key = rest.get(end + 7..);
    let (method, who) = FOR.split(&near[..end])?;
    if method.contains(' ') {
        return None;
    }
    let (user, from) = user_placed(who)?;
    let valid = user.strip_prefix("invalid user");
    let user = valid.map_or(user, |user| user.strip_prefix(' ').unwrap_or(user));
    let method = method.split('/').next().unwrap_or(method);
    Some(Parts { method, user, known: valid.is_none(), from, key, certificate: certificate.is_some() })
}

fn answered(answer: Answer, rest: &str) -> Option<Kind> {
    let Parts { method, user, known, from, key: named, .. } = parts(rest)?;
    let (method, user) = (method.to_owned(), user.to_owned());
    told(Told::Answered { answer, method, user, known, peer: kept(from), key: named.and_then(key) })
}

/// A login, but one with a certificate.
fn accepted(rest: &str) -> Option<Brief<'_>> {
    let Parts { method, user, known, from: (address, port), key, certificate } = parts(rest)?;
    let gist = Gist::Accepted { method: Method::of(method)?, key: key.is_some() };
    (known && !certificate).then_some(Brief { gist, user: Some(user), address, port })
}

/// A refusal, but of a key.
fn failed(rest: &str) -> Option<Brief<'_>> {
    let Parts { method, user, known, from: (address, port), key, .. } = parts(rest)?;
    let method = Method::of(method).filter(|method| *method != Method::PublicKey && key.is_none())?;
    Some(Brief { gist: Gist::Failed { method, known }, user: Some(user), address, port })
}

/// `[invalid user ]U from A port P ssh2`, of one who tried too often.
fn too_many(rest: &str) -> Option<(&str, Place<'_>)> {
    let (user, from) = user_placed(body(rest).strip_suffix(" ssh2")?)?;
    Some((user.strip_prefix("invalid user ").unwrap_or(user), from))
}

/// The many lines of auth2-pubkey.c, `userauth_pubkey`.
fn queried(rest: &str) -> Option<Kind> {
    let rest = body(rest);
    let query = |text: &str| -> Option<Kind> { told(Told::Queried { key: key(text)? }) };
    // DEBUG2, from 8.2 on.
    if let Some((who, _)) = rest.rsplit_once(" querying public key ") {
        let (kind, user) = who.split_once(" user ")?;
        return told(Told::Requested { user: user.to_owned(), method: "publickey".to_owned(), known: kind == "valid" });
    }
    if let Some((_, blob)) = rest.split_once(" pkblob ") {
        return query(blob);
    }
    if let Some((_, blob)) = rest.split_once("pkalg/pkblob are acceptable for ") {
        return query(blob);
    }
    if let Some((what, list)) = rest.split_once(" not in PubkeyAccepted") {
        let algorithm = what.rsplit(' ').next().unwrap_or_default();
        let known = list.starts_with("Algorithms") || list.starts_with("KeyTypes");
        return known.then(|| proof("algorithm-not-accepted").subject(algorithm).told())?;
    }
    if let Some(rest) = rest.strip_prefix("certificate signature algorithm ") {
        let (algorithm, _) = rest.split_once(": ")?;
        return proof("cert-signature-algorithm").subject(algorithm).told();
    }
    // An RSA key below 1024 bits is none to it (8.4 on without `could not`).
    if rest.strip_prefix("could not ").unwrap_or(rest) == "parse key: Invalid key length" {
        return proof("key-too-short").told();
    }
    let algorithm = rest.strip_prefix("unsupported public key algorithm: ")?;
    proof("algorithm-not-accepted").subject(algorithm).told()
}

/// auth.c, `allowed_user`, and the process that serves a login.
fn not_allowed(rest: &str) -> Option<Kind> {
    if let Some(process) = rest.strip_prefix("child is on pid ") {
        return told(Told::Child { process: process.trim().to_owned() });
    }
    if let Some(before) = body(rest).strip_suffix(" is not a regular file") {
        let (user, path) = before.split_once(" authorized keys ")?;
        let plain = |text: &str| text.trim_matches('\'').to_owned();
        return proof("authorized-keys-not-regular").user(&plain(user)).subject(plain(path)).told();
    }
    let (who, why) = body(rest).rsplit_once(BECAUSE)?;
    let (reason, subject) = match why {
        "account is locked" => ("account-locked", None),
        _ if list(why).is_some() => ("user-not-allowed", list(why)),
        _ => {
            let shell = why.strip_prefix("shell ")?;
            let path = shell.strip_suffix(" does not exist").or_else(|| shell.strip_suffix(" is not executable"))?;
            ("shell-missing", Some(path))
        }
    };
    let (user, from) = match who.rsplit_once(" from ").filter(|_| reason == "user-not-allowed") {
        Some((user, from)) => (user, from.parse::<core::net::IpAddr>().ok().and_then(|_| peer(from))),
        None => (who, None),
    };
    let proof = proof(reason).user(user).peer(from);
    match subject {
        Some(subject) => proof.subject(subject).told(),
        None => proof.told(),
    }
}

const BECAUSE: &str = " not allowed because ";

/// The list that keeps a user out.
fn list(why: &str) -> Option<&'static str> {
    Some(match why {
        "not listed in AllowUsers" => "AllowUsers",
        "listed in DenyUsers" => "DenyUsers",
        "none of user's groups are listed in AllowGroups" => "AllowGroups",
        "a group is listed in DenyGroups" => "DenyGroups",
        "not in any group" => "a group",
        _ => return None,
    })
}

/// One whom a list keeps out, where the line has the client's address.
fn not_listed(rest: &str) -> Option<Brief<'_>> {
    let rest = body(rest);
    let blank = memchr::memrchr_iter(b' ', rest.as_bytes()).find(|at| rest[*at..].starts_with(BECAUSE))?;
    list(&rest[blank + BECAUSE.len()..])?;
    let (user, (address, port)) = user_placed(&rest[..blank])?;
    address.parse::<core::net::IpAddr>().ok()?;
    Some(Brief { gist: Gist::Proof { reason: "user-not-allowed", ends: false }, user: Some(user), address, port })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Key;

    fn read(line: &str) -> Option<Told> {
        match crate::dialect::read_line(line)? {
            Kind::Server(told) => Some(*told),
            _ => None,
        }
    }

    #[test]
    fn a_users_name_can_not_pass_for_the_rest() {
        let line = "Failed password for invalid user root from 192.0.2.9 port 1 ssh2: x from 192.0.2.1 port 2 ssh2";
        let Some(Told::Answered { user, known, peer, .. }) = read(line) else { panic!("{line}") };
        assert_eq!((known, peer.address.as_str(), peer.port), (false, "192.0.2.1", Some(2)));
        assert!(user.starts_with("root from"), "{user}");
        let line = "Invalid user  from 192.0.2.1 port 2";
        let Some(Told::Proof(proof)) = read(line) else { panic!("{line}") };
        assert_eq!(proof.user.as_deref(), Some(""));
    }

    #[test]
    fn certificates_of_old_releases_have_no_fingerprint_of_their_own() {
        let line =
            "Failed publickey for dev from 192.0.2.1 port 2 ssh2: ED25519-CERT ID dev (serial 7) CA ED25519 SHA256:x";
        let Some(Told::Answered { key: Some(key), .. }) = read(line) else { panic!("{line}") };
        assert_eq!(key, Key { kind: Some("ED25519-CERT".into()), ..Key::default() });
    }
}
