//! What the benches of live runs share: a server's distance, programs that run by turns, the medians of their times.

use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::kit::{FakeServer, Manner, Stage};

/// How often each is run; the median counts.
const ROUNDS: usize = 15;

/// Each way to a far host takes so long.
pub(crate) const FAR: Duration = Duration::from_millis(20);

/// The port at which a server is as far away as `way` has it.
pub(crate) fn distant(stage: &Stage, way: Duration, port: u16) -> u16 {
    if way.is_zero() { port } else { FakeServer::start(stage, Manner::Distant(way, port)).port }
}

/// How long a program takes, which must end with this code.
pub(crate) fn run(stage: &Stage, program: &str, args: &[&str], code: i32) -> Duration {
    let mut command = stage.command(program);
    command.args(args).stdin(Stdio::null());
    let begun = Instant::now();
    let output = command.output().unwrap_or_else(|error| panic!("{program}: {error}"));
    let took = begun.elapsed();
    assert_eq!(output.status.code(), Some(code), "{program}: {output:?}");
    took
}

/// The medians of several runs' times. They take turns, so that a busy moment falls on all alike.
pub(crate) fn medians<const N: usize>(runs: [&dyn Fn() -> Duration; N]) -> [Duration; N] {
    let mut times = runs.map(|_| Vec::new());
    for _ in 0..ROUNDS {
        for (times, run) in times.iter_mut().zip(runs) {
            times.push(run());
        }
    }
    times.map(|mut times| {
        times.sort_unstable();
        times[times.len() / 2]
    })
}
