//! Succession: what only says where a case belongs goes on in what says what to do there, and an older
//! recommendation in a newer one of the same money.

use super::Case;
use crate::domain::approval::{RequestProgress, RequestState};
use crate::domain::draft::{Action, ActionKind};
use crate::domain::escalation::{Escalation, EscalationCause, EscalationProgress, Role};
use crate::domain::ids::{DraftId, EscalationId};
use crate::domain::person::Person;
use crate::domain::time::At;

impl Case {
    /// Whether an escalation only says where the case belongs: what it is about is the routing itself.
    #[must_use]
    pub fn only_routes(&self, escalation: &Escalation) -> bool {
        let draft = escalation.draft.as_ref().and_then(|id| self.draft(id));
        draft.is_some_and(|progress| progress.draft.action.kind() == ActionKind::RouteCase)
    }

    /// The open escalations of a role whose place a newer one takes, oldest first: those that only route, and
    /// those about the same money. An answer of billing stays where it was given.
    #[must_use]
    pub fn gone_on_in(&self, role: Role, newer: Option<&DraftId>) -> Vec<EscalationId> {
        let newer = newer.and_then(|id| self.draft(id));
        let same_money = |older: &Escalation| {
            let older = older.draft.as_ref().and_then(|id| self.draft(id));
            older.zip(newer).is_some_and(|(older, newer)| {
                older.draft.id != newer.draft.id
                    && older.draft.action.is_same_money(&newer.draft.action)
            })
        };
        self.open_escalations()
            .filter(|(older, progress)| {
                let unanswered = progress.answer.is_none();
                let overtaken = self.only_routes(older) || (unanswered && same_money(older));
                older.role == role && overtaken
            })
            .map(|(older, _)| older.id.clone())
            .collect()
    }

    /// Whether somebody of billing has said that they are moving this money, and the matter is not closed. What
    /// a person is doing already is not recommended to another one.
    #[must_use]
    pub fn is_being_moved(&self, action: &Action) -> bool {
        self.open_escalations().any(|(escalation, progress)| {
            let draft = escalation.draft.as_ref().and_then(|id| self.draft(id));
            progress.answer.is_some()
                && draft.is_some_and(|progress| progress.draft.action.is_same_money(action))
        })
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
