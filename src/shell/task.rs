//! Which host a tool says that it runs ssh for, in lines of its own: Ansible's, VS Code's.
//!
//! Ansible's name is the inventory's, which an `ansible_host` may lead elsewhere: ssh's own words go before it.

use super::other::Place;
use super::typed::{is_user, parse_ssh, plausible};
use super::words::split;
use crate::text::Sought;

/// What Ansible puts behind a host's name in brackets or in front of a bar (lib/ansible/plugins/callback/default.py,
/// minimal.py, and 1.x's callbacks.py).
const FATAL: &[&str] = &[": UNREACHABLE! =>", ": FAILED! =>", " => SSH "];
const BAR: &[&str] = &[" | UNREACHABLE! =>", " | FAILED! =>", " | FAILED => SSH "];

/// The authority of a remote of VS Code's, up to its host (Remote-SSH).
const REMOTE: Sought = Sought::new("ssh-remote+");

/// What all of the latter have: a look for it is cheaper than one for each.
const BESIDE: Sought = Sought::new(" | ");

/// The command that Ansible runs; up to 1.9 without `SSH: ` before it.
const EXEC: Sought = Sought::new(" EXEC ");

/// What its result says of a broken line (lib/ansible/plugins/connection/ssh.py), quoted once or twice.
const REACHED: Sought = Sought::new("could not be sent to remote host ");

/// Words of which every such line holds one.
const WORDS: &[Sought] =
    &[Sought::new("fatal: ["), BESIDE, Sought::new("> ("), EXEC, Sought::new("> ESTABLISH "), REACHED, REMOTE];

/// Words of which every line holds one that names a host.
pub(super) fn hosts() -> impl Iterator<Item = &'static str> {
    WORDS.iter().map(|words| words.words()).filter(|words| *words != BESIDE.words()).chain(BAR.iter().copied())
}

/// Whether a line may be such a one.
pub(crate) fn may_be_a_tools(line: &[u8]) -> bool {
    WORDS.iter().any(|words| words.find(line).is_some())
}

/// How far into a line a host is looked for, in bytes.
const FAR: usize = 300;

/// The host in such a line, and the user if it names one.
pub(crate) fn aimed(line: &str) -> Option<Aim> {
    if let Some(place) = executed(line) {
        return Some(Aim { place, of_inventory: false });
    }
    let near = line.get(..FAR).unwrap_or(line);
    if let Some((host, user, port)) = paramiko(near) {
        let user = Some(user).filter(|user| is_user(user)).map(str::to_owned);
        let place = Place { user, host: host.trim().to_owned(), port: port.parse().ok() };
        return plausible(&place.host).then_some(Aim { place, of_inventory: false });
    }
    let dialled = angled(near).or_else(|| reached(line).map(|host| (host, None)));
    let of_inventory = dialled.is_none();
    let (host, user) = dialled.or_else(|| named(near)).or_else(|| remote(near))?;
    let host = host.trim();
    (plausible(host) && !host.contains(['<', '>'])).then(|| Aim {
        place: Place { user: user.filter(|user| is_user(user)).map(str::to_owned), host: host.to_owned(), port: None },
        of_inventory,
    })
}

/// Where a tool's ssh goes, by the tool's word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Aim {
    pub(crate) place: Place,
    /// It is the name that the tool has for it, which may lead elsewhere.
    pub(crate) of_inventory: bool,
}

/// `<HOST> SSH: EXEC ssh -C -o Port=2222 -o 'User="dev"' ADDRESS …`: where its ssh goes, and as whom.
fn executed(line: &str) -> Option<Place> {
    let at = line.starts_with('<').then(|| EXEC.split(line))??.1;
    let words = split(at.get(..LONGEST).unwrap_or(at));
    let ssh = words.iter().position(|word| word == "ssh" || word.ends_with("/ssh"))?;
    let typed = parse_ssh(&words[ssh..])?;
    let set = |name: &str| {
        let value = |(letter, value): &(char, Option<String>)| {
            let (keyword, value) = value.as_deref().filter(|_| *letter == 'o')?.split_once('=')?;
            keyword.eq_ignore_ascii_case(name).then(|| value.trim_matches('"').to_owned())
        };
        typed.options.iter().find_map(value)
    };
    let user = typed.user.clone().or_else(|| set("user")).filter(|user| is_user(user));
    let port = typed.port.or_else(|| set("port")?.parse().ok());
    plausible(&typed.host).then(|| Place { user, host: typed.host.clone(), port })
}

/// Longest command that is looked at, in bytes.
const LONGEST: usize = 8192;

/// `Data could not be sent to remote host "ADDRESS".`
fn reached(line: &str) -> Option<&str> {
    let rest = REACHED.split(line)?.1.trim_start_matches(['\\', '"']);
    rest.split(['\\', '"']).next()
}

/// `<HOST> ESTABLISH SSH CONNECTION FOR USER: USER`, `<HOST> SSH: EXEC ssh …`, `<HOST> (255, b'', …`
/// (lib/ansible/plugins/connection/ssh.py).
fn angled(line: &str) -> Option<(&str, Option<&str>)> {
    let (host, rest) = line.strip_prefix('<')?.split_once("> ")?;
    if let Some(user) = rest.strip_prefix("ESTABLISH SSH CONNECTION FOR USER: ") {
        return Some((host, Some(user.trim()).filter(|user| *user != "None")));
    }
    let result = || rest.strip_prefix('(')?.split_once(", ")?.0.parse::<u8>().ok();
    if let Some(user) = rest.strip_prefix("ESTABLISH CONNECTION FOR USER: ") {
        return Some((host, Some(user.trim())));
    }
    (rest.starts_with("SSH: EXEC ") || result().is_some()).then_some((host, None))
}

/// `<NAME> ESTABLISH PARAMIKO SSH CONNECTION FOR USER: USER on PORT PORT TO HOST`
/// (lib/ansible/plugins/connection/paramiko_ssh.py).
fn paramiko(line: &str) -> Option<(&str, &str, &str)> {
    let (_, rest) = line.strip_prefix('<')?.split_once("> ESTABLISH PARAMIKO SSH CONNECTION FOR USER: ")?;
    let (user, rest) = rest.split_once(" on PORT ")?;
    let (port, host) = rest.split_once(" TO ")?;
    Some((host, user, port))
}

/// `fatal: [HOST]: UNREACHABLE! => …`, `HOST | UNREACHABLE! => …`. A task that is delegated tells where to.
fn named(line: &str) -> Option<(&str, Option<&str>)> {
    if let Some((host, rest)) = line.strip_prefix("fatal: [").and_then(|rest| rest.split_once(']')) {
        let host = host.rsplit_once(" -> ").map_or(host, |(_, delegate)| delegate);
        return FATAL.iter().any(|words| rest.starts_with(words)).then_some((host.split('(').next()?, None));
    }
    let host = BAR.iter().find_map(|words| line.split_once(words))?.0;
    Some((host, None))
}

/// `… ssh-remote+HOST`. A host with a user or a port of its own stands there in hexadecimal digits.
fn remote(line: &str) -> Option<(&str, Option<&str>)> {
    let (_, rest) = REMOTE.split(line)?;
    let host = rest.split(|c: char| c.is_whitespace() || "\",;:/)]".contains(c)).next()?;
    (!host.starts_with("7b22")).then_some((host, None))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tools_name_their_host() {
        for (line, user, host) in [
            ("<box.example> ESTABLISH SSH CONNECTION FOR USER: deploy", Some("deploy"), "box.example"),
            ("<box.example> ESTABLISH SSH CONNECTION FOR USER: None", None, "box.example"),
            (
                "<web> ESTABLISH PARAMIKO SSH CONNECTION FOR USER: deploy on PORT 22 TO box.example",
                Some("deploy"),
                "box.example",
            ),
            ("<192.0.2.1> (255, b'', b'OpenSSH_9.2p1\\r\\n')", None, "192.0.2.1"),
            ("fatal: [web]: UNREACHABLE! => {\"changed\": false}", None, "web"),
            ("fatal: [web -> box.example]: UNREACHABLE! => {", None, "box.example"),
            ("fatal: [web] => SSH encountered an unknown error.", None, "web"),
            ("192.0.2.1 | UNREACHABLE! => {", None, "192.0.2.1"),
            ("[08:30:14.896] Error opening exec server for ssh-remote+box: Error: no", None, "box"),
        ] {
            let found = aimed(line).unwrap_or_else(|| panic!("{line}")).place;
            assert_eq!((found.user.as_deref(), found.host.as_str()), (user, host), "{line}");
        }
        for line in [
            "<b>bold</b>",
            "fatal: [web]: no",
            "a b | UNREACHABLE! => {",
            "fatal: Could not read from remote repository.",
            "ssh-remote+7b22686f73744e616d65223a22626f78227d",
            "remote: fatal: [web]: UNREACHABLE! => {",
        ] {
            assert!(aimed(line).is_none(), "{line}");
        }
    }
}
