#!/bin/sh
# `ssh-keygen -R HOST` forgets a whole domain's line, and leaves the one line that still refuses HOST.
#
# Expected: -R "removes all keys belonging to the specified hostname" (ssh-keygen(1)): HOST's own name goes from known_hosts, other
#   hosts' stay as they are, and a mark against HOST is gone with its keys.
# Seen: with OpenSSH 9.2p1 (Debian 1:9.2p1-2+deb12u10) every line whose pattern matches goes as a whole: `*.example.com KEY` and
#   `a.example.com,b.example.com KEY` are lost for all other hosts of theirs. `@revoked a.example.com KEY` stays, and so does
#   `@cert-authority`. It says `Host a.example.com found: line 1`, exit 0, and nothing of the others.
# What goes wrong: the cure that ssh itself prints for one changed host makes every other host of the line unknown (jobs under
#   StrictHostKeyChecking yes fail elsewhere); and a host marked as revoked is refused as before, though it was "removed".
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download openssh-client=1:9.2p1-2+deb12u10
dpkg -x ./openssh-client_*.deb root
keygen=./root/usr/bin/ssh-keygen
for name in domain pair bad; do $keygen -q -t ed25519 -N '' -C '' -f "$name"; done
{
    echo "*.example.com $(cut -d' ' -f1,2 domain.pub)"
    echo "a.example.com,b.example.com $(cut -d' ' -f1,2 pair.pub)"
    echo "@revoked a.example.com $(cut -d' ' -f1,2 bad.pub)"
    echo "@cert-authority a.example.com $(cut -d' ' -f1,2 pair.pub)"
} > known
found() { $keygen -F "$1" -f known | sed -n 's/^# Host //p' | tr '\n' ';'; echo; }
{
    echo "b before: $(found b.example.com)"
    echo "z before: $(found z.example.com)"
    $keygen -R a.example.com -f known 2>&1 | grep -v '^Original'
    echo "b after: $(found b.example.com)"
    echo "z after: $(found z.example.com)"
    cut -d' ' -f1,2 known
} > seen
cat seen
cat > expected <<'END'
b before: b.example.com found: line 1 ;b.example.com found: line 2 ;
z before: z.example.com found: line 1 ;
# Host a.example.com found: line 1
# Host a.example.com found: line 2
known updated.
b after: 
z after: 
@revoked a.example.com
@cert-authority a.example.com
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: two hosts that nobody named are forgotten, the revoked mark is kept"
