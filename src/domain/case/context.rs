//! Everything a decision may lean on beside the journal. Each value used is journalled with the event.

use crate::domain::evidence::Ask;
use crate::domain::ids::{AppId, EnterpriseId, TeamId};
use crate::domain::person::{Person, Standing};
use crate::domain::policy::Policy;
use crate::domain::time::At;

/// Which installation this is. Clicks from elsewhere are refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Installation {
    /// The enterprise grid, where there is one.
    pub enterprise: Option<EnterpriseId>,
    /// The workspace.
    pub team: TeamId,
    /// The app.
    pub app: AppId,
}

/// What a decision may lean on.
#[derive(Clone, Debug)]
pub struct Context<'a> {
    /// Now.
    pub now: At,
    /// Which installation this is.
    pub installation: &'a Installation,
    /// The policy in force.
    pub policy: &'a Policy,
    /// The policy under which the request concerned was asked, if it is known here.
    pub asked_under: Option<&'a Policy>,
    /// Whether the policy in force is the one that was pinned.
    pub pinned: bool,
    /// Why every write is stopped, while it is.
    pub paused: Option<String>,
    /// The person who clicked, as read just now; `None` when it could not be read.
    pub standing: Option<Standing>,
    /// Whether the ticket's address and the clicker's are the same.
    pub wrote_ticket: bool,
    /// The next free case number, for a ticket that opens a case.
    pub next_number: u64,
    /// The questions that begin the gathering for this case.
    pub first_asks: FirstAsks,
    /// What went out lately, for the limits. Only the gate asks.
    pub departures: Departures,
}

/// The writes that went out in the last minute, as the journal has them.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Departures {
    /// Of all cases.
    pub overall: u64,
    /// Of the cases in the queue of this one. 0 when the verdict names none.
    pub in_queue: u64,
}

/// The questions that begin the gathering.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct FirstAsks {
    /// To the ticket's own desk.
    pub ticket: Vec<Ask>,
    /// To sources that know the customer.
    pub customer: Vec<Ask>,
    /// To the same sources, about the customer whom a person linked or is about to link.
    pub linked: Vec<Ask>,
}

impl Installation {
    /// Whether a person acted in this workspace.
    #[must_use]
    pub fn is_home_of(&self, person: &Person) -> bool {
        person.team == self.team
            && (self.enterprise.is_none() || person.enterprise == self.enterprise)
    }
}
