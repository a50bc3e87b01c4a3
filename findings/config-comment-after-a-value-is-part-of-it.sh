#!/bin/sh
# `User git # work` in ~/.ssh/config: ssh sees the user git, its readers the user "git # work".
#
# Expected: a file that ssh reads without a word means the same to the libraries that say they read ssh_config. ssh has taken a
#   `#` after a value as the start of a comment since 8.5; ssh_config(5) speaks only of whole lines.
# Seen: OpenSSH 9.2p1 (Debian 1:9.2p1-2+deb12u10): user git, port 2222, key ~/.ssh/work, and `Host box # once other` does not
#   apply to `other`. paramiko 5.1.0 and net-ssh 7.0.1 (Debian 1:7.0.1-1): user `git # work`, port `2222 # high`, key
#   `~/.ssh/work # key`, no warning. asyncssh 2.24.1 raises `Extra data at end` and reads nothing at all. For all three the Host
#   line's comment is a list of more names, so the block applies to the host `other` too.
# What goes wrong: the server logs an invalid user with a strange name, or the key "does not exist"; `ssh -v` with the same file
#   works and shows nothing.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download openssh-client=1:9.2p1-2+deb12u10 ruby-net-ssh=1:7.0.1-1
for package in ./*.deb; do dpkg -x "$package" root; done
python3 -m venv python
./python/bin/pip -q --disable-pip-version-check install paramiko==5.1.0 asyncssh==2.24.1
printf 'Host box\n  User git # work\n  Port 2222 # high\n  IdentityFile /keys/work # key\n' > values
printf 'Host box # once other\n  User git\n' > names
cat > read.py <<'END'
import sys
import paramiko
from asyncssh.config import SSHClientConfig
path, host = sys.argv[1:]
found = paramiko.SSHConfig.from_path(path).lookup(host)
print("paramiko", [found.get(word) for word in ("user", "port", "identityfile")])
try:
    found = SSHClientConfig.load(None, [path], False, False, False, "me", (), host, ())
    print("asyncssh", [found.get(word) for word in ("User", "Port", "IdentityFile")])
except Exception as error:
    print("asyncssh", type(error).__name__, error)
END
cat > read.rb <<'END'
require 'net/ssh'
found = Net::SSH::Config.for(ARGV[1], [ARGV[0]])
puts "net-ssh #{found.values_at(:user, :port, :keys).inspect}"
END
for pair in 'values box' 'names other'; do
    set -- $pair
    echo "-- $1, asked for $2"
    ./root/usr/bin/ssh -T -F "$1" -G "$2" > all
    echo "ssh" $(grep -E '^(user git|port|identityfile /keys)' all)
    ./python/bin/python read.py "$1" "$2"
    ruby -I root/usr/lib/ruby/vendor_ruby read.rb "$1" "$2"
done > seen
cat seen
cat > expected <<'END'
-- values, asked for box
ssh user git port 2222 identityfile /keys/work
paramiko ['git # work', '2222 # high', ['/keys/work # key']]
asyncssh ConfigParseError values line 2: Extra data at end: # work
net-ssh ["git # work", "2222 # high", ["/keys/work # key"]]
-- names, asked for other
ssh port 22
paramiko ['git', None, None]
asyncssh ['git', None, None]
net-ssh ["git", nil, nil]
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: four readers, three meanings"
