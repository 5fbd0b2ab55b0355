//! What a number in a step of the walk stands for.

use countersign::domain::case::command::Outcome;
use countersign::domain::draft::Action;
use countersign::domain::person::Membership;
use countersign::domain::policy::Policy;
use countersign::domain::time::Span;
use countersign::domain::verdict::{Category, Signal};

use crate::support::*;

/// How many beginnings there are.
pub const BEGINNINGS: usize = 6;

/// Cases begin where it becomes interesting: drafts are out, and people are asked, or a role was told.
pub fn beginnings(which: usize, policy: Policy) -> World {
    match which % BEGINNINGS {
        0 => World::under(policy),
        1 => World::asking_reply(policy),
        2 => World::asking_refund(policy, 18_000),
        3 => World::asking_page(policy),
        4 => crate::succession::with_billing(policy),
        _ => World::asking_identity(policy, vec![reply("who are you")]),
    }
}

impl World {
    /// Money of somebody whom nobody vouches for: billing has the case and may say who it is.
    pub fn asking_identity(policy: Policy, actions: Vec<Action>) -> Self {
        let mut world = Self::under(policy)
            .opened(false, None)
            .read(vec![Signal::Money])
            .triaged(Category::RefundRequest, 2);
        let routed = world.case.drafts.first().filter(|one| one.act_plan != 0);
        if let Some(draft) = routed.map(|one| one.draft.id.clone()) {
            world.send(&draft);
        }
        world.gathered(charge()).drafted(actions).all_shown()
    }
}

pub fn pick<T>(items: impl IntoIterator<Item = T>, n: usize) -> Option<T> {
    let items: Vec<T> = items.into_iter().collect();
    let count = items.len();
    items.into_iter().nth(n % count.max(1))
}

pub fn somebody(n: usize) -> Somebody {
    let all = [
        LEAD,
        LEAD_TWO,
        BILLING,
        BILLING_TWO,
        FINANCE,
        FINANCE_LEAD,
        AGENT,
        STRANGER,
        Somebody {
            membership: Membership::Guest,
            ..LEAD
        },
        Somebody {
            age: Span::minutes(10),
            ..LEAD
        },
        Somebody {
            enterprise: Some("E1"),
            ..LEAD
        },
    ];
    all[n % all.len()]
}

pub fn edited(action: &Action, n: usize) -> Action {
    match action {
        Action::Refund { .. } => refund([4_000, 15_000, 60_000, 600_000][n / 8 % 4]),
        Action::NotifyCustomer { .. } => reply(["one", "two", "three"][n / 8 % 3]),
        Action::AddLabel { .. } => label("other"),
        other => other.clone(),
    }
}

pub fn an_outcome(n: usize) -> Outcome {
    let why = || "so it is".to_owned();
    match n % 6 {
        0 | 1 => done(),
        2 => Outcome::Held { why: why() },
        3 => Outcome::Voided { why: why() },
        4 => Outcome::Refused { why: why() },
        _ => Outcome::Unknown { why: why() },
    }
}
