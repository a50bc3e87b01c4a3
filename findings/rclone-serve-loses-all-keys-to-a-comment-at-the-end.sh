#!/bin/sh
# A comment below the last key of authorized_keys, and `rclone serve sftp` knows no key at all.
#
# Expected: lines that begin with # are comments wherever they stand (sshd(8)), and a line that a server does not understand is passed over;
#   the keys above it are good. Go's ParseAuthorizedKey, which rclone reads with, does pass over them in front of a key.
# Seen: rclone 1.60.1 (Debian 1.60.1+dfsg-2+b5) takes what follows the last key for a broken file, be it a comment or a key of a new type:
#   `failed to parse authorized keys: ssh: no key found`. For its default file, ~/.ssh/authorized_keys, it does not even say that: with
#   --user and --pass beside it, the server starts and refuses each key; without them it finds no authorization. Blank lines do not matter.
#   The file is read once; a key that is added later counts from the next start on.
# What goes wrong: a note at the end of the file, or a key of a colleague with a newer client, locks out everybody, while sshd on the same
#   file logs them in; the client sees `Permission denied (publickey,password)`.
set -eu
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" || true; rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download openssh-client=1:9.2p1-2+deb12u10 rclone=1.60.1+dfsg-2+b5
for package in ./*.deb; do dpkg -x "$package" root; done
for name in host key; do ./root/usr/bin/ssh-keygen -q -t ed25519 -N '' -C $name -f $name; done
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
mkdir -p data home/.ssh
# Starts the server with some options, and tries the key at it.
try() {
    name=$1
    shift
    HOME=$folder/home ./root/usr/bin/rclone serve sftp data --addr "127.0.0.1:$port" --key host "$@" > log 2>&1 &
    server=$!
    tries=0
    until ./root/usr/bin/ssh-keyscan -p "$port" 127.0.0.1 2> said | grep -q . || ! kill -0 $server 2> said; do
        tries=$((tries + 1))
        [ $tries -lt 100 ] || { cat log; exit 1; }
        sleep 0.1
    done
    if kill -0 $server 2> said; then
        answer=$(echo pwd | timeout 20 ./root/usr/bin/sftp -b - -S ./root/usr/bin/ssh -F none -o StrictHostKeyChecking=no \
            -o UserKnownHostsFile=known -o IdentityAgent=none -o IdentitiesOnly=yes -o LogLevel=ERROR -i key -P "$port" dev@127.0.0.1 2>&1 \
            | tr -d '\r' | sed -n 's/^Remote working.*/logs in/p; s/^[^ ]*: \(Permission denied\)/\1/p')
        kill $server
    else
        answer=$(sed -n 's/.*Failed to sftp: /no server: /p' log | cut -d, -f 1)
    fi
    wait $server 2> said || true
    server=
    echo "$name: $answer"
}
{
    cp key.pub keys
    try 'one key' --authorized-keys keys
    { echo '# mine'; cat key.pub; echo; } > keys
    try 'a comment above, a blank line below' --authorized-keys keys
    { cat key.pub; echo '# end'; } > keys
    try 'a comment below' --authorized-keys keys
    { cat key.pub; echo 'ssh-new AAAAB3NzaC1uZXc= new'; } > keys
    try 'a new type below' --authorized-keys keys
    cp key.pub home/.ssh/authorized_keys
    try 'default file' --user dev --pass word
    echo '# end' >> home/.ssh/authorized_keys
    try 'default file, a comment below' --user dev --pass word
    try 'the same, no password' --user ''
} > seen
cat seen
cat > expected <<'END'
one key: logs in
a comment above, a blank line below: logs in
a comment below: no server: failed to parse authorized keys: ssh: no key found
a new type below: no server: failed to parse authorized keys: ssh: no key found
default file: logs in
default file, a comment below: Permission denied (password,publickey).
the same, no password: no server: no authorization found
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: the last line decides"
