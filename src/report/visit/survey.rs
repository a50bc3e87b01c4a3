//! The texts of a key survey.

use super::texts::{Pass, Texts};
use crate::order;
use crate::survey::{self, Host, Login, Row, Survey};

impl Survey {
    /// Hands every text that a report may show to `pass`, which may change it.
    pub fn each_text(&mut self, pass: &mut dyn FnMut(&mut String)) {
        let Self { typed, destination, rows, hosts, agent, unclear, notes, logins: _, published } = self;
        typed.each(pass);
        destination.each(pass);
        rows.each(pass);
        hosts.each(pass);
        agent.each(pass);
        unclear.each(pass);
        notes.each(pass);
        published.each(pass);
    }
}

impl Texts for Row {
    fn each(&mut self, pass: Pass<'_>) {
        let Self { identity, file, certificate, problems, offers } = self;
        identity.each(pass);
        file.each(pass);
        certificate.each(pass);
        problems.each(pass);
        offers.each(pass);
    }
}

impl Texts for order::Identity {
    fn each(&mut self, pass: Pass<'_>) {
        let Self { path, label, key, in_agent: _, origin: _, file: _, step: _, order: _, left_out } = self;
        path.each(pass);
        label.each(pass);
        key.each(pass);
        left_out.each(pass);
    }
}

impl Texts for survey::Offer {
    fn each(&mut self, pass: Pass<'_>) {
        let Self { reply, login } = self;
        match reply {
            survey::Reply::Accepted(text) | survey::Reply::Unknown(text) => text.each(pass),
            survey::Reply::Refused => {}
        }
        match login {
            Some(Login::As(text) | Login::Failed(text)) => text.each(pass),
            Some(Login::Unnamed) | None => {}
        }
    }
}

impl Texts for Host {
    fn each(&mut self, pass: Pass<'_>) {
        let Self { typed, destination, host_key, trust: _, software, accepts_any: _, most_failures: _, offered: _ } =
            self;
        typed.each(pass);
        destination.each(pass);
        host_key.each(pass);
        software.each(pass);
    }
}
