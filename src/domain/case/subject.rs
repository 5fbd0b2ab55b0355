//! The subject digest: what an approval is bound to.

use super::Case;
use super::context::Installation;
use super::link::Link;
use crate::domain::approval::{Asking, Assessment, Course, Request};
use crate::domain::digest::{Digest, Encoder};
use crate::domain::draft::{Draft, Origin};
use crate::domain::person::Person;
use crate::domain::ticket::Ticket;

/// Digests everything that an approval of this request would mean.
///
/// It covers workspace and app, request and case, the ticket and who would read an answer, the revision and
/// the whole draft, the evidence that the draft cites, on whose word it rests who asked, the assessment with
/// what follows from it, the policy (and with it the workflow that it names), who may decide and how many, who
/// may not, the expiry, and what must still be so on the desk. Texts and people's addresses enter through their
/// salted commitments, so that erasing them leaves the digest checkable.
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
        .text(case.id.as_str());
    let e = e.list(case.ticket.as_slice(), encode_ticket);
    let e = encode_draft(e, draft);
    let e = encode_evidence(e, case, draft);
    let e = e.list(case.link_behind(&draft.id), encode_link);
    let e = encode_assessment(e, assessment);
    encode_request(e, request).finish()
}

/// Where an answer would go, and who asked.
fn encode_ticket(e: Encoder, ticket: &Ticket) -> Encoder {
    let e = e
        .text(ticket.source.as_str())
        .text(&ticket.external)
        .text(ticket.desk.as_str())
        .digest(&ticket.requester.who.0)
        .number(ticket.requester.verified.into());
    let e = e.list(ticket.requester.author.as_slice(), encode_person);
    e.list(ticket.thread.as_slice(), |e, thread| {
        e.text(thread.channel.as_str()).text(&thread.ts)
    })
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
    let e = e.number(draft.target.revision.map_or(-1, i64::from));
    let e = e.list(draft.target.field.as_slice(), |e, (field, value)| {
        e.text(field.word()).maybe(value.as_deref())
    });
    e.maybe(draft.target.last_public_comment.as_deref())
}

fn encode_evidence(e: Encoder, case: &Case, draft: &Draft) -> Encoder {
    let cited: Vec<_> = case
        .evidence
        .iter()
        .filter(|evidence| draft.cites.contains(&evidence.id))
        .collect();
    let e = e.list(&draft.cites, |e, id| e.text(id.as_str()));
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

/// On whose word it rests who asked.
fn encode_link(e: Encoder, link: &Link) -> Encoder {
    encode_person(e.text(link.customer.as_str()), &link.by)
        .digest(&link.words.0)
        .number(link.revision.into())
}

fn encode_assessment(e: Encoder, assessment: &Assessment) -> Encoder {
    let e = e
        .text(assessment.action.word())
        .text(assessment.tier.word())
        .text(&assessment.rule)
        .digest(&assessment.policy)
        .list(&assessment.because, |e, line| e.text(line))
        .list(&assessment.missing, |e, name| e.text(name.word()))
        .list(&assessment.risk_tags, |e, tag| e.text(tag))
        .list(&assessment.constraints, |e, line| e.text(line));
    let e = e.list(&assessment.facts, |e, (name, fact)| {
        e.text(name.word())
            .text(&fact.value.to_string())
            .text(fact.provenance.word())
            .maybe(fact.evidence.as_ref().map(|id| id.as_str()))
    });
    match &assessment.course {
        Course::Never { reason } => e.text("never").text(reason),
        Course::Blocked { reason, role } => e.text("blocked").text(reason).text(role.word()),
        Course::RecordOnly { reason } => e.text("record_only").text(reason),
        Course::Auto => e.text("auto"),
        Course::ToRole { role } => e.text("to_role").text(role.word()),
        Course::Ask(asking) => encode_asking(e.text("ask"), asking),
    }
}

fn encode_asking(e: Encoder, asking: &Asking) -> Encoder {
    e.text(asking.route.word())
        .text(asking.approver_rule.as_str())
        .number(asking.quorum.into())
        .number(asking.due_at.0)
        .list(&asking.then, |e, rule| e.text(rule.as_str()))
        .text(asking.finally.word())
}

fn encode_request(e: Encoder, request: &Request) -> Encoder {
    let e = e
        .text(request.id.as_str())
        .text(request.draft.as_str())
        .text(request.tier.word())
        .digest(&request.policy)
        .number(request.asked_at.0)
        .maybe(request.follows.as_ref().map(|id| id.as_str()));
    encode_asking(e, &request.asking).list(&request.authors, encode_person)
}

fn encode_person(e: Encoder, person: &Person) -> Encoder {
    e.maybe(person.enterprise.as_ref().map(|id| id.as_str()))
        .text(person.team.as_str())
        .text(person.user.as_str())
}
