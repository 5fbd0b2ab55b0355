//! What connectors found, in words for cards, the terminal and stories, and what a reader must not miss in it.

use super::Case;
use super::face::shown_view;
use super::naming::day;
use crate::domain::approval::Assessment;
use crate::domain::caution::Caution;
use crate::domain::evidence::{Charge, FactName, FactValue, Finding};
use crate::domain::ticket::{Ticket, TicketField, TicketState};
use crate::domain::verdict::Signal;

/// One finding as part of a sentence: `charge ch_.. of 30.00 USD, paid on 2026-11-17, ..`.
pub(super) fn finding(finding: &Finding) -> String {
    match finding {
        Finding::Customer {
            id,
            since,
            tier,
            flagged_fraud,
        } => {
            let tier = tier
                .as_ref()
                .map_or_else(String::new, |tier| format!(", {tier} account"));
            let flag = if *flagged_fraud {
                ", FLAGGED AS FRAUD"
            } else {
                ""
            };
            format!("customer {id} since {}{tier}{flag}", day(*since))
        }
        Finding::NoSingleCustomer { count: 0 } => Caution::NoCustomer.words().into(),
        Finding::NoSingleCustomer { count } => {
            format!("{count} customers answer to this requester; it takes exactly one")
        }
        Finding::Charges {
            count,
            more,
            refunded,
            disputed,
        } => charges_line(*count, *more, refunded.len(), disputed.len()),
        Finding::Charge(charge) => charge_line(charge),
        Finding::ForeignCharge => Caution::ForeignCharge.words().into(),
        Finding::Subscription {
            id,
            status,
            period_end,
        } => format!(
            "subscription {id} is {}, its paid period ends on {}",
            status.replace('_', " "),
            day(*period_end)
        ),
        Finding::MoreSubscriptions => "there are subscriptions that could not be read".into(),
        Finding::Invoice { id, status, total } => {
            format!("invoice {id} of {total} is {}", status.replace('_', " "))
        }
        Finding::Target(state) => target(state),
    }
}

fn target(state: &TicketState) -> String {
    let fields: Vec<String> = state
        .fields
        .iter()
        .map(|(field, value)| match field {
            TicketField::Assignee => format!("is with {value}"),
            TicketField::Queue => format!("stands in the queue {value}"),
            TicketField::Priority => format!("has the priority {value}"),
        })
        .collect();
    if fields.is_empty() {
        "the ticket has no queue, priority or assignee".into()
    } else {
        format!("the ticket {}", fields.join(" and "))
    }
}

fn charges_line(count: u32, more: bool, refunded: usize, disputed: usize) -> String {
    let mut line = match (count, more) {
        (0, false) => "no charges".to_owned(),
        (1, false) => "1 charge in all".to_owned(),
        (n, false) => format!("{n} charges in all"),
        (n, true) => format!("the newest {n} charges; there are others that were not read"),
    };
    for (number, words) in [(refunded, "with money back"), (disputed, "with a dispute")] {
        if number > 0 {
            line.push_str(&format!(", {number} {words}"));
        }
    }
    line
}

fn charge_line(charge: &Charge) -> String {
    let paid = if charge.paid { "paid" } else { "NOT PAID," };
    let day = day(charge.created);
    let mut line = format!("charge {} of {}, {paid} on {day}", charge.id, charge.amount);
    line.push_str(&match (charge.refunded_minor, charge.refunds) {
        (..=0, 0) => ", nothing refunded".to_owned(),
        (_, 1) => format!(", 1 refund, {} left to refund", charge.remaining()),
        (_, n) => format!(", {n} refunds, {} left to refund", charge.remaining()),
    });
    for (truth, yes, no) in [
        (charge.dispute_open, ", DISPUTE OPEN", ", no open dispute"),
        (
            charge.fraud_warning,
            ", FRAUD WARNING",
            ", no fraud warning",
        ),
    ] {
        line.push_str(if truth { yes } else { no });
    }
    line
}

/// What must not be missed about a case and what is proposed in it, the gravest first.
pub(super) fn cautions(case: &Case, assessment: Option<&Assessment>) -> Vec<Caution> {
    let says = |name: FactName, truth: bool| {
        let fact = assessment.and_then(|assessment| assessment.facts.get(&name));
        fact.is_some_and(|fact| fact.value == FactValue::Truth(truth))
    };
    let found = |wanted: fn(&Finding) -> bool| {
        let mut all = case.evidence_in_force().flat_map(|one| &one.findings);
        all.any(wanted)
    };
    let holds = |caution: Caution| match caution {
        Caution::Unvouched => {
            let unverified = |ticket: &Ticket| !ticket.requester.verified;
            case.link().is_none() && case.ticket.as_ref().is_some_and(unverified)
        }
        Caution::ForeignCharge => {
            says(FactName::ChargeIsRequesters, false)
                || found(|one| matches!(one, Finding::ForeignCharge))
        }
        Caution::NoCustomer => found(|one| matches!(one, Finding::NoSingleCustomer { count: 0 })),
        Caution::SeveralCustomers => {
            found(|one| matches!(one, Finding::NoSingleCustomer { count: 2.. }))
        }
        Caution::ChargebackOpen => says(FactName::ChargebackOpen, true),
        Caution::FlaggedAsFraud => says(FactName::AccountFlaggedFraud, true),
        Caution::GivesOrders => {
            shown_view(case).is_some_and(|view| view.signals.contains(&Signal::Instruction))
        }
    };
    let all = Caution::ALL.iter().copied();
    all.filter(|caution| holds(*caution)).collect()
}
