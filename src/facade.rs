//! What a program needs that explains logs: sources, a wish, a diagnosis.

use crate::diagnose::{Diagnosis, diagnose};
use crate::model::{Facts, Role};
use crate::reader;
use crate::shell::Shell;

/// One log, in memory.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// What to call it in the report: a file's name, `-` for standard input.
    pub name: &'a str,
    /// Whose log it is; `Other` where the hosts in it are to tell.
    pub role: Role,
    /// The log, in whatever encoding it came.
    pub bytes: &'a [u8],
}

/// What is wanted of a diagnosis.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    /// The shell that commands are quoted for.
    pub shell: Shell,
    /// The account that was meant.
    pub login: Option<String>,
}

/// Reads logs and says why ssh was refused. Never fails: what can't be told is `unknown`.
///
/// ```
/// use ssh_why::{Look, Report, Source, Wish, by_name, explain, model::Role};
///
/// let log = b"debug1: Offering public key: /home/dev/.ssh/id_rsa RSA SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s\n\
///             debug1: Authentications that can continue: publickey\n\
///             dev@box: Permission denied (publickey).\n";
/// let source = Source { name: "ssh.log", role: Role::Other, bytes: log };
/// let diagnosis = explain(&[source], &Wish::default());
/// assert_eq!(diagnosis.verdict.cause, "key-rejected");
/// let form = by_name("markdown").unwrap();
/// assert!((form.write)(&Report::Diagnosis(&diagnosis), &Look::default()).contains("key-rejected"));
/// ```
pub fn explain(sources: &[Source<'_>], wish: &Wish) -> Diagnosis {
    let transcripts = sources.iter().map(|source| {
        let mut log = reader::read(source.name, source.bytes);
        log.role = source.role;
        log
    });
    let facts = Facts { wanted_login: wish.login.clone(), ..Facts::default() };
    diagnose(transcripts.collect(), facts, wish.shell)
}
