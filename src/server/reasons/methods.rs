//! Methods, factors, tries.

use super::accounts::keeps_out;
use super::ground::{KEYS, METHODS};
use super::reason::{Bearing, Proven, Reason, by_line, lines, told};
use crate::model::told::{Answer, End, Told};
use crate::model::{Certainty, Fix, Outcome, Session};

pub(super) const REASONS: &[Reason] = &[
    Reason::of(
        "max-auth-tries",
        "too many keys were tried before the right one",
        "sshd ended the connection after MaxAuthTries refusals; each key that a client offers counts.",
    )
    .prove(|id, session| {
        // No key is the right one for a user who can't log in.
        let never = |told: &Told| matches!(told, Told::Proof(proof) if keeps_out(proof.reason));
        let invalid = told(session).any(|(told, _)| told.is_of_an_invalid_user() || never(told));
        let proven = by_line(id, session).or_else(|| cut(session, "Too many authentication failures"));
        proven.filter(|_| !invalid)
    })
    .fixes(|_| vec![
        Fix::step("at the client: offer one key only, ssh -o IdentitiesOnly=yes -i KEY"),
        Fix::block("or allow more tries", crate::model::Block::for_all().with("MaxAuthTries", "10")).on_server(),
    ]),
    Reason::of(
        "signature-unverified",
        "the key is good, and its signature is not",
        "sshd knows the key, and could not verify what the client signed with it: the client's library, agent or token signs \
         wrongly or by another algorithm, or the server's system forbids this one (`error in libcrypto`: RSA with SHA-1 or a \
         short key under a crypto policy or FIPS).",
    )
    .shows("DEBUG3")
    .fixes(|_| vec![
        Fix::step("at the client: try a key of another type, ed25519, and without the agent"),
        Fix::step("if it is an error in libcrypto: see what the system's crypto policy forbids").on_server(),
    ]),
    Reason::of(
        "pubkey-disabled",
        "no key may be used",
        "PubkeyAuthentication is `no` in a Match block that applies to this user: sshd looks at no key.",
    )
    .shows("DEBUG3 where a Match block says so; otherwise never")
    .unlike("a client with PubkeyAuthentication no offers none")
    .prove(|_, session| off(session, "PubkeyAuthentication"))
    .fixes(|ground| vec![
        ground.settings("see whether keys are on for this user", KEYS),
        // In front of the block that turns it off: the first counts.
        ground.matched(
            "let this user use keys: above the Match block that turns it off",
            "PubkeyAuthentication",
            "yes",
        ),
    ]),
    Reason::of(
        "method-config",
        "AuthenticationMethods asks for a method that is off",
        "AuthenticationMethods asks for a method that sshd_config turns off elsewhere: nobody to whom it applies can log \
         in. Outside a Match block sshd does not even start.",
    )
    .prove(|id, session| by_line(id, session).or_else(|| cut(session, "no authentication methods enabled")))
    .fixes(|ground| vec![
        ground.settings("see what is asked for, and what is on", METHODS),
        Fix::step("turn that method on for these users, or take it from AuthenticationMethods").on_server(),
    ]),
    Reason::of(
        "verification-code",
        "the verification code was wrong",
        "PAM asked for a one-time code, and the one that was given is not right: the clock of the server or of the telephone is \
         off, the code was used before, or the account's secret is another.",
    )
    .shows("INFO, by PAM's own line, which only syslog gets")
    .fixes(|_| vec![
        Fix::script("see whether the server's clock is right", "timedatectl").on_server(),
        Fix::step("at the client: wait for the next code, and give that"),
    ]),
    Reason::of(
        "second-factor",
        "the key was good, and a second factor was not given",
        "AuthenticationMethods asks for more than the key. The same key twice does not do.",
    )
    .shows("VERBOSE; the same key twice INFO")
    .prove(|id, session| {
        let partial = |told: &Told| matches!(told, Told::Answered { answer: Answer::Partial, .. });
        let lines = lines(session, partial);
        let wanted = session.outcome != Outcome::Authenticated && !lines.is_empty();
        let partial = wanted.then_some(Proven { certainty: Certainty::Certain, subject: None, lines });
        by_line(id, session).or(partial)
    })
    .fixes(|ground| vec![
        Fix::step("at the client: give the second factor that is asked for"),
        ground.settings("see what is asked for", METHODS),
        ground.matched("or let the key alone do for this user", "AuthenticationMethods", "publickey"),
    ]),
    Reason::of(
        "grace-time",
        "it took longer than LoginGraceTime to log in",
        "sshd ends a connection that has not logged in within LoginGraceTime, 120 seconds unless it was set.",
    )
    .shows("INFO; by some builds never")
    .prove(|_, session| {
        let lines = lines(session, |told| matches!(told, Told::TimedOut { .. }));
        (!lines.is_empty()).then_some(Proven { certainty: Certainty::Certain, subject: None, lines })
    })
    .fixes(|_| vec![
        Fix::step("at the client: answer prompts for a passphrase sooner, or load the key into an agent"),
        Fix::block("or give more time", crate::model::Block::for_all().with("LoginGraceTime", "120")).on_server(),
    ]),
    Reason::of(
        "password-refused",
        "the password was refused",
        "The password was wrong, or this account may not use one: for root with `prohibit-password` the log is the same.",
    )
    .bears(&[Bearing::Follows, Bearing::Guess])
    .prove(|_, session| {
        let password = |told: &Told| match told {
            Told::Answered { answer: Answer::Failed, method, .. } => method != "publickey" && method != "none",
            _ => false,
        };
        let keys = told(session).any(|(told, _)| matches!(told, Told::Looked { .. }) || matches!(told, Told::Proof(_)));
        let lines: Vec<_> = lines(session, password).into_iter().take(3).collect();
        let refused = session.outcome != Outcome::Authenticated && !lines.is_empty() && session.offered.is_empty() && !keys;
        refused.then_some(Proven { certainty: Certainty::Certain, subject: None, lines })
    })
    .fixes(|ground| vec![ground.settings("see which methods this user may use", METHODS)]),
];

/// A setting for this user turns something off; of several the first counts.
fn off(session: &Session, keyword: &str) -> Option<Proven> {
    let of = |told: &Told| matches!(told, Told::Setting { keyword: other, .. } if other.eq_ignore_ascii_case(keyword));
    let (first, at) = told(session).find(|(told, _)| of(told))?;
    let is_off = matches!(first, Told::Setting { value, .. } if value.eq_ignore_ascii_case("no"));
    let refused = session.outcome != Outcome::Authenticated && session.accepted.is_none();
    (is_off && refused).then(|| Proven { certainty: Certainty::Certain, subject: None, lines: vec![at.clone()] })
}

/// sshd ended the connection with these words.
fn cut(session: &Session, words: &str) -> Option<Proven> {
    let ended = |told: &Told| matches!(told, Told::Ended { end: End::Cut(text), .. } if text.starts_with(words));
    let lines = lines(session, ended);
    (!lines.is_empty()).then_some(Proven { certainty: Certainty::Certain, subject: None, lines })
}
