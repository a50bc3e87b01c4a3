#!/bin/sh
# PermitRootLogin forced-commands-only: sshd tells the client that root is authenticated, and then hangs up. That is the refusal.
#
# Expected: "root login with public key authentication will be allowed, but only if the command option has been specified" (sshd_config(5)); for
#   a key without command= the client reads `Permission denied (publickey)`, as with PermitRootLogin no.
# Seen: with OpenSSH 9.2p1 (Debian 1:9.2p1-2+deb12u10) ssh -v shows `Server accepts key` and `Authenticated to ... using "publickey"`, then
#   `Connection to ... closed by remote host`, and no word of a denial. The server logs `ROOT LOGIN REFUSED FROM` next to `Root login
#   accepted for forced command` and `monitor_read: unsupported request`: its unprivileged half takes the key for one with a command, and
#   the privileged half ends it. With command= the same key works; with PermitRootLogin no the denial comes.
# What goes wrong: a backup's or Ansible's root login "is authenticated and loses the line", so one looks at the shell, at PAM, at MTU and
#   firewalls, and not at a setting of sshd that has refused it.
#
# Needs root: it is root who logs in, to a server on loopback.
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
for name in host key; do ssh-keygen -q -t ed25519 -N '' -C "$name" -f "$name"; done
mkdir -p /run/sshd
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
# Logs in as root under a setting of PermitRootLogin, with some options before the key.
try() {
    echo "$2$(cat key.pub)" > authorized
    cat > server <<END
ListenAddress 127.0.0.1
Port $port
HostKey $folder/host
AuthorizedKeysFile $folder/authorized
PermitRootLogin $1
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
    echo "$1, $2KEY:"
    timeout 20 ssh -v -n -T -F none -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=known -o IdentityAgent=none \
        -o IdentitiesOnly=yes -i key -p "$port" root@127.0.0.1 echo takes > said 2>&1 || true
    kill $server
    wait $server || true
    server=
    tr -d '\r' < said | sed -n 's/^\(Authenticated\) to.*/    client: \1/p; s/^Connection to .* closed by/    client: closed by/p
        s/^client_loop: .*/    client: closed by remote host./p; s/^.*: Permission denied/    client: Permission denied/p; s/^takes$/    client: runs/p'
    tr -d '\r' < server.log | sed -n 's/^\(ROOT LOGIN REFUSED\) .*/    server: \1/p; s/^\(Root login accepted[^.[]*\).*/    server: \1/p
        s/^\(monitor_read: unsupported request\).*/    server: \1/p' | uniq
}
{
    try no ''
    try forced-commands-only ''
    try forced-commands-only 'command="echo takes" '
} > seen
cat seen
cat > expected <<'END'
no, KEY:
    client: Permission denied (publickey).
    server: ROOT LOGIN REFUSED
forced-commands-only, KEY:
    client: Authenticated
    client: closed by remote host.
    server: ROOT LOGIN REFUSED
    server: Root login accepted for forced command
    server: monitor_read: unsupported request
forced-commands-only, command="echo takes" KEY:
    client: Authenticated
    client: runs
    server: Root login accepted for forced command
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: authenticated, and refused"
