//! Ruby's Net::SSH, and what speaks through it: the lines of its logger, and the errors that Ruby prints (2.x to 7.x).

mod client;
mod errors;
mod failure;
mod head;
mod log;
mod sshkit;
mod system;
mod vagrant;

use crate::dialect::table::{Dialect, Mark, holds};
use crate::model::{Author, Side};

pub(super) static NET_SSH: Dialect = Dialect {
    author: Author { id: "net-ssh", name: "Net::SSH", side: Side::Client, read: true, tells_offers: true },
    client: Some(&client::CLIENT),
    rows: &[log::ROWS, errors::ROWS, system::ROWS, sshkit::ROWS, vagrant::ROWS],
    marks: MARKS,
    noise: &["from ", "* "],
    noise_within: &[],
    levels: &[],
    twice: false,
    head: head::head,
};

const MARKS: &[Mark] = &[
    holds(
        " -- net.ssh.",
        "I, [2026-11-27T09:08:17.5 #263]  INFO -- net.ssh.transport.algorithms[244]: sending KEXINIT",
    ),
    // Without the parts' names.
    holds("local is `SSH-2.0-Ruby/Net::SSH_", "D  local is `SSH-2.0-Ruby/Net::SSH_7.0.1 x86_64-linux-gnu'"),
    holds("all authorization methods failed (tried ", "E  all authorization methods failed (tried none, publickey)"),
    holds("net.ssh.transport.", "DEBUG: net.ssh.transport.session[21c]: connection established"),
    holds("Net::SSH::", "Something else (Net::SSH::Exception)"),
    holds("SSHKit::", "SSHKit::Runner::ExecuteError: Exception while executing as dev@box.example: something else"),
    holds("/net/ssh/", "\tfrom /usr/lib/ruby/gems/net-ssh-7.0.1/lib/net/ssh/transport/session.rb:85:in `new'"),
];
