#!/bin/sh
# Rust's ssh-key reads a private key only as ssh-keygen wraps it: those that puttygen, Python or Node write are "invalid".
#
# Expected: a file that begins with BEGIN OPENSSH PRIVATE KEY is read whatever the width of its lines, as ssh does. RFC 7468, after which
#   such files are made, has lines of 64; a blank line after the last is nothing.
# Seen: ssh-key 0.6.7 wants each line but the last 70 wide, which is ssh-keygen's own habit (OpenSSH 9.2p1, Debian 1:9.2p1-2+deb12u10).
#   puttygen 0.78 (Debian 0.78-2+deb12u2), Python's cryptography 50.0.2 and npm's ssh2 1.17.0 wrap at 64: `invalid Base64 encoding`. A
#   blank line or a comment after the last line is `pre-encapsulation boundary`. ssh-keygen -y reads all of them.
# What goes wrong: a key converted by puttygen, made by an Ansible module or by a Node program, or kept as a secret with one line end
#   too many, logs in with ssh and is no key at all to a Rust tool, which says "invalid" of a file that is whole.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download openssh-client=1:9.2p1-2+deb12u10 putty-tools=0.78-2+deb12u2
for package in ./*.deb; do dpkg -x "$package" root; done
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . ssh2@1.17.0 > npm.log 2>&1 || { cat npm.log; exit 1; }
python3 -m venv python
./python/bin/pip -q --disable-pip-version-check install cryptography==50.0.2
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
    let text = std::fs::read_to_string(std::env::args().nth(1).unwrap()).unwrap();
    match ssh_key::PrivateKey::from_openssh(&text) {
        Ok(_) => println!("reads it"),
        Err(error) => println!("refuses it: {error}"),
    }
}
END
cargo build -q
cat > write.py <<'END'
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
key = Ed25519PrivateKey.generate()
open("python-key", "wb").write(key.private_bytes(form.Encoding.PEM, form.PrivateFormat.OpenSSH, form.NoEncryption()))
END
./root/usr/bin/ssh-keygen -q -t ed25519 -N '' -f ssh-keygen
: > nothing
./root/usr/bin/puttygen -q -t ed25519 --new-passphrase nothing -O private-openssh -o puttygen
./python/bin/python write.py
node -e "require('fs').writeFileSync('node-key', require('ssh2').utils.generateKeyPairSync('ed25519').private)"
{ cat ssh-keygen; echo; } > with-a-blank-line-after
chmod 600 ssh-keygen puttygen python-key node-key with-a-blank-line-after
for file in ssh-keygen puttygen python-key node-key with-a-blank-line-after; do
    ./root/usr/bin/ssh-keygen -y -P '' -f $file > public && own="ssh-keygen reads it"
    echo "$file, $(sed -n 2p $file | tr -d '\n' | wc -c) wide: $own; ssh-key $(./target/debug/look $file)"
done > seen
cat seen
cat > expected <<'END'
ssh-keygen, 70 wide: ssh-keygen reads it; ssh-key reads it
puttygen, 64 wide: ssh-keygen reads it; ssh-key refuses it: PEM Base64 error: invalid Base64 encoding
python-key, 64 wide: ssh-keygen reads it; ssh-key refuses it: PEM Base64 error: invalid Base64 encoding
node-key, 64 wide: ssh-keygen reads it; ssh-key refuses it: PEM Base64 error: invalid Base64 encoding
with-a-blank-line-after, 70 wide: ssh-keygen reads it; ssh-key refuses it: PEM error in pre-encapsulation boundary
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: ssh-keygen's own width, or none"
