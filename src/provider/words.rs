//! What git hosts say after authentication: the greeting, or the refusal of a repository.

use crate::model::event::Kind;
use crate::model::session::Greeting;

/// A greeting with the login left out: what stands before it and after it.
struct Form {
    provider: &'static str,
    before: &'static str,
    after: &'static str,
    kind: Between,
    /// Words that stand somewhere behind, too.
    holds: &'static str,
}

/// What the words between `before` and `after` are.
#[derive(Clone, Copy, PartialEq)]
enum Between {
    /// A login name.
    Login,
    /// A deploy key's or a key's title, which is no account.
    Deploy,
    /// Nothing of interest, or a name that is given to strangers.
    Nobody,
}

const fn form(provider: &'static str, before: &'static str, after: &'static str, kind: Between) -> Form {
    Form { provider, before, after, kind, holds: "" }
}

/// Tried in order; the first that fits wins. Longer beginnings stand before shorter ones.
const FORMS: &[Form] = &[
    form("gitlab", "Welcome to GitLab, Anonymous!", "", Between::Deploy),
    form("gitlab", "Welcome to GitLab, @", "!", Between::Login),
    form("gitlab", "Welcome to GitLab, ", "!", Between::Login),
    form("hugging-face", "Hi anonymous, welcome to Hugging Face", "", Between::Nobody),
    form("hugging-face", "Hi ", ", welcome to Hugging Face", Between::Login),
    form(
        "gitea",
        "Hi there! You've successfully authenticated with the deploy key named ",
        ", but Gitea",
        Between::Deploy,
    ),
    form(
        "forgejo",
        "Hi there! You've successfully authenticated with the deploy key named ",
        ", but Forgejo",
        Between::Deploy,
    ),
    form("gitea", "Hi there, ", "! You've successfully authenticated, but Gitea", Between::Login),
    form("forgejo", "Hi there, ", "! You've successfully authenticated, but Forgejo", Between::Login),
    form("gitea", "Hi there, ", "! You've successfully authenticated with the", Between::Login),
    form("gogs", "Hi there, You've successfully authenticated, but Gogs", "", Between::Nobody),
    form("gogs", "Hi there, ", "! You've successfully authenticated, but Gogs", Between::Login),
    form("github", "Hi ", "! You've successfully authenticated, but GitHub", Between::Login),
    form("sourcehut", "Hi ", "! You've successfully authenticated, but I do not provide", Between::Login),
    form("gitee", "Hi ", "! You've successfully authenticated, but GITEE.COM", Between::Login),
    form("gerrit", "Hi ", ", you have successfully connected over SSH", Between::Login),
    Form { holds: " running gitolite", ..form("gitolite", "hello ", ", this is ", Between::Login) },
    form("", "Hi ", "! You've successfully authenticated", Between::Login),
    form("bitbucket", "logged in as ", ".", Between::Login),
    form("bitbucket", "authenticated via a deploy key", "", Between::Deploy),
    form("bitbucket", "authenticated via ssh key", "", Between::Nobody),
    form("azure-devops", "Shell access is not supported", "", Between::Nobody),
    form("azure-devops", "remote: Shell access is not supported", "", Between::Nobody),
    form(
        "codecommit",
        "You have successfully authenticated over SSH. You can use Git to interact with",
        "",
        Between::Nobody,
    ),
    form("launchpad", "No shells on this server", "", Between::Nobody),
];

/// The greeting in a line, if it is one.
pub fn greeting(line: &str) -> Option<Greeting> {
    // Blogs and chats turn the apostrophe into a typographic one.
    let straight;
    let line = if line.contains('’') {
        straight = line.replace('’', "'");
        straight.as_str()
    } else {
        line
    };
    FORMS.iter().find_map(|form| {
        let rest = line.strip_prefix(form.before)?;
        if form.after.is_empty() {
            return Some(Greeting {
                provider: form.provider,
                login: None,
                deploy: form.kind == Between::Deploy,
                anonymous: form.kind == Between::Nobody,
            });
        }
        let end = rest.find(form.after).filter(|end| rest[*end..].contains(form.holds))?;
        let name = rest[..end].trim();
        let gitea = form.provider == "gitea" && rest[end..].contains("but Forgejo");
        let title = form.kind == Between::Deploy;
        Some(Greeting {
            provider: if gitea { "forgejo" } else { form.provider },
            login: (!title && is_account(name)).then(|| name.to_owned()),
            // A repository's name in an account's place: GitHub greets a deploy key so.
            deploy: title || (form.provider == "github" && name.contains('/') && is_account(name)),
            anonymous: false,
        })
    })
}

/// Whether a server's word can be an account or a repository. Nothing else that a server says becomes a name in a
/// sentence of ours: it chooses what stands there.
fn is_account(name: &str) -> bool {
    let plain = |part: &str| {
        (1..=64).contains(&part.len()) && part.chars().all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c))
    };
    match name.split_once('/') {
        Some((owner, repository)) => plain(owner) && plain(repository),
        None => plain(name),
    }
}

/// Beginnings and parts of the sentences by which git hosts refuse a repository to a key that they took.
const REFUSALS: &[&str] = &[
    "ERROR: Repository not found",
    "remote: Repository not found",
    "ERROR: Permission to ",
    "remote: Permission to ",
    "ERROR: The key you are authenticating with has been marked as read only",
    "ERROR: We're doing an SSH key audit",
    "The project you were looking for could not be found",
    "You are not allowed to push code to this project",
    "Deploy keys are not allowed to push code",
    "Your account has been blocked",
    "conq: repository does not exist",
    "conq: repository access denied",
    "conq: invalid repository syntax",
    "repository does not exist",
    "FATAL: R any ",
    "FATAL: W any ",
    "Gitea: ",
    "Forgejo: ",
    "remote: Public key authentication failed",
];

/// Parts of the sentences by which an organisation keeps out a key that is an account's.
const ENFORCED: &[&str] = &["organization has enabled or enforced SAML SSO", "has an IP allow list enabled"];

/// The refusal of a repository in a line, if it is one.
pub(crate) fn refusal(line: &str) -> Option<Kind> {
    let text = line.trim();
    let bare = ["remote:", "ERROR:", "GitLab:", "fatal:"]
        .iter()
        .fold(text, |rest, word| rest.strip_prefix(word).unwrap_or(rest).trim_start());
    let enforced = ENFORCED.iter().any(|words| bare.contains(words));
    let known = enforced
        || REFUSALS.iter().any(|words| {
            text.starts_with(words)
                || bare.starts_with(words.trim_start_matches("ERROR: ").trim_start_matches("remote: "))
        });
    // `Permission to OWNER/REPO.git denied to NAME.`
    let permission = bare.strip_prefix("Permission to ");
    if permission.is_some_and(|rest| !rest.contains(" denied to ")) || !known {
        return None;
    }
    let account = permission
        .and_then(|rest| rest.split(" denied to ").nth(1))
        .map(|name| name.trim_end_matches(['.', ' ']))
        .or_else(|| text.split_once(" DENIED by ").and_then(|(before, _)| before.split(' ').nth(4)))
        .filter(|name| is_account(name))
        .map(str::to_owned);
    Some(Kind::RepositoryRefused { text: text.to_owned(), account })
}

/// Words that a greeting begins with.
pub(crate) fn beginnings() -> impl Iterator<Item = &'static str> {
    FORMS.iter().map(|form| form.before)
}

/// Words of which every refusal holds one.
pub(crate) fn parts() -> impl Iterator<Item = &'static str> {
    let plain = |words: &'static str| words.trim_start_matches("ERROR: ").trim_start_matches("remote: ");
    REFUSALS.iter().map(move |words| plain(words)).chain(ENFORCED.iter().copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn login(line: &str) -> Option<String> {
        greeting(line).and_then(|greeting| greeting.login)
    }

    #[test]
    fn greetings_name_the_account() {
        assert_eq!(
            login("Hi octocat! You've successfully authenticated, but GitHub does not provide shell access.")
                .as_deref(),
            Some("octocat")
        );
        assert_eq!(login("Welcome to GitLab, @octocat!").as_deref(), Some("octocat"));
        assert_eq!(login("Welcome to GitLab, Mona Lisa Octocat!"), None);
        assert_eq!(login("logged in as octocat.").as_deref(), Some("octocat"));
        assert_eq!(login("Hi there, octocat! You've successfully authenticated with the key named laptop, but Forgejo does not provide shell access.").as_deref(), Some("octocat"));
        assert_eq!(login("authenticated via ssh key."), None);
    }

    #[test]
    fn a_name_is_a_name() {
        let name = |name: &str| greeting(&format!("Hi {name}! You've successfully authenticated, but GitHub ..."));
        assert_eq!(name("acme/wid.gets_1").unwrap().login.as_deref(), Some("acme/wid.gets_1"));
        let long = "x".repeat(65);
        for odd in ["octo cat", "a/b/c", "/", "a/", "", "é", "o`id`", "-rf;", long.as_str()] {
            assert_eq!(name(odd).unwrap().login, None, "{odd}");
            assert!(!name(odd).unwrap().deploy, "{odd}");
        }
    }

    #[test]
    fn deploy_keys_are_no_accounts() {
        let github =
            greeting("Hi acme/widgets! You've successfully authenticated, but GitHub does not provide shell access.")
                .unwrap();
        assert!(github.deploy);
        assert_eq!(github.login.as_deref(), Some("acme/widgets"));
        assert!(greeting("authenticated via a deploy key.").unwrap().deploy);
        assert!(greeting("Welcome to GitLab, Anonymous!").unwrap().deploy);
        let forgejo = "Hi there! You've successfully authenticated with the deploy key named ci, but Forgejo does not provide shell access.";
        assert_eq!(greeting(forgejo).unwrap().provider, "forgejo");
    }

    #[test]
    fn prose_is_no_greeting() {
        assert!(greeting("Hi there, I have a problem").is_none());
        assert!(greeting("Welcome to Ubuntu 22.04").is_none());
        assert!(greeting("hello world, this is a test").is_none());
    }

    #[test]
    fn refusals_name_the_account() {
        let denied = refusal("ERROR: Permission to acme/widgets.git denied to octocat.").unwrap();
        assert!(matches!(denied, Kind::RepositoryRefused { account: Some(name), .. } if name == "octocat"));
        assert!(
            refusal(
                "remote: The project you were looking for could not be found or you don't have permission to view it."
            )
            .is_some()
        );
        assert!(refusal("Permission denied (publickey).").is_none());
        let gitolite = refusal("FATAL: W any tools hubot DENIED by fallthru").unwrap();
        assert!(matches!(gitolite, Kind::RepositoryRefused { account: Some(name), .. } if name == "hubot"));
    }
}
