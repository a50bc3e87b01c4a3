#!/bin/sh
# dropbear knows restrict, and refuses the key of a `restrict,pty` line: it takes nothing that gives a part back.
#
# Expected: restrict is made to be followed by what is allowed after all, `restrict,pty` or `restrict,agent-forwarding` (sshd(8)); a server that
#   has the first word has the others, or leaves them out, which is the narrower right.
# Seen: dropbear 2022.83 (Debian 2022.83-1+deb12u3) takes such a line for void, and so each line with no-user-rc, from=, environment= or
#   expiry-time=. dropbear(8) lists restrict, and says of unknown "restrictions" that the key is ignored; pty is none. The client reads
#   `Permission denied (publickey)`, the log `Bad public key options at FILE:1`, without the word that it is about. OpenSSH 9.2p1
#   (Debian 1:9.2p1-2+deb12u10, sshd(8)) has all of these.
# What goes wrong: the line of a backup or tunnel key that a tool wrote for sshd is copied to a router or an initramfs, where the same key
#   with restrict alone logs in; so one looks for the fault in command= or in the key.
#
# Needs root: dropbear reads the file of the account's home alone, so /root is covered by a folder for as long as it runs.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download openssh-client=1:9.2p1-2+deb12u10 dropbear-bin=2022.83-1+deb12u3 \
    libtomcrypt1=1.18.2-6 libtommath1=1.2.0-6+deb12u1
for package in ./*.deb; do dpkg -x "$package" root; done
./root/usr/bin/ssh-keygen -q -t ed25519 -N '' -C me -f key
mkdir -p home/.ssh
chmod 700 home home/.ssh
cat > inside <<'END'
set -eu
mount --bind "$PWD/home" /root
export LD_LIBRARY_PATH="$PWD/root/usr/lib/x86_64-linux-gnu"
./root/usr/bin/dropbearkey -t ed25519 -f host > made 2>&1
port=$((20000 + $$ % 20000))
./root/usr/sbin/dropbear -F -E -s -r host -P "$PWD/pid" -p "127.0.0.1:$port" > log 2>&1 &
server=$!
trap 'kill $server' EXIT
sleep 1
for options in no-pty restrict 'restrict,command="echo takes"' restrict,pty restrict,agent-forwarding pty no-user-rc 'from="127.0.0.1"' \
    'environment="A=1"' 'expiry-time="20990101"'; do
    echo "$options $(cat key.pub)" > /root/.ssh/authorized_keys
    chmod 600 /root/.ssh/authorized_keys
    before=$(wc -l < log)
    answer=$(timeout 20 ./root/usr/bin/ssh -n -T -F none -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=known \
        -o IdentityAgent=none -o IdentitiesOnly=yes -i key -p "$port" root@127.0.0.1 echo takes 2> said) || answer=refuses
    echo "$options: $answer$(tail -n +$((before + 1)) log | sed -n 's/.*\(Bad public key options\).*/, \1/p' | head -n 1)"
done
END
unshare --mount sh inside > seen
cat seen
cat > expected <<'END'
no-pty: takes
restrict: takes
restrict,command="echo takes": takes
restrict,pty: refuses, Bad public key options
restrict,agent-forwarding: refuses, Bad public key options
pty: refuses, Bad public key options
no-user-rc: refuses, Bad public key options
from="127.0.0.1": refuses, Bad public key options
environment="A=1": refuses, Bad public key options
expiry-time="20990101": refuses, Bad public key options
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: restrict has no second half"
