//! Signals that end the program: all that it has started ends first.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::live::process;

/// Exit codes of programs that a signal ended, as shells give them, are above this.
const BY_SIGNAL: i32 = 128;

/// A signal has come, and its thread ends the program.
static LEAVING: AtomicBool = AtomicBool::new(false);

/// As long as it lives, a signal ends what the program has started. So does its own end.
pub(super) struct Guard(());

impl Guard {
    /// To be called before anything is reported: what a signal has cut short is no report.
    pub(super) fn settle(&self) {
        while LEAVING.load(Ordering::SeqCst) {
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.settle();
        process::end_all();
    }
}

#[allow(clippy::exit, reason = "the handler's thread ends the program; nothing is left to undo")]
fn leave(signal: i32) -> ! {
    LEAVING.store(true, Ordering::SeqCst);
    process::end_all();
    std::process::exit(BY_SIGNAL + signal)
}

/// From here on signals are heard.
#[cfg(unix)]
pub(super) fn guard() -> Guard {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::{flag, iterator::Signals};
    use std::sync::Arc;
    const ENDING: [i32; 3] = [SIGHUP, SIGINT, SIGTERM];
    let Ok(mut signals) = Signals::new(ENDING) else {
        return Guard(());
    };
    let wait = move || {
        if let Some(signal) = signals.forever().next() {
            leave(signal);
        }
    };
    if crate::live::thread::apart(wait).is_err() {
        // Nobody hears them, so the system's own way is to hold: a signal ends the program.
        for signal in ENDING {
            let _ = flag::register_conditional_default(signal, Arc::new(AtomicBool::new(true)));
        }
    }
    Guard(())
}

#[cfg(not(unix))]
pub(super) fn guard() -> Guard {
    const INTERRUPT: i32 = 2;
    let _ = ctrlc::set_handler(|| leave(INTERRUPT));
    Guard(())
}
