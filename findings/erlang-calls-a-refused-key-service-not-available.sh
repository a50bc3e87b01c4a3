#!/bin/sh
# Erlang's ssh client says `Service not available` of a server that is there and has refused a key.
#
# Expected: a refused key ends in "Unable to connect using the available authentication methods", which is what ssh:connect gives
#   where the server takes keys alone. RFC 4253's "service not available" means that the server has no ssh-userauth or ssh-connection.
# Seen: Erlang/OTP 25's ssh 4.15.2 (Debian erlang-ssh 1:25.2.3+dfsg-1+deb12u4) with user_interaction false goes on to keyboard-interactive,
#   if the server offers it, may not ask anybody, and hangs up by itself: disconnect code 7, `Service not available`, and {error, ...} of
#   the same words, which it has for a host key that nobody may confirm, too. So for a key that the server does not know, for a key file
#   with a passphrase, which is passed over in silence, and for no key at all. With {auth_methods, "publickey"} the true error comes.
#   OpenSSH's sshd offers keyboard-interactive unless told not to.
# What goes wrong: a release tool or a Nerves or RabbitMQ script reports that the service is down, at the server a disconnect by the client
#   is logged, and nobody looks at the key.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
version=1:25.2.3+dfsg-1+deb12u4
apt-get -qq -o APT::Sandbox::User=root download openssh-client=1:9.2p1-2+deb12u10 erlang-base=$version erlang-crypto=$version \
    erlang-ssh=$version erlang-public-key=$version erlang-asn1=$version
for package in ./*.deb; do dpkg -x "$package" root; done
mkdir system users known unknown locked none
keygen() { ./root/usr/bin/ssh-keygen -q -t ed25519 "$@"; }
keygen -N '' -f system/ssh_host_ed25519_key
keygen -N '' -f known/id_ed25519
keygen -N '' -f unknown/id_ed25519
keygen -N secret -f locked/id_ed25519
cat known/id_ed25519.pub locked/id_ed25519.pub > users/authorized_keys
cat > login.escript <<'END'
#!/usr/bin/env escript
main(_) ->
    logger:set_primary_config(level, none),
    ok = ssh:start(),
    [login(Server, More, Keys) || {Server, More} <- [{"keys alone", [{auth_methods, "publickey"}]}, {"all methods", []}],
                                  Keys <- ["known", "unknown", "locked", "none"]].
login(Server, More, Keys) ->
    {ok, Daemon} = ssh:daemon({127,0,0,1}, 0, [{system_dir, "system"}, {user_dir, "users"} | More]),
    {ok, Facts} = ssh:daemon_info(Daemon),
    Answer = case ssh:connect("127.0.0.1", proplists:get_value(port, Facts),
                              [{user_dir, Keys}, {user, "dev"}, {silently_accept_hosts, true}, {save_accepted_host, false},
                               {user_interaction, false}], 5000) of
        {ok, _} -> "logs in";
        {error, Reason} -> Reason
    end,
    io:format("~s, ~s: ~s~n", [Server, Keys, Answer]),
    ssh:stop_daemon(Daemon).
END
export HOME="$folder" ERL_ROOTDIR="$folder/root/usr/lib/erlang"
timeout 60 root/usr/lib/erlang/bin/escript login.escript > seen
cat seen
refused='Unable to connect using the available authentication methods'
cat > expected <<END
keys alone, known: logs in
keys alone, unknown: $refused
keys alone, locked: $refused
keys alone, none: $refused
all methods, known: logs in
all methods, unknown: Service not available
all methods, locked: Service not available
all methods, none: Service not available
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: a refusal that reads like an outage"
