#!/bin/sh
# Two lines for one host in known_hosts: paramiko believes the first and calls the second a changed key.
#
# Expected: a host may have several keys, also of one type: "it is permissible (but not recommended) to have several lines or
#   different host keys for the same names" and authentication is accepted if one of them fits (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT).
# Seen: with paramiko 5.1.0 HostKeys.check() of the second key is False, and connect() raises BadHostKeyException "Host key for server
#   ... does not match", with the first line's key as what was expected. With the lines changed about it is the other key's turn.
#   asyncssh 2.24.1 trusts both; OpenSSH 9.2p1 (Debian 1:9.2p1-2+deb12u10, `ssh-keygen -F`) finds both lines, and ssh takes either.
# What goes wrong: a pool of machines behind one name, or a box made anew whose new key was appended, works in ssh and is "someone may
#   be in the middle" in fabric and ansible. The right key stands in the file, so no look at the file helps.
set -eu
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" || true; rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download openssh-client=1:9.2p1-2+deb12u10
dpkg -x ./openssh-client_*.deb root
python3 -m venv python
./python/bin/pip -q --disable-pip-version-check install paramiko==5.1.0 asyncssh==2.24.1
for name in old new user; do ./root/usr/bin/ssh-keygen -q -t ed25519 -N '' -C '' -f "$name"; done
# A server of asyncssh's that has the new key and lets nobody in.
cat > serve.py <<'END'
import asyncio, asyncssh
async def serve():
    server = await asyncssh.listen("127.0.0.1", 0, server_host_keys=["new"], authorized_client_keys=None)
    with open("port.part", "w") as file: file.write(str(server.get_port()))
    import os; os.rename("port.part", "port")
    await server.wait_closed()
asyncio.run(serve())
END
./python/bin/python serve.py &
server=$!
tries=0
until [ -s port ]; do tries=$((tries + 1)); [ $tries -lt 100 ]; sleep 0.1; done
port=$(cat port)
for name in old new; do echo "[127.0.0.1]:$port $(cut -d' ' -f1,2 "$name.pub")"; done > known
cat > connect.py <<'END'
import asyncssh, paramiko, sys
port = int(sys.argv[1])
client = paramiko.SSHClient()
client.load_host_keys("known")
try:
    client.connect("127.0.0.1", port, username="dev", key_filename="user", allow_agent=False, look_for_keys=False)
except Exception as error:
    print("paramiko:", type(error).__name__)
print("asyncssh trusts", len(set(asyncssh.read_known_hosts("known").match("127.0.0.1", "", port)[0])), "keys")
END
{
    ./python/bin/python connect.py "$port"
    SSH_AUTH_SOCK='' ./root/usr/bin/ssh -T -F none -p "$port" -i user -o IdentitiesOnly=yes -o UserKnownHostsFile=known \
        -o GlobalKnownHostsFile=none -o StrictHostKeyChecking=yes -o BatchMode=yes dev@127.0.0.1 2>&1 | tr -d '\r' \
        | sed 's/^/ssh: /'
} > seen
cat seen
cat > expected <<'END'
paramiko: BadHostKeyException
asyncssh trusts 2 keys
ssh: dev@127.0.0.1: Permission denied ().
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: ssh gets as far as the user's key, paramiko stops at the host's"
