#!/bin/sh
# npm asks GitHub by https for a git+ssh:// dependency, and by ssh for a git+https:// one, and reports the ssh error.
#
# Expected: the URL of a dependency says how it is fetched: git+ssh:// by ssh alone, git+https:// (or https://github.com/.../x.git) by https
#   alone. npm's documentation of package.json lists git, git+ssh, git+http, git+https and git+file as protocols to choose from.
# Seen: pacote 21.5.3, with which npm fetches, runs `git ls-remote https://github.com/...` first in each of these cases and ssh://git@ after it
#   failed; gitlab.com and bitbucket.org are treated alike. For any other host the URL is taken at its word. What is reported
#   belongs to the second try: here `git: Permission denied (publickey).` (git is a stub that fails as both hosts would).
# What goes wrong: package.json and lock file say https, the CI job has a token for https that has run out, and the log says that a key was
#   refused which nobody wanted to use. With git+ssh:// the first request goes out as https, to a proxy or a credential helper.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . pacote@21.5.3 > npm.log 2>&1 || { cat npm.log; exit 1; }
cat > git <<'END'
#!/bin/sh
for word; do
    case $word in
    https:*) echo "    $word" >> asked; echo "fatal: Authentication failed for '$word'" >&2 ;;
    ssh:*) echo "    $word" >> asked; echo "git: Permission denied (publickey)." >&2 ;;
    esac
done
exit 128
END
chmod +x git
cat > resolve.js <<'END'
const pacote = require('pacote')
pacote.resolve(process.argv[2], { git: `${__dirname}/git`, cache: `${__dirname}/cache`, fetchRetries: 0 })
  .then(console.log, (error) => console.log('    ' + error.stderr.trim()))
END
for url in git+ssh://git@github.com/team/app.git git+https://github.com/team/app.git https://gitlab.com/team/app.git \
    git+ssh://git@bitbucket.org/team/app.git git+ssh://git@box.example/team/app.git git+https://box.example/team/app.git; do
    : > asked
    timeout 60 node resolve.js "$url" > said
    echo "$url:"
    cat asked said
done > seen
cat seen
cat > expected <<'END'
git+ssh://git@github.com/team/app.git:
    https://github.com/team/app.git
    ssh://git@github.com/team/app.git
    git: Permission denied (publickey).
git+https://github.com/team/app.git:
    https://github.com/team/app.git
    ssh://git@github.com/team/app.git
    git: Permission denied (publickey).
https://gitlab.com/team/app.git:
    https://gitlab.com/team/app.git
    ssh://git@gitlab.com/team/app.git
    git: Permission denied (publickey).
git+ssh://git@bitbucket.org/team/app.git:
    https://bitbucket.org/team/app.git
    ssh://git@bitbucket.org/team/app.git
    git: Permission denied (publickey).
git+ssh://git@box.example/team/app.git:
    ssh://git@box.example/team/app.git
    git: Permission denied (publickey).
git+https://box.example/team/app.git:
    https://box.example/team/app.git
    fatal: Authentication failed for 'https://box.example/team/app.git'
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: both ways to three hosts, the written way to all others"
