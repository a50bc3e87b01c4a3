//! After a login, and what can be said when nothing else can.

mod repository;

pub(super) mod authenticated;
pub(super) mod ci_session_over;
pub(super) mod deploy_key;
pub(super) mod git_differs;
pub(super) mod repo_access;
pub(super) mod session_failed;
pub(super) mod unknown;
pub(super) mod wrong_account;
