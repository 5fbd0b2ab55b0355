//! The gate's answers as values, and steps that it permits.

use countersign::domain::case::event::Phase;
use countersign::domain::case::gate::Gate;
use countersign::domain::ids::DraftId;
use countersign::domain::time::Span;
use countersign::domain::verdict::Category;

use crate::support::*;

#[derive(PartialEq, Eq, Debug)]
pub enum Answer {
    Permit,
    Hold(String),
    Void(String),
}

pub fn answer(world: &World, draft: &DraftId, phase: Phase) -> Answer {
    match world.gate(draft, phase) {
        Gate::Permit(permit) => {
            assert_eq!(permit.draft(), draft);
            assert_eq!(*permit.effect(), world.effect(draft, phase));
            assert_eq!(
                (permit.phase(), *permit.policy()),
                (phase, world.policy.digest())
            );
            Answer::Permit
        }
        Gate::Hold(why) => Answer::Hold(why),
        Gate::Void(why) => Answer::Void(why),
    }
}

/// A reply that two support leads approved, and whose hold is over: the gate permits it.
pub fn approved() -> (World, DraftId) {
    let mut world = World::asking_reply(policy(&[TWO_LEADS]));
    let (request, draft) = (world.newest_id(), world.asked_draft().id);
    world.click(&LEAD, &request, approve()).unwrap();
    world.click(&LEAD_TWO, &request, approve()).unwrap();
    world.later(Span::seconds(30));
    (world, draft)
}

/// A label that the rules let run.
pub fn cleared() -> (World, DraftId) {
    let mut world = World::under(policy(&[APPLY]))
        .opened(true, None)
        .read(vec![])
        .triaged(Category::HowTo, 2)
        .gathered(charge());
    world.draft(vec![label("vip")]);
    let draft = world.case.drafts[1].draft.id.clone();
    (world, draft)
}

pub fn hold(why: &str) -> Answer {
    Answer::Hold(why.into())
}

pub fn void(why: &str) -> Answer {
    Answer::Void(why.into())
}

pub fn asked(world: &mut World) -> &mut countersign::domain::approval::RequestProgress {
    world.case.requests.last_mut().unwrap()
}

pub fn drafted(world: &mut World) -> &mut countersign::domain::case::DraftProgress {
    world.case.drafts.last_mut().unwrap()
}
