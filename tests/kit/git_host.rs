//! A git host with repositories: OpenSSH's server, real git behind it, and the words of a provider.

use std::fs;
use std::path::PathBuf;

use super::keys::succeed;
use super::needs::program;
use super::process::write_program;
use super::{Key, Server, Sshd, Stage};

/// How to set up a git host.
pub(crate) struct GitHost {
    greeting: &'static str,
    status: u8,
    not_found: &'static str,
    rights: Vec<(String, String, Right)>,
    keys: Vec<(String, String)>,
    options: Vec<String>,
}

/// What an account may do with a repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Right {
    Read,
    Write,
    /// Neither, and the host says why in these words.
    No(&'static str),
    /// Reading; of writing the host says this.
    NoWrite(&'static str),
}

/// One that runs.
pub(crate) struct GitServer {
    pub(crate) server: Server,
    repositories: PathBuf,
    trap: PathBuf,
}

impl GitHost {
    pub(crate) fn github() -> Self {
        Self::new(
            "Hi {}! You've successfully authenticated, but GitHub does not provide shell access.",
            1,
            "ERROR: Repository not found.",
        )
    }

    pub(crate) fn gitlab() -> Self {
        Self::new(
            "Welcome to GitLab, @{}!",
            0,
            "remote: \nremote: ========================================================================\nremote: \n\
             remote: ERROR: The project you were looking for could not be found or you don't have permission to view it.\n\
             remote: \nremote: ========================================================================\nremote: ",
        )
    }

    pub(crate) fn bitbucket() -> Self {
        Self::new("authenticated via ssh key.", 0, "conq: repository does not exist.")
    }

    pub(crate) fn gitea() -> Self {
        Self::new(
            "Hi there, {}! You've successfully authenticated with the key named laptop, but Gitea does not provide shell access.",
            0,
            "Gitea: Repository does not exist",
        )
    }

    fn new(greeting: &'static str, status: u8, not_found: &'static str) -> Self {
        Self { greeting, status, not_found, rights: Vec::new(), keys: Vec::new(), options: Vec::new() }
    }

    /// A key of an account; an account with a slash is a deploy key.
    pub(crate) fn accepts_as(mut self, key: &Key, account: &str) -> Self {
        self.keys.push((key.public.clone(), account.to_owned()));
        self
    }

    /// What an account may do with a repository; without a word of it there is none.
    pub(crate) fn lets(mut self, account: &str, repository: &str, right: Right) -> Self {
        self.rights.push((account.to_owned(), repository.to_owned(), right));
        self
    }

    pub(crate) fn start(self, stage: &Stage) -> GitServer {
        let folder = stage.server_folder("git");
        let repositories = folder.join("repositories");
        let trap = folder.join("hook-ran");
        for (_, name, _) in &self.rights {
            let path = repositories.join(name);
            if !path.exists() {
                let mut git = stage.server_world().command(program("git"));
                git.args(["init", "-q", "--bare"]).arg(&path);
                succeed(git);
                for hook in ["pre-receive", "update", "post-receive", "post-update", "reference-transaction"] {
                    write_program(
                        &path.join("hooks").join(hook),
                        &format!("#!/bin/sh\necho {hook} >>'{}'\n", trap.display()),
                    );
                }
            }
        }
        let script = folder.join("serve");
        let git = program("git");
        let mut cases = String::new();
        for (account, name, right) in &self.rights {
            let quoted = |words: &str| format!("'{}'", words.replace('\'', "'\\''"));
            let open = |service: &str| {
                format!(
                    "'{account} {service} {name}') exec '{}' {} '{}' ;;\n",
                    git.display(),
                    &service[4..],
                    repositories.join(name).display()
                )
            };
            let shut =
                |service: &str, words: &str| format!("'{account} {service} {name}') refuse {} ;;\n", quoted(words));
            let (read, write) = ("git-upload-pack", "git-receive-pack");
            cases += &match right {
                Right::Write => open(read) + &open(write),
                Right::Read => open(read) + &shut(write, self.not_found),
                Right::No(words) => shut(read, words) + &shut(write, words),
                Right::NoWrite(words) => open(read) + &shut(write, words),
            };
        }
        let text = format!(
            "#!/bin/sh\nrefuse() {{ printf '%s\\n' \"$1\" >&2; exit 1; }}\n\
             printf '%s: %s\\n' \"$1\" \"$SSH_ORIGINAL_COMMAND\" >>'{log}'\n\
             set -- \"$1\" $SSH_ORIGINAL_COMMAND\n\
             [ $# -gt 1 ] || {{ printf '%s\\n' \"$(printf '%s' '{greeting}' | sed \"s|{{}}|$1|\")\" >&2; exit {status}; }}\n\
             path=${{3#\\'}}; path=${{path%\\'}}; path=${{path#/}}\n\
             case \"$1 $2 $path\" in\n{cases}*) refuse '{not_found}' ;;\nesac\n",
            log = folder.join("asked").display(),
            greeting = self.greeting.replace('\'', "'\\''"),
            status = self.status,
            not_found = self.not_found.replace('\'', "'\\''"),
        );
        write_program(&script, &text);
        let lines: String = self
            .keys
            .iter()
            .map(|(key, account)| format!("command=\"'{}' '{account}'\" {key}\n", script.display()))
            .collect();
        let sshd = self.options.iter().fold(Sshd::gitlab().authorized(&lines), |sshd, option| sshd.option(option));
        let server = sshd.start(stage);
        GitServer { server, repositories: folder, trap }
    }
}

impl GitServer {
    /// The folder with everything that could change there.
    pub(crate) fn folder(&self) -> PathBuf {
        self.repositories.join("repositories")
    }

    /// Who asked for what, a line a session.
    pub(crate) fn asked(&self) -> Vec<String> {
        super::process::read(&self.repositories.join("asked")).lines().map(str::to_owned).collect()
    }

    /// Whether a hook has run, and which.
    pub(crate) fn hooks(&self) -> String {
        fs::read_to_string(&self.trap).unwrap_or_default()
    }
}
