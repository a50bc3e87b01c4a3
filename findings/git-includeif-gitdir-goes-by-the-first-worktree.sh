#!/bin/sh
# includeIf "gitdir:~/work/" goes by where the repository was cloned: a worktree inside ~/work/ has not the work key, one outside has.
#
# Expected: a tree that stands below ~/work/ gets the configuration for ~/work/, wherever it was made from; that is why one sorts
#   clones into folders.
# Seen: with git 2.39.5 (Debian 1:2.39.5-0+deb12u3) a tree of `git worktree add ~/work/fix`, made from a clone elsewhere, is without the
#   core.sshCommand of the included file, and ~/fix, made from a clone in ~/work/, has it. What is matched is the folder .git/worktrees/NAME
#   in the first clone. The same with `--separate-git-dir`, and with `git ls-remote` in ~/work/ itself, which is no repository.
# What goes wrong: in the same folder two trees of one host log in as two accounts; one of them gets `Permission denied (publickey)`
#   or commits as the wrong person, and the configuration looks right in both.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download git=1:2.39.5-0+deb12u3
dpkg -x ./git_*.deb root
for name in plain work; do
    printf '#!/bin/sh\necho %s > %s/used\nexit 1\n' $name "$folder" > ssh-$name
    chmod +x ssh-$name
done
mkdir -p home/work
printf '[core]\n    sshCommand = %s/ssh-work\n' "$folder" > work.config
printf '[core]\n    sshCommand = %s/ssh-plain\n[includeIf "gitdir:~/work/"]\n    path = %s/work.config\n' "$folder" "$folder" > home/.gitconfig
export HOME="$folder/home" GIT_CONFIG_NOSYSTEM=1 GIT_SSH_VARIANT=ssh GIT_EXEC_PATH="$folder/root/usr/lib/git-core"
unset GIT_SSH GIT_SSH_COMMAND XDG_CONFIG_HOME
git() { "$folder/root/usr/bin/git" -c user.name=dev -c user.email=dev@box.example -c init.defaultBranch=main "$@" 2>> said; }
cd home
for clone in work/app app; do
    git init -q $clone
    git -C $clone commit -q --allow-empty -m first
    git -C $clone remote add origin git@box.example:team/app
done
git -C app worktree add -q "$HOME/work/fix"
git -C work/app worktree add -q "$HOME/fix"
git init -q --separate-git-dir="$HOME/store" work/apart
git -C work/apart remote add origin git@box.example:team/app
for tree in work/app app work/fix fix work/apart; do
    git -C $tree ls-remote || true
    echo "$tree: $(cat ../used)"
done > seen
git -C work ls-remote git@box.example:team/app || true
echo "work, no repository: $(cat ../used)" >> seen
cat seen
cat > expected <<'END'
work/app: work
app: plain
work/fix: plain
fix: work
work/apart: plain
work, no repository: plain
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: a worktree brings the configuration of its first clone"
