#!/bin/sh
# `ssh-keygen -l -f id` shows the fingerprint of id.pub, whatever key id is; `ssh-add -d id` looks for that one too.
#
# Expected: -l of a private key file gives that key's fingerprint; an OpenSSH private key has its public half within, unencrypted. ssh-keygen(1)
#   says that it "tries to find the matching public key file" for private RSA keys.
# Seen: with OpenSSH 9.2p1 (Debian 1:9.2p1-2+deb12u10) for keys of all types, in OpenSSH's format and in PEM, id.pub of another key beside
#   it is read first: its fingerprint, its comment and its type are printed, exit 0, without a word. Without id.pub the key's own come.
#   `ssh-add id` adds the key itself and lists its true fingerprint; `ssh-add -d id` then asks the agent for id.pub's and fails
#   with `agent refused operation`.
# What goes wrong: "compare ssh-keygen -lf on both sides" finds the registered key in a file that holds another one (keys were copied
#   without their .pub). Then the key seems registered and refused, and the server is suspected.
set -eu
folder=$(mktemp -d)
agent=
trap '[ -z "$agent" ] || kill "$agent" || true; rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download openssh-client=1:9.2p1-2+deb12u10
dpkg -x ./openssh-client_*.deb root
PATH=$folder/root/usr/bin:$PATH
ssh-keygen -q -t ed25519 -N '' -C other -f other
ssh-keygen -q -t ed25519 -N '' -C new -f new
ssh-keygen -q -t rsa -m PEM -N '' -C pem -f pem
comment() { ssh-keygen -l -f "$1" | cut -d' ' -f3-; }
eval "$(ssh-agent -a "$folder/agent")" > /dev/null
agent=$SSH_AGENT_PID
{
    for key in new pem; do
        echo "$key: $(comment $key)"
        cp other.pub $key.pub
        echo "$key beside another's .pub: $(comment $key)"
    done
    [ "$(ssh-keygen -y -f new | ssh-keygen -l -f - | cut -d' ' -f2)" != "$(ssh-keygen -l -f new | cut -d' ' -f2)" ]
    echo "ssh-keygen -y says another key"
    ssh-add -q new
    echo "added: $(ssh-add -l | cut -d' ' -f3-)"
    ssh-add -d new 2>&1 || ssh-add -l | cut -d' ' -f3-
} > seen
cat seen
cat > expected <<'END'
new: new (ED25519)
new beside another's .pub: other (ED25519)
pem: pem (RSA)
pem beside another's .pub: other (ED25519)
ssh-keygen -y says another key
added: new (ED25519)
Could not remove identity "new": agent refused operation
new (ED25519)
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: the fingerprint is the public file's"
