//! What is the matter with a file as an identity, and with what lies beside it.

use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::read::{Unread, modes, read, too_open};
use super::sniff::sniff;
use crate::live::process;
use crate::model::facts::{Certificate, Form, KeyFile, Problem, PublicKey, damage};
use crate::model::{Fact, Family, KeyType};
use crate::wire;

/// How long `ssh-keygen` may take for one key.
const KEYGEN: Duration = Duration::from_secs(5);

/// What is the matter with `path` as an identity file.
///
/// `required_rsa_bits` is ssh's `RequiredRSASize`.
pub(crate) fn inspect(path: &Path, required_rsa_bits: u32) -> KeyFile {
    let public = public_key(&with_suffix(path, ".pub"));
    let mut file = KeyFile {
        path: path.to_string_lossy().into_owned(),
        form: Fact::Absent,
        encrypted: Fact::Absent,
        offered: Fact::Absent,
        public_beside: public.is_some(),
        own: Fact::Absent,
        certificate: Fact::Absent,
        mode: Fact::Absent,
        owned: Fact::Absent,
        problems: Vec::new(),
    };
    match read(path) {
        Ok((meta, bytes)) => private(&mut file, path, &meta, &bytes),
        Err(error) => unread(&mut file, &error),
    }
    // ssh takes the named file as a public key first, then the one beside it, then a private file's clear part.
    if file.form != Fact::Known(Form::Public)
        && let Some(public) = public
    {
        file.offered = Fact::Known(public);
    }
    if let (Some(offered), Some(own)) = (file.offered.known(), file.own.known())
        && wire::plain(&offered.blob) != wire::plain(&own.blob)
    {
        file.problems.push(Problem::PublicMismatch);
    }
    let key = file.own.known().or(file.offered.known());
    if let Some(key) = key
        && KeyType::named(&key.kind).is_some_and(|kind| kind.family == Family::Rsa)
        && key.bits < required_rsa_bits
    {
        file.problems.push(Problem::TooShort(key.bits));
    }
    file.certificate = certificate(path);
    let flaw =
        file.certificate.known().and_then(|certificate| flaw(certificate, file.own.known().or(file.offered.known())));
    file.problems.extend(flaw.map(Problem::Certificate));
    file
}

/// A public key file's first key, as ssh reads it.
pub(crate) fn public_key(path: &Path) -> Option<PublicKey> {
    let (_, bytes) = read(path).ok()?;
    wire::public_file(&String::from_utf8_lossy(&bytes))
}

/// The certificate that ssh finds beside an identity file: in `FILE-cert`, else in `FILE-cert.pub`.
fn certificate(path: &Path) -> Fact<Certificate> {
    let key = public_key(&with_suffix(path, "-cert")).or_else(|| public_key(&with_suffix(path, "-cert.pub")));
    match key.as_ref().and_then(read_certificate) {
        Some(certificate) => Fact::Known(certificate),
        None => Fact::Absent,
    }
}

/// What a certificate says, its dates held against the clock.
pub(crate) fn read_certificate(key: &PublicKey) -> Option<Certificate> {
    let mut certificate = wire::certificate(key)?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    certificate.in_date = certificate.valid_after <= now && now < certificate.valid_before;
    Some(certificate)
}

/// What is wrong with a certificate, as a clause.
pub(crate) fn flaw(certificate: &Certificate, key: Option<&PublicKey>) -> Option<String> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    if !certificate.for_users {
        return Some("it is a host's, not a user's".into());
    }
    if key.is_some_and(|key| wire::plain(&key.blob) != wire::plain(&certificate.key.blob)) {
        return Some("it certifies another key".into());
    }
    if certificate.valid_before <= now {
        return Some(format!("it expired on {}", wire::date(certificate.valid_before)));
    }
    (now < certificate.valid_after).then(|| format!("it is not valid before {}", wire::date(certificate.valid_after)))
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn unread(file: &mut KeyFile, error: &Unread) {
    let problem = match error {
        Unread::Missing => Problem::Missing,
        Unread::Denied(why) => Problem::Unreadable(why.clone()),
        Unread::NotAFile(what) => Problem::Invalid((*what).to_owned()),
    };
    if let Unread::Denied(why) = error {
        file.form = Fact::Unknown(why.clone());
        file.encrypted = Fact::Unknown(why.clone());
        file.own = Fact::Unknown(why.clone());
        if let Ok(meta) = fs::metadata(&file.path) {
            modes(file, &meta);
        }
    }
    file.problems.push(problem);
}

fn private(file: &mut KeyFile, path: &Path, meta: &Metadata, bytes: &[u8]) {
    modes(file, meta);
    let content = sniff(bytes);
    file.form = Fact::Known(content.form);
    file.encrypted = content.encrypted;
    if let Some(key) = content.offered {
        file.offered = Fact::Known(key);
    }
    if let Some(key) = content.own {
        file.own = Fact::Known(key);
    }
    let mut damage = content.damage;
    let private_half = file.path.strip_suffix(".pub").filter(|_| content.form == Form::Public);
    if private_half.is_some_and(|private| !Path::new(private).exists()) {
        damage = Some(damage::LONE_PUBLIC.to_owned());
    }
    let open = too_open(file).filter(|_| !matches!(content.form, Form::Public | Form::PublicRfc4716));
    if content.form == Form::Pem && damage.is_none() {
        match (&file.encrypted, open) {
            (Fact::Known(true), _) => {
                file.own = Fact::Unknown("only its passphrase shows its public key".into());
            }
            (_, Some(_)) => {
                file.own = Fact::Unknown("its mode keeps ssh-keygen from reading it".into());
            }
            _ => match ask_keygen(path) {
                Ok(Some(key)) => file.own = Fact::Known(key),
                Ok(None) => damage = Some("its content is damaged".into()),
                Err(why) => file.own = Fact::Unknown(why),
            },
        }
    }
    file.problems.extend(damage.map(Problem::Invalid));
    file.problems.extend(open.map(Problem::TooOpen));
}

/// The public half of a private key without passphrase. `None`: ssh-keygen can't read it.
fn ask_keygen(path: &Path) -> Result<Option<PublicKey>, String> {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let words = ["-y", "-P", "", "-f"].map(std::ffi::OsStr::new);
    let words = words.into_iter().chain([absolute.as_os_str()]);
    match process::run("ssh-keygen", words, KEYGEN) {
        Ok(output) if output.status.success() => Ok(wire::public_file(&output.text())),
        Ok(_) => Ok(None),
        Err(failure) => Err(failure.to_string()),
    }
}

#[cfg(all(test, unix))]
#[allow(clippy::unwrap_used, clippy::non_octal_unix_permissions, clippy::type_complexity, reason = "tests")]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;
    use std::process::{Command, Stdio};

    fn keygen(args: &[&str]) {
        let done = Command::new("ssh-keygen").args(args).stdout(Stdio::null()).stderr(Stdio::null()).status();
        assert!(done.unwrap().success(), "{args:?}");
    }

    struct Place(tempfile::TempDir);

    impl Place {
        fn new() -> Self {
            Self(tempfile::tempdir().unwrap())
        }

        fn path(&self, name: &str) -> PathBuf {
            self.0.path().join(name)
        }

        fn key(&self, name: &str, args: &[&str]) -> PathBuf {
            let path = self.path(name);
            let mut all = vec!["-q", "-f", path.to_str().unwrap(), "-C", "me@box"];
            all.extend_from_slice(args);
            if !args.contains(&"-N") {
                all.extend_from_slice(&["-N", ""]);
            }
            keygen(&all);
            path
        }

        fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
            let path = self.path(name);
            fs::write(&path, content).unwrap();
            mode(&path, 0o600);
            path
        }
    }

    fn mode(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    fn invalid(path: &Path) -> String {
        let file = inspect(path, 1024);
        match file.problems.first() {
            Some(Problem::Invalid(why)) => why.clone(),
            other => panic!("{other:?}"),
        }
    }

    /// Whether ssh itself can read it.
    fn ssh_reads(path: &Path) -> bool {
        ask_keygen(path).unwrap().is_some()
    }

    #[test]
    fn whole_keys_of_every_form() {
        let place = Place::new();
        let cases: &[(&str, &[&str], Form, bool, &str, u32)] = &[
            ("a", &["-t", "ed25519"], Form::OpenSsh, false, "ED25519", 256),
            ("b", &["-t", "ed25519", "-N", "secret"], Form::OpenSsh, true, "ED25519", 256),
            ("c", &["-t", "rsa", "-b", "2048"], Form::OpenSsh, false, "RSA", 2048),
            ("d", &["-t", "rsa", "-b", "2048", "-m", "PEM"], Form::Pem, false, "RSA", 2048),
            ("e", &["-t", "rsa", "-b", "2048", "-m", "PEM", "-N", "secret"], Form::Pem, true, "RSA", 2048),
            ("f", &["-t", "rsa", "-b", "2048", "-m", "PKCS8"], Form::Pem, false, "RSA", 2048),
            ("g", &["-t", "ecdsa", "-b", "384", "-m", "PKCS8", "-N", "secret"], Form::Pem, true, "ECDSA", 384),
            ("h", &["-t", "ecdsa", "-b", "521", "-m", "PEM"], Form::Pem, false, "ECDSA", 521),
        ];
        for (name, args, form, encrypted, kind, bits) in cases {
            let path = place.key(name, args);
            let file = inspect(&path, 1024);
            assert_eq!(file.problems, [], "{name}");
            assert_eq!(file.form, Fact::Known(*form), "{name}");
            assert_eq!(file.encrypted, Fact::Known(*encrypted), "{name}");
            let offered = file.offered.known().unwrap();
            assert_eq!((offered.kind.as_str(), offered.bits), (*kind, *bits), "{name}");
            assert_eq!(offered.comment, "me@box");
            assert_eq!((file.mode, file.owned), (Fact::Known(0o600), Fact::Known(true)));
            match (form, encrypted) {
                (Form::Pem, true) => assert!(matches!(file.own, Fact::Unknown(_)), "{name}"),
                _ => assert_eq!(file.own.known().unwrap().blob, offered.blob, "{name}"),
            }
            // Without the file beside it, ssh knows a key only from its own form's clear part.
            fs::remove_file(place.path(&format!("{name}.pub"))).unwrap();
            let alone = inspect(&path, 1024);
            assert_eq!(alone.offered.known().is_some(), *form == Form::OpenSsh, "{name}");
            assert_eq!(alone.problems, [], "{name}");
        }
    }

    #[test]
    fn damage_is_told() {
        let place = Place::new();
        let text = fs::read_to_string(place.key("good", &["-t", "ed25519"])).unwrap();
        let public = fs::read_to_string(place.path("good.pub")).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        let short: Vec<&str> = lines.iter().enumerate().filter(|(at, _)| *at != 3).map(|(_, line)| *line).collect();
        let cases: Vec<(Vec<u8>, &str)> = vec![
            (text.replace('\n', "\r\n").into(), "its lines end in CR LF"),
            (text.trim_end().into(), "its last line has no line end"),
            (text.replace('\n', " ").into(), "its line ends are lost"),
            (text.replace('\n', "").into(), "its line ends are lost"),
            (text.replace('\n', "\\n").into(), "its line ends are spelt \\n"),
            (format!("\u{feff}{text}").into(), "it begins with a byte order mark"),
            (
                text.encode_utf16().fold(vec![0xff, 0xfe], |mut all, unit| {
                    all.extend(unit.to_le_bytes());
                    all
                }),
                "it is saved as UTF-16",
            ),
            (text.lines().map(|line| format!("    {line}\n")).collect::<String>().into(), "its lines are indented"),
            (lines[..3].join("\n").into(), "its end is cut off"),
            (format!("{}\n", short.join("\n")).into(), "a line is cut off"),
            (
                text.replacen(lines[3], &lines[3].replacen(|c: char| c.is_ascii_alphanumeric(), "!", 1), 1).into(),
                "one of its lines is damaged",
            ),
            (format!("\n{text}").into(), "something stands before its first line"),
            (public.clone().into(), "it is a public key"),
            ("".into(), "it is empty"),
            ("\n\n".into(), "it is empty"),
            ("<!DOCTYPE html>\n<html>".into(), "it is a web page"),
            ("PuTTY-User-Key-File-3: ssh-ed25519\n".into(), "it is a PuTTY key"),
            ("---- BEGIN SSH2 PUBLIC KEY ----\nAAAA\n".into(), "it is a public key"),
            ("-----BEGIN CERTIFICATE-----\nAAAA\n".into(), "it is a certificate for TLS, not a key"),
            ("hello".into(), "it is no key"),
            (vec![0xff, 0x00, 0x80, 0x01], "it is no key"),
        ];
        for (content, told) in cases {
            let path = place.write("case", content);
            assert_eq!(invalid(&path), told);
            assert!(!ssh_reads(&path), "ssh can read it: {told}");
        }
    }

    #[test]
    fn what_ssh_can_read_is_no_damage() {
        let place = Place::new();
        let pem = fs::read_to_string(place.key("p", &["-t", "rsa", "-b", "2048", "-m", "PEM"])).unwrap();
        let own = fs::read_to_string(place.key("o", &["-t", "ed25519"])).unwrap();
        for content in [
            pem.replace('\n', "\r\n"),
            pem.trim_end().to_owned(),
            format!("note\n{pem}"),
            format!("\u{feff}{pem}"),
            format!("{own}\nnote"),
        ] {
            let path = place.write("case", content);
            let file = inspect(&path, 1024);
            assert!(ssh_reads(&path));
            assert_eq!(file.problems, []);
            assert!(file.own.known().is_some());
        }
        for (content, told) in [
            (pem.replace('\n', ""), "its line ends are lost"),
            (pem[..pem.len() / 2].to_owned(), "its end is cut off"),
            (pem.replacen("MII", "MIX", 1), "its content is damaged"),
            (pem.lines().map(|line| format!("  {line}\n")).collect(), "its first line is indented"),
        ] {
            let path = place.write("case", content);
            assert_eq!(invalid(&path), told);
            assert!(!ssh_reads(&path), "ssh can read it: {told}");
        }
    }

    #[test]
    fn modes_and_links() {
        let place = Place::new();
        let path = place.key("k", &["-t", "ed25519"]);
        for (bits, wrong) in [(0o600, false), (0o400, false), (0o640, true), (0o644, true), (0o601, true)] {
            mode(&path, bits);
            let problems = inspect(&path, 1024).problems;
            assert_eq!(problems == [Problem::TooOpen(bits)], wrong, "{bits:o} {problems:?}");
        }
        mode(&path, 0o600);
        std::os::unix::fs::symlink(&path, place.path("link")).unwrap();
        let link = inspect(&place.path("link"), 1024);
        assert_eq!(link.problems, []);
        assert!(link.offered.known().is_some());
        std::os::unix::fs::symlink(place.path("gone"), place.path("dangling")).unwrap();
        assert_eq!(inspect(&place.path("dangling"), 1024).problems, [Problem::Missing]);
        if !nix::unistd::geteuid().is_root() {
            mode(&path, 0o000);
            let file = inspect(&path, 1024);
            assert!(matches!(&file.problems[..], [Problem::Unreadable(_)]));
            assert!(file.offered.known().is_some(), "its .pub is readable");
        }
    }

    #[test]
    fn pipes_devices_and_folders_hold_nothing_up() {
        let place = Place::new();
        let pipe = place.path("pipe");
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        assert_eq!(invalid(&pipe), "it is a pipe, a socket or a device");
        assert_eq!(invalid(place.0.path()), "it is a folder");
        assert_eq!(invalid(Path::new("/dev/zero")), "it is a pipe, a socket or a device");
        assert_eq!(inspect(&place.path("none"), 1024).problems, [Problem::Missing]);
        let long = place.write("long", vec![b'x'; 10 << 20]);
        assert_eq!(invalid(&long), "it is no key");
    }

    #[test]
    fn a_public_key_of_another() {
        let place = Place::new();
        for (name, args) in
            [("a", &["-t", "ed25519", "-N", "secret"] as &[&str]), ("p", &["-t", "rsa", "-b", "2048", "-m", "PEM"])]
        {
            let path = place.key(name, args);
            let other = place.key(&format!("{name}2"), &["-t", "ed25519"]);
            fs::copy(with_suffix(&other, ".pub"), with_suffix(&path, ".pub")).unwrap();
            let file = inspect(&path, 1024);
            assert_eq!(file.problems, [Problem::PublicMismatch]);
            assert_ne!(file.offered.known().unwrap().fingerprint, file.own.known().unwrap().fingerprint);
        }
    }

    #[test]
    fn short_keys() {
        let place = Place::new();
        let path = place.key("r", &["-t", "rsa", "-b", "1024"]);
        assert_eq!(inspect(&path, 1024).problems, []);
        assert_eq!(inspect(&path, 2048).problems, [Problem::TooShort(1024)]);
    }

    #[test]
    fn certificates() {
        let place = Place::new();
        let ca = place.key("ca", &["-t", "ed25519"]);
        let ca_print = inspect(&ca, 1024).own.known().unwrap().fingerprint.clone();
        let cases: &[(&str, &[&str], &[&str], Option<&str>)] = &[
            ("a", &["-t", "ed25519"], &["-n", "me,you", "-V", "-1d:+1d"], None),
            ("b", &["-t", "rsa", "-b", "2048"], &["-n", "me", "-V", "-2d:-1d"], Some("it expired on ")),
            ("c", &["-t", "ecdsa"], &["-V", "+1d:+2d"], Some("it is not valid before ")),
            ("d", &["-t", "ed25519"], &["-h"], Some("it is a host's, not a user's")),
        ];
        for (name, make, sign, told) in cases {
            let path = place.key(name, make);
            let public = with_suffix(&path, ".pub");
            let mut words = vec!["-q", "-s", ca.to_str().unwrap(), "-I", "id"];
            words.extend_from_slice(sign);
            words.push(public.to_str().unwrap());
            keygen(&words);
            let file = inspect(&path, 1024);
            let certificate = file.certificate.known().unwrap();
            assert_eq!(certificate.ca, ca_print);
            assert_eq!(certificate.key.fingerprint, file.own.known().unwrap().fingerprint);
            assert!(certificate.key.kind.ends_with("-CERT"));
            assert_eq!(certificate.in_date, !matches!(*name, "b" | "c"));
            match (told, &file.problems[..]) {
                (None, []) => assert_eq!(certificate.principals, ["me", "you"]),
                (Some(told), [Problem::Certificate(why)]) => {
                    assert!(why.starts_with(told), "{why}")
                }
                (told, problems) => panic!("{told:?} {problems:?}"),
            }
        }
        let other = place.key("e", &["-t", "ed25519"]);
        fs::copy(place.path("a-cert.pub"), with_suffix(&other, "-cert.pub")).unwrap();
        assert_eq!(inspect(&other, 1024).problems, [Problem::Certificate("it certifies another key".into())]);
    }
}
