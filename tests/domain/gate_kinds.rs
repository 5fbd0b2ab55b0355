//! The gate for what the rules cleared, for notes, notices, pages and money.

use countersign::domain::approval::RequestState;
use countersign::domain::case::StepState;
use countersign::domain::case::event::Phase;
use countersign::domain::case::gate::{Gate, gate};
use countersign::domain::ids::{DraftId, EffectId};
use countersign::domain::time::At;
use countersign::domain::verdict::Category;

use crate::gate_answers::*;
use crate::support::*;

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
    let mut world = World::asking_refund(policy(&[]), 18_000);
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
