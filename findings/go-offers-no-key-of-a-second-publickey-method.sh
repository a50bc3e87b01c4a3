#!/bin/sh
# Go's x/crypto/ssh tries the first of several PublicKeys methods alone; with an empty agent in front, the key file is never offered.
#
# Expected: ClientConfig.Auth is a list of methods to try in turn: first the agent's keys, then those of a file, then a password, as ssh does.
#   Nothing objects to ssh.PublicKeys standing there twice.
# Seen: with golang.org/x/crypto 0.4.0 (Debian 1:0.4.0-1) the second method of the name publickey is passed over, also where the first had
#   not one key to offer. The error is the same in both cases, `attempted methods [none publickey], no supported methods remain`. All signers
#   in one ssh.PublicKeys are offered. The comment at the field Auth has a sentence on it; no error and no go vet do. The server here
#   (asyncssh 2.24.1 on loopback) writes down each offer.
# What goes wrong: a tool with `-i` works on the machine of its author, who has no agent and so only one method, and fails with "publickey
#   attempted" where an agent runs, even an empty one; the server's log has no trace of the key that was named.
set -eu
folder=$(mktemp -d)
server=
trap 'test -z "$server" || kill "$server" || true; rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download openssh-client=1:9.2p1-2+deb12u10 golang-golang-x-crypto-dev=1:0.4.0-1 \
    golang-golang-x-sys-dev=0.3.0-1
for package in ./*.deb; do dpkg -x "$package" root; done
python3 -m venv python
./python/bin/pip -q --disable-pip-version-check install asyncssh==2.24.1
for name in host agent file; do ./root/usr/bin/ssh-keygen -q -t ed25519 -N '' -C $name -f $name; done
cat > server.py <<'END'
import asyncio, asyncssh, os
names = {asyncssh.read_public_key(name + ".pub").get_fingerprint(): name for name in ("agent", "file")}
class Server(asyncssh.SSHServer):
    def begin_auth(self, username):
        return True
    def public_key_auth_supported(self):
        return True
    def validate_public_key(self, username, key):
        name = names[key.get_fingerprint()]
        print(f"    {username}: offers {name}'s key", flush=True)
        return name == "file"
async def main():
    server = await asyncssh.create_server(Server, "127.0.0.1", 0, server_host_keys=["host"])
    open("port.part", "w").write(str(server.sockets[0].getsockname()[1]))
    os.rename("port.part", "port")
    await asyncio.sleep(60)
asyncio.run(main())
END
cat > login.go <<'END'
package main

import (
	"fmt"
	"os"

	"golang.org/x/crypto/ssh"
)

func key(path string) ssh.Signer {
	text, err := os.ReadFile(path)
	if err != nil {
		panic(err)
	}
	signer, err := ssh.ParsePrivateKey(text)
	if err != nil {
		panic(err)
	}
	return signer
}

func main() {
	for _, way := range []struct {
		name string
		auth []ssh.AuthMethod
	}{
		{"agent-then-file", []ssh.AuthMethod{ssh.PublicKeys(key("agent")), ssh.PublicKeys(key("file"))}},
		{"empty-agent-then-file", []ssh.AuthMethod{ssh.PublicKeys(), ssh.PublicKeys(key("file"))}},
		{"both-in-one", []ssh.AuthMethod{ssh.PublicKeys(key("agent"), key("file"))}},
	} {
		config := ssh.ClientConfig{User: way.name, Auth: way.auth, HostKeyCallback: ssh.InsecureIgnoreHostKey()}
		_, err := ssh.Dial("tcp", "127.0.0.1:"+os.Args[1], &config)
		fmt.Printf("%s: %v\n", way.name, err)
	}
}
END
GO111MODULE=off GOFLAGS='' GOPATH="$folder/root/usr/share/gocode" GOCACHE="$folder/cache" go build -o login login.go
./python/bin/python server.py > offers 2> errors &
server=$!
for turn in 1 2 3 4 5 6 7 8 9 10; do test -s port || sleep 1; done
timeout 30 ./login "$(cat port)" > seen
uniq offers >> seen
cat seen
cat > expected <<'END'
agent-then-file: ssh: handshake failed: ssh: unable to authenticate, attempted methods [none publickey], no supported methods remain
empty-agent-then-file: ssh: handshake failed: ssh: unable to authenticate, attempted methods [none publickey], no supported methods remain
both-in-one: <nil>
    agent-then-file: offers agent's key
    both-in-one: offers agent's key
    both-in-one: offers file's key
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: one method of a name, the first"
