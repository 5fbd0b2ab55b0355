//! A draft on a card: every parameter and every text, or a disclosed part of it and then no Approve.

use super::rich::{Line, Rich};
use super::text::{fit, is_odd, length, one_line, shown};
use crate::domain::card::{DraftFace, RequestFace};
use crate::domain::draft::ActionKind;
use crate::domain::escalation::Role;

/// The longest value that a title names in full.
const NAMED: usize = 60;

/// What stands in a confirmation until the refund is made.
const SLOT: &str = "{refund_id}";

/// A draft as far as it fits.
pub struct Shown {
    /// The block so far.
    pub rich: Rich,
    /// Whether nothing was left out. What was cut cannot be approved from the card.
    pub whole: bool,
}

/// The characters that a whole draft takes on a card: labels, parameters and texts.
#[must_use]
pub fn size(draft: &DraftFace) -> usize {
    let pairs = draft.parameters.iter().chain(&draft.texts);
    pairs
        .map(|(label, value)| length(label) + length(&shown(value)) + 3)
        .sum()
}

/// Puts a draft on a card below a title that says what [`named`] says: whole within `most` characters, else its
/// beginning with the rest disclosed.
#[must_use]
pub fn put(rich: Rich, draft: &DraftFace, most: usize) -> Shown {
    let whole = size(draft) <= most;
    let pairs = (draft.parameters.len() + draft.texts.len()).max(1);
    let share = |label: &str| (most / pairs).saturating_sub(length(label) + 3).max(40);
    let mut rich = rich;
    for (label, value) in draft
        .parameters
        .iter()
        .filter(|pair| !is_named(draft, pair))
    {
        let most = if whole { usize::MAX } else { share(label) };
        let line = Line::begin().bold(label).text(": ");
        rich = rich.line(match &draft.upstream {
            Some(url) if is_upstream(url, value) => line.dashboard(value, url).text(" in Stripe"),
            _ => line.foreign(value, most),
        });
    }
    for (label, value) in &draft.texts {
        if label != action_words(draft.kind) {
            rich = rich.line(Line::begin().bold(label));
        }
        rich = if whole {
            rich.quote(value)
        } else {
            rich.quote_shown(&fit(&shown(value), share(label)))
        };
    }
    if !whole {
        rich = rich.line(
            Line::begin()
                .aside("The draft is longer than this card. Read it to its end to approve it."),
        );
    }
    Shown {
        rich: warn(rich, draft),
        whole,
    }
}

fn warn(rich: Rich, draft: &DraftFace) -> Rich {
    let odd = draft
        .parameters
        .iter()
        .chain(&draft.texts)
        .any(|(_, value)| is_odd(value));
    if !odd {
        return rich;
    }
    rich.line(Line::begin().bold("Odd characters: ").text(
        "this draft has characters that hide, reorder or imitate others. They stand as ⟦U+....⟧.",
    ))
}

/// What an edit changed, before and after.
#[must_use]
pub fn changes(rich: Rich, draft: &DraftFace, most: usize) -> Rich {
    let each = most / draft.changes.len().max(1) / 2;
    let mut rich = rich;
    for (label, before, after) in &draft.changes {
        rich = rich
            .line(Line::begin().bold(label).text(" before the edit"))
            .quote_shown(&fit(&shown(before), each))
            .line(Line::begin().bold(label).text(" after it"))
            .quote_shown(&fit(&shown(after), each));
    }
    rich
}

/// What is proposed, in a few words: the action, and the one parameter that people ask for first.
#[must_use]
pub fn named(draft: &DraftFace) -> String {
    let action = action_words(draft.kind);
    let value = |label: &str| {
        let mut pairs = draft.parameters.iter();
        let found = pairs.find(|(one, _)| one == label);
        found.map(|(_, value)| fit(&one_line(value), NAMED))
    };
    let (label, joint) = match draft.kind {
        kind if kind.is_money() => ("Amount", " of "),
        ActionKind::AddLabel => ("Label", ": "),
        ActionKind::SetPriority => ("Priority", ": "),
        ActionKind::Assign => ("Queue", " "),
        _ => return action.to_owned(),
    };
    value(label).map_or_else(
        || action.to_owned(),
        |value| format!("{action}{joint}{value}"),
    )
}

/// Whether [`named`] says this parameter in full.
fn is_named(draft: &DraftFace, (label, value): &(String, String)) -> bool {
    let first = match draft.kind {
        kind if kind.is_money() => label == "Amount",
        kind => matches!(
            kind,
            ActionKind::AddLabel | ActionKind::SetPriority | ActionKind::Assign
        ),
    };
    first && length(&one_line(value)) <= NAMED
}

/// Whether a link to Stripe's dashboard leads to the object with this id.
fn is_upstream(url: &str, id: &str) -> bool {
    url.rsplit_once('/').is_some_and(|(_, last)| last == id)
}

/// What the words in braces are, where a text has them.
#[must_use]
pub fn explain_slots(rich: Rich, draft: &DraftFace) -> Rich {
    if !draft.texts.iter().any(|(_, value)| value.contains(SLOT)) {
        return rich;
    }
    rich.line(Line::begin().aside(
        "The words in braces are filled in when the refund is made; nothing is sent before.",
    ))
}

/// Whether the sentence of what happens says all of a draft, in words that are ours alone.
#[must_use]
pub const fn is_said_by_its_effect(kind: ActionKind) -> bool {
    matches!(kind, ActionKind::PageOncall | ActionKind::RouteCase)
}

/// A word of a closed set as people write it.
#[must_use]
pub fn words(word: &str) -> String {
    word.replace(['_', '.'], " ")
}

/// What people call an action.
#[must_use]
pub const fn action_words(kind: ActionKind) -> &'static str {
    match kind {
        ActionKind::AddLabel => "Label",
        ActionKind::AddInternalNote => "Internal note",
        ActionKind::Assign => "Move to the queue",
        ActionKind::SetPriority => "Priority",
        ActionKind::NotifyCustomer => "Reply to the customer",
        ActionKind::RouteCase => "Hand to a role",
        ActionKind::PageOncall => "Page the on-call",
        ActionKind::Refund => "Refund",
        ActionKind::Credit => "Credit",
        ActionKind::InvoiceAdjust => "Invoice change",
        ActionKind::SubscriptionCancel => "End of a subscription",
    }
}

/// What people call a role.
#[must_use]
pub const fn role_words(role: Role) -> &'static str {
    match role {
        Role::SupportL1 => "Support",
        Role::Billing => "Billing",
        Role::Infra => "Infrastructure",
        Role::Security => "Security",
    }
}

/// The model that read the ticket, and what it is when it is ours.
#[must_use]
pub fn model_words(model: &str) -> String {
    if model.is_empty() {
        "not triaged yet".into()
    } else if model.starts_with("builtin") {
        format!("{model} (offline rules, no outside model)")
    } else {
        model.to_owned()
    }
}

/// What the button says that approves.
#[must_use]
pub fn approve_label(face: &RequestFace) -> &'static str {
    if face.draft.kind.is_money() {
        "Recommend to billing"
    } else {
        "Approve"
    }
}
