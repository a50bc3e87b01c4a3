//! Counts what a server sends on a connection, and ends it after so much.
//!
//! libssh2 keeps each message that nobody has asked for until somebody does, and knows no limit. So its way of
//! reading from the socket is replaced by one that counts. After a change here, run the test of this file under
//! valgrind, as `ffi.rs` says.

#![allow(unsafe_code, reason = "libssh2 is C; each block says why it is sound")]
#![cfg_attr(not(unix), allow(dead_code))]

/// The limit of one connection. Its end is the end of the counting.
#[cfg(not(unix))]
pub(super) struct Meter;

#[cfg(not(unix))]
impl Meter {
    /// Whether the server has sent all that it may.
    pub(super) fn is_empty(&self) -> bool {
        false
    }
}

#[cfg(unix)]
pub(super) use unix::Meter;

#[cfg(unix)]
mod unix {
    use std::collections::BTreeMap;
    use std::ffi::{c_int, c_void};
    use std::mem::MaybeUninit;
    use std::os::fd::{BorrowedFd, RawFd};
    use std::sync::{Mutex, MutexGuard, PoisonError};

    use libssh2_sys::LIBSSH2_SESSION;
    use rustix::net::{RecvFlags, recv};
    use ssh2::Session;

    /// `LIBSSH2_CALLBACK_RECV`
    const CALLBACK_RECV: c_int = 6;

    type Generic = unsafe extern "C" fn();
    type Receive = unsafe extern "C" fn(c_int, *mut c_void, usize, c_int, *mut *mut c_void) -> isize;

    #[allow(clashing_extern_declarations, reason = "the callback's real type depends on its number")]
    unsafe extern "C" {
        // libssh2.h, since 1.11.1.
        fn libssh2_session_callback_set2(
            session: *mut LIBSSH2_SESSION,
            cbtype: c_int,
            callback: Option<Generic>,
        ) -> Option<Generic>;
    }

    /// What may still come on each socket, in bytes.
    static LEFT: Mutex<BTreeMap<RawFd, usize>> = Mutex::new(BTreeMap::new());

    fn left() -> MutexGuard<'static, BTreeMap<RawFd, usize>> {
        LEFT.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The limit of one connection. Its end is the end of the counting.
    pub(in super::super) struct Meter(RawFd);

    impl Meter {
        /// Lets `most` bytes come from a socket, and then the end of the stream.
        pub(in super::super) fn on(session: &Session, socket: RawFd, most: usize) -> Self {
            left().insert(socket, most);
            let mut guard = session.raw();
            let raw: *mut LIBSSH2_SESSION = &mut *guard;
            // SAFETY: `raw` is a live session and used by nobody else while the guard lives. libssh2 calls what it
            // is given for this number as a function of type `Receive` (LIBSSH2_RECV_FUNC in libssh2.h).
            unsafe {
                let receive = std::mem::transmute::<Receive, Generic>(receive);
                libssh2_session_callback_set2(raw, CALLBACK_RECV, Some(receive));
            }
            Self(socket)
        }

        /// Whether the server has sent all that it may.
        pub(in super::super) fn is_empty(&self) -> bool {
            left().get(&self.0) == Some(&0)
        }
    }

    impl Drop for Meter {
        fn drop(&mut self) {
            left().remove(&self.0);
        }
    }

    /// Reads from a socket as libssh2's own callback does: the count, or an errno below zero.
    ///
    /// # Safety
    /// As libssh2 calls it: the socket is open, and `buffer` has room for `length` bytes.
    unsafe extern "C" fn receive(
        socket: c_int,
        buffer: *mut c_void,
        length: usize,
        _flags: c_int,
        _context: *mut *mut c_void,
    ) -> isize {
        // A socket that is not counted gives nothing.
        let room = left().get(&socket).copied().unwrap_or(0).min(length);
        if room == 0 || buffer.is_null() {
            return 0;
        }
        // SAFETY: libssh2's buffer has `length` bytes, of which `room` are lent here until this returns; they may
        // be uninitialised. The socket is the session's own, which is open as long as the session is.
        let (buffer, socket_now) = unsafe {
            let buffer = std::slice::from_raw_parts_mut(buffer.cast::<MaybeUninit<u8>>(), room);
            (buffer, BorrowedFd::borrow_raw(socket))
        };
        match recv(socket_now, buffer, RecvFlags::empty()) {
            Ok(((filled, _), _)) => {
                let count = filled.len();
                if let Some(left) = left().get_mut(&socket) {
                    *left = left.saturating_sub(count);
                }
                count as isize
            }
            Err(error) => -(error.raw_os_error() as isize),
        }
    }
}
