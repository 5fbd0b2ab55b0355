//! Approve with changes: a new draft by that person, assessed afresh.

use super::Unfolding;
use super::asking::{follow, note, request, superseded};
use super::clicks::approve;
use super::standing::named;
use crate::domain::approval::{Asking, Assessment, Course, Decision, RequestProgress};
use crate::domain::case::context::Context;
use crate::domain::case::event::CaseEvent;
use crate::domain::case::refusal::{Refusal, RefusalCode as Code};
use crate::domain::case::{Case, judge};
use crate::domain::draft::{Action, Draft, Origin};
use crate::domain::ids::DraftId;

/// At the same or a lower tier the edit counts as this person's approval of the new draft, once. At a
/// higher tier, or where the rule does not name this person for the new amount, it counts for nothing,
/// and the new draft is put to whoever the rules name.
pub(super) fn edit(
    case: &Case,
    progress: &RequestProgress,
    action: Action,
    decision: Decision,
    ctx: &Context,
) -> Result<Vec<CaseEvent>, Refusal> {
    let draft = changed(case, progress, action, &decision)?;
    let assessment = judge::assess(ctx.policy, case, &draft, ctx.now).ok_or_else(|| {
        bad("The customer has written again and the case is being read; nothing was changed.")
    })?;
    if let Course::Never { reason }
    | Course::Blocked { reason, .. }
    | Course::RecordOnly { reason } = &assessment.course
    {
        return Err(bad(&format!(
            "The policy does not allow the changed draft: {reason}."
        )));
    }
    let why = format!("<@{}> changed the draft.", decision.person.user);
    let mut unfolding = Unfolding::of(case, ctx);
    unfolding.then(CaseEvent::DraftProposed {
        draft: draft.clone(),
    });
    unfolding.then(CaseEvent::RiskAssessed {
        draft: draft.id.clone(),
        assessment: assessment.clone(),
    });
    let Some(asking) = asking(progress, &assessment) else {
        unfolding.then(superseded(progress, &why, None));
        let following = follow(&unfolding.case, &draft, &assessment, ctx);
        unfolding.then_all(following);
        return Ok(unfolding.events);
    };
    let counts = assessment.tier <= progress.request.tier && names(&asking, &draft, &decision, ctx);
    let follows = Some(&progress.request);
    let successor = request(&unfolding.case, &draft, &assessment, (asking, follows), ctx);
    let id = successor.id.clone();
    unfolding.then(superseded(progress, &why, Some(id.clone())));
    let decision = Decision {
        subject: successor.subject,
        ..decision
    };
    unfolding.then(CaseEvent::ApprovalRequested { request: successor });
    let opened = unfolding.case.request(&id).filter(|_| counts);
    let decided = opened.map(|opened| approve(&unfolding.case, opened, decision, ctx));
    unfolding.then_all(decided.unwrap_or_default());
    // What still waits for somebody is a new proposal, and stands on the ticket as one.
    if !draft.action.kind().reversible() && unfolding.case.pending().any(|one| one.request.id == id)
    {
        unfolding.then(note(&draft));
    }
    Ok(unfolding.events)
}

/// The draft as the person wants it. The reason of the edit is why it is proposed.
fn changed(
    case: &Case,
    progress: &RequestProgress,
    action: Action,
    decision: &Decision,
) -> Result<Draft, Refusal> {
    let old = case
        .draft(&progress.request.draft)
        .ok_or_else(|| bad("The draft is not there any more."))?;
    same_kind(&old.draft.action, &action)?;
    Ok(Draft {
        id: DraftId::new(case.id.nth('d', case.drafts.len() + 1)),
        action,
        rationale: decision.reason.unwrap_or(old.draft.rationale),
        origin: Origin::Edit {
            editor: decision.person.clone(),
            of: old.draft.id.clone(),
        },
        ..old.draft.clone()
    })
}

/// How the new draft is asked about: `None` where the rules of a higher tier ask nobody and send the case
/// to a role.
fn asking(progress: &RequestProgress, assessment: &Assessment) -> Option<Asking> {
    let request = &progress.request;
    match &assessment.course {
        Course::Ask(asking) if assessment.tier > request.tier => Some(asking.clone()),
        Course::Ask(asking)
            if assessment.tier == request.tier
                && asking.approver_rule != request.asking.approver_rule
                && !asking.then.contains(&request.asking.approver_rule) =>
        {
            Some(asking.clone())
        }
        Course::ToRole { .. } if assessment.tier > request.tier => None,
        // The people who were asked stay the people who are asked, and the clock goes on.
        _ => Some(request.asking.clone()),
    }
}

/// Whether the rule names the editor for the draft as it is now.
fn names(asking: &Asking, draft: &Draft, decision: &Decision, ctx: &Context) -> bool {
    let who = (&asking.approver_rule, draft.action.amount());
    let standing = &decision.eligibility.standing;
    named(ctx.policy, who, &decision.person, standing, ctx).is_ok()
}

/// An edit changes amounts and words, never what is done or to which object.
fn same_kind(old: &Action, new: &Action) -> Result<(), Refusal> {
    if old == new {
        return Err(bad("Nothing was changed."));
    }
    let same = old.kind() == new.kind() && old.done_to() == new.done_to();
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
