//! What a policy says of this case: the one place where case state is put to the rules.

use super::Case;
use crate::domain::approval::{Assessment, Course};
use crate::domain::content::Sealed;
use crate::domain::draft::{Action, Draft, Origin};
use crate::domain::escalation::Role;
use crate::domain::evidence::Facts;
use crate::domain::policy::escalation::{Assigned, Matter};
use crate::domain::policy::{Known, Policy, Proposal};
use crate::domain::time::At;
use crate::domain::verdict::Verdict;

/// What the rules say of a draft, as the case stands at a moment; `None` before the verdict.
#[must_use]
pub fn assess(policy: &Policy, case: &Case, draft: &Draft, now: At) -> Option<Assessment> {
    let verdict = case.verdict.as_ref()?;
    let evidence = case.evidence_behind(&draft.id);
    let known = Known {
        action: &draft.action,
        verdict,
        evidence: &evidence,
        now,
    };
    let facts = policy.facts_for(&known);
    Some(policy.assess(&Proposal {
        kind: draft.action.kind(),
        amount: draft.action.amount(),
        verdict,
        facts: &facts,
        model: match &draft.origin {
            Origin::Model { model } => model,
            Origin::Code | Origin::Edit { .. } => "",
        },
        prompts: &case.prompts,
        linked: case.link_behind(&draft.id).is_some(),
        asked_at: now,
    }))
}

/// Whether the rules would still run a draft or put it to people.
#[must_use]
pub const fn permits(assessment: &Assessment) -> bool {
    matches!(
        assessment.course,
        Course::Auto | Course::ToRole { .. } | Course::Ask(_)
    )
}

/// The role that the case belongs to, and the rule that says so.
#[must_use]
pub fn role_of(policy: &Policy, verdict: &Verdict) -> Assigned {
    policy.role_of(&Matter {
        kind: None,
        verdict,
        facts: &Facts::new(),
    })
}

/// The role that has the case when the machine cannot go on.
#[must_use]
pub fn role_of_case(policy: &Policy, case: &Case) -> Role {
    case.verdict
        .as_ref()
        .map_or(Role::SupportL1, |verdict| role_of(policy, verdict).role)
}

/// Whether the policy lets a note be written on the ticket; the reason where it does not.
///
/// # Errors
/// The line of the policy that forbids it.
pub fn permits_note(policy: &Policy, case: &Case, draft: &Draft, now: At) -> Result<(), String> {
    let note = Action::AddInternalNote {
        text: Sealed(draft.rationale.0),
    };
    let note = Draft {
        action: note,
        ..draft.clone()
    };
    match assess(policy, case, &note, now).map(|assessment| assessment.course) {
        Some(Course::Auto) => Ok(()),
        Some(
            Course::Never { reason }
            | Course::RecordOnly { reason }
            | Course::Blocked { reason, .. },
        ) => Err(reason),
        Some(Course::Ask(_) | Course::ToRole { .. }) => {
            Err("the policy does not let notes be written unasked".into())
        }
        None => Err("the case was not triaged".into()),
    }
}
