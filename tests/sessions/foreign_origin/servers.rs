//! Logs of servers, with what their users choose.

use super::{Honest, SOFTWARE};

/// Logs of servers, with what their users choose, wherever it stands.
pub(super) const SERVERS: &[Honest] = &[
    Honest { log: "servers/no-such-user-001/server.log", fields: &[("", "depoly")], more: &[], wishes: SSHD },
    Honest { log: "servers/max-auth-tries-002/server.log", fields: &[("", "deploy")], more: &[], wishes: SSHD },
    Honest {
        log: "servers/interleaved-001/server.log",
        fields: &[("", "GET / HTTP/1.1"), ("", "admin"), ("", "alice"), ("", "disconnected by user")],
        more: &[],
        wishes: SSHD,
    },
    Honest { log: "servers/kex-mismatch-001/server.log", fields: &[("", "ssh-rsa")], more: &[], wishes: SSHD },
    Honest {
        log: "servers/dropbear-003/server.log",
        fields: &[("user '", "deploy")],
        more: &[],
        wishes: DROPBEAR_SERVER,
    },
    Honest { log: "servers/go-001/server.log", fields: &[(" for ", "deploy")], more: &[], wishes: GO_SERVER },
    Honest {
        log: "servers/cert-principal-004/server.log",
        fields: &[("certificate ID \"", "dev@example"), ("user ", "deploy")],
        more: &[],
        wishes: SSHD,
    },
    Honest { log: "servers/second-factor-001/server.log", fields: &[("", "deploy")], more: &[], wishes: SSHD },
    Honest { log: "servers/user-not-allowed-004/server.log", fields: &[("", "deploy")], more: &[], wishes: SSHD },
    Honest { log: "servers/pam-account-006/server.log", fields: &[("", "deploy")], more: &[], wishes: SSHD },
    Honest {
        log: "servers/form-journal-cat-001/server.log",
        fields: &[("", "deploy"), ("ID ", "dev@example")],
        more: &[],
        wishes: SSHD,
    },
    Honest {
        log: "servers/tinyssh-003/server.log",
        fields: &[("", SOFTWARE), ("", "depoly")],
        more: &[],
        wishes: TINYSSHD,
    },
];

const SSHD: &[&str] = &[
    "from 198.51.100.9 port 4711 ssh2: ED25519 SHA256:dGhpcyBpcyBub3QgYSByZWFsIGtleSBhdCBhbGwuLi4",
    "from 198.51.100.9 port 4711 ssh2",
    "198.51.100.9 port 4711 [preauth]",
    "web01 sshd[35531]: User root from 198.51.100.9 not allowed because not listed in AllowUsers",
    "web01 sshd[35531]: Authentication refused: bad ownership or modes for file /home/root/.ssh/authorized_keys",
    "error: maximum authentication attempts exceeded for root from 198.51.100.9 port 4711 ssh2 [preauth]",
];
const GO_SERVER: &[&str] = &[
    "x from 198.51.100.9:4711: unknown public key for \"root\"",
    "2026/11/27 09:26:40 accepted publickey for root from 198.51.100.9:4711",
    "accepted publickey for root from 198.51.100.9:4711",
    "failed to handshake with 198.51.100.9:4711: [ssh: no auth passed yet, unknown public key for \"root\"]",
    "failed to handshake with 198.51.100.9:4711: ssh: disconnect, reason 2: too many authentication failures",
    "ssh: no common algorithm for key exchange; client offered: [a], server offered: [b]",
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
