#!/bin/sh
# Perl's Net::SSH2 takes a host that known_hosts does not hold, and writes it there, although check_hostkey is strict.
#
# Expected: with the policy strict, its default, "only host keys already present in the known hosts file are accepted", and on failure
#   `check_hostkey` "returns undef" (Net::SSH2's own page, https://metacpan.org/pod/Net::SSH2). So `check_hostkey or die` stops here.
# Seen: Net::SSH2 0.73 (Debian 0.73-1+b1, libssh2 1.10.0) returns 2 for a host that is not there, which is true in Perl, though it sets
#   an error as well; and adds the host's key to the file. The second time the host is known. A host with another key than the
#   file has is refused. The policy ask is not tried here: there is nobody to ask.
# What goes wrong: a script that checks host keys as its library tells trusts each new host, the wrong one included, without a word; ssh
#   then finds the key in known_hosts, and asks nothing either. `check_hostkey == 0` is what the script has to write.
set -eu
folder=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" || true; rm -rf "$folder"' EXIT
cd "$folder"
chmod 755 "$folder"
apt-get -qq -o APT::Sandbox::User=root download openssh-client=1:9.2p1-2+deb12u10 openssh-server=1:9.2p1-2+deb12u10 \
    libnet-ssh2-perl=0.73-1+b1 libssh2-1=1.10.0-3+deb12u1
for package in ./*.deb; do dpkg -x "$package" root; done
PATH=$folder/root/usr/bin:$PATH
LD_LIBRARY_PATH=$(echo "$folder"/root/usr/lib/*-linux-gnu)
PERL5LIB=$(echo "$folder"/root/usr/lib/*-linux-gnu/perl5/5.*)
export PATH LD_LIBRARY_PATH PERL5LIB
[ "$(id -u)" != 0 ] || mkdir -p /run/sshd
for name in host other; do ssh-keygen -q -t ed25519 -N '' -C $name -f $name; done
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cat > server <<END
ListenAddress 127.0.0.1
Port $port
HostKey $folder/host
StrictModes no
PidFile none
UsePAM no
END
"$folder/root/usr/sbin/sshd" -D -e -f server 2> server.log &
server=$!
tries=0
until ssh-keyscan -p "$port" 127.0.0.1 2> said | grep -q .; do
    tries=$((tries + 1))
    [ $tries -lt 50 ] || { cat server.log; exit 1; }
    sleep 0.1
done
cat > check.pl <<'END'
use Net::SSH2;
my ($port, $file) = @ARGV;
my $ssh = Net::SSH2->new;
$ssh->connect("127.0.0.1", $port) or die;
my $answer = $ssh->check_hostkey("strict", $file);
print $answer ? "goes on ($answer)" : "stops", "; ", ($ssh->error)[1] || "no error", "\n";
END
try() {
    echo "$1: $(timeout 20 perl check.pl "$port" known 2>&1)"
    answer=$(timeout 20 ssh -n -T -F none -o BatchMode=yes -o StrictHostKeyChecking=yes -o UserKnownHostsFile=known -p "$port" nobody@127.0.0.1 2>&1 |
        tr -d '\r' | grep -oE 'Host key verification failed|Permission denied' | head -n 1)
    echo "    ssh, after it: $answer; lines in the file: $(wc -l < known)"
}
{
    : > known
    try 'an empty file'
    try 'the same file again'
    sed "s/^/[127.0.0.1]:$port /" other.pub > known
    try 'another key'
} > seen
cat seen
cat > expected <<'END'
an empty file: goes on (2); LIBSSH2_ERROR_KNOWN_HOSTS
    ssh, after it: Permission denied; lines in the file: 1
the same file again: goes on (00); no error
    ssh, after it: Permission denied; lines in the file: 1
another key: stops; LIBSSH2_ERROR_KNOWN_HOSTS
    ssh, after it: Host key verification failed; lines in the file: 1
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: strict takes what it does not know"
