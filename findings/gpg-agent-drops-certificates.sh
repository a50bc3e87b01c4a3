#!/bin/sh
# gpg-agent takes a certificate with "Certificate added" and does not keep it.
#
# Expected: `ssh-add KEY` with KEY-cert.pub beside it adds both (ssh-add(1)), and `Certificate added:` means that the agent now offers
#   the certificate, as with OpenSSH's agent; an agent that cannot hold certificates would refuse ("agent refused operation").
# Seen: with gpg-agent 2.2.40 (Debian 2.2.40-1.1+deb12u2) ssh-add prints `Identity added` and `Certificate added`, exit 0; `ssh-add -l`
#   lists the bare key alone, no ED25519-CERT. gpg-agent takes the key out of the certificate and drops the rest.
# What goes wrong: a server that trusts only the CA refuses the login although "the certificate is in the agent"; with the -cert.pub
#   file away (a forwarded agent) nothing offers it, and the log shows a plain refused key.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download gpg-agent=2.2.40-1.1+deb12u2 libassuan0=2.5.5-5 libnpth0=1.6-3 \
    openssh-client=1:9.2p1-2+deb12u10
for package in ./*.deb; do dpkg -x "$package" root; done
cat > pinentry <<'END'
#!/bin/sh
echo 'OK ready'
while read -r command rest; do
    case $command in GETPIN) printf 'D \nOK\n' ;; BYE) echo OK; exit ;; *) echo OK ;; esac
done
END
chmod +x pinentry
mkdir -m 700 home
keygen=./root/usr/bin/ssh-keygen
$keygen -q -t ed25519 -N '' -C ca -f ca
$keygen -q -t ed25519 -N '' -C me -f key
$keygen -q -s ca -I work -n deploy key.pub
echo 'echo "-- $1"; timeout 20 ./root/usr/bin/ssh-add key 2>&1; echo "exit $?"; timeout 20 ./root/usr/bin/ssh-add -l' > inside
export LD_LIBRARY_PATH="$PWD/root/usr/lib/x86_64-linux-gnu"
./root/usr/bin/ssh-agent sh inside ssh-agent > neighbour 2>&1
GNUPGHOME=$PWD/home timeout 60 ./root/usr/bin/gpg-agent --quiet --enable-ssh-support --pinentry-program "$PWD/pinentry" \
    --daemon sh inside gpg-agent > seen 2>&1
cat neighbour seen
grep -q 'ED25519-CERT' neighbour
grep -q '^Certificate added: key-cert.pub' seen
grep -q '^exit 0' seen
grep -q 'me (ED25519)' seen
if grep -q 'ED25519-CERT' seen; then
    echo "changed: gpg-agent lists the certificate" >&2
    exit 1
fi
echo "as found: gpg-agent 2.2.40 says added and has no certificate"
