//! The paths that a file names: every `use`, and every path that begins at the crate, at `self` or at `super`.

use proc_macro2::Delimiter;

use crate::source::{Kind, Source};

/// A path that a file names, from its first segment, with the line it stands on and the module it is named in.
pub struct Named {
    pub segments: Vec<String>,
    pub line: usize,
    pub module: Vec<String>,
}

/// Whether the token is a later segment of a path, as `sqlx` is in `crate::store::sqlx`.
pub fn follows_a_segment(source: &Source, at: usize) -> bool {
    let before = |steps: usize| at.checked_sub(steps).and_then(|index| source.kind(index));
    before(1) == Some(&Kind::PathSep)
        && matches!(before(2), Some(Kind::Ident(_) | Kind::Punct('>')))
}

/// All paths that begin at a crate, `self` or `super`, and all of every `use`.
pub fn paths(source: &Source) -> Vec<Named> {
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
pub fn resolve(named: &Named, room: &str) -> Option<Vec<String>> {
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
