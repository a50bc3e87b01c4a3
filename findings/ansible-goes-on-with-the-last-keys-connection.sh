#!/bin/sh
# Ansible is given another key, even a file that does not exist, and the host answers as before: it is the connection of the key before.
#
# Expected: --private-key is "use this file to authenticate the connection" (ansible --help); it decides how this run logs in, so a run that
#   succeeds shows that the key is good; a file that is missing is an error.
# Seen: ansible-core 2.19.14 has ssh keep its connections for 60 seconds (ControlPersist=60s in ssh_args), under a name that it makes of host, port
#   and user alone. A run within that time, also from another project, takes the connection that is there and no key at all. A key that
#   the server refuses and one that is not there "work"; when the connection has ended, the same command gets `Permission denied`.
# What goes wrong: a new deploy key is put into the inventory, tried with success, the old one is removed, and the next run is locked out. Or
#   the other way round: the account's groups were changed, and Ansible goes on with the session of before.
set -eu
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" || true; rm -rf "$folder"' EXIT
cd "$folder"
chmod 755 "$folder"
apt-get -qq -o APT::Sandbox::User=root download openssh-client=1:9.2p1-2+deb12u10 openssh-server=1:9.2p1-2+deb12u10
for package in ./*.deb; do dpkg -x "$package" root; done
python3 -m venv python
./python/bin/pip -q --disable-pip-version-check install ansible-core==2.19.14
PATH=$folder/root/usr/bin:$PATH
export PATH
[ "$(id -u)" != 0 ] || mkdir -p /run/sshd
for name in host registered refused; do ssh-keygen -q -t ed25519 -N '' -C $name -f $name; done
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cat > server <<END
ListenAddress 127.0.0.1
Port $port
HostKey $folder/host
AuthorizedKeysFile $folder/registered.pub
StrictModes no
PidFile none
UsePAM no
END
"$folder/root/usr/sbin/sshd" -D -e -f server 2> server.log &
server=$!
tries=0
until ssh-keyscan -p "$port" 127.0.0.1 2> said | grep -q .; do
    tries=$((tries + 1))
    [ $tries -lt 50 ] || { cat server.log; exit 1; }
    sleep 0.1
done
cat > hosts <<END
box ansible_host=127.0.0.1 ansible_port=$port ansible_ssh_common_args='-F none -o StrictHostKeyChecking=no -o UserKnownHostsFile=$folder/known -o IdentityAgent=none -o IdentitiesOnly=yes'
END
export ANSIBLE_HOME="$folder/state" ANSIBLE_SSH_CONTROL_PATH_DIR="$folder/c" ANSIBLE_NOCOLOR=1 LC_ALL=C.UTF-8
# Runs a command on the host with a key.
try() {
    answer=$(timeout 100 ./python/bin/ansible -i hosts box -m ansible.builtin.raw -a 'echo answers' --private-key "$folder/$1" 2>&1 \
        | grep -oE '^answers|Permission denied' | head -n 1)
    echo "$1: $answer"
}
{
    try refused
    try registered
    try refused
    try missing
    for socket in c/*; do ssh -F none -o ControlPath="$socket" -O exit box 2> said; done
    echo 'the connection is closed'
    try refused
} > seen
cat seen
cat > expected <<'END'
refused: Permission denied
registered: answers
refused: answers
missing: answers
the connection is closed
refused: Permission denied
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: the key that was tried is not the key that logged in"
