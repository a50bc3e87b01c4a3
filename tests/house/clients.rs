//! The clients' abilities: every question answered, every answer with its source, one page made from them.
//!
//! `UPDATE=1 cargo test --test house clients` writes `docs/clients.md`.

use crate::kit::{project, text};
use ssh_why::model::Capability;
use ssh_why::model::client::Does;
use ssh_why::report::clients::{by_name, ids, table};

#[test]
fn every_question_is_answered_with_its_source() {
    assert!(ids().contains(&"openssh") && ids().contains(&"putty"), "{:?}", ids());
    for id in ids() {
        let (_, client) = by_name(id).expect("an id is a name");
        let asked: Vec<Capability> = client.answers.iter().map(|answer| answer.of).collect();
        assert_eq!(asked, Capability::ALL, "{id}");
        assert!(!client.versions.is_empty(), "{id}");
        for answer in client.answers {
            let known = answer.does != Does::Unknown;
            let place = format!("{id}: {}", answer.of.title());
            assert_eq!((!answer.says.is_empty(), !answer.source.is_empty()), (known, known), "{place}");
            assert!(
                !answer.says.ends_with('.') && !answer.says.starts_with(char::is_uppercase),
                "{place}: no verb phrase"
            );
            assert!(
                !known || answer.source.starts_with("https://") || answer.source.contains(|c: char| c.is_ascii_digit()),
                "{place}: {:?} is no address and names no version",
                answer.source
            );
        }
    }
}

#[test]
fn programs_lead_to_the_client_that_they_speak_through() {
    assert_eq!(by_name("plink").map(|(author, _)| author.id), Some("putty"));
    assert_eq!(by_name("PuTTY").map(|(author, _)| author.id), Some("putty"));
    assert!(by_name("nobody").is_none());
}

#[test]
fn the_page_is_what_the_data_says() {
    let page = table();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(project("docs/clients.md"), &page).expect("docs can be written");
    }
    assert!(text("docs/clients.md") == page, "docs/clients.md is old: UPDATE=1 cargo test --test house clients");
}
