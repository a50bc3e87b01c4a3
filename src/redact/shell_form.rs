//! Lines of shells' commands and of their files that show several values by their form.

use std::ops::Range;

use super::run::ends;
use super::sort::Sort;

type Places = Vec<(Range<usize>, Sort)>;

/// Words without which no such line shows anything; others have a slash, a vertical line or an at sign.
pub(super) fn words() -> impl Iterator<Item = &'static str> {
    [
        "AAAA",
        "uid=",
        "TTY=",
        "rw",
        "$ ",
        "% ssh",
        "% git",
        "% scp",
        "Last login",
        " ID",
        "SSH_CLIENT",
        "SSH_CONNECTION",
        "%40",
        "onnect",
        "getSession(",
        "SSH.start(",
        "principals",
        "AllowUsers",
        "DenyUsers",
        "AllowGroups",
        "DenyGroups",
    ]
    .into_iter()
    .chain(SLASHES.iter().copied())
}

/// Everything that a line shows by such a form.
pub(super) fn places(line: &str) -> Places {
    let forms = [
        key_line,
        identity,
        listed,
        account,
        sudo,
        prompt,
        terminal,
        picture,
        hashed,
        last_login,
        certified,
        connecting,
        called,
        allowed,
        homes,
        sockets,
        quoted_sign,
    ];
    forms.iter().flat_map(|form| form(line)).filter(|(at, _)| !at.is_empty()).collect()
}

/// Where a part of `line` stands in it; an empty one stands nowhere.
pub(super) fn at(line: &str, part: &str) -> Range<usize> {
    if part.is_empty() {
        return 0..0;
    }
    let start = part.as_ptr() as usize - line.as_ptr() as usize;
    start..start + part.len()
}

/// `HOST,HOST TYPE KEY COMMENT`: a line of known_hosts or authorized_keys (sshd(8)).
fn key_line(line: &str) -> Places {
    let Some(key) = line.find(" AAAA") else { return Vec::new() };
    let Some((before, kind)) = line[..key].rsplit_once(' ').or_else(|| Some(("", &line[..key]))) else {
        return Vec::new();
    };
    if !["ssh-", "ecdsa-", "sk-"].iter().any(|start| kind.trim_start_matches(['\'', '"']).starts_with(start)) {
        return Vec::new();
    }
    let mut places = Places::new();
    let hosts = before.trim().rsplit(' ').next().unwrap_or_default();
    let alone = before.trim() == hosts || before.trim_start().starts_with('@');
    if alone && !hosts.contains(['=', '"', '|', '/']) && !hosts.ends_with(':') {
        for host in hosts.split(',') {
            let host = host.trim_start_matches(['!', '*', '.', '[']);
            let host = host.split(']').next().unwrap_or_default();
            if !host.contains(':') && host.parse::<core::net::Ipv4Addr>().is_err() {
                places.push((at(line, host), Sort::Host));
            }
        }
    }
    let end = ends(line.as_bytes(), key + 1, |byte| !byte.is_ascii_whitespace());
    let comment = line[end..].trim().trim_end_matches(['\'', '"']);
    if !comment.is_empty() && !comment.contains(['@', '/', '\\']) {
        places.push((at(line, comment), Sort::Comment));
    }
    places
}

/// `uid=1000(NAME) gid=1000(NAME) groups=…`, as id(1) prints it.
fn identity(line: &str) -> Places {
    let Some(start) = line.find("uid=") else { return Vec::new() };
    let numbered = line[start..].split(['=', ',']).filter_map(|part| part.split_once('('));
    numbered
        .filter(|(number, _)| number.bytes().all(|byte| byte.is_ascii_digit()))
        .filter_map(|(_, name)| name.split(')').next())
        .map(|name| (at(line, name), Sort::User))
        .collect()
}

/// `-rw------- 1 USER GROUP`, as `ls -l` prints it.
fn listed(line: &str) -> Places {
    let mut words = line.split_whitespace();
    let modes = |word: &str| {
        let word = word.as_bytes();
        (10..=11).contains(&word.len())
            && b"-dlsbcp".contains(&word[0])
            && word[1..10].iter().all(|c| b"-rwxsStT".contains(c))
    };
    if !words.next().is_some_and(modes) || words.next().is_none_or(|links| links.parse::<u32>().is_err()) {
        return Vec::new();
    }
    words.take(2).filter(|name| name.parse::<u32>().is_err()).map(|name| (at(line, name), Sort::User)).collect()
}

/// `NAME:x:1000:1000:FULL NAME,,,:HOME:SHELL`: a line of passwd(5).
fn account(line: &str) -> Places {
    let fields: Vec<&str> = line.trim().split(':').collect();
    let [name, _, user, group, full, home, _] = fields.as_slice() else { return Vec::new() };
    if [user, group].iter().any(|number| number.parse::<u32>().is_err()) || !home.starts_with('/') {
        return Vec::new();
    }
    let full = full.trim_end_matches(',');
    let last = home.rsplit('/').next().unwrap_or_default();
    [name, full, last].into_iter().map(|name| (at(line, name), Sort::User)).collect()
}

/// `sudo: NAME : TTY=…`
fn sudo(line: &str) -> Places {
    let Some((before, _)) = line.split_once(" : TTY=") else { return Vec::new() };
    let Some(name) = before.split_whitespace().next_back() else { return Vec::new() };
    let mut places = vec![(at(line, name), Sort::User)];
    if let Some((host, _)) = before.split_once(" sudo").and_then(|(host, rest)| Some((host.rsplit(' ').next()?, rest)))
    {
        places.push((at(line, host), Sort::Host));
    }
    places
}

/// `HOST:FOLDER USER$ `, `HOST% `, `USER@HOST FOLDER % `: the prompts of macOS's bash and of zsh.
fn prompt(line: &str) -> Places {
    let mut words = line.split(' ');
    let (Some(first), Some(second)) = (words.next(), words.next()) else { return Vec::new() };
    let third = words.next().unwrap_or_default();
    // The folder alone, as zsh's themes show it.
    let folder = if first.contains('@') && third == "%" { second } else { third };
    if first == "➜" && second.is_empty() || first.contains('@') && third == "%" {
        return if folder.starts_with(['~', '/']) { Vec::new() } else { vec![(at(line, folder), Sort::Name)] };
    }
    if let Some(host) = first.strip_suffix('%').filter(|_| ["ssh", "git", "scp", "sftp"].contains(&second)) {
        return vec![(at(line, host), Sort::Host)];
    }
    let (Some((host, folder)), Some(user)) = (first.split_once(':'), second.strip_suffix('$')) else {
        return Vec::new();
    };
    let name = |name: &str| !name.is_empty() && name.bytes().all(|c| c.is_ascii_alphanumeric() || b"-_.".contains(&c));
    if !name(host) || !name(user) || folder.is_empty() {
        return Vec::new();
    }
    vec![(at(line, host), Sort::Host), (at(line, user), Sort::User)]
}

/// `USER pts/0`, as who(1) prints it.
fn terminal(line: &str) -> Places {
    let mut words = line.split_whitespace();
    match (words.next(), words.next()) {
        (Some(user), Some(terminal)) if terminal.starts_with("pts/") => vec![(at(line, user), Sort::User)],
        _ => Vec::new(),
    }
}

/// A row of the picture that ssh draws of a key (`VisualHostKey`, `ssh-keygen -v`): it is a fingerprint, too.
fn picture(line: &str) -> Places {
    const WIDTH: usize = 17;
    let Some((start, end)) = line.find('|').zip(line.rfind('|')) else { return Vec::new() };
    let drawn = |byte: &u8| b" .o+=*BOX@%&#/^SE".contains(byte);
    let row = end == start + WIDTH + 1 && line.as_bytes()[start + 1..end].iter().all(drawn);
    if row && !line[start + 1..end].trim().is_empty() { vec![(start + 1..end, Sort::Secret)] } else { Vec::new() }
}

/// `|1|SALT|HASH`: a host in known_hosts of which only a hash is kept (sshd(8)).
fn hashed(line: &str) -> Places {
    let Some(start) = line.find("|1|") else { return Vec::new() };
    let start = start + "|1|".len();
    vec![(start..ends(line.as_bytes(), start, |byte| !byte.is_ascii_whitespace()), Sort::Secret)]
}

/// `Last login: … from HOST`
fn last_login(line: &str) -> Places {
    let Some((_, from)) = line.find("Last login: ").and_then(|at| line[at..].split_once(" from ")) else {
        return Vec::new();
    };
    let host = from.split_whitespace().next().unwrap_or_default();
    if host.contains([':', '%']) || host.parse::<core::net::Ipv4Addr>().is_ok() {
        Vec::new()
    } else {
        vec![(at(line, host), Sort::Host)]
    }
}

/// `Key ID: "NAME"`, as ssh-keygen prints a certificate, and ` ID "NAME"`, as ssh and sshd log one.
fn certified(line: &str) -> Places {
    let Some(quoted) =
        line.split_once(" ID").and_then(|(_, rest)| rest.trim_start_matches([':', ' ']).strip_prefix('"'))
    else {
        return Vec::new();
    };
    let name = quoted.split('"').next().unwrap_or_default();
    if name.contains(['@', '/', '\\']) { Vec::new() } else { vec![(at(line, name), Sort::Comment)] }
}

/// `Connecting to HOST:PORT as USER`
fn connecting(line: &str) -> Places {
    let Some((_, rest)) = line.split_once("onnecting to ") else { return Vec::new() };
    let mut words = rest.split_whitespace();
    let (Some(_), Some("as"), Some(user), None) = (words.next(), words.next(), words.next(), words.next()) else {
        return Vec::new();
    };
    let user = user.trim_matches(['\'', '"', '`', '.', ',', ':', '…']);
    if user.contains('@') { Vec::new() } else { vec![(at(line, user), Sort::User)] }
}

/// Functions of libraries by which programs connect, and what their arguments are that stand in quotation marks.
const CALLS: &[(&str, &[Sort])] = &[
    ("connect(", &[Sort::Host, Sort::User, Sort::Secret]),
    ("SSH.start(", &[Sort::Host, Sort::User]),
    ("getSession(", &[Sort::User, Sort::Host]),
];

/// `connect("HOST", 22, "USER", "PASSWORD")`: arguments that have no names.
fn called(line: &str) -> Places {
    if !line.contains(['"', '\'']) {
        return Vec::new();
    }
    let Some((start, sorts)) = CALLS.iter().find_map(|(call, sorts)| Some((line.find(call)? + call.len(), *sorts)))
    else {
        return Vec::new();
    };
    let plain = line[start..].split(',').map(|argument| argument.trim().trim_end_matches([')', ';']));
    let texts = plain.take_while(|argument| !argument.contains(['=', ' '])).filter_map(|argument| {
        let quote = argument.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        argument[1..].strip_suffix(quote)
    });
    texts
        .zip(sorts)
        .filter(|(text, _)| !text.contains(['@', '/']))
        .map(|(text, sort)| (at(line, text), *sort))
        .collect()
}

/// `AllowUsers USER USER@HOST`, in sshd_config(5) or as sshd logs its lines; `principals="USER,USER"` (sshd(8)).
fn allowed(line: &str) -> Places {
    let line_of_file = line.split_once("setting ").map_or(line, |(_, rest)| rest).trim_start();
    let option = ["AllowUsers ", "DenyUsers ", "AllowGroups ", "DenyGroups "];
    let listed = || {
        line.split_once("principals")?
            .1
            .strip_prefix([':', '='])?
            .trim_start()
            .trim_start_matches('"')
            .split(['"', ' '])
            .next()
    };
    let names = option.iter().find_map(|option| line_of_file.strip_prefix(option)).or_else(listed);
    let Some(names) = names else { return Vec::new() };
    let names = names.split([' ', '\t', ',']).filter(|word| !word.contains(['@', '*', '?', '\\']));
    names.map(|name| (at(line, name), Sort::User)).collect()
}

/// `SSH_CONNECTION=ADDRESS PORT ADDRESS PORT`, `SSH_CLIENT=ADDRESS PORT PORT` (ssh(1)).
fn sockets(line: &str) -> Places {
    let value = ["SSH_CONNECTION", "SSH_CLIENT"].iter().find_map(|name| line.split_once(name));
    let Some((_, value)) = value else { return Vec::new() };
    let parts = value
        .trim_start_matches(['=', ':', ' ', '"', '\''])
        .split(' ')
        .take(4)
        .map(|part| part.trim_matches(['"', '\'']));
    parts.filter(|part| part.parse::<u16>().is_ok()).map(|part| (at(line, part), Sort::Port)).collect()
}

/// `USER%40HOST`: an at sign as an address of the web spells it.
fn quoted_sign(line: &str) -> Places {
    let Some((before, _)) = line.split_once("%40") else { return Vec::new() };
    let name = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-');
    let user = &before[before.trim_end_matches(name).len()..];
    vec![(at(line, user), Sort::User)]
}

/// Slashes as pages, addresses and programs' texts spell them, in lower case.
const SLASHES: &[&str] =
    &["%2f", "%5c", "%252f", "%255c", "&#x2f;", "&#47;", "&sol;", "&#x5c;", "&#92;", "&bsol;", "\\u002f", "\\u005c"];

/// `%2Fhome%2FNAME`: homes in paths whose slashes are spelt out.
fn homes(line: &str) -> Places {
    if !line.contains(['%', '&', '\\']) {
        return Vec::new();
    }
    let low = line.to_ascii_lowercase();
    let slash = |at: usize| SLASHES.iter().find(|slash| low[at..].starts_with(**slash)).map_or(0, |slash| slash.len());
    let mut places = Places::new();
    for home in ["home", "users"] {
        for (start, _) in low.match_indices(home) {
            let from = start + home.len();
            if slash(from) == 0 || !SLASHES.iter().any(|slash| low[..start].ends_with(slash)) {
                continue;
            }
            let from = from + slash(from);
            let parted =
                |(at, c): &(usize, char)| c.is_whitespace() || "\"'`<>()[],;|=".contains(*c) || slash(from + at) > 0;
            let end = low[from..].char_indices().find(parted).map_or(low.len(), |(at, _)| from + at);
            if !low[from..end].starts_with('.') {
                places.push((from..end, Sort::User));
            }
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(line: &str) -> Vec<&str> {
        places(line).into_iter().map(|(at, _)| &line[at]).collect()
    }

    #[test]
    fn what_lines_show() {
        for (line, values) in [
            ("box,*.corp.example,10.0.0.1 ssh-rsa AAAAB3NzaC1yc2E", vec!["box", "corp.example"]),
            ("@cert-authority [box]:2222 ssh-ed25519 AAAAC3NzaC1 Mona's own", vec!["box", "Mona's own"]),
            ("ssh-ed25519 AAAAC3NzaC1 mona key", vec!["mona key"]),
            ("command=\"x\" ssh-rsa AAAAB3NzaC1yc2E mona key", vec!["mona key"]),
            ("uid=1000(mona) gid=1000(staff) groups=27(sudo),4(adm)", vec!["mona", "staff", "sudo", "adm"]),
            ("-rw------- 1 mona staff 411 Nov 10 10:00 id", vec!["mona", "staff"]),
            ("drwx------. 2 1000 1000 4096 Nov 10 10:00 .ssh", vec![]),
            ("mona:x:1000:1000:Mona Lisa,,,:/home/lisa:/bin/sh", vec!["mona", "Mona Lisa", "lisa"]),
            ("Nov 10 10:00:00 box sudo:   mona : TTY=pts/0 ; PWD=/", vec!["mona", "box"]),
            ("box:~ mona$ ssh x", vec!["box", "mona"]),
            ("box% ssh x", vec!["box"]),
            ("mona   pts/0   2024-05-01 10:00", vec!["mona"]),
            ("|   .o=+..  o .   |", vec!["   .o=+..  o .   "]),
            ("|1|F1E1KeoE/eEWhi10WpGv4OdiO6Y=|3988QV0VE8w= ssh-rsa", vec!["F1E1KeoE/eEWhi10WpGv4OdiO6Y=|3988QV0VE8w="]),
            ("Last login: Wed May  1 10:00:00 2024 from box", vec!["box"]),
            (r#"debug1: Server host certificate: serial 0 ID "mona box" CA x"#, vec!["mona box"]),
            ("        Key ID: \"mona-laptop\"", vec!["mona-laptop"]),
            ("INFO Connecting to box:22 as mona", vec!["mona"]),
            ("Connecting to box as well as can be", vec![]),
            (r#"ssh.connect("box", 22, "mona", "hunter2")"#, vec!["box", "mona", "hunter2"]),
            ("client.connect('box', username='mona')", vec!["box"]),
            ("jsch.getSession(\"mona\", \"box\", 22);", vec!["mona", "box"]),
            ("debug3: /etc/ssh/sshd_config:9 setting AllowUsers mona lisa@10.*", vec!["mona"]),
            ("not listed in AllowUsers here", vec![]),
            ("cert-authority,principals=\"mona,lisa\" ssh-rsa", vec!["mona", "lisa"]),
            ("➜  mona git:(main) git push", vec!["mona"]),
            ("mona@box lisa % ssh x", vec!["lisa"]),
            ("SSH_CLIENT=10.0.0.1 51000 22", vec!["51000", "22"]),
            ("ssh mona%40box.example", vec!["mona"]),
            ("file%3A%2F%2F%2Fhome%2Fmona%2F.ssh", vec!["mona"]),
            ("&#x2F;Users&#x2F;Mona&#x2F;x", vec!["Mona"]),
            (r"\u002fhome\u002fmona", vec!["mona"]),
            ("home%2Fmona", vec![]),
            ("debug1: identity file x type 0", vec![]),
            ("debug1: read PEM$ x", vec![]),
        ] {
            assert_eq!(shown(line), values, "{line}");
        }
    }
}
