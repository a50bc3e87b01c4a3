#!/bin/sh
# JSch and JGit apply `Host *.corp !bastion.corp` to every host there is: "not bastion.corp" alone counts as a match.
#
# Expected: ssh_config(5): "a negated match will never produce a positive result by itself"; the block is for *.corp without the
#   bastion. A reader that does not know `!` would look for a host of that very name and lose the exception only.
# Seen: JSch 0.1.55 (Debian 0.1.55-1) and JGit 4.11.9 (Debian libjgit-java 4.11.9-2) take each pattern for itself, and `!bastion.corp` fits
#   all hosts but one: github.com gets the block's User and IdentityFile. So does bastion.corp, by `*.corp`. OpenSSH 9.2p1 (Debian
#   1:9.2p1-2+deb12u10, `ssh -G`) applies it to box.corp alone.
# What goes wrong: a line that was written to leave out one host makes Gradle, Ant, Eclipse or Jenkins log in to a git host as the corporation's
#   user, with its key: `Auth fail`, while git on the same machine fetches.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download openssh-client=1:9.2p1-2+deb12u10 libjsch-java=0.1.55-1 libjgit-java=4.11.9-2 \
    libslf4j-java=1.7.32-1
for package in ./*.deb; do dpkg -x "$package" root; done
cat > config <<'END'
Host *.corp !bastion.corp
    User staff
    IdentityFile /keys/corp
END
cat > Read.java <<'END'
import com.jcraft.jsch.*;
import org.eclipse.jgit.transport.OpenSshConfig;
import java.io.File;
public class Read {
    public static void main(String[] names) throws Exception {
        ConfigRepository jsch = com.jcraft.jsch.OpenSSHConfig.parseFile("config");
        var maker = OpenSshConfig.class.getDeclaredConstructor(File.class, File.class);
        maker.setAccessible(true);
        OpenSshConfig jgit = maker.newInstance(new File("."), new File("config"));
        for (String name : names) {
            String[] keys = jsch.getConfig(name).getValues("IdentityFile");
            OpenSshConfig.Host host = jgit.lookup(name);
            System.out.println(name + ": JSch " + jsch.getConfig(name).getUser() + " " + (keys == null ? "" : keys[0])
                + ", JGit " + (host.getIdentityFile() == null ? "null" : host.getUser() + " " + host.getIdentityFile()));
        }
    }
}
END
java=root/usr/share/java
path=$java/jsch.jar:$java/org.eclipse.jgit.jar:$java/slf4j-api.jar:$java/slf4j-nop.jar:.
javac -cp $path Read.java
java -cp $path Read box.corp bastion.corp github.com > seen
for name in box.corp bastion.corp github.com; do
    echo "$name: ssh$(./root/usr/bin/ssh -T -F config -G $name | grep -xE 'user staff|identityfile /keys/corp' | cut -d' ' -f2 | tr '\n' ' ' \
        | sed 's/^/ /; s/ $//')"
done >> seen
cat seen
cat > expected <<'END'
box.corp: JSch staff /keys/corp, JGit staff /keys/corp
bastion.corp: JSch staff /keys/corp, JGit staff /keys/corp
github.com: JSch staff /keys/corp, JGit staff /keys/corp
box.corp: ssh staff /keys/corp
bastion.corp: ssh
github.com: ssh
END
diff expected seen || { echo "changed: see the lines above" >&2; exit 1; }
echo "as found: one exception, and the block is everybody's"
