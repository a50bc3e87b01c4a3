//! Programs' words as data: a record's text becomes a statement.
//!
//! To add a wording, add a row to the program's file; to add a program, add a file and name it in [`DIALECTS`].

mod asyncssh;
mod bound;
mod cargo;
mod clients;
mod conch;
mod daemon;
mod dropbear;
mod dropbear_server;
mod erlang;
mod finder;
mod go;
mod go_server;
mod jsch;
mod late;
mod libgit2;
mod libssh;
mod libssh2;
mod net_ssh;
mod net_ssh2_perl;
mod one_line;
mod openings;
mod openssh;
mod paramiko;
mod phpseclib;
mod putty;
mod python;
mod quoted;
mod recognised;
mod recognised_clients;
mod registry;
mod russh;
mod said;
mod screen;
mod served;
mod sieve;
mod speaker;
mod ssh2_js;
mod ssh_net;
mod sshd;
mod sshj;
mod table;
mod tinysshd;
mod trilead;
mod words;

pub(crate) use clients::{client, clients, is_program, of_program};
pub(crate) use one_line::{begins, read_line, unlevelled};
pub(crate) use openings::OPENINGS;
pub(crate) use openssh::key_names::looks_like_path;
pub(crate) use quoted::Quoted;
pub(crate) use recognised_clients::more;
pub(crate) use registry::{Seen, look};
pub(crate) use screen::is_on_screen;
pub(crate) use served::{Served, serve, serve_whole};
pub(crate) use sieve::Sieve;
pub(crate) use speaker::{Speaker, goes_on};
pub(crate) use table::{Dialect, Glue};

/// Every program whose lines are read or recognised. A line that nothing marks is tried in this order.
pub(crate) static DIALECTS: &[&Dialect] = &[
    &openssh::OPENSSH,
    &putty::PUTTY,
    &go::GO,
    &libssh2::LIBSSH2,
    &russh::RUSSH,
    &cargo::CARGO,
    &libgit2::LIBGIT2,
    &net_ssh2_perl::NET_SSH2_PERL,
    &dropbear::DROPBEAR,
    &libssh::LIBSSH,
    &sshd::SSHD,
    &dropbear_server::DROPBEAR,
    &tinysshd::TINYSSHD,
    &go_server::GO_SERVER,
    &paramiko::PARAMIKO,
    &recognised::PARAMIKO_SERVER,
    &asyncssh::ASYNCSSH,
    &recognised::ASYNCSSH_SERVER,
    &conch::CONCH,
    &recognised::CONCH_SERVER,
    &erlang::ERLANG,
    &recognised_clients::WINSCP.dialect,
    &recognised_clients::FILEZILLA.dialect,
    &recognised_clients::TRILEAD.dialect,
    &recognised_clients::SSHJ.dialect,
    &recognised_clients::MINA.dialect,
    &recognised_clients::SSH_NET.dialect,
    &recognised_clients::TERA_TERM.dialect,
    &recognised_clients::BITVISE.dialect,
    &recognised_clients::TERMIUS.dialect,
    &recognised_clients::GITKRAKEN.dialect,
    &recognised_clients::VSCODE.dialect,
    &jsch::JSCH,
    &ssh2_js::SSH2_JS,
    &net_ssh::NET_SSH,
    &phpseclib::PHPSECLIB,
];
