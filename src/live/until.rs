//! When a run is given up.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// When a run is given up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Until<'a> {
    /// At this time.
    pub deadline: Instant,
    /// As soon as this is set: nobody wants to know any more.
    pub over: Option<&'a AtomicBool>,
}

impl Until<'_> {
    /// Whether nobody wants to know any more.
    pub(crate) fn is_over(&self) -> bool {
        self.over.is_some_and(|over| over.load(Ordering::Relaxed))
    }

    /// What is left of the time.
    pub(crate) fn left(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }
}

impl From<Instant> for Until<'_> {
    fn from(deadline: Instant) -> Self {
        Self { deadline, over: None }
    }
}
