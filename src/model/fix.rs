//! What mends it: a step, a command, the user's own command changed, lines of configuration, a page.

use std::fmt;

/// One way to mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What to do, in the imperative.
    pub title: String,
    /// How.
    pub action: Action,
    /// It is about OpenSSH's own options and files, and of no help with another client.
    pub openssh: bool,
    /// Who can do it.
    pub audience: Audience,
    /// As it is shown, for the shell that was asked for.
    written: Written,
}

/// Who can take a step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Audience {
    /// Whoever runs the client.
    #[default]
    User,
    /// Whoever runs the server.
    Administrator,
}

impl Audience {
    /// The word of the JSON report.
    pub fn word(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Administrator => "administrator",
        }
    }
}

/// How a step is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// The title says it all.
    Step,
    /// A program and its words; those of a log are quoted, and never an option.
    Run(Vec<String>),
    /// A line with a shell's own syntax.
    Script(Script),
    /// The user's own command, changed so that it works.
    Rerun(Change),
    /// The user's own command, changed: worth a look or a try.
    Try(Change),
    /// Lines for `~/.ssh/config`.
    Config(Block),
    /// A page; the title has its address, too.
    Visit(String),
}

/// A line of a shell: its syntax is this program's, other words are quoted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// What stands in it, with blanks between.
    pub pieces: Vec<Piece>,
    /// Whether only a Bourne shell reads it so.
    pub bourne: bool,
}

/// A part of a [`Script`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// This program's own words, letter for letter.
    Own(&'static str),
    /// A word that is quoted.
    Word(String),
}

/// What to change in the user's command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// Words to put in front of the options, such as `-v`.
    pub flags: &'static [&'static str],
    /// The key to use.
    pub key: Option<String>,
    /// `-o` options to add, as `NAME=value`.
    pub options: Vec<String>,
    /// The user to log in as.
    pub user: Option<String>,
    /// Another way to the same host.
    pub way: Option<(HostName, u16)>,
    /// The session whose command it is, where it is not the finding's: transcript and session.
    pub session: Option<(usize, usize)>,
}

impl Change {
    /// The command as it was.
    pub fn none() -> Self {
        Self::default()
    }

    /// One more `-o` option.
    pub fn option(mut self, option: impl Into<String>) -> Self {
        self.options.push(option.into());
        self
    }

    /// With this key.
    pub fn key(mut self, path: impl Into<String>) -> Self {
        self.key = Some(path.into());
        self
    }

    /// With these words in front of the options.
    pub fn flags(mut self, flags: &'static [&'static str]) -> Self {
        self.flags = flags;
        self
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Written {
    command: Option<String>,
    argv: Vec<String>,
    config: Option<String>,
}

impl Fix {
    fn new(title: impl Into<String>, action: Action) -> Self {
        let openssh = matches!(action, Action::Rerun(_) | Action::Try(_) | Action::Config(_));
        Self { title: title.into(), action, openssh, audience: Audience::User, written: Written::default() }
    }

    /// It is about OpenSSH's own options and files.
    pub fn of_openssh(self) -> Self {
        Self { openssh: true, ..self }
    }

    /// A step with no command of its own.
    pub fn step(title: impl Into<String>) -> Self {
        Self::new(title, Action::Step)
    }

    /// A step that is a program's run.
    pub fn run(title: impl Into<String>, words: &[&str]) -> Self {
        Self::new(title, Action::Run(words.iter().map(|word| (*word).to_owned()).collect()))
    }

    /// A step that is a line of this program's own words.
    pub fn script(title: impl Into<String>, line: &'static str) -> Self {
        Self::new(title, Action::Script(Script { pieces: vec![Piece::Own(line)], bourne: false }))
    }

    /// A step that is a line of a Bourne shell; for another shell its title stands alone.
    pub fn bourne(title: impl Into<String>, pieces: Vec<Piece>) -> Self {
        Self::new(title, Action::Script(Script { pieces, bourne: true }))
    }

    /// The user's own command, changed so that it works.
    pub fn rerun(title: impl Into<String>, change: Change) -> Self {
        Self::new(title, Action::Rerun(change))
    }

    /// The user's own command, changed: worth a look or a try.
    pub fn attempt(title: impl Into<String>, change: Change) -> Self {
        Self::new(title, Action::Try(change))
    }

    /// A step that is lines of configuration.
    pub fn block(title: impl Into<String>, block: Block) -> Self {
        Self::new(title, Action::Config(block))
    }

    /// A step that is a page to visit.
    pub fn visit(title: impl fmt::Display, url: &str) -> Self {
        Self::new(format!("{title}: {url}"), Action::Visit(url.to_owned()))
    }

    /// A step on the server.
    pub fn on_server(self) -> Self {
        Self { audience: Audience::Administrator, ..self }
    }

    /// The command to paste, quoted for the shell that was asked for.
    pub fn command(&self) -> Option<&str> {
        self.written.command.as_deref()
    }

    /// The words that the shell makes of the command; none for a line with a shell's own syntax.
    pub fn argv(&self) -> &[String] {
        &self.written.argv
    }

    /// The lines for `~/.ssh/config`.
    pub fn config(&self) -> Option<&str> {
        self.written.config.as_deref()
    }

    /// Hands each text that is shown to `pass`.
    pub fn each_text(&mut self, pass: &mut dyn FnMut(&mut String)) {
        let Written { argv, command, config } = &mut self.written;
        pass(&mut self.title);
        argv.iter_mut().chain(command).chain(config).for_each(pass);
    }

    /// Keeps the command as it is shown.
    pub(crate) fn show_command(&mut self, argv: Vec<String>, command: String) {
        self.written.argv = argv;
        self.written.command = Some(command);
    }

    /// Keeps the lines as they are shown.
    pub(crate) fn show_config(&mut self, lines: String) {
        self.written.config = Some(lines);
    }
}

/// A name or an address: what a resolver can take, and neither a shell nor `ssh_config` gives a meaning to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostName(String);

impl HostName {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<&str> for HostName {
    type Error = Unwritable;

    fn try_from(host: &str) -> Result<Self, Unwritable> {
        let starts = host.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '[' || c == ':');
        let known = host.chars().all(|c| c.is_ascii_alphanumeric() || ".-_:%[]".contains(c));
        if starts && known && host.len() <= 255 { Ok(Self(host.to_owned())) } else { Err(Unwritable(host.to_owned())) }
    }
}

impl fmt::Display for HostName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A word that can't stand where it was to stand.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} can't be written safely")]
pub struct Unwritable(pub String);

/// Lines for `ssh_config`, or for `sshd_config`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Block {
    host: Option<HostName>,
    user: Option<HostName>,
    lines: Vec<(&'static str, String)>,
}

/// Options whose values ssh expands `%` in, of those that blocks hold.
const EXPANDED: &[&str] = &["HostName", "IdentityAgent", "IdentityFile"];

impl Block {
    /// Lines for one host.
    pub fn for_host(host: &HostName) -> Self {
        Self { host: Some(host.clone()), ..Self::default() }
    }

    /// Lines of `sshd_config` for one user; a user's name is as plain a word as a host's.
    pub fn for_user(user: &HostName) -> Self {
        Self { user: Some(user.clone()), ..Self::default() }
    }

    /// Lines for all hosts.
    pub fn for_all() -> Self {
        Self::default()
    }

    /// One more line.
    pub fn with(mut self, keyword: &'static str, value: impl Into<String>) -> Self {
        self.lines.push((keyword, value.into()));
        self
    }

    /// The lines, as ssh reads them in every release.
    ///
    /// # Errors
    /// A value can't be written so.
    pub fn lines(&self) -> Result<String, Unwritable> {
        let mut lines = Vec::new();
        lines.extend(self.host.as_ref().map(|host| format!("Host {host}")));
        lines.extend(self.user.as_ref().map(|user| format!("Match User {user}")));
        let indent = if lines.is_empty() { "" } else { "    " };
        for (keyword, value) in &self.lines {
            lines.push(format!("{indent}{keyword} {}", config_word(keyword, value)?));
        }
        Ok(lines.join("\n"))
    }
}

/// A value as it stands in `ssh_config` or behind `-o NAME=`.
///
/// # Errors
/// It holds what releases read differently: a quote, a doubled or a last backslash, `${`.
pub fn config_word(keyword: &str, value: &str) -> Result<String, Unwritable> {
    let odd = value.contains(['"', '\'']) || value.contains("\\\\") || value.ends_with('\\') || value.contains("${");
    if odd || value.is_empty() || value.chars().any(char::is_control) {
        return Err(Unwritable(value.to_owned()));
    }
    let value = if EXPANDED.contains(&keyword) { value.replace('%', "%%") } else { value.to_owned() };
    let plain = |c: char| c.is_alphanumeric() || "._/~:@+,-\\%[]".contains(c);
    Ok(if value.chars().all(plain) { value } else { format!("\"{value}\"") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_no_pattern_and_no_option() {
        for bad in ["*", "?", "!box", "-oProxyCommand=x", "a b", "", "the server", "git*", "a\tb", "a\"b", "$(id)"] {
            assert!(HostName::try_from(bad).is_err(), "{bad:?}");
        }
        for good in ["box", "git.example.com", "192.0.2.1", "fe80::1%eth0", "[::1]", "build_1"] {
            assert_eq!(HostName::try_from(good).unwrap().as_str(), good);
        }
    }

    #[test]
    fn values_are_quoted_where_needed() {
        let host = HostName::try_from("box").unwrap();
        let block = Block::for_host(&host).with("IdentityFile", "/home/a b/100%").with("Port", "443");
        assert_eq!(block.lines().unwrap(), "Host box\n    IdentityFile \"/home/a b/100%%\"\n    Port 443");
        assert!(Block::for_host(&host).with("IdentityFile", "/a\"b").lines().is_err());
        assert!(Block::for_host(&host).with("IdentityFile", "/a\nProxyCommand x").lines().is_err());
        assert!(Block::for_host(&host).with("IdentityFile", "/${HOME}").lines().is_err());
    }
}
