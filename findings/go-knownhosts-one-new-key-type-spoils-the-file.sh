#!/bin/sh
# One known_hosts line with a key type that Go does not know, for any host, and Go's knownhosts refuses the whole file.
#
# Expected: a line about another host does not matter; ssh passes over key types that it does not know, so that old and new clients
#   can share the file. Go's own ParseAuthorizedKey skips such lines in authorized_keys in silence.
# Seen: knownhosts.New of x/crypto 0.4.0 (Debian 1:0.4.0-1) gives `knownhosts: FILE:1: ssh: unknown key algorithm: ...` and no callback
#   at all. `ssh-keygen -F` of OpenSSH 9.2p1 (Debian 1:9.2p1-2+deb12u10), which does not know the type either, finds the host
#   on line 2; so do paramiko 5.1.0 and asyncssh 2.24.1.
# What goes wrong: a newer ssh on the same machine notes a server's post-quantum or XMSS key, and from then on rclone, packer, Terraform
#   providers and others fail before they connect, to every host, with the line number of a host that nobody asked for.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download openssh-client=1:9.2p1-2+deb12u10 golang-golang-x-crypto-dev=1:0.4.0-1 \
    golang-golang-x-sys-dev=0.3.0-1
for package in ./*.deb; do dpkg -x "$package" root; done
python3 -m venv python
./python/bin/pip -q --disable-pip-version-check install paramiko==5.1.0 asyncssh==2.24.1
./root/usr/bin/ssh-keygen -q -t ed25519 -N '' -f key
cat > make.py <<'END'
import base64
def text(value): return len(value).to_bytes(4, "big") + value
kind = b"ssh-mldsa44-ed25519@openssh.com"
print("other.example", kind.decode(), base64.b64encode(text(kind) + text(bytes(1344))).decode())
print("box.example", *open("key.pub").read().split()[:2])
END
python3 make.py > known
cat > read.py <<'END'
import asyncssh, paramiko
print("paramiko", "finds box.example" if paramiko.HostKeys("known").lookup("box.example") else "fails")
print("asyncssh", "finds box.example" if asyncssh.read_known_hosts("known").match("box.example", "", 22)[0] else "fails")
END
cat > read.go <<'END'
package main

import (
	"fmt"
	"os"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"
)

func main() {
	_, err := knownhosts.New("known")
	fmt.Println("Go knownhosts:", err)
	lines, _ := os.ReadFile("keys")
	key, _, _, _, err := ssh.ParseAuthorizedKey(lines)
	fmt.Println("Go ParseAuthorizedKey:", err, key.Type())
}
END
cut -d' ' -f2,3 known > keys
{
    ./root/usr/bin/ssh-keygen -F box.example -f known | head -n 1
    ./python/bin/python read.py
    GO111MODULE=off GOPATH=$PWD/root/usr/share/gocode GOCACHE=$PWD/cache go run read.go
} > seen
cat seen
cat > expected <<'END'
# Host box.example found: line 2 
paramiko finds box.example
asyncssh finds box.example
Go knownhosts: knownhosts: known:1: ssh: unknown key algorithm: ssh-mldsa44-ed25519@openssh.com
Go ParseAuthorizedKey: <nil> ssh-ed25519
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: Go alone refuses the file"
