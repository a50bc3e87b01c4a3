//! From statements to sessions.
//!
//! Whether a key was accepted, refused or not sent is rarely said by one line: it follows from what comes next
//! (sshconnect2.c, `userauth_pubkey` and `input_userauth_failure`). This folder holds that order of events, and
//! where one session ends and the next begins: [`tracker`] follows the runs, [`run`] applies statements to one,
//! [`place`] reads where it leads, [`identities`] keeps the key files, [`offers`] the life of each key and [`unnamed`]
//! that of keys without a name, [`scope`] says whose a statement is,
//! [`order`] which of them have no place where they stand, [`finish`] what a whole run tells.

mod apply;
mod finish;
mod identities;
mod offers;
mod order;
mod over;
mod place;
mod run;
mod scope;
mod tracker;
mod unnamed;

pub(crate) use order::{Order, Said, Turn};
pub(crate) use tracker::Tracker;
