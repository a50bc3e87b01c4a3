//! Runs the rules over a case and puts what they found together.

use super::alike::fold;
use super::diagnosis::Diagnosis;
use super::precedence::{doubt, give_way, is_main, overtake, sort, step_back};
use super::verdict::{sentence, verdict};
use super::{guessed, remedy};
use crate::compare::compare;
use crate::join::join;
use crate::model::{Case, Certainty, Facts, Finding, Outcome, Severity, Standing, Transcript};
use crate::rules::{self, RULES, Scene};
use crate::shell::Shell;

/// Judges what was read.
pub fn diagnose(transcripts: Vec<Transcript>, facts: Facts, shell: Shell) -> Diagnosis {
    let mut case = Case { transcripts, facts, ..Case::default() };
    compare(&mut case);
    join(&mut case);
    let mut findings = Vec::new();
    for entry in case.sessions().filter(|entry| entry.session.served.is_none()) {
        findings.extend(judge(&Scene { case: &case, entry }));
    }
    let told = rules::server::findings(&case, RULES);
    step_back(&case, &mut findings, &told);
    give_way(&case, &mut findings);
    overtake(&case, &mut findings);
    findings.extend(told);
    guessed::step_back(&case, &mut findings);
    doubt(&case, &mut findings);
    sort(&case, &mut findings);
    let verdict = verdict(&case, &findings);
    remedy::last(&case, &mut findings);
    let refusal = remedy::write(&case, &mut findings, shell);
    fold(&case, &mut findings);
    let suggestion = remedy::suggestion(&findings);
    let no_suggestion = refusal.filter(|_| suggestion.is_none()).map(|refusal| sentence(&refusal.to_string()));
    Diagnosis { case, findings, verdict, suggestion, no_suggestion }
}

/// The findings of one session, in order of precedence.
fn judge(scene: &Scene<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    let mut explained: Vec<&str> = Vec::new();
    for rule in RULES {
        let told = |finding: &Finding| finding.severity > Severity::Note || finding.standing == Standing::Well;
        if explained.contains(&rule.id) || rule.standing == Standing::Open && findings.iter().any(told) {
            continue;
        }
        let Some(mut finding) = rule.check.and_then(|check| check(scene)) else {
            continue;
        };
        finding.cause = rule.id;
        finding.standing = rule.standing;
        if scene.entry.session.jump_host && finding.severity > Severity::Note {
            finding.title = format!("at the jump host: {}", finding.title);
        }
        rules::adapt(&mut finding, rule, scene.entry.session);
        let session = scene.entry.session;
        let open = rule.of_the_end && session.outcome == Outcome::Unknown;
        if open || rule.of_the_beginning && session.begins_late() || session.is_mixed() {
            finding.certainty = finding.certainty.min(Certainty::Likely);
        }
        if finding.severity == Severity::Error {
            // A second cause of one failure stands behind the first.
            finding.second = findings.iter().any(is_main);
            if !finding.second {
                explained.extend(rule.explains);
            }
        }
        findings.push(finding);
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnose::Answer;

    const LOGIN: &str = "OpenSSH_9.6p1, OpenSSL 3.0.13\n\
        debug1: Authentications that can continue: publickey,password\n\
        debug1: Next authentication method: publickey\n\
        debug1: Offering public key: /h/.ssh/id_rsa RSA SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s\n";
    const ACCEPTED: &str = "debug1: Server accepts key: /h/.ssh/id_rsa RSA SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s\n\
        Authenticated to box.example ([192.0.2.1]:22) using \"publickey\".\n";

    fn judged(log: &str) -> Diagnosis {
        diagnose(vec![crate::reader::read("a.log", log.as_bytes())], Facts::default(), Shell::Sh)
    }

    #[test]
    fn all_is_well_only_by_the_means_that_were_wanted() {
        let well = judged(&format!("{LOGIN}{ACCEPTED}"));
        assert_eq!((well.verdict.standing, well.answer()), (Standing::Well, Answer::Well));
        // A finding beside the login.
        let missing = "Warning: Identity file /h/nowhere not accessible: No such file or directory.\n";
        let beside = judged(&format!("{missing}{LOGIN}{ACCEPTED}"));
        assert_eq!((beside.verdict.standing, beside.answer()), (Standing::Well, Answer::Found));
        // Keys were refused, and a password opened the door.
        let password = judged(&format!(
            "{LOGIN}debug1: Authentications that can continue: publickey,password\n\
             debug1: Next authentication method: password\n\
             Authenticated to box.example ([192.0.2.1]:22) using \"password\".\n"
        ));
        assert_eq!((password.verdict.standing, password.answer()), (Standing::Well, Answer::Found));
        assert_eq!(judged("").answer(), Answer::Open);
        assert_eq!(judged("dev@box.example: Permission denied (publickey).\n").answer(), Answer::Open);
    }

    #[test]
    fn what_was_cut_out_of_a_line_is_likely_at_most() {
        let whole = judged(&format!("{LOGIN}{ACCEPTED}"));
        let pasted = judged(&format!("{LOGIN}{ACCEPTED}").replace('\n', " "));
        assert_eq!((whole.verdict.cause, whole.verdict.certainty), (pasted.verdict.cause, Certainty::Certain));
        assert_eq!(pasted.verdict.certainty, Certainty::Likely);
        assert!(pasted.findings.iter().all(|finding| finding.certainty < Certainty::Certain));
    }

    #[test]
    fn a_second_failure_keeps_its_severity() {
        let log = format!(
            "{LOGIN}debug1: Authentications that can continue: publickey,password\n\
             Load key \"/h/.ssh/id_x\": Permission denied\n\
             debug1: No more authentication methods to try.\n\
             @@@@@@\nPermissions 0644 for '/h/.ssh/id_y' are too open.\nLoad key \"/h/.ssh/id_y\": bad permissions\n\
             dev@box.example: Permission denied (publickey,password).\n"
        );
        let diagnosis = judged(&log);
        let second: Vec<_> = diagnosis.findings.iter().filter(|finding| finding.second).collect();
        assert!(!second.is_empty(), "{:?}", diagnosis.findings);
        assert!(second.iter().all(|finding| finding.severity == Severity::Error));
        assert_eq!(diagnosis.findings.first().map(|first| first.second), Some(false));
    }
}
