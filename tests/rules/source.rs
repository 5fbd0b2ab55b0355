//! One Rust file as the rules see it: its path, its text, and its tokens with their lines.

use std::fmt;

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

/// What a rule found, where, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offence {
    pub path: String,
    pub line: usize,
    pub advice: String,
}

impl fmt::Display for Offence {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}: {}", self.path, self.line, self.advice)
    }
}

/// One token of the flat list. Groups are flattened into `Open` and `Close`, `::` is one token, and so are `->` and
/// `=>`, so that a lone `>` always closes an angle bracket in a type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    Ident(String),
    PathSep,
    Arrow,
    Punct(char),
    Literal(String),
    Open(Delimiter),
    Close(Delimiter),
}

#[derive(Debug, Clone)]
pub struct Token {
    pub kind: Kind,
    pub line: usize,
    /// For `Open` the index of its `Close`; for every other token its own index.
    pub close: usize,
}

impl Token {
    pub fn is(&self, ident: &str) -> bool {
        matches!(&self.kind, Kind::Ident(name) if name == ident)
    }

    pub fn ident(&self) -> Option<&str> {
        match &self.kind {
            Kind::Ident(name) => Some(name),
            _ => None,
        }
    }
}

/// A file: path from the package root with forward slashes, text, tokens.
#[derive(Debug, Clone)]
pub struct Source {
    pub path: String,
    pub text: String,
    pub tokens: Vec<Token>,
}

impl Source {
    /// Reads `text` as Rust. A text that no lexer accepts has no tokens and is an offence of [`unreadable`].
    pub fn parse(path: &str, text: &str) -> Self {
        let mut tokens = Vec::new();
        if let Ok(stream) = text.parse::<TokenStream>() {
            flatten(stream, &mut tokens);
        }
        Self {
            path: path.to_owned(),
            text: text.to_owned(),
            tokens,
        }
    }

    pub fn offence(&self, line: usize, advice: impl Into<String>) -> Offence {
        Offence {
            path: self.path.clone(),
            line,
            advice: advice.into(),
        }
    }

    pub fn kind(&self, index: usize) -> Option<&Kind> {
        self.tokens.get(index).map(|token| &token.kind)
    }

    pub fn is(&self, index: usize, ident: &str) -> bool {
        self.tokens.get(index).is_some_and(|token| token.is(ident))
    }

    /// The room that the file belongs to: `src/engine/inbox.rs` and `src/engine.rs` are both `engine`.
    pub fn room(&self) -> &str {
        let inside = self.path.strip_prefix("src/").unwrap_or(&self.path);
        let first = inside.split('/').next().unwrap_or(inside);
        first.strip_suffix(".rs").unwrap_or(first)
    }

    /// The module path of the file below the crate root: `src/engine/mod.rs` is `[engine]`.
    pub fn module(&self) -> Vec<String> {
        let inside = self.path.strip_prefix("src/").unwrap_or(&self.path);
        let stem = inside.strip_suffix(".rs").unwrap_or(inside);
        let mut parts: Vec<String> = stem.split('/').map(str::to_owned).collect();
        let root_file = parts.len() == 1 && matches!(parts[0].as_str(), "lib" | "main");
        if root_file || parts.last().is_some_and(|last| last == "mod") {
            parts.pop();
        }
        parts
    }

    /// Where the foot tests begin: the token index of the first attribute of a closing `mod tests { .. }`, if the file
    /// ends with one, else the number of tokens. Everything before it is the product.
    pub fn foot(&self) -> usize {
        let end = self.tokens.len();
        for at in 0..end {
            let named = self.is(at, "mod") && self.is(at + 1, "tests");
            let body = self
                .tokens
                .get(at + 2)
                .filter(|token| token.kind == Kind::Open(Delimiter::Brace));
            if named && body.is_some_and(|token| token.close + 1 == end) {
                return self.attributes_before(at);
            }
        }
        end
    }

    /// Steps back over the outer attributes (`#[..]`) that stand directly before `index`.
    pub fn attributes_before(&self, index: usize) -> usize {
        let mut start = index;
        while let Some(hash) = self.attribute_ending_at(start) {
            start = hash;
        }
        start
    }

    fn attribute_ending_at(&self, end: usize) -> Option<usize> {
        let close = end.checked_sub(1)?;
        if self.kind(close) != Some(&Kind::Close(Delimiter::Bracket)) {
            return None;
        }
        let open = (0..close)
            .rev()
            .find(|&at| self.tokens[at].close == close)?;
        let hash = open.checked_sub(1)?;
        (self.kind(hash) == Some(&Kind::Punct('#'))).then_some(hash)
    }
}

fn flatten(stream: TokenStream, out: &mut Vec<Token>) {
    let mut trees = stream.into_iter().peekable();
    while let Some(tree) = trees.next() {
        let line = tree.span().start().line;
        match tree {
            TokenTree::Ident(ident) => push(out, Kind::Ident(ident.to_string()), line),
            TokenTree::Literal(literal) => push(out, Kind::Literal(literal.to_string()), line),
            TokenTree::Punct(punct) => {
                let next = match trees.peek() {
                    Some(TokenTree::Punct(next)) if punct.spacing() == Spacing::Joint => {
                        next.as_char()
                    }
                    _ => ' ',
                };
                let joined = match (punct.as_char(), next) {
                    (':', ':') => Some(Kind::PathSep),
                    ('-' | '=', '>') => Some(Kind::Arrow),
                    _ => None,
                };
                if joined.is_some() {
                    trees.next();
                }
                push(out, joined.unwrap_or(Kind::Punct(punct.as_char())), line);
            }
            TokenTree::Group(group) => {
                let open = out.len();
                push(
                    out,
                    Kind::Open(group.delimiter()),
                    group.span_open().start().line,
                );
                flatten(group.stream(), out);
                let close = out.len();
                push(
                    out,
                    Kind::Close(group.delimiter()),
                    group.span_close().end().line,
                );
                out[open].close = close;
            }
        }
    }
}

fn push(out: &mut Vec<Token>, kind: Kind, line: usize) {
    let close = out.len();
    out.push(Token { kind, line, close });
}

/// A file that cannot be read cannot be held to any rule.
pub fn unreadable(source: &Source) -> Vec<Offence> {
    if source.tokens.is_empty()
        && source
            .text
            .lines()
            .any(|line| !line.trim_start().starts_with("//"))
    {
        return vec![source.offence(
            1,
            "cannot be read as Rust; every other rule is blind here until it can",
        )];
    }
    Vec::new()
}

#[test]
fn a_file_that_is_not_rust_is_found() {
    assert_eq!(unreadable(&Source::parse("src/a.rs", "fn a( {")).len(), 1);
    assert!(unreadable(&Source::parse("src/a.rs", "//! Says nothing.\nfn a() {}")).is_empty());
}

#[test]
fn the_foot_begins_at_the_attributes_of_the_last_module() {
    let text = "fn a() {}\n#[cfg(test)]\n#[expect(x, reason = \"y\")]\nmod tests { fn b() {} }";
    let source = Source::parse("src/a.rs", text);
    assert_eq!(source.tokens[source.foot()].line, 2);
    let without = Source::parse("src/a.rs", "mod tests { }\nfn a() {}");
    assert_eq!(without.foot(), without.tokens.len());
}
