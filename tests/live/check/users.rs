//! The user that a line of the configuration names, where the command names none.

use serde_json::Value;

use crate::check::scene::{block, check, git_host, github};
use crate::kit::{GoServer, Sshd, Stage};

/// The places that findings of this cause quote besides the log.
fn places(report: &Value, cause: &str) -> Vec<String> {
    let findings = report["findings"].as_array().unwrap().iter().filter(|finding| finding["cause"] == cause);
    let evidence = findings.flat_map(|finding| finding["evidence"].as_array().unwrap());
    let local = evidence.filter_map(|evidence| evidence["source"].as_str().unwrap().strip_prefix("local: "));
    local.map(str::to_owned).collect()
}

fn config(stage: &Stage) -> String {
    stage.home.ssh().join("config").display().to_string()
}

scenes! {
    /// A line for all hosts sends everybody to the CI host as git. By one's own name it works, as is tried.
    a_line_for_all_hosts_at_a_ci_host: "key-rejected", Works, |stage| {
        let key = stage.home.key("id_ed25519");
        let git = GoServer::github().accepts(&key).start(stage);
        let ci = Sshd::ci().accepts(&key).option("AllowUsers dev").start(stage);
        github(&stage.home, &git, "User git\nHost other\nUser somebody\nHost *\nUser git");
        let place = format!("{}:7", config(stage));
        check(["--vcs", "github.com", "--ci", &format!("ssh -p {} 127.0.0.1", ci.port)])
            .suggests(" dev@127.0.0.1")
            .then(move |report| assert_eq!(places(report, "key-rejected"), [place]))
    }

    /// Files that the configuration takes in, by a pattern, one of them by another; it is longer than a pipe's least.
    a_line_of_another_file: "key-rejected", Works, |stage| {
        let key = stage.home.key("id_ed25519");
        let git = GoServer::github().accepts(&key).start(stage);
        let ci = Sshd::ci().accepts(&key).option("AllowUsers dev").start(stage);
        let write = |name: &str, text: &str| std::fs::write(stage.home.ssh().join(name), text).unwrap();
        write("more-1", "Host other\nUser somebody\n");
        write("more-2", "Host *\nInclude ~/.ssh/inner none\n");
        write("inner", "# all\nUser git\n");
        github(&stage.home, &git, &format!("{}Match all\nInclude more-*", "# a long one\n".repeat(500)));
        let place = format!("{}:2", stage.home.ssh().join("inner").display());
        check(["--vcs", "github.com", "--ci", &format!("ssh -p {} 127.0.0.1", ci.port)])
            .then(move |report| assert_eq!(places(report, "key-rejected"), [place]))
    }

    /// A block of its own: somebody meant it.
    a_line_for_the_ci_host: "key-rejected", Any, |stage| {
        let key = stage.home.key("id_ed25519");
        let git = GoServer::github().accepts(&key).start(stage);
        let ci = Sshd::ci().accepts(&key).option("AllowUsers dev").start(stage);
        github(&stage.home, &git, &format!("Host 127.0.0.1\nPort {}\nUser git", ci.port));
        check(["--vcs", "github.com", "--ci", "ssh 127.0.0.1"])
            .then(|report| assert_eq!(places(report, "key-rejected"), Vec::<String>::new()))
    }

    /// A git host that no provider is known for: most are logged in to as git.
    a_line_for_all_hosts_at_ones_own_git_host: "key-rejected", Works, |stage| {
        let key = stage.home.key("id_ed25519");
        let git = Sshd::gitlab().accepts(&key).option("AllowUsers git").start(stage);
        let act = git_host(stage, &git, "");
        let config = config(stage);
        let text = std::fs::read_to_string(&config).unwrap();
        std::fs::write(&config, format!("Host *\nUser dev2\n{text}")).unwrap();
        act.suggests("ssh -T git@git.example.com")
            .then(move |report| assert_eq!(places(report, "key-rejected"), [format!("{config}:2")]))
    }

    /// Another user than a git host takes.
    a_line_for_all_hosts_at_a_git_host: "wrong-user", Works, |stage| {
        let key = stage.home.key("id_ed25519");
        let git = Sshd::github().accepts(&key).option("AllowUsers git").start(stage);
        stage.home.knows("github.com", &git);
        stage.home.config(&(block("github.com", &git, "") + "Host *\nUser dev2\n"));
        let place = format!("{}:5", config(stage));
        check(["--vcs", "github.com"]).then(move |report| assert_eq!(places(report, "wrong-user"), [place]))
    }
}
