//! What an answer of Stripe means: findings, the reduced text that is kept, and what is asked next.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::question::{Page, Question};
use super::route::{CustomerId, PAGE, charge_id};
use super::wire::{
    Charge, Customer, Dispute, FraudWarning, Invoice, List, Refund, Subscription, is_on,
};
use crate::domain::evidence as found;
use crate::domain::evidence::Finding;
use crate::ports::{PortError, Subject};

/// So many charges are looked at closely: those that the ticket names, then the newest.
const CLOSELY: usize = 5;

/// So many pages of charges are read at most, the later ones only to find a charge that the ticket names.
const PAGES: u8 = 3;

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
            Question::Charges(customer, page) => charges(list(body)?, customer, page, subject),
            Question::Subscriptions(customer) => {
                let mut list: List<Subscription> = list(body)?;
                list.data
                    .retain(|one| is_of(one.customer.as_deref(), customer));
                let findings = list.data.iter().filter_map(Subscription::finding);
                Self::kept(&list, findings.collect(), vec![])
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
                charge.fraud_warning |= !list.data.is_empty();
                Self::kept(&list, vec![Finding::Charge(charge)], vec![])
            }
        }
    }

    fn kept<T: Serialize>(
        list: &List<T>,
        findings: Vec<Finding>,
        next: Vec<Question>,
    ) -> Result<Self, PortError> {
        let cut = list
            .has_more
            .then(|| format!("there are more; only the newest {PAGE} of this page were read"));
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
        let nothing: List<Customer> = List {
            data: vec![],
            has_more: false,
        };
        return Reading::kept(&nothing, vec![Finding::NoSingleCustomer { count }], vec![]);
    };
    let next = vec![
        Question::Charges(id.clone(), Page::First),
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

/// One page of charges. A charge that the ticket names and that is on none of the customer's pages is foreign:
/// it is never asked for. When the pages were cut it is not known whose it is, and nothing is said about it.
fn charges(
    mut list: List<Charge>,
    customer: &CustomerId,
    page: &Page,
    subject: &Subject,
) -> Result<Reading, PortError> {
    list.data
        .retain(|one| is_of(one.customer.as_deref(), customer));
    let sought = match page {
        Page::First => &subject.mentions,
        Page::Later { seeking, .. } => seeking,
    };
    let named = |one: &Charge| sought.iter().any(|id| one.is_named(id));
    let (mut close, others): (Vec<&Charge>, Vec<&Charge>) =
        list.data.iter().partition(|one| named(one));
    if *page == Page::First {
        let mut others: Vec<&Charge> = others.into_iter().filter(|one| one.paid).collect();
        others.sort_by_key(|one| std::cmp::Reverse(one.created));
        close.extend(others);
    }
    close.truncate(CLOSELY);
    let mut next: Vec<Question> = close
        .iter()
        .filter_map(|one| Some(first_about(one.known()?, named(one))))
        .collect();
    let missing = |id: &&String| !list.data.iter().any(|one| one.is_named(id));
    let missing: Vec<String> = sought.iter().filter(missing).cloned().collect();
    let foreign = !missing.is_empty() && !list.has_more;
    next.extend(older(&list, customer, page, missing));
    let findings = foreign.then_some(Finding::ForeignCharge);
    Reading::kept(&list, findings.into_iter().collect(), next)
}

/// The page after this one, if something is still sought and one more may be read.
fn older(
    list: &List<Charge>,
    customer: &CustomerId,
    page: &Page,
    seeking: Vec<String>,
) -> Option<Question> {
    let number = match page {
        Page::First => 1,
        Page::Later { number, .. } => *number,
    };
    let after = charge_id(&list.data.last().filter(|_| list.has_more)?.id)?;
    let later = Page::Later {
        number: number + 1,
        after,
        seeking,
    };
    let worth = number < PAGES && !later.seeks_nothing();
    worth.then(|| Question::Charges(customer.clone(), later))
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

/// A lost dispute has taken the money back already, so that what can still be refunded shrinks by it.
fn disputes(
    mut list: List<Dispute>,
    mut charge: found::Charge,
    subject: &Subject,
) -> Result<Reading, PortError> {
    list.data
        .retain(|one| is_on(one.charge.as_deref(), &charge.id));
    // A charge that says it was disputed, without a dispute that can be read, stays disputed.
    charge.dispute_open = list.has_more
        || list.data.iter().any(Dispute::open)
        || (charge.dispute_open && list.data.is_empty());
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

fn refunds(mut list: List<Refund>, mut charge: found::Charge) -> Result<Reading, PortError> {
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
