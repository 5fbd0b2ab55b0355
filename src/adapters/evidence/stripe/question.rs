//! The questions of the Stripe connector, and how each is written into an ask and read back.
//!
//! A finding about a charge must be whole, and one ask is one call. So the questions about one charge follow
//! each other (disputes, refunds, fraud warnings), each hands on what is known so far in the ask's own words,
//! and only the last one states the finding. A chain that breaks leaves the charge unknown, and unknown means no.

use super::route::{CustomerId, Route, charge_id};
use crate::domain::evidence::{Ask, Charge};
use crate::domain::ids::{ChargeId, SourceName};
use crate::domain::money::{Currency, Money};
use crate::domain::time::At;

/// A question, with what was known when it was asked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Question {
    /// Who is the requester?
    Customer,
    /// Who is the customer whom a person linked?
    Linked(CustomerId),
    /// Which charges has the customer?
    Charges(CustomerId),
    /// Is this charge, which the ticket names and the list did not show, the customer's?
    NamedCharge(CustomerId, ChargeId),
    /// Which subscriptions?
    Subscriptions(CustomerId),
    /// Which invoices?
    Invoices(CustomerId),
    /// Which disputes are there on this charge?
    Disputes(Charge),
    /// Which refunds?
    Refunds(Charge),
    /// Did Radar warn of fraud?
    FraudWarnings(Charge),
}

impl Question {
    /// Reads an ask; `None` when it is none of ours.
    #[must_use]
    pub fn read(ask: &Ask) -> Option<Self> {
        let subject = ask.subject.as_deref();
        let customer = || CustomerId::parse(subject?);
        Some(match ask.query.as_str() {
            "customer" => Self::Customer,
            "linked_customer" => Self::Linked(customer()?),
            "charges" => Self::Charges(customer()?),
            "named_charge" => {
                let (customer, charge) = subject?.split_once(' ')?;
                Self::NamedCharge(CustomerId::parse(customer)?, charge_id(charge)?)
            }
            "subscriptions" => Self::Subscriptions(customer()?),
            "invoices" => Self::Invoices(customer()?),
            "disputes" => Self::Disputes(read_charge(subject?)?),
            "refunds" => Self::Refunds(read_charge(subject?)?),
            "fraud_warnings" => Self::FraudWarnings(read_charge(subject?)?),
            _ => return None,
        })
    }

    /// Writes it as an ask.
    #[must_use]
    pub fn ask(&self, source: &SourceName) -> Ask {
        let (query, subject) = match self {
            Self::Customer => ("customer", None),
            Self::Linked(customer) => ("linked_customer", Some(customer.as_str().to_owned())),
            Self::Charges(customer) => ("charges", Some(customer.as_str().to_owned())),
            Self::NamedCharge(customer, charge) => {
                let subject = format!("{} {charge}", customer.as_str());
                ("named_charge", Some(subject))
            }
            Self::Subscriptions(customer) => ("subscriptions", Some(customer.as_str().to_owned())),
            Self::Invoices(customer) => ("invoices", Some(customer.as_str().to_owned())),
            Self::Disputes(charge) => ("disputes", Some(write_charge(charge))),
            Self::Refunds(charge) => ("refunds", Some(write_charge(charge))),
            Self::FraudWarnings(charge) => ("fraud_warnings", Some(write_charge(charge))),
        };
        Ask {
            source: source.clone(),
            query: query.to_owned(),
            subject,
        }
    }

    /// The route that answers it. The requester's address goes into one of them and into no ask.
    #[must_use]
    pub fn route(&self, email: Option<&str>) -> Option<Route> {
        Some(match self {
            Self::Customer => Route::CustomersByEmail(email?.to_owned()),
            Self::Linked(customer) => Route::OneCustomer(customer.clone()),
            Self::Charges(customer) => Route::ChargesOf(customer.clone()),
            Self::NamedCharge(_, charge) => Route::OneCharge(charge.clone()),
            Self::Subscriptions(customer) => Route::SubscriptionsOf(customer.clone()),
            Self::Invoices(customer) => Route::InvoicesOf(customer.clone()),
            Self::Disputes(charge) => Route::DisputesOn(charge.id.clone()),
            Self::Refunds(charge) => Route::RefundsOn(charge.id.clone()),
            Self::FraudWarnings(charge) => Route::FraudWarningsOn(charge.id.clone()),
        })
    }
}

/// `ch_1 amount=18000 usd refunded=0 at=1700000000000 paid=yes disputed=no warned=no refunds=0`
fn write_charge(charge: &Charge) -> String {
    let word = |truth: bool| if truth { "yes" } else { "no" };
    format!(
        "{} amount={} {} refunded={} at={} paid={} disputed={} warned={} refunds={}",
        charge.id,
        charge.amount.minor,
        charge.amount.currency.code(),
        charge.refunded_minor,
        charge.created.0,
        word(charge.paid),
        word(charge.dispute_open),
        word(charge.fraud_warning),
        charge.refunds,
    )
}

fn read_charge(subject: &str) -> Option<Charge> {
    let words: Vec<&str> = subject.split(' ').collect();
    let &[
        id,
        amount,
        currency,
        refunded,
        at,
        paid,
        disputed,
        warned,
        refunds,
    ] = words.as_slice()
    else {
        return None;
    };
    let truth = |text: &str, name: &str| match text.strip_prefix(name)? {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    };
    Some(Charge {
        id: charge_id(id)?,
        amount: Money {
            minor: amount.strip_prefix("amount=")?.parse().ok()?,
            currency: Currency::parse(currency)?,
        },
        refunded_minor: refunded.strip_prefix("refunded=")?.parse().ok()?,
        created: At(at.strip_prefix("at=")?.parse().ok()?),
        paid: truth(paid, "paid=")?,
        dispute_open: truth(disputed, "disputed=")?,
        fraud_warning: truth(warned, "warned=")?,
        refunds: refunds.strip_prefix("refunds=")?.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_question_survives_being_an_ask() {
        let source = SourceName::new("stripe");
        let customer = CustomerId::parse("cus_1").unwrap();
        let charge = Charge {
            id: ChargeId::new("ch_1"),
            amount: Money {
                minor: 18_000,
                currency: Currency::parse("usd").unwrap(),
            },
            refunded_minor: 500,
            created: At(1_700_000_000_000),
            paid: true,
            dispute_open: false,
            fraud_warning: true,
            refunds: 2,
        };
        for question in [
            Question::Customer,
            Question::Linked(customer.clone()),
            Question::Charges(customer.clone()),
            Question::NamedCharge(customer.clone(), ChargeId::new("ch_9")),
            Question::Subscriptions(customer.clone()),
            Question::Invoices(customer),
            Question::Disputes(charge.clone()),
            Question::Refunds(charge.clone()),
            Question::FraudWarnings(charge),
        ] {
            assert_eq!(Question::read(&question.ask(&source)), Some(question));
        }
    }

    #[test]
    fn a_foreign_ask_is_no_question() {
        let ask = |query: &str, subject: &str| Ask {
            source: SourceName::new("stripe"),
            query: query.to_owned(),
            subject: Some(subject.to_owned()),
        };
        for (query, subject) in [
            ("refund", "ch_1"),
            ("charges", "cus_1/../x"),
            ("charges", "ch_1"),
            ("linked_customer", "ch_1"),
            ("linked_customer", "cus_1/../x"),
            ("refunds", "ch_1"),
            ("named_charge", "cus_1 cus_2"),
        ] {
            assert_eq!(Question::read(&ask(query, subject)), None, "{query}");
        }
    }
}
