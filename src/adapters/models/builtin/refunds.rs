//! Which charge a ticket means, and the complete refund recommendation for it.

use serde_json::{Value, json};

use super::mentions::{amounts, days};
use super::replies;
use crate::domain::evidence::{Charge, Finding};
use crate::domain::ids::{ChargeId, EvidenceId};
use crate::domain::model::DraftMaterial;
use crate::domain::money::Money;
use crate::domain::phrase::{Phrase, Words};
use crate::domain::time::At;

/// A charge of the customer with the evidence that shows it.
#[derive(Clone, Copy)]
pub(super) struct Shown<'a> {
    pub(super) charge: &'a Charge,
    pub(super) evidence: &'a EvidenceId,
}

impl<'a> Shown<'a> {
    /// What the later of two charges has more of; of two in one moment, by their ids, whatever order they came in.
    fn age(&self) -> (At, &'a ChargeId) {
        (self.charge.created, &self.charge.id)
    }
}

/// What became of looking for the charge that is meant.
pub(super) enum Choice<'a> {
    /// This one, and this much of it.
    One {
        shown: Shown<'a>,
        amount: Money,
        how: String,
    },
    /// It was refunded in full before.
    Refunded(Shown<'a>),
    /// The ticket names one that is not among this customer's.
    Foreign,
    /// None, or more than one, can be meant.
    Unclear(String),
}

/// Charges within this time and of the same amount are a pair when the customer says "twice".
const PAIR_MS: i64 = 4 * 24 * 60 * 60 * 1000;

/// Looks for the one charge that the ticket means: by its id, its amount, its day, or because there is no other.
pub(super) fn choose(material: &DraftMaterial) -> Choice<'_> {
    let text = format!(
        "{}\n{}",
        material.untrusted.subject, material.untrusted.text
    );
    let paid: Vec<Shown> = shown(material).filter(|one| one.charge.paid).collect();
    let foreign = findings(material).any(|(_, finding)| matches!(finding, Finding::ForeignCharge));
    if foreign {
        return Choice::Foreign;
    }
    let (meant, how) = meant(&text, &paid);
    let open: Vec<Shown> = meant
        .iter()
        .copied()
        .filter(|one| one.charge.remaining().minor > 0)
        .collect();
    match open.as_slice() {
        [] => match meant.as_slice() {
            [] => Choice::Unclear(how),
            [only, ..] => Choice::Refunded(*only),
        },
        [only] => one(*only, &text, how),
        several => match pair(&text, several) {
            Some(later) => one(
                later,
                &text,
                "it is the later of two charges of the same amount".to_owned(),
            ),
            None => Choice::Unclear(format!("{} charges can be meant", several.len())),
        },
    }
}

/// The charges that the text points at, and how.
fn meant<'a>(text: &str, paid: &[Shown<'a>]) -> (Vec<Shown<'a>>, String) {
    let named: Vec<Shown> = paid
        .iter()
        .copied()
        .filter(|one| text.contains(one.charge.id.as_str()))
        .collect();
    if !named.is_empty() {
        return (named, "the ticket names it".to_owned());
    }
    let amounts = amounts(text);
    let days = days(text);
    let of_amount = |one: &Shown| {
        let currency = one.charge.amount.currency;
        amounts
            .iter()
            .filter_map(|amount| amount.money(currency))
            .any(|money| money == one.charge.amount || money == one.charge.remaining())
    };
    let of_day = |one: &Shown| {
        days.iter()
            .any(|day| one.charge.created.rfc3339()[..10].ends_with(day.as_str()))
    };
    let by_amount: Vec<Shown> = paid.iter().copied().filter(of_amount).collect();
    let by_day: Vec<Shown> = paid.iter().copied().filter(of_day).collect();
    let both: Vec<Shown> = by_amount.iter().copied().filter(of_day).collect();
    if !both.is_empty() {
        return (both, "amount and day fit".to_owned());
    }
    if !by_amount.is_empty() {
        return (by_amount, "the amount fits".to_owned());
    }
    if !by_day.is_empty() {
        return (by_day, "the day fits".to_owned());
    }
    let latest = Phrase::of("last|latest|recent|newest|letzte*|jungste*|dernier*|derniere|ultim*");
    match paid {
        [] => (
            vec![],
            "there is no paid charge of this customer".to_owned(),
        ),
        [only] => (vec![*only], "it is the only charge".to_owned()),
        several if latest.is_in(&Words::of(text)) => {
            let last = several.iter().copied().max_by_key(Shown::age);
            (
                last.into_iter().collect(),
                "it is the latest charge".to_owned(),
            )
        }
        several => (
            several.to_vec(),
            "nothing in the ticket tells the charges apart".to_owned(),
        ),
    }
}

/// The later of exactly two charges of one amount close together, when the customer says that it was double.
fn pair<'a>(text: &str, several: &[Shown<'a>]) -> Option<Shown<'a>> {
    let double = Phrase::of(
        "twice|double|doubled|duplicate*|two|again|second|doppelt*|zweimal|zwei|deux|dos|doble|duplicad*",
    );
    let [a, b] = several else { return None };
    let apart = a.charge.created.since(b.charge.created).0.abs();
    let same = a.charge.amount == b.charge.amount && apart <= PAIR_MS;
    let later = if a.age() >= b.age() { *a } else { *b };
    (same && double.is_in(&Words::of(text))).then_some(later)
}

/// The amount that is asked for of a charge: the one marked amount that fits, else all that remains.
fn one<'a>(shown: Shown<'a>, text: &str, how: String) -> Choice<'a> {
    let remaining = shown.charge.remaining();
    let marked: Vec<_> = amounts(text)
        .into_iter()
        .filter(super::mentions::Mentioned::is_marked)
        .collect();
    let mut asked: Vec<Money> = marked
        .iter()
        .filter_map(|one| one.money(remaining.currency))
        .collect();
    asked.retain(|money| money.minor > 0 && *money != shown.charge.amount && *money != remaining);
    asked.dedup();
    let whole = marked.is_empty()
        || asked.is_empty()
            && marked
                .iter()
                .any(|one| one.money(remaining.currency).is_some());
    match asked.as_slice() {
        _ if whole => Choice::One {
            shown,
            amount: remaining,
            how,
        },
        [part] if part.minor < remaining.minor => Choice::One {
            shown,
            amount: *part,
            how,
        },
        _ => Choice::Unclear("the amount that is asked for does not fit the charge".to_owned()),
    }
}

/// The refund as an action of the draft schema.
pub(super) fn refund(
    shown: Shown<'_>,
    amount: Money,
    how: &str,
    material: &DraftMaterial,
) -> Value {
    let charge = shown.charge;
    let refunded = Money {
        minor: charge.refunded_minor,
        currency: charge.amount.currency,
    };
    let asked = if amount == charge.amount {
        "all of the".to_owned()
    } else {
        format!("{amount} of the")
    };
    let before = if charge.refunded_minor == 0 {
        "Nothing has been refunded on it yet".to_owned()
    } else {
        format!("Refunded on it before: {refunded}")
    };
    let rest = Money {
        minor: charge.remaining().minor - amount.minor,
        currency: amount.currency,
    };
    let day = &charge.created.rfc3339()[..10];
    let yes_no = |yes: bool, is: &str, not: &str| if yes { is.to_owned() } else { not.to_owned() };
    let reason = format!(
        "The customer asks for {asked} charge {id} of {total} on {day}; {how}. {before}. {dispute}, {fraud}. After this {rest} of it remains.",
        id = charge.id,
        total = charge.amount,
        dispute = yes_no(
            charge.dispute_open,
            "A dispute is open on it",
            "No dispute is open on it"
        ),
        fraud = yes_no(
            charge.fraud_warning,
            "there is a fraud warning",
            "no fraud warning"
        ),
        rest = if rest.minor == 0 {
            "nothing".to_owned()
        } else {
            rest.to_string()
        },
    );
    let (decimal, currency) = written(amount);
    json!({
        "kind": "refund", "charge": charge.id, "amount": decimal, "currency": currency, "reason": reason,
        "confirmation": replies::confirmation(amount, material.language),
    })
}

/// An amount as decimal and currency code.
fn written(amount: Money) -> (String, String) {
    let text = amount.to_string();
    let decimal = text.split(' ').next().unwrap_or_default().to_owned();
    (decimal, amount.currency.code().to_owned())
}

fn shown(material: &DraftMaterial) -> impl Iterator<Item = Shown<'_>> {
    findings(material).filter_map(|(evidence, finding)| match finding {
        Finding::Charge(charge) => Some(Shown { charge, evidence }),
        _ => None,
    })
}

/// All findings with the evidence that they stand in. A charge that two answers show is listed once.
pub(super) fn findings(material: &DraftMaterial) -> impl Iterator<Item = (&EvidenceId, &Finding)> {
    let mut charges = std::collections::HashSet::new();
    material
        .evidence
        .iter()
        .rev()
        .flat_map(|exhibit| {
            exhibit
                .findings
                .iter()
                .map(|finding| (&exhibit.id, finding))
        })
        .filter(move |(_, finding)| match finding {
            Finding::Charge(charge) => charges.insert(charge.id.as_str().to_owned()),
            _ => true,
        })
}
