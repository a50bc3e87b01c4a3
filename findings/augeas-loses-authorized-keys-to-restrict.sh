#!/bin/sh
# One `restrict` in authorized_keys, or one security key, and Augeas reads no line of the file; an ssh_config it loses to a comment or an indent.
#
# Expected: Augeas has lenses for authorized_keys and ssh_config, by which Puppet and other tools edit single lines and leave the rest as it
#   is. sshd(8) has restrict, expiry-time= and sk-ssh-ed25519@openssh.com, and lets a line begin with blanks; what a lens does not
#   know would be missing from the tree, line by line.
# Seen: Augeas 1.14.0 (Debian 1.14.0-1+deb12u1): each of these makes the whole file unread: nothing below /files, the reason (`Iterated lens
#   matched less than it should`) stands only below /augeas//error, and augtool's `match` prints `(no matches)` and ends with 0. So
#   does a `Match all`, a comment behind a value or an indented Host line in ssh_config. OpenSSH 9.2p1 (Debian
#   1:9.2p1-2+deb12u10, `ssh-keygen -l` and `ssh -G`) reads all of them.
# What goes wrong: a check "is this key installed" says no of every key, from the day on which one colleague's line got `restrict`; a change of
#   one option can't be saved, for a line that has nothing to do with it.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download augeas-tools=1.14.0-1+deb12u1 libaugeas0=1.14.0-1+deb12u1 augeas-lenses=1.14.0-1+deb12u1 \
    openssh-client=1:9.2p1-2+deb12u10
for package in ./*.deb; do dpkg -x "$package" root; done
export LD_LIBRARY_PATH="$folder/root/usr/lib/x86_64-linux-gnu"
keygen=./root/usr/bin/ssh-keygen
for name in first second; do $keygen -q -t ed25519 -N '' -C $name -f $name; done
security=sk-ssh-ed25519@openssh.com
python3 - $security > security.pub <<'END'
import base64, struct, sys
parts = sys.argv[1].encode(), b"\x42" * 32, b"ssh:"
print(sys.argv[1], base64.b64encode(b"".join(struct.pack(">I", len(part)) + part for part in parts)).decode(), "token")
END
mkdir tree
# Counts what a lens gives for a path in a file.
count() {
    printf 'set /augeas/load/X/lens %s\nset /augeas/load/X/incl /file\nload\nmatch /files/file/%s\n' "$1" "$2" \
        | ./root/usr/bin/augtool --root tree --include root/usr/share/augeas/lenses/dist --noautoload > found
    if grep -q '(no matches)' found; then echo '(no matches)'; else grep -c '^/files' found; fi
}
keys() {
    { cat first.pub; cat; } > tree/file
    echo "keys, $1: ssh $($keygen -lf tree/file | grep -c SHA256), Augeas $(count Authorized_Keys.lns key)"
}
config() {
    { printf 'Host first\n    User dev\n'; cat; } > tree/file
    echo "config, $1: ssh $(./root/usr/bin/ssh -T -F tree/file -G first | sed -n 's/^user //p'), Augeas $(count Ssh.lns "Host[. = 'first']/User")"
}
{
    keys 'another key' < second.pub
    sed 's/^/command="run" /' second.pub | keys 'command='
    sed 's/^/restrict /' second.pub | keys 'restrict'
    sed 's/^/expiry-time="20990101" /' second.pub | keys 'expiry-time='
    sed 's/^/  /' second.pub | keys 'a blank in front'
    keys 'a security key' < security.pub
    printf 'Host second\n    Port 22\n' | config 'another host'
    printf 'Match host second\n    Port 22\n' | config 'Match host'
    printf 'Match all\n    Port 22\n' | config 'Match all'
    printf 'Host second\n    Port 22 # ssh\n' | config 'a comment'
    printf '  Host second\n    Port 22\n' | config 'an indented Host'
} > seen
cat seen
cat > expected <<'END'
keys, another key: ssh 2, Augeas 2
keys, command=: ssh 2, Augeas 2
keys, restrict: ssh 2, Augeas (no matches)
keys, expiry-time=: ssh 2, Augeas (no matches)
keys, a blank in front: ssh 2, Augeas (no matches)
keys, a security key: ssh 2, Augeas (no matches)
config, another host: ssh dev, Augeas 1
config, Match host: ssh dev, Augeas 1
config, Match all: ssh dev, Augeas (no matches)
config, a comment: ssh dev, Augeas (no matches)
config, an indented Host: ssh dev, Augeas (no matches)
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: one line, and no line is there"
