#!/bin/sh
# From cron, `lftp sftp://dev@host` logs in as whoever runs cron: lftp finds no terminal to ask for a password, and drops the user with it.
#
# Expected: dev@ is the user of the login, as in ssh's and curl's URLs; lftp(1) has `-u user[,pass]` "use the user/password for
#   authentication", and where a key does the rest, no password is missing. What works at the prompt works in a script.
# Seen: lftp 4.9.2 (Debian 4.9.2-2+b1) wants a password for each user that it is given, before it runs ssh. Without a terminal it prints
#   `GetPass() failed -- assume anonymous login`, and runs `ssh -a -x -s HOST sftp`, without `-l dev`; the same for `-u dev`. With
#   anything behind the colon or comma, even nothing (`dev:@host`, `-u dev,`), -l dev is there, and the key is used. ssh then fills in
#   the local account or ssh_config's User.
# What goes wrong: a nightly upload that was tried by hand, where an empty answer to the question was enough, is refused as root or
#   www-data with `Permission denied (publickey)`, or gets into another account's folder; "anonymous" is a word of FTP and looks harmless.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download lftp=4.9.2-2+b1
dpkg -x ./lftp_*.deb root
mkdir programs home
printf '#!/bin/sh\necho "ssh $*" >> %s/ran\nexit 255\n' "$folder" > programs/ssh
chmod +x programs/ssh
export PATH="$folder/programs:$PATH" HOME="$folder/home"
export LD_LIBRARY_PATH="$folder/root/usr/lib/x86_64-linux-gnu"
while read -r arguments; do
    : > ran
    # Without a terminal of its own, as below cron.
    timeout 60 setsid -w ./root/usr/bin/lftp -e 'set net:max-retries 1; ls; exit' $arguments < /dev/null > said 2>&1 || true
    echo "lftp $arguments: $(cat ran), $(grep -c 'assume anonymous login' said) warnings"
done > seen <<'END'
sftp://dev@box.example
sftp://dev:@box.example
-u dev sftp://box.example
-u dev, sftp://box.example
END
cat seen
cat > expected <<'END'
lftp sftp://dev@box.example: ssh -a -x -s box.example sftp, 1 warnings
lftp sftp://dev:@box.example: ssh -a -x -s -l dev box.example sftp, 0 warnings
lftp -u dev sftp://box.example: ssh -a -x -s box.example sftp, 1 warnings
lftp -u dev, sftp://box.example: ssh -a -x -s -l dev box.example sftp, 0 warnings
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: no password, no user"
