//! Which keys a server takes, asked of real servers without a signature.
//!
//! needs: python3-minimal

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use crate::kit::{FakeServer, Fifty, GoServer, Place, Server, World};
use ssh_why::inside::live::gather::Seen;
use ssh_why::inside::live::query::{self, Answers, Reply, Target, Trust};
use ssh_why::inside::live::{config, gather, order};
use ssh_why::inside::wire;

const LIMIT: Duration = Duration::from_secs(20);

/// What a busy machine may take for all that waits for nobody.
const BUSY: Duration = Duration::from_secs(8);

struct Destination {
    args: Vec<String>,
    options: config::Options,
}

impl Destination {
    fn new(place: &Path, port: u16, known: &str, lines: &str, user: &str) -> Self {
        let known = write(place, &format!("known-{port}"), known);
        let file = write(
            place,
            &format!("config-{port}"),
            &format!("UserKnownHostsFile {known}\nGlobalKnownHostsFile /dev/null\nPort {port}\nUser {user}\n{lines}\n"),
        );
        let args = ["-F", &file, "127.0.0.1"].map(str::to_owned).to_vec();
        let options = config::ask(&ssh_why::inside::live::program::Program::default(), &args, LIMIT)
            .unwrap()
            .known()
            .unwrap()
            .clone();
        Self { args, options }
    }

    fn ask_within(&self, keys: &[&[u8]], named: &[String], limit: Duration) -> Answers {
        let target =
            Target { ssh: "ssh", args: &self.args, options: &self.options, home: None, host_keys: named, limit };
        query::ask(&target, keys)
    }

    fn ask(&self, keys: &[&[u8]]) -> Answers {
        self.ask_within(keys, &[], LIMIT)
    }
}

fn write(folder: &Path, name: &str, content: &str) -> String {
    let file = folder.join(name);
    std::fs::write(&file, content).unwrap();
    file.to_str().unwrap().to_owned()
}

fn blob(line: &str) -> Vec<u8> {
    wire::public_line(line).unwrap().blob
}

/// Asks about the fifty keys as `ssh-why keys` finds them.
fn all_fifty(place: &Path, fifty: &Fifty, server: &Server, user: &str, most: Option<usize>) {
    let to = Destination::new(place, server.port, &server.known(), &fifty.config, user);
    let facts =
        gather::host_facts(&ssh_why::inside::live::program::Program::default(), &to.args, &Seen::default(), LIMIT)
            .unwrap();
    let identities = order::identities("ssh", &to.args, &facts, &Seen::default(), LIMIT);
    let found: Vec<Vec<u8>> =
        identities.iter().filter_map(|one| one.key.as_ref().map(|key| key.blob.clone())).collect();
    assert_eq!(found.len(), 50, "{identities:#?}");
    let answers = to.ask(&found.iter().map(Vec::as_slice).collect::<Vec<_>>());
    assert_eq!(answers.trust, Some(Trust::Remembered));
    assert_eq!(answers.most_failures, most);
    for (key, taken) in &fifty.keys {
        let at = found.iter().position(|found| *found == blob(key)).unwrap();
        let reply = &answers.replies[at];
        assert_eq!(matches!(reply, Reply::Accepted(_)), *taken, "{key}: {reply:?}");
        assert_eq!(*reply == Reply::Refused, !taken, "{key}: {reply:?}");
        if let Reply::Accepted(algorithm) = reply {
            assert_eq!(algorithm.starts_with("rsa-sha2-"), key.starts_with("ssh-rsa"), "{algorithm}");
        }
    }
}

#[test]
fn fifty_keys() {
    let place = Place::new();
    let fifty = Fifty::new(&place);
    let authorized = fifty.authorized();
    let mut servers = Vec::new();
    for (tries, most) in [(6, None), (2, Some(2)), (1, Some(1))] {
        let sshd = place.sshd(&authorized, &format!("MaxAuthTries {tries}\nMaxStartups 10:30:100"));
        servers.push((sshd, World::USER, most));
        servers.push((place.go_server(&authorized, tries), "anyone", most));
    }
    for tries in [10, 2] {
        servers.push((place.dropbear(&authorized, tries), World::USER, None));
    }
    let (place, fifty) = (place.folder(), &fifty);
    thread::scope(|scope| {
        for (server, user, most) in &servers {
            scope.spawn(move || all_fifty(place, fifty, server, user, *most));
        }
    });
    for (server, ..) in servers {
        let log = server.log();
        let asked = ["Postponed publickey", "Accepted key", ": accepted", "xit before auth"];
        assert!(asked.iter().any(|words| log.contains(words)), "{log}");
        for word in [
            "Accepted publickey",
            "session opened",
            "Starting session",
            "past MaxStartups",
            "auth succeeded",
            "login of",
        ] {
            assert!(!log.contains(word), "{word}: {log}");
        }
    }
}

fn unknown(answers: &Answers) -> &str {
    match &answers.replies[0] {
        Reply::Unknown(why) => why,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_yes_to_anybody_is_worth_nothing() {
    let place = Place::new();
    let key = blob(&place_key(&place, "a"));
    let go = GoServer::ci().any_key().start(&place.stage);
    let to = Destination::new(place.folder(), go.port, &go.known(), "", "anyone");
    let answers = to.ask(&[&key]);
    assert!(answers.accepts_any);
    assert_eq!(unknown(&answers), "this host says yes to any key");
}

fn place_key(place: &Place, name: &str) -> String {
    let path = place.key(name, &["-t", "ed25519"]);
    std::fs::read_to_string(format!("{path}.pub")).unwrap()
}

#[test]
fn a_stranger_is_offered_nothing() {
    let place = Place::new();
    let line = place_key(&place, "a");
    let key = blob(&line);
    // With the list that it has without settings, of which libssh2 knows a part.
    let sshd = place.sshd(&line, "KexAlgorithms +curve25519-sha256");
    let host_key = wire::public_line(sshd.known().split_once(' ').unwrap().1).unwrap();
    let try_with = |known: &str, lines: &str, named: &[String]| {
        Destination::new(place.folder(), sshd.port, known, lines, World::USER).ask_within(&[&key], named, LIMIT)
    };
    let answers = try_with("", "", &[]);
    assert_eq!(answers.trust, Some(Trust::Unknown));
    assert_eq!(answers.host_key, Some(("ED25519".to_owned(), host_key.fingerprint.clone())));
    assert_eq!(unknown(&answers), "its host key is not known");
    let other = format!("[127.0.0.1]:{} {line}", sshd.port);
    let answers = try_with(&other, "StrictHostKeyChecking no", &[]);
    assert_eq!(answers.trust, Some(Trust::Changed));
    let answers = try_with(&format!("@revoked {}", sshd.known()), "", std::slice::from_ref(&host_key.fingerprint));
    assert_eq!(answers.trust, Some(Trust::Revoked));
    let log = sshd.log();
    assert!(!log.contains("publickey"), "{log}");
    // Good reasons to go on.
    for (known, lines, named, trust) in [
        (sshd.known().clone(), "", vec![], Trust::Remembered),
        (sshd.known().replace(&format!("[127.0.0.1]:{}", sshd.port), "127.0.0.1"), "", vec![], Trust::Remembered),
        (
            sshd.known().replace(&format!("[127.0.0.1]:{}", sshd.port), "name"),
            "HostKeyAlias name",
            vec![],
            Trust::Remembered,
        ),
        (String::new(), "", vec![host_key.fingerprint.clone()], Trust::Named),
        (String::new(), "StrictHostKeyChecking accept-new", vec![], Trust::Unminded),
    ] {
        let answers = try_with(&known, lines, &named);
        assert_eq!(answers.trust, Some(trust));
        assert!(matches!(answers.replies[0], Reply::Accepted(_)), "{answers:?}");
    }
    // One of several host keys is named, of a kind that would not be the first to be shown.
    let rsa = place.key("rsa-host", &["-t", "rsa", "-b", "2048"]);
    let ecdsa = place.key("ecdsa-host", &["-t", "ecdsa"]);
    let several = place.sshd(&line, &format!("HostKey {ecdsa}\nHostKey {rsa}"));
    for (name, enough) in [("rsa-host", true), ("ecdsa-host", true), ("a", false)] {
        let print = wire::public_line(&place.read(&format!("{name}.pub"))).unwrap().fingerprint;
        let to = Destination::new(place.folder(), several.port, "", "", World::USER);
        let answers = to.ask_within(&[&key], std::slice::from_ref(&print), LIMIT);
        assert_eq!(answers.trust == Some(Trust::Named), enough, "{name}: {answers:?}");
        assert_eq!(answers.host_key.unwrap().1 == print, enough, "{name}");
        assert_eq!(matches!(answers.replies[0], Reply::Accepted(_)), enough, "{name}");
    }
    // Hashed names are found too, and the file is left as it was.
    let path = place.write("hashed", &sshd.known());
    place.keygen(&["-q", "-H", "-f", &path]);
    let hashed = std::fs::read_to_string(&path).unwrap();
    assert_eq!(try_with(&hashed, "", &[]).trust, Some(Trust::Remembered));
    assert_eq!(place.read(&format!("known-{}", sshd.port)), hashed);
}

#[test]
fn through_a_proxy_and_a_jump_host() {
    let place = Place::new();
    let line = place_key(&place, "a");
    let (key, other) = (blob(&line), blob(&place_key(&place, "b")));
    let sshd = place.sshd(&line, "AllowTcpForwarding yes");
    let known = &sshd.known();
    let relay = place.write(
        "relay",
        "import socket, sys, threading\n\
         s = socket.create_connection((sys.argv[1], int(sys.argv[2])))\n\
         def up():\n\
         \x20while True:\n\
         \x20 b = sys.stdin.buffer.raw.read(9999)\n\
         \x20 if not b: break\n\
         \x20 s.sendall(b)\n\
         threading.Thread(target=up, daemon=True).start()\n\
         while True:\n\
         \x20b = s.recv(9999)\n\
         \x20if not b: break\n\
         \x20sys.stdout.buffer.write(b); sys.stdout.buffer.flush()\n",
    );
    let to =
        Destination::new(place.folder(), sshd.port, known, &format!("ProxyCommand python3 {relay} %h %p"), World::USER);
    let answers = to.ask(&[&key, &other]);
    assert!(matches!(answers.replies[..], [Reply::Accepted(_), Reply::Refused]), "{answers:?}");
    let lines = format!(
        "IdentityAgent none\nIdentitiesOnly yes\nIdentityFile {}\nMatch host 127.0.0.1\nProxyJump localhost",
        place.text("a")
    );
    let known = format!("{known}{}", known.replace("127.0.0.1", "localhost"));
    let to = Destination::new(place.folder(), sshd.port, &known, &lines, World::USER);
    let answers = to.ask(&[&key, &other]);
    assert!(matches!(answers.replies[..], [Reply::Accepted(_), Reply::Refused]), "{answers:?}");
}

/// A server that does as `act` says with each connection.
fn fake(act: impl Fn(std::net::TcpStream) + Send + Sync + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let act = std::sync::Arc::new(act);
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let act = act.clone();
            thread::spawn(move || act(stream));
        }
    });
    port
}

#[test]
fn it_ends_whatever_the_server_does() {
    let place = Place::new();
    let key = blob(&place_key(&place, "a"));
    let limit = Duration::from_secs(1);
    // Says nothing until the other side goes.
    let hang = |mut stream: std::net::TcpStream| {
        let _ = stream.read_to_end(&mut Vec::new());
    };
    let silent = fake(hang);
    let half = fake(move |mut stream| {
        let _ = stream.write_all(b"SSH-2.0-Half\r\n");
        hang(stream);
    });
    let closing = fake(drop);
    let refusing = fake(|mut stream| {
        let _ = stream.write_all(b"Not allowed at this time\r\n");
    });
    // Bytes without end: words before the identification string, then packets that say nothing.
    let endless = fake(|mut stream| while stream.write_all(b"hello there\r\n").is_ok() {});
    let ignoring = fake(|mut stream| {
        let _ = stream.write_all(b"SSH-2.0-Endless\r\n");
        let packet = [0, 0, 0, 12, 6, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        while stream.write_all(&packet).is_ok() {}
    });
    let echo = fake(|mut stream| {
        let mut piece = [0; 4096];
        while let Ok(count @ 1..) = stream.read(&mut piece) {
            if stream.write_all(&piece[..count]).is_err() {
                return;
            }
        }
    });
    let nobody = FakeServer::none(&place.stage).port;
    let (place, key) = (place.folder(), &key);
    thread::scope(|scope| {
        for (what, port) in [
            ("silent", silent),
            ("half", half),
            ("closing", closing),
            ("refusing", refusing),
            ("endless", endless),
            ("ignoring", ignoring),
            ("echo", echo),
            ("nobody", nobody),
        ] {
            scope.spawn(move || {
                let to = Destination::new(place, port, "", "StrictHostKeyChecking no", "me");
                let begun = Instant::now();
                let answers = to.ask_within(&[key], &[], limit);
                assert!(!unknown(&answers).is_empty(), "{what}");
                assert!(begun.elapsed() < limit + BUSY, "{what}: {:?}", begun.elapsed());
            });
        }
    });
}
