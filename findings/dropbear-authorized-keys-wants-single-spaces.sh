#!/bin/sh
# A tab, an indent or a second space in authorized_keys: sshd reads the line, dropbear refuses the key without a word.
#
# Expected: authorized_keys is one format for both; sshd(8) and dropbear(8) describe the same fields, "space-separated" in one,
#   and blanks are blanks.
# Seen: with dropbear 2022.83 (Debian 2022.83-1+deb12u3) the line works only if it begins in column 1 and has exactly one space between
#   options, type and key. A leading space, a tab between type and key, or two spaces there: `Permission
#   denied (publickey)`. OpenSSH's reader (`ssh-keygen -lf`, 9.2p1, Debian 1:9.2p1-2+deb12u10) takes each line. CRLF, which
#   one would suspect first, is fine.
# What goes wrong: a file copied from a working OpenSSH server, or indented by a template, is refused by a router or initramfs; the key,
#   its fingerprint and the modes are all right, and dropbear's log names nothing.
# Needs root: the login's home is replaced by a folder in a mount namespace of its own. Server and client are on loopback.
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
type=$(cut -d' ' -f1 key.pub) key=$(cut -d' ' -f2 key.pub)
try() {
    printf "$2" > /root/.ssh/authorized_keys
    chmod 600 /root/.ssh/authorized_keys
    openssh=$(./root/usr/bin/ssh-keygen -lf /root/.ssh/authorized_keys > listed 2>&1 && echo reads || echo refuses)
    dropbear=$(timeout 20 ./root/usr/bin/ssh -T -F none -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=known \
        -o IdentityAgent=none -o IdentitiesOnly=yes -i key -p "$port" root@127.0.0.1 echo takes 2> said || tail -n 1 said | tr -d '\r')
    echo "$1: OpenSSH $openssh it, dropbear: $dropbear"
}
try 'one space' "$type $key me\n"
try 'CRLF' "$type $key me\r\n"
try 'options, one space' "no-pty $type $key me\n"
try 'indented' "  $type $key me\n"
try 'tab after the type' "$type\t$key me\n"
try 'two spaces after the type' "$type  $key me\n"
END
unshare --mount sh inside > seen
cat seen
refused='root@127.0.0.1: Permission denied (publickey).'
cat > expected <<END
one space: OpenSSH reads it, dropbear: takes
CRLF: OpenSSH reads it, dropbear: takes
options, one space: OpenSSH reads it, dropbear: takes
indented: OpenSSH reads it, dropbear: $refused
tab after the type: OpenSSH reads it, dropbear: $refused
two spaces after the type: OpenSSH reads it, dropbear: $refused
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: dropbear wants single spaces"
