#!/bin/sh
# git-lfs logs in fourteen times for one push whose key is refused, one connection after the other.
#
# Expected: one login that ends with `Permission denied` ends the push, as it does for git: two connections at most, for locks and files.
# Seen: with git-lfs 3.3.0 (Debian 3.3.0-1+deb12u2) a `git lfs push` of one file calls ssh once for git-lfs-transfer, six times for
#   git-lfs-authenticate to ask for locks, and the same again to upload; `git push` (git 2.39.5, Debian 1:2.39.5-0+deb12u3) calls it once.
#   lfs.transfer.maxretries=1 does not lower the number. ssh is a stub here that fails as a refused login does, with 255.
# What goes wrong: a key of the wrong account is one refusal in git's output and over a dozen in the server's log, with as many keys each as
#   the agent holds: MaxStartups, PerSourcePenalties or fail2ban close the address, and the next error is a time-out.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download git=1:2.39.5-0+deb12u3 git-lfs=3.3.0-1+deb12u2
for package in ./*.deb; do dpkg -x "$package" root; done
cat > refused <<END
#!/bin/sh
for word; do
    case \$word in
    git-*) echo "    \${word%% *}" >> $folder/called ;;
    esac
done
echo 'git@box.example: Permission denied (publickey).' >&2
exit 255
END
chmod +x refused
mkdir home
export HOME="$folder/home" GIT_CONFIG_NOSYSTEM=1 GIT_EXEC_PATH="$folder/root/usr/lib/git-core" GIT_SSH_VARIANT=ssh
export GIT_SSH_COMMAND="$folder/refused"
PATH=$folder/root/usr/bin:$PATH
export PATH
git -c init.defaultBranch=main init -q app
cd app
git remote add origin git@box.example:team/app
git lfs install --local --skip-repo > ../said
git lfs track '*.bin' > ../said
echo large > one.bin
git add .
git -c user.name=dev -c user.email=dev@box.example commit -q -m first
count() {
    : > ../called
    timeout 300 "$@" > ../said 2>&1 || true
    echo "$*:"
    grep -v upload-pack ../called | sort | uniq -c | sed 's/^ */    /; s/     */ /2'
}
{
    count git push origin main
    count git lfs push origin main
    count git -c lfs.transfer.maxretries=1 lfs push origin main
} > ../seen
cat ../seen
cat > ../expected <<'END'
git push origin main:
    1 git-receive-pack
git lfs push origin main:
    12 git-lfs-authenticate
    2 git-lfs-transfer
git -c lfs.transfer.maxretries=1 lfs push origin main:
    12 git-lfs-authenticate
    2 git-lfs-transfer
END
diff ../expected ../seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: one push, fourteen refusals"
