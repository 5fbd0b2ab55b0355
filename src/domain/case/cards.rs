//! Which cards a case has, and what each of them is about.

use super::Case;
use crate::domain::approval::Route;
use crate::domain::ids::{CardId, EscalationId, RequestId};
use crate::domain::person::Person;

/// What a card of a case is about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum CardKind {
    /// A request, to one person who may decide it.
    Approver(RequestId, Person),
    /// A request, for the channel of its role, without buttons.
    Status(RequestId),
    /// An escalation.
    Escalation(EscalationId),
}

/// The cards of an escalation: its first one, and one more for each time that the role was pinged, because
/// a message that only changes rings for nobody. The newest is the last.
#[must_use]
pub fn of_escalation(case: &Case, id: &EscalationId) -> Vec<CardId> {
    let pings = case
        .escalation(id)
        .map_or(0, |(_, progress)| progress.pings);
    let pinged = (1..=pings).map(|n| CardId::new(format!("card.{id}.p{n}")));
    std::iter::once(CardId::new(format!("card.{id}")))
        .chain(pinged)
        .collect()
}

fn of_approver(request: &RequestId, person: &Person) -> CardId {
    CardId::new(format!("card.{request}.{}", person.user))
}

fn status_of(request: &RequestId) -> CardId {
    CardId::new(format!("card.{request}.status"))
}

/// The cards that show a request: its batch's, or its approvers' and the status copy.
#[must_use]
pub fn of_request(case: &Case, id: &RequestId) -> Vec<CardId> {
    let Some(progress) = case.request(id) else {
        return vec![];
    };
    match (&progress.batch, progress.request.asking.route) {
        (Some((batch, _)), _) => vec![CardId::new(format!("card.{batch}"))],
        (None, Route::BatchReview) => vec![],
        (None, _) => {
            let people = progress
                .approvers
                .iter()
                .map(|person| of_approver(id, person));
            people.chain([status_of(id)]).collect()
        }
    }
}

/// What a card of this case is about; `None` for a batch's card and for one that is not of this case.
#[must_use]
pub fn kind_of(case: &Case, card: &CardId) -> Option<CardKind> {
    let escalation = case
        .escalations
        .iter()
        .map(|(escalation, _)| &escalation.id)
        .find(|id| of_escalation(case, id).contains(card));
    if let Some(id) = escalation {
        return Some(CardKind::Escalation(id.clone()));
    }
    case.requests.iter().find_map(|progress| {
        let id = &progress.request.id;
        if status_of(id) == *card {
            return Some(CardKind::Status(id.clone()));
        }
        let person = progress
            .approvers
            .iter()
            .find(|person| of_approver(id, person) == *card)?;
        Some(CardKind::Approver(id.clone(), person.clone()))
    })
}
