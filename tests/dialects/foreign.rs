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
