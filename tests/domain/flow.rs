//! From the ticket to drafts: reading, model calls, evidence, identity, and what is proposed.

use countersign::domain::approval::RequestState;
use countersign::domain::case::command::{CaseCommand, Proposal};
use countersign::domain::case::effect::Effect;
use countersign::domain::case::event::{CaseEvent, Phase};
use countersign::domain::case::gate::Gate;
use countersign::domain::case::refusal::RefusalCode as Code;
use countersign::domain::case::{Stage, StepState};
use countersign::domain::draft::{Action, ActionKind};
use countersign::domain::escalation::{EscalationCause, Role};
use countersign::domain::evidence::Finding;
use countersign::domain::ids::EvidenceId;
use countersign::domain::model::ModelTask;
use countersign::domain::time::Span;
use countersign::domain::verdict::{Category, Severity, Signal};

use crate::support::*;

fn read() -> World {
    World::shipped().opened(true, None).read(vec![])
}

fn triaged(category: Category, severity: u8) -> World {
    read().triaged(category, severity)
}

fn failure(world: &World, task: ModelTask, lasting: bool) -> CaseCommand {
    CaseCommand::RecordModelFailure {
        receipt: receipt(task, world.case.revision, "unreadable: nonsense"),
        lasting,
    }
}

fn drafts(world: &World, proposals: Vec<Proposal>) -> CaseCommand {
    CaseCommand::RecordDrafts {
        revision: world.case.revision,
        proposals,
        receipt: receipt(ModelTask::Draft, world.case.revision, "ok"),
    }
}

fn proposal(action: Action) -> Proposal {
    Proposal {
        action,
        cites: vec![],
        rationale: sealed("because"),
    }
}

fn proposed(events: &[CaseEvent]) -> Vec<ActionKind> {
    let kinds = events.iter().filter_map(|event| match event {
        CaseEvent::DraftProposed { draft } => Some(draft.action.kind()),
        _ => None,
    });
    kinds.collect()
}

#[test]
fn a_ticket_opens_one_case_and_nothing_moves_before_it() {
    let mut world = World::shipped();
    let view = view(vec![]);
    let early = CaseCommand::RecordView { revision: 1, view };
    assert_eq!(world.refused(early), Code::OutOfPlace);
    let mut world = world.opened(true, None);
    let ticket = ticket(true, None, world.now);
    assert_eq!(
        world.refused(CaseCommand::Open { ticket }),
        Code::OutOfPlace
    );
    assert_eq!(world.case.stage(), Stage::Reading);
}

#[test]
fn late_readings_verdicts_and_drafts_leave_a_receipt_and_nothing_else() {
    let only_receipt = |events: &[CaseEvent]| matches!(events, [CaseEvent::ModelCalled { .. }]);
    let mut world = triaged(Category::HowTo, 2);
    let verdict_command = |revision| CaseCommand::RecordVerdict {
        revision,
        verdict: verdict(Category::Outage, 5),
        receipt: receipt(ModelTask::Triage, revision, "ok"),
    };
    assert!(only_receipt(&world.tell(verdict_command(1)).unwrap()));
    world.gather(&charge());
    world.draft(vec![reply("one")]);
    let again = drafts(&world, vec![proposal(reply("two"))]);
    assert!(only_receipt(&world.tell(again).unwrap()));
    let failed = failure(&world, ModelTask::Draft, true);
    assert!(only_receipt(&world.tell(failed).unwrap()));
    world.write_again();
    assert!(only_receipt(&world.tell(verdict_command(1)).unwrap()));
    assert!(
        only_receipt(&world.tell(verdict_command(2)).unwrap()),
        "not read yet"
    );
    let old = CaseCommand::RecordView {
        revision: 1,
        view: view(vec![]),
    };
    assert_eq!(world.refused(old), Code::OutOfPlace);
    let early = drafts(&world, vec![proposal(reply("three"))]);
    assert!(only_receipt(&world.tell(early).unwrap()));
}

#[test]
fn a_verdict_is_never_milder_than_the_signals_and_money_is_never_resolved_by_itself() {
    let mut world = World::shipped().opened(true, None);
    let mut seen = view(vec![Signal::Money]);
    seen.floor = Severity::of(3).unwrap();
    world
        .tell(CaseCommand::RecordView {
            revision: 1,
            view: seen,
        })
        .unwrap();
    world.triage(verdict(Category::HowTo, 1));
    let counted = world.case.verdict.unwrap();
    assert_eq!(counted.severity.level(), 3);
    assert_eq!(counted.signals, [Signal::Money]);
    assert_eq!(counted.resolution.word(), "escalate");
}

#[test]
fn the_routing_draft_comes_with_the_verdict() {
    let table = [
        (Category::HowTo, 2, vec![], ActionKind::RouteCase),
        (
            Category::Outage,
            2,
            vec![Signal::Outage],
            ActionKind::RouteCase,
        ),
        (
            Category::Outage,
            3,
            vec![Signal::Outage],
            ActionKind::PageOncall,
        ),
        (
            Category::RefundRequest,
            4,
            vec![Signal::Money],
            ActionKind::RouteCase,
        ),
    ];
    for (category, severity, signals, expected) in table {
        let mut world = World::shipped().opened(true, None).read(signals);
        let events = world.triage(verdict(category, severity));
        assert_eq!(proposed(&events), [expected], "{category} {severity}");
        assert!(world.case.asking.len() >= 1);
    }
}

#[test]
fn a_page_that_the_customer_overtook_is_asked_for_again() {
    let mut world = World::asking_page(policy(&[]));
    world.write_again();
    assert_eq!(world.newest().state, RequestState::Superseded);
    world.read_again(vec![Signal::Outage]);
    let events = world.triage(verdict(Category::Outage, 4));
    assert_eq!(proposed(&events), [ActionKind::PageOncall]);
    assert_eq!(world.case.pending().count(), 1);
    // One that was approved and had not gone out is void, and is asked for again as well.
    let request = world.newest_id();
    world.click(&LEAD, &request, approve()).unwrap();
    let page = world.asked_draft().id;
    world.write_again();
    assert!(matches!(world.gate(&page, Phase::Act), Gate::Void(_)));
    world.read_again(vec![Signal::Outage]);
    let events = world.triage(verdict(Category::Outage, 4));
    assert_eq!(proposed(&events), [ActionKind::PageOncall]);
}

#[test]
fn what_a_role_has_is_not_announced_twice_and_what_it_resolved_is() {
    let mut world = triaged(Category::HowTo, 2);
    let routing = world.case.drafts[0].draft.id.clone();
    world.send(&routing);
    let again = |world: &mut World| {
        world.write_again();
        world.read_again(vec![]);
        proposed(&world.triage(verdict(Category::HowTo, 2)))
    };
    assert!(again(&mut world).is_empty());
    let id = world.last_escalation().id;
    let resolve = countersign::domain::case::command::WorkStep::Resolve { words: None };
    world.work(&AGENT, &id, resolve).unwrap();
    assert_eq!(again(&mut world), [ActionKind::RouteCase]);
}

#[test]
fn a_notice_waits_while_a_new_message_is_read_and_goes_out_after() {
    let mut world = triaged(Category::HowTo, 2);
    let routing = world.case.drafts[0].draft.id.clone();
    world.write_again();
    assert!(matches!(world.depart(&routing, Phase::Act), Gate::Hold(_)));
    let mut unreadable = world.clone();
    world.read_again(vec![]);
    world.triage(verdict(Category::HowTo, 2));
    world.send(&routing);
    let failed = failure(&unreadable, ModelTask::Triage, true);
    unreadable.tell(failed).unwrap();
    assert!(matches!(
        unreadable.gate(&routing, Phase::Act),
        Gate::Void(_)
    ));
}

#[test]
fn failures_of_a_model_are_retried_within_the_budget_and_then_a_person_looks() {
    let mut world = read();
    let mut pauses = vec![];
    for n in 1..=8 {
        let failed = failure(&world, ModelTask::Triage, false);
        let events = world.tell(failed).unwrap();
        match events.last().unwrap() {
            CaseEvent::CallAgain { at, .. } => pauses.push(at.since(world.now)),
            CaseEvent::Escalated { escalation } => {
                assert_eq!((n, escalation.cause), (8, EscalationCause::NeedsHuman));
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(pauses.len(), 7);
    assert!(pauses.windows(2).all(|pair| pair[0] < pair[1]));
    assert_eq!(world.case.stage(), Stage::NeedsHuman);
    // A new message has a budget of its own.
    world.write_again();
    assert_eq!(world.case.calls, 0);
    let mut lasting = read();
    let failed = failure(&lasting, ModelTask::Triage, true);
    lasting.tell(failed).unwrap();
    assert_eq!(lasting.case.stage(), Stage::NeedsHuman);
}

#[test]
fn a_budget_that_triage_used_up_leaves_drafting_to_a_person() {
    let one = (
        "contract.json",
        r#""max_model_calls_per_ticket": 8"#,
        r#""max_model_calls_per_ticket": 1"#,
    );
    let mut world = World::under(policy(&[one])).opened(true, None).read(vec![]);
    world.triage(verdict(Category::HowTo, 2));
    assert_eq!(world.last_escalation().cause, EscalationCause::NeedsHuman);
    assert!(
        !world
            .effects
            .iter()
            .any(|planned| matches!(planned.effect, Effect::Draft { .. }))
    );
}

#[test]
fn a_silent_source_is_asked_for_fifteen_minutes_and_then_left_out() {
    let mut world = triaged(Category::HowTo, 2);
    let ask = world.case.asking.keys().next().unwrap().clone();
    let since = world.now;
    let failed = |lasting| CaseCommand::RecordEvidenceFailure {
        ask: ask.clone(),
        why: "away".into(),
        lasting,
    };
    let mut lasting = world.clone();
    let drafts_due = |world: &World| {
        let draft = |effect: &Effect| matches!(effect, Effect::Draft { revision: 1 });
        world.effects.iter().any(|planned| draft(&planned.effect))
    };
    let mut tries = 0;
    while !world.case.asking.is_empty() {
        let events = world.tell(failed(false)).unwrap();
        let [CaseEvent::EvidenceFailed { again_at, .. }] = events.as_slice() else {
            panic!("{events:?}");
        };
        tries += 1;
        if let Some(at) = again_at {
            assert!(!drafts_due(&world));
            world.now = *at;
        }
    }
    assert_eq!(world.now.since(since), Span::minutes(15));
    assert!(tries > 5 && drafts_due(&world));
    assert_eq!(world.refused(failed(false)), Code::OutOfPlace);
    lasting.tell(failed(true)).unwrap();
    assert!(drafts_due(&lasting));
}

#[test]
fn money_of_somebody_unknown_is_not_looked_up() {
    let identity = |world: &World| world.case.identity_needed.is_some();
    let table = [
        (true, Category::RefundRequest, false, 2),
        (false, Category::RefundRequest, true, 1),
        (false, Category::HowTo, false, 1),
        (true, Category::HowTo, false, 1),
    ];
    for (verified, category, needed, asked) in table {
        let world = World::shipped()
            .opened(verified, None)
            .read(vec![])
            .triaged(category, 2);
        assert_eq!(identity(&world), needed, "{verified} {category}");
        assert_eq!(world.case.asking.len(), asked, "{verified} {category}");
    }
}

#[test]
fn an_ambiguous_requester_needs_an_identity_too() {
    let mut world = triaged(Category::RefundRequest, 2);
    let ask = ask("stripe", "customer");
    let taken = taken(world.now, ask, vec![Finding::NoSingleCustomer { count: 2 }]);
    world.tell(CaseCommand::RecordEvidence { taken }).unwrap();
    assert_eq!(
        world.case.identity_needed.as_deref(),
        Some("2 customers answer to who asked; it takes exactly one.")
    );
}

#[test]
fn evidence_is_taken_once_and_asked_anew_for_a_new_message() {
    let mut world = triaged(Category::RefundRequest, 2);
    let mut customer = taken(world.now, ask("stripe", "customer"), vec![]);
    customer.next = vec![ask("stripe", "charges"), ask("stripe", "charges")];
    let command = |taken| CaseCommand::RecordEvidence { taken };
    world.tell(command(customer.clone())).unwrap();
    assert_eq!(world.refused(command(customer.clone())), Code::OutOfPlace);
    let charges = taken(world.now, ask("stripe", "charges"), vec![]);
    world.tell(command(charges)).unwrap();
    world.write_again();
    assert_eq!(world.refused(command(customer.clone())), Code::OutOfPlace);
    world.later(Span::hours(1));
    world.read_again(vec![]);
    world.triage(verdict(Category::RefundRequest, 2));
    customer.at = world.now;
    world.tell(command(customer)).unwrap();
    assert!(world.case.asking.contains_key(&ask("stripe", "charges")));
}

#[test]
fn drafts_that_cannot_stand_go_to_a_person_whole() {
    let cites_nothing = Proposal {
        cites: vec![EvidenceId::new("c1.v9")],
        ..proposal(reply("hello"))
    };
    let bad = [
        vec![],
        vec![cites_nothing],
        vec![proposal(Action::RouteCase { role: Role::Infra })],
        vec![proposal(Action::PageOncall { role: Role::Infra })],
        vec![proposal(refund(0))],
        vec![proposal(refund(-5))],
        vec![proposal(label("a")), proposal(label("a"))],
    ];
    for proposals in bad {
        let mut world = triaged(Category::HowTo, 2).gathered(charge());
        let command = drafts(&world, proposals.clone());
        let events = world.tell(command).unwrap();
        assert!(proposed(&events).is_empty(), "{proposals:?}");
        assert_eq!(world.last_escalation().cause, EscalationCause::NeedsHuman);
    }
}

#[test]
fn what_is_asked_or_done_already_is_not_proposed_again() {
    let mut world = triaged(Category::HowTo, 2).gathered(charge());
    world.draft(vec![label("vip"), reply("hello")]);
    world.write_again();
    world.read_again(vec![]);
    world.triage(verdict(Category::HowTo, 2));
    world.gather(&charge());
    let events = world.draft(vec![label("vip"), label("other"), reply("hello")]);
    assert_eq!(
        proposed(&events),
        [ActionKind::AddLabel, ActionKind::NotifyCustomer]
    );
}

#[test]
fn the_prompt_of_the_verdict_itself_can_be_in_quarantine() {
    let prompt = countersign::domain::digest::Digest::of(ModelTask::Triage.word().as_bytes());
    let entry = format!(r#""quarantine": ["{prompt}"]"#);
    let quarantined = policy(&[("contract.json", r#""quarantine": []"#, &entry)]);
    let mut world = World::under(quarantined).opened(true, None).read(vec![]);
    world.triage(verdict(Category::HowTo, 2));
    assert!(world.case.drafts[0].declined.is_some());
}

#[test]
fn what_is_in_neither_list_stands_on_the_ticket_as_a_note() {
    let unlisted = ("contract.json", r#""tickets.add_label", "#, "");
    let mut world = World::under(policy(&[unlisted]))
        .opened(true, None)
        .read(vec![])
        .triaged(Category::HowTo, 2)
        .gathered(charge());
    world.draft(vec![label("vip")]);
    let draft = &world.case.drafts[1];
    assert!(draft.declined.is_some());
    assert!(matches!(draft.note, StepState::Due(_)));
    let id = draft.draft.id.clone();
    assert!(matches!(world.gate(&id, Phase::Note), Gate::Permit(_)));
    assert!(matches!(world.gate(&id, Phase::Act), Gate::Void(_)));
    let mut silent = World::under(policy(&[unlisted, CLASSIFY]))
        .opened(true, None)
        .read(vec![])
        .triaged(Category::HowTo, 2)
        .gathered(charge());
    silent.draft(vec![label("vip")]);
    assert_eq!(silent.case.drafts[1].note, StepState::Idle);
}

#[test]
fn a_hard_block_goes_to_its_role_and_nobody_is_asked() {
    let disputed = countersign::domain::evidence::Charge {
        dispute_open: true,
        ..charge()
    };
    let mut world = triaged(Category::RefundRequest, 2).gathered(disputed);
    world.draft(vec![refund(180_00)]);
    assert_eq!(world.case.requests.len(), 0);
    assert_eq!(world.last_escalation().cause, EscalationCause::Blocked);
    assert!(world.case.drafts[1].declined.is_some());
}

#[test]
fn a_card_keeps_its_text_while_a_new_message_is_read() {
    let mut world = World::asking_reply(policy(&[]));
    world.write_again();
    let kept = world.case.earlier_view.as_ref().unwrap().text;
    assert!(countersign::domain::case::face::texts_of(&world.case).contains(&kept));
}

#[test]
fn stages_follow_the_case() {
    let mut world = World::shipped().opened(true, None);
    assert_eq!(world.case.stage(), Stage::Reading);
    world.read_again(vec![]);
    world.triage(verdict(Category::HowTo, 2));
    let routing = world.case.drafts[0].draft.id.clone();
    world.send(&routing);
    assert_eq!(world.case.stage(), Stage::Gathering);
    world.gather(&charge());
    assert_eq!(world.case.stage(), Stage::Drafting);
    world.draft(vec![reply("hello")]);
    assert_eq!(world.case.stage(), Stage::Waiting);
    let request = world.newest_id();
    let mut rejected = world.clone();
    world.click(&LEAD, &request, approve()).unwrap();
    assert_eq!(world.case.stage(), Stage::Acting);
    rejected.click(&LEAD, &request, reject()).unwrap();
    assert_eq!(rejected.case.stage(), Stage::WithRole);
    let id = rejected.last_escalation().id;
    let resolve = countersign::domain::case::command::WorkStep::Resolve { words: None };
    rejected.work(&AGENT, &id, resolve).unwrap();
    assert_eq!(rejected.case.stage(), Stage::Done);
}
