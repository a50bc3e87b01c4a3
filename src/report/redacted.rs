//! Reports that can be shared: one pass over all their texts, before any form is written.

use crate::diagnose::Diagnosis;
use crate::model::facts::{Fact, KeyFile};
use crate::redact::{Redactor, Sort};
use crate::survey::{Login, Survey};

impl Diagnosis {
    /// Replaces what tells whose it is.
    pub fn redact(&mut self, redactor: &mut Redactor) {
        for log in &self.case.transcripts {
            redactor.learn(log);
            redactor.learn_source(&log.source);
        }
        let facts = &self.case.facts;
        for file in facts.hosts.iter().flatten().flat_map(|host| &host.files).chain(&facts.other_files) {
            comments(file, redactor);
        }
        if let Some(login) = &facts.wanted_login {
            redactor.learn_value(Sort::User, login);
        }
        self.each_text(&mut |text| text.lines().for_each(|line| redactor.learn_line(line)));
        self.each_text(&mut |text| redactor.text(text));
        self.each_port(&mut |port| redactor.port(port));
    }
}

impl Survey {
    /// Replaces what tells whose it is.
    pub fn redact(&mut self, redactor: &mut Redactor) {
        if let Some(published) = &self.published {
            redactor.learn_value(Sort::User, &published.login);
        }
        for row in &self.rows {
            if let Some(label) = row.identity.label.as_deref().filter(|label| !label.contains(['/', '\\', '@'])) {
                redactor.learn_value(Sort::Comment, label);
            }
            row.file.iter().for_each(|file| comments(file, redactor));
            for offer in &row.offers {
                if let Some(Login::As(login)) = &offer.login {
                    redactor.learn_value(Sort::User, login);
                }
            }
        }
        self.each_text(&mut |text| text.lines().for_each(|line| redactor.learn_line(line)));
        self.each_text(&mut |text| redactor.text(text));
    }
}

/// Learns a key file's comments, which have no form of their own.
fn comments(file: &KeyFile, redactor: &mut Redactor) {
    for key in [&file.offered, &file.own] {
        let Fact::Known(key) = key else { continue };
        // What has the form of an address or a path is found by it.
        if !key.comment.contains(['@', '/', '\\']) {
            redactor.learn_value(Sort::Comment, &key.comment);
        }
    }
}
