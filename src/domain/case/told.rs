//! What a person is told when a click did something.

use super::context::Context;
use super::event::CaseEvent;
use crate::domain::approval::{RequestState, Verb};

/// What a command did, in a sentence for its sender.
#[must_use]
pub fn sentence(events: &[CaseEvent], ctx: &Context) -> String {
    let mut said: Vec<String> = events.iter().filter_map(|event| one(event, ctx)).collect();
    let happened = |wanted: fn(&CaseEvent) -> bool| events.iter().any(wanted);
    let decided = happened(|event| matches!(event, CaseEvent::Decided { .. }));
    let edited = happened(|event| matches!(event, CaseEvent::DraftProposed { .. }));
    let withdrawn = happened(|event| {
        matches!(
            event,
            CaseEvent::Settled {
                state: RequestState::Superseded,
                ..
            }
        )
    });
    let ended = happened(|event| {
        matches!(
            event,
            CaseEvent::Settled {
                state: RequestState::Approved | RequestState::Rejected,
                ..
            }
        )
    });
    if edited && withdrawn && !decided {
        said.push("Your edit is recorded. It is not yours to approve, so others are asked.".into());
    }
    if decided && !ended {
        said.push("Somebody else has to approve it too.".into());
    }
    if said.is_empty() {
        "Recorded.".into()
    } else {
        said.join(" ")
    }
}

fn one(event: &CaseEvent, ctx: &Context) -> Option<String> {
    let said = match event {
        CaseEvent::Decided { decision, .. } => match decision.verb {
            Verb::Approve => "Your approval is recorded.",
            Verb::Edit => "Your edit is recorded as your approval of the changed draft.",
            Verb::Reject => "Your rejection is recorded.",
        },
        CaseEvent::Settled {
            state: RequestState::Approved,
            not_before: Some(_),
            ..
        } => return Some(goes_out(ctx)),
        CaseEvent::Settled {
            state: RequestState::Approved,
            not_before: None,
            ..
        } => "Billing has the case now. No money has moved.",
        CaseEvent::Settled {
            state: RequestState::Undone,
            ..
        } => "It was taken back before it went out, and is asked again.",
        CaseEvent::EscalationTaken { .. } => "The case is yours.",
        CaseEvent::EscalationResolved { .. } => "The case is resolved.",
        CaseEvent::CustomerLinked { customer, .. } => {
            return Some(format!(
                "{customer} is linked to this case, and your name stands with it. What Stripe shows is read now and \
                 drafts are made again; somebody else has to approve them."
            ));
        }
        CaseEvent::BillingAnswered { .. } => "Your answer is recorded.",
        _ => return None,
    };
    Some(said.into())
}

/// A decision counts while writes are held; only the write waits.
fn goes_out(ctx: &Context) -> String {
    match (&ctx.paused, ctx.pinned) {
        (Some(reason), _) => {
            format!("Countersign is paused ({reason}), so it waits until writes are resumed.")
        }
        (None, false) => {
            "The policy in force is not the pinned one, so it waits until a policy is pinned."
                .into()
        }
        (None, true) => "It goes out as the card says.".into(),
    }
}
