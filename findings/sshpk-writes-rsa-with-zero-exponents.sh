#!/bin/sh
# sshpk turns every OpenSSH RSA key into a PEM file with two numbers set to zero: ssh takes it, Python calls it invalid.
#
# Expected: a key that ssh-keygen and Node read after a conversion is a whole key; what an OpenSSH key file lacks (RFC 8017's exponent1
#   and exponent2) is computed, as ssh-keygen and asyncssh do.
# Seen: sshpk 1.18.0 on node 20 writes both exponents as 0, in 'pem' and 'pkcs8'. ssh-keygen -y (OpenSSH 9.2p1, Debian
#   1:9.2p1-2+deb12u10) and node's crypto take the file, and signatures made with it are good; cryptography 50.0.2 says `Invalid private
#   key`, asyncssh 2.24.1 `dmp1 must be odd.`. `ssh-keygen -p -m PEM` on the same key gives a file that all of them read.
# What goes wrong: the converted key logs in with ssh and is "invalid" for Ansible modules or an asyncssh program on the same machine; as
#   ssh accepts the file, the file is the last thing one suspects.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download openssh-client=1:9.2p1-2+deb12u10
dpkg -x ./openssh-client_*.deb root
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . sshpk@1.18.0 jsbn@0.1.1 > npm.log 2>&1 || { cat npm.log; exit 1; }
python3 -m venv python
./python/bin/pip -q --disable-pip-version-check install cryptography==50.0.2 asyncssh==2.24.1
./root/usr/bin/ssh-keygen -q -t rsa -b 2048 -N '' -f key
cp key by-ssh-keygen
./root/usr/bin/ssh-keygen -q -p -m PEM -P '' -N '' -f by-ssh-keygen > /dev/null
cat > write.js <<'END'
const fs = require('fs'), sshpk = require('sshpk')
fs.writeFileSync('by-sshpk', sshpk.parsePrivateKey(fs.readFileSync('key'), 'auto').toString('pem'), { mode: 0o600 })
END
cat > read.js <<'END'
const fs = require('fs'), crypto = require('crypto')
const path = process.argv[2]
const key = crypto.createPrivateKey(fs.readFileSync(path))
const good = crypto.verify('sha256', Buffer.from('x'), crypto.createPublicKey(key), crypto.sign('sha256', Buffer.from('x'), key))
const zero = (name) => key.export({ format: 'jwk' })[name].replace(/A/g, '') === ''
console.log(`${path}: exponents ${zero('dp') && zero('dq') ? 'zero' : 'set'}; node ${good ? 'signs well' : 'signs badly'}`)
END
cat > read.py <<'END'
import sys
import asyncssh
from cryptography.hazmat.primitives.serialization import load_pem_private_key
path = sys.argv[1]
text = open(path, "rb").read()
for name, read in (("cryptography", lambda: load_pem_private_key(text, None)), ("asyncssh", lambda: asyncssh.import_private_key(text))):
    try:
        read()
        print(f"{path}: {name} reads it")
    except ValueError as error:
        print(f"{path}: {name} refuses it: {error}")
END
node write.js
for file in by-ssh-keygen by-sshpk; do
    node read.js $file
    ./root/usr/bin/ssh-keygen -y -P '' -f $file > $file.pub && echo "$file: ssh-keygen reads it"
    ./root/usr/bin/ssh-keygen -Y sign -f $file -n test < $file.pub > signature 2> said
    ./root/usr/bin/ssh-keygen -Y check-novalidate -n test -s signature < $file.pub > said && echo "$file: ssh-keygen signs well"
    ./python/bin/python read.py $file
done > seen
cat seen
cat > expected <<'END'
by-ssh-keygen: exponents set; node signs well
by-ssh-keygen: ssh-keygen reads it
by-ssh-keygen: ssh-keygen signs well
by-ssh-keygen: cryptography reads it
by-ssh-keygen: asyncssh reads it
by-sshpk: exponents zero; node signs well
by-sshpk: ssh-keygen reads it
by-sshpk: ssh-keygen signs well
by-sshpk: cryptography refuses it: Invalid private key
by-sshpk: asyncssh refuses it: dmp1 must be odd.
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: two zeros that only Python minds"
