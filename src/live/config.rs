//! What applies to a destination: asked of the user's own ssh (`ssh -G`, OpenSSH 6.8 on), never worked out here.

use std::time::Duration;

use super::process::{self, Failure};
use crate::model::Fact;

/// Options with their values, lower-case names, in ssh's order.
pub type Options = Vec<(String, String)>;

/// Asks ssh what applies. `args` are the words of an ssh command: options and destination.
///
/// # Errors
/// There is no ssh, or it can't be started.
pub fn ask(ssh: &str, args: &[String], limit: Duration) -> Result<Fact<Options>, Failure> {
    let words = std::iter::once("-G").chain(args.iter().map(String::as_str));
    match process::run(ssh, words, limit) {
        Ok(output) if output.status.success() => Ok(Fact::Known(parse(&output.text()))),
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            let first = said.lines().find(|line| !line.trim().is_empty()).unwrap_or("it gave no reason").trim();
            let old = said.contains("illegal option") || said.contains("unknown option");
            Ok(Fact::Unknown(if old { "this ssh is older than 6.8 and has no -G".to_owned() } else { first.to_owned() }))
        }
        Err(slow @ (Failure::Timeout(..) | Failure::Interrupted)) => Ok(Fact::Unknown(slow.to_string())),
        Err(missing) => Err(missing),
    }
}

fn parse(text: &str) -> Options {
    text.lines()
        .filter_map(|line| line.split_once(' '))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect()
}

/// Whether ssh knows an option at all: `-G` lists all that it knows and that have a value.
pub fn knows(options: &Fact<Options>, name: &str) -> bool {
    options.known().is_some_and(|options| options.iter().any(|(key, _)| key == name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_listed_in_order() {
        let options = parse("user git\nhostname github.com\nidentityfile ~/.ssh/a\nidentityfile ~/.ssh/b c\n");
        assert_eq!(options[3], ("identityfile".to_owned(), "~/.ssh/b c".to_owned()));
        assert!(knows(&Fact::Known(options), "user"));
    }
}
