#!/bin/sh
# npm's git-url-parse makes git@host:git/app.git of git@host:app.git: it takes the user of the login for the owner and writes it into the path.
#
# Expected: what it reads it writes again: toString("ssh") of an ssh remote is the same remote. A repository without an owner, as gitolite,
#   Gerrit and a bare server have them, has no owner. `alias:team/app`, with a Host block for alias, is git's short form without a user.
# Seen: git-url-parse 16.1.0 says owner "git" for git@box.example:app.git and dev@box.example:app.git alike ("dev" for the second), and puts it
#   into the path. alias:team/app is no ssh to it: the host is lost, `git@:team/app`. git@[::1]:team/app raises. https URLs of ssh://
#   remotes keep the ssh port. With an owner in the path, and in ssh:// URLs, it writes what it read.
# What goes wrong: release and changelog tools push to a repository that does not exist: `Repository not found` or a gitolite
#   `DENIED by fallthru`, for a remote that `git push` takes.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . git-url-parse@16.1.0 > npm.log 2>&1 || { cat npm.log; exit 1; }
cat > read.mjs <<'END'
import parse from 'git-url-parse'
for (const url of process.argv.slice(2)) {
  try {
    const found = parse(url)
    console.log(`${url}: owner "${found.owner}", ssh ${found.toString('ssh')}, https ${found.toString('https')}`)
  } catch (error) {
    console.log(`${url}: ${error.message}`)
  }
}
END
node read.mjs git@box.example:team/app.git git@box.example:app.git dev@box.example:app.git alias:team/app 'git@[::1]:team/app' \
    ssh://git@box.example:2222/team/app.git > seen
cat seen
cat > expected <<'END'
git@box.example:team/app.git: owner "team", ssh git@box.example:team/app.git, https https://box.example/team/app.git
git@box.example:app.git: owner "git", ssh git@box.example:git/app.git, https https://box.example/git/app.git
dev@box.example:app.git: owner "dev", ssh dev@box.example:dev/app.git, https https://box.example/dev/app.git
alias:team/app: owner "team", ssh git@:team/app, https https:///team/app
git@[::1]:team/app: URL parsing failed.
ssh://git@box.example:2222/team/app.git: owner "team", ssh ssh://git@box.example:2222/team/app.git, https https://box.example:2222/team/app.git
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: a login's user becomes a folder"
