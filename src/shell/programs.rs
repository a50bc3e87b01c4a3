//! Commands of other programs than ssh: each by its own grammar.

use super::typed::{is_user, plausible};
use crate::model::session::Typed;

/// How a program's command line is read.
struct Grammar {
    /// Its names.
    names: &'static [&'static str],
    /// Options that take a value. Others that begin with `-` take none.
    takes: &'static [&'static str],
    /// The option that takes the port.
    port: &'static str,
    /// What may stand between host and port in the destination.
    between: Option<char>,
    /// Several destinations, with commas between them: the last is meant, the others lead to it.
    chain: bool,
}

const GRAMMARS: &[Grammar] = &[
    // https://the.earth.li/~sgtatham/putty/0.83/htmldoc/Chapter7.html
    Grammar {
        names: &["plink", "putty", "psftp"],
        takes: &[
            "-P",
            "-l",
            "-i",
            "-pw",
            "-pwfile",
            "-load",
            "-hostkey",
            "-proxycmd",
            "-sercfg",
            "-sshlog",
            "-sshrawlog",
            "-D",
            "-L",
            "-R",
            "-X",
            "-m",
            "-nc",
            "-cert",
            "-sessionlog",
            "-b",
            "-logoverwrite",
            "-loghost",
        ],
        port: "-P",
        between: None,
        chain: false,
    },
    // dbclient -h, 2022.83 and 2026.94
    Grammar {
        names: &["dbclient"],
        takes: &["-p", "-l", "-i", "-o", "-L", "-R", "-W", "-K", "-I", "-B", "-J", "-c", "-m", "-b", "-Q"],
        port: "-p",
        between: Some('/'),
        chain: true,
    },
    // libssh's sample client (examples/ssh_client.c, 0.10.6)
    Grammar {
        names: &["ssh_client", "ssh-client"],
        takes: &["-p", "-l", "-i", "-P", "-T", "-b", "-c", "-m", "-o"],
        port: "-p",
        between: None,
        chain: false,
    },
];

/// Reads the words of a command of one of these programs. `None` where it names no destination.
pub(super) fn parse(words: &[String]) -> Option<Typed> {
    let name = words.first()?.rsplit(['/', '\\']).next()?;
    let program = name.trim_end_matches(".exe");
    if matches!(program, "ansible" | "ansible-playbook") {
        return ansible(program, &words[1..]);
    }
    let grammar = GRAMMARS.iter().find(|grammar| grammar.names.contains(&program))?;
    let mut typed = Typed { program: program.to_owned(), ..Typed::default() };
    let mut rest = words.iter().skip(1);
    let mut destination = None;
    while let Some(word) = rest.next() {
        if word.len() < 2 || !word.starts_with('-') {
            if destination.is_some() {
                typed.command = std::iter::once(word).chain(rest).cloned().collect();
                break;
            }
            destination = Some(word);
        } else if grammar.takes.contains(&word.as_str()) {
            let value = rest.next()?.clone();
            match word.as_str() {
                option if option == grammar.port => typed.port = value.parse().ok(),
                "-l" => typed.user = Some(value),
                "-i" => typed.options.push(('i', Some(value))),
                _ => {}
            }
        } else if let Some(port) = word.strip_prefix(grammar.port).and_then(|port| port.parse().ok()) {
            typed.port = Some(port);
        }
    }
    let destination = destination?.rsplit(|c| grammar.chain && c == ',').next()?;
    let (user, place) = destination.rsplit_once('@').map_or((None, destination), |(user, host)| (Some(user), host));
    typed.user = typed.user.or(user.map(str::to_owned));
    let (host, port) = match grammar.between.and_then(|between| place.split_once(between)) {
        Some((host, port)) => (host, port.parse().ok()),
        None => (place, None),
    };
    typed.port = port.or(typed.port);
    typed.host = host.to_owned();
    (!typed.host.is_empty()).then_some(typed)
}

/// Ansible's, where it names its one host itself: `-i HOST,`, with a comma at its end. Any other inventory is a file.
fn ansible(program: &str, words: &[String]) -> Option<Typed> {
    let mut typed = Typed { program: program.to_owned(), ..Typed::default() };
    let mut words = words.iter().map(String::as_str);
    while let Some(word) = words.next() {
        let (name, glued) = word.split_once('=').map_or((word, None), |(name, value)| (name, Some(value)));
        let mut value = || glued.or_else(|| words.next());
        match name {
            "-i" | "--inventory" => {
                let host = value()?.strip_suffix(',').filter(|host| plausible(host))?;
                typed.host = host.to_owned();
            }
            "-u" | "--user" => typed.user = value().filter(|user| is_user(user)).map(str::to_owned),
            "-e" | "--extra-vars" => {
                for (name, value) in value()?.split(' ').filter_map(|word| word.split_once('=')) {
                    match name {
                        "ansible_host" if plausible(value) => typed.host = value.to_owned(),
                        "ansible_port" => typed.port = value.parse().ok(),
                        "ansible_user" if is_user(value) => typed.user = Some(value.to_owned()),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    (!typed.host.is_empty()).then_some(typed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(command: &str) -> Option<Typed> {
        super::parse(&crate::shell::split(command))
    }

    #[test]
    fn each_by_its_own_grammar() {
        let plink = parse("plink -v -batch -P 2222 -i id.ppk dev@box uptime -p").unwrap_or_default();
        assert_eq!((plink.host.as_str(), plink.port, plink.user.as_deref()), ("box", Some(2222), Some("dev")));
        assert_eq!(plink.options, [('i', Some("id.ppk".to_owned()))]);
        assert_eq!(plink.command, ["uptime", "-p"]);
        let late = parse("C:\\PuTTY\\plink.exe box -l dev -P 2222").unwrap_or_default();
        assert_eq!((late.host.as_str(), late.port, late.user.as_deref()), ("box", Some(2222), Some("dev")));
        let chain = parse("dbclient -v -i id.db jump/22,dev@box/2222").unwrap_or_default();
        assert_eq!((chain.host.as_str(), chain.port, chain.user.as_deref()), ("box", Some(2222), Some("dev")));
        assert_eq!(parse("dbclient -y -p2222 box").unwrap_or_default().port, Some(2222));
        assert_eq!(parse("./ssh_client -v -p 2222 -l dev box uptime").unwrap_or_default().user.as_deref(), Some("dev"));
        let ansible = parse("ansible -i box.example, all -m ping -u dev -e ansible_port=2222").unwrap_or_default();
        assert_eq!(
            (ansible.host.as_str(), ansible.port, ansible.user.as_deref()),
            ("box.example", Some(2222), Some("dev"))
        );
        assert!(parse("ansible-playbook -i hosts.example site.yml -u dev").is_none(), "a file");
        assert!(parse("plink -V").is_none());
        assert!(parse("plink -P").is_none(), "a value that is missing");
    }
}
