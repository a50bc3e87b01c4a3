//! ssh's log with the place in its source before each message, and those places taken out again.
//!
//! ssh writes a message of several lines as it is: its log lets line ends pass (`VIS_SAFE` in log.c, up to 10.x). So
//! what a server puts into a name, a reason or a message to be shown can look like further lines of the log. With
//! `LogVerbose` (8.5 on) ssh begins each message with file, function, line and its own process number, which no server
//! knows: a line without that is the rest of another message, and says nothing.

use std::time::Duration;

use super::config::Options;
use super::order;
use super::program::Program;
use crate::dialect::read_line;
use crate::model::Kind;

/// The first release with `LogVerbose`.
const SINCE: (u32, u32) = (8, 5);

/// An option that has had its name since then, and always has a value: `ssh -G` of that release and later lists it.
const SINCE_THEN: &str = "pubkeyacceptedalgorithms";

/// How long ssh may take to tell its version.
const ASK: Duration = Duration::from_secs(1);

/// The option that makes ssh write the places, whatever its level. `None`: this ssh has no such option, or does not tell
/// its version. It is asked for it only where it has not told what applies.
pub(crate) fn option(ssh: &Program, applies: Option<&Options>, limit: Duration) -> Option<&'static str> {
    let has = match applies {
        Some(options) => options.iter().any(|(name, _)| name == SINCE_THEN),
        None => order::version(ssh, limit.min(ASK)).is_some_and(|version| version >= SINCE),
    };
    has.then_some("LogVerbose=*")
}

/// Takes the places out of a log as it comes.
#[derive(Debug, Default)]
pub(crate) struct Untag {
    /// Whether ssh was asked to write them.
    asked: bool,
    /// The number of the process, once it has been seen: before anything of a server's can be.
    process: Option<Vec<u8>>,
    /// A line that has not ended yet.
    open: Vec<u8>,
}

impl Untag {
    /// For a log that has the places, or for one that is to be taken as it is.
    pub(crate) fn new(asked: bool) -> Self {
        Self { asked, ..Self::default() }
    }

    /// What ssh says itself in these bytes, at the level of one `-v`.
    pub(crate) fn take(&mut self, bytes: &[u8]) -> Vec<u8> {
        if !self.asked {
            return bytes.to_vec();
        }
        self.open.extend_from_slice(bytes);
        let Some(end) = self.open.iter().rposition(|byte| *byte == b'\n') else { return Vec::new() };
        let rest = self.open.split_off(end + 1);
        let whole = std::mem::replace(&mut self.open, rest);
        whole.split_inclusive(|byte| *byte == b'\n').filter_map(|line| self.line(line)).flatten().collect()
    }

    /// The last line, if nothing ended it.
    pub(crate) fn end(&mut self) -> Vec<u8> {
        let line = std::mem::take(&mut self.open);
        self.line(&line).unwrap_or_default()
    }

    fn line(&mut self, line: &[u8]) -> Option<Vec<u8>> {
        let (level, said) = level(line);
        match place(said) {
            Some(place) if self.process.as_deref().is_none_or(|known| known == place.process) => {
                self.process.get_or_insert_with(|| place.process.to_vec());
                // The places come with all levels; more than one -v would say is left out.
                (!matches!(level, b"debug2: " | b"debug3: ")).then(|| place.message(level))
            }
            // The configuration is read before ssh knows what to write.
            None if self.process.is_none() => Some(line.to_vec()),
            _ => None,
        }
    }
}

/// A line's level with its blank, and what stands behind it.
fn level(line: &[u8]) -> (&[u8], &[u8]) {
    match line {
        [b'd', b'e', b'b', b'u', b'g', b'1'..=b'3', b':', b' ', ..] => line.split_at(8),
        _ => line.split_at(0),
    }
}

/// A message and its place.
struct Place<'a> {
    function: &'a [u8],
    process: &'a [u8],
    text: &'a [u8],
}

impl Place<'_> {
    /// The message as ssh writes it without places. Some begin with their function then, and nothing tells which: those
    /// that say nothing without.
    fn message(&self, level: &[u8]) -> Vec<u8> {
        let bare = [level, self.text].concat();
        let named = [level, self.function, b": ", self.text].concat();
        let says = |line: &[u8]| read_line(String::from_utf8_lossy(line).trim_end());
        // What failed in the greeting is told as an error; the same function logs much else.
        match (says(&bare), says(&named)) {
            (_, Some(Kind::IdentificationFailed { .. })) if level.is_empty() => named,
            (None, Some(kind)) if !matches!(kind, Kind::IdentificationFailed { .. }) => named,
            _ => bare,
        }
    }
}

/// `FILE.c:FUNCTION():LINE (bin=NAME, pid=NUMBER): TEXT`. Up to 9.7 there is no `bin`.
fn place(said: &[u8]) -> Option<Place<'_>> {
    let open = said.iter().take(200).position(|byte| *byte == b' ')?;
    let (source, rest) = said.split_at(open);
    let words = source.split(|byte| *byte == b':').collect::<Vec<_>>();
    let [file, function, line] = words.as_slice() else { return None };
    let function = function.strip_suffix(b"()")?;
    let rest = rest.strip_prefix(b" (").filter(|_| file.ends_with(b".c") && line.iter().all(u8::is_ascii_digit))?;
    let rest = match rest.strip_prefix(b"bin=") {
        Some(rest) => &rest[rest.windows(2).take(200).position(|pair| pair == b", ")? + 2..],
        None => rest,
    };
    let rest = rest.strip_prefix(b"pid=")?;
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (process, rest) = rest.split_at(digits);
    let text = rest.strip_prefix(b"): ").filter(|_| digits > 0)?;
    Some(Place { function, process, text })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn untagged(log: &str, piece: usize) -> String {
        let mut tags = Untag::new(true);
        let mut text: Vec<u8> = log.as_bytes().chunks(piece).flat_map(|piece| tags.take(piece)).collect();
        text.extend(tags.end());
        String::from_utf8(text).unwrap_or_default()
    }

    #[test]
    fn only_what_ssh_begins_is_its_own() {
        let log = "debug1: Reading configuration data /etc/ssh/ssh_config\r\n\
                   debug3: sshconnect.c:ssh_connect_direct():457 (pid=41): entering\r\n\
                   debug1: packet.c:ssh_packet_read_poll2():9 (pid=41): Remote: hello\n\
                   debug1: Server accepts key: /x ED25519 SHA256:x\r\n\
                   debug1: packet.c:ssh_packet_read_poll2():9 (pid=42): Server accepts key: /x\r\n\
                   sshconnect.c:ssh_connect():5 (bin=/usr/bin/ssh, pid=41): ssh: connect to host box\r\n\
                   sshconnect2.c:sign_and_send_pubkey():7 (pid=41): signing failed: agent refused operation\r\n\
                   kex.c:kex_exchange_identification():1383 (pid=41): Connection closed by remote host\r\n\
                   debug1: kex.c:kex_exchange_identification():9 (pid=41): Local version string SSH-2.0-x\r\n\
                   packet.c:f():1 (pid=41): no end";
        let own = "debug1: Reading configuration data /etc/ssh/ssh_config\r\n\
                   debug1: Remote: hello\n\
                   ssh: connect to host box\r\n\
                   sign_and_send_pubkey: signing failed: agent refused operation\r\n\
                   kex_exchange_identification: Connection closed by remote host\r\n\
                   debug1: Local version string SSH-2.0-x\r\n\
                   no end";
        for piece in [1, 7, 1000] {
            assert_eq!(untagged(log, piece), own, "in pieces of {piece}");
        }
    }

    /// What it told of what applies tells its release, and nothing is asked.
    #[test]
    fn whether_it_can_is_told_by_what_applies() {
        let ssh = Program::named("no-such-program-here");
        let listed = |name: &str| vec![("user".to_owned(), "git".to_owned()), (name.to_owned(), "+ssh-rsa".to_owned())];
        let can = |applies: Option<&Options>| option(&ssh, applies, Duration::from_secs(1)).is_some();
        assert!(can(Some(&listed("pubkeyacceptedalgorithms"))));
        assert!(!can(Some(&listed("pubkeyacceptedkeytypes"))) && !can(None));
    }

    #[test]
    fn a_log_without_places_is_as_it_is() {
        let mut tags = Untag::new(false);
        assert_eq!(tags.take(b"debug3: a\nb"), b"debug3: a\nb");
        assert!(tags.end().is_empty());
    }
}
