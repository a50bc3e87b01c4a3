#!/bin/sh
# cloud-init looks into sshd_config for where keys belong, finds another file than sshd does, and puts the instance's key there.
#
# Expected: cloud-init reads AuthorizedKeysFile so that the keys of the metadata land where sshd looks for them. sshd takes "the first obtained
#   value", from included files too, which Debian's sshd_config names at its top, and what stands below a Match line is for those users
#   alone (sshd_config(5)). cloud-init itself writes its settings to sshd_config.d/50-cloud-init.conf.
# Seen: cloud-init 22.4.2 (Debian 22.4.2-1+deb12u4; ssh_util.extract_authorized_keys) reads the one file line by line: of two lines the last
#   one counts, Include and Match are nothing to it. sshd of OpenSSH 9.2p1 (Debian 1:9.2p1-2+deb12u10, `sshd -T -C`) goes by the other file
#   in each of these cases. Both agree where the value stands once in sshd_config itself. Nothing is logged.
# What goes wrong: an image whose keys are kept in /etc/ssh/keys/%u by a file in sshd_config.d comes up, the key lies in ~/.ssh/authorized_keys,
#   with the right owner and modes, and the login is `Permission denied (publickey)`, on a machine that nobody else can get into.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download cloud-init=22.4.2-1+deb12u4 openssh-client=1:9.2p1-2+deb12u10 openssh-server=1:9.2p1-2+deb12u10
for package in ./*.deb; do dpkg -x "$package" root; done
./root/usr/bin/ssh-keygen -q -t ed25519 -N '' -f host
python3 -m venv python
./python/bin/pip -q --disable-pip-version-check install PyYAML==6.0.2 requests==2.32.3
mkdir -m 755 home keys
user=$(id -un)
echo "AuthorizedKeysFile $folder/keys/%u" > included
cat > find.py <<'END'
import os, pwd, sys
sys.path.insert(0, "root/usr/lib/python3/dist-packages")
from cloudinit import ssh_util
home = os.path.join(os.getcwd(), "home")
account = pwd.getpwuid(os.getuid())
ssh_util.users_ssh_info = lambda name: (home + "/.ssh", pwd.struct_passwd(account[:5] + (home, account[6])))
print(ssh_util.extract_authorized_keys(account[0], sys.argv[1])[0].replace(os.getcwd() + "/", "").replace(account[0], "USER"))
END
# Shows which file cloud-init and sshd take, by the sshd_config on the standard input.
try() {
    cat > config
    found=$(./python/bin/python find.py "$folder/config")
    used=$("$folder/root/usr/sbin/sshd" -T -C "user=$user,host=box,addr=127.0.0.1" -h "$folder/host" -f "$folder/config" \
        | sed -n 's/^authorizedkeysfile //p' | sed "s|$folder/||; s|%u|USER|; s|^\.ssh|home/.ssh|")
    echo "$1: cloud-init $found, sshd $used"
}
{
    echo "AuthorizedKeysFile $folder/keys/%u" | try 'one line'
    { echo "AuthorizedKeysFile $folder/keys/%u"; echo 'AuthorizedKeysFile .ssh/authorized_keys'; } | try 'two lines'
    { echo "Include $folder/included"; } | try 'Include'
    { echo 'AuthorizedKeysFile .ssh/authorized_keys'; echo 'Match User git'; echo "    AuthorizedKeysFile $folder/keys/%u"; } \
        | try 'Match of another user'
} > seen
cat seen
cat > expected <<'END'
one line: cloud-init keys/USER, sshd keys/USER
two lines: cloud-init home/.ssh/authorized_keys, sshd keys/USER
Include: cloud-init home/.ssh/authorized_keys, sshd keys/USER
Match of another user: cloud-init keys/USER, sshd home/.ssh/authorized_keys
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: the key goes where sshd does not look"
