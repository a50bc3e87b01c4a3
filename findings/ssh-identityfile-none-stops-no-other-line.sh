#!/bin/sh
# `IdentityFile none` does not stop the other IdentityFile lines: those of later blocks and of -i are tried all the same.
#
# Expected: ssh_config(5): "an argument of none may be used to indicate no identity files should be loaded". First come, first served, so
#   none in the host's own block ends it, as it does for ProxyJump and UserKnownHostsFile.
# Seen: with OpenSSH 9.2p1 (Debian 1:9.2p1-2+deb12u10) none takes away the default files only, as any other IdentityFile would. The file of
#   a later `Host *` is loaded, and so is that of -i next to -o IdentityFile=none; `ssh -v` attempts it. Of ProxyJump and
#   UserKnownHostsFile, set in the same two blocks, none counts.
# What goes wrong: "none" for a host that shall see only the agent's keys still hands it the fleet's key from `Host *`, which uses up
#   MaxAuthTries or logs in as somebody else at a git host.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download openssh-client=1:9.2p1-2+deb12u10
dpkg -x ./openssh-client_*.deb root
for name in fleet mine; do ./root/usr/bin/ssh-keygen -q -t ed25519 -N '' -f $name; done
cat > config <<END
Host box
    IdentityFile none
    ProxyJump none
    UserKnownHostsFile none
Host *
    IdentityFile $folder/fleet
    ProxyJump jump
    UserKnownHostsFile $folder/known
END
ask() { ./root/usr/bin/ssh -T "$@" -G box | grep -E '^(identityfile|proxyjump|userknownhostsfile) ' | sed "s|$folder/||"; }
{
    ask -F config
    echo "-o IdentityFile=none -i mine:"
    ask -F none -o IdentityFile=none -i "$folder/mine" | grep identityfile
    echo "-o IdentityFile=none:"
    ask -F none -o IdentityFile=none | grep identityfile
} > seen
cat seen
cat > expected <<'END'
identityfile none
identityfile fleet
userknownhostsfile none
-o IdentityFile=none -i mine:
identityfile none
identityfile mine
-o IdentityFile=none:
identityfile none
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: none is one more file, of no name"
