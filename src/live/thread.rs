//! Threads, where the system starts any: a limit on them (`ulimit -u`, a container's) is no reason to panic.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{Builder, Scope, ScopedJoinHandle};

/// The stack of a thread that does a little work, in bytes.
const SMALL: usize = 512 << 10;

/// Does a little work on a thread of its own, which nobody waits for.
///
/// # Errors
/// The system starts no more threads.
pub(crate) fn apart(work: impl FnOnce() + Send + 'static) -> io::Result<()> {
    Builder::new().stack_size(SMALL).spawn(work).map(drop)
}

/// Work that goes on beside the rest.
#[derive(Debug)]
pub(crate) enum Beside<'scope, T> {
    /// On a thread of its own.
    Thread(ScopedJoinHandle<'scope, Option<T>>),
    /// The system started no thread, so that it was done at once.
    Done(Option<T>),
}

impl<T> Beside<'_, T> {
    /// What came of it; `None` if it panicked.
    pub(crate) fn join(self) -> Option<T> {
        match self {
            Self::Thread(thread) => thread.join().ok().flatten(),
            Self::Done(result) => result,
        }
    }
}

/// Does work on a thread of its own, or, where the system starts none, here and now.
pub(crate) fn beside<'scope, T, F>(scope: &'scope Scope<'scope, '_>, work: F) -> Beside<'scope, T>
where
    F: FnOnce() -> T + Send + 'scope,
    T: Send + 'scope,
{
    // A thread that fails to start takes its work with it; so it is left where both can reach it.
    let work = Arc::new(Mutex::new(Some(work)));
    let take = |from: &Mutex<Option<F>>| from.lock().unwrap_or_else(PoisonError::into_inner).take();
    let theirs = Arc::clone(&work);
    let started = Builder::new().spawn_scoped(scope, move || take(&theirs).map(|work| work()));
    match started {
        Ok(thread) => Beside::Thread(thread),
        Err(_) => Beside::Done(take(&work).map(|work| work())),
    }
}
