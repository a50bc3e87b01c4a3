#!/bin/sh
# curl has the agent sign with a FIDO key, so its owner touches the token, and is refused all the same with a key that the server takes.
#
# Expected: an agent does the signing, and a client hands on what it gets (RFC 4252 section 7; PROTOCOL.u2f of OpenSSH: what follows the
#   signature belongs to it), so a key that only the agent can use works in each program that asks an agent, as it does with ssh and plink.
# Seen: libssh2 1.10.0 under curl 7.88.1 (Debian 7.88.1-10+deb12u15) offers the key, OpenSSH 9.2p1's sshd (Debian 1:9.2p1-2+deb12u10)
#   accepts it, the agent is asked to sign, and sshd writes `Failed publickey`. libssh2 1.11.1 fails in the same way, and with it cargo and
#   libgit2. ssh 9.2p1 and plink 0.78 (Debian 0.78-2+deb12u2) log in with that agent. The agent here is a small one with a key in memory,
#   which signs as PROTOCOL.u2f of OpenSSH says.
# What goes wrong: ssh works, the key is in authorized_keys, the token blinks and is touched: everything points at the server. Only a key of
#   another kind helps, or git in the place of cargo's and libgit2's own fetching.
set -eu
folder=$(mktemp -d)
server=
agent=
trap 'for each in $server $agent; do kill "$each" || true; done; rm -rf "$folder"' EXIT
cd "$folder"
chmod 755 "$folder"
apt-get -qq -o APT::Sandbox::User=root download openssh-client=1:9.2p1-2+deb12u10 openssh-server=1:9.2p1-2+deb12u10 \
    openssh-sftp-server=1:9.2p1-2+deb12u10 putty-tools=0.78-2+deb12u2 curl=7.88.1-10+deb12u15 libcurl4=7.88.1-10+deb12u15 libssh2-1=1.10.0-3+deb12u1
for package in ./*.deb; do dpkg -x "$package" root; done
PATH=$folder/root/usr/bin:$PATH
LD_LIBRARY_PATH=$(echo "$folder"/root/usr/lib/*-linux-gnu)
SSH_AUTH_SOCK=$folder/agent
HOME=$folder
export PATH LD_LIBRARY_PATH SSH_AUTH_SOCK HOME
python3 -m venv python
./python/bin/pip -q --disable-pip-version-check install cryptography==50.0.2
cat > agent.py <<'END'
import base64, hashlib, socket, struct
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
text = lambda data: struct.pack(">I", len(data)) + data
key = Ed25519PrivateKey.generate()
kind, application = b"sk-ssh-ed25519@openssh.com", b"ssh:"
blob = text(kind) + text(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)) + text(application)
listener = socket.socket(socket.AF_UNIX)
listener.bind("agent")
listener.listen()
with open("key.pub", "w") as file:
    file.write(kind.decode() + " " + base64.b64encode(blob).decode() + "\n")
def answer(message):
    if message[0] == 11:
        return b"\x0c" + struct.pack(">I", 1) + text(blob) + text(b"token")
    if message[0] != 13:
        return b"\x05"
    print("signs", flush=True)
    length, = struct.unpack(">I", message[1:5])
    size, = struct.unpack(">I", message[5 + length:9 + length])
    data, flags = message[9 + length:9 + length + size], b"\x01" + struct.pack(">I", 7)
    signature = key.sign(hashlib.sha256(application).digest() + flags + hashlib.sha256(data).digest())
    return b"\x0e" + text(text(kind) + text(signature) + flags)
while True:
    client = listener.accept()[0]
    while len(length := client.recv(4, socket.MSG_WAITALL)) == 4:
        client.sendall(text(answer(client.recv(struct.unpack(">I", length)[0], socket.MSG_WAITALL))))
END
./python/bin/python agent.py > signed 2> agent.log &
agent=$!
tries=0
until [ -s key.pub ]; do
    tries=$((tries + 1))
    [ $tries -lt 50 ] || { cat agent.log; exit 1; }
    sleep 0.1
done
[ "$(id -u)" != 0 ] || mkdir -p /run/sshd
ssh-keygen -q -t ed25519 -N '' -f host
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cat > server <<END
ListenAddress 127.0.0.1
Port $port
HostKey $folder/host
AuthorizedKeysFile $folder/key.pub
StrictModes no
PidFile none
UsePAM no
LogLevel VERBOSE
Subsystem sftp $folder/root/usr/lib/openssh/sftp-server
END
"$folder/root/usr/sbin/sshd" -D -e -f server 2> server.log &
server=$!
tries=0
until ssh-keyscan -p "$port" 127.0.0.1 2> said | grep -q .; do
    tries=$((tries + 1))
    [ $tries -lt 50 ] || { cat server.log; exit 1; }
    sleep 0.1
done
user=$(id -un)
fingerprint=$(ssh-keygen -l -f host.pub | cut -d ' ' -f 2)
try() {
    from=$(wc -l < server.log)
    : > signed
    timeout 20 "$@" > said 2>&1 < /dev/null && answer=works || answer=fails
    sleep 0.5
    echo "$1 $answer: the agent $(cat signed), sshd says $(tail -n +$((from + 1)) server.log | grep -oE '(Accepted|Failed) publickey' | head -n 1)"
}
{
    try ssh -n -T -F none -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=known -p "$port" 127.0.0.1 true
    try plink -batch -hostkey "$fingerprint" -P "$port" "$user@127.0.0.1" true
    try curl -sS -k "sftp://$user@127.0.0.1:$port/"
} > seen
cat seen
cat > expected <<'END'
ssh works: the agent signs, sshd says Accepted publickey
plink works: the agent signs, sshd says Accepted publickey
curl fails: the agent signs, sshd says Failed publickey
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: a touch for nothing"
