//! Programs called `ssh` that stand first in PATH.

use std::fs;
use std::path::{Path, PathBuf};

use super::Stage;
use super::needs::program;
use super::process::write_program;

/// What is odd about an ssh.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Oddity {
    /// It never does anything.
    Hangs,
    /// OpenSSH 6.6: there is no `-G`, and options made later end it.
    Old,
    /// It leaves a process behind that no process group and no session holds.
    Litters,
}

/// Options that came after OpenSSH 6.6.
const NEW_OPTIONS: &str = "addkeystoagent|certificatefile|channeltimeout|fingerprinthash|forkafterauthentication|\
    hostbasedacceptedalgorithms|identityagent|include|knownhostscommand|logverbose|obscurekeystroketiming|\
    proxyjump|pubkeyacceptedalgorithms|pubkeyacceptedkeytypes|remotecommand|requiredrsasize|revokedhostkeys|\
    securitykeyprovider|sessiontype|setenv|stdinnull|syslogfacility|updatehostkeys";

/// A folder with such an ssh.
#[derive(Debug)]
pub(crate) struct FakeSsh;

impl FakeSsh {
    /// Returns the folder, to be put in front of PATH.
    pub(crate) fn write(stage: &Stage, oddity: Oddity) -> PathBuf {
        let script = match oddity {
            Oddity::Hangs => "#!/bin/sh\nexec sleep 600\n".to_owned(),
            Oddity::Litters => LITTERER.replace("REAL", &real()),
            Oddity::Old => OLD.replace("REAL", &real()).replace("NEW_OPTIONS", &NEW_OPTIONS.replace(' ', "")),
        };
        folder(stage, &script)
    }

    /// A folder with an ssh that adds to a file, a line each, what it is asked and does not log in for.
    pub(crate) fn noting(stage: &Stage, file: &Path) -> PathBuf {
        let script = "#!/bin/sh\nfor word; do\n    case $word in -G | -V) echo \"$word\" >>'FILE' ;; esac\ndone\nexec REAL \"$@\"\n";
        folder(stage, &script.replace("FILE", &file.display().to_string()).replace("REAL", &real()))
    }

    /// A folder with an ssh that never tells what applies to a command in which these words stand, and does all else.
    pub(crate) fn hanging_at(stage: &Stage, words: &str) -> PathBuf {
        let script = "#!/bin/sh\ncase \" $* \" in *' -G '*'WORDS'*) exec sleep 600 ;; esac\nexec REAL \"$@\"\n";
        folder(stage, &script.replace("WORDS", words).replace("REAL", &real()))
    }

    /// A folder with an ssh that runs a suggested command as it stands, without a terminal, a question, or a
    /// host key remembered; it runs `exit 0` where no remote command is given, and logs to `$FOLLOW_LOG`.
    pub(super) fn follower(stage: &Stage, config: Option<&Path>) -> PathBuf {
        let config = config.map(|file| format!("-F '{}'", file.display())).unwrap_or_default();
        folder(stage, &FOLLOWER.replace("REAL", &real()).replace("CONFIG", &config))
    }
}

fn real() -> String {
    program("ssh").to_str().unwrap().to_owned()
}

fn folder(stage: &Stage, script: &str) -> PathBuf {
    let folder = stage.new_path("bin");
    fs::create_dir(&folder).unwrap();
    write_program(&folder.join("ssh"), script);
    folder
}

const LITTERER: &str = r#"#!/bin/sh
setsid sleep 60 </dev/null >/dev/null 2>&1 &
exec REAL "$@"
"#;

const OLD: &str = r#"#!/bin/sh
illegal() {
    echo "ssh: illegal option -- $1" >&2
    echo "usage: ssh [-1246AaCfgKkMNnqsTtVvXxYy] [-b bind_address] [-c cipher_spec]" >&2
    exit 255
}
lower() { echo "$1" | tr A-Z a-z; }
ignored=,
option() {
    name=$(lower "${1%%[= ]*}")
    [ "$name" != ignoreunknown ] || ignored=$ignored$(lower "${1#*[= ]}"),
    case $ignored in *,"$name",*) return ;; esac
    if echo "$name" | grep -Eqx 'NEW_OPTIONS'; then
        echo "command-line: line 0: Bad configuration option: $name" >&2
        exit 255
    fi
}
expected=
destination=
for word; do
    case $expected in
    o) option "$word"; expected=; continue ;;
    ?) expected=; continue ;;
    esac
    case $word in
    -o) expected=o ;;
    -o*) option "${word#-o}" ;;
    -J*) illegal J ;;
    -[bcDEeFIiLlmOpQRSWw]) expected=x ;;
    -[bcDEeFIiLlmOpQRSWw]*) ;;
    -*V*) echo "OpenSSH_6.6.1p1 Ubuntu-2ubuntu2.13, OpenSSL 1.0.1f 6 Jan 2014" >&2; exit 0 ;;
    -*G*) illegal G ;;
    -*) ;;
    *) [ -z "$destination" ] || break; destination=$word ;;
    esac
done
exec REAL "$@"
"#;

const FOLLOWER: &str = r#"#!/bin/sh
has_command() {
    destination=
    while [ $# -gt 0 ]; do
        case $1 in
        --) shift; [ -n "$destination" ] || shift; break ;;
        -[BbcDEeFIiJLlmOoPpQRSWw]) shift 2 ;;
        -?*) shift ;;
        *) [ -z "$destination" ] || break; destination=$1; shift ;;
        esac
    done
    [ $# -gt 0 ]
}
has_command "$@" || set -- "$@" exit 0
exec REAL -v -E "$FOLLOW_LOG" CONFIG -o BatchMode=yes -o ConnectTimeout=5 \
    -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null "$@"
"#;
