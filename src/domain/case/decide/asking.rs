//! What follows from an assessment: running, asking people, or giving the case to a role.

use crate::domain::approval::{Asking, Assessment, Course, Request, RequestProgress, RequestState};
use crate::domain::case::context::Context;
use crate::domain::case::event::CaseEvent;
use crate::domain::case::subject::subject_digest;
use crate::domain::case::{Case, judge};
use crate::domain::digest::Digest;
use crate::domain::draft::{ActionKind, Draft, Origin};
use crate::domain::escalation::{Carries, Escalation, EscalationCause, Role};
use crate::domain::ids::{DraftId, EscalationId, RequestId};
use crate::domain::person::Person;
use crate::domain::time::At;
use crate::domain::verdict::Signal;

/// The events that follow from the course that the rules gave a draft.
pub(super) fn follow(
    case: &Case,
    draft: &Draft,
    assessment: &Assessment,
    ctx: &Context,
) -> Vec<CaseEvent> {
    let kind = draft.action.kind();
    let declined = |reason: &str| CaseEvent::Declined {
        draft: draft.id.clone(),
        reason: reason.to_owned(),
    };
    let given =
        |role, cause, rule: &str| escalate(case, Given::of(role, cause, rule).about(draft), ctx);
    let recommended = |role| given(role, EscalationCause::Recommended, &assessment.rule);
    let mut events = match &assessment.course {
        Course::Never { reason } => return vec![declined(reason)],
        Course::RecordOnly { reason } => {
            // Where notes may still be written, the proposal stands on the ticket for whoever works on it.
            let noted = kind != ActionKind::AddInternalNote
                && judge::permits_note(ctx.policy, case, draft, ctx.now).is_ok();
            return std::iter::once(declined(reason))
                .chain(noted.then(|| note(draft)))
                .collect();
        }
        Course::Blocked { reason, role } => vec![
            declined(reason),
            given(*role, EscalationCause::Blocked, reason),
        ],
        // Nothing of ours runs for money, whatever a policy says.
        Course::Auto if kind.is_money() => vec![recommended(Role::Billing)],
        Course::Auto => vec![CaseEvent::Cleared {
            draft: draft.id.clone(),
            not_before: goes_out(kind, ctx),
        }],
        Course::ToRole { role } => vec![recommended(*role)],
        Course::Ask(asking) => vec![ask(case, draft, assessment, asking.clone(), ctx)],
    };
    // Phase one of what cannot be taken back: the proposal stands on the ticket before anybody decides.
    if !kind.reversible() {
        events.push(note(draft));
    }
    events
}

/// Phase one: the proposal as an internal note.
pub(super) fn note(draft: &Draft) -> CaseEvent {
    CaseEvent::NotePlanned {
        draft: draft.id.clone(),
    }
}

/// When a decided action of ours goes out at the earliest: what the customer sees can be taken back first,
/// for as long as the contract says.
pub(super) fn goes_out(kind: ActionKind, ctx: &Context) -> At {
    if kind.customer_sees() {
        ctx.now.plus(ctx.policy.contract().limits.undo)
    } else {
        ctx.now
    }
}

/// Puts a question to people.
fn ask(
    case: &Case,
    draft: &Draft,
    assessment: &Assessment,
    asking: Asking,
    ctx: &Context,
) -> CaseEvent {
    CaseEvent::ApprovalRequested {
        request: request(case, draft, assessment, (asking, None), ctx),
    }
}

/// A request with its subject digest. `follows` is the request whose place it takes.
pub(super) fn request(
    case: &Case,
    draft: &Draft,
    assessment: &Assessment,
    (asking, follows): (Asking, Option<&Request>),
    ctx: &Context,
) -> Request {
    let mut request = Request {
        id: RequestId::new(case.id.nth('r', case.requests.len() + 1)),
        draft: draft.id.clone(),
        asking,
        tier: assessment.tier,
        policy: assessment.policy,
        subject: Digest::from_bytes([0; 32]),
        asked_at: ctx.now,
        authors: authors(case, draft),
        follows: follows.map(|request| request.id.clone()),
    };
    request.subject = subject_digest(ctx.installation, case, &request, draft, assessment);
    request
}

/// The people who may not decide: the ticket's author, whoever linked the customer, and everybody who edited this
/// draft.
fn authors(case: &Case, draft: &Draft) -> Vec<Person> {
    let mut authors: Vec<Person> = case
        .ticket
        .iter()
        .filter_map(|ticket| ticket.requester.author.clone())
        .collect();
    // Whoever said who asked leaves the decision on what follows from it to others.
    let linker = case.link_behind(&draft.id).map(|link| link.by.clone());
    authors.extend(linker.filter(|by| !authors.iter().any(|author| author.is(by))));
    let mut origin = &draft.origin;
    while let Origin::Edit { editor, of } = origin {
        if !authors.iter().any(|author| author.is(editor)) {
            authors.push(editor.clone());
        }
        match case.draft(of) {
            Some(earlier) => origin = &earlier.draft.origin,
            None => break,
        }
    }
    authors
}

/// Ends a request because something took its place.
pub(super) fn superseded(
    progress: &RequestProgress,
    why: &str,
    successor: Option<RequestId>,
) -> CaseEvent {
    CaseEvent::Settled {
        request: progress.request.id.clone(),
        state: RequestState::Superseded,
        why: Some(why.to_owned()),
        successor,
        not_before: None,
    }
}

/// A case given to a role, before it has an id and a deadline.
pub(super) struct Given {
    role: Role,
    cause: EscalationCause,
    rule: String,
    draft: Option<DraftId>,
    request: Option<RequestId>,
    carries: Option<Carries>,
    step: u32,
}

impl Given {
    pub(super) fn of(role: Role, cause: EscalationCause, rule: &str) -> Self {
        Self {
            role,
            cause,
            rule: rule.to_owned(),
            draft: None,
            request: None,
            carries: None,
            step: 0,
        }
    }

    pub(super) fn about(self, draft: &Draft) -> Self {
        Self {
            draft: Some(draft.id.clone()),
            ..self
        }
    }

    pub(super) fn after(self, request: &Request) -> Self {
        Self {
            draft: Some(request.draft.clone()),
            request: Some(request.id.clone()),
            ..self
        }
    }

    pub(super) fn lapsed_from(self, earlier: &Escalation) -> Self {
        Self {
            draft: earlier.draft.clone(),
            request: earlier.request.clone(),
            carries: Some(Carries::Lapse),
            step: earlier.step + 1,
            ..self
        }
    }
}

/// Gives a case to a role, with the deadline of that role's chain. What this one takes
/// the place of goes on in it.
pub(super) fn escalate(case: &Case, given: Given, ctx: &Context) -> CaseEvent {
    let carries = given
        .carries
        .unwrap_or_else(|| carries(case, given.role, given.cause));
    CaseEvent::Escalated {
        escalation: Escalation {
            id: EscalationId::new(case.id.nth('e', case.escalations.len() + 1)),
            role: given.role,
            cause: given.cause,
            carries,
            rule: given.rule,
            succeeds: case.gone_on_in(given.role, given.draft.as_ref()),
            draft: given.draft,
            request: given.request,
            since: ctx.now,
            due_at: ctx.policy.role_due(given.role, ctx.now),
            step: given.step,
        },
    }
}

/// Pages and security cases are urgent, a chain that ran out is a lapse, the rest is work.
fn carries(case: &Case, role: Role, cause: EscalationCause) -> Carries {
    let breach = case
        .view
        .as_ref()
        .is_some_and(|view| view.signals.contains(&Signal::SuspectedBreach));
    match cause {
        EscalationCause::Paged => Carries::Urgent,
        EscalationCause::ChainExhausted | EscalationCause::Unanswered => Carries::Lapse,
        _ if role == Role::Security || breach => Carries::Urgent,
        _ => Carries::Work,
    }
}

/// The machine cannot go on: it says so, and the role of the case has it, once for each draft concerned.
pub(super) fn needs_human(
    case: &Case,
    why: &str,
    cause: EscalationCause,
    about: Option<&Draft>,
    ctx: &Context,
) -> Vec<CaseEvent> {
    let mut events = vec![CaseEvent::HumanNeeded {
        why: why.to_owned(),
    }];
    let draft = about.map(|draft| &draft.id);
    let waits = case
        .open_escalations()
        .any(|(escalation, _)| escalation.cause == cause && escalation.draft.as_ref() == draft);
    if !waits {
        let role = judge::role_of_case(ctx.policy, case);
        let given = Given::of(role, cause, why);
        let given = match about {
            Some(draft) => given.about(draft),
            None => given,
        };
        events.push(escalate(case, given, ctx));
    }
    events
}
