//! What an approved action needs at the gate. Each row has its control: without that one thing it is permitted.

use countersign::domain::approval::{RequestState, Tier};
use countersign::domain::case::StepState;
use countersign::domain::case::context::Departures;
use countersign::domain::case::event::Phase;
use countersign::domain::case::gate::EXPIRED;
use countersign::domain::digest::Digest;
use countersign::domain::person::Membership;
use countersign::domain::time::{At, Span};
use countersign::domain::verdict::Category;

use crate::gate_answers::*;
use crate::support::*;

#[test]
fn an_approved_action_is_permitted_unless_one_thing_is_wrong() {
    let (world, draft) = approved();
    assert_eq!(answer(&world, &draft, Phase::Act), Answer::Permit);
    let too_few = "too few of the people who approved it may do so under the policy in force";
    let changed = "what was approved is not what would be done";
    type Change = fn(&mut World);
    let rows: Vec<(&str, Change, Answer)> = vec![
        (
            "paused",
            |w| w.paused = Some("fire".into()),
            hold("paused: fire"),
        ),
        (
            "not pinned",
            |w| w.pinned = false,
            hold("the policy in force is not the pinned one"),
        ),
        (
            "not due",
            |w| w.now = w.now.plus(Span(-1)),
            hold("it can still be taken back"),
        ),
        (
            "a new message",
            |w| drop(w.write_again()),
            void("the customer has written since"),
        ),
        (
            "a new message, read",
            |w| {
                w.write_again();
                w.read_again(vec![]);
                w.triage(verdict(Category::HowTo, 2));
            },
            void("the customer has written since"),
        ),
        (
            "declined",
            |w| drafted(w).declined = Some("no".into()),
            void("the policy keeps it as a proposal"),
        ),
        (
            "not approved",
            |w| asked(w).state = RequestState::Pending,
            void("it is not approved"),
        ),
        (
            "undone",
            |w| asked(w).state = RequestState::Undone,
            void("it is not approved"),
        ),
        (
            "another text",
            |w| drafted(w).draft.action = reply("other"),
            void(changed),
        ),
        (
            "another reason",
            |w| drafted(w).draft.rationale = sealed("other"),
            void(changed),
        ),
        (
            "another assessment",
            |w| drafted(w).assessment.as_mut().unwrap().rule.push('x'),
            void(changed),
        ),
        (
            "never assessed",
            |w| drafted(w).assessment = None,
            void("it was never assessed"),
        ),
        (
            "another asking",
            |w| asked(w).request.asking.due_at.0 += 1,
            void(changed),
        ),
        (
            "a decision on something else",
            |w| asked(w).decisions[0].subject = Digest::of(b"x"),
            void(changed),
        ),
        (
            "one person",
            |w| drop(asked(w).decisions.pop()),
            void(too_few),
        ),
        (
            "one person twice",
            |w| asked(w).decisions[1].person = LEAD.person(),
            void(too_few),
        ),
        (
            "a guest by now",
            |w| asked(w).decisions[1].eligibility.standing.membership = Membership::Guest,
            void(too_few),
        ),
        (
            "a person whom the policy in force does not name",
            |w| asked(w).decisions[1].eligibility.standing.groups.clear(),
            void(too_few),
        ),
        (
            "denied",
            |w| {
                w.policy = policy(&[
                    TWO_LEADS,
                    ("contract.json", r#", "tickets.notify_customer"]"#, "]"),
                ]);
            },
            void(
                "the policy in force does not allow it: contract.json denies `tickets.notify_customer` and does not let anybody approve it",
            ),
        ),
        (
            "classify only",
            |w| w.policy = policy(&[TWO_LEADS, CLASSIFY]),
            void("the policy in force does not allow it: the mode is classify_only"),
        ),
        (
            "more people are wanted now",
            |w| {
                let three = (
                    TWO_LEADS.0,
                    TWO_LEADS.1,
                    r#""batch_reviewers": { "quorum": 3,"#,
                );
                w.policy = policy(&[three]);
            },
            void(too_few),
        ),
        (
            "asked at a lower tier",
            |w| asked(w).request.tier = Tier::Low,
            void("the rules put it into a higher tier now"),
        ),
        (
            "taken back",
            |w| drafted(w).act = StepState::Idle,
            void("it is not planned any more"),
        ),
        (
            "over",
            |w| drafted(w).act = StepState::Voided("x".into()),
            void("it is over"),
        ),
        (
            "failed",
            |w| drafted(w).act = StepState::Failed("x".into()),
            void("it is over"),
        ),
        (
            "nobody knows",
            |w| drafted(w).act = StepState::Unknown("x".into()),
            void("it is over"),
        ),
        (
            "planned anew",
            |w| drafted(w).act_plan += 1,
            void("it was planned anew"),
        ),
        (
            "held past its expiry",
            |w| {
                drafted(w).act = StepState::Held("paused".into());
                w.now = w.request().asking.due_at;
            },
            void(EXPIRED),
        ),
    ];
    for (name, change, expected) in rows {
        let mut world = world.clone();
        change(&mut world);
        assert_eq!(answer(&world, &draft, Phase::Act), expected, "{name}");
    }
}

#[test]
fn a_write_waits_while_the_last_minute_is_full_and_a_notice_or_a_second_try_does_not() {
    let (mut world, draft) = approved();
    let routing = world.case.drafts[0].draft.id.clone();
    world.departures = Departures {
        overall: 59,
        in_queue: 59,
    };
    assert_eq!(answer(&world, &draft, Phase::Act), Answer::Permit);
    world.departures.overall = 60;
    let full = hold("over the limit of 60 writes a minute");
    assert_eq!(answer(&world, &draft, Phase::Act), full);
    assert_eq!(answer(&world, &routing, Phase::Act), Answer::Permit);
    let mut departed = world.clone();
    drafted(&mut departed).act = StepState::Going(At(0));
    assert_eq!(answer(&departed, &draft, Phase::Act), Answer::Permit);
    world.departures = Departures {
        overall: 10,
        in_queue: 10,
    };
    world.case.verdict.as_mut().unwrap().queue = "vip".into();
    let full = hold("over the limit of 10 writes a minute for the queue vip");
    assert_eq!(answer(&world, &draft, Phase::Act), full);
}

#[test]
fn what_was_held_or_departed_is_permitted_again_when_nothing_stands_against_it() {
    let (world, draft) = approved();
    for step in [StepState::Held("paused".into()), StepState::Going(At(0))] {
        let mut world = world.clone();
        drafted(&mut world).act = step;
        assert_eq!(answer(&world, &draft, Phase::Act), Answer::Permit);
    }
    // An expiry voids what was held, not what departed in time.
    let mut departed = world.clone();
    drafted(&mut departed).act = StepState::Going(At(0));
    departed.now = departed.request().asking.due_at;
    assert_eq!(answer(&departed, &draft, Phase::Act), Answer::Permit);
}
