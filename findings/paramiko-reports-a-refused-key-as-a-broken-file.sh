#!/bin/sh
# The server refuses a key, and paramiko raises `encountered RSA key, expected OPENSSH key` or `Invalid key`: an error of another reading.
#
# Expected: a key that was read, offered and refused ends in AuthenticationException; SSHException with a word on the file's format means that the
#   file could not be read.
# Seen: paramiko 5.1.0 and 3.5.1 try the file of key_filename as RSA, ECDSA and Ed25519 in turn, go on after a refusal as after a wrong type,
#   and raise what the last try gave: for a refused RSA or ECDSA key in PEM the words above, for one in OpenSSH's format `Invalid key`.
#   Only a refused Ed25519 key, whose turn is the last, is an AuthenticationException. Registered keys in the same formats log in. The server
#   here (asyncssh 2.24.1 on loopback) writes down that it was asked.
# What goes wrong: the key is converted, made anew and blamed on OpenSSL, while it was only missing from authorized_keys; code that catches
#   AuthenticationException to ask for a password does not.
set -eu
folder=$(mktemp -d)
server=
trap 'test -z "$server" || kill "$server" || true; rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download openssh-client=1:9.2p1-2+deb12u10
dpkg -x ./openssh-client_*.deb root
for version in 5.1.0 3.5.1; do
    python3 -m venv python-$version
    ./python-$version/bin/pip -q --disable-pip-version-check install paramiko==$version
done
./python-5.1.0/bin/pip -q --disable-pip-version-check install asyncssh==2.24.1
./root/usr/bin/ssh-keygen -q -t ed25519 -N '' -f host
for type in rsa ecdsa; do
    ./root/usr/bin/ssh-keygen -q -t $type -m PEM -N '' -f $type-pem
    ./root/usr/bin/ssh-keygen -q -t $type -N '' -f $type-openssh
done
./root/usr/bin/ssh-keygen -q -t ed25519 -N '' -f ed25519-openssh
cat > server.py <<'END'
import asyncio, asyncssh, os
class Server(asyncssh.SSHServer):
    def begin_auth(self, username):
        return True
    def public_key_auth_supported(self):
        return True
    def validate_public_key(self, username, key):
        print(username, flush=True)
        return username.startswith("known")
async def main():
    server = await asyncssh.create_server(Server, "127.0.0.1", 0, server_host_keys=["host"])
    open("port.part", "w").write(str(server.sockets[0].getsockname()[1]))
    os.rename("port.part", "port")
    await asyncio.sleep(60)
asyncio.run(main())
END
cat > login.py <<'END'
import sys
import paramiko
for name in ("rsa-pem", "rsa-openssh", "ecdsa-pem", "ecdsa-openssh", "ed25519-openssh"):
    for server in ("known", "refused"):
        client = paramiko.SSHClient()
        client.set_missing_host_key_policy(paramiko.AutoAddPolicy())
        try:
            client.connect("127.0.0.1", int(sys.argv[1]), username=f"{server}-{name}", key_filename=name, look_for_keys=False,
                           allow_agent=False)
            print(f"{name}, {server}: logs in")
        except Exception as error:
            print(f"{name}, {server}: {type(error).__name__}: {error}")
        client.close()
END
./python-5.1.0/bin/python server.py > asked 2> errors &
server=$!
for turn in 1 2 3 4 5 6 7 8 9 10; do test -s port || sleep 1; done
for version in 5.1.0 3.5.1; do timeout 60 ./python-$version/bin/python login.py "$(cat port)" > seen-$version 2> said; done
cat seen-5.1.0
diff seen-5.1.0 seen-3.5.1
echo "asked about: $(sort -u asked | grep -c refused) refused keys"
cat > expected <<'END'
rsa-pem, known: logs in
rsa-pem, refused: SSHException: encountered RSA key, expected OPENSSH key
rsa-openssh, known: logs in
rsa-openssh, refused: SSHException: Invalid key
ecdsa-pem, known: logs in
ecdsa-pem, refused: SSHException: encountered EC key, expected OPENSSH key
ecdsa-openssh, known: logs in
ecdsa-openssh, refused: SSHException: Invalid key
ed25519-openssh, known: logs in
ed25519-openssh, refused: AuthenticationException: Authentication failed.
END
diff expected seen-5.1.0 || { echo "changed: see the lines above" >&2; exit 1; }
[ "$(sort -u asked | grep -c refused)" = 5 ]
echo "as found: refused keys, said to be broken"
