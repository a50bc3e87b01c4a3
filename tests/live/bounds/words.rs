//! What servers and agents say reaches no terminal as it stands, in no form of the report: neither escape sequences, in
//! seven bits or eight, nor what turns the writing direction or can't be seen.

use std::fs;

use ssh_why::inside::text::unprintable;

use super::measured::Measured;
use crate::check::scene::block;
use crate::kit::{Agent, Answer, FakeServer, Field, GoServer, Later, Manner, Server, Sshd, Stage};

const FORMS: [&str; 5] = ["human", "json", "jsonl", "markdown", "html"];

/// Links, the clipboard, a title, a device's string, colours, the cursor; each begun as ESC and as a C1 control; marks of
/// direction, blanks of no width, tags.
const EVIL: &str = "a\u{1b}]8;;http://x.example/\u{7}b\u{1b}]8;;\u{1b}\\\u{1b}]52;c;aGk=\u{7}\u{1b}]0;t\u{7}\u{1b}P0;1|17/ab\u{1b}\\\
    \u{1b}[31m\u{1b}[2J\u{1b}c\u{9d}52;c;aGk=\u{9c}\u{90}q\u{9c}\u{9b}2J\u{85}\u{8}\u{8}\u{b}\u{c}\u{7f}\u{0}\
    \u{202e}c\u{2066}d\u{200f}\u{61c}\u{200b}\u{feff}\u{2028}\u{e0041}\u{ad}e";

/// A run prints nothing that a terminal acts on. Tabs and line ends are its own.
#[track_caller]
fn tame(stage: &Stage, args: &[&str]) {
    for form in FORMS {
        let mut command = stage.command(env!("CARGO_BIN_EXE_ssh-why"));
        command.args(args).args(["--timeout", "4", "--color", "never"]);
        // The keys' list has not each of them.
        if args[0] != "keys" || matches!(form, "human" | "json") {
            command.args(["--format", form]);
        }
        let ran = Measured::run(&mut command);
        assert!(matches!(ran.code, Some(0..=3)), "{form}: {ran:#?}");
        for text in [&ran.stdout, &ran.stderr] {
            let bad = text.chars().find(|c| unprintable(*c) && *c != '\n');
            assert_eq!(bad, None, "{form}: {}", text.escape_debug());
            // Nor is it spelt so that another program would print it.
            if form.starts_with("json") {
                let spelt = ["\\u001b", "\\u009b", "\\u202e", "\\u0007"].iter().find(|spelt| text.contains(**spelt));
                assert_eq!(spelt, None, "{form}: {text}");
            }
        }
    }
}

fn leads_to(stage: &Stage, server: &Server) {
    stage.home.knows("git.example.com", server);
    stage.home.config(&block("git.example.com", server, "User git"));
}

#[test]
fn a_server_in_all_that_it_says_after_the_key_exchange() {
    use Later::{Algorithms, Banner, ChannelRequest, Debug, Disconnect, GlobalRequest, Methods, Output, Refusal};
    // An argument of the server's and a variable can't hold a NUL.
    let words = EVIL.replace('\0', "");
    let greeting = format!("Welcome to GitLab, @{words}!\nHi {words}! You've successfully authenticated, {words}\n");
    for places in [
        &[Algorithms, Methods, Debug, Banner, GlobalRequest, ChannelRequest, Output][..],
        &[Disconnect, Banner],
        &[Refusal, Debug],
    ] {
        let stage = Stage::new();
        let key = stage.home.key("id_ed25519");
        let says = |server: GoServer| {
            let said = |place| if place == Output { greeting.as_str() } else { words.as_str() };
            places.iter().fold(server, |server, place| server.says(*place, said(*place)))
        };
        let server = says(GoServer::azure().accepts(&key)).start(&stage);
        leads_to(&stage, &server);
        tame(&stage, &["check", "--vcs", "git.example.com"]);
        tame(&stage, &["keys", "--offer", "git.example.com"]);
    }
}

#[test]
fn a_server_in_all_that_it_says_before() {
    for field in [Field::Software, Field::KeyExchange, Field::Languages, Field::Debug, Field::Disconnect] {
        let stage = Stage::new();
        stage.home.key("id_ed25519");
        // 255 bytes are all that a version may have.
        let words =
            if field == Field::Software { EVIL.replace('\0', "").chars().take(110).collect() } else { EVIL.to_owned() };
        let server = FakeServer::start(&stage, Manner::Says(field, words));
        leads_to(&stage, &server);
        tame(&stage, &["check", "--vcs", "git.example.com"]);
        tame(&stage, &["keys", "--offer", "git.example.com"]);
    }
}

/// Bytes that are no UTF-8, as old terminals take them.
#[test]
fn a_banner_and_a_greeting_of_single_bytes() {
    let stage = Stage::new();
    let key = stage.home.key("id_ed25519");
    let file = stage.new_path("evil");
    let bytes = b"Hi \x9b31mme\x9d0;t\x9c\x90q\x9c\x1b]52;c;aGk=\x07\xe2\x80\xae! You've successfully authenticated, \x9b2J\x85\r\n\x00\xff";
    fs::write(&file, bytes).unwrap();
    fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
    let name = file.display();
    for accepted in [true, false] {
        let server = Sshd::github()
            .option(&format!("Banner {name}"))
            .option(&format!("ForceCommand cat {name}; cat {name} >&2"));
        let server = if accepted { server.accepts(&key) } else { server }.start(&stage);
        leads_to(&stage, &server);
        stage.home.config(&block("git.example.com", &server, ""));
        tame(&stage, &["check", "--vcs", "git.example.com"]);
        tame(&stage, &["keys", "--offer", "git.example.com"]);
    }
}

fn string(bytes: &[u8]) -> Vec<u8> {
    [&(bytes.len() as u32).to_be_bytes(), bytes].concat()
}

/// An agent's list (draft-miller-ssh-agent §4.4), whatever number it begins with.
fn list(count: u32, keys: &[(Vec<u8>, Vec<u8>)]) -> Vec<u8> {
    let keys = keys.iter().flat_map(|(blob, comment)| [string(blob), string(comment)].concat());
    string(&[vec![12], count.to_be_bytes().to_vec(), keys.collect()].concat())
}

fn ed25519(number: u32) -> Vec<u8> {
    let point = [number.to_be_bytes().to_vec(), vec![7; 28]].concat();
    [string(b"ssh-ed25519"), string(&point)].concat()
}

#[test]
fn an_agent_that_lies() {
    let evil = EVIL.as_bytes();
    let one = || (ed25519(1), b"me".to_vec());
    let odd = [string(evil), string(evil)].concat();
    let raw = b"\x9b31m\x9d0;t\x9c\xff\xfe".to_vec();
    let answers = [
        ("a wrong count", Answer::Says(list(u32::MAX, &[one()]))),
        ("no count", Answer::Says(list(0, &[one(), one()]))),
        ("cut", Answer::Says(list(2, &[one(), one()])[..70].to_vec())),
        ("no length", Answer::Says(vec![0; 4])),
        ("a huge length", Answer::Says(vec![0xff; 4096])),
        ("a long string", Answer::Says(string(&[&[12, 0, 0, 0, 1][..], &[0xff; 4]].concat()))),
        ("another answer", Answer::Says(string(&[255; 30]))),
        ("words", Answer::Says(list(3, &[(ed25519(1), evil.to_vec()), (ed25519(2), raw.clone()), (odd, raw)]))),
        ("thousands", Answer::Says(list(3500, &(0..3500).map(|number| (ed25519(number), vec![])).collect::<Vec<_>>()))),
        (
            "ten thousand",
            Answer::Says(list(10_000, &(0..10_000).map(|n| (ed25519(n), b"x".to_vec())).collect::<Vec<_>>())),
        ),
        ("a byte now and then", Answer::Drips(list(1, &[one()]))),
        ("no end", Answer::Endless(vec![0, 3, 0xff, 0xff])),
    ];
    for (what, answer) in answers {
        println!("{what}");
        let stage = Stage::new();
        stage.home.key("id_ed25519");
        let agent = Agent::answering(&stage, answer);
        stage.variable("SSH_AUTH_SOCK", &agent);
        stage.home.config("Host git.example.com\nHostName 127.0.0.1\nPort 1\nIdentityAgent SSH_AUTH_SOCK\n");
        for args in [
            &["check", "--vcs", "git.example.com"][..],
            &["keys", "git.example.com"],
            &["keys", "--offer", "git.example.com"],
        ] {
            let mut command = stage.command(env!("CARGO_BIN_EXE_ssh-why"));
            command.args(args).args(["--timeout", "2", "--format", "json"]);
            let ran = Measured::run(&mut command).within(std::time::Duration::from_millis(4500));
            assert!(matches!(ran.code, Some(0..=3)), "{what}: {ran:#?}");
            ran.json();
        }
        if what == "words" {
            tame(&stage, &["keys", "git.example.com"]);
            tame(&stage, &["check", "--vcs", "git.example.com"]);
        }
    }
}
