//! From drafts to what the rules make of them.

use super::asking::{follow, needs_human};
use super::reading::is_money;
use crate::domain::case::command::Proposal;
use crate::domain::case::context::Context;
use crate::domain::case::event::{CaseEvent, Receipt};
use crate::domain::case::refusal::Refusal;
use crate::domain::case::{Case, judge};
use crate::domain::content::Sealed;
use crate::domain::draft::{Action, ActionKind, Draft, Origin, Target};
use crate::domain::escalation::{EscalationCause, Role};
use crate::domain::evidence::Finding;
use crate::domain::ids::{DraftId, EvidenceId};

/// From this severity on, the on-call is paged, after a support lead has agreed.
const PAGING_SEVERITY: u8 = 3;

pub(super) fn record_drafts(
    case: &Case,
    revision: u32,
    proposals: Vec<Proposal>,
    receipt: Receipt,
    ctx: &Context,
) -> Result<Vec<CaseEvent>, Refusal> {
    let model = receipt.model.clone();
    let mut events = vec![CaseEvent::ModelCalled { receipt }];
    if revision != case.revision {
        return Ok(events);
    }
    if let Some(why) = proposals.iter().find_map(|proposal| fault(case, proposal)) {
        events.extend(needs_human(case, &why, EscalationCause::NeedsHuman, ctx));
        return Ok(events);
    }
    if proposals.is_empty() {
        let why = "No complete action could be drafted from what is known.";
        events.extend(needs_human(case, why, EscalationCause::NeedsHuman, ctx));
        return Ok(events);
    }
    let mut so_far = case.clone();
    for proposal in proposals {
        let origin = Origin::Model {
            model: model.clone(),
        };
        let step = propose(
            &so_far,
            (proposal.action, proposal.rationale),
            origin,
            proposal.cites,
            ctx,
        );
        for event in &step {
            so_far.apply(ctx.now, event);
        }
        events.extend(step);
    }
    Ok(events)
}

/// Why a proposal cannot stand, if it cannot: it cites what is not there, or does what is ours alone.
fn fault(case: &Case, proposal: &Proposal) -> Option<String> {
    let unknown = proposal
        .cites
        .iter()
        .find(|id| !case.evidence.iter().any(|evidence| evidence.id == **id));
    if let Some(id) = unknown {
        return Some(format!(
            "A draft cites evidence {id}, which this case does not have."
        ));
    }
    if matches!(
        proposal.action.kind(),
        ActionKind::RouteCase | ActionKind::PageOncall
    ) {
        return Some("A draft would route or page, which only our own rules do.".into());
    }
    let amount = proposal.action.amount()?;
    (amount.minor <= 0)
        .then(|| format!("A draft names the amount {amount}, which is not above zero."))
}

/// What a verdict alone calls for: page the on-call from severity 3 on unless it is only about money,
/// else tell the role that the case is theirs.
pub(super) fn routing_action(case: &Case, ctx: &Context) -> Option<(Action, Sealed)> {
    let verdict = case.verdict.as_ref()?;
    let role = judge::role_of(ctx.policy, verdict).role;
    let only_money = is_money(verdict) && role == Role::Billing;
    let action = if verdict.severity.level() >= PAGING_SEVERITY && !only_money {
        Action::PageOncall { role }
    } else {
        Action::RouteCase { role }
    };
    // A later revision that comes to the same end is not announced twice.
    let standing = case
        .drafts
        .iter()
        .any(|progress| progress.draft.action == action && progress.declined.is_none());
    (!standing).then_some((action, verdict.rationale))
}

/// Proposes one draft: the draft, what the rules say of it, and what follows.
pub(super) fn propose(
    case: &Case,
    (action, rationale): (Action, Sealed),
    origin: Origin,
    cites: Vec<EvidenceId>,
    ctx: &Context,
) -> Vec<CaseEvent> {
    let draft = Draft {
        id: DraftId::new(case.id.nth('d', case.drafts.len() + 1)),
        revision: case.revision,
        target: target(case, &action),
        action,
        cites,
        rationale,
        origin,
    };
    let Some(assessment) = judge::assess(ctx.policy, case, &draft, ctx.now) else {
        return vec![];
    };
    let mut judged = case.clone();
    let mut events = vec![
        CaseEvent::DraftProposed {
            draft: draft.clone(),
        },
        CaseEvent::RiskAssessed {
            draft: draft.id.clone(),
            assessment: assessment.clone(),
        },
    ];
    for event in &events {
        judged.apply(ctx.now, event);
    }
    events.extend(follow(&judged, &draft, &assessment, ctx));
    events
}

/// What must still be so when the draft is carried out: the field that it writes, and the last thing that
/// the customer said unless it is reversible and internal.
fn target(case: &Case, action: &Action) -> Target {
    let state = case.evidence.iter().rev().find_map(|evidence| {
        evidence.findings.iter().find_map(|finding| match finding {
            Finding::Target(state) => Some(state),
            _ => None,
        })
    });
    let kind = action.kind();
    let bound = !kind.reversible() || kind.customer_sees();
    Target {
        revision: bound.then_some(case.revision),
        field: state.and_then(|state| {
            let field = action.writes()?;
            Some((field, state.fields.get(&field).cloned()))
        }),
        last_public_comment: state
            .filter(|_| bound)
            .and_then(|state| state.last_public_comment.clone()),
    }
}
