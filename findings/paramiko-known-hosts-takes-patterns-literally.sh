#!/bin/sh
# paramiko loads a known_hosts file and then finds only the lines written in its own narrow way.
#
# Expected: paramiko's HostKeys is "a representation of an OpenSSH-style known hosts file". sshd(8): host names may be patterns, fields
#   are separated by spaces.
# Seen: with paramiko 5.1.0 `*.example`, `box?.example` and `[*.example]:2222` are loaded and compared letter by letter, so they match
#   no host; nothing is logged. Two spaces before the key type shift the fields: the key type is decoded as the key, and
#   `InvalidHostKey ... Incorrect padding` ends the reading of the whole file. asyncssh 2.24.1 and OpenSSH 9.2p1 (Debian
#   1:9.2p1-2+deb12u10, `ssh-keygen -F`) find the host in each of these lines.
# What goes wrong: a fleet's one line `*.corp.example KEY`, good for ssh, is `Server 'box.corp.example' not found in known_hosts` in
#   paramiko; a file with aligned columns is "a damaged key". One suspects a changed or missing host key.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download openssh-client=1:9.2p1-2+deb12u10
dpkg -x ./openssh-client_*.deb root
python3 -m venv python
./python/bin/pip -q --disable-pip-version-check install paramiko==5.1.0 asyncssh==2.24.1
./root/usr/bin/ssh-keygen -q -t ed25519 -N '' -f key
cat > read.py <<'END'
import logging, subprocess, sys
import asyncssh, paramiko
logging.basicConfig(level=logging.DEBUG, stream=sys.stdout)
key = " ".join(open("key.pub").read().split()[:2])
for names, gap, host, port in (
    ("box.example", " ", "box.example", 22),
    ("*.example", " ", "box.example", 22),
    ("box?.example", " ", "box1.example", 22),
    ("[*.example]:2222", " ", "box.example", 2222),
    ("box.example", "  ", "box.example", 22),
):
    open("known", "w").write(names + gap + key + "\n")
    asked = host if port == 22 else f"[{host}]:{port}"
    by_ssh = subprocess.run(["./root/usr/bin/ssh-keygen", "-F", asked, "-f", "known"], capture_output=True).returncode == 0
    by_asyncssh = bool(asyncssh.read_known_hosts("known").match(host, "", port)[0])
    try:
        by_paramiko = paramiko.HostKeys("known").lookup(asked) is not None
    except paramiko.hostkeys.InvalidHostKey as error:
        by_paramiko = f"InvalidHostKey ({error.args[1]})"
    print(f"{names}, {len(gap)} space(s): ssh {by_ssh}, asyncssh {by_asyncssh}, paramiko {by_paramiko}")
END
./python/bin/python read.py > seen
cat seen
cat > expected <<'END'
box.example, 1 space(s): ssh True, asyncssh True, paramiko True
*.example, 1 space(s): ssh True, asyncssh True, paramiko False
box?.example, 1 space(s): ssh True, asyncssh True, paramiko False
[*.example]:2222, 1 space(s): ssh True, asyncssh True, paramiko False
box.example, 2 space(s): ssh True, asyncssh True, paramiko InvalidHostKey (Incorrect padding)
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: paramiko knows only the first line"
