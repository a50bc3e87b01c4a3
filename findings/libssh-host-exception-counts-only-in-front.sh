#!/bin/sh
# libssh applies `Host * !box` to box: an exception counts only if it stands before what it is an exception of.
#
# Expected: ssh_config(5): "If a negated entry is matched, then the Host entry is ignored, regardless of whether any other patterns on the
#   line match."
# Seen: libssh 0.10.6 (Debian 0.10.6-0+deb12u3) gives box the options of `Host * !box`, and not those of `Host !box *`. In a Match line,
#   `host *,!box`, it heeds the exception in either place. OpenSSH 9.2p1 (Debian 1:9.2p1-2+deb12u10, `ssh -G`) leaves box out of all three.
# What goes wrong: "all but the jump host", written in the usual order, makes a program on libssh log in to the jump host as the fleet's
#   user, with the fleet's key: refused, where ssh is let in.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download openssh-client=1:9.2p1-2+deb12u10 libssh-4=0.10.6-0+deb12u3 \
    libssh-dev=0.10.6-0+deb12u3
for package in ./*.deb; do dpkg -x "$package" root; done
cat > look.c <<'END'
#include <stdio.h>
#include <libssh/libssh.h>
int main(void) {
    ssh_session session = ssh_new();
    char *host = NULL, *user = NULL;
    ssh_options_set(session, SSH_OPTIONS_HOST, "box");
    ssh_options_parse_config(session, "config");
    ssh_options_get(session, SSH_OPTIONS_HOST, &host);
    if (ssh_options_get(session, SSH_OPTIONS_USER, &user) != SSH_OK || user == NULL) user = "(own name)";
    printf("%s at %s\n", user, host);
    return 0;
}
END
library=$(find root -name 'libssh.so.4.*')
cc -Iroot/usr/include -o look look.c "$library" -Wl,-rpath,"$folder/$(dirname "$library")"
look() {
    printf "$1" > config
    ./root/usr/bin/ssh -T -F config -G box > all
    user=$(sed -n 's/^user //p' all)
    [ "$user" != "$(id -un)" ] || user="(own name)"
    echo "$2: ssh $user at $(sed -n 's/^hostname //p' all); libssh $(./look)"
}
{
    look 'Host * !box\n    User fleet\n' 'Host * !box'
    look 'Host !box *\n    User fleet\n' 'Host !box *'
    look 'Match host *,!box\n    User fleet\n' 'Match host *,!box'
} > seen
cat seen
cat > expected <<'END'
Host * !box: ssh (own name) at box; libssh fleet at box
Host !box *: ssh (own name) at box; libssh (own name) at box
Match host *,!box: ssh (own name) at box; libssh (own name) at box
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: the exception that comes last is none"
