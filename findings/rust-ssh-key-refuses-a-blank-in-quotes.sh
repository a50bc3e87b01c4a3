#!/bin/sh
# Rust's ssh-key reads no authorized_keys line with a blank in its options: each command="..." of two words is "invalid".
#
# Expected: sshd(8): "No spaces are permitted, except within double quotes". command= is the option that is used most, and seldom without a
#   blank; the crate says that it parses "authorized_keys files".
# Seen: ssh-key 0.6.7 gives `character encoding invalid` for command="echo hi", for environment= with a blank and for a tab, `length invalid`
#   for two blanks. It reads restrict, from= with a list and a command of one word. A reader of a whole
#   file (AuthorizedKeys) gives the error in place of the line. OpenSSH 9.2p1 (Debian 1:9.2p1-2+deb12u10, `ssh-keygen -lf`) reads all.
# What goes wrong: a Rust tool that lists, cleans up or copies authorized_keys stops at, or leaves out, just the keys of backups and deployments,
#   whose job then ends in `Permission denied (publickey)`; "character encoding" sends one to look for an umlaut.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download openssh-client=1:9.2p1-2+deb12u10
dpkg -x ./openssh-client_*.deb root
./root/usr/bin/ssh-keygen -q -t ed25519 -N '' -C me -f key
mkdir src
cat > Cargo.toml <<'END'
[package]
name = "look"
version = "0.0.0"
edition = "2021"
[dependencies]
ssh-key = { version = "=0.6.7", features = ["ed25519", "std"] }
[workspace]
END
cat > src/main.rs <<'END'
fn main() {
    let entry = ssh_key::AuthorizedKeys::read_file("authorized_keys").map(|mut all| all.remove(0));
    match entry {
        Ok(entry) => println!("ssh-key reads it, options {:?}", entry.config_opts().to_string()),
        Err(error) => println!("ssh-key refuses it: {error}"),
    }
}
END
cargo build -q
type=$(cut -d' ' -f1 key.pub) text=$(cut -d' ' -f2 key.pub)
while read -r name options; do
    printf "$options" "$type" "$text" > authorized_keys
    own=$(./root/usr/bin/ssh-keygen -lf authorized_keys > listed && echo reads || echo refuses)
    echo "$name: ssh-keygen $own it; $(./target/debug/look)"
done > seen <<'END'
bare %s %s me\n
restrict restrict %s %s me\n
list from="10.0.0.1,10.0.0.2",no-pty %s %s me\n
one-word command="backup" %s %s me\n
two-words command="backup nightly" %s %s me\n
environment environment="NAME=A B" %s %s me\n
two-blanks %s  %s me\n
tab %s\t%s me\n
END
cat seen
cat > expected <<'END'
bare: ssh-keygen reads it; ssh-key reads it, options ""
restrict: ssh-keygen reads it; ssh-key reads it, options "restrict"
list: ssh-keygen reads it; ssh-key reads it, options "from=\"10.0.0.1,10.0.0.2\",no-pty"
one-word: ssh-keygen reads it; ssh-key reads it, options "command=\"backup\""
two-words: ssh-keygen reads it; ssh-key refuses it: character encoding invalid
environment: ssh-keygen reads it; ssh-key refuses it: character encoding invalid
two-blanks: ssh-keygen reads it; ssh-key refuses it: length invalid
tab: ssh-keygen reads it; ssh-key refuses it: character encoding invalid
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: a blank in quotes ends the options"
