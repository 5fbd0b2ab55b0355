//! The number in the name of `builtin` goes up when its rules change.

use std::path::{Path, PathBuf};

use countersign::adapters::models::builtin::NAME;
use countersign::domain::digest::Digest;

/// Every name that was ever given, with the digest of its rules. Add a line, and never change one.
const NAMED: &[(&str, &str)] = &[("builtin 2", "1f08aa6fbd3a")];

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// The rules as they are written, without comments, tests, layout and the name itself.
fn rules() -> String {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all = vec![package.join("src/domain/phrase.rs")];
    files(&package.join("src/adapters/models/builtin"), &mut all);
    all.sort();
    let mut rules = String::new();
    for file in all {
        let text = std::fs::read_to_string(&file).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap();
        let lines = code.lines().map(str::trim);
        let lines = lines.filter(|line| !line.starts_with("//") && !line.contains("const NAME"));
        rules.extend(lines.flat_map(|line| line.chars().filter(|c| !c.is_whitespace())));
    }
    rules
}

#[test]
fn whoever_changes_the_rules_changes_the_number() {
    let rules = Digest::of(rules().as_bytes()).short();
    let (name, known) = NAMED.last().unwrap();
    assert_eq!(
        (NAME, rules.as_str()),
        (*name, *known),
        "the rules of builtin changed: raise the number in its name, and add the name with this digest to NAMED"
    );
    for (at, (name, digest)) in NAMED.iter().enumerate() {
        let earlier = &NAMED[..at];
        assert!(
            earlier.iter().all(|(n, d)| n != name && d != digest),
            "{name} stands here twice"
        );
    }
}
