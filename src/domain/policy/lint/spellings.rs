//! Spellings: a queue or a customer tier is written in one way wherever it is named.

use std::collections::BTreeMap;

use super::Parts;
use crate::domain::policy::json::{Node, Shape, Spot};
use crate::domain::policy::problem::Problem;

/// The words of an open set, as they are written, each with where it stands.
type Named<'a> = BTreeMap<(&'static str, String), Vec<(&'a str, &'a str, Spot)>>;

pub(super) fn problems(parts: &Parts<'_>) -> Vec<Problem> {
    let mut named = Named::new();
    for (file, tree) in parts.trees {
        collect(file, tree, &mut named);
    }
    let mut found = Vec::new();
    for ((what, _), places) in &named {
        let Some((file, first, at)) = places.first() else {
            continue;
        };
        for (other_file, other, other_at) in places.iter().filter(|(_, word, _)| word != first) {
            let place = match file == other_file {
                true => format!("on line {}", at.line),
                false => format!("in {file} on line {}", at.line),
            };
            let message = format!("the {what} `{other}` is written `{first}` {place}");
            let fix = "one spelling everywhere: capitals and blanks count";
            found.push(Problem::at(other_file, *other_at, message, fix));
        }
    }
    found
}

fn collect<'a>(file: &'a str, node: &'a Node, named: &mut Named<'a>) {
    match &node.shape {
        Shape::List(items) => items.iter().for_each(|item| collect(file, item, named)),
        Shape::Object(entries) => {
            for entry in entries {
                match entry.key.as_str() {
                    "queue_eq" | "queue_ne" | "queue_in" => {
                        words(file, "queue", &entry.value, named)
                    }
                    "customer_tier_eq" | "customer_tier_ne" | "customer_tier_in" => {
                        words(file, "customer tier", &entry.value, named);
                    }
                    "per_queue" => names(file, &entry.value, named),
                    _ => collect(file, &entry.value, named),
                }
            }
        }
        _ => {}
    }
}

fn words<'a>(file: &'a str, what: &'static str, node: &'a Node, named: &mut Named<'a>) {
    match &node.shape {
        Shape::Text(word) => put(named, what, (file, word, node.at)),
        Shape::List(items) => items.iter().for_each(|item| words(file, what, item, named)),
        _ => {}
    }
}

fn names<'a>(file: &'a str, node: &'a Node, named: &mut Named<'a>) {
    if let Shape::Object(entries) = &node.shape {
        for entry in entries {
            put(named, "queue", (file, &entry.key, entry.key_at));
        }
    }
}

fn put<'a>(named: &mut Named<'a>, what: &'static str, place: (&'a str, &'a str, Spot)) {
    let alike = place.1.trim().to_lowercase().replace([' ', '-'], "_");
    named.entry((what, alike)).or_default().push(place);
}
