#!/bin/sh
# `ssh-add -d KEY` says that KEY does not exist, in the agent that has just taken it from there.
#
# Expected: what `ssh-add KEY` added, `ssh-add -d KEY` removes; both read KEY. An error that ends in "No such file or directory"
#   speaks of the file that it names.
# Seen: with OpenSSH 9.2p1 (Debian 1:9.2p1-2+deb12u10) and a PEM key without KEY.pub: `Identity added: key`, then
#   `Bad key file key: No such file or directory`, exit 1, and the key stays. -d reads the *public* half only; PEM files have none, so
#   key.pub is wanted, and its absence is reported in the name of the private file. A key in OpenSSH's own format goes without .pub.
#   With another key's .pub beside it: `Could not remove identity "key": agent refused operation`, though no agent refused anything
#   but a key that it never had.
# What goes wrong: one looks for a wrong path or directory; the key stays loaded and uses up the server's MaxAuthTries.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download openssh-client=1:9.2p1-2+deb12u10
dpkg -x ./openssh-client_*.deb root
cat > inside <<'END'
keygen=./root/usr/bin/ssh-keygen add=./root/usr/bin/ssh-add
$keygen -q -t ecdsa -m PEM -N '' -C pem -f pem; rm pem.pub
$keygen -q -t ed25519 -N '' -C own -f own; rm own.pub
$keygen -q -t ed25519 -N '' -C stale -f stale
$keygen -q -t ed25519 -N '' -C other -f other; mv other.pub stale.pub
for key in pem own stale; do
    echo "-- $key"; $add $key; ls $key; $add -d $key; echo "exit $?"
done
echo '-- left'; $add -l
END
./root/usr/bin/ssh-agent sh inside > seen 2>&1
cat seen
grep -q '^Identity removed: own' seen
grep -q '^Could not remove identity "stale": agent refused operation' seen
if ! grep -q '^Bad key file pem: No such file or directory' seen; then
    echo "changed: ssh-add -d pem says something else" >&2
    exit 1
fi
sed '1,/^-- left/d' seen > left
[ "$(wc -l < left)" = 2 ]
grep -q '(ECDSA)' left
echo "as found: -d needs the .pub and calls the private file missing"
