#!/bin/sh
# `git push` finds the key in the agent of ssh_config's IdentityAgent, `git commit -S` with the same key says that there is none.
#
# Expected: user.signingKey is "the path to either your private ssh key or the public key when ssh-agent is used" (git-config(1)), and which
#   agent is used, IdentityAgent says: "the UNIX-domain socket used to communicate with the authentication agent" (ssh_config(5)).
#   Password managers tell people to set it, once, in ~/.ssh/config. Where a key logs in, it signs.
# Seen: git 2.39.5 (Debian 1:2.39.5-0+deb12u3) signs by `ssh-keygen -Y sign`. ssh-keygen of OpenSSH 9.2p1 (Debian 1:9.2p1-2+deb12u10) reads no
#   ssh_config, and asks the agent of SSH_AUTH_SOCK alone, as ssh-add does. Unset, or of another agent: `No private key found for
#   public key "..."`, `fatal: failed to write commit object`. With SSH_AUTH_SOCK on the same socket the commit is signed.
# What goes wrong: clone, fetch and push work, the host shows the key as registered for signing, and each signed commit fails with words
#   about a missing file; so one makes a new key or takes the .pub for damaged.
set -eu
folder=$(mktemp -d)
agents=
trap '[ -z "$agents" ] || kill $agents || true; rm -rf "$folder"' EXIT
cd "$folder"
chmod 755 "$folder"
apt-get -qq -o APT::Sandbox::User=root download git=1:2.39.5-0+deb12u3 openssh-client=1:9.2p1-2+deb12u10 openssh-server=1:9.2p1-2+deb12u10
for package in ./*.deb; do dpkg -x "$package" root; done
PATH=$folder/root/usr/bin:$PATH
HOME=$folder/home
export PATH HOME GIT_CONFIG_NOSYSTEM=1 GIT_EXEC_PATH="$folder/root/usr/lib/git-core"
unset GIT_SSH GIT_SSH_COMMAND XDG_CONFIG_HOME SSH_AUTH_SOCK
mkdir home
[ "$(id -u)" != 0 ] || mkdir -p /run/sshd
for name in host key; do ssh-keygen -q -t ed25519 -N '' -C $name -f $name; done
for name in manager empty; do
    ssh-agent -D -a "$folder/$name" > said &
    agents="$agents $!"
done
tries=0
until [ -S manager ] && [ -S empty ]; do
    tries=$((tries + 1))
    [ $tries -lt 50 ]
    sleep 0.1
done
SSH_AUTH_SOCK=$folder/manager ssh-add -q key
rm key
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cat > server <<END
ListenAddress 127.0.0.1
Port $port
HostKey $folder/host
AuthorizedKeysFile $folder/key.pub
StrictModes no
PidFile none
UsePAM no
SetEnv PATH=$PATH GIT_EXEC_PATH=$GIT_EXEC_PATH
END
"$folder/root/usr/sbin/sshd" -D -e -f server 2> server.log &
agents="$agents $!"
tries=0
until ssh-keyscan -p "$port" 127.0.0.1 2> said | grep -q .; do
    tries=$((tries + 1))
    [ $tries -lt 50 ] || { cat server.log; exit 1; }
    sleep 0.1
done
cat > config <<END
Host *
    IdentityAgent $folder/manager
    BatchMode yes
    StrictHostKeyChecking no
    UserKnownHostsFile $folder/known
    LogLevel ERROR
END
git init -q project
git -C project config user.name dev
git -C project config user.email dev@box.example
git -C project config gpg.format ssh
git -C project config user.signingKey "$folder/key.pub"
git -C project config core.sshCommand "ssh -F $folder/config"
git init -q --bare remote
git -C project commit -q --allow-empty -m first
# Pushes, and makes a signed commit.
try() {
    if timeout 30 git -C project push -q "ssh://127.0.0.1:$port$folder/remote" HEAD:main 2> errors; then pushed=works; else pushed=$(cat errors); fi
    if timeout 30 git -C project commit -q -S --allow-empty -m next 2> errors; then
        signed="signed, $(git -C project cat-file commit HEAD | grep -c 'BEGIN SSH SIGNATURE')"
    else
        signed=$(grep -o 'No private key found' errors)
    fi
    echo "$1: push $pushed; commit -S: $signed"
}
{
    try 'no SSH_AUTH_SOCK'
    export SSH_AUTH_SOCK="$folder/empty"
    try 'SSH_AUTH_SOCK of another agent'
    export SSH_AUTH_SOCK="$folder/manager"
    try 'SSH_AUTH_SOCK as IdentityAgent'
} > seen
cat seen
cat > expected <<'END'
no SSH_AUTH_SOCK: push works; commit -S: No private key found
SSH_AUTH_SOCK of another agent: push works; commit -S: No private key found
SSH_AUTH_SOCK as IdentityAgent: push works; commit -S: signed, 1
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: the key that pushes is not found for signing"
