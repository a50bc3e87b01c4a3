//! Signals that end the program: all that it has started ends first.

use crate::live::process;

/// Exit codes of programs that a signal ended, as shells give them, are above this.
const BY_SIGNAL: i32 = 128;

/// As long as it lives, a signal ends what the program has started. So does its own end.
pub(super) struct Guard(());

impl Drop for Guard {
    fn drop(&mut self) {
        process::end_all();
    }
}

#[allow(clippy::exit, reason = "the handler's thread ends the program; nothing is left to undo")]
fn leave(signal: i32) -> ! {
    process::end_all();
    std::process::exit(BY_SIGNAL + signal)
}

/// Where no thread can be started the system's own way stays: the signal ends the program.
#[cfg(unix)]
pub(super) fn guard() -> Guard {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;
    let wait = || {
        let first = Signals::new([SIGHUP, SIGINT, SIGTERM]).ok().and_then(|mut signals| signals.forever().next());
        if let Some(signal) = first {
            leave(signal);
        }
    };
    let _ = crate::live::thread::apart(wait);
    Guard(())
}

#[cfg(not(unix))]
pub(super) fn guard() -> Guard {
    const INTERRUPT: i32 = 2;
    let _ = ctrlc::set_handler(|| leave(INTERRUPT));
    Guard(())
}
