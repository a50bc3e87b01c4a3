//! The user's home: keys, config, known hosts, and the proof that nothing in it was touched.

use std::collections::BTreeMap;
use std::fs::{self, DirBuilder};
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};

use super::keys::succeed;
use super::needs::program;
use super::{Key, KeyMaker, Server, World};

/// A folder that is the user's home.
#[derive(Debug)]
pub(crate) struct Home {
    world: World,
    folder: PathBuf,
}

/// Everything under a folder, as it was.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Snapshot(BTreeMap<PathBuf, Entry>);

#[derive(Debug, PartialEq, Eq)]
struct Entry {
    mode: u32,
    owner: u32,
    modified: (i64, i64),
    content: Vec<u8>,
}

impl Home {
    pub(super) fn new(world: World, folder: &Path) -> Self {
        let home = Self { world, folder: folder.to_owned() };
        DirBuilder::new().recursive(true).mode(0o700).create(home.ssh()).unwrap();
        home
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// `~/.ssh`
    pub(crate) fn ssh(&self) -> PathBuf {
        self.folder.join(".ssh")
    }

    /// A key in `~/.ssh`.
    pub(crate) fn key(&self, name: &str) -> Key {
        self.make_key(name, |maker| maker)
    }

    /// A key in `~/.ssh` of another kind.
    pub(crate) fn make_key(&self, name: &str, how: impl for<'a> FnOnce(KeyMaker<'a>) -> KeyMaker<'a>) -> Key {
        how(KeyMaker::new(&self.world, &self.ssh(), name)).make()
    }

    /// Writes `~/.ssh/config`.
    pub(crate) fn config(&self, text: &str) {
        fs::write(self.ssh().join("config"), text).unwrap();
    }

    /// Adds the keys of a server to `~/.ssh/known_hosts`, under a name.
    pub(crate) fn knows(&self, name: &str, server: &Server) {
        self.knows_keys(name, server.port, &server.host_keys);
    }

    /// Adds host keys to `~/.ssh/known_hosts`, under a name.
    pub(crate) fn knows_keys(&self, name: &str, port: u16, keys: &[String]) {
        let file = self.ssh().join("known_hosts");
        let known = fs::read_to_string(&file).unwrap_or_default();
        let name = if port == 22 { name.to_owned() } else { format!("[{name}]:{port}") };
        let lines: String = keys.iter().map(|key| format!("{name} {key}\n")).collect();
        fs::write(file, known + &lines).unwrap();
    }

    /// Adds the keys of a server to another file of `~/.ssh`, under a pattern.
    pub(crate) fn knows_in(&self, file: &str, pattern: &str, server: &Server) {
        let lines: String = server.host_keys.iter().map(|key| format!("{pattern} {key}\n")).collect();
        fs::write(self.ssh().join(file), lines).unwrap();
    }

    /// Hides the names in `~/.ssh/known_hosts`, as Debian does.
    pub(crate) fn hash_known_hosts(&self) {
        let file = self.ssh().join("known_hosts");
        let mut keygen = self.world.command(program("ssh-keygen"));
        keygen.arg("-H").arg("-f").arg(&file);
        succeed(keygen);
        fs::remove_file(self.ssh().join("known_hosts.old")).unwrap();
    }

    /// Everything in it, as it is now.
    pub(crate) fn snapshot(&self) -> Snapshot {
        let mut entries = BTreeMap::new();
        collect(&self.folder, &mut entries);
        Snapshot(entries)
    }

    /// Everything in another folder, as it is now.
    pub(crate) fn snapshot_of(folder: &Path) -> Snapshot {
        let mut entries = BTreeMap::new();
        if folder.exists() {
            collect(folder, &mut entries);
        }
        Snapshot(entries)
    }

    /// Fails if anything in it is not as it was.
    pub(crate) fn assert_unchanged(&self, before: &Snapshot) {
        let after = self.snapshot();
        let paths = before.0.keys().chain(after.0.keys()).collect::<std::collections::BTreeSet<_>>();
        let changed: Vec<_> = paths
            .into_iter()
            .filter_map(|path| match (before.0.get(path), after.0.get(path)) {
                (Some(old), Some(new)) if old == new => None,
                (Some(old), Some(new)) if old.content == new.content => {
                    Some(format!("{}: mode or time", path.display()))
                }
                (Some(_), Some(_)) => Some(format!("{}: content", path.display())),
                (Some(_), None) => Some(format!("{}: removed", path.display())),
                (None, _) => Some(format!("{}: new", path.display())),
            })
            .collect();
        assert!(changed.is_empty(), "the home was changed: {}", changed.join(", "));
    }
}

fn collect(path: &Path, entries: &mut BTreeMap<PathBuf, Entry>) {
    let about = fs::symlink_metadata(path).unwrap();
    let content = if about.is_file() { fs::read(path).unwrap() } else { Vec::new() };
    let modified = (about.mtime(), about.mtime_nsec());
    entries.insert(path.to_owned(), Entry { mode: about.mode(), owner: about.uid(), modified, content });
    if about.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            collect(&entry.unwrap().path(), entries);
        }
    }
}
