//! What an identity begins as, and what is left out.

use super::identity::{Identity, Origin, Step};
use crate::model::facts::PublicKey;

pub(super) fn of_key(key: PublicKey) -> Identity {
    Identity {
        path: None,
        label: None,
        key: Some(key),
        in_agent: false,
        origin: Origin::Config,
        file: None,
        step: Step::Query,
        order: None,
        left_out: None,
    }
}

pub(super) fn left_out(identity: Identity, why: String) -> Identity {
    Identity { left_out: Some(why), ..identity }
}
