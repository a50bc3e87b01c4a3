#!/bin/sh
# sshtunnel opens a connection of its own for each key that it tries.
#
# Expected: one connection on which the keys are offered one after another (RFC 4252), as ssh and Paramiko's own SSHClient do.
# Seen: sshtunnel 0.4.0 (with paramiko 3.5.1) with three keys in the agent makes three connections, one key on each. SSHClient, with the
#   same agent, makes one. The server here (paramiko 3.5.1 on loopback) counts both, and takes no key.
# What goes wrong: MaxAuthTries, at which one looks first, never counts past one; but MaxStartups, PerSourcePenalties (OpenSSH 9.8) and
#   fail2ban count connections, so a full agent gets the address blocked, also for ssh, and the tunnel's error names only its gateway.
set -eu
folder=$(mktemp -d)
trap 'test -z "${SSH_AGENT_PID:-}" || kill "$SSH_AGENT_PID"; rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
./python/bin/pip -q --disable-pip-version-check install sshtunnel==0.4.0 paramiko==3.5.1
eval "$(ssh-agent -s)" >/dev/null
for name in host first second third; do ssh-keygen -q -t ed25519 -N '' -C $name -f $name; done
for name in first second third; do ssh-add -q $name; done
cat > count.py <<'END'
import logging, paramiko, socket, sys, threading
logging.disable(logging.CRITICAL)
counted = {"connections": 0, "keys": 0}
class Nobody(paramiko.ServerInterface):
    def get_allowed_auths(self, user):
        return "publickey"
    def check_auth_publickey(self, user, key):
        counted["keys"] += 1
        return paramiko.AUTH_FAILED
listener = socket.create_server(("127.0.0.1", 0))
kept = []
def serve():
    while True:
        transport = paramiko.Transport(listener.accept()[0])
        counted["connections"] += 1
        transport.add_server_key(paramiko.Ed25519Key(filename="host"))
        transport.start_server(event=threading.Event(), server=Nobody())
        kept.append(transport)
threading.Thread(target=serve, daemon=True).start()
port = listener.getsockname()[1]
try:
    if sys.argv[1] == "sshtunnel":
        import sshtunnel
        sshtunnel.open_tunnel(("127.0.0.1", port), ssh_username="dev", ssh_config_file=None, host_pkey_directories=[],
                              remote_bind_address=("127.0.0.1", 80)).start()
    else:
        client = paramiko.SSHClient()
        client.set_missing_host_key_policy(paramiko.AutoAddPolicy())
        client.connect("127.0.0.1", port, "dev", look_for_keys=False)
except Exception as error:
    print(f"({error})", file=sys.stderr)
print(f"{counted['keys']} keys on {counted['connections']} connections")
END
tunnel=$(HOME=$folder timeout 60 ./python/bin/python count.py sshtunnel)
client=$(HOME=$folder timeout 60 ./python/bin/python count.py paramiko)
printf 'sshtunnel: %s\nSSHClient: %s\n' "$tunnel" "$client"
if [ "$tunnel" != '3 keys on 3 connections' ] || [ "$client" != '3 keys on 1 connections' ]; then
    echo "changed" >&2
    exit 1
fi
echo "as found: sshtunnel 0.4.0 dials anew for each key"
