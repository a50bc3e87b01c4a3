#!/bin/sh
# One equals sign inside a quoted Match exec, and AsyncSSH can't read the whole ssh_config, for any host.
#
# Expected: ssh_config(5) lets one `=` stand between keyword and value; any further one, above all in quotes, is part of the value.
# Seen: asyncssh 2.24.1 splits `Match exec "test %h = box"` at the sign: ConfigParseError `Invalid match condition box`, which names the
#   word behind the sign. `ProxyCommand sh -c "x=1; ..."` is read well. OpenSSH 9.2p1 (Debian 1:9.2p1-2+deb12u10) and paramiko 5.1.0 read
#   both. A Match that is of another host does it, too: the file is lost for all.
# What goes wrong: a program on AsyncSSH stops before it connects, on a file with which ssh works, and complains of a condition that
#   nobody wrote.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download openssh-client=1:9.2p1-2+deb12u10
dpkg -x ./openssh-client_*.deb root
python3 -m venv python
./python/bin/pip -q --disable-pip-version-check install paramiko==5.1.0 asyncssh==2.24.1
cat > read.py <<'END'
import subprocess
import asyncssh, paramiko

for text in ('Match exec "test -n %h"', 'Match exec "test %h = box"', 'Match host other exec "test %h = box"', 'ProxyCommand sh -c "x=1; nc %h %p"'):
    open("config", "w").write(f"{text}\nHost *\n    Port 2222\n")
    asked = subprocess.run(["./root/usr/bin/ssh", "-T", "-F", "config", "-G", "box"], capture_output=True, text=True, check=True)
    by_ssh = next(row.split()[1] for row in asked.stdout.splitlines() if row.startswith("port "))
    by_paramiko = paramiko.SSHConfig.from_path("config").lookup("box")["port"]
    try:
        by_asyncssh = asyncssh.SSHClientConnectionOptions(config="config", host="box").port
    except ValueError as error:
        by_asyncssh = f"{type(error).__name__}: {' '.join(str(error).split())}"
    print(f"{' '.join(text.split())}: port {by_ssh} to ssh, {by_paramiko} to paramiko; asyncssh: {by_asyncssh}")
END
./python/bin/python read.py > seen
cat seen
cat > expected <<'END'
Match exec "test -n %h": port 2222 to ssh, 2222 to paramiko; asyncssh: 2222
Match exec "test %h = box": port 2222 to ssh, 2222 to paramiko; asyncssh: ConfigParseError: config line 1: Invalid match condition box
Match host other exec "test %h = box": port 2222 to ssh, 2222 to paramiko; asyncssh: ConfigParseError: config line 1: Invalid match condition box
ProxyCommand sh -c "x=1; nc %h %p": port 2222 to ssh, 2222 to paramiko; asyncssh: 2222
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: the second sign is one too many"
