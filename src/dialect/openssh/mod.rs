//! OpenSSH's client, 5.x to 10.x, on all platforms: one row a wording, a file a topic.

mod auth;
mod client;
mod config;
mod connect;
mod head;
mod host_key;
mod identities;
pub(crate) mod key_names;
mod noise;
mod session;
mod strerror;
mod words;

use crate::dialect::table::Dialect;
use crate::model::Author;

pub(super) static OPENSSH: Dialect = Dialect {
    author: Author::OPENSSH,
    client: Some(&client::CLIENT),
    rows: &[config::ROWS, connect::ROWS, host_key::ROWS, identities::ROWS, auth::ROWS, session::ROWS],
    marks: &[],
    noise: noise::NOISE,
    noise_within: noise::WITHIN,
    levels: &["debug1: ", "debug2: ", "debug3: "],
    twice: false,
    head: head::head,
};
