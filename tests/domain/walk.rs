//! Random lives of a case: whatever is said to it, in whatever order, what must hold holds after every step.

use std::collections::{BTreeMap, BTreeSet};

use countersign::domain::approval::{RequestProgress, RequestState, Verb};
use countersign::domain::card::Texts;
use countersign::domain::case::event::CaseEvent;
use countersign::domain::case::face::{Lens, escalation_face, request_face};
use countersign::domain::case::story::sentence;
use countersign::domain::case::{Case, StepState};
use countersign::domain::ids::RuleName;
use countersign::domain::person::Membership;
use countersign::domain::policy::Policy;
use proptest::prelude::*;

use crate::support::*;

use crate::choices::*;
use crate::every_state::checks::matters::*;
use crate::steps::*;

impl Walk {
    fn take(&mut self, step: &Step) {
        let before = self.world.case.clone();
        let already = self.world.events.len();
        self.happen(step);
        let new: Vec<CaseEvent> = self.world.events[already..]
            .iter()
            .map(|(_, event)| event.clone())
            .collect();
        self.hold(step, &before, &new);
    }

    /// Everything that must hold after every step.
    fn hold(&mut self, step: &Step, before: &Case, new: &[CaseEvent]) {
        let case = &self.world.case;
        one_question_per_lineage(case).unwrap();
        routing_stands_alone(case).unwrap();
        for draft in &case.drafts {
            acts_only_by_leave(case, draft);
        }
        self.settled_stays_settled();
        for event in new {
            time_decides_nothing(step, event);
            self.deciders_may(before, event);
            two_stand_behind_money(&self.world.case, event).unwrap();
            tells_without_panic(&self.world.case, event);
            small_things_wake_nobody(before, &self.world.case, event).unwrap();
        }
    }

    fn settled_stays_settled(&mut self) {
        for asked in &self.world.case.requests {
            let id = asked.request.id.clone();
            let was = self.settled.get(&id).copied();
            let now = asked.state;
            match was {
                None => {}
                Some(RequestState::Approved) => assert!(
                    matches!(
                        now,
                        RequestState::Approved | RequestState::Undone | RequestState::Superseded
                    ),
                    "{id} was approved and is {now}"
                ),
                Some(was) => assert_eq!(now, was, "{id}"),
            }
            if now != RequestState::Pending {
                self.settled.insert(id, now);
            }
        }
    }

    /// Everybody who decided was read as a member, is named by a rule, wrote nothing of it, and is new to it.
    fn deciders_may(&self, before: &Case, event: &CaseEvent) {
        let CaseEvent::Decided { request, decision } = event else {
            return;
        };
        let asked = self.world.case.request(request).unwrap();
        assert_eq!(decision.eligibility.standing.membership, Membership::Member);
        assert_eq!(decision.person.team.as_str(), "T0LOCAL001");
        assert_eq!(decision.subject, asked.request.subject);
        let rule = &asked.request.asking.approver_rule;
        let draft = self.world.case.draft(&asked.request.draft).unwrap();
        let standing = &decision.eligibility.standing;
        let (amount, team) = (draft.draft.action.amount(), &decision.person.team);
        let policy = &self.world.policy;
        let may = policy.may_decide(rule, amount, &decision.person, standing, team);
        assert!(may.is_ok(), "{rule} does not name {:?}", decision.person);
        let authors = if decision.verb == Verb::Edit {
            // An edit is judged by who wrote the draft before it.
            let earlier = asked.request.follows.as_ref().unwrap();
            before.request(earlier).unwrap().request.authors.clone()
        } else {
            asked.request.authors.clone()
        };
        assert!(!authors.iter().any(|author| author.is(&decision.person)));
        let link = self.world.case.link_behind(&draft.draft.id);
        assert!(link.is_none_or(|link| !link.by.is(&decision.person)));
        assert_eq!(
            people(asked).len(),
            asked.decisions.len(),
            "somebody decided twice"
        );
    }
}

fn people(asked: &RequestProgress) -> BTreeSet<&str> {
    let users = asked.decisions.iter().map(|one| one.person.user.as_str());
    users.collect()
}

/// No action is due, held, going or done without the rules' clearance or enough people's approval, and no
/// money action at all.
fn acts_only_by_leave(case: &Case, progress: &countersign::domain::case::DraftProgress) {
    let id = &progress.draft.id;
    let kind = progress.draft.action.kind();
    let moves = matches!(
        progress.act,
        StepState::Due(_) | StepState::Held(_) | StepState::Going(_) | StepState::Done(..)
    );
    assert!(
        !(moves && kind.is_money()),
        "{id} is money and is {:?}",
        progress.act
    );
    if !moves {
        return;
    }
    assert!(
        progress.declined.is_none(),
        "{id} was declined and is {:?}",
        progress.act
    );
    let Some(asked) = case.request_of(id) else {
        assert!(
            progress.cleared.is_some(),
            "{id} is {:?} by nobody's leave",
            progress.act
        );
        return;
    };
    assert_eq!(
        asked.state,
        RequestState::Approved,
        "{id} is {:?}",
        progress.act
    );
    assert!(people(asked).len() >= asked.request.asking.quorum as usize);
    assert!(asked.decisions.iter().all(|one| one.verb != Verb::Reject));
}

fn time_decides_nothing(step: &Step, event: &CaseEvent) {
    let decides = match event {
        CaseEvent::Decided { .. } | CaseEvent::Cleared { .. } | CaseEvent::Departed { .. } => true,
        CaseEvent::Settled { state, .. } => {
            matches!(state, RequestState::Approved | RequestState::Rejected)
        }
        _ => false,
    };
    assert!(
        !(decides && matches!(step, Step::Wakes { .. })),
        "time brought {event:?}"
    );
    let clicked = matches!(
        step,
        Step::Click {
            on: On::TheCard,
            ..
        }
    );
    let by_people = decides
        && !matches!(
            event,
            CaseEvent::Cleared { .. } | CaseEvent::Departed { .. }
        );
    assert!(clicked || !by_people, "{step:?} brought {event:?}");
}

fn tells_without_panic(case: &Case, event: &CaseEvent) {
    let texts = Texts::new();
    let people = |rule: &RuleName| rule.to_string();
    let lens = Lens {
        texts: &texts,
        similar: &[],
        people: &people,
    };
    if let Some(said) = sentence(case, event, lens) {
        assert!(!said.is_empty());
    }
    for asked in &case.requests {
        assert!(request_face(case, &asked.request.id, lens).is_some());
    }
    for (escalation, _) in &case.escalations {
        assert!(escalation_face(case, &escalation.id, lens).is_some());
    }
}

fn policies() -> Vec<Policy> {
    vec![
        policy(&[]),
        policy(&[TWO_LEADS]),
        policy(&[APPLY]),
        policy(&[CLASSIFY]),
    ]
}

fn walked(begin: usize, under: usize, steps: &[Step], policies: Vec<Policy>) -> World {
    let world = beginnings(begin, policies[under % policies.len()].clone());
    let settled = BTreeMap::new();
    let mut walk = Walk {
        world,
        policies,
        settled,
    };
    for step in steps {
        walk.take(step);
    }
    walk.world
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 160, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_what_must_hold_holds(
        begin in 0..BEGINNINGS,
        under in 0..3_usize,
        steps in prop::collection::vec(steps(), 1..50),
    ) {
        thread_local! {
            static POLICIES: Vec<Policy> = policies();
        }
        let world = walked(begin, under, &steps, POLICIES.with(Clone::clone));
        folds_to_the_same(&world);
    }
}

/// The word of an event, as the journal has it.
fn word(event: &CaseEvent) -> String {
    let event = serde_json::to_value(event).unwrap();
    event["event"].as_str().unwrap().to_owned()
}

/// What the walk never meets it cannot check.
#[test]
fn the_walk_meets_every_event_that_decisions_make() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let policies = policies();
    let mut met = BTreeSet::new();
    let mut states = BTreeSet::new();
    let mut successions = 0;
    for n in 0..400 {
        let lives = prop::collection::vec(steps(), 50);
        let steps = lives.new_tree(&mut runner).unwrap().current();
        let world = walked(n, n / BEGINNINGS, &steps, policies.clone());
        met.extend(world.events.iter().map(|(_, event)| word(event)));
        states.extend(world.case.requests.iter().map(|asked| asked.state));
        let given = world.case.escalations.iter();
        successions += given.filter(|(one, _)| !one.succeeds.is_empty()).count();
    }
    let all = "ticket_received customer_wrote redacted model_called triaged identity_needed customer_linked \
        evidence_asked evidence_taken evidence_failed draft_proposed risk_assessed cleared note_planned \
        declined approval_requested approvers_found batched shown decided settled lapsed escalated \
        escalation_taken escalation_resolved billing_answered escalation_lapsed reminded woken_early \
        call_again departed held voided performed perform_failed outcome_unknown human_needed";
    let missing: Vec<_> = all
        .split_whitespace()
        .filter(|word| !met.contains(*word))
        .collect();
    assert!(missing.is_empty(), "the walk never met {missing:?}");
    assert_eq!(states.len(), RequestState::ALL.len(), "{states:?}");
    assert!(successions > 10, "{successions}");
}

/// The same events fold to the same case, through the journal's own form as well, and plan the same effects.
fn folds_to_the_same(world: &World) {
    let mut again = Case::empty(world.case.id.clone());
    let mut effects = vec![];
    for (at, event) in &world.events {
        let stored = serde_json::to_string(event).unwrap();
        let event: CaseEvent = serde_json::from_str(&stored).unwrap();
        again.apply(*at, &event);
        effects.extend(countersign::domain::case::effects::effects_of(
            &event, &again,
        ));
    }
    assert_eq!(again, world.case);
    assert_eq!(effects, world.effects);
    let ids: BTreeSet<_> = effects.iter().map(|planned| &planned.id).collect();
    assert_eq!(ids.len(), effects.len(), "two effects share an id");
}
