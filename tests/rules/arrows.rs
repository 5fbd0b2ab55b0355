//! The arrows between rooms, and the vendor crates that one room owns.

use proc_macro2::Delimiter;

use crate::source::{Kind, Offence, Source};

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
    ("engine", &["domain", "ports", "store", "agent", "proof"]),
    ("adapters", &["domain", "ports"]),
    ("slack", &["domain", "ports", "store"]),
    ("http", &["domain", "store", "slack"]),
    ("config", &["domain", "adapters"]),
    ("telemetry", &[]),
    ("sandbox", &[]),
    ("cli", EVERYTHING),
    ("app", EVERYTHING),
];

const EVERYTHING: &[&str] = &["*"];

/// Crates that belong to some rooms, so that a change of vendor or version is a change of those rooms.
const VENDORS: &[(&str, &[&str])] = &[
    ("sqlx", &["store"]),
    ("slack_morphism", &["slack"]),
    ("axum", &["http", "sandbox"]),
    ("reqwest", &["adapters", "slack", "sandbox"]),
    ("clap", &["main", "cli"]),
    ("anyhow", &["main", "app", "cli"]),
];

/// A path that a file names, from its first segment, with the line it stands on and the module it is named in.
struct Named {
    segments: Vec<String>,
    line: usize,
    module: Vec<String>,
}

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

/// A vendor crate is named only in the rooms that own it.
pub fn vendors(source: &Source) -> Vec<Offence> {
    let room = source.room();
    let mut found = Vec::new();
    for (at, token) in source.tokens.iter().enumerate() {
        let Some((vendor, owners)) = VENDORS.iter().find(|(vendor, _)| token.is(vendor)) else {
            continue;
        };
        let path_head =
            source.kind(at + 1) == Some(&Kind::PathSep) && !follows_a_segment(source, at);
        let whole = source.is(at.wrapping_sub(1), "use");
        if (path_head || whole) && !owners.contains(&room) {
            found.push(source.offence(
                token.line,
                format!(
                    "`{vendor}` belongs to {}; wrap what is needed there in a type of ours",
                    owners.join(", ")
                ),
            ));
        }
    }
    found
}

/// The domain is pure: no async, no runtime, no untyped JSON in what it offers.
pub fn domain_is_pure(source: &Source) -> Vec<Offence> {
    const IMPURE: &[&str] = &[
        "tokio",
        "async_trait",
        "futures_util",
        "hyper",
        "hyper_util",
        "tracing",
    ];
    if source.room() != "domain" {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (at, token) in source.tokens.iter().enumerate() {
        if token.is("async") || token.is("await") {
            found.push(source.offence(
                token.line,
                "the domain waits for nothing; do the waiting in `engine` and pass the result in",
            ));
        }
        let path_head =
            source.kind(at + 1) == Some(&Kind::PathSep) || source.is(at.wrapping_sub(1), "use");
        if path_head && token.ident().is_some_and(|name| IMPURE.contains(&name)) {
            found.push(source.offence(token.line, "the domain does no input, output or logging; return a value that says what happened"));
        }
    }
    found.extend(untyped_signatures(source));
    found
}

fn untyped_signatures(source: &Source) -> Vec<Offence> {
    let mut found = Vec::new();
    let imports_value = paths(source)
        .iter()
        .any(|named| named.segments == ["serde_json", "Value"]);
    for at in 0..source.tokens.len() {
        let public = source.is(at, "pub");
        let is_fn = (at + 1..at + 8)
            .take_while(|&i| !is_item_end(source, i))
            .find(|&i| source.is(i, "fn"));
        let Some(start) = is_fn.filter(|_| public) else {
            continue;
        };
        let end = (start..source.tokens.len())
            .find(|&i| is_item_end(source, i))
            .unwrap_or(start);
        for i in start..end {
            let qualified = source.is(i.wrapping_sub(2), "serde_json");
            if source.is(i, "Value") && (imports_value || qualified) {
                found.push(source.offence(
                    source.tokens[i].line,
                    "a public signature of the domain says what it takes; give the JSON a type",
                ));
            }
        }
    }
    found
}

fn is_item_end(source: &Source, at: usize) -> bool {
    matches!(
        source.kind(at),
        None | Some(Kind::Open(Delimiter::Brace) | Kind::Punct(';'))
    )
}

fn follows_a_segment(source: &Source, at: usize) -> bool {
    let before = |steps: usize| at.checked_sub(steps).and_then(|index| source.kind(index));
    before(1) == Some(&Kind::PathSep)
        && matches!(before(2), Some(Kind::Ident(_) | Kind::Punct('>')))
}

/// All paths that begin at a crate, `self` or `super`, and all of every `use`.
fn paths(source: &Source) -> Vec<Named> {
    let mut found = Vec::new();
    let mut open_modules: Vec<(String, usize)> = Vec::new();
    let mut skip_until = 0;
    for at in 0..source.tokens.len() {
        open_modules.retain(|(_, close)| at <= *close);
        if let (true, Some(name), Some(Kind::Open(Delimiter::Brace))) = (
            source.is(at, "mod"),
            source.tokens.get(at + 1).and_then(|token| token.ident()),
            source.kind(at + 2),
        ) {
            open_modules.push((name.to_owned(), source.tokens[at + 2].close));
        }
        if at < skip_until {
            continue;
        }
        let mut module = source.module();
        module.extend(open_modules.iter().map(|(name, _)| name.clone()));
        let before = found.len();
        if source.is(at, "use") {
            skip_until = use_tree(source, at + 1, &[], &mut found);
        } else if starts_a_path(source, at) {
            skip_until = use_tree(source, at, &[], &mut found);
        }
        for named in &mut found[before..] {
            named.module.clone_from(&module);
        }
    }
    found
}

fn starts_a_path(source: &Source, at: usize) -> bool {
    let head = ["crate", "super", "self", "countersign"]
        .iter()
        .any(|name| source.is(at, name));
    head && source.kind(at + 1) == Some(&Kind::PathSep) && !follows_a_segment(source, at)
}

/// Walks `a::b::{c, d as e, f::*}` from `at` and returns where it ends.
fn use_tree(source: &Source, at: usize, prefix: &[String], out: &mut Vec<Named>) -> usize {
    let mut segments = prefix.to_vec();
    let mut at = if source.kind(at) == Some(&Kind::PathSep) {
        at + 1
    } else {
        at
    };
    let line = source.tokens.get(at).map_or(0, |token| token.line);
    loop {
        match source.kind(at) {
            Some(Kind::Ident(name)) => segments.push(name.clone()),
            Some(Kind::Punct('*')) => segments.push("*".to_owned()),
            Some(Kind::Open(Delimiter::Brace)) => {
                let close = source.tokens[at].close;
                let mut entry = at + 1;
                while entry < close {
                    let next = use_tree(source, entry, &segments, out).max(entry + 1);
                    entry = (next..close)
                        .find(|&i| source.kind(i) == Some(&Kind::Punct(',')))
                        .map_or(close, |i| i + 1);
                }
                return close + 1;
            }
            _ => {}
        }
        if source.kind(at + 1) != Some(&Kind::PathSep) {
            out.push(Named {
                segments,
                line,
                module: Vec::new(),
            });
            return at + 1;
        }
        at += 2;
    }
}

/// The path below the crate root, or nothing where it leads to another crate.
fn resolve(named: &Named, room: &str) -> Option<Vec<String>> {
    let mut at = match named.segments.first()?.as_str() {
        "crate" => Vec::new(),
        "countersign" if room == "main" => Vec::new(),
        "super" | "self" => named.module.clone(),
        _ => return None,
    };
    let head_is_root = !matches!(named.segments[0].as_str(), "super" | "self");
    for segment in named.segments.iter().skip(usize::from(head_is_root)) {
        match segment.as_str() {
            "super" => {
                at.pop();
            }
            "self" if !at.is_empty() => {}
            other => at.push(other.to_owned()),
        }
    }
    Some(at)
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
        assert_eq!(lines(arrows, "src/agent/mod.rs", text), [0; 0]);
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

    #[test]
    fn a_vendor_outside_its_room_is_found() {
        for text in [
            "use sqlx::Row;",
            "use ::sqlx;",
            "use {std::fmt, sqlx::Row};",
            "#[derive(sqlx::FromRow)] struct A;",
        ] {
            assert_eq!(lines(vendors, "src/engine/mod.rs", text), [1], "{text}");
            assert_eq!(lines(vendors, "src/store/mod.rs", text), [0; 0], "{text}");
        }
        assert_eq!(
            lines(
                vendors,
                "src/engine/mod.rs",
                "use crate::store::sqlx::A; // sqlx::Row"
            ),
            [0; 0]
        );
    }

    #[test]
    fn an_impure_domain_is_found() {
        for text in [
            "async fn a() {}",
            "use tokio::time;",
            "pub fn a(v: &serde_json::Value) {}",
            "use serde_json::Value; pub fn a() -> Value { b() }",
        ] {
            assert_eq!(
                lines(domain_is_pure, "src/domain/a.rs", text),
                [1],
                "{text}"
            );
        }
        assert_eq!(
            lines(
                domain_is_pure,
                "src/domain/a.rs",
                "fn a() { let v: serde_json::Value = b(); }"
            ),
            [0; 0]
        );
        assert_eq!(
            lines(domain_is_pure, "src/engine/a.rs", "async fn a() {}"),
            [0; 0]
        );
    }
}
