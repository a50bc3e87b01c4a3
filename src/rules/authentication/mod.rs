//! The server's rules: users, methods, factors, and servers that say yes to anybody.

pub(super) mod accepted_then_denied;
pub(super) mod accepts_any;
pub(super) mod method_unavailable;
pub(super) mod partial_success;
pub(super) mod server_side;
pub(super) mod wrong_host;
pub(super) mod wrong_user;
