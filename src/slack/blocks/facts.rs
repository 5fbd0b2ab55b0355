//! Facts, rules and warnings on a card: what the rules read, why they ask, and what nobody may overlook.

use super::draft::words;
use super::rich::Line;
use super::text::{fit, length, one_line};
use crate::domain::card::RequestFace;
use crate::domain::caution::Caution;
use crate::domain::evidence::{FactName, FactValue, Facts};

/// The facts in their fixed order, the unknown ones by name.
#[must_use]
pub fn fact_line(facts: &Facts, missing: &[FactName]) -> String {
    let known = facts
        .iter()
        .map(|(name, fact)| fact_words(*name, &fact.value));
    let all: Vec<String> = known.chain(unknown(facts, missing)).collect();
    if all.is_empty() {
        "no facts were needed".into()
    } else {
        all.join(" · ")
    }
}

/// The facts of a batch row: unknown ones, since they raise the tier, and of money what it hangs on. What the row
/// or its case says already, and what is a fixed property of the action, is left to the details.
#[must_use]
pub fn row_facts(face: &RequestFace) -> String {
    const ORDER: [FactName; 7] = [
        FactName::CustomerMonths,
        FactName::PriorRefunds,
        FactName::RefundWindowOpen,
        FactName::ChargebackOpen,
        FactName::AccountFlaggedFraud,
        FactName::ChargeIsRequesters,
        FactName::CustomerTier,
    ];
    let facts = &face.assessment.facts;
    let unknown = unknown(facts, &face.assessment.missing);
    let known = ORDER
        .iter()
        .filter(|_| face.draft.kind.is_money())
        .filter_map(|name| Some(fact_words(*name, &facts.get(name)?.value)));
    let all: Vec<String> = unknown.chain(known).collect();
    all.join(" · ")
}

/// A fact can be known and of no use to the rule, such as an amount in another currency: the rule says so.
fn unknown<'a>(facts: &'a Facts, missing: &'a [FactName]) -> impl Iterator<Item = String> + 'a {
    missing
        .iter()
        .filter(|name| !facts.contains_key(name))
        .map(|name| format!("{} unknown", words(name.word())))
}

/// How sure the triage is, where a rule has read that.
#[must_use]
pub fn sureness(facts: &Facts) -> Option<String> {
    let fact = facts.get(&FactName::Confidence)?;
    Some(fact_words(FactName::Confidence, &fact.value))
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

/// Why people are asked: the reason, the tier and the rule that gave it, within so many characters.
#[must_use]
pub fn why_line(face: &RequestFace, most: usize) -> Line {
    let rule = format!("{} tier · {}", face.assessment.tier, rule_name(face));
    let because = one_line(&face.assessment.because.join("; "));
    let room = most.saturating_sub(length(&rule)).max(40);
    let reason = if because.is_empty() {
        String::new()
    } else {
        format!("{} · ", fit(&because, room))
    };
    Line::begin().aside(&format!("Why: {reason}{rule}"))
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
pub fn careful(cautions: &[Caution]) -> Option<Line> {
    let words: Vec<&str> = cautions.iter().map(|caution| caution.words()).collect();
    let line = || Line::begin().bold(&format!("Careful: {}.", words.join("; ")));
    (!words.is_empty()).then(line)
}
