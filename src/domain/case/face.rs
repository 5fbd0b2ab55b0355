//! What cards say of a case: projections of its state into words, with every text opened or marked erased.

use super::event::{ModelView, Phase};
use super::findings::{cautions, finding};
use super::naming::role_name;
use super::words::{changes, effect, in_words, scope, steps, upstream};
use super::{Case, StepState};
use crate::domain::approval::{Decision, RejectPreset, RequestProgress, RequestState};
use crate::domain::card::{
    ActFace, CaseFace, DecisionFace, DraftFace, EscalationFace, EvidenceFace, IdentityFace,
    RequestFace, SimilarFace, Texts,
};
use crate::domain::content::Sealed;
use crate::domain::draft::{Draft, Executor, Origin};
use crate::domain::escalation::{BillingAnswer, EscalationProgress};
use crate::domain::evidence::{Ask, Evidence};
use crate::domain::ids::{DraftId, EscalationId, RequestId};
use crate::domain::person::Person;
use crate::domain::time::At;

/// What stands where a text was erased.
pub const ERASED: &str = "[erased]";

/// What a projection needs beside the case.
#[derive(Clone, Copy)]
pub struct Lens<'a> {
    /// The opened texts.
    pub texts: &'a Texts,
    /// The three most similar decided cases.
    pub similar: &'a [SimilarFace],
    /// Who may decide, in words, by rule.
    pub people: &'a (dyn Fn(&crate::domain::ids::RuleName) -> String + Sync),
}

impl Lens<'_> {
    /// A text, or that it was erased.
    #[must_use]
    pub fn text(&self, sealed: Sealed) -> String {
        self.texts
            .get(&sealed)
            .map_or_else(|| ERASED.to_owned(), Clone::clone)
    }
}

/// Every text that a card of this case may show.
#[must_use]
pub fn texts_of(case: &Case) -> Vec<Sealed> {
    let mut all: Vec<Sealed> = shown_view(case).map(|view| view.text).into_iter().collect();
    all.extend(case.verdict.iter().map(|verdict| verdict.rationale));
    for progress in &case.drafts {
        all.push(progress.draft.rationale);
        all.extend(progress.draft.action.texts());
    }
    all.extend(case.links.iter().map(|link| link.words));
    all.extend(case.requests.iter().flat_map(|asked| {
        asked
            .decisions
            .iter()
            .filter_map(|decision| decision.reason)
    }));
    all.extend(
        case.escalations
            .iter()
            .flat_map(|(_, progress)| progress.words.into_iter().chain(progress.closing)),
    );
    all
}

/// The redacted text that cards show: the one before, while a new message is being read.
#[must_use]
pub fn shown_view(case: &Case) -> Option<&ModelView> {
    case.view.as_ref().or(case.earlier_view.as_ref())
}

/// What every card says of the case.
#[must_use]
pub fn case_face(case: &Case, lens: Lens) -> CaseFace {
    let view = shown_view(case);
    let text = view.map_or_else(String::new, |view| lens.text(view.text));
    let ticket = case.ticket.as_ref();
    CaseFace {
        id: case.id.clone(),
        number: case.number,
        headline: text.lines().next().unwrap_or_default().to_owned(),
        text,
        severity: case.verdict.as_ref().map(|verdict| verdict.severity),
        category: case.verdict.as_ref().map(|verdict| verdict.category),
        signals: view.map_or_else(Vec::new, |view| view.signals.clone()),
        model: case
            .verdict
            .as_ref()
            .map_or_else(String::new, |verdict| verdict.model.clone()),
        source: ticket.map_or_else(String::new, |ticket| ticket.source.to_string()),
        external: ticket.map_or_else(String::new, |ticket| ticket.external.clone()),
        url: ticket.and_then(|ticket| ticket.url.clone()),
        requester_verified: ticket.is_some_and(|ticket| ticket.requester.verified),
        identity: identity_face(case, lens),
        revision: case.revision,
    }
}

fn identity_face(case: &Case, lens: Lens) -> Option<IdentityFace> {
    let linked = case.link().map(|link| IdentityFace::Linked {
        customer: link.customer.clone(),
        by: link.by.clone(),
        words: lens.text(link.words),
    });
    let needed = || {
        let reason = case.identity_needed.clone()?;
        Some(IdentityFace::Needed { reason })
    };
    linked.or_else(needed)
}

/// One request with everything a person needs; `None` when the case has no such request.
#[must_use]
pub fn request_face(case: &Case, id: &RequestId, lens: Lens) -> Option<RequestFace> {
    let progress = case.request(id)?;
    let draft = case.draft(&progress.request.draft)?;
    Some(RequestFace {
        case: case_face(case, lens),
        row: progress.batch.as_ref().map(|(_, row)| *row),
        request: progress.request.clone(),
        state: progress.state,
        why: progress.superseded.clone(),
        now_with: now_with(case, progress, lens),
        left_undone: case.left_undone(progress),
        decisions: progress
            .decisions
            .iter()
            .map(|decision| decision_face(decision, lens))
            .collect(),
        draft: draft_face(case, &draft.draft, lens),
        assessment: draft.assessment.clone()?,
        evidence: evidence_faces(case),
        cautions: cautions(case, draft.assessment.as_ref()),
        similar: lens.similar.to_vec(),
        people: (lens.people)(&progress.request.asking.approver_rule),
        act: act_face(case, progress, lens),
    })
}

/// One escalation with everything the role needs; `None` when the case has no such escalation.
#[must_use]
pub fn escalation_face(case: &Case, id: &EscalationId, lens: Lens) -> Option<EscalationFace> {
    let (escalation, progress) = case.escalation(id)?;
    let draft = escalation
        .draft
        .as_ref()
        .and_then(|draft| case.draft(draft));
    let asked = escalation
        .request
        .as_ref()
        .and_then(|request| case.request(request));
    let next = progress
        .successor
        .as_ref()
        .and_then(|next| case.escalation(next))
        .map(|(next, _)| next);
    Some(EscalationFace {
        case: case_face(case, lens),
        escalation: escalation.clone(),
        taken: progress.taken.clone(),
        resolved: progress.resolved.clone(),
        closing: progress.closing.map(|words| lens.text(words)),
        answer: answered(progress, lens),
        now_with: next
            .filter(|_| progress.lapsed.is_some())
            .map(|next| role_name(next.role).to_owned()),
        continued: next.map(|next| next.cause).zip(progress.continued),
        undecided: case
            .undecided_on(id)
            .filter_map(|asked| case.draft(&asked.request.draft))
            .map(|draft| effect(&draft.draft.action))
            .collect(),
        parked: progress.parked,
        draft: draft.map(|draft| draft_face(case, &draft.draft, lens)),
        assessment: draft.and_then(|draft| draft.assessment.clone()),
        decisions: asked.map_or_else(Vec::new, |asked| {
            asked
                .decisions
                .iter()
                .map(|one| decision_face(one, lens))
                .collect()
        }),
        evidence: evidence_faces(case),
        cautions: cautions(case, draft.and_then(|draft| draft.assessment.as_ref())),
        steps: steps(case, escalation, draft.map(|draft| &draft.draft)),
    })
}

/// What billing answered last, in words, with who and when.
fn answered(progress: &EscalationProgress, lens: Lens) -> Option<(String, Person, At)> {
    let (answer, person, at) = progress.answer.as_ref()?;
    let answer = match answer {
        BillingAnswer::Refunding => "refunding",
        BillingAnswer::DifferentAmount => "a different amount",
        BillingAnswer::NotRefunding => "not refunding",
    };
    let words = progress.words.map(|words| lens.text(words));
    let said = words.map_or_else(|| answer.to_owned(), |words| format!("{answer}: {words}"));
    Some((said, person.clone(), *at))
}

/// A draft in words.
#[must_use]
pub fn draft_face(case: &Case, draft: &Draft, lens: Lens) -> DraftFace {
    let (parameters, texts) = in_words(&draft.action, lens);
    DraftFace {
        id: draft.id.clone(),
        kind: draft.action.kind(),
        parameters,
        texts,
        rationale: lens.text(draft.rationale),
        author: match &draft.origin {
            Origin::Model { model } => model.clone(),
            Origin::Code => "Countersign's rules".into(),
            Origin::Edit { editor, .. } => format!("edited by <@{}>", editor.user),
        },
        changes: changes(case, draft, lens),
        effect: effect(&draft.action),
        scope: scope(&draft.action).into(),
        upstream: upstream(&draft.action),
    }
}

fn decision_face(decision: &Decision, lens: Lens) -> DecisionFace {
    let words = decision.reason.map(|reason| lens.text(reason));
    let preset = decision
        .preset
        .filter(|preset| *preset != RejectPreset::Other || words.is_none())
        .map(|preset| preset.words().to_owned());
    DecisionFace {
        person: decision.person.clone(),
        verb: decision.verb,
        reason: preset
            .into_iter()
            .chain(words)
            .collect::<Vec<_>>()
            .join(": "),
        at: decision.at,
    }
}

/// What was found, in words, each question with its newest answer. An answer that only led to further
/// questions is left out: it found nothing of its own, and "nothing found" would be wrong.
#[must_use]
pub fn evidence_faces(case: &Case) -> Vec<EvidenceFace> {
    let newer = |at: usize, ask: &Ask| case.evidence[at + 1..].iter().any(|one| one.ask == *ask);
    case.evidence
        .iter()
        .enumerate()
        .filter(|(at, one)| !newer(*at, &one.ask) && !case.led_on.contains(&one.id))
        .map(|(_, one)| evidence_face(one))
        .collect()
}

fn evidence_face(evidence: &Evidence) -> EvidenceFace {
    EvidenceFace {
        id: evidence.id.clone(),
        source: evidence.ask.source.to_string(),
        query: evidence.ask.query.clone(),
        taken_at: evidence.taken_at,
        lines: evidence.findings.iter().map(finding).collect(),
    }
}

/// Who has a request now that its time ran out or something took its place.
fn now_with(case: &Case, progress: &RequestProgress, lens: Lens) -> Option<String> {
    if let Some(next) = progress
        .successor
        .as_ref()
        .and_then(|next| case.request(next))
    {
        return Some((lens.people)(&next.request.asking.approver_rule));
    }
    let with = progress.with.as_ref().and_then(|id| case.escalation(id));
    with.map(|(escalation, _)| role_name(escalation.role).to_owned())
}

fn act_face(case: &Case, progress: &RequestProgress, lens: Lens) -> ActFace {
    let draft = &progress.request.draft;
    let with_role = case
        .escalations
        .iter()
        .find(|(escalation, _)| escalation.request.as_ref() == Some(&progress.request.id));
    if let Some((escalation, with)) = with_role
        && executor(case, draft) == Executor::Nothing
    {
        return ActFace::WithRole {
            role: escalation.role,
            since: escalation.since,
            taken: with.taken.clone(),
            answer: answered(with, lens),
        };
    }
    if progress.state != RequestState::Approved {
        return ActFace::NotYet;
    }
    match case.step(draft, Phase::Act) {
        Some(StepState::Due(at)) => ActFace::GoesOut { at: *at },
        Some(StepState::Going(_)) => ActFace::Going,
        Some(StepState::Held(why)) => ActFace::Held { why: why.clone() },
        Some(StepState::Done(acknowledgement, at)) => ActFace::Done {
            acknowledgement: acknowledgement.clone(),
            at: *at,
        },
        Some(StepState::Voided(why)) => ActFace::Voided { why: why.clone() },
        Some(StepState::Failed(why)) => ActFace::Failed { why: why.clone() },
        Some(StepState::Unknown(why)) => ActFace::Unknown { why: why.clone() },
        Some(StepState::Idle) | None => ActFace::NotYet,
    }
}

fn executor(case: &Case, draft: &DraftId) -> Executor {
    case.draft(draft).map_or(Executor::Nothing, |draft| {
        draft.draft.action.kind().executor()
    })
}
