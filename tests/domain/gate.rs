//! The gate, row by row. Each row has its control: the same situation without that one thing is permitted.

use countersign::domain::approval::{RequestState, Tier};
use countersign::domain::case::StepState;
use countersign::domain::case::context::Departures;
use countersign::domain::case::event::Phase;
use countersign::domain::case::gate::{EXPIRED, Gate, gate};
use countersign::domain::digest::Digest;
use countersign::domain::ids::{DraftId, EffectId};
use countersign::domain::person::Membership;
use countersign::domain::time::{At, Span};
use countersign::domain::verdict::Category;

use crate::support::*;

#[derive(PartialEq, Eq, Debug)]
enum Answer {
    Permit,
    Hold(String),
    Void(String),
}

fn answer(world: &World, draft: &DraftId, phase: Phase) -> Answer {
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
fn approved() -> (World, DraftId) {
    let mut world = World::asking_reply(policy(&[TWO_LEADS]));
    let (request, draft) = (world.newest_id(), world.asked_draft().id);
    world.click(&LEAD, &request, approve()).unwrap();
    world.click(&LEAD_TWO, &request, approve()).unwrap();
    world.later(Span::seconds(30));
    (world, draft)
}

/// A label that the rules let run.
fn cleared() -> (World, DraftId) {
    let mut world = World::under(policy(&[APPLY]))
        .opened(true, None)
        .read(vec![])
        .triaged(Category::HowTo, 2)
        .gathered(charge());
    world.draft(vec![label("vip")]);
    let draft = world.case.drafts[1].draft.id.clone();
    (world, draft)
}

fn hold(why: &str) -> Answer {
    Answer::Hold(why.into())
}

fn void(why: &str) -> Answer {
    Answer::Void(why.into())
}

fn asked(world: &mut World) -> &mut countersign::domain::approval::RequestProgress {
    world.case.requests.last_mut().unwrap()
}

fn drafted(world: &mut World) -> &mut countersign::domain::case::DraftProgress {
    world.case.drafts.last_mut().unwrap()
}

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

#[test]
fn a_cleared_action_is_permitted_unless_the_rules_want_a_decision_now() {
    let (world, draft) = cleared();
    assert_eq!(answer(&world, &draft, Phase::Act), Answer::Permit);
    type Change = fn(&mut World);
    let asks = void("the policy in force asks for a decision, and there is none");
    let rows: Vec<(&str, Change, &Answer)> = vec![
        ("propose only", |w| w.policy = policy(&[]), &asks),
        ("never cleared", |w| drafted(w).cleared = None, &asks),
        (
            "less sure",
            |w| w.case.verdict.as_mut().unwrap().confidence = 50,
            &asks,
        ),
    ];
    for (name, change, expected) in rows {
        let mut world = world.clone();
        change(&mut world);
        assert_eq!(answer(&world, &draft, Phase::Act), *expected, "{name}");
    }
    // A route to a role runs nothing of ours.
    let mut routed = world.clone();
    let to_role = (
        "tiers/tickets.add_label.json",
        r#""when": { "confidence_gte": 70 }, "route": "auto_execute""#,
        r#""when": { "confidence_gte": 70 }, "route": "to_role""#,
    );
    routed.policy = policy(&[APPLY, to_role]);
    let expected = void("the policy in force gives such cases to support_l1");
    assert_eq!(answer(&routed, &draft, Phase::Act), expected);
}

#[test]
fn what_is_internal_waits_while_a_new_message_is_read() {
    let (mut world, draft) = cleared();
    world.write_again();
    let reading = hold("the customer's new message is being read");
    assert_eq!(answer(&world, &draft, Phase::Act), reading);
    let mut given_up = world.clone();
    given_up.case.human_needed = Some("no model".into());
    let void = void("the customer's new message could not be read");
    assert_eq!(answer(&given_up, &draft, Phase::Act), void);
    world.read_again(vec![]);
    world.triage(verdict(Category::HowTo, 2));
    assert_eq!(answer(&world, &draft, Phase::Act), Answer::Permit);
}

#[test]
fn money_is_void_whatever_its_state_says() {
    let mut world = World::asking_refund(policy(&[]), 180_00);
    let (request, draft) = (world.newest_id(), world.asked_draft().id);
    world.click(&BILLING, &request, approve()).unwrap();
    let progress = drafted(&mut world);
    progress.act = StepState::Due(At(0));
    progress.act_plan = 1;
    progress.cleared = Some(At(0));
    let effect = EffectId::new("c1.1.0");
    let answer = gate(
        &world.case,
        &effect,
        &draft,
        Phase::Act,
        &world.context(None),
    );
    assert!(
        matches!(answer, Gate::Void(why) if why == "nothing of ours carries out a money action")
    );
}

#[test]
fn a_notice_to_a_role_is_no_write_and_a_page_is() {
    let mut world = World::asking_reply(policy(&[]));
    let routing = world.case.drafts[0].draft.id.clone();
    let mut page = World::asking_page(policy(&[]));
    let (request, paging) = (page.newest_id(), page.asked_draft().id);
    page.click(&LEAD, &request, approve()).unwrap();
    assert_eq!(answer(&page, &paging, Phase::Act), Answer::Permit);
    for world in [&mut world, &mut page] {
        world.paused = Some("fire".into());
        world.pinned = false;
    }
    assert_eq!(answer(&world, &routing, Phase::Act), Answer::Permit);
    assert_eq!(answer(&page, &paging, Phase::Act), hold("paused: fire"));
}

#[test]
fn a_note_is_written_while_the_proposal_stands_and_notes_may_be_written() {
    let world = World::asking_reply(policy(&[]));
    let draft = world.asked_draft().id;
    assert_eq!(answer(&world, &draft, Phase::Note), Answer::Permit);
    let gone = void("the proposal does not stand any more");
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
            "rejected",
            |w| asked(w).state = RequestState::Rejected,
            gone,
        ),
        (
            "a new message",
            |w| drop(w.write_again()),
            void("the customer has written since"),
        ),
        (
            "written",
            |w| drafted(w).note = StepState::Failed("x".into()),
            void("it is over"),
        ),
        (
            "classify only",
            |w| w.policy = policy(&[CLASSIFY]),
            void("the mode is classify_only"),
        ),
        (
            "notes are asked about",
            |w| {
                let allowed = ("contract.json", r#", "tickets.add_internal_note"]"#, "]");
                let asked = (
                    "contract.json",
                    r#""requires_approval": ["#,
                    r#""requires_approval": ["tickets.add_internal_note", "#,
                );
                w.policy = policy(&[allowed, asked]);
            },
            void("the policy does not let notes be written unasked"),
        ),
    ];
    for (name, change, expected) in rows {
        let mut world = world.clone();
        change(&mut world);
        assert_eq!(answer(&world, &draft, Phase::Note), expected, "{name}");
    }
}

#[test]
fn a_draft_of_a_model_in_quarantine_is_not_even_noted() {
    let mut world = World::asking_reply(policy(&[]));
    let draft = world.asked_draft().id;
    drafted(&mut world).draft.origin = countersign::domain::draft::Origin::Model {
        model: "drifter".into(),
    };
    world.policy = policy(&[(
        "contract.json",
        r#""quarantine": []"#,
        r#""quarantine": ["drifter"]"#,
    )]);
    assert!(matches!(
        answer(&world, &draft, Phase::Note),
        Answer::Void(_)
    ));
}

#[test]
fn an_unknown_draft_or_effect_goes_nowhere() {
    let (world, draft) = approved();
    let ctx = world.context(None);
    let of = |effect: &str, draft: &DraftId| {
        gate(&world.case, &EffectId::new(effect), draft, Phase::Act, &ctx)
    };
    assert!(matches!(of("c1.99.0", &draft), Gate::Void(_)));
    assert!(matches!(of("c2.1.0", &draft), Gate::Void(_)));
    assert!(matches!(
        of("c1.0.0", &DraftId::new("c1.d9")),
        Gate::Void(_)
    ));
}
