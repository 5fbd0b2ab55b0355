//! Actions, findings and next steps in words, for cards and the terminal.

use super::Case;
use super::face::Lens;
use super::naming::role_name;
use crate::domain::draft::{Action, Draft, Origin};
use crate::domain::escalation::{Escalation, EscalationCause};
use crate::domain::evidence::Ask;

type Words = Vec<(String, String)>;

/// Parameters and whole texts, each with its label.
pub(super) fn in_words(action: &Action, lens: Lens) -> (Words, Words) {
    let texts = labels(action)
        .iter()
        .zip(action.texts())
        .map(|(&label, text)| pair(label, lens.text(text)))
        .collect();
    (parameters(action), texts)
}

fn pair(label: &str, value: impl Into<String>) -> (String, String) {
    (label.to_owned(), value.into())
}

fn parameters(action: &Action) -> Words {
    match action {
        Action::AddLabel { label } => vec![pair("Label", label)],
        Action::AddInternalNote { .. } | Action::NotifyCustomer { .. } => vec![],
        Action::Assign { queue } => vec![pair("Queue", queue)],
        Action::SetPriority { priority } => vec![pair("Priority", priority)],
        Action::RouteCase { role } | Action::PageOncall { role } => {
            vec![pair("Role", role.word())]
        }
        Action::Refund { charge, amount, .. } => vec![
            pair("Charge", charge.as_str()),
            pair("Amount", amount.to_string()),
        ],
        Action::Credit {
            customer, amount, ..
        } => vec![
            pair("Customer", customer),
            pair("Amount", amount.to_string()),
        ],
        Action::InvoiceAdjust {
            invoice, amount, ..
        } => vec![pair("Invoice", invoice), pair("Amount", amount.to_string())],
        Action::SubscriptionCancel {
            subscription,
            at_period_end,
            ..
        } => {
            let when = if *at_period_end {
                "at the end of the paid period"
            } else {
                "at once"
            };
            vec![pair("Subscription", subscription), pair("Ends", when)]
        }
    }
}

/// The labels of [`Action::texts`], in the same order.
const fn labels(action: &Action) -> &'static [&'static str] {
    match action {
        Action::AddInternalNote { .. } => &["Internal note"],
        Action::NotifyCustomer { .. } => &["Reply to the customer"],
        Action::Refund { .. } => &["Reason", "What the customer is told afterwards"],
        Action::Credit { .. }
        | Action::InvoiceAdjust { .. }
        | Action::SubscriptionCancel { .. } => &["Reason"],
        Action::AddLabel { .. }
        | Action::Assign { .. }
        | Action::SetPriority { .. }
        | Action::RouteCase { .. }
        | Action::PageOncall { .. } => &[],
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

/// How far the action reaches.
pub(super) const fn scope(action: &Action) -> &'static str {
    match action {
        Action::PageOncall { .. } => "whoever is on call, and one ticket",
        Action::NotifyCustomer { .. } => "one ticket; the customer sees it",
        Action::Refund { .. } => "one charge of one customer, by the hand of a person",
        Action::Credit { .. }
        | Action::InvoiceAdjust { .. }
        | Action::SubscriptionCancel { .. } => "one customer, by the hand of a person",
        _ => "one ticket; the customer does not see it",
    }
}

pub(super) fn effect(action: &Action) -> String {
    match action {
        Action::AddLabel { label } => format!("Adds the label {label} to the ticket."),
        Action::AddInternalNote { .. } => "Adds a note that the customer does not see.".into(),
        Action::Assign { queue } => format!("Moves the ticket to the queue {queue}."),
        Action::SetPriority { priority } => format!("Sets the ticket's priority to {priority}."),
        Action::NotifyCustomer { .. } => "Sends this reply to the customer.".into(),
        Action::RouteCase { role } => format!("Hands the case to {}.", role_name(*role)),
        Action::PageOncall { role } => {
            format!("Pages whoever is on call for {}.", role_name(*role))
        }
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

/// What the role is asked to do, a line each.
pub(super) fn steps(case: &Case, escalation: &Escalation, draft: Option<&Draft>) -> Vec<String> {
    let mut steps: Vec<String> = by_cause(escalation);
    let money_matter = case
        .verdict
        .as_ref()
        .is_some_and(|verdict| verdict.category.is_money());
    let unknown = case.identity_needed.is_some();
    let still_read = !case.drafted && case.human_needed.is_none() && !unknown;
    if escalation.cause == EscalationCause::Routed && money_matter && still_read {
        steps.insert(
            0,
            "What Stripe shows is being read. A recommendation, if there is one, follows on a card of its own, which takes the place of this one."
                .into(),
        );
    }
    steps.extend(unanswered(case));
    if let Some(reason) = &case.identity_needed {
        steps.push(reason.clone());
        steps.push(
            "Find out who asked, and link the customer: then it is read and drafted again.".into(),
        );
    }
    let answers = draft.and_then(|draft| draft.target.revision);
    if answers.is_some_and(|revision| revision != case.revision) {
        steps.insert(
            0,
            "The customer has written since this was drafted: read the ticket before you act."
                .into(),
        );
    }
    steps
}

/// Which sources did not answer in time, and about what: it is not known, so a person looks there.
fn unanswered(case: &Case) -> Option<String> {
    let asked = |ask: &Ask| format!("{} ({})", ask.source, ask.query.replace('_', " "));
    let asks: Vec<String> = case.unanswered.iter().map(asked).collect();
    let sources = asks.join(", ");
    (!asks.is_empty()).then(|| {
        format!("No answer came in time from {sources}. What it would say is not known: look there before you act.")
    })
}

fn by_cause(escalation: &Escalation) -> Vec<String> {
    let lines = |lines: &[&str]| lines.iter().map(|&line| line.to_owned()).collect();
    match escalation.cause {
        EscalationCause::Routed => lines(&["Take the case and answer the customer on the ticket."]),
        EscalationCause::Paged => lines(&["Take the case: the on-call is asked to act now."]),
        EscalationCause::Recommended | EscalationCause::ApprovedRecommendation => lines(&[
            "Check the charge in Stripe. If you agree, do there exactly what is recommended, and say so here.",
            "If you do something else, or nothing, say that instead.",
        ]),
        EscalationCause::Blocked => {
            lines(&["Look at it in Stripe and decide by hand what happens."])
        }
        EscalationCause::ChainExhausted | EscalationCause::Unanswered => lines(&[
            "Nobody answered in time. Nothing was approved and nothing rejected. Take the case.",
        ]),
        EscalationCause::NeedsHuman => vec![
            format!("The machine could not finish. {}", escalation.rule),
            "Take the case and go on by hand.".into(),
        ],
        EscalationCause::UnknownOutcome => vec![
            escalation.rule.clone(),
            "Look at the ticket before anything is sent again.".into(),
        ],
    }
}
