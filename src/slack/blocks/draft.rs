//! A draft on a card: every parameter and every text, or a disclosed part of it and then no Approve.

use super::rich::{Line, Rich};
use super::text::{fit, is_odd, length, shown};
use crate::domain::card::{DraftFace, RequestFace};
use crate::domain::caution::Caution;
use crate::domain::draft::ActionKind;
use crate::domain::escalation::Role;
use crate::domain::evidence::{FactName, FactValue, Facts};

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
        .map(|(name, fact)| fact_words(*name, &fact.value));
    // A fact can be known and of no use to the rule, such as an amount in another currency: the rule says so.
    let unknown = missing
        .iter()
        .filter(|name| !facts.contains_key(name))
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
        .filter(|name| !facts.contains_key(name))
        .map(|name| format!("{} unknown", words(name.word())));
    let known = ORDER.iter().filter_map(|name| {
        let fact = facts.get(name)?;
        Some(fact_words(*name, &fact.value))
    });
    let all: Vec<String> = unknown.chain(known).collect();
    all.join(" · ")
}

/// One fact as a person would say it.
fn fact_words(name: FactName, value: &FactValue) -> String {
    let either = |yes: &str, no: &str| {
        let truth = matches!(value, FactValue::Truth(true));
        if truth { yes } else { no }.to_owned()
    };
    match name {
        FactName::Amount => value.to_string(),
        FactName::CustomerMonths if *value == FactValue::Number(1) => "customer for 1 month".into(),
        FactName::CustomerMonths => format!("customer for {value} months"),
        FactName::CustomerTier => format!("{value} customer"),
        FactName::Severity => format!("severity {value}"),
        FactName::Category => words(&value.to_string()),
        FactName::Queue => format!("queue {}", words(&value.to_string())),
        FactName::Confidence => format!("triage {value} % sure"),
        FactName::BlastRadius if *value == FactValue::Number(1) => "touches one ticket".into(),
        FactName::BlastRadius => format!("touches {value}"),
        FactName::Reversible => either("can be undone", "cannot be undone"),
        FactName::PriorRefunds if *value == FactValue::Number(0) => "no refund before".into(),
        FactName::PriorRefunds => format!("refunds before: {value}"),
        FactName::RefundWindowOpen => {
            either("inside the refund window", "OUTSIDE the refund window")
        }
        FactName::ChargebackOpen => either("CHARGEBACK OPEN", "no chargeback"),
        FactName::AccountFlaggedFraud => either("FLAGGED AS FRAUD", "no fraud flag"),
        FactName::ChargeIsRequesters => {
            either("the requester's charge", "NOT the requester's charge")
        }
    }
}

/// The tier, why, and the rule that gave it, in one line.
#[must_use]
pub fn rule_line(face: &RequestFace) -> String {
    let because = face.assessment.because.join("; ");
    let colon = if because.is_empty() { "" } else { ": " };
    let rule = rule_name(face);
    format!("{} tier{colon}{because} · {rule}", face.assessment.tier)
}

/// The rule without the tier in brackets, where the tier is said already.
#[must_use]
pub fn rule_name(face: &RequestFace) -> &str {
    let rule = face.assessment.rule.as_str();
    rule.rsplit_once(" (").map_or(rule, |(name, _)| name)
}

/// A routing rule as people read it. Structural rules are part of the program, and no manifest changes them.
#[must_use]
pub fn in_force(rule: &str) -> String {
    rule.strip_prefix("structural: ").map_or_else(
        || rule.to_owned(),
        |name| format!("{name} (built in, the policy cannot change it)"),
    )
}

/// What somebody in a hurry must not miss; nothing when there is nothing.
#[must_use]
pub fn careful(cautions: &[Caution]) -> Option<String> {
    let words: Vec<&str> = cautions.iter().map(|caution| caution.words()).collect();
    (!words.is_empty()).then(|| words.join("; "))
}

/// What is proposed, in a few words: the action, and of money how much.
#[must_use]
pub fn named(draft: &DraftFace) -> String {
    let action = action_words(draft.kind);
    let amount = draft.parameters.iter().find(|(label, _)| label == "Amount");
    match amount {
        Some((_, amount)) if draft.kind.is_money() => {
            format!("{action} of {}", fit(&shown(amount), 40))
        }
        _ => action.to_owned(),
    }
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
