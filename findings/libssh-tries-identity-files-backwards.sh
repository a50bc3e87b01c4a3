#!/bin/sh
# libssh offers the keys of ~/.ssh/config in the reverse of the order in which they are written.
#
# Expected: ssh_config(5): "Multiple IdentityFile directives will add to the list of identities tried", top down, and libssh's
#   SSH_OPTIONS_ADD_IDENTITY "Add a new identity file ... to the identity list".
# Seen: with libssh 0.10.6 (Debian 0.10.6-0+deb12u3) a config of first, second, third makes ssh_userauth_publickey_auto offer third,
#   second, first. ssh (OpenSSH 9.2p1, Debian 1:9.2p1-2+deb12u10) offers them as written. Both ask the same server here
#   (asyncssh 2.24.1 on loopback, which writes down each offer and takes none).
# What goes wrong: with MaxAuthTries 6 and a long list, the right key stands first "so that it is tried first", and libssh gets to it
#   last or never: Too many authentication failures, with a config that is fine for ssh.
set -eu
folder=$(mktemp -d)
server=
trap 'test -z "$server" || kill "$server"; rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download openssh-client=1:9.2p1-2+deb12u10 libssh-4=0.10.6-0+deb12u3 \
    libssh-dev=0.10.6-0+deb12u3
for package in ./*.deb; do dpkg -x "$package" root; done
python3 -m venv python
./python/bin/pip -q --disable-pip-version-check install asyncssh==2.24.1
for name in host first second third; do ./root/usr/bin/ssh-keygen -q -t ed25519 -N '' -C $name -f $name; done
cat > server.py <<'END'
import asyncio, asyncssh
names = {asyncssh.read_public_key(name + ".pub").get_fingerprint(): name for name in ("first", "second", "third")}
class Server(asyncssh.SSHServer):
    def begin_auth(self, username):
        return True
    def public_key_auth_supported(self):
        return True
    def validate_public_key(self, username, key):
        if key.get_fingerprint() in names:
            print(username, "offers", names[key.get_fingerprint()], flush=True)
        return False
async def main():
    server = await asyncssh.create_server(Server, "127.0.0.1", 0, server_host_keys=["host"])
    open("port", "w").write(str(server.sockets[0].getsockname()[1]))
    await asyncio.sleep(60)
asyncio.run(main())
END
cat > login.c <<'END'
#include <stdlib.h>
#include <libssh/libssh.h>
int main(int count, char **words) {
    int port = atoi(words[count - 1]);
    ssh_session session = ssh_new();
    ssh_options_set(session, SSH_OPTIONS_HOST, "127.0.0.1");
    ssh_options_set(session, SSH_OPTIONS_SSH_DIR, "empty");
    if (ssh_options_parse_config(session, "config")) return 1;
    ssh_options_set(session, SSH_OPTIONS_USER, "libssh");
    ssh_options_set(session, SSH_OPTIONS_PORT, &port);
    if (ssh_connect(session)) return 2;
    ssh_userauth_publickey_auto(session, NULL, NULL);
    ssh_disconnect(session);
    return 0;
}
END
library=$PWD/root/usr/lib/x86_64-linux-gnu
cc -o login -I root/usr/include login.c -L "$library" -lssh
mkdir empty
for name in first second third; do echo "IdentityFile $PWD/$name"; done > config
./python/bin/python server.py > seen 2> errors &
server=$!
for turn in 1 2 3 4 5 6 7 8 9 10; do test -s port || sleep 1; done
port=$(cat port)
unset SSH_AUTH_SOCK
LD_LIBRARY_PATH=$library timeout 30 ./login "$port"
timeout 30 ./root/usr/bin/ssh -T -F config -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=known -p "$port" \
    ssh@127.0.0.1 true 2>/dev/null || true
sleep 1
cat config seen
[ "$(sed -n 's/^ssh offers //p' seen | tr '\n' ' ')" = 'first second third ' ]
order=$(sed -n 's/^libssh offers //p' seen | tr '\n' ' ')
if [ "$order" != 'third second first ' ]; then
    echo "changed: libssh offers $order" >&2
    exit 1
fi
echo "as found: libssh 0.10.6 goes from the last to the first"
