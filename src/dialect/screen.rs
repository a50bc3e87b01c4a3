//! What the other side's shell and first commands print, whichever client shows it.

use super::registry::LOAD;
use crate::model::Kind;

/// Whether a line is of that kind.
pub(crate) fn is_on_screen(line: &str) -> bool {
    is_uptime(line) || super::read_line(line) == Some(Kind::RemoteShell)
}

/// What uptime and w print, the first commands that many try: `09:10:19 up 18 min,  0 user,  load average: 16.02, 12.34,
/// 6.70` (procps).
fn is_uptime(line: &str) -> bool {
    let Some((before, loads)) = line.split_once(LOAD) else { return false };
    let loads: Vec<&str> = loads.trim_end().split(", ").collect();
    let numbers = loads.len() == 3 && loads.iter().all(|load| load.parse::<f32>().is_ok());
    let told = |word: &str| before.split_whitespace().any(|said| said.trim_end_matches(['s', ',']) == word);
    numbers && told("up") && told("user")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_the_other_side() {
        assert!(is_on_screen("up 18 min,  0 user,  load average: 16.02, 12.34, 6.70"));
        assert!(is_on_screen(" 18:18:48 up  3:26,  2 users,  load average: 2.46, 4.16, 4.62"));
        assert!(is_on_screen("Linux box 6.1.0-18-amd64 #1 SMP Debian 6.1.76-1 x86_64"));
        assert!(!is_on_screen("load average: high"));
        assert!(!is_on_screen("the host is up, load average: 1.0"));
    }
}
