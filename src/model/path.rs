//! The form of a file's name.

/// Whether it is one of Windows': `C:\\Users\\me\\.ssh\\id_rsa`, also with slashes, or below what OpenSSH's server there calls
/// `__PROGRAMDATA__`.
pub fn is_of_windows(path: &str) -> bool {
    path.contains('\\') || path.as_bytes().get(1) == Some(&b':') || path.starts_with("__PROGRAMDATA__")
}
