//! What a fix may name: words of the log, none of which becomes an option or a shell's syntax.

use super::places::{self, Place, is_file};
use crate::model::fix::Piece;
use crate::model::{Block, Fix, HostName, Session};

/// What is known of a refusal.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ground<'a> {
    /// The user.
    pub(crate) user: Option<&'a str>,
    /// The client's address.
    pub(crate) address: Option<&'a str>,
    /// What the reason is about.
    pub(crate) subject: Option<&'a str>,
    /// The fingerprint of the key that was refused.
    pub(crate) fingerprint: Option<&'a str>,
    /// The file and the line that hold the key, where sshd found it.
    pub(crate) place: Option<&'a str>,
    /// The client's public key file, where its log was given as well.
    pub(crate) public: Option<String>,
}

impl<'a> Ground<'a> {
    /// What a session says of it.
    pub(crate) fn of(session: &'a Session, subject: Option<&'a str>) -> Self {
        let fingerprint = session.offered.iter().rev().find_map(|offer| offer.key.whole_fingerprint());
        let (user, address) = (session.user.as_deref(), session.address.as_deref());
        Self { user, address, subject, fingerprint, ..Self::default() }
    }

    /// The same, with the place where sshd found the key, and the client's public key file.
    pub(crate) fn with_key(self, place: Option<&'a str>, public: Option<String>) -> Self {
        Self { place, public: public.filter(|path| is_file(path)), ..self }
    }

    /// The client's address, where it is one.
    pub(crate) fn client(&self) -> Option<&'a str> {
        self.address.filter(|address| is_address(address))
    }

    /// The client's key as one more line of the file that the reason is about. The file's last line may lack its end.
    pub(crate) fn key_added(&self) -> Option<Fix> {
        let (file, public) = (self.place(Place::Keys)?.to_owned(), self.public.clone()?);
        let pieces = vec![
            Piece::Own("sudo sh -c '{ echo; cat; } >> \"$1\"' -"),
            Piece::Word(file),
            Piece::Own("<"),
            Piece::Word(public),
        ];
        Some(command("or bring the client's .pub file here, and add it", pieces))
    }

    /// The file that the reason is about, made of the client's key: never in place of one that is there.
    pub(crate) fn file_made(&self) -> Option<Fix> {
        let (file, public) = (self.place(Place::Keys)?.to_owned(), self.public.clone()?);
        // sshd reads it as the user; root's own is fine.
        let pieces = vec![
            Piece::Own("sudo sh -c 'umask 022; mkdir -p \"${1%/*}\" && set -C && cat > \"$1\"' -"),
            Piece::Word(file),
            Piece::Own("<"),
            Piece::Word(public),
        ];
        Some(command("bring the client's .pub file here, and put it there", pieces))
    }

    /// A change to the line that holds the key: what is to be replaced, and by what, as `sed` has it.
    pub(crate) fn line_changed(&self, title: &str, place: Option<&str>, change: &str) -> Option<Fix> {
        let (file, line) = place?.rsplit_once(':').filter(|(file, _)| Place::Keys.fits(file, self.account()))?;
        let line: u32 = line.parse().ok()?;
        let pieces =
            vec![Piece::Own("sudo sed -i"), Piece::Word(format!("{line}s/{change}/")), Piece::Word(file.to_owned())];
        Some(command(title, pieces))
    }

    /// The user, where the name is one that an account can have.
    pub(crate) fn account(&self) -> Option<&'a str> {
        self.user.filter(|user| is_account(user))
    }

    /// The subject, where it is a file's whole name and leads nowhere else.
    pub(crate) fn path(&self) -> Option<&'a str> {
        self.subject.filter(|path| is_file(path))
    }

    /// Whether a file or folder is the user's own.
    pub(crate) fn is_own(&self, path: &str) -> bool {
        places::is_own(path, self.account())
    }

    /// A file that `PATH:LINE` names.
    pub(crate) fn file(&self) -> Option<&'a str> {
        let path = self.path()?;
        match path.rsplit_once(':') {
            Some((file, line)) if line.bytes().all(|byte| byte.is_ascii_digit()) => Some(file),
            _ => Some(path),
        }
    }

    /// The same, where it can be what is changed.
    pub(crate) fn place(&self, place: Place) -> Option<&'a str> {
        self.file().filter(|path| place.fits(path, self.account()))
    }

    /// What sshd's settings are for this user from this address.
    pub(crate) fn settings(&self, title: &str, grep: &'static str) -> Fix {
        let (Some(user), Some(address)) = (self.account(), self.client()) else {
            return Fix::script(title, grep_all(grep)).on_server();
        };
        let word = format!("user={user},addr={address},host={address}");
        Fix::bourne(title, vec![Piece::Own("sudo sshd -T -C"), Piece::Word(word), Piece::Own(grep)]).on_server()
    }

    /// Lines of `sshd_config` for this user. What is meant for one is not proposed for all.
    pub(crate) fn matched(&self, title: &str, keyword: &'static str, value: &str) -> Fix {
        match self.account().map(HostName::try_from) {
            Some(Ok(user)) => Fix::block(title, Block::for_user(&user).with(keyword, value)).on_server(),
            _ => Fix::step(format!("{title}: {keyword} {value}")).on_server(),
        }
    }

    /// A command about the user. Without a user there is a title alone.
    pub(crate) fn on_account(&self, title: &str, before: &'static str, after: &'static str) -> Fix {
        match self.account() {
            Some(user) => command(title, vec![Piece::Own(before), Piece::Word(user.to_owned()), Piece::Own(after)]),
            None => Fix::step(title).on_server(),
        }
    }

    /// A command about the file that the reason is about.
    pub(crate) fn on_path(&self, title: &str, before: &'static str) -> Fix {
        on(title, before, self.file())
    }

    /// The same, where the command would change it or show all of it: only of what can be meant.
    pub(crate) fn on_place(&self, title: &str, before: &'static str, place: Place) -> Fix {
        on(title, before, self.place(place))
    }
}

fn on(title: &str, before: &'static str, path: Option<&str>) -> Fix {
    match path {
        Some(path) => command(title, vec![Piece::Own(before), Piece::Word(path.to_owned())]),
        None => Fix::step(title).on_server(),
    }
}

/// A line of a shell on the server.
pub(super) fn command(title: &str, pieces: Vec<Piece>) -> Fix {
    let pieces = pieces.into_iter().filter(|piece| !matches!(piece, Piece::Own(""))).collect();
    Fix::bourne(title, pieces).on_server()
}

fn grep_all(grep: &'static str) -> &'static str {
    match grep {
        LISTS => "sudo sshd -T | grep -iE '^(allow|deny)(users|groups)'",
        KEYS => "sudo sshd -T | grep -iE '^(pubkeyauthentication|authorizedkeysfile|authorizedkeyscommand(user)?) '",
        ALGORITHMS => "sudo sshd -T | grep -i '^pubkeyacceptedalgorithms'",
        METHODS => "sudo sshd -T | grep -iE '^(authenticationmethods|[a-z]*authentication) '",
        _ => "sudo sshd -T",
    }
}

/// What of the settings says who may log in.
pub(super) const LISTS: &str = "| grep -iE '^(allow|deny)(users|groups)'";

/// What of them says where keys are looked for.
pub(crate) const KEYS: &str = "| grep -iE '^(pubkeyauthentication|authorizedkeysfile|authorizedkeyscommand(user)?) '";

/// What of them says which signatures are taken.
pub(super) const ALGORITHMS: &str = "| grep -i '^pubkeyacceptedalgorithms'";

/// What of them says which methods are wanted.
pub(super) const METHODS: &str = "| grep -iE '^(authenticationmethods|[a-z]*authentication) '";

/// Names that `useradd` takes, and those of directories: letters, digits, `.`, `_`, `-`, and no dash in front.
fn is_account(user: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-@".contains(c);
    // A number alone would be taken for a user's number: 0 is root.
    let number = user.bytes().all(|byte| byte.is_ascii_digit());
    user.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
        && user.len() <= 64
        && user.chars().all(plain)
        && !number
}

fn is_address(address: &str) -> bool {
    address.split('%').next().is_some_and(|address| address.parse::<core::net::IpAddr>().is_ok())
        && !address.contains(',')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_accounts_name_gets_into_a_command() {
        for user in ["-p", "-rf", "a;b", "../../etc", "0", "1000", "a b", "$(id)", "a,addr=x", "", "x\ny", "--"] {
            assert_eq!(Ground { user: Some(user), ..Ground::default() }.account(), None, "{user:?}");
        }
        assert_eq!(Ground { user: Some("dev.ops"), ..Ground::default() }.account(), Some("dev.ops"));
    }

    #[test]
    fn a_place_is_a_file_and_a_line() {
        let of = |subject| Ground { subject: Some(subject), ..Ground::default() }.file();
        assert_eq!(of("/home/dev/.ssh/authorized_keys:12"), Some("/home/dev/.ssh/authorized_keys"));
        assert_eq!(of("/home/dev"), Some("/home/dev"));
        assert_eq!(of("AllowUsers"), None);
        assert_eq!(of("/home/dev/.ssh/../../../etc/shadow"), None);
        assert_eq!(of("/home/dev/\u{202e}syek"), None);
        let dev = Ground { user: Some("dev"), ..Ground::default() };
        let changed = |place| dev.line_changed("x", Some(place), "a/b");
        assert!(changed("/home/dev/.ssh/authorized_keys:1").is_some());
        assert!(changed("/home/dev/.ssh/../../../etc/passwd:1").is_none());
        assert!(changed("/etc/passwd:1").is_none());
    }
}
