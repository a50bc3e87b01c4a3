//! Where another program than ssh, git and scp was told to go: its command at a prompt, a URL, a place.
//!
//! Nothing is known of such a program's options. So only words are taken that can hardly mean anything else, and
//! what is found is of use only if a session of another client than OpenSSH's follows.

use super::programs;
use super::typed::{ends_a_prompt, is_beside_a_command, is_user, plausible, prompt_user};
use super::words::split;
use crate::model::session::Typed;
use crate::text::Sought;

/// Longest line that is looked at, in bytes.
const LONGEST: usize = 8192;

/// Schemes of addresses that are reached by SSH.
const SCHEMES: &[&str] = &["ssh://", "sftp://", "scp://", "git+ssh://", "ssh+git://"];

/// What a program says before it, but for the first letter.
const BOUND: &[Sought] = &[Sought::new("onnecting to "), Sought::new("ialing ")];

/// What all of them have before a place.
const AUTHORITY: Sought = Sought::new("://");

/// Options before a port, a user, a host; and some that take a file.
const PORT: &[&str] = &["-p", "-P", "--port"];
const USER: &[&str] = &["-u", "-l", "--user", "--username", "--login"];
const HOST: &[&str] = &["-H", "--host", "--hostname"];

/// Whether a line is a command at a prompt, of whatever program, that goes somewhere.
pub(crate) fn goes_elsewhere(line: &[u8]) -> bool {
    may_hold_a_command(line) && std::str::from_utf8(line).is_ok_and(|line| elsewhere(line).is_some())
}

/// Words of which every line holds one that names a place without a command.
pub(super) fn places() -> impl Iterator<Item = &'static str> {
    SCHEMES.iter().copied().chain(BOUND.iter().map(|words| words.words()))
}

/// The destination of a command at a prompt, whatever program it is of.
pub(crate) fn elsewhere(line: &str) -> Option<Typed> {
    if line.len() > LONGEST {
        return None;
    }
    let start = program(line)?;
    let words = split(&line[start..]);
    let (name, rest) = words.split_first()?;
    let mut typed = programs::parse(&words).or_else(|| destination(rest))?;
    typed.program.clone_from(name);
    typed.local_user = prompt_user(&line[..start]);
    Some(typed)
}

/// Where a program says that it goes, whatever program it is: `Connecting to dev@box.example:22`, or any sentence that
/// names an address of SSH's.
pub(crate) fn announced(line: &str) -> Option<Typed> {
    if line.len() > LONGEST {
        return None;
    }
    let Place { user, host, port } = connecting(line).or_else(|| {
        // What all of them have, and hardly any line.
        if !AUTHORITY.is_in(line) {
            return None;
        }
        let mut words = line.split([' ', '=', '<', '>', '"']);
        words
            .find(|word| SCHEMES.iter().any(|scheme| word.contains(scheme)))
            .and_then(|word| place(word.trim_end_matches(['.', ':'])))
    })?;
    Some(Typed { host, user, port, ..Typed::default() })
}

fn connecting(line: &str) -> Option<Place> {
    let word = BOUND.iter().find_map(|words| {
        let (before, rest) = words.split(line)?;
        before.ends_with(['C', 'c', 'D', 'd']).then_some(rest)
    })?;
    let (word, rest) = word.split_once(' ').unwrap_or((word, ""));
    let found = place(word.trim_end_matches(['.', ',', '…', ':']))?;
    let user = rest.strip_prefix("as ").map(|rest| rest.trim_start_matches("user ").trim_end_matches('.'));
    let user = user.filter(|user| is_user(user)).map(str::to_owned);
    (rest.trim_matches(['.', ' ']).is_empty() || user.is_some()).then(|| Place { user: found.user.or(user), ..found })
}

/// Where the program's name stands: behind a prompt, or behind the `+ ` of a shell that traces what it runs.
fn program(line: &str) -> Option<usize> {
    if !may_hold_a_command(line.as_bytes()) {
        return None;
    }
    // Without its prompt, a command is told from a sentence by an option.
    let mut words = line.split_whitespace();
    let bare = words.next().is_some_and(|word| line.starts_with(word))
        && words.next().is_some_and(|word| word.starts_with('-'));
    if bare && line.split_whitespace().next().is_some_and(is_a_programs) {
        return Some(0);
    }
    // What stands before a word ends like a prompt, or in that `+`.
    let (mut prompted, mut traced) = (true, false);
    line.split_whitespace().find_map(|word| {
        let at = word.as_ptr().addr() - line.as_ptr().addr();
        let apart = line[..at].ends_with([' ', '\t']);
        if apart && (prompted || traced) && is_a_programs(word) {
            return Some(at);
        }
        prompted = ends_a_prompt(word) || prompted && is_beside_a_command(word);
        traced = word.ends_with('+');
        None
    })
}

/// Whether a word can be a program's name.
fn is_a_programs(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_alphanumeric() || "./~\\".contains(c))
        && word.contains(|c: char| c.is_ascii_alphabetic())
        && !word.contains('=')
        && !word.ends_with([':', '$', '#', '%', '>', ']', ')'])
}

/// Bytes in which no prompt ends, beside letters and digits.
const WITHIN: &[u8] = b" .,:;!?\"'-_([]|&*@";

/// Of each byte, whether it is one of these.
static PLAIN: [bool; 256] = {
    let (mut plain, mut at) = ([false; 256], 0);
    while at < WITHIN.len() {
        plain[WITHIN[at] as usize] = true;
        at += 1;
    }
    plain
};

/// Whether a prompt may end, or an option begin, in a line. Few lines of what programs print have either.
fn may_hold_a_command(line: &[u8]) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || PLAIN[usize::from(byte)];
    let apart = |at: usize| line.get(at + 1) == Some(&b'-') || at > 0 && !plain(line[at - 1]);
    let first = line.split(u8::is_ascii_whitespace).next().map(std::str::from_utf8);
    line.first().is_none_or(u8::is_ascii_whitespace)
        || !line.is_ascii()
        || memchr::memchr2_iter(b' ', b'\t', line).any(apart)
        || matches!(first, Some(Ok(word)) if is_beside_a_command(word))
}

/// What the words of a command say of where it goes.
fn destination(words: &[String]) -> Option<Typed> {
    let mut typed = Typed::default();
    let mut found: Option<Place> = None;
    let mut bare: Vec<(&str, bool)> = Vec::new();
    let mut words = words.iter().map(String::as_str).peekable();
    let mut after_option = false;
    while let Some(word) = words.next() {
        let (name, glued) = word.split_once('=').map_or((word, None), |(name, value)| (name, Some(value)));
        let mut value = || glued.or_else(|| words.next());
        if PORT.contains(&name) {
            typed.port = value().and_then(|port| port.parse().ok()).or(typed.port);
        } else if USER.contains(&name) {
            // curl's may hold a password, too.
            typed.user =
                value().and_then(|user| user.split(':').next()).filter(|user| is_user(user)).map(str::to_owned);
        } else if HOST.contains(&name) {
            found = value().and_then(|host| place(host).or_else(|| host_and_port(host, true)));
        } else if !word.starts_with('-') {
            if found.is_none() {
                found = place(word);
            }
            if is_dotted(word) {
                bare.push((word, after_option));
                // `HOST PORT`, and mostly the user behind it.
                if found.is_none()
                    && !SCRIPTS.iter().any(|ending| word.ends_with(ending))
                    && let Some(port) = words.peek().and_then(|next| next.parse().ok())
                {
                    words.next();
                    let user =
                        words.peek().filter(|user| is_user(user) && !is_dotted(user)).map(|user| (*user).to_owned());
                    found = Some(Place { user, host: word.to_owned(), port: Some(port) });
                }
            }
        }
        after_option = word.starts_with('-');
    }
    // A bare name is a host only where a port or a user stands beside it; what follows an option may be its value.
    if found.is_none() && (typed.port.is_some() || typed.user.is_some()) {
        let host = bare.iter().find(|(_, after_option)| !after_option).or(bare.first()).map(|(host, _)| *host);
        found = host.and_then(|host| host_and_port(host, true));
    }
    let Place { user, host, port } = found?;
    typed.host = host;
    typed.user = user.or(typed.user);
    typed.port = port.or(typed.port);
    Some(typed)
}

/// A user, a host and a port, as far as they are given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) user: Option<String>,
    pub(crate) host: String,
    pub(crate) port: Option<u16>,
}

/// A word that names a place: a URL, `[USER@]HOST:PORT`, `USER@HOST`, or a remote of rclone's that holds all of it.
pub(crate) fn place(word: &str) -> Option<Place> {
    let word = word.trim_matches(['\'', '"', '`', '(', ')', ',']);
    if let Some(rest) = SCHEMES.iter().find_map(|scheme| word.strip_prefix(scheme)) {
        return authority(rest.split(['/', '?']).next()?, true);
    }
    if let Some(settings) = word.strip_prefix(":sftp,") {
        return remote(settings);
    }
    let word = word.trim_end_matches(':');
    if word.contains(['/', '\\', '=']) {
        return None;
    }
    authority(word, false)
}

/// `[USER[:PASSWORD]@]HOST[:PORT]`. Outside a URL a host needs a user or a port beside it.
fn authority(text: &str, url: bool) -> Option<Place> {
    let (user, host) = match text.rsplit_once('@') {
        Some((user, host)) => (Some(user.split(':').next()?).filter(|user| is_user(user)), host),
        None => (None, text),
    };
    let place = host_and_port(host, url)?;
    let told = url
        || place.port.is_some() && (user.is_some() || is_dotted(&place.host))
        || user.is_some() && is_dotted(&place.host);
    told.then(|| Place { user: user.map(str::to_owned), ..place })
}

fn host_and_port(text: &str, alone: bool) -> Option<Place> {
    let (host, port) = match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, rest)) => (host, rest.strip_prefix(':')),
        None => text.rsplit_once(':').map_or((text, None), |(host, port)| (host, Some(port))),
    };
    let number = port.and_then(|port| port.parse().ok());
    let fits = plausible(host) && !host.contains(['<', '>', '%']) && (number.is_some() || alone || is_dotted(host));
    fits.then(|| Place { user: None, host: host.to_owned(), port: number })
}

/// The settings of a remote that rclone is given on its command line: `host=H,port=P,user=U,…:PATH`.
fn remote(settings: &str) -> Option<Place> {
    let of = |name: &str| {
        let value = settings.split(',').find_map(|setting| setting.strip_prefix(name)?.strip_prefix('='));
        value.map(|value| value.trim_matches(['\'', '"', ':'])).filter(|value| !value.is_empty())
    };
    let user = of("user").filter(|user| is_user(user)).map(str::to_owned);
    let host = of("host").filter(|host| plausible(host))?.to_owned();
    Some(Place { user, host, port: of("port").and_then(|port| port.parse().ok()) })
}

/// A name with a domain, or an IPv4 address; no file, and no version's number.
fn is_dotted(text: &str) -> bool {
    if text.parse::<core::net::Ipv4Addr>().is_ok() {
        return true;
    }
    let labels: Vec<&str> = text.split('.').collect();
    let fits = |label: &&str| !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    labels.len() > 1
        && labels.iter().all(fits)
        && labels.last().is_some_and(|last| last.len() > 1 && last.chars().all(|c| c.is_ascii_alphabetic()))
        && !FILES.contains(labels.last().unwrap_or(&""))
}

/// Endings of files that stand in commands, and are no domains.
const FILES: &[&str] =
    &["json", "pem", "pub", "key", "txt", "log", "yml", "yaml", "toml", "conf", "cfg", "ppk", "hcl", "go"];

/// Endings of scripts, some of which are domains, too.
const SCRIPTS: &[&str] = &[".py", ".js", ".mjs", ".ts", ".rb", ".pl", ".php", ".sh"];

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::super::typed::at_prompt;
    use super::*;

    fn read(line: &str) -> (Option<String>, String, Option<u16>) {
        let typed = elsewhere(line).unwrap_or_else(|| panic!("no destination in {line}"));
        (typed.user, typed.host, typed.port)
    }

    fn all(user: &str, host: &str, port: u16) -> (Option<String>, String, Option<u16>) {
        (Some(user.into()), host.into(), Some(port))
    }

    proptest! {
        #[test]
        fn a_program_stands_behind_a_prompt(words in vec(select(WORDS), 0..7), blanks in vec(select(BLANKS), 8)) {
            let line: String = blanks[..1].iter().chain(words.iter().zip(&blanks[1..]).flat_map(|(word, blank)| [word, blank])).copied().collect();
            let starts = (0..line.len()).filter(|at| line.is_char_boundary(*at)).filter(|at| line[..*at].ends_with([' ', '\t']) && !line[*at..].starts_with(char::is_whitespace));
            let word = |at: usize| line[at..].split_whitespace().next().unwrap_or_default();
            let optioned = line.split_whitespace().nth(1).is_some_and(|word| word.starts_with('-'));
            let bare = optioned && !line.starts_with(char::is_whitespace) && is_a_programs(word(0));
            let prompted = |before: &str| before.trim_end().ends_with('+') || at_prompt(before);
            let behind = || { starts }.find(|at| is_a_programs(word(*at)) && prompted(&line[..*at]));
            prop_assert_eq!(program(&line), if bare { Some(0) } else { behind() }, "{:?}", line);
        }
    }

    const WORDS: &[&str] = &[
        "dev@box:~$",
        "sudo",
        "A=b",
        "rsync",
        "./x",
        "+",
        "-p",
        "said:",
        "time",
        "#",
        "é",
        "C:\\>",
        "git:(main)",
        "x)",
    ];
    const BLANKS: &[&str] = &[" ", "  ", "\t", "\u{a0}", ""];

    #[test]
    fn places_in_commands() {
        assert_eq!(read("$ ship -i ~/.ssh/id -u dev box.example:2222"), all("dev", "box.example", 2222));
        assert_eq!(read("dev@laptop:~$ RUST_LOG=debug ship dev@box:2222 uptime"), all("dev", "box", 2222));
        assert_eq!(read("ship -i ~/.ssh/id -u dev box.example:2222"), all("dev", "box.example", 2222));
        assert_eq!(read("+ ship -v -i ~/.ssh/id -l dev -p 2222 box.example"), all("dev", "box.example", 2222));
        assert_eq!(read("[dev@laptop ~]$ ship -v box.example --port=2222 --user=dev"), all("dev", "box.example", 2222));
        assert_eq!(
            read("➜  ~ curl -v --key ~/.ssh/id -u dev:secret sftp://box.example:2222/etc/hostname"),
            all("dev", "box.example", 2222)
        );
        assert_eq!(read("$ ./mirror.py ssh://dev@box:2222/app.git ~/.ssh/id"), all("dev", "box", 2222));
        assert_eq!(
            read("$ rclone lsd :sftp,host=box.example,port=2222,user=dev,key_file=~/.ssh/id: -vv"),
            all("dev", "box.example", 2222)
        );
        assert_eq!(read("$ ./push.escript box.example 2222 dev"), all("dev", "box.example", 2222));
        assert_eq!(read("$ fab -H dev@box.example:2222 deploy"), all("dev", "box.example", 2222));
        assert_eq!(read("$ ship ssh://dev@[2001:db8::1]:22/x"), all("dev", "2001:db8::1", 22));
    }

    #[test]
    fn what_a_program_says_of_itself() {
        let told = |line: &str| announced(line).map(|typed| (typed.user, typed.host, typed.port));
        assert_eq!(told("Connecting to dev@box.example:2222..."), Some(all("dev", "box.example", 2222)));
        assert_eq!(told("Connecting to 192.0.2.1:22 as user dev"), Some(all("dev", "192.0.2.1", 22)));
        assert_eq!(told("INFO dialing box.example:2222"), Some((None, "box.example".into(), Some(2222))));
        assert_eq!(
            told("Error: failed to clone ssh://dev@box.example:2222/x.git"),
            Some(all("dev", "box.example", 2222))
        );
        assert_eq!(told("url=ssh://dev@box.example:2222/x user=dev"), Some(all("dev", "box.example", 2222)));
        assert_eq!(told("Connecting to the build server at box.example:2222"), None);
        assert_eq!(told("connecting to box.example:2222 failed"), None);
    }

    #[test]
    fn what_is_no_destination() {
        for line in [
            "$ npm install ssh2@1.17.0",
            "$ docker run -p 8080:80 web",
            "$ mkdir -p build",
            "$ python retry.py 3 /home/dev/key",
            "$ packer build -color=false app.json",
            "$ cp id.pem other.pem",
            "$ tar -u dev -f data.json",
            "prose that names box.example:2222",
            "2026/11/27 09:12:40 unable to connect: box.example:2222",
            "==> null: Using ssh communicator to connect: box.example",
            "    at Client.<anonymous> (/home/dev/push.js:10:22)",
        ] {
            assert_eq!(elsewhere(line), None, "{line}");
        }
    }
}
