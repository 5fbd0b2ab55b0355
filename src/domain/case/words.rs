//! Actions, findings and next steps in words, for cards and the terminal.

use super::Case;
use super::face::Lens;
use crate::domain::draft::{Action, Draft, Origin};
use crate::domain::escalation::{EscalationCause, Role};
use crate::domain::evidence::{Charge, Finding};

type Words = Vec<(String, String)>;

/// Parameters and whole texts, each with its label.
pub(super) fn in_words(action: &Action, lens: Lens) -> (Words, Words) {
    let pair = |label: &str, value: String| (label.to_owned(), value);
    match action {
        Action::AddLabel { label } => (vec![pair("Label", label.clone())], vec![]),
        Action::AddInternalNote { text } => (vec![], vec![pair("Internal note", lens.text(*text))]),
        Action::Assign { queue } => (vec![pair("Queue", queue.clone())], vec![]),
        Action::SetPriority { priority } => (vec![pair("Priority", priority.clone())], vec![]),
        Action::NotifyCustomer { text } => (
            vec![],
            vec![pair("Reply to the customer", lens.text(*text))],
        ),
        Action::RouteCase { role } | Action::PageOncall { role } => {
            (vec![pair("Role", role.to_string())], vec![])
        }
        Action::Refund {
            charge,
            amount,
            reason,
            confirmation,
        } => (
            vec![
                pair("Charge", charge.to_string()),
                pair("Amount", amount.to_string()),
            ],
            vec![
                pair("Reason", lens.text(*reason)),
                pair(
                    "What the customer is told afterwards",
                    lens.text(*confirmation),
                ),
            ],
        ),
        Action::Credit {
            customer,
            amount,
            reason,
        } => (
            vec![
                pair("Customer", customer.clone()),
                pair("Amount", amount.to_string()),
            ],
            vec![pair("Reason", lens.text(*reason))],
        ),
        Action::InvoiceAdjust {
            invoice,
            amount,
            reason,
        } => (
            vec![
                pair("Invoice", invoice.clone()),
                pair("Amount", amount.to_string()),
            ],
            vec![pair("Reason", lens.text(*reason))],
        ),
        Action::SubscriptionCancel {
            subscription,
            at_period_end,
            reason,
        } => {
            let when = if *at_period_end {
                "at the end of the paid period"
            } else {
                "at once"
            };
            (
                vec![
                    pair("Subscription", subscription.clone()),
                    pair("Ends", when.to_owned()),
                ],
                vec![pair("Reason", lens.text(*reason))],
            )
        }
    }
}

/// What an edit changed, field by field.
pub(super) fn changes(case: &Case, draft: &Draft, lens: Lens) -> Vec<(String, String, String)> {
    let Origin::Edit { of, .. } = &draft.origin else {
        return vec![];
    };
    let Some(earlier) = case.draft(of) else {
        return vec![];
    };
    let (old_parameters, old_texts) = in_words(&earlier.draft.action, lens);
    let (parameters, texts) = in_words(&draft.action, lens);
    let old = old_parameters.into_iter().chain(old_texts);
    let new = parameters.into_iter().chain(texts);
    old.zip(new)
        .filter(|((_, before), (_, after))| before != after)
        .map(|((label, before), (_, after))| (label, before, after))
        .collect()
}

pub(super) fn effect(action: &Action) -> String {
    match action {
        Action::AddLabel { label } => format!("Adds the label {label} to the ticket."),
        Action::AddInternalNote { .. } => "Adds a note that the customer does not see.".into(),
        Action::Assign { queue } => format!("Moves the ticket to the queue {queue}."),
        Action::SetPriority { priority } => format!("Sets the ticket's priority to {priority}."),
        Action::NotifyCustomer { .. } => "Sends this reply to the customer.".into(),
        Action::RouteCase { role } => format!("Tells {role} that the case is theirs."),
        Action::PageOncall { role } => format!("Pages the on-call of {role}."),
        Action::Refund { amount, .. } => {
            format!("Recommends to billing a refund of {amount}. No money moves: a person acts in Stripe.")
        }
        Action::Credit { amount, .. } => {
            format!("Recommends to billing a credit of {amount}. No money moves: a person acts in Stripe.")
        }
        Action::InvoiceAdjust { amount, .. } => {
            format!("Recommends to billing to change an invoice by {amount}. Nothing changes by itself.")
        }
        Action::SubscriptionCancel { .. } => {
            "Recommends to billing to end a subscription. Nothing ends by itself: a person acts in Stripe.".into()
        }
    }
}

/// The object in Stripe's dashboard. Source: Stripe, "Dashboard", links by object id.
pub(super) fn upstream(action: &Action) -> Option<String> {
    const DASHBOARD: &str = "https://dashboard.stripe.com";
    match action {
        Action::Refund { charge, .. } => Some(format!("{DASHBOARD}/payments/{charge}")),
        Action::Credit { customer, .. } => Some(format!("{DASHBOARD}/customers/{customer}")),
        Action::InvoiceAdjust { invoice, .. } => Some(format!("{DASHBOARD}/invoices/{invoice}")),
        Action::SubscriptionCancel { subscription, .. } => {
            Some(format!("{DASHBOARD}/subscriptions/{subscription}"))
        }
        _ => None,
    }
}

pub(super) fn finding(finding: &Finding) -> String {
    let day = |at: crate::domain::time::At| at.rfc3339().get(..10).unwrap_or_default().to_owned();
    match finding {
        Finding::Customer {
            id,
            since,
            tier,
            flagged_fraud,
        } => {
            let tier = tier
                .as_ref()
                .map_or_else(String::new, |tier| format!(", tier {tier}"));
            let flag = if *flagged_fraud {
                ", FLAGGED AS FRAUD"
            } else {
                ""
            };
            format!("customer {id} since {}{tier}{flag}", day(*since))
        }
        Finding::NoSingleCustomer { count } => {
            format!("{count} customers answer to this requester; expected one")
        }
        Finding::Charge(charge) => charge_line(charge, &day(charge.created)),
        Finding::ForeignCharge => "the ticket names a charge that is not this requester's".into(),
        Finding::Subscription {
            id,
            status,
            period_end,
        } => {
            format!(
                "subscription {id} is {status}, paid until {}",
                day(*period_end)
            )
        }
        Finding::Invoice { id, status, total } => format!("invoice {id} is {status}, {total}"),
        Finding::Target(state) => {
            let fields: Vec<String> = state
                .fields
                .iter()
                .map(|(field, value)| format!("{field} {value}"))
                .collect();
            format!(
                "the ticket has {}",
                if fields.is_empty() {
                    "no fields set".into()
                } else {
                    fields.join(", ")
                }
            )
        }
    }
}

fn charge_line(charge: &Charge, day: &str) -> String {
    let mut line = format!("charge {} of {} on {day}", charge.id, charge.amount);
    if charge.refunded_minor > 0 {
        line.push_str(&format!(
            ", {} left to refund after {} refunds",
            charge.remaining(),
            charge.refunds
        ));
    }
    for (truth, words) in [
        (!charge.paid, ", NOT PAID"),
        (charge.dispute_open, ", DISPUTE OPEN"),
        (charge.fraud_warning, ", FRAUD WARNING"),
    ] {
        if truth {
            line.push_str(words);
        }
    }
    line
}

/// What the role is asked to do, a line each.
pub(super) fn steps(
    case: &Case,
    cause: EscalationCause,
    role: Role,
    draft: Option<&Draft>,
) -> Vec<String> {
    let mut steps: Vec<String> = match cause {
        EscalationCause::Routed => {
            vec!["Take the case and answer the customer on the ticket.".into()]
        }
        EscalationCause::Paged => vec!["Take the case: the on-call is asked to act now.".into()],
        EscalationCause::Recommended | EscalationCause::ApprovedRecommendation => vec![
            "No money has moved. Check the charge in Stripe.".into(),
            "If you agree, do exactly what is recommended there, then say so here.".into(),
            "If you do something else, or nothing, say that instead.".into(),
        ],
        EscalationCause::Blocked => {
            vec![
                "A rule blocks this here: nobody can approve it on a card. Decide it by hand."
                    .into(),
            ]
        }
        EscalationCause::ChainExhausted | EscalationCause::Unanswered => {
            vec!["Nobody answered in time. Nothing was approved and nothing rejected. Take the case.".into()]
        }
        EscalationCause::NeedsHuman => {
            let why = case.human_needed.clone().unwrap_or_default();
            vec![
                format!("The machine could not finish. {why}"),
                "Take the case and go on by hand.".into(),
            ]
        }
        EscalationCause::UnknownOutcome => vec![
            case.human_needed.clone().unwrap_or_default(),
            "Look at the ticket before anything is sent again.".into(),
        ],
    };
    if case.identity_needed.is_some() && role == Role::Billing {
        steps.push("Nobody vouches for who asked: find out who it is first.".into());
    }
    if draft.is_some_and(|draft| draft.action.kind().is_money())
        && cause == EscalationCause::Blocked
    {
        steps.push("No money has moved.".into());
    }
    steps
}
