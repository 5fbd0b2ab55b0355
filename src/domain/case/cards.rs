//! Which cards a case has, and what each of them is about.

use super::Case;
use crate::domain::approval::{RequestState, Route};
use crate::domain::card::Body;
use crate::domain::escalation::Role;
use crate::domain::ids::{CardId, EscalationId, RequestId};
use crate::domain::person::Person;

/// How many people are looked up for a request at most, and are sent it directly.
pub const MOST_APPROVERS: usize = 10;

/// What a card of a case is about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum CardKind {
    /// A request, to one person who may decide it.
    Approver(RequestId, Person),
    /// A request, for the channel of its role, without buttons.
    Status(RequestId),
    /// An escalation.
    Escalation(EscalationId),
    /// What stands in for one of these where it could not be put up.
    Notice(Box<CardKind>),
}

/// A few words without content, in another place, for a card that could not be put up where it belongs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Notice {
    /// What waits.
    pub about: NoticeAbout,
    /// Whether it still does, and is not to be seen.
    pub state: NoticeState,
}

/// What a notice is about. It names numbers and roles, and nothing that a customer said.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum NoticeAbout {
    /// A case that a role has.
    Escalation(Role, u64),
    /// A question that one person could not be sent.
    Question(Person, u64),
    /// The copy of a question for a role.
    Status(Role, u64),
    /// Rows of a batch.
    Batch,
}

/// Whether a notice still says something.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NoticeState {
    /// The card is missing.
    Missing,
    /// The card stands by now.
    Stands,
    /// Nothing waits any more.
    Over,
}

/// The notice that stands in for a card.
#[must_use]
pub fn notice_of(card: &CardId) -> CardId {
    CardId::new(format!("{card}.notice"))
}

/// The card that a notice stands in for; `None` for every other card.
#[must_use]
pub fn noticed(card: &CardId) -> Option<CardId> {
    card.as_str().strip_suffix(".notice").map(CardId::new)
}

impl Body {
    /// Whether somebody still has to see this.
    #[must_use]
    pub fn waits(&self) -> bool {
        let pending = |state: RequestState| state == RequestState::Pending;
        match self {
            Self::Batch { rows, .. } => rows.iter().any(|row| pending(row.state)),
            Self::Approver(face) | Self::Status(face) => pending(face.state),
            Self::Escalation(face) => face.resolved.is_none() && face.now_with.is_none(),
            Self::Notice(notice) => notice.state == NoticeState::Missing,
        }
    }
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
    if let Some(missing) = noticed(card) {
        return Some(CardKind::Notice(Box::new(kind_of(case, &missing)?)));
    }
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
