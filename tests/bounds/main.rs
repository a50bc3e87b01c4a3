//! Every run comes to an end, in its time and within its memory, whatever the other side does; and where this
//! machine gives no threads, no processes or no memory, it ends in a sentence.
//!
//! needs: openssh-client openssh-server golang-go golang-golang-x-crypto-dev libnss-wrapper util-linux

#![cfg(all(feature = "live", target_os = "linux"))]
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "what can't be had fails the test")]

#[path = "../support/mod.rs"]
mod support;

mod blame;
mod ends;
mod limits;
mod measured;
mod peers;
