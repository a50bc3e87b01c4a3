//! Key files, the agent and tokens: what ssh has to offer, and what it leaves out.

use super::key_names::{self, file_name, fingerprint_of, is_type, name_key};
use super::words::{at_path, by_name, first_word, sentence};
use crate::dialect::table::{Glue, Row, any, bare, logged, within};
use crate::dialect::words::kind;
use crate::model::{Key, Kind};

pub(super) const ROWS: &[Row] = &[
    logged("identity file ", "debug1: identity file /home/dev/.ssh/id_rsa type 0", identity_file).signs(),
    logged(
        "loaded pubkey from ",
        "debug1: loaded pubkey from /home/dev/.ssh/id_rsa: RSA SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s",
        identity_loaded,
    ),
    logged(
        "loaded identity pubkey from ",
        "debug1: loaded identity pubkey from /home/dev/.ssh/id_rsa: RSA SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s",
        identity_loaded,
    ),
    logged(
        "no such identity: ",
        "debug3: no such identity: /home/dev/.ssh/id_rsa: No such file or directory",
        |rest| no_such_identity(rest, false),
    ),
    any("no such identity: ", "no such identity: /home/dev/.ssh/work: No such file or directory", |rest| {
        no_such_identity(rest, true)
    })
    .signs(),
    logged(
        "could not open key file '",
        "debug1: could not open key file '/home/dev/.ssh/id_rsa': Permission denied",
        |rest| {
            let (path, reason) = rest.split_once("': ")?;
            Some(Kind::LoadKeyFailed { path: file_name(path), reason: reason.trim().to_owned(), public: false })
        },
    ),
    any(
        "Warning: Identity file ",
        "Warning: Identity file /home/dev/.ssh/work not accessible: No such file or directory.",
        |rest| {
            let (path, reason) = rest.split_once(" not accessible: ")?;
            Some(Kind::IdentityMissing { path: file_name(path), reason: sentence(reason), named: true })
        },
    )
    .signs()
    .opens(),
    any("Load key \"", "Load key \"/home/dev/.ssh/id_rsa\": invalid format", |rest| load_failed(rest, false))
        .signs()
        .opens(),
    // ssh-add, in a job that puts a secret's text into the agent.
    bare("Error loading key \"", "Error loading key \"(stdin)\": error in libcrypto", |rest| load_failed(rest, false))
        .signs(),
    bare(
        "Could not open a connection to your authentication agent",
        "Could not open a connection to your authentication agent.",
        |_| Some(Kind::AgentFailed { reason: "ssh-add could not open a connection to the agent".into() }),
    )
    .signs(),
    bare("Error connecting to agent: ", "Error connecting to agent: No such file or directory", |rest| {
        Some(Kind::AgentFailed { reason: sentence(rest) })
    })
    .signs(),
    // ssh-add: ssherr.c's words for an agent that closed the line or sent nonsense.
    bare("error fetching identities: ", "error fetching identities: communication with agent failed", |rest| {
        Some(Kind::AgentFailed { reason: sentence(rest) })
    })
    .signs(),
    // authfd.c up to 6.6.
    any(
        "Error reading response length from authentication socket",
        "Error reading response length from authentication socket.",
        |_| Some(Kind::AgentFailed { reason: "it closed the line without an answer".into() }),
    )
    .signs(),
    // ssh-copy-id has no key to copy.
    within("ssh-copy-id: ERROR: No identities found", "/usr/bin/ssh-copy-id: ERROR: No identities found", |_, _| {
        Some(Kind::AgentEmpty)
    })
    .signs(),
    // ssh-add -l.
    bare("The agent has no identities.", "The agent has no identities.", |rest| {
        rest.trim().is_empty().then_some(Kind::AgentEmpty)
    })
    .signs(),
    bare(
        "Could not add identity \"",
        "Could not add identity \"/home/dev/.ssh/id_rsa\": agent refused operation",
        |rest| {
            let (path, _) = rest.rsplit_once("\": ")?;
            Some(Kind::AgentFailed { reason: format!("{TAKES_NOT}{}", file_name(path)) })
        },
    )
    .signs(),
    // Windows' service.
    bare("unable to start ssh-agent service", "unable to start ssh-agent service, error :1058", |rest| {
        Some(Kind::AgentFailed { reason: format!("unable to start ssh-agent service{}", rest.trim_end()) })
    })
    .signs(),
    any("load pubkey \"", "load pubkey \"/home/dev/.ssh/id_rsa\": invalid format", |rest| load_failed(rest, true)),
    any("Permissions ", "Permissions 0644 for '/home/dev/.ssh/id_rsa' are too open.", too_open)
        .signs()
        .wraps(is_open_ended),
    any("bad permissions: ignore key: ", "bad permissions: ignore key: /home/dev/.ssh/id_rsa", |rest| {
        Some(Kind::TooOpen { path: file_name(rest) })
    }),
    logged("get_agent_identities: ", "debug1: get_agent_identities: agent returned 2 keys", agent).signs(),
    // Their beginning is what a paste loses first.
    any("et_agent_identities: ", "et_agent_identities: agent returned 2 keys", agent),
    any("t_agent_identities: ", "t_agent_identities: agent returned 2 keys", agent),
    logged("pubkey_prepare: ignoring ", "debug1: pubkey_prepare: ignoring agent key: Invalid key length", ignored),
    logged("pubkey_prepare: ", "debug1: pubkey_prepare: ssh_get_authentication_socket: Connection refused", agent),
    logged("ssh_fetch_identitylist: ", "debug1: ssh_fetch_identitylist: agent contains no identities", agent_error),
    logged(
        "ignoring authenticator-hosted key ",
        "debug1: ignoring authenticator-hosted key /home/dev/.ssh/id_sk as no SecurityKeyProvider has been specified",
        ignored_authenticator,
    ),
    logged(
        "load_identity_file: Skipping key ",
        "debug1: load_identity_file: Skipping key /home/dev/.ssh/id_rsa: Invalid key length",
        |rest| {
            let (path, reason) = rest.rsplit_once(": ")?;
            Some(Kind::Skipped { key: at_path(path), reason: reason.trim().to_owned() })
        },
    ),
    logged(
        "key \"",
        "debug1: key \"/home/dev/.ssh/id_sk\" is an authenticator-hosted key, but no provider specified",
        |rest| {
            let (path, reason) = rest.split_once("\" is an authenticator-hosted key, ")?;
            Some(Kind::SecurityKeyTrouble { path: Some(file_name(path)), reason: reason.trim().to_owned() })
        },
    ),
    logged("internal security key support not enabled", "debug1: internal security key support not enabled", |_| {
        Some(security_key("internal security key support not enabled"))
    }),
    any("sk_sign: couldn't find device", "sk_sign: couldn't find device with touch request", |_| {
        Some(security_key("no device holds this key"))
    }),
    any("Provider \"", "Provider \"/lib/sk.so\" dlopen failed: cannot open shared object file", |rest| {
        rest.contains(" dlopen failed").then(|| security_key(format!("Provider \"{}", rest.trim())))
    }),
    any("provider ", "provider /lib/p11.so returned no slots", provider_trouble),
    any("lib_contains_symbol: open ", "lib_contains_symbol: open /lib/sk.so: No such file or directory", |rest| {
        Some(security_key(rest.trim()))
    }),
    any("PKCS#11 login failed", "PKCS#11 login failed: incorrect PIN", |rest| {
        Some(token(format!("PKCS#11 login failed{}", rest.trim_end())))
    }),
    any("C_Login failed: ", "C_Login failed: 160", |rest| Some(token(format!("C_Login failed: {}", rest.trim())))),
    any("C_Sign failed: ", "C_Sign failed: 257", |rest| Some(token(format!("C_Sign failed: {}", rest.trim())))),
    any("C_FindObjectsInit failed", "C_FindObjectsInit failed: 257", |rest| {
        Some(token(format!("C_FindObjectsInit failed{}", rest.trim_end())))
    }),
    any("dlopen ", "dlopen /lib/p11.so failed: cannot open shared object file", |rest| {
        Some(token(format!("dlopen {}", rest.trim())))
    }),
    any("pkcs11_add_provider", "pkcs11_add_provider: provider /lib/p11.so returned no keys", |rest| {
        Some(token(format!("pkcs11_add_provider{}", rest.trim_end())))
    }),
    any("no pkcs11 (valid) provider", "no pkcs11 (valid) provider found", |rest| {
        Some(token(format!("no pkcs11 (valid) provider{}", rest.trim_end())))
    }),
    any("no support for PKCS#11", "no support for PKCS#11.", |_| Some(token("no support for PKCS#11"))),
    any("cannot find private key", "cannot find private key", |_| Some(token("cannot find private key"))),
    any("need pin entry", "need pin entry on reader keypad", |_| {
        Some(token("the token wants a PIN and there is no way to ask"))
    }),
    any("no pin specified", "no pin specified", |_| Some(token("no PIN was given"))),
    any("Skipping ", "Skipping ssh-dss key /home/dev/.ssh/id_dsa - not in PubkeyAcceptedKeyTypes", skipping),
    any("Skipped ", "Skipped ssh-rsa key /home/dev/.ssh/id_rsa for RSA/MD5 server", skipping),
    logged(
        "Will attempt key: ",
        "debug1: Will attempt key: /home/dev/.ssh/id_rsa RSA SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s agent",
        |rest| {
            let named = key_names::named(rest);
            Some(Kind::Planned { key: named.key, explicit: named.explicit, token: named.token })
        },
    )
    .signs(),
    logged("key: ", "debug2: key: /home/dev/.ssh/id_rsa (0x5581), explicit, agent", planned_old),
];

/// An agent that would not take a key, before the key's file.
const TAKES_NOT: &str = "it would not take ";

fn security_key(reason: impl Into<String>) -> Kind {
    Kind::SecurityKeyTrouble { path: None, reason: reason.into() }
}

fn token(reason: impl Into<String>) -> Kind {
    Kind::TokenTrouble { reason: reason.into() }
}

fn identity_file(rest: &str) -> Option<Kind> {
    let (path, number) = rest.rsplit_once(" type ")?;
    Some(Kind::IdentityFile { path: file_name(path), loaded: !number.trim_start().starts_with('-') })
}

fn identity_loaded(rest: &str) -> Option<Kind> {
    let (path, key) = rest.split_once(": ")?;
    let mut words = key.split_whitespace();
    let kind = words.next().filter(|kind| is_type(kind))?.to_owned();
    let fingerprint = words.next().and_then(fingerprint_of);
    Some(Kind::IdentityLoaded { key: Key { kind: Some(kind), fingerprint, ..at_path(path) } })
}

fn no_such_identity(rest: &str, named: bool) -> Option<Kind> {
    let (path, reason) = rest.rsplit_once(": ").unwrap_or((rest, "No such file or directory"));
    Some(Kind::IdentityMissing { path: file_name(path), reason: sentence(reason), named })
}

fn load_failed(rest: &str, public: bool) -> Option<Kind> {
    let (path, reason) = rest.rsplit_once("\": ")?;
    Some(Kind::LoadKeyFailed { path: file_name(path), reason: sentence(reason), public })
}

/// `0644 for 'PATH' are too open.`; Windows names no mode.
fn too_open(rest: &str) -> Option<Kind> {
    let path = rest.split_once("for '")?.1.split_once("' are too open")?.0;
    // A server says the same of its own keys.
    if crate::dialect::sshd::is_host_key(path) {
        return None;
    }
    Some(Kind::TooOpen { path: file_name(path) })
}

/// Whether a console broke this line off, in the path or in the words behind it.
fn is_open_ended(rest: &str) -> Option<Glue> {
    const REST: &str = " are too open";
    let path = rest.split_once("for '")?.1;
    let Some((_, behind)) = path.rsplit_once('\'') else { return Some(Glue::Nothing) };
    let behind = behind.trim_end();
    let broken = behind.len() < REST.len() && REST.starts_with(behind);
    let at_blank = REST[behind.len().min(REST.len())..].starts_with(' ');
    broken.then_some(if at_blank { Glue::Blank } else { Glue::Nothing })
}

fn agent(rest: &str) -> Option<Kind> {
    if rest.contains("agent contains no identities") {
        return Some(Kind::AgentEmpty);
    }
    if let Some(count) = rest.strip_prefix("agent returned ") {
        return Some(Kind::AgentCount { count: first_word(count).parse().ok()? });
    }
    rest.strip_prefix("ssh_get_authentication_socket: ")
        .or_else(|| rest.strip_prefix("ssh_fetch_identitylist: "))
        .and_then(agent_error)
}

fn agent_error(rest: &str) -> Option<Kind> {
    if rest.contains("agent contains no identities") {
        return Some(Kind::AgentEmpty);
    }
    Some(Kind::AgentFailed { reason: sentence(rest) })
}

/// What `pubkey_prepare` leaves out.
fn ignored(rest: &str) -> Option<Kind> {
    if let Some(rest) = rest.strip_prefix("authenticator-hosted key ") {
        return ignored_authenticator(rest);
    }
    let (name, reason) = rest.rsplit_once(": ")?;
    let name = name.trim_start_matches("agent ").trim_end_matches(" key").trim();
    Some(Kind::Skipped { key: by_name(name, true), reason: sentence(reason) })
}

fn ignored_authenticator(rest: &str) -> Option<Kind> {
    let (path, _) = rest.split_once(" as no SecurityKeyProvider")?;
    Some(Kind::SecurityKeyTrouble {
        path: Some(file_name(path)),
        reason: "no SecurityKeyProvider has been specified".into(),
    })
}

/// `PATH (0x5581…)[, explicit][, agent]` or `PATH (0x…), explicit`; `(nil)` or `(0x0)`: no public half.
fn planned_old(rest: &str) -> Option<Kind> {
    let open = rest.rfind(" (")?;
    let marks = rest[open..].split_once(')')?.1;
    let mut key = Key::default();
    let agent = marks.contains("agent");
    key.agent = Some(agent);
    name_key(&mut key, &rest[..open], agent && !marks.contains("explicit"));
    Some(Kind::Planned { key, explicit: marks.contains("explicit"), token: false })
}

fn provider_trouble(rest: &str) -> Option<Kind> {
    if rest.contains("is not an OpenSSH FIDO library") {
        return Some(security_key(format!("provider {}", rest.trim())));
    }
    (rest.contains(" returned no keys") || rest.contains(" returned no slots"))
        .then(|| token(format!("provider {}", rest.trim())))
}

/// `KEYTYPE key PATH - corresponding algorithm not in …`
fn skipping(rest: &str) -> Option<Kind> {
    let (wire, rest) = rest.split_once(" key ")?;
    let (path, reason) =
        rest.rsplit_once(" - ").or_else(|| rest.rsplit_once(" for ")).or_else(|| rest.rsplit_once(": "))?;
    let mut key = Key { kind: kind(wire), ..Key::default() };
    name_key(&mut key, path, true);
    Some(Kind::Skipped { key, reason: sentence(reason) })
}

#[cfg(test)]
mod tests {
    use crate::dialect::read_line;
    use crate::model::Kind;

    /// The words are `sshkey_ssh_name`'s: a type's name on the wire.
    #[test]
    fn a_skipped_key_is_of_any_type() {
        for (wire, kind) in [
            ("ssh-dss", "DSA"),
            ("ecdsa-sha2-nistp384", "ECDSA"),
            ("sk-ssh-ed25519@openssh.com", "ED25519-SK"),
            ("ssh-rsa-cert-v01@openssh.com", "RSA-CERT"),
            ("ssh-mldsa44-ed25519@openssh.com", "MLDSA44-ED25519"),
        ] {
            let line = format!(
                "Skipping {wire} key /home/dev/.ssh/id - corresponding algorithm not in PubkeyAcceptedAlgorithms"
            );
            let skipped = match read_line(&line) {
                Some(Kind::Skipped { key, .. }) => key.kind,
                _ => None,
            };
            assert_eq!(skipped.as_deref(), Some(kind));
        }
    }
}
