//! Each document is one of its schema. So is each report that any test makes: `kit` looks at them.

use serde_json::Value;
use ssh_why::report::{Look, Report};

use super::sample::{cases, full, survey};
use crate::kit::{fits_schema, written};

#[test]
fn documents_fit_their_schemas() {
    let mut all = cases();
    all.push(("full".to_owned(), full()));
    for (name, diagnosis) in all {
        for form in ["json", "jsonl"] {
            let text = written(form, &diagnosis, &Look::default());
            assert_eq!(form == "jsonl", text.lines().count() == 1);
            let document = serde_json::from_str(&text).unwrap();
            fits_schema(&document).unwrap_or_else(|why| panic!("{name}: {why}"));
            let mut broken: Value = document;
            broken["verdict"].as_object_mut().unwrap().remove("cause");
            fits_schema(&broken).unwrap_err();
        }
    }
    let json = ssh_why::report::form::by_name("json").unwrap();
    let document = serde_json::from_str(&(json.write)(&Report::Survey(&survey()), &Look::default())).unwrap();
    fits_schema(&document).unwrap();
}
