//! Other clients' logs behind what a long job prints before them.

use serde_json::Value;

use crate::kit::{Report, cases, judge};

/// More lines than are read in full.
const LINES: usize = 5000;

/// What a report says but for where it stands: the verdict, and of each connection its end and its keys.
fn said(report: &Report) -> (Value, Vec<(Value, Value)>) {
    let logs = report.json["transcripts"].as_array().unwrap().iter();
    let sessions = logs.flat_map(|log| log["sessions"].as_array().unwrap().clone());
    let keys = |session: &Value| -> Vec<Value> {
        let offered = session["offered"].as_array().unwrap().iter();
        offered.map(|offer| serde_json::json!([offer["path"], offer["fingerprint"], offer["reply"]])).collect()
    };
    let sessions = sessions.map(|session| (session["outcome"].clone(), keys(&session).into())).collect();
    (report.json["verdict"]["cause"].clone(), sessions)
}

#[test]
fn a_log_behind_a_long_job_is_read_as_it_is_alone() {
    let job: String = (0..LINES).map(|number| format!("unit {number} was built\n")).collect();
    let (mut seen, mut wrong) = (0, Vec::new());
    for case in cases("dialects").into_iter().step_by(2) {
        let alone = case.sources();
        let mut behind = case.sources();
        for source in &mut behind {
            source.bytes.splice(..0, job.bytes());
        }
        let (far, near) = (said(&judge(&behind)), said(&judge(&alone)));
        if far != near {
            wrong.push(format!("{}: {far:?} for {near:?}", case.name));
        }
        seen += 1;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(seen > 80, "{seen} logs");
}
