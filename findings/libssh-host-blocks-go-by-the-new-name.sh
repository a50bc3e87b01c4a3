#!/bin/sh
# libssh compares Host lines with the new name once a HostName was read; ssh goes by what was typed, to the end of the file.
#
# Expected: ssh_config(5): "The host is usually the hostname argument given on the command line"; a HostName changes where ssh connects, and
#   what `Match host` sees, but not which Host blocks apply.
# Seen: with libssh 0.10.6 (Debian 0.10.6-0+deb12u3) the block of `Host box` sets HostName real.example, and the later `Host real.example`
#   applies as well; a later `Host box` no longer does, and `Match originalhost box` never. OpenSSH 9.2p1 (Debian
#   1:9.2p1-2+deb12u10, `ssh -G`) has it the other way round.
# What goes wrong: with an alias and a block for the real host in one file, a program on libssh logs in as the other block's user, with
#   its key, or loses settings that stand in a second block of the alias.
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
    look 'Host box\n    HostName real.example\nHost real.example\n    User other\n' 'a later Host real.example'
    look 'Host box\n    HostName real.example\nHost box\n    User deploy\n' 'a later Host box'
    look 'Host box\n    HostName real.example\nMatch originalhost box\n    User deploy\n' 'a later Match originalhost box'
    look 'Host box\n    HostName real.example\nMatch host real.example\n    User deploy\n' 'a later Match host real.example'
} > seen
cat seen
cat > expected <<'END'
a later Host real.example: ssh (own name) at real.example; libssh other at real.example
a later Host box: ssh deploy at real.example; libssh (own name) at real.example
a later Match originalhost box: ssh deploy at real.example; libssh (own name) at real.example
a later Match host real.example: ssh deploy at real.example; libssh deploy at real.example
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: a new name, other blocks"
