//! When a connection may be made next, and when the run is given up.

use std::time::{Duration, Instant};

use super::pace::{DROPS, PENALTY, UNPUNISHED, punishes};
use super::shared::Run;

impl Run<'_> {
    /// A connection ended when it had borne so many refusals.
    pub(super) fn learn(&self, borne: usize) {
        let mut state = self.state();
        let most = borne + 1;
        if state.answers.most_failures.is_none_or(|known| most < known) {
            state.answers.most_failures = Some(most);
        }
        state.budget = state.budget.min(borne.max(1));
    }

    /// A server dropped a connection: the next one waits the longer, and in the end there is none.
    pub(super) fn dropped(&self, why: String) {
        let mut state = self.state();
        state.drops += 1;
        let wait = match punishes(state.answers.software.as_deref()) {
            true => PENALTY * 3,
            false => Duration::from_millis(300) * (1 << state.drops.min(4)),
        };
        state.next = state.next.max(Instant::now() + wait);
        // A host that never answered is not waited for.
        let patience = if state.answers.software.is_some() { DROPS } else { 1 };
        if state.drops > patience {
            state.stop.get_or_insert(why);
        }
    }

    /// Waits until another connection may be made. `None`: no more is to be asked.
    pub(super) fn wait_for_turn(&self) -> Option<()> {
        loop {
            let wait = {
                let mut state = self.state();
                if state.is_late() || state.stop.is_some() {
                    return None;
                }
                let now = Instant::now();
                let wait = state.next.saturating_duration_since(now);
                if now + wait >= state.until() {
                    state.no_time();
                    return None;
                }
                if wait.is_zero() {
                    state.answers.connections += 1;
                    let slow = punishes(state.answers.software.as_deref());
                    if slow && state.answers.connections >= UNPUNISHED {
                        state.next = now + PENALTY;
                    }
                    return Some(());
                }
                wait
            };
            std::thread::sleep(wait.min(Duration::from_millis(100)));
        }
    }
}
