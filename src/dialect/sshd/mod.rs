//! OpenSSH's server, 7.4 to 10.5: syslog, journald, `-e`, `-d`, `-ddd`.
//!
//! On standard error the words stand alone, and lack the `error: ` and `fatal: ` that syslog has. ` [preauth]` ends what
//! the unprivileged child wrote. INFO and VERBOSE can't be told apart in a log.

mod auth;
mod certificates;
mod ends;
mod files;
mod head;
mod rows;
mod sessions;
mod start;
pub(in crate::dialect) mod words;

pub(in crate::dialect) use start::is_host_key;

use crate::dialect::table::{Dialect, first, holds};
use crate::model::{Author, Side};

pub(super) static SSHD: Dialect = Dialect {
    author: Author { id: "sshd", name: "OpenSSH's server", side: Side::Server, read: true, tells_offers: false },
    client: None,
    rows: rows::ROWS,
    marks: &[
        holds("sshd[", "May 10 22:47:08 web sshd[5799]: Server listening on 0.0.0.0 port 22."),
        holds("sshd-session[", "May 10 22:47:08 web sshd-session[5799]: Connection closed by 192.0.2.1 port 59061"),
        holds("sshd-auth[", "May 10 22:47:08 web sshd-auth[5799]: Connection closed by 192.0.2.1 port 59061"),
        // The level is a log file's: no client's standard error has it.
        first(
            "error: Received disconnect from ",
            "error: Received disconnect from 192.0.2.1 port 59061:14: No supported authentication methods available",
        ),
        holds("[preauth]", "Connection closed by 192.0.2.1 port 59061 [preauth]"),
        holds("/sshd_config: ", "/etc/ssh/sshd_config: terminating, 1 bad configuration options"),
        holds("/sshd_config line ", "/etc/ssh/sshd_config line 3: unsupported option \"maybe\"."),
        first(
            "debug1: Server will not fork when running in debugging mode",
            "debug1: Server will not fork when running in debugging mode.",
        ),
        first("debug1: inetd sockets after dup", "debug1: inetd sockets after dupping: 4, 4"),
    ],
    noise: &["srclimit_penalise: ", "beginning MaxStartups throttling", "pam_unix(sshd:session): session "],
    noise_within: &[],
    levels: &[],
    twice: false,
    head: head::head,
};
