#!/bin/sh
# With IdentitiesOnly, ssh offers a CertificateFile whose key is in the agent, and then looks for the private key in the certificate.
#
# Expected: ssh_config(5) on CertificateFile: "A corresponding private key must be provided separately ... either from an IdentityFile
#   directive or -i flag ..., via ssh-agent(1)"; on IdentitiesOnly: only "the configured authentication identity and certificate files, even
#   if ssh-agent(1) offers more identities". So the configured certificate is used with its key in the agent, or not offered.
# Seen: with OpenSSH 9.2p1 (Debian 1:9.2p1-2+deb12u10) the certificate is offered and `Server accepts key` follows. Then ssh opens the
#   certificate itself as a private key: `Permissions 0644 for 'id-cert.pub' are too open`, a warning of an unprotected private key, and with
#   mode 0600 `Load key "id-cert.pub": error in libcrypto`. Denied. The same for -i id-cert.pub. Without IdentitiesOnly, or with
#   an IdentityFile of the bare public key (id.pub) beside it, the agent signs.
# What goes wrong: the server's log and `Server accepts key` say that all is well, and ssh complains of a public file's mode, so one runs
#   chmod, gets "error in libcrypto" and has the certificate issued anew.
set -eu
folder=$(mktemp -d)
server=
trap 'for process in $server ${SSH_AGENT_PID:-}; do kill "$process" || true; done; rm -rf "$folder"' EXIT
cd "$folder"
chmod 755 "$folder"
apt-get -qq -o APT::Sandbox::User=root download openssh-client=1:9.2p1-2+deb12u10 openssh-server=1:9.2p1-2+deb12u10
for package in ./*.deb; do dpkg -x "$package" root; done
PATH=$folder/root/usr/bin:$PATH
export PATH
unset SSH_AGENT_PID
for name in host id ca; do ssh-keygen -q -t ed25519 -N '' -C "$name" -f "$name"; done
eval "$(ssh-agent -s)" > made
ssh-add -q id
rm id
ssh-keygen -q -s ca -I test -n "$(id -un)" id.pub
[ "$(id -u)" != 0 ] || mkdir -p /run/sshd
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cat > server <<END
ListenAddress 127.0.0.1
Port $port
HostKey $folder/host
AuthorizedKeysFile none
TrustedUserCAKeys $folder/ca.pub
PidFile none
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
END
"$folder/root/usr/sbin/sshd" -D -f server -E server.log &
server=$!
tries=0
until ssh-keyscan -p "$port" 127.0.0.1 2> /dev/null | grep -q .; do
    tries=$((tries + 1))
    [ $tries -lt 50 ] || { cat server.log; exit 1; }
    sleep 0.1
done
login() {
    echo "$*:"
    timeout 20 ssh -v -T -F none -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=known -p "$port" "$@" 127.0.0.1 \
        echo logged in 2> said || true
    tr -d '\r' < said | sed -n 's/^debug1: \(Server accepts key: [^ ]* [^ ]*\) .*/    \1/p; /^Permissions 0/s/^/    /p
        s/^Load key/    &/p; s/^[^ ]*: Permission denied/    Permission denied/p'
}
{
    login -o CertificateFile=id-cert.pub
    login -o CertificateFile=id-cert.pub -o IdentitiesOnly=yes
    login -i id-cert.pub -o IdentitiesOnly=yes
    login -o CertificateFile=id-cert.pub -o IdentitiesOnly=yes -i id.pub
    chmod 600 id-cert.pub
    echo chmod 600
    login -o CertificateFile=id-cert.pub -o IdentitiesOnly=yes
} > seen
cat seen
cat > expected <<'END'
-o CertificateFile=id-cert.pub:
logged in
    Server accepts key: id-cert.pub ED25519-CERT
-o CertificateFile=id-cert.pub -o IdentitiesOnly=yes:
    Server accepts key: id-cert.pub ED25519-CERT
    Permissions 0644 for 'id-cert.pub' are too open.
    Load key "id-cert.pub": bad permissions
    Permission denied (publickey).
-i id-cert.pub -o IdentitiesOnly=yes:
    Server accepts key: id-cert.pub ED25519-CERT
    Permissions 0644 for 'id-cert.pub' are too open.
    Load key "id-cert.pub": bad permissions
    Permission denied (publickey).
-o CertificateFile=id-cert.pub -o IdentitiesOnly=yes -i id.pub:
logged in
    Server accepts key: id-cert.pub ED25519-CERT
chmod 600
-o CertificateFile=id-cert.pub -o IdentitiesOnly=yes:
    Server accepts key: id-cert.pub ED25519-CERT
    Load key "id-cert.pub": error in libcrypto
    Permission denied (publickey).
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: accepted, and signed by nobody"
