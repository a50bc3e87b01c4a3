//! How fast a server is asked, how often, and for how long in all: neither is for the server to choose.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::target::Answers;
use crate::order::openssh_version;
use crate::survey::Reply;

/// Connections to one server at a time.
pub(super) const AT_ONCE: usize = 4;

/// Refusals on one connection that the usual server bears (MaxAuthTries 6), less the last, which it may not tell.
pub(super) const REFUSALS: usize = 5;

/// Times that one key is asked again after its connection ended.
pub(super) const AGAIN: usize = 3;

/// Connections in a row that a server may drop before it is left alone.
pub(super) const DROPS: usize = 4;

/// OpenSSH from 9.8 on adds 5 s of penalty for each connection with a refusal, and acts on 15 s of them.
pub(super) const PENALTY: Duration = Duration::from_millis(5200);
pub(super) const UNPUNISHED: usize = 2;

/// Answers in a row that a server may owe before it is left alone.
const SILENCES: usize = 2;

/// How long all connections to one server may take, as many times the limit of one. The waits that spare a server
/// which punishes come on top.
const WHOLE: u32 = 3;

/// How long a server may be asked about so many keys. It is known beforehand, whatever the server does.
fn whole(limit: Duration, keys: usize, slowly: bool) -> Duration {
    let connections = if slowly { u32::try_from(keys.div_ceil(REFUSALS)).unwrap_or(u32::MAX) } else { 0 };
    limit.saturating_mul(WHOLE).saturating_add(PENALTY.saturating_mul(connections))
}

pub(super) struct State {
    pub(super) queue: VecDeque<usize>,
    pub(super) replies: Vec<Option<Reply>>,
    /// How often each key's answer was lost.
    lost: Vec<usize>,
    /// Refusals to risk on one connection.
    pub(super) budget: usize,
    pub(super) answers: Answers,
    /// Connections in a row that came to nothing.
    pub(super) drops: usize,
    /// Answers in a row that did not come.
    pub(super) silences: usize,
    /// Why nothing more is asked.
    pub(super) stop: Option<String>,
    /// When the next connection may be made.
    pub(super) next: Instant,
    begun: Instant,
    /// For each connection.
    limit: Duration,
    /// Which kind of host key is asked for: 0 for the usual ones.
    pub(super) turn: usize,
    /// The host key that was found to be right.
    pub(super) trusted: Option<(String, String)>,
}

impl State {
    pub(super) fn new(keys: usize, limit: Duration) -> Self {
        Self {
            queue: (0..keys).collect(),
            replies: vec![None; keys],
            lost: vec![0; keys],
            budget: REFUSALS,
            answers: Answers::default(),
            drops: 0,
            silences: 0,
            stop: None,
            next: Instant::now(),
            begun: Instant::now(),
            limit,
            turn: 0,
            trusted: None,
        }
    }

    fn whole(&self) -> Duration {
        whole(self.limit, self.replies.len(), punishes(self.answers.software.as_deref()))
    }

    /// When the time for all of it is over.
    pub(super) fn until(&self) -> Instant {
        self.begun + self.whole()
    }

    /// Whether the time for all of it is over.
    pub(super) fn is_late(&mut self) -> bool {
        let late = Instant::now() >= self.until();
        if late {
            self.no_time();
        }
        late
    }

    pub(super) fn no_time(&mut self) {
        let seconds = self.whole().as_secs();
        self.stop.get_or_insert_with(|| format!("there was no time left: all keys together have {seconds} s"));
    }

    pub(super) fn take(&mut self) -> Option<usize> {
        if self.is_late() || self.stop.is_some() {
            return None;
        }
        self.queue.pop_front()
    }

    /// A key whose answer did not come in time.
    pub(super) fn silent(&mut self, key: usize, why: String) {
        self.silences += 1;
        if self.silences >= SILENCES {
            self.stop.get_or_insert_with(|| why.clone());
        }
        self.replies[key] = Some(Reply::Unknown(why));
    }

    /// How many keys need not be asked about any more.
    pub(super) fn done(&self) -> usize {
        self.replies.iter().flatten().count()
    }

    /// A key whose connection ended before its answer.
    pub(super) fn put_back(&mut self, key: usize, why: &str) {
        self.lost[key] += 1;
        if self.lost[key] > AGAIN {
            self.replies[key] = Some(Reply::Unknown(why.to_owned()));
        } else {
            self.queue.push_front(key);
        }
    }
}

/// Whether a server counts a source's refusals from connection to connection (OpenSSH, 9.8 on).
pub(super) fn punishes(software: Option<&str>) -> bool {
    let own = |software: &&str| software.starts_with("OpenSSH_") && !software.starts_with("OpenSSH_for_Windows");
    software.filter(own).and_then(openssh_version) >= Some((9, 8))
}

/// Whether a server's last words say that it has had enough refusals.
pub(super) fn too_many(words: Option<&(i32, String)>) -> bool {
    words.is_some_and(|(_, text)| text.to_ascii_lowercase().contains("too many authentication failures"))
}

pub(super) fn gone(words: Option<&(i32, String)>) -> String {
    match words {
        Some((_, text)) if !text.is_empty() => format!("this host ended the connection: {text}"),
        _ => "this host ended the connection instead of answering".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_punishes() {
        for (software, slow) in [
            ("OpenSSH_9.2p1 Debian-2", false),
            ("OpenSSH_9.8p1", true),
            ("OpenSSH_10.0", true),
            ("OpenSSH_for_Windows_9.8", false),
            ("babeld-1", false),
            ("", false),
        ] {
            assert_eq!(punishes(Some(software)), slow, "{software}");
        }
    }
}
