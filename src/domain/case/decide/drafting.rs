//! From drafts to what the rules make of them.

use super::Unfolding;
use super::asking::{follow, needs_human};
use super::link::outdated;
use super::reading::is_money;
use crate::domain::approval::RequestState;
use crate::domain::case::command::Proposal;
use crate::domain::case::context::Context;
use crate::domain::case::event::{CaseEvent, Receipt};
use crate::domain::case::{Case, StepState, judge};
use crate::domain::content::Sealed;
use crate::domain::draft::{Action, ActionKind, Draft, Origin, Target};
use crate::domain::escalation::{EscalationCause, Role};
use crate::domain::evidence::Finding;
use crate::domain::ids::{DraftId, EvidenceId};

/// From this severity on, the on-call is paged, after a support lead has agreed.
const PAGING_SEVERITY: u8 = 3;

/// Late or repeated drafts leave their receipt and nothing else.
pub(super) fn record_drafts(
    case: &Case,
    (revision, proposals): (u32, Vec<Proposal>),
    receipt: Receipt,
    ctx: &Context,
) -> Vec<CaseEvent> {
    let model = receipt.model.clone();
    let mut unfolding = Unfolding::of(case, ctx);
    unfolding.then(CaseEvent::ModelCalled { receipt });
    if revision != case.revision || case.verdict.is_none() || case.drafted {
        return unfolding.events;
    }
    let why = match proposals.as_slice() {
        [] => Some("No complete action could be drafted from what is known.".to_owned()),
        some => some
            .iter()
            .enumerate()
            .find_map(|(n, proposal)| fault(case, proposal, &some[..n])),
    };
    if let Some(why) = why {
        let human = needs_human(
            &unfolding.case,
            &why,
            EscalationCause::NeedsHuman,
            None,
            ctx,
        );
        unfolding.then_all(human);
        return unfolding.events;
    }
    let outdated = outdated(&unfolding.case);
    unfolding.then_all(outdated);
    for proposal in proposals {
        let case = &unfolding.case;
        if stands(case, &proposal.action) || case.is_being_moved(&proposal.action) {
            continue;
        }
        let origin = Origin::Model {
            model: model.clone(),
        };
        let words = (proposal.action, proposal.rationale);
        propose(&mut unfolding, words, origin, proposal.cites);
    }
    unfolding.events
}

/// Why a proposal cannot stand, if it cannot: it cites what is not there, does what is ours alone, or
/// says again what an earlier one says.
fn fault(case: &Case, proposal: &Proposal, earlier: &[Proposal]) -> Option<String> {
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
    if earlier.iter().any(|one| one.action == proposal.action) {
        return Some("Two drafts propose the very same action.".into());
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
    // A role that knows what to do is not told once more that the case is theirs, and a later revision that
    // comes to the same end is not announced twice.
    let idle = matches!(action, Action::RouteCase { role } if case.knows_what_to_do(role));
    (!idle && !stands(case, &action)).then_some((action, verdict.rationale))
}

/// Whether this very action is asked about, on its way, or done, so that it is not proposed once more.
fn stands(case: &Case, action: &Action) -> bool {
    case.drafts
        .iter()
        .filter(|progress| progress.draft.action == *action && progress.declined.is_none())
        .any(|progress| {
            let draft = &progress.draft;
            let current = draft.target.revision.is_none_or(|n| n == case.revision);
            match &progress.act {
                StepState::Done(..) => match action {
                    Action::RouteCase { .. } | Action::PageOncall { .. } => {
                        with_somebody(case, &draft.id)
                    }
                    _ => true,
                },
                StepState::Going(_) | StepState::Unknown(_) => true,
                StepState::Due(_) | StepState::Held(_) => current,
                StepState::Idle => {
                    current
                        && case
                            .request_of(&draft.id)
                            .is_some_and(|asked| asked.state == RequestState::Pending)
                }
                StepState::Voided(_) | StepState::Failed(_) => false,
            }
        })
}

/// What was told to a role stands while somebody has it, in that escalation or in the one where it goes on.
fn with_somebody(case: &Case, draft: &DraftId) -> bool {
    case.escalations
        .iter()
        .filter(|(escalation, _)| escalation.draft.as_ref() == Some(draft))
        .filter_map(|(escalation, _)| case.heir(&escalation.id))
        .any(|(_, progress)| progress.is_open())
}

/// Proposes one draft: the draft, what the rules say of it, and what follows.
pub(super) fn propose(
    unfolding: &mut Unfolding,
    (action, rationale): (Action, Sealed),
    origin: Origin,
    cites: Vec<EvidenceId>,
) {
    let (case, ctx) = (&unfolding.case, unfolding.ctx);
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
        return;
    };
    unfolding.then(CaseEvent::DraftProposed {
        draft: draft.clone(),
    });
    unfolding.then(CaseEvent::RiskAssessed {
        draft: draft.id.clone(),
        assessment: assessment.clone(),
    });
    let following = follow(&unfolding.case, &draft, &assessment, ctx);
    unfolding.then_all(following);
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
