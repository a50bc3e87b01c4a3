//! It ends: no peer chooses how long it takes, nor how much is kept.

use std::time::Duration;

use super::measured::Measured;
use super::peers::{Flood, Manner, plain};
use crate::kit::{Sshd, Stage, World};

/// `--timeout` of these runs.
const LIMIT: Duration = Duration::from_secs(3);

/// What may come on top, the start on a busy machine included.
const SLACK: Duration = Duration::from_millis(2500);

/// What a server does once the keys are exchanged.
const MANNERS: [&str; 7] = ["banners", "remarks", "requests", "ignored", "drips", "mute", "silence"];

/// A stage whose `~/.ssh/config` leads `git.example.com` to a port.
fn at(port: u16, host_key: Option<&str>, keys: usize) -> Stage {
    let stage = Stage::new();
    let mut config = format!("Host git.example.com\nHostName 127.0.0.1\nPort {port}\n");
    for number in 0..keys {
        stage.home.key(&format!("key{number}"));
        config.push_str(&format!("IdentityFile ~/.ssh/key{number}\n"));
    }
    stage.home.config(&config);
    if let Some(key) = host_key {
        stage.home.knows_keys("127.0.0.1", port, &[key.to_owned()]);
    }
    stage
}

fn run(stage: &Stage, args: &[&str]) -> Measured {
    let mut command = stage.command(env!("CARGO_BIN_EXE_ssh-why"));
    command.args(args).args(["--format", "json", "--timeout", &LIMIT.as_secs().to_string()]);
    Measured::run(&mut command)
}

fn check(stage: &Stage) -> Measured {
    run(stage, &["check", "--vcs", "git.example.com"])
}

fn offer(stage: &Stage) -> Measured {
    run(stage, &["keys", "--offer", "git.example.com"])
}

/// Each reply of a survey, and why it is none.
fn replies(measured: &Measured) -> Vec<(String, String)> {
    let report = measured.json();
    let offers = report["identities"].as_array().unwrap().iter().flat_map(|one| one["offers"].as_array().unwrap());
    let word = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    offers.map(|offer| (word(&offer["reply"]), word(&offer["why"]))).collect()
}

#[test]
fn check_of_servers_without_a_key_exchange() {
    for manner in Manner::ALL {
        println!("check, {manner:?}");
        let stage = at(plain(manner), None, 1);
        let ran = check(&stage).within(LIMIT + SLACK);
        assert_eq!(ran.code, Some(1), "{ran:#?}");
    }
}

#[test]
fn check_of_servers_that_flood_or_fall_silent_at_the_first_key() {
    for manner in MANNERS {
        println!("check, {manner}");
        let flood = Flood::start(manner);
        let stage = at(flood.port, Some(&flood.host_key), 1);
        let ran = check(&stage).within(LIMIT + SLACK);
        assert_ne!(ran.json()["verdict"]["cause"], "authenticated", "{ran:#?}");
    }
}

/// A git host that talks for ever after the login, on either stream.
#[test]
fn check_of_a_host_that_does_not_stop_talking() {
    for command in ["exec cat /dev/zero", "exec yes", "exec yes 1>&2", "exec cat /dev/zero 1>&2", "exec sleep 600"] {
        println!("check, {command}");
        let stage = Stage::new();
        let key = stage.home.key("id_ed25519");
        let sshd = Sshd::github().accepts(&key).option(&format!("ForceCommand {command}")).start(&stage);
        stage.home.knows("127.0.0.1", &sshd);
        stage.home.config(&format!(
            "Host git.example.com\nHostName 127.0.0.1\nPort {}\nUser {}\n",
            sshd.port,
            World::USER
        ));
        let ran = check(&stage).within(LIMIT + SLACK);
        assert_eq!(ran.json()["transcripts"][0]["sessions"][0]["outcome"], "authenticated", "{ran:#?}");
    }
}

/// The same, where each key that is taken logs in.
#[test]
fn logins_at_a_host_that_does_not_stop_talking() {
    for command in ["exec yes", "exec yes 1>&2"] {
        let stage = Stage::new();
        let key = stage.home.key("id_ed25519");
        let sshd = Sshd::github().accepts(&key).option(&format!("ForceCommand {command}")).start(&stage);
        stage.home.knows("127.0.0.1", &sshd);
        stage.home.config(&format!(
            "Host git.example.com\nHostName 127.0.0.1\nPort {}\nUser {}\n",
            sshd.port,
            World::USER
        ));
        let ran = run(&stage, &["keys", "--offer", "git.example.com", "--login"]).within(LIMIT + SLACK);
        let report = ran.json();
        let offers = report["identities"].as_array().unwrap().iter().flat_map(|one| one["offers"].as_array().unwrap());
        assert!(offers.into_iter().any(|offer| offer["logged_in"] == true), "{ran:#?}");
    }
}

/// The log of an ssh that does not stop is no log that shows an end.
#[test]
fn check_with_an_ssh_that_logs_for_ever() {
    let stage = at(1, None, 1);
    let folder = stage.new_path("bin");
    std::fs::create_dir(&folder).unwrap();
    let file = folder.join("ssh");
    let path = std::env::var_os("PATH").unwrap();
    let real = std::env::split_paths(&path).map(|path| path.join("ssh")).find(|file| file.is_file()).unwrap();
    let script = format!(
        "#!/bin/sh\ncase \" $* \" in *' -G '*) exec '{}' \"$@\" ;; esac\n\
         echo 'OpenSSH_9.2p1 Debian, OpenSSL 3.0' >/dev/stdin\n\
         echo 'debug1: Connecting to 127.0.0.1 [127.0.0.1] port 1.' >/dev/stdin\n\
         exec yes 'debug1: Offering public key: /home/x/.ssh/id ED25519 SHA256:abc' >/dev/stdin\n",
        real.display()
    );
    std::fs::write(&file, script).unwrap();
    std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    stage.path_front(folder);
    let ran = check(&stage).within(LIMIT + SLACK);
    assert_ne!(ran.code, Some(0), "{ran:#?}");
}

#[test]
fn keys_at_servers_without_a_key_exchange() {
    for manner in Manner::ALL {
        println!("keys, {manner:?}");
        let stage = at(plain(manner), None, 2);
        let ran = offer(&stage).within(LIMIT + SLACK);
        assert!(replies(&ran).iter().all(|(reply, why)| reply == "unknown" && !why.is_empty()), "{ran:#?}");
        assert_eq!(ran.code, Some(3), "{ran:#?}");
    }
}

#[test]
fn keys_at_servers_that_flood_or_fall_silent_at_the_first_key() {
    for manner in MANNERS {
        println!("keys, {manner}");
        let flood = Flood::start(manner);
        let stage = at(flood.port, Some(&flood.host_key), 12);
        let ran = offer(&stage).within(LIMIT + SLACK);
        assert!(replies(&ran).iter().all(|(reply, why)| reply == "unknown" && !why.is_empty()), "{ran:#?}");
    }
}

/// A server whose every answer comes late, but comes: the whole run has a limit, too. What was answered is told.
#[test]
fn keys_at_a_server_that_answers_slowly() {
    let flood = Flood::start("slow");
    let stage = at(flood.port, Some(&flood.host_key), 40);
    let mut command = stage.command(env!("CARGO_BIN_EXE_ssh-why"));
    command.args(["keys", "--offer", "git.example.com", "--format", "json", "--timeout", "2"]);
    let ran = Measured::run(&mut command);
    // Three times the limit of one connection.
    let ran = ran.within(Duration::from_secs(2 * 3) + SLACK);
    let replies = replies(&ran);
    assert!(replies.iter().any(|(reply, _)| reply == "refused"), "{replies:?}");
    assert!(replies.iter().any(|(_, why)| why.starts_with("there was no time left")), "{replies:?}");
}

/// A server that takes every key, and never says that one is in: all logins together have a limit.
#[test]
fn logins_at_a_server_that_falls_silent() {
    let flood = Flood::start("yes");
    let stage = at(flood.port, Some(&flood.host_key), 6);
    let mut command = stage.command(env!("CARGO_BIN_EXE_ssh-why"));
    command.args(["keys", "--offer", "git.example.com", "--login", "--format", "json", "--timeout", "2"]);
    let ran = Measured::run(&mut command).within(Duration::from_secs(2 * 3) + SLACK);
    let replies = replies(&ran);
    assert!(replies.iter().all(|(reply, _)| reply == "accepted"), "{replies:?}");
    assert!(replies.iter().any(|(_, why)| why.starts_with("there was no time left")), "{replies:?}");
}
