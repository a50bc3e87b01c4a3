//! Which ssh is run: the user's own, or what git runs in its place.

/// A program, and the words that stand before its arguments.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Program {
    /// What is started.
    pub name: String,
    /// The words before all others: those of a shell that runs a line of git's.
    pub first: Vec<String>,
    /// It is no ssh itself, but starts one.
    pub wraps: bool,
}

impl Program {
    /// A program by its name or path.
    pub fn named(name: impl Into<String>) -> Self {
        Self { name: name.into(), first: Vec::new(), wraps: false }
    }

    /// A program that starts ssh with the words that it is given.
    pub fn wrapper(name: impl Into<String>) -> Self {
        Self { wraps: true, ..Self::named(name) }
    }

    /// What logs in to jump hosts: they are no business of a wrapper's.
    pub fn for_hops(&self) -> &str {
        if self.wraps { "ssh" } else { &self.name }
    }

    /// A line that a shell runs with arguments behind it, as git runs `core.sshCommand` (run-command.c).
    pub fn line(line: &str) -> Self {
        let first = vec!["-c".to_owned(), format!("{line} \"$@\""), line.to_owned()];
        Self { name: "/bin/sh".to_owned(), first, wraps: true }
    }

    /// All words of a run.
    pub fn with<'a>(&'a self, args: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
        self.first.iter().map(String::as_str).chain(args).collect()
    }
}

impl Default for Program {
    fn default() -> Self {
        Self::named("ssh")
    }
}
