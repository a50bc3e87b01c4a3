//! The way over jump hosts: ssh itself, as far as the last one, which then passes bytes on. ssh logs in there, as it
//! would for a login, and each hop is held to its own host-key settings.

use std::time::Duration;

use crate::live::config::{self, Options};
use crate::live::known_hosts;
use crate::live::program::Program;
use crate::model::facts::option;
use crate::shell::{self, Shell};

/// The words of the program that leads over `hops`, as ProxyJump lists them, to a port.
pub(super) fn way(
    ssh: &str,
    common: &[String],
    hops: &str,
    host: &str,
    port: u16,
    limit: Duration,
) -> Result<Vec<String>, String> {
    let (before, last) = match hops.rsplit_once(',') {
        Some((before, last)) => (Some(before), last),
        None => (None, hops),
    };
    // ProxyJump has host:port, which a destination has as an address alone.
    let bare = last.starts_with("ssh://") || last.matches(':').count() > 1 && !last.contains('[');
    let address = if bare { last.to_owned() } else { format!("ssh://{last}") };
    let typed = shell::parse_ssh(&["ssh".to_owned(), address]);
    let typed = typed.filter(|typed| !typed.host.is_empty() && !typed.host.starts_with('-'));
    let typed = typed.ok_or_else(|| format!("{last:?} is no jump host"))?;
    let mut there: Vec<String> = Vec::new();
    if let Some(at) = common.iter().position(|word| word == "-F") {
        there.extend(["-F".to_owned(), common.get(at + 1).cloned().unwrap_or_else(|| "none".to_owned())]);
    }
    if let Some(user) = &typed.user {
        there.extend(["-l".to_owned(), user.clone()]);
    }
    if let Some(port) = typed.port {
        there.extend(["-p".to_owned(), port.to_string()]);
    }
    there.extend(["--".to_owned(), typed.host.clone()]);
    let asked = config::ask(&Program::named(ssh), &there, limit).map_err(|failure| failure.to_string())?;
    let options = asked.known().ok_or_else(|| format!("ssh does not say what applies to the jump host {last}"))?;
    let mut words = vec![ssh.to_owned()];
    let mut push = |more: &[&str]| words.extend(more.iter().map(|word| (*word).to_owned()));
    push(&["-W", &format!("[{host}]:{port}"), "-a", "-x"]);
    push(&["-o", "BatchMode=yes", "-o", "ControlPath=none", "-o", "PermitLocalCommand=no"]);
    push(&["-o", "UpdateHostKeys=no"]);
    for setting in host_key_settings(options) {
        push(&["-o", &setting]);
    }
    if let Some(before) = before {
        let hostname = option(options, "hostname").unwrap_or(&typed.host);
        let port = option(options, "port").and_then(|port| port.parse().ok()).unwrap_or(22);
        let inner = way(ssh, common, before, hostname, port, limit)?;
        let line = shell::join(&inner, Shell::Sh).map_err(|_| "a jump host can't be quoted".to_owned())?;
        // ssh has tokens of its own in this option.
        push(&["-o", &format!("ProxyCommand={}", line.replace('%', "%%"))]);
    }
    words.extend(there);
    Ok(words)
}

/// Its own settings, but that nothing new is remembered: what is new goes to the first file, and so nowhere.
fn host_key_settings(options: &Options) -> Vec<String> {
    let files = format!("UserKnownHostsFile=/dev/null {}", known_hosts::user_files(options));
    match option(options, "stricthostkeychecking") {
        Some(loose @ ("no" | "off" | "false")) => vec![format!("StrictHostKeyChecking={loose}"), files],
        Some("accept-new") => vec!["StrictHostKeyChecking=accept-new".into(), files],
        // Without anybody to ask, `ask` is as strict as `yes`.
        _ => vec!["StrictHostKeyChecking=yes".into()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_hop_has_its_own_settings() {
        let strict = |value: &str| {
            let options: Options =
                vec![("stricthostkeychecking".into(), value.into()), ("userknownhostsfile".into(), "/k".into())];
            host_key_settings(&options)
        };
        for value in ["ask", "yes", "true"] {
            assert_eq!(strict(value), ["StrictHostKeyChecking=yes"]);
        }
        assert_eq!(strict("false")[0], "StrictHostKeyChecking=false");
        assert_eq!(strict("accept-new"), ["StrictHostKeyChecking=accept-new", "UserKnownHostsFile=/dev/null /k"]);
    }

    #[test]
    fn hops_follow_one_another() {
        let common = ["-F", "none"].map(str::to_owned);
        let words = way("ssh", &common, "me@one.example:7,two.example", "h.example", 22, Duration::from_secs(20));
        let words = words.unwrap_or_default();
        assert_eq!(words[..3], ["ssh", "-W", "[h.example]:22"].map(str::to_owned));
        assert_eq!(words.last().map(String::as_str), Some("two.example"));
        let inner = words.iter().find_map(|word| word.strip_prefix("ProxyCommand=")).unwrap_or_default();
        let inner = shell::split(inner);
        assert_eq!(inner[..3], ["ssh", "-W", "[two.example]:22"].map(str::to_owned));
        let end: Vec<&str> = inner.iter().rev().take(6).rev().map(String::as_str).collect();
        assert_eq!(end, ["-l", "me", "-p", "7", "--", "one.example"]);
        assert!(way("ssh", &common, "-oProxyCommand=x", "h", 22, Duration::from_secs(20)).is_err());
    }
}
