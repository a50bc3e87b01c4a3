//! In which order OpenSSH's client tells of a run, and what stands out of it.
//!
//! A banner comes in whole lines, and so does what follows a line end within a name or a reason that a server sends:
//! ssh lets it through (log.c, `do_log`). Such a line looks as if ssh had printed it. But the client goes on behind it
//! from where it was. So a statement that has no place there waits. If the run then goes on from where it stood, what
//! waited was the other side's; if it does not, it was the client's, and is told in its turn.
//!
//! [`queue`] holds what waits, [`place`] how far a run has come and what follows there, [`about`] whether a statement can be of a run.

mod about;
mod place;
mod queue;

pub(crate) use queue::{Order, Said, Turn};
