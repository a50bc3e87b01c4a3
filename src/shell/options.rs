//! ssh's option letters: the one list of them (ssh.c, OpenSSH 10.5; `b c e i l m o p` are in all releases).

/// What an option is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum About {
    /// The destination itself: its port, its user.
    Destination,
    /// How the destination is reached, with which key and which configuration.
    Way,
    /// Which algorithms are used on the way.
    Algorithms,
    /// The terminal and the session behind the login.
    Session,
    /// Something beyond a login: it forwards, writes, asks another thing, or runs something.
    Beyond,
}

/// One letter: whether it takes a value, and what it is about.
struct Letter(char, bool, About);

const LETTERS: &[Letter] = &[
    Letter('4', false, About::Way),
    Letter('6', false, About::Way),
    Letter('A', false, About::Beyond),
    Letter('a', false, About::Session),
    Letter('B', true, About::Way),
    Letter('b', true, About::Way),
    Letter('C', false, About::Way),
    Letter('c', true, About::Algorithms),
    Letter('D', true, About::Beyond),
    Letter('E', true, About::Beyond),
    Letter('e', true, About::Beyond),
    Letter('F', true, About::Way),
    Letter('f', false, About::Beyond),
    Letter('G', false, About::Beyond),
    Letter('g', false, About::Beyond),
    Letter('I', true, About::Way),
    Letter('i', true, About::Way),
    Letter('J', true, About::Way),
    Letter('K', false, About::Beyond),
    Letter('k', false, About::Session),
    Letter('L', true, About::Beyond),
    Letter('l', true, About::Destination),
    Letter('M', false, About::Beyond),
    Letter('m', true, About::Algorithms),
    Letter('N', false, About::Session),
    Letter('n', false, About::Session),
    Letter('O', true, About::Beyond),
    Letter('o', true, About::Way),
    Letter('P', true, About::Way),
    Letter('p', true, About::Destination),
    Letter('Q', true, About::Beyond),
    Letter('q', false, About::Session),
    Letter('R', true, About::Beyond),
    Letter('S', true, About::Beyond),
    Letter('s', false, About::Beyond),
    Letter('T', false, About::Session),
    Letter('t', false, About::Session),
    Letter('V', false, About::Beyond),
    Letter('v', false, About::Session),
    Letter('W', true, About::Beyond),
    Letter('w', true, About::Beyond),
    Letter('X', false, About::Beyond),
    Letter('x', false, About::Session),
    Letter('Y', false, About::Beyond),
    Letter('y', false, About::Session),
    Letter('Z', true, About::Beyond),
];

fn find(letter: char) -> Option<&'static Letter> {
    LETTERS.iter().find(|Letter(known, ..)| *known == letter)
}

/// Whether ssh takes the next word, or the rest of this one, as the option's value.
pub(crate) fn takes_value(letter: char) -> bool {
    find(letter).is_some_and(|Letter(_, value, _)| *value)
}

/// What an option is about; `None` for a letter that ssh does not know.
pub(crate) fn about(letter: char) -> Option<About> {
    find(letter).map(|Letter(.., about)| *about)
}

/// Whether a flag of a command comes along wherever the command is written again: it says how to connect, or what the
/// session looks like, and names nothing.
pub(crate) fn is_harmless(letter: char) -> bool {
    !takes_value(letter) && matches!(about(letter), Some(About::Way | About::Session))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_letter_once_in_order() {
        let order = |letter: &char| (letter.to_ascii_lowercase(), letter.is_lowercase());
        let letters: Vec<char> = LETTERS.iter().map(|Letter(letter, ..)| *letter).collect();
        assert!(letters.windows(2).all(|pair| order(&pair[0]) < order(&pair[1])), "{letters:?}");
    }

    #[test]
    fn the_usage_line_of_ssh() {
        // getopt's string in ssh.c, 10.5.
        let usage = "1246ab:c:e:fgi:kl:m:no:p:qstvxAB:CD:E:F:GI:J:KL:MNO:P:Q:R:S:TVw:W:XYyZ:";
        let mut letters = usage.chars().filter(|c| !matches!(c, '1' | '2')).peekable();
        while let Some(letter) = letters.next() {
            let value = letters.next_if_eq(&':').is_some();
            assert!(about(letter).is_some(), "{letter}");
            assert_eq!(takes_value(letter), value, "{letter}");
        }
    }
}
