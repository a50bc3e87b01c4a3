//! A connection to the right server.

use ssh2::{ErrorCode, MethodType};

use super::door::{self, Way};
use super::host_key::{self, Trust};
use super::shared::{Connection, ENDLESS, Fault, Run};
use crate::wire;

impl Run<'_> {
    /// A connection whose server is the right one; `None` where nothing more is to be asked.
    pub(super) fn connect(&self, way: &Way) -> Option<Connection> {
        loop {
            self.wait_for_turn()?;
            match self.try_connect(way) {
                Ok(connection) => return Some(connection),
                Err(Fault::Final(why)) => {
                    self.stop(why);
                    return None;
                }
                Err(Fault::Again) => {}
                Err(Fault::Dropped(why)) => self.dropped(why),
            }
        }
    }

    fn try_connect(&self, way: &Way) -> Result<Connection, Fault> {
        let limit = self.target.limit;
        let opened = door::open(way, limit).map_err(|error| match error.kind() {
            std::io::ErrorKind::ConnectionReset => Fault::Dropped("this host drops connections".into()),
            std::io::ErrorKind::TimedOut => Fault::Final(self.slow()),
            kind => Fault::Final(format!("no connection: {kind}")),
        })?;
        let mut connection = self.guard(opened)?;
        let session = &mut connection.opened.session;
        session.set_timeout(u32::try_from(limit.as_millis()).unwrap_or(u32::MAX));
        let _ = session.method_pref(MethodType::HostKey, &self.remembered.algorithms(self.state().turn));
        let shaken = session.handshake();
        let said = session.banner().unwrap_or_default().to_owned();
        let software = ["SSH-2.0-", "SSH-1.99-"].iter().find_map(|version| said.strip_prefix(version));
        if let Some(software) = software {
            let mut state = self.state();
            state.answers.software.get_or_insert(software.to_owned());
        }
        if let Err(error) = shaken {
            let late = self.is_late(connection.id);
            let endless = connection.opened.meter.is_empty();
            self.drop_it(&connection);
            return Err(match error.code() {
                _ if endless => Fault::Final(ENDLESS.into()),
                _ if late => Fault::Final(self.slow()),
                ErrorCode::Session(-9) => Fault::Final(self.slow()),
                // It has no host key of this kind.
                ErrorCode::Session(-5 | -8) if self.state().turn > 0 => self.next_kind(),
                ErrorCode::Session(-5 | -8) => Fault::Final("this host and libssh2 have no algorithm in common".into()),
                // What OpenSSH says to a source that it punishes (PerSourcePenalties).
                _ if said.starts_with("Not allowed at this time") => Fault::Dropped(
                    "this host lets nobody in from here at this time: too many keys were refused before".into(),
                ),
                _ => Fault::Dropped("this host ends connections before the key exchange is done".into()),
            });
        }
        self.check_host_key(&connection).inspect_err(|_| self.drop_it(&connection))?;
        Ok(connection)
    }

    /// No key is offered to a host whose key is not the right one.
    fn check_host_key(&self, connection: &Connection) -> Result<(), Fault> {
        let Some((key, _)) = connection.opened.session.host_key() else {
            return Err(Fault::Final("this host showed no host key".into()));
        };
        let trust = self.remembered.judge(key, self.target.options, self.target.host_keys);
        let key = wire::public_key(key, "").map(|key| (key.kind, key.fingerprint));
        let enough = trust.is_enough();
        let mut state = self.state();
        if enough && state.trusted.as_ref().is_some_and(|known| Some(known) != key.as_ref()) {
            return Err(Fault::Final("this host shows one host key now and another then".into()));
        }
        if enough {
            state.trusted.clone_from(&key);
        }
        // Of several that won't do, the first is told.
        if enough || state.answers.host_key.is_none() {
            state.answers.host_key = key;
            state.answers.trust = Some(trust.clone());
        }
        drop(state);
        match trust {
            _ if enough => Ok(()),
            // The user may have named another of its keys: of the kind that a CI prints, say.
            Trust::Unknown if !self.target.host_keys.is_empty() => Err(self.next_kind()),
            trust => Err(Fault::Final(format!("its host key {}", trust.words()))),
        }
    }

    /// Goes on to the next kind of host key.
    fn next_kind(&self) -> Fault {
        let mut state = self.state();
        state.turn += 1;
        if state.turn <= host_key::KINDS.len() {
            return Fault::Again;
        }
        let words = state.answers.trust.as_ref().map_or("is not known", Trust::words);
        Fault::Final(format!("its host key {words}"))
    }
}
