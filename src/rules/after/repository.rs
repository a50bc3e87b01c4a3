//! Repositories that were refused after the login.

use crate::model::{At, Block, Fix, HostName, Kind};
use crate::rules::scene::Scene;

pub(in crate::rules) fn repository_refused<'a>(scene: &Scene<'a>) -> Option<(&'a str, Option<&'a str>, &'a At)> {
    // A command that ends well was not refused: the words are of something that it shows.
    if scene.exit_status() == Some(0) {
        return None;
    }
    scene.session().events.iter().find_map(|event| match &event.kind {
        Kind::RepositoryRefused { text, account } => Some((text.as_str(), account.as_deref(), &event.at)),
        _ => None,
    })
}

/// How to learn which key it should be.
pub(in crate::rules) const WHICH: &str =
    "put --all-keys behind ssh-why to see which of your keys opens the repository, and whose they are";

pub(in crate::rules) fn two_accounts(scene: &Scene<'_>, key: Option<&str>) -> Fix {
    let title =
        "for another account, give the host a second name with its own key, and use that name in the remote's address";
    let session = scene.session();
    let block = key.zip(session.host.as_deref()).and_then(|(key, host)| {
        let (host, second) =
            (HostName::try_from(host).ok()?, HostName::try_from(format!("{host}-other").as_str()).ok()?);
        let block = Block::for_host(&second).with("HostName", host.as_str());
        let block = match session.user.as_deref() {
            Some(user) => block.with("User", user),
            None => block,
        };
        Some(block.with("IdentityFile", key).with("IdentitiesOnly", "yes"))
    });
    match block {
        Some(block) => Fix::block(title, block),
        None => Fix::step(format!("{title}: a Host block with HostName, User, IdentityFile and IdentitiesOnly yes"))
            .of_openssh(),
    }
}
