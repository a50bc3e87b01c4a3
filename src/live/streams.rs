//! What comes out of a program's pipes, by the clock.
//!
//! On Unix nobody stands between a pipe and who wants to know: what a program wrote is there as soon as it has
//! ended, however busy the machine is, and what nobody takes waits in the pipe.

#[cfg(unix)]
pub(crate) use unix::Streams;

#[cfg(not(unix))]
pub(crate) use threads::Streams;

/// What is read at once, in bytes.
const PIECE: usize = 16384;

/// What came: of which stream, and the bytes; `None` at its end.
pub(crate) type Piece<T> = (T, Option<Vec<u8>>);

#[cfg(unix)]
mod unix {
    use std::io;
    use std::os::fd::OwnedFd;
    use std::time::Instant;

    use rustix::event::{PollFd, PollFlags, Timespec, poll};

    use super::{PIECE, Piece};

    /// Open streams, each with its mark.
    #[derive(Debug, Default)]
    pub(crate) struct Streams<T> {
        open: Vec<(T, OwnedFd)>,
    }

    impl<T: Copy> Streams<T> {
        pub(crate) fn new() -> Self {
            Self { open: Vec::new() }
        }

        /// One more stream, which nobody else reads.
        #[allow(clippy::unnecessary_wraps, reason = "other systems may fail")]
        pub(crate) fn add(&mut self, mark: T, stream: impl Into<OwnedFd>) -> io::Result<()> {
            self.open.push((mark, stream.into()));
            Ok(())
        }

        /// Whether all have ended.
        pub(crate) fn is_empty(&self) -> bool {
            self.open.is_empty()
        }

        /// The next piece, if one comes before the deadline. Once it is over there is none, whatever waits.
        pub(crate) fn next(&mut self, deadline: Instant) -> Option<Piece<T>> {
            loop {
                let left = deadline.checked_duration_since(Instant::now()).filter(|left| !left.is_zero())?;
                if let Some(piece) = self.poll(Timespec::try_from(left).ok()?) {
                    return Some(piece);
                }
                if self.open.is_empty() {
                    return None;
                }
            }
        }

        /// A piece of what waits already.
        pub(crate) fn waiting(&mut self) -> Option<Piece<T>> {
            self.poll(Timespec { tv_sec: 0, tv_nsec: 0 })
        }

        fn poll(&mut self, limit: Timespec) -> Option<Piece<T>> {
            if self.open.is_empty() {
                return None;
            }
            let mut all: Vec<_> = self.open.iter().map(|(_, stream)| PollFd::new(stream, PollFlags::IN)).collect();
            poll(&mut all, Some(&limit)).ok()?;
            let ready = all.iter().position(|stream| !stream.revents().is_empty())?;
            drop(all);
            // Whoever has spoken stands last, so that one who does not stop leaves the others their turn.
            let (mark, stream) = self.open.remove(ready);
            let mut piece = vec![0; PIECE];
            match rustix::io::read(&stream, &mut piece) {
                Ok(count @ 1..) => {
                    piece.truncate(count);
                    self.open.push((mark, stream));
                    Some((mark, Some(piece)))
                }
                Err(rustix::io::Errno::INTR | rustix::io::Errno::AGAIN) => {
                    self.open.push((mark, stream));
                    None
                }
                _ => Some((mark, None)),
            }
        }
    }
}

#[cfg(not(unix))]
mod threads {
    use std::io::{self, Read};
    use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
    use std::time::{Duration, Instant};

    use super::{PIECE, Piece};
    use crate::live::thread::apart;

    /// Pieces that wait to be taken.
    const WAITING: usize = 16;

    /// How long what waits may take to come through.
    const SOON: Duration = Duration::from_millis(300);

    /// Open streams, each with its mark, and a thread that reads it. Where nobody takes what it has read it reads no
    /// further.
    #[derive(Debug)]
    pub(crate) struct Streams<T> {
        open: usize,
        send: SyncSender<Piece<T>>,
        take: Receiver<Piece<T>>,
    }

    impl<T: Copy + Send + 'static> Streams<T> {
        pub(crate) fn new() -> Self {
            let (send, take) = sync_channel(WAITING);
            Self { open: 0, send, take }
        }

        /// One more stream, which nobody else reads.
        pub(crate) fn add(&mut self, mark: T, stream: impl Read + Send + 'static) -> io::Result<()> {
            let send = self.send.clone();
            apart(move || {
                let mut stream = stream;
                let mut piece = vec![0; PIECE];
                while let Ok(count @ 1..) = stream.read(&mut piece) {
                    if send.send((mark, Some(piece[..count].to_vec()))).is_err() {
                        return;
                    }
                }
                let _ = send.send((mark, None));
            })?;
            self.open += 1;
            Ok(())
        }

        /// Whether all have ended.
        pub(crate) fn is_empty(&self) -> bool {
            self.open == 0
        }

        /// The next piece, if one comes before the deadline. Once it is over there is none, whatever waits.
        pub(crate) fn next(&mut self, deadline: Instant) -> Option<Piece<T>> {
            let left = deadline.checked_duration_since(Instant::now()).filter(|left| !left.is_zero())?;
            if self.open == 0 {
                return None;
            }
            let piece = self.take.recv_timeout(left).ok()?;
            self.open -= usize::from(piece.1.is_none());
            Some(piece)
        }

        /// A piece of what waits already.
        pub(crate) fn waiting(&mut self) -> Option<Piece<T>> {
            self.next(Instant::now() + SOON)
        }
    }
}

#[cfg(all(test, unix))]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::io::Write;
    use std::time::Duration;

    use super::*;
    use std::time::Instant;

    #[test]
    fn all_that_was_written_is_there_at_the_end() {
        let (reader, mut writer) = std::io::pipe().unwrap();
        let mut streams = Streams::new();
        streams.add('a', reader).unwrap();
        assert!(streams.waiting().is_none());
        writer.write_all(&[7; 40_000]).unwrap();
        let mut count = 0;
        while let Some((_, Some(bytes))) = streams.waiting() {
            count += bytes.len();
        }
        assert_eq!(count, 40_000);
        drop(writer);
        assert_eq!(streams.waiting(), Some(('a', None)));
        assert!(streams.is_empty() && streams.next(Instant::now() + Duration::from_secs(9)).is_none());
    }

    #[test]
    fn one_that_does_not_stop_leaves_the_others_their_turn() {
        let (full, mut endless) = std::io::pipe().unwrap();
        let (rare, mut once) = std::io::pipe().unwrap();
        endless.write_all(&[0; 60_000]).unwrap();
        once.write_all(b"x").unwrap();
        let mut streams = Streams::new();
        streams.add(0, full).unwrap();
        streams.add(1, rare).unwrap();
        let until = Instant::now() + Duration::from_secs(9);
        let heard: Vec<_> = (0..3).map(|_| streams.next(until).unwrap().0).collect();
        assert!(heard.contains(&1), "{heard:?}");
        assert!(streams.next(Instant::now()).is_none(), "its time is over");
    }
}
