#!/bin/sh
# One `git push`, two ssh programs: with GIT_SSH and core.sshCommand both set, git runs the one and git-lfs the other.
#
# Expected: git-lfs asks for the same access as the git that called it, so it finds its ssh by the same rule.
# Seen: git 2.39.5 (Debian 1:2.39.5-0+deb12u3) goes by GIT_SSH_COMMAND, core.sshCommand, GIT_SSH, in this order; git-lfs 3.3.0 (Debian
#   3.3.0-1+deb12u2) by GIT_SSH_COMMAND, GIT_SSH, core.sshCommand. With the two last set, each half of the push has another key. git-lfs also
#   adds -oControlMaster=auto and a socket of its own to the first call, which wins over ControlMaster and ControlPath of the configuration.
# What goes wrong: the commits go up with the repository's key and the large files come back with `Permission denied (publickey)` of
#   another account, in one and the same output; `GIT_TRACE=1` shows the ssh that works.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download git=1:2.39.5-0+deb12u3 git-lfs=3.3.0-1+deb12u2
for package in ./*.deb; do dpkg -x "$package" root; done
for name in GIT_SSH GIT_SSH_COMMAND core.sshCommand; do
    printf '#!/bin/sh\necho "    %s" >> %s/used\nexit 255\n' $name "$folder" > ssh-$name
    chmod +x ssh-$name
done
mkdir home
export HOME="$folder/home" GIT_CONFIG_NOSYSTEM=1 GIT_EXEC_PATH="$folder/root/usr/lib/git-core" GIT_SSH_VARIANT=ssh
PATH=$folder/root/usr/bin:$PATH
export PATH
unset GIT_SSH GIT_SSH_COMMAND XDG_CONFIG_HOME
git -c init.defaultBranch=main init -q app
cd app
git remote add origin git@box.example:team/app
git config core.sshCommand "$folder/ssh-core.sshCommand"
ask() {
    for call in 'git ls-remote origin' 'git-lfs locks'; do
        : > ../used
        env "$@" timeout 60 $call > ../said 2>&1 || true
        echo "$call, with core.sshCommand and $(echo "$*" | sed 's/=[^ ]*//g; s/ / and /g'):"
        uniq ../used
    done
}
{
    ask A=1
    ask GIT_SSH="$folder/ssh-GIT_SSH"
    ask GIT_SSH="$folder/ssh-GIT_SSH" GIT_SSH_COMMAND="$folder/ssh-GIT_SSH_COMMAND"
} | sed 's/ and A:/:/' > ../seen
cat ../seen
cat > ../expected <<'END'
git ls-remote origin, with core.sshCommand:
    core.sshCommand
git-lfs locks, with core.sshCommand:
    core.sshCommand
git ls-remote origin, with core.sshCommand and GIT_SSH:
    core.sshCommand
git-lfs locks, with core.sshCommand and GIT_SSH:
    GIT_SSH
git ls-remote origin, with core.sshCommand and GIT_SSH and GIT_SSH_COMMAND:
    GIT_SSH_COMMAND
git-lfs locks, with core.sshCommand and GIT_SSH and GIT_SSH_COMMAND:
    GIT_SSH_COMMAND
END
diff ../expected ../seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: git and git-lfs do not ask the same ssh"
