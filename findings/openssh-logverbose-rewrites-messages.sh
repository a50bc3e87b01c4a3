#!/bin/sh
# LogVerbose does not only add lines to ssh's log: it rewrites the ones that were there.
#
# Expected: `-o LogVerbose=PATTERN` forces more messages out (ssh_config(5): "overrides to LogLevel"), and those that ssh prints
#   anyway stay as they are, or get something in front of them.
# Seen: with OpenSSH 9.2p1 (Debian 1:9.2p1-2+deb12u10) a message that begins with its function's name loses that name:
#   `kex_exchange_identification: Connection closed by remote host` becomes
#   `kex.c:kex_exchange_identification():NNNN (pid=N): Connection closed by remote host`. In log.c the place replaces the
#   name. What searches a log for the usual words (`kex_exchange_identification: `, `sign_and_send_pubkey: `) finds nothing in
#   such a log, although it holds more than before. At LogLevel QUIET, which silences even this error, it is printed all the same.
set -eu
version=1:9.2p1-2+deb12u10
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download "openssh-client=$version"
dpkg -x ./openssh-client_*.deb root
say() { ./root/usr/bin/ssh -F none -o 'ProxyCommand=sh -c "read version"' "$@" box.example 2>&1 || true; }

plain=$(say)
forced=$(say -o 'LogVerbose=kex.c:*')
quiet=$(say -o LogLevel=QUIET)
both=$(say -o LogLevel=QUIET -o 'LogVerbose=kex.c:*')
printf -- '--- as it is\n%s\n--- with LogVerbose\n%s\n--- QUIET\n%s\n--- QUIET with LogVerbose\n%s\n' "$plain" "$forced" "$quiet" "$both"

words='kex_exchange_identification: Connection closed by remote host'
echo "$plain" | grep -qF "$words"
if echo "$forced" | grep -qF "$words"; then
    echo "changed: the function's name is kept" >&2
    exit 1
fi
echo "$forced" | grep -qE 'kex_exchange_identification\(\):[0-9]+ \(.*pid=[0-9]+\): Connection closed by remote host'
[ -z "$quiet" ]
echo "$both" | grep -q 'Connection closed by remote host'
echo "as found: OpenSSH $version"
