//! What an approval is bound to: every single field, flipped one at a time, makes it another subject.

use countersign::domain::approval::{Assessment, Request};
use countersign::domain::case::Case;
use countersign::domain::case::subject::subject_digest;
use countersign::domain::digest::Digest;
use countersign::domain::draft::{Draft, Origin, Target};
use countersign::domain::evidence::Evidence;
use countersign::domain::ids::{ChannelId, EnterpriseId};
use countersign::domain::ticket::{Thread, Ticket, TicketField};
use serde_json::{Value, json};

use crate::support::*;

/// Everything that is bound, with every optional part there.
#[derive(Clone, serde::Serialize, serde::Deserialize)]
struct Bound {
    enterprise: Option<String>,
    team: String,
    app: String,
    case: String,
    ticket: Ticket,
    evidence: Vec<Evidence>,
    draft: Draft,
    assessment: Assessment,
    request: Request,
}

impl Bound {
    fn whole() -> Self {
        let mut world = World::asking_refund(policy(&[]), 18_000);
        let request = world.newest_id();
        world
            .click(&BILLING, &request, edit(refund(60_000)))
            .unwrap();
        let progress = world.case.drafts.last().unwrap().clone();
        let mut ticket = world.case.ticket.clone().unwrap();
        ticket.requester.author = Some(
            Somebody {
                enterprise: Some("E1"),
                ..AGENT
            }
            .person(),
        );
        ticket.thread = Some(Thread {
            channel: ChannelId::new("C1"),
            ts: "1.1".into(),
        });
        let target = Target {
            revision: Some(1),
            field: Some((TicketField::Queue, Some("vip".into()))),
            last_public_comment: Some("comment-1".into()),
        };
        let mut evidence = world.case.evidence.clone();
        evidence[0].ask.subject = Some("cus_1".into());
        Self {
            enterprise: Some("E1".into()),
            team: "T1".into(),
            app: "A1".into(),
            case: "c1".into(),
            ticket,
            evidence,
            draft: Draft {
                target,
                ..progress.draft
            },
            assessment: progress.assessment.unwrap(),
            request: world.request(),
        }
    }

    fn digest(&self) -> Digest {
        let mut case = Case::empty(countersign::domain::ids::CaseId::new(&self.case));
        case.ticket = Some(self.ticket.clone());
        case.evidence.clone_from(&self.evidence);
        let mut installation = World::shipped().installation;
        installation.enterprise = self.enterprise.as_ref().map(EnterpriseId::new);
        installation.team = countersign::domain::ids::TeamId::new(&self.team);
        installation.app = countersign::domain::ids::AppId::new(&self.app);
        subject_digest(
            &installation,
            &case,
            &self.request,
            &self.draft,
            &self.assessment,
        )
    }
}

/// What is not bound, and why.
const FREE: &[(&str, &str)] = &[
    ("/request/subject", "it is the digest itself"),
    (
        "/ticket/received_at",
        "it says nothing of what would be done",
    ),
    (
        "/ticket/subject",
        "the draft answers it, and a new message is a new revision",
    ),
    (
        "/ticket/body",
        "the draft answers it, and a new message is a new revision",
    ),
    (
        "/ticket/requester/has_email",
        "the address itself is bound by its commitment",
    ),
    (
        "/evidence/0/findings",
        "they are read from the bytes, which are bound",
    ),
    (
        "/evidence/1/findings",
        "they are read from the bytes, which are bound",
    ),
];

/// Every leaf of a document.
fn leaves(value: &Value, at: String, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                leaves(member, format!("{at}/{name}"), found);
            }
        }
        Value::Array(items) => {
            for (n, item) in items.iter().enumerate() {
                leaves(item, format!("{at}/{n}"), found);
            }
        }
        Value::Null => {}
        _ => found.push(at),
    }
}

/// Other values for a leaf, of which the first that still is a valid document counts.
fn others(leaf: &Value) -> Vec<Value> {
    let words = [
        "low",
        "medium",
        "high",
        "batch_review",
        "named_approver",
        "billing",
        "infra",
        "queue",
        "priority",
        "connector",
        "model",
        "amount",
        "severity",
        "credit",
        "refund",
        "eur",
    ];
    match leaf {
        Value::Bool(truth) => vec![json!(!truth)],
        Value::Number(n) => vec![json!(n.as_i64().unwrap() + 1)],
        Value::String(text) if Digest::parse(text).is_some() => {
            vec![json!(Digest::of(text.as_bytes()).to_string())]
        }
        Value::String(text) => {
            let longer = json!(format!("{text}x"));
            let words = words.iter().filter(|word| *word != text);
            std::iter::once(longer)
                .chain(words.map(|word| json!(word)))
                .collect()
        }
        _ => vec![],
    }
}

#[test]
fn each_field_that_is_flipped_makes_another_subject() {
    let whole = Bound::whole();
    let before = whole.digest();
    let document = serde_json::to_value(&whole).unwrap();
    let mut paths = vec![];
    leaves(&document, String::new(), &mut paths);
    let mut flipped = 0;
    for path in paths {
        let mut changed = document.clone();
        let leaf = changed.pointer(&path).unwrap().clone();
        let other = others(&leaf).into_iter().find_map(|other| {
            *changed.pointer_mut(&path).unwrap() = other;
            serde_json::from_value::<Bound>(changed.clone()).ok()
        });
        let Some(other) = other else {
            // A tag that names the shape of its object has no other value that fits the same members.
            let tag = path.rsplit('/').next().unwrap();
            assert!(
                ["action", "origin", "course", "found"].contains(&tag),
                "{path} was not flipped"
            );
            continue;
        };
        let free = FREE.iter().any(|(of, _)| path.starts_with(of));
        assert_eq!(other.digest() == before, free, "{path}");
        flipped += usize::from(!free);
    }
    assert!(flipped > 60, "only {flipped} fields were flipped");
}

#[test]
fn what_is_absent_is_not_what_is_empty() {
    type Change = fn(&mut Bound);
    let changes: &[Change] = &[
        |b| b.enterprise = None,
        |b| b.ticket.requester.author = None,
        |b| b.ticket.thread = None,
        |b| b.draft.cites.clear(),
        |b| drop(b.draft.cites.pop()),
        |b| drop(b.evidence.remove(0)),
        |b| b.draft.target.revision = None,
        |b| b.draft.target.field = None,
        |b| b.draft.target.field.as_mut().unwrap().1 = None,
        |b| b.draft.target.last_public_comment = None,
        |b| b.draft.origin = Origin::Code,
        |b| b.request.follows = None,
        |b| b.request.authors.clear(),
        |b| b.request.asking.then.clear(),
        |b| b.assessment.because.clear(),
        |b| b.assessment.risk_tags.clear(),
        |b| b.assessment.constraints.clear(),
        |b| drop(b.assessment.facts.pop_first()),
    ];
    let whole = Bound::whole();
    let mut seen = std::collections::BTreeSet::from([whole.digest()]);
    for (n, change) in changes.iter().enumerate() {
        let mut changed = whole.clone();
        change(&mut changed);
        assert!(seen.insert(changed.digest()), "change {n}");
    }
}

#[test]
fn an_erased_text_leaves_the_digest_as_it_is() {
    // Texts are commitments here: there is nothing else that erasing could change.
    let whole = Bound::whole();
    assert_eq!(whole.digest(), whole.clone().digest());
    let document = serde_json::to_string(&whole).unwrap();
    assert!(!document.contains("charged twice"));
}
