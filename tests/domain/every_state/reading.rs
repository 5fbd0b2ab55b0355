//! What is read of a state, part by part. What is left out, and why that is sound, stands with the key.

use std::collections::BTreeSet;
use std::fmt::Write;

use countersign::domain::approval::{Course, RequestProgress, RequestState};
use countersign::domain::case::{Case, DraftProgress, PING, StepState};
use countersign::domain::draft::{Action, Origin};
use countersign::domain::escalation::{Escalation, EscalationProgress};
use countersign::domain::evidence::Finding;
use countersign::domain::ids::{DraftId, RequestId};
use countersign::domain::person::Person;
use countersign::domain::time::{At, Span};

use super::key::Classes;
use crate::support::*;

/// How long a silent source is waited for.
const PATIENCE: Span = Span::minutes(15);
/// The budget of the walks' policies.
const MOST_CALLS: u32 = 3;
/// As long as what the customer sees can be taken back.
const SOON: Span = Span::seconds(30);

/// Reads a state aloud, as far as it matters.
pub struct Reader<'a> {
    pub case: &'a Case,
    pub now: At,
    /// The moments to come, the next one first.
    pub moments: Vec<At>,
    /// Whether the two leads are read as each other.
    pub swapped: bool,
}

impl Reader<'_> {
    pub fn whole(&self, under_way: &BTreeSet<String>) -> String {
        let case = self.case;
        let mut text = format!("r{} ", case.revision);
        let flags = [
            case.view.is_some(),
            case.earlier_view.is_some(),
            case.identity_needed.is_some(),
            case.human_needed.is_some(),
            case.drafted,
            case.requests.iter().any(|one| !one.decisions.is_empty()),
        ];
        for flag in flags {
            text.push(if flag { '+' } else { '-' });
        }
        if let Some(view) = &case.view {
            write!(text, " {:?}", view.signals).unwrap();
        }
        if let Some(verdict) = &case.verdict {
            write!(text, " {}{}", verdict.category, verdict.severity.level()).unwrap();
        }
        // The budget is asked for while something may still be drafted.
        let may_draft = case.verdict.is_none() || !case.drafted || !case.asking.is_empty();
        if may_draft || case.identity_needed.is_some() {
            write!(text, " calls {}", case.calls.min(MOST_CALLS)).unwrap();
        }
        for (ask, failures) in &case.asking {
            let until = failures.since.unwrap_or(self.now).plus(PATIENCE);
            write!(text, " ?{}{}", ask.query, self.rank(until)).unwrap();
        }
        write!(text, " {under_way:?}").unwrap();
        let in_force = case.evidence_in_force().map(|one| &one.id);
        let in_force: BTreeSet<_> = in_force.collect();
        let evidence = case.evidence.iter().map(|one| {
            let fresh = case
                .gathering_since
                .is_none_or(|since| one.taken_at >= since);
            // What is read at the moment at which a new message is understood is not read again.
            let just_now = one.taken_at >= self.now;
            let found: Vec<_> = one.findings.iter().map(found).collect();
            let in_force = in_force.contains(&one.id);
            (&one.ask.query, found, fresh, just_now, in_force)
        });
        write!(text, " {:?}", evidence.collect::<BTreeSet<_>>()).unwrap();
        for link in &case.links {
            let current = link.revision == case.revision;
            write!(
                text,
                " link {} {} {current}",
                link.customer,
                self.name(&link.by)
            )
            .unwrap();
        }
        write!(
            text,
            " {} {}",
            case.link().is_some(),
            case.link_is_confirmed()
        )
        .unwrap();
        text
    }

    pub fn draft(&self, one: &DraftProgress) -> String {
        let (case, draft) = (self.case, &one.draft);
        let mut text = action(&draft.action);
        match &draft.origin {
            Origin::Edit { editor, .. } => write!(text, " by {}", self.name(editor)).unwrap(),
            Origin::Model { .. } => text.push_str(" drafted"),
            Origin::Code => {}
        }
        let bound = match draft.target.revision {
            None => "free",
            Some(revision) if revision == case.revision => "bound",
            Some(_) => "answered",
        };
        write!(text, " {bound} {}", draft.revision == case.revision).unwrap();
        write!(text, " {}/{}", self.stand(&one.note), self.stand(&one.act)).unwrap();
        let flags = [
            one.note_plan != 0,
            one.act_plan != 0,
            one.declined.is_some(),
            one.cleared.is_some(),
            case.link_behind(&draft.id).is_some(),
            case.escalations.iter().any(|(given, _)| {
                let heir = case.heir(&given.id);
                given.draft.as_ref() == Some(&draft.id) && heir.is_some_and(|heir| heir.1.is_open())
            }),
        ];
        for flag in flags {
            text.push(if flag { '+' } else { '-' });
        }
        if let Some(assessment) = &one.assessment {
            let policy = assessment.policy.short();
            write!(
                text,
                " {} {policy} {}",
                assessment.tier,
                course(&assessment.course)
            )
            .unwrap();
        }
        text
    }

    pub fn request(&self, one: &RequestProgress, drafts: &Classes<DraftId>) -> String {
        let (case, request) = (self.case, &one.request);
        let asking = &request.asking;
        let mut text = format!("{} of {}", one.state, drafts.class[&request.draft]);
        write!(
            text,
            " {} {} {}",
            asking.route, asking.approver_rule, asking.quorum
        )
        .unwrap();
        write!(
            text,
            " {:?} {} {}",
            asking.then.len(),
            request.tier,
            request.policy.short()
        )
        .unwrap();
        if one.state == RequestState::Pending || waits_out(case, one) {
            text.push_str(&self.rank(asking.due_at));
        }
        let authors: BTreeSet<_> = request.authors.iter().map(|one| self.name(one)).collect();
        write!(text, " not {authors:?}").unwrap();
        let decided = one.decisions.iter();
        let decided: BTreeSet<_> = decided
            .map(|one| (one.verb, self.name(&one.person)))
            .collect();
        write!(text, " {decided:?}").unwrap();
        let newest = case.request_of(&request.draft).unwrap();
        // What was assessed anew is not what was shown before.
        let drafted = case.draft(&request.draft).unwrap();
        let anew = drafted.assessment.as_ref().is_some_and(|assessment| {
            matches!(&assessment.course, Course::Ask(now) if now.due_at > asking.due_at)
        });
        let flags = [
            !one.approvers.is_empty(),
            one.batch.is_some(),
            one.with.is_some(),
            newest.request.id == request.id,
            anew,
        ];
        for flag in flags {
            text.push(if flag { '+' } else { '-' });
        }
        text
    }

    pub fn escalation(
        &self,
        one: &Escalation,
        progress: &EscalationProgress,
        (drafts, requests): (&Classes<DraftId>, &Classes<RequestId>),
    ) -> String {
        let mut text = format!("{} {} {}", one.role, one.cause, one.carries);
        let draft = one.draft.as_ref().map(|id| drafts.class[id]);
        let request = one.request.as_ref().map(|id| requests.class[id]);
        write!(text, " of {draft:?} {request:?}").unwrap();
        let people = [
            progress.taken.as_ref().map(|(who, _)| who),
            progress.resolved.as_ref().map(|(who, _)| who),
            progress.answer.as_ref().map(|(_, who, _)| who),
        ];
        for who in people {
            write!(text, " {}", who.map_or("-", |who| self.name(who))).unwrap();
        }
        let answer = progress.answer.as_ref().map(|(answer, ..)| answer);
        write!(text, " {answer:?}").unwrap();
        let flags = [
            progress.lapsed.is_some(),
            progress.continued.is_some(),
            progress.parked,
        ];
        for flag in flags {
            text.push(if flag { '+' } else { '-' });
        }
        if let Some(at) = waits_until(one, progress) {
            text.push_str(&self.rank(at));
        }
        text
    }

    fn stand(&self, step: &StepState) -> String {
        match step {
            StepState::Idle => "idle".into(),
            StepState::Due(at) => format!("due{}", self.rank(*at)),
            StepState::Held(_) => "held".into(),
            StepState::Going(_) => "going".into(),
            StepState::Done(..) => "done".into(),
            StepState::Voided(_) => "voided".into(),
            StepState::Failed(_) => "failed".into(),
            StepState::Unknown(_) => "unknown".into(),
        }
    }

    /// Whether a moment has come, and otherwise how many come before it and whether it is near.
    fn rank(&self, at: At) -> String {
        if at <= self.now {
            return "!".into();
        }
        let before = self.moments.iter().filter(|one| **one < at).count();
        let near = if at.since(self.now) <= SOON { "~" } else { "" };
        format!("@{before}{near}")
    }

    fn name<'a>(&self, person: &'a Person) -> &'a str {
        match person.user.as_str() {
            one if self.swapped && one == LEAD.user => LEAD_TWO.user,
            one if self.swapped && one == LEAD_TWO.user => LEAD.user,
            one => one,
        }
    }
}

/// All that is waited for.
pub fn moments(case: &Case) -> impl Iterator<Item = At> + '_ {
    let asked = case
        .requests
        .iter()
        .filter(|one| one.state == RequestState::Pending || waits_out(case, one))
        .map(|one| one.request.asking.due_at);
    let given = case
        .escalations
        .iter()
        .filter_map(|(one, progress)| waits_until(one, progress));
    let due = case.drafts.iter().filter_map(|one| match one.act {
        StepState::Due(at) => Some(at),
        _ => None,
    });
    let silent = case
        .asking
        .values()
        .filter_map(|one| Some(one.since?.plus(PATIENCE)));
    asked.chain(given).chain(due).chain(silent)
}

/// Whether what was approved still waits to go out, and can outlive its approval.
fn waits_out(case: &Case, one: &RequestProgress) -> bool {
    let act = case.draft(&one.request.draft).map(|draft| &draft.act);
    one.state == RequestState::Approved
        && matches!(act, Some(StepState::Due(_) | StepState::Held(_)))
}

fn waits_until(one: &Escalation, progress: &EscalationProgress) -> Option<At> {
    let waits = progress.is_open() && progress.taken.is_none();
    let parked = progress.pinged.map(|at| at.plus(PING));
    let until = if progress.parked { parked } else { one.due_at };
    until.filter(|_| waits)
}

pub fn is_moving(one: &DraftProgress) -> bool {
    [&one.note, &one.act].iter().any(|step| {
        matches!(
            step,
            StepState::Due(_) | StepState::Held(_) | StepState::Going(_)
        )
    })
}

fn action(action: &Action) -> String {
    match action {
        Action::NotifyCustomer { text } => format!("reply {}", text.0.short()),
        Action::RouteCase { role } => format!("route {role}"),
        Action::PageOncall { role } => format!("page {role}"),
        Action::AddLabel { label } => format!("label {label}"),
        other => match other.amount() {
            Some(amount) => format!("{} {amount}", other.kind()),
            None => other.kind().to_string(),
        },
    }
}

fn course(course: &Course) -> String {
    match course {
        Course::Ask(asking) => format!("ask {}", asking.approver_rule),
        Course::ToRole { role } => format!("to {role}"),
        Course::Never { .. } => "never".into(),
        Course::Blocked { .. } => "blocked".into(),
        Course::RecordOnly { .. } => "recorded".into(),
        Course::Auto => "auto".into(),
    }
}

fn found(finding: &Finding) -> String {
    match finding {
        Finding::Customer { id, .. } => id.clone(),
        Finding::Charge(charge) => format!("charge {}", charge.dispute_open),
        Finding::NoSingleCustomer { count } => format!("{count} customers"),
        Finding::ForeignCharge => "foreign".into(),
        Finding::Target(_) => "desk".into(),
        _ => "other".into(),
    }
}
