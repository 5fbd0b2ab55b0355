//! Folding what happens to a case that a role has.

use crate::domain::approval::RequestState;
use crate::domain::case::Case;
use crate::domain::case::event::CaseEvent;
use crate::domain::escalation::{Escalation, EscalationProgress};
use crate::domain::ids::EscalationId;
use crate::domain::time::At;

impl Case {
    pub(super) fn apply_escalation(&mut self, at: At, event: &CaseEvent) {
        match event {
            CaseEvent::Escalated { escalation } => {
                self.given(at, escalation);
            }
            CaseEvent::EscalationTaken { escalation, by } => {
                self.with_escalation(escalation, |progress| {
                    progress.taken = Some((by.clone(), at))
                });
            }
            CaseEvent::EscalationResolved {
                escalation,
                by,
                words,
            } => {
                self.with_escalation(escalation, |progress| {
                    progress.resolved = Some((by.clone(), at));
                    progress.closing = *words;
                });
            }
            CaseEvent::BillingAnswered {
                escalation,
                by,
                answer,
                words,
            } => {
                self.with_escalation(escalation, |progress| {
                    progress.taken.get_or_insert_with(|| (by.clone(), at));
                    progress.answer = Some((*answer, by.clone(), at));
                    progress.words = *words;
                });
            }
            CaseEvent::EscalationLapsed {
                escalation,
                successor,
            } => {
                self.with_escalation(escalation, |progress| {
                    progress.successor.clone_from(successor);
                    match successor {
                        Some(_) => progress.lapsed = Some(at),
                        None => {
                            progress.parked = true;
                            progress.pinged = Some(at);
                        }
                    }
                });
            }
            CaseEvent::Reminded { escalation } => {
                self.with_escalation(escalation, |progress| {
                    progress.pinged = Some(at);
                    progress.pings += 1;
                });
            }
            _ => {}
        }
    }

    /// A role has it. What it takes the place of goes on here, and whoever had taken that has this. A request
    /// whose time ran out is where the role is.
    fn given(&mut self, at: At, escalation: &Escalation) {
        let progress = EscalationProgress {
            taken: self.taken_before(escalation),
            ..EscalationProgress::default()
        };
        for earlier in &escalation.succeeds {
            self.with_escalation(earlier, |progress| {
                progress.continued = Some(at);
                progress.successor = Some(escalation.id.clone());
            });
        }
        for asked in &mut self.requests {
            let lapsed = asked.state == RequestState::Lapsed && asked.with.is_none();
            if lapsed && escalation.request.as_ref() == Some(&asked.request.id) {
                asked.with = Some(escalation.id.clone());
            }
        }
        self.escalations.push((escalation.clone(), progress));
    }

    fn with_escalation(&mut self, id: &EscalationId, change: impl FnOnce(&mut EscalationProgress)) {
        if let Some((_, progress)) = self
            .escalations
            .iter_mut()
            .find(|(escalation, _)| escalation.id == *id)
        {
            change(progress);
        }
    }
}
