//! The rest of a story: who decided, which role has the case, and what was carried out.

use super::Telling;
use crate::domain::approval::{Decision, RejectPreset, RequestState, Verb};
use crate::domain::case::event::{Acknowledgement, CaseEvent, Phase};
use crate::domain::case::naming::{
    capital, clause, minute, named, plain, quoted, request_named, role_name, rule_of,
};
use crate::domain::case::refusal::RefusalCode as Code;
use crate::domain::content::Sealed;
use crate::domain::draft::{Action, Executor};
use crate::domain::escalation::{Escalation, EscalationCause};
use crate::domain::ids::{DraftId, EscalationId, RequestId};
use crate::domain::time::At;

impl Telling<'_> {
    pub(super) fn decided(&self, event: &CaseEvent) -> Option<String> {
        Some(match event {
            CaseEvent::Decided { request, decision } => self.decision(request, decision),
            CaseEvent::ClickRefused {
                person,
                verb,
                request,
                code,
                ..
            } => {
                let on = request.as_ref().map_or_else(String::new, |request| {
                    format!(" on {}", request_named(self.case, request))
                });
                format!(
                    "{} clicked “{}”{on}, which changed nothing: {}",
                    self.names.signed(person),
                    plain(verb),
                    refused(*code)
                )
            }
            CaseEvent::Settled {
                request,
                state,
                why,
                not_before,
                ..
            } => return self.settled(request, *state, (why.as_deref(), *not_before)),
            CaseEvent::Lapsed { request, .. } => {
                let rule = self.case.request(request).map_or_else(
                    || "the people who were asked".into(),
                    |asked| plain(asked.request.asking.approver_rule.as_str()),
                );
                format!(
                    "{} did not decide about {} in time; nothing was approved and nothing rejected{}",
                    capital(&rule),
                    request_named(self.case, request),
                    self.left(request)
                )
            }
            _ => return None,
        })
    }

    /// What became of a question that was put to nobody else and that no card was made for.
    fn left(&self, request: &RequestId) -> String {
        let asked = self.case.request(request);
        let Some(asked) = asked.filter(|asked| self.case.left_undone(asked)) else {
            return String::new();
        };
        match asked.with.as_ref().and_then(|id| self.case.escalation(id)) {
            Some((given, _)) => format!(
                ". It was not done, and {}, which has the case, sees that on its card",
                role_name(given.role)
            ),
            None => ". It was not done, and nobody else is asked".into(),
        }
    }

    fn decision(&self, request: &RequestId, decision: &Decision) -> String {
        let verb = match decision.verb {
            Verb::Approve | Verb::Edit => "approved",
            Verb::Reject => "rejected",
        };
        let preset = decision
            .preset
            .filter(|preset| *preset != RejectPreset::Other || decision.reason.is_none())
            .map(|preset| plain(preset.word()));
        let words = decision
            .reason
            .map(|reason| quoted(&self.lens.text(reason)));
        let reason: Vec<String> = preset.into_iter().chain(words).collect();
        let reason = if reason.is_empty() {
            String::new()
        } else {
            format!(", because: {}", reason.join(", "))
        };
        format!(
            "{} {verb} {} under the rule {} ({}){reason}",
            self.names.signed(&decision.person),
            request_named(self.case, request),
            plain(decision.eligibility.rule.as_str()),
            decision.eligibility.matched
        )
    }

    /// A decision that settles is told already; what else it took, and how else a question ended, is told here.
    fn settled(
        &self,
        request: &RequestId,
        state: RequestState,
        (why, not_before): (Option<&str>, Option<At>),
    ) -> Option<String> {
        let asked = self.case.request(request);
        let about = request_named(self.case, request);
        let why = || {
            clause(
                &self
                    .names
                    .mentions(why.unwrap_or("something took its place")),
            )
        };
        match state {
            RequestState::Approved => {
                let enough = asked.is_some_and(|asked| asked.request.asking.quorum > 1);
                let enough = enough.then(|| "Enough people have approved it".to_owned());
                let waits = asked
                    .and_then(|asked| self.case.draft(&asked.request.draft))
                    .is_some_and(|draft| draft.draft.action.kind().customer_sees());
                let waits = not_before.filter(|_| waits).map(|at| {
                    format!(
                        "{} goes out at {} unless it is taken back",
                        capital(&about),
                        second(at)
                    )
                });
                let said: Vec<String> = enough.into_iter().chain(waits).collect();
                (!said.is_empty()).then(|| said.join(". "))
            }
            RequestState::Rejected | RequestState::Pending => None,
            RequestState::Lapsed => Some(format!("The time for {about} ran out")),
            RequestState::Superseded => Some(format!(
                "The question about {about} is withdrawn: {}",
                why()
            )),
            RequestState::Undone => Some(match self.by {
                Some(person) => format!(
                    "{} took {about} back before it went out",
                    self.names.signed(person)
                ),
                None => format!("{} was taken back before it went out", capital(&about)),
            }),
        }
    }

    pub(super) fn with_role(&self, event: &CaseEvent) -> Option<String> {
        Some(match event {
            CaseEvent::Escalated { escalation } => self.given(escalation),
            CaseEvent::EscalationTaken { escalation, by } => {
                let role = self.role(escalation);
                format!("{} took the case for {role}", self.names.person(by))
            }
            CaseEvent::EscalationResolved {
                escalation,
                by,
                words,
            } => {
                let (role, words) = (self.role(escalation), self.typed(*words));
                format!(
                    "{} closed the case for {role}{words}",
                    self.names.person(by)
                )
            }
            CaseEvent::BillingAnswered {
                by, answer, words, ..
            } => format!(
                "{} answered for billing “{}”{}",
                self.names.person(by),
                plain(answer.word()),
                self.typed(*words)
            ),
            CaseEvent::EscalationLapsed {
                escalation,
                successor,
            } => {
                let next = match successor {
                    Some(next) => format!("it goes to {}", self.role(next)),
                    None => "it stays there and is pinged daily".into(),
                };
                let role = self.role(escalation);
                format!("Nobody of {role} took the case in time; {next}")
            }
            CaseEvent::Reminded { escalation } => {
                format!(
                    "{} was reminded of the case",
                    capital(self.role(escalation))
                )
            }
            _ => return None,
        })
    }

    fn role(&self, id: &EscalationId) -> &'static str {
        self.case
            .escalation(id)
            .map_or("its role", |(escalation, _)| role_name(escalation.role))
    }

    fn typed(&self, words: Option<Sealed>) -> String {
        words.map_or_else(String::new, |words| {
            format!(": {}", quoted(&self.lens.text(words)))
        })
    }

    fn given(&self, escalation: &Escalation) -> String {
        let role = role_name(escalation.role);
        let about = escalation
            .draft
            .as_ref()
            .map_or_else(|| "the case".into(), |draft| named(self.case, draft));
        let rule = match escalation.rule.strip_prefix("structural: ") {
            Some(rule) => format!("built-in rule: {}", plain(rule)),
            None => plain(rule_of(&escalation.rule)),
        };
        let given = match escalation.cause {
            EscalationCause::Routed => format!("The case was handed to {role} ({rule})"),
            EscalationCause::Paged => format!("The case was put to {role} at once ({rule})"),
            EscalationCause::Recommended => {
                format!("{} was handed to {role} ({rule})", capital(&about))
            }
            EscalationCause::ApprovedRecommendation => {
                format!("{} was handed to {role}, approved", capital(&about))
            }
            EscalationCause::Blocked => {
                format!(
                    "The case was handed to {role}, because nobody may approve {about} here ({rule})"
                )
            }
            EscalationCause::ChainExhausted => {
                format!(
                    "The case was handed to {role}, because nobody decided about {about} in time"
                )
            }
            EscalationCause::NeedsHuman => {
                format!("The case was handed to {role}, because a person has to go on")
            }
            EscalationCause::Unanswered => {
                format!("The case was handed to {role}, because nobody before took it")
            }
            EscalationCause::UnknownOutcome => format!(
                "The case was handed to {role}, because somebody has to look whether {about} arrived"
            ),
        };
        given + &self.continuing(escalation)
    }

    /// What a new card of a role does to the one that only said where the case belongs.
    fn continuing(&self, escalation: &Escalation) -> String {
        if escalation.succeeds.is_empty() {
            return String::new();
        }
        let keeps = self
            .case
            .taken_before(escalation)
            .map_or_else(String::new, |(by, _)| {
                format!(", and {} works on it already", self.names.person(&by))
            });
        format!("; this goes on from the earlier card{keeps}")
    }

    pub(super) fn acted(&self, event: &CaseEvent) -> Option<String> {
        Some(match event {
            CaseEvent::Held { draft, phase, why } => {
                format!("{} waits: {}", self.step(draft, *phase), plain(why))
            }
            CaseEvent::Voided { draft, phase, why } => {
                format!(
                    "{} is not carried out: {}",
                    self.step(draft, *phase),
                    plain(why)
                )
            }
            CaseEvent::Performed {
                draft,
                phase,
                acknowledgement,
            } => return self.performed(draft, *phase, acknowledgement),
            CaseEvent::PerformFailed { draft, phase, why } => {
                format!("{} was refused: {}", self.step(draft, *phase), clause(why))
            }
            CaseEvent::OutcomeUnknown { draft, phase, why } => format!(
                "{} was sent, and nobody knows whether it arrived: {}",
                self.step(draft, *phase),
                clause(why)
            ),
            CaseEvent::CardFailed { why, .. } => {
                format!("A card could not be put up: {}", clause(why))
            }
            _ => return None,
        })
    }

    /// A step towards the outside, as the beginning of a sentence.
    fn step(&self, draft: &DraftId, phase: Phase) -> String {
        let name = named(self.case, draft);
        match phase {
            Phase::Note => format!("The note that proposes {name}"),
            Phase::Act => capital(&name),
        }
    }

    /// What was done, in the words of the action, with what the desk calls it. A hand-over is told by the
    /// role that has the case from then on.
    fn performed(
        &self,
        draft: &DraftId,
        phase: Phase,
        acknowledgement: &Acknowledgement,
    ) -> Option<String> {
        let progress = self.case.draft(draft)?;
        let step = self.step(draft, phase);
        let action = &progress.draft.action;
        let prior = acknowledgement
            .prior
            .as_ref()
            .map_or_else(String::new, |prior| format!(", before that it was {prior}"));
        let done = match (phase, action) {
            (Phase::Note, _) => format!("{step} was written on the ticket"),
            (Phase::Act, Action::AddLabel { .. } | Action::AddInternalNote { .. }) => {
                format!("{step} was added to the ticket")
            }
            (Phase::Act, Action::Assign { queue }) => {
                format!("The ticket was moved to the queue {queue}{prior}")
            }
            (Phase::Act, Action::SetPriority { priority }) => {
                format!("The ticket's priority was set to {priority}{prior}")
            }
            (Phase::Act, Action::NotifyCustomer { .. }) => {
                format!("{step} was sent to the customer")
            }
            (Phase::Act, Action::PageOncall { .. }) => format!("{step} went out"),
            (Phase::Act, _) => return None,
        };
        let by_desk = phase == Phase::Note || action.kind().executor() == Executor::Desk;
        let desk = self.case.ticket.as_ref().filter(|_| by_desk);
        Some(match desk {
            Some(ticket) => format!("{done} ({}: {})", ticket.desk, acknowledgement.reference),
            None => done,
        })
    }
}

/// Why a click changed nothing, as an auditor reads it.
const fn refused(code: Code) -> &'static str {
    match code {
        Code::TooLate => "somebody else was first",
        Code::Twice => "the same person had done so already",
        Code::Stale => "what was shown is not what stood then",
        Code::NotYours => "it is for other people to decide",
        Code::OwnDraft => "nobody decides about their own ticket or draft",
        Code::NotAMember => "a guest, a bot, a deactivated or a foreign account decides nothing",
        Code::CannotTell => "it could not be found out whether this person may",
        Code::Lapsed => "the time had run out",
        Code::Superseded => "something newer had taken its place",
        Code::PolicyChanged => "the rules did not allow it any more",
        Code::ReasonMissing => "a reason is required, and none was given",
        Code::BadEdit => "the change was not valid",
        Code::IdentityKnown => "the case did not wait to hear who asked",
        Code::NoCustomer => "it named no customer who could be read",
        Code::NotYet => "the case was not ready for it",
        Code::NothingToUndo => "there was nothing to take back any more",
        Code::Unknown => "it named nothing that is in this case",
        Code::WrongWorkspace => "it came from another workspace or app",
        Code::OutOfPlace => "it did not fit where the case stood",
    }
}

/// A moment to the second, in UTC: what can be taken back can be so for seconds.
fn second(at: At) -> String {
    let text = at.rfc3339();
    text.get(..19).map_or_else(
        || minute(at),
        |text| format!("{} UTC", text.replace('T', " ")),
    )
}
