//! Clients whose lines are recognised and not read, each with what to switch on for a log that tells more.
//!
//! Marks and advice are from what their makers publish; the addresses stand beside them.

use super::recognised::recognised;
use super::table::{Dialect, Mark, Row, aside, first, holds};
use super::{ssh_net, sshj, trilead};
use crate::model::{Author, Side};

/// A client, and how it is made to tell more: what follows "to see more, …" in a sentence.
pub(crate) struct Known {
    pub(super) dialect: Dialect,
    more: &'static str,
}

const fn known(id: &'static str, name: &'static str, more: &'static str, marks: &'static [Mark]) -> Known {
    Known { dialect: recognised(id, name, Side::Client, marks), more }
}

impl Known {
    /// As this one, and of its words these few are read.
    const fn with_rows(mut self, rows: &'static [&'static [Row]]) -> Self {
        self.dialect.rows = rows;
        self
    }
}

/// How a client that is only recognised is made to tell more.
pub(crate) fn more(author: Author) -> Option<&'static str> {
    KNOWN.iter().find(|known| known.dialect.author == author).map(|known| known.more)
}

static KNOWN: &[&Known] =
    &[&WINSCP, &FILEZILLA, &TRILEAD, &SSHJ, &MINA, &SSH_NET, &TERA_TERM, &BITVISE, &TERMIUS, &GITKRAKEN, &VSCODE];

/// Its SSH is PuTTY's, and so are the lines that tell of keys: these are read as PuTTY's.
/// <https://winscp.net/eng/docs/logging>, <https://winscp.net/eng/docs/commandline>
pub(super) static WINSCP: Known = known(
    "winscp",
    "WinSCP",
    "switch on session logging in Preferences > Logging, or give /log=FILE /loglevel=1",
    &[
        holds("WinSCP Version ", ". 2024-05-01 10:00:00.123 WinSCP Version 6.3.3 (Build 14991 2024-04-16)"),
        first(". WinSCP ", ". WinSCP log of another release"),
    ],
);

/// As WinSCP. <https://wiki.filezilla-project.org/Logs>
pub(super) static FILEZILLA: Known = known(
    "filezilla",
    "FileZilla",
    "set the debug level to Verbose in Edit > Settings > Debug",
    &[
        holds("fzSftp started, protocol_version=", "Response:\tfzSftp started, protocol_version=11"),
        holds("CSftpControlSocket::", "Trace:\tCSftpControlSocket::ConnectParseResponse()"),
    ],
);

/// <https://plugins.jenkins.io/ssh-slaves/>, <https://github.com/jenkinsci/trilead-ssh2>
pub(super) static TRILEAD: Known = known(
    "trilead",
    "Trilead SSH",
    "look at the server's own log, which names each key; Jenkins tells of the library with a log recorder for com.trilead.ssh2 at FINE",
    &[
        holds("com.trilead.ssh2.", "at com.trilead.ssh2.Connection.connect(Connection.java:818)"),
        holds("ch.ethz.ssh2.", "at ch.ethz.ssh2.Connection.connect(Connection.java:699)"),
        holds("hudson.plugins.sshslaves.", "at hudson.plugins.sshslaves.SSHLauncher.openConnection(SSHLauncher.java:1231)"),
    ],
)
.with_rows(trilead::ROWS);

/// <https://github.com/hierynomus/sshj>
pub(super) static SSHJ: Known = known(
    "sshj",
    "sshj",
    "set the logger net.schmizz.sshj to DEBUG",
    &[
        holds("net.schmizz.sshj.", "at net.schmizz.sshj.SSHClient.auth(SSHClient.java:217)"),
        holds("com.hierynomus.sshj.", "at com.hierynomus.sshj.transport.IdentificationStringParser.parse(x.java:60)"),
    ],
)
.with_rows(sshj::ROWS);

/// <https://github.com/apache/mina-sshd>, issue 620 shows such a log.
pub(super) static MINA: Known = known(
    "mina",
    "Apache MINA SSHD",
    "set the logger org.apache.sshd to DEBUG",
    &[
        holds("org.apache.sshd.client.", "at org.apache.sshd.client.session.ClientUserAuthService.tryNext(x.java:379)"),
        holds("org.apache.sshd.common.SshException: ", "org.apache.sshd.common.SshException: No more authentication"),
        holds("ClientSessionImpl[", "DEBUG processUserAuth(ClientSessionImpl[dev@/192.0.2.1:22]) Received x"),
    ],
);

/// <https://sshnet.github.io/SSH.NET/logging.html>
pub(super) static SSH_NET: Known = known(
    "ssh-net",
    "SSH.NET",
    "give it a logger at level Trace: SshNetLoggingConfiguration.InitializeLogging(loggerFactory)",
    &[
        holds("Renci.SshNet.", "at Renci.SshNet.ClientAuthentication.Authenticate(IConnectionInfo, ISession)"),
        // Posh-SSH's cmdlets.
        first("New-SSHSession", "New-SSHSession : Permission denied (password)."),
        first("New-SFTPSession", "New-SFTPSession : Permission denied (password)."),
    ],
)
.with_rows(ssh_net::ROWS);

/// <https://teratermproject.github.io/manual/5/en/setup/teraterm-ssh.html>
pub(super) static TERA_TERM: Known = known(
    "tera-term",
    "Tera Term",
    "set LogLevel in the [TTSSH] section of TERATERM.INI; the log is TTSSH.LOG",
    &[holds("SSH-2.0-TTSSH/", "Sent client identification string: SSH-2.0-TTSSH/3.2 Win32")],
);

/// Its first line as users show it: <https://github.com/233boy/v2ray/issues/954> (9.23).
pub(super) static BITVISE: Known = known(
    "bitvise",
    "Bitvise SSH Client",
    "copy the whole log area of its window; it tells of each key that is tried",
    &[holds("Bitvise SSH Client ", "10:00:00.123 Bitvise SSH Client 9.23, a fully featured SSH client for Windows.")],
);

/// <https://docs.termius.com>
pub(super) static TERMIUS: Known = known(
    "termius",
    "Termius",
    "open Show logs on the screen of the connection, and copy all of it",
    &[
        holds("Starting a new connection to: \"", "Starting a new connection to: \"box\" port \"22\""),
        holds("Starting address resolution of \"", "Starting address resolution of \"box\""),
    ],
);

/// It speaks through an SSH library of its own: <https://support.gitkraken.com/integrations/authentication>. What it shows of a
/// failure: <https://github.com/techwizrd/GitKraken/issues/7> (1.2).
pub(super) static GITKRAKEN: Known = known(
    "gitkraken",
    "GitKraken",
    "use the same key with another client: GitKraken shows its SSH library's error alone",
    &[holds("GitKraken push failed", "GitKraken push failed : credentials callback returned an invalid cred type")],
);

/// It runs ssh, whose lines stand between its own and are read as ssh's.
/// <https://code.visualstudio.com/docs/remote/troubleshooting>
pub(super) static VSCODE: Known = known(
    "vscode",
    "VS Code's Remote-SSH",
    "set remote.SSH.logLevel to trace, and open the log Remote - SSH in its output panel",
    &[
        aside("SSH Resolver called for ", "[10:00:00.123] SSH Resolver called for host: box"),
        aside("\"remote.SSH.", "[10:00:00.123] \"remote.SSH.useLocalServer\": false"),
        aside(
            "Got some output, clearing connection timeout",
            "[10:00:00.1] Got some output, clearing connection timeout",
        ),
    ],
);
