//! The file is not a private key that ssh can read.

use crate::model::facts::{Problem, damage};
use crate::model::fix::Piece;
use crate::model::path::is_of_windows;
use crate::model::{At, Capability, Certainty, Change, Finding, Fix, Kind, Step};
use crate::rules::draft::Draft;
use crate::rules::here;
use crate::rules::identities::files::{
    accepted_before, failing, is_of_certificate, is_of_last_try, is_passing, is_public, is_puttys, lives,
};
use crate::rules::rule::{Rule, Stage};
use crate::rules::scene::Scene;

pub(in crate::rules) const RULE: Rule = Rule {
    explains: &["no-identity", "identity-permissions", "key-rejected"],
    check: Some(check),
    problem: Some(|problem| matches!(problem, Problem::Invalid(_))),
    capabilities: &[Capability::OpenSshFormat, Capability::Pem, Capability::Ppk],
    ..Rule::of("identity-invalid", Stage::Identities, include_str!("../../../docs/causes/identity-invalid.md"))
};

/// What ssh says of a file that is no key it can read.
const INVALID: &[&str] = &[
    "invalid format",
    "error in libcrypto",
    "unknown or unsupported key type",
    "key encrypted using unsupported cipher",
    "string is too large",
    "incomplete message",
    "unexpected internal error",
    "key type does not match",
    "bad format",
    DIRECTORY,
];

/// What the system says of a directory that is read as a file.
const DIRECTORY: &str = "Is a directory";

/// What `ssh-keygen -s` calls the certificate of a key: the key's name, and this.
const CERTIFICATE: &str = "-cert.pub";

fn check(scene: &Scene<'_>) -> Option<Finding> {
    unreadable(scene).or_else(|| of_putty(scene))
}

/// A file called as PuTTY's, for which ssh wanted a passphrase: releases up to 7.5 take what they can't read for encrypted.
fn of_putty(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    if scene.is_foreign() || !scene.refused() {
        return None;
    }
    let asked = |step: &Step| matches!(step, Step::Prompted | Step::NoPassphrase | Step::Unasked);
    let (path, at) = lives(session).find_map(|offer| {
        let path = offer.key.file().filter(|path| is_puttys(path))?;
        offer.steps.iter().rev().find(|(step, _)| asked(step)).map(|(_, at)| (path, at))
    })?;
    Draft::new(
        scene,
        Certainty::Likely,
        format!("{path} is PuTTY's by its name, which {} can't read", scene.client()),
        at,
    )
    .says(format!("Releases up to 7.5 want the passphrase of any file that they can't read. {PUTTYS}"))
    .fix(converted(path))
    .done()
}

/// Why a key of PuTTY's helps ssh nothing.
const PUTTYS: &str = "OpenSSH reads no key in PuTTY's format, with or without its passphrase; puttygen writes the same key in OpenSSH's.";

/// How a key of PuTTY's becomes one that ssh reads, beside it.
fn converted(path: &str) -> Fix {
    let beside = format!("{path}.openssh");
    Fix::run(
        "make an OpenSSH key of it, and name that to ssh",
        &["puttygen", path, "-O", "private-openssh", "-o", &beside],
    )
}

fn unreadable(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    let invalid = |reason: &str| match scene.is_foreign() {
        true => !reason.contains("ermission denied") && !is_of_certificate(reason),
        false => INVALID.iter().any(|text| reason.starts_with(text)),
    };
    let ((path, reason), at) = failing(scene, |kind| match kind {
        Kind::LoadKeyFailed { path, reason, public: false } if invalid(reason) => {
            Some((path.as_str(), reason.as_str()))
        }
        Kind::TooOpen { path } if is_public(path) => Some((path.as_str(), "it is a public key")),
        // Its modes are the first that ssh complains of.
        Kind::TooOpen { path } if of_damage(scene, path) == Some(damage::FOLDER) => Some((path.as_str(), DIRECTORY)),
        _ => None,
    })?;
    // What is not there can't be read, either.
    if path.is_empty() && session.any(|kind| matches!(kind, Kind::IdentityMissing { .. })) {
        return None;
    }
    if path.is_empty() {
        // A client that tries one file as several types of key names the last, after the server refused the first.
        // An exception alone does not tell whether there was an offer.
        let refused_mostly = is_of_last_try(reason) && !session.verbose();
        return ((session.offered.is_empty() || session.accepted.is_some()) && !refused_mostly)
            .then(|| unnamed(scene, reason, at))
            .flatten();
    }
    let before = accepted_before(scene, path);
    // The public half was fit to be offered: what keeps the private one shut is its passphrase, mostly.
    if scene.is_foreign() && before.is_some() {
        return None;
    }
    let client = scene.client();
    let retired = is_retired(scene, path);
    let doubt = reason.to_ascii_lowercase().contains("wrong passphrase")
        || reason.starts_with("no word about the file")
        || retired;
    let certainty = if doubt { Certainty::Likely } else { Certainty::Certain };
    let what = if is_passing(path) { "what came on standard input" } else { path };
    let draft = Draft::new(scene, certainty, format!("{what} is not a private key that {client} can read"), at)
        .and(scene, before);
    let registered =
        if before.is_some() { " The server had accepted its public half, so it is registered there." } else { "" };
    if let Some(private) = path.strip_suffix(CERTIFICATE) {
        return Draft::new(scene, Certainty::Certain, format!("{path} is a certificate, not a private key"), at)
            .says(format!(
                "A certificate vouches for a key and can't sign. ssh takes the one that lies beside a key, under the key's name and \
                 -cert.pub, by itself.{}",
                if before.is_some() { " With IdentitiesOnly it asks no agent for a key that no IdentityFile names." } else { "" }
            ))
            .fix(match before {
                // From the file, if there is one, or from the agent.
                Some(_) => Fix::attempt(
                    "name the private key, or let the agent sign",
                    Change::none().key(private).option(format!("CertificateFile={path}")).option("IdentitiesOnly=no"),
                ),
                None => Fix::attempt("name the private key; its certificate comes along", Change::none().key(private)),
            })
            .done();
    }
    if reason.starts_with(DIRECTORY) {
        return Draft::new(scene, Certainty::Certain, format!("{path} is a directory, not a private key"), at)
            .says("Docker makes an empty directory where a file that is to be mounted does not exist.")
            .fix(Fix::run("see what is in it, and name the key file itself", &["ls", "-l", path]))
            .done();
    }
    if is_public(path) {
        let private = path.trim_end_matches(".pub");
        let draft = draft.says("This is the public half. ssh needs the private one to sign with; the public half in its place helps only if the agent holds the key.");
        if of_damage(scene, path) == Some(damage::LONE_PUBLIC) {
            let step = format!(
                "find the private half, which is not at {private}: put it there, or load it into the agent with ssh-add"
            );
            return draft.fact(path, damage::LONE_PUBLIC).fix(Fix::step(step)).done();
        }
        return draft.fix(Fix::attempt("name the private key, without .pub", Change::none().key(private))).done();
    }
    if is_puttys(path) && !scene.is_foreign() {
        return draft.says(format!("{client} says: {reason}. {PUTTYS}{registered}")).fix(converted(path)).done();
    }
    if retired {
        return draft
            .says(format!(
                "ssh says: {reason}. By its name it is a DSA key, and this release mostly comes without DSA: it says the same of a \
                 DSA key that is whole, and of a file that is damaged."
            ))
            .fix(Fix::script("make an ed25519 key and register it", "ssh-keygen -t ed25519"))
            .fix(Fix::run("or look whether it is one: this names its type", &["ssh-keygen", "-l", "-f", path]))
            .done();
    }
    let known = of_damage(scene, path);
    let says = match known {
        Some(damage::FOLDER) => format!("{path} is a folder, and its modes are the first that {client} complains of."),
        Some(why) => format!("{client} says: {reason}. The reason: {why}.{registered}"),
        None if scene.is_foreign() => format!("{client} says: {reason}.{registered}"),
        None => format!(
            "{client} says: {reason}. Mostly the file came through a secret or a copy that lost its line ends, added \
             Windows ones, or lost the last one; or it is a PuTTY key (.ppk), a public key, or empty.{registered}"
        ),
    };
    // PuTTY names the format that it knows, and does not read.
    if scene.is_foreign() && reason.contains("OpenSSH SSH-2 private key") {
        return draft
            .says(format!("{says} The file is whole, and in OpenSSH's format."))
            .fix(Fix::step("write it in PuTTY's format: puttygen FILE -O private -o FILE.ppk, or PuTTYgen's Conversions > Import key"))
            .done();
    }
    let look = match is_passing(path) {
        true => Fix::step("keep it in a file, and see what is wrong with that: ssh-keygen -y -P '' -f FILE"),
        false => Fix::run("see what is wrong with it", &["ssh-keygen", "-y", "-P", "", "-f", path]),
    };
    if let Some(fixes) = known.and_then(|known| mended(known, path)) {
        return draft.says(says).fixes(fixes).fix(look).done();
    }
    draft
        .says(says)
        .fix(look)
        .fix(Fix::step("write it again with its line ends, and one at the end: printf '%s\\n' \"$SSH_KEY\" > FILE"))
        .fix(Fix::step("make an OpenSSH key of a PuTTY one: puttygen FILE.ppk -O private-openssh -o FILE").of_openssh())
        .done()
}

/// Whether a file is called as DSA keys are, and ssh is of a release that is built without them: by default since 9.8, at
/// all since 10.0.
fn is_retired(scene: &Scene<'_>, path: &str) -> bool {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path).to_ascii_lowercase();
    scene.session().openssh().is_some_and(|release| release >= (9, 8))
        && name.contains("dsa")
        && !name.contains("ecdsa")
}

/// A client that does not say which of its keys it could not read.
fn unnamed(scene: &Scene<'_>, reason: &str, at: &At) -> Option<Finding> {
    let name = scene.client();
    Draft::new(scene, Certainty::Likely, format!("the key is none that {name} can read"), at)
        .and(scene, scene.session().end.iter())
        .says(format!(
            "{name} says: {reason}. It does not name the file. Mostly it is of another format than this client reads, \
             encrypted in one that it can't open, a public key, or a file that lost its line ends on the way."
        ))
        .fix(Fix::step("look at the file's first line, and at what ssh-keygen -y -f FILE says of it"))
        .done()
}

/// What mends a file whose damage is known.
fn mended(known: &str, path: &str) -> Option<Vec<Fix>> {
    // The copy is nobody else's from the beginning, and takes the file's place when it is whole.
    let rewritten = |title: &str, program: &'static str| {
        let word = || Piece::Word(path.to_owned());
        let copy = || Piece::Word(format!("{path}.new"));
        let line = vec![
            Piece::Own("(umask 077 &&"),
            Piece::Own(program),
            Piece::Own("<"),
            word(),
            Piece::Own(">"),
            copy(),
            Piece::Own("&& mv"),
            copy(),
            word(),
            Piece::Own(")"),
        ];
        Fix::bourne(title, line)
    };
    if is_of_windows(path) || is_passing(path) {
        return None;
    }
    Some(vec![match known {
        damage::CR_LF => rewritten("take Windows' line ends out of it", "tr -d '\\r'"),
        damage::BYTE_ORDER_MARK => rewritten("take out the mark, its first three bytes", "tail -c +4"),
        damage::INDENTED => rewritten("take the blanks out from before its lines", "sed 's/^[[:space:]]*//'"),
        damage::SPELT_ENDS => rewritten("make line ends of what spells them", "awk '{gsub(/\\\\n/,\"\\n\")}1'"),
        damage::NO_LAST_END => {
            Fix::bourne("end its last line", vec![Piece::Own("echo >>"), Piece::Word(path.to_owned())])
        }
        damage::PUTTY => converted(path),
        damage::EMPTY => Fix::step("put the key into it again, or name another: nothing of a key is in it"),
        _ => return None,
    }])
}

/// A file's own damage, where the log says only that ssh can't read it.
fn of_damage<'a>(scene: &Scene<'a>, path: &str) -> Option<&'a str> {
    here::file(scene, path)?.problems.iter().find_map(|problem| match problem {
        Problem::Invalid(why) => Some(why.as_str()),
        _ => None,
    })
}
