#!/bin/sh
# russh calls a host's key changed if one of two lines is of another key, whichever stands first, and misses lines that ssh reads.
#
# Expected: several keys for one host are allowed, and one that fits is enough (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT); or the first line
#   counts, as for paramiko, so that the order decides. Names in known_hosts have no case.
# Seen: russh 0.65.1 gives `The server key changed at line 2` after line 1 did fit, and `... line 1` in the other order. A line with a capital
#   letter in its name, a pattern, an indent or a tab is passed over (the host is unknown); two blanks before the key, or a key type that it
#   does not know, in a line of that host, is an error of decoding. OpenSSH 9.2p1 (Debian 1:9.2p1-2+deb12u10, `ssh-keygen -F`) finds the
#   key in each of these files.
# What goes wrong: a box made anew, a pool behind one name or a file that was edited by hand works in ssh, and is a changed, an unknown or a
#   broken key in a Rust program, which names a line that is right in itself.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download openssh-client=1:9.2p1-2+deb12u10
dpkg -x ./openssh-client_*.deb root
for name in key other; do ./root/usr/bin/ssh-keygen -q -t ed25519 -N '' -C '' -f $name; done
mkdir src
cat > Cargo.toml <<'END'
[package]
name = "look"
version = "0.0.0"
edition = "2021"
[dependencies]
russh = { version = "=0.65.1", default-features = false, features = ["ring"] }
[profile.dev]
debug = 0
[workspace]
END
cat > src/main.rs <<'END'
use russh::keys::{known_hosts::check_known_hosts_path, parse_public_key_base64};
fn main() {
    let key = parse_public_key_base64(&std::env::args().nth(1).unwrap()).unwrap();
    match check_known_hosts_path("box.example", 22, &key, "known") {
        Ok(true) => println!("knows it"),
        Ok(false) => println!("does not know it"),
        Err(error) => println!("{error}"),
    }
}
END
cargo build -q
type=$(cut -d' ' -f1 key.pub) key=$(cut -d' ' -f2 key.pub) other=$(cut -d' ' -f2 other.pub)
try() {
    printf "$2" > known
    own=$(./root/usr/bin/ssh-keygen -F box.example -f known | grep -qF "$key" && echo finds it || echo does not find it)
    echo "$1: ssh-keygen $own; russh: $(./target/debug/look "$key")"
}
{
    try 'one line' "box.example $type $key\n"
    try 'the right one first' "box.example $type $key\nbox.example $type $other\n"
    try 'the right one last' "box.example $type $other\nbox.example $type $key\n"
    try 'a capital' "Box.example $type $key\n"
    try 'a pattern' "*.example $type $key\n"
    try 'an indent' " box.example $type $key\n"
    try 'a tab' "box.example\t$type $key\n"
    try 'two blanks' "box.example $type  $key\n"
    try 'a new type' "box.example ssh-new AAAAB3NzaC1uZXc=\nbox.example $type $key\n"
} > seen
cat seen
cat > expected <<'END'
one line: ssh-keygen finds it; russh: knows it
the right one first: ssh-keygen finds it; russh: The server key changed at line 2
the right one last: ssh-keygen finds it; russh: The server key changed at line 1
a capital: ssh-keygen finds it; russh: does not know it
a pattern: ssh-keygen finds it; russh: does not know it
an indent: ssh-keygen finds it; russh: does not know it
a tab: ssh-keygen finds it; russh: does not know it
two blanks: ssh-keygen finds it; russh: SshKey: length invalid
a new type: ssh-keygen finds it; russh: SshKey: invalid label: 'ssh-new'
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: one line that does not fit, and the host has changed"
