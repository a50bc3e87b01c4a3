#!/bin/sh
# A refused login by sftp or scp ends in `Connection closed`, the word for a server that hangs up; ssh's own end is the refusal.
#
# Expected: the last line tells what happened, as ssh's does: `Permission denied (publickey).`; `Connection closed` means that the other
#   side, or something between, closed the line (ssh(1) prints it so when a server does).
# Seen: OpenSSH 9.2p1 (Debian 1:9.2p1-2+deb12u10): behind ssh's refusal sftp prints of itself `Connection closed`, since its pipe to ssh
#   has ended; scp, which speaks SFTP since 9.0, does, too, and `scp -O` says `lost connection`. The server has hung up on nobody: the
#   client has, when it had no key left.
# What goes wrong: a tool that shows the last line, or the part of a log that somebody pastes, tells of an outage or a firewall.
set -eu
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" || true; rm -rf "$folder"' EXIT
cd "$folder"
chmod 755 "$folder"
apt-get -qq -o APT::Sandbox::User=root download openssh-client=1:9.2p1-2+deb12u10 openssh-server=1:9.2p1-2+deb12u10
for package in ./*.deb; do dpkg -x "$package" root; done
bin=$folder/root/usr/bin
for name in host key; do "$bin/ssh-keygen" -q -t ed25519 -N '' -C "$name" -f "$name"; done
[ "$(id -u)" != 0 ] || mkdir -p /run/sshd
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cat > server <<END
ListenAddress 127.0.0.1
Port $port
HostKey $folder/host
AuthorizedKeysFile none
PasswordAuthentication no
KbdInteractiveAuthentication no
StrictModes no
PidFile none
UsePAM no
END
"$folder/root/usr/sbin/sshd" -D -e -f server 2> server.log &
server=$!
tries=0
until "$bin/ssh-keyscan" -p "$port" 127.0.0.1 2> /dev/null | grep -q .; do
    tries=$((tries + 1))
    [ $tries -lt 50 ] || { cat server.log; exit 1; }
    sleep 0.1
done
cat > client <<END
BatchMode yes
StrictHostKeyChecking no
UserKnownHostsFile $folder/known
IdentityAgent none
IdentityFile $folder/key
LogLevel ERROR
END
told() {
    name=$1
    shift
    timeout 20 "$@" < /dev/null 2>&1 | tr -d '\r' | sed "s/^.*: Permission denied (publickey)\.$/refused/; s|^.*/||; s/^/$name: /" || true
}
{
    told ssh "$bin/ssh" -F client -p "$port" 127.0.0.1 true
    told sftp "$bin/sftp" -S "$bin/ssh" -F client -b /dev/null -P "$port" 127.0.0.1
    told scp "$bin/scp" -S "$bin/ssh" -F client -P "$port" server 127.0.0.1:
    told 'scp -O' "$bin/scp" -O -S "$bin/ssh" -F client -P "$port" server 127.0.0.1:
} > seen
cat seen
cat > expected <<'END'
ssh: refused
sftp: refused
sftp: Connection closed
scp: refused
scp: scp: Connection closed
scp -O: refused
scp -O: lost connection
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: sftp and scp put a closed connection behind the refusal"
