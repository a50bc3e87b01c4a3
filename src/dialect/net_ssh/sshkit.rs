//! SSHKit, and so Capistrano: how it tells an error together with where it was going.

use crate::dialect::table::{Row, within};
use crate::model::Kind;

/// Where the error itself is none of those.
pub(super) const ROWS: &[Row] = &[
    // A command ran there, and failed or not (SSHKit's pretty formatter).
    raised(
        " exit status: ",
        "SSHKit::Runner::ExecuteError: Exception while executing as dev@box.example: false exit status: 1",
        |before, rest| {
            before.contains(EXECUTING_AS).then_some(())?;
            Some(Kind::ExitStatus { status: rest.split(' ').next()?.trim_end().parse().ok()? })
        },
    ),
    within("✔ ", "    ✔ 01 dev@box.example 0.572s", |_, rest| {
        let mut words = rest.split_whitespace();
        let number = words.next()?.parse::<u32>().is_ok();
        let (user, host) = words.next()?.split_once('@')?;
        let seconds = words.next()?.strip_suffix('s')?.parse::<f32>().is_ok();
        let to = Kind::Destination { user: Some(user.to_owned()), host: host.to_owned(), port: None };
        (number && seconds && words.next().is_none()).then(|| Kind::Several(vec![to, Kind::ExitStatus { status: 0 }]))
    })
    .signs(),
    within(
        EXECUTING_AS,
        "SSHKit::Runner::ExecuteError: Exception while executing as dev@box.example: something else",
        |_, rest| destination(rest),
    )
    .signs(),
];

const EXECUTING_AS: &str = "Exception while executing as ";

/// Where SSHKit was going when the error came.
pub(super) fn executing(line: &str) -> Option<Kind> {
    destination(line.split_once(EXECUTING_AS)?.1)
}

fn destination(rest: &str) -> Option<Kind> {
    let (user, host) = account(rest)?;
    Some(Kind::Destination { user: Some(user), host, port: None })
}

/// An error that SSHKit may tell together with the place.
pub(super) const fn raised(words: &'static str, sample: &'static str, read: fn(&str, &str) -> Option<Kind>) -> Row {
    within(words, sample, read).also(executing)
}

/// `dev@box.example`, and what follows.
pub(super) fn account(rest: &str) -> Option<(String, String)> {
    let word = rest.split([' ', '>', ')', '\'', '"']).next()?.trim_end_matches([':', ',', '.']);
    let (user, host) = word.rsplit_once('@').filter(|(user, host)| !user.is_empty() && !host.is_empty())?;
    Some((user.to_owned(), host.to_owned()))
}
