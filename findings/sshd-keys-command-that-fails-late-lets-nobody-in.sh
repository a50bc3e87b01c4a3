#!/bin/sh
# sshd logs "Accepted key ... found at" its AuthorizedKeysCommand and refuses the login: the command printed the key and ended with 1.
#
# Expected: the command "should produce on standard output zero or more lines of authorized_keys output" (sshd_config(5)); a line that
#   it printed counts, as each line of a file does, and the exit code matters where nothing came.
# Seen: with OpenSSH 9.2p1 (Debian 1:9.2p1-2+deb12u10) all that the command printed is void if it ends with anything but 0. The log has
#   `Accepted key ED25519 ... found at COMMAND:1` first and `AuthorizedKeysCommand ... failed, status 1` after it, and the client is
#   refused. A last `grep` that finds nothing, or `[ -f more ] && cat more`, is enough. AuthorizedKeysFile is asked as if there were no command.
# What goes wrong: a script that prints the keys of two sources fails for everybody whose second source is empty; run by hand it prints the
#   right key, and the log's "Accepted key" sends one to look elsewhere.
#
# Needs root: sshd runs no command that another user could change, so one is laid into a folder of root's own, below /root.
set -eu
folder=$(mktemp -d)
own=$(mktemp -d /root/finding.XXXXXX)
server=
trap '[ -z "$server" ] || kill "$server" || true; rm -rf "$folder" "$own"' EXIT
cd "$folder"
chmod 755 "$folder"
apt-get -qq -o APT::Sandbox::User=root download openssh-client=1:9.2p1-2+deb12u10 openssh-server=1:9.2p1-2+deb12u10
for package in ./*.deb; do dpkg -x "$package" root; done
PATH=$folder/root/usr/bin:$PATH
export PATH
for name in host key; do ssh-keygen -q -t ed25519 -N '' -C "$name" -f "$name"; done
mkdir -p /run/sshd
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cat > "$own/keys" <<END
#!/bin/sh
cat $folder/key.pub
[ -f $folder/more ] && cat $folder/more
END
chmod 755 "$own/keys"
cat > server <<END
ListenAddress 127.0.0.1
Port $port
HostKey $folder/host
AuthorizedKeysFile none
AuthorizedKeysCommand $own/keys
AuthorizedKeysCommandUser root
PidFile none
UsePAM no
LogLevel VERBOSE
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
    from=$(wc -l < server.log)
    answer=$(timeout 20 ssh -T -F none -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=known -o IdentityAgent=none \
        -o PreferredAuthentications=publickey -o LogLevel=ERROR -i key -p "$port" 127.0.0.1 echo takes 2>&1) || answer=refused
    echo "$1: $answer"
    tail -n +$((from + 1)) server.log | tr -d '\r' | sed -n "s|$own/||; s/^Accepted key .* found at/    Accepted key found at/p
        s/^AuthorizedKeysCommand/    &/p" | uniq
}
{
    login 'no more keys'
    touch more
    login 'an empty file of more keys'
} > seen
cat seen
cat > expected <<END
no more keys: refused
    Accepted key found at keys:1
    AuthorizedKeysCommand keys $(id -un) failed, status 1
an empty file of more keys: takes
    Accepted key found at keys:1
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: an accepted key that is not"
