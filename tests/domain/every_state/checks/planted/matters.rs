//! Lies about what becomes of every matter.

use countersign::domain::approval::RequestState;
use countersign::domain::case::command::{CaseCommand, Deadline, Proposal};
use countersign::domain::case::effect::Effect;
use countersign::domain::case::event::CaseEvent;
use countersign::domain::escalation::{EscalationCause, Role};
use countersign::domain::ids::{DraftId, EscalationId, RequestId};
use countersign::domain::model::ModelTask;
use countersign::domain::verdict::Category;

use super::super::super::alphabet::Said;
use super::super::deciding::bound;
use super::{Plant, Taken, asked};
use crate::linking::linked;
use crate::succession::with_billing;
use crate::support::*;

pub const PLANTS: &[Plant] = &[
    (
        "nothing but a ticket opens a case",
        || {
            let ticket = ticket(true, None, MONDAY);
            Taken::told(World::shipped(), CaseCommand::Open { ticket })
        },
        |taken| taken.step.said = Said::TimePasses(MONDAY),
    ),
    (
        "every question has a deadline, and people are looked for",
        drafted,
        |taken| taken.came.effects.retain(|row| !is_wake(&row.effect)),
    ),
    (
        "every question has a deadline, and people are looked for",
        drafted,
        |taken| {
            let looks = |effect: &Effect| matches!(effect, Effect::FindApprovers { .. });
            taken.came.effects.retain(|row| !looks(&row.effect));
        },
    ),
    (
        "every escalation has a deadline until it is taken",
        || {
            Taken::click(
                World::asking_refund(policy(&[]), 18_000),
                BILLING,
                approve(),
            )
        },
        |taken| taken.came.effects.retain(|row| !is_wake(&row.effect)),
    ),
    (
        "a deadline that is called is never lost",
        runs_out,
        |taken| {
            *taken.after() = taken.before.case.clone();
            taken.came.events.clear();
            taken.came.effects.clear();
        },
    ),
    (
        "a deadline that is called is never lost",
        runs_out,
        |taken| {
            let refused = Taken::click(asked(), STRANGER, approve());
            taken.came.refusal = refused.came.refusal;
        },
    ),
    (
        "every draft is asked about, cleared, declined or given",
        || Taken::nothing(asked()),
        |taken| {
            let case = taken.after();
            let mut forgotten = case.drafts.last().unwrap().clone();
            forgotten.draft.id = DraftId::new("c1.d99");
            (forgotten.declined, forgotten.cleared) = (None, None);
            case.drafts.push(forgotten);
        },
    ),
    (
        "what was approved of money is with billing",
        || {
            let mut world = World::asking_refund(policy(&[]), 18_000);
            let request = world.newest_id();
            world.click(&BILLING, &request, approve()).unwrap();
            Taken::nothing(world)
        },
        |taken| {
            let (given, _) = taken.after().escalations.last_mut().unwrap();
            given.role = Role::Security;
        },
    ),
    (
        "what lapsed is with somebody",
        || {
            let mut world = asked();
            let request = world.newest_id();
            world.now = world.request().asking.due_at;
            let deadline = Deadline::Request { request };
            world.tell(CaseCommand::Wake { deadline }).unwrap();
            Taken::nothing(world)
        },
        |taken| {
            let mut asked = taken.after().requests.iter_mut();
            let lapsed = asked.find(|one| one.state == RequestState::Lapsed);
            lapsed.unwrap().successor = None;
        },
    ),
    (
        "a case is never silent",
        || {
            Taken::told(
                World::shipped().opened(true, None),
                CaseCommand::RecordView {
                    revision: 1,
                    view: view(vec![]),
                },
            )
        },
        |taken| taken.came.after.to_mut().under_way.clear(),
    ),
    (
        "a draft and its edits are one matter",
        || Taken::nothing(asked()),
        |taken| {
            let mut second = taken.before.case.requests.last().unwrap().clone();
            second.request.id = RequestId::new("c1.r99");
            second.request.subject = bound(&taken.around, &taken.before.case, &second).unwrap();
            taken.after().requests.push(second);
        },
    ),
    (
        "what only routes stands alone",
        || Taken::nothing(with_billing(policy(&[]))),
        |taken| {
            let escalations = &mut taken.after().escalations;
            let mut second = escalations.last().unwrap().clone();
            second.0.id = EscalationId::new("c1.e99");
            escalations.push(second);
        },
    ),
    (
        "small things wake nobody",
        || {
            let mut world = World::shipped()
                .opened(true, None)
                .read(vec![])
                .triaged(Category::HowTo, 2)
                .gathered(charge())
                .drafted(vec![label("question")]);
            world.now = world.request().asking.due_at;
            let deadline = Deadline::Request {
                request: world.newest_id(),
            };
            Taken::told(world, CaseCommand::Wake { deadline })
        },
        |taken| {
            let given = taken.after().escalations.last().unwrap().clone();
            taken.before.case.escalations.push(given);
        },
    ),
    (
        "two people stand behind money on a word",
        || {
            let mut world = linked();
            world.draft(vec![refund(18_000)]);
            Taken::click(world, BILLING_TWO, approve())
        },
        |taken| {
            let given = taken.came.events.iter_mut().find_map(|event| match event {
                CaseEvent::Escalated { escalation } => Some(escalation),
                _ => None,
            });
            given.unwrap().cause = EscalationCause::Recommended;
        },
    ),
];

fn is_wake(effect: &Effect) -> bool {
    matches!(effect, Effect::Wake { .. })
}

fn proposed(world: &World, action: countersign::domain::draft::Action) -> CaseCommand {
    let cites = world.case.evidence.iter().map(|one| one.id.clone());
    CaseCommand::RecordDrafts {
        revision: world.case.revision,
        proposals: vec![Proposal {
            action,
            cites: cites.collect(),
            rationale: sealed("because"),
        }],
        receipt: receipt(ModelTask::Draft, world.case.revision, "ok"),
    }
}

/// A draft comes, and a question is put.
fn drafted() -> Taken {
    let world = World::shipped()
        .opened(true, None)
        .read(vec![])
        .triaged(Category::HowTo, 2)
        .gathered(charge());
    let command = proposed(&world, reply("here is how"));
    Taken::told(world, command)
}

/// The time of a question is over.
fn runs_out() -> Taken {
    let mut world = asked();
    let request = world.newest_id();
    world.now = world.request().asking.due_at;
    let deadline = Deadline::Request { request };
    Taken::told(world, CaseCommand::Wake { deadline })
}
