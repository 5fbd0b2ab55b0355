//! Reads typed values from a spanned document and collects every problem on the way.

use std::cell::RefCell;
use std::collections::HashMap;

use super::forms::{Form, SCHEMA};
use super::json::{self, Entry, Node, Shape, Spot};
use super::problem::{Problem, did_you_mean};

/// One file being read. Reading goes on after a problem, so that all of them are told in one run.
pub struct Sheet {
    file: String,
    problems: RefCell<Vec<Problem>>,
    /// Where values stand that are not JSON. Nothing more is told of them.
    wrong: Vec<Spot>,
}

/// The members of one object.
pub struct Fields<'a> {
    sheet: &'a Sheet,
    at: Spot,
    entries: &'a [Entry],
}

impl Sheet {
    /// Parses a text. The tree is absent when the text does not fit together as JSON; each problem is noted.
    #[must_use]
    pub fn open(file: &str, text: &str) -> (Self, Option<Node>) {
        let (node, faults) = json::read(text);
        let wrong = faults.iter().map(|fault| fault.at).collect();
        let faults = faults
            .into_iter()
            .map(|fault| Problem::of_fault(file, fault));
        let sheet = Self {
            file: file.to_owned(),
            problems: RefCell::new(faults.collect()),
            wrong,
        };
        if let Some(node) = &node {
            sheet.refuse_repeats(node);
        }
        (sheet, node)
    }

    /// The name of the file.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }

    /// All problems that were noted.
    #[must_use]
    pub fn into_problems(self) -> Vec<Problem> {
        self.problems.into_inner()
    }

    /// Notes a problem.
    pub fn note(&self, at: Spot, message: impl Into<String>, fix: impl Into<String>) {
        if self.wrong.contains(&at) {
            return;
        }
        self.problems
            .borrow_mut()
            .push(Problem::at(&self.file, at, message, fix));
    }

    /// Notes a problem where a value was wanted.
    pub fn refuse<T>(
        &self,
        at: Spot,
        message: impl Into<String>,
        fix: impl Into<String>,
    ) -> Option<T> {
        self.note(at, message, fix);
        None
    }

    fn refuse_repeats(&self, node: &Node) {
        match &node.shape {
            Shape::Object(entries) => {
                let mut seen = HashMap::with_capacity(entries.len());
                for entry in entries {
                    let first = *seen.entry(&entry.key).or_insert(entry.key_at);
                    if first != entry.key_at {
                        let message = format!(
                            "`{}` stands here a second time (first on line {})",
                            entry.key, first.line
                        );
                        self.note(entry.key_at, message, "each name once");
                    }
                    self.refuse_repeats(&entry.value);
                }
            }
            Shape::List(items) => items.iter().for_each(|item| self.refuse_repeats(item)),
            _ => {}
        }
    }

    /// An object whose names are all among `known`.
    #[must_use]
    pub fn object<'a>(&'a self, node: &'a Node, known: &[&str]) -> Option<Fields<'a>> {
        let fields = self.map(node)?;
        for entry in fields
            .entries
            .iter()
            .filter(|e| !known.contains(&e.key.as_str()))
        {
            self.note(
                entry.key_at,
                format!("`{}` is unknown here", entry.key),
                did_you_mean(&entry.key, known),
            );
        }
        Some(fields)
    }

    /// An object of a form: its names are those of the form.
    #[must_use]
    pub fn form<'a>(&'a self, node: &'a Node, form: &Form) -> Option<Fields<'a>> {
        self.object(node, &form.names())
    }

    /// An object whose names are open.
    #[must_use]
    pub fn map<'a>(&'a self, node: &'a Node) -> Option<Fields<'a>> {
        match &node.shape {
            Shape::Object(entries) => Some(Fields {
                sheet: self,
                at: node.at,
                entries,
            }),
            other => self.refuse(
                node.at,
                format!("this is {}", name_of(other)),
                "an object in braces",
            ),
        }
    }

    /// A list, which may be empty.
    #[must_use]
    pub fn list<'a>(&self, node: &'a Node) -> Option<&'a [Node]> {
        match &node.shape {
            Shape::List(items) => Some(items),
            other => self.refuse(
                node.at,
                format!("this is {}", name_of(other)),
                "a list in brackets",
            ),
        }
    }

    /// A list of at least one item. `of` says of what.
    #[must_use]
    pub fn some_of<'a>(&self, node: &'a Node, of: &str) -> Option<&'a [Node]> {
        match self.list(node)? {
            [] => self.refuse(
                node.at,
                "the list is empty",
                format!("at least one {of}, or leave the whole entry out"),
            ),
            items => Some(items),
        }
    }

    /// A list in which each item is read and none repeats.
    #[must_use]
    pub fn each<T: PartialEq>(
        &self,
        items: &[Node],
        mut read: impl FnMut(&Node) -> Option<T>,
    ) -> Vec<T> {
        let mut values = Vec::with_capacity(items.len());
        for item in items {
            let Some(value) = read(item) else { continue };
            if values.contains(&value) {
                self.note(item.at, "this item stands in the list twice", "it once");
            } else {
                values.push(value);
            }
        }
        values
    }

    /// A text: not empty, at most 200 characters, without control characters and outer blanks.
    #[must_use]
    pub fn text<'a>(&self, node: &'a Node) -> Option<&'a str> {
        match &node.shape {
            Shape::Text(text) if text.trim().is_empty() => self.refuse(
                node.at,
                "the text is empty",
                "at least one visible character",
            ),
            Shape::Text(text) if text.trim() != text => self.refuse(
                node.at,
                "the text has blanks at its ends",
                format!("`{}`", text.trim()),
            ),
            Shape::Text(text) if text.chars().any(char::is_control) => self.refuse(
                node.at,
                "the text has control characters",
                "plain characters",
            ),
            Shape::Text(text) if text.chars().count() > 200 => {
                self.refuse(node.at, "the text is too long", "at most 200 characters")
            }
            Shape::Text(text) => Some(text),
            other => self.refuse(
                node.at,
                format!("this is {}", name_of(other)),
                "text in double quotes",
            ),
        }
    }

    /// `true` or `false`.
    #[must_use]
    pub fn truth(&self, node: &Node) -> Option<bool> {
        match &node.shape {
            Shape::Truth(truth) => Some(*truth),
            other => self.refuse(
                node.at,
                format!("this is {}", name_of(other)),
                "`true` or `false`",
            ),
        }
    }

    /// The number as it was written.
    #[must_use]
    pub fn decimal<'a>(&self, node: &'a Node) -> Option<&'a str> {
        match &node.shape {
            Shape::Number(text) => Some(text),
            other => self.refuse(
                node.at,
                format!("this is {}", name_of(other)),
                "a number without quotes",
            ),
        }
    }

    /// A whole number within bounds.
    #[must_use]
    pub fn whole(&self, node: &Node, bounds: std::ops::RangeInclusive<i64>) -> Option<i64> {
        let text = self.decimal(node)?;
        let (low, high) = (bounds.start(), bounds.end());
        match text.parse::<i64>() {
            Ok(number) if bounds.contains(&number) => Some(number),
            Ok(number) if number < *low => self.refuse(
                node.at,
                format!("{number} is too small"),
                format!("a whole number from {low} to {high}"),
            ),
            Ok(number) => self.refuse(
                node.at,
                format!("{number} is too large"),
                format!("a whole number from {low} to {high}"),
            ),
            Err(_) => self.refuse(
                node.at,
                format!("{text} is not a whole number"),
                format!("a whole number from {low} to {high}"),
            ),
        }
    }

    /// A word of a closed set, of which `what` says what the set is.
    #[must_use]
    pub fn word<T: Copy>(
        &self,
        node: &Node,
        what: &str,
        all: &[T],
        word: fn(T) -> &'static str,
    ) -> Option<T> {
        let text = self.text(node)?;
        let found = all.iter().copied().find(|member| word(*member) == text);
        if found.is_none() {
            let known: Vec<&str> = all.iter().map(|member| word(*member)).collect();
            self.note(
                node.at,
                format!("`{text}` is not {what}"),
                did_you_mean(text, &known),
            );
        }
        found
    }
}

impl<'a> Fields<'a> {
    /// Where the object begins.
    #[must_use]
    pub const fn at(&self) -> Spot {
        self.at
    }

    /// The file that it stands in.
    #[must_use]
    pub const fn sheet(&self) -> &'a Sheet {
        self.sheet
    }

    /// All members, in the order of the document.
    #[must_use]
    pub const fn entries(&self) -> &'a [Entry] {
        self.entries
    }

    /// The member of that name.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&'a Entry> {
        self.entries.iter().find(|e| e.key == key)
    }

    /// The value of a member that may be left out.
    #[must_use]
    pub fn optional(&self, key: &str) -> Option<&'a Node> {
        self.entry(key).map(|e| &e.value)
    }

    /// Reads what says where the schema is. It means nothing here, and is text.
    pub fn layout(&self) {
        let _ = self.optional(SCHEMA).and_then(|n| self.sheet.text(n));
    }

    /// The value of a member that must be there.
    #[must_use]
    pub fn required(&self, key: &str) -> Option<&'a Node> {
        let found = self.optional(key);
        if found.is_none() {
            self.sheet.note(
                self.at,
                format!("`{key}` is missing"),
                format!("`\"{key}\": ...` in this object"),
            );
        }
        found
    }
}

/// What kind of value it is, in words.
#[must_use]
pub const fn name_of(shape: &Shape) -> &'static str {
    match shape {
        Shape::Null => "null",
        Shape::Truth(_) => "a truth value",
        Shape::Number(_) => "a number",
        Shape::Text(_) => "text",
        Shape::List(_) => "a list",
        Shape::Object(_) => "an object",
        Shape::Wrong => "no JSON",
    }
}
