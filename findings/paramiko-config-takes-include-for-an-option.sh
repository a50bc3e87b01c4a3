#!/bin/sh
# paramiko's SSHConfig takes an Include line for an option called "include", and reads nothing of what it names.
#
# Expected: paramiko reads ssh_config as of OpenSSH 7.3 or newer, or says at the line that it can't, as it does for a bad Match.
# Seen: with paramiko 5.1.0 `Include FILE` gives no error and no log line; `lookup` returns it as one more setting, {'include': 'FILE'},
#   and the host's own settings in that file are missing. AsyncSSH 2.24.1 and OpenSSH 9.2p1 (Debian 1:9.2p1-2+deb12u10) read the file.
# What goes wrong: with ~/.ssh/config split into files (as tools that manage it do), Fabric or a script connects to the alias itself, as
#   the local user, with the default keys: an unknown host or a refused key, where ssh works.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download openssh-client=1:9.2p1-2+deb12u10
dpkg -x ./openssh-client_*.deb root
python3 -m venv python
./python/bin/pip -q --disable-pip-version-check install paramiko==5.1.0 asyncssh==2.24.1
printf 'Include %s/hosts\nHost *\n  Port 2222\n' "$folder" > config
printf 'Host box\n  HostName box.example\n  User deploy\n' > hosts
cat > read.py <<'END'
import logging, os, sys
import asyncssh, paramiko
logging.basicConfig(level=logging.DEBUG, stream=sys.stdout)
logging.getLogger("asyncssh").setLevel(logging.WARNING)
found = paramiko.SSHConfig.from_path("config").lookup("box")
found["include"] = os.path.basename(found["include"])
print("paramiko", found)
found = asyncssh.SSHClientConnectionOptions(config="config", host="box")
print("asyncssh", found.host, found.username, found.port)
END
{
    ./root/usr/bin/ssh -T -F config -G box > all
    echo "ssh $(sed -n 's/^hostname //p' all) $(sed -n 's/^user //p' all) $(sed -n 's/^port //p' all)"
    ./python/bin/python read.py
} > seen
cat seen
cat > expected <<'END'
ssh box.example deploy 2222
paramiko {'include': 'hosts', 'port': '2222', 'hostname': 'box'}
asyncssh box.example deploy 2222
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: what is included is not read"
