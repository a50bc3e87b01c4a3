#!/bin/sh
# sshd at DEBUG2 looks for options in every sound line of authorized_keys whose key is of another type than the one offered.
#
# Expected: `check options: '…'` and `advance: '…'` mean that a line did not parse as a key (auth2-pubkeyfile.c, auth_check_authkey_line:
#   options are looked for where sshkey_read fails), so the line that they show is the damaged one, or one with options.
# Seen: sshd of OpenSSH 9.2p1 (Debian 1:9.2p1-2+deb12u10) reads each line as a key of the type that is offered: a sound ECDSA line without an
#   option is told in the same two messages as an ed25519 line with half a key, when an ed25519 key is offered. Offer an ECDSA key, and
#   the sound ed25519 line gets them. Of a sound line of the offered type there is no word, and of the damaged one no other.
# What goes wrong: the sound line gets "repaired" or deleted; the damaged one looks no different from all the others.
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
[ "$(id -u)" != 0 ] || mkdir -p /run/sshd
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
for name in host sound; do ssh-keygen -q -t ed25519 -N '' -C $name -f $name; done
for name in ecdsa ed25519; do ssh-keygen -q -t $name -N '' -C "offered-$name" -f $name; done
ssh-keygen -q -t ecdsa -N '' -C sound -f other
# Line 1 is a sound ECDSA key, line 2 a sound ed25519 key, line 3 half of one.
cat other.pub sound.pub > keys
echo "ssh-ed25519 $(cut -d ' ' -f 2 host.pub | cut -c 1-40) half" >> keys
cat > server <<END
ListenAddress 127.0.0.1
Port $port
HostKey $folder/host
AuthorizedKeysFile $folder/keys
StrictModes no
PidFile none
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
LogLevel DEBUG2
END
"$folder/root/usr/sbin/sshd" -D -e -f server 2> server.log &
server=$!
tries=0
until ssh-keyscan -p "$port" 127.0.0.1 2> said | grep -q .; do
    tries=$((tries + 1))
    [ $tries -lt 50 ] || { cat server.log; exit 1; }
    sleep 0.1
done
offer() {
    from=$(wc -l < server.log)
    timeout 20 ssh -n -T -F none -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=known -o IdentityAgent=none \
        -o IdentitiesOnly=yes -i "$1" -p "$port" 127.0.0.1 > said 2>&1 || true
    sleep 0.5
    echo "offered is $1:"
    tail -n +$((from + 1)) server.log | tr -d '\r' | sed -n "s|.*$folder/keys:\([0-9]\): \([a-z ]*\): .*|    line \1: \2|p" | sort -u
}
{
    offer ed25519
    offer ecdsa
} > seen
cat seen
cat > expected <<'END'
offered is ed25519:
    line 1: advance
    line 1: check options
    line 3: advance
    line 3: check options
offered is ecdsa:
    line 2: advance
    line 2: check options
    line 3: advance
    line 3: check options
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: the sound line of another type reads as damaged"
