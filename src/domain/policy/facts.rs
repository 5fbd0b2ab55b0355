//! The facts of one draft, each read from where it must come from; what cannot be read is absent.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use jiff::{Timestamp, Unit, Zoned};

use super::Policy;
use super::tiers::TierList;
use crate::domain::draft::{Action, ActionKind};
use crate::domain::evidence::{
    Charge, Evidence, Fact, FactName, FactValue, Facts, Finding, Provenance,
};
use crate::domain::ids::{ChargeId, EvidenceId};
use crate::domain::money::Money;
use crate::domain::time::{At, Span};
use crate::domain::verdict::Verdict;

/// What is known when a draft is assessed.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// The draft's action with its parameters.
    pub action: &'a Action,
    /// The verdict on the case.
    pub verdict: &'a Verdict,
    /// Everything that connectors answered for this requester.
    pub evidence: &'a [Evidence],
    /// The moment of assessment.
    pub now: At,
}

impl Policy {
    /// The facts of a draft, with the refund window of this policy.
    #[must_use]
    pub fn facts_for(&self, known: &Known<'_>) -> Facts {
        let currency = known.action.amount().map(|m| m.currency);
        let lists = self
            .tier_file(known.action.kind())
            .map(|f| f.lists.as_slice())
            .unwrap_or_default();
        let list = lists
            .iter()
            .find(|l: &&TierList| l.currency == currency)
            .or(lists.first());
        facts_for(known, list.and_then(|l| l.constraints.refund_window_days))
    }
}

/// Whether an action can ever have a fact. What a credit is worth no connector can confirm.
#[must_use]
pub const fn can_be_known(fact: FactName, action: ActionKind) -> bool {
    match fact {
        FactName::Amount => matches!(action, ActionKind::Refund | ActionKind::InvoiceAdjust),
        FactName::RefundWindowOpen | FactName::ChargeIsRequesters => {
            matches!(action, ActionKind::Refund)
        }
        _ => true,
    }
}

/// The facts of a draft. `window_days` is how old a charge may be; without it
/// [`FactName::RefundWindowOpen`] is absent.
#[must_use]
pub fn facts_for(known: &Known<'_>, window_days: Option<u32>) -> Facts {
    let mut facts = Facts::new();
    from_verdict(&mut facts, known);
    from_registry(&mut facts, known.action.kind());
    let found = Found::among(known.evidence);
    from_customer(&mut facts, known, &found);
    from_charges(&mut facts, known, &found);
    if let Action::Refund { charge, amount, .. } = known.action {
        from_charge(&mut facts, &found, charge, *amount);
        if let (Some((charge, source)), Some(days)) = (found.charge(charge), window_days) {
            let open = known.now <= charge.created.plus(Span::days(days.into()));
            connector(
                &mut facts,
                FactName::RefundWindowOpen,
                FactValue::Truth(open),
                source,
            );
        }
    }
    if let Action::InvoiceAdjust {
        invoice, amount, ..
    } = known.action
    {
        from_invoice(&mut facts, &found, invoice, *amount);
    }
    facts
}

/// What the evidence holds about customer, charges and invoices; of two readings of one thing the later one.
struct Found<'a> {
    /// The one customer, with where it was read.
    customer: Option<(&'a Finding, &'a EvidenceId)>,
    charges: BTreeMap<&'a ChargeId, (&'a Charge, &'a EvidenceId)>,
    /// The list of charges as a whole.
    listed: Option<(&'a Finding, &'a EvidenceId)>,
    invoices: BTreeMap<&'a str, (Money, &'a EvidenceId)>,
    foreign_charge: Option<&'a EvidenceId>,
}

impl<'a> Found<'a> {
    fn among(evidence: &'a [Evidence]) -> Self {
        let mut found = Self {
            customer: None,
            charges: BTreeMap::new(),
            listed: None,
            invoices: BTreeMap::new(),
            foreign_charge: None,
        };
        let mut newest_last: Vec<&Evidence> = evidence.iter().collect();
        newest_last.sort_by_key(|e| e.taken_at);
        let mut ambiguous = false;
        for (finding, source) in newest_last
            .iter()
            .flat_map(|e| e.findings.iter().map(|f| (f, &e.id)))
        {
            match finding {
                Finding::Customer { id, .. } => {
                    ambiguous |= matches!(found.customer, Some((Finding::Customer { id: other, .. }, _)) if other != id);
                    found.customer = Some((finding, source));
                }
                Finding::NoSingleCustomer { .. } => ambiguous = true,
                Finding::Charge(charge) => {
                    found.charges.insert(&charge.id, (charge, source));
                }
                Finding::Charges { .. } => found.listed = Some((finding, source)),
                Finding::ForeignCharge => found.foreign_charge = Some(source),
                Finding::Invoice { id, total, .. } => {
                    found.invoices.insert(id, (*total, source));
                }
                Finding::Subscription { .. } | Finding::MoreSubscriptions | Finding::Target(_) => {}
            }
        }
        if ambiguous {
            // Without one customer nothing here can be said to be the requester's.
            found.customer = None;
            found.charges.clear();
            found.listed = None;
            found.invoices.clear();
        }
        found
    }

    fn charge(&self, id: &ChargeId) -> Option<(&'a Charge, &'a EvidenceId)> {
        self.charges.get(id).copied()
    }

    /// Where it was read that we were shown every charge of which something is told: those with money back, or
    /// those that were disputed. `None` when there may be others.
    fn shown_all(&self, told: fn(&Finding) -> Option<&Vec<ChargeId>>) -> Option<&'a EvidenceId> {
        let (listed, source) = self.listed?;
        let whole = told(listed)?.iter().all(|id| self.charges.contains_key(id));
        whole.then_some(source)
    }
}

fn connector(facts: &mut Facts, name: FactName, value: FactValue, source: &EvidenceId) {
    facts.insert(
        name,
        Fact {
            value,
            provenance: Provenance::Connector,
            evidence: Some(source.clone()),
        },
    );
}

fn from_verdict(facts: &mut Facts, known: &Known<'_>) {
    facts.extend(said_by(known.verdict));
    if let Action::Assign { queue } = known.action {
        facts.insert(FactName::Queue, said(FactValue::Word(queue.clone())));
    }
}

/// What a verdict says, as facts of that provenance.
#[must_use]
pub fn said_by(verdict: &Verdict) -> Facts {
    let category = FactValue::Word(verdict.category.word().to_owned());
    let severity = FactValue::Number(verdict.severity.level().into());
    let confidence = FactValue::Number(verdict.confidence.into());
    let queue = FactValue::Word(verdict.queue.clone());
    Facts::from([
        (FactName::Severity, said(severity)),
        (FactName::Category, said(category)),
        (FactName::Confidence, said(confidence)),
        (FactName::Queue, said(queue)),
    ])
}

const fn said(value: FactValue) -> Fact {
    Fact {
        value,
        provenance: Provenance::Model,
        evidence: None,
    }
}

/// Every action of the registry touches exactly one ticket.
fn from_registry(facts: &mut Facts, kind: ActionKind) {
    let fixed = [
        (FactName::Reversible, FactValue::Truth(kind.reversible())),
        (FactName::BlastRadius, FactValue::Number(1)),
    ];
    for (name, value) in fixed {
        facts.insert(
            name,
            Fact {
                value,
                provenance: Provenance::Registry,
                evidence: None,
            },
        );
    }
}

fn from_customer(facts: &mut Facts, known: &Known<'_>, found: &Found<'_>) {
    let Some((
        Finding::Customer {
            since,
            tier,
            flagged_fraud,
            ..
        },
        source,
    )) = found.customer
    else {
        return;
    };
    if let Some(months) = months_between(*since, known.now) {
        connector(
            facts,
            FactName::CustomerMonths,
            FactValue::Number(months),
            source,
        );
    }
    if let Some(tier) = tier {
        connector(
            facts,
            FactName::CustomerTier,
            FactValue::Word(tier.clone()),
            source,
        );
    }
    // Of a refund the charge itself may be flagged too, so an unflagged account alone says nothing yet.
    if *flagged_fraud || !matches!(known.action, Action::Refund { .. }) {
        connector(
            facts,
            FactName::AccountFlaggedFraud,
            FactValue::Truth(*flagged_fraud),
            source,
        );
    }
}

/// The charges on which money went back, if the list of charges is whole.
const fn refunded(listed: &Finding) -> Option<&Vec<ChargeId>> {
    match listed {
        Finding::Charges {
            more: false,
            refunded,
            ..
        } => Some(refunded),
        _ => None,
    }
}

/// The charges that were ever disputed, if the list of charges is whole.
const fn disputed(listed: &Finding) -> Option<&Vec<ChargeId>> {
    match listed {
        Finding::Charges {
            more: false,
            disputed,
            ..
        } => Some(disputed),
        _ => None,
    }
}

/// Facts over all charges: earlier refunds, and disputes where no charge is named. What a list does not show
/// may be worse than what it shows, so that without the whole of it nothing good is said.
fn from_charges(facts: &mut Facts, known: &Known<'_>, found: &Found<'_>) {
    if let Some(source) = found.shown_all(refunded) {
        let count = |(charge, _): &(&Charge, &EvidenceId)| i64::from(charge.refunds);
        let refunds = FactValue::Number(found.charges.values().map(count).sum());
        connector(facts, FactName::PriorRefunds, refunds, source);
    }
    if matches!(known.action, Action::Refund { .. }) {
        return;
    }
    let open = found.charges.values().find(|(c, _)| c.dispute_open);
    let read_from = open.map(|(_, source)| *source);
    if let Some(source) = read_from.or_else(|| found.shown_all(disputed)) {
        let open = FactValue::Truth(open.is_some());
        connector(facts, FactName::ChargebackOpen, open, source);
    }
}

/// Facts about the charge of a refund. The amount counts only when the charge is this customer's,
/// paid, in that currency, and has that much left.
fn from_charge(facts: &mut Facts, found: &Found<'_>, id: &ChargeId, amount: Money) {
    let Some((charge, source)) = found.charge(id) else {
        // A charge that was merely not shown may well be the requester's.
        if let Some(source) = found.foreign_charge {
            connector(
                facts,
                FactName::ChargeIsRequesters,
                FactValue::Truth(false),
                source,
            );
        }
        return;
    };
    connector(
        facts,
        FactName::ChargeIsRequesters,
        FactValue::Truth(true),
        source,
    );
    connector(
        facts,
        FactName::ChargebackOpen,
        FactValue::Truth(charge.dispute_open),
        source,
    );
    let account = match found.customer {
        Some((Finding::Customer { flagged_fraud, .. }, _)) => Some(*flagged_fraud),
        _ => None,
    };
    if charge.fraud_warning {
        connector(
            facts,
            FactName::AccountFlaggedFraud,
            FactValue::Truth(true),
            source,
        );
    } else if let Some(flagged) = account {
        let read_from = found
            .customer
            .filter(|_| flagged)
            .map_or(source, |(_, customer)| customer);
        connector(
            facts,
            FactName::AccountFlaggedFraud,
            FactValue::Truth(flagged),
            read_from,
        );
    }
    let left = charge.remaining();
    let confirmed = charge.paid
        && left.currency == amount.currency
        && 0 < amount.minor
        && amount.minor <= left.minor;
    if confirmed && found.customer.is_some() {
        connector(facts, FactName::Amount, FactValue::Money(amount), source);
    }
}

/// The amount of a change to an invoice counts when the invoice is this customer's and at least that much.
fn from_invoice(facts: &mut Facts, found: &Found<'_>, invoice: &str, amount: Money) {
    let Some((total, source)) = found.invoices.get(invoice) else {
        return;
    };
    let fits = total.currency == amount.currency && 0 < amount.minor && amount.minor <= total.minor;
    if fits {
        connector(facts, FactName::Amount, FactValue::Money(amount), source);
    }
}

/// Whole calendar months in UTC; zero when the account is from the future.
fn months_between(since: At, now: At) -> Option<i64> {
    let zoned = |at: At| -> Option<Zoned> {
        Some(
            Timestamp::from_millisecond(at.0)
                .ok()?
                .to_zoned(TimeZone::UTC),
        )
    };
    let (since, now) = (zoned(since)?, zoned(now)?);
    let span = since.until((Unit::Month, &now)).ok()?;
    Some(i64::from(span.get_months()).max(0))
}
