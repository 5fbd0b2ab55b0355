//! The record of a case: what is in it, what never is, and that nothing broken is recorded.

use std::collections::BTreeMap;

use countersign::domain::approval::{Asking, Decision, Request, Route, Tier, Verb};
use countersign::domain::case::event::CaseEvent;
use countersign::domain::content::{Content, ContentKind, Sealed};
use countersign::domain::digest::Digest;
use countersign::domain::draft::Action;
use countersign::domain::escalation::Role;
use countersign::domain::ids::{CommandId, RequestId, RuleName, StreamId, TeamId, UserId, ViewId};
use countersign::domain::journal::{Event, Link, Recorded, genesis};
use countersign::domain::person::{Actor, Eligibility, Membership, Person, Standing};
use countersign::domain::time::At;
use countersign::proof::{RecordError, Recording, check_chain, record};
use serde_json::Value;

use crate::permit::{draft, verdict};

fn content(kind: ContentKind, text: &str) -> Content {
    Content::seal(kind, [text.len() as u8; 32], text)
}

fn person() -> Person {
    Person {
        enterprise: None,
        team: TeamId::new("T0LOCAL001"),
        user: UserId::new("U0BILL0001"),
    }
}

/// Links events as the journal does.
fn chain(events: Vec<CaseEvent>) -> Vec<Recorded<Event>> {
    let (stream, cause, mut prev) = (StreamId::new("c1"), CommandId::new("k1"), genesis());
    let mut recorded = vec![];
    for (seq, event) in (1..).zip(events) {
        let (at, actor) = (At(1_000 * seq as i64), Actor::Countersign);
        let body = serde_json_canonicalizer::to_string(&event).unwrap();
        let actor_text = serde_json_canonicalizer::to_string(&actor).unwrap();
        let link = Link {
            stream: &stream,
            seq,
            at,
            actor: &actor_text,
            cause: &cause,
            body: &body,
        };
        let hash = link.hash(&prev);
        recorded.push(Recorded {
            stream: stream.clone(),
            seq,
            at,
            actor,
            cause: cause.clone(),
            event: Event::Case(event),
            prev,
            hash,
        });
        prev = hash;
    }
    recorded
}

struct Made {
    events: Vec<Recorded<Event>>,
    contents: Vec<Content>,
}

fn made() -> Made {
    let ticket = content(ContentKind::TicketText, "a customer's own words");
    let reply = content(ContentKind::DraftText, "Dear [NAME_1], it is on its way.");
    let reason = content(ContentKind::Reason, "fits the policy to the letter");
    let who = content(ContentKind::Standing, "{\"name\":\"Billing Reviewer\"}");
    let draft = draft(Action::NotifyCustomer { text: reply.sealed });
    let request = RequestId::new("c1.r1");
    let subject = Digest::of(b"subject");
    let standing = Standing {
        membership: Membership::Member,
        groups: vec![],
        read_at: At(2_500),
        source: "slack".into(),
        who: Some(who.sealed),
    };
    let asking = Asking {
        route: Route::NamedApprover,
        approver_rule: RuleName::new("billing_reviewers"),
        quorum: 1,
        due_at: At(9_000_000),
        then: vec![],
        finally: Role::Billing,
    };
    let events = chain(vec![
        CaseEvent::CustomerWrote {
            revision: 2,
            message: ticket.sealed,
        },
        CaseEvent::Triaged {
            revision: 1,
            verdict: verdict(),
        },
        CaseEvent::DraftProposed {
            draft: draft.clone(),
        },
        CaseEvent::ApprovalRequested {
            request: Request {
                id: request.clone(),
                draft: draft.id,
                asking,
                tier: Tier::Medium,
                policy: Digest::of(b"{}"),
                subject,
                asked_at: At(2_000),
                authors: vec![],
                follows: None,
            },
        },
        CaseEvent::Decided {
            request,
            decision: Decision {
                person: person(),
                verb: Verb::Approve,
                preset: None,
                reason: Some(reason.sealed),
                eligibility: Eligibility {
                    rule: RuleName::new("billing_reviewers"),
                    matched: "member of S0BILLING1".into(),
                    standing,
                },
                view: ViewId::new("v1"),
                view_digest: Digest::of(b"view"),
                subject,
                at: At(3_000),
            },
        },
    ]);
    Made {
        events,
        contents: vec![ticket, reply, reason, who],
    }
}

fn files(made: &Made) -> Result<countersign::proof::Files, RecordError> {
    let environment = BTreeMap::from([("database".to_owned(), "rehearsal".to_owned())]);
    record(&Recording {
        events: &made.events,
        contents: &made.contents,
        policy: "{}",
        environment: &environment,
    })
}

#[test]
fn the_approval_the_approver_the_time_and_the_reason_are_found() {
    let files = files(&made()).unwrap();
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "audit_log.json",
            "env.json",
            "outputs/drafts/c1.d1.json",
            "outputs/outcomes.json",
            "outputs/texts.json",
            "outputs/verdict.json",
            "policy.json",
        ]
    );
    let log: Value = serde_json::from_slice(&files["audit_log.json"]).unwrap();
    let decision = &log["decisions"][0];
    assert_eq!(decision["verb"], "approve");
    assert_eq!(decision["action"], "tickets.notify_customer");
    assert_eq!(decision["approver"]["user"], "U0BILL0001");
    assert_eq!(decision["time"], "1970-01-01T00:00:03.000Z");
    assert_eq!(decision["reason"], "fits the policy to the letter");
    assert_eq!(decision["matched"], "member of S0BILLING1");
    assert_eq!(log["entries"].as_array().unwrap().len(), 5);
    assert_eq!(log["policy"], Digest::of(&files["policy.json"]).to_string());
    let draft: Value = serde_json::from_slice(&files["outputs/drafts/c1.d1.json"]).unwrap();
    assert_eq!(
        draft["draft"]["action"]["text"]["text"],
        "Dear [NAME_1], it is on its way."
    );
}

#[test]
fn a_customers_own_words_are_in_no_file() {
    for (path, bytes) in files(&made()).unwrap() {
        let text = String::from_utf8(bytes).unwrap();
        assert!(!text.contains("own words"), "{path}");
    }
}

#[test]
fn erased_texts_leave_the_record_whole() {
    let mut made = made();
    made.contents.clear();
    let files = files(&made).unwrap();
    let log: Value = serde_json::from_slice(&files["audit_log.json"]).unwrap();
    assert_eq!(log["decisions"][0]["reason"], Value::Null);
    assert_eq!(log["decisions"][0]["approver"]["user"], "U0BILL0001");
}

#[test]
fn nothing_broken_is_recorded() {
    let whole = made();
    assert_eq!(check_chain(&whole.events), Ok(()));
    let broken = |change: fn(&mut Made)| {
        let mut made = made();
        change(&mut made);
        files(&made).map(|_| ()).unwrap_err()
    };
    let chain = |seq| RecordError::BrokenChain {
        stream: StreamId::new("c1"),
        seq,
    };
    assert_eq!(broken(|made| made.events.clear()), RecordError::NoEvents);
    assert_eq!(broken(|made| made.events[2].at = At(1)), chain(3));
    assert_eq!(broken(|made| drop(made.events.remove(1))), chain(3));
    assert_eq!(broken(|made| made.events.swap(0, 1)), chain(2));
    assert_eq!(
        broken(|made| {
            made.events[0].event = Event::Case(CaseEvent::HumanNeeded { why: "no".into() });
        }),
        chain(1)
    );
    assert_eq!(
        broken(|made| made.events[4].actor = Actor::Source { name: "x".into() }),
        chain(5)
    );
    let text = broken(|made| made.contents[1].text.push('!'));
    assert_eq!(
        text,
        RecordError::BrokenText {
            kind: "draft_text".into()
        }
    );
    assert_ne!(whole.contents[0].sealed, Sealed(Digest::of(b"")));
}
