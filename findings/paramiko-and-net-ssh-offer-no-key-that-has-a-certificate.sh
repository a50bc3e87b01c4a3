#!/bin/sh
# A certificate beside a key file, and paramiko and net-ssh never offer the key itself: an expired id-cert.pub locks out a good key.
#
# Expected: a certificate is one more identity; ssh offers id and then id-cert.pub. So a server that knows the key alone takes the key, and
#   one that trusts the CA takes the certificate.
# Seen: paramiko 5.1.0 and net-ssh 7.0.1 (Debian 1:7.0.1-1) find id-cert.pub beside the file `id` that they were given and offer the
#   certificate in place of the key. OpenSSH 9.2p1 (Debian 1:9.2p1-2+deb12u10) offers the key first and logs in; asyncssh 2.24.1 offers the
#   certificate first and the key after it. With id-cert.pub moved away, both get in. The server here (asyncssh on loopback) knows the
#   key and trusts no CA.
# What goes wrong: Vault, step or a company's login tool leaves a certificate beside the key; from then on fabric, Ansible's paramiko and
#   Capistrano are refused at a git host that has had the key for years, and ssh is not. The server's log shows a certificate nobody meant.
set -eu
folder=$(mktemp -d)
server=
trap 'test -z "$server" || kill "$server" || true; rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download openssh-client=1:9.2p1-2+deb12u10 ruby-net-ssh=1:7.0.1-1
for package in ./*.deb; do dpkg -x "$package" root; done
python3 -m venv python
./python/bin/pip -q --disable-pip-version-check install asyncssh==2.24.1 paramiko==5.1.0
for name in host ca id; do ./root/usr/bin/ssh-keygen -q -t ecdsa -m PEM -N '' -C $name -f $name; done
./root/usr/bin/ssh-keygen -q -s ca -I test -n dev -V 20200101:20200102 id.pub
cat > server.py <<'END'
import asyncio, asyncssh, os
class Server(asyncssh.SSHServer):
    def begin_auth(self, username):
        return True
    def public_key_auth_supported(self):
        return True
    def validate_public_key(self, username, key):
        print(username, "offers the key", flush=True)
        return True
    def validate_ca_key(self, username, key):
        print(username, "offers the certificate", flush=True)
        return False
async def main():
    server = await asyncssh.create_server(Server, "127.0.0.1", 0, server_host_keys=["host"], process_factory=lambda one: one.exit(0))
    open("port.part", "w").write(str(server.sockets[0].getsockname()[1]))
    os.rename("port.part", "port")
    await asyncio.sleep(60)
asyncio.run(main())
END
cat > login.py <<'END'
import asyncio, sys
import asyncssh, paramiko
port = int(sys.argv[1])
def by_paramiko(user):
    client = paramiko.SSHClient()
    client.set_missing_host_key_policy(paramiko.AutoAddPolicy())
    try:
        client.connect("127.0.0.1", port, username=user, key_filename="id", look_for_keys=False, allow_agent=False)
        print(user, "logs in")
    except paramiko.SSHException:
        print(f"{user} is refused")
    client.close()
async def by_asyncssh():
    async with asyncssh.connect("127.0.0.1", port, username=sys.argv[2] + "asyncssh", known_hosts=None, config=None, agent_path=None,
                                client_keys=["id"]):
        print(sys.argv[2] + "asyncssh logs in")
by_paramiko(sys.argv[2] + "paramiko")
asyncio.run(by_asyncssh())
END
cat > login.rb <<'END'
require 'net/ssh'
begin
  Net::SSH.start('127.0.0.1', ARGV[1] + 'net-ssh', port: ARGV[0].to_i, verify_host_key: :never, keys: ['id'], keys_only: true,
                 use_agent: false, config: false, non_interactive: true) { puts ARGV[1] + 'net-ssh logs in' }
rescue Net::SSH::AuthenticationFailed
  puts ARGV[1] + 'net-ssh is refused'
end
END
./python/bin/python server.py > offers 2> errors &
server=$!
for turn in 1 2 3 4 5 6 7 8 9 10; do test -s port || sleep 1; done
port=$(cat port)
login() {
    timeout 20 ./root/usr/bin/ssh -n -T -F none -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=known \
        -o IdentityAgent=none -o IdentitiesOnly=yes -i id -p "$port" "$1"ssh@127.0.0.1 2> said && echo "$1"ssh logs in
    timeout 60 ./python/bin/python login.py "$port" "$1" 2> said
    timeout 60 ruby -I root/usr/lib/ruby/vendor_ruby login.rb "$port" "$1" 2> said
}
{
    login ''
    mv id-cert.pub old
    login without-
    uniq offers
} > seen
cat seen
cat > expected <<'END'
ssh logs in
paramiko is refused
asyncssh logs in
net-ssh is refused
without-ssh logs in
without-paramiko logs in
without-asyncssh logs in
without-net-ssh logs in
ssh offers the key
paramiko offers the certificate
asyncssh offers the certificate
asyncssh offers the key
net-ssh offers the certificate
without-ssh offers the key
without-paramiko offers the key
without-asyncssh offers the key
without-net-ssh offers the key
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: the certificate takes the key's place"
