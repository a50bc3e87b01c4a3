#!/bin/sh
# `ssh -l ann bob@box` logs in as ann, `ssh bob@box -l ann` as bob: the user at the host is one option among others.
#
# Expected: the destination is the most specific word, so bob@box means bob, and -l or -o User= gives the user where the destination names
#   none. Or else the last word wins, as in most programs.
# Seen: with OpenSSH 9.2p1 (Debian 1:9.2p1-2+deb12u10) the first of them on the line wins, the destination's user and port too: ssh reads
#   options and destination in turn, and each is taken only where none was set before. `-o Port=5 -p 6` is port 5,
#   `-p 6 ssh://box:2222` port 6. No word tells that the other was dropped.
# What goes wrong: an alias or a wrapper that puts `-l` or `-o User=` in front makes every `git@host` another user, and the host says
#   `Permission denied (publickey)` to a key that is registered; the same options behind the host change nothing at all.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download openssh-client=1:9.2p1-2+deb12u10
dpkg -x ./openssh-client_*.deb root
ask() { echo "$*: $(./root/usr/bin/ssh -T -F none -G "$@" | sed -n -E 's/^(user|port) //p' | tr '\n' ' ')"; }
{
    ask -l ann bob@box
    ask bob@box -l ann
    ask -o User=ann bob@box
    ask bob@box -o User=ann
    ask -o Port=5 -p 6 bob@box
    ask -p 6 ssh://bob@box:2222
    ask ssh://bob@box:2222 -p 6
} > seen
cat seen
cat > expected <<'END'
-l ann bob@box: ann 22 
bob@box -l ann: bob 22 
-o User=ann bob@box: ann 22 
bob@box -o User=ann: bob 22 
-o Port=5 -p 6 bob@box: bob 5 
-p 6 ssh://bob@box:2222: bob 6 
ssh://bob@box:2222 -p 6: bob 2222 
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: what stands first wins"
