#!/bin/sh
# Node's ssh2 0.8 offers the agent's keys from the last that was added to the first.
#
# Expected: the agent's order, as ssh-add -l shows it, and as ssh and ssh2 1.x offer them.
# Seen: with ssh2 0.8.9 an agent that holds first, second, third gets third, second, first offered; ssh2 1.17.0 offers first, second,
#   third. The server here (ssh2 1.17.0 on loopback) writes down each key that it is asked about, and takes none.
# What goes wrong: with six keys or more in the agent, one of the two versions runs into MaxAuthTries and the other logs in, at the same
#   server with the same agent. An update of ssh2-sftp-client or node-ssh from ssh2 0.8 to 1 "breaks the key", and moving the right key
#   to the front of the agent, which helps ssh, hurts the old one.
set -eu
folder=$(mktemp -d)
trap 'test -z "${SSH_AGENT_PID:-}" || kill "$SSH_AGENT_PID"; rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund old@npm:ssh2@0.8.9 new@npm:ssh2@1.17.0
eval "$(ssh-agent -s)" >/dev/null
for name in host first second third; do ssh-keygen -q -t ed25519 -N '' -C $name -f $name; done
for name in first second third; do ssh-add -q $name; done
cat > offers.js <<'END'
const fs = require('fs');
const { Server } = require('new');
const { Client } = require(process.argv[2]);
const name = (data) => ['first', 'second', 'third'].find((one) => fs.readFileSync(`${one}.pub`, 'utf8').includes(data.toString('base64')));
const server = new Server({ hostKeys: [fs.readFileSync('host')] }, (client) => {
  client.on('authentication', (context) => {
    if (context.method === 'publickey') console.log(name(context.key.data));
    context.reject(['publickey']);
  });
  client.on('error', () => {});
});
server.listen(0, '127.0.0.1', () => {
  const client = new Client();
  client.on('error', () => process.exit());
  client.connect({ host: '127.0.0.1', port: server.address().port, username: 'dev', agent: process.env.SSH_AUTH_SOCK });
});
END
old=$(timeout 30 node offers.js old | tr '\n' ' ')
new=$(timeout 30 node offers.js new | tr '\n' ' ')
printf 'ssh-add -l:  %s\nssh2 0.8.9:  %s\nssh2 1.17.0: %s\n' "$(ssh-add -l | cut -d' ' -f3 | tr '\n' ' ')" "$old" "$new"
if [ "$new" != 'first second third ' ] || [ "$old" != 'third second first ' ]; then
    echo "changed" >&2
    exit 1
fi
echo "as found: ssh2 0.8.9 goes from the last to the first"
