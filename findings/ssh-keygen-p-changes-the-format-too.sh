#!/bin/sh
# `ssh-keygen -p` for a new passphrase turns a PEM or PKCS#8 key into OpenSSH's own format: ssh goes on, JSch and OpenSSL can't read it any more.
#
# Expected: -p "requests changing the passphrase of a private key file instead of creating a new private key" (ssh-keygen(1)); the format
#   changes where -m asks for one, as -m is the option by which -p "may be used to convert between OpenSSH private key and PEM".
# Seen: ssh-keygen of OpenSSH 9.2p1 (Debian 1:9.2p1-2+deb12u10) writes each key that it gives a passphrase to, or takes one from, as
#   `BEGIN OPENSSH PRIVATE KEY`, says `saved with the new passphrase`, and keeps no copy. JSch 0.1.55 (Debian 0.1.55-1)
#   and `openssl pkey` (OpenSSL 3) read the PEM file, and after -p neither does; JSch calls it `invalid privatekey`. -p -m PEM, with the
#   passphrase changed again, makes a PEM file of both.
# What goes wrong: a passphrase is changed, ssh proves that key and passphrase are right, and a build in Java or a tool with a TLS library
#   fails, as if the new passphrase had not got through to it.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download openssh-client=1:9.2p1-2+deb12u10 libjsch-java=0.1.55-1
for package in ./*.deb; do dpkg -x "$package" root; done
cat > Read.java <<'END'
import com.jcraft.jsch.*;
public class Read {
    public static void main(String[] words) {
        try {
            JSch jsch = new JSch();
            jsch.addIdentity(words[0], words[1]);
            Identity key = (Identity) jsch.getIdentityRepository().getIdentities().get(0);
            System.out.println(key.isEncrypted() ? "still locked" : "reads it");
        } catch (JSchException error) {
            System.out.println(error.getMessage().replaceAll(":.*", ""));
        }
    }
}
END
path=root/usr/share/java/jsch.jar:.
javac -cp $path Read.java
keygen=./root/usr/bin/ssh-keygen
# Tells a key's format and who reads it with a passphrase.
look() {
    readers=
    ! $keygen -y -P "$2" -f key > public 2> said || readers="$readers ssh"
    ! openssl pkey -in key -passin "pass:$2" -noout 2> said || readers="$readers openssl"
    echo "$1: $(head -n 1 key | sed 's/-----BEGIN \(.*\)-----/\1/'), read by$readers"
}
for format in PEM PKCS8; do
    rm -f key
    $keygen -q -t rsa -b 2048 -m $format -N first -f key
    look "$format" first
    [ $format = PKCS8 ] || echo "    JSch: $(java -cp $path Read key first)"
    $keygen -q -p -P first -N second -f key > said
    look "$format after -p" second
    [ $format = PKCS8 ] || echo "    JSch: $(java -cp $path Read key second)"
    $keygen -q -p -P second -N second -m PEM -f key > said
    look "$format after -p -m PEM" second
done > seen
cat seen
cat > expected <<'END'
PEM: RSA PRIVATE KEY, read by ssh openssl
    JSch: reads it
PEM after -p: OPENSSH PRIVATE KEY, read by ssh
    JSch: invalid privatekey
PEM after -p -m PEM: RSA PRIVATE KEY, read by ssh openssl
PKCS8: ENCRYPTED PRIVATE KEY, read by ssh openssl
PKCS8 after -p: OPENSSH PRIVATE KEY, read by ssh
PKCS8 after -p -m PEM: RSA PRIVATE KEY, read by ssh openssl
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: a new passphrase is a new format"
