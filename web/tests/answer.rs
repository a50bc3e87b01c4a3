//! What the page gets, without a browser.

#![allow(missing_docs, clippy::unwrap_used, reason = "a test")]

fn request(form: &str, redact: bool, only: &str, logs: &[&str]) -> Vec<u8> {
    let mut words = vec![form.to_owned(), u8::from(redact).to_string(), "sh".to_owned(), only.to_owned()];
    words.extend(logs.iter().flat_map(|log| ["log".to_owned(), "other".to_owned(), log.len().to_string()]));
    let header = words.join("\0");
    let mut request = u32::try_from(header.len()).unwrap().to_le_bytes().to_vec();
    request.extend_from_slice((header + &logs.concat()).as_bytes());
    request
}

fn ask(form: &str, log: &str, redact: bool) -> String {
    ssh_why_web::answer(&request(form, redact, "", &[log]))
}

const LOG: &str = "OpenSSH_9.6p1, OpenSSL 3.0.13 30 Jan 2024\n\
    debug1: Offering public key: /home/mona/.ssh/id_rsa RSA SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD20\n\
    debug1: Authentications that can continue: publickey\n\
    mona@box: Permission denied (publickey).\n";

#[test]
fn every_form_is_written() {
    for form in ["json", "markdown", "html", "human", "jsonl"] {
        assert!(ask(form, LOG, false).contains("key-rejected"), "{form}");
        let shared = ask(form, LOG, true);
        assert!(shared.contains("key-rejected") && !shared.contains("mona"), "{shared}");
    }
    assert!(ask("redact", LOG, true).contains("user1@host1: Permission denied"));
}

#[test]
fn bad_requests_get_a_sentence() {
    assert_eq!(ask("none", LOG, false), "there is no form called none");
    for request in [&b""[..], b"\xff\xff\xff\xff", b"\x02\x00\x00\x00{}", b"\x01\x00", b"\x0f\x00\x00\x00json\x000\x00sh\x00x\x00log"] {
        assert_eq!(ssh_why_web::answer(request), "the request can't be read");
    }
}

#[test]
fn one_log_of_two_is_written_with_the_same_stand_ins() {
    let logs = ["lisa@box: Permission denied (publickey).\n", "mona@box: Permission denied (publickey).\n"];
    let written = |only: &str| ssh_why_web::answer(&request("redact", true, only, &logs));
    let (first, second) = (written("0"), written("1"));
    assert_eq!(second, "user2@host1: Permission denied (publickey).\n");
    assert_eq!(written(""), first + &second);
}
