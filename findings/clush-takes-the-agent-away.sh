#!/bin/sh
# `ForwardAgent yes` in ~/.ssh/config: `ssh node git pull` has the agent, `clush -w node git pull` has none.
#
# Expected: clush runs ssh, by default with no options of its own: clush.conf's ssh_options is to "set additional options to pass to the
#   underlying ssh command", and the file that is installed has it commented out (clush.conf(5)). So ssh_config says what is forwarded.
# Seen: ClusterShell 1.9.1 (Debian 1.9.1-1) always adds `-oForwardAgent=no -oForwardX11=no`, and the command line beats the file: OpenSSH 9.2p1
#   (Debian 1:9.2p1-2+deb12u10) forwards nothing. clush(1) and clush.conf(5) don't speak of it. What -o of clush gives comes before, so
#   `clush -o -A` and `-o -oForwardAgent=yes` bring it back.
# What goes wrong: a pull or a hop from the nodes ends in `Permission denied (publickey)` on all of them at once, while each node works by
#   hand, with the same config and the same agent; one looks at AllowAgentForwarding and at the nodes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download clustershell=1.9.1-1 python3-clustershell=1.9.1-1 openssh-client=1:9.2p1-2+deb12u10
for package in ./*.deb; do dpkg -x "$package" root; done
python3 -m venv python
./python/bin/pip -q --disable-pip-version-check install PyYAML==6.0.2
mkdir programs home
printf 'Host *\n    ForwardAgent yes\n' > config
# In the place of ssh: shows what ssh would do, for the options that it is given.
cat > programs/ssh <<END
#!/bin/sh
echo "\$*" > $folder/ran
$folder/root/usr/bin/ssh -T -F $folder/config -G "\$@" | sed -n 's/^forwardagent //p' > $folder/forwards
END
chmod +x programs/ssh
export PATH="$folder/programs:$PATH" HOME="$folder/home" PYTHONPATH="$folder/root/usr/lib/python3/dist-packages"
export CLUSTERSHELL_CFGDIR="$folder/root/etc/clustershell"
# Runs a command, and shows whether ssh would forward the agent.
try() {
    : > forwards
    timeout 60 "$@" > said 2>&1 || true
    echo "$(echo "$*" | sed 's|.*/||'): $(cat forwards)"
}
{
    try ssh box id
    try ./python/bin/python root/usr/bin/clush -w box id
    cp ran command
    try ./python/bin/python root/usr/bin/clush -o -oForwardAgent=yes -w box id
    try ./python/bin/python root/usr/bin/clush -o -A -w box id
    cat command
} > seen
cat seen
for page in man1/clush.1 man5/clush.conf.5; do
    if gzip -dc root/usr/share/man/$page.gz | grep -i forwardagent; then echo "changed: $page" >&2; exit 1; fi
done
cat > expected <<'END'
ssh box id: yes
clush -w box id: no
clush -o -oForwardAgent=yes -w box id: yes
clush -o -A -w box id: yes
-oForwardAgent=no -oForwardX11=no -oConnectTimeout=15 -oBatchMode=yes box id
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: clush decides on the agent"
