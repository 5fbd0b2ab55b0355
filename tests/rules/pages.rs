//! What the pages for people name must exist: files, folders, links, tests and settings.

use std::path::{Component, Path};

use regex::Regex;

use crate::source::Offence;

/// A tracked file: its path from the root and its text.
pub type Tracked = (String, String);

/// Files and folders that a page names between backticks, and the targets of its links. A name with a placeholder
/// (`<name>`) is a pattern and not checked.
pub fn dead_paths(path: &str, text: &str, tree: &[Tracked]) -> Vec<Offence> {
    const NAMED: &str = r"`((?:src|tests|manifests|migrations|docs|\.ci)/[A-Za-z0-9_./-]*)`";
    const LINK: &str = r"\]\(([A-Za-z0-9_./-]+)(?:#[a-z0-9-]*)?\)";
    let folder = Path::new(path).parent().unwrap_or(Path::new(""));
    let mut found = hits(path, text, NAMED, |name| {
        (!exists(name, tree))
            .then(|| format!("`{name}` is not there; correct the name, or add the file"))
    });
    found.extend(hits(path, text, LINK, |link| {
        (!exists(&normal(&folder.join(link)), tree))
            .then(|| format!("the link to {link} leads nowhere; correct it"))
    }));
    found
}

/// Tests and settings that a page names between backticks: words of at least four parts must stand in some file that
/// is no page itself.
pub fn dead_names(path: &str, text: &str, tree: &[Tracked]) -> Vec<Offence> {
    const NAME: &str = r"`([a-z0-9]+(?:_[a-z0-9]+){3,})`";
    hits(path, text, NAME, |name| {
        let known = tree
            .iter()
            .any(|(other, text)| !is_page(other) && text.contains(name));
        (!known).then(|| {
            format!("nothing is called `{name}`; name the test or setting as it is called now")
        })
    })
}

/// Pages that describe what is. A decision or a changelog describes what was.
pub fn is_page(path: &str) -> bool {
    path.ends_with(".md") && path != "CHANGELOG.md"
}

/// A decision is never rewritten, also where the files that it names move on.
pub fn describes_the_past(path: &str) -> bool {
    path.starts_with("docs/adr/0")
}

fn hits(
    path: &str,
    text: &str,
    pattern: &str,
    judge: impl Fn(&str) -> Option<String>,
) -> Vec<Offence> {
    let shape = Regex::new(pattern).unwrap();
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        for hit in shape.captures_iter(line) {
            if let Some(advice) = judge(&hit[1]) {
                found.push(Offence {
                    path: path.to_owned(),
                    line: number + 1,
                    advice,
                });
            }
        }
    }
    found
}

fn exists(name: &str, tree: &[Tracked]) -> bool {
    let name = name.trim_end_matches('/');
    let inside = format!("{name}/");
    tree.iter()
        .any(|(path, _)| path == name || path.starts_with(&inside))
}

fn normal(path: &Path) -> String {
    let mut parts: Vec<String> = Vec::new();
    for part in path.components() {
        match part {
            Component::ParentDir => drop(parts.pop()),
            Component::Normal(name) => parts.push(name.to_string_lossy().into_owned()),
            _ => {}
        }
    }
    parts.join("/")
}

mod controls {
    use super::*;

    fn tree() -> Vec<Tracked> {
        [
            ("src/slack/home.rs", "fn a_late_click_changes_nothing() {}"),
            ("docs/adr/README.md", "a_page_is_no_proof_of_itself"),
        ]
        .map(|(path, text)| (path.to_owned(), text.to_owned()))
        .to_vec()
    }

    #[test]
    fn a_file_that_is_not_there_is_found() {
        let text = "See `src/slack/`, `src/slack/home.rs` and [more](../docs/adr/README.md#top).\nAnd `src/gone.rs` or [this](gone.md).";
        let lines: Vec<usize> = dead_paths("docs/a.md", text, &tree())
            .iter()
            .map(|offence| offence.line)
            .collect();
        assert_eq!(lines, [2, 2]);
        assert!(
            dead_paths(
                "a.md",
                "`src/adapters/<name>.rs` and [out](https://example.com/x)",
                &tree()
            )
            .is_empty()
        );
    }

    #[test]
    fn a_test_that_is_not_there_is_found() {
        let said = dead_names(
            "SECURITY.md",
            "`a_late_click_changes_nothing`\n`a_page_is_no_proof_of_itself`, `two_words`",
            &tree(),
        );
        assert_eq!(said.len(), 1);
        assert_eq!(said[0].line, 2);
    }
}
