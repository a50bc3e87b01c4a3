#!/bin/sh
# npm's ssh-config runs the command of `Match exec` and then never believes it, where /bin/sh is dash.
#
# Expected: a `Match exec` block holds where the command ends with 0 (ssh_config(5)); ssh-config's compute() runs the command for it
#   (unless `matchExec: false` is given), so it knows.
# Seen: with ssh-config 5.3.0 on Debian 12 (sh is dash 0.5.12-2) the command runs, its effects are there, and the block does not
#   apply, not even for `true`. The command is wrapped in `function main { ... }`, which bash reads and POSIX has not: dash runs the
#   command on its way and stops at the brace, with exit code 2. OpenSSH 9.2p1 (Debian 1:9.2p1-2+deb12u10) applies the block.
# What goes wrong: one configuration gives one identity where sh is bash (macOS, Fedora) and another on Debian, Ubuntu and Alpine; and
#   that the command visibly ran speaks against the true cause.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
case $(readlink -f /bin/sh) in
    */dash) ;;
    *) echo "this needs a system whose sh is dash" >&2; exit 1 ;;
esac
apt-get -qq -o APT::Sandbox::User=root download openssh-client=1:9.2p1-2+deb12u10
dpkg -x ./openssh-client_*.deb root
npm install --silent --no-audit --no-fund --prefix . ssh-config@5.3.0 > /dev/null
cat > config <<'END'
Match exec "touch ran"
    User matched
END
cat > read.js <<'END'
const fs = require('fs')
const { default: SSHConfig } = require('ssh-config')
const found = SSHConfig.parse(fs.readFileSync('config', 'utf8')).compute('box')
console.log('ssh-config:', found.User, fs.existsSync('ran') ? '(the command ran)' : '(nothing ran)')
END
wrapped='function main {
true
}
main'
{
    node read.js
    rm -f ran
    echo "ssh: $(./root/usr/bin/ssh -T -F config -G box | sed -n 's/^user //p') $([ -e ran ] && echo '(the command ran)')"
    code=0
    dash -c "$wrapped" 2> /dev/null || code=$?
    echo "the wrapping in dash ends with $code"
    bash -c "$wrapped" && echo "the wrapping in bash ends with 0"
} > seen
cat seen
cat > expected <<'END'
ssh-config: undefined (the command ran)
ssh: matched (the command ran)
the wrapping in dash ends with 2
the wrapping in bash ends with 0
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: run, and not believed"
