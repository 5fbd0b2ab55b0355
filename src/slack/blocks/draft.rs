//! A draft on a card: every parameter and every text, or a disclosed part of it and then no Approve.

use super::rich::{Line, Rich};
use super::text::{fit, is_odd, length, shown};
use crate::domain::card::{DraftFace, RequestFace};
use crate::domain::draft::ActionKind;
use crate::domain::escalation::Role;
use crate::domain::evidence::{FactName, Facts};

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

/// Puts a draft on a card: whole within `most` characters, else its beginning with the rest disclosed.
#[must_use]
pub fn put(rich: Rich, draft: &DraftFace, most: usize) -> Shown {
    let whole = size(draft) <= most;
    let pairs = (draft.parameters.len() + draft.texts.len()).max(1);
    let share = |label: &str| (most / pairs).saturating_sub(length(label) + 3).max(40);
    let mut rich = rich;
    for (label, value) in &draft.parameters {
        let most = if whole { usize::MAX } else { share(label) };
        rich = rich.line(Line::begin().bold(label).text(": ").foreign(value, most));
    }
    for (label, value) in &draft.texts {
        rich = rich.line(Line::begin().bold(label));
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

/// The facts in their fixed order, the unknown ones by name.
#[must_use]
pub fn fact_line(facts: &Facts, missing: &[FactName]) -> String {
    let known = facts
        .iter()
        .map(|(name, fact)| format!("{} {}", words(name.word()), fact.value));
    let unknown = missing
        .iter()
        .map(|name| format!("{} unknown", words(name.word())));
    let all: Vec<String> = known.chain(unknown).collect();
    if all.is_empty() {
        "no facts were needed".into()
    } else {
        all.join(" · ")
    }
}

/// The facts of a batch row: unknown ones first, then what money and trust hang on. What the row's title says
/// already, and what is a fixed property of the action, is left to the details.
#[must_use]
pub fn row_facts(facts: &Facts, missing: &[FactName]) -> String {
    const ORDER: [FactName; 9] = [
        FactName::Amount,
        FactName::CustomerMonths,
        FactName::PriorRefunds,
        FactName::RefundWindowOpen,
        FactName::ChargebackOpen,
        FactName::AccountFlaggedFraud,
        FactName::ChargeIsRequesters,
        FactName::CustomerTier,
        FactName::Confidence,
    ];
    let unknown = missing
        .iter()
        .map(|name| format!("{} unknown", words(name.word())));
    let known = ORDER.iter().filter_map(|name| {
        let fact = facts.get(name)?;
        Some(format!("{} {}", words(name.word()), fact.value))
    });
    let all: Vec<String> = unknown.chain(known).collect();
    all.join(" · ")
}

/// The tier and the rule that gave it, in one line.
#[must_use]
pub fn rule_line(face: &RequestFace) -> String {
    let because = face.assessment.because.join("; ");
    let colon = if because.is_empty() { "" } else { ": " };
    format!(
        "{} tier by {}{colon}{because}",
        face.assessment.tier, face.assessment.rule
    )
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
        ActionKind::Assign => "Move to a queue",
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
