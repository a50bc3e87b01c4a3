//! Homes and the names of files, as ssh takes them: from the password database, whatever `HOME` says.

use std::path::PathBuf;

/// What the `%` tokens of ssh_config(5) stand for.
#[derive(Clone, Debug, Default)]
pub struct Tokens {
    /// `%d`: the home.
    pub home: Option<String>,
    /// `%u`: who runs ssh.
    pub local_user: String,
    /// `%i`: the number of who runs ssh.
    pub uid: String,
    /// `%l`: this machine's name.
    pub local_host: String,
    /// `%h`: the host that is connected to.
    pub host: String,
    /// `%n`: the host as it was typed.
    pub typed: String,
    /// `%p`: the port.
    pub port: String,
    /// `%r`: who logs in.
    pub user: String,
    /// `%j`: the jump hosts.
    pub jump: String,
    /// `%k`: the host key's alias.
    pub alias: String,
}

impl Tokens {
    /// What is known without a destination.
    pub fn here() -> Self {
        let (home, local_user) = account(None);
        Self { home, local_user, uid: uid(), local_host: local_host(), ..Self::default() }
    }

    /// The file or socket that `name` stands for: `~`, `%` tokens and `${VARIABLE}` replaced.
    ///
    /// # Errors
    /// A clause that says what can't be replaced.
    pub fn expand(&self, name: &str) -> Result<String, String> {
        let mut text = String::new();
        let tilde = self.tilde(name)?;
        let mut rest = tilde.as_str();
        while let Some(at) = rest.find(['%', '$']) {
            let (before, special) = rest.split_at(at);
            text.push_str(before);
            if let Some(variable) = special.strip_prefix("${") {
                let (variable, after) = variable.split_once('}').ok_or("its name has a ${ without a }")?;
                let value = std::env::var(variable);
                text.push_str(&value.map_err(|_| format!("{variable} is not set"))?);
                rest = after;
            } else if let Some(after) = special.strip_prefix('$') {
                text.push('$');
                rest = after;
            } else {
                let mut after = special[1..].chars();
                text.push_str(self.token(after.next())?);
                rest = after.as_str();
            }
        }
        text.push_str(rest);
        Ok(text)
    }

    fn token(&self, letter: Option<char>) -> Result<&str, String> {
        Ok(match letter {
            Some('%') => "%",
            Some('d') => self.home.as_deref().ok_or("this user has no home")?,
            Some('u') => &self.local_user,
            Some('i') => &self.uid,
            Some('l') => &self.local_host,
            Some('L') => self.local_host.split('.').next().unwrap_or_default(),
            Some('h') => &self.host,
            Some('n') => &self.typed,
            Some('p') => &self.port,
            Some('r') => &self.user,
            Some('j') => &self.jump,
            Some('k') => &self.alias,
            Some(letter) => return Err(format!("its name has %{letter}, which is not read here")),
            None => return Err("its name ends in %".to_owned()),
        })
    }

    fn tilde(&self, name: &str) -> Result<String, String> {
        let Some(after) = name.strip_prefix('~') else {
            return Ok(name.to_owned());
        };
        let (user, rest) = after.split_once('/').unwrap_or((after, ""));
        let home = match user {
            "" => self.home.clone().ok_or("this user has no home")?,
            user => account(Some(user)).0.ok_or_else(|| format!("there is no user {user}"))?,
        };
        Ok(format!("{}/{rest}", home.trim_end_matches('/')))
    }
}

/// The home that ssh uses.
pub(crate) fn home() -> Option<String> {
    account(None).0
}

/// Who runs this program; empty where nothing tells.
pub(crate) fn local_user() -> String {
    account(None).1
}

/// The home that `HOME` names, where it is another than ssh's.
pub(crate) fn other_home() -> Option<String> {
    let named = dirs::home_dir()?;
    let ours = PathBuf::from(home()?);
    let real = |path: &PathBuf| path.canonicalize().unwrap_or_else(|_| path.clone());
    (real(&named) != real(&ours)).then(|| named.to_string_lossy().into_owned())
}

/// Home and name of a user, or of who runs this program.
#[cfg(unix)]
fn account(name: Option<&str>) -> (Option<String>, String) {
    use nix::unistd::{User, getuid};
    let entry = match name {
        Some(name) => User::from_name(name),
        None => User::from_uid(getuid()),
    };
    match entry.ok().flatten() {
        Some(user) => (Some(user.dir.to_string_lossy().into_owned()), user.name),
        None => (None, String::new()),
    }
}

#[cfg(unix)]
fn uid() -> String {
    nix::unistd::getuid().to_string()
}

#[cfg(unix)]
fn local_host() -> String {
    nix::unistd::gethostname().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

#[cfg(not(unix))]
fn account(name: Option<&str>) -> (Option<String>, String) {
    let home = dirs::home_dir().map(|home| home.to_string_lossy().into_owned());
    match name {
        Some(_) => (None, String::new()),
        None => (home, std::env::var("USERNAME").unwrap_or_default()),
    }
}

#[cfg(not(unix))]
fn uid() -> String {
    String::new()
}

#[cfg(not(unix))]
fn local_host() -> String {
    std::env::var("COMPUTERNAME").unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_expanded_as_ssh_does() {
        let tokens = Tokens {
            home: Some("/home/me".into()),
            local_host: "box.example".into(),
            host: "h".into(),
            port: "22".into(),
            user: "git".into(),
            ..Tokens::default()
        };
        let expand = |name: &str| tokens.expand(name);
        assert_eq!(expand("~/.ssh/id"), Ok("/home/me/.ssh/id".into()));
        assert_eq!(expand("%d/%h_%p_%r_%L%%"), Ok("/home/me/h_22_git_box%".into()));
        assert_eq!(expand("a~b$c"), Ok("a~b$c".into()));
        assert_eq!(expand("ä%hö"), Ok("ähö".into()));
        assert!(expand("%C").is_err());
        assert!(expand("x%").is_err());
        assert!(expand("${NO_SUCH_VARIABLE_HERE}/x").is_err());
        assert!(expand("~no-such-user-here/x").is_err());
    }

    #[cfg(unix)]
    #[test]
    fn the_home_is_the_password_databases() {
        assert!(home().is_some_and(|home| home.starts_with('/')));
    }
}
