//! Lines that are always there and decide nothing.

use crate::text::Sought;

/// Beginnings of plain lines that ssh, git or a git host's greeting always have, and that decide nothing.
pub(super) const NOISE: &[&str] = &[
    "Bytes per second: sent ",
    "Pseudo-terminal will not be allocated",
    "Warning: No xauth data",
    "Warning: the ",
    "** WARNING: connection is not using a post-quantum",
    "** This session may be vulnerable",
    "** The server may need to be upgraded",
    "@@@@@@@@",
    "@ ",
    "It is required that your private key files",
    "It is recommended that your private key files",
    "This private key will be ignored",
    "IT IS POSSIBLE THAT SOMEONE IS DOING SOMETHING NASTY",
    "Someone could be eavesdropping on you",
    "It is also possible that ",
    "The fingerprint for the ",
    "Please contact your system administrator",
    "Add correct host key in ",
    "remove with:",
    "Are you sure you want to continue connecting",
    "This key is not known by any other names",
    "This host key is known by the following other names",
    "Please make sure you have the correct access rights",
    "and the repository exists",
    "You can use git to connect to Bitbucket",
    "You can use git or hg to connect to Bitbucket",
    "If this is unexpected, please log in with password",
    "User presence confirmed",
    "Learned new hostkey: ",
    "Connection to ",
    "fatal: ",
    "remote: ",
    "```",
];

/// Words within such lines.
pub(super) const WITHIN: &[Sought] = &[
    Sought::new(" key fingerprint is"),
    Sought::new(" authentication is disabled to avoid man-in-the-middle attacks"),
];
