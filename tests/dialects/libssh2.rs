//! libssh2 and curl: what is no SSH of theirs, and what they do not tell.

use crate::kit::{Source, judge};
use ssh_why::model::Role;

#[test]
fn curl_over_https_is_no_session() {
    let log = "*   Trying 192.0.2.1:443...\n* Connected to box.example (192.0.2.1) port 443 (#0)\n\
               * Connection #0 to host box.example left intact\n";
    let report = judge(&[Source::new("curl.log", Role::Other, log)]);
    assert_eq!(report.json["transcripts"][0]["sessions"].as_array().unwrap().len(), 0, "{}", report.json);
}

#[test]
fn a_bad_signature_may_be_a_second_factor() {
    let log = "[libssh2] 1.0 Userauth: Permitted auth methods: publickey\n\
               [libssh2] 1.1 Userauth: Loading public key file: /home/dev/.ssh/id.pub\n\
               [libssh2] 1.2 Key Ex: Signing using rsa-sha2-512\n\
               [libssh2] 1.3 Userauth: Attempting publickey authentication\n\
               [libssh2] 1.4 Userauth: Loading private key file: /home/dev/.ssh/id\n\
               [libssh2] 1.5 Userauth: Attempting publickey authentication -- phase 2\n\
               [libssh2] 1.6 Failure Event: -19 - Invalid signature for supplied public key, or bad username/public key combination\n\
               Authentication by public key failed: Invalid signature for supplied public key, or bad username/public key combination (-19)\n";
    let report = judge(&[Source::new("trace.log", Role::Other, log)]);
    let offered = report.json["transcripts"][0]["sessions"][0]["offered"].as_array().unwrap();
    assert_eq!((offered.len(), offered[0]["type"].as_str()), (1, Some("RSA")));
    assert_eq!(offered[0]["path"], "/home/dev/.ssh/id");
    assert_eq!(report.verdict(), "accepted-then-denied");
    assert_eq!(report.json["verdict"]["certainty"], "likely");
    assert!(report.json["findings"][0]["explanation"].as_str().unwrap().contains("second factor"), "{}", report.json);
}
