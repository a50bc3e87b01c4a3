#!/bin/sh
# Rust's ssh-key refuses the certificate that ssh-keygen -s makes by itself: it is good for ever, which the crate takes for no time.
#
# Expected: a certificate made without -V is the plain case; `ssh-keygen -L` shows `Valid: forever`, and a reader gives its dates.
# Seen: OpenSSH 9.2p1 (Debian 1:9.2p1-2+deb12u10) writes 2^64-1 for "no end" (PROTOCOL.certkeys). ssh-key 0.6.7 holds times below 2^63:
#   `Certificate::from_openssh` gives `invalid time` and nothing else of the certificate. One with an end is read, also one without a
#   beginning.
# What goes wrong: a Rust tool drops, or reports as damaged, just the certificates that nobody gave an end, while ssh logs in with them.
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
ssh-key = { version = "=0.6.7", features = ["ed25519"] }
[workspace]
END
cat > src/main.rs <<'END'
fn main() {
    let text = std::fs::read_to_string("key-cert.pub").unwrap();
    match ssh_key::Certificate::from_openssh(&text) {
        Ok(found) => println!("reads it: {} to {}", found.valid_after(), found.valid_before()),
        Err(error) => println!("refuses it: {error}"),
    }
}
END
cargo build -q
keygen=./root/usr/bin/ssh-keygen
$keygen -q -t ed25519 -N '' -f authority
$keygen -q -t ed25519 -N '' -f key
for times in none 20200101Z:20400101Z always:20400101Z 20200101Z:forever; do
    [ $times = none ] && set -- || set -- -V $times
    TZ=UTC $keygen -q -s authority -I name -n dev "$@" key.pub
    echo "-V $times: $(TZ=UTC $keygen -L -f key-cert.pub | sed -n 's/^ *Valid/Valid/p'); ssh-key $(./target/debug/look)"
done > seen
cat seen
cat > expected <<'END'
-V none: Valid: forever; ssh-key refuses it: invalid time
-V 20200101Z:20400101Z: Valid: from 2020-01-01T00:00:00 to 2040-01-01T00:00:00; ssh-key reads it: 1577836800 to 2208988800
-V always:20400101Z: Valid: before 2040-01-01T00:00:00; ssh-key reads it: 0 to 2208988800
-V 20200101Z:forever: Valid: after 2020-01-01T00:00:00; ssh-key refuses it: invalid time
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: for ever is no time"
