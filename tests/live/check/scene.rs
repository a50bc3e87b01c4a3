//! What a scene is, and how it is played.

use std::time::Duration;

use serde_json::Value;

use crate::kit::{DEFAULT_LIMIT, Home, Key, Ran, Server, Stage};

/// What is expected of the suggested command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Suggestion {
    /// There is one, and it logs in.
    Works,
    /// If there is one that was verified, it logs in.
    Any,
    /// Nothing that can be typed would help.
    None,
}

/// What to run once the stage is set, and what else to look at.
pub(crate) struct Act {
    args: Vec<String>,
    limit: Duration,
    looks: Vec<Look>,
    warnings: Vec<&'static str>,
}

type Look = Box<dyn FnOnce(&Stage, &Value, &Ran)>;

/// `ssh-why check` with these arguments.
pub(crate) fn check<S: ToString>(args: impl IntoIterator<Item = S>) -> Act {
    let args = args.into_iter().map(|arg| arg.to_string()).collect();
    Act { args, limit: DEFAULT_LIMIT, looks: Vec::new(), warnings: Vec::new() }
}

impl Act {
    /// With more arguments.
    pub(crate) fn and<S: ToString>(mut self, args: impl IntoIterator<Item = S>) -> Self {
        self.args.extend(args.into_iter().map(|arg| arg.to_string()));
        self
    }

    pub(crate) fn limit(mut self, seconds: u64) -> Self {
        self.limit = Duration::from_secs(seconds);
        self
    }

    /// A warning names this; without one, nothing is said.
    pub(crate) fn warns(mut self, word: &'static str) -> Self {
        self.warnings.push(word);
        self
    }

    /// Looks at the report afterwards.
    pub(crate) fn then(mut self, look: impl FnOnce(&Value) + 'static) -> Self {
        self.looks.push(Box::new(|_, report, _| look(report)));
        self
    }

    /// The suggested command has these words in it.
    pub(crate) fn suggests(self, words: impl Into<String>) -> Self {
        let words = words.into();
        self.then(move |report| {
            let command = report["suggestion"]["command"].as_str().unwrap_or_default();
            assert!(command.contains(&words), "no {words:?} in {command:?}");
        })
    }

    /// Some finding, the verdict's or another, has this cause.
    pub(crate) fn finds(self, cause: &'static str) -> Self {
        self.then(move |report| assert!(causes(report).contains(&cause), "no {cause}: {}", gist(report)))
    }

    /// No finding has this cause.
    pub(crate) fn finds_no(self, cause: &'static str) -> Self {
        self.then(move |report| assert!(!causes(report).contains(&cause), "{cause}: {}", gist(report)))
    }

    /// The git host's greeting named this account.
    pub(crate) fn login(self, account: &'static str) -> Self {
        self.then(move |report| {
            let logins: Vec<_> = sessions(report).filter_map(|session| session["login"].as_str()).collect();
            assert_eq!(logins, [account]);
        })
    }

    /// These were asked, and no others.
    pub(crate) fn sources(self, wanted: &'static [&'static str]) -> Self {
        self.then(move |report| {
            let logs = report["transcripts"].as_array().unwrap();
            let mut sources: Vec<_> = logs.iter().map(|log| log["source"].as_str().unwrap()).collect();
            sources.sort_unstable();
            assert_eq!(sources, wanted);
        })
    }

    /// The git hosts were chosen by the program, which says why.
    pub(crate) fn chosen_because(self, words: &'static str) -> Self {
        self.then(move |report| {
            let why = report["git_hosts"]["why"].as_str().unwrap_or_default();
            assert!(why.contains(words), "no {words:?} in {why:?}");
        })
    }

    /// It ended this soon.
    pub(crate) fn within(mut self, limit: Duration) -> Self {
        self.looks.push(Box::new(move |_, _, ran| assert!(ran.took <= limit, "took {:?}", ran.took)));
        self
    }
}

/// All sessions of a report.
pub(crate) fn sessions(report: &Value) -> impl Iterator<Item = &Value> {
    report["transcripts"].as_array().unwrap().iter().flat_map(|log| log["sessions"].as_array().unwrap())
}

/// What the report says has to be done before its command works: the commands, in order.
pub(crate) fn steps(report: &Value) -> Vec<&str> {
    let before = report["suggestion"]["before"].as_array();
    before.into_iter().flatten().filter_map(|fix| fix["command"].as_str()).collect()
}

/// The causes of all findings.
pub(crate) fn causes(report: &Value) -> Vec<&str> {
    report["findings"].as_array().unwrap().iter().map(|finding| finding["cause"].as_str().unwrap()).collect()
}

/// What a report says, without the logs that it says it of.
fn gist(report: &Value) -> String {
    let mut text = format!("{}\n{}", report["verdict"], report["suggestion"]);
    for session in sessions(report) {
        text += &format!("\n  {}:{} {}", session["host"], session["port"], session["outcome"]);
        text += &format!(" offered {}", session["offered"]);
    }
    for finding in report["findings"].as_array().unwrap() {
        text += &format!("\n  {} {} {}", finding["cause"], finding["certainty"], finding["title"]);
        for evidence in finding["evidence"].as_array().unwrap() {
            text += &format!("\n    {}:{} {}", evidence["source"], evidence["line"], evidence["text"]);
        }
    }
    text
}

/// Plays a scene, and fails where anything is not as it should be.
pub(crate) fn play(name: &str, verdicts: &[&str], suggestion: Suggestion, set_up: impl FnOnce(&Stage) -> Act) {
    let stage = Stage::new();
    let act = set_up(&stage);
    let args: Vec<&str> = act.args.iter().map(String::as_str).collect();
    let ran = stage.run("check", &args).format("json").limit(act.limit).finish();
    let report = ran.report();
    assert_eq!(ran.stderr.is_empty(), act.warnings.is_empty(), "standard error is for warnings: {}", ran.stderr);
    for word in act.warnings {
        assert!(ran.stderr.contains(word), "no {word} in {}", ran.stderr);
    }
    let cause = report["verdict"]["cause"].as_str().unwrap();
    let command = report["suggestion"]["command"].as_str();
    let verified = report["suggestion"]["verified"].as_bool();
    println!("{name}: {cause} ({:.1} s): {}", ran.took.as_secs_f32(), command.unwrap_or("no suggestion"));
    assert!(verdicts.contains(&cause), "{cause} instead of {verdicts:?}: {}", gist(&report));
    let code = match cause {
        // A warning beside a login is a cause that was found.
        "authenticated" => {
            i32::from(report["findings"].as_array().unwrap().iter().any(|finding| finding["severity"] != "note"))
        }
        "unknown" => 3,
        _ => 1,
    };
    assert_eq!(ran.code, Some(code), "exit code of {cause}");
    for look in act.looks {
        look(&stage, &report, &ran);
    }
    match (suggestion, command) {
        (Suggestion::Works, None) => panic!("no suggestion: {}", gist(&report)),
        (Suggestion::None, Some(command)) => panic!("suggests {command}"),
        // What has to be done before it works is done by the scene itself, if at all.
        (_, Some(_)) if verified.is_none() && !steps(&report).is_empty() => {}
        (_, Some(command)) => {
            let followed = stage.follow(command);
            assert!(verified.is_some(), "not tried: {command}");
            assert_eq!(followed.logged_in(), verified == Some(true), "{command}\n{}", followed.log);
            assert!(followed.logged_in() || suggestion == Suggestion::Any, "{command}\n{}", followed.log);
        }
        (_, None) => {}
    }
}

/// A configuration with a block for a git host at a server's port, and more lines for the block.
pub(crate) fn block(host: &str, server: &Server, more: &str) -> String {
    format!("Host {host}\n  Port {}\n{}\n", server.port, indented(more))
}

fn indented(lines: &str) -> String {
    lines.lines().map(|line| format!("  {}\n", line.trim())).collect()
}

/// Lines that give a host one key and no other.
pub(crate) fn only(key: &Key) -> String {
    format!("IdentityFile {}\nIdentitiesOnly yes\n", key.path())
}

/// Leads `github.com` to a server whose host key the home knows.
pub(crate) fn github(home: &Home, server: &Server, more: &str) {
    home.knows("github.com", server);
    home.config(&block("github.com", server, more));
}

/// Asks a server as `git.example.com`, a git host whose key the home knows.
pub(crate) fn git_host(stage: &Stage, server: &Server, more: &str) -> Act {
    stage.home.knows("git.example.com", server);
    stage.home.config(&block("git.example.com", server, more));
    check(["--vcs", "git.example.com"])
}

/// A table of scenes: name, verdicts of which one is given, what is suggested, and how to set the stage.
macro_rules! scenes {
    ($($(#[$note:meta])* $name:ident: $($verdict:literal)|+, $suggestion:ident, |$stage:ident| $set_up:block)+) => {$(
        $(#[$note])*
        #[test]
        fn $name() {
            let verdicts = &[$($verdict),+];
            $crate::check::scene::play(stringify!($name), verdicts, $crate::check::scene::Suggestion::$suggestion, |$stage| $set_up);
        }
    )+};
}
