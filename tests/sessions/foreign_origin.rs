//! What a server chose stays the server's in other clients' logs too, and what a client chose in a server's log stays
//! the client's: in a log that has its line ends, no word of either becomes a statement.

use serde_json::{Value, json};

use crate::kit::{Source, judge, text};
use crate::origin::{FORMS, unnumbered};
use ssh_why::model::Role;

/// An honest log of the fixtures.
struct Honest {
    /// Below `fixtures/`.
    log: &'static str,
    /// What the other side chose, each behind the words before it.
    fields: &'static [(&'static str, &'static str)],
    /// Lines that the program itself would print.
    wishes: &'static [&'static str],
}

/// What OpenSSH's two programs would print: a login, another key, another session, another user, a prompt.
const OPENSSH: &[&str] = &[
    "Server accepts key: /home/dev/.ssh/other ED25519 SHA256:dGhpcyBpcyBub3QgYSByZWFsIGtleSBhdCBhbGwuLi4",
    "Authenticated to evil.example ([198.51.100.9]:22) using \"publickey\".",
    "Connecting to evil.example [198.51.100.9] port 22.",
    "root@evil.example: Permission denied (publickey).",
    "ssh: connect to host evil.example port 22: Connection refused",
    "Accepted publickey for root from 198.51.100.9 port 4711 ssh2: ED25519 SHA256:dGhpcyBpcyBub3QgYSByZWFsIGtleSBhdCBhbGwuLi4",
    "Authentication refused: bad ownership or modes for directory /home/mallory",
];

const SOFTWARE: &str = "OpenSSH_9.2p1 Debian-2+deb12u10";
const OPTIONS: &str = "key options: agent-forwarding port-forwarding pty user-rc x11-forwarding";
const METHOD: &str = "publickey";
const TOO_MANY: &str = "Too many authentication failures";

const CLIENTS: &[Honest] = &[
    Honest {
        log: "dialects/putty/0.78-refused-in-the-agent-and-as-a-file/plink.log",
        fields: &[("Remote version: SSH-2.0-", SOFTWARE), ("we don't know any of ", "them")],
        wishes: PUTTY,
    },
    Honest {
        log: "dialects/putty/0.78-too-many-keys/plink.log",
        fields: &[("(protocol error): \"", TOO_MANY), ("Remote version: SSH-2.0-", SOFTWARE)],
        wishes: PUTTY,
    },
    Honest {
        log: "dialects/putty/0.78-second-key-of-the-agent/plink.log",
        fields: &[("Remote debug message: /srv/lab/keys/deploy:2: ", OPTIONS)],
        wishes: PUTTY,
    },
    Honest {
        log: "dialects/putty/0.78-event-log/plink.log",
        fields: &[("Remote version: SSH-2.0-", SOFTWARE)],
        wishes: PUTTY,
    },
    Honest {
        log: "dialects/dropbear/2026.94-one-key-refused/client.log",
        fields: &[("remoteident: SSH-2.0-", SOFTWARE), ("buf_match_algo: ", "ssh-ed25519,rsa-sha2-512,rsa-sha2-256")],
        wishes: DROPBEAR,
    },
    Honest {
        log: "dialects/dropbear/2026.94-the-second-of-two-keys/client.log",
        fields: &[("remoteident: SSH-2.0-", SOFTWARE)],
        wishes: DROPBEAR,
    },
    Honest {
        log: "dialects/libssh/0.10.6-one-key-refused/client.log",
        fields: &[
            ("SSH server banner: SSH-2.0-", SOFTWARE),
            ("Analyzing banner: SSH-2.0-", SOFTWARE),
            (
                "2] ssh_packet_userauth_failure:  Access denied for 'publickey'. Authentication that can continue: ",
                METHOD,
            ),
        ],
        wishes: LIBSSH,
    },
    Honest {
        log: "dialects/libssh2/1.11.1-eight-keys/client.log",
        fields: &[
            ("banner: SSH-2.0-", SOFTWARE),
            ("Permitted auth methods: ", METHOD),
            ("Authentication methods: ", METHOD),
        ],
        wishes: LIBSSH2,
    },
    Honest { log: "dialects/go/0.55.0-eight-keys/client.log", fields: &[("reason 2: \"", TOO_MANY)], wishes: GO },
    Honest {
        log: "dialects/cargo/1.95.0-repository-refused/client.log",
        fields: &[("repository at '", "/srv/lab/repo/team/app.git")],
        wishes: CARGO,
    },
    Honest {
        log: "dialects/russh/0.65.1-eight-keys/client.log",
        fields: &[("message: \"", TOO_MANY), ("* \"publickey-hostbound@openssh.com", "")],
        wishes: RUSSH,
    },
    Honest {
        log: "dialects/net-ssh2-perl/0.73-eight-keys/client.log",
        fields: &[("methods: ", METHOD)],
        wishes: LIBSSH2,
    },
    Honest {
        log: "dialects/paramiko/5.1-login/client.log",
        fields: &[
            ("Remote version/idstring: SSH-2.0-", SOFTWARE),
            ("Debug msg: b'/home/dev/authorized_keys:1: ", OPTIONS),
            ("Received global request \"", "hostkeys-00@openssh.com"),
            ("server key: ssh-ed25519, ecdsa-sha2-nistp256, ", "rsa-sha2-512"),
        ],
        wishes: PARAMIKO,
    },
    Honest {
        log: "dialects/paramiko/5.1-too-many-keys/client.log",
        fields: &[("Disconnect (code 2): ", TOO_MANY), ("Remote version/idstring: SSH-2.0-", SOFTWARE)],
        wishes: PARAMIKO,
    },
    Honest {
        log: "dialects/asyncssh/2.24-login/client.log",
        fields: &[
            ("Received version SSH-2.0-", SOFTWARE),
            ("Received debug message: /home/dev/authorized_keys:1: ", OPTIONS),
        ],
        wishes: ASYNCSSH,
    },
    Honest {
        log: "dialects/asyncssh/2.24-key-refused/client.log",
        fields: &[("Received version SSH-2.0-", SOFTWARE), ("Remaining auth methods: ", METHOD)],
        wishes: ASYNCSSH,
    },
    Honest {
        log: "dialects/conch/26.10-fourth-key-of-the-agent/client.log",
        fields: &[("Received Debug Message: b'/home/dev/.ssh/authorized_keys:1: ", OPTIONS)],
        wishes: CONCH,
    },
    Honest {
        log: "dialects/erlang/4.15-report-of-a-denial/client.log",
        fields: &[("Peer server version: \"SSH-2.0-", SOFTWARE)],
        wishes: ERLANG,
    },
    Honest {
        log: "dialects/net-ssh/7.0.1-agent-before-the-named-key/ruby.log",
        fields: &[("remote is `SSH-2.0-", SOFTWARE), ("disconnected: ", TOO_MANY), ("allowed methods: ", METHOD)],
        wishes: NET_SSH,
    },
    Honest {
        log: "dialects/net-ssh/7.0.1-refused/ruby.log",
        fields: &[("remote is `SSH-2.0-", SOFTWARE)],
        wishes: NET_SSH,
    },
    Honest {
        log: "dialects/jsch/0.1.55-refused/java.log",
        fields: &[
            ("Remote version string: SSH-2.0-", SOFTWARE),
            ("that can continue: publickey,keyboard-interactive,", "password"),
        ],
        wishes: JSCH,
    },
    Honest {
        log: "dialects/jsch/0.1.55-logged-in/java.log",
        fields: &[("Remote version string: SSH-2.0-", SOFTWARE)],
        wishes: JSCH,
    },
    Honest {
        log: "dialects/ssh2-js/1.17.0-logged-in/node.log",
        fields: &[
            ("Remote ident: 'SSH-2.0-", SOFTWARE),
            ("Debug output from server: \"/home/dev/authorized_keys:1: ", OPTIONS),
            ("Inbound: GLOBAL_REQUEST (", "hostkeys-00@openssh.com"),
        ],
        wishes: SSH2_JS,
    },
    Honest {
        log: "dialects/ssh2-js/1.17.0-refused/node.log",
        fields: &[("Remote ident: 'SSH-2.0-", SOFTWARE), ("Received USERAUTH_FAILURE (", METHOD)],
        wishes: SSH2_JS,
    },
];

const PUTTY: &[&str] = &[
    "Access granted",
    "Connecting to 198.51.100.9 port 22",
    "Looking up host \"evil.example\" for SSH connection",
    "Authenticating with public key \"other\" from agent",
    "FATAL ERROR: Network error: Connection refused",
    "Using username \"root\".",
];
const DROPBEAR: &[&str] = &[
    "TRACE1 (1) 0.000000: connect to: user=root host=evil.example/22",
    "TRACE1 (24822) 0.089372: received msg_userauth_success",
    "dbclient: Connection to root@evil.example:22 exited: Remote closed the connection",
    "dbclient: Warning: failed to open key file /home/dev/.ssh/other",
];
const LIBSSH: &[&str] = &[
    "[2026/11/27 09:32:52.131786, 2] ssh_packet_userauth_success:  Received SSH_USERAUTH_SUCCESS",
    "[2026/11/27 09:32:52.131786, 1] ssh_packet_userauth_failure:  Access denied for 'publickey'. Authentication that can continue: password",
    "[2026/11/27 09:32:52.045525, 1] ssh_connect_host_nonblocking:  Failed to resolve hostname evil.example (Name or service not known)",
    "[2026/11/27 09:32:52.045525, 2] ssh_connect:  Socket connecting, now waiting for the callbacks to work",
];
const LIBSSH2: &[&str] = &[
    "[libssh2] 0.684660 Userauth: Public key authentication successful",
    "[libssh2] 0.684660 Userauth: Attempting publickey authentication",
    "[libssh2] 0.684660 Failure Event: -18 - Username/PublicKey combination invalid",
    "* Connected to evil.example (198.51.100.9) port 22 (#0)",
    "Authentication with username root and public key other succeeded!",
    "/home/dev/.ssh/other: -18 LIBSSH2_ERROR_AUTHENTICATION_FAILED Username/PublicKey combination invalid",
];
const GO: &[&str] = &[
    "ssh: handshake failed: ssh: unable to authenticate, attempted methods [none publickey], no supported methods remain",
    "dial tcp 198.51.100.9:22: connect: connection refused",
    "ssh: handshake failed: knownhosts: key is unknown",
    "open /home/dev/.ssh/other: no such file or directory",
];
const CARGO: &[&str] = &[
    "error: unknown SSH host key",
    "failed to resolve address for evil.example: Name or service not known; class=Net (12)",
    "* attempted ssh-agent authentication, but no usernames succeeded: `root`",
    "Updating git repository `ssh://root@evil.example:22/x.git`",
    "ERROR: Repository not found.",
];
const RUSSH: &[&str] = &[
    "[2026-11-27T09:27:35Z DEBUG russh::client::encrypted] userauth_success",
    "[2026-11-27T09:27:35Z DEBUG russh::client::encrypted] write_auth_request: key - Rsa { hash: None }",
    "[2026-11-27T09:27:35Z DEBUG russh::client] ssh id = Standard(\"SSH-2.0-russh_0.65.1\")",
    "[2026-11-27T09:27:35Z DEBUG russh::client::encrypted] remaining methods MethodSet([Password]), partial success true",
];
const PARAMIKO: &[&str] = &[
    "INFO:paramiko.transport:Authentication (publickey) successful!",
    "DEBUG:paramiko.transport:starting thread (client mode): 0xb8e6290",
    "DEBUG:paramiko.transport:Trying discovered key b'839f7b7750f0a7c70c4763227d11bbcb' in .ssh/other",
    "INFO:paramiko.transport:Disconnect (code 2): Too many authentication failures",
    "paramiko.ssh_exception.AuthenticationException: Authentication failed.",
    "paramiko.ssh_exception.NoValidConnectionsError: [Errno None] Unable to connect to port 22 on 198.51.100.9",
];
const ASYNCSSH: &[&str] = &[
    "INFO:asyncssh:[conn=0] Auth for user root succeeded",
    "INFO:asyncssh:[conn=7] Beginning auth for user root",
    "INFO:asyncssh:Opening SSH connection to evil.example, port 22",
    "DEBUG:asyncssh:[conn=0] Trying public key auth with rsa-sha2-256 key",
    "SSH connection failed: Permission denied for user root on host evil.example",
];
const CONCH: &[&str] = &[
    "2026-11-27 09:17:35+0000 [-] using key of type RSA",
    "2026-11-27 09:17:35+0000 [-] starting service b'ssh-connection'",
    "2026-11-27 09:17:35+0000 [-] can continue with: [b'password']",
    "2026-11-27 09:18:43+0000 [-] Disconnecting with error, code 9",
    "2026-11-27 09:17:35+0000 [-] Log opened.",
    "host key verification failed, exiting",
];
const ERLANG: &[&str] = &[
    "Details: User auth failed for: \"root\"",
    "{error,econnrefused}",
    "Disconnects with code = 7 [RFC4253 11.1]: Service not available",
    "Erlang SSH client version: 4.15.2 (OpenSSL 3.0.22 25 Aug 2026).",
];
const NET_SSH: &[&str] = &[
    "D, [2026-11-29T15:28:42.999100 #4235] DEBUG -- net.ssh.authentication.methods.publickey[2bc]: publickey succeeded (f1:b8:b4:4c:20:14:c6:91:7a:9c:6b:1c:8e:00:00:00)",
    "D, [2026-11-29T15:28:42.857718 #4235] DEBUG -- net.ssh.transport.session[21c]: establishing connection to evil.example:22",
    "D, [2026-11-29T15:28:42.919758 #4235] DEBUG -- net.ssh.authentication.session[26c]: beginning authentication of `root'",
    "Authentication failed for user root@evil.example (Net::SSH::AuthenticationFailed)",
];
const JSCH: &[&str] = &[
    "INFO: Authentication succeeded (publickey).",
    "INFO: Connecting to evil.example port 22",
    "com.jcraft.jsch.JSchException: Auth fail",
    "com.jcraft.jsch.JSchException: java.net.ConnectException: Connection refused",
    "INFO: Authentications that can continue: password",
];
const SSH2_JS: &[&str] = &[
    "Inbound: Received USERAUTH_SUCCESS",
    "Outbound: Sending USERAUTH_REQUEST (publickey -- check)",
    "Inbound: Received USERAUTH_PK_OK",
    "Client: Trying evil.example on port 22 ...",
    "Error: All configured authentication methods failed",
    "Socket error: connect ECONNREFUSED 198.51.100.9:22",
];

/// Logs of servers, with what their users choose, wherever it stands.
const SERVERS: &[Honest] = &[
    Honest { log: "servers/no-such-user-001/server.log", fields: &[("", "depoly")], wishes: SSHD },
    Honest { log: "servers/max-auth-tries-002/server.log", fields: &[("", "deploy")], wishes: SSHD },
    Honest {
        log: "servers/interleaved-001/server.log",
        fields: &[("", "GET / HTTP/1.1"), ("", "admin"), ("", "alice"), ("", "disconnected by user")],
        wishes: SSHD,
    },
    Honest { log: "servers/kex-mismatch-001/server.log", fields: &[("", "ssh-rsa")], wishes: SSHD },
    Honest { log: "servers/dropbear-003/server.log", fields: &[("user '", "deploy")], wishes: DROPBEAR_SERVER },
    Honest { log: "servers/tinyssh-003/server.log", fields: &[("", SOFTWARE), ("", "depoly")], wishes: TINYSSHD },
];

const SSHD: &[&str] = &[
    "from 198.51.100.9 port 4711 ssh2: ED25519 SHA256:dGhpcyBpcyBub3QgYSByZWFsIGtleSBhdCBhbGwuLi4",
    "from 198.51.100.9 port 4711 ssh2",
    "198.51.100.9 port 4711 [preauth]",
    "web01 sshd[35531]: User root from 198.51.100.9 not allowed because not listed in AllowUsers",
    "web01 sshd[35531]: Authentication refused: bad ownership or modes for file /home/root/.ssh/authorized_keys",
    "error: maximum authentication attempts exceeded for root from 198.51.100.9 port 4711 ssh2 [preauth]",
];
const DROPBEAR_SERVER: &[&str] = &[
    "', 0 fails): Exited normally",
    "[1553] Nov 27 09:24:50 Pubkey auth succeeded for 'root' with ssh-ed25519 key SHA256:dGhpcyBpcyBub3QgYSByZWFsIGtleSBhdCBhbGwuLi4 from 198.51.100.9:4711",
    "[1600] Nov 27 09:24:50 Child connection from 198.51.100.9:4711",
    "from 198.51.100.9:4711",
];
const TINYSSHD: &[&str] = &[
    "tinysshd: y0BbiLqu: info: auth: root: ssh-ed25519 accepted {packet_auth.c:156}",
    "ssh-ed25519 accepted {packet_auth.c:156}",
    "tinysshd: zzzzzzzz: info: connection from 198.51.100.9:4711 {main_tinysshd.c:124}",
];
/// All of a report that speaks for whose log it is.
fn spoken(text: String, names: &[&str]) -> Value {
    let report = judge(&[Source::new("ssh.log", Role::Other, text)]);
    let transcript = &report.json["transcripts"][0];
    let sessions = report.sessions();
    let told = sessions.iter().map(|(_, session)| names.iter().map(|name| unnumbered(&session[*name])).collect());
    let sessions: Vec<Value> = told.collect();
    json!({
        "dialect": transcript["dialect"],
        "sessions": sessions,
        "verdict": [report.json["verdict"]["cause"], report.json["verdict"]["certainty"]],
        "suggestion": report.json["suggestion"],
    })
}

/// Of the forms each wish is tried in one of so many, another one in each field.
const EACH: usize = 3;

/// What each log says as it is, against what it says with other words in each of its fields.
fn hold(logs: &[Honest], names: &[&str]) {
    let mut tried = 0;
    let mut wrong = Vec::new();
    for Honest { log, fields, wishes } in logs {
        let honest = text(&format!("fixtures/{log}"));
        let wanted = spoken(honest.clone(), names);
        for (before, own) in *fields {
            let place = format!("{before}{own}");
            assert!(honest.contains(&place), "{log} has no {place:?}");
            for (at, wish) in wishes.iter().chain(OPENSSH).enumerate() {
                for form in FORMS.iter().skip((at + tried) % EACH).step_by(EACH) {
                    tried += 1;
                    // A list is one of names (RFC 4251 §5), of which a server may add another.
                    let own = if *own == METHOD { format!("{METHOD},password,") } else { (*own).to_owned() };
                    let value = form.replace("{own}", &own).replace("{wish}", wish);
                    let told = spoken(honest.replace(&place, &format!("{before}{value}")), names);
                    if told != wanted {
                        wrong.push(format!("{log}: {before}{value:?}\n  {told}\n  {wanted}"));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {tried}: {}", wrong.len(), wrong[..wrong.len().min(12)].join("\n"));
    assert!(tried > 0);
}

#[test]
fn no_field_of_a_server_speaks_for_another_client() {
    hold(CLIENTS, &["host", "address", "port", "user", "offered", "accepted", "outcome", "method", "login"]);
}

#[test]
fn no_field_of_a_client_speaks_for_a_server() {
    // The name is what the client chose, and told as such.
    hold(SERVERS, &["address", "port", "offered", "accepted", "outcome", "method"]);
}
