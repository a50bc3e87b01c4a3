//! One test's surroundings, and their end.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use tempfile::TempDir;

use super::fake_ssh::FakeSsh;
use super::needs::{self, program};
use super::process::read;
use super::{Agent, Home, Key, KeyMaker, Ran, Run, Server, World};

/// `--timeout` of the tests: long for a busy machine, short for those who wait.
pub(crate) const DEFAULT_LIMIT: Duration = Duration::from_secs(8);

/// How long a command that was suggested may take.
const FOLLOW: Duration = Duration::from_secs(20);

/// A home, servers, agents; all are gone when this is dropped.
pub(crate) struct Stage {
    // In this order: what runs ends before its folder goes.
    kept: RefCell<Vec<Box<dyn Any>>>,
    watched: RefCell<Vec<Server>>,
    agents: RefCell<Vec<Agent>>,
    variables: RefCell<Vec<(String, OsString)>>,
    front: RefCell<Option<PathBuf>>,
    work: RefCell<PathBuf>,
    config: RefCell<Option<PathBuf>>,
    count: Cell<u32>,
    world: World,
    server_world: World,
    /// The user's home.
    pub(crate) home: Home,
    folder: TempDir,
}

/// What came of a suggested command.
#[derive(Debug)]
pub(crate) struct Followed {
    /// ssh's log.
    pub(crate) log: String,
    /// The command's exit code.
    pub(crate) code: Option<i32>,
}

impl Followed {
    pub(crate) fn logged_in(&self) -> bool {
        self.log.lines().any(|line| line.starts_with("Authenticated to "))
    }
}

impl Stage {
    pub(crate) fn new() -> Self {
        needs::check();
        let folder = tempfile::Builder::new().prefix("ssh-why-").tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        for name in ["home", "server-home", "work", "servers"] {
            fs::create_dir(path(name)).unwrap();
        }
        let world = World::new(&path("world"), &path("home"));
        Self {
            kept: RefCell::default(),
            watched: RefCell::default(),
            agents: RefCell::default(),
            variables: RefCell::default(),
            front: RefCell::default(),
            work: RefCell::new(path("work")),
            config: RefCell::default(),
            count: Cell::new(0),
            home: Home::new(world.clone(), &path("home")),
            server_world: World::new(&path("server-world"), &path("server-home")),
            world,
            folder,
        }
    }

    /// The user's world.
    pub(crate) fn world(&self) -> &World {
        &self.world
    }

    /// The servers' world.
    pub(super) fn server_world(&self) -> &World {
        &self.server_world
    }

    /// The home that the servers know of their user.
    pub(crate) fn server_home(&self) -> PathBuf {
        self.folder.path().join("server-home")
    }

    /// A path in this stage's folder that nothing has yet.
    pub(crate) fn new_path(&self, name: &str) -> PathBuf {
        self.count.set(self.count.get() + 1);
        self.folder.path().join(format!("{name}{}", self.count.get()))
    }

    pub(super) fn server_folder(&self, name: &str) -> PathBuf {
        let folder = self.new_path(&format!("servers/{name}"));
        fs::create_dir(&folder).unwrap();
        folder
    }

    /// Keeps something until the end of the test.
    pub(crate) fn keep(&self, part: impl Any) {
        self.kept.borrow_mut().push(Box::new(part));
    }

    /// No command may be run on this server by a check, nothing forwarded, no terminal asked for.
    pub(super) fn watch(&self, server: &Server) {
        self.watched.borrow_mut().push(server.clone());
    }

    /// Fails if a check asked anything of a server that it should only have logged in to.
    pub(crate) fn assert_nothing_asked(&self) {
        for server in self.watched.borrow().iter() {
            let asked = (server.requests(), server.commands());
            assert_eq!(asked, (Vec::new(), Vec::new()), "asked of a CI host:\n{}", server.log());
        }
    }

    /// What an agent holds may not change.
    pub(super) fn watch_agent(&self, agent: &Agent) {
        self.agents.borrow_mut().push(agent.clone());
    }

    /// What the agents hold.
    pub(super) fn agent_lists(&self) -> Vec<String> {
        self.agents.borrow().iter().map(Agent::list).collect()
    }

    /// A key that is not in the home.
    pub(crate) fn key_elsewhere(&self, name: &str) -> Key {
        let folder = self.new_path("keys");
        fs::create_dir(&folder).unwrap();
        KeyMaker::new(&self.world, &folder, name).make()
    }

    /// Host keys that no server has.
    pub(crate) fn strange_host_keys(&self) -> Vec<String> {
        super::server::strange_host_keys(&self.server_world, self.folder.path())
    }

    /// Sets a variable of the environment that the program runs in.
    pub(crate) fn variable(&self, name: &str, value: impl AsRef<std::ffi::OsStr>) {
        self.variables.borrow_mut().push((name.to_owned(), value.as_ref().to_owned()));
    }

    /// Takes back what was set.
    pub(crate) fn unset_variables(&self) {
        self.variables.borrow_mut().clear();
    }

    /// Puts a folder in front of PATH.
    pub(crate) fn path_front(&self, folder: PathBuf) {
        *self.front.borrow_mut() = Some(folder);
    }

    /// Where the program runs.
    pub(crate) fn work(&self) -> PathBuf {
        self.work.borrow().clone()
    }

    /// Writes a configuration outside the home, for `-F`; suggested commands are run with it, too.
    pub(crate) fn config_elsewhere(&self, text: &str) -> String {
        let file = self.new_path("config");
        fs::write(&file, text).unwrap();
        let name = file.to_str().unwrap().to_owned();
        *self.config.borrow_mut() = Some(file);
        name
    }

    /// Makes the folder that the program runs in a git repository with a remote.
    pub(crate) fn repository(&self, remote: &str) {
        for args in [&["init", "-q"][..], &["remote", "add", "origin", remote]] {
            let mut git = self.world.command(program("git"));
            super::keys::succeed({
                git.args(args).current_dir(self.work());
                git
            });
        }
    }

    /// A program in the user's world, with the user's environment.
    pub(crate) fn command(&self, program: impl AsRef<Path>) -> Command {
        let mut command = self.world.command(program);
        command.current_dir(self.work());
        if let Some(front) = &*self.front.borrow() {
            command.env("PATH", in_front(front));
        }
        command.envs(self.variables.borrow().iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs `ssh-why check … --format json`.
    pub(crate) fn check(&self, args: &[&str]) -> Ran {
        self.run("check", args).format("json").finish()
    }

    /// A run of the program, to be finished by hand.
    pub(crate) fn run(&self, command: &str, args: &[&str]) -> Run<'_> {
        Run::new(self, command, args)
    }

    /// Runs `ssh-why OPTIONS… COMMAND…` with a report in JSON.
    pub(crate) fn in_front(&self, options: &[&str], words: &[&str]) -> Ran {
        Run::in_front(self, options, words).finish()
    }

    /// Runs a line by a shell where the program runs, and returns its exit code and all that it said.
    pub(crate) fn sh(&self, line: &str) -> (Option<i32>, String) {
        let said = self.new_path("sh-said");
        let mut daemon = super::Daemon::start(self.command("/bin/sh").args(["-c", line]), &said);
        let mut code = None;
        super::until(FOLLOW, || {
            code = daemon.exit_code();
            code.is_some()
        });
        drop(daemon);
        (code, read(&said))
    }

    /// Moves on to another folder.
    pub(crate) fn work_in(&self, folder: PathBuf) {
        *self.work.borrow_mut() = folder;
    }

    /// Runs a suggested command letter for letter.
    pub(crate) fn follow(&self, line: &str) -> Followed {
        let folder = FakeSsh::follower(self, self.config.borrow().as_deref());
        let log = self.new_path("follow-log");
        let said = self.new_path("follow-said");
        let mut shell = self.command("/bin/sh");
        shell.args(["-c", line]).env("PATH", in_front(&folder)).env("FOLLOW_LOG", &log);
        let mut daemon = super::Daemon::start(&mut shell, &said);
        let mut code = None;
        super::until(FOLLOW, || {
            code = daemon.exit_code();
            code.is_some()
        });
        drop(daemon);
        Followed { log: read(&log) + &read(&said), code }
    }
}

fn in_front(folder: &Path) -> OsString {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::join_paths(std::iter::once(folder.to_owned()).chain(std::env::split_paths(&path))).unwrap()
}
