#!/bin/sh
# A file in sshd_config.d with a Subsystem line of its own, for internal-sftp, and sshd does not start any more.
#
# Expected: "for each keyword, the first obtained value will be used" (sshd_config(5)), so a line in sshd_config.d, which Debian's
#   sshd_config includes at its top, replaces the `Subsystem sftp` further down. That is what the folder is for.
# Seen: with OpenSSH 9.2p1 (Debian 1:9.2p1-2+deb12u10) and Debian's own sshd_config the second line of one name is an error, even where
#   it says the same: `Subsystem 'sftp' already defined.`, exit 255. `X11Forwarding no` does replace that file's `yes`, and a Subsystem
#   of another name is fine. The error names the line in the distribution's file, which nobody has touched.
# What goes wrong: a role or package lays its file into sshd_config.d, all is well as long as the old sshd runs, and after the next restart or
#   reboot the port says `Connection refused`.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download openssh-client=1:9.2p1-2+deb12u10 openssh-server=1:9.2p1-2+deb12u10
for package in ./*.deb; do dpkg -x "$package" root; done
./root/usr/bin/ssh-keygen -q -t ed25519 -N '' -f host
[ "$(id -u)" != 0 ] || mkdir -p /run/sshd
mkdir sshd_config.d
sed "s|/etc/ssh/|$folder/|" root/usr/share/openssh/sshd_config > sshd_config
# Has sshd read Debian's file with one more in sshd_config.d, and shows what it takes or says.
try() {
    echo "$1" > sshd_config.d/own.conf
    if "$folder/root/usr/sbin/sshd" -T -h "$folder/host" -f "$folder/sshd_config" > taken 2> errors; then
        echo "$1: $(grep -ciE "^$1" taken) in force, subsystems $(sed -n 's/^subsystem //p' taken | cut -d ' ' -f 1 | tr '\n' ' ')" | sed 's/ $//'
    else
        echo "$1: exit $?, $(tr -d '\r' < errors | sed "s|$folder/||" | tail -n 1)"
    fi
}
{
    try 'X11Forwarding no'
    try 'Subsystem other /bin/true'
    try 'Subsystem sftp internal-sftp'
    try "$(grep '^Subsystem' sshd_config | tr '\t' ' ')"
} > seen
cat seen
cat > expected <<'END'
X11Forwarding no: 1 in force, subsystems sftp
Subsystem other /bin/true: 1 in force, subsystems other sftp
Subsystem sftp internal-sftp: exit 255, sshd_config line 115: Subsystem 'sftp' already defined.
Subsystem sftp /usr/lib/openssh/sftp-server: exit 255, sshd_config line 115: Subsystem 'sftp' already defined.
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: two lines of one name, and no sshd"
