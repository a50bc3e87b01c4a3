#!/bin/sh
# Node's ssh2 offers the agent's keys and leaves out its certificates, without a word.
#
# Expected: what `ssh-add -l` lists is what a client offers from the agent; the agent signs for a certificate as for a key, so a client
#   needs to know nothing of certificates (libssh2, PuTTY and net-ssh hand them through).
# Seen: with ssh2 1.17.0 an agent that holds key, its certificate and other gets key and other offered. OpenSSH 9.2p1 (Debian
#   1:9.2p1-2+deb12u10) and ssh2-python 1.2.0.post1 (libssh2) offer all three. The server here (asyncssh 2.24.1 on loopback) takes only
#   certificates.
# What goes wrong: `ssh` and `curl` log in to a fleet that trusts a CA, and a Node program with the same agent, VS Code extensions and CI runners
#   among them, gets `All configured authentication methods failed`; the bare key that it did offer fills the server's log.
set -eu
folder=$(mktemp -d)
server=
trap 'for process in $server ${SSH_AGENT_PID:-}; do kill "$process" || true; done; rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download openssh-client=1:9.2p1-2+deb12u10
dpkg -x ./openssh-client_*.deb root
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . ssh2@1.17.0 > npm.log 2>&1 || { cat npm.log; exit 1; }
python3 -m venv python
./python/bin/pip -q --disable-pip-version-check install asyncssh==2.24.1 ssh2-python==1.2.0.post1
PATH=$folder/root/usr/bin:$PATH
export PATH
unset SSH_AGENT_PID
for name in host ca key other; do ssh-keygen -q -t ed25519 -N '' -C $name -f $name; done
ssh-keygen -q -s ca -I test key.pub
eval "$(ssh-agent -s)" > made
ssh-add -q key
ssh-add -q other
rm key other
cat > server.py <<'END'
import asyncio, asyncssh, os
names = {asyncssh.read_public_key(name + ".pub").get_fingerprint(): name for name in ("key", "other", "ca")}
class Server(asyncssh.SSHServer):
    def begin_auth(self, username):
        return True
    def public_key_auth_supported(self):
        return True
    def validate_public_key(self, username, key):
        print(username, "offers", names[key.get_fingerprint()], flush=True)
        return False
    def validate_ca_key(self, username, key):
        print(username, "offers a certificate", flush=True)
        return True
async def main():
    server = await asyncssh.create_server(Server, "127.0.0.1", 0, server_host_keys=["host"], process_factory=lambda one: one.exit(0))
    open("port.part", "w").write(str(server.sockets[0].getsockname()[1]))
    os.rename("port.part", "port")
    await asyncio.sleep(60)
asyncio.run(main())
END
cat > login.py <<'END'
import socket, sys
from ssh2.session import Session
wire = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
session = Session()
session.handshake(wire)
session.agent_auth("libssh2")
print("libssh2 logs in")
END
cat > login.js <<'END'
const { Client } = require('ssh2')
const end = (word) => { console.log('ssh2', word); process.exit() }
new Client().on('ready', () => end('logs in')).on('error', (error) => end(error.message))
  .connect({ host: '127.0.0.1', port: +process.argv[2], username: 'ssh2', agent: process.env.SSH_AUTH_SOCK })
END
./python/bin/python server.py > offers 2> errors &
server=$!
for turn in 1 2 3 4 5 6 7 8 9 10; do test -s port || sleep 1; done
port=$(cat port)
{
    ssh-add -l | sed 's/SHA256:[^ ]* //'
    timeout 20 ssh -n -T -F none -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=known -p "$port" ssh@127.0.0.1 \
        2> said && echo ssh logs in
    timeout 20 ./python/bin/python login.py "$port"
    timeout 20 node login.js "$port"
    uniq offers
} > seen
cat seen
cat > expected <<'END'
256 key (ED25519)
256 key (ED25519-CERT)
256 other (ED25519)
ssh logs in
libssh2 logs in
ssh2 All configured authentication methods failed
ssh offers key
ssh offers a certificate
libssh2 offers key
libssh2 offers a certificate
ssh2 offers key
ssh2 offers other
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: three in the agent, two for ssh2"
