#!/bin/sh
# sshd tells the client that it takes rsa-sha2-512 and ssh-rsa while PubkeyAcceptedAlgorithms forbids them; so a good RSA key is refused.
#
# Expected: server-sig-algs (RFC 8308) lists what "the server is able to process", for the client to choose from; with PubkeyAcceptedAlgorithms
#   rsa-sha2-256,ssh-ed25519 it has these two, and an RSA key is signed with by rsa-sha2-256, which both sides have.
# Seen: sshd of OpenSSH 9.2p1 (Debian 1:9.2p1-2+deb12u10) always sends its whole list, ssh-dss and ssh-rsa in it, which it refuses by
#   default. ssh 9.2p1 picks rsa-sha2-512 from it, is refused, and does not try rsa-sha2-256 with the same key: Permission denied. With
#   `-o PubkeyAcceptedAlgorithms=rsa-sha2-256` at the client it logs in. paramiko 5.1.0 fails in the same way; asyncssh 2.24.1 goes on to
#   the next algorithm and gets in. Only the server's log names the algorithm.
# What goes wrong: after a hardening of the server RSA users are locked out, ssh -v shows a list with their algorithm in it and an offer that
#   was refused, so the key seems to be missing from authorized_keys. "ssh-rsa" in that list does not mean that old clients get in.
set -eu
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" || true; rm -rf "$folder"' EXIT
cd "$folder"
chmod 755 "$folder"
apt-get -qq -o APT::Sandbox::User=root download openssh-client=1:9.2p1-2+deb12u10 openssh-server=1:9.2p1-2+deb12u10
for package in ./*.deb; do dpkg -x "$package" root; done
PATH=$folder/root/usr/bin:$PATH
export PATH
python3 -m venv python
./python/bin/pip -q --disable-pip-version-check install asyncssh==2.24.1 paramiko==5.1.0
ssh-keygen -q -t ed25519 -N '' -f host
ssh-keygen -q -t rsa -b 3072 -N '' -f key
[ "$(id -u)" != 0 ] || mkdir -p /run/sshd
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cat > server <<END
ListenAddress 127.0.0.1
Port $port
HostKey $folder/host
AuthorizedKeysFile $folder/key.pub
PubkeyAcceptedAlgorithms rsa-sha2-256,ssh-ed25519
StrictModes no
PidFile none
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
END
"$folder/root/usr/sbin/sshd" -D -e -f server 2> server.log &
server=$!
tries=0
until ssh-keyscan -p "$port" 127.0.0.1 2> /dev/null | grep -q .; do
    tries=$((tries + 1))
    [ $tries -lt 50 ] || { cat server.log; exit 1; }
    sleep 0.1
done
login() {
    answer=$(timeout 20 ssh -v -n -T -F none -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=known -o IdentityAgent=none \
        -o IdentitiesOnly=yes -i key -p "$port" "$@" 127.0.0.1 echo logs in 2> said) || answer=$(tail -n 1 said | tr -d '\r' | cut -d' ' -f 2-)
    echo "ssh $*: $answer"
}
cat > login.py <<'END'
import asyncio, getpass, sys
import asyncssh, paramiko
port, user = int(sys.argv[1]), getpass.getuser()
client = paramiko.SSHClient()
client.set_missing_host_key_policy(paramiko.AutoAddPolicy())
try:
    client.connect("127.0.0.1", port, username=user, key_filename="key", look_for_keys=False, allow_agent=False)
    print("paramiko: logs in")
except paramiko.SSHException as error:
    print("paramiko:", type(error).__name__)
client.close()
async def main():
    async with asyncssh.connect("127.0.0.1", port, username=user, known_hosts=None, config=None, agent_path=None, client_keys=["key"]):
        print("asyncssh: logs in")
asyncio.run(main())
END
{
    login
    tr -d '\r' < said | grep -o 'server-sig-algs=.*' | tr '<,>' '\n\n\n' | grep -xE 'ssh-dss|ssh-rsa|rsa-sha2-.*' | sed 's/^/    announced: /'
    login -o PubkeyAcceptedAlgorithms=rsa-sha2-256
    ./python/bin/python login.py "$port" 2> said
    tr -d '\r' < server.log | sed -n 's/^userauth_pubkey: \(.*\) \[preauth\]$/log: \1/p' | sort -u
} > seen
cat seen
cat > expected <<'END'
ssh : Permission denied (publickey).
    announced: ssh-dss
    announced: ssh-rsa
    announced: rsa-sha2-256
    announced: rsa-sha2-512
ssh -o PubkeyAcceptedAlgorithms=rsa-sha2-256: logs in
paramiko: SSHException
asyncssh: logs in
log: signature algorithm rsa-sha2-512 not in PubkeyAcceptedAlgorithms
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: announced and refused"
