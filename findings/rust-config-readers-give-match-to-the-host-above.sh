#!/bin/sh
# Two Rust readers of ssh_config give what follows a Match line to the Host block above it.
#
# Expected: ssh2-config says that Match is not supported, and its ALLOW_UNKNOWN_FIELDS passes over what it does not know; russh-config
#   names no limit. So the options of a `Match host other` block are lost: bad for `other`, harmless for everybody else.
# Seen: ssh2-config 0.9.0 (both ALLOW rules) and russh-config 0.58.0 pass over the Match *line* and keep reading: User and HostName
#   below it land in the last Host block. In ssh2-config and russh-config the last value of a block wins (ssh: the first), so they
#   even replace what the block says itself. For host `box` below, ssh connects to `box` as `git`; both crates go to
#   `elsewhere.example` as `root`. ssh2-config's STRICT rule refuses the file: `unknown field: Match`.
# What goes wrong: a tool on these crates knocks at another server, as another user; the refused key is right, the host is not.
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
ssh2-config = "=0.9.0"
russh-config = "=0.58.0"
[workspace]
END
cat > src/main.rs <<'END'
use ssh2_config::{ParseRule, SshConfig};

fn main() {
    let text = std::fs::read_to_string("config").unwrap();
    let lax = ParseRule::ALLOW_UNKNOWN_FIELDS | ParseRule::ALLOW_UNSUPPORTED_FIELDS;
    let found = SshConfig::default().parse(&mut text.as_bytes(), lax).unwrap().query("box");
    println!("ssh2-config {} {}", found.host_name.unwrap(), found.user.unwrap());
    let strict = SshConfig::default().parse(&mut text.as_bytes(), ParseRule::STRICT);
    println!("ssh2-config, strict: {}", strict.err().unwrap());
    let found = russh_config::parse(&text, "box").unwrap();
    println!("russh-config {} {}", found.host(), found.user());
}
END
printf 'Host box\n  User git\nMatch host other\n  HostName elsewhere.example\n  User root\n' > config
cat config
{
    ./root/usr/bin/ssh -T -F config -G box > all
    echo "ssh $(sed -n 's/^hostname //p' all) $(sed -n 's/^user //p' all)"
    cargo run -q
} > seen
cat seen
cat > expected <<'END'
ssh box git
ssh2-config elsewhere.example root
ssh2-config, strict: unknown field: Match
russh-config elsewhere.example root
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: the Match block went to host box"
