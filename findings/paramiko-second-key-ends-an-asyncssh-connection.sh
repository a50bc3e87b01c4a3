#!/bin/sh
# paramiko gets to try one key at an AsyncSSH server: with the second one the server hangs up.
#
# Expected: keys are offered one after another on one connection (RFC 4252), up to a limit of the server's. Both are well-known
#   libraries for Python, and each works with OpenSSH at the other end.
# Seen: paramiko 5.1.0 and 3.5.1 ask for the service ssh-userauth anew before each key; asyncssh 2.24.1 allows that once and disconnects:
#   `Unexpected service in service request`. key_filename=[wrong, right] raises AuthenticationException "transport shut down or saw EOF"
#   from files, SSHException "No existing session" from the agent. The right key alone logs in. OpenSSH 9.2p1 (Debian
#   1:9.2p1-2+deb12u10) asks once and gets in with the second of the same keys.
# What goes wrong: fabric, pysftp or an Ansible module logs in to an SFTP server that is built on AsyncSSH, until somebody adds a key to the
#   agent. The error looks like a cut network line, and the server's log has one key and no refusal of the other.
set -eu
folder=$(mktemp -d)
server=
trap 'test -z "$server" || kill "$server" || true; rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download openssh-client=1:9.2p1-2+deb12u10
dpkg -x ./openssh-client_*.deb root
for version in 5.1.0 3.5.1; do
    python3 -m venv python-$version
    ./python-$version/bin/pip -q --disable-pip-version-check install paramiko==$version
done
./python-5.1.0/bin/pip -q --disable-pip-version-check install asyncssh==2.24.1
for name in host wrong right; do ./root/usr/bin/ssh-keygen -q -t ed25519 -N '' -C $name -f $name; done
cat > server.py <<'END'
import asyncio, asyncssh, os
names = {asyncssh.read_public_key(name + ".pub").get_fingerprint(): name for name in ("wrong", "right")}
class Server(asyncssh.SSHServer):
    def begin_auth(self, username):
        return True
    def public_key_auth_supported(self):
        return True
    def validate_public_key(self, username, key):
        name = names[key.get_fingerprint()]
        print(username, name, flush=True)
        return name == "right"
async def main():
    server = await asyncssh.create_server(Server, "127.0.0.1", 0, server_host_keys=["host"], process_factory=lambda one: one.exit(0))
    open("port.part", "w").write(str(server.sockets[0].getsockname()[1]))
    os.rename("port.part", "port")
    await asyncio.sleep(60)
asyncio.run(main())
END
cat > login.py <<'END'
import sys
import paramiko
for user, files in (("both", ["wrong", "right"]), ("one", ["right"])):
    client = paramiko.SSHClient()
    client.set_missing_host_key_policy(paramiko.AutoAddPolicy())
    name = f"paramiko-{paramiko.__version__}-{user}"
    try:
        client.connect("127.0.0.1", int(sys.argv[1]), username=name, key_filename=files, look_for_keys=False, allow_agent=False)
        print(f"{name}: logs in")
    except paramiko.SSHException as error:
        print(f"{name}: {error}")
    client.close()
END
./python-5.1.0/bin/python server.py > offers 2> errors &
server=$!
for turn in 1 2 3 4 5 6 7 8 9 10; do test -s port || sleep 1; done
port=$(cat port)
{
    for version in 5.1.0 3.5.1; do timeout 60 ./python-$version/bin/python login.py "$port" 2> said; done
    timeout 20 ./root/usr/bin/ssh -n -T -F none -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=known \
        -o IdentityAgent=none -o IdentitiesOnly=yes -i wrong -i right -p "$port" ssh-both@127.0.0.1 2> said && echo "ssh-both: logs in"
    echo "the server was asked about:"
    uniq offers
} > seen
cat seen
cat > expected <<'END'
paramiko-5.1.0-both: Authentication failed: transport shut down or saw EOF
paramiko-5.1.0-one: logs in
paramiko-3.5.1-both: Authentication failed: transport shut down or saw EOF
paramiko-3.5.1-one: logs in
ssh-both: logs in
the server was asked about:
paramiko-5.1.0-both wrong
paramiko-5.1.0-one right
paramiko-3.5.1-both wrong
paramiko-3.5.1-one right
ssh-both wrong
ssh-both right
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: the second key is never asked about"
