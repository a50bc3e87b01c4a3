#!/bin/sh
# sshd counts the first line of a keyword, but of MaxStartups, PerSourceMaxStartups and three others the last.
#
# Expected: sshd_config(5): "for each keyword, the first obtained value will be used". So a line in a file that an Include at the top
#   of Debian's sshd_config reads (sshd_config.d/*.conf) beats every later one, and one that is appended at the end changes nothing.
# Seen: with OpenSSH 9.2p1 (Debian 1:9.2p1-2+deb12u10) that holds for MaxAuthTries, MaxSessions, LoginGraceTime and most others. For
#   MaxStartups, PerSourceMaxStartups, PerSourceNetBlockSize, IPQoS and StreamLocalBindMask the last line counts. MaxStartups even mixes
#   two lines: after `10:60:100`, a later `200` keeps the 60 of the first, and is 200:60:200. `sshd -T` shows it; nothing warns.
#   In servconf.c these set their value without asking whether it was set before.
# What goes wrong: MaxStartups is raised in sshd_config.d for a busy host, and a line further down in sshd_config wins, so that "past
#   MaxStartups" goes on. What merges or audits files of sshd by "the first counts" reports a value that is not in force.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download openssh-server=1:9.2p1-2+deb12u10 openssh-client=1:9.2p1-2+deb12u10
for package in ./*.deb; do dpkg -x "$package" root; done
./root/usr/bin/ssh-keygen -q -t ed25519 -N '' -f key
# Asks which of two lines is in force.
say() {
    printf 'HostKey %s/key\n%s\n%s\n' "$folder" "$1" "$2" > config
    echo "$1, then $2: $(./root/usr/sbin/sshd -T -f config 2>&1 | grep -i "^${1%% *} " | cut -d ' ' -f 2-)"
}
{
    say 'MaxAuthTries 2' 'MaxAuthTries 9'
    say 'MaxSessions 2' 'MaxSessions 9'
    say 'LoginGraceTime 10' 'LoginGraceTime 20'
    say 'RequiredRSASize 1024' 'RequiredRSASize 2048'
    say 'MaxStartups 10:30:100' 'MaxStartups 200:40:300'
    say 'MaxStartups 10:60:100' 'MaxStartups 200'
    say 'PerSourceMaxStartups 3' 'PerSourceMaxStartups 9'
    say 'PerSourceNetBlockSize 24:64' 'PerSourceNetBlockSize 16:48'
    say 'IPQoS af11' 'IPQoS af21'
    say 'StreamLocalBindMask 0177' 'StreamLocalBindMask 0111'
} > seen
cat seen
cat > expected <<'END'
MaxAuthTries 2, then MaxAuthTries 9: 2
MaxSessions 2, then MaxSessions 9: 2
LoginGraceTime 10, then LoginGraceTime 20: 10
RequiredRSASize 1024, then RequiredRSASize 2048: 1024
MaxStartups 10:30:100, then MaxStartups 200:40:300: 200:40:300
MaxStartups 10:60:100, then MaxStartups 200: 200:60:200
PerSourceMaxStartups 3, then PerSourceMaxStartups 9: 9
PerSourceNetBlockSize 24:64, then PerSourceNetBlockSize 16:48: 16:48
IPQoS af11, then IPQoS af21: af21 af21
StreamLocalBindMask 0177, then StreamLocalBindMask 0111: 0111
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: of five keywords the last line counts"
