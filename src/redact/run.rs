//! Runs of characters, and whether anybody would have typed them.

/// Fewest characters that look random for certain.
const SHORTEST: usize = 20;

/// Most characters, on average, that stand together in what is random: capitalised words are longer.
const UNIT: usize = 5;

/// As many in a long run, where zeros are a row of one letter.
const LONG_UNIT: usize = 10;

/// Where a run ends that begins at `at`.
pub(super) fn ends(bytes: &[u8], at: usize, part: impl Fn(u8) -> bool) -> usize {
    bytes[at..].iter().position(|byte| !part(*byte)).map_or(bytes.len(), |length| at + length)
}

/// Whether letters of both cases and digits follow each other as they do in base64.
pub(super) fn is_random(run: &[u8]) -> bool {
    run.len() >= SHORTEST && is_mixed(run, if run.len() >= 2 * SHORTEST { LONG_UNIT } else { UNIT })
}

fn is_mixed(run: &[u8], unit: usize) -> bool {
    let has = |class: fn(&u8) -> bool| run.iter().any(class);
    has(u8::is_ascii_digit)
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase)
        && units(run) * unit >= run.len()
}

/// Numbers, and words that are written together.
fn units(run: &[u8]) -> usize {
    let breaks = |pair: &&[u8]| {
        let [left, right] = [pair[0], pair[1]];
        let word = left.is_ascii_alphabetic() && right.is_ascii_lowercase();
        !word
            && (left.is_ascii_digit() != right.is_ascii_digit()
                || left.is_ascii_lowercase() != right.is_ascii_lowercase())
    };
    1 + run.windows(2).filter(breaks).count()
}

/// Whether a run is of hexadecimal digits, in one case.
pub(super) fn is_hex(run: &[u8]) -> bool {
    run.iter().all(u8::is_ascii_hexdigit)
        && !(run.iter().any(u8::is_ascii_lowercase) && run.iter().any(u8::is_ascii_uppercase))
}
