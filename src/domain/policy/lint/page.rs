//! A document with the place of everything in it, for problems that are found after reading.

use crate::domain::policy::conditions::Condition;
use crate::domain::policy::json::{Entry, Node, Shape, Spot};
use crate::domain::policy::problem::Problem;

/// One document.
#[derive(Clone, Copy)]
pub(super) struct Page<'a> {
    pub(super) file: &'a str,
    pub(super) tree: &'a Node,
}

/// A step from a value to one in it.
#[derive(Clone, Copy)]
pub(super) enum Step<'s> {
    /// The member of that name.
    Name(&'s str),
    /// The item at that index.
    Item(usize),
}

use Step::{Item, Name};

impl<'a> Page<'a> {
    /// The value at the end of a way; as far along it as there is anything.
    pub(super) fn node(&self, way: &[Step<'_>]) -> &'a Node {
        let mut node = self.tree;
        for step in way {
            let next = match (&node.shape, step) {
                (Shape::Object(entries), Name(name)) => {
                    member(entries, name).map(|entry| &entry.value)
                }
                (Shape::List(items), Item(index)) => items.get(*index),
                _ => None,
            };
            let Some(next) = next else { break };
            node = next;
        }
        node
    }

    /// Where the value at the end of a way begins.
    pub(super) fn value(&self, way: &[Step<'_>]) -> Spot {
        self.node(way).at
    }

    /// Where the name at the end of a way begins; of an item, where it begins itself.
    pub(super) fn name(&self, way: &[Step<'_>]) -> Spot {
        let Some((Name(name), before)) = way.split_last() else {
            return self.value(way);
        };
        let holder = self.node(before);
        match &holder.shape {
            Shape::Object(entries) => member(entries, name).map_or(holder.at, |e| e.key_at),
            _ => holder.at,
        }
    }

    /// Where the name of a condition begins, `way` leading to its `when`.
    pub(super) fn condition(&self, way: &[Step<'_>], condition: &Condition) -> Spot {
        let key = key_of(condition);
        self.name(&along(way, &[Name(&key)]))
    }

    /// A problem of this document.
    pub(super) fn problem(
        &self,
        at: Spot,
        message: impl Into<String>,
        fix: impl Into<String>,
    ) -> Problem {
        Problem::at(self.file, at, message, fix)
    }
}

fn member<'a>(entries: &'a [Entry], name: &str) -> Option<&'a Entry> {
    entries.iter().find(|entry| entry.key == name)
}

/// A way and what follows.
pub(super) fn along<'s>(way: &[Step<'s>], further: &[Step<'s>]) -> Vec<Step<'s>> {
    way.iter().chain(further).copied().collect()
}

/// The name that a condition is written with.
pub(super) fn key_of(condition: &Condition) -> String {
    format!("{}_{}", condition.fact, condition.op)
}
