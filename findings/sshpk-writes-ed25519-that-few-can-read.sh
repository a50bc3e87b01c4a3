#!/bin/sh
# npm's sshpk turns an Ed25519 key into PKCS#8 that Node itself and Python's cryptography refuse, and into PEM that nobody reads.
#
# Expected: `key.toString('pkcs8')` gives a PKCS#8 file (RFC 8410) as other programs write it; 'pem' gives what a
#   reader of PEM takes, or is refused for a type that has no traditional PEM form.
# Seen: sshpk 1.18.0 writes PKCS#8 with the public key in it (RFC 5958's version 2, which RFC 8410 allows): asyncssh 2.24.1 and sshpk
#   read it, node's own crypto (20, OpenSSL 3) and cryptography 50.0.2 do not, while all four read the PKCS#8 that node writes.
#   'pem' gives `-----BEGIN EdDSA PRIVATE KEY-----`, a label that only sshpk knows. toString('openssh') is read by ssh-keygen
#   (OpenSSH 9.2p1, Debian 1:9.2p1-2+deb12u10; that version reads no Ed25519 key in PKCS#8 at all) and by ssh2 1.17.0.
# What goes wrong: a good key "is damaged" or "has a wrong passphrase" in the next program, after a conversion that reported success
#   and that sshpk itself reads back.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download openssh-client=1:9.2p1-2+deb12u10
dpkg -x ./openssh-client_*.deb root
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . sshpk@1.18.0 ssh2@1.17.0 > npm.log 2>&1 || { cat npm.log; exit 1; }
python3 -m venv python
./python/bin/pip -q --disable-pip-version-check install cryptography==50.0.2 asyncssh==2.24.1
./root/usr/bin/ssh-keygen -q -t ed25519 -N '' -f ed25519
cat > write.js <<'END'
const fs = require('fs'), crypto = require('crypto'), sshpk = require('sshpk'), ssh2 = require('ssh2')
const nodes = crypto.generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' })
for (const type of ['ed25519']) {
  for (const format of ['pkcs8', 'pem', 'openssh', 'by-node']) {
    const path = `${type}.${format}`
    const key = format === 'by-node' ? nodes : sshpk.parsePrivateKey(fs.readFileSync(type), 'auto').toString(format)
    fs.writeFileSync(path, key, { mode: 0o600 })
    const text = fs.readFileSync(path, 'utf8')
    const reads = (name, read) => { try { return read() instanceof Error ? '' : name } catch { return '' } }
    fs.writeFileSync(path + '.node', [
      reads('sshpk', () => sshpk.parsePrivateKey(text, 'auto')),
      reads('node', () => crypto.createPrivateKey(text)),
      reads('ssh2', () => ssh2.utils.parseKey(text)),
    ].filter(Boolean).join(' '))
  }
}
END
cat > read.py <<'END'
import sys
import asyncssh
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_ssh_private_key
text = open(sys.argv[1], "rb").read()
load = load_ssh_private_key if b"BEGIN OPENSSH" in text else load_pem_private_key
for name, read in (("cryptography", lambda: load(text, None)), ("asyncssh", lambda: asyncssh.import_private_key(text))):
    try:
        read()
        print(name)
    except ValueError:
        pass
END
node write.js
for file in ed25519.pkcs8 ed25519.pem ed25519.openssh ed25519.by-node; do
    ssh=$(./root/usr/bin/ssh-keygen -y -P '' -f $file > public 2>&1 && echo ssh || true)
    echo "$file ($(head -n 1 $file | tr -d -)):" $(cat $file.node; echo; ./python/bin/python read.py $file) $ssh
done > seen
cat seen
cat > expected <<'END'
ed25519.pkcs8 (BEGIN PRIVATE KEY): sshpk asyncssh
ed25519.pem (BEGIN EdDSA PRIVATE KEY): sshpk
ed25519.openssh (BEGIN OPENSSH PRIVATE KEY): sshpk ssh2 cryptography asyncssh ssh
ed25519.by-node (BEGIN PRIVATE KEY): sshpk node cryptography asyncssh
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: of sshpk's Ed25519 files only the OpenSSH one travels"
