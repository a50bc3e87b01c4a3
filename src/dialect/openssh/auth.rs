//! Authentication: methods, offers and what became of them, signatures, prompts.

use super::key_names::{self, file_name, is_type, name_key};
use super::words::{first_word, sentence, user_host};
use crate::dialect::table::{Glue, Row, any, bare, logged, within};
use crate::model::key::is_fingerprint;
use crate::model::{Key, Kind};

pub(super) const ROWS: &[Row] = &[
    logged("SSH2_MSG_SERVICE_ACCEPT received", "debug1: SSH2_MSG_SERVICE_ACCEPT received", |_| {
        Some(Kind::ServiceAccepted)
    }),
    logged("service_accept: ssh-userauth", "debug2: service_accept: ssh-userauth", |_| Some(Kind::ServiceAccepted)),
    logged(
        "kex_input_ext_info: server-sig-algs=",
        "debug1: kex_input_ext_info: server-sig-algs=<ssh-ed25519,rsa-sha2-256>",
        sig_algs,
    ),
    logged(
        "kex_ext_info_client_parse: server-sig-algs=",
        "debug1: kex_ext_info_client_parse: server-sig-algs=<ssh-ed25519,rsa-sha2-256>",
        sig_algs,
    ),
    logged(
        "Authentications that can continue: ",
        "debug1: Authentications that can continue: publickey,password",
        |rest| Some(Kind::Methods { list: methods(rest) }),
    )
    .late()
    .signs()
    .wraps(|rest| (!rest.trim().is_empty() && methods(rest).is_empty()).then_some(Glue::Nothing)),
    logged("Next authentication method: ", "debug1: Next authentication method: publickey", |rest| {
        Some(Kind::NextMethod { method: rest.split_whitespace().next()?.to_owned() })
    })
    .signs(),
    logged(
        "Offering public key",
        "debug1: Offering public key: /home/dev/.ssh/id_rsa RSA SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s",
        |rest| Some(offering(None, rest.strip_prefix(':').unwrap_or(rest))),
    )
    .signs()
    .wraps(key_names::goes_on),
    logged("Offering ", "debug1: Offering RSA public key: /home/dev/.ssh/id_rsa", |rest| {
        let (kind, rest) = rest.split_once(" public key:")?;
        is_type(kind).then(|| offering(Some(kind), rest))
    })
    .signs(),
    logged("Trying private key: ", "debug1: Trying private key: /home/dev/.ssh/id_rsa", |rest| {
        Some(Kind::TryingPrivate { path: file_name(rest) })
    })
    .signs(),
    logged(
        "send_pubkey_test: no mutual signature algorithm",
        "debug1: send_pubkey_test: no mutual signature algorithm",
        |_| Some(Kind::NoMutualAlgorithm),
    ),
    within(
        "You're using an RSA key with SHA-1, which is no longer allowed",
        "ERROR: You're using an RSA key with SHA-1, which is no longer allowed. Please use a newer client",
        |_, _| Some(Kind::NoMutualAlgorithm),
    ),
    logged(
        "Server accepts key",
        "debug1: Server accepts key: /home/dev/.ssh/id_rsa RSA SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s",
        |rest| server_accepts(rest.strip_prefix(':').unwrap_or(rest)),
    )
    .signs()
    .wraps(key_names::goes_on),
    logged(
        "input_userauth_pk_ok: fp ",
        "debug2: input_userauth_pk_ok: fp SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s",
        |rest| Some(Kind::AcceptedFingerprint { fingerprint: first_word(rest) }),
    ),
    any("sign_and_send_pubkey: ", "sign_and_send_pubkey: signing failed: agent refused operation", signing).signs(),
    any(
        "identity_sign: private key ",
        "identity_sign: private key /home/dev/.ssh/id_rsa contents do not match public",
        |rest| {
            let path = rest.split_once(" contents do not match public")?.0;
            Some(Kind::PublicMismatch { path: file_name(path) })
        },
    )
    .signs(),
    any("Agent admitted failure to sign using the key", "Agent admitted failure to sign using the key.", |_| {
        Some(Kind::AgentRefused { key: Key::default() })
    })
    .inside_if(|rest| rest.trim_end() == "."),
    any(
        "agent key ",
        "agent key RSA SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s returned incorrect signature type",
        |rest| {
            let (key, _) = rest.split_once(" returned incorrect signature type")?;
            let (kind, print) = key.split_once(' ')?;
            let kind = is_type(kind).then(|| kind.to_owned());
            let fingerprint = key_names::fingerprint_of(print);
            Some(Kind::AgentRefused { key: Key { kind, fingerprint, agent: Some(true), ..Key::default() } })
        },
    ),
    logged("sshsk_sign: sk_sign failed", "debug1: sshsk_sign: sk_sign failed with code -4", |rest| {
        Some(Kind::SecurityKeyTrouble { path: None, reason: format!("sk_sign failed{rest}") })
    }),
    logged(
        "ssh_sk_sign: fido_dev_get_assert: ",
        "debug1: ssh_sk_sign: fido_dev_get_assert: FIDO_ERR_PIN_INVALID",
        |rest| {
            (!rest.contains("USER_PRESENCE_REQUIRED"))
                .then(|| Kind::SecurityKeyTrouble { path: None, reason: rest.trim().to_owned() })
        },
    ),
    any(
        "Confirm user presence for key ",
        "Confirm user presence for key ED25519-SK SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s",
        |rest| Some(Kind::PresenceWanted { key: key_names::named(&format!("… {rest}")).key }),
    ),
    any("Enter passphrase for key '", "Enter passphrase for key '/home/dev/.ssh/id_rsa': ", passphrase_prompt)
        .signs()
        .opens(),
    // ssh-add.
    any("Bad passphrase, try again for ", "Bad passphrase, try again for /home/dev/.ssh/id_rsa: ", |_| {
        Some(Kind::PassphraseRefused)
    })
    .also(|line| Some(Kind::PassphrasePrompt { path: named_last(line.split_once(" for ")?.1)? }))
    .signs(),
    any("Enter passphrase for ", "Enter passphrase for RSA key '/home/dev/.ssh/id_rsa': ", passphrase_prompt),
    any("ssh_askpass: posix_spawn", "ssh_askpass: posix_spawnp: Unknown error", |rest| {
        Some(Kind::NoTerminal { reason: format!("ssh_askpass: posix_spawn{}", rest.trim_end()) })
    })
    .signs(),
    any("CreateProcessW failed error:", "CreateProcessW failed error:193", |rest| {
        Some(Kind::NoTerminal { reason: format!("CreateProcessW failed error:{}", rest.trim_end()) })
    }),
    any("ssh_askpass: exec(", "ssh_askpass: exec(/usr/bin/ssh-askpass): No such file or directory", |rest| {
        Some(Kind::NoTerminal { reason: format!("ssh_askpass: exec({}", rest.trim()) })
    }),
    logged(
        "read_passphrase: can't open ",
        "debug1: read_passphrase: can't open /dev/tty: No such device or address",
        |rest| Some(Kind::NoTerminal { reason: format!("can't open {}", rest.trim()) }),
    ),
    logged("read_passphrase: stdin is not a tty", "debug1: read_passphrase: stdin is not a tty", |_| {
        Some(Kind::NoTerminal { reason: "stdin is not a tty".into() })
    }),
    logged("no passphrase given, try next key", "debug2: no passphrase given, try next key", |_| {
        Some(Kind::PassphraseRefused)
    }),
    logged("bad passphrase given, try again", "debug2: bad passphrase given, try again...", |_| {
        Some(Kind::PassphraseRefused)
    }),
    // 6.7 to 7.7 name no file here: it is the one that is being tried.
    logged("key_load_private_type: Permission denied", "debug1: key_load_private_type: Permission denied", |_| {
        Some(Kind::LoadKeyFailed { path: String::new(), reason: "Permission denied".into(), public: false })
    }),
    logged(
        "key_load_private_type: incorrect passphrase supplied",
        "debug1: key_load_private_type: incorrect passphrase supplied to decrypt private key",
        |_| Some(Kind::PassphraseRefused),
    ),
    logged("Authentication succeeded (", "debug1: Authentication succeeded (publickey).", |rest| {
        Some(Kind::Succeeded { method: rest.split(')').next()?.to_owned() })
    })
    .signs(),
    any("Authenticated to ", "Authenticated to box ([192.0.2.1]:22) using \"publickey\".", authenticated_to)
        .late()
        .signs()
        .opens()
        .wraps(|rest| {
            rest.split_once("using \"").is_some_and(|(_, rest)| !rest.contains('"')).then_some(Glue::Nothing)
        }),
    any("Authenticated using \"", "Authenticated using \"publickey\" with partial success.", |rest| {
        let (method, rest) = rest.split_once('"')?;
        rest.contains("partial success").then(|| Kind::Partial { method: Some(method.to_owned()) })
    })
    .signs(),
    any("Authenticated with partial success", "Authenticated with partial success.", |_| {
        Some(Kind::Partial { method: None })
    })
    .signs(),
    logged("No more authentication methods to try", "debug1: No more authentication methods to try.", |_| {
        Some(Kind::NoMoreMethods)
    })
    .signs(),
    bare("Permission denied, please try again", "Permission denied, please try again.", |_| {
        Some(Kind::PasswordRefused)
    }),
    bare("Permission denied (", "Permission denied (publickey,password).", |rest| denied(None, rest)).late().inside_if(
        |rest| {
            let list = methods(rest.split(')').next().unwrap_or_default());
            !list.is_empty() && list.iter().all(|method| METHODS.contains(&method.as_str()))
        },
    ),
    within(": Permission denied (", "dev@box: Permission denied (publickey,password).", |before, after| {
        denied(Some(before), after)
    })
    .late()
    .signs()
    .opens(),
    // As programs that run ssh spell it.
    bare("Permission Denied (", "Permission Denied (publickey,password).", |rest| only_ssh_s(None, rest)),
    within(": Permission Denied (", "dev@box: Permission Denied (publickey,password).", |before, after| {
        only_ssh_s(Some(before), after)
    })
    .signs(),
    // keyboard-interactive: the client itself names the account before the server's words (8.9 on).
    within(") Password:", "(dev@box) Password: ", |before, _| question(before)),
    within(") Verification code:", "(dev@box) Verification code: ", |before, _| question(before)),
    within(") One-time password", "(dev@box) One-time password (OATH) for `dev': ", |before, _| question(before)),
    within(") Duo two-factor login", "(dev@box) Duo two-factor login for dev", |before, _| question(before)),
    within("'s password:", "dev@box's password: ", |before, _| Some(password_prompt(before))).opens(),
];

fn sig_algs(rest: &str) -> Option<Kind> {
    Some(Kind::ServerSigAlgs { list: rest.trim().trim_matches(['<', '>']).to_owned() })
}

/// Methods that servers offer (RFC 4252, 4256, 4462).
const METHODS: &[&str] = &[
    "publickey",
    "password",
    "keyboard-interactive",
    "hostbased",
    "gssapi-with-mic",
    "gssapi-keyex",
    "gssapi",
    "none",
];

/// A list of methods. One that was cut, in the middle of a name, proves nothing and is empty.
pub(super) fn methods(list: &str) -> Vec<String> {
    let methods: Vec<String> = list
        .split([',', ' ', ')'])
        .map(|method| method.trim_end_matches(['.', '`', '\'', '"']).trim())
        .take_while(|method| {
            !method.is_empty() && method.chars().all(|c| c.is_ascii_alphanumeric() || "-@._".contains(c))
        })
        .map(str::to_owned)
        .collect();
    let cut = |method: &String| {
        !METHODS.contains(&method.as_str()) && METHODS.iter().any(|known| known.starts_with(method.as_str()))
    };
    if list.trim_end().ends_with(',') || methods.last().is_some_and(cut) { Vec::new() } else { methods }
}

fn offering(kind: Option<&str>, rest: &str) -> Kind {
    if let Some(kind) = kind {
        // 5.6 to 7.5: the type stands before, and nothing stands behind the name.
        let mut key = Key { kind: Some(kind.to_owned()), ..Key::default() };
        name_key(&mut key, rest, false);
        return Kind::Offering { key, explicit: false, token: false };
    }
    let named = key_names::named(rest);
    Kind::Offering { key: named.key, explicit: named.explicit, token: named.token }
}

/// `pkalg ssh-rsa blen 279` (up to 7.8), or a key as in an offer.
fn server_accepts(rest: &str) -> Option<Kind> {
    let rest = rest.trim();
    if rest.is_empty() || rest.starts_with("pkalg") || rest.starts_with("pkblob") {
        return Some(Kind::ServerAccepts { key: None });
    }
    Some(Kind::ServerAccepts { key: Some(key_names::named(rest).key) })
}

/// All that `sign_and_send_pubkey` says (sshconnect2.c).
fn signing(rest: &str) -> Option<Kind> {
    if rest.starts_with("no mutual signature supported") {
        return Some(Kind::NoMutualAlgorithm);
    }
    if let Some(trouble) = rest.strip_prefix("signing failed") {
        let (of, reason) = trouble.rsplit_once(": ").unwrap_or((trouble, ""));
        let mut key = Key::default();
        if let Some((kind, rest)) = of.trim_start_matches(" for ").split_once(" \"") {
            key.kind = is_type(kind).then(|| kind.to_owned());
            let (name, from) = rest.rsplit_once('"').unwrap_or((rest, ""));
            key.agent = Some(from.contains("from agent"));
            name_key(&mut key, name, from.contains("from agent"));
        }
        let reason = sentence(reason);
        return Some(if reason == "agent refused operation" {
            Kind::AgentRefused { key }
        } else {
            Kind::SigningFailed { key, reason }
        });
    }
    let rest =
        rest.strip_prefix("using ").and_then(|rest| rest.split_once(" with ").map(|(_, key)| key)).unwrap_or(rest);
    let (kind, print) = rest.split_once(' ')?;
    let print = first_word(print);
    (is_type(kind) && is_fingerprint(&print)).then(|| Kind::Signing { kind: Some(kind.to_owned()), fingerprint: print })
}

/// `'/path': ` or `RSA key '/path': `
fn passphrase_prompt(rest: &str) -> Option<Kind> {
    let rest = rest.split_once('\'').filter(|(before, _)| before.ends_with("key ")).map_or(rest, |(_, rest)| rest);
    let path = rest.rsplit_once("':").map(|(path, _)| path).or_else(|| rest.strip_suffix('\''));
    let path = path.map(str::to_owned).or_else(|| named_last(rest))?;
    // Prompts are printed as they are, without escapes.
    Some(Kind::PassphrasePrompt { path })
}

/// `/path: `, as ssh-add asks; it may add `(will confirm each use)`.
fn named_last(rest: &str) -> Option<String> {
    let path = rest.trim_end().strip_suffix(':')?;
    let path = path.split_once(" (will confirm").map_or(path, |(path, _)| path);
    (!path.is_empty() && !path.contains(' ')).then(|| path.to_owned())
}

/// `HOST ([ADDRESS]:PORT).`, `HOST (via proxy) using "publickey".`
fn authenticated_to(rest: &str) -> Option<Kind> {
    let (host, rest) = rest.split_once(" (")?;
    let (peer, rest) = rest.split_once(')')?;
    let (address, port) = peer.rsplit_once(':').map_or((None, None), |(address, port)| {
        let address = address.trim_matches(['[', ']']);
        let known = !address.is_empty() && address != "UNKNOWN";
        (known.then(|| address.trim().to_owned()), port.parse().ok())
    });
    let method = rest.split_once("using \"").and_then(|(_, rest)| rest.split('"').next()).map(str::to_owned);
    Some(Kind::AuthenticatedTo { host: host.trim().to_owned(), address, port, method })
}

/// `publickey,password).`, behind `[USER@HOST: ]Permission denied (`.
fn denied(who: Option<&str>, rest: &str) -> Option<Kind> {
    let list = methods(rest.split_once(')')?.0);
    if list.is_empty() {
        return None;
    }
    let (user, host) = match who {
        Some(who) => match user_host(who) {
            Some((user, host)) => (user, Some(host)),
            // In another program's sentence; only ssh's own list has nothing but methods.
            None if list.iter().all(|method| METHODS.contains(&method.as_str())) => (None, None),
            None => return None,
        },
        None => (None, None),
    };
    Some(Kind::Denied { user, host, methods: list })
}

/// As [`denied`], if the list holds nothing but methods: the words alone are not ssh's.
fn only_ssh_s(who: Option<&str>, rest: &str) -> Option<Kind> {
    let list = methods(rest.split_once(')')?.0);
    list.iter().all(|method| METHODS.contains(&method.as_str())).then(|| denied(who, rest))?
}

/// `(USER@HOST`
fn question(before: &str) -> Option<Kind> {
    let (user, host) = user_host(before.strip_prefix('(')?)?;
    Some(Kind::PasswordPrompt { user, host: Some(host) })
}

fn password_prompt(before: &str) -> Kind {
    let who = user_host(before.trim_end_matches(')'));
    let (user, host) = who.map_or((None, None), |(user, host)| (user, Some(host)));
    Kind::PasswordPrompt { user, host }
}

#[cfg(test)]
mod tests {
    use crate::dialect::read_line;
    use crate::model::{Key, Kind};

    fn read(line: &str) -> Kind {
        read_line(line).unwrap_or_else(|| panic!("nothing read in {line}"))
    }

    #[test]
    fn success_in_each_release() {
        assert!(matches!(read("Authenticated to github.com ([140.82.112.4]:22) using \"publickey\"."),
            Kind::AuthenticatedTo { method: Some(method), port: Some(22), .. } if method == "publickey"));
        assert!(matches!(
            read("Authenticated to inner (via proxy)."),
            Kind::AuthenticatedTo { method: None, address: None, .. }
        ));
        assert!(matches!(read("debug1: Authentication succeeded (publickey)."), Kind::Succeeded { .. }));
    }

    #[test]
    fn signing_failures() {
        assert!(matches!(
            read("sign_and_send_pubkey: signing failed: agent refused operation"),
            Kind::AgentRefused { .. }
        ));
        assert!(
            matches!(read("sign_and_send_pubkey: signing failed for ED25519-SK \"/home/dev/.ssh/id_sk\": device not found"),
            Kind::SigningFailed { key: Key { kind: Some(kind), .. }, reason } if kind == "ED25519-SK" && reason == "device not found")
        );
    }
}
