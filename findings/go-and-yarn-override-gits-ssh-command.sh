#!/bin/sh
# `go get` and yarn fetch with git and set its ssh program themselves: git's core.sshCommand counts for `git fetch`, and not for them.
#
# Expected: both run git, and so they use what git is configured with: `url.*.insteadOf` does work for them. core.sshCommand is, by
#   git-config(1), what "git fetch and git push will use ... instead of ssh"; pip and pnpm, which run git as well, use it.
# Seen: with git 2.39.5 (Debian 1:2.39.5-0+deb12u3) Go 1.19.8 (Debian golang-1.19-go 1.19.8-2) sets GIT_SSH_COMMAND to `ssh -o ControlMaster=no
#   -o BatchMode=yes`, unless that or GIT_SSH is set, yarn 1.22.22 to `"ssh" -oBatchMode=yes` and yarn 4.18.1 to `ssh -o BatchMode=yes`.
#   git takes the environment first, so core.sshCommand is not used, whichever file it is in. pip 23.2.1 and pnpm 9.15.9 leave it in
#   force. Neither Go nor yarn shows which ssh it had git run.
# What goes wrong: with the work key in core.sshCommand `git clone` of a private module works, and `go mod download` or `yarn install` on the
#   same machine is refused, or another account's key is taken and the host says `Repository not found`.
set -eu
folder=$(mktemp -d)
trap 'chmod -R u+w "$folder"; rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download git=1:2.39.5-0+deb12u3 golang-1.19-go=1.19.8-2
for package in ./*.deb; do dpkg -x "$package" root; done
python3 -m venv python
./python/bin/pip -q --disable-pip-version-check install pip==23.2.1
mkdir tools home programs go one four pnpm
echo '{}' > tools/package.json
npm --prefix tools install --silent --no-audit --no-fund --ignore-scripts yarn@1.22.22 @yarnpkg/cli-dist@4.18.1 pnpm@9.15.9 > said
for name in plain work; do
    printf '#!/bin/sh\necho "%s: $*" > %s/used\nexit 1\n' $name "$folder" > programs/$name
    chmod +x programs/$name
done
mv programs/plain programs/ssh
ln -s "$folder/root/usr/bin/git" programs/git
export PATH="$folder/programs:$PATH" HOME="$folder/home" GIT_CONFIG_NOSYSTEM=1 GIT_SSH_VARIANT=ssh GIT_EXEC_PATH="$folder/root/usr/lib/git-core"
export CI=1 npm_config_update_notifier=false YARN_ENABLE_TELEMETRY=0 YARN_APPROVED_GIT_REPOSITORIES='**'
export GOPATH="$folder/gopath" GOROOT="$folder/root/usr/lib/go-1.19" GOPRIVATE=box.example GOVCS='*:git' GO111MODULE=on GOFLAGS=
unset GIT_SSH GIT_SSH_COMMAND XDG_CONFIG_HOME
printf '[core]\n    sshCommand = %s/programs/work\n[url "git@box.example:"]\n    insteadOf = https://box.example/\n' "$folder" > home/.gitconfig
printf 'module here.example/app\n\ngo 1.19\n' > go/go.mod
for name in one four pnpm; do echo '{"name": "app", "version": "1.0.0"}' > $name/package.json; done
: > four/yarn.lock
address=git+ssh://git@box.example/team/app.git
# Runs a command in a folder, and shows which program git took for ssh, with its options.
try() {
    : > used
    (cd "$2" && shift 2 && timeout 100 "$@" >> ../said 2>&1) || true
    echo "$1: $(sed 's/ \(git@\)*box.example .*//; s/ -o SendEnv=GIT_PROTOCOL//; s/:$//' used)"
}
{
    try 'git' one git ls-remote https://box.example/team/app.git
    try 'pip' one ../python/bin/pip --disable-pip-version-check install "$address"
    try 'pnpm' pnpm node ../tools/node_modules/pnpm/bin/pnpm.cjs add "$address"
    try 'go' go ../root/usr/lib/go-1.19/bin/go list -m box.example/team/app.git@v1.0.0
    try 'yarn 1' one node ../tools/node_modules/yarn/bin/yarn.js --no-default-rc add "$address"
    try 'yarn 4' four node ../tools/node_modules/@yarnpkg/cli-dist/bin/yarn.js add app@git@box.example:team/app.git
} > seen
cat seen
cat > expected <<'END'
git: work
pip: work
pnpm: work
go: plain: -o ControlMaster=no -o BatchMode=yes
yarn 1: plain: -oBatchMode=yes
yarn 4: plain: -o BatchMode=yes
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: what git runs is not what git is set to"
