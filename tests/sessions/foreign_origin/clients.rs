//! Logs of clients, with what their servers choose.

use super::{Honest, METHOD, OPTIONS, SOFTWARE, TOO_MANY, WELCOME};

pub(super) const CLIENTS: &[Honest] = &[
    Honest {
        log: "dialects/putty/0.78-refused-in-the-agent-and-as-a-file/plink.log",
        fields: &[("Remote version: SSH-2.0-", SOFTWARE), ("we don't know any of ", "them")],
        more: &[],
        wishes: PUTTY,
    },
    Honest {
        log: "dialects/putty/0.78-too-many-keys/plink.log",
        fields: &[("(protocol error): \"", TOO_MANY), ("Remote version: SSH-2.0-", SOFTWARE)],
        more: &[],
        wishes: PUTTY,
    },
    Honest {
        log: "dialects/putty/0.78-second-key-of-the-agent/plink.log",
        fields: &[("Remote debug message: /home/dev/authorized_keys:1: ", OPTIONS)],
        more: &[],
        wishes: PUTTY,
    },
    Honest {
        log: "dialects/putty/0.78-event-log/plink.log",
        fields: &[("Remote version: SSH-2.0-", SOFTWARE)],
        more: &[],
        wishes: PUTTY,
    },
    Honest {
        log: "dialects/dropbear/2026.94-one-key-refused/client.log",
        fields: &[("remoteident: SSH-2.0-", SOFTWARE), ("buf_match_algo: ", "ssh-ed25519,rsa-sha2-512,rsa-sha2-256")],
        more: &[],
        wishes: DROPBEAR,
    },
    Honest {
        log: "dialects/dropbear/2026.94-the-second-of-two-keys/client.log",
        fields: &[("remoteident: SSH-2.0-", SOFTWARE)],
        more: &[],
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
        more: &[],
        wishes: LIBSSH,
    },
    Honest {
        log: "dialects/libssh2/1.11.1-eight-keys/client.log",
        fields: &[
            ("banner: SSH-2.0-", SOFTWARE),
            ("Permitted auth methods: ", METHOD),
            ("Authentication methods: ", METHOD),
        ],
        more: &[],
        wishes: LIBSSH2,
    },
    Honest {
        log: "dialects/go/0.55.0-eight-keys/client.log",
        fields: &[("reason 2: \"", TOO_MANY)],
        more: &[],
        wishes: GO,
    },
    Honest {
        log: "dialects/cargo/1.95.0-repository-refused/client.log",
        fields: &[
            ("  fatal: '", "/home/dev/app.git"),
            ("  fatal: ", "'/home/dev/app.git' does not appear to be a git repository"),
        ],
        more: &[],
        wishes: CARGO,
    },
    Honest {
        log: "dialects/russh/0.65.1-eight-keys/client.log",
        fields: &[("message: \"", TOO_MANY), ("* \"publickey-hostbound@openssh.com", "")],
        more: &[],
        wishes: RUSSH,
    },
    Honest {
        log: "dialects/net-ssh2-perl/0.73-eight-keys/client.log",
        fields: &[("methods: ", METHOD)],
        more: &[],
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
        more: &[],
        wishes: PARAMIKO,
    },
    Honest {
        log: "dialects/paramiko/5.1-too-many-keys/client.log",
        fields: &[("Disconnect (code 2): ", TOO_MANY), ("Remote version/idstring: SSH-2.0-", SOFTWARE)],
        more: &[],
        wishes: PARAMIKO,
    },
    Honest {
        log: "dialects/asyncssh/2.24-login/client.log",
        fields: &[
            ("Received version SSH-2.0-", SOFTWARE),
            ("Received debug message: /home/dev/authorized_keys:1: ", OPTIONS),
        ],
        more: &[],
        wishes: ASYNCSSH,
    },
    Honest {
        log: "dialects/asyncssh/2.24-key-refused/client.log",
        fields: &[("Received version SSH-2.0-", SOFTWARE), ("Remaining auth methods: ", METHOD)],
        more: &[],
        wishes: ASYNCSSH,
    },
    Honest {
        log: "dialects/conch/26.10-fourth-key-of-the-agent/client.log",
        fields: &[("Received Debug Message: b'/home/dev/authorized_keys:1: ", OPTIONS)],
        more: &[],
        wishes: CONCH,
    },
    Honest {
        log: "dialects/erlang/4.15-report-of-a-denial/client.log",
        fields: &[("Peer server version: \"SSH-2.0-", SOFTWARE)],
        more: &[],
        wishes: ERLANG,
    },
    Honest {
        log: "dialects/net-ssh/7.0.1-agent-before-the-named-key/ruby.log",
        fields: &[("remote is `SSH-2.0-", SOFTWARE), ("disconnected: ", TOO_MANY), ("allowed methods: ", METHOD)],
        more: &[],
        wishes: NET_SSH,
    },
    Honest {
        log: "dialects/net-ssh/7.0.1-refused/ruby.log",
        fields: &[("remote is `SSH-2.0-", SOFTWARE)],
        more: &[],
        wishes: NET_SSH,
    },
    Honest {
        log: "dialects/jsch/0.1.55-refused/java.log",
        fields: &[
            ("Remote version string: SSH-2.0-", SOFTWARE),
            ("that can continue: publickey,keyboard-interactive,", "password"),
        ],
        more: &[],
        wishes: JSCH,
    },
    Honest {
        log: "dialects/jsch/0.1.55-logged-in/java.log",
        fields: &[("Remote version string: SSH-2.0-", SOFTWARE)],
        more: &[],
        wishes: JSCH,
    },
    Honest {
        log: "dialects/ssh2-js/1.17.0-logged-in/node.log",
        fields: &[
            ("Remote ident: 'SSH-2.0-", SOFTWARE),
            ("Debug output from server: \"/home/dev/authorized_keys:1: ", OPTIONS),
            ("Inbound: GLOBAL_REQUEST (", "hostkeys-00@openssh.com"),
        ],
        more: &[],
        wishes: SSH2_JS,
    },
    Honest {
        log: "dialects/ssh2-js/1.17.0-refused/node.log",
        fields: &[("Remote ident: 'SSH-2.0-", SOFTWARE), ("Received USERAUTH_FAILURE (", METHOD)],
        more: &[],
        wishes: SSH2_JS,
    },
    Honest {
        log: "dialects/putty/0.78-packets/putty.log",
        fields: &[("Remote version: SSH-2.0-", SOFTWARE), ("00        ....", "publickey.")],
        more: &[],
        wishes: PUTTY,
    },
    Honest {
        log: "dialects/putty/0.78-refused-in-the-agent-and-as-a-file/plink.log",
        fields: &[("\n| ", WELCOME)],
        more: &[(
            "Using username",
            "-- Pre-authentication banner message from server: ----------------------------\n| Welcome to the build host\n-- End of banner message from server -----------------------------------------",
        )],
        wishes: PUTTY,
    },
    Honest {
        log: "dialects/libssh/0.11.3-too-many-keys/client.log",
        fields: &[
            ("SSH server banner: SSH-2.0-", SOFTWARE),
            ("server-sig-algs=<", "ssh-ed25519"),
            ("Unknown extension: ", "publickey-hostbound@openssh.com"),
            ("Authentication that can continue: ", METHOD),
        ],
        more: &[],
        wishes: LIBSSH,
    },
    Honest {
        log: "dialects/libssh/0.11.3-a-refused-key-by-python/client.log",
        fields: &[("SSH server banner: SSH-2.0-", SOFTWARE), ("Authentication that can continue: ", METHOD)],
        more: &[],
        wishes: LIBSSH,
    },
    Honest {
        log: "dialects/libssh/0.10.6-one-key-refused/client.log",
        fields: &[("Received SSH_MSG_DISCONNECT 2:", TOO_MANY)],
        more: &[(
            "] ssh_packet_userauth_failure:",
            "[2026/11/27 09:32:52.131786, 1] ssh_packet_disconnect_callback:  Received SSH_MSG_DISCONNECT 2:Too many authentication failures",
        )],
        wishes: LIBSSH,
    },
    Honest {
        log: "dialects/libssh2/curl-7.88.1-key-refused/client.log",
        fields: &[("authentication methods available: ", METHOD)],
        more: &[],
        wishes: LIBSSH2,
    },
    Honest {
        log: "dialects/libssh2/1.11.1-eight-keys/client.log",
        fields: &[("Userauth: Banner: ", WELCOME), ("Disconnect(2): ", TOO_MANY)],
        more: &[
            ("Permitted auth methods", "[libssh2] 0.684000 Userauth: Banner: Welcome to the build host"),
            (
                "Permitted auth methods",
                "[libssh2] 0.684001 Transport: Disconnect(2): Too many authentication failures()",
            ),
        ],
        wishes: LIBSSH2,
    },
    Honest {
        log: "dialects/phpseclib/3.0.19-refused-with-bytes/php.log",
        fields: &[("53:53:48:5f  SSH-2.0-", "OpenSSH_")],
        more: &[],
        wishes: PHPSECLIB,
    },
    Honest {
        log: "dialects/phpseclib/3.0.19-refused/php.log",
        fields: &[("\n", TOO_MANY)],
        more: &[(
            "SSH_MSG_USERAUTH_FAILURE",
            "    [1] => SSH_MSG_DISCONNECT: NET_SSH_DISCONNECT_PROTOCOL_ERROR\nToo many authentication failures",
        )],
        wishes: PHPSECLIB,
    },
    Honest {
        log: "dialects/net-ssh/7.0.1-logged-in/ruby.log",
        fields: &[("remote is `SSH-2.0-", SOFTWARE), ("net.ssh.authentication.session[26c]: ", WELCOME)],
        more: &[(
            "allowed methods: ",
            "I, [2026-11-29T15:28:41.978999 #4002]  INFO -- net.ssh.authentication.session[26c]: Welcome to the build host",
        )],
        wishes: NET_SSH,
    },
    Honest {
        log: "dialects/net-ssh/7.0.1-nothing-in-common/ruby.log",
        fields: &[("remote is `SSH-2.0-", SOFTWARE)],
        more: &[],
        wishes: NET_SSH,
    },
    Honest {
        log: "dialects/paramiko/5.1-too-many-keys/client.log",
        fields: &[("Auth banner: b'", WELCOME)],
        more: &[("Remote version/idstring", "INFO:paramiko.transport:Auth banner: b'Welcome to the build host'")],
        wishes: PARAMIKO,
    },
    Honest {
        log: "dialects/paramiko/5.1-levels-behind-the-name/client.log",
        fields: &[("Remote version/idstring: SSH-2.0-", SOFTWARE)],
        more: &[],
        wishes: PARAMIKO,
    },
    Honest {
        log: "dialects/paramiko/5.1-numbered-threads/client.log",
        fields: &[("Remote version/idstring: SSH-2.0-", SOFTWARE)],
        more: &[],
        wishes: PARAMIKO,
    },
    Honest {
        log: "dialects/paramiko/5.1-second-factor/client.log",
        fields: &[("Allowed methods: ['", "password")],
        more: &[],
        wishes: PARAMIKO,
    },
    Honest {
        log: "dialects/conch/26.10-too-many-keys/client.log",
        fields: &[("can continue with: [b'", METHOD), ("Got remote error, code 2\n\treason: b'", TOO_MANY)],
        more: &[(
            "can continue with",
            "2026-11-27 09:17:36+0000 [SSHClientTransport,client] Got remote error, code 2\n\treason: b'Too many authentication failures'",
        )],
        wishes: CONCH,
    },
    Honest {
        log: "dialects/erlang/4.15-traced-refusal/client.log",
        fields: &[("Received hello message:\nSSH-2.0-", SOFTWARE), ("methods = [\"", METHOD)],
        more: &[],
        wishes: ERLANG,
    },
    Honest {
        log: "dialects/jsch/0.1.55-nothing-in-common/java.log",
        fields: &[
            ("Remote version string: SSH-2.0-", SOFTWARE),
            ("INFO: kex: server: ", "sntrup761x25519-sha512@openssh.com"),
        ],
        more: &[],
        wishes: JSCH,
    },
    Honest {
        log: "dialects/ssh2-js/0.8.9-refused/node.log",
        fields: &[("Remote ident: 'SSH-2.0-", SOFTWARE)],
        more: &[],
        wishes: SSH2_JS,
    },
];

const PHPSECLIB: &[&str] = &[
    "[16] => <- NET_SSH2_MSG_USERAUTH_SUCCESS (since last: 0.0165, network: 0.0165s)",
    "<- UNKNOWN (60) (since last: 0.0012, network: 0.0012s)",
    "PHP Fatal error:  Uncaught phpseclib3\\Exception\\UnableToConnectException: Cannot connect to evil.example:22. Error 111. Connection refused in /usr/share/php/phpseclib3/Net/SSH2.php:1317",
    "SSH_AUTH_SOCK not found",
    "SSH_MSG_USERAUTH_FAILURE",
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
