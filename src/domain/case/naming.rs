//! What people call the things of a case in a sentence: drafts, people, moments and quoted words.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Case;
use super::face::Lens;
use crate::domain::draft::{Action, Draft, Origin};
use crate::domain::escalation::Role;
use crate::domain::ids::{DraftId, RequestId, UserId};
use crate::domain::person::Person;
use crate::domain::time::At;

/// A draft as a sentence names it: `the refund of 180.00 USD`, `the changed reply`, `the second reply`.
#[must_use]
pub fn draft_named(case: &Case, draft: &Draft) -> String {
    let name = noun(draft);
    let before = case
        .drafts
        .iter()
        .take_while(|earlier| earlier.draft.id != draft.id)
        .filter(|earlier| noun(&earlier.draft) == name)
        .count();
    match before {
        0 => format!("the {name}"),
        n => format!("the {} {name}", ordinal(n + 1)),
    }
}

/// What a request is about, as a sentence names it.
#[must_use]
pub fn request_named(case: &Case, id: &RequestId) -> String {
    case.request(id).map_or_else(
        || "a question that is not in this case".into(),
        |asked| named(case, &asked.request.draft),
    )
}

/// A draft by its id, as a sentence names it.
pub(super) fn named(case: &Case, id: &DraftId) -> String {
    case.draft(id).map_or_else(
        || "a draft that is not in this case".into(),
        |progress| draft_named(case, &progress.draft),
    )
}

fn noun(draft: &Draft) -> String {
    let noun = action_noun(&draft.action);
    match draft.origin {
        Origin::Edit { .. } => format!("changed {noun}"),
        Origin::Model { .. } | Origin::Code => noun,
    }
}

/// An action as a noun, without an article.
pub(super) fn action_noun(action: &Action) -> String {
    match action {
        Action::AddLabel { label } => format!("label {label}"),
        Action::AddInternalNote { .. } => "internal note".into(),
        Action::Assign { queue } => format!("move to the queue {queue}"),
        Action::SetPriority { priority } => format!("change of priority to {priority}"),
        Action::NotifyCustomer { .. } => "reply".into(),
        Action::RouteCase { role } => format!("hand-over to {}", role_name(*role)),
        Action::PageOncall { role } => format!("page to {}", role_name(*role)),
        Action::Refund { amount, .. } => format!("refund of {amount}"),
        Action::Credit { amount, .. } => format!("credit of {amount}"),
        Action::InvoiceAdjust { amount, .. } => format!("invoice change by {amount}"),
        Action::SubscriptionCancel { .. } => "end of the subscription".into(),
    }
}

fn ordinal(n: usize) -> String {
    const WORDS: [&str; 8] = [
        "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth",
    ];
    n.checked_sub(2)
        .and_then(|at| WORDS.get(at))
        .map_or_else(|| format!("{n}th"), |&word| word.to_owned())
}

/// What people call a role.
#[must_use]
pub const fn role_name(role: Role) -> &'static str {
    match role {
        Role::SupportL1 => "support",
        Role::Billing => "billing",
        Role::Infra => "infrastructure",
        Role::Security => "security",
    }
}

/// The people of a case by the names that they had when they decided or said who asked, as far as those were
/// not erased.
pub(super) struct Names(BTreeMap<UserId, String>);

/// What is kept of a person beside a decision. The address is left where it is.
#[derive(Deserialize)]
struct Who {
    name: String,
}

impl Names {
    pub(super) fn of(case: &Case, lens: Lens) -> Self {
        let mut names = BTreeMap::new();
        let deciders = case.requests.iter().flat_map(|asked| &asked.decisions);
        let deciders = deciders.map(|one| (&one.person, one.eligibility.standing.who));
        let linkers = case.links.iter().map(|link| (&link.by, link.who));
        for (person, who) in deciders.chain(linkers) {
            let text = who.and_then(|who| lens.texts.get(&who));
            let read = text.and_then(|text| serde_json::from_str::<Who>(text).ok());
            if let Some(who) = read.filter(|who| !who.name.trim().is_empty()) {
                names.insert(person.user.clone(), one_line(&who.name));
            }
        }
        Self(names)
    }

    /// The name; where two people share one, or none is kept, the id tells who it is.
    pub(super) fn person(&self, person: &Person) -> String {
        let user = &person.user;
        let Some(name) = self.0.get(user) else {
            return format!("@{user}");
        };
        let shared = self.0.values().filter(|other| *other == name).count() > 1;
        if shared {
            self.signed(person)
        } else {
            format!("@{name}")
        }
    }

    /// The name with the id beside it, for what a person answers for.
    pub(super) fn signed(&self, person: &Person) -> String {
        let user = &person.user;
        self.0
            .get(user)
            .map_or_else(|| format!("@{user}"), |name| format!("@{name} ({user})"))
    }

    /// A recorded reason with the people in it by name; it holds them as Slack writes mentions, `<@U..>`.
    pub(super) fn mentions(&self, text: &str) -> String {
        let mut said = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("<@") {
            let Some((user, after)) = after.split_once('>') else {
                break;
            };
            let name = self.0.get(&UserId::new(user));
            said.push_str(before);
            said.push('@');
            said.push_str(name.map_or(user, String::as_str));
            rest = after;
        }
        said + rest
    }
}

/// What a person typed, in quotation marks and on one line. Its own full stop would double the sentence's.
#[must_use]
pub fn quoted(text: &str) -> String {
    format!("“{}”", one_line(text).trim_end_matches('.'))
}

/// A recorded reason as a part of a sentence: on one line, without a full stop of its own.
pub(super) fn clause(text: &str) -> String {
    one_line(text).trim_end_matches('.').to_owned()
}

/// A reason of our own rules as people read it: `the mode is propose only`. Names of files stay as they are.
#[must_use]
pub fn plain(text: &str) -> String {
    let word = |word: &str| {
        if word.ends_with(".json") {
            word.to_owned()
        } else {
            word.replace('_', " ")
        }
    };
    text.split_whitespace()
        .map(word)
        .collect::<Vec<_>>()
        .join(" ")
        .trim_end_matches('.')
        .to_owned()
}

/// A rule without the tier that it ends with in brackets, where the tier is said beside it.
#[must_use]
pub fn rule_of(rule: &str) -> &str {
    rule.rsplit_once(" (").map_or(rule, |(rule, _)| rule)
}

/// The same with a capital, as a sentence begins.
pub(super) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}

/// A moment to the minute, in UTC.
pub(super) fn minute(at: At) -> String {
    let text = at.rfc3339();
    format!("{} UTC", text.get(..16).unwrap_or(&text).replace('T', " "))
}

/// The day of a moment, in UTC.
pub(super) fn day(at: At) -> String {
    at.rfc3339().get(..10).unwrap_or_default().to_owned()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
