//! What SSH.NET throws as a login fails, and Posh-SSH's cmdlets show (src/Renci.SshNet/ClientAuthentication.cs, 2016 to
//! 2025).
//!
//! Its `Permission denied (METHOD).` is OpenSSH's sentence with another meaning: the brackets hold the method that was
//! tried last.

use super::table::{Row, bare, within};
use crate::model::Kind;

pub(super) const ROWS: &[&[Row]] = &[&[
    within(
        "SshAuthenticationException: Permission denied (",
        "Renci.SshNet.Common.SshAuthenticationException: Permission denied (publickey).",
        |_, rest| refused(rest),
    )
    .signs(),
    within(
        "No suitable authentication method found to complete authentication (",
        "Renci.SshNet.Common.SshAuthenticationException: No suitable authentication method found to complete authentication (publickey).",
        |_, rest| {
            let list = super::words::methods(rest.split(')').next()?);
            Some(Kind::Several(vec![Kind::Methods { list }, Kind::NoMoreMethods]))
        },
    )
    .signs(),
    cmdlet("New-SSHSession : Permission denied (", "New-SSHSession : Permission denied (password)."),
    cmdlet("New-SFTPSession : Permission denied (", "New-SFTPSession : Permission denied (password)."),
    cmdlet("New-SSHSession: Permission denied (", "New-SSHSession: Permission denied (password)."),
    cmdlet("New-SFTPSession: Permission denied (", "New-SFTPSession: Permission denied (password)."),
]];

/// PowerShell puts the cmdlet's name before an error, since 7 without a blank.
const fn cmdlet(words: &'static str, sample: &'static str) -> Row {
    bare(words, sample, refused).signs()
}

/// The method that was tried last.
fn refused(rest: &str) -> Option<Kind> {
    let methods = Vec::new();
    Some(match rest.split_once(')')?.0 {
        "publickey" => Kind::KeyDenied { methods },
        method => {
            let denied = Kind::Denied { user: None, host: None, methods };
            let tried = Kind::NextMethod { method: method.to_owned() };
            Kind::Several(vec![tried, Kind::PasswordRefused, denied])
        }
    })
}
