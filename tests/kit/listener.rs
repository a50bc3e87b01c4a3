//! A listener in threads of this process: one for each connection, all ended when it is dropped.

use std::io;
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};

use super::pause;

/// Listens at a free port of 127.0.0.1.
#[derive(Debug)]
pub(crate) struct Listener {
    pub(crate) port: u16,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Listener {
    /// `serve` gets each connection, its number from 0, and what tells that it is time to end.
    pub(crate) fn start(
        serve: impl Fn(TcpStream, usize, &AtomicBool) -> io::Result<()> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        listener.set_nonblocking(true).unwrap();
        let stop = Arc::new(AtomicBool::new(false));
        let (stopped, serve) = (Arc::clone(&stop), Arc::new(serve));
        let thread = thread::spawn(move || {
            let mut threads = Vec::new();
            while !stopped.load(Ordering::Relaxed) {
                let Ok((stream, _)) = listener.accept() else {
                    pause();
                    continue;
                };
                let (number, stopped, serve) = (threads.len(), Arc::clone(&stopped), Arc::clone(&serve));
                threads.push(thread::spawn(move || {
                    let _ = stream.set_nonblocking(false).and_then(|()| serve(stream, number, &stopped));
                }));
            }
            for thread in threads {
                let _ = thread.join();
            }
        });
        Self { port, stop, thread: Some(thread) }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
