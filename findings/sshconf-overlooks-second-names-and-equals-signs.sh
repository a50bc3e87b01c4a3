#!/bin/sh
# sshconf changes a host's user in ~/.ssh/config, says nothing, and ssh goes on with the old one: it had not seen `User=git`.
#
# Expected: a library "for reading and modifying your ssh/config file" finds an option in each spelling that ssh_config(5) allows, `User=git` and
#   `User = git` too, and a host by each name of its Host line; set() makes the new value the one in force, or raises.
# Seen: sshconf 0.2.7 takes only a blank or tab for the separator. host() leaves `User=git` out, and set() puts a second line `User dev` behind
#   the last option that it knows; ssh (OpenSSH 9.2p1, Debian 1:9.2p1-2+deb12u10) takes the first. `User = git` is the user `= git`.
#   `Host box crate` is one host of the name "box crate": host() of box is empty, set() raises `not found`, and add() makes a second
#   block at the end, which ssh passes over for the first.
# What goes wrong: a tool reports that the host was switched to another user or key, the file shows the new line, and ssh offers the old
#   one: `Permission denied (publickey)`.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download openssh-client=1:9.2p1-2+deb12u10
dpkg -x ./openssh-client_*.deb root
python3 -m venv python
./python/bin/pip -q --disable-pip-version-check install sshconf==0.2.7
cat > config <<'END'
Host plain
    User git
Host equals
    User=git
    Port 22
Host spaced
    User = git
Host box crate
    User git
END
cat > change.py <<'END'
from sshconf import read_ssh_config
config = read_ssh_config("config")
for name in ("plain", "equals", "spaced", "box"):
    before = config.host(name).get("user")
    try:
        config.set(name, User="dev")
        after = "set"
    except ValueError as error:
        config.add(name, User="dev")
        after = f"{error}; added"
    print(f"{name}: sshconf read {before}; {after}")
config.write("changed")
END
{
    ./python/bin/python change.py
    for name in plain equals spaced box; do
        echo "$name: ssh takes $(./root/usr/bin/ssh -T -F changed -G $name | sed -n 's/^user //p')"
    done
} > seen
cat seen
cat > expected <<'END'
plain: sshconf read git; set
equals: sshconf read None; set
spaced: sshconf read = git; set
box: sshconf read None; Host box: not found; added
plain: ssh takes dev
equals: ssh takes git
spaced: ssh takes dev
box: ssh takes git
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: changed for sshconf, unchanged for ssh"
