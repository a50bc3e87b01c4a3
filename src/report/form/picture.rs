//! The exchange as pictures in SVG: ssh to the left, the server to the right, each key on its way and what came back.

use std::fmt::Write;

use super::escape::escaped;
use super::log::linked;
use crate::report::exchange::{Answer, Arrow, Lane};

/// Units of a picture's width, and where the two sides stand.
const WIDTH: usize = 380;
const CLIENT: usize = 30;
const SERVER: usize = 350;

/// Units from one key to the next.
const STEP: usize = 52;

/// Units before the first key.
const TOP: usize = 74;

/// Letters that fit between the sides.
const LETTERS: usize = 38;

/// Letters that fit above them.
const HEADS: usize = 45;

/// One figure a connection.
pub(super) fn figures(lanes: &[Lane]) -> String {
    let mut out = String::from("<div class=\"lanes\">\n");
    for (at, lane) in lanes.iter().enumerate() {
        figure(at + 1, lane, &mut out);
    }
    out.push_str("</div>\n");
    out
}

fn figure(number: usize, lane: &Lane, out: &mut String) {
    let rows = lane.arrows.len() + usize::from(lane.note.is_some());
    let foot = TOP + rows * STEP;
    let height = foot + 40;
    // What is in an image can't be reached with a keyboard.
    let role = if lane.arrows.iter().any(|arrow| arrow.link.is_some()) { "group" } else { "img" };
    let _ = writeln!(
        out,
        "<figure>\n<svg viewBox=\"0 0 {WIDTH} {height}\" role=\"{role}\" aria-labelledby=\"lane-{number} told-{number}\">\n\
         <title id=\"lane-{number}\">{}</title>\n<desc id=\"told-{number}\">{}</desc>",
        escaped(&format!("Keys offered by {} to {}", lane.client, lane.server)),
        escaped(&told(lane))
    );
    let client = shortened(&lane.client, HEADS - lane.server.chars().count().min(HEADS / 2));
    let server = shortened(&lane.server, HEADS - client.chars().count());
    head(CLIENT, &client, "start", out);
    head(SERVER, &server, "end", out);
    let _ = writeln!(out, "<path class=\"life\" d=\"M{CLIENT} 44V{foot}M{SERVER} 44V{foot}\"/>");
    for (at, arrow) in lane.arrows.iter().enumerate() {
        key(TOP + at * STEP, arrow, out);
    }
    if let Some(note) = &lane.note {
        middle(foot - STEP / 2, "quiet", note, out);
    }
    let class = match lane.well {
        Some(true) => "good",
        Some(false) => "bad",
        None => "open",
    };
    let _ = writeln!(
        out,
        "<rect class=\"end {class}\" x=\"{CLIENT}\" y=\"{foot}\" width=\"{}\" height=\"28\" rx=\"6\"/>",
        SERVER - CLIENT
    );
    middle(foot + 19, class, &lane.end, out);
    let _ = writeln!(out, "</svg>\n<figcaption><code>{}</code></figcaption>\n</figure>", escaped(&lane.source));
}

fn head(x: usize, name: &str, anchor: &str, out: &mut String) {
    let shift = if anchor == "start" { x - 20 } else { x + 20 };
    let name = escaped(name);
    let _ = writeln!(out, "<text class=\"side\" x=\"{shift}\" y=\"30\" text-anchor=\"{anchor}\">{name}</text>");
}

fn middle(y: usize, class: &str, words: &str, out: &mut String) {
    let x = (CLIENT + SERVER) / 2;
    let words = escaped(&shortened(words, LETTERS));
    let _ = writeln!(out, "<text class=\"{class}\" x=\"{x}\" y=\"{y}\" text-anchor=\"middle\">{words}</text>");
}

fn key(y: usize, arrow: &Arrow, out: &mut String) {
    let kind = arrow.kind.as_deref().map(|kind| format!(" {kind}")).unwrap_or_default();
    let room = LETTERS.saturating_sub(kind.chars().count());
    let mut name = String::new();
    middle(y - 6, "key", &format!("{}{kind}", shortened(&arrow.key, room)), &mut name);
    let _ = writeln!(out, "{}", linked(arrow.link, name.trim_end()));
    let (left, right) = (CLIENT + 2, SERVER - 2);
    let class = match arrow.answer {
        Answer::Accepted => "good",
        Answer::Refused | Answer::ThenRefused => "bad",
        Answer::Withheld | Answer::Open => "open",
    };
    if arrow.answer == Answer::Withheld {
        let stop = left + 60;
        let _ = writeln!(out, "<path class=\"line {class}\" d=\"M{left} {y}H{stop}m-5 -5l10 10m0 -10l-10 10\"/>");
        let _ = writeln!(
            out,
            "<text class=\"{class}\" x=\"{}\" y=\"{}\">{}</text>",
            stop + 14,
            y + 4,
            arrow.answer.words()
        );
        return;
    }
    let _ = writeln!(out, "<path class=\"line ask\" d=\"M{left} {y}H{right}m-7 -4l7 4l-7 4\"/>");
    let back = y + 22;
    if arrow.answer != Answer::Open {
        let _ = writeln!(out, "<path class=\"line {class}\" d=\"M{right} {back}H{left}m7 -4l-7 4l7 4\"/>");
    }
    middle(back - 5, class, arrow.answer.words(), out);
}

/// The picture in words.
fn told(lane: &Lane) -> String {
    let keys: Vec<String> =
        lane.arrows.iter().map(|arrow| format!("{}: {}", arrow.key, arrow.answer.words())).collect();
    let all: Vec<String> = keys.into_iter().chain(lane.note.clone()).collect();
    format!("{}. In the end: {}.", all.join("; "), lane.end)
}

/// A text cut at its beginning: the end tells keys apart.
fn shortened(text: &str, letters: usize) -> String {
    let count = text.chars().count();
    if count <= letters {
        return text.to_owned();
    }
    std::iter::once('…').chain(text.chars().skip(count + 1 - letters.max(1))).collect()
}
