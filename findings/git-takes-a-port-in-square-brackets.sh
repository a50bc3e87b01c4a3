#!/bin/sh
# git's short address has a port after all, in square brackets: [git@host:2222]:team/app. What else reads remotes goes astray with it.
#
# Expected: only ssh://git@host:2222/team/app can name a port; git-clone(1) shows none for the scp-like form, and brackets are for IPv6.
# Seen: git 2.39.5 (Debian 1:2.39.5-0+deb12u3) runs ssh with -p 2222 for `[git@host:2222]:team/app` and for `git@[host:2222]:team/app`.
#   libgit2 1.9.1 (pygit2 1.18.2) connects to that port for the first and looks up the name `[127.0.0.1:...]` for the second. dulwich
#   0.24.10 logs in to the host as `[git`, at port 22, and asks for the path `2222]:team/app`.
# What goes wrong: a remote that works in git is a wrong user, a wrong path or an unknown name in a Python tool, an editor or a
#   dependency manager, and nobody suspects the address.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download git=1:2.39.5-0+deb12u3
dpkg -x ./git_*.deb root
python3 -m venv python
./python/bin/pip -q --disable-pip-version-check install pygit2==1.18.2 dulwich==0.24.10
cat > ssh <<'END'
#!/bin/sh
printf '%s\n' "$*" > asked
exit 1
END
chmod +x ssh
cat > read.py <<'END'
import os, socket, subprocess, sys, threading
import pygit2
from dulwich.client import get_transport_and_path

listener = socket.create_server(("127.0.0.1", 0))
port = listener.getsockname()[1]
came = []

def serve():
    while True:
        connection, _ = listener.accept()
        came.append(1)
        connection.close()

threading.Thread(target=serve, daemon=True).start()
repository = pygit2.init_repository("bare", bare=True)
hide = lambda text: text.replace(str(port), "PORT")
for form in ("ssh://git@127.0.0.1:{}/team/app", "[git@127.0.0.1:{}]:team/app", "git@[127.0.0.1:{}]:team/app"):
    address = form.format(port)
    subprocess.run(["./root/usr/bin/git", "ls-remote", address], stderr=subprocess.DEVNULL)
    asked = open("asked").read().strip().replace("-o SendEnv=GIT_PROTOCOL ", "").replace("git-upload-pack ", "")
    print(hide(f"{address}: git: {asked}"))
    came.clear()
    try:
        repository.remotes.create_anonymous(address).ls_remotes()
    except pygit2.GitError as error:
        said = str(error)
    print(hide(f"{address}: libgit2: {'connects there' if came else said.split(':  ')[0]}"))
    client, path = get_transport_and_path(address)
    print(hide(f"{address}: dulwich: {client.username!r} at {client.host!r}, port {client.port}, {path!r}"))
END
export GIT_SSH="$folder/ssh" GIT_SSH_VARIANT=ssh GIT_CONFIG_NOSYSTEM=1 HOME="$folder" GIT_EXEC_PATH="$folder/root/usr/lib/git-core"
./python/bin/python read.py > seen
cat seen
cat > expected <<'END'
ssh://git@127.0.0.1:PORT/team/app: git: -p PORT git@127.0.0.1 '/team/app'
ssh://git@127.0.0.1:PORT/team/app: libgit2: connects there
ssh://git@127.0.0.1:PORT/team/app: dulwich: 'git' at '127.0.0.1', port PORT, '/team/app'
[git@127.0.0.1:PORT]:team/app: git: -p PORT git@127.0.0.1 'team/app'
[git@127.0.0.1:PORT]:team/app: libgit2: connects there
[git@127.0.0.1:PORT]:team/app: dulwich: '[git' at '127.0.0.1', port None, 'PORT]:team/app'
git@[127.0.0.1:PORT]:team/app: git: -p PORT git@127.0.0.1 'team/app'
git@[127.0.0.1:PORT]:team/app: libgit2: failed to resolve address for [127.0.0.1:PORT]: Name or service not known
git@[127.0.0.1:PORT]:team/app: dulwich: 'git' at '[127.0.0.1', port None, 'PORT]:team/app'
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: a port in brackets"
