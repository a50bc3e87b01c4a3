//! The JSON report's fields.

use std::collections::BTreeSet;

use serde_json::Value;

const KEY: &[&str] = &["path", "label", "type", "fingerprint", "agent"];

/// Asserts that the document has all fields of schema 1, that lists are lists, and that words are known words.
pub fn assert_schema(document: &Value, what: &str) {
    let fields = |value: &Value, names: &[&str]| {
        let object = value
            .as_object()
            .unwrap_or_else(|| panic!("{what}: no object but {value}"));
        let have: BTreeSet<&str> = object.keys().map(String::as_str).collect();
        for name in names {
            assert!(have.contains(name), "{what}: {name} is missing in {value}");
        }
    };
    let list = |value: &Value| {
        value
            .as_array()
            .unwrap_or_else(|| panic!("{what}: no list but {value}"))
            .clone()
    };
    let word = |value: &Value, words: &[&str]| {
        let text = value
            .as_str()
            .unwrap_or_else(|| panic!("{what}: no word but {value}"));
        assert!(words.contains(&text), "{what}: {text} is none of {words:?}");
    };
    let certainty = |value: &Value| word(value, &["certain", "likely", "possible"]);

    fields(
        document,
        &[
            "schema",
            "tool",
            "transcripts",
            "comparisons",
            "findings",
            "verdict",
            "suggestion",
        ],
    );
    assert_eq!(document["schema"], 1, "{what}");
    assert_eq!(document["tool"]["name"], "ssh-why");
    assert_eq!(document["tool"]["version"], env!("CARGO_PKG_VERSION"));
    for log in list(&document["transcripts"]) {
        fields(
            &log,
            &[
                "source", "role", "dialect", "client", "complete", "sessions",
            ],
        );
        word(&log["role"], &["vcs", "ci", "other"]);
        assert!(log["complete"].is_boolean() && log["dialect"].is_string());
        for session in list(&log["sessions"]) {
            fields(
                &session,
                &[
                    "host",
                    "address",
                    "port",
                    "user",
                    "server_software",
                    "identities",
                    "offered",
                    "accepted",
                    "outcome",
                    "method",
                    "methods_left",
                    "login",
                ],
            );
            word(
                &session["outcome"],
                &[
                    "authenticated",
                    "partial",
                    "denied",
                    "disconnected",
                    "host-key",
                    "kex",
                    "network",
                    "client-error",
                    "unknown",
                ],
            );
            for identity in list(&session["identities"]) {
                fields(&identity, &["path", "state", "reason", "line"]);
                word(&identity["state"], &["loaded", "absent", "unusable"]);
            }
            for offer in list(&session["offered"]) {
                fields(&offer, KEY);
                fields(&offer, &["reply", "line"]);
                word(&offer["reply"], &["accepted", "refused", "unanswered"]);
            }
            if !session["accepted"].is_null() {
                fields(&session["accepted"], KEY);
                fields(&session["accepted"], &["line"]);
            }
            list(&session["methods_left"]);
        }
    }
    for comparison in list(&document["comparisons"]) {
        fields(
            &comparison,
            &["vcs", "ci", "key", "offered_to_ci", "accepted_by_ci"],
        );
        if !comparison["key"].is_null() {
            fields(&comparison["key"], &["path", "fingerprint"]);
        }
    }
    for finding in list(&document["findings"]) {
        fields(
            &finding,
            &[
                "cause",
                "severity",
                "certainty",
                "title",
                "explanation",
                "evidence",
                "fixes",
            ],
        );
        word(&finding["severity"], &["error", "warning", "note"]);
        certainty(&finding["certainty"]);
        for quote in list(&finding["evidence"]) {
            fields(&quote, &["source", "line", "text"]);
        }
        for fix in list(&finding["fixes"]) {
            fields(&fix, &["title", "command", "config"]);
        }
    }
    fields(&document["verdict"], &["cause", "certainty", "summary"]);
    certainty(&document["verdict"]["certainty"]);
    if !document["suggestion"].is_null() {
        fields(&document["suggestion"], &["command", "argv", "verified"]);
        list(&document["suggestion"]["argv"]);
    }
}
