//! Vagrant's own words (its locale en.yml, `ssh_authentication_failed`, and `vagrant up`).

use crate::dialect::table::{Row, any, within};
use crate::model::Kind;

pub(super) const ROWS: &[Row] = &[
    within("SSH address: ", "    default: SSH address: 127.0.0.1:2222", |_, rest| {
        let (host, port) = rest.trim_end().rsplit_once(':')?;
        Some(Kind::Connecting { host: Some(host.to_owned()), address: None, port: Some(port.parse().ok()?) })
    }),
    within("SSH username: ", "    default: SSH username: vagrant", |_, rest| {
        Some(Kind::User { user: rest.trim_end().to_owned() })
    }),
    within(
        "Warning: Authentication failure. Retrying",
        "    default: Warning: Authentication failure. Retrying...",
        |_, _| Some(Kind::Denied { user: None, host: None, methods: Vec::new() }),
    )
    .signs(),
    any(
        "SSH authentication failed! This is typically caused by the public/private",
        "SSH authentication failed! This is typically caused by the public/private",
        |_| Some(Kind::Denied { user: None, host: None, methods: Vec::new() }),
    )
    .signs(),
];
