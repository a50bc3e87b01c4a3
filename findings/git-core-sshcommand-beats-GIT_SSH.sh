#!/bin/sh
# git's setting core.sshCommand wins over the environment's GIT_SSH.
#
# Expected: the environment beats the configuration, as GIT_EDITOR beats core.editor, GIT_ASKPASS beats core.askPass, GIT_PROXY_COMMAND
#   beats core.gitProxy, and as GIT_SSH_COMMAND beats core.sshCommand. git(1) on GIT_SSH: "If either of these environment variables is
#   set then git fetch and git push will use the specified command instead of ssh".
# Seen: with git 2.39.5 (Debian 1:2.39.5-0+deb12u3) the order is GIT_SSH_COMMAND, core.sshCommand, GIT_SSH. With GIT_SSH set and a
#   core.sshCommand in any config file, GIT_SSH is never run and nothing says so.
# What goes wrong: a deploy wrapper in GIT_SSH picks the right key; a checkout step or a line in ~/.gitconfig has left core.sshCommand
#   behind; git offers other keys and is refused, while `$GIT_SSH git@host` by hand works.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download git=1:2.39.5-0+deb12u3
dpkg -x ./git_*.deb root
for name in GIT_SSH GIT_SSH_COMMAND core.sshCommand core.editor GIT_EDITOR; do
    printf '#!/bin/sh\necho "%s was run" >&2\nexit 1\n' "$name" > "$name"
    chmod +x "$name"
done
export GIT_CONFIG_NOSYSTEM=1 HOME="$folder" GIT_EXEC_PATH="$folder/root/usr/lib/git-core"
unset GIT_SSH GIT_SSH_COMMAND GIT_SSH_VARIANT GIT_EDITOR
git=./root/usr/bin/git
ran() { env "$@" 2>&1 | grep 'was run' || true; }
{
    echo "GIT_SSH alone: $(ran "GIT_SSH=$folder/GIT_SSH" $git ls-remote git@box.example:x)"
    echo "with core.sshCommand: $(ran "GIT_SSH=$folder/GIT_SSH" $git -c "core.sshCommand=$folder/core.sshCommand" \
        ls-remote git@box.example:x)"
    echo "with GIT_SSH_COMMAND too: $(ran "GIT_SSH=$folder/GIT_SSH" "GIT_SSH_COMMAND=$folder/GIT_SSH_COMMAND" \
        $git -c "core.sshCommand=$folder/core.sshCommand" ls-remote git@box.example:x)"
    echo "the neighbour, GIT_EDITOR and core.editor: $(ran "GIT_EDITOR=$folder/GIT_EDITOR" \
        $git -c "core.editor=$folder/core.editor" config -f config -e)"
} > seen
cat seen
cat > expected <<'END'
GIT_SSH alone: GIT_SSH was run
with core.sshCommand: core.sshCommand was run
with GIT_SSH_COMMAND too: GIT_SSH_COMMAND was run
the neighbour, GIT_EDITOR and core.editor: GIT_EDITOR was run
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: the configuration beats GIT_SSH"
