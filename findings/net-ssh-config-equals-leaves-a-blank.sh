#!/bin/sh
# `HostName = box.example` in ~/.ssh/config: net-ssh connects to " box.example", with a blank in front.
#
# Expected: ssh_config(5): keyword and value may be separated by "optional whitespace and exactly one `='"; a reader that splits at
#   `=` also drops the blanks around it, or does not take `=` at all.
# Seen: net-ssh 7.0.1 (Debian 1:7.0.1-1) takes `HostName=box.example` well and keeps the blank of `HostName = box.example`, `User = git` and
#   `IdentityFile = KEY` in the value; Port is a number and comes out right. `Host "box" "crate"` in quotes matches nothing.
#   OpenSSH 9.2p1 (Debian 1:9.2p1-2+deb12u10), paramiko 5.1.0 and asyncssh 2.24.1 read the plain values and take the quotes off.
# What goes wrong: the key file " ~/.ssh/work" does not exist, which net-ssh does not say; the server sees a user with a blank in the
#   name, or the name is not resolved. All messages print the blank where no eye sees it.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download openssh-client=1:9.2p1-2+deb12u10 ruby-net-ssh=1:7.0.1-1
for package in ./*.deb; do dpkg -x "$package" root; done
python3 -m venv python
./python/bin/pip -q --disable-pip-version-check install paramiko==5.1.0 asyncssh==2.24.1
cat > read.rb <<'END'
require 'net/ssh'
found = Net::SSH::Config.for('box', [ARGV[0]])
puts "  net-ssh  #{found.values_at(:host_name, :user, :keys, :port).flatten.inspect}"
END
cat > read.py <<'END'
import json, sys
import paramiko
from asyncssh.config import SSHClientConfig
found = paramiko.SSHConfig.from_path(sys.argv[1]).lookup("box")
print("  paramiko", json.dumps([found["hostname"], found["user"], found["identityfile"][0], int(found["port"])]))
found = SSHClientConfig.load(None, [sys.argv[1]], False, False, False, "me", (), "box", ())
print("  asyncssh", json.dumps([found.get("Hostname"), found.get("User"), found.get("IdentityFile")[0], found.get("Port")]))
END
printf 'Host box\n  HostName = box.example\n  User = git\n  IdentityFile = /keys/work\n  Port = 2222\n' > spaced
sed 's/ = /=/' spaced > tight
sed '1s/.*/Host "box" "crate"/' tight > quoted
for file in tight spaced quoted; do
    echo "$file"
    ./root/usr/bin/ssh -T -F $file -G box > all
    echo "  ssh     " $(for word in hostname user identityfile port; do sed -n "s/^$word //p" all; done)
    ruby -I root/usr/lib/ruby/vendor_ruby read.rb $file
    ./python/bin/python read.py $file
done > seen
cat seen
[ "$(grep -c '^  ssh      box.example git /keys/work 2222$' seen)" = 3 ]
[ "$(grep -cE '^  (paramiko|asyncssh) \["box.example", "git", "/keys/work", 2222\]$' seen)" = 6 ]
grep net-ssh seen > found
cat > expected <<'END'
  net-ssh  ["box.example", "git", "/keys/work", 2222]
  net-ssh  [" box.example", " git", " /keys/work", 2222]
  net-ssh  [nil, nil, nil, nil]
END
diff expected found || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: net-ssh keeps the blank and the quotes"
