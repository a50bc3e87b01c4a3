//! Key files that are missing, damaged, or belong to another key.

use std::fs;

use crate::check::scene::{block, check, git_host, github};
use crate::kit::{Agent, GoServer, Key, Sshd, Stage, mode};

scenes! {
    /// The stale public half is the one that the server knows.
    stale_public_half_is_registered: "pubkey-mismatch", Any, |stage| {
        let old = stage.key_elsewhere("old");
        stage.home.key("id_ed25519").with_public_of(&old);
        let server = Sshd::gitlab().accepts(&old).start(stage);
        git_host(stage, &server, "")
    }

    /// ssh offers the stale public half, and the server knows the private one's: the log alone can't tell.
    stale_public_half_is_offered: "pubkey-mismatch", Any, |stage| {
        let old = stage.key_elsewhere("old");
        let key = stage.home.key("id_ed25519");
        let server = Sshd::gitlab().accepts(&key).start(stage);
        key.with_public_of(&old);
        git_host(stage, &server, "")
    }

    too_open: "identity-permissions", Any, |stage| {
        let key = stage.home.key("id_ed25519").with_mode(0o644);
        let git = GoServer::github().accepts(&key).start(stage);
        github(&stage.home, &git, "");
        check(["--vcs", "github.com"])
    }

    lines_that_end_as_on_windows: "identity-invalid", Any, |stage| {
        let key = stage.home.key("id_ed25519").with_crlf();
        let server = Sshd::gitlab().accepts(&key).start(stage);
        git_host(stage, &server, "")
    }

    no_newline_at_the_end: "identity-invalid", Any, |stage| {
        let key = stage.home.key("id_ed25519").without_last_newline();
        let server = Sshd::gitlab().accepts(&key).start(stage);
        git_host(stage, &server, "")
    }

    /// What is no key at all, and what it is instead.
    a_folder_in_place_of_the_key: "identity-invalid", None, |stage| {
        let key = stage.home.key("id_ed25519");
        let server = Sshd::gitlab().accepts(&key).start(stage);
        let folder = stage.home.ssh().join("keys");
        std::fs::create_dir(&folder).unwrap();
        git_host(stage, &server, &format!("IdentityFile {}\nIdentitiesOnly yes", folder.display())).then(|report| {
            let fixes = report["findings"][0]["fixes"].to_string();
            assert!(fixes.contains("name the key file itself") && !fixes.contains("chmod"), "{fixes}");
        })
    }

    /// The private half is nowhere: no name of one is made up, and the public half is not called encrypted.
    a_public_half_alone: "identity-invalid", None, |stage| {
        let key = stage.home.key("id_work");
        let server = Sshd::gitlab().accepts(&key).start(stage);
        std::fs::remove_file(key.path()).unwrap();
        git_host(stage, &server, &only_file(&key.public_file().display().to_string())).finds_no("passphrase").then(|report| {
            let fixes = report["findings"][0]["fixes"].to_string();
            assert!(fixes.contains("find the private half") && !fixes.contains("ssh -"), "{fixes}");
        })
    }

    saved_by_putty: "identity-invalid", Any, |stage| {
        let key = stage.home.key("id_putty").into_putty();
        let server = Sshd::gitlab().accepts(&key).start(stage);
        let key = key.without_public();
        git_host(stage, &server, &format!("IdentityFile {}", key.path()))
    }

    public_half_named_as_the_key: "identity-invalid", Any, |stage| {
        let key = stage.home.key("id_work");
        let server = Sshd::gitlab().accepts(&key).start(stage);
        git_host(stage, &server, &format!("IdentityFile {}", key.public_file().display()))
    }

    public_half_in_place_of_the_key: "identity-invalid", Any, |stage| {
        let key = stage.home.key("id_ed25519").into_public();
        let server = Sshd::gitlab().accepts(&key).start(stage);
        git_host(stage, &server, "")
    }

    /// The same file is right where an agent has the private half.
    public_half_with_an_agent: "authenticated", Any, |stage| {
        let key = stage.home.key("id_work");
        let agent = Agent::with(stage, &[&key]);
        stage.variable("SSH_AUTH_SOCK", &agent);
        let server = Sshd::gitlab().accepts(&key).start(stage);
        let key = key.without_private();
        git_host(stage, &server, &format!("IdentityFile {}\nIdentitiesOnly yes", key.public_file().display()))
            .finds_no("identity-invalid")
    }

    encrypted_and_no_agent: "passphrase", None, |stage| {
        let key = stage.home.make_key("id_ed25519", |key| key.passphrase("open sesame"));
        let server = Sshd::gitlab().accepts(&key).start(stage);
        git_host(stage, &server, "")
    }

    encrypted_pem_without_public_half: "passphrase", None, |stage| {
        let key = stage.home.make_key("id_rsa", |key| key.rsa().pem().passphrase("open sesame"));
        let server = Sshd::gitlab().accepts(&key).start(stage);
        key.without_public();
        git_host(stage, &server, "")
    }

    named_file_is_missing: "identity-missing", None, |stage| {
        let server = Sshd::gitlab().start(stage);
        stage.home.knows("git.example.com", &server);
        stage.home.config(&block("git.example.com", &server, ""));
        let file = stage.home.ssh().join("no-such-key");
        check(["-i", file.to_str().unwrap(), "--vcs", "git.example.com"])
    }

    configured_file_is_missing: "identity-missing", None, |stage| {
        let server = Sshd::gitlab().start(stage);
        git_host(stage, &server, "IdentityFile ~/.ssh/no-such-key")
    }

    /// ssh goes on with another key, perhaps of another account.
    named_file_is_missing_but_another_works: "authenticated" | "identity-missing", Any, |stage| {
        let key = stage.home.key("id_ed25519");
        let server = Sshd::gitlab().accepts(&key).start(stage);
        stage.home.knows("git.example.com", &server);
        stage.home.config(&block("git.example.com", &server, ""));
        let file = stage.home.ssh().join("no-such-key");
        check(["-i", file.to_str().unwrap(), "--vcs", "git.example.com"])
            .finds("identity-missing")
            .finds("authenticated")
    }

    too_short_for_this_ssh: "key-too-short", None, |stage| {
        let key = stage.home.make_key("id_rsa", |key| key.rsa());
        let server = Sshd::gitlab().accepts(&key).start(stage);
        git_host(stage, &server, "RequiredRSASize 4096")
    }

    /// As under sudo, which keeps HOME: ssh looks in the home that the password database names.
    keys_lie_in_another_home: "other-home" | "no-identity", Any, |stage| {
        let key = stage.key_elsewhere("id_ed25519");
        let server = Sshd::gitlab().accepts(&key).start(stage);
        let home = stage.new_path("other-home");
        std::fs::create_dir_all(home.join(".ssh")).unwrap();
        std::fs::rename(&key.file, home.join(".ssh/id_ed25519")).unwrap();
        stage.variable("HOME", &home);
        git_host(stage, &server, "").finds("other-home")
    }
}

/// Lines that name one file and nothing else.
fn only_file(path: &str) -> String {
    format!("IdentityFile {path}\nIdentitiesOnly yes")
}

/// A way in which a key file comes to harm.
type Harm = fn(&str) -> String;

/// What each does to the file's text. The command that is printed makes it whole.
const HARM: &[(&str, Harm)] = &[
    ("Windows' line ends", |text| text.replace('\n', "\r\n")),
    ("no end of the last line", |text| text.trim_end().to_owned()),
    ("a byte order mark", |text| format!("\u{feff}{text}")),
    ("blanks", |text| text.lines().map(|line| format!("  \t{line}\n")).collect()),
    ("line ends that are spelt", |text| text.replace('\n', "\\n")),
];

#[test]
fn a_damaged_file_is_mended_by_the_command_that_is_printed() {
    let stage = Stage::new();
    let key = stage.home.key("id_it's mine");
    let server = Sshd::gitlab().accepts(&key).start(&stage);
    let key: Key = key.without_public();
    let _ = git_host(&stage, &server, &format!("IdentityFile \"{}\"\nIdentitiesOnly yes", key.path()));
    let whole = fs::read_to_string(key.path()).unwrap();
    for (harm, damaged) in HARM {
        fs::write(key.path(), damaged(&whole)).unwrap();
        let report = stage.check(&["--vcs", "git.example.com"]).report();
        assert_eq!(report["verdict"]["cause"], "identity-invalid", "{harm}: {report:#}");
        let mend =
            report["findings"][0]["fixes"][0]["command"].as_str().unwrap_or_else(|| panic!("{harm}: {report:#}"));
        let (code, said) = stage.sh(mend);
        assert_eq!((code, said.as_str()), (Some(0), ""), "{harm}: {mend}");
        let followed = stage.follow("ssh -T git@git.example.com");
        assert!(followed.logged_in(), "{harm}: {mend}\n{}", followed.log);
        let files = fs::read_dir(stage.home.ssh()).unwrap().count();
        assert_eq!(files, 3, "{harm}: a copy is left");
        mode(key.path().as_ref(), 0o600);
    }
}
