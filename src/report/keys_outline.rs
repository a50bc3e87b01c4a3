//! What a report on a key survey says, and in which order: keys down, servers across.

use super::account;
use super::outline::{Block, Code, Outline, Row as Line, Section, Style, Table, Weight};
use crate::model::Fact;
use crate::shell::{Shell, join};
use crate::survey::{Host, Late, Login, Reply, Row, Survey, words};
use crate::wire;

/// What is to be said on a survey. `home` is shown as `~`.
pub(super) fn of(survey: &Survey, home: Option<&str>, shell: Shell) -> Outline {
    let mut sections = vec![Section::bare(Weight::Always, notices(survey))];
    let (unused, rows): (Vec<&Row>, Vec<&Row>) = survey.rows.iter().partition(|row| row.is_unused_name());
    let (offered, others): (Vec<&Row>, Vec<&Row>) = rows.into_iter().partition(|row| row.identity.order.is_some());
    sections.push(Section::new(Weight::Always, heading(survey, offered.len()), table(survey, &offered, home)));
    if !others.is_empty() {
        sections.push(Section::new(Weight::Always, "What it does not offer", table(survey, &others, home)));
    }
    if !unused.is_empty() {
        let names: Vec<String> = unused.iter().map(|row| shown(row, home)).collect();
        let text = format!("ssh would take these, too, but they do not exist: {}", names.join(", "));
        sections.push(Section::bare(Weight::Always, vec![Block::Aside(text)]));
    }
    let notes = survey.notes.iter().map(|note| Block::Para(Style::Plain, note.clone()));
    sections.push(Section::bare(Weight::Always, [agent(survey)].into_iter().chain(notes).collect()));
    let published = survey.published.iter().map(|published| {
        let here = survey.rows.iter().filter(|row| survey.registered(row) == Some(true));
        Block::Para(Style::Plain, account::told(published, &here.map(Row::name).collect::<Vec<_>>()))
    });
    sections.push(Section::bare(Weight::Always, published.collect()));
    sections.extend(survey.hosts.iter().enumerate().map(|(at, host)| asked(survey, at, host)));
    sections.extend(warnings(survey, shell));
    let there = survey.destination.as_deref().unwrap_or("any host");
    Outline { title: format!("ssh-why keys: {there}"), sections, airy: false }
}

fn heading(survey: &Survey, offered: usize) -> String {
    let there = match &survey.destination {
        Some(destination) => format!("to {destination}"),
        None => "to a host that your configuration does not name".to_owned(),
    };
    match offered {
        0 => format!("ssh has no key to offer {there}"),
        1 => format!("The one key that ssh offers {there}"),
        count => format!("The {count} keys that ssh offers {there}, in its order"),
    }
}

fn notices(survey: &Survey) -> Vec<Block> {
    let unclear = survey.unclear.as_ref().map(|why| {
        let text = format!("ssh does not say what applies there: {why}");
        Block::Para(Style::Bad, text)
    });
    [Block::Para(Style::Warning, notice(survey))].into_iter().chain(unclear).collect()
}

/// What the hosts learn.
fn notice(survey: &Survey) -> String {
    if survey.hosts.is_empty() {
        let nothing = if survey.published.is_some() { "No key" } else { "Nothing" };
        return format!("{nothing} was sent to any host; --offer HOST asks one which of these keys it takes.");
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

fn table(survey: &Survey, rows: &[&Row], home: Option<&str>) -> Vec<Block> {
    if rows.is_empty() {
        return Vec::new();
    }
    let mut heads: Vec<(String, String)> =
        ["#", "key", "type", "from"].iter().map(|head| ((*head).to_owned(), (*head).to_owned())).collect();
    heads.extend(survey.hosts.iter().enumerate().map(|(at, host)| (host.typed.clone(), format!("[{}]", at + 1))));
    vec![Block::Table(Table { heads, rows: rows.iter().map(|row| line(survey, row, home)).collect() })]
}

fn line(survey: &Survey, row: &Row, home: Option<&str>) -> Line {
    let order = row.identity.order.map_or_else(|| "-".to_owned(), |order| order.to_string());
    let mut cells = vec![order, shown(row, home), kind(row), origin(row)];
    cells.extend(row.offers.iter().zip(&survey.hosts).map(|(offer, _)| {
        let word = match &offer.reply {
            Reply::Accepted(_) => "yes",
            Reply::Refused => "no",
            Reply::Unknown(_) => "?",
        };
        word.to_owned()
    }));
    let accepted = row.offers.iter().any(|offer| matches!(offer.reply, Reply::Accepted(_)));
    let style = match () {
        () if accepted => Style::Good,
        () if !row.problems.is_empty() => Style::Warning,
        () => Style::Plain,
    };
    Line { style, cells, notes: remarks(survey, row) }
}

fn remarks(survey: &Survey, row: &Row) -> Vec<(Style, String)> {
    let mut notes = Vec::new();
    if let Some(key) = &row.identity.key {
        let comment = match key.comment.as_str() {
            "" => String::new(),
            comment if Some(comment) == row.identity.label.as_deref() => String::new(),
            comment => format!(" {comment}"),
        };
        notes.push((Style::Dim, format!("{}{comment}", key.fingerprint)));
    }
    if let Some(certificate) = &row.certificate {
        notes.push((Style::Plain, certified(certificate)));
    }
    for problem in &row.problems {
        notes.push((Style::Warning, format!("{}: {}", problem.cause(), words(problem))));
    }
    // Of a file that shows no key, its problem has said it already.
    let said = row.identity.key.is_none() && !row.problems.is_empty();
    if let Some(why) = row.identity.left_out.as_ref().filter(|_| !said) {
        notes.push((Style::Plain, format!("left out: {why}")));
    }
    if let (Some(true), Some(published)) = (survey.registered(row), &survey.published) {
        notes.push((Style::Good, format!("registered for {} at {}", published.login, published.host)));
    }
    for (offer, host) in row.offers.iter().zip(&survey.hosts) {
        let name = &host.typed;
        match &offer.reply {
            Reply::Accepted(algorithm) if algorithm == "ssh-rsa" => notes.push((
                Style::Warning,
                format!("{name} takes it by ssh-rsa alone, which ssh from 8.8 on does not use"),
            )),
            // What holds for all keys stands with the host.
            Reply::Unknown(why) if row.identity.key.is_none() && !row.is_empty() => {
                notes.push((Style::Plain, format!("{name} was not asked: {why}")));
            }
            _ => {}
        }
        notes.extend(offer.login.as_ref().map(|login| match login {
            Login::As(login) => (Style::Good, format!("{name}: logs in as {login}")),
            Login::Unnamed => (Style::Good, format!("{name}: logs in; the host does not say as whom")),
            Login::Failed(why) => (Style::Warning, format!("{name}: does not log in: {why}")),
        }));
    }
    notes
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
    let name = row.name().to_owned();
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
        true => format!("{} {}", key.kind, key.bits),
        false => key.kind.clone(),
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

fn agent(survey: &Survey) -> Block {
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
    Block::Para(Style::Plain, text)
}

fn asked(survey: &Survey, at: usize, host: &Host) -> Section {
    let number = if survey.hosts.len() > 1 { format!("[{}] ", at + 1) } else { String::new() };
    let software = host.software.as_ref().map(|name| format!(" ({name})")).unwrap_or_default();
    let (style, answer) = answer(survey, at, host);
    let mut blocks = vec![Block::Para(style, answer)];
    match (&host.host_key, host.trust) {
        (Some((kind, print)), Some((true, words))) => {
            blocks.push(Block::Aside(format!("Its host key {words}: {kind} {print}.")));
        }
        (Some((kind, print)), Some((false, words))) => {
            let told = format!("Its host key {words}: {kind} {print}. So no key was offered to it.");
            blocks.push(Block::Para(Style::Bad, told));
            if words == "is not known" {
                let advice = "If its owner confirms that this is its key, add".to_owned();
                blocks.push(Block::Para(Style::Plain, advice));
                blocks.push(Block::Code(Code { shell: Some(Shell::Sh), text: format!("--host-key {print}") }));
            }
        }
        _ => {}
    }
    Section::new(Weight::Always, format!("{number}{}{software}", host.destination), blocks)
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

fn warnings(survey: &Survey, shell: Shell) -> Vec<Section> {
    let warning = |late: Late<'_>| {
        let blocks = vec![Block::Para(Style::Warning, too_late(&late)), way_out(survey, &late, shell)];
        Section::new(Weight::Always, "A key comes too late", blocks)
    };
    survey.late().into_iter().map(warning).collect()
}

fn too_late(late: &Late<'_>) -> String {
    let name = late.row.name();
    match late.host {
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
    }
}

/// The command that offers one key alone.
fn way_out(survey: &Survey, late: &Late<'_>, shell: Shell) -> Block {
    let by_hand = "The agent alone has it: save its line of `ssh-add -L` to a file KEY.pub, and give that to -i.";
    let path = match late.host {
        Some(_) => late.row.identity.path.as_deref(),
        None => Some("KEYFILE"),
    };
    let Some(path) = path else { return Block::Para(Style::Plain, by_hand.to_owned()) };
    let mut words = vec!["ssh", "-o", "IdentitiesOnly=yes", "-i", path];
    words.extend(survey.typed.iter().map(String::as_str));
    if survey.typed.is_empty() {
        words.push("HOST");
    }
    match join(&words, shell) {
        Ok(text) => Block::Code(Code { shell: Some(shell), text }),
        Err(trouble) => Block::Para(Style::Plain, format!("No command is shown: {trouble}.")),
    }
}
