//! Names that say nothing, and the shapes of names that this code base does not use.

use proc_macro2::Delimiter;

use crate::source::{Kind, Offence, Source};

const EMPTY_WORDS: &[&str] = &[
    "Manager",
    "Service",
    "Helper",
    "Helpers",
    "Util",
    "Utils",
    "Data",
    "Info",
    "Handler",
    "Processor",
    "Impl",
];
const EMPTY_FILES: &[&str] = &[
    "util", "utils", "helper", "helpers", "common", "misc", "manager", "service", "types",
];

/// A type is named after what it is.
pub fn type_names(source: &Source) -> Vec<Offence> {
    const ITEMS: &[&str] = &["struct", "enum", "trait", "union", "type"];
    let mut found = Vec::new();
    for at in 0..source.tokens.len() {
        let declares = source.tokens[at]
            .ident()
            .is_some_and(|word| ITEMS.contains(&word));
        let Some(name) = source
            .tokens
            .get(at + 1)
            .and_then(|token| token.ident())
            .filter(|_| declares)
        else {
            continue;
        };
        if let Some(word) = EMPTY_WORDS.iter().find(|word| name.ends_with(**word)) {
            found.push(source.offence(
                source.tokens[at].line,
                format!(
                    "`{name}`: `{word}` says nothing; use the word of the field for what it is"
                ),
            ));
        }
    }
    let stem = source.module().pop().unwrap_or_default();
    if EMPTY_FILES.contains(&stem.as_str()) {
        found.push(source.offence(
            1,
            format!("a file called `{stem}` collects whatever comes by; name it after its subject"),
        ));
    }
    found
}

/// No `get_x` (say `x`), no `new_x` (say where it comes from), no `x2` (say what differs).
pub fn function_names(source: &Source) -> Vec<Offence> {
    let mut found = Vec::new();
    let foreign = foreign_impls(source);
    for at in 0..source.tokens.len() {
        let Some(name) = source
            .tokens
            .get(at + 1)
            .and_then(|token| token.ident())
            .filter(|_| source.is(at, "fn"))
        else {
            continue;
        };
        if foreign
            .iter()
            .any(|(open, close)| (open..close).contains(&&at))
        {
            continue;
        }
        let stem = name.strip_suffix('2').unwrap_or("");
        let numbered = !stem.ends_with('v')
            && stem.ends_with(|last: char| last.is_ascii_lowercase() || last == '_');
        let advice = if name.starts_with("get_") {
            "a reader needs no `get_`; name what comes back"
        } else if name.starts_with("new_") {
            "say where it comes from (`from_..`, `of_..`, `open`, `parse`) instead of `new_..`"
        } else if numbered {
            "say what differs instead of a number"
        } else {
            continue;
        };
        found.push(source.offence(source.tokens[at].line, format!("`{name}`: {advice}")));
    }
    found
}

/// A test is a sentence about behaviour, so that a failed run reads as a list of what is no longer true.
pub fn test_names(source: &Source) -> Vec<Offence> {
    let mut found = Vec::new();
    for at in 0..source.tokens.len() {
        let attribute = source.kind(at.wrapping_sub(1)) == Some(&Kind::Open(Delimiter::Bracket))
            || source.is(at.wrapping_sub(2), "tokio");
        if !source.is(at, "test") || !attribute {
            continue;
        }
        let Some(item) = (at..source.tokens.len().min(at + 60)).find(|&i| source.is(i, "fn"))
        else {
            continue;
        };
        let Some(name) = source.tokens.get(item + 1).and_then(|token| token.ident()) else {
            continue;
        };
        let words = name.split('_').filter(|word| !word.is_empty()).count();
        if words < 3 || name.starts_with("test_that") {
            found.push(source.offence(
                source.tokens[item].line,
                format!("`{name}`: name the test as a sentence that is true when it passes"),
            ));
        }
    }
    found
}

/// The bodies of `impl Trait for Type`: the trait chose those names.
fn foreign_impls(source: &Source) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for at in 0..source.tokens.len() {
        if !source.is(at, "impl") {
            continue;
        }
        let ends = |i: &usize| {
            matches!(
                source.kind(*i),
                Some(Kind::Open(Delimiter::Brace | Delimiter::Parenthesis) | Kind::Punct(';'))
            )
        };
        let Some(open) = (at..source.tokens.len()).find(ends) else {
            continue;
        };
        let names_a_trait = (at..open)
            .any(|i| source.is(i, "for") && source.kind(i + 1) != Some(&Kind::Punct('<')));
        if names_a_trait && source.kind(open) == Some(&Kind::Open(Delimiter::Brace)) {
            found.push((open, source.tokens[open].close));
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
    fn an_empty_word_in_a_type_name_is_found() {
        assert_eq!(
            lines(
                type_names,
                "src/a.rs",
                "struct CaseManager;\nenum CardInfo {}\ntrait Service {}"
            ),
            [1, 2, 3]
        );
        assert_eq!(lines(type_names, "src/a/util.rs", ""), [1]);
        assert_eq!(
            lines(type_names, "src/a.rs", "struct Case; // CaseManager"),
            [0; 0]
        );
    }

    #[test]
    fn a_forbidden_function_name_is_found() {
        assert_eq!(
            lines(
                function_names,
                "src/a.rs",
                "fn get_case() {}\nfn new_case() {}\nfn parse2() {}"
            ),
            [1, 2, 3]
        );
        let good = "fn new() {}\nfn sha256() {}\nfn now_v2() {}\nfn newest() {}\nimpl Other for A { fn get_case(&self) {} }";
        assert_eq!(lines(function_names, "src/a.rs", good), [0; 0]);
        assert_eq!(
            lines(
                function_names,
                "src/a.rs",
                "impl A { fn get_case(&self) {} }"
            ),
            [1]
        );
    }

    #[test]
    fn a_test_that_is_no_sentence_is_found() {
        assert_eq!(
            lines(
                test_names,
                "src/a.rs",
                "#[test]\nfn works() {}\n#[tokio::test]\nasync fn test_that_it_works() {}"
            ),
            [2, 4]
        );
        assert_eq!(
            lines(
                test_names,
                "src/a.rs",
                "#[test]\nfn a_late_click_changes_nothing() {}"
            ),
            [0; 0]
        );
    }
}
