//! `ssh-why explain`: the pages of the causes.

use super::args::ExplainArgs;
use super::error::Error;
use super::{exit, output};
use crate::rules::{self, RULES};

pub(super) fn run(args: &ExplainArgs) -> Result<u8, Error> {
    let text = match &args.cause {
        None => list(),
        Some(id) => match rules::by_id(id) {
            Some(rule) => rule.page.to_owned(),
            None => {
                return Err(Error::NoCause { id: id.clone(), near: near(id) });
            }
        },
    };
    output::write(text.as_bytes()).map(|()| exit::WELL)
}

fn list() -> String {
    let width = RULES.iter().map(|rule| rule.id.len()).max().unwrap_or(0);
    let mut lines: Vec<String> = RULES.iter().map(|rule| format!("{:width$}  {}\n", rule.id, rule.summary())).collect();
    lines.sort();
    lines.concat()
}

/// The cause whose id is spelt most like `id`.
fn near(id: &str) -> Option<&'static str> {
    let typed = id.to_ascii_lowercase().replace('_', "-");
    RULES
        .iter()
        .map(|rule| (distance(&typed, rule.id), rule.id))
        .min()
        .filter(|(distance, near)| *distance <= near.len() / 3)
        .map(|(_, near)| near)
        .or_else(|| RULES.iter().map(|rule| rule.id).find(|near| typed.len() > 3 && near.contains(&typed)))
}

/// Levenshtein's distance.
fn distance(left: &str, right: &str) -> usize {
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.bytes().enumerate() {
        let mut corner = i;
        row[0] = i + 1;
        for (j, b) in right.bytes().enumerate() {
            let changed = corner + usize::from(a != b);
            corner = row[j + 1];
            row[j + 1] = changed.min(corner + 1).min(row[j] + 1);
        }
    }
    row[right.len()]
}
