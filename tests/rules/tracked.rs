//! What no tracked file may hold: a path of somebody's machine, the host of a package registry, a secret.

use regex::Regex;

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

/// Shapes that a secret scanner takes for real, in fixtures as well. Each is found by its own prefix.
const SECRETS: &[(&str, &str)] = &[
    (
        "a Slack token",
        r"xox[abeprs]-[0-9A-Za-z]{8,}-?[0-9A-Za-z-]{4,}",
    ),
    ("a Slack app token", r"xapp-[0-9]-[0-9A-Za-z-]{10,}"),
    ("a live Stripe key", r"[sr]k_live_[0-9A-Za-z]{10,}"),
    ("an AWS access key", r"AKIA[0-9A-Z]{16}"),
    ("a GitHub token", r"gh[pousr]_[0-9A-Za-z]{30,}"),
    (
        "a private key",
        r"-----BEGIN [A-Z ]*PRIVATE KEY-----(?:\\n|\s)*[A-Za-z0-9+/]{20,}",
    ),
];

/// Secrets come from the environment. A test that needs such a shape joins it from halves with `concat!`.
pub fn secrets(path: &str, text: &str) -> Vec<Offence> {
    let mut found = Vec::new();
    for (name, pattern) in SECRETS {
        let shape = Regex::new(pattern).unwrap();
        for hit in shape
            .find_iter(text)
            .filter(|hit| !hit.as_str().contains("EXAMPLE"))
        {
            let line = text[..hit.start()].lines().count().max(1);
            let line = if text[..hit.start()].ends_with('\n') {
                line + 1
            } else {
                line
            };
            let advice = format!(
                "looks like {name}; take it from the environment, or join a fixture from halves with `concat!`"
            );
            found.push(Offence {
                path: path.to_owned(),
                line,
                advice,
            });
        }
    }
    found
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

    #[test]
    fn a_secret_is_found() {
        let key = "MIIEvQIBADANBgkqhkiG9w0BAQ";
        for secret in [
            ["xoxb", "-123456789012-abcdefghijkl"].concat(),
            ["xapp", "-1-A0000000000-abcdef"].concat(),
            ["rk_", "live_abcdefghijklmn"].concat(),
            ["AK", "IAABCDEFGHIJKLMNOP"].concat(),
            ["gh", "p_abcdefghijklmnopqrstuvwxyz0123456789"].concat(),
            format!("-----BEGIN {} KEY-----\n{key}", "PRIVATE"),
        ] {
            let found = secrets("README.md", &format!("first\ntoken = {secret}"));
            assert_eq!(found.len(), 1, "{secret}");
            assert_eq!(found[0].line, 2, "{secret}");
        }
        assert!(
            secrets(
                "README.md",
                "xoxb-your-token, rk_test_1234567890ab, AKIAIOSFODNN7EXAMPLE"
            )
            .is_empty()
        );
    }
}
