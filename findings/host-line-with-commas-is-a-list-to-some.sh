#!/bin/sh
# `Host a,b`: one strange name for ssh, two hosts for asyncssh and npm's ssh-config.
#
# Expected: one of two things, everywhere: in ssh_config(5) the patterns of Host are "separated by whitespace", those of `Match host` and
#   of known_hosts by commas. A reader that takes commas in Host as well shows a config working that ssh does not follow.
# Seen: OpenSSH 9.2p1 (Debian 1:9.2p1-2+deb12u10), paramiko 5.1.0 and net-ssh 7.0.1 (Debian 1:7.0.1-1) never apply the block to a or b and
#   say nothing. asyncssh 2.24.1 and ssh-config 5.3.0 (npm) apply it to both, and there it also hides a later `Host b`.
# What goes wrong: the IdentityFile under `Host a,b` is offered by a Node or asyncssh program and not by ssh, so "the same config, the
#   same key" is accepted in one and refused in the other; an editor built on ssh-config shows the block as the host's own.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download openssh-client=1:9.2p1-2+deb12u10 ruby-net-ssh=1:7.0.1-1
for package in ./*.deb; do dpkg -x "$package" root; done
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . ssh-config@5.3.0 > npm.log 2>&1 || { cat npm.log; exit 1; }
python3 -m venv python
./python/bin/pip -q --disable-pip-version-check install paramiko==5.1.0 asyncssh==2.24.1
printf 'Host a,b\n  User comma\nHost b\n  User plain\nHost *\n  User rest\n' > config
cat > read.rb <<'END'
require 'net/ssh'
puts 'net-ssh ' + %w[a b].map { |host| Net::SSH::Config.for(host, ['config'])[:user] }.join(' ')
END
cat > read.py <<'END'
import paramiko
from asyncssh.config import SSHClientConfig
print("paramiko", *(paramiko.SSHConfig.from_path("config").lookup(host)["user"] for host in "ab"))
print("asyncssh", *(SSHClientConfig.load(None, ["config"], False, False, False, "me", (), host, ()).get("User") for host in "ab"))
END
cat > read.js <<'END'
const loaded = require('ssh-config'), SSHConfig = loaded.default || loaded
const config = SSHConfig.parse(require('fs').readFileSync('config', 'utf8'))
console.log('ssh-config', ...['a', 'b'].map((host) => config.compute(host).User))
END
{
    echo ssh $(for host in a b; do ./root/usr/bin/ssh -T -F config -G $host | sed -n 's/^user //p'; done)
    ruby -I root/usr/lib/ruby/vendor_ruby read.rb
    ./python/bin/python read.py
    node read.js
} > seen
echo 'program, User for a, User for b'
cat seen
cat > expected <<'END'
ssh rest plain
net-ssh rest plain
paramiko rest plain
asyncssh comma comma
ssh-config comma comma
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: two of five split at commas"
