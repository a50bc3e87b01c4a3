//! Which OpenSSH it is.

/// OpenSSH's version in what it says of itself: `OpenSSH_9.2p1 Debian-2`.
pub(crate) fn openssh_version(said: &str) -> Option<(u32, u32)> {
    let digits = said.split("OpenSSH_").nth(1)?.trim_start_matches(|c: char| !c.is_ascii_digit());
    let (major, rest) = digits.split_once('.')?;
    let minor: String = rest.chars().take_while(char::is_ascii_digit).collect();
    Some((major.parse().ok()?, minor.parse().ok()?))
}
