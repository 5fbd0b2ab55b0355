//! From the ticket to the verdict: reading, model calls, routing, and how a case stands.

use countersign::domain::approval::RequestState;
use countersign::domain::case::Stage;
use countersign::domain::case::command::{CaseCommand, Proposal};
use countersign::domain::case::effect::Effect;
use countersign::domain::case::event::{CaseEvent, Phase};
use countersign::domain::case::gate::Gate;
use countersign::domain::case::refusal::RefusalCode as Code;
use countersign::domain::draft::{Action, ActionKind};
use countersign::domain::escalation::EscalationCause;
use countersign::domain::model::ModelTask;
use countersign::domain::verdict::{Category, Severity, Signal};

use crate::support::*;

pub fn read() -> World {
    World::shipped().opened(true, None).read(vec![])
}

pub fn triaged(category: Category, severity: u8) -> World {
    read().triaged(category, severity)
}

pub fn failure(world: &World, task: ModelTask, lasting: bool) -> CaseCommand {
    CaseCommand::RecordModelFailure {
        receipt: receipt(task, world.case.revision, "unreadable: nonsense"),
        lasting,
    }
}

pub fn drafts(world: &World, proposals: Vec<Proposal>) -> CaseCommand {
    CaseCommand::RecordDrafts {
        revision: world.case.revision,
        proposals,
        receipt: receipt(ModelTask::Draft, world.case.revision, "ok"),
    }
}

pub fn proposal(action: Action) -> Proposal {
    Proposal {
        action,
        cites: vec![],
        rationale: sealed("because"),
    }
}

pub fn proposed(events: &[CaseEvent]) -> Vec<ActionKind> {
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
        assert!(!world.case.asking.is_empty());
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
fn the_prompt_of_the_verdict_itself_can_be_in_quarantine() {
    let prompt = countersign::domain::digest::Digest::of(ModelTask::Triage.word().as_bytes());
    let entry = format!(r#""quarantine": ["{prompt}"]"#);
    let quarantined = policy(&[("contract.json", r#""quarantine": []"#, &entry)]);
    let mut world = World::under(quarantined).opened(true, None).read(vec![]);
    world.triage(verdict(Category::HowTo, 2));
    assert!(world.case.drafts[0].declined.is_some());
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
