//! What the product never calls, and lints that are never switched off in silence.

use proc_macro2::Delimiter;

use crate::source::{Kind, Offence, Source};

/// A value that may be missing is an error to handle, not a crash.
pub fn no_unwrap(source: &Source) -> Vec<Offence> {
    const CALLS: &[&str] = &[
        "unwrap",
        "expect",
        "unwrap_err",
        "expect_err",
        "unwrap_unchecked",
    ];
    let mut found = Vec::new();
    for at in 0..source.foot() {
        let Some(name) = source.tokens[at]
            .ident()
            .filter(|name| CALLS.contains(name))
        else {
            continue;
        };
        let before = at.checked_sub(1).and_then(|index| source.kind(index));
        if matches!(before, Some(Kind::Punct('.') | Kind::PathSep)) {
            found.push(source.offence(
                source.tokens[at].line,
                format!("`{name}` ends the process; return the error, or make the wrong value impossible by type"),
            ));
        }
    }
    found
}

/// No panic on purpose, nothing left unfinished.
pub fn no_panic(source: &Source) -> Vec<Offence> {
    const MACROS: &[&str] = &["panic", "todo", "unimplemented", "dbg"];
    let mut found = Vec::new();
    for at in 0..source.foot() {
        let Some(name) = source.tokens[at]
            .ident()
            .filter(|name| MACROS.contains(name))
        else {
            continue;
        };
        if source.kind(at + 1) == Some(&Kind::Punct('!'))
            && source.kind(at + 2) != Some(&Kind::Punct('='))
        {
            found.push(source.offence(
                source.tokens[at].line,
                format!("`{name}!` has no place in the product; finish it, or return an error"),
            ));
        }
    }
    found
}

/// `#[expect(.., reason = "..")]` says why and complains when it is no longer needed. `#[allow]` does neither.
pub fn no_silent_allow(source: &Source) -> Vec<Offence> {
    let mut found = Vec::new();
    for (at, token) in source.tokens.iter().enumerate() {
        let in_attribute = source.kind(at.wrapping_sub(1)) == Some(&Kind::Open(Delimiter::Bracket));
        let open = at + 1;
        if !in_attribute || source.kind(open) != Some(&Kind::Open(Delimiter::Parenthesis)) {
            continue;
        }
        let reason = (open..source.tokens[open].close).any(|i| source.is(i, "reason"));
        if token.is("allow") {
            found.push(source.offence(
                token.line,
                "write `#[expect(.., reason = \"..\")]` instead of `#[allow(..)]`",
            ));
        } else if token.is("expect") && !reason {
            found.push(source.offence(token.line, "an `#[expect(..)]` says its `reason = \"..\"`"));
        }
    }
    found
}

mod controls {
    use super::*;

    fn lines(rule: fn(&Source) -> Vec<Offence>, text: &str) -> Vec<usize> {
        rule(&Source::parse("src/a.rs", text))
            .iter()
            .map(|offence| offence.line)
            .collect()
    }

    #[test]
    fn an_unwrap_in_the_product_is_found() {
        assert_eq!(
            lines(
                no_unwrap,
                "fn a() { b().unwrap(); }\nfn c() { d().expect(\"e\"); }"
            ),
            [1, 2]
        );
        assert_eq!(lines(no_unwrap, "fn a() { b().map(Option::unwrap); }"), [1]);
        assert_eq!(lines(no_unwrap, "fn a() { b!(c.unwrap()); }"), [1]);
        assert_eq!(
            lines(
                no_unwrap,
                "fn a() { b().unwrap_or(1); \".unwrap()\"; } // .unwrap()"
            ),
            [0; 0]
        );
        assert_eq!(
            lines(
                no_unwrap,
                "#[cfg(test)]\nmod tests { fn a() { b().unwrap(); } }"
            ),
            [0; 0]
        );
    }

    #[test]
    fn a_panic_in_the_product_is_found() {
        for name in ["panic", "todo", "unimplemented", "dbg"] {
            assert_eq!(
                lines(no_panic, &format!("fn a() {{ {name}!(b); }}")),
                [1],
                "{name}"
            );
        }
        assert_eq!(
            lines(
                no_panic,
                "fn a() { std::panic::catch_unwind(b); if panic != c {} }"
            ),
            [0; 0]
        );
    }

    #[test]
    fn a_silent_allow_is_found() {
        assert_eq!(
            lines(no_silent_allow, "#[allow(dead_code)]\nfn a() {}"),
            [1]
        );
        assert_eq!(
            lines(
                no_silent_allow,
                "#![allow(dead_code, reason = \"b\")]\nfn a() {}"
            ),
            [1]
        );
        assert_eq!(
            lines(no_silent_allow, "#[expect(dead_code)]\nfn a() {}"),
            [1]
        );
        assert_eq!(
            lines(
                no_silent_allow,
                "#[expect(dead_code, reason = \"b\")]\nfn a() { allow(c); }"
            ),
            [0; 0]
        );
    }
}
