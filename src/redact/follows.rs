//! Names that stand alone in a line, which only the line before tells: below `Principals:`, behind `whoami`.

use super::sort::Sort;

/// What the next lines are.
#[derive(Debug, Default)]
pub(super) struct Follows {
    sort: Option<Sort>,
    /// As long as they are indented; else only the next one is.
    listed: bool,
}

/// Commands that answer with a name.
const COMMANDS: &[(&str, Sort)] = &[
    ("whoami", Sort::User),
    ("logname", Sort::User),
    ("id -un", Sort::User),
    ("hostname", Sort::Host),
    ("hostname -f", Sort::Host),
    ("hostname -s", Sort::Host),
    ("uname -n", Sort::Host),
];

/// The head of a certificate's list, as ssh-keygen prints it (OpenSSH's `print_cert`).
const LIST: &str = "Principals:";

/// Words without which no line tells of the next ones.
pub(super) fn words() -> impl Iterator<Item = &'static str> {
    COMMANDS.iter().map(|(command, _)| *command).chain([LIST])
}

impl Follows {
    /// Whether the next line is told of.
    pub(super) fn is_open(&self) -> bool {
        self.sort.is_some()
    }

    /// The name that a line is.
    pub(super) fn take<'a>(&mut self, line: &'a str) -> Option<(Sort, &'a str)> {
        let text = line.trim();
        let sort =
            self.sort.filter(|_| !text.contains(char::is_whitespace) && !text.ends_with(':') && !text.is_empty());
        if sort.is_none() || !self.listed || !line.starts_with([' ', '\t']) {
            self.sort = None;
        }
        let command = |(command, sort): &(&str, Sort)| {
            let prompt = text.strip_suffix(command)?;
            prompt.trim_end().ends_with(['$', '#', '>', '%', '+', '❯', '»']).then_some(*sort)
        };
        if text.ends_with(LIST) {
            (self.sort, self.listed) = (Some(Sort::User), true);
        } else if let Some(sort) = COMMANDS.iter().find_map(command) {
            (self.sort, self.listed) = (Some(sort), false);
        }
        sort.map(|sort| (sort, text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_is_a_name() {
        let mut follows = Follows::default();
        let lines = [
            ("    Principals: ", None),
            ("        mona", Some((Sort::User, "mona"))),
            ("        lisa", Some((Sort::User, "lisa"))),
            ("    Critical Options: (none)", None),
            ("        permit-pty", None),
            ("mona@box:~$ whoami", None),
            ("mona", Some((Sort::User, "mona"))),
            ("lisa", None),
            ("% hostname -f", None),
            ("two words", None),
            ("box", None),
            ("the hostname", None),
            ("box", None),
        ];
        for (line, name) in lines {
            assert_eq!(follows.take(line), name, "{line}");
        }
    }
}
