//! What comes after the login.

use super::words::{address_port, first_word};
use crate::dialect::table::{Row, bare, logged, within};
use crate::model::{Kind, SessionFault};

pub(super) const ROWS: &[Row] = &[
    // sshd's own goes on: ` for SSH2.`
    logged("Entering interactive session", "debug1: Entering interactive session.", |rest| {
        (!rest.starts_with(" for ")).then_some(Kind::SessionOpened)
    }),
    logged("Exit status ", "debug1: Exit status 0", |rest| {
        Some(Kind::ExitStatus { status: first_word(rest).parse().ok()? })
    })
    .late(),
    logged("Sending command: ", "debug1: Sending command: uptime", |_| Some(Kind::SessionRequest { subsystem: None })),
    logged("Sending subsystem: ", "debug1: Sending subsystem: sftp", |rest| {
        Some(Kind::SessionRequest { subsystem: Some(rest.trim().to_owned()) })
    }),
    logged("Remote: ", "debug1: Remote: /home/dev/.ssh/authorized_keys:1: key options: command pty user-rc", |rest| {
        let (_, options) = rest.split_once(": key options:")?;
        options.split_whitespace().any(|option| option == "command").then_some(Kind::ForcedCommand)
    }),
    within(" request failed on channel ", "subsystem request failed on channel 0", |before, _| {
        let what = match before {
            "subsystem" => SessionFault::Subsystem,
            "shell" => SessionFault::Shell,
            "exec" => SessionFault::Exec,
            "PTY allocation" => SessionFault::Terminal,
            _ => return None,
        };
        Some(Kind::SessionFailed { what })
    })
    .late()
    .signs(),
    // session.c: what `ForceCommand internal-sftp` says to a shell or a command.
    bare("This service allows sftp connections only", "This service allows sftp connections only.", |_| {
        Some(Kind::SessionFailed { what: SessionFault::AllButSftp })
    }),
    // sftp-client.c, also under scp since 9.0.
    bare("Received message too long ", "Received message too long 1416128883", |_| {
        Some(Kind::SessionFailed { what: SessionFault::Protocol })
    })
    .late()
    .signs(),
    bare("Transferred: sent ", "Transferred: sent 2628, received 3580 bytes, in 0.3 seconds", lasted).late(),
    bare("Connection to ", "Connection to box closed.", session_closed).late(),
    bare("This account is currently not available", "This account is currently not available.", |_| {
        Some(account("This account is currently not available"))
    }),
    bare("Your account has expired", "Your account has expired; please contact your administrator", |_| {
        Some(account("Your account has expired"))
    }),
    // session.c, `do_pwchange`: to standard error, before the session's command or shell.
    bare("WARNING: Your password has expired", "WARNING: Your password has expired.", expired).inside_if(ends),
    bare("Password change required but no TTY available", "Password change required but no TTY available.", expired)
        .inside_if(ends),
    bare(
        "You must change your password now and login again",
        "You must change your password now and login again!",
        expired,
    ),
    // pam_unix.c of Linux-PAM 1.5: in brackets, whose rule it is.
    bare(
        "You are required to change your password immediately",
        "You are required to change your password immediately (administrator enforced).",
        expired,
    ),
    // tailssh.go: to the client as a banner, in place of a login.
    bare(
        "tailscale: tailnet policy does not permit you to SSH to this node",
        "tailscale: tailnet policy does not permit you to SSH to this node",
        |_| Some(Kind::TailnetRefused),
    ),
    // The key of a cloud image's root is bound to these words (ssh_util.py of cloud-init).
    bare("Please login as the user \"", "Please login as the user \"ubuntu\" rather than the user \"root\".", |rest| {
        rest.contains("\" rather than the user \"").then(|| account("Please login as another user"))
    }),
    bare("Invalid session token", "Invalid session token", |_| Some(account("Invalid or expired session token"))),
    bare("Invalid or expired session token", "Invalid or expired session token", |_| {
        Some(account("Invalid or expired session token"))
    }),
    bare("Welcome to ", "Welcome to Ubuntu 22.04.3 LTS (GNU/Linux 5.15.0 x86_64)", remote_shell),
    bare("Last login: ", "Last login: Fri Mar  1 10:00:00 2024 from 192.0.2.7", |_| Some(Kind::RemoteShell)).opens(),
    bare("Linux ", "Linux box 6.1.0-18-amd64 #1 SMP Debian 6.1.76-1 x86_64", |rest| {
        rest.contains(" SMP ").then_some(Kind::RemoteShell)
    }),
    bare("Cloning into ", "Cloning into 'widgets'...", |_| Some(Kind::Git { text: "Cloning into".into() })),
    bare("fatal: Could not read from remote repository", "fatal: Could not read from remote repository.", |_| {
        Some(Kind::Git { text: "fatal: Could not read from remote repository".into() })
    }),
    bare("fatal: repository '", "fatal: repository 'https://box.example/team/app.git/' not found", over_http),
    bare(
        "fatal: unable to access '",
        "fatal: unable to access 'https://box.example/team/app.git/': timed out",
        over_http,
    ),
    bare(
        "fatal: Authentication failed for '",
        "fatal: Authentication failed for 'https://box.example/app.git/'",
        over_http,
    ),
    // GIT_SSH, GIT_SSH_COMMAND or core.sshCommand names a program that git cannot give a port (connect.c of git 2.39).
    bare("fatal: ssh variant '", "fatal: ssh variant 'simple' does not support setting port", |rest| {
        Some(Kind::ConfigError { text: format!("ssh variant '{rest}") })
    })
    .signs(),
    // The program that is named does not exist. What follows is its end.
    bare("error: cannot run ", "error: cannot run /opt/ssh: No such file or directory", |rest| {
        Some(Kind::Git { text: format!("cannot run {rest}") })
    }),
    bare("fatal: cannot exec '", "fatal: cannot exec '/opt/ssh': No such file or directory", |rest| {
        Some(Kind::Git { text: format!("cannot run {}", rest.replacen("': ", ": ", 1)) })
    }),
    bare("fatal: unable to fork", "fatal: unable to fork", |_| {
        Some(Kind::ConfigError { text: "unable to fork".into() })
    }),
    // What git lists of a repository that it has reached.
    within("\trefs/", "a2ad05e975ca1cce8c79bcc6e1ffd92a7fd1147b\trefs/heads/main", |before, _| {
        let hash = matches!(before.len(), 40 | 64) && before.bytes().all(|byte| byte.is_ascii_hexdigit());
        hash.then_some(Kind::RemoteShell)
    }),
    bare("^C", "^C", |_| Some(Kind::Interrupted)),
    bare("Memory fault", "Memory fault", |_| Some(Kind::Crashed { text: "Memory fault".into() })),
    bare("Segmentation fault", "Segmentation fault (core dumped)", |_| {
        Some(Kind::Crashed { text: "Segmentation fault".into() })
    }),
    bare("Abort trap", "Abort trap: 6", |_| Some(Kind::Crashed { text: "Abort trap".into() })),
    bare("Bus error", "Bus error: 10", |_| Some(Kind::Crashed { text: "Bus error".into() })),
];

/// Nothing but a sentence's end or a bracket follows: more would be another sentence.
fn expired(rest: &str) -> Option<Kind> {
    let rest = rest.trim().trim_end_matches(['.', '!', ',']).trim_start();
    (rest.is_empty() || rest.starts_with('(') && rest.ends_with(')')).then_some(Kind::PasswordExpired)
}

fn ends(rest: &str) -> bool {
    expired(rest).is_some()
}

fn account(text: &str) -> Kind {
    Kind::AccountRefused { text: text.to_owned() }
}

/// `3032, received 4100 bytes, in 0.3 seconds`
fn lasted(rest: &str) -> Option<Kind> {
    let (seconds, tenth) = rest.rsplit_once(" in ")?.1.strip_suffix(" seconds")?.split_once('.')?;
    let tenths: u64 = seconds.parse::<u64>().ok()?.checked_mul(10)?;
    Some(Kind::SessionLasted { tenths: tenths.checked_add(tenth.parse().ok()?)? })
}

/// `HOST closed.`, `HOST closed by remote host.`, `ADDRESS port N timed out`
fn session_closed(rest: &str) -> Option<Kind> {
    if let Some(peer) = rest.strip_suffix(" timed out") {
        let (address, port) = address_port(peer);
        return Some(Kind::ConnectionFailed { address, port, reason: "timed out".into() });
    }
    let (host, end) =
        rest.split_once(" closed").filter(|(_, end)| matches!(end.trim(), "." | "by remote host." | ""))?;
    Some(Kind::SessionClosed { host: host.trim().to_owned(), dropped: end.contains("remote") })
}

fn remote_shell(rest: &str) -> Option<Kind> {
    ["Ubuntu", "Debian", "openSUSE", "Alpine", "Amazon Linux", "CentOS"]
        .iter()
        .any(|name| rest.starts_with(name))
        .then_some(Kind::RemoteShell)
}

/// git names an address of the web's.
fn over_http(rest: &str) -> Option<Kind> {
    rest.starts_with("http").then_some(Kind::OverHttp)
}

#[cfg(test)]
mod tests {
    use crate::dialect::read_line;
    use crate::model::Kind;

    fn read(line: &str) -> Kind {
        read_line(line).unwrap_or_else(|| panic!("nothing read in {line}"))
    }

    #[test]
    fn endings() {
        assert!(matches!(read("git@github.com: Permission denied (publickey)."),
            Kind::Denied { user: Some(user), host: Some(host), methods } if user == "git" && host == "github.com" && methods == ["publickey"]));
        assert!(matches!(read("Received disconnect from 192.0.2.1 port 22:2: Too many authentication failures"),
            Kind::Disconnected { address: Some(address), port: Some(22), text } if address == "192.0.2.1" && text == "Too many authentication failures"));
        assert!(
            matches!(read("Received disconnect from 192.0.2.1: 11: "), Kind::Disconnected { text, .. } if text.is_empty())
        );
        assert!(matches!(
            read("Connection closed by UNKNOWN port 65535"),
            Kind::Closed { address: None, proxied: true, .. }
        ));
        assert!(matches!(read("Connection to 192.0.2.1 port 22 timed out"), Kind::ConnectionFailed { .. }));
        assert!(matches!(read("Connection to box closed."), Kind::SessionClosed { .. }));
    }
}
