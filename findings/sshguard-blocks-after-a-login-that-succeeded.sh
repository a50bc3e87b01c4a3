#!/bin/sh
# sshguard blocks an address whose login succeeded at once: each other key that the agent offered first is an attack.
#
# Expected: three attacks of ten points make a block (THRESHOLD=30), and an attack is a login that failed. A user with a few keys, of
#   which the last one is right, has not failed; fail2ban's filter passes over `Failed publickey`.
# Seen: sshd of OpenSSH 9.2p1 (Debian 1:9.2p1-2+deb12u10) at LogLevel VERBOSE writes `Failed publickey` for each key that it does not know,
#   and `Accepted publickey` at the end. sshguard 2.4.2 (Debian 2.4.2-1+b2) counts each of them and nothing for the success: with four
#   keys the address is blocked while its user works. At LogLevel INFO, sshd's default, none of the failures is written. The log is
#   of a real login here; its address 127.0.0.1, which sshguard always spares, is written as 192.0.2.7.
# What goes wrong: LogLevel is raised to find out why keys are refused, and from then on people with full agents log in once and get time-outs
#   for two minutes and more; IdentitiesOnly "repairs the network".
set -eu
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" || true; rm -rf "$folder"' EXIT
cd "$folder"
chmod 755 "$folder"
apt-get -qq -o APT::Sandbox::User=root download openssh-client=1:9.2p1-2+deb12u10 openssh-server=1:9.2p1-2+deb12u10 sshguard=2.4.2-1+b2
for package in ./*.deb; do dpkg -x "$package" root; done
PATH=$folder/root/usr/bin:$PATH
export PATH
for name in host first second third right; do ssh-keygen -q -t ed25519 -N '' -C "$name" -f "$name"; done
[ "$(id -u)" != 0 ] || mkdir -p /run/sshd
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
threshold=$(sed -n 's/^THRESHOLD=//p' root/etc/sshguard/sshguard.conf)
programs=root/usr/libexec/sshguard
# Logs in with four keys at a level of log, and gives the log to sshguard.
try() {
    cat > server <<END
ListenAddress 127.0.0.1
Port $port
HostKey $folder/host
AuthorizedKeysFile $folder/right.pub
StrictModes no
PidFile none
UsePAM no
LogLevel $1
END
    "$folder/root/usr/sbin/sshd" -D -e -f server 2> server.log &
    server=$!
    tries=0
    until ssh-keyscan -p "$port" 127.0.0.1 2> /dev/null | grep -q .; do
        tries=$((tries + 1))
        [ $tries -lt 50 ] || { cat server.log; exit 1; }
        sleep 0.1
    done
    from=$(wc -l < server.log)
    timeout 20 ssh -n -T -F none -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=known -o IdentityAgent=none \
        -o IdentitiesOnly=yes -i first -i second -i third -i right -p "$port" 127.0.0.1 echo "$1: logged in" 2> said
    kill $server
    wait $server || true
    server=
    tail -n +$((from + 1)) server.log | tr -d '\r' | sed 's/127\.0\.0\.1/192.0.2.7/; s/^/Nov 29 10:00:01 box sshd[7]: /' > log
    sed -n 's/.*: \(Failed publickey\) .*/    \1/p; s/.*: \(Accepted publickey\) .*/    \1/p' log
    { cat log; sleep 1; } | $programs/sshg-parser | timeout 10 $programs/sshg-blocker -a "$threshold" -p 120 -s 1800 > told
    grep -q '^block 192.0.2.7 ' told && echo "    sshguard blocks it" || echo "    sshguard does nothing"
}
{
    try INFO
    try VERBOSE
} > seen
cat seen
cat > expected <<'END'
INFO: logged in
    Accepted publickey
    sshguard does nothing
VERBOSE: logged in
    Failed publickey
    Failed publickey
    Failed publickey
    Accepted publickey
    sshguard blocks it
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: three keys too many, and one login the last"
