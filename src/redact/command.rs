//! Hosts that commands name: `ssh -J gate,box`, `exec nc box 22`, `scp file box:`.

use std::ops::Range;

use super::sort::Sort;
use super::words;
use crate::shell::options::takes_value;

/// Which words of a command, besides options and their values, name hosts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Named {
    /// The first; what follows may be a command that is run there.
    First,
    /// All that are no numbers.
    All,
    /// Those with a path or a port behind a colon.
    Copied,
    /// The first, or no word of a command at all: the program's name is in sentences, too.
    Typed,
    /// The first behind what is to be done with it.
    Ran,
    /// Those in addresses like `PROXY:HOST:HOST:PORT,OPTIONS`.
    Relayed,
}

/// A program, and how its command names hosts.
struct Program {
    names: &'static [&'static str],
    named: Named,
    /// Letters of options that take a value; for `None` they are ssh's.
    takes: Option<&'static str>,
    /// Letters of options whose value is one host, or several with commas between.
    hosts: &'static str,
}

const PROGRAMS: &[Program] = &[
    Program { names: &["ssh", "slogin", "autossh", "sftp"], named: Named::First, takes: None, hosts: "J" },
    Program { names: &["scp"], named: Named::Copied, takes: None, hosts: "J" },
    Program { names: &["rsync"], named: Named::Copied, takes: Some("efBMT"), hosts: "" },
    Program { names: &["ssh-copy-id"], named: Named::First, takes: Some("iptoF"), hosts: "" },
    Program { names: &["ssh-keyscan"], named: Named::All, takes: Some("fOpTt"), hosts: "" },
    Program { names: &["mosh"], named: Named::First, takes: Some("p"), hosts: "" },
    Program { names: &["nc", "ncat", "netcat"], named: Named::First, takes: Some("wpsxXIiOPqTVMmgGc"), hosts: "x" },
    Program {
        names: &["telnet", "ping", "ping6", "traceroute", "mtr"],
        named: Named::First,
        takes: Some("cWwIils"),
        hosts: "",
    },
    Program { names: &["nslookup", "dig"], named: Named::All, takes: Some("pt"), hosts: "" },
    Program { names: &["connect", "connect-proxy"], named: Named::First, takes: Some("HSTpPRwa"), hosts: "HST" },
    Program { names: &["corkscrew"], named: Named::All, takes: Some(""), hosts: "" },
    Program { names: &["curl", "wget"], named: Named::Typed, takes: Some("AbcCdDeEFHmoOPQrtTuUwxXyYz"), hosts: "x" },
    Program { names: &["socat"], named: Named::Relayed, takes: Some("bdLlTtW"), hosts: "" },
    Program { names: &["docker", "podman", "kubectl"], named: Named::Ran, takes: Some("nuwec"), hosts: "n" },
    Program { names: &["cloudflared", "openssl"], named: Named::Copied, takes: Some(""), hosts: "" },
];

/// Long options whose value is a host.
const LONG: &[&str] = &["--proxy", "--hostname"];

/// What stands before a command, besides a prompt's sign.
const LEADS: &[&str] = &[
    "exec",
    "sudo",
    "time",
    "command:",
    "ProxyCommand",
    "ProxyJump:",
    "|",
    "||",
    "&&",
    ";",
    "-e",
    "env",
    "then",
    "do",
    "compute",
];

/// Most words of a line without a prompt or an option that is a command.
const SHORT: usize = 3;

/// Words without which no line has such a command.
pub(super) fn words() -> impl Iterator<Item = &'static str> {
    PROGRAMS.iter().flat_map(|program| program.names).copied().chain(["proxyjump"])
}

/// Every host that a command in a line names.
pub(super) fn hosts(line: &str) -> Vec<(Range<usize>, Sort)> {
    let mut places = Vec::new();
    let mut words = split(line).peekable();
    // A sentence may begin with a program's name.
    let mut lead = line.contains(" -") || line.split_whitespace().count() <= SHORT;
    let mut typed = line.contains(" -");
    while let Some(at) = words.next() {
        let word = bare(&line[at.clone()]);
        if word.eq_ignore_ascii_case("ProxyJump") {
            words.next_if(|at| &line[at.clone()] == "=");
            words.next().into_iter().for_each(|at| list(line, at, &mut places));
        } else if let Some(hosts) = word.strip_prefix("ProxyJump=") {
            list(line, part(line, hosts), &mut places);
        } else if let Some(program) = program(word).filter(|program| lead && (typed || program.named != Named::Typed)) {
            command(line, program, &mut words, &mut places);
            (lead, typed) = (true, true);
            continue;
        }
        lead = leads(&line[at]);
        typed = lead;
    }
    places
}

/// Takes the words of one command, up to what may be another one.
fn command<'a>(
    line: &'a str,
    program: &Program,
    words: &mut std::iter::Peekable<impl Iterator<Item = Range<usize>> + 'a>,
    places: &mut Vec<(Range<usize>, Sort)>,
) {
    let mut ran = false;
    while let Some(at) = words.next_if(|at| !line[at.clone()].starts_with(['|', ';', '&', '>', '<'])) {
        let word = &line[at.clone()];
        if let Some(long) = word.strip_prefix("--") {
            match word.split_once('=') {
                Some((name, value)) if LONG.contains(&name) => list(line, part(line, value), places),
                None if LONG.contains(&word) => words.next().into_iter().for_each(|at| list(line, at, places)),
                // `--proxy-type http`
                None if long.contains('-') => drop(words.next_if(|at| !line[at.clone()].contains(['.', '-']))),
                _ => {}
            }
        } else if let Some(letters) = word.strip_prefix('-').filter(|letters| !letters.is_empty()) {
            let takes = |letter| program.takes.map_or_else(|| takes_value(letter), |takes| takes.contains(letter));
            let Some((index, letter)) = letters.char_indices().find(|(_, letter)| takes(*letter)) else { continue };
            let glued = &letters[index + letter.len_utf8()..];
            let value = if glued.is_empty() { words.next() } else { Some(part(line, glued)) };
            let Some(value) = value else { continue };
            let text = bare(&line[value.clone()]);
            if program.hosts.contains(letter) {
                list(line, value, places);
            } else if program.takes.is_none() && matches!(letter, 'L' | 'R') {
                // `[ADDRESS:]PORT:HOST:PORT`
                text.rsplit(':').nth(1).into_iter().for_each(|host| list(line, part(line, host), places));
            } else if let Some(hosts) = text.strip_prefix("ProxyJump=") {
                list(line, part(line, hosts), places);
            }
        } else {
            match program.named {
                Named::First | Named::Typed => return list(line, at, places),
                Named::Ran if ["exec", "attach", "logs", "start", "stop"].contains(&word) => ran = true,
                Named::Ran if ran => return list(line, at, places),
                Named::Ran => return,
                Named::All => list(line, at, places),
                Named::Relayed => {
                    let address = word.split(',').next().unwrap_or_default();
                    let hosts = address.split(':').skip(1).take(2);
                    hosts.for_each(|host| list(line, part(line, host), places));
                }
                Named::Copied => {
                    let host = word.split_once(':').map_or("", |(host, _)| host);
                    // `C:\FILE`
                    if host.len() > 1 && !host.contains('/') {
                        list(line, part(line, host), places);
                    }
                }
            }
        }
    }
}

/// Hosts, with commas between them, each with its port.
fn list(line: &str, at: Range<usize>, places: &mut Vec<(Range<usize>, Sort)>) {
    for host in bare(&line[at]).split(',').filter(|host| !host.contains("://")) {
        let host = host.split('/').next().unwrap_or_default();
        let (host, port) = host.split_once(':').unwrap_or((host, ""));
        // What has a form of its own is found by it.
        let name = host.len() > 1
            && host.starts_with(|c: char| c.is_ascii_alphanumeric())
            && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
            && host.bytes().any(|byte| byte.is_ascii_alphabetic());
        if name && !words::is_usual(host) {
            places.push((part(line, host), Sort::Host));
            if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) {
                places.push((part(line, port), Sort::Port));
            }
        }
    }
}

fn program(word: &str) -> Option<&'static Program> {
    let name = word.rsplit(['/', '\\', '>']).next()?.trim_end_matches(".exe");
    PROGRAMS.iter().find(|program| program.names.contains(&name))
}

/// Whether a command may stand behind a word.
fn leads(word: &str) -> bool {
    let word = word.trim_start_matches(['\'', '"', '`', '(']);
    LEADS.contains(&word)
        || word.ends_with(['$', '#', '%', '>', ';', '`', '❯', '➜', '»', '›'])
        || word.eq_ignore_ascii_case("ProxyCommand")
        || word
            .split_once('=')
            .is_some_and(|(name, _)| name.bytes().all(|byte| byte == b'_' || byte.is_ascii_uppercase()))
}

/// Where the words of a line stand, between blanks.
fn split(line: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    line.split_whitespace().map(|word| part(line, word))
}

/// A word without its quotes.
fn bare(word: &str) -> &str {
    word.trim_matches(['\'', '"', '`', '(', ')', ';'])
}

fn part(line: &str, part: &str) -> Range<usize> {
    let start = part.as_ptr() as usize - line.as_ptr() as usize;
    start..start + part.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(line: &str) -> Vec<&str> {
        hosts(line).into_iter().map(|(at, _)| &line[at]).collect()
    }

    #[test]
    fn what_commands_name() {
        for (line, hosts) in [
            ("debug1: Executing proxy command: exec ssh gate7 -W [box]:22", vec!["gate7"]),
            ("debug1: Executing proxy command: exec ssh -q -p 22 gate7 nc box8 22", vec!["gate7", "box8"]),
            (
                "debug1: Executing proxy command: exec nc -X connect -x proxy9:3128 box8 22",
                vec!["proxy9", "3128", "box8"],
            ),
            (
                "debug1: Executing proxy command: exec ncat --proxy-type http --proxy p9:80 box8 22",
                vec!["p9", "80", "box8"],
            ),
            ("debug1: Executing proxy command: exec connect-proxy -H p9:80 box8 22", vec!["p9", "80", "box8"]),
            ("debug1: Executing proxy command: exec corkscrew p9 80 box8 22", vec!["p9", "box8"]),
            ("$ ssh -J gate7,gate8 -vv box9 uptime", vec!["gate7", "gate8", "box9"]),
            ("$ ssh -i key -oProxyJump=gate7 box9", vec!["gate7", "box9"]),
            ("ProxyJump gate7,gate8", vec!["gate7", "gate8"]),
            ("    ProxyCommand ssh gate7 -W %h:%p", vec!["gate7"]),
            ("$ scp -P 22 file box9:/tmp C:\\x", vec!["box9"]),
            ("$ rsync -e ssh -av src box9:", vec!["box9"]),
            ("# ssh-keyscan -p 22 box8 box9 | sort", vec!["box8", "box9"]),
            ("$ GIT_TRACE=1 ssh box9", vec!["box9"]),
            ("ssh -L 80:box8:22 -o ProxyJump=gate7 box9", vec!["box8", "gate7", "box9"]),
            (r"C:\Users\x>ssh box9", vec!["box9"]),
            ("gcloud compute ssh box9 --zone x", vec!["box9"]),
            ("docker exec -it box9 sh", vec!["box9"]),
            ("kubectl -n gate7 logs box9", vec!["gate7", "box9"]),
            ("exec socat - PROXY:p9:box8:22,proxyport=3128", vec!["p9", "box8"]),
            ("    ProxyCommand socat STDIO SOCKS4A:127.0.0.1:box8:22", vec!["box8"]),
            ("exec cloudflared access ssh --hostname box8", vec!["box8"]),
            ("$ openssl s_client -connect box8:443", vec!["box8"]),
            ("$ curl box8", vec!["box8"]),
            ("curl -s box8:8080/status", vec!["box8", "8080"]),
            ("$ curl https://box8.example/x", vec![]),
            ("curl gave up", vec![]),
            ("wget and curl do", vec![]),
            ("$ ssh mona@box9", vec![]),
            ("ssh box9", vec!["box9"]),
            ("I use ssh every day", vec![]),
            ("ssh keeps on asking for it", vec![]),
            ("--- box ping statistics ---", vec![]),
            ("debug1: identity file /home/dev/.ssh/id type 0", vec![]),
        ] {
            assert_eq!(named(line), hosts, "{line}");
        }
    }
}
