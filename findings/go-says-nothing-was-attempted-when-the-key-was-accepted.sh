#!/bin/sh
# Go's x/crypto/ssh leaves publickey out of the methods that it says it attempted, where the server accepted the key.
#
# Expected: "attempted methods [none publickey]" wherever a key was put to the server; "[none]" where there was none to try.
# Seen: with golang.org/x/crypto 0.4.0 (Debian 1:0.4.0-1) a key that the server accepts as the first of two factors ends in "attempted methods [none], no
#   supported methods remain". A key that it refuses ends in "[none publickey]". The server here (paramiko 3.5.1 on loopback) wants
#   publickey and then a password, and writes down each key that it is asked about.
# What goes wrong: terraform, packer, rclone and drone pass the sentence on. "[none]" reads as if no key had been loaded, so people
#   look for the file and its path, when the key was right and a password or a code was still wanted.
set -eu
folder=$(mktemp -d)
server=
trap 'test -z "$server" || kill "$server"; rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download golang-golang-x-crypto-dev=1:0.4.0-1 golang-golang-x-sys-dev=0.3.0-1
for package in ./*.deb; do dpkg -x "$package" root; done
python3 -m venv python
./python/bin/pip -q --disable-pip-version-check install paramiko==3.5.1
for name in host right wrong; do ssh-keygen -q -t ed25519 -N '' -C $name -f $name; done
cat > server.py <<'END'
import paramiko, socket, threading, time
right = open("right.pub").read().split()[1]
class Both(paramiko.ServerInterface):
    left = "publickey"
    def get_allowed_auths(self, user):
        return self.left
    def check_auth_publickey(self, user, key):
        print("asked about the", "right" if key.get_base64() == right else "wrong", "key", flush=True)
        if key.get_base64() != right:
            return paramiko.AUTH_FAILED
        self.left = "password"
        return paramiko.AUTH_PARTIALLY_SUCCESSFUL
listener = socket.create_server(("127.0.0.1", 0))
open("port", "w").write(str(listener.getsockname()[1]))
kept = []
while True:
    transport = paramiko.Transport(listener.accept()[0])
    transport.add_server_key(paramiko.Ed25519Key(filename="host"))
    transport.start_server(event=threading.Event(), server=Both())
    kept.append(transport)
END
cat > login.go <<'END'
package main

import (
	"fmt"
	"os"

	"golang.org/x/crypto/ssh"
)

func main() {
	text, err := os.ReadFile(os.Args[2])
	if err != nil {
		panic(err)
	}
	key, err := ssh.ParsePrivateKey(text)
	if err != nil {
		panic(err)
	}
	_, err = ssh.Dial("tcp", "127.0.0.1:"+os.Args[1], &ssh.ClientConfig{
		User: "dev", Auth: []ssh.AuthMethod{ssh.PublicKeys(key)}, HostKeyCallback: ssh.InsecureIgnoreHostKey(),
	})
	fmt.Println(err)
}
END
GO111MODULE=off GOFLAGS='' GOPATH=$folder/root/usr/share/gocode GOCACHE=$folder/cache go build -o login login.go
./python/bin/python server.py > seen 2> errors &
server=$!
for turn in 1 2 3 4 5 6 7 8 9 10; do test -s port || sleep 1; done
accepted=$(timeout 30 ./login "$(cat port)" right)
refused=$(timeout 30 ./login "$(cat port)" wrong)
printf 'the right key: %s\nthe wrong key: %s\n' "$accepted" "$refused"
cat seen
grep -q 'right' seen && grep -q 'wrong' seen
case $refused in *'attempted methods [none publickey]'*) ;; *) echo "changed: of the wrong key" >&2; exit 1 ;; esac
case $accepted in
    *'attempted methods [none],'*) echo "as found: x/crypto 0.4.0 says that it attempted nothing with the key that was accepted" ;;
    *) echo "changed: of the right key" >&2; exit 1 ;;
esac
