#!/bin/sh
# `ssh-keygen -p -m PEM` "saves" an Ed25519 key and leaves it in the format that it had.
#
# Expected: -m sets the key format for "the -p (change passphrase) operation" (ssh-keygen(1)); what cannot be written as PEM is
#   refused, as `ssh-keygen -e -m PEM` does with the same key ("unsupported key type ED25519").
# Seen: with OpenSSH 9.2p1 (Debian 1:9.2p1-2+deb12u10) `-p -m PEM`, `-p -m PKCS8` and `-t ed25519 -m PEM` all succeed, print
#   `Your identification has been saved with the new passphrase.`, exit 0, and the file begins with
#   `-----BEGIN OPENSSH PRIVATE KEY-----` as before. RSA and ECDSA keys are converted. No word tells.
# What goes wrong: "convert the key with -m PEM" is the usual cure for JSch, old net-ssh and other readers of PEM alone. With an
#   Ed25519 key it reports success and cures nothing, so the format seems cleared as a cause.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download openssh-client=1:9.2p1-2+deb12u10
dpkg -x ./openssh-client_*.deb root
keygen=./root/usr/bin/ssh-keygen
heading() { head -n 1 "$1"; }
for type in ed25519 ecdsa; do
    $keygen -q -t "$type" -N '' -C "$type" -f "$type"
    for format in PEM PKCS8; do
        cp "$type" "$type.$format"
        $keygen -p -m "$format" -P '' -N '' -f "$type.$format" > said 2>&1
        echo "$type -m $format: $(tail -n 1 said) -> $(heading "$type.$format")"
        grep -q 'has been saved' said
    done
done
$keygen -q -t ed25519 -m PEM -N '' -f made
$keygen -e -m PEM -f ed25519.pub > exported 2>&1 && { echo "changed: -e -m PEM takes Ed25519" >&2; exit 1; }
cat exported
heading ecdsa.PEM | grep -q 'BEGIN EC PRIVATE KEY'
heading ecdsa.PKCS8 | grep -q 'BEGIN PRIVATE KEY'
for file in ed25519.PEM ed25519.PKCS8 made; do
    if ! heading "$file" | grep -q 'BEGIN OPENSSH PRIVATE KEY'; then
        echo "changed: $file is $(heading "$file")" >&2
        exit 1
    fi
done
echo "as found: -m is passed over for Ed25519"
