#!/bin/sh
# russh-config loses every line with a tab or `=` between keyword and value, and refuses a file that begins with an option.
#
# Expected: ssh_config(5): keyword and value "may be separated by whitespace or optional whitespace and exactly one `='"; options before
#   the first Host apply to all hosts. A reader that does not understand a line says so.
# Seen: russh-config 0.58.0 splits at the first blank alone. `User<tab>git`, `Port=2222` and `IdentityFile<tab>KEY` vanish without a
#   word (what is left is the local user, port 22, no key), `User = git` makes the user `= git`. With one option above the first
#   Host the whole file is `Host not found`, for every host, also one that has a block of its own.
#   OpenSSH 9.2p1 (Debian 1:9.2p1-2+deb12u10) reads all of it.
# What goes wrong: a config indented with tabs, or with `AddKeysToAgent yes` on top, "has no entry" for the host: wrong user, no key, a
#   plain refusal. The error's name sends one to DNS or to the spelling of the host.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download openssh-client=1:9.2p1-2+deb12u10
dpkg -x ./openssh-client_*.deb root
mkdir src
cat > Cargo.toml <<'END'
[package]
name = "look"
version = "0.0.0"
edition = "2021"
[dependencies]
russh-config = "=0.58.0"
[workspace]
END
cat > src/main.rs <<'END'
fn main() {
    for path in std::env::args().skip(1) {
        match russh_config::parse(&std::fs::read_to_string(&path).unwrap(), "box") {
            Ok(found) => println!("{path}: russh-config {:?} {}", found.host_config.user, found.port()),
            Err(error) => println!("{path}: russh-config {error:?}: {error}"),
        }
    }
}
END
printf 'Host box\n  User git\n  Port 2222\n' > blanks
printf 'Host box\n\tUser\tgit\n\tPort\t2222\n' > tabs
printf 'Host box\n  User=git\n  Port=2222\n' > equals
printf 'Host box\n  User = git\n  Port = 2222\n' > wide-equals
printf 'AddKeysToAgent yes\nHost box\n  User git\n  Port 2222\n' > option-first
files='blanks tabs equals wide-equals option-first'
for file in $files; do
    ./root/usr/bin/ssh -T -F $file -G box > all
    echo "$file: ssh $(sed -n 's/^user //p' all) $(sed -n 's/^port //p' all)"
done > seen
cargo run -q -- $files >> seen
cat seen
cat > expected <<'END'
blanks: ssh git 2222
tabs: ssh git 2222
equals: ssh git 2222
wide-equals: ssh git 2222
option-first: ssh git 2222
blanks: russh-config Some("git") 2222
tabs: russh-config None 22
equals: russh-config None 22
wide-equals: russh-config Some("= git") 22
option-first: russh-config HostNotFound: Host not found
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: only single blanks are read"
