//! Remembered host keys: asked of `ssh-keygen`, which knows hashed names and markers.

use std::time::Duration;

use super::config::Options;
use super::process;

/// The name under which known_hosts has a destination.
pub(crate) fn name(options: &Options) -> Option<String> {
    let value = |wanted: &str| options.iter().find(|(key, _)| key == wanted).map(|(_, value)| value.as_str());
    if let Some(alias) = value("hostkeyalias") {
        return Some(alias.to_owned());
    }
    let host = value("hostname")?;
    Some(match value("port") {
        Some("22") | None => host.to_owned(),
        Some(port) => format!("[{host}]:{port}"),
    })
}

/// The user's own files, as ssh lists them.
pub(crate) fn user_files(options: &Options) -> String {
    let files = options.iter().find(|(key, _)| key == "userknownhostsfile").map(|(_, value)| value.as_str());
    files.unwrap_or("~/.ssh/known_hosts ~/.ssh/known_hosts2").to_owned()
}

/// Whether any of the files holds a key for the destination. `None`: it can't be told.
pub(crate) fn is_known(options: &Options, home: Option<&str>, limit: Duration) -> Option<bool> {
    let name = name(options)?;
    let global = options.iter().find(|(key, _)| key == "globalknownhostsfile").map(|(_, value)| value.as_str());
    let files = format!("{} {}", user_files(options), global.unwrap_or_default());
    let mut told = Some(false);
    for file in files.split_whitespace() {
        let path = match (file.strip_prefix("~/"), home) {
            (Some(rest), Some(home)) => format!("{home}/{rest}"),
            _ => file.to_owned(),
        };
        if path == "/dev/null" || !std::path::Path::new(&path).is_file() {
            continue;
        }
        match process::run("ssh-keygen", ["-F", name.as_str(), "-f", path.as_str()], limit) {
            Ok(output) if output.status.success() && !output.stdout.is_empty() => {
                return Some(true);
            }
            Ok(_) => {}
            Err(_) => told = None,
        }
    }
    told
}
