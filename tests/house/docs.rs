//! The documentation against the program: commands that exist, output that is real, links that lead somewhere.
//!
//! `UPDATE=1 cargo test --test house docs` writes the program's output into README.md.

use std::process::{Command, Output, Stdio};

use crate::kit::{files, names, project, text};

/// Pages in Markdown, from the project's folder on.
fn pages() -> Vec<String> {
    let mut pages: Vec<String> =
        ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "fixtures/README.md"].map(str::to_owned).to_vec();
    pages.extend(names(&project("docs"), false).into_iter().map(|name| format!("docs/{name}")));
    pages
}

/// A fenced block: the word behind its fence, its text, and where that stands in the page.
struct Block {
    word: String,
    text: String,
    start: usize,
}

fn blocks(page: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<(String, usize)> = None;
    let mut at = 0;
    for line in page.split_inclusive('\n') {
        if let Some(word) = line.strip_prefix("```") {
            match open.take() {
                None => open = Some((word.trim().to_owned(), at + line.len())),
                Some((word, start)) => blocks.push(Block { word, text: page[start..at].to_owned(), start }),
            }
        }
        at += line.len();
    }
    assert!(open.is_none(), "a block is not closed");
    blocks
}

fn program(args: &[String], folder: &std::path::Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ssh-why"))
        .args(args)
        .env_clear()
        .stdin(Stdio::null())
        .current_dir(folder)
        .output()
        .expect("the program runs")
}

/// The arguments of each run of the program in a block of commands.
fn runs(block: &str) -> Vec<Vec<String>> {
    let lines = block.replace("\\\n", " ");
    let mut runs = Vec::new();
    for line in lines.lines() {
        let words = shlex::split(line).unwrap_or_else(|| panic!("no shell reads this: {line}"));
        for command in words.split(|word| ["&&", "||", "|", ";"].contains(&word.as_str())) {
            let args = match command {
                [program, args @ ..] if program == "ssh-why" => args,
                [program, verb, ..] if program == "cargo" && verb == "run" => {
                    let own = command.iter().position(|word| word == "--").expect("cargo run … -- arguments");
                    &command[own + 1..]
                }
                _ => continue,
            };
            runs.push(args.iter().filter(|word| !word.starts_with(['<', '>'])).cloned().collect());
        }
    }
    runs
}

#[test]
fn the_readmes_output_is_real() {
    let mut page = text("README.md");
    let blocks = blocks(&page);
    let mut shown = 0;
    let mut edits = Vec::new();
    for pair in blocks.windows(2) {
        let [command, output] = pair else { continue };
        if (command.word.as_str(), output.word.as_str()) != ("sh", "text") {
            continue;
        }
        let runs = runs(&command.text);
        let [run] = runs.as_slice() else { panic!("more than one command before an output: {runs:?}") };
        let done = program(run, &project(""));
        assert_eq!(String::from_utf8_lossy(&done.stderr), "", "{run:?}");
        let real = String::from_utf8(done.stdout).unwrap();
        shown += 1;
        if real.trim_end() != output.text.trim_end() {
            edits.push((output.start, output.text.len(), format!("{}\n", real.trim_end())));
        }
    }
    assert!(shown >= 1, "no output is shown");
    if std::env::var_os("UPDATE").is_some() {
        for (start, length, real) in edits.into_iter().rev() {
            page.replace_range(start..start + length, &real);
        }
        std::fs::write(project("README.md"), page).unwrap();
    } else {
        assert!(
            edits.is_empty(),
            "README.md shows something else than the program prints; run UPDATE=1 cargo test --test house docs\n{}",
            edits[0].2
        );
    }
}

/// The table of forms, as the forms tell of themselves.
#[test]
fn the_readmes_forms_are_all() {
    const HEAD: &str = "| `--format` | is | `--report` into a file that ends in |\n| --- | --- | --- |\n";
    let mut page = text("README.md");
    let start = page.find(HEAD).expect("the table's head") + HEAD.len();
    let end = start + page[start..].find("\n\n").expect("the table's end") + 1;
    let row = |form: &ssh_why::Form| {
        let endings: Vec<String> = form.endings.iter().map(|ending| format!("`.{ending}`")).collect();
        format!("| `{}` | {} | {} |\n", form.name, form.about, endings.join(", "))
    };
    let real: String = ssh_why::FORMS.iter().map(row).collect();
    if std::env::var_os("UPDATE").is_some() {
        page.replace_range(start..end, &real);
        std::fs::write(project("README.md"), page).unwrap();
    } else {
        assert_eq!(page[start..end], real, "UPDATE=1 cargo test --test house docs");
    }
}

/// Commands that the program stands in front of.
const FRONTS: &[&str] = &["ssh", "git", "scp", "sftp", "rsync"];

/// Each command line is one that the program takes. Logs that the pages only speak of are put in its way.
#[test]
fn shown_commands_are_commands() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["vcs.log", "ci.log"] {
        std::fs::copy(project("fixtures/demo").join(name), folder.path().join(name)).unwrap();
    }
    let mut seen = 0;
    for name in pages() {
        for block in
            blocks(&text(&name)).iter().filter(|block| ["sh", "console", "powershell"].contains(&block.word.as_str()))
        {
            for mut run in runs(&block.text) {
                seen += 1;
                // What would connect is only read, up to the request for help.
                if run.first().is_some_and(|verb| verb == "check" || verb == "keys") {
                    run.push("--help".to_owned());
                } else if let Some(at) = run.iter().position(|word| FRONTS.contains(&word.as_str())) {
                    run.insert(at, "--help".to_owned());
                }
                let shipped = run.iter().any(|word| word.starts_with("fixtures/"));
                let place = if shipped { project("") } else { folder.path().to_owned() };
                let done = program(&run, &place);
                let said = String::from_utf8_lossy(&done.stderr);
                assert!(matches!(done.status.code(), Some(0 | 1 | 3)), "{name}: ssh-why {run:?}: {said}");
            }
        }
    }
    assert!(seen >= 6, "{seen} commands were seen");
}

/// What the pages say to run is there.
#[test]
fn scripts_and_links_exist() {
    let mut links = 0;
    for name in pages() {
        let page = text(&name);
        let folder = project(&name).parent().unwrap().to_owned();
        for link in page.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = link.split('#').next().unwrap_or_default();
            if file.is_empty() || file.starts_with("https://") || file.starts_with("mailto:") {
                continue;
            }
            links += 1;
            assert!(folder.join(file).exists(), "{name}: {file}");
        }
        for word in page.split(|c: char| c.is_whitespace() || "`()|".contains(c)) {
            if (word.starts_with("scripts/")
                || word.starts_with(".ci/")
                || word.starts_with("fixtures/")
                || word.starts_with("src/")
                || word.starts_with("tests/"))
                && !word.contains(['<', '*', '…', '{'])
            {
                // A line's number may stand behind a colon.
                let file = word.split(':').next().unwrap_or_default().trim_end_matches(['.', ',', ';']);
                assert!(project(file).exists(), "{name}: {file}");
            }
        }
    }
    assert!(links >= 5, "{links} links");
}

#[test]
fn nothing_names_the_machine_that_made_it() {
    // Put together here, so that this file does not name them either.
    let foreign: Vec<String> = ["/wo|rk/", "/tmp/|wt", "/fa|rm/", "sha|red/corpus", "target-|tests"]
        .iter()
        .map(|word| word.replace('|', ""))
        .collect();
    let mut paths =
        vec![project("Cargo.toml"), project("README.md"), project("CHANGELOG.md"), project("CONTRIBUTING.md")];
    for folder in ["docs", "src", "tests", "fixtures", "scripts", "benches"] {
        paths.extend(files(&project(folder)));
    }
    assert!(paths.len() > 300);
    for path in paths {
        let page = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
        for word in &foreign {
            assert!(!page.contains(word.as_str()), "{}: {word}", path.display());
        }
    }
}

/// The page on the JSON report names each field of it.
#[test]
fn every_field_of_the_json_is_explained() {
    fn fields(value: &serde_json::Value, found: &mut std::collections::BTreeSet<String>) {
        match value {
            serde_json::Value::Object(object) => {
                for (name, value) in object {
                    found.insert(name.clone());
                    fields(value, found);
                }
            }
            serde_json::Value::Array(list) => list.iter().for_each(|value| fields(value, found)),
            _ => {}
        }
    }
    let args = ["read", "--format", "json", "--vcs", "fixtures/demo/vcs.log", "--ci", "fixtures/demo/ci.log"]
        .map(str::to_owned);
    let document = serde_json::from_slice(&program(&args, &project("")).stdout).unwrap();
    let mut found = std::collections::BTreeSet::new();
    fields(&document, &mut found);
    assert!(found.len() > 40, "{found:?}");
    let page = text("docs/json.md");
    for name in found {
        assert!(page.contains(&format!("`{name}`")), "docs/json.md does not explain {name}");
    }
    for rule in ssh_why::inside::rules::RULES {
        assert!(project("docs/causes").join(format!("{}.md", rule.id)).exists());
    }
}

/// The glossary's terms are in the order of the alphabet, each once.
#[test]
fn the_glossary_is_sorted() {
    let page = text("docs/glossary.md");
    let terms: Vec<String> = page
        .lines()
        .filter_map(|line| line.strip_prefix("- **"))
        .filter_map(|line| line.split("**").next())
        .map(str::to_lowercase)
        .collect();
    let mut sorted = terms.clone();
    sorted.sort();
    sorted.dedup();
    assert!(terms.len() > 20, "{} terms", terms.len());
    assert_eq!(terms, sorted);
}
