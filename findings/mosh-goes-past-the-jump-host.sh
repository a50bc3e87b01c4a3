#!/bin/sh
# mosh logs in by ssh, and ssh's ProxyJump and ProxyCommand for that host are not used: it dials the host itself.
#
# Expected: mosh "uses ssh to establish a connection", and its way to find the address "is generally the most compatible with hosts and other
#   options configured in ssh configuration files" (mosh(1)). That UDP doesn't pass a jump host is clear; so mosh would log in as ssh does,
#   over the jump host, and then wait for packets.
# Seen: mosh 1.4.0 (Debian 1.4.0-1+b1) gives ssh a ProxyCommand of its own on the command line, which beats the config's, and with it ProxyJump
#   (OpenSSH 9.2p1, Debian 1:9.2p1-2+deb12u10): the login goes straight to HostName and Port. No word of that: where the host can't be
#   reached, `Could not connect to ...`. With `--experimental-remote-ip=remote` ssh goes its configured way.
# What goes wrong: `ssh box` works and `mosh box` times out at port 22, which looks like mosh's UDP ports; or it comes to another machine which
#   has that private address here, and gets `Permission denied (publickey)` or a changed host key.
set -eu
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" || true; rm -rf "$folder"' EXIT
cd "$folder"
chmod 755 "$folder"
apt-get -qq -o APT::Sandbox::User=root download mosh=1.4.0-1+b1 libprotobuf32=3.21.12-3+deb12u1 openssh-client=1:9.2p1-2+deb12u10 \
    openssh-server=1:9.2p1-2+deb12u10
for package in ./*.deb; do dpkg -x "$package" root; done
mkdir programs
printf '#!/bin/sh\nexec %s/root/usr/bin/ssh -F %s/config "$@"\n' "$folder" "$folder" > programs/ssh
chmod +x programs/ssh
export PATH="$folder/programs:$folder/root/usr/bin:$PATH" LD_LIBRARY_PATH="$folder/root/usr/lib/x86_64-linux-gnu" LC_ALL=C.UTF-8 TERM=xterm
[ "$(id -u)" != 0 ] || mkdir -p /run/sshd
for name in host key; do ssh-keygen -q -t ed25519 -N '' -C $name -f $name; done
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cat > server <<END
ListenAddress 127.0.0.1
Port $port
HostKey $folder/host
AuthorizedKeysFile $folder/key.pub
StrictModes no
PidFile none
UsePAM no
ForceCommand true
END
"$folder/root/usr/sbin/sshd" -D -e -f server 2>> server.log &
server=$!
tries=0
until ssh-keyscan -p "$port" 127.0.0.1 2> said | grep -q .; do
    tries=$((tries + 1))
    [ $tries -lt 50 ] || { cat server.log; exit 1; }
    sleep 0.1
done
cat > config <<END
Host box
    HostName 127.0.0.1
    Port $port
    ProxyJump bastion
Host bastion
    ProxyCommand sh -c "echo asked >> $folder/bastion; exit 1"
Host *
    BatchMode yes
    IdentityAgent none
    IdentityFile $folder/key
    StrictHostKeyChecking no
    UserKnownHostsFile $folder/known
END
# Runs a command, and shows whether the jump host was asked and whether the host was reached past it.
try() {
    : > bastion
    : > server.log
    timeout 60 "$@" < bastion > said 2>&1 || true
    sleep 1
    echo "$*: $(grep -c asked bastion) by the jump host, $(grep -c 'Accepted publickey' server.log) straight"
}
{
    try ssh box true
    try mosh box -- true
    try mosh --experimental-remote-ip=remote box -- true
} > seen
cat seen
cat > expected <<'END'
ssh box true: 1 by the jump host, 0 straight
mosh box -- true: 0 by the jump host, 1 straight
mosh --experimental-remote-ip=remote box -- true: 1 by the jump host, 0 straight
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: ssh jumps, mosh does not"
