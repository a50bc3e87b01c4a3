//! The identities of a destination, a row each.

use std::path::Path;

use super::place::{FACTS, Place};
use super::plan::Plan;
use crate::live::keyfile::Seen;
use crate::live::{gather, keyfile, order, paths};
use crate::model::HostFacts;
use crate::model::facts::{KeyFile, Problem};
use crate::order::{Identity, Origin, Step};
use crate::survey::Row;

/// The identities of a destination; `others`: those in `.ssh` that ssh is not told of, too.
pub(super) fn rows(plan: &Plan, place: &Place, others: bool) -> Vec<Row> {
    let limit = plan.timeout.min(FACTS);
    let identities = order::identities(&plan.ssh.name, &place.args, &place.facts, &plan.seen, limit);
    let mut rows: Vec<Row> = identities.into_iter().map(|identity| row(identity, &place.facts, &plan.seen)).collect();
    if others && let Some(home) = paths::home() {
        let listed: Vec<String> = rows.iter().filter_map(|row| row.identity.path.clone()).collect();
        let folder = Path::new(&home).join(".ssh");
        for mut file in gather::other_files(&folder, &listed, &plan.seen, limit) {
            gather::pardon(&mut file, place.facts.agent.known());
            add_found(&mut rows, file);
        }
    }
    rows
}

fn row(identity: Identity, facts: &HostFacts, seen: &Seen) -> Row {
    let file = match (identity.file, &identity.path, &identity.key) {
        (Some(index), ..) => facts.files.get(index).cloned(),
        // ssh dropped it, since it is not there.
        (None, Some(path), None) => Some(seen.inspect(path, gather::required_rsa_bits(facts))),
        _ => None,
    };
    let certificate = identity.key.as_ref().and_then(keyfile::read_certificate);
    let mut problems = file.as_ref().map(|file| file.problems.clone()).unwrap_or_default();
    problems.retain(|problem| !matches!(problem, Problem::Certificate(_)));
    if let Some(certificate) = &certificate {
        let own = file.as_ref().and_then(|file| file.own.known());
        problems.retain(|problem| *problem != Problem::PublicMismatch);
        problems.extend(keyfile::flaw(certificate, own).map(Problem::Certificate));
    }
    if identity.in_agent {
        // The agent signs; the private file is not needed.
        problems.retain(|problem| !matches!(problem, Problem::Missing | Problem::Unreadable(_)));
    }
    Row { identity, file, certificate, problems, offers: Vec::new() }
}

/// Adds a key that ssh is not told of, or says of the agent's key that this is its file.
fn add_found(rows: &mut Vec<Row>, file: KeyFile) {
    let key = file.own.known().or(file.offered.known()).cloned();
    let same = |row: &&mut Row| {
        let held = row.identity.key.as_ref();
        row.identity.origin == Origin::Agent
            && held.is_some_and(|held| key.as_ref().is_some_and(|key| key.blob == held.blob))
    };
    if let Some(row) = rows.iter_mut().find(same) {
        row.identity.path = Some(file.path.clone());
        row.file = Some(file);
        return;
    }
    rows.push(Row {
        identity: Identity {
            path: Some(file.path.clone()),
            label: None,
            key,
            in_agent: false,
            origin: Origin::Found,
            file: None,
            step: Step::Query,
            order: None,
            left_out: Some("ssh is not told to use it here".into()),
        },
        certificate: None,
        problems: file.problems.clone(),
        file: Some(file),
        offers: Vec::new(),
    });
}

/// What tells an identity from others: its key, and where that is not known its path.
pub(super) fn told_by(row: &Row) -> (Option<Vec<u8>>, Option<String>) {
    let blob = row.identity.key.as_ref().map(|key| key.blob.clone());
    let path = row.identity.path.clone().filter(|_| blob.is_none());
    (blob, path)
}

#[cfg(all(test, unix))]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::model::Fact;

    fn key(folder: &Path, name: &str) -> KeyFile {
        let path = folder.join(name);
        let mut keygen = std::process::Command::new("ssh-keygen");
        keygen.args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(&path);
        assert!(keygen.status().unwrap().success());
        keyfile::inspect(&path, 1024)
    }

    #[test]
    fn the_file_of_an_agents_key_is_named() {
        let place = tempfile::tempdir().unwrap();
        let (held, other) = (key(place.path(), "held"), key(place.path(), "other"));
        let identity = Identity {
            path: None,
            label: Some("me@box".into()),
            key: held.own.known().cloned(),
            in_agent: true,
            origin: Origin::Agent,
            file: None,
            step: Step::Query,
            order: Some(1),
            left_out: None,
        };
        let facts = gather::with_config(Fact::Unknown("not asked".into()), &Seen::default(), FACTS);
        let mut rows = vec![row(identity, &facts, &Seen::default())];
        add_found(&mut rows, held.clone());
        add_found(&mut rows, other.clone());
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[0].identity.path, Some(held.path));
        assert_eq!((rows[1].identity.origin, rows[1].identity.order), (Origin::Found, None));
        assert_eq!(rows[1].identity.path, Some(other.path));
    }
}
