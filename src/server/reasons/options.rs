//! Options before a key in authorized_keys, and what a key must be.

use super::ground::{ALGORITHMS, Ground, command};
use super::places::Place;
use super::reason::{Proven, Reason, by_line, proofs};
use crate::model::fix::Piece;
use crate::model::{Certainty, Fix};

pub(super) const REASONS: &[Reason] = &[
    Reason::of(
        "key-revoked",
        "the key is revoked",
        "The key stands in the server's list of revoked keys.",
    )
    .fixes(|ground| vec![
        Fix::step("use another key").on_server(),
        ground.on_path("or see the list, if it was revoked by mistake", "sudo ssh-keygen -l -Q -f"),
    ].into_iter().chain(off_the_list(ground)).collect()),
    Reason::of(
        "revoked-keys-file",
        "the list of revoked keys can't be read, so that every key is refused",
        "RevokedKeys names a file that can't be read. sshd then refuses every key of everybody.",
    )
    .fixes(|ground| vec![ground.on_place("make the file, empty if nothing is revoked", "sudo touch", Place::Revoked)]),
    Reason::of(
        "key-option-from",
        "the from= of the key's line keeps the client out",
        "The key is the right one, and its line in authorized_keys has a from= that does not name the client's address. \
         A range that can't be read (10.0.0.0/33, 10.0.0.5/8) refuses every address.",
    )
    .unlike("a certificate's line says `valid certificate`")
    .fixes(|ground| {
        if let Some(entry) = ground.subject.filter(|subject| subject.contains(['/', ' '])) {
            let step = format!("mend `{entry}` in the from= of the key's line, no host bits in a network and no blanks: it spoils the list");
            return vec![Fix::step(step).on_server()];
        }
        let title = match ground.subject.or(ground.client()) {
            Some(address) => format!("add {address} to the from= of the key's line; names need UseDNS yes"),
            None => "add the client's address to the from= of the key's line".to_owned(),
        };
        let change = ground.client().filter(|address| !address.contains('%')).map(|address| format!("from=\"/from=\"{address},"));
        let changed = change.and_then(|change| ground.line_changed(&title, ground.place, &change));
        vec![changed.unwrap_or_else(|| Fix::step(title).on_server())]
    }),
    Reason::of(
        "key-expired",
        "the key's line in authorized_keys has expired",
        "The key is the right one, and its line has an expiry-time= that is past.",
    )
    .shows("DEBUG1; INFO says only that an option of the line refused it")
    .prove(|id, session| {
        let refused = || by_line("key-option-refuses", session).map(|proven| Proven { certainty: Certainty::Likely, ..proven });
        let other = proofs(session).any(|(proof, _)| proof.reason == "key-option-from");
        by_line(id, session).or_else(|| refused().filter(|_| !other))
    })
    .fixes(|ground| vec![
        ground.on_path("see the key's line", "sudo grep -n expiry-time"),
        ground
            .line_changed("give the line a later date", ground.subject, "expiry-time=\"[^\"]*\"/expiry-time=\"20991231\"")
            .unwrap_or_else(|| Fix::step("give the line a later expiry-time=, or none").on_server()),
    ]),
    Reason::of(
        "key-options-bad",
        "an option before the key can't be read",
        "The options before a key in authorized_keys are not ones that this sshd knows, or a quote is missing: the whole \
         line is passed over. Values stand in double quotes.",
    )
    .shows("INFO up to 7.4, DEBUG1 later; an unclosed quote INFO")
    .fixes(|ground| vec![
        match ground.subject.filter(|place| place.starts_with('/')) {
            Some(place) => Fix::step(format!("mend the options at {place}")).on_server(),
            None => Fix::step("mend the options of the line").on_server(),
        },
        ground.on_place("see the lines", "sudo cat -n", Place::AnyKeys),
    ]),
    Reason::of(
        "algorithm-not-accepted",
        "sshd takes no such signatures",
        "PubkeyAcceptedAlgorithms of sshd_config does not have the kind of signature that the client would make. Up to 8.9 \
         the log names the key's type even where the signature's was meant.",
    )
    .shows("INFO; from 9.6 on never for RSA, since the client already knows")
    .fixes(|ground| vec![
        ground.settings("see what is taken", ALGORITHMS),
        Fix::step("best: make a new key, ssh-keygen -t ed25519").on_server(),
        match ground.subject.filter(|name| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-@.".contains(&byte))) {
            Some(name) => ground.matched("or take it from this user", "PubkeyAcceptedAlgorithms", &format!("+{name}")),
            None => Fix::step("or add it to PubkeyAcceptedAlgorithms").on_server(),
        },
    ]),
    Reason::of(
        "key-too-short",
        "the RSA key is too short",
        "sshd takes no RSA keys below RequiredRSASize, which is 1024 bits unless it was raised.",
    )
    .shows("INFO from 9.1 on")
    .fixes(|ground| vec![
        Fix::step("best: make a new key, ssh-keygen -t ed25519"),
        command("see the limit", vec![Piece::Own("sudo sshd -T | grep -i requiredrsasize")]),
        ground.matched("or take it from this user; below 1024 bits none is taken", "RequiredRSASize", "1024"),
    ]),
];

/// Of a list of keys in lines, all but the one that was refused.
fn off_the_list(ground: &Ground<'_>) -> Option<Fix> {
    let (list, print) = (ground.place(Place::Revoked)?.to_owned(), ground.fingerprint?.to_owned());
    let pieces = vec![
        Piece::Own(
            "sudo sh -c 'grep -q ^SSHKRL \"$1\" || { while IFS= read -r line; do printf \"%s\\n\" \"$line\" | \
             ssh-keygen -lf - 2>/dev/null | grep -qF -e \"$2\" || printf \"%s\\n\" \"$line\"; done < \"$1\" > \"$1.new\" && \
             mv \"$1.new\" \"$1\"; }' -",
        ),
        Piece::Word(list),
        Piece::Word(print),
    ];
    Some(command("and take it off, where the list is one of public keys", pieces))
}
