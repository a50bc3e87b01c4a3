//! tmp
#![allow(clippy::unwrap_used, clippy::print_stdout)]
use std::io::Read;
fn main() {
    let mut args = std::env::args().skip(2);
    let mut logs = vec![];
    let mut role = ssh_why::model::Role::Other;
    while let Some(a) = args.next() {
        match a.as_str() {
            "--format" => { args.next(); }
            "--vcs" => role = ssh_why::model::Role::Vcs,
            "--ci" => role = ssh_why::model::Role::Ci,
            f => {
                let mut b = vec![];
                std::fs::File::open(f).unwrap().read_to_end(&mut b).unwrap();
                let mut t = ssh_why::reader::read(f, &b);
                t.role = role;
                role = ssh_why::model::Role::Other;
                logs.push(t);
            }
        }
    }
    let d = ssh_why::diagnose::diagnose(logs, ssh_why::shell::Shell::Sh);
    print!("{}", ssh_why::report::json::render(&d));
}
