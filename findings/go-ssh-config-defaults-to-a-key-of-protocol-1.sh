#!/bin/sh
# Go's ssh_config answers "which key?" for a host without settings: ~/.ssh/identity, a file of SSH protocol 1.
#
# Expected: where the configuration is silent, the package "returns the default value" of OpenSSH: one of id_rsa, id_ecdsa,
#   id_ed25519 and so on.
# Seen: github.com/kevinburke/ssh_config 1.0 (Debian 1.0-2) gives `~/.ssh/identity`, which no ssh has looked for since protocol 1 went
#   (OpenSSH 7.6). A quoted value keeps its quotes, and one with a
#   comment behind it keeps the blank: User is `deploy ` in place of `deploy`.
#   OpenSSH 9.2p1 (Debian 1:9.2p1-2+deb12u10, `ssh -G`) lists its seven files, and `deploy`.
# What goes wrong: a Go tool says `open ~/.ssh/identity: no such file` where ssh uses id_ed25519, and the user looks for a line that
#   sets it; or it logs in as `deploy ` and is an invalid user, which shows in no log of the client's.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download openssh-client=1:9.2p1-2+deb12u10 \
    golang-github-kevinburke-ssh-config-dev=1.0-2
for package in ./*.deb; do dpkg -x "$package" root; done
cat > config <<'END'
Host box
    User "deploy"
Host cell
    User deploy # of the cell
END
cat > read.go <<'END'
package main

import (
	"fmt"
	"os"

	"github.com/kevinburke/ssh_config"
)

func main() {
	file, _ := os.Open("config")
	config, _ := ssh_config.Decode(file)
	box, _ := config.Get("box", "User")
	cell, _ := config.Get("cell", "User")
	fmt.Printf("Go, a host without settings: %q\n", ssh_config.Default("IdentityFile"))
	fmt.Printf("Go, users: %q %q\n", box, cell)
}
END
ask() { ./root/usr/bin/ssh -T -F config -G "$1" | sed -n "s/^$2 //p"; }
{
    GO111MODULE=off GOFLAGS='' GOPATH=$folder/root/usr/share/gocode GOCACHE=$folder/cache go run read.go
    echo "ssh, a host without settings: $(ask other identityfile | wc -l) files, $(ask other identityfile | head -n 1) first"
    echo "ssh, users: $(ask box user) $(ask cell user)"
} > seen
cat seen
cat > expected <<'END'
Go, a host without settings: "~/.ssh/identity"
Go, users: "\"deploy\"" "deploy "
ssh, a host without settings: 7 files, ~/.ssh/id_rsa first
ssh, users: deploy deploy
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: a default that no ssh has"
