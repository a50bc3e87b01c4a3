//! Each file once a run, whoever asks about it: a disk may be slow, and a file may change between two looks.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::inspect::inspect;
use crate::model::facts::KeyFile;

/// A file's name, and the least size of an RSA key that it was held against.
type Name = (String, u32);

/// The files that a run has looked at. Its copies know the same files.
#[derive(Clone, Debug, Default)]
pub struct Seen(Arc<Mutex<BTreeMap<Name, Arc<OnceLock<KeyFile>>>>>);

impl Seen {
    /// What is the matter with a file as an identity. Who asks while another looks waits for what that one finds.
    pub(crate) fn inspect(&self, path: &str, rsa_bits: u32) -> KeyFile {
        let cell = {
            let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(known.entry((path.to_owned(), rsa_bits)).or_default())
        };
        cell.get_or_init(|| inspect(Path::new(path), rsa_bits)).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::facts::Problem;

    #[test]
    fn a_file_is_read_once() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("id");
        std::fs::write(&path, "nothing\n").unwrap();
        let name = path.to_str().unwrap();
        let seen = Seen::default();
        let first = seen.inspect(name, 1024);
        std::fs::remove_file(&path).unwrap();
        assert_eq!(seen.clone().inspect(name, 1024), first);
        // Another limit is another question.
        assert_eq!(seen.inspect(name, 2048).problems, [Problem::Missing]);
    }
}
