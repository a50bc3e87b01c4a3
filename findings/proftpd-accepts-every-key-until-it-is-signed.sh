#!/bin/sh
# ProFTPD's mod_sftp says that it accepts each key that it is asked about; whether it knows the key comes out after the signature.
#
# Expected: `Server accepts key` in ssh's log means that the key is registered for the account: RFC 4252, section 7, "whether authentication
#   using the [key] would be acceptable". A refusal after that is about the signature or the account. And a line of authorized_keys
#   in the file of keys is good for a server that ssh logs in to.
# Seen: mod_sftp of ProFTPD 1.3.8 (Debian 1.3.8+dfsg-4+deb12u5) answers each question with SSH_MSG_USERAUTH_PK_OK, and refuses the signed
#   request. A key that stands in SFTPAuthorizedUserKeys as OpenSSH writes it is unknown all the same: only RFC 4716's form counts,
#   and no word tells. Its log names keys by SHA-256 in hexadecimal, which no `ssh-keygen -l` shows. Client: OpenSSH 9.2p1 (Debian
#   1:9.2p1-2+deb12u10).
# What goes wrong: ssh -v "proves" that the server knows the key, for the wrong key as for the right one, and each key of the agent is signed
#   with, touch and passphrase included; so one looks for a locked account or for PAM.
#
# Needs root: the server takes on the user whom it logs in, and so must be able to.
set -eu
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" || true; rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download openssh-client=1:9.2p1-2+deb12u10 proftpd-core=1.3.8+dfsg-4+deb12u5 \
    proftpd-mod-crypto=1.3.8+dfsg-4+deb12u5 libhiredis0.14=0.14.1-3 libmemcached11=1.1.4-1 libmemcachedutil2=1.1.4-1 libhashkit2=1.1.4-1 \
    libpcre2-posix3=10.42-1+deb12u2
for package in ./*.deb; do dpkg -x "$package" root; done
for name in host known unknown; do ./root/usr/bin/ssh-keygen -q -t ed25519 -N '' -C $name -f $name; done
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
echo "dev:*:$(id -u):$(id -g):dev:$folder:/bin/sh" > passwd
chmod 600 passwd
cat > server.conf <<END
ModulePath $folder/root/usr/lib/proftpd
LoadModule mod_sftp.c
ServerType standalone
DefaultAddress 127.0.0.1
Port $port
User $(id -un)
Group $(id -gn)
AuthUserFile $folder/passwd
RootLogin on
RequireValidShell off
ScoreboardFile $folder/scores
PidFile $folder/pid
SystemLog $folder/log
WtmpLog off
SFTPEngine on
SFTPLog $folder/sftp.log
SFTPHostKey $folder/host
SFTPAuthMethods publickey
SFTPAuthorizedUserKeys file:$folder/keys
END
LD_LIBRARY_PATH="$folder/root/usr/lib/x86_64-linux-gnu" ./root/usr/sbin/proftpd -n -c "$folder/server.conf" > started 2>&1 &
server=$!
tries=0
until ./root/usr/bin/ssh-keyscan -p "$port" 127.0.0.1 2> said | grep -q .; do
    tries=$((tries + 1))
    [ $tries -lt 50 ] || { cat log; exit 1; }
    sleep 0.1
done
login() {
    echo "$1, with the key $2:"
    echo pwd | timeout 20 ./root/usr/bin/sftp -v -S ./root/usr/bin/ssh -F none -o BatchMode=yes -o StrictHostKeyChecking=no \
        -o UserKnownHostsFile=known_hosts -o IdentityAgent=none -o IdentitiesOnly=yes -i "$2" -P "$port" dev@127.0.0.1 > said 2>&1 || true
    tr -d '\r' < said | sed -n 's/^debug1: \(Server accepts key\): .*/    \1/p; s/^Authenticated to .*/    logged in/p
        s/^[^ ]*: Permission denied/    Permission denied/p'
}
{
    ./root/usr/bin/ssh-keygen -e -f known.pub > keys
    login 'RFC 4716' known
    login 'RFC 4716' unknown
    cp known.pub keys
    login 'OpenSSH' known
} > seen
cat seen
print=$(cut -d' ' -f2 known.pub | base64 -d | sha256sum | sed 's/ .*//; s/../&:/g; s/:$//')
grep -q "SHA256 fingerprint: $print" sftp.log && echo "log: SHA256 $print" | cut -c 1-40
cat > expected <<'END'
RFC 4716, with the key known:
    Server accepts key
    logged in
RFC 4716, with the key unknown:
    Server accepts key
    Permission denied (publickey).
OpenSSH, with the key known:
    Server accepts key
    Permission denied (publickey).
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: accepted says nothing here"
