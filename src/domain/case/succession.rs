//! Succession: what only says where a case belongs goes on in what says what to do there.

use super::Case;
use crate::domain::approval::{RequestProgress, RequestState};
use crate::domain::draft::ActionKind;
use crate::domain::escalation::{Escalation, EscalationCause, EscalationProgress, Role};
use crate::domain::ids::EscalationId;
use crate::domain::person::Person;
use crate::domain::time::At;

impl Case {
    /// Whether an escalation only says where the case belongs: what it is about is the routing itself.
    #[must_use]
    pub fn only_routes(&self, escalation: &Escalation) -> bool {
        let draft = escalation.draft.as_ref().and_then(|id| self.draft(id));
        draft.is_some_and(|progress| progress.draft.action.kind() == ActionKind::RouteCase)
    }

    /// The open escalations of a role that only route, oldest first: a newer one takes their place.
    #[must_use]
    pub fn routings_of(&self, role: Role) -> Vec<EscalationId> {
        self.open_escalations()
            .filter(|(escalation, _)| escalation.role == role && self.only_routes(escalation))
            .map(|(escalation, _)| escalation.id.clone())
            .collect()
    }

    /// Whether a role has something open that says more than where the case belongs.
    #[must_use]
    pub fn knows_what_to_do(&self, role: Role) -> bool {
        self.open_escalations()
            .any(|(escalation, _)| escalation.role == role && !self.only_routes(escalation))
    }

    /// The escalation in which this one goes on, after every succession and every lapse; itself where it
    /// went nowhere.
    #[must_use]
    pub fn heir(&self, id: &EscalationId) -> Option<&(Escalation, EscalationProgress)> {
        let mut heir = self.escalation(id)?;
        // A journal that names itself as its own successor must not hold anybody up.
        for _ in 0..self.escalations.len() {
            let next = heir.1.successor.as_ref();
            match next.and_then(|next| self.escalation(next)) {
                Some(next) => heir = next,
                None => break,
            }
        }
        Some(heir)
    }

    /// Who works on the case already, because they took what this escalation takes the place of, and since
    /// when. A page asks who is there now, and not who took the case at another time.
    #[must_use]
    pub fn taken_before(&self, escalation: &Escalation) -> Option<(Person, At)> {
        if escalation.cause == EscalationCause::Paged {
            return None;
        }
        let earlier = escalation
            .succeeds
            .iter()
            .filter_map(|id| self.escalation(id));
        earlier
            .filter_map(|(_, progress)| progress.taken.clone())
            .max_by_key(|(_, at)| *at)
    }

    /// Whether a request lapsed and was left at that: nobody else was asked, and no card was made for it.
    #[must_use]
    pub fn left_undone(&self, asked: &RequestProgress) -> bool {
        let with = asked.with.as_ref().and_then(|id| self.escalation(id));
        let made_for_it =
            with.is_some_and(|(given, _)| given.request.as_ref() == Some(&asked.request.id));
        asked.state == RequestState::Lapsed && asked.successor.is_none() && !made_for_it
    }

    /// What was not decided in time and shows on the card of this escalation: housekeeping, for which
    /// nothing was opened.
    pub fn undecided_on(&self, id: &EscalationId) -> impl Iterator<Item = &RequestProgress> {
        self.requests.iter().filter(move |asked| {
            let heir = asked.with.as_ref().and_then(|with| self.heir(with));
            self.left_undone(asked) && heir.is_some_and(|(heir, _)| heir.id == *id)
        })
    }
}
