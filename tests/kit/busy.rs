//! A busy server's log at INFO, line by line as sshd 9.2 writes it through syslog: passwords that are guessed, scans,
//! logins, all side by side.

/// Different addresses that connections come from, of the network for measurements (RFC 2544).
const ADDRESSES: u64 = 20_000;

/// Connections that are open at once.
const OPEN: usize = 40;

const KEY: &str = "ED25519 SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s";

const GUESSED: &[&str] = &["admin", "oracle", "test", "ubuntu", "postgres", "git", "user", "ftp", "pi", "minecraft"];

/// The log; it has no end, and is the same every time.
pub(crate) struct Busy {
    random: u64,
    lines: u64,
    process: u32,
    open: Vec<(u32, Vec<String>)>,
}

impl Busy {
    pub(crate) fn new() -> Self {
        let mut busy = Self { random: 7, lines: 0, process: 700, open: Vec::new() };
        for _ in 0..OPEN {
            let connection = busy.connection();
            busy.open.push(connection);
        }
        busy
    }

    fn below(&mut self, end: u64) -> u64 {
        self.random = self.random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.random >> 33) % end
    }

    /// A process, and what it will write, the last first.
    fn connection(&mut self) -> (u32, Vec<String>) {
        self.process = 700 + (self.process - 700 + 3) % 4_000_000;
        let address = self.below(ADDRESSES);
        let address = format!("198.18.{}.{}", address / 250, address % 250);
        let at = format!("{address} port {}", 32768 + self.below(28_000));
        let user = match self.below(3) {
            0 => format!("user{}", self.below(300)),
            _ => GUESSED[self.below(GUESSED.len() as u64) as usize].to_owned(),
        };
        let pam = |rest: &str| {
            format!(
                "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost={address} {rest}"
            )
        };
        let session = |user: &str, method: &str| {
            vec![
                format!(
                    "Accepted {method} for {user} from {at} ssh2{}",
                    if method == "publickey" { format!(": {KEY}") } else { String::new() }
                ),
                format!("pam_unix(sshd:session): session opened for user {user}(uid=1000) by (uid=0)"),
                format!("Received disconnect from {at}:11: disconnected by user"),
                format!("Disconnected from user {user} {at}"),
                format!("pam_unix(sshd:session): session closed for user {user}"),
            ]
        };
        let times = 1 + self.below(3);
        let mut lines = match self.below(20) {
            0..=7 => vec![
                format!("Invalid user {user} from {at}"),
                "pam_unix(sshd:auth): check pass; user unknown".to_owned(),
                pam(""),
                format!("Failed password for invalid user {user} from {at} ssh2"),
                format!("Received disconnect from {at}:11: Bye Bye [preauth]"),
                format!("Disconnected from invalid user {user} {at} [preauth]"),
            ],
            8..=12 => {
                let mut lines = vec![pam(" user=root")];
                lines.extend((0..times).map(|_| format!("Failed password for root from {at} ssh2")));
                lines.push(format!("Connection closed by authenticating user root {at} [preauth]"));
                lines
            }
            13 => vec![
                "error: kex_exchange_identification: Connection closed by remote host".to_owned(),
                format!("Connection closed by {at}"),
            ],
            14 => vec![format!(
                "Unable to negotiate with {at}: no matching host key type found. Their offer: ssh-rsa,ssh-dss [preauth]"
            )],
            15 => vec![format!("Connection closed by {at} [preauth]")],
            16 => {
                let mut lines = vec![pam(" user=root")];
                lines.extend((0..6).map(|_| format!("Failed password for root from {at} ssh2")));
                lines
                    .push(format!("error: maximum authentication attempts exceeded for root from {at} ssh2 [preauth]"));
                lines.push(format!(
                    "Disconnecting authenticating user root {at}: Too many authentication failures [preauth]"
                ));
                lines
            }
            17 => vec![
                format!("User ops from {address} not allowed because not listed in AllowUsers"),
                format!("Connection closed by invalid user ops {at} [preauth]"),
            ],
            18 => session("dev", "password"),
            _ => session("deploy", "publickey"),
        };
        lines.reverse();
        (self.process, lines)
    }
}

impl Iterator for Busy {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        let index = self.below(OPEN as u64) as usize;
        let (process, words) = loop {
            let (process, lines) = self.open.get_mut(index)?;
            match lines.pop() {
                Some(words) => break (*process, words),
                None => self.open[index] = self.connection(),
            }
        };
        self.lines += 1;
        let second = self.lines / 20 % (28 * 86400);
        let (day, hour, minute, second) = (1 + second / 86400, second / 3600 % 24, second / 60 % 60, second % 60);
        Some(format!("Nov {day:2} {hour:02}:{minute:02}:{second:02} web sshd[{process}]: {words}"))
    }
}
