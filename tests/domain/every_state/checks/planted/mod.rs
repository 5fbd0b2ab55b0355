//! Each check of the walk goes red: a step is taken, one thing about it is made wrong, and that check alone says so.

use std::borrow::Cow;
use std::collections::BTreeSet;

use countersign::domain::case::Case;
use countersign::domain::case::command::{CaseCommand, Wants};
use countersign::domain::case::event::Phase;
use countersign::domain::ids::DraftId;
use countersign::domain::policy::Policy;
use countersign::domain::time::{At, Span};

use super::super::alphabet::{Odd, Said, Step, Weather, clicked};
use super::super::spot::{Around, Came, Spot};
use super::{CHECKS, Moment, OF_REFUSALS};
use crate::support::*;

mod deciding;
mod leaving;
mod matters;

/// A step that may be lied about.
struct Taken {
    around: Around,
    before: Spot,
    step: Step,
    came: Came<'static>,
}

/// A lie, the check that must notice it, and the honest step.
type Plant = (&'static str, fn() -> Taken, fn(&mut Taken));

impl Taken {
    fn of(world: World, said: impl FnOnce(&Spot) -> Said) -> Self {
        let policy = world.policy.clone();
        let around = Around::with(vec![policy, policy_that_classifies()]);
        let before = Spot::of(world);
        let step = Step {
            said: said(&before),
            policy: 0,
            weather: Weather::Fair,
        };
        let came = before.clone().step(&around, &step).kept();
        Self {
            around,
            before,
            step,
            came,
        }
    }

    /// A second passes, and nothing happens.
    fn nothing(world: World) -> Self {
        Self::of(world, |spot| {
            Said::TimePasses(spot.now.plus(Span::seconds(1)))
        })
    }

    fn told(world: World, command: CaseCommand) -> Self {
        Self::of(world, |_| Said::Told(command))
    }

    /// Somebody clicks on the newest question.
    fn click(world: World, who: Somebody, wants: Wants) -> Self {
        let request = world.newest_id();
        Self::of(world, |spot| {
            clicked(spot, who, &request, wants, Odd::Nothing)
        })
    }

    fn sent(world: World, draft: DraftId) -> Self {
        let plan = world.case.draft(&draft).unwrap().act_plan;
        let phase = Phase::Act;
        Self::of(world, |_| Said::Sent { draft, phase, plan })
    }

    /// The case afterwards, to be changed.
    fn after(&mut self) -> &mut Case {
        &mut self.came.after.to_mut().case
    }

    fn until(&mut self, at: At) {
        self.before.now = at;
    }

    /// What the checks say is wrong.
    fn red(&self) -> BTreeSet<&'static str> {
        let moment = Moment {
            around: &self.around,
            before: &self.before,
            step: &self.step,
            came: &self.came,
        };
        let checks = if self.came.refusal.is_some() {
            OF_REFUSALS
        } else {
            CHECKS
        };
        let red = checks.iter().filter(|(_, holds)| holds(&moment).is_err());
        red.map(|(name, _)| *name).collect()
    }
}

impl Came<'_> {
    /// The same for as long as anybody wants it.
    fn kept(self) -> Came<'static> {
        Came {
            after: Cow::Owned(self.after.into_owned()),
            events: self.events,
            effects: self.effects,
            refusal: self.refusal,
            trace: self.trace,
            gate: self.gate,
        }
    }
}

fn policy_that_classifies() -> Policy {
    policy(&[CLASSIFY])
}

/// A reply that a support lead is asked about, and nothing else that is open.
fn asked() -> World {
    super::super::scopes::settled(World::asking_reply(policy(&[])), &AGENT)
}

/// The same, approved, at the moment when it may leave.
fn approved() -> World {
    let mut world = asked();
    let request = world.newest_id();
    world.click(&LEAD, &request, approve()).unwrap();
    world.later(Span::minutes(1));
    world
}

fn plants() -> impl Iterator<Item = &'static Plant> {
    let all = [deciding::PLANTS, leaving::PLANTS, matters::PLANTS];
    all.into_iter().flatten()
}

#[test]
fn each_check_of_the_walk_notices_what_it_is_there_for_and_no_other_does() {
    for (name, honest, lie) in plants() {
        let mut taken = honest();
        let red = taken.red();
        assert!(red.is_empty(), "before the lie for `{name}`: {red:?}");
        lie(&mut taken);
        assert_eq!(taken.red(), BTreeSet::from([*name]), "the lie for `{name}`");
    }
}

#[test]
fn no_check_of_the_walk_is_without_a_lie_that_it_notices() {
    let checks: BTreeSet<_> = CHECKS.iter().chain(OF_REFUSALS).map(|one| one.0).collect();
    let planted: BTreeSet<_> = plants().map(|one| one.0).collect();
    assert_eq!(planted, checks);
    assert_eq!(checks.len(), 34);
}
