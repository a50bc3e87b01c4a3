//! Client and server have no algorithm in common.

use crate::model::{Certainty, Change, Finding, Fix, Kind, Outcome};
use crate::rules::draft::Draft;
use crate::rules::rule::{Rule, Stage};
use crate::rules::scene::Scene;

pub(in crate::rules) const RULE: Rule = Rule {
    reasons: &["kex-mismatch"],
    check: Some(check),
    ..Rule::of("kex-mismatch", Stage::Connection, include_str!("../../../docs/causes/kex-mismatch.md"))
};

fn check(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    let ((what, offer), at) = session.last(|kind| match kind {
        Kind::NoCommonAlgorithm { what, offer, .. } => Some((what.as_str(), offer.as_deref())),
        _ => None,
    })?;
    if !scene.ended(Outcome::Kex) {
        return None;
    }
    let option = match what {
        "host key type" => "HostKeyAlgorithms",
        "key exchange method" => "KexAlgorithms",
        "MAC" | "mac" => "MACs",
        _ => "Ciphers",
    };
    // Where the client does not say of which kind, its words have another cause, too: a line that broke just then.
    let certainty = if what == "algorithm" { Certainty::Likely } else { Certainty::Certain };
    let mut draft = Draft::new(scene, certainty, format!("client and server share no {what}"), at).says(format!(
        "{}The two programs are too far apart in age or policy. This is about the connection, not about your key{}.",
        offer.map(|list| format!("The server has only: {list}. ")).unwrap_or_default(),
        if what == "host key type" { ", even where the list says ssh-rsa: that is the server's own key" } else { "" }
    ));
    draft = draft.fix(Fix::step("best: update the older side"));
    let plus = if session.openssh().is_some_and(|release| release < (7, 0)) { "" } else { "+" };
    if let Some(name) = offer.and_then(|list| strongest(option, list, session.openssh())) {
        let change = Change::none().option(format!("{option}={plus}{name}"));
        let block = scene.block().map(|block| block.with(option, format!("{plus}{name}")));
        draft = draft
            .fix(Fix::attempt("for this one connection, allow the best that the server has", change))
            .fixes(block.map(|block| Fix::block("or for this host alone, in ~/.ssh/config", block)));
    }
    draft.done()
}

/// An algorithm of OpenSSH's, the first release that has it and the first that does not any more.
type Known = (&'static str, (u32, u32), Option<(u32, u32)>);

/// Algorithms by option, the strongest first. `none` is no choice, and what was only ever an experiment neither.
const KNOWN: &[(&str, &[Known])] = &[
    (
        "KexAlgorithms",
        &[
            ("mlkem768x25519-sha256", (9, 9), None),
            ("sntrup761x25519-sha512", (9, 9), None),
            ("sntrup761x25519-sha512@openssh.com", (8, 5), None),
            ("curve25519-sha256", (7, 4), None),
            ("curve25519-sha256@libssh.org", (6, 5), None),
            ("ecdh-sha2-nistp521", (5, 7), None),
            ("ecdh-sha2-nistp384", (5, 7), None),
            ("ecdh-sha2-nistp256", (5, 7), None),
            ("diffie-hellman-group18-sha512", (7, 3), None),
            ("diffie-hellman-group16-sha512", (7, 3), None),
            ("diffie-hellman-group-exchange-sha256", (4, 4), None),
            ("diffie-hellman-group14-sha256", (7, 3), None),
            ("diffie-hellman-group14-sha1", (3, 9), None),
            ("diffie-hellman-group-exchange-sha1", (2, 3), None),
            ("diffie-hellman-group1-sha1", (2, 0), None),
        ],
    ),
    (
        "HostKeyAlgorithms",
        &[
            ("ssh-ed25519", (6, 5), None),
            ("ecdsa-sha2-nistp521", (5, 7), None),
            ("ecdsa-sha2-nistp384", (5, 7), None),
            ("ecdsa-sha2-nistp256", (5, 7), None),
            ("rsa-sha2-512", (7, 2), None),
            ("rsa-sha2-256", (7, 2), None),
            ("ssh-rsa", (2, 0), None),
            ("ssh-dss", (2, 0), Some((10, 0))),
        ],
    ),
    (
        "Ciphers",
        &[
            ("chacha20-poly1305@openssh.com", (6, 5), None),
            ("aes256-gcm@openssh.com", (6, 2), None),
            ("aes128-gcm@openssh.com", (6, 2), None),
            ("aes256-ctr", (3, 7), None),
            ("aes192-ctr", (3, 7), None),
            ("aes128-ctr", (3, 7), None),
            ("aes256-cbc", (2, 3), None),
            ("aes192-cbc", (2, 3), None),
            ("aes128-cbc", (2, 3), None),
            ("3des-cbc", (2, 0), None),
            ("blowfish-cbc", (2, 0), Some((7, 6))),
            ("cast128-cbc", (2, 1), Some((7, 6))),
            ("arcfour256", (4, 2), Some((7, 6))),
            ("arcfour128", (4, 2), Some((7, 6))),
            ("arcfour", (2, 0), Some((7, 6))),
        ],
    ),
    (
        "MACs",
        &[
            ("hmac-sha2-512-etm@openssh.com", (6, 2), None),
            ("hmac-sha2-256-etm@openssh.com", (6, 2), None),
            ("umac-128-etm@openssh.com", (6, 2), None),
            ("hmac-sha2-512", (5, 9), None),
            ("hmac-sha2-256", (5, 9), None),
            ("umac-128@openssh.com", (6, 2), None),
            ("hmac-sha1-etm@openssh.com", (6, 2), None),
            ("hmac-sha1", (2, 0), None),
            ("umac-64@openssh.com", (4, 7), None),
            ("hmac-ripemd160", (2, 1), Some((7, 6))),
            ("hmac-sha1-96", (2, 5), None),
            ("hmac-md5", (2, 0), None),
            ("hmac-md5-96", (2, 5), None),
        ],
    ),
];

/// The strongest algorithm of the server's list that the client has, too. Its release unknown, it is a recent one.
fn strongest(option: &str, list: &str, release: Option<(u32, u32)>) -> Option<&'static str> {
    let theirs: Vec<&str> = list.split(',').map(str::trim).collect();
    let (_, known) = KNOWN.iter().find(|(name, _)| *name == option)?;
    known
        .iter()
        .filter(|(_, since, until)| match release {
            Some(release) => release >= *since && until.is_none_or(|until| release < until),
            None => until.is_none(),
        })
        .map(|(name, ..)| *name)
        .find(|name| theirs.contains(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strongest_that_both_know() {
        let list = "diffie-hellman-group1-sha1,diffie-hellman-group14-sha1,none";
        assert_eq!(strongest("KexAlgorithms", list, Some((9, 6))), Some("diffie-hellman-group14-sha1"));
        assert_eq!(strongest("Ciphers", "none,3des-cbc,aes256-cbc,evil", None), Some("aes256-cbc"));
        assert_eq!(strongest("Ciphers", "none", None), None);
        assert_eq!(strongest("Ciphers", "blowfish-cbc", Some((9, 6))), None);
        assert_eq!(strongest("KexAlgorithms", "curve25519-sha256", Some((5, 3))), None);
        assert_eq!(strongest("HostKeyAlgorithms", "ssh-dss", Some((9, 7))), Some("ssh-dss"));
    }
}
