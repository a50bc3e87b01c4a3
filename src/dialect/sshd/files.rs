//! Files of keys, and programs that print keys (auth2-pubkey.c, auth2-pubkeyfile.c, misc.c, `safe_path`).

use super::words::{body, is_place, key, proof, quoted, told};
use crate::dialect::table::{Row, any, any_within};
use crate::model::told::Told;
use crate::model::{KeyType, Kind};

pub(super) const ROWS: &[Row] = &[
    any(
        "Authentication refused: bad ownership or modes for ",
        "Authentication refused: bad ownership or modes for directory /home/dev/.ssh",
        |rest| {
            let rest = body(rest);
            let path = rest.strip_prefix("file ").or_else(|| rest.strip_prefix("directory "))?;
            proof("authorized-keys-modes").subject(path).told()
        },
    )
    .signs(),
    // Windows (PowerShell/openssh-portable, auth.c, `auth_openfile`, 8.1; before it auth_secure_filename): what is wrong with
    // which file stands in the line before.
    any("Authentication refused.", "Authentication refused.", |rest| {
        body(rest).is_empty().then(|| proof("authorized-keys-modes").told())?
    }),
    // The same, contrib/win32/win32compat/w32-sshfileperm.c: DEBUG3, from 8.9 on INFO. Of host keys as well.
    any(
        "Bad permissions. Try removing permissions for user: ",
        "debug3: Bad permissions. Try removing permissions for user: S-1-5-11 on file C:/Users/dev/.ssh/authorized_keys.",
        |rest| {
            let (_, path) = body(rest).rsplit_once(" on file ")?;
            told(Told::Exposed { path: path.strip_suffix('.').unwrap_or(path).to_owned() })
        },
    ),
    any("Bad owner on ", "debug3: Bad owner on C:/Users/dev/.ssh/authorized_keys", |rest| {
        told(Told::Exposed { path: body(rest).to_owned() })
    }),
    // Up to 9.0 at DEBUG1 and without the user.
    any(
        "Could not open ",
        "Could not open user 'dev' authorized keys '/home/dev/.ssh/authorized_keys': Permission denied",
        |rest| {
            let (before, what) = body(rest).split_once("authorized keys ")?;
            if !(before.is_empty() || before.starts_with("user ")) {
                return None;
            }
            let (path, why) = what.rsplit_once(": ")?;
            let path = quoted(path)?;
            match why {
                "No such file or directory" => told(Told::NotOpened { path: path.to_owned(), missing: true }),
                _ => {
                    let proof = proof("authorized-keys-unreadable").subject(path);
                    match before.strip_prefix("user ").and_then(|user| quoted(user)) {
                        Some(user) => proof.user(user).told(),
                        None => proof.told(),
                    }
                }
            }
        },
    )
    .signs(),
    any("trying public key file ", "debug1: trying public key file /home/dev/.ssh/authorized_keys", |rest| {
        told(Told::Looked { path: body(rest).to_owned() })
    })
    .signs(),
    any(
        "auth_check_authkeys_file: ",
        "debug2: auth_check_authkeys_file: /home/dev/.ssh/authorized_keys: processed 1/1 lines",
        counted,
    )
    .signs(),
    any(
        "check_authkeys_file: ",
        "debug2: check_authkeys_file: /home/dev/.ssh/authorized_keys: processed 1/1 lines",
        counted,
    )
    .signs(),
    // 7.4
    any("key not found", "debug2: key not found", |rest| {
        rest.is_empty().then(|| told(Told::Counted { path: None, counts: None }))?
    }),
    any_within(
        ": check options: '",
        "debug2: /home/dev/.ssh/authorized_keys:1: check options: 'sh-ed25519 AAAA dev@laptop\\n'",
        |before, line| {
            let place = place(before)?;
            let of = type_of(line);
            (of.is_some() || !has_key(line)).then(|| told(Told::NotAKey { place, of }))?
        },
    )
    .signs(),
    // Behind its options.
    any_within(
        ": advance: '",
        "debug2: /home/dev/.ssh/authorized_keys:1: advance: 'ssh-ed25519 AAAA dev@laptop\\n'",
        |before, line| told(Told::NotAKey { place: place(before)?, of: Some(type_of(line)?) }),
    )
    .signs(),
    any_within(
        ": matching key found: ",
        "debug1: /home/dev/.ssh/authorized_keys:1: matching key found: ED25519 SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s",
        |before, rest| {
            let place = is_place(before).then(|| before.to_owned())?;
            told(Told::Matched { key: key(body(rest))?, place: Some(place) })
        },
    )
    .signs(),
    // Up to 7.7 (auth2-pubkey.c, `check_authkeys_file`); 6.x without the key.
    any(
        "matching key found: file ",
        "debug1: matching key found: file /home/dev/.ssh/authorized_keys, line 1 ED25519 SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s",
        |rest| {
            let (file, line) = body(rest).rsplit_once(", line ")?;
            let (line, named) = line.split_once(' ').unwrap_or((line, ""));
            let place = Some(format!("{file}:{}", line.parse::<u32>().ok()?));
            told(Told::Matched { key: key(named).unwrap_or_default(), place })
        },
    )
    .signs(),
    any(
        "Unsafe AuthorizedKeysCommand \"",
        "error: Unsafe AuthorizedKeysCommand \"/usr/local/bin/keys\": bad ownership or modes for file /usr/local/bin/keys",
        |rest| {
            let path = body(rest).rsplit_once(" for file ").or_else(|| body(rest).rsplit_once(" for directory "));
            proof("keys-command-modes").subject(path?.1).told()
        },
    )
    .signs(),
    any(
        "AuthorizedKeysCommand ",
        "AuthorizedKeysCommand /usr/local/bin/keys dev failed, status 1",
        |rest| command_failed("keys-command-failed", rest),
    )
    .signs(),
    any(
        "AuthorizedKeysCommandUser \"",
        "error: AuthorizedKeysCommandUser \"keys\" not found: Success",
        |rest| {
            let (user, after) = rest.split_once('"')?;
            after.starts_with(" not found").then(|| proof("keys-command-failed").subject(format!("user {user}")).told())?
        },
    )
    .signs(),
    any(
        "Could not stat AuthorizedKeysCommand \"",
        "error: Could not stat AuthorizedKeysCommand \"/usr/local/bin/keys\": No such file or directory",
        |rest| proof("keys-command-failed").subject(rest.split('"').next()?).told(),
    )
    .signs(),
    any(
        "AuthorizedPrincipalsCommand ",
        "AuthorizedPrincipalsCommand /usr/local/bin/names dev failed, status 1",
        |rest| command_failed("principals-command-failed", rest),
    )
    .signs(),
];

/// `F: processed n/m lines`
fn counted(rest: &str) -> Option<Kind> {
    let (path, counts) = body(rest).rsplit_once(": processed ")?;
    let (keys, lines) = counts.strip_suffix(" lines")?.split_once('/')?;
    let counts = Some((keys.parse().ok()?, lines.parse().ok()?));
    told(Told::Counted { path: Some(path.to_owned()), counts })
}

/// `CMD failed, status N`, `CMD exited on signal N`. What a process says that could not run the command (`execve …`) is
/// of no connection; these come after it.
fn command_failed(reason: &'static str, rest: &str) -> Option<Kind> {
    let rest = body(rest);
    let command = rest
        .split_once(" failed, status ")
        // Up to 6.8.
        .or_else(|| rest.split_once(" returned status "))
        .or_else(|| rest.split_once(" exited on signal "))
        .map(|(command, _)| command)?;
    proof(reason).subject(command.split(' ').next().unwrap_or(command)).told()
}

/// The file and line that sshd says something of, from 7.5 on; before it names its function.
fn place(before: &str) -> Option<Option<String>> {
    let place = is_place(before).then(|| before.to_owned());
    (place.is_some() || before == "user_key_allowed").then_some(place)
}

/// The type that a line begins with, if more follows. A key of another type than the one asked for is looked at for options
/// as a broken one is (auth2-pubkeyfile.c, `auth_check_authkey_line`, with sshkey.c, `sshkey_read`; 7.4 to 10.2).
fn type_of(line: &str) -> Option<&'static str> {
    let (first, rest) = line.split_once([' ', '\t'])?;
    (!rest.trim_start().is_empty()).then(|| KeyType::on_wire(first).map(|kind| kind.name))?
}

/// Key types, as they begin a line of authorized_keys or stand behind its options.
const TYPES: &[&str] = &["ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-", "rsa-sha2-", "webauthn-sk-"];

/// Whether a line that sshd looked at for options has a key behind them.
fn has_key(line: &str) -> bool {
    let mut words = line.split([' ', '\t']).skip(1);
    words.any(|word| TYPES.iter().any(|kind| word.starts_with(kind)))
}
