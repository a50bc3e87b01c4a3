#!/bin/sh
# npm's ssh-config takes `user` and `User` for two keywords, so the later and weaker value wins.
#
# Expected: keywords are case-insensitive and the first value obtained is used (ssh_config(5)). ssh-config's compute() gives "the
#   config of a host" by these rules: `.User` is what ssh would use.
# Seen: with ssh-config 5.3.0 `Host box` / `user alice` and then `Host *` / `User nobody` gives an object with both, `user: alice` and
#   `User: nobody`; `HOSTNAME` is no HostName, and a block `Match host REAL` that depends on it does not apply.
#   OpenSSH 9.2p1 (Debian 1:9.2p1-2+deb12u10, `ssh -G`) says alice, the real host, and applies the block.
# What goes wrong: editors and dashboards that read the configuration with it connect as another user, or to the alias as a host
#   name ("could not resolve"), where ssh in a terminal works with the same file.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download openssh-client=1:9.2p1-2+deb12u10
dpkg -x ./openssh-client_*.deb root
npm install --silent --no-audit --no-fund --prefix . ssh-config@5.3.0 > /dev/null
cat > config <<'END'
Host box
    user alice
    HOSTNAME real.example
Match host real.example
    Port 2222
Host *
    User nobody
END
cat > read.js <<'END'
const { default: SSHConfig } = require('ssh-config')
const found = SSHConfig.parse(require('fs').readFileSync('config', 'utf8')).compute('box')
console.log('ssh-config:', found.User, found.HostName, found.Port)
console.log('ssh-config has also:', found.user, found.HOSTNAME)
END
{
    echo "ssh: $(./root/usr/bin/ssh -T -F config -G box | sed -n -E 's/^(user|hostname|port) //p' | tr '\n' ' ')"
    node read.js
} > seen
cat seen
cat > expected <<'END'
ssh: alice real.example 2222 
ssh-config: nobody undefined undefined
ssh-config has also: alice real.example
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: the spelling decides"
