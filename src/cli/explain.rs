//! `ssh-why explain`: the pages of the causes, and what each client can.

use std::collections::BTreeSet;

use super::args::ExplainArgs;
use super::error::Error;
use super::{exit, output};
use crate::report::{Look, clients, form, page};
use crate::rules::{self, RULES, Rule};

/// Columns of running text; longer lines tire.
const WIDEST: usize = 80;

pub(super) fn run(args: &ExplainArgs) -> Result<u8, Error> {
    let width = output::width(args.color).clamp(40, WIDEST);
    let look = Look { width, paint: &output::paint, ..Look::default() };
    let text = match &args.cause {
        None => list(RULES.iter()) + &format!("\nWhat a client can and cannot: {}\n", clients::ids().join(", ")),
        Some(id) => match (rules::by_id(id), clients::by_name(id), near(id)) {
            (Some(rule), ..) => form::on_terminal(&page::of(rule.page), &look),
            (None, Some((author, client)), _) => form::on_terminal(&page::of(&clients::page(author, client)), &look),
            (None, None, None) => match behind(id) {
                causes if causes.is_empty() => return Err(Error::NoCause { id: id.clone(), near: None }),
                causes => list(causes.into_iter()),
            },
            (None, None, near) => return Err(Error::NoCause { id: id.clone(), near }),
        },
    };
    output::write(text.as_bytes()).map(|()| exit::WELL)
}

fn list<'a>(rules: impl Iterator<Item = &'a Rule> + Clone) -> String {
    let width = rules.clone().map(|rule| rule.id.len()).max().unwrap_or(0);
    let mut lines: Vec<String> = rules.map(|rule| format!("{:width$}  {}\n", rule.id, rule.summary())).collect();
    lines.sort();
    lines.concat()
}

/// The cause whose id is spelt most like `id`.
fn near(id: &str) -> Option<&'static str> {
    let typed = id.to_ascii_lowercase().replace('_', "-");
    RULES
        .iter()
        .map(|rule| (strsim::levenshtein(&typed, rule.id), rule.id))
        .min()
        .filter(|(distance, near)| *distance <= near.len() / 3)
        .map(|(_, near)| near)
        .or_else(|| RULES.iter().map(|rule| rule.id).find(|near| typed.len() > 3 && near.contains(&typed)))
}

/// The causes whose pages show these words: all of them as they stand, else most of them, in any order.
///
/// Names and numbers are no help, since a page shows others than the reader's log.
fn behind(said: &str) -> Vec<&'static Rule> {
    let flat = |text: &str| text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
    let phrase = flat(said);
    let phrase = phrase.trim_end_matches('.');
    // `git@github.com: Permission denied`: who says it is no part of it.
    let message = phrase.split_once(": ").filter(|(who, _)| !who.contains(' ')).map_or(phrase, |(_, rest)| rest);
    let with =
        |words: &str| -> Vec<&'static Rule> { RULES.iter().filter(|rule| flat(rule.page).contains(words)).collect() };
    if message.len() < 4 {
        return Vec::new();
    }
    let exact = with(message);
    if !exact.is_empty() {
        return exact;
    }
    let words = |text: &str| -> BTreeSet<String> {
        let words = text.split(|c: char| !c.is_alphabetic()).filter(|word| word.len() > 3);
        words.map(str::to_lowercase).collect()
    };
    let asked = words(message);
    let shared = |rule: &Rule| words(rule.page).intersection(&asked).count();
    let best = RULES.iter().map(shared).max().unwrap_or(0);
    // One word of many is a chance hit.
    match asked.len() > 1 && best * 3 >= asked.len() * 2 {
        true => RULES.iter().filter(|rule| shared(rule) == best).collect(),
        false => Vec::new(),
    }
}
