#!/bin/sh
# Two machines behind one name, both keys in known_hosts: a login at the one makes ssh delete the other's key, and then it is "changed".
#
# Expected: known_hosts may hold several keys for a name, and any of them will do (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT); UpdateHostKeys
#   "allows learning alternate hostkeys for a server" and adds them (ssh_config(5)). Nobody asked for a line to go, and a login that
#   succeeded with a known key changes nothing.
# Seen: OpenSSH 9.2p1 (Debian 1:9.2p1-2+deb12u10), UpdateHostKeys yes, which is the default as long as UserKnownHostsFile is not set: the server
#   lists its own keys after the login, ssh takes each line of that name with a key that is not in the list for outdated, and deletes
#   it, without a question and, but for -v, without a word. The next login that comes to the other machine ends in
#   `REMOTE HOST IDENTIFICATION HAS CHANGED!`. With UpdateHostKeys no both lines stay and both machines let in. Both
#   servers are on loopback here, under one HostKeyAlias.
# What goes wrong: a name that stands for a pair of gateways or a cluster's login nodes is repaired by adding the second key by hand, works
#   once, and is broken again. Scripts that name a known_hosts file of their own, and thus have the other default, never show it.
set -eu
folder=$(mktemp -d)
servers=
trap '[ -z "$servers" ] || kill $servers || true; rm -rf "$folder"' EXIT
cd "$folder"
chmod 755 "$folder"
apt-get -qq -o APT::Sandbox::User=root download openssh-client=1:9.2p1-2+deb12u10 openssh-server=1:9.2p1-2+deb12u10
for package in ./*.deb; do dpkg -x "$package" root; done
PATH=$folder/root/usr/bin:$PATH
export PATH
[ "$(id -u)" != 0 ] || mkdir -p /run/sshd
for name in key one two; do ssh-keygen -q -t ed25519 -N '' -C $name -f $name; done
for name in one two; do
    port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    echo "$port" > $name.port
    cat > $name.server <<END
ListenAddress 127.0.0.1
Port $port
HostKey $folder/$name
AuthorizedKeysFile $folder/key.pub
StrictModes no
PidFile none
UsePAM no
END
    "$folder/root/usr/sbin/sshd" -D -e -f $name.server 2> $name.log &
    servers="$servers $!"
    tries=0
    until ssh-keyscan -p "$port" 127.0.0.1 2> said | grep -q .; do
        tries=$((tries + 1))
        [ $tries -lt 50 ] || { cat $name.log; exit 1; }
        sleep 0.1
    done
done
for update in yes no; do
    for name in one two; do echo "pool $(cut -d ' ' -f 1-2 $name.pub)"; done > known
    for name in one two one; do
        answer=$(timeout 20 ssh -n -T -F none -o BatchMode=yes -o IdentityAgent=none -i key -o HostKeyAlias=pool -o StrictHostKeyChecking=yes \
            -o UserKnownHostsFile=known -o UpdateHostKeys=$update -p "$(cat $name.port)" 127.0.0.1 echo logs in 2>&1 \
            | grep -oE 'logs in|HAS CHANGED' | head -n 1)
        echo "UpdateHostKeys $update, $name: $answer, $(grep -c . known) known"
    done
done > seen
{
    echo "by default: $(ssh -T -F none -G pool | grep '^updatehostkeys')"
    echo "with a file named: $(ssh -T -F none -o UserKnownHostsFile=known -G pool | grep '^updatehostkeys')"
} >> seen
cat seen
cat > expected <<'END'
UpdateHostKeys yes, one: logs in, 1 known
UpdateHostKeys yes, two: HAS CHANGED, 1 known
UpdateHostKeys yes, one: logs in, 1 known
UpdateHostKeys no, one: logs in, 2 known
UpdateHostKeys no, two: logs in, 2 known
UpdateHostKeys no, one: logs in, 2 known
by default: updatehostkeys true
with a file named: updatehostkeys false
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: the other machine's key is gone"
