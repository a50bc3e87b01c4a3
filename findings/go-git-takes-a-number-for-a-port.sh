#!/bin/sh
# go-git takes a number behind the colon of git@host:10/team/app for a port, and git@host:app for a folder of this machine.
#
# Expected: go-git reads the addresses that git reads. In git's short form all that follows the colon is the path (git-clone(1): "the
#   scp-like syntax"), so the first leads to port 22 and the path 10/team/app, the second to port 22 and the path app.
# Seen: go-git 5.4.2 (Debian golang-github-go-git-go-git-dev 5.4.2-3) connects to port 10 and asks for team/app; of an address without a
#   slash it makes a local path, and opens no connection. git 2.39.5 (Debian 1:2.39.5-0+deb12u3) hands `10/team/app` and `app` to port 22.
# What goes wrong: where owners are numbers, a Go tool's connection is refused or times out at a port that nobody wrote, while git works
#   with the same remote. The other way round, git@host:2222/team/app works in the Go tool and asks git's host for a wrong path.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
wanted='golang-github-go-git-go-git-dev golang-github-go-git-go-billy-dev golang-github-protonmail-go-crypto-dev
    golang-github-cloudflare-circl-dev golang-github-bwesterb-go-ristretto-dev golang-github-emirpasic-gods-dev
    golang-github-imdario-mergo-dev golang-github-jbenet-go-context-dev golang-github-kevinburke-ssh-config-dev
    golang-github-mitchellh-go-homedir-dev golang-github-sergi-go-diff-dev golang-github-src-d-gcfg-dev
    golang-github-xanzy-ssh-agent-dev golang-golang-x-crypto-dev golang-golang-x-net-dev golang-golang-x-sys-dev
    golang-golang-x-text-dev golang-gopkg-warnings.v0-dev golang-gopkg-yaml.v2-dev'
apt-get -qq -o APT::Sandbox::User=root download git=1:2.39.5-0+deb12u3 ${wanted%%-dev*}-dev=5.4.2-3 ${wanted#*-dev}
for package in ./*.deb; do dpkg -x "$package" root; done
cat > read.go <<'END'
package main

import (
	"fmt"
	"os"

	"github.com/go-git/go-git/plumbing/transport"
)

func main() {
	for _, address := range os.Args[1:] {
		found, err := transport.NewEndpoint(address)
		if err != nil {
			panic(err)
		}
		if found.Protocol == "file" {
			fmt.Printf("%s: go-git: a local path\n", address)
		} else {
			fmt.Printf("%s: go-git: %s port %d, %s\n", address, found.Host, found.Port, found.Path)
		}
	}
}
END
cat > ssh <<'END'
#!/bin/sh
printf '%s\n' "$*" > asked
exit 1
END
chmod +x ssh
export GIT_SSH="$folder/ssh" GIT_SSH_VARIANT=ssh GIT_CONFIG_NOSYSTEM=1 HOME="$folder" GIT_EXEC_PATH="$folder/root/usr/lib/git-core"
GO111MODULE=off GOFLAGS='' GOPATH="$folder/root/usr/share/gocode" GOCACHE="$folder/cache" go build -o read read.go
for address in git@box.example:team/app git@box.example:10/team/app git@box.example:app; do
    ./root/usr/bin/git ls-remote "$address" 2> said || true
    echo "$address: git: $(sed "s/-o SendEnv=GIT_PROTOCOL //; s/git-upload-pack //" asked)"
    ./read "$address"
done > seen
cat seen
cat > expected <<'END'
git@box.example:team/app: git: git@box.example 'team/app'
git@box.example:team/app: go-git: box.example port 22, team/app
git@box.example:10/team/app: git: git@box.example '10/team/app'
git@box.example:10/team/app: go-git: box.example port 10, team/app
git@box.example:app: git: git@box.example 'app'
git@box.example:app: go-git: a local path
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: the same remote, another port"
