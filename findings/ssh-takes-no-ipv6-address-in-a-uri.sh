#!/bin/sh
# ssh answers `ssh://user@[::1]:22` with its usage text; git takes the same URI.
#
# Expected: ssh(1): the destination "may be specified as either [user@]hostname or a URI of the form ssh://[user@]hostname[:port]". An
#   IPv6 address in a URI stands in brackets; that is how git clones from `ssh://git@[::1]:2222/x`, and ssh's own -J takes `[::1]:22`.
# Seen: with OpenSSH 9.2p1 (Debian 1:9.2p1-2+deb12u10) any ssh:// URI with an IPv6 address, with or without port and user, prints the
#   usage and exits 255, no word of the address; `-J ssh://[::1]:22` is `Invalid -J argument`, `scp://[::1]:22/x` `invalid uri`.
#   Without ssh:// the brackets are part of the name: `Could not resolve hostname [::1]`. Only `ssh -p PORT ::1` works.
# What goes wrong: "test it with the URL that git uses" fails in ssh before any connection, and looks like a wrong option; the bracketed
#   form looks like DNS.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download openssh-client=1:9.2p1-2+deb12u10 git=1:2.39.5-0+deb12u3
for package in ./*.deb; do dpkg -x "$package" root; done
ssh=./root/usr/bin/ssh
first() {
    "$@" 2>&1 | tr -d '\r' | grep -m 1 -oE '^(usage: ssh|hostname .*|Invalid .*|.*invalid uri|ssh: Could not resolve hostname [^ ]*\])' || true
}
printf '#!/bin/sh\necho "git runs ssh with: $*" >&2\nexit 1\n' > GIT_SSH
chmod +x GIT_SSH
export GIT_CONFIG_NOSYSTEM=1 HOME="$folder" GIT_SSH="$folder/GIT_SSH" GIT_SSH_VARIANT=ssh
unset GIT_SSH_COMMAND
{
    for uri in ssh://box.example:22 'ssh://u@[::1]:22' 'ssh://[::1]' 'ssh://[2001:db8::1]:2222' ::1; do
        echo "ssh -G $uri: $(first $ssh -T -F none -G "$uri")"
    done
    echo "ssh -J ssh://[::1]:22: $(first $ssh -T -F none -J 'ssh://[::1]:22' -G box.example)"
    echo "ssh -J [::1]:22: $($ssh -T -F none -J '[::1]:22' -G box.example | grep proxyjump)"
    echo "scp scp://[::1]:22/x: $(first ./root/usr/bin/scp -F none -S /bin/false 'scp://[::1]:22/x' copy)"
    echo "ssh [::1]: $(first $ssh -T -F none -o BatchMode=yes -p 1 '[::1]')"
    ./root/usr/lib/git-core/git ls-remote 'ssh://git@[::1]:2222/x' 2>&1 | grep -o 'git runs.*-p 2222 git@::1'
} > seen
cat seen
cat > expected <<'END'
ssh -G ssh://box.example:22: hostname box.example
ssh -G ssh://u@[::1]:22: usage: ssh
ssh -G ssh://[::1]: usage: ssh
ssh -G ssh://[2001:db8::1]:2222: usage: ssh
ssh -G ::1: hostname ::1
ssh -J ssh://[::1]:22: Invalid -J argument
ssh -J [::1]:22: proxyjump [::1]:22
scp scp://[::1]:22/x: scp://[::1]:22/x: invalid uri
ssh [::1]: ssh: Could not resolve hostname [::1]
git runs ssh with: -o SendEnv=GIT_PROTOCOL -p 2222 git@::1
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: git's URI is not ssh's"
