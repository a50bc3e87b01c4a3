//! `ssh-why keys` as a program, with real servers.

use std::collections::BTreeMap;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::kit::{Agent, FakeServer, GoServer, Place, Server, World, mode};
use serde_json::Value;

struct Run {
    code: i32,
    out: String,
    err: String,
}

impl Run {
    fn json(&self) -> Value {
        let keys = serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {} {}", self.out, self.err));
        crate::kit::fits_schema(&keys).unwrap_or_else(|why| panic!("no list of the schema: {why}"));
        keys
    }
}

fn keys(place: &Place, args: &[&str]) -> Run {
    let output = place
        .stage
        .command(env!("CARGO_BIN_EXE_ssh-why"))
        .arg("keys")
        .args(args)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    Run {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Every file of a place with its content, mode and time.
fn state(place: &Place) -> BTreeMap<String, (Vec<u8>, u32, std::time::SystemTime)> {
    use std::os::unix::fs::MetadataExt;
    let entries = std::fs::read_dir(place.folder()).unwrap().map(|entry| entry.unwrap().path());
    let files = entries.filter(|path| path.is_file());
    files
        .map(|path| {
            let meta = path.metadata().unwrap();
            let name = path.to_str().unwrap().to_owned();
            (name, (std::fs::read(&path).unwrap(), meta.mode(), meta.modified().unwrap()))
        })
        .collect()
}

/// Ten keys, of which the servers take the eighth and the ninth.
struct Scene {
    place: Place,
    sshd: Server,
    agent: Agent,
}

impl Scene {
    fn new(settings: &str) -> Self {
        let place = Place::new();
        for number in 1..=10 {
            let args: &[&str] = if number == 9 { &["-t", "ed25519", "-N", "secret"] } else { &["-t", "ed25519"] };
            place.key(&format!("k{number}"), args);
        }
        let agent = place.agent(&["k10"]);
        let taken = format!("{}{}", place.read("k8.pub"), place.read("k9.pub"));
        let sshd = place.sshd(&taken, settings);
        place.write("known", &sshd.known());
        let mut config = format!(
            "UserKnownHostsFile {}\nGlobalKnownHostsFile /dev/null\nPort {}\nUser {}\nIdentityAgent {}\n",
            place.text("known"),
            sshd.port,
            World::USER,
            agent.path()
        );
        for number in 1..=9 {
            config.push_str(&format!("IdentityFile {}\n", place.text(&format!("k{number}"))));
        }
        place.write("config", &config);
        Self { place, sshd, agent }
    }
}

fn find<'a>(document: &'a Value, path: &str) -> &'a Value {
    let rows = document["identities"].as_array().unwrap();
    rows.iter().find(|row| row["path"] == path).unwrap_or_else(|| panic!("{path}: {document:#}"))
}

#[test]
fn the_list_without_any_connection() {
    let scene = Scene::new("");
    let config = scene.place.text("config");
    std::fs::write(scene.place.path("k2"), "junk\n").unwrap();
    mode(&scene.place.path("k3"), 0o644);
    scene.place.remove("k4");
    scene.place.remove("k4.pub");
    let before = state(&scene.place);
    let run = keys(&scene.place, &["-F", &config, "127.0.0.1", "--format", "json"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let document = run.json();
    assert_eq!(document["schema"], 1);
    assert_eq!(document["tool"]["name"], "ssh-why");
    assert_eq!(document["destination"], format!("{}@127.0.0.1:{}", World::USER, scene.sshd.port));
    let rows = document["identities"].as_array().unwrap();
    assert_eq!(rows[0]["label"], scene.place.text("k10").rsplit('/').next().unwrap(), "the agent's comes first");
    assert_eq!((&rows[0]["path"], &rows[0]["origin"], &rows[0]["order"]), (&Value::Null, &"agent".into(), &1.into()));
    let one = find(&document, &scene.place.text("k1"));
    assert_eq!((&one["origin"], &one["order"], &one["encrypted"]), (&"config".into(), &2.into(), &false.into()));
    assert_eq!(one["type"], "ED25519");
    assert_eq!(one["bits"], 256);
    assert_eq!(one["comment"], "k1");
    assert!(one["offers"].as_array().unwrap().is_empty());
    let problems = |name: &str| find(&document, &scene.place.text(name))["problems"].clone();
    assert_eq!(problems("k2"), serde_json::json!(["identity-invalid"]));
    assert_eq!(problems("k3"), serde_json::json!(["identity-permissions"]));
    assert_eq!(problems("k4"), serde_json::json!(["identity-missing"]));
    assert_eq!(find(&document, &scene.place.text("k4"))["order"], Value::Null);
    assert_eq!(find(&document, &scene.place.text("k9"))["encrypted"], true);
    assert_eq!(document["warnings"][0]["cause"], "too-many-failures");
    let human = keys(&scene.place, &["-F", &config, "127.0.0.1"]);
    assert!(human.out.starts_with("Nothing was sent to any host"), "{}", human.out);
    assert!(human.out.contains("A key comes too late"), "{}", human.out);
    assert_eq!(state(&scene.place), before);
    let log = scene.sshd.log();
    assert!(!log.contains("Connection from"), "{log}");
}

#[test]
fn who_takes_what() {
    let scene = Scene::new("MaxAuthTries 4");
    let config = scene.place.text("config");
    let before = state(&scene.place);
    let run = keys(&scene.place, &["-F", &config, "127.0.0.1", "--offer", "127.0.0.1", "--format", "json"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let document = run.json();
    for row in document["identities"].as_array().unwrap() {
        let taken =
            [8, 9].map(|number| scene.place.text(&format!("k{number}"))).iter().any(|path| row["path"] == *path);
        // ssh itself has names of its own in the home, if the machine's user has such keys.
        if row["origin"] != "found" {
            assert_eq!(row["offers"][0]["reply"], if taken { "accepted" } else { "refused" }, "{row:#}");
        }
    }
    assert_eq!(document["hosts"][0]["host_key_trusted"], true);
    assert_eq!(document["warnings"][0]["order"], 9);
    let human = keys(&scene.place, &["-F", &config, "--offer", "127.0.0.1"]);
    let first = human.out.lines().next().unwrap();
    assert!(first.starts_with("A host learns each public key that is offered to it"), "{first}");
    assert!(human.out.contains("Nothing was signed"));
    assert!(human.out.contains("ssh -o IdentitiesOnly=yes -i"), "{}", human.out);
    let log = scene.sshd.log();
    assert!(!log.contains("Accepted publickey"), "{log}");
    assert_eq!(state(&scene.place), before);
    drop(scene.agent);
}

#[test]
fn several_hosts_and_their_codes() {
    let scene = Scene::new("");
    let config = scene.place.text("config");
    let none = scene.place.sshd("", "");
    scene.place.write("known", &format!("{}{}", scene.sshd.known(), none.known()));
    let other = format!("ssh://127.0.0.1:{}", none.port);
    let run = keys(&scene.place, &["-F", &config, "--offer", "127.0.0.1", "--offer", &other, "--format", "json"]);
    assert_eq!(run.code, 1, "one takes none");
    let document = run.json();
    let eighth = find(&document, &scene.place.text("k8"));
    assert_eq!(eighth["offers"][0]["reply"], "accepted");
    assert_eq!(eighth["offers"][1]["reply"], "refused");
    assert_eq!(document["hosts"].as_array().unwrap().len(), 2);
    let nobody = format!("ssh://127.0.0.1:{}", FakeServer::none(&scene.place.stage).port);
    let run = keys(&scene.place, &["-F", &config, "--offer", &nobody, "--format", "json"]);
    assert_eq!(run.code, 3, "nobody answered");
    assert_eq!(find(&run.json(), &scene.place.text("k8"))["offers"][0]["reply"], "unknown");
    for wrong in [&["--login", "h"] as &[&str], &["-oProxyCommand=x", "--", "-v"], &["--timeout", "0"], &["a b"]] {
        assert_eq!(keys(&scene.place, wrong).code, 2, "{wrong:?}");
    }
}

#[test]
fn a_host_that_is_not_known_is_offered_nothing() {
    let scene = Scene::new("");
    let config = scene.place.text("config");
    scene.place.write("known", "");
    let before = state(&scene.place);
    let run = keys(&scene.place, &["-F", &config, "--offer", "127.0.0.1"]);
    assert_eq!(run.code, 3);
    assert!(run.out.contains("was offered none"), "{}", run.out);
    assert!(run.out.contains("--host-key SHA256:"), "{}", run.out);
    assert!(!scene.sshd.log().contains("publickey"));
    let print = run.out.split("--host-key ").nth(1).unwrap().split_whitespace().next().unwrap();
    let trusted = keys(&scene.place, &["-F", &config, "--offer", "127.0.0.1", "--host-key", print]);
    assert_eq!(trusted.code, 0, "{}", trusted.out);
    assert_eq!(state(&scene.place), before, "no host key is remembered");
}

#[test]
fn a_login_tells_whose_the_key_is() {
    let greeting = "ForceCommand echo \"Hi octocat! You've successfully authenticated, but GitHub does not provide shell access.\"";
    let scene = Scene::new(greeting);
    let config = scene.place.text("config");
    let before = state(&scene.place);
    let run = keys(&scene.place, &["-F", &config, "--offer", "127.0.0.1", "--login", "--format", "json"]);
    let document = run.json();
    let eighth = &find(&document, &scene.place.text("k8"))["offers"][0];
    assert_eq!(eighth["logged_in"], true, "{document:#}");
    let ninth = &find(&document, &scene.place.text("k9"))["offers"][0];
    assert_eq!(ninth["logged_in"], false);
    assert_eq!(ninth["reply"], "accepted");
    let log = scene.sshd.log();
    assert_eq!(log.matches("Accepted publickey").count(), 1, "{log}");
    assert_eq!(state(&scene.place), before);
}

#[test]
fn a_yes_to_anybody_is_told() {
    let scene = Scene::new("");
    let go = GoServer::ci().any_key().start(&scene.place.stage);
    scene.place.write("known", &go.known());
    let port = go.port.to_string();
    let config = scene.place.text("config");
    let run = keys(&scene.place, &["-F", &config, "-o", &format!("Port={port}"), "--offer", "127.0.0.1"]);
    assert_eq!(run.code, 3, "{}", run.out);
    assert!(run.out.contains("accepts-any"), "{}", run.out);
}

#[test]
fn names_can_not_act_on_a_terminal() {
    let scene = Scene::new("");
    let config = scene.place.text("config");
    let evil = scene.place.key("evil", &["-t", "ed25519"]);
    let public = scene.place.read("evil.pub").replace(" evil", " \u{1b}[31mred\u{7}\u{202e}");
    scene.place.write("evil.pub", &public);
    let run = keys(&scene.place, &["-F", &config, "-i", &evil, "127.0.0.1"]);
    assert!(!run.out.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{:?}", run.out);
}

#[test]
fn an_agent_that_hangs_and_a_narrow_limit() {
    let scene = Scene::new("");
    let config = scene.place.text("config");
    let socket = scene.place.text("hanging");
    let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    let begun = Instant::now();
    let run =
        keys(&scene.place, &["-F", &config, "-o", &format!("IdentityAgent={socket}"), "--timeout", "1", "127.0.0.1"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let words: Vec<&str> = run.out.split_whitespace().collect();
    assert!(words.join(" ").contains("did not answer within 1s"), "{}", run.out);
    assert!(begun.elapsed() < Duration::from_secs(4));
}
