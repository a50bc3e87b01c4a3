#!/bin/sh
# pysftp at port 2222 says that there is no host key for the host, which ssh has in known_hosts, and would take the key of port 22 for it.
#
# Expected: a key of another port than 22 stands as `[box]:2222` in known_hosts (sshd(8)): ssh, ssh-keyscan and Paramiko, which pysftp
#   is made of, have it so. pysftp's CnOpts "uses ~/.ssh/known_hosts".
# Seen: pysftp 0.2.9 (with paramiko 3.5.1) looks for the bare name, whatever the port, before it connects: `No hostkey for host 127.0.0.1
#   found`, with a line of `[127.0.0.1]:PORT` in the file. With a line without a port, of the service at 22, it goes by that key: if it is
#   another one, `Bad host key from server`. Paramiko's SSHClient and OpenSSH 9.2p1 (Debian 1:9.2p1-2+deb12u10) accept the first file.
# What goes wrong: `sftp -P 2222` works without a question, so the key is known; in the program it "is not", and the check gets
#   switched off (hostkeys = None). The remedy is a second line, without the port.
set -eu
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" || true; rm -rf "$folder"' EXIT
cd "$folder"
chmod 755 "$folder"
apt-get -qq -o APT::Sandbox::User=root download openssh-client=1:9.2p1-2+deb12u10 openssh-server=1:9.2p1-2+deb12u10 \
    openssh-sftp-server=1:9.2p1-2+deb12u10
for package in ./*.deb; do dpkg -x "$package" root; done
python3 -m venv python
./python/bin/pip -q --disable-pip-version-check install pysftp==0.2.9 paramiko==3.5.1
PATH=$folder/root/usr/bin:$PATH
export PATH
[ "$(id -u)" != 0 ] || mkdir -p /run/sshd
ssh-keygen -q -t rsa -N '' -f key
for name in host other; do ssh-keygen -q -t ed25519 -N '' -C $name -f $name; done
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cat > server <<END
ListenAddress 127.0.0.1
Port $port
HostKey $folder/host
AuthorizedKeysFile $folder/key.pub
StrictModes no
PidFile none
UsePAM no
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
cat > login.py <<'END'
import getpass, sys, warnings
warnings.simplefilter("ignore")
import paramiko, pysftp
how, port = sys.argv[1], int(sys.argv[2])
key = paramiko.RSAKey(filename="key")
try:
    if how == "pysftp":
        options = pysftp.CnOpts(knownhosts="known")
        pysftp.Connection("127.0.0.1", port=port, username=getpass.getuser(), private_key=key, cnopts=options).close()
    else:
        client = paramiko.SSHClient()
        client.load_host_keys("known")
        client.connect("127.0.0.1", port, pkey=key, look_for_keys=False, allow_agent=False, timeout=20)
        client.close()
    print("logs in")
except Exception as error:
    print(str(error).replace("[127.0.0.1]:%d" % port, "HOST"))
END
# Logs in with each program, while known_hosts is the standard input.
try() {
    cut -d ' ' -f 1-3 > known
    for how in pysftp paramiko; do echo "$1: $how $(timeout 60 ./python/bin/python login.py $how "$port" 2> said)"; done
    answer=$(timeout 20 ssh -n -T -F none -o BatchMode=yes -o IdentityAgent=none -o StrictHostKeyChecking=yes -o UserKnownHostsFile=known -i key \
        -p "$port" 127.0.0.1 echo logs in 2>&1 | grep -oE 'logs in|changed' | head -n 1)
    echo "$1: ssh $answer"
}
{
    sed "s/^/[127.0.0.1]:$port /" host.pub | try 'line with the port'
    sed 's/^/127.0.0.1 /' host.pub | try 'line without a port'
    { sed 's/^/127.0.0.1 /' other.pub; sed "s/^/[127.0.0.1]:$port /" host.pub; } | try 'another key at port 22'
} > seen
cat seen
cat > expected <<'END'
line with the port: pysftp No hostkey for host 127.0.0.1 found.
line with the port: paramiko logs in
line with the port: ssh logs in
line without a port: pysftp logs in
line without a port: paramiko Server 'HOST' not found in known_hosts
line without a port: ssh logs in
another key at port 22: pysftp Bad host key from server
another key at port 22: paramiko logs in
another key at port 22: ssh logs in
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: pysftp knows hosts without ports"
