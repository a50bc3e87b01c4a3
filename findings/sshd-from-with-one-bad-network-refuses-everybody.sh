#!/bin/sh
# from="10.0.0.5/8,127.0.0.1" refuses 127.0.0.1, too: one network written with a host's bits spoils the list, and so does a blank.
#
# Expected: an address with a prefix length stands for its network, as with `ip`'s, nginx's and PostgreSQL's lists, or only that entry is
#   void: from= is a "comma-separated list of patterns" (sshd(8)), and each says for itself whom it lets in.
# Seen: OpenSSH 9.2p1 (Debian 1:9.2p1-2+deb12u10) refuses the key from everywhere, whatever place the entry has. The log repeats list and
#   address next to each other and says that they do not match: `not from a permitted host (... ip=127.0.0.1, required=...)`; the reason,
#   `invalid from criteria`, is at debug level. A blank behind a comma becomes part of the next pattern, which then fits nobody.
#   A list of exceptions alone (`!10.0.0.1`) lets nobody in.
# What goes wrong: the address of the office router with /24 is added to a list that has worked for years, and all users of that key get
#   `Permission denied (publickey)`, from addresses that stand in the list letter by letter.
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
END
"$folder/root/usr/sbin/sshd" -D -e -f server 2> server.log &
server=$!
tries=0
until ssh-keyscan -p "$port" 127.0.0.1 2> /dev/null | grep -q .; do
    tries=$((tries + 1))
    [ $tries -lt 50 ] || { cat server.log; exit 1; }
    sleep 0.1
done
while read -r list; do
    echo "from=\"$list\" $(cat key.pub)" > authorized
    answer=$(timeout 20 ssh -n -T -F none -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=known -o IdentityAgent=none \
        -o PreferredAuthentications=publickey -o LogLevel=ERROR -i key -p "$port" 127.0.0.1 echo takes 2>&1) || answer=refused
    logged=$(tr -d '\r' < server.log | grep -F "required=$list)." | sed 's/.*\(ip=.*\))\.$/, logs \1/' | tail -n 1)
    echo "$list: $answer$logged"
done > seen <<'END'
127.0.0.0/8
127.0.0.1,10.0.0.0/8
127.0.0.5/8
127.0.0.1,10.0.0.5/8
10.0.0.5/8,127.0.0.1
10.0.0.0/8, 127.0.0.1
!10.0.0.1
!10.0.0.1,*
END
cat seen
cat > expected <<'END'
127.0.0.0/8: takes
127.0.0.1,10.0.0.0/8: takes
127.0.0.5/8: refused, logs ip=127.0.0.1, required=127.0.0.5/8
127.0.0.1,10.0.0.5/8: refused, logs ip=127.0.0.1, required=127.0.0.1,10.0.0.5/8
10.0.0.5/8,127.0.0.1: refused, logs ip=127.0.0.1, required=10.0.0.5/8,127.0.0.1
10.0.0.0/8, 127.0.0.1: refused, logs ip=127.0.0.1, required=10.0.0.0/8, 127.0.0.1
!10.0.0.1: refused, logs ip=127.0.0.1, required=!10.0.0.1
!10.0.0.1,*: takes
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: one network that is none, and nobody gets in"
