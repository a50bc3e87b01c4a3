#!/bin/sh
# With HostKeyAlias, ssh at port 2222 looks for `alias` in known_hosts and passes over `[alias]:2222`, which ssh-keygen -F finds.
#
# Expected: a host at another port than 22 is `[host]:port` in known_hosts (sshd(8)), and HostKeyAlias "specifies an alias that should be used
#   instead of the real host name" (ssh_config(5)), in the same place: [alias]:2222. Two servers on one machine would differ by it.
# Seen: OpenSSH 9.2p1 (Debian 1:9.2p1-2+deb12u10) takes the alias for the whole name: `[alias]:PORT` ends in `Host key verification failed`,
#   `alias` alone logs in. So does net-ssh 7.0.1 (Debian 1:7.0.1-1). asyncssh 2.24.1 takes either line. What ssh-keyscan -p prints for
#   the host has the port, and fits no alias.
# What goes wrong: a line from ssh-keyscan is renamed to the alias with its port kept, `ssh-keygen -F '[alias]:PORT'` shows it, and each login
#   ends before any key of the user's is offered; the message names neither the alias nor the name that was looked for.
set -eu
folder=$(mktemp -d)
server=
trap 'test -z "$server" || kill "$server" || true; rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download openssh-client=1:9.2p1-2+deb12u10 ruby-net-ssh=1:7.0.1-1
for package in ./*.deb; do dpkg -x "$package" root; done
python3 -m venv python
./python/bin/pip -q --disable-pip-version-check install asyncssh==2.24.1
for name in host key; do ./root/usr/bin/ssh-keygen -q -t ecdsa -m PEM -N '' -C $name -f $name; done
cat > server.py <<'END'
import asyncio, asyncssh, os
async def main():
    server = await asyncssh.listen("127.0.0.1", 0, server_host_keys=["host"], authorized_client_keys="key.pub",
                                   process_factory=lambda one: one.exit(0))
    open("port.part", "w").write(str(server.sockets[0].getsockname()[1]))
    os.rename("port.part", "port")
    await asyncio.sleep(60)
asyncio.run(main())
END
cat > login.py <<'END'
import asyncio, sys
import asyncssh
async def main():
    try:
        async with asyncssh.connect("127.0.0.1", int(sys.argv[1]), username="dev", known_hosts="known", config=None, agent_path=None,
                                    client_keys=["key"], host_key_alias="alias"):
            print("logs in")
    except asyncssh.HostKeyNotVerifiable:
        print("does not know the host")
asyncio.run(main())
END
cat > login.rb <<'END'
require 'net/ssh'
begin
  Net::SSH.start('127.0.0.1', 'dev', port: ARGV[0].to_i, host_key_alias: 'alias', user_known_hosts_file: 'known', use_agent: false,
                 global_known_hosts_file: 'none', verify_host_key: :always, keys: ['key'], config: false) { puts 'logs in' }
rescue Net::SSH::HostKeyUnknown
  puts 'does not know the host'
end
END
./python/bin/python server.py > started 2> errors &
server=$!
for turn in 1 2 3 4 5 6 7 8 9 10; do test -s port || sleep 1; done
port=$(cat port)
for name in alias "[alias]:$port"; do
    echo "$name $(cut -d' ' -f1,2 host.pub)" > known
    line=$(echo "$name" | sed "s/$port/PORT/")
    ./root/usr/bin/ssh-keygen -F "$name" -f known > said && echo "$line: ssh-keygen -F finds it"
    echo "$line: ssh $(timeout 20 ./root/usr/bin/ssh -n -T -F none -o BatchMode=yes -o StrictHostKeyChecking=yes -o UserKnownHostsFile=known \
        -o GlobalKnownHostsFile=none -o IdentityAgent=none -o IdentitiesOnly=yes -o HostKeyAlias=alias -o LogLevel=ERROR -i key -p "$port" \
        dev@127.0.0.1 2> said && echo logs in || tail -n 1 said | tr -d '\r' | sed 's/^/says: /')"
    echo "$line: net-ssh $(timeout 20 ruby -I root/usr/lib/ruby/vendor_ruby login.rb "$port")"
    echo "$line: asyncssh $(timeout 20 ./python/bin/python login.py "$port")"
done > seen
cat seen
cat > expected <<'END'
alias: ssh-keygen -F finds it
alias: ssh logs in
alias: net-ssh logs in
alias: asyncssh logs in
[alias]:PORT: ssh-keygen -F finds it
[alias]:PORT: ssh says: Host key verification failed.
[alias]:PORT: net-ssh does not know the host
[alias]:PORT: asyncssh logs in
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: an alias is a name without a port"
