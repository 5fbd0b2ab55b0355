//! Faces of cases as the domain would project them, for tests of what is drawn from them.

use std::collections::BTreeMap;

use countersign::domain::approval::{
    Asking, Assessment, Course, Request, RequestState, Route, Tier, Verb,
};
use countersign::domain::card::{
    ActFace, Body, Card, CaseFace, DecisionFace, Destination, DraftFace, EscalationFace,
    EvidenceFace, RequestFace, SimilarFace,
};
use countersign::domain::digest::Digest;
use countersign::domain::draft::ActionKind;
use countersign::domain::escalation::{Carries, Escalation, EscalationCause, Role};
use countersign::domain::evidence::{Fact, FactName, FactValue, Provenance};
use countersign::domain::ids::{
    BatchId, CardId, CaseId, DraftId, EscalationId, EvidenceId, RequestId, RuleName, TeamId, UserId,
};
use countersign::domain::money::{Currency, Money};
use countersign::domain::person::Person;
use countersign::domain::time::At;
use countersign::domain::verdict::{Category, Severity, Signal};

pub const NOON: At = At(1_795_176_000_000);

pub fn person(user: &str) -> Person {
    Person {
        enterprise: None,
        team: TeamId::new("T0LOCAL001"),
        user: UserId::new(user),
    }
}

/// A refund of 180 that waits for a batch decision; `text` stands wherever a stranger's text can.
pub fn refund(number: u64, text: &str) -> RequestFace {
    let case = CaseId::new(format!("c{number:024}"));
    RequestFace {
        case: case_face(number, text),
        row: None,
        request: Request {
            id: RequestId::new(case.nth('r', 1)),
            draft: DraftId::new(case.nth('d', 1)),
            asking: Asking {
                route: Route::BatchReview,
                approver_rule: RuleName::new("billing_reviewers"),
                quorum: 1,
                due_at: NOON.plus(countersign::domain::time::Span::hours(24)),
                then: vec![RuleName::new("finance_lead")],
                finally: Role::Billing,
            },
            tier: Tier::Medium,
            policy: Digest::of(b"policy"),
            subject: Digest::of(format!("subject {number}").as_bytes()),
            asked_at: NOON,
            authors: vec![],
            follows: None,
        },
        state: RequestState::Pending,
        why: None,
        now_with: None,
        left_undone: false,
        decisions: vec![],
        draft: draft_face(&case, text),
        assessment: assessment(),
        evidence: vec![evidence(&case, text)],
        cautions: vec![],
        similar: vec![SimilarFace {
            number: 3,
            headline: format!("Charged twice {text}"),
            proposed: "refund 40.00 USD".into(),
            outcome: "approved".into(),
        }],
        people: "members of billing-team, for example <@U0BILL0001>".into(),
        act: ActFace::NotYet,
    }
}

/// A high-tier refund for a named approver.
pub fn named(number: u64, text: &str) -> RequestFace {
    let mut face = refund(number, text);
    face.request.tier = Tier::High;
    face.assessment.tier = Tier::High;
    face.request.asking.route = Route::NamedApprover;
    face.people = "<@U0FIN00001>".into();
    face
}

pub fn case_face(number: u64, text: &str) -> CaseFace {
    CaseFace {
        id: CaseId::new(format!("c{number:024}")),
        number,
        headline: format!("Charged twice {text}"),
        text: format!("Hello, I was charged twice for May. Please refund one. {text}"),
        severity: Severity::of(2),
        category: Some(Category::RefundRequest),
        signals: vec![Signal::Money],
        model: "builtin 1".into(),
        source: "helpdesk".into(),
        external: format!("T-{number}"),
        url: Some(format!("https://desk.example/tickets/{number}")),
        requester_verified: true,
        identity: None,
        revision: 1,
    }
}

fn draft_face(case: &CaseId, text: &str) -> DraftFace {
    DraftFace {
        id: DraftId::new(case.nth('d', 1)),
        kind: ActionKind::Refund,
        parameters: vec![
            ("Charge".into(), "ch_3Sample0001".into()),
            ("Amount".into(), "180.00 USD".into()),
        ],
        texts: vec![
            (
                "Reason".into(),
                format!("The May invoice was charged twice. {text}"),
            ),
            (
                "Confirmation to the customer".into(),
                "We refunded 180.00 USD. It arrives within {days} days; reference {refund}.".into(),
            ),
        ],
        rationale: format!("Two charges of 180.00 USD within a minute. {text}"),
        author: "builtin 1".into(),
        changes: vec![],
        effect: "Billing is asked to refund 180.00 USD of ch_3Sample0001. No money moves by this."
            .into(),
        scope: "one ticket, one customer".into(),
        upstream: Some("https://dashboard.stripe.com/payments/ch_3Sample0001".into()),
    }
}

fn assessment() -> Assessment {
    let usd = Currency::parse("usd").unwrap();
    let fact = |value| Fact {
        value,
        provenance: Provenance::Connector,
        evidence: None,
    };
    Assessment {
        action: ActionKind::Refund,
        tier: Tier::Medium,
        rule: "refund.json tier 2 (medium)".into(),
        because: vec!["amount 180.00 USD is at most 500".into()],
        facts: BTreeMap::from([
            (
                FactName::Amount,
                fact(FactValue::Money(Money {
                    minor: 18_000,
                    currency: usd,
                })),
            ),
            (FactName::CustomerMonths, fact(FactValue::Number(14))),
        ]),
        missing: vec![FactName::ChargebackOpen],
        risk_tags: vec!["money".into()],
        constraints: vec!["at most 5000 USD".into()],
        policy: Digest::of(b"policy"),
        course: Course::Auto,
    }
}

fn evidence(case: &CaseId, text: &str) -> EvidenceFace {
    EvidenceFace {
        id: EvidenceId::new(case.nth('v', 1)),
        source: "stripe".into(),
        query: "charges".into(),
        taken_at: NOON,
        lines: vec![
            "two charges of 180.00 USD on 3 May, one minute apart".into(),
            format!("description: {text}"),
        ],
    }
}

pub fn decision(verb: Verb, reason: &str) -> DecisionFace {
    DecisionFace {
        person: person("U0BILL0001"),
        verb,
        reason: reason.into(),
        at: NOON,
    }
}

pub fn escalation(number: u64, text: &str) -> EscalationFace {
    let request = refund(number, text);
    EscalationFace {
        escalation: Escalation {
            id: EscalationId::new(request.case.id.nth('e', 1)),
            role: Role::Billing,
            cause: EscalationCause::ApprovedRecommendation,
            carries: Carries::Work,
            rule: "structural: money to billing".into(),
            draft: Some(request.draft.id.clone()),
            request: Some(request.request.id.clone()),
            since: NOON,
            due_at: Some(NOON.plus(countersign::domain::time::Span::hours(8))),
            step: 0,
            succeeds: vec![],
        },
        case: request.case,
        taken: None,
        resolved: None,
        closing: None,
        answer: None,
        now_with: None,
        undecided: vec![],
        continued: None,
        parked: false,
        draft: Some(request.draft),
        assessment: Some(request.assessment),
        decisions: vec![decision(Verb::Approve, text)],
        evidence: request.evidence,
        cautions: vec![],
        steps: vec!["Open the charge in Stripe and refund 180.00 USD.".into()],
    }
}

pub fn card(body: Body) -> Card {
    let (id, to) = match &body {
        Body::Batch { batch, .. } => (
            batch.as_str().to_owned(),
            Destination::Reviewers {
                rule: RuleName::new("billing_reviewers"),
            },
        ),
        Body::Approver(face) => (
            format!("approver.{}", face.request.id),
            Destination::Person {
                person: person("U0FIN00001"),
            },
        ),
        Body::Status(face) => (
            format!("status.{}", face.request.id),
            Destination::Role {
                role: Role::Billing,
            },
        ),
        Body::Escalation(face) => (
            format!("escalation.{}", face.escalation.id),
            Destination::Role {
                role: Role::Billing,
            },
        ),
        Body::Notice(_) => (
            "notice".to_owned(),
            Destination::Role {
                role: Role::SupportL1,
            },
        ),
    };
    Card {
        id: CardId::new(id),
        to,
        body,
    }
}

pub fn batch(rows: Vec<RequestFace>) -> Card {
    let rows = rows
        .into_iter()
        .zip(1..)
        .map(|(face, row)| RequestFace {
            row: Some(row),
            ..face
        })
        .collect();
    card(Body::Batch {
        batch: BatchId::new("batch.1"),
        people: "members of billing-team".into(),
        rows,
        closed: false,
    })
}
