#!/bin/sh
# AsyncSSH drops each backslash of an unquoted value in ssh_config: CORP\dev logs in as CORPdev, C:\Users\dev\.ssh\id is C:Usersdev.sshid.
#
# Expected: ssh_config(5) knows no escapes outside of quotes in these values; a domain's user and a path of Windows are kept as they stand,
#   as OpenSSH and paramiko keep them.
# Seen: asyncssh 2.24.1 on Python 3 reads values as a Bourne shell would: the backslash goes, without a word. In double quotes it stays.
#   OpenSSH 9.2p1 (Debian 1:9.2p1-2+deb12u10, `ssh -G`) and paramiko 5.1.0 give both values whole, quoted or not.
# What goes wrong: on a machine in a domain the server refuses an account that does not exist, and the log shows `CORPdev`, which looks like
#   a slip of the user's; on Windows the key is "No such file", though ssh.exe reads the same config and finds it.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download openssh-client=1:9.2p1-2+deb12u10
dpkg -x ./openssh-client_*.deb root
python3 -m venv python
./python/bin/pip -q --disable-pip-version-check install paramiko==5.1.0 asyncssh==2.24.1
cat > read.py <<'END'
import subprocess
import asyncssh, paramiko

for line in (r"User CORP\dev", r'User "CORP\dev"', r"IdentityFile C:\Users\dev\.ssh\id"):
    open("config", "w").write(f"Host box\n    {line}\n")
    name = line.split()[0].lower()
    asked = subprocess.run(["./root/usr/bin/ssh", "-T", "-F", "config", "-G", "box"], capture_output=True, text=True, check=True)
    by_ssh = next(row.split(" ", 1)[1] for row in asked.stdout.splitlines() if row.startswith(name + " "))
    by_paramiko = paramiko.SSHConfig.from_path("config").lookup("box")[name]
    by_paramiko = by_paramiko[0] if isinstance(by_paramiko, list) else by_paramiko
    try:
        by_asyncssh = asyncssh.SSHClientConnectionOptions(config="config", host="box").username
    except FileNotFoundError as error:
        by_asyncssh = error.filename
    print(f"{line}: ssh {by_ssh}, paramiko {by_paramiko}, asyncssh {by_asyncssh}")
END
./python/bin/python read.py > seen
cat seen
cat > expected <<'END'
User CORP\dev: ssh CORP\dev, paramiko CORP\dev, asyncssh CORPdev
User "CORP\dev": ssh CORP\dev, paramiko CORP\dev, asyncssh CORP\dev
IdentityFile C:\Users\dev\.ssh\id: ssh C:\Users\dev\.ssh\id, paramiko C:\Users\dev\.ssh\id, asyncssh C:Usersdev.sshid
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: unquoted backslashes go"
