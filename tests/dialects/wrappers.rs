//! What tools say that speak through other clients' libraries.

use serde_json::Value;
use ssh_why::model::Role;

use crate::kit::{Report, Source, assert_true, judge};

fn read(log: &str) -> (Report, Value) {
    let sources = [Source::new("job.log", Role::Other, log)];
    let report = judge(&sources);
    assert_true(&report, &sources, log);
    assert_eq!(report.sessions().len(), 1, "{log}");
    let session = report.sessions()[0].1.clone();
    (report, session)
}

fn refused(words: &str) -> String {
    format!(
        "{words}ssh: handshake failed: ssh: unable to authenticate, attempted methods [none publickey], no supported methods remain\n"
    )
}

/// The host stands before each attempt, and the error behind the last one names none.
#[test]
fn terraform_tells_host_and_user_before_it_connects() {
    let attempt = "null_resource.box (remote-exec): Connecting to remote host via SSH...\n\
        null_resource.box (remote-exec):   Host: 192.0.2.10\n\
        null_resource.box (remote-exec):   User: dev\n\
        null_resource.box (remote-exec):   Private key: true\n\
        null_resource.box: Still creating... [10s elapsed]\n";
    let (report, session) = read(&refused(&format!("{attempt}{attempt}Error: timeout - last error: ")));
    assert_eq!(
        (report.verdict(), &session["host"], &session["user"]),
        ("key-rejected", &"192.0.2.10".into(), &"dev".into())
    );
    // Without the tool's own word a host is anybody's.
    let (_, session) = read(&refused("Host: 192.0.2.10\n"));
    assert_eq!(session["host"], Value::Null);
}

#[test]
fn a_copy_names_its_host_without_a_port() {
    let (_, session) = read(&refused("error copy file to dest: box.example, error message: "));
    assert_eq!((&session["host"], &session["port"]), (&"box.example".into(), &Value::Null));
}

#[test]
fn fabric_1_ends_in_words_of_its_own() {
    let (report, session) = read(
        "Fatal error: Low level socket error connecting to host box.example on port 2222: Connection refused (tried 1 time)\n\
         \n\
         Aborting.\n",
    );
    assert_eq!(
        (report.verdict(), &session["host"], &session["port"]),
        ("connection-refused", &"box.example".into(), &2222.into())
    );
    let (report, session) = read(
        "Fatal error: Needed to prompt for a connection or sudo password (host: dev@box.example:2222), but abort-on-prompts was set to True\n",
    );
    assert_eq!(
        (report.verdict(), &session["outcome"], &session["user"]),
        ("unknown", &"client-error".into(), &"dev".into())
    );
}

#[test]
fn ansible_before_2_9_blames_a_password() {
    let (_, session) = read(
        "fatal: [box]: UNREACHABLE! => {\"changed\": false, \"msg\": \"Invalid/incorrect username/password. Authentication failed.\", \"unreachable\": true}\n",
    );
    assert_eq!((&session["outcome"], &session["host"]), (&"denied".into(), &"box".into()));
    // These are Ansible's, and no words of curl's.
    let sources = [Source::new(
        "job.log",
        Role::Other,
        "fatal: [box]: UNREACHABLE! => {\"changed\": false, \"msg\": \"Authentication failure.\", \"unreachable\": true}\n",
    )];
    assert_ne!(judge(&sources).json["transcripts"][0]["dialect"], "libssh2");
}

#[test]
fn scrapli_tells_the_end_of_any_library() {
    for (library, dialect) in [("paramiko", "paramiko"), ("asyncssh", "asyncssh")] {
        let log = format!(
            "Traceback (most recent call last):\n  File \"/usr/lib/python3/dist-packages/scrapli/transport/plugins/{library}/transport.py\", line 97, in open\n    \
             raise ScrapliAuthenticationFailed(msg)\n\
             scrapli.exceptions.ScrapliAuthenticationFailed: all authentication methods failed\n"
        );
        let (report, session) = read(&log);
        assert_eq!(
            (report.json["transcripts"][0]["dialect"].as_str(), &session["outcome"]),
            (Some(dialect), &"denied".into())
        );
    }
}

/// Ansible names its inventory's host, and its own command where that is.
#[test]
fn ansibles_command_says_where_its_host_is() {
    let denied = "\"msg\": \"Failed to connect to the host via ssh: Permission denied (publickey).\\r\\n\"";
    let fatal = format!("fatal: [web]: UNREACHABLE! => {{\"changed\": false, {denied}, \"unreachable\": true}}\n");
    let exec = |user: &str, port: &str, host: &str| {
        format!(
            "<{host}> SSH: EXEC ssh -C -o ControlMaster=auto -o {port} -o 'IdentityFile=\"/srv/id\"' -o {user} {host} '/bin/sh -c '\"'\"'echo ~'\"'\"''\n"
        )
    };
    let of = |log: &str| {
        let report = judge(&[Source::new("ansible.log", Role::Other, log)]);
        let session = report.json["transcripts"][0]["sessions"].as_array().unwrap().last().unwrap().clone();
        let text = |field: &str| session[field].as_str().map(str::to_owned);
        (text("host"), text("user"), session["port"].as_u64())
    };
    let known = |host: &str, user: Option<&str>, port| (Some(host.to_owned()), user.map(str::to_owned), port);
    for user in ["User=deploy", "'User=\"deploy\"'"] {
        let log = format!("{}{fatal}", exec(user, "Port=2222", "192.0.2.7"));
        assert_eq!(of(&log), known("192.0.2.7", Some("deploy"), Some(2222)), "{user}");
    }
    // 1.x
    let log = "<192.0.2.7> ESTABLISH CONNECTION FOR USER: deploy\n<192.0.2.7> EXEC ssh -C -tt -vvv -o Port=2222 192.0.2.7 /bin/sh\n\
         fatal: [web] => SSH Error: Permission denied (publickey).\n";
    assert_eq!(of(log), known("192.0.2.7", Some("deploy"), Some(2222)));
    // Of several nobody knows which is which.
    let two = format!("{}{}", exec("User=a", "Port=22", "192.0.2.7"), exec("User=b", "Port=22", "192.0.2.8"));
    assert_eq!(of(&format!("{two}{fatal}")), known("web", None, None));
    assert_eq!(of(&fatal), known("web", None, None));
    let sent = "fatal: [web]: UNREACHABLE! => {\"changed\": false, \"msg\": \"Data could not be sent to remote host \\\"192.0.2.7\\\". Make \
                sure this host can be reached over ssh: kex_exchange_identification: Connection closed by remote host\\r\\n\"}\n";
    assert_eq!(of(sent).0.as_deref(), Some("192.0.2.7"));
    // Its own name is no better than the address that ssh tells.
    let kex = "fatal: [web]: UNREACHABLE! => {\"changed\": false, \"msg\": \"Failed to connect to the host via ssh: Unable to negotiate with \
               192.0.2.7 port 22: no matching key exchange method found. Their offer: diffie-hellman-group1-sha1\\r\\n\"}\n";
    assert_eq!(of(kex).0, None);
}
