//! The shape of a file and of the tree: purpose lines, foot tests, the room list, no orphan, lines a person can read.

use proc_macro2::Delimiter;

use crate::source::{Kind, Offence, Source};

const COMMENT_WIDTH: usize = 120;

/// The first line says what the file is for.
pub fn purpose_line(source: &Source) -> Vec<Offence> {
    let first = source.text.lines().next().unwrap_or_default();
    let words = first
        .strip_prefix("//! ")
        .map_or(0, |text| text.split_whitespace().count());
    if words < 3 {
        return vec![source.offence(
            1,
            "begin the file with one `//! ` line that says what it is for",
        )];
    }
    let parts: Vec<&str> = source.path.split('/').collect();
    let second = source.text.lines().nth(1).unwrap_or_default();
    if matches!(parts.as_slice(), ["src", _, "mod.rs"]) && !second.starts_with("//!") {
        return vec![source.offence(
            2,
            "after its first line, a room's `mod.rs` says (as `//!` lines) what the room may not do and how to add to it",
        )];
    }
    Vec::new()
}

/// Test code stands in one `mod tests` at the foot of a file, and nowhere else.
pub fn tests_at_the_foot(source: &Source) -> Vec<Offence> {
    let mut found = Vec::new();
    let foot = source.foot();
    let mut seen_in_foot = 0;
    for (at, token) in source.tokens.iter().enumerate() {
        let conditional = token.is("cfg") || token.is("cfg_attr");
        let open = if source.kind(at + 1) == Some(&Kind::Punct('!')) {
            at + 2
        } else {
            at + 1
        };
        if conditional && source.kind(open) == Some(&Kind::Open(Delimiter::Parenthesis)) {
            let names_test = (open..source.tokens[open].close).any(|i| source.is(i, "test"));
            seen_in_foot += usize::from(names_test && at >= foot);
            if names_test && (at < foot || seen_in_foot > 1) {
                found.push(source.offence(token.line, "`cfg(test)` only on one `mod tests` at the foot of the file; inject what tests need"));
            }
        }
        let attribute = source.kind(at.wrapping_sub(1)) == Some(&Kind::Open(Delimiter::Bracket));
        if token.is("test") && attribute && at < foot {
            found.push(source.offence(
                token.line,
                "tests stand in one `mod tests` at the foot of the file, or in `tests/`",
            ));
        }
    }
    found
}

/// A comment is read on a screen next to code.
pub fn comment_width(source: &Source) -> Vec<Offence> {
    let long =
        |line: &str| line.trim_start().starts_with("//") && line.chars().count() > COMMENT_WIDTH;
    source
        .text
        .lines()
        .enumerate()
        .filter(|(_, line)| long(line))
        .map(|(at, _)| {
            source.offence(
                at + 1,
                format!("break this comment line at {COMMENT_WIDTH} characters or say less"),
            )
        })
        .collect()
}

/// Public types, traits and free functions say shapes, units, errors or source in a doc comment.
pub fn public_items_are_documented(source: &Source) -> Vec<Offence> {
    const ITEMS: &[&str] = &["struct", "enum", "trait", "union", "type"];
    let mut found = Vec::new();
    for at in 0..source.foot() {
        if !source.is(at, "pub") {
            continue;
        }
        let word = |index: usize| source.tokens.get(index).and_then(|token| token.ident());
        // A name such as `$name` belongs to a macro, whose callers write the doc comment.
        let (Some(item), Some(name)) = (
            word(at + 1).filter(|word| ITEMS.contains(word)),
            word(at + 2),
        ) else {
            continue;
        };
        if !(source.attributes_before(at)..at).any(|i| source.is(i, "doc")) {
            let advice = format!("say in a `///` line what the {item} `{name}` means");
            found.push(source.offence(source.tokens[at].line, advice));
        }
    }
    found
}

/// `lib.rs` is the room list: every room once, with one sentence, and no code.
pub fn rooms_are_listed(sources: &[Source]) -> Vec<Offence> {
    let Some(lib) = sources.iter().find(|source| source.path == "src/lib.rs") else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let mut rooms: Vec<&str> = sources
        .iter()
        .filter(|source| source.path.starts_with("src/"))
        .map(Source::room)
        .collect();
    rooms.sort_unstable();
    rooms.dedup();
    for room in rooms
        .into_iter()
        .filter(|room| !matches!(*room, "lib" | "main"))
    {
        let listed = (0..lib.tokens.len())
            .find(|&at| lib.is(at, "pub") && lib.is(at + 1, "mod") && lib.is(at + 2, room));
        match listed {
            None => {
                let advice = format!("list the room: `/// One sentence.` and `pub mod {room};`");
                found.push(lib.offence(1, advice));
            }
            Some(at) if !(lib.attributes_before(at)..at).any(|i| lib.is(i, "doc")) => {
                let advice =
                    format!("say above it, in one `///` sentence, what the room `{room}` is for");
                found.push(lib.offence(lib.tokens[at].line, advice));
            }
            Some(_) => {}
        }
    }
    for (at, token) in lib.tokens.iter().enumerate() {
        if ["fn", "struct", "enum", "use", "impl", "const", "static"]
            .iter()
            .any(|word| lib.is(at, word))
        {
            found.push(lib.offence(
                token.line,
                "`lib.rs` only declares the rooms; move this into one",
            ));
        }
    }
    found
}

/// A file that no module declares is compiled by nobody and looks as if it were.
pub fn no_orphans(sources: &[Source]) -> Vec<Offence> {
    let mut found = Vec::new();
    for source in sources
        .iter()
        .filter(|source| source.path.starts_with("src/"))
    {
        let module = source.module();
        let Some((name, parents)) = module.split_last() else {
            continue;
        };
        let mut declarers: Vec<String> = vec![
            format!("src/{}/mod.rs", parents.join("/")),
            format!("src/{}.rs", parents.join("/")),
        ];
        if parents.is_empty() {
            declarers = vec!["src/lib.rs".to_owned(), "src/main.rs".to_owned()];
        }
        let declared = sources
            .iter()
            .filter(|other| declarers.contains(&other.path))
            .any(|other| {
                (0..other.tokens.len()).any(|at| other.is(at, "mod") && other.is(at + 1, name))
            });
        if !declared {
            found.push(source.offence(
                1,
                format!(
                    "no module declares this file; add `mod {name};` to its parent, or remove it"
                ),
            ));
        }
    }
    found
}

mod controls {
    use super::*;

    fn lines(rule: fn(&Source) -> Vec<Offence>, path: &str, text: &str) -> Vec<usize> {
        rule(&Source::parse(path, text))
            .iter()
            .map(|offence| offence.line)
            .collect()
    }

    #[test]
    fn a_missing_purpose_line_is_found() {
        assert_eq!(lines(purpose_line, "src/a.rs", "use std::fmt;"), [1]);
        assert_eq!(
            lines(purpose_line, "src/a.rs", "\n//! Says what it is for."),
            [1]
        );
        assert_eq!(
            lines(
                purpose_line,
                "src/a/mod.rs",
                "//! Says what it is for.\nuse std::fmt;"
            ),
            [2]
        );
        assert_eq!(
            lines(
                purpose_line,
                "src/a/mod.rs",
                "//! Says what it is for.\n//!\n//! May not."
            ),
            [0; 0]
        );
        assert_eq!(
            lines(
                purpose_line,
                "src/a/b.rs",
                "//! Says what it is for.\nuse std::fmt;"
            ),
            [0; 0]
        );
    }

    #[test]
    fn test_code_away_from_the_foot_is_found() {
        assert_eq!(
            lines(
                tests_at_the_foot,
                "src/a.rs",
                "#[cfg(test)]\nfn a() {}\nfn b() {}"
            ),
            [1]
        );
        assert_eq!(
            lines(
                tests_at_the_foot,
                "src/a.rs",
                "#[cfg(any(test, unix))]\nuse a;"
            ),
            [1]
        );
        assert_eq!(
            lines(tests_at_the_foot, "src/a.rs", "fn a() { if cfg!(test) {} }"),
            [1]
        );
        assert_eq!(
            lines(
                tests_at_the_foot,
                "src/a.rs",
                "#[cfg(test)]\nmod tests {}\nfn a() {}"
            ),
            [1]
        );
        assert_eq!(
            lines(tests_at_the_foot, "src/a.rs", "#[test]\nfn a() {}"),
            [1]
        );
        assert_eq!(
            lines(
                tests_at_the_foot,
                "src/a.rs",
                "#[cfg(test)]\nmod tests {\n#[cfg(test)] fn b() {}\n}"
            ),
            [3]
        );
        assert_eq!(
            lines(
                tests_at_the_foot,
                "src/a.rs",
                "fn a() {}\n#[cfg(test)]\nmod tests { #[test] fn b() {} }"
            ),
            [0; 0]
        );
    }

    #[test]
    fn a_comment_wider_than_the_limit_is_found() {
        let long = format!("fn a() {{}}\n/// {}", "word ".repeat(40));
        assert_eq!(lines(comment_width, "src/a.rs", &long), [2]);
        assert_eq!(lines(comment_width, "src/a.rs", "/// Short."), [0; 0]);
    }

    #[test]
    fn a_public_type_without_a_doc_comment_is_found() {
        assert_eq!(
            lines(
                public_items_are_documented,
                "src/a.rs",
                "#[derive(Debug)]\npub struct A;"
            ),
            [2]
        );
        let good =
            "/// Means a thing.\n#[derive(Debug)]\npub struct A;\npub(crate) struct B;\nstruct C;";
        assert_eq!(lines(public_items_are_documented, "src/a.rs", good), [0; 0]);
    }

    #[test]
    fn an_unlisted_room_and_an_orphan_file_are_found() {
        let file = |path: &str, text: &str| Source::parse(path, text);
        let lib = file(
            "src/lib.rs",
            "/// Doors.\npub mod http;\npub mod store;\nfn a() {}",
        );
        let tree = [
            lib,
            file("src/http/mod.rs", "mod intake;"),
            file("src/store.rs", ""),
            file("src/agent/mod.rs", ""),
        ];
        let said: Vec<String> = rooms_are_listed(&tree)
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(said.len(), 3, "{said:?}");
        assert!(
            said[0].contains("`agent`") || said[0].contains("agent;"),
            "{said:?}"
        );
        assert!(said[1].contains("`store`"), "{said:?}");
        assert!(said[2].contains("only declares"), "{said:?}");

        let with_files = [
            &tree[..],
            &[file("src/http/intake.rs", ""), file("src/http/lost.rs", "")],
        ]
        .concat();
        let paths: Vec<String> = no_orphans(&with_files)
            .into_iter()
            .map(|offence| offence.path)
            .collect();
        assert_eq!(paths, ["src/agent/mod.rs", "src/http/lost.rs"]);
    }
}
