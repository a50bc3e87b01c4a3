#!/bin/sh
# gpg-agent tells ssh-add that a key was removed, and goes on offering it.
#
# Expected: after `ssh-add -d KEY` ("Identity removed") and `ssh-add -D` ("All identities removed.") the agent lists nothing, and
#   a key added with `-t 1` is gone after a second. OpenSSH's agent does all three; both programs answer in the same words.
# Seen: with gpg-agent 2.2.40 (Debian 2.2.40-1.1+deb12u2) all three succeed with exit code 0 and change nothing: `ssh-add -l` lists
#   the same keys, and they still sign. The key was copied into private-keys-v1.d and named in sshcontrol when it was added, so
#   it is there after a restart too. -t limits only how long gpg-agent remembers the passphrase.
# What goes wrong: "Too many authentication failures" is answered with `ssh-add -D`; it reports success and the next login offers
#   the same keys. Only editing sshcontrol (or deleting the key file) helps.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download gpg-agent=2.2.40-1.1+deb12u2 libassuan0=2.5.5-5 libnpth0=1.6-3 \
    openssh-client=1:9.2p1-2+deb12u10
for package in ./*.deb; do dpkg -x "$package" root; done
# gpg-agent asks for a passphrase of its own when it takes a key. This one answers with an empty one.
cat > pinentry <<'END'
#!/bin/sh
echo 'OK ready'
while read -r command rest; do
    case $command in GETPIN) printf 'D \nOK\n' ;; BYE) echo OK; exit ;; *) echo OK ;; esac
done
END
chmod +x pinentry
mkdir -m 700 home
cat > inside <<'END'
add=./root/usr/bin/ssh-add
say() { echo "\$ ssh-add $*"; timeout 20 $add "$@" 2>&1; echo "exit $?"; }
./root/usr/bin/ssh-keygen -q -t ed25519 -N '' -C stays -f stays
./root/usr/bin/ssh-keygen -q -t ed25519 -N '' -C timed -f timed
say stays
say -t 1 timed
sleep 3
say -d stays
say -D
say -l
say -T timed.pub
END
GNUPGHOME=$PWD/home LD_LIBRARY_PATH=$PWD/root/usr/lib/x86_64-linux-gnu timeout 100 ./root/usr/bin/gpg-agent --quiet \
    --enable-ssh-support --pinentry-program "$PWD/pinentry" --daemon sh inside > seen 2>&1
cat seen
[ "$(grep -c '^exit 0' seen)" = 6 ]
grep -q '^Identity removed: stays' seen
grep -q '^All identities removed' seen
sed '1,/^\$ ssh-add -l/d' seen > left
if ! grep -q 'stays (ED25519)' left || ! grep -q 'timed (ED25519)' left; then
    echo "changed: gpg-agent now removes keys" >&2
    exit 1
fi
echo "as found: gpg-agent 2.2.40 keeps what it says it removed"
