//! The vendor crates that one room owns, and the purity of the domain.

use proc_macro2::Delimiter;

use crate::{
    paths::{follows_a_segment, paths},
    source::{Kind, Offence, Source},
};

/// Crates that belong to some rooms, so that a change of vendor or version is a change of those rooms.
const VENDORS: &[(&str, &[&str])] = &[
    ("sqlx", &["store"]),
    ("slack_morphism", &["slack"]),
    ("axum", &["http", "sandbox"]),
    ("reqwest", &["adapters", "slack", "sandbox", "telemetry"]),
    ("prometheus_client", &["telemetry"]),
    ("clap", &["main", "cli"]),
    ("anyhow", &["main", "app", "cli"]),
];

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
        let global = source.kind(at.wrapping_sub(1)) == Some(&Kind::PathSep);
        let whole = source.is(at.wrapping_sub(1), "use")
            || (global && source.is(at.wrapping_sub(2), "use"));
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

mod controls {
    use super::*;

    fn lines(rule: fn(&Source) -> Vec<Offence>, path: &str, text: &str) -> Vec<usize> {
        rule(&Source::parse(path, text))
            .iter()
            .map(|offence| offence.line)
            .collect()
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
