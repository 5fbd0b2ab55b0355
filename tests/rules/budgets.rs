//! What one reader can hold: lines in a file, lines in a function, parameters of a function.

use std::collections::BTreeSet;

use proc_macro2::Delimiter;

use crate::source::{Kind, Offence, Source};

const FILE_LINES: usize = 400;
const FUNCTION_LINES: usize = 60;
const PARAMETERS: usize = 5;

/// 300 lines are wanted, more than 400 are refused, foot tests included.
pub fn file_lines(source: &Source) -> Vec<Offence> {
    let lines = source.text.lines().count();
    if lines <= FILE_LINES {
        return Vec::new();
    }
    vec![source.offence(
        FILE_LINES + 1,
        format!("{lines} lines; split the file along its subject, or move long tests to `tests/` (300 wanted, {FILE_LINES} refused)"),
    )]
}

/// A function is read in one piece. What counts is the lines of its body that hold code, as in clippy's
/// `too_many_lines`: a comment or a blank line costs nothing.
pub fn function_lines(source: &Source) -> Vec<Offence> {
    let mut found = Vec::new();
    for function in functions(source) {
        let Some(open) = function.body_open else {
            continue;
        };
        let lines = code_lines(source, open);
        if lines > FUNCTION_LINES {
            let advice = format!(
                "`{}` has {lines} lines; name its steps as functions ({FUNCTION_LINES} at most)",
                function.name
            );
            found.push(source.offence(function.line, advice));
        }
    }
    found
}

/// Lines between two braces that hold at least a part of a token; a literal may span several.
fn code_lines(source: &Source, open: usize) -> usize {
    let close = source.tokens[open].close;
    let (first, last) = (source.tokens[open].line, source.tokens[close].line);
    let mut lines = BTreeSet::new();
    for token in &source.tokens[open + 1..close] {
        let more = match &token.kind {
            Kind::Literal(text) => text.matches('\n').count(),
            _ => 0,
        };
        lines.extend(token.line..=token.line + more);
    }
    lines.range(first + 1..last.max(first + 1)).count()
}

/// Five parameters, `self` not counted.
pub fn parameters(source: &Source) -> Vec<Offence> {
    let mut found = Vec::new();
    for function in functions(source) {
        let count = count_parameters(source, function.params_open);
        if count > PARAMETERS {
            found.push(source.offence(
                function.line,
                format!("`{}` takes {count} parameters; give those that belong together a type ({PARAMETERS} at most)", function.name),
            ));
        }
    }
    found
}

struct Function {
    name: String,
    line: usize,
    params_open: usize,
    body_open: Option<usize>,
}

fn functions(source: &Source) -> Vec<Function> {
    let mut found = Vec::new();
    for at in 0..source.tokens.len() {
        let Some(name) = source
            .tokens
            .get(at + 1)
            .and_then(|token| token.ident())
            .filter(|_| source.is(at, "fn"))
        else {
            continue;
        };
        let Some(params_open) = open_of(source, at + 2, Delimiter::Parenthesis) else {
            continue;
        };
        found.push(Function {
            name: name.to_owned(),
            line: source.tokens[at].line,
            params_open,
            body_open: body_open(source, source.tokens[params_open].close + 1),
        });
    }
    found
}

/// The parameter list follows the name directly or after `<..>`, whose bounds may hold parentheses of their own.
fn open_of(source: &Source, from: usize, delimiter: Delimiter) -> Option<usize> {
    let mut angle = 0_usize;
    let mut at = from;
    loop {
        match source.kind(at)? {
            Kind::Punct('<') => angle += 1,
            Kind::Punct('>') => angle = angle.saturating_sub(1),
            Kind::Open(found) if angle == 0 => return (*found == delimiter).then_some(at),
            Kind::Open(_) => at = source.tokens[at].close,
            _ => {}
        }
        at += 1;
    }
}

fn body_open(source: &Source, from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        match source.kind(at)? {
            Kind::Open(Delimiter::Brace) => return Some(at),
            Kind::Punct(';') => return None,
            Kind::Open(_) => at = source.tokens[at].close,
            _ => {}
        }
        at += 1;
    }
}

fn count_parameters(source: &Source, open: usize) -> usize {
    let close = source.tokens[open].close;
    let (mut count, mut angle, mut at) = (0, 0_usize, open + 1);
    let (mut filled, mut is_self) = (false, false);
    while at < close {
        match &source.tokens[at].kind {
            Kind::Punct(',') if angle == 0 => {
                count += usize::from(filled && !is_self);
                (filled, is_self) = (false, false);
            }
            Kind::Punct('<') => angle += 1,
            Kind::Punct('>') => angle = angle.saturating_sub(1),
            Kind::Open(_) => {
                filled = true;
                at = source.tokens[at].close;
            }
            Kind::Ident(name) => {
                is_self |= name == "self" && source.kind(at + 1) != Some(&Kind::PathSep);
                filled = true;
            }
            _ => {}
        }
        at += 1;
    }
    count + usize::from(filled && !is_self)
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
    fn a_file_over_its_budget_is_found() {
        assert_eq!(
            lines(file_lines, &"\n".repeat(FILE_LINES + 1)),
            [FILE_LINES + 1]
        );
        assert_eq!(lines(file_lines, &"\n".repeat(FILE_LINES)), [0; 0]);
    }

    #[test]
    fn a_function_over_its_budget_is_found() {
        let function = |inner: usize| {
            format!(
                "struct A;\nimpl A {{\n    fn a<F: Fn(u8) -> u8>(f: F) -> [u8; 2] where F: Send {{\n{}    }}\n}}",
                "        b();\n".repeat(inner)
            )
        };
        assert_eq!(lines(function_lines, &function(FUNCTION_LINES + 1)), [3]);
        assert_eq!(lines(function_lines, &function(FUNCTION_LINES)), [0; 0]);

        let commented = format!(
            "fn a() {{\n{}b();\n}}",
            "// Why.\n\n".repeat(FUNCTION_LINES)
        );
        assert_eq!(lines(function_lines, &commented), [0; 0]);
        let literal = format!("fn a() {{\nb(\"{}\");\n}}", "x\n".repeat(FUNCTION_LINES));
        assert_eq!(lines(function_lines, &literal), [1]);
    }

    #[test]
    fn a_sixth_parameter_is_found() {
        assert_eq!(
            lines(
                parameters,
                "fn a(a: u8, b: u8, c: u8, d: u8, e: u8, f: u8) {}"
            ),
            [1]
        );
        assert_eq!(
            lines(
                parameters,
                "trait T { fn a(&self, a: u8, b: u8, c: u8, d: u8, e: u8, (f, g): (u8, u8),); }"
            ),
            [1]
        );
        assert_eq!(
            lines(
                parameters,
                "fn a(&'a mut self, a: u8, b: u8, c: u8, d: u8, e: HashMap<u8, fn(u8, u8) -> u8>,) {}"
            ),
            [0; 0]
        );
        assert_eq!(
            lines(
                parameters,
                "fn a<A: Fn(u8, u8, u8, u8, u8, u8) -> u8>(a: A) {}"
            ),
            [0; 0]
        );
    }
}
