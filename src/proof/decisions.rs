//! Who decided what, when, why and by which rule, out of the events of a case.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::record::Shown;
use crate::domain::approval::{Decision, Request};
use crate::domain::case::event::CaseEvent;
use crate::domain::draft::ActionKind;
use crate::domain::ids::{DraftId, RequestId};
use crate::domain::journal::{Event, Recorded};

/// Each decision as one object, in the order in which they were made.
///
/// `approver` is the identity by ids, `approver_then` is `{"name", "email"}` as they were read at the click
/// (null once erased), `time` is RFC 3339 in UTC, `reason` the typed words and `preset` the chosen ones, `rule`
/// the approver rule with how it `matched`, and `subject` and `view_digest` what the decision is bound to.
pub(super) fn decisions(events: &[Recorded<Event>], shown: &Shown<'_>) -> Vec<Value> {
    let mut kinds: BTreeMap<&DraftId, ActionKind> = BTreeMap::new();
    let mut requests: BTreeMap<&RequestId, &Request> = BTreeMap::new();
    let mut found = Vec::new();
    for recorded in events {
        match &recorded.event {
            Event::Case(CaseEvent::DraftProposed { draft }) => {
                kinds.insert(&draft.id, draft.action.kind());
            }
            Event::Case(CaseEvent::ApprovalRequested { request }) => {
                requests.insert(&request.id, request);
            }
            Event::Case(CaseEvent::Decided { request, decision }) => {
                let asked = requests.get(request).copied();
                let kind = asked.and_then(|asked| kinds.get(&asked.draft).copied());
                found.push(one(request, asked, kind, (decision, shown)));
            }
            _ => {}
        }
    }
    found
}

/// Name and address as they were read, kept as JSON text: an object, like everything else in the record.
fn as_object(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned()))
}

fn one(
    request: &RequestId,
    asked: Option<&Request>,
    kind: Option<ActionKind>,
    (decision, shown): (&Decision, &Shown<'_>),
) -> Value {
    let standing = &decision.eligibility.standing;
    let who = standing
        .who
        .and_then(|who| shown.text(&who.0))
        .map(as_object);
    let reason = decision.reason.and_then(|reason| shown.text(&reason.0));
    json!({
        "request": request,
        "draft": asked.map(|asked| &asked.draft),
        "action": kind,
        "tier": asked.map(|asked| asked.tier),
        "verb": decision.verb,
        "approver": decision.person,
        "approver_then": who,
        "time": decision.at.rfc3339(),
        "reason": reason,
        "preset": decision.preset,
        "rule": decision.eligibility.rule,
        "matched": decision.eligibility.matched,
        "standing_read_at": standing.read_at.rfc3339(),
        "standing_source": standing.source,
        "policy": asked.map(|asked| asked.policy),
        "subject": decision.subject,
        "view_digest": decision.view_digest,
    })
}
