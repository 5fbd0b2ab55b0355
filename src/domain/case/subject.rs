//! The subject digest: what an approval is bound to.

use super::Case;
use super::context::Installation;
use crate::domain::approval::{Assessment, Request};
use crate::domain::digest::{Digest, Encoder};
use crate::domain::draft::{Draft, Origin};
use crate::domain::person::Person;

/// Digests everything that an approval of this request would mean.
///
/// It covers workspace and app, request and case, the revision and the whole draft, the evidence that the
/// draft cites, the assessment, the scope, the policy, who may decide and how many, who may not, the
/// expiry, and what must still be so on the desk. Texts enter through their salted commitments, so that
/// erasing them leaves the digest checkable.
#[must_use]
pub fn subject_digest(
    installation: &Installation,
    case: &Case,
    request: &Request,
    draft: &Draft,
    assessment: &Assessment,
) -> Digest {
    let e = Encoder::new("subject")
        .maybe(installation.enterprise.as_ref().map(|id| id.as_str()))
        .text(installation.team.as_str())
        .text(installation.app.as_str())
        .text(case.id.as_str())
        .text(request.id.as_str());
    let e = encode_draft(e, draft);
    let e = encode_evidence(e, case, draft);
    let e = encode_assessment(e, assessment);
    encode_request(e, request).finish()
}

fn encode_draft(e: Encoder, draft: &Draft) -> Encoder {
    let e = e
        .text(draft.id.as_str())
        .number(draft.revision.into())
        .digest(&draft.action.digest())
        .digest(&draft.rationale.0)
        .number(i64::from(draft.action.kind().reversible()))
        .number(i64::from(draft.action.kind().customer_sees()));
    let e = match &draft.origin {
        Origin::Model { model } => e.text("model").text(model),
        Origin::Code => e.text("code"),
        Origin::Edit { editor, of } => encode_person(e.text("edit").text(of.as_str()), editor),
    };
    let e = e.number(draft.target.revision.map_or(0, i64::from));
    let e = match &draft.target.field {
        Some((field, value)) => e.text(field.word()).maybe(value.as_deref()),
        None => e.maybe(None),
    };
    e.maybe(draft.target.last_public_comment.as_deref())
}

fn encode_evidence(e: Encoder, case: &Case, draft: &Draft) -> Encoder {
    let cited: Vec<_> = case
        .evidence
        .iter()
        .filter(|evidence| draft.cites.contains(&evidence.id))
        .collect();
    e.list(cited, |e, evidence| {
        e.text(evidence.id.as_str())
            .text(evidence.ask.source.as_str())
            .text(&evidence.ask.query)
            .maybe(evidence.ask.subject.as_deref())
            .digest(&evidence.bytes)
            .digest(&evidence.body.0)
            .number(evidence.taken_at.0)
    })
}

fn encode_assessment(e: Encoder, assessment: &Assessment) -> Encoder {
    let e = e
        .text(assessment.tier.word())
        .text(&assessment.rule)
        .digest(&assessment.policy)
        .list(&assessment.because, |e, line| e.text(line))
        .list(&assessment.missing, |e, name| e.text(name.word()))
        .list(&assessment.risk_tags, |e, tag| e.text(tag))
        .list(&assessment.constraints, |e, line| e.text(line));
    e.list(&assessment.facts, |e, (name, fact)| {
        e.text(name.word())
            .text(&fact.value.to_string())
            .text(fact.provenance.word())
    })
}

fn encode_request(e: Encoder, request: &Request) -> Encoder {
    let asking = &request.asking;
    let e = e
        .text(asking.route.word())
        .text(asking.approver_rule.as_str())
        .number(asking.quorum.into())
        .number(asking.due_at.0)
        .list(&asking.then, |e, rule| e.text(rule.as_str()))
        .text(asking.finally.word())
        .digest(&request.policy)
        .number(request.asked_at.0);
    e.list(&request.authors, encode_person)
}

fn encode_person(e: Encoder, person: &Person) -> Encoder {
    e.maybe(person.enterprise.as_ref().map(|id| id.as_str()))
        .text(person.team.as_str())
        .text(person.user.as_str())
}
