//! What is shared: the same verdict, and nothing of whose it is.

use std::collections::BTreeSet;

use base64ct::{Base64, Encoding};
use proptest::prelude::*;
use ssh_why::inside::diagnose::Diagnosis;
use ssh_why::inside::provider;
use ssh_why::inside::redact::{Learner, Redactor, Rewriter, Sort};
use ssh_why::model::Role;
use ssh_why::report::FORMS;
use ssh_why::report::look::Look;

use crate::kit::{Source, files, judge, project, proptest_cases, written};

/// Logs as they would be shared together, read in pieces of this size.
pub(crate) fn shared(sources: &[Source], redactor: &mut Redactor, step: usize) -> Vec<Source> {
    let learnt: Vec<_> = sources
        .iter()
        .map(|source| {
            let mut learner = Learner::new(&source.name);
            source.bytes.chunks(step).for_each(|piece| learner.feed(piece, redactor));
            learner.finish(redactor).1
        })
        .collect();
    let rewrite = |(source, breaks): (&Source, _)| {
        let mut rewriter = Rewriter::new(breaks);
        let mut text = Vec::new();
        source.bytes.chunks(step).for_each(|piece| rewriter.feed(piece, redactor, &mut text));
        rewriter.finish(redactor, &mut text);
        Source::new(&source.name, source.role, text)
    };
    sources.iter().zip(learnt).map(rewrite).collect()
}

pub(crate) fn one(log: &str) -> String {
    let source = Source::new("log", Role::Other, log);
    let shared = shared(&[source], &mut Redactor::default(), 1 << 16);
    String::from_utf8(shared.into_iter().next().unwrap().bytes).unwrap()
}

/// What must be the same before and after.
fn verdict(diagnosis: &Diagnosis) -> String {
    let findings: Vec<_> =
        diagnosis.findings.iter().map(|finding| (finding.cause, finding.certainty, finding.severity)).collect();
    let sessions: Vec<_> = diagnosis
        .case
        .sessions()
        .map(|entry| {
            let session = entry.session;
            let offers: Vec<_> = session.offered.iter().map(|offer| (offer.reply(), &offer.key.kind)).collect();
            let files: Vec<_> = session.identities.iter().map(|identity| identity.state).collect();
            (session.role, session.outcome, &session.method, &session.methods_left, offers, files)
        })
        .map(|session| format!("{session:?}"))
        .collect();
    format!("{:?} {:?} {findings:?} {sessions:#?}", diagnosis.verdict.cause, diagnosis.verdict.certainty)
}

/// What a log must not show any more: names and addresses of its sessions, and fingerprints.
fn own(diagnosis: &Diagnosis) -> BTreeSet<String> {
    let mut own = BTreeSet::new();
    for entry in diagnosis.case.sessions() {
        let session = entry.session;
        let hosts = [&session.host, &session.alias].into_iter().flatten();
        own.extend(
            hosts
                .filter(|host| {
                    provider::by_host(host).or(provider::mistaken(host)).is_none()
                        && host.contains('.')
                        && *host != "127.0.0.1"
                })
                .cloned(),
        );
        own.extend(session.address.iter().filter(|address| !address.starts_with("127.") && *address != "::1").cloned());
        own.extend(session.login.iter().filter(|login| !login.contains('/') && login.len() > 4).cloned());
        let keys = session.offered.iter().map(|offer| &offer.key);
        own.extend(keys.filter_map(|key| key.whole_fingerprint()).map(str::to_owned));
        own.extend(
            session
                .user
                .iter()
                .filter(|user| !matches!(user.as_str(), "git" | "root") && !user.contains('*'))
                .map(|user| format!("{user}@")),
        );
        for path in session.identities.iter().map(|identity| &identity.path) {
            let home = path.match_indices('/').nth(2).map(|(end, _)| &path[..=end]);
            own.extend(
                home.filter(|home| home.starts_with("/home/") || home.starts_with("/Users/")).map(str::to_owned),
            );
        }
    }
    own
}

/// The folders of fixtures that hold logs, each with its logs.
fn cases() -> Vec<Vec<Source>> {
    let mut cases: Vec<(std::path::PathBuf, Vec<Source>)> = Vec::new();
    for file in files(&project("fixtures")) {
        if file.extension().is_none_or(|ending| ending != "log") {
            continue;
        }
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let role = match name.as_str() {
            "vcs.log" => Role::Vcs,
            "ci.log" => Role::Ci,
            _ => Role::Other,
        };
        let source = Source::new(&name, role, std::fs::read(&file).unwrap());
        let folder = file.parent().unwrap().to_owned();
        match cases.last_mut().filter(|(last, _)| *last == folder) {
            Some((_, sources)) => sources.push(source),
            None => cases.push((folder, vec![source])),
        }
    }
    assert!(cases.len() > 100, "{}", cases.len());
    cases.into_iter().map(|(_, sources)| sources).collect()
}

#[test]
fn the_verdict_is_the_same_and_nothing_is_left() {
    for sources in cases() {
        let before = judge(&sources).diagnosis;
        let shared = shared(&sources, &mut Redactor::default(), 1 << 16);
        let after = judge(&shared).diagnosis;
        let what = String::from_utf8_lossy(&sources[0].bytes).into_owned();
        assert_eq!(verdict(&before), verdict(&after), "{what}");
        for (source, shared) in sources.iter().zip(&shared) {
            let text = String::from_utf8_lossy(&shared.bytes);
            for value in own(&before) {
                assert!(!text.contains(&value), "{value} is left of {}:\n{text}", source.name);
            }
        }
    }
}

#[test]
fn reports_show_nothing_in_any_form() {
    for sources in cases() {
        let mut diagnosis = judge(&sources).diagnosis;
        let (before, own) = (verdict(&diagnosis), own(&diagnosis));
        diagnosis.redact(&mut Redactor::default());
        assert_eq!(before, verdict(&diagnosis));
        for form in FORMS {
            let text = written(form.name, &diagnosis, &Look::default());
            for value in &own {
                assert!(!text.contains(value), "{value} is left:\n{text}");
            }
        }
    }
}

#[test]
fn reports_do_not_say_what_the_files_are_called() {
    for name in ["acmecorp.log", "/home/frieda/acmecorp/prod debug.log", r"C:\acmecorp\frieda.txt", "./acmecorp"] {
        let mut diagnosis = judge(&[Source::new(name, Role::Other, LOG)]).diagnosis;
        diagnosis.redact(&mut Redactor::default());
        for form in FORMS {
            let text = written(form.name, &diagnosis, &Look::default());
            for value in ["acmecorp", "frieda", "prod"] {
                assert!(!text.contains(value), "{value} is left of {name}:\n{text}");
            }
        }
    }
    let mut diagnosis = judge(&[Source::new("vcs.log", Role::Other, LOG)]).diagnosis;
    diagnosis.redact(&mut Redactor::default());
    assert_eq!(diagnosis.case.transcripts[0].source, "vcs.log");
}

pub(crate) const LOG: &str = "\
mona@laptop:~/secret-project$ ssh -v -i '/home/mona/.ssh/acme prod' -p 64784 deploy@build.corp.example\n\
OpenSSH_9.6p1, OpenSSL 3.0.13 30 Jan 2024\n\
debug1: Connecting to build.corp.example [10.20.30.40] port 64784.\n\
debug1: identity file /home/mona/.ssh/acme prod type 3\n\
debug1: Authenticating to build.corp.example:64784 as 'deploy'\n\
debug1: Offering public key: Mona's laptop key ED25519 SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD20 agent\n\
debug1: Authentications that can continue: publickey\n\
deploy@build.corp.example: Permission denied (publickey).\n";

#[test]
fn values_have_typed_and_stable_stand_ins() {
    let text = one(LOG);
    for value in ["mona", "Mona", "laptop", "acme", "build.corp", "10.20.30.40", "64784", "deploy", "uNiVztks"] {
        assert!(!text.contains(value), "{value} is left:\n{text}");
    }
    for kept in [
        "debug1: Connecting to host2.example [192.0.2.1] port 50001.",
        "Authenticating to host2.example:50001 as 'user",
        "Permission denied (publickey).",
        "ED25519 SHA256:fingerprint0",
        "/.ssh/name",
    ] {
        assert!(text.contains(kept), "{kept} is not there:\n{text}");
    }
}

#[test]
fn two_logs_agree() {
    let client = Source::new("client.log", Role::Other, LOG);
    let server = "May 10 22:47:08 build sshd[5799]: Failed publickey for deploy from 10.20.30.99 port 51022 ssh2: ED25519 SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD20\n\
                  May 10 22:47:08 build sshd[5799]: Invalid user Mallory from fe80::dead:beef%eth0 port 51023\n";
    let server = Source::new("server.log", Role::Other, server);
    let mut redactor = Redactor::default();
    let both = shared(&[client, server], &mut redactor, 1 << 16);
    let [client, server] = [&both[0], &both[1]].map(|source| String::from_utf8_lossy(&source.bytes).into_owned());
    for value in ["Mallory", " build ", "10.20.30.99", "dead:beef", "deploy", "5102"] {
        assert!(!server.contains(value), "{value} is left:\n{server}");
    }
    let user = client.split(" as '").nth(1).unwrap().split('\'').next().unwrap();
    assert!(server.contains(&format!("for {user} from 192.0.2.2")), "{server}");
    assert!(server.contains("SHA256:fingerprint0000000000000000000000000000001A"), "{server}");
}

#[test]
fn secrets_are_cut_out() {
    let blob = "AAAAC3NzaC1lZDI1NTE5AAAAIJxqXl2N0rJm5p9J8r9o3Yl0Zq3Q";
    let log = format!(
        "debug2: /etc/ssh/keys/deploy:1: check options: 'ssh-ed25519 {blob} mona@laptop'\n\
         debug1: channel 0: setting env API_KEY = \"hunter2\"\n\
         debug1: channel 0: setting env LANG = \"en_US.UTF-8\"\n\
         git clone https://mona:hunter3hunter3@git.corp.example/acme/widgets.git\n\
         Set-Cookie: session=hunter4; Path=/\n\
         sshpass -p hunter5 ssh deploy@box\n\
         export TOKEN=ghp_hunter6hunter6hunter6hunter6hunt\n\
         -----BEGIN OPENSSH PRIVATE KEY-----\n\
         b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW\n\
         -----END OPENSSH PRIVATE KEY-----\n\
         00000000  00 00 00 07 68 75 6e 74 65 72 37 00 00 00 00 00  ....hunter7.....\n"
    );
    let mut redactor = Redactor::default();
    let shared = shared(&[Source::new("log", Role::Other, log.as_str())], &mut redactor, 1 << 16);
    let text = String::from_utf8_lossy(&shared[0].bytes).into_owned();
    for value in ["hunter", "AAAAC3", "b3BlbnNz", "68 75 6e", "hunter7", "mona", "acme", "widgets", "deploy"] {
        assert!(!text.contains(value), "{value} is left:\n{text}");
    }
    assert!(text.contains("LANG = \"en_US.UTF-8\"") && text.contains("-----END OPENSSH PRIVATE KEY-----"), "{text}");
    assert_eq!(text.lines().count(), log.lines().count());
    let cut: Vec<Sort> =
        redactor.replaced().iter().filter(|replaced| replaced.values == 0).map(|replaced| replaced.sort).collect();
    assert_eq!(cut, [Sort::PublicKey, Sort::Secret, Sort::PrivateKey]);
}

/// The user, the host and the key of [`LOG`], in all the ways in which other lines have them.
#[test]
fn names_are_replaced_however_they_are_spelt() {
    let log = LOG
        .replace("deploy", "monalisa")
        .replace("build.corp.example", "frybox.frycorp.net")
        .replace("10.20.30.40", "10.77.88.99");
    for line in [
        "MonalisasMacBook MONALISA my_monalisa_key monalisa2024",
        r#"{\"user\": \"monalisa\", \"path\": \"\/home\/monalisa\/x\"}"#,
        "path=%2Fhome%2Fmonalisa%2F.ssh x=%6D%6F%6E%61%6C%69%73%61",
        r"\x6d\x6f\x6e\x61\x6c\x69\x73\x61 \u006d\u006f\u006e\u0061\u006c\u0069\u0073\u0061",
        "bW9uYWxpc2E= dXNlcj1tb25hbGlzYSZ4 6d6f6e616c697361",
        "C:\\Users\\monalisa\\.ssh C--Users-monalisa -home-monalisa-src",
        "\u{1b}[32mmona\u{1b}[0mlisa \u{1b}]0;monalisa@frybox: ~\u{7} mona\u{200b}lisa ^[[1mmonalisa^[[0m",
        "&lt;monalisa@frybox.frycorp.net&gt; <b>monalisa</b>",
        "other.frycorp.net FRYBOX ssh frybox",
        "ip-10-77-88-99 ec2-10-77-88-99.compute.amazonaws.com 99.88.77.10.in-addr.arpa 0a4d5863",
        "::ffff:10.77.88.99 [::FFFF:10.77.88.99]:22 10.77.88.99#53 10.77.88.99/24 10[.]77[.]88[.]99",
        "fd12:3456:789a::42/64 FD12:3456:789A:0000::42",
        "kQ9mZ3xWvB7nT1cR5yL8pD2sF6hJ0aGuE4iOqN7W2zU= sha256:kQ9mZ3xWvB7nT1cR5yL8pD2sF6hJ0aGuE4iOqN7W2zU",
    ] {
        let text = one(&format!("{log}{line}\n"));
        let text = text.lines().last().unwrap().to_ascii_lowercase();
        for value in [
            "monalisa", "frybox", "frycorp", "77.88", "88.77", "77-88", "[.]", "0a4d", "3456", "kq9mz", "%6d", "x6d",
            "u006d", "bw9u", "b25hbgl", "6d6f", "lisa",
        ] {
            assert!(!text.contains(value), "{value} is left of {line}: {text}");
        }
    }
}

/// Names that no statement of ssh's shows, by the lines that do.
#[test]
fn lines_of_shells_show_names() {
    for line in [
        "frieda@frybox:~/work$ ls",
        "frybox:~ frieda$ ls",
        "frybox% ssh x",
        "[sudo] password for frieda: ",
        "Nov 10 10:00:00 frybox sudo:   frieda : TTY=pts/0 ; PWD=/home/frieda ; USER=root ; COMMAND=/bin/id",
        "uid=1000(frieda) gid=1000(frieda) groups=1000(frieda),27(sudo)",
        "-rw------- 1 frieda frieda 411 Nov 10 10:00 id_ed25519",
        "frieda:x:1000:1000:frieda fry,,,:/home/frieda:/bin/bash",
        "frieda   pts/0   2024-05-01 10:00",
        "COMPUTERNAME=FRYBOX SUDO_USER=frieda",
        "Author: frieda fry <frieda@frybox.org>",
        "Last login: Wed May  1 10:00:00 2024 from frybox",
        "frybox,10.9.8.7 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJxqXl2N0rJm5p9J8 friedas own key",
        "|1|friedaeEWhi10WpGv4OdiO6Y=|friedaVE8wmZL7suNrYQLITLCg= ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAB",
        "256 SHA256:kQ9mZ3xWvB7nT1cR5yL8pD2sF6hJ0aGuE4iOqN7W2zU friedas key (ED25519)",
        "Authenticating with public key \"friedas key\"",
        "git-upload-pack '/frieda/frybox.git'",
        "origin  https://github.com/frieda/frybox (fetch)",
        "To github.com:frieda/frybox.git",
        "Cloning into 'frybox'...",
    ] {
        let text = one(&format!("OpenSSH_9.6p1, OpenSSL 3.0.13 30 Jan 2024\n{line}\n")).to_ascii_lowercase();
        for value in ["frieda", "frybox", "10.9.8.7", "kq9mz"] {
            assert!(!text.contains(value), "{value} is left of {line}: {text}");
        }
    }
}

#[test]
fn secrets_are_known_by_their_form_and_by_what_stands_before_them() {
    let key = "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW";
    let secret = "hunter2Xyz9";
    let long = "h9Unter2Xyz9876zQ3kfP7wJ2";
    for line in [
        format!("{{\"password\": \"{secret}\", \"api_key\": \"{secret}\"}}"),
        format!("plink -pw {secret} box; sshpass -p '{secret}' ssh x; sshpass -p{secret} ssh x"),
        format!("ssh-keygen -N '{secret}' -f key && wget --http-password {secret} x"),
        format!("PGPASSWORD={secret} clientSecret: {secret} authToken={secret}"),
        format!("X-Vault-Token: {secret}"),
        format!("Enter passphrase for key '/home/mona/.ssh/id_rsa': {secret}"),
        format!("deploy@box's password: {secret}"),
        format!("echo {secret} | sudo -S id"),
        format!("a:ghp_{long} \u{1b}[1mgho_{long}\u{1b}[0m q?t=xoxb-{long}&x \\\"sk-{long}\\\""),
        format!("bare {long}"),
        format!(
            "2024-05-01T10:00:00Z -----BEGIN RSA PRIVATE KEY-----\n2024-05-01T10:00:01Z {key}\n2024-05-01T10:00:01Z {long}"
        ),
        format!("\"-----BEGIN RSA PRIVATE KEY-----\\n{key}\\n{long}\\n-----END RSA PRIVATE KEY-----\\n\""),
        format!("{{\"key\": \"PuTTY-User-Key-File-3: ssh-rsa\\nPrivate-Lines: 1\\n{key}\\n\"}}"),
        Base64::encode_string(format!("-----BEGIN RSA PRIVATE KEY-----\n{key}\n").as_bytes()),
        format!("+ echo '{key}'"),
    ] {
        let encoded = Base64::encode_string(key.as_bytes());
        let text = one(&format!("OpenSSH_9.6p1, OpenSSL 3.0.13 30 Jan 2024\n{line}\n"));
        for value in [secret, long, &key[..12], &encoded[8..24]] {
            assert!(!text.contains(value), "{value} is left of {line}: {text}");
        }
        assert!(text.contains("cut out]"), "{text}");
    }
}

/// Far down in a long log, where lines are looked at together.
#[test]
fn a_long_log_is_looked_through() {
    let quiet = "debug2: channel 0: window 1998336 sent adjust 98816\n".repeat(2000);
    let dump = "0000  00 00 00 07 68 75 6e 74 65 72 37 00\n";
    let log =
        format!("{LOG}{quiet}Mona's window\n{quiet}{dump}{quiet}-----BEGIN RSA PRIVATE KEY-----\nhunter7\n{quiet}");
    let text = one(&log);
    for value in ["Mona", "68 75", "hunter7"] {
        assert!(!text.contains(value), "{value} is left");
    }
    assert_eq!(text.matches(&quiet[..50]).count(), 8000);
    let small = shared(&[Source::new("log", Role::Other, log.as_str())], &mut Redactor::default(), 100);
    assert!(text.as_bytes() == small[0].bytes, "the same in small pieces");
}

#[test]
fn what_everybody_knows_stays() {
    let log = "\
        debug1: Connecting to github.com [140.82.112.4] port 22.\n\
        debug1: kex: server->client cipher: chacha20-poly1305@openssh.com MAC: <implicit> compression: none\n\
        debug1: Server host key: ssh-ed25519 SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU\n\
        debug1: Authenticating to github.com:22 as 'git'\n\
        debug1: identity file /home/mona/.ssh/id_ed25519-cert type -1\n\
        git@github.com: Permission denied (publickey).\n";
    let text = one(log);
    assert_eq!(text, log.replace("140.82.112.4", "192.0.2.1").replace("mona", "user1"));
}

#[test]
fn a_user_called_like_a_word_of_ssh_breaks_nothing() {
    for user in ["key", "publickey", "debug1", "user", "denied", "agent", "port", "root", "SHA256", "ED25519"] {
        let log = LOG.replace("deploy", user);
        let [before, after] =
            [log.clone(), one(&log)].map(|log| judge(&[Source::new("log", Role::Other, log)]).diagnosis);
        assert_eq!(verdict(&before), verdict(&after), "{user}");
        assert!(!one(&log).contains(&format!("{user}@")), "{}", one(&log));
    }
}

#[test]
fn sorts_may_be_kept() {
    let mut redactor = Redactor::keeping(&[Sort::Fingerprint, Sort::Host]);
    let shared = shared(&[Source::new("log", Role::Other, LOG)], &mut redactor, 1 << 16);
    let text = String::from_utf8_lossy(&shared[0].bytes).into_owned();
    assert!(text.contains("build.corp.example") && text.contains("uNiVztksCsDh"), "{text}");
    assert!(!text.contains("mona") && !text.contains("10.20.30.40"), "{text}");
}

/// Pieces of what logs are made of.
fn log() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "debug1: ",
        "mona",
        "@",
        "box",
        ".corp.example",
        "10.0.0.7",
        "fe80::1",
        ":",
        "/",
        "\\",
        "C:\\Users\\",
        "/home/",
        " ",
        "\n",
        "\r",
        "=\n",
        "for user ",
        " from ",
        " port 50022",
        "SHA256:",
        "uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s",
        "AAAA",
        "password=",
        "é",
        "\u{1b}[31m",
        "-----BEGIN RSA PRIVATE KEY-----",
        "-----END ",
        "&#39;",
        "\\n",
        "Offering public key: ",
        " RSA ",
        "://",
        "~",
        "%",
        "'",
        "[",
        "]",
        "<",
    ]);
    prop::collection::vec(piece, 0..60).prop_map(|pieces| {
        // The first piece that is read shows how lines end.
        "debug1: begins\n".to_owned() + &pieces.concat()
    })
}

proptest! {
    #![proptest_config(proptest_cases(256))]

    #[test]
    fn any_log_is_written_again_in_any_pieces(log in log(), step in 64usize..200) {
        let source = || [Source::new("log", Role::Other, log.as_str())];
        let whole = shared(&source(), &mut Redactor::default(), log.len().max(1));
        let pieces = shared(&source(), &mut Redactor::default(), step.max(log.len() / 2));
        prop_assert_eq!(String::from_utf8_lossy(&whole[0].bytes), String::from_utf8_lossy(&pieces[0].bytes));
        let lines = |bytes: &[u8]| bytes.iter().filter(|byte| **byte == b'\n').count();
        prop_assert_eq!(lines(&whole[0].bytes), lines(log.as_bytes()));
    }
}
