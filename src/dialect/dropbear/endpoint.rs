//! A line that names user, host and port.

use crate::model::Kind;

/// A line that names user, host and port, and what else it says.
pub(super) fn endpoint(user: &str, host: &str, port: &str, more: Option<Kind>) -> Kind {
    let (user, host) = (Some(user.to_owned()), host.to_owned());
    let mut kinds = vec![Kind::Destination { user, host, port: port.trim().parse().ok() }];
    match more {
        Some(Kind::Several(more)) => kinds.extend(more),
        more => kinds.extend(more),
    }
    Kind::Several(kinds)
}
