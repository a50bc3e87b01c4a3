#!/bin/sh
# net-ssh reads `Match host X user Y` as `Match host X`, and does not know `Match exec` or `!host` at all.
#
# Expected: net-ssh's changelog names support for Match; conditions on one line must all hold (ssh_config(5)), and a condition
#   that a reader does not know makes the block not apply, or raises.
# Seen: net-ssh 7.0.1 (Debian 1:7.0.1-1) against OpenSSH 9.2p1 (Debian 1:9.2p1-2+deb12u10). The block of `Match host box user nobody`,
#   of `Match host box exec "false"` and of `Match localuser nobody host box` applies in net-ssh alone; that of `Match exec "true"` and
#   of `Match !host other` in ssh alone. `Match host` looks at the name after HostName in ssh, at the typed one in net-ssh, so with
#   `HostName real` one of them takes `Match host real` and the other `Match host alias`.
# What goes wrong: Capistrano and others log in with the IdentityFile, Port or User of a block meant for somebody else, or miss the
#   one that `ssh` uses; the same config file "works in the shell".
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download openssh-client=1:9.2p1-2+deb12u10 ruby-net-ssh=1:7.0.1-1
for package in ./*.deb; do dpkg -x "$package" root; done
cat > read.rb <<'END'
require 'net/ssh'
puts Net::SSH::Config.for('box', ['config'])[:port] || 22
END
try() {
    printf '%b\n  Port 8022\n' "$1" > config
    ssh_port=$(./root/usr/bin/ssh -T -F config -G box | sed -n 's/^port //p')
    ruby_port=$(ruby -I root/usr/lib/ruby/vendor_ruby read.rb)
    printf '%s | ssh %s | net-ssh %s\n' "$1" "$ssh_port" "$ruby_port"
}
{
    try 'Match host box,other'
    try 'Match host box user nobody'
    try 'Match host box exec "false"'
    try 'Match localuser nobody host box'
    try 'Match exec "true"'
    try 'Match !host other'
    try 'Host box\n  HostName real\nMatch host real'
    try 'Host box\n  HostName real\nMatch host box'
} > seen
cat seen
cat > expected <<'END'
Match host box,other | ssh 8022 | net-ssh 8022
Match host box user nobody | ssh 22 | net-ssh 8022
Match host box exec "false" | ssh 22 | net-ssh 8022
Match localuser nobody host box | ssh 22 | net-ssh 8022
Match exec "true" | ssh 8022 | net-ssh 22
Match !host other | ssh 8022 | net-ssh 22
Host box\n  HostName real\nMatch host real | ssh 8022 | net-ssh 22
Host box\n  HostName real\nMatch host box | ssh 22 | net-ssh 8022
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: only the first row agrees"
