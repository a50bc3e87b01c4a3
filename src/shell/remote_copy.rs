//! Commands that copy over ssh: scp, sftp, rsync.

use super::split;
use super::typed::parse_ssh;
use crate::model::command::Front;
use crate::model::session::Typed;

/// What ssh is told by one of these programs.
struct Program {
    name: &'static str,
    /// Letters with a value.
    values: &'static str,
    /// Of all letters those that ssh has, with the same meaning.
    shared: &'static str,
    /// How an address of its own begins.
    scheme: &'static str,
}

/// scp.c and sftp.c, OpenSSH 10.
const PROGRAMS: &[Program] = &[
    Program { name: "scp", values: "cDFiJloPSX", shared: "46CFiJco", scheme: "scp://" },
    Program { name: "sftp", values: "BbcDFiJloPRSsX", shared: "46CFiJco", scheme: "sftp://" },
];

/// Short options of rsync with a value, but `-e` (options.c, 3.2).
const RSYNC_VALUES: &str = "fBTM@";

/// The hosts that a copying command connects to: for each what ssh is told. `shell` is the program that the
/// environment names for rsync. `None`: none, or by another program than ssh.
pub(crate) fn remote_copy(words: &[String], shell: Option<&str>) -> Option<Vec<Typed>> {
    let name = base(words.first()?);
    let found = match PROGRAMS.iter().find(|program| program.name == name) {
        Some(program) => copy(program, words),
        None if name == "rsync" => rsync(words, shell),
        None => None,
    };
    found.filter(|found| !found.is_empty())
}

/// A program's name without its folder and ending.
fn base(program: &str) -> &str {
    let name = program.rsplit(['/', '\\']).next().unwrap_or(program);
    name.strip_suffix(".exe").unwrap_or(name)
}

fn copy(program: &Program, words: &[String]) -> Option<Vec<Typed>> {
    let mut options = Vec::new();
    let mut port = None;
    let mut places: Vec<&String> = Vec::new();
    let mut rest = words.iter().skip(1);
    while let Some(word) = rest.next() {
        let Some(letters) = word.strip_prefix('-').filter(|letters| !letters.is_empty()) else {
            places.push(word);
            continue;
        };
        if word == "--" {
            places.extend(rest);
            break;
        }
        for (at, letter) in letters.char_indices() {
            if !program.values.contains(letter) {
                options.extend(program.shared.contains(letter).then_some((letter, None)));
                continue;
            }
            let glued = &letters[at + letter.len_utf8()..];
            let value = if glued.is_empty() { rest.next()?.clone() } else { glued.to_owned() };
            match letter {
                'P' => port = port.or(value.parse::<u16>().ok()),
                letter if program.shared.contains(letter) => options.push((letter, Some(value))),
                _ => {}
            }
            break;
        }
    }
    let remote = |word: &&String| match word.strip_prefix(program.scheme) {
        Some(address) => parse_ssh(&["ssh".to_owned(), format!("ssh://{address}")]),
        None if program.name == "sftp" => host(remote(word).unwrap_or(word)),
        None => host(remote(word)?),
    };
    let found = places.iter().filter_map(remote).map(|typed| Typed {
        program: program.name.to_owned(),
        options: options.clone(),
        port: port.or(typed.port),
        own: true,
        front: Some(Front { before: words[..1].to_vec(), rest: words[1..].to_vec(), ..Front::default() }),
        ..typed
    });
    Some(found.collect())
}

fn rsync(words: &[String], shell: Option<&str>) -> Option<Vec<Typed>> {
    let mut line = None;
    let mut places = Vec::new();
    let mut left = Vec::new();
    let mut rest = words.iter().skip(1);
    while let Some(word) = rest.next() {
        if let Some(value) = word.strip_prefix("--rsh=") {
            line = Some(value.to_owned());
        } else if word == "--rsh" {
            line = rest.next().cloned();
        } else if let Some(letters) = word.strip_prefix('-').filter(|letters| !letters.starts_with('-')) {
            let at = letters.find(|letter| letter == 'e' || RSYNC_VALUES.contains(letter));
            match at.map(|at| letters.split_at(at)) {
                Some((flags, value)) if value.starts_with('e') => {
                    line = if value.len() > 1 { Some(value[1..].to_owned()) } else { rest.next().cloned() };
                    left.extend((!flags.is_empty()).then(|| format!("-{flags}")));
                }
                Some((_, value)) => {
                    left.push(word.clone());
                    if value.len() == 1 {
                        left.extend(rest.next().cloned());
                    }
                }
                None => left.push(word.clone()),
            }
        } else {
            if !word.starts_with('-') && !word.contains("::") && !word.contains("://") {
                places.extend(remote(word).and_then(host));
            }
            left.push(word.clone());
        }
    }
    let by_environment = line.is_none() && shell.is_some();
    let told = split(line.as_deref().or(shell).unwrap_or("ssh"));
    if told.first().is_none_or(|program| base(program) != "ssh") {
        return None;
    }
    let found = places.into_iter().map(|typed: Typed| {
        let user = typed.user.clone();
        let words: Vec<String> = told.iter().cloned().chain([typed.host.clone()]).collect();
        let ssh = parse_ssh(&words).unwrap_or_default();
        Typed {
            program: "rsync".to_owned(),
            options: ssh.options,
            // rsync names it by -l, behind what -e says.
            user: ssh.user.or(user),
            port: ssh.port,
            own: true,
            front: Some(Front {
                before: vec!["rsync".to_owned()],
                rest: left.clone(),
                by_environment,
                ..Front::default()
            }),
            ..typed
        }
    });
    Some(found.collect())
}

/// What stands before the path: `[user@]host`, an address in brackets.
fn remote(word: &str) -> Option<&str> {
    let start = word.find('[').filter(|at| *at == 0 || word[..*at].ends_with('@'));
    let end = match start {
        Some(start) => word[start..].find("]:").map(|end| start + end + 1)?,
        None => word.find(':')?,
    };
    let host = &word[..end];
    (!host.is_empty() && !host.contains('/')).then_some(host)
}

/// `[user@]host`, the host in brackets or not.
fn host(text: &str) -> Option<Typed> {
    let (user, host) = text.rsplit_once('@').map_or((None, text), |(user, host)| (Some(user), host));
    let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    let user = user.filter(|user| !user.is_empty()).map(str::to_owned);
    (!host.is_empty()).then(|| Typed { user, host: host.to_owned(), ..Typed::default() })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    type Told = (Option<String>, String, Option<u16>, Vec<(char, Option<String>)>);

    fn read(line: &str) -> Vec<Told> {
        let found = remote_copy(&split(line), None).unwrap_or_default();
        found.into_iter().map(|typed| (typed.user, typed.host, typed.port, typed.options)).collect()
    }

    fn key(file: &str) -> (char, Option<String>) {
        ('i', Some(file.to_owned()))
    }

    #[test]
    fn what_scp_and_sftp_tell_ssh() {
        let me = || Some("me".to_owned());
        assert_eq!(read("scp -rP 2222 -i k -l 100 a me@box:b"), [(me(), "box".into(), Some(2222), vec![key("k")])]);
        assert_eq!(read("scp box:a 'me@[::1]:b'").len(), 2);
        assert_eq!(read("scp 'me@[::1]:b' ."), [(me(), "::1".into(), None, vec![])]);
        assert_eq!(read("scp scp://me@box:7/x ."), [(me(), "box".into(), Some(7), vec![])]);
        assert_eq!(
            read("sftp -b x -oPort=3 me@box:dir"),
            [(me(), "box".into(), None, vec![('o', Some("Port=3".into()))])]
        );
        assert_eq!(read("sftp box"), [(None, "box".into(), None, vec![])]);
        assert!(read("scp a b").is_empty());
    }

    #[test]
    fn what_rsync_tells_ssh() {
        let told = read("rsync -avze 'ssh -p 7 -i k' dir me@box:dir");
        assert_eq!(told, [(Some("me".into()), "box".into(), Some(7), vec![('p', Some("7".into())), key("k")])]);
        assert_eq!(read("rsync -a --rsh=ssh box:x ."), [(None, "box".into(), None, vec![])]);
        for other in ["rsync -e rsh box:x .", "rsync -a box::mod/x .", "rsync -a rsync://box/x .", "rsync a b"] {
            assert!(read(other).is_empty(), "{other}");
        }
        let found = remote_copy(&split("rsync -ave ssh a box:b"), None).unwrap();
        assert_eq!(found[0].front.as_ref().unwrap().rest, ["-av", "a", "box:b"]);
        let environment = remote_copy(&split("rsync a box:b"), Some("ssh -p 9")).unwrap();
        assert_eq!((environment[0].port, environment[0].front.as_ref().unwrap().by_environment), (Some(9), true));
    }
}
