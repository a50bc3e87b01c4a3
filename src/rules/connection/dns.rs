//! The host name that ssh was given has no address.

use crate::model::{Capability, Certainty, Change, Finding, Fix, HostName, Kind, Outcome};
use crate::provider;
use crate::rules::draft::Draft;
use crate::rules::rule::{Rule, Stage};
use crate::rules::scene::Scene;

pub(in crate::rules) const RULE: Rule = Rule {
    check: Some(check),
    capabilities: &[Capability::Config],
    ..Rule::of("dns", Stage::Connection, include_str!("../../../docs/causes/dns.md"))
};

fn check(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    let ((host, reason), at) = session.last(|kind| match kind {
        Kind::ResolveFailed { host, reason } => Some((host.as_str(), reason.as_str())),
        _ => None,
    })?;
    if !scene.ended(Outcome::Network) {
        return None;
    }
    let temporary = reason.contains("emporary");
    let name = if host.is_empty() { "the host's name".to_owned() } else { format!("the name {host}") };
    let draft = Draft::new(scene, Certainty::Certain, format!("{name} does not resolve"), at);
    let draft = if temporary {
        draft
            .says("No name server answered. The name may be right; the machine or container has no working DNS at this moment.")
            .fix(Fix::step("check the network and the DNS settings, then try again"))
    } else if let Some((name, port)) = with_port(host) {
        draft
            .says("ssh takes no HOST:PORT as a destination: it looked for a host of that whole name. The port has an option of its own.")
            .fixes(HostName::try_from(name).ok().map(|name| {
                let change = Change { way: Some((name, port)), user: session.user.clone(), ..Change::none() };
                Fix::rerun(format!("give the port with -p {port}"), change)
            }))
    } else if host.contains(':') || host.contains('/') {
        draft
            .says("ssh was given a repository's address as a host name. ssh itself takes user@host only.")
            .fix(Fix::step("leave out the colon and all that follows it"))
    } else if let Some((right, provider)) = provider::misspelt(host) {
        draft
            .says(format!("No such name is known. {} is {right}.", provider.name))
            .fixes(HostName::try_from(right).ok().map(|right| {
                let title = format!("log in to {right}, if that was meant");
                let way = Some((right, provider::PORT));
                let user = provider.users.first().map(|user| (*user).to_owned());
                Fix::rerun(title, Change { way, user: session.user.clone().or(user), ..Change::none() })
            }))
            .fix(Fix::step(format!("in a repository, correct the remote's address: git remote set-url origin git@{right}:OWNER/REPOSITORY.git")))
    } else {
        draft
            .says("No such name is known. It may be misspelt, or an alias of a configuration that this ssh does not read.")
            .fix(Fix::attempt("see what this ssh makes of the name", Change::none().flags(&["-G"])))
            .fix(Fix::step("if it is an alias, say in ~/.ssh/config which host it stands for: a Host block with its HostName").of_openssh())
            .fixes(scene.is_foreign().then(|| {
                let client = scene.client();
                Fix::step(format!("correct the name where {client} has it; in place of an alias, write the host that it stands for"))
            }))
    };
    draft.done()
}

/// `HOST:PORT`, and no IPv6 address.
fn with_port(host: &str) -> Option<(&str, u16)> {
    let (name, port) = host.split_once(':')?;
    let port = port.parse().ok().filter(|port| *port != 0)?;
    (!name.is_empty()).then_some((name, port))
}
