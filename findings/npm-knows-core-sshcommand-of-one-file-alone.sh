#!/bin/sh
# npm looks for git's core.sshCommand itself, in ~/.gitconfig and in one spelling; where it doesn't see it, it overrides it, and GIT_SSH too.
#
# Expected: npm runs git for a git+ssh:// dependency, so git's configuration decides which ssh and which key: what `git ls-remote` uses, npm
#   uses; and GIT_SSH and GIT_SSH_COMMAND "are recognized by npm and will be added to the environment when running git" (npm-install(1)).
# Seen: npm 11.19.1 (@npmcli/git 7.0.2) with git 2.39.5 (Debian 1:2.39.5-0+deb12u3) sets GIT_SSH_COMMAND to
#   `ssh -oStrictHostKeyChecking=accept-new` unless ~/.gitconfig, read as an ini file, has `sshCommand` under `[core]`. From an included
#   file, from ~/.config/git/config, and written `sshcommand` (which is the same to git, and is how `git config` writes it if typed so)
#   the command is in force for git and is not for npm. GIT_SSH alone is passed on and never run, since GIT_SSH_COMMAND comes first.
# What goes wrong: `git clone` of the very address works, `npm install` offers other keys and ends in `Permission denied (publickey)`. It
#   depends on the account's dotfiles, so it works for a colleague with the same project.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download git=1:2.39.5-0+deb12u3
dpkg -x ./git_*.deb root
mkdir tool project programs
echo '{}' > tool/package.json
npm --prefix tool install --silent --no-audit --no-fund npm@11.19.1 > said
for name in plain work; do
    printf '#!/bin/sh\necho %s > %s/used\nexit 1\n' $name "$folder" > programs/$name
    chmod +x programs/$name
done
mv programs/plain programs/ssh
ln -s "$folder/root/usr/bin/git" programs/git
echo '{"name": "project", "version": "1.0.0"}' > project/package.json
export PATH="$folder/programs:$PATH" GIT_CONFIG_NOSYSTEM=1 GIT_SSH_VARIANT=ssh GIT_EXEC_PATH="$folder/root/usr/lib/git-core"
export npm_config_update_notifier=false
unset GIT_SSH GIT_SSH_COMMAND XDG_CONFIG_HOME
address=git+ssh://git@box.example/team/app.git
# Shows which program git, and git below npm, run for the address.
try() {
    for tool in git npm; do
        : > used
        case $tool in
            git) HOME=$folder/home timeout 60 git ls-remote "${address#git+}" 2>> said || true ;;
            npm) (cd project && HOME=$folder/home timeout 60 node ../tool/node_modules/npm/bin/npm-cli.js install "$address" >> ../said 2>&1) \
                || true ;;
        esac
        echo "$1: $tool runs $(cat used)"
    done
}
{
    mkdir home
    printf '[core]\n    sshCommand = %s/programs/work\n' "$folder" > home/.gitconfig
    try '~/.gitconfig, sshCommand'
    sed s/sshCommand/sshcommand/ home/.gitconfig > part
    mv part home/.gitconfig
    try '~/.gitconfig, sshcommand'
    mkdir -p home/.config/git
    mv home/.gitconfig home/.config/git/config
    try '~/.config/git/config'
    mv home/.config/git/config part
    printf '[include]\n    path = %s/part\n' "$folder" > home/.gitconfig
    try 'an included file'
    rm home/.gitconfig
    export GIT_SSH="$folder/programs/work"
    try 'GIT_SSH'
    unset GIT_SSH
    export GIT_SSH_COMMAND="$folder/programs/work"
    try 'GIT_SSH_COMMAND'
} > seen
cat seen
cat > expected <<'END'
~/.gitconfig, sshCommand: git runs work
~/.gitconfig, sshCommand: npm runs work
~/.gitconfig, sshcommand: git runs work
~/.gitconfig, sshcommand: npm runs plain
~/.config/git/config: git runs work
~/.config/git/config: npm runs plain
an included file: git runs work
an included file: npm runs plain
GIT_SSH: git runs work
GIT_SSH: npm runs plain
GIT_SSH_COMMAND: git runs work
GIT_SSH_COMMAND: npm runs work
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: npm's own search misses what git finds"
