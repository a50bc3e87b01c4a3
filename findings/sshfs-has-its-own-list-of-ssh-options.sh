#!/bin/sh
# `sshfs -o PubkeyAcceptedAlgorithms=+ssh-rsa` is an unknown option of fuse; by the name that OpenSSH gave up in 8.5, sshfs takes it.
#
# Expected: "a variety of SSH options can be given here as well, see the manual pages for sftp(1) and ssh_config(5)" (sshfs(1)); what ssh and
#   sftp take behind -o, sshfs hands on, and the ssh of today knows it.
# Seen: sshfs 3.7.3 (Debian 3.7.3-1.2~deb12u1) hands on only the names of a list that was fixed with it: IdentityFile, ProxyJump,
#   HostKeyAlgorithms, PubkeyAcceptedKeyTypes and others. PubkeyAcceptedAlgorithms, SetEnv, KnownHostsCommand, AddKeysToAgent, CanonicalizeHostname
#   are `fuse: unknown option(s)`, and ssh is not run; OpenSSH 9.2p1 (Debian 1:9.2p1-2+deb12u10) has them all. In
#   `-o ssh_command='ssh -o ...'`, or in ssh_config, they work.
# What goes wrong: for an old server the usual advice, with which ssh and sftp log in, fails in sshfs with a message about FUSE, so one looks at
#   kernel modules and mount options.
#
# Needs root, or a user who may open /dev/fuse: sshfs does so before it runs ssh. Nothing gets mounted.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download sshfs=3.7.3-1.2~deb12u1 libfuse3-3=3.14.0-4 openssh-client=1:9.2p1-2+deb12u10
for package in ./*.deb; do dpkg -x "$package" root; done
mkdir programs mount
printf '#!/bin/sh\necho "$*" > %s/ran\nexit 1\n' "$folder" > programs/ssh
chmod +x programs/ssh
while read -r option; do
    : > ran
    if ./root/usr/bin/ssh -T -F none -o "$option" -G box > said 2>&1; then ssh=yes; else ssh=no; fi
    PATH="$folder/programs:$PATH" LD_LIBRARY_PATH="$folder/root/usr/lib/x86_64-linux-gnu" timeout 60 \
        ./root/usr/bin/sshfs -o "$option" box: mount > said 2>&1 < /dev/null || true
    if grep -q -e "-o$option" ran; then answer='hands it on'; else answer="$(grep -o 'unknown option' said)"; fi
    echo "$option: ssh $ssh, sshfs $answer"
done > seen <<'END'
IdentityFile=key
ProxyJump=bastion
HostKeyAlgorithms=+ssh-rsa
PubkeyAcceptedKeyTypes=+ssh-rsa
PubkeyAcceptedAlgorithms=+ssh-rsa
SetEnv=ROLE=deploy
KnownHostsCommand=/bin/true
AddKeysToAgent=no
CanonicalizeHostname=yes
END
: > ran
PATH="$folder/programs:$PATH" LD_LIBRARY_PATH="$folder/root/usr/lib/x86_64-linux-gnu" timeout 60 ./root/usr/bin/sshfs \
    -o ssh_command='ssh -o PubkeyAcceptedAlgorithms=+ssh-rsa' box: mount > said 2>&1 < /dev/null || true
echo "ssh_command: ssh $(cat ran)" >> seen
cat seen
cat > expected <<'END'
IdentityFile=key: ssh yes, sshfs hands it on
ProxyJump=bastion: ssh yes, sshfs hands it on
HostKeyAlgorithms=+ssh-rsa: ssh yes, sshfs hands it on
PubkeyAcceptedKeyTypes=+ssh-rsa: ssh yes, sshfs hands it on
PubkeyAcceptedAlgorithms=+ssh-rsa: ssh yes, sshfs unknown option
SetEnv=ROLE=deploy: ssh yes, sshfs unknown option
KnownHostsCommand=/bin/true: ssh yes, sshfs unknown option
AddKeysToAgent=no: ssh yes, sshfs unknown option
CanonicalizeHostname=yes: ssh yes, sshfs unknown option
ssh_command: ssh -o PubkeyAcceptedAlgorithms=+ssh-rsa -x -a -oClearAllForwardings=yes -2 -s -- box sftp
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: sshfs takes what was on its list"
