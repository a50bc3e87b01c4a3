//! How much faster fifty keys are asked about than by one ssh after the other: `cargo bench --bench keys`.
//!
//! Each round does both, one after the other, on the same server; the ratio of a round's times is what counts.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark")]

#[cfg(all(unix, feature = "live"))]
#[path = "../tests/kit/mod.rs"]
mod kit;

#[cfg(not(all(unix, feature = "live")))]
fn main() {}

#[cfg(all(unix, feature = "live"))]
fn main() {
    use std::process::{Command, Stdio};
    use std::time::Instant;

    const ROUNDS: usize = 7;
    let place = kit::rig::Place::new();
    let fifty = kit::rig::Fifty::new(&place);
    let sshd = kit::rig::Sshd::start(&place, &fifty.authorized(), "MaxAuthTries 6");
    let known = place.write("known", &sshd.known);
    let common = format!(
        "UserKnownHostsFile {known}\nGlobalKnownHostsFile /dev/null\nPort {}\nUser {}\nControlPath none\n",
        sshd.port,
        kit::rig::me()
    );
    let listed = place.write("listed", &format!("{common}{}", fifty.config));
    let plain = place.write("plain", &format!("{common}IdentityAgent {}\n", fifty.agent.socket));
    // A key that the agent alone holds is named by its public half, as ssh wants it.
    let names: Vec<String> = (1..=50)
        .map(|number| {
            let private = place.text(&format!("key-{number}"));
            match std::path::Path::new(&private).exists() {
                true => private,
                false => place.write(&format!("public-{number}.pub"), &fifty.keys[number - 1].0),
            }
        })
        .collect();
    let mut ratios = Vec::new();
    for round in 1..=ROUNDS {
        let begun = Instant::now();
        let mut accepted = Vec::new();
        for (at, name) in names.iter().enumerate() {
            let output = Command::new("ssh")
                .args(["-v", "-F", &plain, "-i", name, "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes"])
                .args(["127.0.0.1", "true"])
                .stdin(Stdio::null())
                .output()
                .unwrap();
            if String::from_utf8_lossy(&output.stderr).contains("Server accepts key:") {
                accepted.push(at);
            }
        }
        let one_by_one = begun.elapsed();
        let begun = Instant::now();
        let output = Command::new(env!("CARGO_BIN_EXE_ssh-why"))
            .args(["keys", "-F", &listed, "--offer", "127.0.0.1", "--format", "json"])
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let at_once = begun.elapsed();
        let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let rows = document["identities"].as_array().unwrap();
        let told = |reply: &str| rows.iter().filter(|row| row["offers"][0]["reply"] == reply).count();
        let right = fifty.keys.iter().filter(|(_, taken)| *taken).count();
        assert_eq!((told("accepted"), accepted.len()), (right, right));
        let ratio = one_by_one.as_secs_f64() / at_once.as_secs_f64();
        println!("round {round}: {one_by_one:?} one by one, {at_once:?} at once, {ratio:.1} times as fast");
        ratios.push(ratio);
    }
    ratios.sort_by(f64::total_cmp);
    println!(
        "median {:.1} times as fast (least {:.1}, most {:.1}); every answer right",
        ratios[ROUNDS / 2],
        ratios[0],
        ratios[ROUNDS - 1]
    );
}
