//! Every text of a page can be read: its colour stands out from what it stands on, in the light and in the dark.

use std::collections::BTreeMap;

use crate::kit::text;

/// The least contrast of text (Web Content Accessibility Guidelines 2.2, 1.4.3), and of what is no text (1.4.11).
const TEXT: f64 = 4.5;
const LINES: f64 = 3.0;

/// The colours of each scheme, by their names.
fn schemes(css: &str) -> Vec<BTreeMap<String, [u8; 3]>> {
    let colour = |value: &str| -> Option<[u8; 3]> {
        let digits = value.trim().strip_prefix('#')?;
        let digits = if digits.len() == 3 { digits.chars().flat_map(|c| [c, c]).collect() } else { digits.to_owned() };
        let byte = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
        Some([byte(0)?, byte(2)?, byte(4)?])
    };
    let mut schemes: Vec<BTreeMap<String, [u8; 3]>> = Vec::new();
    for rule in css.split("html {").skip(1) {
        let rule = rule.split('}').next().unwrap();
        // A scheme says what differs from the first.
        let mut scheme = schemes.first().cloned().unwrap_or_default();
        for (name, value) in rule.split(';').filter_map(|one| one.split_once(':')) {
            if let (Some(name), Some(value)) = (name.trim().strip_prefix("--"), colour(value)) {
                scheme.insert(name.to_owned(), value);
            }
        }
        schemes.push(scheme);
    }
    schemes
}

/// How bright a colour is (WCAG 2.2, relative luminance).
fn brightness(colour: [u8; 3]) -> f64 {
    let [red, green, blue] = colour.map(|part| {
        let part = f64::from(part) / 255.0;
        if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    });
    0.0722f64.mul_add(blue, 0.2126f64.mul_add(red, 0.7152 * green))
}

fn contrast(one: [u8; 3], other: [u8; 3]) -> f64 {
    let (one, other) = (brightness(one), brightness(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn assert_contrast(css: &str, on: &[&str], of: &[&str], least: f64) -> usize {
    let mut pairs = 0;
    for (number, scheme) in schemes(&text(css)).iter().enumerate() {
        for (paper, ink) in on.iter().flat_map(|paper| of.iter().map(move |ink| (paper, ink))) {
            let found = contrast(scheme[*paper], scheme[*ink]);
            assert!(found >= least, "{css}, scheme {number}: {ink} on {paper} is {found:.2}");
            pairs += 1;
        }
    }
    pairs
}

#[test]
fn every_text_stands_out() {
    let report = "src/report/form/page.css";
    let inks = ["ink", "quiet", "good", "bad", "open", "ask"];
    assert_eq!(assert_contrast(report, &["paper", "soft", "mark"], &inks, TEXT), 3 * 3 * 6, "light, dark, paper");
    assert_eq!(assert_contrast("web/style.css", &["paper", "soft"], &["ink", "quiet", "ask"], TEXT), 2 * 2 * 3);
    // A button's letters, and the edges of what can be typed into.
    assert_contrast("web/style.css", &["ask"], &["paper"], TEXT);
    assert_contrast("web/style.css", &["paper", "soft"], &["line"], LINES);
    assert!((contrast([0; 3], [255; 3]) - 21.0).abs() < 0.01);
}

/// A text has a colour of those that are measured.
#[test]
fn no_text_has_another_colour() {
    for css in ["src/report/form/page.css", "web/style.css"] {
        let css = text(css);
        let rules = css.split("@media print").next().unwrap();
        for value in rules.split([';', '{', '}']).filter_map(|one| {
            let (name, value) = one.split_once(':')?;
            ["color", "fill", "background", "stroke"].contains(&name.trim()).then(|| value.trim())
        }) {
            assert!(value.starts_with("var(--") || ["inherit", "none"].contains(&value), "{value}");
        }
    }
}
