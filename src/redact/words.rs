//! Words that every log has, so that a name which happens to be one of them is looked for in names' places only.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::sort::Sort;

/// Words of SSH and of its programs, and the small words of English between them.
const USUAL: &str = "
    a able about above accept accepted accepting accepts account accounts after agent algorithm algorithms alias aliases
    all allow allowed alone already an and answers any anything are as asked asks at attempt attempted attempts auth
    authenticate authenticated authenticating authentication authority authorized bad banner base be because been before
    beginning behind being bind block blocked blocks bound but by bytes called can cannot cert certificate certificates
    changed channel check checking child cipher client close closed closing command common compat compression concerned
    config configuration connect connected connecting connection connections contains continue could couldn data debug
    debug1 debug2 debug3 decides denied denies destination device did digest directory disabled disconnect disconnected
    disconnecting dns do does done dsa dsa-cert ecdh ecdsa ecdsa-sk ed25519 ed25519-sk empty enabled end entering
    environment error established exchange exec exists exit exiting expected expecting expects explicit failed failure
    fatal file files find fingerprint first for forced forwarding found free from get git global got greets group groups
    had handle handshake has have hello host hostkey hostkeys hostname identification identities identity ignored ignoring
    in info input insert interactive internal invalid is it its itself keeps kex kexinit key keyboard keyboard-interactive
    keys kind known known_hosts knows last learns length lets level line lines list listed listening load loaded local
    locked login logout mac marked match matched matches matching may md5 means message method methods mode modes module more
    my name named names need negotiate new next no none not nothing of offer offering offers ok on one only open opened
    opening opens operation option options or other our out output packet pam parse partial passphrase password passwords
    path peer permanently permission permissions permitted phase play please port preauth presence private process program
    protocol proves proxy pty public publickey publishes query read reading reason received receiver refuses rekey remote
    reply request requested requests reset resource response retry return returned root rsa rsa-cert rsa-sha2-256
    rsa-sha2-512 running said same says scp search searching secure security send sending sent server service session set
    settings sftp sha1 sha256 sha384 sha512 share shell shows sign signature signed signing since skipped skipping
    software some ssh ssh-add ssh-agent ssh-connection ssh-dss ssh-ed25519 ssh-rsa ssh-userauth ssh2 sshd stack start
    started starting state status stderr stdin stdout still stream success successful successfully support supported
    system takes talks tcp than that the their them then there this timeout to token too transport tries try trying type
    unable under unexpected unix unknown unsupported up update use used user userauth username using usually valid value
    verification verify version wait waiting wants warn warning was we were what when which while will with without wrong
    yes you your";

static SET: LazyLock<HashSet<&str>> = LazyLock::new(|| USUAL.split_whitespace().collect());

/// Whether every log has this word.
pub(super) fn is_usual(word: &str) -> bool {
    let upper = word.bytes().any(|byte| byte.is_ascii_uppercase());
    SET.contains(word) || upper && SET.contains(word.to_ascii_lowercase().as_str())
}

/// Whether a line says in so many words that it was root who logged in, so that there is nothing to hide.
pub(super) fn says_root(line: &str) -> bool {
    ["ROOT LOGIN", "root login", "Root login"].iter().any(|words| line.contains(words))
}

/// Names that so many machines and accounts have that they are looked for as whole words only.
const COMMON: &str = "
    access account admin administrator agent amazon android ansible apache backup bastion build builder buildkite centos
    circleci cloud cluster corp cron daemon debian default demo deploy deployer deployment dev devel developer docker
    ec2-user fedora forgejo gateway gerrit gitea github gitlab gitlab-runner gitolite gogs guest heroku home infra jenkins
    jump kube lab laptop linux local localdomain localhost machine mail main manager master mobile mysql network nginx node
    office operator oracle postgres prod production project proxy public redhat remote repo repos root router runner
    script sdk server service shell ssh-user staging stage storage suse svc sysadmin system target team teamcity temp
    test tester testing tools travis ubuntu user users vagrant virtual vpn web windows work worker workspace www www-data";

static COMMON_SET: LazyLock<HashSet<&str>> = LazyLock::new(|| COMMON.split_whitespace().collect());

/// Whether many machines or accounts are called so.
pub(super) fn is_common(name: &str) -> bool {
    COMMON_SET.contains(name)
}

/// What is a cue itself.
const PORT: &str = " port ";

/// What stands before a name.
struct Cue {
    /// The last word before it, in lower case.
    last: &'static str,
    /// The words before that one, which must be there, too.
    before: &'static str,
    /// What it is.
    sort: Sort,
    /// What must come after it.
    after: &'static str,
    /// Nothing else can stand there; else what every log has is no name.
    sure: bool,
}

const fn cue(before: &'static str, last: &'static str, sort: Sort) -> Cue {
    Cue { last, before, sort, after: "", sure: false }
}

impl Cue {
    const fn sure(self) -> Self {
        Self { sure: true, ..self }
    }

    /// Whether its last word must be looked for: no words before it tell as much, nor the cue `port` behind it.
    fn is_alone(&self) -> bool {
        self.before.is_empty() && self.after != PORT
    }

    const fn then(self, after: &'static str) -> Self {
        Self { after, sure: true, ..self }
    }
}

/// Programs say so in these words, whether or not this program reads their lines.
const CUES: &[Cue] = &[
    cue("for", "user", Sort::User).sure(),
    cue("invalid", "user", Sort::User).sure(),
    cue("valid", "user", Sort::User).sure(),
    cue("illegal", "user", Sort::User).sure(),
    cue("authenticating", "user", Sort::User).sure(),
    cue("nonexistent", "user", Sort::User).sure(),
    cue("as", "user", Sort::User).sure(),
    cue("by", "user", Sort::User).sure(),
    cue("from", "user", Sort::User).sure(),
    cue("", "user", Sort::User),
    cue("", "username", Sort::User),
    cue("", "ruser", Sort::User),
    cue("", "logname", Sort::User),
    cue("", "sudo_user", Sort::User),
    cue("", "gitlab_user_login", Sort::User),
    cue("", "github_actor", Sort::User),
    cue("password", "for", Sort::User),
    cue("failure", "for", Sort::User),
    cue("su", "-", Sort::User),
    cue("", "account", Sort::User),
    cue("", "accounts", Sort::User),
    cue("", "-l", Sort::User).sure(),
    cue("", "-u", Sort::User).sure(),
    cue("authctxt", "for", Sort::User).sure(),
    cue("server", "refuses", Sort::User).sure(),
    cue("failed", "for", Sort::User),
    cue("authentication failures", "for", Sort::User),
    cue("access denied", "for", Sort::User),
    cue("netbios", "name", Sort::Host).sure(),
    Cue { after: " [priv]", ..cue("", "sshd", Sort::User) },
    cue("authorized", "principal", Sort::User).sure(),
    cue("", "principal", Sort::User),
    cue("the key", "named", Sort::Name),
    cue("using", "credential", Sort::Name),
    cue("building remotely", "on", Sort::Host).sure(),
    cue("forwarded to remote", "address", Sort::Host).sure(),
    cue("", "originalhost", Sort::Host).sure(),
    cue("authentication", "of", Sort::User),
    cue("login", "as", Sort::User).sure(),
    cue("", "for", Sort::User).then(" from "),
    cue("", "for", Sort::User).then(" by "),
    cue("succeeded", "for", Sort::User).sure(),
    cue("attempt", "for", Sort::User),
    cue("", "as", Sort::User).then("'"),
    cue("", "exit", Sort::User).then(") from"),
    cue("denied", "to", Sort::User),
    cue("", "hi", Sort::User).then("!"),
    cue("logged in", "as", Sort::User),
    cue("", "getpwnam", Sort::User),
    cue("matched", "principal", Sort::User).sure(),
    cue("connecting", "to", Sort::Host),
    cue("connected", "to", Sort::Host),
    cue("connect", "to", Sort::Host),
    cue("connection", "to", Sort::Host),
    cue("authenticating", "to", Sort::Host).sure(),
    cue("authenticated", "to", Sort::Host).sure(),
    cue("", "rhost", Sort::Host).sure(),
    cue("", "host", Sort::Host),
    cue("", "hostname", Sort::Host),
    cue("", "resolve", Sort::Host),
    cue("", "resolving", Sort::Host),
    cue("", "lookup", Sort::Host),
    cue("remote", "host", Sort::Host),
    cue("", "server", Sort::Host).then(" not responding"),
    cue("", "from", Sort::Host).then(PORT),
    cue("", "to", Sort::Host).then(PORT),
    cue("known_hosts", "for", Sort::Host),
    cue("known_hosts2", "for", Sort::Host),
    cue("", "connect_to", Sort::Host),
    cue("", "enotfound", Sort::Host),
    cue("", "unknownhostexception", Sort::Host),
    cue("", "via", Sort::Host).then("..."),
    cue("", "plink", Sort::Host),
    cue("", "computername", Sort::Host).sure(),
    cue("", "-w", Sort::Host).sure(),
    cue("", "psftp", Sort::Host),
    cue("", "repository", Sort::Repository),
    cue("cloning", "into", Sort::Repository).sure(),
    cue("", "port", Sort::Port).sure(),
    cue("", "-p", Sort::Port).sure(),
    cue("", "clientport", Sort::Port).sure(),
];

/// Words that are no name even there.
const NEVER: &[&str] = &[
    "or",
    "and",
    "is",
    "was",
    "has",
    "the",
    "not",
    "who",
    "that",
    "which",
    "with",
    "from",
    "if",
    "a",
    "an",
    "connection",
    "unknown",
    "it",
    "to",
    "does",
    "this",
];

/// Cues by the length of their last word.
static BY_LENGTH: LazyLock<Vec<Vec<&'static Cue>>> = LazyLock::new(|| {
    let longest = CUES.iter().map(|cue| cue.last.len()).max().unwrap_or_default();
    (0..=longest).map(|length| CUES.iter().filter(|cue| cue.last.len() == length).collect()).collect()
});

/// Words of which each line with a cue holds one, or a longer word that ends in one of [`cue_ends`].
pub(super) fn cue_words() -> impl Iterator<Item = &'static str> {
    CUES.iter().filter(|cue| cue.is_alone()).map(|cue| cue.last).chain(["root login"])
}

/// What stands before a word that is in too many lines to be looked for itself: `connecting` before `to`.
pub(super) fn cue_ends() -> impl Iterator<Item = &'static str> {
    let looked_for = |cue: &&Cue| cue_words().any(|word| word == cue.last);
    CUES.iter().filter(move |cue| !cue.before.is_empty() && !looked_for(cue)).map(|cue| cue.before)
}

/// What the word that begins at `at` and ends at `end` is, by the words around it.
pub(super) fn cued(line: &str, at: usize, end: usize) -> Option<Sort> {
    let mut before = &line[..at];
    // `match host box,box2`
    while let Some(list) = before.strip_suffix(',') {
        before = list.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || "-_.*?!".contains(c));
    }
    let before = before.trim_end_matches([' ', '\t', '\'', '"', '`', '(', '[', ':', '=', '‘', '“', '*', '\\']);
    let last = last_word(before)?;
    let word = &line[at..end];
    // `logname= uid=0`: there is none.
    if line[before.len()..at].starts_with("= ") && line[end..].starts_with('=') {
        return None;
    }
    // `user's groups`
    let possessive = line[..at].ends_with('\'') && line[..at - 1].ends_with(|c: char| c.is_alphanumeric());
    if possessive || NEVER.contains(&word) || word.starts_with('-') {
        return None;
    }
    let fits = |cue: &&&Cue| {
        is_last(last, cue.last)
            && ends(before[..before.len() - last.len()].trim_end(), cue.before)
            && line[end..].starts_with(cue.after)
            && (cue.sure || !is_usual(word))
    };
    BY_LENGTH.get(last.len())?.iter().find(fits).map(|cue| cue.sort)
}

/// An option's letters are what they are.
fn is_last(word: &str, cue: &str) -> bool {
    word == cue || !cue.starts_with('-') && word.eq_ignore_ascii_case(cue)
}

fn last_word(text: &str) -> Option<&str> {
    let part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let length = text.bytes().rev().take_while(part).count();
    (length > 0).then(|| &text[text.len() - length..])
}

fn ends(text: &str, words: &str) -> bool {
    words.is_empty()
        || text.len() >= words.len()
            && text.is_char_boundary(text.len() - words.len())
            && text[text.len() - words.len()..].eq_ignore_ascii_case(words)
}

#[cfg(test)]
mod tests {
    use super::super::dull::Dull;
    use super::*;

    #[test]
    fn our_own_sentences_name_nobody() {
        let pages = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/causes");
        let mut redactor = super::super::Redactor::default();
        let mut wrong = Vec::new();
        for page in std::fs::read_dir(pages).unwrap() {
            let text = std::fs::read_to_string(page.unwrap().path()).unwrap();
            // What is no sentence: blocks, and what stands in them.
            let prose = text.split("```").step_by(2).flat_map(str::lines).filter(|line| !line.starts_with("    "));
            for line in prose.filter(|line| !line.contains(['@', '`', '/', '"', '\'', '~', '<'])) {
                let mut again = String::new();
                redactor.line(line, &mut again);
                if again != line {
                    wrong.push(format!("{line}\n    {again}"));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn no_line_with_a_cue_is_dull() {
        for Cue { last, before, after, .. } in CUES {
            let line = format!("x {before}  {last} zz{after}1");
            assert!(!Dull::any_log().is(&line), "{line}");
        }
        assert!(
            Dull::any_log().is("debug2: channel 0: written 12 to efd 7"),
            "else most of a long log is looked through"
        );
    }
}
