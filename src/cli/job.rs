//! CI jobs that this program runs in: known by the variables that each product publishes, told of in the report, and told
//! the verdict in the product's own way.

use std::fs::File;
use std::io::{self, Write};
use std::time::{SystemTime, UNIX_EPOCH};

use super::args::ReportArgs;
use super::output;
use crate::diagnose::Diagnosis;
use crate::model::Standing;
use crate::model::facts::Job;
use crate::report::form;
use crate::report::{Look, Report};

/// A CI product.
struct Product {
    name: &'static str,
    /// Set in its jobs, and in no others.
    variable: &'static str,
    /// Whose key a job uses for ssh, in a sentence.
    keys: &'static str,
    /// How a job's log is told what matters.
    told: Told,
}

/// How a product takes what matters.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Told {
    /// It shows the log, and no more.
    Log,
    /// `::error::` (docs.github.com, workflow commands), and a file that becomes the job's summary.
    Workflow,
    /// `section_start:` (docs.gitlab.com, custom collapsible sections).
    Section,
    /// `##vso[task.logissue]` (learn.microsoft.com, logging commands).
    Issue,
}

const PRODUCTS: &[Product] = &[
    Product {
        name: "GitHub Actions",
        variable: "GITHUB_ACTIONS",
        keys: "A job has a token for https and no key of its own for ssh: keys come from actions/checkout's ssh-key or from an agent that a step starts. Several deploy keys in one agent shadow each other.",
        told: Told::Workflow,
    },
    Product {
        name: "GitLab CI",
        variable: "GITLAB_CI",
        keys: "A job has a token for https and no key of its own for ssh: keys come from a variable, often SSH_PRIVATE_KEY, that a step gives to an agent. A variable's last line end must not be lost.",
        told: Told::Section,
    },
    Product {
        name: "CircleCI",
        variable: "CIRCLECI",
        keys: "A job uses the project's keys: the checkout key (a deploy key, or a user's), and those that add_ssh_keys names, by host. Several deploy keys in one agent shadow each other.",
        told: Told::Log,
    },
    Product {
        name: "Jenkins",
        variable: "JENKINS_URL",
        keys: "A job uses the keys of its credentials binding, else those of the account that the agent runs as, often jenkins with a home of its own.",
        told: Told::Log,
    },
    Product {
        name: "Buildkite",
        variable: "BUILDKITE",
        keys: "A job uses the keys of the account that the agent runs as, buildkite-agent, or those of a secrets plugin.",
        told: Told::Log,
    },
    Product {
        name: "Bitbucket Pipelines",
        variable: "BITBUCKET_BUILD_NUMBER",
        keys: "A step uses the key pair of the repository's Pipelines settings; other repositories must have it as an access key.",
        told: Told::Log,
    },
    Product {
        name: "Azure Pipelines",
        variable: "TF_BUILD",
        keys: "A job has a token for https; a key for ssh comes from the InstallSSHKey task. Azure Repos takes the first key offered, whosever it is.",
        told: Told::Issue,
    },
];

/// The job that this program runs in.
fn product() -> Option<&'static Product> {
    let set = |name: &str| std::env::var(name).is_ok_and(|value| !value.is_empty() && value != "false");
    PRODUCTS.iter().find(|product| set(product.variable))
}

/// What is to be known of the job.
pub(super) fn here() -> Option<Job> {
    product().map(|product| Job { product: product.name, keys: product.keys })
}

/// Begins a section of the job's log, where the product has them and the report is for people.
pub(super) fn begin(args: &ReportArgs) -> bool {
    let wanted =
        args.format.name == form::FORMS[0].name && product().is_some_and(|product| product.told == Told::Section);
    if wanted {
        let line = format!("\u{1b}[0Ksection_start:{}:ssh_why\r\u{1b}[0Kssh-why\n", now());
        let _ = output::write(line.as_bytes());
    }
    wanted
}

/// Ends it.
pub(super) fn end(begun: bool) {
    if begun {
        let _ = output::write(format!("\u{1b}[0Ksection_end:{}:ssh_why\r\u{1b}[0K\n", now()).as_bytes());
    }
}

/// Tells the product the verdict: a line of the log that it marks, and the report as the job's summary.
pub(super) fn tell(diagnosis: &Diagnosis, args: &ReportArgs) {
    let Some(product) = product() else { return };
    let verdict = &diagnosis.verdict;
    let title = format!("ssh-why: {}", verdict.cause);
    let failed = verdict.standing != Standing::Well;
    let line = match product.told {
        Told::Workflow => {
            let level = if failed { "error" } else { "notice" };
            format!("::{level} title={}::{}", escaped(&title, ":,"), escaped(&verdict.summary, ""))
        }
        Told::Issue if failed => {
            format!("##vso[task.logissue type=error]{}: {}", escaped(&title, ";]"), escaped(&verdict.summary, ";]"))
        }
        Told::Issue | Told::Section | Told::Log => return,
    };
    let _ = writeln!(io::stderr(), "{line}");
    if let Some(summary) = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|_| product.told == Told::Workflow)
        && let Some(markdown) = form::by_name("markdown")
    {
        let look = Look { shell: args.shell.into(), ..Look::default() };
        let text = (markdown.write)(&Report::Diagnosis(diagnosis), &look);
        // The product made this file for this step, to be added to.
        let file = File::options().append(true).open(summary);
        let _ = file.and_then(|mut file| file.write_all(text.as_bytes()));
    }
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// A text as such a line holds it: its own line ends and marks would end it.
fn escaped(text: &str, marks: &str) -> String {
    let one = |c: char| match c {
        '%' => "%25".to_owned(),
        c if c.is_control() || marks.contains(c) => format!("%{:02X}", u32::from(c)),
        c => c.to_string(),
    };
    text.chars().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_stays_one() {
        assert_eq!(escaped("50% of a:b\n::error::x", ""), "50%25 of a:b%0A::error::x");
        assert_eq!(escaped("a:b,c", ":,"), "a%3Ab%2Cc");
    }
}
