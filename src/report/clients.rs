//! What each client can and cannot: the page of one, and the table of all.

use crate::dialect;
use crate::model::client::{Answer, Does};
use crate::model::{Author, Capability, Client};

/// A client by its id, its name, or a program that speaks through it.
pub fn by_name(name: &str) -> Option<(Author, &'static Client)> {
    let same = |other: &str| other.eq_ignore_ascii_case(name);
    dialect::clients().find(|(author, client)| {
        same(author.id) || same(author.name) || client.also.iter().any(|program| same(program))
    })
}

/// The ids of all clients whose logs are read, in order.
pub fn ids() -> Vec<&'static str> {
    dialect::clients().map(|(author, _)| author.id).collect()
}

/// The page of one client, in Markdown.
pub fn page(author: Author, client: &Client) -> String {
    let mut page = format!("# {}\n\n{}.", author.name, client.versions);
    if !client.also.is_empty() {
        page.push_str(&format!(" Its words are also those of {}.", client.also.join(", ")));
    }
    page.push_str("\n\n");
    page.push_str(&answers(author, client));
    page
}

fn answers(author: Author, client: &Client) -> String {
    client.answers.iter().map(|answer| item(author, answer)).collect()
}

fn item(author: Author, answer: &Answer) -> String {
    let Answer { of, does, says, source } = answer;
    match does {
        Does::Unknown => format!("- {}: {}.\n", of.title(), does.word()),
        _ => format!("- {}: {}. {} {says} ({source}).\n", of.title(), does.word(), author.name),
    }
}

/// The table of all clients and the page of each, in Markdown: `docs/clients.md`.
pub fn table() -> String {
    let mut page = String::from(
        "# Clients\n\nWhat each client can and cannot, as far as it decides whether a key reaches a server. This page is made \
         from the program's own data; `ssh-why explain NAME` prints one client's part.\n\n",
    );
    let clients: Vec<_> = dialect::clients().collect();
    // What a client is told by, has no yes or no.
    let asked: Vec<_> = Capability::ALL
        .iter()
        .filter(|of| !matches!(of, Capability::Order | Capability::NamingAKey | Capability::LoggingMore))
        .collect();
    let row = |cells: Vec<&str>| format!("| {} |\n", cells.join(" | "));
    page.push_str(&row(std::iter::once("").chain(clients.iter().map(|(author, _)| author.id)).collect()));
    page.push_str(&row(vec!["---"; clients.len() + 1]));
    for of in asked {
        let does = |client: &Client| client.answer(*of).map_or(Does::Unknown, |answer| answer.does).word();
        page.push_str(&row(std::iter::once(of.title())
            .chain(clients.iter().map(|(_, client)| does(client)))
            .collect()));
    }
    for (author, client) in clients {
        page.push_str(&format!("\n#{}", self::page(author, client)));
    }
    page
}
