#!/bin/sh
# The EC key of `openssl ecparam -genkey` is a key to ssh, and damaged or of a wrong type to paramiko, Go and npm's ssh2.
#
# Expected: what `openssl ecparam -name prime256v1 -genkey` prints is a SEC1 key (RFC 5915), which all of them read in PEM.
# Seen: openssl (Debian 12's) writes two PEM blocks, EC PARAMETERS before EC PRIVATE KEY. OpenSSH 9.2p1 (Debian 1:9.2p1-2+deb12u10) and
#   asyncssh 2.24.1 pass over the first. Go's x/crypto 0.4.0 (Debian 1:0.4.0-1) takes it for the key: `unsupported key type "EC
#   PARAMETERS"`; npm's ssh2 1.17.0 says `Unsupported key format`; paramiko 5.1.0 reads the first block as a key and says `Could not
#   deserialize key data`, perhaps encrypted, perhaps "explicit parameters", which it has not. The second block alone they all read.
# What goes wrong: the same file logs in with ssh and is refused by Fabric, Terraform, Drone or a Node deploy step as damaged or of a
#   wrong type, and its type is right; one makes a new key where deleting three lines would do.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download openssh-client=1:9.2p1-2+deb12u10 golang-golang-x-crypto-dev=1:0.4.0-1 \
    golang-golang-x-sys-dev
for package in ./*.deb; do dpkg -x "$package" root; done
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . ssh2@1.17.0 > npm.log 2>&1 || { cat npm.log; exit 1; }
python3 -m venv python
./python/bin/pip -q --disable-pip-version-check install paramiko==5.1.0 asyncssh==2.24.1
cat > read.go <<'END'
package main

import (
	"fmt"
	"os"

	"golang.org/x/crypto/ssh"
)

func main() {
	text, _ := os.ReadFile(os.Args[1])
	if _, err := ssh.ParsePrivateKey(text); err != nil {
		fmt.Println("Go:", err)
	} else {
		fmt.Println("Go reads it")
	}
}
END
cat > read.py <<'END'
import sys
import asyncssh, paramiko
asyncssh.read_private_key(sys.argv[1])
print("asyncssh reads it")
try:
    paramiko.ECDSAKey.from_private_key_file(sys.argv[1])
    print("paramiko reads it")
except paramiko.SSHException as error:
    print("paramiko:", str(error).split(".")[0])
END
cat > read.js <<'END'
const key = require('ssh2').utils.parseKey(require('fs').readFileSync(process.argv[2]))
console.log(key instanceof Error ? `ssh2: ${key.message}` : 'ssh2 reads it')
END
GO111MODULE=off GOFLAGS='' GOPATH="$folder/root/usr/share/gocode" GOCACHE="$folder/cache" go build -o read read.go
openssl ecparam -name prime256v1 -genkey -out as-printed
sed '/^-----BEGIN EC PARAMETERS/,/^-----END EC PARAMETERS/d' as-printed > second-block
chmod 600 as-printed second-block
for file in as-printed second-block; do
    echo "$file: $(grep -c BEGIN $file) of PEM"
    ./root/usr/bin/ssh-keygen -y -P '' -f $file > public && echo "ssh-keygen reads it"
    ./python/bin/python read.py $file
    ./read $file
    node read.js $file
done > seen
cat seen
cat > expected <<'END'
as-printed: 2 of PEM
ssh-keygen reads it
asyncssh reads it
paramiko: Could not deserialize key data
Go: ssh: unsupported key type "EC PARAMETERS"
ssh2: Unsupported key format
second-block: 1 of PEM
ssh-keygen reads it
asyncssh reads it
paramiko reads it
Go reads it
ssh2 reads it
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: the first of two blocks is taken for the key"
