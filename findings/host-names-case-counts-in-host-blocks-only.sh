#!/bin/sh
# A capital letter in a host's name: ssh's known_hosts does not mind, its Host blocks do, and others read both differently.
#
# Expected: host names have no case; ssh lowers the name before it connects and looks it up in known_hosts in lower case
#   (`GitHub.com` and `github.com` are one host there), so `Host github.com` applies to `ssh git@GitHub.com`.
# Seen: with OpenSSH 9.2p1 (Debian 1:9.2p1-2+deb12u10) `ssh -G GitHub.com` says `hostname github.com` and skips the block
#   `Host github.com`; `Match host github.com`, three lines on, applies. `Host GitHub.com` in turn never applies to the usual spelling.
#   known_hosts lines match in any case. net-ssh 7.0.1 (Debian 1:7.0.1-1) takes the Host block in any case and the known_hosts
#   line only as spelled; paramiko 5.1.0 and asyncssh 2.24.1 take both only as spelled.
# What goes wrong: a remote like `git@GitHub.com:o/r` gets neither the block's User nor its IdentityFile, so a wrong key is refused,
#   while every sign (host key known, right address, same block in the config) says that the block was used.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download openssh-client=1:9.2p1-2+deb12u10 ruby-net-ssh=1:7.0.1-1
for package in ./*.deb; do dpkg -x "$package" root; done
python3 -m venv python
./python/bin/pip -q --disable-pip-version-check install paramiko==5.1.0 asyncssh==2.24.1
./root/usr/bin/ssh-keygen -q -t ed25519 -N '' -f key
key=$(cut -d' ' -f1,2 key.pub)
echo "github.com $key" > known
printf 'Host github.com\n  User block\nMatch host github.com\n  Port 2200\n' > config
cat > read.py <<'END'
import sys
import asyncssh, paramiko
from asyncssh.config import SSHClientConfig
for host in sys.argv[1:]:
    user = paramiko.SSHConfig.from_path("config").lookup(host).get("user")
    print("paramiko", host, user, paramiko.HostKeys("known").lookup(host) is not None)
    options = SSHClientConfig.load(None, ["config"], False, False, False, "me", (), host, ())
    print("asyncssh", host, options.get("User"), bool(asyncssh.read_known_hosts("known").match(host, "", 22)[0]))
END
cat > read.rb <<'END'
require 'net/ssh'
ARGV.each do |host|
  known = Net::SSH::KnownHosts.new('known').keys_for(host).any?
  puts "net-ssh #{host} #{Net::SSH::Config.for(host, ['config'])[:user] || 'None'} #{known ? 'True' : 'False'}"
end
END
for host in github.com GitHub.com; do
    options=$(./root/usr/bin/ssh -T -F config -G $host)
    user=$(echo "$options" | sed -n 's/^user block/block/p')
    port=$(echo "$options" | sed -n 's/^port //p')
    known=$(./root/usr/bin/ssh-keygen -F $host -f known > found && echo True || echo False)
    echo "ssh $host ${user:-None} $known port $port"
done > seen
./python/bin/python read.py github.com GitHub.com >> seen
ruby -I root/usr/lib/ruby/vendor_ruby read.rb github.com GitHub.com >> seen
echo 'program, name as typed, User by the Host block, found in known_hosts'
cat seen
cat > expected <<'END'
ssh github.com block True port 2200
ssh GitHub.com None True port 2200
paramiko github.com block True
asyncssh github.com block True
paramiko GitHub.com None False
asyncssh GitHub.com None False
net-ssh github.com block True
net-ssh GitHub.com block False
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: case counts in ssh's Host lines, nowhere else in ssh"
