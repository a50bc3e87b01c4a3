#!/bin/sh
# With a key that `ssh-add -h box` ties to box, ssh logs in to box; for programs on paramiko, asyncssh, libssh2 or ssh2 the agent refuses.
#
# Expected: "When adding keys, constrain them to be usable only through specific hosts" (ssh-add(1)): at that host they serve, whatever
#   program asks the agent; elsewhere they are hidden or refused.
# Seen: with OpenSSH 9.2p1 (Debian 1:9.2p1-2+deb12u10) the agent refuses to sign at the right host, too, unless the client has told it
#   beforehand which host it talks to, by a message of OpenSSH's own (session-bind@openssh.com). paramiko 5.1.0, asyncssh 2.24.1,
#   ssh2-python 1.2.0.post1 (libssh2) and npm's ssh2 1.17.0 do not. All list the key and choose it; three ask the server about it,
#   which accepts it (asyncssh on loopback).
# What goes wrong: ssh logs in, `ssh-add -l` shows the key without a mark, the server's log says that it would do, and each library fails in
#   words of its own, of which none names the host: "key cannot be used for signing", "No identities match", a plain refusal.
set -eu
folder=$(mktemp -d)
server=
trap 'for process in $server ${SSH_AGENT_PID:-}; do kill "$process" || true; done; rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download openssh-client=1:9.2p1-2+deb12u10
dpkg -x ./openssh-client_*.deb root
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . ssh2@1.17.0 > npm.log 2>&1 || { cat npm.log; exit 1; }
python3 -m venv python
./python/bin/pip -q --disable-pip-version-check install asyncssh==2.24.1 paramiko==5.1.0 ssh2-python==1.2.0.post1
PATH=$folder/root/usr/bin:$PATH
export PATH
unset SSH_AGENT_PID
for name in host key; do ssh-keygen -q -t ed25519 -N '' -C $name -f $name; done
cat > server.py <<'END'
import asyncio, asyncssh, os
class Server(asyncssh.SSHServer):
    def begin_auth(self, username):
        return True
    def public_key_auth_supported(self):
        return True
    def validate_public_key(self, username, key):
        print(username, flush=True)
        return True
async def main():
    server = await asyncssh.create_server(Server, "127.0.0.1", 0, server_host_keys=["host"], process_factory=lambda one: one.exit(0))
    open("port.part", "w").write(str(server.sockets[0].getsockname()[1]))
    os.rename("port.part", "port")
    await asyncio.sleep(60)
asyncio.run(main())
END
./python/bin/python server.py > accepted 2> errors &
server=$!
for turn in 1 2 3 4 5 6 7 8 9 10; do test -s port || sleep 1; done
port=$(cat port)
echo "[127.0.0.1]:$port $(cut -d' ' -f1,2 host.pub)" > known
eval "$(ssh-agent -s)" > made
ssh-add -q -H known -h "[127.0.0.1]:$port" key
rm key
cat > login.py <<'END'
import asyncio, socket, sys
import asyncssh, paramiko
from ssh2.session import Session
port = int(sys.argv[1])
def by_paramiko():
    client = paramiko.SSHClient()
    client.load_host_keys("known")
    client.connect("127.0.0.1", port, username="paramiko", look_for_keys=False)
def by_asyncssh():
    async def login():
        async with asyncssh.connect("127.0.0.1", port, username="asyncssh", known_hosts="known", config=None, client_keys=()) as one:
            await one.run("true")
    asyncio.run(login())
def by_libssh2():
    wire = socket.create_connection(("127.0.0.1", port))
    session = Session()
    session.handshake(wire)
    session.agent_auth("libssh2")
for name, login in (("paramiko", by_paramiko), ("asyncssh", by_asyncssh), ("libssh2", by_libssh2)):
    try:
        login()
        print(name, "logs in")
    except Exception as error:
        print(name, "raises", type(error).__name__)
END
cat > login.js <<'END'
const { Client } = require('ssh2')
const end = (word) => { console.log('ssh2', word); process.exit() }
new Client().on('ready', () => end('logs in')).on('error', (error) => { if (error.level === 'client-authentication') end('fails') })
  .connect({ host: '127.0.0.1', port: +process.argv[2], username: 'ssh2', agent: process.env.SSH_AUTH_SOCK })
END
{
    ./python/bin/python login.py "$port" 2> said
    timeout 20 node login.js "$port"
    timeout 20 ssh -n -T -F none -o BatchMode=yes -o UserKnownHostsFile=known -p "$port" ssh@127.0.0.1 2> said && echo ssh logs in
    ssh-add -l | sed 's/SHA256:[^ ]* //'
    echo "the server accepted the key of: $(sort -u accepted | tr '\n' ' ')"
} > seen
cat seen
cat > expected <<'END'
paramiko raises SSHException
asyncssh raises PermissionDenied
libssh2 raises AgentAuthenticationError
ssh2 fails
ssh logs in
256 key (ED25519)
the server accepted the key of: asyncssh libssh2 ssh ssh2 
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: accepted for all, signed for ssh"
