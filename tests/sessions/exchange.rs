//! What became of each key, told as the exchange goes.

use ssh_why::model::{Outcome, Reply};

use crate::kit::play::{Play, accepted, denied, disconnected, offering, partial, refused, trying};

#[test]
fn a_key_that_is_refused() {
    let played = Play::new().says(offering("/a")).says(refused()).says(denied("dev", "box")).ends(Outcome::Denied);
    played.offer(0).is(Reply::Refused).offers(1).accepts(None);
}

#[test]
fn the_second_key_is_accepted() {
    let play = Play::new().says(offering("/a")).says(refused());
    let played = play.logs_in("/b", "hello").ends(Outcome::Authenticated);
    played.offer(0).is(Reply::Refused).offer(1).is(Reply::Accepted).offers(2).accepts(Some("/b"));
}

#[test]
fn accepted_and_then_refused() {
    let play = Play::new().says(offering("/a")).says(accepted("/a")).says(refused());
    let played = play.says(denied("dev", "box")).ends(Outcome::Denied);
    let look = played.offer(0);
    look.is(Reply::Accepted);
    assert!(look.offer.then_refused().is_some());
}

#[test]
fn signed_with_at_once() {
    let play = Play::new().says(trying("/a")).says(refused());
    let played = play.says(denied("dev", "box")).ends(Outcome::Denied);
    played.offer(0).is(Reply::Refused).offers(1);
    assert!(played.offer(0).offer.signed_at_once());
}

#[test]
fn a_file_that_does_not_exist_is_no_offer() {
    let play = Play::new().says(trying("/none")).says(offering("/a")).says(refused());
    play.says(denied("dev", "box")).ends(Outcome::Denied).offers(1);
}

#[test]
fn nobody_answered() {
    let play = Play::new().says(offering("/a"));
    play.ends(Outcome::Unknown).offer(0).is(Reply::Unanswered);
}

#[test]
fn cut_after_too_many_keys() {
    let play = Play::new().tries("/a").says(offering("/b"));
    let played = play.says(disconnected("Too many authentication failures")).ends(Outcome::Disconnected);
    played.offer(0).is(Reply::Refused).offers(2);
}

#[test]
fn one_factor_of_two() {
    let play = Play::new().says(offering("/a")).says(accepted("/a")).says(partial());
    let played = play.says("dev@box: Permission denied (password).").ends(Outcome::Partial);
    played.offer(0).is(Reply::Accepted).accepts(Some("/a"));
}
