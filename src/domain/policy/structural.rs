//! The rules about roles that no manifest can remove.

use super::escalation::Matter;
use crate::domain::draft::ActionKind;
use crate::domain::escalation::Role;
use crate::domain::verdict::{Category, Signal};

/// One of the rules that no manifest can remove.
pub(super) struct Structural {
    pub(super) role: Role,
    /// What it is called where it is told.
    pub(super) name: &'static str,
    /// When it holds, in words.
    pub(super) when: &'static str,
    holds: fn(&Matter<'_>) -> bool,
}

impl Structural {
    pub(super) fn holds(&self, matter: &Matter<'_>) -> bool {
        (self.holds)(matter)
    }
}

fn is(matter: &Matter<'_>, category: Category, signal: Signal) -> bool {
    matter.verdict.category == category || seen(matter, signal)
}

fn seen(matter: &Matter<'_>, signal: Signal) -> bool {
    matter.verdict.signals.contains(&signal)
}

/// The rules that no manifest can remove, in order. A breach or a deletion request outranks the money that
/// the same ticket may be about; only a money *action* stays with billing whatever else is said.
pub(super) const STRUCTURAL: &[Structural] = &[
    Structural {
        role: Role::Billing,
        name: "money to billing",
        when: "the action is about money",
        holds: |m| m.kind.is_some_and(ActionKind::is_money),
    },
    Structural {
        role: Role::Security,
        name: "suspected breach to security",
        when: "the category is security_incident, or a suspected breach was seen",
        holds: |m| is(m, Category::SecurityIncident, Signal::SuspectedBreach),
    },
    Structural {
        role: Role::Security,
        name: "data deletion to security",
        when: "the category is data_deletion, or such a request was seen",
        holds: |m| is(m, Category::DataDeletion, Signal::DataDeletion),
    },
    Structural {
        role: Role::Billing,
        name: "money to billing",
        when: "the category is about money",
        holds: |m| m.verdict.category.is_money(),
    },
    // When many cannot get in because something is down, it is the something that is down.
    Structural {
        role: Role::Infra,
        name: "outage to infra",
        when: "the category is outage, or an outage that affects many was seen",
        holds: |m| {
            let many = seen(m, Signal::Outage) && seen(m, Signal::ManyAffected);
            m.verdict.category == Category::Outage || many
        },
    },
    Structural {
        role: Role::Security,
        name: "auth failure to security",
        when: "the category is account_access, or failing sign-in was seen",
        holds: |m| is(m, Category::AccountAccess, Signal::AuthFailure),
    },
    Structural {
        role: Role::Infra,
        name: "outage to infra",
        when: "an outage was seen",
        holds: |m| seen(m, Signal::Outage),
    },
];
