//! The parts that the scenes of `check` are made of do what they are meant to: each is asked by plain ssh.

use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::kit::{
    Agent, Daemon, Dropbear, FakeServer, FakeSsh, GoServer, Manner, Oddity, Server, Sshd, Stage, Validity, until,
};

/// How long ssh may take to come to where its run ends, or hangs.
const LONG: Duration = Duration::from_secs(20);

/// How long nothing may happen where it hangs.
const HANG: Duration = Duration::from_secs(1);

/// `ssh -v` without a question or a memory.
fn start(stage: &Stage, args: &[&str]) -> Daemon {
    let mut command = stage.command("ssh");
    command.args(["-v", "-T", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=no"]);
    command.args(["-o", "UserKnownHostsFile=/dev/null"]).args(args).stdin(Stdio::null());
    Daemon::start(&mut command, &stage.new_path("ssh-log"))
}

fn ends(daemon: &mut Daemon, limit: Duration) -> Option<i32> {
    let mut code = None;
    until(limit, || {
        code = daemon.exit_code();
        code.is_some()
    });
    code
}

/// The exit code of an ssh that ends by itself, and its words.
fn ssh(stage: &Stage, args: &[&str]) -> (Option<i32>, String) {
    let mut daemon = start(stage, args);
    (ends(&mut daemon, LONG), daemon.log())
}

/// An ssh that comes as far as these words, and no further.
#[track_caller]
fn hangs(stage: &Stage, args: &[&str], words: &str) {
    let mut daemon = start(stage, args);
    until(LONG, || daemon.log().contains(words) || !daemon.runs());
    has(&daemon.log(), words);
    assert_eq!(ends(&mut daemon, HANG), None, "{}", daemon.log());
}

fn login(stage: &Stage, server: &Server, more: &[&str]) -> (Option<i32>, String) {
    let port = server.port.to_string();
    let args = [&["-p", &port], more, &["127.0.0.1"]].concat();
    ssh(stage, &args)
}

#[track_caller]
fn hangs_at(stage: &Stage, server: &Server, words: &str) {
    hangs(stage, &["-p", &server.port.to_string(), "git@127.0.0.1"], words);
}

#[track_caller]
fn has(log: &str, words: &str) {
    assert!(log.contains(words), "no {words:?} in:\n{log}");
}

#[test]
fn sshd_greets_by_account_and_counts() {
    let stage = Stage::new();
    let (mine, deploy) = (stage.home.key("id_ed25519"), stage.home.make_key("deploy", |key| key.ecdsa()));
    let server = Sshd::github().accepts(&mine).accepts_as(&deploy, "octocat/hello").start(&stage);
    let (code, log) = login(&stage, &server, &["-l", "git"]);
    assert_eq!(code, Some(1), "{log}");
    has(&log, "Hi octocat! You've successfully authenticated, but GitHub does not provide shell access.");
    let (_, log) = login(&stage, &server, &["-l", "git", "-i", deploy.path(), "-o", "IdentitiesOnly=yes"]);
    has(&log, "Hi octocat/hello! ");
    assert_eq!(server.requests(), ["shell", "shell"]);
    assert_eq!(server.commands(), ["", ""]);
    assert_eq!(server.connections(), 2);
}

#[test]
fn sshd_takes_options_and_records_commands() {
    let stage = Stage::new();
    let keys: Vec<_> = (0..3).map(|n| stage.home.key(&format!("id_{n}"))).collect();
    stage.home.config(&keys.iter().map(|key| format!("IdentityFile {}\n", key.path())).collect::<String>());
    let server = Sshd::ci().accepts(&keys[2]).option("MaxAuthTries 2").banner("debug1: hello\n").start(&stage);
    let (code, log) = login(&stage, &server, &[]);
    assert_eq!(code, Some(255));
    has(&log, "debug1: hello");
    has(&log, "Too many authentication failures");
    assert!(server.requests().is_empty());
    let port = server.port.to_string();
    let only = ["-i", keys[2].path(), "-o", "IdentitiesOnly=yes", "-F", "none", "-A", "-p", &port];
    let (code, log) = ssh(&stage, &[&only[..], &["127.0.0.1", "--", "powershell.exe"]].concat());
    assert_eq!(code, Some(0), "{log}");
    assert_eq!(server.commands(), ["powershell.exe"]);
    assert_eq!(server.requests(), ["exec"]);
}

#[test]
fn a_forwarded_agent_or_port_is_seen() {
    let stage = Stage::new();
    let key = stage.home.key("id_ed25519");
    let agent = Agent::with(&stage, &[&key]);
    stage.variable("SSH_AUTH_SOCK", &agent);
    for server in [Sshd::ci().accepts(&key).start(&stage), GoServer::ci().accepts(&key).start(&stage)] {
        let (_, log) = login(&stage, &server, &["-A", "-R", "0:127.0.0.1:1"]);
        let asked = server.requests();
        for wanted in ["auth-agent-req@openssh.com", "tcpip-forward"] {
            assert!(asked.iter().any(|request| request.ends_with(wanted)), "{asked:?}\n{log}");
        }
    }
}

#[test]
fn certificates_are_judged() {
    let stage = Stage::new();
    let authority = stage.key_elsewhere("authority");
    let server = Sshd::github().accepts_certificates(&authority).start(&stage);
    for (name, validity, code) in
        [("good", Validity::Now, 1), ("old", Validity::Expired, 255), ("other", Validity::ForAnotherUser, 255)]
    {
        let key = stage.home.key(name).with_certificate(&authority, validity);
        let (got, log) = login(&stage, &server, &["-l", "git", "-i", key.path(), "-o", "IdentitiesOnly=yes"]);
        assert_eq!(got, Some(code), "{name}\n{log}");
    }
}

#[test]
fn two_factors_leave_the_second_open() {
    let stage = Stage::new();
    let key = stage.home.key("id_ed25519");
    let server = Sshd::ci()
        .accepts(&key)
        .option("AuthenticationMethods publickey,password")
        .option("PasswordAuthentication yes")
        .start(&stage);
    let (code, log) = login(&stage, &server, &[]);
    assert_eq!(code, Some(255));
    has(&log, "with partial success");
}

#[test]
fn dropbear_lets_in() {
    let stage = Stage::new();
    let key = stage.home.key("id_ed25519");
    let server = Dropbear::ci().accepts(&key).banner("welcome to the box\n").start(&stage);
    let (code, log) = login(&stage, &server, &[]);
    assert_eq!(code, Some(0), "{log}");
    has(&log, "remote software version dropbear");
    has(&log, "welcome to the box");
    assert_eq!(server.commands(), [""]);
    let other = stage.home.make_key("other", |key| key.ecdsa());
    let (code, _) = login(&stage, &server, &["-i", other.path(), "-o", "IdentitiesOnly=yes"]);
    assert_eq!(code, Some(255));
}

#[test]
fn the_go_server_greets_and_counts() {
    let stage = Stage::new();
    let (mine, other) = (stage.home.key("id_ed25519"), stage.home.key("other"));
    let server = GoServer::github().accepts(&mine).accepts_as(&other, "hubot").start(&stage);
    let (code, log) = login(&stage, &server, &["-l", "git"]);
    assert_eq!(code, Some(1), "{log}");
    has(&log, "remote software version babeld-8405fce2");
    has(&log, "Hi octocat! ");
    let (_, log) = login(&stage, &server, &["-l", "git", "-i", other.path(), "-o", "IdentitiesOnly=yes"]);
    has(&log, "Hi hubot! ");
    let (code, _) = login(&stage, &server, &["-l", "octocat"]);
    assert_eq!(code, Some(255), "only git is let in");
    assert_eq!(server.requests(), ["shell", "shell"]);
    assert_eq!(server.connections(), 3);
    let port = server.port.to_string();
    ssh(&stage, &["-p", &port, "git@127.0.0.1", "--", "uptime"]);
    assert_eq!(server.commands(), ["", "", "uptime"]);
}

#[test]
fn the_old_go_server_has_no_signature_for_rsa() {
    let stage = Stage::new();
    let key = stage.home.make_key("id_rsa", |key| key.rsa());
    let new = GoServer::ci().accepts(&key).start(&stage);
    assert_eq!(login(&stage, &new, &[]).0, Some(0));
    let old = GoServer::ci().accepts(&key).without_signature_list().start(&stage);
    let (code, log) = login(&stage, &old, &[]);
    assert_eq!(code, Some(255));
    has(&log, "send_pubkey_test: no mutual signature algorithm");
    assert_eq!(login(&stage, &old, &["-o", "PubkeyAcceptedAlgorithms=+ssh-rsa"]).0, Some(0));
}

#[test]
fn the_go_server_cuts_after_too_many_keys() {
    let stage = Stage::new();
    let keys: Vec<_> = (0..3).map(|n| stage.home.key(&format!("id_{n}"))).collect();
    let agent = Agent::with(&stage, &keys.iter().collect::<Vec<_>>());
    stage.variable("SSH_AUTH_SOCK", &agent);
    let server = GoServer::ci().tries(2).start(&stage);
    has(&login(&stage, &server, &[]).1, "too many authentication failures");
}

#[test]
fn the_go_server_can_hang() {
    let stage = Stage::new();
    let key = stage.home.key("id_ed25519");
    let server = GoServer::github().accepts(&key).hangs_in_auth().start(&stage);
    hangs_at(&stage, &server, "Offering public key");
    let server = GoServer::github().accepts(&key).hangs_in_session().start(&stage);
    hangs_at(&stage, &server, "Authenticated to");
}

#[test]
fn agents_of_all_kinds() {
    let stage = Stage::new();
    let key = stage.home.key("id_ed25519");
    let server = Sshd::ci().accepts(&key).start(&stage);
    let key = key.without_private();
    let with = |agent: &Agent| login(&stage, &server, &["-o", &format!("IdentityAgent={}", agent.path())]).1;
    let spare = stage.key_elsewhere("spare");
    let spare_server = Sshd::ci().accepts(&spare).start(&stage);

    let good = Agent::with(&stage, &[&spare]);
    assert!(good.list().contains(&spare.fingerprint));
    let option = format!("IdentityAgent={}", good.path());
    assert_eq!(login(&stage, &spare_server, &["-o", &option]).0, Some(0));

    let refusing = Agent::refusing(&stage, &[&spare]);
    let option = format!("IdentityAgent={}", refusing.path());
    let (code, log) = login(&stage, &spare_server, &["-o", &option]);
    assert_eq!(code, Some(255));
    has(&log, "agent refused operation");

    let locked = Agent::locked(&stage, &[&spare]);
    has(&with(&locked), "agent contains no identities");
    has(&with(&Agent::empty(&stage)), "agent contains no identities");
    has(&with(&Agent::dead(&stage)), "Connection refused");
    let hanging = Agent::hanging(&stage);
    let option = format!("IdentityAgent={}", hanging.path());
    // It is asked when the way is safe.
    let port = server.port.to_string();
    hangs(&stage, &["-o", &option, "-i", key.path(), "-p", &port, "127.0.0.1"], "SSH2_MSG_NEWKEYS received");
}

#[test]
fn fake_servers_misbehave() {
    let stage = Stage::new();
    let start = |manner| FakeServer::start(&stage, manner);
    hangs_at(&stage, &start(Manner::HangAtBanner), "Local version string");
    hangs_at(&stage, &start(Manner::HangInKeyExchange), "SSH2_MSG_KEXINIT sent");
    for (manner, words) in [
        (Manner::CloseAtOnce, "kex_exchange_identification: Connection closed by remote host"),
        (Manner::CloseHalfWay, "Connection closed by 127.0.0.1"),
        (Manner::Garbage, "kex_exchange_identification: "),
        (Manner::Http, "banner line 0: HTTP/1.1 400 Bad Request"),
        (Manner::Megabytes, "No SSH version received in first 1024 lines"),
    ] {
        let (code, log) = login(&stage, &start(manner), &[]);
        assert_eq!(code, Some(255));
        has(&log, words);
    }
    let (code, log) = login(&stage, &FakeServer::none(&stage), &[]);
    assert_eq!(code, Some(255));
    has(&log, "Connection refused");
}

#[test]
fn a_preamble_comes_before_the_real_server() {
    let stage = Stage::new();
    let key = stage.home.key("id_ed25519");
    let behind = Sshd::github().accepts(&key).start(&stage);
    let text = "debug1: Authentication succeeded (publickey).\r\n".repeat(500);
    let server = FakeServer::start(&stage, Manner::Preamble(text, behind.port));
    let (code, log) = login(&stage, &server, &["-l", "git"]);
    assert_eq!(code, Some(1), "{log}");
    has(&log, "banner line 499: debug1: Authentication succeeded (publickey).");
}

#[test]
fn a_distant_server_takes_longer() {
    let stage = Stage::new();
    let key = stage.home.key("id_ed25519");
    let behind = GoServer::ci().accepts(&key).start(&stage);
    let way = Duration::from_millis(50);
    let server = FakeServer::start(&stage, Manner::Distant(way, behind.port));
    let begun = Instant::now();
    let (code, log) = login(&stage, &server, &[]);
    assert_eq!(code, Some(0), "{log}");
    // Versions, two for the key exchange, service, none, query, signature, channel, request.
    assert!(begun.elapsed() > way * 2 * 8, "{:?}", begun.elapsed());
}

#[test]
fn a_jump_host_leads_on() {
    let stage = Stage::new();
    let key = stage.home.key("id_ed25519");
    let server = GoServer::ci().accepts(&key).start(&stage);
    let jump = Sshd::ci().accepts(&key).start(&stage);
    stage.home.knows("jump.example.com", &jump);
    let hop = format!("jump.example.com:{}", jump.port);
    let (code, log) = login(&stage, &server, &["-J", &hop]);
    assert_eq!(code, Some(0), "{log}");
    assert_eq!(jump.requests(), ["channel direct-tcpip"]);
    let strict = Sshd::ci().start(&stage);
    stage.home.knows("jump.example.com", &strict);
    let (code, log) = login(&stage, &server, &["-J", &format!("jump.example.com:{}", strict.port)]);
    assert_eq!(code, Some(255));
    has(&log, "dev@jump.example.com: Permission denied (publickey).");
}

#[test]
fn a_relay_stands_in_for_another_port() {
    let stage = Stage::new();
    let key = stage.home.key("id_ed25519");
    let server = GoServer::github().accepts(&key).start(&stage);
    let option = format!("ProxyCommand={}", GoServer::relay(server.port));
    let (code, log) = ssh(&stage, &["-o", &option, "-p", "443", "git@ssh.github.com"]);
    assert_eq!(code, Some(1), "{log}");
    has(&log, "Hi octocat!");
}

#[test]
fn odd_programs_called_ssh() {
    let stage = Stage::new();
    let key = stage.home.key("id_ed25519");
    let server = Sshd::ci().accepts(&key).start(&stage);
    let port = server.port.to_string();
    stage.path_front(FakeSsh::write(&stage, Oddity::Old));
    let (code, log) = ssh(&stage, &["-G", "127.0.0.1"]);
    assert_eq!(code, Some(255));
    has(&log, "ssh: illegal option -- G");
    has(&ssh(&stage, &["-o", "SessionType=none", "127.0.0.1"]).1, "Bad configuration option: sessiontype");
    let spared = ["-oIgnoreUnknown=SessionType", "-o", "SessionType=none", "-p", &port, "127.0.0.1", "true"];
    // A session of no type has no end.
    hangs(&stage, &spared, "Authenticated to");
    assert_eq!(login(&stage, &server, &[]).0, Some(0));
    stage.path_front(FakeSsh::write(&stage, Oddity::Hangs));
    hangs(&stage, &["-p", &port, "127.0.0.1"], "");
}

#[test]
fn a_suggestion_is_followed_letter_for_letter() {
    let stage = Stage::new();
    let key = stage.home.key("my key");
    let server = Sshd::ci().accepts(&key).start(&stage);
    let line = format!("ssh -i '{}' -o IdentitiesOnly=yes -p {} 127.0.0.1", key.path(), server.port);
    let followed = stage.follow(&line);
    assert!(followed.logged_in(), "{followed:?}");
    assert_eq!(followed.code, Some(0));
    assert!(stage.follow(&format!("{line} -- powershell.exe")).logged_in());
    assert_eq!(server.commands(), ["exit 0", "powershell.exe"]);
    let refused = stage.follow(&format!("ssh -p {} nobody@127.0.0.1", server.port));
    assert!(!refused.logged_in(), "{refused:?}");
    let config = stage.config_elsewhere(&format!(
        "Host box\n HostName 127.0.0.1\n Port {}\n IdentityFile \"{}\"\n",
        server.port,
        key.path()
    ));
    assert!(stage.follow("ssh box").logged_in(), "{config}");
}

#[test]
fn nothing_in_the_home_changes_unseen() {
    let stage = Stage::new();
    let key = stage.home.key("id_ed25519");
    let before = stage.home.snapshot();
    stage.home.assert_unchanged(&before);
    std::fs::read(&key.file).unwrap();
    stage.home.assert_unchanged(&before);
    let content = std::fs::read(&key.file).unwrap();
    std::fs::write(&key.file, content).unwrap();
    let seen = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| stage.home.assert_unchanged(&before)));
    assert!(seen.is_err(), "the same bytes written anew");
}

#[test]
fn a_process_left_behind_is_seen_and_ended() {
    let stage = Stage::new();
    let server = FakeServer::none(&stage);
    stage.path_front(FakeSsh::write(&stage, Oddity::Litters));
    let check = || stage.check(&["--vcs", &format!("ssh://git@git.example.com:{}", server.port)]);
    let seen = std::panic::catch_unwind(std::panic::AssertUnwindSafe(check)).unwrap_err();
    has(seen.downcast_ref::<String>().unwrap(), "processes outlived it");
    let folder = stage.home.folder().parent().unwrap().to_str().unwrap().to_owned();
    let named = |pid: i32| {
        let environment = std::fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
        String::from_utf8_lossy(&environment).contains(&folder)
    };
    assert!(crate::kit::all().iter().all(|(pid, _)| !named(*pid)));
}

#[test]
fn nothing_is_left_when_a_stage_goes() {
    let stage = Stage::new();
    let key = stage.home.key("id_ed25519");
    let folder = stage.home.folder().to_owned();
    let server = Sshd::ci().accepts(&key).start(&stage);
    // A client that has not logged in yet keeps a child of sshd alive.
    let client = std::net::TcpStream::connect(("127.0.0.1", server.port)).unwrap();
    let agent = Agent::with(&stage, &[&key]);
    let begun = Instant::now();
    drop(stage);
    assert!(begun.elapsed() < Duration::from_secs(5));
    assert!(!folder.exists() && !agent.socket.exists());
    let named = |line: &str| line.contains(folder.parent().unwrap().to_str().unwrap());
    let left: Vec<_> = crate::kit::all().into_iter().filter(|(_, line)| named(line)).collect();
    assert!(left.is_empty(), "{left:?}");
    let mut byte = [0; 1024];
    client.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    while std::io::Read::read(&mut &client, &mut byte).is_ok_and(|count| count > 0) {}
    assert!(std::net::TcpStream::connect(("127.0.0.1", server.port)).is_err());
}
