//! ssh refuses its configuration file or one of its options.

use crate::model::path::is_of_windows;
use crate::model::{At, Block, Certainty, Finding, Fix, Kind, Outcome};
use crate::rules::draft::Draft;
use crate::rules::hangs;
use crate::rules::identities::files::ONLY_YOURS;
use crate::rules::rule::{Rule, Stage};
use crate::rules::scene::Scene;

pub(in crate::rules) const RULE: Rule = Rule {
    check: Some(check),
    ..Rule::of("config-error", Stage::Client, include_str!("../../../docs/causes/config-error.md"))
};

fn check(scene: &Scene<'_>) -> Option<Finding> {
    let session = scene.session();
    if !scene.ended(Outcome::ClientError) {
        return hangs::finding(scene);
    }
    let (text, at) = session.first(|kind| match kind {
        Kind::ConfigError { text } => Some(text.as_str()),
        _ => None,
    })?;
    let lower = text.to_ascii_lowercase();
    let owner = lower.contains("bad owner or permissions");
    let program = if lower.starts_with("ssh variant") || missing(scene).is_some() { "git" } else { "ssh" };
    let title = if owner {
        "ssh refuses its configuration file: others could write to it".to_owned()
    } else if lower.contains("bad port") {
        "ssh can't read the port on the command line".to_owned()
    } else if let Some((missing, _)) = missing(scene) {
        format!("git can't run the ssh program that it was given: {missing}")
    } else if lower.starts_with("ssh variant") {
        "git does not know how to give its ssh program a port".to_owned()
    } else {
        "ssh can't read its configuration".to_owned()
    };
    let draft = Draft::new(scene, Certainty::Certain, title, at)
        .and(
            scene,
            session.events.iter().filter(|event| matches!(event.kind, Kind::ConfigError { .. })).map(|event| &event.at),
        )
        .says(format!(
            "{program} stopped before it connected to anything. Nothing was offered, and no server was asked."
        ));
    if let Some((_, at)) = missing(scene) {
        return draft
            .and(scene, [at])
            .fix(Fix::step(
                "correct the program in GIT_SSH_COMMAND, GIT_SSH or core.sshCommand, or unset it: git then runs ssh",
            ))
            .done();
    }
    if lower.starts_with("ssh variant") {
        return draft
            .fix(Fix::step("say how its options are written: GIT_SSH_VARIANT=ssh if it takes -p PORT, plink if it takes -P PORT (git config ssh.variant does the same)"))
            .fix(Fix::step("or let git run ssh: unset GIT_SSH_COMMAND and GIT_SSH, and git config --unset core.sshCommand"))
            .done();
    }
    let file = text
        .split(": line")
        .next()
        .and_then(|start| start.split(" line ").next())
        .map(|file| file.trim_start_matches("Bad owner or permissions on "))
        .unwrap_or_default();
    if owner {
        return draft
            .fixes(match is_of_windows(file) {
                true => vec![Fix::step(ONLY_YOURS)],
                false => vec![
                    Fix::run("take the write permission from others", &["chmod", "600", file]),
                    Fix::step("the file must belong to you or to root"),
                ],
            })
            .done();
    }
    if lower.contains("usekeychain") {
        return draft
            .fix(Fix::block(
                "UseKeychain is Apple's own option and this is another ssh; put this line above it",
                Block::for_all().with("IgnoreUnknown", "UseKeychain"),
            ))
            .done();
    }
    if lower.contains("bad port") {
        return draft
            .fix(Fix::step("write the port first and the address after it: ssh -p PORT ADDRESS").of_openssh())
            .done();
    }
    draft
        .fix(Fix::step("mend or remove the line that the message names"))
        .fix(
            Fix::step("an option of a newer release than this one can be kept below a line IgnoreUnknown NAME")
                .of_openssh(),
        )
        .done()
}

/// The program that git was told to run as ssh, and that is not there.
fn missing<'a>(scene: &Scene<'a>) -> Option<(&'a str, &'a At)> {
    scene.session().first(|kind| match kind {
        Kind::Git { text } => text.strip_prefix("cannot run "),
        _ => None,
    })
}
