//! ssh's lists of patterns (ssh_config(5), PATTERNS).

/// ssh's pattern lists: `*`, `?`, commas, and `!` that rules out.
pub(super) fn in_pattern_list(name: &str, list: &str) -> bool {
    let mut found = false;
    for pattern in list.split(',') {
        match pattern.strip_prefix('!') {
            Some(pattern) if fits(name.as_bytes(), pattern.as_bytes()) => return false,
            Some(_) => {}
            None => found |= fits(name.as_bytes(), pattern.as_bytes()),
        }
    }
    found
}

fn fits(name: &[u8], pattern: &[u8]) -> bool {
    let (mut at, mut star) = ((0, 0), None);
    while at.0 < name.len() {
        match pattern.get(at.1) {
            Some(b'*') => {
                star = Some(at);
                at.1 += 1;
            }
            Some(c) if *c == b'?' || *c == name[at.0] => at = (at.0 + 1, at.1 + 1),
            _ => match star {
                Some((name_at, pattern_at)) => {
                    star = Some((name_at + 1, pattern_at));
                    at = (name_at + 1, pattern_at + 1);
                }
                None => return false,
            },
        }
    }
    pattern[at.1.min(pattern.len())..].iter().all(|c| *c == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        for (name, list, found) in [
            ("ssh-rsa", "ssh-rsa", true),
            ("ssh-rsa", "ssh-*", true),
            ("ssh-rsa", "*", true),
            ("ssh-rsa", "ssh-rs?", true),
            ("ssh-rsa", "*-rsa", true),
            ("ssh-rsa-x", "*-rsa", false),
            ("ssh-rsa", "*,!ssh-rsa", false),
            ("ssh-rsa", "ssh-rsa-cert", false),
            ("", "", true),
        ] {
            assert_eq!(in_pattern_list(name, list), found, "{name} {list}");
        }
    }
}
