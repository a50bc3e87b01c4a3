//! A real shell.

/// What a real shell makes of a command that begins with `ssh`: no program runs.
#[cfg(unix)]
pub fn read_by_sh(command: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let script = format!("ssh() {{ printf '%s\\0' ssh \"$@\"; }}\n{command}\n");
    let done = std::process::Command::new("sh")
        .args(["-c", &script])
        .env_clear()
        .current_dir(folder.path())
        .output()
        .expect("sh runs");
    assert!(
        done.status.success() && done.stderr.is_empty(),
        "{command}: {}",
        String::from_utf8_lossy(&done.stderr)
    );
    assert_eq!(
        std::fs::read_dir(folder.path()).unwrap().count(),
        0,
        "{command} made a file"
    );
    let words = String::from_utf8(done.stdout).unwrap();
    words.split_terminator('\0').map(str::to_owned).collect()
}

#[cfg(not(unix))]
pub fn read_by_sh(command: &str) -> Vec<String> {
    shlex::split(command).unwrap()
}
