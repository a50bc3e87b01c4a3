//! libssh, and what speaks through it: its log, its sample client's words, and ssh-python's exceptions (0.10 and 0.11).
//!
//! `[DATE TIME, LEVEL] FUNCTION:  WORDS`. Level 3 tells of each key; below that a refusal names no key.

mod client;
mod head;
mod log;
mod python;

use crate::dialect::table::{Dialect, first, holds};
use crate::model::{Author, Side};

pub(super) static LIBSSH: Dialect = Dialect {
    author: Author { id: "libssh", name: "libssh", side: Side::Client, read: true, tells_offers: true },
    client: Some(&client::CLIENT),
    rows: &[log::ROWS, log::SAMPLE, log::ERRORS, python::ROWS],
    marks: &[
        holds("] ssh_strict_fopen:  ", "[2026/11/27 09:32:52.830963, 1] ssh_strict_fopen:  Failed to open a file x"),
        holds("] ssh_connect:  ", "[2026/11/27 09:32:52.831111, 2] ssh_connect:  libssh 0.10.6 (c) 2003-2023"),
        holds("] ssh_socket_", "[2026/11/27 09:32:52.831968, 2] ssh_socket_connect:  Nonblocking connection socket: 3"),
        holds(
            "] ssh_config_",
            "[2026/11/29 15:07:05.693138, 1] ssh_config_parse_line:  Unsupported option: x, line: 52",
        ),
        holds("] ssh_packet_", "[2026/11/27 09:32:52.857740, 2] ssh_packet_newkeys:  Received SSH_MSG_NEWKEYS"),
        holds("] ssh_userauth_", "[2026/11/27 09:32:52.914426, 2] ssh_userauth_agent:  Trying identity dev@laptop"),
        holds("] ssh_client_", "[2026/11/27 09:32:51.869403, 3] ssh_client_connection_callback:  session_state=2"),
        holds("] ssh_agent_", "[2026/11/29 15:06:55.332786, 1] ssh_agent_get_ident_count:  Answer type: 12"),
        holds("] ssh_kex_", "[2026/11/27 09:32:52.849517, 2] ssh_kex_select_methods:  Negotiated x"),
        holds("] ssh_pki_", "[2026/11/27 09:33:02.373590, 2] ssh_pki_import_privkey_base64:  Trying to decode privkey"),
        holds("] socket_callback_connected:  ", "[2026/11/27 09:33:03.069405, 1] socket_callback_connected:  x"),
        first(
            "  File \"ssh/session.pyx\"",
            "  File \"ssh/session.pyx\", line 482, in ssh.session.Session.userauth_agent",
        ),
        first("  File \"ssh/utils.pyx\"", "  File \"ssh/utils.pyx\", line 109, in ssh.utils.handle_auth_error_codes"),
        holds("libssh::ssh_", "INFO  libssh::ssh_packet_newkeys  > Received SSH_MSG_NEWKEYS"),
        holds("in ssh.session.Session.", "File \"ssh/session.pyx\", line 482, in ssh.session.Session.userauth_agent"),
        holds("in ssh.utils.handle_", "File \"ssh/utils.pyx\", line 109, in ssh.utils.handle_auth_error_codes"),
    ],
    noise: &[],
    noise_within: &[],
    levels: &[],
    twice: false,
    head: head::head,
};
