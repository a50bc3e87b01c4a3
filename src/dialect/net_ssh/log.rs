//! What the library's logger writes, at debug.

use super::failure::{is_about_passphrase, said};
use crate::dialect::table::{Row, any};
use crate::dialect::words::{between, md5, methods};
use crate::model::{Key, Kind};

pub(super) const ROWS: &[Row] = &[
    any(
        "establishing connection to ",
        "D, [2026-11-27T09:08:17.5 #263] DEBUG -- net.ssh.transport.session[21c]: establishing connection to box.example:2222",
        |rest| {
            let (host, port) = rest.split(' ').next()?.rsplit_once(':')?;
            Some(Kind::Connecting { host: Some(host.to_owned()), address: None, port: port.parse().ok() })
        },
    ),
    any(
        "connection established",
        "D, [2026-11-27T09:08:17.5 #263] DEBUG -- net.ssh.transport.session[21c]: connection established",
        |_| Some(Kind::Established),
    )
    .common(),
    any(
        "local is `",
        "D, [2026-11-27T09:08:17.5 #263] DEBUG -- net.ssh.transport.server_version[230]: local is `SSH-2.0-Ruby/Net::SSH_7.0.1 x86_64-linux-gnu'",
        |rest| Some(Kind::ClientSoftware { version: identification(rest)?.split(' ').next()?.to_owned() }),
    ),
    any(
        "remote is `",
        "D, [2026-11-27T09:08:17.5 #263] DEBUG -- net.ssh.transport.server_version[230]: remote is `SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u10'",
        |rest| Some(Kind::RemoteSoftware { software: identification(rest)?.to_owned() }),
    ),
    any(
        "beginning authentication of `",
        "D, [2026-11-27T09:08:17.6 #263] DEBUG -- net.ssh.authentication.session[26c]: beginning authentication of `dev'",
        |rest| Some(Kind::User { user: rest.trim_end().strip_suffix('\'')?.to_owned() }),
    ),
    any(
        "allowed methods: ",
        "D, [2026-11-27T09:08:17.7 #263] DEBUG -- net.ssh.authentication.session[26c]: allowed methods: publickey",
        |rest| Some(Kind::Methods { list: methods(rest) }),
    )
    .common(),
    any(
        "trying publickey (",
        "D, [2026-11-27T09:08:17.7 #263] DEBUG -- net.ssh.authentication.methods.publickey[2bc]: trying publickey (aa:80:15:34:c7:f9:9a:ec:bc:0e:82:2e:cd:05:68:5c)",
        |rest| {
            let key = Key { fingerprint: md5(rest), ..Key::default() };
            Some(Kind::Offering { key, explicit: false, token: false })
        },
    ),
    any(
        "trying ",
        "D, [2026-11-27T09:08:17.7 #263] DEBUG -- net.ssh.authentication.session[26c]: trying publickey",
        |method| (!method.contains(' ')).then(|| Kind::NextMethod { method: method.to_owned() }),
    )
    .common(),
    // RFC 4252 §7: SSH_MSG_USERAUTH_PK_OK. Other methods have other messages of that number.
    any(
        "received packet nr ",
        "D, [2026-11-27T09:08:17.7 #263] DEBUG -- socket[258]: received packet nr 7 type 60 len 92",
        |rest| (between(rest, "type ", " ") == Some("60")).then_some(Kind::ServerAccepts { key: None }),
    )
    .common(),
    any(
        "publickey succeeded",
        "D, [2026-11-27T09:08:17.7 #263] DEBUG -- net.ssh.authentication.methods.publickey[2bc]: publickey succeeded (aa:80:15:34:c7:f9:9a:ec:bc:0e:82:2e:cd:05:68:5c)",
        |_| succeeded("publickey"),
    )
    .common(),
    any(
        "password succeeded",
        "D, [2026-11-27T09:08:17.7 #263] DEBUG -- net.ssh.authentication.methods.password[2bc]: password succeeded",
        |_| succeeded("password"),
    )
    .common(),
    any(
        "keyboard-interactive succeeded",
        "D, [2026-11-27T09:08:17.7 #263] DEBUG -- net.ssh.authentication.methods.keyboard_interactive[2bc]: keyboard-interactive succeeded",
        |_| succeeded("keyboard-interactive"),
    )
    .common(),
    any(
        "none succeeded",
        "D, [2026-11-27T09:08:17.7 #263] DEBUG -- net.ssh.authentication.methods.none[280]: none succeeded",
        |_| succeeded("none"),
    )
    .common(),
    any(
        "all authorization methods failed (tried ",
        "E, [2026-11-27T09:08:22.9 #265] ERROR -- net.ssh.authentication.session[26c]: all authorization methods failed (tried none, publickey)",
        |rest| Some(Kind::Attempted { methods: methods(rest.trim_end().trim_end_matches(')')) }),
    ),
    any(
        "could not connect to ssh-agent: ",
        "E, [2026-11-27T09:08:22.9 #265] ERROR -- net.ssh.authentication.agent[294]: could not connect to ssh-agent: No such file or directory - connect(2) for /tmp/agent",
        // The second is how it calls that SSH_AUTH_SOCK is unset, which is no fault.
        |reason| (reason != "Agent not configured").then(|| Kind::AgentFailed { reason: reason.trim_end().to_owned() }),
    ),
    any(
        "could not load private key file `",
        "E, [2026-11-27T09:08:28.8 #270] ERROR -- net.ssh.authentication.key_manager[294]: could not load private key file `/home/dev/.ssh/id_rsa': OpenSSL::PKey::PKeyError (Could not parse PKey: unsupported)",
        |rest| {
            let (path, reason) = rest.split_once("': ")?;
            let (path, reason) = (path.to_owned(), said(reason).to_owned());
            Some(if is_about_passphrase(&reason) {
                Kind::PassphrasePrompt { path }
            } else {
                Kind::LoadKeyFailed { path, reason, public: false }
            })
        },
    ),
];

fn identification(rest: &str) -> Option<&str> {
    rest.trim_end().trim_end_matches('\'').strip_prefix("SSH-2.0-")
}

fn succeeded(method: &str) -> Option<Kind> {
    Some(Kind::Succeeded { method: method.to_owned() })
}
