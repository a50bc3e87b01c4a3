//! Homes of accounts that no person logs in to.

/// What a redacted log calls such an account, with a number behind it.
pub const SERVICE: &str = "service";

/// Accounts of that kind whose home is called after them, or after whom nobody is called.
const SERVICES: &[&str] = &["root", "runner", "jenkins", "circleci"];

/// Where they live, but for `/home/NAME`.
const ELSEWHERE: &[&str] = &["/root", "/var/lib", "/var/root", "/nonexistent", "/var/jenkins_home"];

/// Whether a login name is that of such an account.
pub fn is_service(user: &str) -> bool {
    SERVICES.contains(&user) || is_redacted(user)
}

/// Whether it is such an account's name after redaction.
fn is_redacted(user: &str) -> bool {
    let number = user.strip_prefix(SERVICE).unwrap_or_default();
    !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// The home of such an account that a file lies in: a person's keys seldom do.
pub fn service_home(path: &str) -> Option<&str> {
    let below = |home: &&&str| path.strip_prefix(**home).is_some_and(|rest| rest.starts_with('/'));
    let elsewhere = ELSEWHERE.iter().find(below).map(|home| home.len());
    let called = || {
        let user = path.strip_prefix("/home/")?.split_once('/')?.0;
        (is_service(user) && user != "root").then(|| "/home/".len() + user.len())
    };
    elsewhere.or_else(called).map(|end| &path[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn homes_of_services() {
        assert_eq!(service_home("/root/.ssh/id_rsa"), Some("/root"));
        assert_eq!(service_home("/home/runner/.ssh/id_rsa"), Some("/home/runner"));
        assert_eq!(service_home("/home/service3/.ssh/id_rsa"), Some("/home/service3"));
        for own in ["/home/mona/.ssh/id_rsa", "/rooted/x", "/home/runner", "/home/servicedesk/.ssh/id_rsa"] {
            assert_eq!(service_home(own), None, "{own}");
        }
    }
}
