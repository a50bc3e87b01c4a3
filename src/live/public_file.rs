//! The public half of a key that an agent alone holds, as a file that ssh can be pointed to. Nothing is written to a
//! disk: it is a file in memory, and gone with this program.

use crate::model::facts::PublicKey;

/// Such a file.
#[derive(Debug)]
pub(crate) struct PublicFile {
    #[cfg(target_os = "linux")]
    file: std::fs::File,
}

impl PublicFile {
    /// Writes a key. `None`: this system has no such files.
    #[cfg(target_os = "linux")]
    pub(crate) fn new(key: &PublicKey) -> Option<Self> {
        use base64ct::{Base64, Encoding};
        use std::io::Write;
        let length: [u8; 4] = key.blob.get(..4)?.try_into().ok()?;
        let name = key.blob.get(4..4 + u32::from_be_bytes(length) as usize)?;
        let line = format!("{} {}\n", std::str::from_utf8(name).ok()?, Base64::encode_string(&key.blob));
        let memory = rustix::fs::memfd_create("ssh-why", rustix::fs::MemfdFlags::CLOEXEC).ok()?;
        let mut file = std::fs::File::from(memory);
        file.write_all(line.as_bytes()).ok()?;
        Some(Self { file })
    }

    /// There are none here.
    #[cfg(not(target_os = "linux"))]
    pub fn new(_key: &PublicKey) -> Option<Self> {
        None
    }

    /// Its name, for programs that this one starts.
    pub(crate) fn path(&self) -> String {
        #[cfg(target_os = "linux")]
        {
            use std::os::fd::AsRawFd;
            format!("/proc/{}/fd/{}", std::process::id(), self.file.as_raw_fd())
        }
        #[cfg(not(target_os = "linux"))]
        String::new()
    }
}
