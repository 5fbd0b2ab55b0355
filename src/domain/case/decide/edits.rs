//! Approve with changes: a new draft by that person, assessed afresh.

use super::asking::{request, superseded};
use super::clicks::approve;
use crate::domain::approval::{Course, Decision, RequestProgress};
use crate::domain::case::context::Context;
use crate::domain::case::event::CaseEvent;
use crate::domain::case::refusal::{Refusal, RefusalCode as Code};
use crate::domain::case::{Case, judge};
use crate::domain::draft::{Action, Draft, Origin};
use crate::domain::ids::DraftId;

/// At the same or a lower tier the edit counts as this person's approval of the new draft, once. At a
/// higher tier it counts for nothing, and the new draft is put to whoever that tier names.
pub(super) fn edit(
    case: &Case,
    progress: &RequestProgress,
    action: Action,
    decision: Decision,
    ctx: &Context,
) -> Result<Vec<CaseEvent>, Refusal> {
    let old = case
        .draft(&progress.request.draft)
        .ok_or_else(|| bad("The draft is not there any more."))?;
    same_kind(&old.draft.action, &action)?;
    let draft = Draft {
        id: DraftId::new(case.id.nth('d', case.drafts.len() + 1)),
        action,
        origin: Origin::Edit {
            editor: decision.person.clone(),
            of: old.draft.id.clone(),
        },
        ..old.draft.clone()
    };
    let assessment = judge::assess(ctx.policy, case, &draft, ctx.now)
        .ok_or_else(|| bad("The case was not triaged."))?;
    let higher = assessment.tier > progress.request.tier;
    let asking = match &assessment.course {
        Course::Never { reason }
        | Course::Blocked { reason, .. }
        | Course::RecordOnly { reason } => {
            return Err(bad(&format!(
                "The policy does not allow the changed draft: {reason}"
            )));
        }
        Course::Ask(asking) if higher => asking.clone(),
        // The people who were asked stay the people who are asked, and the clock goes on.
        _ => progress.request.asking.clone(),
    };
    let mut events = vec![
        CaseEvent::DraftProposed {
            draft: draft.clone(),
        },
        CaseEvent::RiskAssessed {
            draft: draft.id.clone(),
            assessment: assessment.clone(),
        },
    ];
    let mut edited = case.clone();
    for event in &events {
        edited.apply(ctx.now, event);
    }
    let successor = request(
        &edited,
        &draft,
        &assessment,
        asking,
        Some(&progress.request),
        ctx,
    );
    let why = format!("<@{}> changed the draft.", decision.person.user);
    events.push(superseded(progress, &why, Some(successor.id.clone())));
    events.push(CaseEvent::ApprovalRequested {
        request: successor.clone(),
    });
    if !higher {
        for event in &events[2..] {
            edited.apply(ctx.now, event);
        }
        let decision = Decision {
            subject: successor.subject,
            ..decision
        };
        if let Some(opened) = edited.request(&successor.id) {
            events.extend(approve(&edited, opened, decision, ctx));
        }
    }
    Ok(events)
}

/// An edit changes amounts and words, never what is done or to which object.
fn same_kind(old: &Action, new: &Action) -> Result<(), Refusal> {
    if old == new {
        return Err(bad("Nothing was changed."));
    }
    let same = match (old, new) {
        (Action::Refund { charge: a, .. }, Action::Refund { charge: b, .. }) => a == b,
        (Action::Credit { customer: a, .. }, Action::Credit { customer: b, .. })
        | (Action::InvoiceAdjust { invoice: a, .. }, Action::InvoiceAdjust { invoice: b, .. })
        | (
            Action::SubscriptionCancel {
                subscription: a, ..
            },
            Action::SubscriptionCancel {
                subscription: b, ..
            },
        ) => a == b,
        _ => old.kind() == new.kind(),
    };
    if !same {
        return Err(bad("An edit keeps the action and what it is done to."));
    }
    match (old.amount(), new.amount()) {
        (Some(a), Some(b)) if a.currency != b.currency => Err(bad("An edit keeps the currency.")),
        (_, Some(amount)) if amount.minor <= 0 => Err(bad("The amount must be above zero.")),
        _ => Ok(()),
    }
}

fn bad(sentence: &str) -> Refusal {
    Refusal::new(
        Code::BadEdit,
        sentence,
        "Change the draft and send it again, or reject it with the reason.",
    )
}
