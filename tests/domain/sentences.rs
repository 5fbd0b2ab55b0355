//! Every event in a sentence that an auditor can read: no ids of ours, no machine words, no doubled stops.

use std::collections::BTreeSet;

use countersign::domain::approval::{RejectPreset, RequestState};
use countersign::domain::card::Texts;
use countersign::domain::case::command::{Deadline, Wants};
use countersign::domain::case::event::{CaseEvent, Phase};
use countersign::domain::case::face::Lens;
use countersign::domain::case::refusal::RefusalCode;
use countersign::domain::case::story::sentence;
use countersign::domain::escalation::BillingAnswer;
use countersign::domain::ids::{BatchId, CardId, ChannelId, EscalationId, RuleName};
use countersign::domain::model::ModelTask;
use regex::Regex;

use crate::support::*;

/// A world in which people have answered a refund and an outage, and its events.
fn lived() -> Vec<World> {
    let mut refund = World::asking_refund(policy(&[]), 18_000);
    let request = refund.newest_id();
    refund.click(&BILLING, &request, approve()).unwrap();
    let mut page = World::asking_page(policy(&[]));
    let request = page.newest_id();
    page.click(&LEAD, &request, approve()).unwrap();
    let draft = page.asked_draft().id;
    page.send(&draft);
    let mut other = World::asking_reply(policy(&[]));
    let request = other.newest_id();
    let wants = Wants::Reject {
        preset: Some(RejectPreset::WrongWords),
        reason: Some(sealed("too long")),
    };
    other.click(&LEAD, &request, wants).unwrap();
    let mut edited = World::asking_refund(policy(&[]), 18_000);
    let request = edited.newest_id();
    edited
        .click(&BILLING, &request, edit(crate::support::refund(9_000)))
        .unwrap();
    let (linked, _) = crate::linking::linked_by(&BILLING);
    vec![refund, page, other, edited, linked]
}

/// What those lives do not bring: one of each, about the newest request, draft and escalation of a world.
fn told_by_hand(world: &World) -> Vec<CaseEvent> {
    let (draft, request) = (world.asked_draft().id, world.newest_id());
    let escalation = world.case.escalations.last().map_or_else(
        || EscalationId::new("c1.e1"),
        |(escalation, _)| escalation.id.clone(),
    );
    let by = LEAD.person();
    let why = || "target moved: the customer has written.".to_owned();
    let step = || (draft.clone(), Phase::Act);
    let mut events = vec![
        CaseEvent::CustomerWrote {
            revision: 2,
            message: sealed("more"),
        },
        CaseEvent::ModelCalled {
            receipt: receipt(ModelTask::Triage, 1, "unreadable: no JSON."),
        },
        CaseEvent::IdentityNeeded { reason: why() },
        CaseEvent::ApproversFound {
            request: request.clone(),
            people: vec![by.clone()],
        },
        CaseEvent::Batched {
            request: request.clone(),
            batch: BatchId::new("batch.1"),
            row: 1,
        },
        CaseEvent::CardPosted {
            card: CardId::new("card"),
            channel: ChannelId::new("C1"),
            ts: "1".into(),
        },
        CaseEvent::CardFailed {
            card: CardId::new("card"),
            why: why(),
        },
        CaseEvent::Declined {
            draft: draft.clone(),
            reason: why(),
        },
        CaseEvent::Lapsed {
            request: request.clone(),
            successor: None,
            with: None,
        },
        CaseEvent::Lapsed {
            request: request.clone(),
            successor: None,
            with: Some(escalation.clone()),
        },
        CaseEvent::EscalationTaken {
            escalation: escalation.clone(),
            by: by.clone(),
        },
        CaseEvent::EscalationResolved {
            escalation: escalation.clone(),
            by: by.clone(),
            words: Some(sealed("done")),
        },
        CaseEvent::BillingAnswered {
            escalation: escalation.clone(),
            by: by.clone(),
            answer: BillingAnswer::DifferentAmount,
            words: Some(sealed("done")),
        },
        CaseEvent::EscalationLapsed {
            escalation: escalation.clone(),
            successor: None,
        },
        CaseEvent::Reminded {
            escalation: escalation.clone(),
        },
        CaseEvent::WokenEarly {
            deadline: Deadline::Parked { escalation },
            until: world.now,
        },
        CaseEvent::CallAgain {
            task: ModelTask::Draft,
            revision: 1,
            at: world.now,
        },
        CaseEvent::HumanNeeded { why: why() },
    ];
    let ((d, p), w) = (step(), why());
    events.push(CaseEvent::Held {
        draft: d,
        phase: p,
        why: w,
    });
    let ((d, p), w) = (step(), why());
    events.push(CaseEvent::Voided {
        draft: d,
        phase: p,
        why: w,
    });
    let ((d, p), w) = (step(), why());
    events.push(CaseEvent::PerformFailed {
        draft: d,
        phase: p,
        why: w,
    });
    let ((d, p), w) = (step(), why());
    events.push(CaseEvent::OutcomeUnknown {
        draft: d,
        phase: p,
        why: w,
    });
    events.extend(
        [None, Some(world.now)].map(|again_at| CaseEvent::EvidenceFailed {
            ask: ask("stripe", "fraud_warnings"),
            why: why(),
            again_at,
        }),
    );
    events.extend(RequestState::ALL.iter().map(|state| CaseEvent::Settled {
        request: request.clone(),
        state: *state,
        why: Some("<@U0LEAD0001> changed the draft.".into()),
        successor: None,
        not_before: Some(world.now),
    }));
    events.extend(RefusalCode::ALL.iter().map(|code| CaseEvent::ClickRefused {
        person: by.clone(),
        verb: "not_refunding".into(),
        request: Some(request.clone()),
        view: None,
        code: *code,
    }));
    events
}

/// The place of an event in the catalogue. A new one does not compile until it is added here and told above.
const fn place(event: &CaseEvent) -> usize {
    use CaseEvent as E;
    match event {
        E::TicketReceived { .. } => 0,
        E::CustomerWrote { .. } => 1,
        E::Redacted { .. } => 2,
        E::ModelCalled { .. } => 3,
        E::Triaged { .. } => 4,
        E::IdentityNeeded { .. } => 5,
        E::EvidenceAsked { .. } => 6,
        E::EvidenceTaken { .. } => 7,
        E::EvidenceFailed { .. } => 8,
        E::DraftProposed { .. } => 9,
        E::RiskAssessed { .. } => 10,
        E::Cleared { .. } => 11,
        E::NotePlanned { .. } => 12,
        E::Declined { .. } => 13,
        E::ApprovalRequested { .. } => 14,
        E::ApproversFound { .. } => 15,
        E::Batched { .. } => 16,
        E::Shown { .. } => 17,
        E::CardPosted { .. } => 18,
        E::CardFailed { .. } => 19,
        E::Decided { .. } => 20,
        E::ClickRefused { .. } => 21,
        E::Settled { .. } => 22,
        E::Lapsed { .. } => 23,
        E::Escalated { .. } => 24,
        E::EscalationTaken { .. } => 25,
        E::EscalationResolved { .. } => 26,
        E::BillingAnswered { .. } => 27,
        E::EscalationLapsed { .. } => 28,
        E::Reminded { .. } => 29,
        E::WokenEarly { .. } => 30,
        E::CallAgain { .. } => 31,
        E::Departed { .. } => 32,
        E::Held { .. } => 33,
        E::Voided { .. } => 34,
        E::Performed { .. } => 35,
        E::PerformFailed { .. } => 36,
        E::OutcomeUnknown { .. } => 37,
        E::HumanNeeded { .. } => 38,
        E::CustomerLinked { .. } => 39,
    }
}

pub fn said(world: &World, event: &CaseEvent) -> Option<String> {
    let texts: Texts = ["done", "too long", "it fits", "better so", "called back"]
        .map(|text| (sealed(text), format!("{text}.")))
        .into();
    let people = |rule: &RuleName| rule.to_string();
    let lens = Lens {
        texts: &texts,
        similar: &[],
        people: &people,
    };
    sentence(&world.case, event, lens)
}

#[test]
fn every_event_is_told_without_ids_machine_words_and_doubled_stops() {
    // Objects of Stripe and names of files are the reader's own, and stay as they are.
    let theirs = Regex::new(r"\b(ch|cus|sub|in)_\w+|\S+\.json").unwrap();
    let ours = Regex::new(r"\b[cdrev][0-9a-f]{6,}|\bc1\b|\.[drev]\d|\b[drev]\d+\b|_|\.\.|  |<@|\n")
        .unwrap();
    let mut seen = BTreeSet::new();
    for world in lived() {
        let lived = world.events.iter().map(|(_, event)| event.clone());
        for event in lived.chain(told_by_hand(&world)) {
            seen.insert(place(&event));
            let Some(said) = said(&world, &event) else {
                continue;
            };
            let rest = theirs.replace_all(&said, "it");
            assert!(!ours.is_match(&rest), "{event:?} is told as: {said}");
            assert!(said.ends_with('.'), "{said}");
        }
    }
    assert_eq!(
        seen.into_iter().collect::<Vec<_>>(),
        (0..40).collect::<Vec<_>>()
    );
}
