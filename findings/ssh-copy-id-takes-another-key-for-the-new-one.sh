#!/bin/sh
# ssh-copy-id says that a key is installed already, because another key logged in.
#
# Expected: `ssh-copy-id -i new.pub box` tries new.pub, and passes over it only where *it* logs in: "attempting to log in with the new
#   key(s), to filter out any that are already installed". It runs ssh with IdentitiesOnly=yes, so no other key should count.
# Seen: with OpenSSH 9.2p1 (Debian 1:9.2p1-2+deb12u10), where the configuration has an IdentityFile for the host and that key is
#   registered: IdentitiesOnly allows the configuration's files too, the login with the old key succeeds, and it says `All keys
#   were skipped because they already exist on the remote system`, exit 0. authorized_keys does not have the new key. The same
#   without that IdentityFile installs it.
# What goes wrong: "add the new key, then remove the old one" locks its user out; and the sentence is taken for a proof that the
#   server knows the key, so the refusal is looked for elsewhere.
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
for name in host old new; do ssh-keygen -q -t ed25519 -N '' -C "$name" -f "$name"; done
mkdir -p home/.ssh
[ "$(id -u)" != 0 ] || mkdir -p /run/sshd
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cat > server <<END
ListenAddress 127.0.0.1
Port $port
HostKey $folder/host
AuthorizedKeysFile $folder/authorized
StrictModes no
PidFile none
UsePAM no
END
cp old.pub authorized
"$folder/root/usr/sbin/sshd" -D -f server -E server.log &
server=$!
tries=0
until ssh-keyscan -p "$port" 127.0.0.1 2> /dev/null | grep -q .; do
    tries=$((tries + 1))
    [ $tries -lt 50 ] || { cat server.log; exit 1; }
    sleep 0.1
done
cat > config <<END
Host *
    HostName 127.0.0.1
    Port $port
    StrictHostKeyChecking no
    UserKnownHostsFile $folder/known
    GlobalKnownHostsFile none
Host box
    IdentityFile $folder/old
END
copy() { HOME=$folder/home SSH_AUTH_SOCK='' ssh-copy-id -F config -i new.pub "$(id -un)@$1" > "said.$1" 2>&1 < /dev/null; }
copy box
grep 'All keys were skipped' said.box
if grep -q ' new$' authorized; then
    echo "changed: the new key was installed" >&2
    exit 1
fi
echo "authorized_keys: $(cut -d' ' -f3 authorized | tr '\n' ' ')"
# Without the other key it is honest: it finds that the new one is missing, and would install it.
copy other || true
grep 'remain to be installed' said.other
echo "as found: another key's login is taken for the new key's"
