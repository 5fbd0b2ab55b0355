//! What no tracked file may hold: a path of somebody's machine, the host of a package registry.

use crate::source::Offence;

/// Folders that differ from machine to machine. Written in two halves, so that this file passes its own rule.
const MACHINE: &[&str] = &[
    concat!("/wo", "rk/"),
    concat!("/ro", "ot/"),
    concat!("/ho", "me/"),
    concat!("/tm", "p/"),
    concat!("/Us", "ers/"),
];

const REGISTRIES: &[&str] = &[
    concat!("crates", ".io"),
    concat!("pypi", ".org"),
    concat!("python", "hosted.org"),
    concat!("npmjs", ".org"),
    concat!("npmjs", ".com"),
    concat!("deb.", "debian.org"),
    concat!("security.", "debian.org"),
];

/// `text` of any file but `Cargo.lock`, which the package manager writes.
pub fn machine_paths(path: &str, text: &str) -> Vec<Offence> {
    search(
        path,
        text,
        MACHINE,
        true,
        "is a path of one machine; take it from the command line, or use std::env::temp_dir or mktemp",
    )
}

/// A registry is a setting of whoever builds.
pub fn registry_hosts(path: &str, text: &str) -> Vec<Offence> {
    search(
        path,
        text,
        REGISTRIES,
        false,
        "is the host of a package registry; name the package, not where it comes from",
    )
}

fn search(path: &str, text: &str, words: &[&str], at_start: bool, advice: &str) -> Vec<Offence> {
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        for word in words {
            let hit = line
                .match_indices(word)
                .any(|(at, _)| !at_start || begins_a_path(line, at));
            if hit {
                found.push(Offence {
                    path: path.to_owned(),
                    line: number + 1,
                    advice: format!("`{word}` {advice}"),
                });
            }
        }
    }
    found
}

/// `src/slack/home/` and `localhost/tmp/` are no machine paths: something stands before the slash.
fn begins_a_path(line: &str, at: usize) -> bool {
    line[..at]
        .chars()
        .next_back()
        .is_none_or(|before| !(before.is_alphanumeric() || ".-_*})>]".contains(before)))
}

mod controls {
    use super::*;

    #[test]
    fn a_machine_path_is_found() {
        for word in MACHINE {
            assert_eq!(
                machine_paths("README.md", &format!("run\ncat {word}x")).len(),
                1,
                "{word}"
            );
            assert!(
                machine_paths("README.md", &format!("src/slack{word}x")).is_empty(),
                "{word}"
            );
        }
    }

    #[test]
    fn a_registry_host_is_found() {
        for word in REGISTRIES {
            assert_eq!(
                registry_hosts("README.md", &format!("\nfrom https://{word}/x"))[0].line,
                2,
                "{word}"
            );
        }
        assert!(registry_hosts("README.md", "cargo install cargo-deny").is_empty());
    }
}
