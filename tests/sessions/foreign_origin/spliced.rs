//! Two clients' logs in one: whatever is said of them, no command has a word that a server chose.

use super::clients::CLIENTS;
use super::{METHOD, list};
use crate::kit::json_of;
use ssh_why::model::Role;

/// What the servers chose, in all logs.
const CHOSEN: &str = "zqchosen";

/// How many splices are tried.
const SPLICES: usize = 160;

/// Numbers that are the same in each run (Knuth's multiplier).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }
}

#[test]
fn a_splices_commands_have_no_word_of_a_servers() {
    let logs: Vec<String> = CLIENTS
        .iter()
        .map(|log| {
            let fields = log.fields.iter().filter(|(_, own)| *own != METHOD);
            fields.fold(log.text(), |text, (before, own)| {
                text.replace(&format!("{before}{own}"), &format!("{before}{CHOSEN}"))
            })
        })
        .collect();
    let mut numbers = Numbers(1);
    let mut with_commands = 0;
    for _ in 0..SPLICES {
        let (one, other) = (&logs[numbers.below(logs.len())], &logs[numbers.below(logs.len())]);
        let (one, other): (Vec<_>, Vec<_>) =
            (one.split_inclusive('\n').collect(), other.split_inclusive('\n').collect());
        let (to, from) = (numbers.below(one.len() + 1), numbers.below(other.len()));
        let text = [&one[..to], &other[from..]].concat().concat();
        let source = ssh_why::Source { name: "ssh.log", role: Role::Other, bytes: text.as_bytes() };
        let report = json_of(&ssh_why::explain(&[source], &ssh_why::Wish::default()));
        let fixes = list(&report["findings"]).iter().flat_map(|finding| list(&finding["fixes"]));
        let printed = fixes.flat_map(|fix| [&fix["command"], &fix["argv"], &fix["config"]]);
        let printed: Vec<String> = printed.chain([&report["suggestion"]]).map(ToString::to_string).collect();
        with_commands += usize::from(printed.iter().any(|words| words != "null"));
        assert!(!printed.iter().any(|words| words.contains(CHOSEN)), "{printed:#?}\n{text}");
    }
    assert!(with_commands > SPLICES / 8, "{with_commands}");
}
