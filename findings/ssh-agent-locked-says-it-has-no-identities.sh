#!/bin/sh
# A locked ssh-agent says that it has no identities, and then refuses to take any.
#
# Expected: after `ssh-add -x` ("Lock the agent with a password", ssh-add(1)) the list still shows the keys, or ssh-add says that the
#   agent is locked. "The agent has no identities." means that keys must be added.
# Seen: with OpenSSH 9.2p1 (Debian 1:9.2p1-2+deb12u10) `ssh-add -l` and -L say `The agent has no identities.`, exit 1, as of an empty
#   agent; `ssh-add KEY`, -d and -D are `agent refused operation`. The keys are there again after `ssh-add -X`. No message has the
#   word "locked", neither of ssh-add nor of `ssh -v`, which offers the files of the disk alone.
# What goes wrong: a login ends in `Permission denied (publickey)`, the list is empty, and the advice to add the key fails with words that
#   fit a broken agent; so the agent is killed, and with it the keys that needed only a password.
set -eu
folder=$(mktemp -d)
trap 'test -z "${SSH_AGENT_PID:-}" || kill "$SSH_AGENT_PID"; rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download openssh-client=1:9.2p1-2+deb12u10
dpkg -x ./openssh-client_*.deb root
PATH=$folder/root/usr/bin:$PATH
printf '#!/bin/sh\necho word\n' > ask
chmod +x ask
export PATH SSH_ASKPASS="$folder/ask" SSH_ASKPASS_REQUIRE=force
unset SSH_AGENT_PID
eval "$(ssh-agent -s)" > made
for name in key other; do ssh-keygen -q -t ed25519 -N '' -C $name -f $name; done
say() {
    printf '%s\n' "ssh-add $*:"
    ssh-add "$@" 2>&1 < /dev/null | sed 's/SHA256:[^ ]* //; s/^/    /'
}
{
    say -q key
    say -l
    say -x
    say -l
    say other
    say -D
    say -X
    say -l
} > seen
cat seen
cat > expected <<'END'
ssh-add -q key:
ssh-add -l:
    256 key (ED25519)
ssh-add -x:
    Agent locked.
ssh-add -l:
    The agent has no identities.
ssh-add other:
    Could not add identity "other": agent refused operation
ssh-add -D:
    Failed to remove all identities.
ssh-add -X:
    Agent unlocked.
ssh-add -l:
    256 key (ED25519)
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: locked looks like empty"
