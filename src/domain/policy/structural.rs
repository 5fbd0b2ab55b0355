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
    holds: fn(&Seen<'_>) -> bool,
}

/// What these rules look at.
struct Seen<'a> {
    kind: Option<ActionKind>,
    category: Category,
    signals: &'a [Signal],
}

impl Structural {
    pub(super) fn holds(&self, matter: &Matter<'_>) -> bool {
        (self.holds)(&Seen {
            kind: matter.kind,
            category: matter.verdict.category,
            signals: &matter.verdict.signals,
        })
    }

    /// The rule that has whatever is of this category with these signals, whoever acts on it.
    pub(super) fn of(category: Category, signals: &[Signal]) -> Option<&'static Self> {
        let kind = None;
        let seen = Seen {
            kind,
            category,
            signals,
        };
        STRUCTURAL.iter().find(|rule| (rule.holds)(&seen))
    }
}

impl Seen<'_> {
    fn is(&self, category: Category, signal: Signal) -> bool {
        self.category == category || self.seen(signal)
    }

    fn seen(&self, signal: Signal) -> bool {
        self.signals.contains(&signal)
    }
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
        holds: |m| m.is(Category::SecurityIncident, Signal::SuspectedBreach),
    },
    Structural {
        role: Role::Security,
        name: "data deletion to security",
        when: "the category is data_deletion, or such a request was seen",
        holds: |m| m.is(Category::DataDeletion, Signal::DataDeletion),
    },
    Structural {
        role: Role::Billing,
        name: "money to billing",
        when: "the category is about money",
        holds: |m| m.category.is_money(),
    },
    // When many cannot get in because something is down, it is the something that is down.
    Structural {
        role: Role::Infra,
        name: "outage to infra",
        when: "the category is outage, or an outage that affects many was seen",
        holds: |m| {
            let many = m.seen(Signal::Outage) && m.seen(Signal::ManyAffected);
            m.category == Category::Outage || many
        },
    },
    Structural {
        role: Role::Security,
        name: "auth failure to security",
        when: "the category is account_access, or failing sign-in was seen",
        holds: |m| m.is(Category::AccountAccess, Signal::AuthFailure),
    },
    Structural {
        role: Role::Infra,
        name: "outage to infra",
        when: "an outage was seen",
        holds: |m| m.seen(Signal::Outage),
    },
];
