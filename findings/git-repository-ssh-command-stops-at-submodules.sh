#!/bin/sh
# The ssh command that belongs to a repository is not used for its submodules, not even by the clone that was given it.
#
# Expected: `git clone -c core.sshCommand="ssh -i KEY" --recurse-submodules URL` fetches all that it clones with KEY: -c sets the variable
#   "immediately after the repository is initialized, but before the remote history is fetched" (git-clone(1)).
# Seen: with git 2.39.5 (Debian 1:2.39.5-0+deb12u3) the repository itself is fetched with KEY and each submodule with plain ssh. The same
#   later: core.sshCommand of the outer repository is not asked by `git submodule update`. `git -c core.sshCommand=... clone` (-c before
#   the word) and GIT_SSH_COMMAND reach the submodules.
# What goes wrong: CI clones with a key of its own; the outer repository comes, the submodule is `Permission denied (publickey)`. Both are
#   one organisation's, the key may read both, so the rights of the submodule's repository are looked at first.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download git=1:2.39.5-0+deb12u3
dpkg -x ./git_*.deb root
mkdir home programs
cat > programs/ssh <<END
#!/bin/sh
# In place of ssh: says which words came first, and serves the repository that is asked for.
for last; do :; done
case \$* in *-G*) exit 0 ;; esac
name=\${last#git-upload-pack \\'}
name=\${name%\\'}
case \$1 in with=*) echo "\$name: \$1" ;; *) echo "\$name: plain ssh" ;; esac >> "$folder/said"
exec git-upload-pack "$folder/\$name"
END
chmod +x programs/ssh
export HOME="$folder/home" GIT_CONFIG_NOSYSTEM=1 GIT_EXEC_PATH="$folder/root/usr/lib/git-core" GIT_TERMINAL_PROMPT=0 \
    GIT_TEMPLATE_DIR='' PATH="$folder/programs:$folder/root/usr/lib/git-core:$folder/root/usr/bin:$PATH"
git config --global user.name dev
git config --global user.email dev@example.com
git config --global init.defaultBranch main
git config --global safe.directory '*'
git config --global protocol.file.allow always
git init -q --bare inner.git
git init -q --bare outer.git
git init -q work
git -C work commit -q --allow-empty -m first
git -C work push -q ../inner.git main
git -C work submodule --quiet add ../inner.git inner
git -C work config -f .gitmodules submodule.inner.url git@inner.example:inner.git
git -C work add .
git -C work commit -qm second
git -C work push -q ../outer.git main
ask() {
    echo "$1"
    shift
    rm -rf clone said
    "$@" clone
    sort -u said | sed 's/^/    /'
}
url=git@outer.example:outer.git
key='ssh with=key'
{
    ask 'git clone -c' git clone -q -c "core.sshCommand=$key" --recurse-submodules "$url"
    rm -f said
    git -C clone submodule --quiet update --remote
    echo 'git submodule update, with core.sshCommand in the outer repository'
    sort -u said | sed 's/^/    /'
    ask 'git -c clone' git -c "core.sshCommand=$key" clone -q --recurse-submodules "$url"
    ask GIT_SSH_COMMAND env "GIT_SSH_COMMAND=$key" git clone -q --recurse-submodules "$url"
} > seen
cat seen
cat > expected <<'END'
git clone -c
    inner.git: plain ssh
    outer.git: with=key
git submodule update, with core.sshCommand in the outer repository
    inner.git: plain ssh
git -c clone
    inner.git: with=key
    outer.git: with=key
GIT_SSH_COMMAND
    inner.git: with=key
    outer.git: with=key
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: the clone's own -c ends at the submodule"
