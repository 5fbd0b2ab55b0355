//! The pages for people: every command that they name is one, and so is every variable and every recipe.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use clap::Parser as _;
use countersign::cli::Arguments;

const PAGES: &[&str] = &[
    "README.md",
    "CONTRIBUTING.md",
    "docs/MUTATIONS.md",
    "docs/OPERATING.md",
    "docs/PERFORMANCE.md",
    "fuzz/README.md",
    "manifests/README.md",
    "manifests/policy/README.md",
];

fn text(path: &str) -> String {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(root.join(path)).unwrap()
}

/// What stands between single backticks, and every line of a fenced block.
fn code(page: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (number, part) in page.split("```").enumerate() {
        if number % 2 == 1 {
            found.extend(part.lines().map(|line| line.trim().to_owned()));
        } else {
            let spans = part.split('`').skip(1).step_by(2);
            found.extend(spans.map(|span| span.replace('\n', " ")));
        }
    }
    found
}

/// The commands of a page, each as the words after the program's name, comments and quotes taken off.
fn commands(page: &str) -> Vec<Vec<String>> {
    let starts = ["countersign ", "cargo run -- "];
    let after = |line: &String| {
        let rest = starts.iter().find_map(|start| line.strip_prefix(start))?;
        let rest = rest.split(" #").next().unwrap_or_default();
        Some(words(rest)).filter(|words| !words.is_empty())
    };
    code(page).iter().filter_map(after).collect()
}

/// Splits as a shell would: quotes hold words together.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (number, part) in line.split('"').enumerate() {
        if number % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    words
}

/// Whether the program would take these words.
fn is_taken(words: &[String]) -> Result<(), String> {
    let line = std::iter::once("countersign").chain(words.iter().map(String::as_str));
    Arguments::try_parse_from(line)
        .map(drop)
        .map_err(|error| format!("countersign {}: {error}", words.join(" ")))
}

#[test]
fn every_command_that_a_page_names_is_taken_by_the_program() {
    let mut wrong = Vec::new();
    for page in PAGES {
        for words in commands(&text(page)) {
            wrong.extend(is_taken(&words).err().map(|why| format!("{page}: {why}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(commands(&text("README.md")).len() > 8);
}

#[test]
fn every_variable_that_a_page_names_is_one_that_something_reads() {
    let known = [
        "manifests/workspace.json",
        "justfile",
        ".ci/run",
        "tests/mutants/run.py",
    ]
    .map(text)
    .concat();
    for page in PAGES {
        let page_text = text(page);
        let names = page_text.split(|c: char| !(c.is_ascii_uppercase() || c == '_'));
        for name in names.filter(|name| name.starts_with("COUNTERSIGN_")) {
            assert!(known.contains(name), "{page} names {name}");
        }
    }
}

/// The names of the recipes, in the order of the file.
fn recipes(justfile: &str) -> Vec<&str> {
    let heads = justfile
        .lines()
        .filter(|line| line.starts_with(|first: char| first.is_ascii_lowercase()));
    heads
        .filter_map(|line| line.split([' ', ':']).next())
        .collect()
}

/// `just` takes no file at all in which a recipe stands twice.
#[test]
fn every_recipe_stands_once_and_every_one_that_a_page_names_is_there() {
    let justfile = text("justfile");
    let listed = recipes(&justfile);
    let known: BTreeSet<&str> = listed.iter().copied().collect();
    assert_eq!(listed.len(), known.len(), "{listed:?}");
    let mut named = BTreeSet::new();
    for page in PAGES {
        for line in code(&text(page)) {
            let recipe = line.strip_prefix("just ").map(str::to_owned);
            named.extend(recipe.and_then(|rest| rest.split(' ').next().map(str::to_owned)));
        }
    }
    assert!(named.contains("bench") && named.contains("fuzz"));
    for name in named {
        assert!(known.contains(&*name), "there is no recipe `{name}`");
    }
    assert_eq!(recipes("# a\na b:\n    c d\na:\n"), ["a", "a"]);
}

#[test]
fn a_command_that_is_none_is_noticed() {
    let page = "Run `countersign frobnicate` or\n```\ncountersign run t.json --reason \"two words\" # so\ncargo run -- demo --loud\n```\nand `countersign`.";
    let found = commands(page);
    assert_eq!(found.len(), 3);
    assert_eq!(found[1], ["run", "t.json", "--reason", "two words"]);
    let taken: Vec<bool> = found.iter().map(|words| is_taken(words).is_ok()).collect();
    assert_eq!(taken, [false, true, false]);
}
