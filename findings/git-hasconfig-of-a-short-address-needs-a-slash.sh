#!/bin/sh
# git's includeIf "hasconfig:remote.*.url:git@host:**" never applies: two stars do not reach across the colon.
#
# Expected: `**` is "anything, over slashes too" in the patterns of includeIf, so git@corp.example:** means every repository of that host,
#   as https://corp.example/** does in git-config(1); and a new clone, which has no remote yet, is not meant.
# Seen: with git 2.39.5 (Debian 1:2.39.5-0+deb12u3) two stars count only as a whole component, between slashes. Behind a colon they are one
#   star, which stops at the slash of team/app. git@corp.example:*/** applies, git@corp.example:team/** too; none of them tells of
#   the ssh:// spelling of the same remote. The clone itself does use them. No message for a pattern that fits nothing.
# What goes wrong: "the work key for the work host" by core.sshCommand in the included file is never used, another account's key is, and
#   the host says `Repository not found` or `Permission denied (publickey)`. With https remotes the same pattern worked.
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
mkdir home
printf '[core]\n    sshCommand = %s/ssh-work\n' "$folder" > work.config
export HOME="$folder/home" GIT_CONFIG_NOSYSTEM=1 GIT_SSH_VARIANT=ssh GIT_EXEC_PATH="$folder/root/usr/lib/git-core"
unset GIT_SSH GIT_SSH_COMMAND XDG_CONFIG_HOME
git() { "$folder/root/usr/bin/git" -c init.defaultBranch=main "$@" 2> said || true; }
for form in short url; do git init -q $form; done
git -C short remote add origin git@corp.example:team/app
git -C url remote add origin ssh://git@corp.example/team/app
while read -r pattern; do
    printf '[core]\n    sshCommand = %s/ssh-plain\n[includeIf "hasconfig:remote.*.url:%s"]\n    path = %s/work.config\n' \
        "$folder" "$pattern" "$folder" > home/.gitconfig
    git -C short fetch -q
    short=$(cat used)
    git clone -q git@corp.example:team/app new
    new=$(cat used)
    git -C url fetch -q
    echo "$pattern: fetch $short, clone $new, fetch of ssh:// $(cat used)"
done > seen <<'END'
git@corp.example:**
git@corp.example:*
git@corp.example:*/**
git@corp.example:team/**
ssh://git@corp.example/**
END
cat seen
cat > expected <<'END'
git@corp.example:**: fetch plain, clone plain, fetch of ssh:// plain
git@corp.example:*: fetch plain, clone plain, fetch of ssh:// plain
git@corp.example:*/**: fetch work, clone work, fetch of ssh:// plain
git@corp.example:team/**: fetch work, clone work, fetch of ssh:// plain
ssh://git@corp.example/**: fetch plain, clone plain, fetch of ssh:// work
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: behind a colon two stars are one"
