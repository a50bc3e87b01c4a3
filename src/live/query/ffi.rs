//! The one call of libssh2 that neither `ssh2` nor `libssh2-sys` declares, and the only unsafe code for it.
//!
//! `libssh2_userauth_publickey` sends the publickey query (RFC 4252 section 7) and, if the server says yes, asks a
//! callback to sign. The callback here refuses, so that nothing is ever signed; that it was called at all is the
//! server's yes. Another callback hears why a server disconnects.
//!
//! After a change here, run the tests of this file under valgrind; there must be no error and no lost block of
//! this program's own:
//!
//! ```text
//! cargo test --lib --no-run
//! valgrind --leak-check=full --errors-for-leak-kinds=definite --error-exitcode=9 \
//!     target/debug/deps/ssh_why-HASH --test-threads=1 live::query::ffi
//! ```

#![allow(unsafe_code, reason = "libssh2 is C; each block says why it is sound")]

use std::ffi::{CString, c_char, c_int, c_uchar, c_void};
use std::ptr;

use libssh2_sys::{
    LIBSSH2_ERROR_ALLOC, LIBSSH2_ERROR_AUTHENTICATION_FAILED, LIBSSH2_ERROR_PUBLICKEY_UNVERIFIED,
    LIBSSH2_ERROR_SOCKET_DISCONNECT, LIBSSH2_ERROR_SOCKET_RECV, LIBSSH2_ERROR_SOCKET_SEND, LIBSSH2_ERROR_TIMEOUT,
    LIBSSH2_SESSION, libssh2_session_abstract,
};
use ssh2::Session;

use crate::wire::Reader;

/// What the server made of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// It would take a signature of this key, by this algorithm.
    Accepted(String),
    /// It would not.
    Refused,
    /// It let the user in without any signature.
    Admitted,
    /// It ended the connection instead: code and words of its last message, if it sent one.
    Gone(Option<(i32, String)>),
    /// No answer came in time.
    Slow,
    /// It sent so much besides an answer that it is heard no further.
    Endless,
    /// libssh2 did not ask.
    Failed(i32),
}

/// `LIBSSH2_CALLBACK_DISCONNECT`
const CALLBACK_DISCONNECT: c_int = 2;

/// What is kept of a server's last words, in bytes.
const MOST_WORDS: usize = 256;

type Sign = unsafe extern "C" fn(
    *mut LIBSSH2_SESSION,
    *mut *mut c_uchar,
    *mut usize,
    *const c_uchar,
    usize,
    *mut *mut c_void,
) -> c_int;

type Disconnect =
    unsafe extern "C" fn(*mut LIBSSH2_SESSION, c_int, *const c_char, c_int, *const c_char, c_int, *mut *mut c_void);

unsafe extern "C" {
    // libssh2.h, since 1.2.8.
    fn libssh2_userauth_publickey(
        session: *mut LIBSSH2_SESSION,
        username: *const c_char,
        pubkeydata: *const c_uchar,
        pubkeydata_len: usize,
        sign_callback: Sign,
        context: *mut *mut c_void,
    ) -> c_int;

    // libssh2.h, since 1.11.1. The callback's real type depends on `cbtype`.
    fn libssh2_session_callback_set2(
        session: *mut LIBSSH2_SESSION,
        cbtype: c_int,
        callback: Option<Disconnect>,
    ) -> Option<Disconnect>;
}

/// What the callbacks saw during one query.
#[derive(Default)]
struct Seen {
    /// The algorithm that a signature was wanted by: the server has said yes.
    wanted: Option<String>,
    last_words: Option<(i32, String)>,
}

/// Asks whether the server would take `key` for `user`. The session is past its key exchange.
pub(super) fn ask(session: &Session, user: &str, key: &[u8]) -> Answer {
    let Ok(user) = CString::new(user) else {
        return Answer::Failed(LIBSSH2_ERROR_ALLOC);
    };
    let mut seen = Seen::default();
    // The guard keeps the session from being used elsewhere; it is gone when this function returns, since any
    // other method of the session would wait for it for ever.
    let mut guard = session.raw();
    let raw: *mut LIBSSH2_SESSION = &mut *guard;
    let context: *mut Seen = &mut seen;
    // SAFETY: `raw` is a live session, and the guard makes this the only use of it. `user` ends in a NUL and, like
    // `key`, outlives the call. `context` points to `seen`, which outlives the call, and nothing else touches it
    // meanwhile; both callbacks get it back as it was given. It is taken out of the session again, so that no
    // later call can see it. The field of `libssh2_session_abstract` is unused by `ssh2` between its own calls.
    let code = unsafe {
        let field = libssh2_session_abstract(raw);
        let before = *field;
        *field = context.cast();
        libssh2_session_callback_set2(raw, CALLBACK_DISCONNECT, Some(hear));
        let code = libssh2_userauth_publickey(raw, user.as_ptr(), key.as_ptr(), key.len(), refuse, context.cast());
        libssh2_session_callback_set2(raw, CALLBACK_DISCONNECT, None);
        *field = before;
        code
    };
    drop(guard);
    match (code, seen) {
        (0, _) => Answer::Admitted,
        (_, Seen { wanted: Some(algorithm), .. }) => Answer::Accepted(algorithm),
        (LIBSSH2_ERROR_AUTHENTICATION_FAILED, _) => Answer::Refused,
        (LIBSSH2_ERROR_TIMEOUT, _) => Answer::Slow,
        (
            LIBSSH2_ERROR_PUBLICKEY_UNVERIFIED
            | LIBSSH2_ERROR_SOCKET_DISCONNECT
            | LIBSSH2_ERROR_SOCKET_RECV
            | LIBSSH2_ERROR_SOCKET_SEND,
            seen,
        ) => Answer::Gone(seen.last_words),
        (code, _) => Answer::Failed(code),
    }
}

/// The sign callback: notes that it was called, and signs nothing.
///
/// # Safety
/// `data` and `context` must be as libssh2 passes them on from [`ask`].
unsafe extern "C" fn refuse(
    _session: *mut LIBSSH2_SESSION,
    _signature: *mut *mut c_uchar,
    _signature_length: *mut usize,
    data: *const c_uchar,
    length: usize,
    context: *mut *mut c_void,
) -> c_int {
    if !context.is_null() {
        let data = if data.is_null() {
            &[]
        } else {
            // SAFETY: libssh2 passes its own buffer of `length` bytes, which lives until this returns.
            unsafe { std::slice::from_raw_parts(data, length) }
        };
        let algorithm = signature_algorithm(data).unwrap_or_default().to_owned();
        // SAFETY: the pointer is the one to `Seen` that `ask` gave; the object is alive and used by nobody else.
        unsafe { (*context.cast::<Seen>()).wanted = Some(algorithm) };
    }
    // Neither EAGAIN (-37), which would ask again, nor ALGO_UNSUPPORTED (-51), which would send another query.
    -1
}

/// The disconnect callback: notes the server's last words.
///
/// # Safety
/// The pointers must be as libssh2 passes them; `context` is the address of the session's own field.
unsafe extern "C" fn hear(
    _session: *mut LIBSSH2_SESSION,
    reason: c_int,
    message: *const c_char,
    length: c_int,
    _language: *const c_char,
    _language_length: c_int,
    context: *mut *mut c_void,
) {
    // SAFETY: `context` is the address of the session's field, which `ask` has set, or null.
    let seen: *mut Seen = unsafe { context.as_ref() }.map_or(ptr::null_mut(), |field| field.cast());
    if seen.is_null() {
        return;
    }
    let length = usize::try_from(length).unwrap_or(0).min(MOST_WORDS);
    let words = if message.is_null() || length == 0 {
        String::new()
    } else {
        // SAFETY: libssh2 passes `length` bytes (or more; fewer are read) of the packet, alive until this returns.
        let bytes = unsafe { std::slice::from_raw_parts(message.cast::<u8>(), length) };
        String::from_utf8_lossy(bytes).into_owned()
    };
    // SAFETY: not null, so it is the pointer to `Seen` that `ask` has set for as long as its call lasts.
    unsafe { (*seen).last_words = Some((reason, words)) };
}

/// The algorithm in the data that is to be signed (RFC 4252 section 7).
fn signature_algorithm(data: &[u8]) -> Option<&str> {
    let mut reader = Reader(data);
    let _session_id = reader.string()?;
    let _message = reader.byte()?;
    let (_user, _service, _method) = (reader.string()?, reader.string()?, reader.string()?);
    let _signed = reader.byte()?;
    reader.text()
}

#[cfg(all(test, unix))]
#[allow(clippy::unwrap_used, clippy::non_octal_unix_permissions, clippy::type_complexity, reason = "tests")]
mod tests {
    use super::*;
    use std::net::{TcpListener, TcpStream};
    use std::path::Path;
    use std::process::{Child, Command, Stdio};
    use std::time::{Duration, Instant};

    struct Server(Child);

    impl Drop for Server {
        fn drop(&mut self) {
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }

    fn keygen(path: &Path, args: &[&str]) -> Vec<u8> {
        let mut command = Command::new("ssh-keygen");
        command.args(["-q", "-N", "", "-f"]).arg(path).args(args);
        assert!(command.status().unwrap().success());
        let public = std::fs::read_to_string(path.with_extension("pub")).unwrap();
        crate::wire::public_line(&public).unwrap().blob
    }

    fn session(port: u16) -> Session {
        let stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        let mut session = Session::new().unwrap();
        session.set_timeout(30_000);
        session.set_tcp_stream(stream);
        session.handshake().unwrap();
        session
    }

    #[test]
    fn queries_are_answered_and_nothing_is_signed() {
        let place = tempfile::tempdir().unwrap();
        let path = |name: &str| place.path().join(name);
        keygen(&path("host"), &["-t", "ed25519"]);
        let good = keygen(&path("good"), &["-t", "ed25519"]);
        let rsa = keygen(&path("rsa"), &["-t", "rsa", "-b", "2048"]);
        let bad = keygen(&path("bad"), &["-t", "ecdsa"]);
        let keys = ["good.pub", "rsa.pub"].map(|name| std::fs::read_to_string(path(name)).unwrap());
        std::fs::write(path("keys"), keys.concat()).unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let folder = place.path().display();
        std::fs::write(
            path("config"),
            format!(
                "ListenAddress 127.0.0.1\nPort {port}\nHostKey {folder}/host\nPidFile none\nUsePAM no\nStrictModes no\n\
                 AuthorizedKeysFile {folder}/keys\nMaxAuthTries 3\nPermitRootLogin yes\n"
            ),
        )
        .unwrap();
        if nix::unistd::geteuid().is_root() {
            let _ = std::fs::create_dir_all("/run/sshd");
        }
        let mut command = Command::new("/usr/sbin/sshd");
        command.args(["-D", "-e", "-f"]).arg(path("config"));
        let server = Server(command.stderr(Stdio::null()).spawn().unwrap());
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(begun.elapsed() < Duration::from_secs(20));
            std::thread::sleep(Duration::from_millis(20));
        }
        let user = nix::unistd::User::from_uid(nix::unistd::getuid()).unwrap().unwrap().name;

        let one = session(port);
        assert_eq!(ask(&one, &user, &good), Answer::Accepted("ssh-ed25519".into()));
        assert_eq!(ask(&one, &user, &bad), Answer::Refused);
        assert_eq!(ask(&one, &user, &rsa), Answer::Accepted("rsa-sha2-512".into()));
        assert_eq!(ask(&one, &user, &bad), Answer::Refused);
        assert_eq!(ask(&one, &user, &good), Answer::Accepted("ssh-ed25519".into()));
        let gone = ask(&one, &user, &bad);
        assert_eq!(gone, Answer::Gone(Some((2, "Too many authentication failures".into()))));
        assert!(!one.authenticated());
        assert!(matches!(ask(&one, &user, &good), Answer::Gone(None) | Answer::Failed(_)));

        let two = session(port);
        assert!(matches!(ask(&two, &user, &[]), Answer::Gone(None) | Answer::Failed(_)));
        assert!(matches!(ask(&two, &user, &[0xff; 64]), Answer::Gone(None) | Answer::Failed(_)));
        assert!(matches!(ask(&two, "a\0b", &good), Answer::Failed(_)));
        assert_eq!(ask(&two, &user, &good), Answer::Accepted("ssh-ed25519".into()));
        drop(server);
    }
}
