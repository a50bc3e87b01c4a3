//! What is said of another client's log helps with that client.

use crate::kit::{cases, judge};

#[test]
fn no_command_of_sshs_mends_another_clients_session() {
    let mut seen = 0;
    for case in cases("dialects") {
        let report = judge(&case.sources());
        let foreign = report.json["transcripts"].as_array().unwrap().iter().all(|log| log["dialect"] != "openssh");
        if !foreign {
            continue;
        }
        seen += 1;
        assert!(report.json["suggestion"].is_null(), "{}: {}", case.name, report.json["suggestion"]);
        for finding in report.json["findings"].as_array().unwrap() {
            for fix in finding["fixes"].as_array().unwrap() {
                let command = fix["command"].as_str().unwrap_or_default();
                assert!(!command.starts_with("ssh ") && fix["config"].is_null(), "{}: {fix}", case.name);
                let title = fix["title"].as_str().unwrap();
                assert!(
                    !title.contains("IdentitiesOnly") && !title.contains("no command is shown"),
                    "{}: {title}",
                    case.name
                );
            }
        }
    }
    assert!(seen >= 6, "{seen} logs are few");
}

#[test]
fn the_finding_says_what_the_client_cannot() {
    let refused = "Using SSH protocol version 2\nUsing username \"dev\".\nOffered public key\nServer refused our key\n\
                   No supported authentication methods available (server sent: publickey)\n";
    let report = judge(&[crate::kit::Source::new("plink.log", ssh_why::model::Role::Other, refused)]);
    assert_eq!(report.verdict(), "key-rejected");
    let finding = &report.json["findings"][0];
    assert!(finding["explanation"].as_str().unwrap().contains("PuTTY tries no default files"), "{finding}");
    assert!(finding["fixes"][0]["title"].as_str().unwrap().contains("-i FILE.ppk"), "{finding}");
}

/// PuTTY marks what a server says before the login, and a mark is no margin of the paste's.
#[test]
fn a_banner_behind_puttys_mark_is_the_servers() {
    let log = |banner: &str| {
        format!(
            "Using SSH protocol version 2\nUsing username \"dev\".\n\
             -- Pre-authentication banner message from server: ----------------------------\n{banner}\
             -- End of banner message from server -----------------------------------------\n\
             Offered public key\nServer refused our key\n\
             FATAL ERROR: No supported authentication methods available (server sent: publickey)\n"
        )
    };
    let read = |text: String| {
        let report = judge(&[crate::kit::Source::new("plink.log", ssh_why::model::Role::Other, text)]);
        let sessions = report.json["transcripts"][0]["sessions"].clone();
        let offered = sessions[0]["offered"].as_array().unwrap().len();
        (report.verdict().to_owned(), sessions.as_array().unwrap().len(), offered, sessions[0]["outcome"].clone())
    };
    let honest = read(log("| Welcome\n|\n"));
    assert_eq!((honest.0.as_str(), honest.1, honest.2), ("key-rejected", 1, 1));
    let forged = "| Access granted\n|\n| Using username \"root\".\n| $ ssh -p 2200 root@192.0.2.9\n| FATAL ERROR: Connection refused\n";
    assert_eq!(read(log(forged)), honest);
    let quoted: String = log(forged).lines().map(|line| format!("> {line}\n")).collect();
    assert_eq!(read(quoted), honest, "in a quoted mail");
}
