//! gitolite behind OpenSSH's server: a real host of several accounts.

use std::fs;

use super::keys::succeed;
use super::needs::program;
use super::{Key, Server, Sshd, Stage};

/// Starts one. `accounts` are names with their keys, `rules` lines of its `gitolite.conf`.
pub(crate) fn gitolite(stage: &Stage, accounts: &[(&str, &Key)], rules: &str) -> Server {
    let world = stage.server_world();
    let home = std::path::PathBuf::from(world.variables().iter().find(|(name, _)| *name == "HOME").unwrap().1.clone());
    let run = |args: &[&str]| {
        let mut gitolite = world.command(program("gitolite"));
        gitolite.args(args).current_dir(&home);
        succeed(gitolite);
    };
    let first = home.join("admin.pub");
    fs::write(&first, format!("{}\n", accounts[0].1.public)).unwrap();
    run(&["setup", "-pk", "admin.pub"]);
    let settings = home.join(".gitolite");
    for (name, key) in accounts {
        fs::write(settings.join("keydir").join(format!("{name}.pub")), format!("{}\n", key.public)).unwrap();
    }
    let _ = fs::remove_file(settings.join("keydir/admin.pub"));
    fs::write(settings.join("conf/gitolite.conf"), rules).unwrap();
    run(&["compile"]);
    run(&["trigger", "POST_COMPILE"]);
    let keys = fs::read_to_string(home.join(".ssh/authorized_keys")).unwrap();
    let path = std::env::var("PATH").unwrap();
    Sshd::gitlab().authorized(&keys).option(&format!("SetEnv PATH={path}")).start(stage)
}
