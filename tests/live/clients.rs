//! Other clients' logs, made here and now by the programs themselves against the tests' own sshd, and read.
//!
//! dbclient comes with Dropbear's server. Paramiko and npm's ssh2 are nothing that the tests install: where python3 or node does not
//! find them, that is said on standard error, and the fixtures of their logs are all that is read.

use std::io::Write;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use serde_json::Value;
use ssh_why::model::Role;

use crate::kit::{Daemon, Key, Report, Server, Source, Sshd, Stage, assert_true, judge, until};

/// How long a client may take.
const LIMIT: Duration = Duration::from_secs(20);

/// A host that takes one of two keys.
struct Scene {
    stage: Stage,
    server: Server,
    right: Key,
    wrong: Key,
}

impl Scene {
    fn new() -> Self {
        let stage = Stage::new();
        let (right, wrong) = (stage.home.key("id_ed25519"), stage.home.key("stranger"));
        // Of curve25519 Paramiko knows its older name alone (curve25519-sha256@libssh.org).
        let server = Sshd::ci().usual_key_exchange().accepts(&right).start(&stage);
        Self { stage, server, right, wrong }
    }

    /// Runs a client to its end; the report on what it printed.
    #[track_caller]
    fn read(&self, command: &mut Command, dialect: &str) -> Report {
        let mut client = Daemon::start(command, &self.stage.new_path("client-log"));
        assert!(until(LIMIT, || client.exit_code().is_some()), "{command:?} does not end:\n{}", client.log());
        let sources = [Source::new("client.log", Role::Other, client.log())];
        let report = judge(&sources);
        assert_true(&report, &sources, dialect);
        assert_eq!(report.json["transcripts"][0]["dialect"], dialect, "{}", client.log());
        report
    }

    /// A client in `program` that runs `script` and logs in with `key`: `script HOST PORT USER FILE`.
    fn script(&self, program: &PathBuf, flag: &str, script: &str, key: &Key) -> Command {
        let mut command = self.stage.command(program);
        for name in ["PYTHONPATH", "NODE_PATH"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        command.args([flag, script, "127.0.0.1", &self.server.port.to_string(), "dev", key.path()]);
        command
    }
}

/// What a program says of itself, in the environment that the tests were started in.
fn ask(program: &str, args: &[&str]) -> Option<String> {
    let output = Command::new(program).args(args).output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8(output.stdout).ok()?.trim().to_owned())
}

/// Says past the test runner, which keeps what a test that passes has printed, that a client was not there.
fn passed_over(client: &str) {
    let line = format!("{client}, so no fresh log of it is read\n");
    std::io::stderr().write_all(line.as_bytes()).unwrap();
}

fn session(report: &Report) -> &Value {
    let (_, session) = report.sessions()[0];
    assert_eq!(report.sessions().len(), 1, "{}", report.json);
    session
}

/// What all of these logs show alike.
#[track_caller]
fn refused(report: &Report) {
    let session = session(report);
    assert_eq!((session["outcome"].as_str(), report.verdict()), (Some("denied"), "key-rejected"), "{}", report.json);
    assert_eq!(session["offered"].as_array().map(Vec::len), Some(1), "{}", report.json);
    assert_eq!((&session["offered"][0]["reply"], &session["accepted"]), (&"refused".into(), &Value::Null));
}

#[test]
fn dbclient_says_why_it_ended() {
    let scene = Scene::new();
    let mut command = scene.stage.command("dbclient");
    command.args(["-y", "-y", "-p", &scene.server.port.to_string(), "dev@127.0.0.1", "true"]);
    let report = scene.read(&mut command, "dropbear");
    let session = session(&report);
    assert_eq!((session["outcome"].as_str(), session["user"].as_str()), (Some("denied"), Some("dev")));
    assert_eq!(session["port"], scene.server.port, "{}", report.json);
    // No key at all, a refused one and a server that takes none end in the same words.
    assert_ne!((report.verdict(), &report.json["verdict"]["certainty"]), ("key-rejected", &"certain".into()));
}

#[test]
fn paramiko_names_its_keys() {
    let Some(python) = ask("python3", &["-c", "import sys, paramiko; print(sys.executable)"]) else {
        passed_over("paramiko: python3 does not find it");
        return;
    };
    let script = "import logging, sys, paramiko\n\
        logging.basicConfig(level=logging.DEBUG)\n\
        host, port, user, key = sys.argv[1:]\n\
        client = paramiko.SSHClient()\n\
        client.set_missing_host_key_policy(paramiko.AutoAddPolicy())\n\
        client.connect(host, int(port), user, key_filename=key, look_for_keys=False, allow_agent=False, timeout=10)\n\
        client.close()\n";
    let scene = Scene::new();
    let run = |key: &Key| scene.read(&mut scene.script(&PathBuf::from(&python), "-c", script, key), "paramiko");
    let report = run(&scene.right);
    assert_eq!(report.verdict(), "authenticated", "{}", report.json);
    assert_eq!(session(&report)["accepted"]["path"], scene.right.path(), "{}", report.json);
    let report = run(&scene.wrong);
    refused(&report);
    assert_eq!(session(&report)["offered"][0]["path"], scene.wrong.path(), "{}", report.json);
}

#[test]
fn ssh2_of_npm_tells_each_request() {
    let Some(node) = ask("node", &["-e", "require('ssh2'); console.log(process.execPath)"]) else {
        passed_over("ssh2: node does not find it (NODE_PATH)");
        return;
    };
    let script = "const [host, port, username, key] = process.argv.slice(1);\n\
        const client = new (require('ssh2').Client)();\n\
        client.on('ready', () => client.end()).on('error', (error) => console.log(`Error: ${error.message}`));\n\
        const privateKey = require('fs').readFileSync(key);\n\
        client.connect({ host, port: Number(port), username, privateKey, debug: console.log });\n";
    let scene = Scene::new();
    let run = |key: &Key| scene.read(&mut scene.script(&PathBuf::from(&node), "-e", script, key), "ssh2-js");
    let report = run(&scene.right);
    assert_eq!((report.verdict(), session(&report)["method"].as_str()), ("authenticated", Some("publickey")));
    assert_eq!(session(&report)["port"], scene.server.port, "{}", report.json);
    refused(&run(&scene.wrong));
}
