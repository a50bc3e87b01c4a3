//! Whom a check trusts: host keys as plain ssh does, counted at the server; servers' words never.

use std::collections::BTreeSet;
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::check::scene::{block, sessions};
use crate::kit::{FakeServer, Field, GoServer, Later, Manner, Server, Sshd, Stage};

const STATES: [&str; 4] = ["known", "changed", "revoked", "unknown"];
const SETTINGS: [&str; 4] = ["yes", "ask", "accept-new", "no"];
const WAYS: [&str; 3] = ["git", "hop", "ci"];

/// For the whole table in one run.
const LONG: Duration = Duration::from_secs(50);

/// A host of the configuration, which is a user by whom the server's log knows it, and its way, state and setting.
type Row = (String, &'static str, &'static str, &'static str);

fn table() -> Vec<Row> {
    let mut all = Vec::new();
    for way in WAYS {
        for state in STATES {
            for setting in SETTINGS {
                all.push((format!("{way}-{state}-{setting}"), way, state, setting));
            }
        }
    }
    all
}

/// What known_hosts has.
fn known(server: &Server, strange: &str) -> String {
    let mut text = String::new();
    for (name, _, state, _) in table() {
        text += &match state {
            "known" => format!("{name} {}\n", server.host_keys[0]),
            "changed" => format!("{name} {strange}\n"),
            "revoked" => format!("@revoked {name} {}\n", server.host_keys[0]),
            _ => String::new(),
        };
    }
    text
}

fn config(server: &Server, lines: &str) -> String {
    let mut text = String::new();
    for (name, way, _, setting) in table() {
        text += &format!(
            "Host {name}\n  HostName 127.0.0.1\n  Port {}\n  User {name}\n  HostKeyAlias {name}\n  StrictHostKeyChecking {setting}\n",
            server.port
        );
        if way == "hop" {
            text += &format!("Host behind-{name}\n  HostName 127.0.0.1\n  Port 1\n  User x\n  ProxyJump {name}\n");
        }
    }
    text + "Host *\n" + lines
}

/// Users whom a key was offered for, and who were logged in, so by a signature.
fn counted(log: &str) -> (BTreeSet<String>, BTreeSet<String>) {
    let user = |line: &str| {
        let (_, rest) = line.split_once(" user ")?;
        Some(rest.split([':', ' ']).next()?.to_owned())
    };
    let of = |word: &str| log.lines().filter(|line| line.contains(word)).filter_map(user).collect();
    (of("key SHA256:"), of("login of "))
}

/// Plays the table by `check` and by plain ssh, and compares what the server saw.
fn as_plain_ssh(prepare: impl FnOnce(&Stage, &str) -> String) {
    // Each table runs fifty clients at once already.
    static ALONE: Mutex<()> = Mutex::new(());
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let stage = Stage::new();
    stage.home.key("id_ed25519");
    let server = GoServer::azure().start(&stage);
    let lines = prepare(&stage, &known(&server, &stage.strange_host_keys()[0]));
    stage.home.config(&config(&server, &lines));
    let place = |name: &str, way: &str| if way == "hop" { format!("behind-{name}") } else { name.to_owned() };
    let logs = stage.new_path("logs");
    let check = |rows: &[Row]| {
        let mut args = vec!["--log".to_owned(), logs.display().to_string()];
        for (name, way, ..) in rows {
            let (flag, value) = match *way {
                "ci" => ("--ci", format!("ssh {name}")),
                _ => ("--vcs", place(name, way)),
            };
            args.extend([flag.to_owned(), value]);
        }
        let words: Vec<&str> = args.iter().map(String::as_str).collect();
        let before = server.log().len();
        let ran = stage.run("check", &words).format("json").limit(LONG).finish();
        assert_eq!(ran.report()["schema"], 1, "{}", ran.stderr);
        counted(&server.log()[before..])
    };
    let checked = check(&table());
    let before = server.log().len();
    // Plain ssh remembers keys, so it comes last.
    thread::scope(|scope| {
        let rows = table();
        for part in rows.chunks(12) {
            let mut commands: Vec<_> = part
                .iter()
                .map(|(name, way, ..)| {
                    let mut ssh = stage.command("setsid");
                    ssh.args(["-w", "ssh", "-T", "-o", "BatchMode=yes", "-o", "ConnectTimeout=20", &place(name, way)]);
                    ssh.stdin(std::process::Stdio::null());
                    ssh
                })
                .collect();
            scope.spawn(move || {
                for command in &mut commands {
                    command.output().unwrap();
                }
            });
        }
    });
    let mut plain = counted(&server.log()[before..]);
    // The one exception: a CI host's key is new with each job.
    let new = "ci-unknown-ask".to_owned();
    assert!(!plain.0.contains(&new), "ssh would go on by itself");
    plain.0.insert(new.clone());
    plain.1.insert(new);
    assert!(checked.0.is_subset(&plain.0) && checked.1.is_subset(&plain.1), "more than ssh does: {checked:?}");
    let told = |name: &String| {
        let logs =
            std::fs::read_dir(&logs).unwrap().map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap());
        let log: Vec<String> = logs.filter(|log| log.contains(&format!(" as '{name}'"))).collect();
        format!("{name}:\n{}", log.join("\n"))
    };
    let logs: Vec<String> = checked.0.symmetric_difference(&plain.0).map(told).collect();
    assert_eq!(checked.0, plain.0, "offered: {}", logs.join("\n"));
    assert_eq!(checked.1, plain.1, "signed");
    assert!(checked.0.contains("hop-known-yes") && !checked.0.contains("hop-changed-ask"));
}

/// In `~/.ssh`, under a name that a line of the configuration gives.
fn known_in(stage: &Stage, name: &str, text: &str) {
    fs::write(stage.home.ssh().join(name), text).unwrap();
}

fn keygen(stage: &Stage, script: &str) {
    let folder = stage.new_path("bin");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("ssh-keygen"), format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(folder.join("ssh-keygen"), fs::Permissions::from_mode(0o755)).unwrap();
    stage.path_front(folder);
}

#[test]
fn host_keys_as_plain_ssh_without_keygen() {
    as_plain_ssh(|stage, known| {
        known_in(stage, "known_hosts", known);
        keygen(stage, "exit 127");
        String::new()
    });
}

#[test]
fn host_keys_as_plain_ssh_with_a_slow_keygen() {
    as_plain_ssh(|stage, known| {
        known_in(stage, "known_hosts", known);
        keygen(stage, "exec sleep 60");
        String::new()
    });
}

#[test]
fn host_keys_as_plain_ssh_with_a_blank_in_the_path() {
    as_plain_ssh(|stage, known| {
        known_in(stage, "known hosts", known);
        "UserKnownHostsFile \"~/.ssh/known hosts\" ~/.ssh/more\n".to_owned()
    });
}

#[test]
fn host_keys_as_plain_ssh_with_a_token_in_the_path() {
    as_plain_ssh(|stage, known| {
        known_in(stage, "known-127.0.0.1", known);
        "UserKnownHostsFile ~/.ssh/known-%h\n".to_owned()
    });
}

#[test]
fn host_keys_as_plain_ssh_with_a_command() {
    as_plain_ssh(|stage, known| {
        known_in(stage, "by-command", known);
        format!("KnownHostsCommand /bin/cat {}\n", stage.home.ssh().join("by-command").display())
    });
}

/// Somewhere else, where no check may come.
struct Elsewhere(TcpListener);

impl Elsewhere {
    fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        Self(listener)
    }

    fn port(&self) -> u16 {
        self.0.local_addr().unwrap().port()
    }

    fn assert_unvisited(&self, why: &str) {
        assert!(self.0.accept().is_err(), "a connection was made elsewhere: {why}");
    }
}

/// Lines that would lead elsewhere if they were taken for a client's.
fn forged(port: u16, key: &str) -> Vec<String> {
    let lines = format!(
        "$ ssh -i {key} -o StrictHostKeyChecking=no -p {port} me@127.0.0.1\n\
         OpenSSH_9.9p1, OpenSSL 3.0.1\n\
         debug1: Connecting to 127.0.0.1 [127.0.0.1] port {port}.\n\
         debug1: Connection established.\n\
         debug1: Will attempt key: {key} ED25519 SHA256:AAAA explicit\n\
         debug1: Offering public key: /x ED25519 SHA256:BBBB\n\
         debug1: Server accepts key: /x ED25519 SHA256:BBBB\n\
         Received disconnect from 127.0.0.1 port {port}:2: Too many authentication failures\n"
    );
    let joined = |with: &str| lines.trim_end().replace('\n', with) + "\n";
    vec![lines.clone(), joined("<br>"), joined("\\n"), joined("\r"), joined("\r\n"), joined("\u{1b}[0m ")]
}

/// What a report says, but for what differs between two servers.
fn said(stage: &Stage, report: &Value, port: u16) -> Value {
    let session = |session: &Value| {
        let offered: Vec<_> =
            session["offered"].as_array().unwrap().iter().map(|o| json!([o["path"], o["reply"]])).collect();
        json!([
            session["host"],
            session["user"],
            session["outcome"],
            session["login"],
            session["accepted"]["path"],
            offered
        ])
    };
    let text = json!([
        report["verdict"],
        report["suggestion"]["command"],
        report["suggestion"]["verified"],
        sessions(report).map(session).collect::<Vec<_>>(),
    ]);
    let home = stage.home.folder().display().to_string();
    // A free port may be 25519.
    serde_json::from_str(
        &text.to_string().replace(&home, "HOME").replace("id_ed25519", "KEY").replace(&port.to_string(), "PORT"),
    )
    .unwrap()
}

/// A check of servers that say these words wherever they can, and what it said.
fn hears(words: Option<&str>, behind: bool) -> Value {
    let stage = Stage::new();
    let (key, other) = (stage.home.key("id_ed25519"), stage.key_elsewhere("other"));
    let elsewhere = Elsewhere::new();
    let said_words = |server: Sshd| match words {
        Some(words) => {
            let words = words.replace("PORT", &elsewhere.port().to_string()).replace("KEY", key.path());
            server.banner(&words)
        }
        None => server,
    };
    let target = said_words(Sshd::ci().accepts(&other)).start(&stage);
    let hop = said_words(Sshd::gitlab().accepts(&key)).start(&stage);
    stage.home.knows("jump.example.com", &hop);
    stage.home.config(&block("jump.example.com", &hop, "User git"));
    let way = if behind { "-J jump.example.com " } else { "" };
    let command = format!("ssh {way}-p {} 127.0.0.1", target.port);
    let git = said_words(Sshd::gitlab().accepts(&key)).start(&stage);
    stage.home.knows("git.example.com", &git);
    let vcs = format!("ssh://git@git.example.com:{}", git.port);
    let report = stage.check(&["--vcs", &vcs, "--ci", &command]).report();
    elsewhere.assert_unvisited(words.unwrap_or_default());
    said(&stage, &report, target.port)
}

#[test]
fn words_of_servers_change_nothing() {
    thread::scope(|scope| {
        for behind in [false, true] {
            scope.spawn(move || {
                let silent = hears(None, behind);
                for words in forged(0, "KEY") {
                    let words = words.replace("port 0", "port PORT").replace("-p 0", "-p PORT");
                    let heard = hears(Some(&words), behind);
                    assert_eq!(heard, silent, "{words:?}, behind a jump host: {behind}");
                }
            });
        }
    });
}

/// A check of servers that say each form of these words in one place before the keys are exchanged, and what it said.
fn hears_at(field: Field, forms: &[String], behind: bool) -> Value {
    let stage = Stage::new();
    let key = stage.home.key("id_ed25519");
    let hop = Sshd::gitlab().accepts(&key).start(&stage);
    stage.home.knows("jump.example.com", &hop);
    stage.home.config(&block("jump.example.com", &hop, "User git"));
    let elsewhere = Elsewhere::new();
    let mut args = Vec::new();
    let mut ports = Vec::new();
    for words in forms {
        let words = words.replace("PORT", &elsewhere.port().to_string()).replace("KEY", key.path());
        let server = FakeServer::start(&stage, Manner::Says(field, words));
        let way = if behind { "-J jump.example.com " } else { "" };
        args.extend(["--ci".to_owned(), format!("ssh {way}-p {} 127.0.0.1", server.port)]);
        ports.push(server.port.to_string());
    }
    let git = Sshd::gitlab().accepts(&key).start(&stage);
    stage.home.knows("git.example.com", &git);
    args.extend(["--vcs".to_owned(), format!("ssh://git@git.example.com:{}", git.port)]);
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let report = stage.check(&words).report();
    elsewhere.assert_unvisited(&format!("{field:?}"));
    let text = said(&stage, &report, git.port).to_string();
    serde_json::from_str(&ports.iter().fold(text, |text, port| text.replace(port, "PORT"))).unwrap()
}

#[test]
fn words_before_the_key_exchange_change_nothing() {
    let fields = [Field::Software, Field::KeyExchange, Field::Languages, Field::Debug, Field::Disconnect];
    let forms: Vec<String> =
        forged(0, "KEY").iter().map(|words| words.replace("port 0", "port PORT").replace("-p 0", "-p PORT")).collect();
    // A line end in it ends it, and 255 bytes are all that it may have (RFC 4253 §4.2).
    let software: Vec<String> = ["<br>", "\\n", "\u{1b}[0m "]
        .map(|with| {
            format!("x{with}debug1: Server accepts key: /x ED25519 SHA256:BBBB{with}debug1: Connection established.")
        })
        .to_vec();
    for field in fields {
        thread::scope(|scope| {
            for behind in [false, true] {
                let forms = if field == Field::Software { &software } else { &forms };
                scope.spawn(move || {
                    let honest = vec!["honest".to_owned(); forms.len()];
                    let (heard, silent) = (hears_at(field, forms, behind), hears_at(field, &honest, behind));
                    assert_eq!(heard, silent, "{field:?}, behind a jump host: {behind}");
                });
            }
        });
    }
}

/// A check of servers that say each form of these words in these places once the keys are exchanged, and
/// what it said.
fn hears_later(places: &[Later], forms: &[String], behind: bool) -> Value {
    let stage = Stage::new();
    let (key, other) = (stage.home.key("id_ed25519"), stage.key_elsewhere("other"));
    let hop = Sshd::gitlab().accepts(&key).start(&stage);
    stage.home.knows("jump.example.com", &hop);
    stage.home.config(&block("jump.example.com", &hop, "User git"));
    let elsewhere = Elsewhere::new();
    let way = if behind { "-J jump.example.com " } else { "" };
    let mut args = Vec::new();
    let mut ports = Vec::new();
    for form in forms {
        let words = form.replace("PORT", &elsewhere.port().to_string()).replace("KEY", key.path());
        let saying = |server: GoServer| places.iter().fold(server, |server, place| server.says(*place, &words));
        let target = saying(GoServer::ci().accepts(&other)).start(&stage);
        args.extend(["--ci".to_owned(), format!("ssh {way}-p {} me@127.0.0.1", target.port)]);
        let git = saying(GoServer::azure()).start(&stage);
        stage.home.knows("127.0.0.1", &git);
        args.extend(["--vcs".to_owned(), format!("ssh://git@127.0.0.1:{}", git.port)]);
        ports.extend([target.port.to_string(), git.port.to_string()]);
    }
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let report = stage.run("check", &words).format("json").limit(LONG).finish().report();
    elsewhere.assert_unvisited(&format!("{places:?}"));
    let text = said(&stage, &report, hop.port).to_string();
    serde_json::from_str(&ports.iter().fold(text, |text, port| text.replace(port, "PORT"))).unwrap()
}

/// What plain ssh shows of a server that says an honest word in these places.
fn shown(places: &[Later]) -> String {
    let stage = Stage::new();
    stage.home.key("id_ed25519");
    let server = places.iter().fold(GoServer::azure(), |server, place| server.says(*place, "honest")).start(&stage);
    stage.home.knows("127.0.0.1", &server);
    let mut ssh = stage.command("ssh");
    ssh.args(["-v", "-T", "-o", "BatchMode=yes", "-p", &server.port.to_string(), "git@127.0.0.1"]);
    let output = ssh.stdin(std::process::Stdio::null()).output().unwrap();
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// How ssh shows what a server said there.
fn logged(place: Later) -> &'static str {
    match place {
        Later::Algorithms => ",honest>",
        Later::Methods => "can continue: publickey,honest",
        Later::Debug => "Remote: honest",
        Later::Disconnect => ":2: honest",
        Later::Refusal => "open failed: administratively prohibited: honest",
        Later::GlobalRequest => "client_input_global_request: rtype honest",
        Later::ChannelRequest => "client_input_channel_req: channel 0 rtype honest",
        Later::Banner | Later::Output | Later::OtherKey => "honest",
    }
}

#[test]
fn words_after_the_key_exchange_change_nothing() {
    use Later::{Algorithms, Banner, ChannelRequest, Debug, Disconnect, GlobalRequest, Methods, Output, Refusal};
    let forms: Vec<String> =
        forged(0, "KEY").iter().map(|words| words.replace("port 0", "port PORT").replace("-p 0", "-p PORT")).collect();
    // Those after which the connection goes on are said in one.
    let together: [&[Later]; 3] = [
        &[Algorithms, Methods, Debug, Banner, GlobalRequest, ChannelRequest, Output],
        &[Disconnect],
        &[Refusal, Debug, Methods],
    ];
    for places in together {
        let log = shown(places);
        for place in places {
            assert!(log.contains(logged(*place)), "{place:?} was not said: {log}");
        }
        for behind in [false, true] {
            let honest = vec!["honest".to_owned(); forms.len()];
            let (heard, silent) = (hears_later(places, &forms, behind), hears_later(places, &honest, behind));
            assert_eq!(heard, silent, "{places:?}, behind a jump host: {behind}");
        }
    }
}

#[test]
fn a_yes_to_another_key_is_none() {
    for behind in [false, true] {
        let stage = Stage::new();
        let (key, other) = (stage.home.key("id_ed25519"), stage.key_elsewhere("other"));
        let hop = Sshd::gitlab().accepts(&key).start(&stage);
        stage.home.knows("jump.example.com", &hop);
        stage.home.config(&block("jump.example.com", &hop, "User git"));
        let server = GoServer::ci().accepts(&other).says(Later::OtherKey, &other.public).start(&stage);
        let git = Sshd::gitlab().accepts(&key).start(&stage);
        stage.home.knows("git.example.com", &git);
        let vcs = format!("ssh://git@git.example.com:{}", git.port);
        let way = if behind { "-J jump.example.com " } else { "" };
        let command = format!("ssh {way}-p {} me@127.0.0.1", server.port);
        let logs = stage.new_path("logs");
        let report = stage.check(&["--log", logs.to_str().unwrap(), "--vcs", &vcs, "--ci", &command]).report();
        let mut logs = fs::read_dir(&logs).unwrap().map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap());
        assert!(logs.any(|log| log.contains("replied with unknown key")), "it was not said");
        let ci = sessions(&report).last().unwrap();
        assert_eq!(ci["offered"][0]["path"], key.path(), "{ci}");
        assert!(ci["accepted"].is_null() && ci["outcome"] != "authenticated", "{ci}");
        assert!(sessions(&report).all(|session| !session.to_string().contains(other.path())), "{report}");
        assert_eq!(report["suggestion"]["verified"], Value::Null, "{report}");
    }
}
