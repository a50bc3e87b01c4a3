//! Users and hosts that commands of databases' clients name: `mysql -umona -h box`.

use std::ops::Range;

use super::shell_form::at as place;
use super::sort::Sort;
use super::{address, words};

/// Clients, and the letters of their options for a user and a host.
const CLIENTS: &[(&[&str], char, char)] = &[
    (&["mysql", "mysqldump", "mysqladmin", "mariadb", "mariadb-dump", "mariadb-admin"], 'u', 'h'),
    (&["psql", "pg_dump", "pg_dumpall", "pg_restore", "pg_isready", "createdb"], 'U', 'h'),
    (&["redis-cli"], 'u', 'h'),
];

/// Clients that take a password glued to its option.
pub(super) const GLUED: &[&str] = CLIENTS[0].0;

/// Words without which no line has such a command.
pub(super) fn words() -> impl Iterator<Item = &'static str> {
    ["mysql", "mariadb", "psql", "pg_", "createdb", "redis-cli"].into_iter()
}

/// Every user and host that such a command names.
pub(super) fn places(line: &str) -> Vec<(Range<usize>, Sort)> {
    let mut places = Vec::new();
    let mut client = None;
    let mut all = line.split_whitespace().peekable();
    while let Some(word) = all.next() {
        if word.starts_with(['|', ';', '&', '>', '<']) {
            client = None;
        }
        let name = word.rsplit(['/', '\\']).next().unwrap_or(word);
        if let Some(found) = CLIENTS.iter().find(|(names, ..)| names.contains(&name)) {
            client = Some(found);
            continue;
        }
        let Some((_, user, host)) = client else { continue };
        let Some(option) = word.strip_prefix('-') else { continue };
        let sort = match option.chars().next() {
            Some(letter) if letter == *user => Sort::User,
            Some(letter) if letter == *host => Sort::Host,
            _ => continue,
        };
        let value = if option.len() == 1 { all.next_if(|next| !next.starts_with('-')) } else { Some(&option[1..]) };
        let value = value.unwrap_or_default().trim_matches(['"', '\'', ';', ',', ')', '`']);
        // What has a form of its own is found by that, and what every program calls its options by is none.
        let own = value.contains(['/', '$', '@', ':']) || address::is_v4(value) || words::is_usual(value);
        if value.starts_with(|c: char| c.is_alphanumeric() || c == '_') && !own {
            places.push((place(line, value), sort));
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::super::dull::Dull;
    use super::*;

    #[test]
    fn whom_clients_ask_as_whom() {
        for (line, values) in [
            ("mysql -umona -phunter2 -hbox lisa", vec!["mona", "box"]),
            ("$ /usr/bin/mysqldump -u 'mona' -h box.example lisa | ssh -u x", vec!["mona", "box.example"]),
            ("psql -U mona -h box -d lisa", vec!["mona", "box"]),
            ("redis-cli -h 10.0.0.1 -p 7", vec![]),
            ("mysql --user=mona -u", vec![]),
            ("mysql: command not found, use -umona", vec![]),
            ("grep -hbox -umona", vec![]),
        ] {
            let shown: Vec<&str> = places(line).into_iter().map(|(at, _)| &line[at]).collect();
            assert_eq!(shown, values, "{line}");
        }
        for name in CLIENTS.iter().flat_map(|(names, ..)| *names) {
            assert!(!Dull::any_log().is(&format!("{name} -umona -pq")), "{name}");
        }
    }
}
