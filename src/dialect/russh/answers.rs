//! Its answers, as programs print them.

use super::methods::{method_set, partial};
use crate::dialect::table::{Row, within};
use crate::model::{Key, Kind};

/// What `authenticate_publickey` returns, as a program prints it with `{:?}` and the key that it has tried. `Success` is all
/// of an answer's text, so that only a key before it tells.
pub(super) const ROWS: &[Row] = &[
    within(
        ": Failure { remaining_methods: MethodSet([",
        "/home/dev/.ssh/id: Failure { remaining_methods: MethodSet([PublicKey]), partial_success: false }",
        |before, rest| match rest.contains("partial_success: true") {
            // Up to 0.50 it does not say whether the key was taken.
            _ if open(rest) => Some(Kind::Denied { user: None, host: None, methods: method_set(rest) }),
            true => Some(Kind::Methods { list: method_set(rest) }),
            false => Some(Kind::Refused { key: Some(named(before)) }),
        },
    )
    .also(|line| {
        let (before, _) = line.split_once(": Failure {").filter(|_| line.contains("partial_success: true"))?;
        Some(Kind::ServerAccepts { key: Some(named(before)) })
    })
    .also(|line| partial(line, "partial_success: true"))
    .also(|line| {
        // The set is empty where the connection is gone.
        let list = method_set(line.split_once("MethodSet([").filter(|(_, rest)| !open(rest))?.1);
        (!list.is_empty() && !line.contains("partial_success: true")).then_some(Kind::Methods { list })
    })
    .signs(),
    within(": Success", "key /home/dev/.ssh/id: Success", |before, rest| {
        (rest.trim().is_empty() && before.contains("key ")).then(|| Kind::KeyNamed { key: named(before) })
    }),
];

/// Whether an answer is one of a refused key or of a taken one: no key is asked for any more, and it does not say why.
fn open(rest: &str) -> bool {
    let list = method_set(rest);
    !rest.contains("partial_success: ") && !list.is_empty() && !list.iter().any(|method| method == "publickey")
}

/// What a program calls its key: a path, a comment with an `@`, or behind `key ` whatever it says. Another word may be of
/// anything.
fn named(before: &str) -> Key {
    let before = before.rsplit_once("] ").map_or(before, |(_, said)| said);
    let told = before.rsplit_once("key ").map(|(_, name)| name);
    let name = told.unwrap_or(before).trim();
    if told.is_none() && !name.contains(['/', '@']) {
        return Key::default();
    }
    match name.contains('/') {
        true => Key { path: Some(name.to_owned()), ..Key::default() },
        false => {
            Key { label: Some(name.to_owned()).filter(|name| !name.is_empty()), agent: Some(true), ..Key::default() }
        }
    }
}
