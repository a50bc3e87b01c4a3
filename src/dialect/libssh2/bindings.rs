//! libssh2's errors as bindings print them: the ssh2 crate of Rust.

use super::errors::{after_yes, error};
use crate::dialect::bound::destination;
use crate::dialect::table::{Row, within};
use crate::dialect::words::between;
use crate::model::Kind;

pub(super) const ROWS: &[Row] = &[
    within("[Session(-", "[Session(-18)] Username/PublicKey combination invalid", |_, rest| shown(rest))
        .also(accepted)
        .also(destination)
        .signs()
        .ends(),
    within(
        "Error { code: Session(-",
        "Error: Error { code: Session(-18), msg: \"Username/PublicKey combination invalid\" }",
        |_, rest| {
            let (code, rest) = rest.split_once(')')?;
            error(between(rest, "msg: \"", "\"")?, number(code))
        },
    )
    .also(accepted)
    .also(destination)
    .signs()
    .ends(),
];

/// `18)] MESSAGE`.
fn shown(rest: &str) -> Option<Kind> {
    let (code, text) = rest.split_once(")] ")?;
    error(text, number(code))
}

fn number(digits: &str) -> Option<i32> {
    digits.parse::<i32>().ok().map(|code| -code)
}

/// Only what was accepted is signed with.
fn accepted(line: &str) -> Option<Kind> {
    after_yes(line).then_some(Kind::ServerAccepts { key: None })
}
