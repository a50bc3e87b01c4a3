#!/bin/sh
# asyncssh reads ~/.ssh/config like ssh, and ends at the first IdentityFile that is missing or public.
#
# Expected: ssh passes over an IdentityFile that does not exist (its own seven defaults seldom do), and takes a public file to pick
#   that key from the agent (ssh_config(5), IdentitiesOnly and IdentityFile). asyncssh "supports" IdentityFile of OpenSSH's
#   configuration.
# Seen: with asyncssh 2.24.1 a missing file raises `FileNotFoundError: [Errno 2] No such file or directory`, a public one
#   `KeyImportError: Invalid private key`, both before any connection, and though another IdentityFile of the host is good.
#   OpenSSH 9.2p1 (Debian 1:9.2p1-2+deb12u10) lists all three files and goes on. asyncssh passes over its own missing defaults.
# What goes wrong: one configuration for several machines, each with a part of the keys, works with ssh everywhere and in asyncssh
#   nowhere; and the error has no host, no line and no word of ssh's configuration, so it looks like a bug of the program above it.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download openssh-client=1:9.2p1-2+deb12u10
dpkg -x ./openssh-client_*.deb root
python3 -m venv python
./python/bin/pip -q --disable-pip-version-check install asyncssh==2.24.1
./root/usr/bin/ssh-keygen -q -t ed25519 -N '' -C good -f good
cp good.pub agents.pub
cat > ask.py <<'END'
import asyncssh, sys
try:
    options = asyncssh.SSHClientConnectionOptions(config=["config"], host="box.example")
    print("asyncssh:", len(options.client_keys), "key")
except Exception as error:
    print("asyncssh:", type(error).__name__, str(error).replace(sys.argv[1], "FOLDER"))
END
for second in '' missing agents.pub; do
    {
        echo 'Host box.example'
        echo "    IdentityFile $folder/good"
        [ -z "$second" ] || echo "    IdentityFile $folder/$second"
    } > config
    echo "good and ${second:-no other}"
    SSH_AUTH_SOCK='' ./python/bin/python ask.py "$folder"
    # Nobody listens at port 1: ssh gets as far as to try.
    SSH_AUTH_SOCK='' ./root/usr/bin/ssh -T -F config -p 1 -o HostName=127.0.0.1 -o BatchMode=yes box.example 2>&1 | tr -d '\r'
done > seen
cat seen
cat > expected <<'END'
good and no other
asyncssh: 1 key
ssh: connect to host 127.0.0.1 port 1: Connection refused
good and missing
asyncssh: FileNotFoundError [Errno 2] No such file or directory: 'FOLDER/missing'
ssh: connect to host 127.0.0.1 port 1: Connection refused
good and agents.pub
asyncssh: KeyImportError Invalid private key
ssh: connect to host 127.0.0.1 port 1: Connection refused
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: ssh goes on, asyncssh raises"
