//! Ends what this program has started if it is killed itself, and can't do it any more.
//!
//! On Linux the kernel ends the children, but not theirs: a proxy command, a `Match exec`. So a shell waits for the
//! end of a pipe that only this program holds open, and knows which process groups are running. It is in a session
//! of its own, takes no signal of a terminal, and ends with this program.

use std::io::{self, PipeReader, PipeWriter, Write};
use std::os::fd::{AsRawFd, BorrowedFd, RawFd};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// Each line is `+ NUMBER GROUP` or `- NUMBER`. At the end of the pipe all groups that are left are ended.
const SCRIPT: &str = r#"
left=
while read -r sign number group; do
    rest=
    for one in $left; do
        [ "${one%:*}" = "$number" ] || rest="$rest $one"
    done
    left=$rest
    [ "$sign" = - ] || left="$left $number:$group"
done
for one in $left; do
    kill -s KILL -- "-${one#*:}"
done
"#;

/// How long it may take to end.
const LAST: Duration = Duration::from_millis(200);

/// The longest line, in bytes: a sign, two numbers, what parts them.
const LINE: usize = 48;

enum Keeper {
    NotYet,
    /// The shell, the pipe's end that is written to, and the other one: with a reader here, who writes gets no SIGPIPE
    /// where the shell is gone.
    Waits(Child, PipeWriter, PipeReader),
    /// It could not be started, or this program ends by itself.
    None,
}

struct State {
    keeper: Keeper,
    started: u32,
}

static STATE: Mutex<State> = Mutex::new(State { keeper: Keeper::NotYet, started: 0 });

/// A program that is about to be started. It tells of its group itself, before it is the program that was asked for:
/// whatever that starts, its group is known by then.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    number: u32,
    pipe: Option<RawFd>,
}

/// A program is about to be started. The shell is there before it.
pub(super) fn ready() -> Entry {
    let mut state = STATE.lock().unwrap_or_else(PoisonError::into_inner);
    if matches!(state.keeper, Keeper::NotYet) {
        state.keeper = start().unwrap_or(Keeper::None);
    }
    state.started = state.started.wrapping_add(1);
    let pipe = if let Keeper::Waits(_, pipe, _) = &state.keeper { Some(pipe.as_raw_fd()) } else { None };
    Entry { number: state.started, pipe }
}

impl Entry {
    /// Tells of the calling process's group, which it leads. For a child between fork and exec: nothing is allocated, no
    /// lock is taken, nothing waits.
    pub(super) fn announce(self) {
        let mut line = [0; LINE];
        let mut room = &mut line[..];
        let group = rustix::process::getpid();
        if writeln!(room, "+ {} {group}", self.number).is_ok() {
            let left = room.len();
            self.write(&line[..LINE - left]);
        }
    }

    /// The group is about to be no more, or has never been one. Its number may be another's soon.
    pub(super) fn remove(self) {
        let state = STATE.lock().unwrap_or_else(PoisonError::into_inner);
        if matches!(state.keeper, Keeper::Waits(..)) {
            self.write(format!("- {}\n", self.number).as_bytes());
        }
    }

    #[allow(unsafe_code, reason = "a child between fork and exec has no more than a descriptor's number")]
    fn write(self, line: &[u8]) {
        if let Some(pipe) = self.pipe {
            // SAFETY: the pipe is closed by `dismiss` alone. No program is started any more by then, and `remove` has
            // looked, under the lock, whether it is open.
            let pipe = unsafe { BorrowedFd::borrow_raw(pipe) };
            let _ = rustix::io::write(pipe, line);
        }
    }
}

/// Nothing runs any more, and nothing will.
pub(super) fn dismiss() {
    let mut state = STATE.lock().unwrap_or_else(PoisonError::into_inner);
    if let Keeper::Waits(mut child, writer, _reader) = std::mem::replace(&mut state.keeper, Keeper::None) {
        drop(writer);
        let until = Instant::now() + LAST;
        while matches!(child.try_wait(), Ok(None)) && Instant::now() < until {
            thread::sleep(Duration::from_millis(1));
        }
    }
}

fn start() -> io::Result<Keeper> {
    let (reader, writer) = io::pipe()?;
    // Who tells of a group must not wait for the shell.
    rustix::io::ioctl_fionbio(&writer, true)?;
    let mut command = Command::new("/bin/sh");
    command.args(["-c", SCRIPT]).current_dir("/");
    command.stdin(reader.try_clone()?).stdout(Stdio::null()).stderr(Stdio::null());
    #[allow(unsafe_code, reason = "pre_exec has no safe form; one system call is made, which is async-signal-safe")]
    // SAFETY: between fork and exec only setsid(2) is called; nothing is allocated, no lock is taken.
    unsafe {
        command.pre_exec(|| rustix::process::setsid().map(drop).map_err(Into::into));
    }
    Ok(Keeper::Waits(command.spawn()?, writer, reader))
}
