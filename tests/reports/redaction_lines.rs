//! Lines of many kinds, each beneath a log, of which no name may be left.

use ssh_why::inside::redact::{Learner, Redactor, Rewriter};
use ssh_why::model::Role;

use crate::kit::Source;
use crate::redaction::{LOG, one, shared};

/// That no value is left of lines beneath a log, whatever is written large.
fn nothing_is_left(lines: &[&str], values: &[&str]) {
    for line in lines {
        let text = one(&format!("{LOG}{line}\n")).to_ascii_lowercase();
        let text: Vec<&str> = text.lines().skip(LOG.lines().count()).collect();
        for value in values {
            assert!(!text.concat().contains(value), "{value} is left of {line}: {text:#?}");
        }
    }
}

#[test]
fn fields_show_names() {
    nothing_is_left(
        &[
            "HOME=/home/frieda USERDOMAIN=FRYDOM LOGNAME=frieda",
            "CI_PROJECT_PATH=frygroup/fryproj CI_PROJECT_NAMESPACE=frygroup CI_SERVER_HOST=fry.example",
            "GITHUB_REPOSITORY=frygroup/fryproj\nGITHUB_REPOSITORY_OWNER=frygroup\nRUNNER_NAME=frybox01",
            "BITBUCKET_REPO_SLUG=fryproj BITBUCKET_WORKSPACE=frygroup JOB_NAME=frygroup/fryproj NODE_NAME=frybox1",
            r#"{"_HOSTNAME":"frybox","MESSAGE":"x","kubernetes":{"pod_name":"frypod","container_name":"frycont"}}"#,
            "ansible_user: frieda\nansible_host: frybox\nansible_ssh_private_key_file: /keys/frykey.pem",
            "DEPLOY_USER=frieda DEPLOY_HOST=frybox SERVER=frybox8 remote_user=frieda remoteHost: frybox",
            "host => frybox, user => frieda --user=frieda --host frybox --project fryproj",
            "GITLAB_USER_NAME=Frieda Fry\nStarted by user Frieda Fry\ngit config user.name \"Frieda Fry\"",
            "    From: Frieda Fry <x@fry.example>",
            "---- BEGIN SSH2 PUBLIC KEY ----\nComment: \"frieda's\"\nAAAAB3NzaC1yc2EAAAADAQABAAAB\nfryFRY12fry\n---- END SSH2 PUBLIC KEY ----",
        ],
        &["frie", "fry"],
    );
}

#[test]
fn tools_show_names() {
    nothing_is_left(
        &[
            "fatal: [frybox]: UNREACHABLE! => {\"changed\": false}",
            "<frybox> ESTABLISH SSH CONNECTION FOR USER: frieda",
            "frybox | UNREACHABLE! => {",
            "frybox                     : ok=0    changed=0    unreachable=1    failed=0",
            "The project frygroup/sub/fryproj could not be found",
            "fatal: 'frygroup/fryproj' does not appear to be a git repository",
            "Cloning into '/builds/frygroup/fryproj'...",
            "Fetching changes for frygroup/fryproj...",
            "Building remotely on frybox1 (linux) in workspace /var/jenkins/workspace/fryproj",
            "using credential fry-deploy-key",
            "https://git.fry.example/api/v4/projects/frygroup%2Ffryproj?x=1",
            "frypod-7d9f8b6c5-x2x4z 1/1 Running",
            "frycont-1  | debug1: hello",
            "docker exec -it frycont ssh x; kubectl exec frypod -- ssh x",
            "gcloud compute ssh frybox --project fryproj",
            "arn:aws:iam::123456789012:user/frieda",
            "Session ID: frieda-0a1b2c3d4e5f6a7b8",
            "ldap: uid=frieda,ou=people,dc=fry,dc=de",
            "subject=CN = box.fry.example, O = Fry GmbH",
            "curl -u frieda:fryword https://fry.example/; curl --user frieda:fryword x",
        ],
        &["frie", "fry", "123456789012"],
    );
}

#[test]
fn certificates_systems_and_shells_show_names() {
    nothing_is_left(
        &[
            "        Principals: \n                frieda\n                fryadmin\n        Critical Options: (none)",
            "cert-authority,principals=\"frieda,fryadmin\" ssh-rsa x",
            "error: Certificate does not contain an authorized principal: frieda",
            "Received disconnect from 10.9.8.7 port 22:2: Too many authentication failures for frieda",
            "Nov 10 10:00:00 frybox sshd: Accepted publickey for frieda from 10.9.8.7 port 51000",
            "Nov 10 10:00:00 frybox systemd: Started Session 12 of user frieda.",
            "<38>1 2024-01-02T10:00:00Z frybox sshd 12 - - Accepted publickey for frieda from 10.9.8.7",
            "root  1234  0.0  sshd: frieda [priv]",
            "mona@laptop:~$ whoami\nfrieda\nmona@laptop:~$ hostname\nfrybox",
            "login: frieda\nAccess denied for frieda",
            "Match originalhost frybox,frybox8 exec \"test\"",
            "ssh -L 8080:frydb:5432 -o ProxyJump=frygate frybox",
            "debug1: Local connections to LOCALHOST:8080 forwarded to remote address frydb:5432",
            "C:\\Users\\frieda>ssh frybox",
            "C:\\Documents and Settings\\frieda\\x",
            "frieda@Friedas-MBP fryproj % ssh frybox\n\u{279c}  fryproj git:(main) git push",
            "ssh frieda%40frybox.fry.example",
            "You've successfully authenticated with the key named frykey, but",
            "SSH_CONNECTION=10.9.8.7 51000 10.9.8.8 22",
            "SSH_AUTH_SOCK=/tmp/ssh-XXXXfry123/agent.1234",
        ],
        &["frie", "fry", "10.9.8", "51000"],
    );
}

#[test]
fn addresses_are_found_in_every_form() {
    nothing_is_left(
        &[
            "tcp 0 0 10.9.8.7.22 10.9.8.8.51000 ESTABLISHED",
            "x_10.9.8.7_y",
            "link/ether 52:54:00:ab:cd:9e brd ff:ff:ff:ff:ff:ff",
            "HWaddr 52-54-00-AB-CD-9E",
            "c3-f2-0a-7e-5f-70-36-9e-b2-84-6c-2c-40-64-a1-fc",
        ],
        &["10.9.8", "ab:cd", "ab-cd", "c3-f2"],
    );
}

/// A log in UTF-32 is none of bytes that pass as they are.
#[test]
fn every_encoding_is_read() {
    let marked = std::iter::once('\u{feff}').chain(LOG.chars());
    let wide = |each: fn(u32) -> [u8; 4]| marked.clone().flat_map(move |c| each(u32::from(c))).collect::<Vec<u8>>();
    for bytes in [wide(u32::to_le_bytes), wide(u32::to_be_bytes)] {
        let source = Source::new("log", Role::Other, bytes);
        let shared = shared(&[source], &mut Redactor::default(), 1 << 16);
        assert_eq!(String::from_utf8_lossy(&shared[0].bytes), one(LOG));
    }
}

/// What was written again says no more the second time.
#[test]
fn a_second_redaction_changes_nothing() {
    let once = one(&format!("{LOG}Nov 10 10:00:00 frybox sshd[7]: Invalid user frieda from 10.9.8.7 port 51000\n"));
    assert_eq!(one(&once), once);
}

/// Lines that differ in digits alone are looked through once; what that says must be true of each.
#[test]
fn lines_that_look_the_same_are_each_written_for_what_they_are() {
    let log: String = (0..14)
        .flat_map(|number: usize| {
            let (a, b) = (number % 10, number * 7 % 10);
            [
                format!(
                    "Nov 10 10:00:{number:02} box{b} sshd[{a}73]: Invalid user mona{b} from 10.0.0.{a} port 5{a}00{b}\n"
                ),
                format!("Nov 10 10:00:{number:02} box{b} sshd[{a}73]: Connection from 127.0.0.{b} port 222{a}\n"),
                format!("Nov 10 10:00:{number:02} box{b} sshd[{a}73]: pam: mona{a} and box{a}x went to 10-0-0-{a}\n"),
                format!("at {b}99.1.1.1 or {b}.1.1.1, window {a}222 for mona{a}\n"),
            ]
        })
        .collect();
    let learnt = |redactor: &mut Redactor| {
        let mut learner = Learner::new("log");
        learner.feed(log.as_bytes(), redactor);
        learner.finish(redactor).1
    };
    let plain = |text: &str| -> String { text.chars().filter(|c| !c.is_ascii_digit()).collect() };
    let mut all = Redactor::default();
    let mut rewriter = Rewriter::new(learnt(&mut all));
    let mut together = Vec::new();
    rewriter.feed(log.as_bytes(), &mut all, &mut together);
    rewriter.finish(&mut all, &mut together);
    for (line, again) in log.lines().zip(String::from_utf8(together).unwrap().lines()) {
        let mut one = Redactor::default();
        learnt(&mut one);
        let mut alone = String::new();
        one.line(line, &mut alone);
        assert_eq!(plain(again), plain(&alone), "{line}");
    }
}
