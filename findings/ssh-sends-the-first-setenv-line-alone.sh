#!/bin/sh
# ssh_config's SendEnv lines add up, of SetEnv lines the first one counts; and Dulwich's own SetEnv takes away all of yours.
#
# Expected: the variables of SendEnv may be "spread across multiple SendEnv directives", and SetEnv is for "one or more environment
#   variables", "similarly to SendEnv" (ssh_config(5)): a line for the host and one for all hosts give both.
# Seen: OpenSSH 9.2p1 (Debian 1:9.2p1-2+deb12u10) takes the whole first SetEnv line that applies and none of a later one, in the same block,
#   too; nothing tells of the rest. Dulwich 1.2.21 runs ssh with `-o "SetEnv GIT_PROTOCOL=version=2"`, and what is on the command line is
#   first: no variable of the config is sent. git itself sends GIT_PROTOCOL by SendEnv, and SetEnv stays (git 2.39.5, Debian
#   1:2.39.5-0+deb12u3).
# What goes wrong: a gateway or forced command that goes by a variable (tenant, role, TERM) gets it from ssh and git, and not from a
#   program on Dulwich; or it stops coming for one host, as that host's block sets another.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download openssh-client=1:9.2p1-2+deb12u10 git=1:2.39.5-0+deb12u3
for package in ./*.deb; do dpkg -x "$package" root; done
python3 -m venv python
./python/bin/pip -q --disable-pip-version-check install dulwich==1.2.21
mkdir programs home
cat > config <<'END'
Host box
    SetEnv ROLE=deploy
    SetEnv TENANT=blue
    SendEnv ONE
    SendEnv TWO
Host *
    SetEnv TERM=xterm
    SendEnv THREE
END
# In the place of ssh: shows what ssh would send, for the options that it is given.
cat > programs/ssh <<END
#!/bin/sh
$folder/root/usr/bin/ssh -T -F $folder/config -G "\$@" | grep -E '^(setenv|sendenv)' | sort | tr '\n' ' ' > $folder/sent
exit 1
END
chmod +x programs/ssh
export PATH="$folder/programs:$PATH" HOME="$folder/home" GIT_CONFIG_NOSYSTEM=1 GIT_SSH_VARIANT=ssh GIT_EXEC_PATH="$folder/root/usr/lib/git-core"
unset GIT_SSH GIT_SSH_COMMAND XDG_CONFIG_HOME
# Runs a command, and shows what ssh would send.
try() {
    name=$1
    shift
    : > sent
    timeout 60 "$@" > said 2>&1 || true
    echo "$name: $(sed 's/ $//' sent)"
}
{
    try 'ssh box' ssh box
    try 'ssh other' ssh other
    try 'git' ./root/usr/bin/git ls-remote box:app
    try 'Dulwich' ./python/bin/python -c 'from dulwich.porcelain import ls_remote; ls_remote("box:app")'
} > seen
cat seen
cat > expected <<'END'
ssh box: sendenv ONE sendenv THREE sendenv TWO setenv ROLE=deploy
ssh other: sendenv THREE setenv TERM=xterm
git: sendenv GIT_PROTOCOL sendenv ONE sendenv THREE sendenv TWO setenv ROLE=deploy
Dulwich: sendenv ONE sendenv THREE sendenv TWO setenv GIT_PROTOCOL=version=2
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: the first SetEnv line is the only one"
