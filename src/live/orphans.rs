//! Ends what this program has started if it is killed itself, and can't do it any more.
//!
//! On Linux the kernel ends the children, but not theirs: a proxy command, a `Match exec`. So a shell waits for the
//! end of a pipe that only this program holds open, and knows which process groups are running. It is in a session
//! of its own, takes no signal of a terminal, and ends with this program.

use std::io::Write;
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// Each line is `+ GROUP` or `- GROUP`. At the end of the pipe all that are left are ended.
const SCRIPT: &str = r#"
left=
while read -r sign group; do
    rest=
    for one in $left; do
        [ "$one" = "$group" ] || rest="$rest $one"
    done
    left=$rest
    [ "$sign" = - ] || left="$left $group"
done
for one in $left; do
    kill -s KILL -- "-$one"
done
"#;

/// How long it may take to end.
const LAST: Duration = Duration::from_millis(200);

enum Keeper {
    NotYet,
    Waits(Child, ChildStdin),
    /// It could not be started, or this program ends by itself.
    None,
}

static KEEPER: Mutex<Keeper> = Mutex::new(Keeper::NotYet);

/// A program is about to be started. The shell is there before it: between a program's start and its group's being told
/// nobody would end what it starts, and that is to be as short as can be.
pub(super) fn ready() {
    begin(&mut KEEPER.lock().unwrap_or_else(PoisonError::into_inner));
}

fn begin(keeper: &mut Keeper) {
    if matches!(keeper, Keeper::NotYet) {
        *keeper = start().unwrap_or(Keeper::None);
    }
}

/// A group of processes runs.
pub(super) fn add(group: u32) {
    let mut keeper = KEEPER.lock().unwrap_or_else(PoisonError::into_inner);
    begin(&mut keeper);
    tell(&mut keeper, '+', group);
}

/// A group is about to be no more. Its number may be another's soon.
pub(super) fn remove(group: u32) {
    tell(&mut KEEPER.lock().unwrap_or_else(PoisonError::into_inner), '-', group);
}

/// Nothing runs any more, and nothing will.
pub(super) fn dismiss() {
    let mut keeper = KEEPER.lock().unwrap_or_else(PoisonError::into_inner);
    if let Keeper::Waits(mut child, pipe) = std::mem::replace(&mut *keeper, Keeper::None) {
        drop(pipe);
        let until = Instant::now() + LAST;
        while matches!(child.try_wait(), Ok(None)) && Instant::now() < until {
            thread::sleep(Duration::from_millis(1));
        }
    }
}

fn tell(keeper: &mut Keeper, sign: char, group: u32) {
    if let Keeper::Waits(_, pipe) = keeper {
        let _ = pipe.write_all(format!("{sign} {group}\n").as_bytes());
    }
}

fn start() -> Option<Keeper> {
    let mut command = Command::new("/bin/sh");
    command.args(["-c", SCRIPT]).current_dir("/");
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    #[allow(unsafe_code, reason = "pre_exec has no safe form; one system call is made, which is async-signal-safe")]
    // SAFETY: between fork and exec only setsid(2) is called; nothing is allocated, no lock is taken.
    unsafe {
        command.pre_exec(|| rustix::process::setsid().map(drop).map_err(Into::into));
    }
    let mut child = command.spawn().ok()?;
    let pipe = child.stdin.take()?;
    Some(Keeper::Waits(child, pipe))
}
