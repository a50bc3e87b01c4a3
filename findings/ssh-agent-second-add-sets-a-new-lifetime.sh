#!/bin/sh
# Adding a key again replaces its lifetime: a key that was in the agent for good vanishes.
#
# Expected: `ssh-add -t 2 KEY` for a key that the agent already holds without limit changes nothing (it is there already) or the
#   longer of the two wins. ssh-add(1) says of -t only that it sets "a maximum lifetime when adding identities".
# Seen: with OpenSSH 9.2p1 (Debian 1:9.2p1-2+deb12u10) `Identity added` is printed again, the list is the same, and two seconds later
#   the key is gone. The other way round, an `ssh-add KEY` without -t lifts the limit of a timed key. The key keeps its place in the
#   list and no mark in `ssh-add -l` tells the two states apart.
# What goes wrong: a script (or AddKeysToAgent with a time) that adds the key for an hour takes it away from the session that
#   had loaded it for good: the login works, then is refused, and nobody ran `ssh-add -d`.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download openssh-client=1:9.2p1-2+deb12u10
dpkg -x ./openssh-client_*.deb root
cat > inside <<'END'
add=./root/usr/bin/ssh-add
for name in first second; do ./root/usr/bin/ssh-keygen -q -t ed25519 -N '' -C $name -f $name; done
list() { echo "-- $1"; $add -l || true; }
$add first second; list 'both for good'
$add -t 2 first;   list 'first again, for two seconds'
sleep 4;           list 'four seconds later'
$add -t 2 first; $add first
sleep 4;           list 'timed, then for good, four seconds later'
END
./root/usr/bin/ssh-agent sh inside > seen 2>&1
cat seen
part() { sed "1,/^-- $1/d; /^--/,\$d" seen; }
part 'first again' | grep -q 'first (ED25519)'
if part 'four seconds later' | grep -q 'first (ED25519)'; then
    echo "changed: the first, unlimited entry wins" >&2
    exit 1
fi
part 'four seconds later' | grep -q 'second (ED25519)'
part 'timed, then for good' | grep -q 'first (ED25519)'
echo "as found: the last ssh-add decides the lifetime"
