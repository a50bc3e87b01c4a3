//! `ssh-why` in front of a command: real git over real servers, each verdict, and what it suggests applied for real.
//!
//! needs: gitolite3 rsync

mod accounts;
mod asked;
mod differs;
mod hostile;
pub(crate) mod scene;
mod words;
