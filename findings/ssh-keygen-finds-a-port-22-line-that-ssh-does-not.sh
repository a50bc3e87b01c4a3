#!/bin/sh
# A known_hosts line `[HOST]:22` is found by `ssh-keygen -F '[HOST]:22'` and never by ssh.
#
# Expected: `[host]:port` is how known_hosts names a host at a port (sshd(8)), and ssh-keygen -F and ssh read the file by the same
#   code, so what the one finds the other trusts.
# Seen: with OpenSSH 9.2p1 (Debian 1:9.2p1-2+deb12u10) ssh looks for plain `HOST` at port 22, whatever way the port was given, and says
#   `No ED25519 host key is known for HOST`; `ssh-keygen -F HOST` finds nothing either. `[HOST]:2222` is found by both.
#   `ssh-keygen -R '[HOST]:22'` takes the line away as if it had been of use.
# What goes wrong: scripts that write "[$host]:$port $key" for every port make files that work at all ports but the usual one; the check
#   "is the host in known_hosts?" by ssh-keygen -F with the port says yes.
set -eu
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" || true; rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download openssh-client=1:9.2p1-2+deb12u10
dpkg -x ./openssh-client_*.deb root
python3 -m venv python
./python/bin/pip -q --disable-pip-version-check install asyncssh==2.24.1
for name in host user; do ./root/usr/bin/ssh-keygen -q -t ed25519 -N '' -C '' -f "$name"; done
cat > serve.py <<'END'
import asyncio, asyncssh, os
async def serve():
    server = await asyncssh.listen("127.0.0.1", 0, server_host_keys=["host"], authorized_client_keys=None)
    with open("port.part", "w") as file: file.write(str(server.get_port()))
    os.rename("port.part", "port")
    await server.wait_closed()
asyncio.run(serve())
END
# ssh believes that it speaks to port 22 of a host: a proxy command leads it to the server.
cat > through.py <<'END'
import os, socket, sys, threading
peer = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
def up():
    while data := os.read(0, 65536): peer.sendall(data)
    peer.shutdown(socket.SHUT_WR)
threading.Thread(target=up, daemon=True).start()
while data := peer.recv(65536): os.write(1, data)
END
./python/bin/python serve.py &
server=$!
tries=0
until [ -s port ]; do tries=$((tries + 1)); [ $tries -lt 100 ]; sleep 0.1; done
for port in 22 2222; do
    echo "[box.example]:$port $(cut -d' ' -f1,2 host.pub)" > known
    ./root/usr/bin/ssh-keygen -F "[box.example]:$port" -f known | sed -n 's/^# Host/ssh-keygen:/p'
    SSH_AUTH_SOCK='' ./root/usr/bin/ssh -T -F none -p "$port" -i user -o IdentitiesOnly=yes -o UserKnownHostsFile=known \
        -o ProxyCommand="python3 through.py $(cat port)" \
        -o GlobalKnownHostsFile=none -o StrictHostKeyChecking=yes -o BatchMode=yes dev@box.example 2>&1 | tr -d '\r' \
        | grep -E 'host key|Permission' | sed 's/^/ssh: /'
done > seen
cat seen
cat > expected <<'END'
ssh-keygen: [box.example]:22 found: line 1 
ssh: No ED25519 host key is known for box.example and you have requested strict checking.
ssh-keygen: [box.example]:2222 found: line 1 
ssh: dev@box.example: Permission denied ().
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: found by one, not by the other"
