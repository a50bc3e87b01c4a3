#!/bin/sh
# sshpk turns every second ECDSA key from ssh-keygen into a PEM file that Python's cryptography refuses, as "too short".
#
# Expected: a conversion works for a type of key or does not; one key that came through speaks for all of its type. RFC 5915 fixes the
#   length of the private value: 32 bytes for P-256.
# Seen: sshpk 1.18.0 copies the private value with the leading zero byte that ssh's number format puts before a value whose first bit
#   is set: 33 bytes for half of all keys, in 'pem' and 'pkcs8' alike. cryptography 50.0.2 refuses exactly these: `private key value
#   is too short` (it is too long). node 20 and ssh-keygen (OpenSSH 9.2p1, Debian 1:9.2p1-2+deb12u10) read all of them.
# What goes wrong: the same deploy step works for one key and calls the next one, made by the same command, damaged; the wording sends
#   one to a cut file or a wrong curve.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download openssh-client=1:9.2p1-2+deb12u10
dpkg -x ./openssh-client_*.deb root
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . sshpk@1.18.0 > npm.log 2>&1 || { cat npm.log; exit 1; }
python3 -m venv python
./python/bin/pip -q --disable-pip-version-check install cryptography==50.0.2
mkdir keys
for number in $(seq 20); do ./root/usr/bin/ssh-keygen -q -t ecdsa -b 256 -N '' -f keys/$number; done
cat > write.js <<'END'
const fs = require('fs'), crypto = require('crypto'), sshpk = require('sshpk')
for (let number = 1; number <= 20; number++) {
  const key = sshpk.parsePrivateKey(fs.readFileSync(`keys/${number}`), 'auto')
  fs.writeFileSync(`keys/${number}.pem`, key.toString('pem'), { mode: 0o600 })
  crypto.createPrivateKey(key.toString('pem'))
}
END
cat > read.py <<'END'
import base64, collections, subprocess
from cryptography.hazmat.primitives.serialization import load_pem_private_key
seen = collections.Counter()
for number in range(1, 21):
    path = f"keys/{number}.pem"
    text = open(path).read()
    der = base64.b64decode("".join(text.splitlines()[1:-1]))
    length = der[der.index(b"\x02\x01\x01\x04") + 4]
    by_ssh = subprocess.run(["./root/usr/bin/ssh-keygen", "-y", "-P", "", "-f", path], capture_output=True).returncode == 0
    try:
        load_pem_private_key(text.encode(), None)
        answer = "reads it"
    except ValueError as error:
        answer = "refuses: " + str(error).split(". ")[0]
    seen[f"private value of {length} bytes: ssh-keygen {'reads' if by_ssh else 'refuses'} it, cryptography {answer}"] += 1
for line, count in sorted(seen.items()):
    print(line)
    print(count, "of 20 keys")
END
node write.js
./python/bin/python read.py | tee counted | grep private > seen
cat counted
cat > expected <<'END'
private value of 32 bytes: ssh-keygen reads it, cryptography reads it
private value of 33 bytes: ssh-keygen reads it, cryptography refuses: EC private key is not encoded properly: private key value is too short
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: about every second key"
