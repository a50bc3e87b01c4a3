//! The identities as text: keys down, servers across.

use textwrap::core::display_width;

use super::human::{Page, Style, Writer, clean};
use crate::model::Fact;
use crate::shell::{Shell, join};
use crate::survey::{Host, Login, Reply, Row, Survey, words};
use crate::wire;

const INDENT: &str = "      ";

/// The report, with a line end. `home` is shown as `~`.
pub fn render(survey: &Survey, page: &Page<'_>, home: Option<&str>, shell: Shell) -> String {
    let mut text = String::new();
    let out = &mut Writer { text: &mut text, page };
    out.words(Style::Warning, "", "", &notice(survey));
    if let Some(why) = &survey.unclear {
        out.words(Style::Bad, "", "", &format!("ssh does not say what applies there: {why}"));
    }
    let (unused, rows): (Vec<&Row>, Vec<&Row>) = survey.rows.iter().partition(|row| row.is_unused_name());
    let (offered, others): (Vec<&Row>, Vec<&Row>) = rows.into_iter().partition(|row| row.identity.order.is_some());
    let there = match &survey.destination {
        Some(destination) => format!("to {destination}"),
        None => "to a host that your configuration does not name".to_owned(),
    };
    let table = Table::new(survey, page.width, home);
    out.heading(&match offered.len() {
        0 => format!("ssh has no key to offer {there}"),
        1 => format!("The one key that ssh offers {there}"),
        count => format!("The {count} keys that ssh offers {there}, in its order"),
    });
    if !offered.is_empty() {
        table.rows(&offered, out);
    }
    if !others.is_empty() {
        out.heading("What it does not offer");
        table.rows(&others, out);
    }
    if !unused.is_empty() {
        let names: Vec<String> = unused.iter().map(|row| shown(row, home)).collect();
        out.blank();
        let text = format!("ssh would take these, too, but they do not exist: {}", names.join(", "));
        out.words(Style::Dim, "", "", &text);
    }
    agent(survey, out);
    for note in &survey.notes {
        out.words(Style::Plain, "", "", note);
    }
    hosts(survey, out);
    warnings(survey, shell, out);
    text
}

/// What the hosts learn.
fn notice(survey: &Survey) -> String {
    if survey.hosts.is_empty() {
        return "Nothing was sent to any host; --offer HOST asks one which of these keys it takes.".into();
    }
    let told: Vec<String> = survey
        .hosts
        .iter()
        .map(|host| match host.offered {
            0 => format!("{} was offered none", host.typed),
            1 => format!("{} was offered 1", host.typed),
            count => format!("{} was offered {count}", host.typed),
        })
        .collect();
    let signed = match survey.logins {
        true => "The keys that were accepted signed in, as --login asks.",
        false => "Nothing was signed, and nobody logged in.",
    };
    format!("A host learns each public key that is offered to it: {}. {signed}", told.join(", "))
}

struct Table<'a> {
    survey: &'a Survey,
    home: Option<&'a str>,
    name: usize,
    kind: usize,
    origin: usize,
    /// Heads of the servers' columns.
    heads: Vec<String>,
}

impl<'a> Table<'a> {
    fn new(survey: &'a Survey, width: usize, home: Option<&'a str>) -> Self {
        let widest = |cell: &dyn Fn(&Row) -> String, least: usize| {
            survey
                .rows
                .iter()
                .filter(|row| !row.is_unused_name())
                .map(|row| display_width(&cell(row)))
                .max()
                .unwrap_or(0)
                .max(least)
        };
        let kind = widest(&kind, 4);
        let origin = widest(&origin, 4);
        let names: Vec<String> = survey.hosts.iter().map(|host| clean(&host.typed)).collect();
        // Names as heads where they leave room for the keys' own, else numbers.
        let fixed = 6 + kind + 2 + origin;
        let named: usize = names.iter().map(|name| display_width(name).max(8) + 2).sum();
        let heads = match width.saturating_sub(fixed + named) >= 24 {
            true => names,
            false => (1..=names.len()).map(|number| format!("[{number}]")).collect(),
        };
        let columns: usize = heads.iter().map(|head| display_width(head).max(8) + 2).sum();
        let room = width.saturating_sub(fixed + columns + 2).max(12);
        let name = widest(&|row| shown(row, home), 3).min(room);
        Self { survey, home, name, kind, origin, heads }
    }

    fn rows(&self, rows: &[&Row], out: &mut Writer<'_, '_>) {
        let mut head = format!(
            "   #  {}  {}  {}",
            padded("key", self.name),
            padded("type", self.kind),
            padded("from", self.origin)
        );
        for name in &self.heads {
            head.push_str(&format!("  {}", padded(name, 8)));
        }
        out.line(Style::Dim, head.trim_end());
        for row in rows {
            self.row(row, out);
        }
    }

    fn row(&self, row: &Row, out: &mut Writer<'_, '_>) {
        let order = row.identity.order.map_or_else(|| "-".to_owned(), |order| order.to_string());
        let name = shown(row, self.home);
        let cut = display_width(&name) > self.name;
        let mut line = format!(
            "{order:>4}  {}  {}  {}",
            padded(&shortened(&name, self.name), self.name),
            padded(&kind(row), self.kind),
            padded(&origin(row), self.origin)
        );
        for (offer, head) in row.offers.iter().zip(&self.heads) {
            let word = match &offer.reply {
                Reply::Accepted(_) => "yes",
                Reply::Refused => "no",
                Reply::Unknown(_) => "?",
            };
            line.push_str(&format!("  {}", padded(word, display_width(head).max(8))));
        }
        let accepted = row.offers.iter().any(|offer| matches!(offer.reply, Reply::Accepted(_)));
        let style = match () {
            () if accepted => Style::Good,
            () if !row.problems.is_empty() => Style::Warning,
            () => Style::Plain,
        };
        out.line(style, line.trim_end());
        if cut {
            out.line(Style::Dim, &format!("{INDENT}{name}"));
        }
        if let Some(key) = &row.identity.key {
            let comment = match key.comment.as_str() {
                "" => String::new(),
                comment if Some(comment) == row.identity.label.as_deref() => String::new(),
                comment => format!(" {comment}"),
            };
            out.line(Style::Dim, &format!("{INDENT}{}{comment}", key.fingerprint));
        }
        self.notes(row, out);
    }

    fn notes(&self, row: &Row, out: &mut Writer<'_, '_>) {
        let mut note = |style, text: &str| out.words(style, INDENT, "        ", text);
        if let Some(certificate) = &row.certificate {
            note(Style::Plain, &certified(certificate));
        }
        for problem in &row.problems {
            note(Style::Warning, &format!("{}: {}", problem.cause(), words(problem)));
        }
        // Of a file that shows no key, its problem has said it already.
        let said = row.identity.key.is_none() && !row.problems.is_empty();
        if let Some(why) = row.identity.left_out.as_ref().filter(|_| !said) {
            note(Style::Plain, &format!("left out: {why}"));
        }
        for (offer, host) in row.offers.iter().zip(&self.survey.hosts) {
            let name = &host.typed;
            match &offer.reply {
                Reply::Accepted(algorithm) if algorithm == "ssh-rsa" => note(
                    Style::Warning,
                    &format!("{name} takes it by ssh-rsa alone, which ssh from 8.8 on does not use"),
                ),
                // What holds for all keys stands with the host.
                Reply::Unknown(why) if row.identity.key.is_none() && !row.is_empty() => {
                    note(Style::Plain, &format!("{name} was not asked: {why}"));
                }
                _ => {}
            }
            match &offer.login {
                Some(Login::As(login)) => note(Style::Good, &format!("{name}: logs in as {login}")),
                Some(Login::Unnamed) => {
                    note(Style::Good, &format!("{name}: logs in; the host does not say as whom"));
                }
                Some(Login::Failed(why)) => {
                    note(Style::Warning, &format!("{name}: does not log in: {why}"));
                }
                None => {}
            }
        }
    }
}

fn certified(certificate: &crate::model::facts::Certificate) -> String {
    let names = match certificate.principals.len() {
        0 => "for any account".to_owned(),
        _ => format!("for {}", certificate.principals.join(", ")),
    };
    let until = match certificate.valid_before {
        u64::MAX => "without end".to_owned(),
        time => format!("until {}", wire::date(time)),
    };
    format!("certificate {names}, valid {until}, by the CA {}", certificate.ca)
}

fn shown(row: &Row, home: Option<&str>) -> String {
    let name = clean(row.name());
    if row.identity.path.is_none() {
        return format!("({name})");
    }
    match home.and_then(|home| name.strip_prefix(home.trim_end_matches('/'))) {
        Some(rest) if rest.starts_with('/') => format!("~{rest}"),
        _ => name,
    }
}

fn kind(row: &Row) -> String {
    let Some(key) = &row.identity.key else {
        return "?".to_owned();
    };
    match key.kind.starts_with("RSA") || key.kind.starts_with("DSA") {
        true => format!("{} {}", clean(&key.kind), key.bits),
        false => clean(&key.kind),
    }
}

fn origin(row: &Row) -> String {
    let mut text = row.identity.origin.word().to_owned();
    if row.identity.in_agent && text != "agent" {
        text.push_str("+agent");
    }
    if row.encrypted() == Some(true) {
        text.push_str(", encrypted");
    }
    text
}

fn padded(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(display_width(text))))
}

/// A name cut at its beginning: the end tells keys apart.
fn shortened(name: &str, width: usize) -> String {
    if display_width(name) <= width {
        return name.to_owned();
    }
    let mut end: Vec<char> = Vec::new();
    let mut used = 1;
    for c in name.chars().rev() {
        used += display_width(c.encode_utf8(&mut [0; 4]));
        if used > width {
            break;
        }
        end.push(c);
    }
    std::iter::once('…').chain(end.into_iter().rev()).collect()
}

fn agent(survey: &Survey, out: &mut Writer<'_, '_>) {
    let text = match &survey.agent {
        Fact::Absent => "No agent is asked: none is named.".to_owned(),
        Fact::Unknown(why) => format!("Which agent is asked can't be told: {why}."),
        Fact::Known(agent) => match &agent.keys {
            Fact::Known(keys) if keys.is_empty() => {
                format!("The agent at {} has no key, or is locked.", agent.socket)
            }
            Fact::Known(keys) => format!(
                "The agent at {} has {} key{}.",
                agent.socket,
                keys.len(),
                if keys.len() == 1 { "" } else { "s" }
            ),
            Fact::Absent => format!("The agent at {} has no key.", agent.socket),
            Fact::Unknown(why) => format!("The agent at {} does not help: {why}.", agent.socket),
        },
    };
    out.blank();
    out.words(Style::Plain, "", "", &text);
}

fn hosts(survey: &Survey, out: &mut Writer<'_, '_>) {
    for (at, host) in survey.hosts.iter().enumerate() {
        let number = if survey.hosts.len() > 1 { format!("[{}] ", at + 1) } else { String::new() };
        let software = host.software.as_ref().map(|name| format!(" ({name})")).unwrap_or_default();
        out.heading(&format!("{number}{}{software}", host.destination));
        let (style, answer) = answer(survey, at, host);
        out.words(style, "    ", "    ", &answer);
        match (&host.host_key, host.trust) {
            (Some((kind, print)), Some((true, words))) => {
                out.words(Style::Dim, "    ", "    ", &format!("Its host key {words}: {kind} {print}."));
            }
            (Some((kind, print)), Some((false, words))) => {
                let told = format!("Its host key {words}: {kind} {print}. So no key was offered to it.");
                out.words(Style::Bad, "    ", "    ", &told);
                if words == "is not known" {
                    let advice = "If its owner confirms that this is its key, add";
                    out.words(Style::Plain, "    ", "    ", advice);
                    out.typed("        ", &format!("--host-key {print}"));
                }
            }
            _ => {}
        }
    }
}

fn answer(survey: &Survey, at: usize, host: &Host) -> (Style, String) {
    if host.accepts_any {
        let text = "It says yes to any key, even to one that nobody has; so its yes is worth nothing (accepts-any).";
        return (Style::Warning, text.to_owned());
    }
    let offers = || {
        survey.rows.iter().filter(|row| !row.is_empty()).filter_map(|row| row.offers.get(at).map(|offer| (row, offer)))
    };
    let accepted = offers().filter(|(_, offer)| matches!(offer.reply, Reply::Accepted(_))).count();
    let refused = offers().filter(|(_, offer)| offer.reply == Reply::Refused).count();
    let why = offers().find_map(|(row, offer)| match &offer.reply {
        Reply::Unknown(why) if row.identity.key.is_some() => Some(why.clone()),
        _ => None,
    });
    let unknown = offers().count() - accepted - refused;
    let open = match (unknown, &why) {
        (0, _) => String::new(),
        (count, Some(why)) => format!(" Of {count} it can't be told: {why}."),
        (count, None) => format!(" Of {count} the public half is not known."),
    };
    match (accepted, refused) {
        (0, 0) if unknown > 0 => {
            let why = why.unwrap_or_else(|| "no public half is known".into());
            (Style::Warning, format!("It can't be told which keys it takes: {why}."))
        }
        (0, 0) => (Style::Bad, "There was no key to ask about.".to_owned()),
        (0, _) => (Style::Bad, format!("It takes none of these keys.{open}")),
        (1, _) => (Style::Good, format!("It takes one of these keys.{open}")),
        (count, _) => (Style::Good, format!("It takes {count} of these keys.{open}")),
    }
}

fn warnings(survey: &Survey, shell: Shell, out: &mut Writer<'_, '_>) {
    for late in survey.late() {
        out.heading("A key comes too late");
        let name = late.row.name();
        let text = match late.host {
            Some(host) => format!(
                "{} takes {name}, but ssh offers {} keys before it, and after {} refusals the host hangs up \
                 (too-many-failures). Offer that key alone:",
                host.typed, late.before, late.limit
            ),
            None => format!(
                "Most hosts hang up after {} refusals (too-many-failures), so the keys from {name} on may never be \
                 offered. Name the right one alone:",
                late.limit
            ),
        };
        out.words(Style::Warning, "    ", "    ", &text);
        let path = match late.host {
            Some(_) => late.row.identity.path.as_deref(),
            None => Some("KEYFILE"),
        };
        match path {
            Some(path) => {
                let mut words = vec!["ssh", "-o", "IdentitiesOnly=yes", "-i", path];
                words.extend(survey.typed.iter().map(String::as_str));
                if survey.typed.is_empty() {
                    words.push("HOST");
                }
                if let Ok(line) = join(&words, shell) {
                    out.typed("        ", &line);
                }
            }
            None => {
                let advice =
                    "The agent alone has it: save its line of `ssh-add -L` to a file KEY.pub, and give that to -i.";
                out.words(Style::Plain, "    ", "    ", advice);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cut_at_the_front() {
        assert_eq!(shortened("/home/me/.ssh/id", 8), "….ssh/id");
        assert_eq!(shortened("kurz", 8), "kurz");
        assert_eq!(display_width(&shortened("/home/鍵/鍵鍵鍵鍵鍵", 8)), 7);
    }
}
