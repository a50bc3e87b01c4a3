//! Go's x/crypto/ssh: the errors that it gives, as terraform, packer, rclone, drone-ssh, go-git and others print them.
//!
//! It logs nothing: an error at the end is all there is, and most of its words have several causes.

mod client;
mod errors;
mod files;
mod wrappers;

use crate::dialect::table::{Dialect, bare_head, holds};
use crate::model::{Author, Side};

pub(super) static GO: Dialect = Dialect {
    author: Author { id: "go", name: "Go's x/crypto/ssh", side: Side::Client, read: true, tells_offers: false },
    client: Some(&client::CLIENT),
    rows: &[errors::ROWS, files::ROWS, wrappers::ROWS],
    marks: &[
        holds("ssh: handshake failed: ", "ssh: handshake failed: something else"),
        holds("Waiting for SSH to become available...", "==> null: Waiting for SSH to become available..."),
        holds("Timeout waiting for SSH.", "==> null: Error waiting for SSH: Timeout waiting for SSH."),
    ],
    noise: &[],
    noise_within: &[],
    levels: &[],
    // One error is printed by each layer that it goes through.
    twice: true,
    head: bare_head,
};
