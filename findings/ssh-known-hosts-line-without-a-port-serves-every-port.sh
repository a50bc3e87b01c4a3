#!/bin/sh
# A known_hosts line without a port lets ssh into every port of that host, and `ssh-keygen -F` says that there is no such line.
#
# Expected: for a port other than 22 ssh looks for `[host]:port` (sshd(8)); `ssh-keygen -F '[host]:port'` tells what ssh finds, so with
#   exit 1 there a StrictHostKeyChecking=yes login must end in "Host key verification failed".
# Seen: with OpenSSH 9.2p1 (Debian 1:9.2p1-2+deb12u10) the file holds `127.0.0.1 KEY` alone. `ssh-keygen -F '[127.0.0.1]:PORT'` finds
#   nothing, exit 1; ssh with StrictHostKeyChecking=yes logs in (`found matching key w/out port` at -v). asyncssh 2.24.1 falls back in
#   the same way; paramiko 5.1.0 and net-ssh 7.0.1 (Debian 1:7.0.1-1) do not know the host, as documentation and ssh-keygen let expect.
#   (Server: asyncssh on loopback.)
# What goes wrong: "ssh works without a question, so the host key is known": and yet every other client refuses it, and the line to
#   mend is not the one that `ssh-keygen -F` or `-R` look for.
set -eu
folder=$(mktemp -d)
server=
trap 'test -z "$server" || kill "$server"; rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download openssh-client=1:9.2p1-2+deb12u10 ruby-net-ssh=1:7.0.1-1
for package in ./*.deb; do dpkg -x "$package" root; done
python3 -m venv python
./python/bin/pip -q --disable-pip-version-check install asyncssh==2.24.1 paramiko==5.1.0
for name in host me; do ./root/usr/bin/ssh-keygen -q -t ed25519 -N '' -C $name -f $name; done
cat > server.py <<'END'
import asyncio, asyncssh
async def main():
    server = await asyncssh.create_server(asyncssh.SSHServer, "127.0.0.1", 0, server_host_keys=["host"],
        authorized_client_keys="me.pub", process_factory=lambda process: process.exit(0))
    open("port", "w").write(str(server.sockets[0].getsockname()[1]))
    await asyncio.sleep(60)
asyncio.run(main())
END
./python/bin/python server.py 2> errors &
server=$!
for turn in 1 2 3 4 5 6 7 8 9 10; do test -s port || sleep 1; done
port=$(cat port)
unset SSH_AUTH_SOCK
echo "127.0.0.1 $(cut -d' ' -f1,2 host.pub)" > known
cat > read.py <<'END'
import sys
import asyncssh, paramiko
port = int(sys.argv[1])
print("asyncssh knows the host:", bool(asyncssh.read_known_hosts("known").match("127.0.0.1", "127.0.0.1", port)[0]))
print("paramiko knows the host:", paramiko.HostKeys("known").lookup(f"[127.0.0.1]:{port}") is not None)
END
{
    ./root/usr/bin/ssh-keygen -F "[127.0.0.1]:$port" -f known && echo 'ssh-keygen -F finds it' || echo 'ssh-keygen -F finds nothing'
    timeout 30 ./root/usr/bin/ssh -v -T -F none -o BatchMode=yes -o StrictHostKeyChecking=yes -o UserKnownHostsFile=known \
        -o GlobalKnownHostsFile=none -o IdentitiesOnly=yes -i me -p "$port" u@127.0.0.1 true 2> log || { cat log; exit 1; }
    grep -oE 'found matching key w/out port|Authenticated to 127.0.0.1' log
    ./python/bin/python read.py "$port"
    ruby -I root/usr/lib/ruby/vendor_ruby -e 'require "net/ssh"
        puts "net-ssh knows the host: #{Net::SSH::KnownHosts.new("known").keys_for("[127.0.0.1]:#{ARGV[0]}").any?}"' "$port"
} > seen
cat seen
cat > expected <<'END'
ssh-keygen -F finds nothing
found matching key w/out port
Authenticated to 127.0.0.1
asyncssh knows the host: True
paramiko knows the host: False
net-ssh knows the host: false
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: ssh takes the line without a port"
