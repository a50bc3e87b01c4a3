#!/bin/sh
# sshd logs one unknown user in two spellings: the backslash of DOMAIN\user is doubled once in one line, and twice in another.
#
# Expected: one user has one name in a log; a backslash is doubled, as sshd does with what it can't trust (log.c, strnvis with VIS_OCTAL),
#   so `CORP\\dev` is searched for and found in all lines, as it is in `Invalid user CORP\\dev from 192.0.2.7`, and nowhere else.
# Seen: sshd of OpenSSH 9.2p1 (Debian 1:9.2p1-2+deb12u10) writes `Invalid user CORP\\dev`, and of the same connection `Connection closed by
#   invalid user CORP\\\\dev … [preauth]`: the lines with [preauth] are escaped by the child that speaks with the client, and once more by
#   the process that writes them. A name without a backslash has one spelling.
# What goes wrong: whoever counts users, or joins the lines of one user (a SIEM, fail2ban's <F-USER>, grep -F), has two of them, and looks for a
#   client that doubles backslashes.
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
for name in host key; do ssh-keygen -q -t ed25519 -N '' -f $name; done
cat > server <<END
ListenAddress 127.0.0.1
Port $port
HostKey $folder/host
StrictModes no
PidFile none
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
LogLevel VERBOSE
END
"$folder/root/usr/sbin/sshd" -D -e -f server 2> server.log &
server=$!
tries=0
until ssh-keyscan -p "$port" 127.0.0.1 2> said | grep -q .; do
    tries=$((tries + 1))
    [ $tries -lt 50 ] || { cat server.log; exit 1; }
    sleep 0.1
done
try() {
    from=$(wc -l < server.log)
    timeout 20 ssh -n -T -F none -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=known -o IdentityAgent=none \
        -o IdentitiesOnly=yes -i key -l "$1" -p "$port" 127.0.0.1 > said 2>&1 || true
    sleep 0.5
    tail -n +$((from + 1)) server.log | tr -d '\r' | grep -E '(Invalid|invalid) user' | sed 's/ from 127.*//; s/ 127\.0\.0\.1.*\( \[preauth\]\)/\1/; s/^/    /'
}
{
    echo 'CORP\dev:'
    try 'CORP\dev'
    echo 'corpdev:'
    try corpdev
} > seen
cat seen
cat > expected <<'END'
CORP\dev:
    Invalid user CORP\\dev
    Connection closed by invalid user CORP\\\\dev [preauth]
corpdev:
    Invalid user corpdev
    Connection closed by invalid user corpdev [preauth]
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: two names for one user"
