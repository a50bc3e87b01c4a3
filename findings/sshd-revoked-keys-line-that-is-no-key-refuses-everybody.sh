#!/bin/sh
# One line in the file of RevokedKeys that is not a bare key, and sshd refuses every key of every user.
#
# Expected: "Keys may be specified as a text file, listing one public key per line", and all is refused "if this file is not readable"
#   (sshd_config(5)). It is readable; a line with options, or of a type that this sshd does not know, revokes nothing, or that one key,
#   as authorized_keys and known_hosts pass over lines that they don't understand.
# Seen: with OpenSSH 9.2p1 (Debian 1:9.2p1-2+deb12u10) whoever offers a key gets `Permission denied`. sshd -t finds nothing wrong, and an sshd
#   that is running takes the file up with the next login. The log names the key that was offered, which is good, and not the line:
#   `Error checking authentication key ED25519 SHA256:... in revoked keys file FILE: invalid format`. Comments, blank lines and a
#   comment behind a key do no harm.
# What goes wrong: a leaver's line is moved from authorized_keys to the list as it stands, `restrict` or from= in front, and all keys on the
#   machine are refused at once; "invalid format" next to one's own fingerprint sends one to look at one's own key.
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
[ "$(id -u)" != 0 ] || mkdir -p /run/sshd
for name in host key leaver; do ssh-keygen -q -t ed25519 -N '' -C $name -f $name; done
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
: > revoked
cat > server <<END
ListenAddress 127.0.0.1
Port $port
HostKey $folder/host
AuthorizedKeysFile $folder/key.pub
RevokedKeys $folder/revoked
StrictModes no
PidFile none
UsePAM no
END
"$folder/root/usr/sbin/sshd" -D -e -f server 2>> server.log &
server=$!
tries=0
until ssh-keyscan -p "$port" 127.0.0.1 2> said | grep -q .; do
    tries=$((tries + 1))
    [ $tries -lt 50 ] || { cat server.log; exit 1; }
    sleep 0.1
done
# Logs in with key, while the list of revoked keys is the standard input.
try() {
    cat > revoked
    : > server.log
    answer=$(timeout 20 ssh -n -T -F none -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=known -o IdentityAgent=none \
        -o PreferredAuthentications=publickey -o LogLevel=ERROR -i key -p "$port" 127.0.0.1 echo logs in 2>&1 | grep -oE 'logs in|Permission denied')
    "$folder/root/usr/sbin/sshd" -t -f server && checked=0 || checked=$?
    logged=$(tr -d '\r' < server.log \
        | sed -n 's/^Error checking authentication key ED25519 SHA256.* in revoked keys file .*: \(.*\)/, logs \1/p' | tail -n 1)
    echo "$1: $answer$logged; sshd -t $checked"
}
{
    { echo '# gone'; echo; cat leaver.pub; } | try 'a key of another'
    { printf 'restrict '; cat leaver.pub; } | try 'with restrict'
    { printf 'from="10.0.0.1" '; cat leaver.pub; } | try 'with from='
    echo 'ssh-new AAAAB3NzaC1uZXc= new' | try 'a new type'
    ssh-keygen -lf leaver.pub | cut -d ' ' -f 2 | try 'a fingerprint'
} > seen
cat seen
cat > expected <<'END'
a key of another: logs in; sshd -t 0
with restrict: Permission denied, logs invalid format; sshd -t 0
with from=: Permission denied, logs invalid format; sshd -t 0
a new type: Permission denied, logs invalid format; sshd -t 0
a fingerprint: Permission denied, logs invalid format; sshd -t 0
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: a line that is no key revokes all"
