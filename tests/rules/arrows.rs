//! The arrows between rooms, and the tricks that would hide one.

use proc_macro2::Delimiter;

use crate::{
    paths::{paths, resolve},
    source::{Kind, Offence, Source},
};

/// Which rooms a room may name. Changing this table is a decision: do it in a commit of its own that says why, together
/// with `ARCHITECTURE.md`.
const ARROWS: &[(&str, &[&str])] = &[
    ("lib", &[]),
    ("main", &["app", "cli"]),
    ("domain", &[]),
    ("ports", &["domain"]),
    ("store", &["domain"]),
    ("proof", &["domain"]),
    ("agent", &["domain"]),
    (
        "engine",
        &["domain", "ports", "store", "agent", "proof", "telemetry"],
    ),
    ("adapters", &["domain", "ports"]),
    ("slack", &["domain", "ports", "store", "telemetry"]),
    ("http", &["domain", "ports", "store", "slack", "telemetry"]),
    ("config", &["domain", "adapters"]),
    ("telemetry", &[]),
    ("sandbox", &[]),
    ("cli", EVERYTHING),
    ("app", EVERYTHING),
];

const EVERYTHING: &[&str] = &["*"];

/// Every mention of another room must be an arrow of the table.
pub fn arrows(source: &Source) -> Vec<Offence> {
    let room = source.room();
    let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == room) else {
        return vec![source.offence(
            1,
            format!("the room `{room}` is not in the table of arrows; give it a line in tests/rules/arrows.rs and in ARCHITECTURE.md"),
        )];
    };
    let mut found = Vec::new();
    for named in paths(source) {
        let Some(rest) = resolve(&named, room) else {
            continue;
        };
        match rest.first().map(String::as_str) {
            None | Some("*" | "self") => found.push(source.offence(
                named.line,
                "names the crate root as a whole, which hides which room is meant; name the room",
            )),
            Some(target) if target == room || *allowed == EVERYTHING || allowed.contains(&target) => {}
            Some(target) => found.push(source.offence(
                named.line,
                format!(
                    "`{room}` may not know `{target}` (it may name: {}); pass what is needed in as a value or a port, or move the code to a room that may",
                    if allowed.is_empty() { "no other room".to_owned() } else { allowed.join(", ") }
                ),
            )),
        }
    }
    found.dedup();
    found
}

/// Tricks that would hide an arrow from the rule above.
pub fn hidden_paths(source: &Source) -> Vec<Offence> {
    let mut found = Vec::new();
    for (at, token) in source.tokens.iter().enumerate() {
        let attribute = source.kind(at.wrapping_sub(1)) == Some(&Kind::Open(Delimiter::Bracket));
        let macro_call = source.kind(at + 1) == Some(&Kind::Punct('!'));
        if token.is("path") && attribute && source.kind(at + 1) == Some(&Kind::Punct('=')) {
            found.push(source.offence(
                token.line,
                "`#[path]` hides where a module lives; put the file where its name says",
            ));
        } else if token.is("include") && macro_call {
            found.push(source.offence(
                token.line,
                "`include!` hides code from the rules; make it a module",
            ));
        } else if token.is("extern") && source.is(at + 1, "crate") {
            found.push(source.offence(
                token.line,
                "`extern crate` can rename a crate; name the crate by its path",
            ));
        }
    }
    found
}

/// `ARCHITECTURE.md` shows the table of this file: a row for each room, with the rooms that it may name.
pub fn shown(page: &str) -> Vec<Offence> {
    let mut found = Vec::new();
    for (room, allowed) in ARROWS.iter().filter(|(room, _)| *room != "lib") {
        let cell = match *allowed {
            [] => "nothing".to_owned(),
            EVERYTHING => "everything".to_owned(),
            rooms => {
                let named: Vec<String> = rooms.iter().map(|room| format!("`{room}`")).collect();
                named.join(", ")
            }
        };
        let begins = format!("| `{room}` |");
        let row = page
            .lines()
            .enumerate()
            .find(|(_, line)| line.starts_with(&begins));
        let line = match row {
            Some((_, row)) if row.ends_with(&format!("| {cell} |")) => continue,
            Some((at, _)) => at + 1,
            None => 1,
        };
        found.push(Offence {
            path: "ARCHITECTURE.md".to_owned(),
            line,
            advice: format!(
                "the row of `{room}` must end with `| {cell} |`, as tests/rules/arrows.rs has it"
            ),
        });
    }
    found
}

mod controls {
    use super::*;

    #[test]
    fn a_row_that_is_missing_or_out_of_date_is_found() {
        let offences = |page: &str| shown(page).len();
        let none = offences("");
        assert!(none > 10);
        assert_eq!(
            offences("| `ports` | traits | `domain` |\n| `cli` | x | everything |"),
            none - 2
        );
        assert_eq!(
            offences("| `ports` | traits | `domain`, `store` |\n| `domain` | core | nothing |"),
            none - 1
        );
    }

    fn lines(rule: fn(&Source) -> Vec<Offence>, path: &str, text: &str) -> Vec<usize> {
        rule(&Source::parse(path, text))
            .iter()
            .map(|offence| offence.line)
            .collect()
    }

    #[test]
    fn a_forbidden_arrow_is_found_however_it_is_written() {
        for text in [
            "use crate::store::Store;",
            "use crate::{domain::Id, store};",
            "use crate::{domain::{Id, Case}, store::{Store, Row}};",
            "use {crate::domain::Id, crate::store::Store};",
            "fn a() -> crate::store::Store { b() }",
            "fn a() { assert!(crate::store::ready()); }",
            "use super::store::Store;",
            "use super::{store::Store};",
            "mod inner { use super::super::store::Store; }",
            "mod inner { use super::{super::store::Store}; }",
            "use self::super::store as s;",
            "pub(in crate::store) fn a() {}",
        ] {
            assert_eq!(lines(arrows, "src/agent/mod.rs", text), [1], "{text}");
        }
        assert_eq!(
            lines(
                arrows,
                "src/agent/deep/leaf.rs",
                "\nuse super::super::super::store::X;"
            ),
            [2]
        );
    }

    #[test]
    fn naming_the_crate_root_as_a_whole_is_found() {
        for text in [
            "use crate::*;",
            "use crate as root;",
            "use crate::{self as root};",
            "use super::*;",
        ] {
            assert_eq!(lines(arrows, "src/agent.rs", text), [1], "{text}");
        }
    }

    #[test]
    fn an_arrow_of_the_table_passes() {
        let text = "use crate::domain::{Id, Case};\nuse super::prompt::Prompt;\npub(crate) fn a(&self) { self::b(); }\nmod tests { use super::*; }";
        assert_eq!(lines(arrows, "src/agent/draft.rs", text), [0; 0]);
        assert_eq!(
            lines(arrows, "src/main.rs", "use countersign::app;"),
            [0; 0]
        );
        assert_eq!(lines(arrows, "src/main.rs", "use countersign::store;"), [1]);
        assert_eq!(lines(arrows, "src/nowhere/mod.rs", ""), [1]);
    }

    #[test]
    fn a_hidden_module_is_found() {
        for text in [
            "#[path = \"x.rs\"] mod x;",
            "include!(\"x.rs\");",
            "extern crate self as us;",
        ] {
            assert_eq!(lines(hidden_paths, "src/agent/mod.rs", text), [1], "{text}");
        }
        assert_eq!(
            lines(
                hidden_paths,
                "src/agent/mod.rs",
                "const A: &str = include_str!(\"a\");"
            ),
            [0; 0]
        );
    }
}
