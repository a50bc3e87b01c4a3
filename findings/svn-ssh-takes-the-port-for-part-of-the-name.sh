#!/bin/sh
# svn+ssh://host:2222/repo: svn asks ssh for a host of the name "host:2222", and tells ssh to say nothing about it.
#
# Expected: the port of the URL reaches ssh as `-p 2222`, as with git's ssh://host:2222/repo and Mercurial's; a new file
#   ~/.subversion/config says that a port goes along "in the usual way".
# Seen: Subversion 1.14.2 (Debian 1.14.2-4+deb12u1) runs `ssh -q -o ControlMaster=no -- dev@box.example:2222 svnserve -t`. The usual way of
#   `dev@host:port` is not ssh's: OpenSSH 9.2p1 (Debian 1:9.2p1-2+deb12u10) looks the whole up as a name, past a `Host box.example`, and
#   -q hides `Could not resolve hostname`. What is left is `Network connection closed unexpectedly`, as for each other failure, with
#   the advice to take -q out. A Port in ssh's config, or SVN_SSH="ssh -p 2222", is the way to another port.
# What goes wrong: the URL is right for the server's documentation and for every other program, `ssh -p 2222 host svnserve -t` answers,
#   and one looks for the fault in keys, svnserve and firewalls.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download openssh-client=1:9.2p1-2+deb12u10 subversion=1.14.2-4+deb12u1 libsvn1=1.14.2-4+deb12u1 \
    libapr1=1.7.2-3+deb12u1 libaprutil1=1.6.3-1+deb12u1 libserf-1-1=1.3.9-11 libutf8proc2=2.8.0-1 \
    libdb5.3=5.3.28+dfsg2-1
for package in ./*.deb; do dpkg -x "$package" root; done
mkdir programs home
cat > programs/ssh <<END
#!/bin/sh
echo "\$*" >> $folder/ran
exec $folder/root/usr/bin/ssh -F $folder/config "\$@"
END
chmod +x programs/ssh
# Names the hosts that ssh is to reach, and connects to none.
cat > config <<'END'
Host box.example
    HostName 127.0.0.1
    ProxyCommand false
END
export PATH="$folder/programs:$PATH" LD_LIBRARY_PATH="$folder/root/usr/lib/x86_64-linux-gnu" HOME="$folder/home"
unset SVN_SSH
for address in svn+ssh://dev@box.example/srv/repo svn+ssh://dev@box.example:2222/srv/repo; do
    : > ran
    timeout 60 ./root/usr/bin/svn info --non-interactive "$address" 2> errors || true
    echo "$address: ssh $(cat ran)"
    sed '/Unable to connect/d' errors >> "errors-$(grep -c :2222 ran)"
done > seen
cmp errors-0 errors-1 && echo "the same errors: $(grep -c 'E210002: Network connection closed unexpectedly' errors)" >> seen
echo "without -q: $(timeout 20 programs/ssh -- dev@box.example:2222 svnserve -t 2>&1 | grep -o 'Could not resolve hostname box.example:2222')" >> seen
grep -ho 'in the usual way.*' home/.subversion/config >> seen
cat seen
cat > expected <<'END'
svn+ssh://dev@box.example/srv/repo: ssh -q -o ControlMaster=no -- dev@box.example svnserve -t
svn+ssh://dev@box.example:2222/srv/repo: ssh -q -o ControlMaster=no -- dev@box.example:2222 svnserve -t
the same errors: 1
without -q: Could not resolve hostname box.example:2222
in the usual way: <user>@<hostname>:<port>.
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: the port is part of the name"
