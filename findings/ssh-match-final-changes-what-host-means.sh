#!/bin/sh
# A `Match final` line anywhere, and ssh applies `Host github.com` to every alias whose HostName is github.com, and `Host * !box` to box.
#
# Expected: a Host line is about what was typed: "the hostname argument given on the command line (see the CanonicalizeHostname keyword for
#   exceptions)", and that keyword is off by default; `Match final` "matches only during this final pass" (ssh_config(5)). So a
#   final block, at the end or in the system's file, adds its own options where none were set, and leaves other blocks alone.
# Seen: OpenSSH 9.2p1 (Debian 1:9.2p1-2+deb12u10) reads the whole file a second time for it, and in that pass compares all Host lines with the
#   new name. The alias gets port and keys of the other block beside its own, and `!box` excepts nobody, as box is now 10.0.0.5.
#   Whether the condition holds is the same: `Match final host nobody` with nothing below is enough. `ssh -G` shows the outcome; -v says
#   `configuration requests final Match pass`, and not which blocks that changed.
# What goes wrong: two accounts at one git host, an alias for each, work on one system; on another, whose /etc/ssh has a `Match final all`,
#   the alias connects to the port of the plain name's block or offers the other account's key, with the same ~/.ssh/config.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download openssh-client=1:9.2p1-2+deb12u10
dpkg -x ./openssh-client_*.deb root
cat > config <<'END'
Host github-work
    HostName github.com
    IdentityFile /keys/work
Host github.com
    Port 443
    IdentityFile /keys/own
Host box
    HostName 10.0.0.5
Host * !box !github*
    User staff
END
{
    cat config
    echo 'Match final host nobody'
} > final
for file in config final; do
    for name in github-work box; do
        answer=$(./root/usr/bin/ssh -T -F $file -G $name | grep -E '^(user staff|port|identityfile /keys)' | sed 's/^identityfile/key/' \
            | tr '\n' ' ' | sed 's/ $//')
        echo "$file, $name: $answer"
    done
done > seen
cat seen
cat > expected <<'END'
config, github-work: port 22 key /keys/work
config, box: port 22
final, github-work: port 443 key /keys/work key /keys/own
final, box: user staff port 22
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: one final line, and every Host line is read anew"
