#!/bin/sh
# `git annex sync` reaches the remote by core.sshCommand, `git annex copy` to the same remote by plain ssh: with other options and another key.
#
# Expected: the remote is git's, and so what git reaches it by holds for its files, too. git-annex(1) makes one exception: GIT_SSH and
#   GIT_SSH_COMMAND are taken up only with GIT_ANNEX_USE_GIT_SSH=1, as git-annex may add an option. Of core.sshCommand it says nothing.
# Seen: git-annex 10.20230126 (Debian 10.20230126-3) with git 2.39.5 (Debian 1:2.39.5-0+deb12u3): what runs in git (fetch and push of sync)
#   uses core.sshCommand, what git-annex asks for itself (copy, get, drop, over git-annex-shell) runs the ssh of PATH, with a ControlPath of its
#   own. GIT_ANNEX_USE_GIT_SSH=1 makes no difference to that; with GIT_SSH_COMMAND beside it, git-annex uses the latter.
#   remote.NAME.annex-ssh-options is the setting for it.
# What goes wrong: with a deploy key in core.sshCommand the branches arrive and the content does not: `(unable to check origin) failed` under
#   a refusal, or another account of that host, which has no git-annex-shell, answers.
set -eu
folder=$(mktemp -d)
trap 'chmod -R u+w "$folder"; rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download git=1:2.39.5-0+deb12u3 git-annex=10.20230126-3
for package in ./*.deb; do dpkg -x "$package" root; done
mkdir home programs
for name in plain work other; do
    printf '#!/bin/sh\ncase $* in *annex-shell*) what=annex ;; *-pack*) what=git ;; *) exit 1 ;; esac\n' > programs/$name
    printf 'echo "$what by %s" >> %s/ran\nexit 1\n' $name "$folder" >> programs/$name
    chmod +x programs/$name
done
mv programs/plain programs/ssh
export PATH="$folder/programs:$folder/root/usr/bin:$PATH" HOME="$folder/home" GIT_CONFIG_NOSYSTEM=1
export GIT_EXEC_PATH="$folder/root/usr/lib/git-core" GIT_SSH_VARIANT=ssh
unset GIT_SSH GIT_SSH_COMMAND XDG_CONFIG_HOME
git config --global user.name dev
git config --global user.email dev@box.example
git config --global init.defaultBranch main
git init -q project
cd project
git remote add origin ssh://git@box.example/srv/app
git config remote.origin.annex-uuid 00000000-0000-0000-0000-000000000001
git config core.sshCommand "$folder/programs/work"
{
    timeout 60 git annex init
    echo content > file
    timeout 60 git annex add file
    git commit -q -m file
} > ../said 2>&1
# Runs a command of git-annex, and shows what reached ssh by which program.
try() {
    : > ../ran
    timeout 60 env "$@" > ../said 2>&1 || true
    echo "$(echo "$*" | sed "s|$folder/programs/||"): $(sort -u ../ran | tr '\n' ' ' | sed 's/ $//')"
}
{
    try git annex sync --no-content
    try git annex copy --to origin file
    try GIT_ANNEX_USE_GIT_SSH=1 git annex copy --to origin file
    try GIT_ANNEX_USE_GIT_SSH=1 GIT_SSH_COMMAND="$folder/programs/other" git annex copy --to origin file
} > ../seen
cd ..
cat seen
cat > expected <<'END'
git annex sync --no-content: git by work
git annex copy --to origin file: annex by plain
GIT_ANNEX_USE_GIT_SSH=1 git annex copy --to origin file: annex by plain
GIT_ANNEX_USE_GIT_SSH=1 GIT_SSH_COMMAND=other git annex copy --to origin file: annex by other
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: one remote, two ways to it"
