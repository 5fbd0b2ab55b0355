//! What an answer of Stripe means: findings, the reduced text that is kept, and what is asked next.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::question::Question;
use super::route::{CustomerId, PAGE, charge_id};
use super::wire::{
    Charge, Customer, Dispute, FraudWarning, Invoice, List, Refund, Subscription, Which, is_on,
};
use crate::domain::evidence as found;
use crate::domain::evidence::Finding;
use crate::ports::{PortError, Subject};

/// So many charges are looked at closely: those that the ticket names, then the newest.
const CLOSELY: usize = 5;

/// So many named charges are looked up by id; a ticket that names more is not about a refund.
const SOUGHT: usize = 5;

/// What was understood of one answer.
pub struct Reading {
    /// What is kept of it, as JSON text.
    pub body: String,
    /// What was found.
    pub findings: Vec<Finding>,
    /// What is asked next.
    pub next: Vec<Question>,
}

/// The kept part of a list, which says so when it is not the whole list.
#[derive(Serialize)]
struct Kept<'a, T> {
    data: &'a [T],
    #[serde(skip_serializing_if = "Option::is_none")]
    cut: Option<String>,
}

impl Reading {
    /// Reads the answer to a question.
    ///
    /// # Errors
    ///
    /// `Again` when it is not the JSON that Stripe documents: a broken answer says nothing about the next one.
    pub fn of(question: &Question, body: &[u8], subject: &Subject) -> Result<Self, PortError> {
        match question {
            Question::Customer => customer(&list(body)?, subject),
            Question::Linked(customer) => linked(body, customer),
            Question::Charges(customer) => charges(list(body)?, customer, subject),
            Question::NamedCharge(customer, id) => {
                let one: Charge = serde_json::from_slice(body).map_err(|_| unreadable())?;
                if one.id != id.as_str() || !is_of(one.customer.as_deref(), customer) {
                    return Self::of_somebody_else();
                }
                let next = one.known().map(|charge| first_about(charge, true));
                let list = List {
                    data: vec![one],
                    has_more: false,
                };
                Self::kept(&list, vec![], next.into_iter().collect())
            }
            Question::Subscriptions(customer) => {
                let mut list: List<Subscription> = list(body)?;
                list.data
                    .retain(|one| is_of(one.customer.as_deref(), customer));
                let mut findings: Vec<Finding> =
                    list.data.iter().filter_map(Subscription::finding).collect();
                if list.has_more || findings.len() < list.data.len() {
                    findings.push(Finding::MoreSubscriptions);
                }
                Self::kept(&list, findings, vec![])
            }
            Question::Invoices(customer) => {
                let mut list: List<Invoice> = list(body)?;
                list.data
                    .retain(|one| is_of(one.customer.as_deref(), customer));
                let findings = list.data.iter().filter_map(Invoice::finding).collect();
                Self::kept(&list, findings, vec![])
            }
            Question::Disputes(charge) => disputes(list(body)?, charge.clone(), subject),
            Question::Refunds(charge) => refunds(list(body)?, charge.clone()),
            Question::FraudWarnings(charge) => {
                let mut charge = charge.clone();
                let mut list: List<FraudWarning> = list(body)?;
                list.data
                    .retain(|one| is_on(one.charge.as_deref(), &charge.id));
                charge.fraud_warning |= list.has_more || !list.data.is_empty();
                Self::kept(&list, vec![Finding::Charge(charge)], vec![])
            }
        }
    }

    /// The answer for a charge that is not the customer's and for one that does not exist. Nothing tells the
    /// two apart.
    ///
    /// # Errors
    ///
    /// None in practice: an empty list can be written.
    pub fn of_somebody_else() -> Result<Self, PortError> {
        let nothing: List<Charge> = List::default();
        Self::kept(&nothing, vec![Finding::ForeignCharge], vec![])
    }

    fn kept<T: Serialize>(
        list: &List<T>,
        findings: Vec<Finding>,
        next: Vec<Question>,
    ) -> Result<Self, PortError> {
        let cut = list
            .has_more
            .then(|| format!("there are more; only the newest {PAGE} were read"));
        let kept = Kept {
            data: &list.data,
            cut,
        };
        let body = serde_json::to_string(&kept).map_err(|_| unreadable())?;
        Ok(Self {
            body,
            findings,
            next,
        })
    }
}

fn list<T: DeserializeOwned>(body: &[u8]) -> Result<List<T>, PortError> {
    serde_json::from_slice(body).map_err(|_| unreadable())
}

fn unreadable() -> PortError {
    PortError::Again {
        why: "Stripe's answer could not be read".into(),
        after: None,
    }
}

/// What Stripe lists for a customer is taken only if it says itself that it is the customer's.
fn is_of(owner: Option<&str>, customer: &CustomerId) -> bool {
    owner == Some(customer.as_str())
}

fn customer(list: &List<Customer>, subject: &Subject) -> Result<Reading, PortError> {
    let email = subject.email.as_deref().unwrap_or_default().trim();
    let same = |one: &&Customer| {
        let theirs = one.email.as_deref().unwrap_or_default();
        !one.deleted && theirs.trim().eq_ignore_ascii_case(email)
    };
    let answering: Vec<&Customer> = list.data.iter().filter(same).collect();
    let single = match answering.as_slice() {
        [one] if !list.has_more => CustomerId::parse(&one.id).map(|id| (*one, id)),
        _ => None,
    };
    let Some((one, id)) = single else {
        let count = u32::try_from(answering.len()).unwrap_or(u32::MAX);
        // Which customers answer is nobody's business until it is known which of them asks.
        let nothing: List<Customer> = List::default();
        return Reading::kept(&nothing, vec![Finding::NoSingleCustomer { count }], vec![]);
    };
    known(one, id)
}

/// The customer is known: what is kept of it, and what is asked about it.
fn known(one: &Customer, id: CustomerId) -> Result<Reading, PortError> {
    let next = vec![
        Question::Charges(id.clone()),
        Question::Subscriptions(id.clone()),
        Question::Invoices(id),
    ];
    let kept = Kept {
        data: &[one],
        cut: None,
    };
    Ok(Reading {
        body: serde_json::to_string(&kept).map_err(|_| unreadable())?,
        findings: vec![one.finding()],
        next,
    })
}

/// The customer whom a person linked, if Stripe answers with that one. Of a deleted one it keeps the id alone.
fn linked(body: &[u8], customer: &CustomerId) -> Result<Reading, PortError> {
    let no = |why: &str| Err(PortError::No { why: why.into() });
    let which: Which = serde_json::from_slice(body).map_err(|_| unreadable())?;
    if which.id != customer.as_str() {
        return no("Stripe answered with another customer");
    }
    if which.deleted {
        return no("this customer was deleted in Stripe");
    }
    let one: Customer = serde_json::from_slice(body).map_err(|_| unreadable())?;
    known(&one, customer.clone())
}

/// The newest charges. A charge that the ticket names and that a whole list does not show is foreign without
/// being asked for; where the list goes on, it is looked up by its id.
fn charges(
    mut list: List<Charge>,
    customer: &CustomerId,
    subject: &Subject,
) -> Result<Reading, PortError> {
    list.data
        .retain(|one| is_of(one.customer.as_deref(), customer));
    let named = |one: &Charge| subject.mentions.iter().any(|id| one.is_named(id));
    let (mut close, mut others): (Vec<&Charge>, Vec<&Charge>) =
        list.data.iter().partition(|one| named(one));
    others.retain(|one| one.paid);
    others.sort_by_key(|one| std::cmp::Reverse(one.created));
    close.extend(others);
    close.truncate(CLOSELY);
    let mut next: Vec<Question> = close
        .iter()
        .filter_map(|one| Some(first_about(one.known()?, named(one))))
        .collect();
    let shown = |id: &String| list.data.iter().any(|one| one.is_named(id));
    let missing: Vec<&String> = subject.mentions.iter().filter(|id| !shown(id)).collect();
    let mut findings = vec![overview(&list)];
    if list.has_more {
        let sought = missing.iter().filter_map(|id| charge_id(id)).take(SOUGHT);
        next.extend(sought.map(|id| Question::NamedCharge(customer.clone(), id)));
    } else if !missing.is_empty() {
        findings.push(Finding::ForeignCharge);
    }
    Reading::kept(&list, findings, next)
}

/// What the list says as a whole, so that rules know what they were not shown.
fn overview(list: &List<Charge>) -> Finding {
    let known: Vec<(&Charge, found::Charge)> = list
        .data
        .iter()
        .filter_map(|one| Some((one, one.known()?)))
        .collect();
    let ids = |wanted: fn(&Charge) -> bool| {
        let those = known.iter().filter(|(one, _)| wanted(one));
        those.map(|(_, charge)| charge.id.clone()).collect()
    };
    Finding::Charges {
        count: u32::try_from(known.len()).unwrap_or(u32::MAX),
        more: list.has_more || known.len() < list.data.len(),
        refunded: ids(|one| one.amount_refunded > 0),
        disputed: ids(|one| one.disputed),
    }
}

/// A charge that was never disputed nor refunded answers those two questions itself, unless the ticket is about it.
fn first_about(charge: found::Charge, named: bool) -> Question {
    if charge.dispute_open || named {
        Question::Disputes(charge)
    } else {
        after_disputes(charge, named)
    }
}

fn after_disputes(charge: found::Charge, named: bool) -> Question {
    if charge.refunds > 0 || named {
        Question::Refunds(charge)
    } else {
        Question::FraudWarnings(charge)
    }
}

/// A lost dispute has taken the money back already, so that what can still be refunded shrinks by it. When there
/// are more disputes than were read, what they took is not known, and the charge stays unknown.
fn disputes(
    mut list: List<Dispute>,
    mut charge: found::Charge,
    subject: &Subject,
) -> Result<Reading, PortError> {
    if list.has_more {
        return Reading::kept(&list, vec![], vec![]);
    }
    list.data
        .retain(|one| is_on(one.charge.as_deref(), &charge.id));
    // A charge that says it was disputed, without a dispute that can be read, stays disputed.
    charge.dispute_open =
        list.data.iter().any(Dispute::open) || (charge.dispute_open && list.data.is_empty());
    let taken = sum(list
        .data
        .iter()
        .filter(|one| one.lost())
        .map(|one| one.amount));
    let gone = charge.refunded_minor.saturating_add(taken);
    charge.refunded_minor = gone.min(charge.amount.minor);
    let named = subject.mentions.iter().any(|id| id == charge.id.as_str());
    Reading::kept(&list, vec![], vec![after_disputes(charge, named)])
}

/// When there are more refunds than were read, they cannot be counted, and the charge stays unknown.
fn refunds(mut list: List<Refund>, mut charge: found::Charge) -> Result<Reading, PortError> {
    if list.has_more {
        return Reading::kept(&list, vec![], vec![]);
    }
    list.data
        .retain(|one| is_on(one.charge.as_deref(), &charge.id));
    let counted: Vec<&Refund> = list.data.iter().filter(|one| one.counts()).collect();
    let back = sum(counted.iter().map(|one| one.amount));
    charge.refunded_minor = charge.refunded_minor.max(back).min(charge.amount.minor);
    let count = u32::try_from(counted.len()).unwrap_or(u32::MAX);
    charge.refunds = charge.refunds.max(count);
    Reading::kept(&list, vec![], vec![Question::FraudWarnings(charge)])
}

fn sum(amounts: impl Iterator<Item = i64>) -> i64 {
    amounts.fold(0, |sum, amount| sum.saturating_add(amount.max(0)))
}
