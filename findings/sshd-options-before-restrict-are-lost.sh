#!/bin/sh
# `pty,restrict` in authorized_keys gives no terminal, `restrict,pty` does: what stands before restrict is lost.
#
# Expected: sshd(8) describes each option by itself; "restrict" disables all, and pty "permits tty allocation previously disabled by the
#   restrict option". Options are a set, so their order does not matter.
# Seen: with OpenSSH 9.2p1 (Debian 1:9.2p1-2+deb12u10) restrict switches everything off at the place where it stands, also what was
#   permitted in front of it. `PTY allocation request failed on channel 0` is all the client says, and sshd logs at debug level alone which
#   options are left (`key options:`, empty). command= keeps its effect on either side.
# What goes wrong: a tool that sorts options or puts new ones in front (agent-forwarding, pty, user-rc come before restrict in the
#   alphabet or by habit) takes forwarding and terminals from a key whose line still lists them.
set -eu
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" || true; rm -rf "$folder"' EXIT
cd "$folder"
chmod 755 "$folder"
apt-get -qq -o APT::Sandbox::User=root download openssh-client=1:9.2p1-2+deb12u10 openssh-server=1:9.2p1-2+deb12u10
for package in ./*.deb; do dpkg -x "$package" root; done
PATH=$folder/root/usr/bin:$PATH
export PATH
for name in host key; do ssh-keygen -q -t ed25519 -N '' -C "$name" -f "$name"; done
[ "$(id -u)" != 0 ] || mkdir -p /run/sshd
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cat > server <<END
ListenAddress 127.0.0.1
Port $port
HostKey $folder/host
AuthorizedKeysFile $folder/authorized
StrictModes no
PidFile none
UsePAM no
LogLevel DEBUG1
END
"$folder/root/usr/sbin/sshd" -D -e -f server 2> server.log &
server=$!
tries=0
until ssh-keyscan -p "$port" 127.0.0.1 2> /dev/null | grep -q .; do
    tries=$((tries + 1))
    [ $tries -lt 50 ] || { cat server.log; exit 1; }
    sleep 0.1
done
for options in restrict restrict,pty pty,restrict agent-forwarding,pty,restrict agent-forwarding,restrict,pty 'command="tty",pty,restrict'; do
    echo "$options $(cat key.pub)" > authorized
    timeout 20 ssh -tt -F none -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=known -o IdentityAgent=none \
        -o LogLevel=ERROR -i key -p "$port" 127.0.0.1 tty > said 2>&1 < /dev/null || true
    terminal=$(grep -q '^/dev/' said && echo "a terminal" || grep -o 'PTY allocation request failed' said)
    left=$(tr -d '\r' < server.log | sed -n 's/.*authorized:1: key options:/left:/p' | tail -n 1)
    echo "$options: $terminal; $left"
done > seen
cat seen
cat > expected <<'END'
restrict: PTY allocation request failed; left:
restrict,pty: a terminal; left: pty
pty,restrict: PTY allocation request failed; left:
agent-forwarding,pty,restrict: PTY allocation request failed; left:
agent-forwarding,restrict,pty: a terminal; left: pty
command="tty",pty,restrict: PTY allocation request failed; left: command
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: restrict undoes what stands before it"
