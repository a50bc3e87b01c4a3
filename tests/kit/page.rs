//! The page, built, in a folder of its own with a script that drives it, and the browser that opens it.
//!
//! needs: binaryen chromium rustc-web rust-web-src lld-19 xz-utils zip

#![allow(clippy::unwrap_used, reason = "a test that can't go on fails")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Once;

use tempfile::TempDir;

/// The files of the page.
const FILES: [&str; 5] = ["index.html", "style.css", "lzma.js", "page.js", "core.js"];

pub(crate) fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Builds the page: minutes the first time, since the standard library is built, too.
pub(crate) fn build() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let built = Command::new(project().join("web/build")).output().expect("web/build runs");
        assert!(built.status.success(), "web/build: {}", String::from_utf8_lossy(&built.stderr));
    });
}

/// The page with a script that runs as soon as the core is there, and what runs `before` at once; `told` is what becomes of
/// what the script says by `done(TEXT)`.
pub(crate) fn driven_by(before: &str, script: &str, told: &str) -> (TempDir, PathBuf) {
    build();
    let folder = tempfile::tempdir().unwrap();
    for file in FILES {
        fs::copy(project().join("web/page").join(file), folder.path().join(file)).unwrap();
    }
    let index = folder.path().join("index.html");
    let text = fs::read_to_string(&index).unwrap();
    fs::write(&index, text.replace("</body>", "<script src=\"drive.js\"></script></body>")).unwrap();
    let script = format!(
        "{before}\n\
         const done = (text) => {told};\n\
         const unpack = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));\n\
         (async () => {{ while (!core) await new Promise((go) => setTimeout(go, 10)); {script} }})()\
         .catch((error) => done('failed: ' + error));\n"
    );
    fs::write(folder.path().join("drive.js"), script).unwrap();
    (folder, index)
}

/// A browser without a window, a profile or a network.
pub(crate) fn browser(profile: &TempDir) -> Command {
    let mut command = Command::new("chromium");
    command
        .args(["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"])
        .args([
            "--disable-background-networking",
            "--disable-component-update",
            "--host-resolver-rules=MAP * ~NOTFOUND",
            "--enable-logging=stderr",
        ])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .env("HOME", profile.path())
        .stdin(Stdio::null());
    command
}
