//! The command line.

use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args as Group, Parser, Subcommand, ValueEnum};
use regex::Regex;

#[cfg(feature = "live")]
use crate::live::published::{Address, Login, Wanted};
use crate::redact::Sort;
use crate::report::form::{self, FORMS, Form};
use crate::text::Since;

/// Says why ssh was refused, shows the lines that prove it, and prints the command that works.
#[derive(Debug, Parser)]
#[command(name = "ssh-why", version, about, term_width = 80, after_help = EXIT_CODES)]
pub(super) struct Args {
    #[command(subcommand)]
    pub(super) command: Command,
}

const EXIT_CODES: &str = "\
Exit codes:
  0  all is well
  1  a cause was found
  2  wrong usage, or input that can't be read
  3  not enough to tell

Examples:
  ssh-why git push                         put it in front of what failed
  ssh-why ssh -p 64784 54.224.97.243
  ssh -vT git@github.com 2>vcs.log; ssh -v -p 64784 54.224.97.243 2>ci.log
  ssh-why read --vcs vcs.log --ci ci.log";

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Explain pasted logs of ssh -v; nothing is sent anywhere
    Read(ReadArgs),
    /// Log in to git hosts and CI hosts, compare, and say what works
    #[cfg(feature = "live")]
    Check(CheckArgs),
    /// List the keys that ssh has for a host, in its order, and ask hosts which they take
    #[cfg(feature = "live")]
    Keys(KeysArgs),
    /// Diagnose the command that failed: put ssh-why in front of it
    #[cfg(feature = "live")]
    #[command(name = "in-front", hide = true)]
    InFront(FrontArgs),
    /// Write a log so that it can be shared: names, addresses, paths and fingerprints replaced, secrets cut out
    Redact(RedactArgs),
    /// Print the page of a cause, list all causes, or those behind words that ssh printed
    Explain(ExplainArgs),
    /// Print a completion script for a shell
    #[command(after_help = COMPLETES)]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page, or that of a subcommand
    #[command(after_help = MANUAL)]
    Man {
        /// The subcommand: read, check, keys, explain
        command: Option<String>,
    },
}

const READS: &str = "\
Exit codes:
  0  all is well
  1  a cause was found
  2  wrong usage, or a log that can't be read
  3  not enough to tell

Example:
  ssh -v -p 64784 54.224.97.243 2>ci.log; ssh-why read ci.log";

const EXPLAINS: &str = "\
Exit codes:
  0  printed
  2  there is no such cause, and no words like these are known

Examples:
  ssh-why explain key-not-offered
  ssh-why explain 'Permission denied (publickey)'";

const COMPLETES: &str = "\
Exit codes:
  0  printed
  2  wrong usage

Example:
  ssh-why completions bash > ~/.local/share/bash-completion/completions/ssh-why";

const MANUAL: &str = "\
Exit codes:
  0  printed
  2  there is no such subcommand

Example:
  ssh-why man check | man -l -";

#[derive(Debug, Group)]
#[command(after_help = READS)]
pub(super) struct ReadArgs {
    /// Logs whose hosts say what they are; - or none is standard input. Of a folder, each log in it is a report of its own
    pub(super) files: Vec<PathBuf>,
    /// Log of a connection to a git host
    #[arg(long, value_name = "FILE")]
    pub(super) vcs: Vec<PathBuf>,
    /// Log of a connection to the CI host
    #[arg(long, value_name = "FILE")]
    pub(super) ci: Vec<PathBuf>,
    /// A report for each log, not one of all together; so it is for a folder's logs in any case
    #[arg(long, conflicts_with_all = ["vcs", "ci"])]
    pub(super) each: bool,
    /// Of a server's log, only what is about this user
    #[arg(long, value_name = "NAME")]
    pub(super) user: Option<String>,
    /// Of a server's log, only connections seen at this time or later: '2026-11-27 09:20' by its clock; 2h, yesterday, 09:20 by yours
    #[arg(long, value_name = "TIME", value_parser = super::since::parse, allow_hyphen_values = true)]
    pub(super) since: Option<Since>,
    #[command(flatten)]
    pub(super) report: ReportArgs,
}

/// What is handed to every ssh that is run, and what completes a destination; as ssh's own options mean it.
#[cfg(feature = "live")]
#[derive(Debug, Group)]
pub(super) struct SshArgs {
    /// Configuration file, for every ssh that is run
    #[arg(short = 'F', value_name = "FILE")]
    pub(super) config: Option<String>,
    /// Key file, for every ssh that is run
    #[arg(short = 'i', value_name = "FILE")]
    pub(super) identities: Vec<String>,
    /// Option of ssh, for every ssh that is run
    #[arg(short = 'o', value_name = "OPTION")]
    pub(super) options: Vec<String>,
    /// Port of the destinations
    #[arg(short = 'p', value_name = "PORT")]
    pub(super) port: Option<u16>,
    /// User of the destinations
    #[arg(short = 'l', value_name = "USER")]
    pub(super) user: Option<String>,
    /// Jump host of the destinations
    #[arg(short = 'J', value_name = "HOP")]
    pub(super) jump: Option<String>,
}

#[cfg(feature = "live")]
impl SshArgs {
    /// The options for every ssh that is run.
    pub(super) fn common(&self) -> Vec<String> {
        let config = self.config.iter().map(|file| ("-F", file));
        let identities = self.identities.iter().map(|file| ("-i", file));
        let options = self.options.iter().map(|option| ("-o", option));
        let all = config.chain(identities).chain(options);
        all.flat_map(|(letter, value)| [letter.to_owned(), value.clone()]).collect()
    }
}

/// `10`, `10s` or `1m`, as clocks and other programs have it.
#[cfg(feature = "live")]
fn seconds(text: &str) -> Result<u64, String> {
    let (digits, unit) = match text.strip_suffix('m') {
        Some(minutes) => (minutes, 60),
        None => (text.strip_suffix('s').unwrap_or(text), 1),
    };
    let number = digits.parse::<u64>().ok().and_then(|number| number.checked_mul(unit));
    number
        .filter(|number| (1..=3600).contains(number))
        .ok_or_else(|| "give seconds, from 1 to 3600: 10, 10s or 1m".to_owned())
}

/// What to ask, and how.
#[cfg(feature = "live")]
#[derive(Debug, Group)]
#[command(after_help = SAFETY)]
pub(super) struct CheckArgs {
    /// Destinations: [user@]host or ssh://[user@]host[:port]
    #[arg(value_name = "DEST")]
    pub(super) destinations: Vec<String>,
    /// Git host to log in to; without it the repository's remotes, else the hosts your files name
    #[arg(long, value_name = "HOST")]
    pub(super) vcs: Vec<String>,
    /// Command as the CI job prints it, in quotes: 'ssh -p 64784 54.224.97.243'
    #[arg(long, value_name = "COMMAND")]
    pub(super) ci: Vec<String>,
    #[command(flatten)]
    pub(super) ssh: SshArgs,
    #[command(flatten)]
    pub(super) look: LookArgs,
}

/// A command that failed, and how to look at it.
#[cfg(feature = "live")]
#[derive(Debug, Group)]
pub(super) struct FrontArgs {
    /// The command, as it was typed: ssh, git, scp, sftp or rsync
    #[arg(value_name = "COMMAND", trailing_var_arg = true, allow_hyphen_values = true)]
    pub(super) words: Vec<String>,
    #[command(flatten)]
    pub(super) check: LookArgs,
}

/// Whose keys are meant, and where they are published.
#[cfg(feature = "live")]
#[derive(Debug, Group)]
pub(super) struct AccountArgs {
    /// Account that is meant: a key of another account is then the verdict, and the git host's public list of its keys is looked up over HTTPS
    #[arg(long = "as", value_name = "LOGIN")]
    pub(super) account: Option<Login>,
    /// Where a git host publishes such lists, {} for the account: git.example.com=https://git.example.com/{}.keys
    #[allow(rustdoc::bare_urls, reason = "the help shows it as it stands")]
    #[arg(long, value_name = "HOST=ADDRESS", requires = "account")]
    pub(super) keys_at: Vec<Address>,
    /// Look nothing up over HTTPS
    #[arg(long)]
    pub(super) offline: bool,
}

#[cfg(feature = "live")]
impl AccountArgs {
    /// What is to be looked up.
    pub(super) fn published(&self) -> Option<Wanted> {
        let login = self.account.clone().filter(|_| !self.offline)?;
        Some(Wanted { login, addresses: self.keys_at.clone() })
    }
}

/// How to look at hosts.
#[cfg(feature = "live")]
#[derive(Debug, Group)]
pub(super) struct LookArgs {
    #[command(flatten)]
    pub(super) account: AccountArgs,
    /// Where a key is refused, ask that host about every key here: each is shown to it, none is used
    #[arg(long)]
    pub(super) all_keys: bool,
    /// Limit for each connection, in seconds
    #[arg(long, value_name = "SECONDS", default_value = "10", value_parser = seconds)]
    pub(super) timeout: u64,
    /// Keep the live log of each host in this folder, for your eyes alone; the report names the files. What tries a
    /// suggestion or --all-keys is quoted nowhere, and not kept
    #[arg(long, value_name = "DIR")]
    pub(super) log: Option<PathBuf>,
    #[command(flatten)]
    pub(super) report: ReportArgs,
}

#[cfg(feature = "live")]
const SAFETY: &str = "\
Nothing of yours is changed: known_hosts, configuration and agent stay as they
are, no password is asked for or sent, no old connection is joined, and nothing
is run on a CI host. A host learns the public keys that ssh offers it, as with
any login.

Exit codes:
  0  all is well
  1  a cause was found
  2  wrong usage
  3  not enough to tell

Example:
  ssh-why check --ci 'ssh -p 64784 54.224.97.243'";

/// Which keys, and whom to ask.
#[cfg(feature = "live")]
#[derive(Debug, Group)]
#[command(after_help = LEARNS)]
pub(super) struct KeysArgs {
    /// Destination: [user@]host or ssh://[user@]host[:port]; without it the first of --offer, else any host
    #[arg(value_name = "DEST")]
    pub(super) destination: Option<String>,
    /// Ask this destination which of the keys it takes; may be given several times
    #[arg(long, value_name = "DEST")]
    pub(super) offer: Vec<String>,
    /// Log in with each accepted key, to learn whose it is; this signs
    #[arg(long, requires = "offer")]
    pub(super) login: bool,
    /// Trust the host key with this fingerprint (SHA256:...), though known_hosts lacks it
    #[arg(long = "host-key", value_name = "FINGERPRINT")]
    pub(super) host_keys: Vec<String>,
    #[command(flatten)]
    pub(super) account: AccountArgs,
    #[command(flatten)]
    pub(super) ssh: SshArgs,
    /// Limit for each connection and each answer, in seconds
    #[arg(long, value_name = "SECONDS", default_value = "10", value_parser = seconds)]
    pub(super) timeout: u64,
    #[command(flatten)]
    pub(super) report: ReportArgs,
}

#[cfg(feature = "live")]
const LEARNS: &str = "\
A host learns each public key that is offered to it. Without --offer no key is
sent to any host. With it, only the hosts named there are asked, about all keys
of the list, those that ssh would not offer included. Nothing is signed, nobody
is logged in, and no private key is used, unless --login is given. A host whose
key is not known is offered nothing.

Exit codes:
  0  each host that was asked takes a key; without --offer: the list is printed
  1  a host takes none of them
  2  wrong usage
  3  it could not be told

Example:
  ssh-why keys git@github.com --offer git@github.com --offer git@gitlab.com";

/// How to write the report.
#[derive(Debug, Group)]
pub(super) struct ReportArgs {
    /// Form of the report
    #[arg(long, value_parser = forms(), default_value = FORMS[0].name)]
    pub(super) format: &'static Form,
    /// Show all of the report, not only what a screen holds
    #[arg(short, long)]
    pub(super) verbose: bool,
    /// Write the whole report into this new file, too; its ending says in which form: .md, .html, .json …
    #[arg(long, value_name = "FILE")]
    pub(super) report: Option<PathBuf>,
    #[command(flatten)]
    pub(super) redaction: Redaction,
    /// When to use colours; NO_COLOR turns them off, too
    #[arg(long, value_enum, value_name = "WHEN", default_value_t)]
    pub(super) color: Color,
    /// Shell that the suggested command is quoted for
    #[arg(long, value_enum, default_value_t)]
    pub(super) shell: ShellName,
}

/// Whether the report is to be shared.
#[derive(Debug, Group)]
pub(super) struct Redaction {
    /// Replace what tells whose it is: names, addresses, paths, fingerprints
    #[arg(long)]
    pub(super) redact: bool,
    /// Values to leave as they are: users, hosts, addresses, ports, names, comments, repositories, fingerprints
    #[arg(long, value_name = "WHICH", value_delimiter = ',', requires = "redact", value_parser = sorts(), hide_possible_values = true)]
    pub(super) keep: Vec<Sort>,
    /// Replace what this regular expression fits, too; may be given several times
    #[arg(long, value_name = "REGEX", requires = "redact", value_parser = Regex::new)]
    pub(super) also: Vec<Regex>,
}

/// Which logs to write again.
#[derive(Debug, Group)]
#[command(after_help = REPLACED)]
pub(super) struct RedactArgs {
    /// Logs; - or none is standard input
    pub(super) files: Vec<PathBuf>,
    /// Write each log into this folder, which may be new, under its own name; nothing is overwritten
    #[arg(long, value_name = "FOLDER")]
    pub(super) into: Option<PathBuf>,
    /// Values to leave as they are: users, hosts, addresses, ports, names, comments, repositories, fingerprints
    #[arg(long, value_name = "WHICH", value_delimiter = ',', value_parser = sorts(), hide_possible_values = true)]
    pub(super) keep: Vec<Sort>,
    /// Replace what this regular expression fits, too; may be given several times
    #[arg(long, value_name = "REGEX", value_parser = Regex::new)]
    pub(super) also: Vec<Regex>,
}

const REPLACED: &str = "\
The same value has the same stand-in in all logs of one call, and reading the
result gives the same verdict. Git hosts, their published keys and well-known
ports stay. Passwords, tokens and keys themselves are cut out. Look at the
result before you share it: what no program prints as a name is not known for
one.

Example:
  ssh-why redact --into shared vcs.log ci.log
  ssh-why redact --also '[A-Z]+-[0-9]+' vcs.log

Exit codes:
  0  the logs are written
  2  wrong usage, unreadable input, or a file that stands there already";

/// The sorts of values, by their names.
fn sorts() -> impl TypedValueParser<Value = Sort> {
    let names = Sort::KEPT.iter().map(|sort| PossibleValue::new(sort.plural()));
    PossibleValuesParser::new(names)
        .map(|name| Sort::KEPT.iter().copied().find(|sort| sort.plural() == name).unwrap_or(Sort::User))
}

/// The forms of a report, as the report module lists them.
fn forms() -> impl TypedValueParser<Value = &'static Form> {
    let names = FORMS.iter().map(|form| PossibleValue::new(form.name).help(form.about));
    PossibleValuesParser::new(names).map(|name| form::by_name(&name).unwrap_or(&FORMS[0]))
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    #[default]
    Auto,
    Always,
    Never,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ShellName {
    /// Bourne shell, bash, zsh, fish
    Sh,
    #[value(name = "powershell")]
    PowerShell,
    Cmd,
}

impl Default for ShellName {
    fn default() -> Self {
        if cfg!(windows) { Self::PowerShell } else { Self::Sh }
    }
}

impl From<ShellName> for crate::shell::Shell {
    fn from(name: ShellName) -> Self {
        match name {
            ShellName::Sh => Self::Sh,
            ShellName::PowerShell => Self::PowerShell,
            ShellName::Cmd => Self::Cmd,
        }
    }
}

#[derive(Debug, Group)]
#[command(after_help = EXPLAINS)]
pub(super) struct ExplainArgs {
    /// A cause's id, as reports print it; words that ssh printed; or a client, such as plink
    pub(super) cause: Option<String>,
    /// When to use colours; NO_COLOR turns them off, too
    #[arg(long, value_enum, value_name = "WHEN", default_value_t)]
    pub(super) color: Color,
}
