//! What each document of a policy may hold: names, kinds of values, bounds, and what each name means.
//!
//! The readers take their names and bounds from here, and the JSON Schemas for editors are made from here, so that
//! the two cannot say different things. A form refuses nothing itself: it may say less than a reader does (what one
//! value means beside another is for the reader), never more. To add a key: its line here, its reading where its
//! object is read, `countersign policy schema`, and its flip in `tests/policy/flips/`.

pub mod approvers;
pub mod contract;
pub mod escalation;
pub mod tiers;

use std::ops::RangeInclusive;

use crate::domain::words::Words;

/// The name under which a document says where its schema is. It is layout and no part of the policy: the digest
/// leaves it out.
pub const SCHEMA: &str = "$schema";

/// One object: its names, and what holds between them.
#[derive(Debug)]
pub struct Form {
    /// The names it may have.
    pub keys: &'static [Key],
    /// What holds between them.
    pub rules: &'static [Rule],
}

impl Form {
    /// The names it may have.
    pub fn names(&self) -> Vec<&'static str> {
        self.keys.iter().map(|key| key.name).collect()
    }
}

/// One name of an object.
#[derive(Debug)]
pub struct Key {
    /// The name.
    pub name: &'static str,
    /// Whether it must be there.
    pub must: bool,
    /// What it means, for whoever writes the file.
    pub says: &'static str,
    /// What its value is.
    pub kind: Kind,
}

/// A name that must be there.
const fn must(name: &'static str, kind: Kind, says: &'static str) -> Key {
    Key {
        name,
        must: true,
        says,
        kind,
    }
}

/// A name that may be left out.
const fn may(name: &'static str, kind: Kind, says: &'static str) -> Key {
    Key {
        name,
        must: false,
        says,
        kind,
    }
}

/// Where the schema of a document is, at its top.
const WHERE: Key = may(
    SCHEMA,
    Kind::Text,
    "Where the schema of this file is, for editors. It is no part of the policy: the digest leaves it out.",
);

/// What a value is.
#[derive(Debug)]
pub enum Kind {
    /// A text of 1 to 200 characters without blanks at its ends.
    Text,
    /// A text of this form (a regular expression that both ECMA 262 and people read the same).
    Like(&'static str),
    /// `true` or `false`.
    Truth,
    /// Only `true`.
    True,
    /// A whole number within bounds.
    Whole(RangeInclusive<i64>),
    /// An amount in decimal major units, zero or more.
    Amount,
    /// One word of a closed set.
    Word(Words),
    /// One of those words of a closed set for which the test holds.
    Among(Words, fn(&str) -> bool),
    /// An object with known names.
    Object(&'static Form),
    /// An object whose names are the operator's.
    Map {
        /// The form of each name.
        names: &'static str,
        /// Names that must be among them.
        must: &'static [&'static str],
        /// How many there are at least.
        least: usize,
        /// What each value is.
        of: &'static Kind,
    },
    /// A list in which nothing repeats.
    Set(&'static Kind),
    /// A list of at least one, in which nothing repeats.
    Some(&'static Kind),
    /// A list of at least one, in which order matters.
    Row(&'static Kind),
    /// Either of two.
    Either(&'static Kind, &'static Kind),
    /// Conditions on facts, `<fact>_<op>`.
    When {
        /// Whether amounts may be compared: there is a currency for them.
        amounts: bool,
        /// Whether `signals_in` may stand there too.
        signals: bool,
    },
    /// Nothing yet: the name is reserved.
    Nothing,
}

/// What holds between the names of one object.
#[derive(Debug)]
pub enum Rule {
    /// At least one of them is there.
    SomeOf(&'static [&'static str]),
    /// Exactly one of them is there.
    OneOf(&'static [&'static str]),
    /// None of them is there.
    NoneOf(&'static [&'static str]),
    /// At least so many names are there.
    Least(usize),
    /// Where that name is there the first rules hold, and elsewhere the second.
    With(&'static str, &'static [Rule], &'static [Rule]),
    /// Where that name has one of these words, the rules hold.
    Where(&'static str, &'static [&'static str], &'static [Rule]),
    /// Where that name has one of these words, the second has one of those.
    Words(
        &'static str,
        &'static [&'static str],
        &'static str,
        &'static [&'static str],
    ),
    /// Where the action is one for which the test holds, every tier's route is one of these.
    Routes(fn(&str) -> bool, &'static [&'static str]),
}

/// Every document of a policy: its name without `.json`, what it is, its form. All tier files share one.
pub const DOCUMENTS: &[(&str, &str, &Form)] = &[
    (
        "approvers",
        "Who: approver rules by name, who acts for each role, and the operators.",
        &approvers::FORM,
    ),
    (
        "contract",
        "What the agent may do at all, and within which limits.",
        &contract::FORM,
    ),
    (
        "escalation",
        "Which role a case belongs to, and who follows when nobody answers.",
        &escalation::FORM,
    ),
    (
        "tier",
        "How risky a draft of one action is, who must look at it, and what may not be decided here at all.",
        &tiers::FORM,
    ),
];
