//! Where walks begin, what is said in them, and how far they go.

use countersign::domain::case::command::WorkStep;
use countersign::domain::case::event::Phase;
use countersign::domain::case::{Case, StepState};
use countersign::domain::draft::Action;
use countersign::domain::person::Person;
use countersign::domain::ticket::Ticket;
use countersign::domain::time::At;
use countersign::domain::verdict::{Category, Signal};

use super::spot::{Around, Spot};
use crate::succession::with_billing;
use crate::support::*;

/// Whoever is in a role, and in no approver rule.
const INFRA: Somebody = Somebody {
    user: "U0INFRA001",
    groups: &["S0INFRA001"],
    ..STRANGER
};

/// One walk.
pub struct Scope {
    pub name: &'static str,
    pub around: Around,
    pub begin: Spot,
    /// Who clicks on requests and escalations. The first may decide, so that what is wrong with a click is all that
    /// is wrong with it.
    pub people: &'static [Somebody],
    /// The first may work on the escalations of this walk.
    pub workers: &'static [Somebody],
    /// Whether it is said who can be asked, and which row of which batch a question became.
    pub cards: bool,
    /// Whether readers, models and connectors say everything too, or only what they are asked for.
    pub reading: bool,
    pub tickets: fn(At) -> Vec<Ticket>,
    pub signals: &'static [&'static [Signal]],
    pub verdicts: &'static [(Category, u8)],
    pub drafts: fn() -> Vec<Vec<Action>>,
    pub edits: fn(&Action) -> Vec<Action>,
    pub most: Most,
    /// How many states and transitions there are at least. A walk that comes to its end and finds fewer has lost
    /// something. Where one is cut off after so many states, its transitions say only how close together the first
    /// states lie: the 5,000 that once stood at the walk over an unvouched customer was never reached (4,954 from the
    /// first day on, before and after every change of the domain since), and no state was lost by it.
    pub floor: (usize, usize),
    /// Whether the default reach takes it to its end.
    pub whole: bool,
}

/// How far a case may grow. What leads further is said and checked, and not walked on from.
#[derive(Clone, Copy)]
pub struct Most {
    pub revisions: u32,
    pub drafts: usize,
    pub requests: usize,
    pub escalations: usize,
}

impl Most {
    pub fn bears(self, case: &Case) -> bool {
        case.revision <= self.revisions
            && case.drafts.len() <= self.drafts
            && case.requests.len() <= self.requests
            && case.escalations.len() <= self.escalations
    }
}

const CALLS: (&str, &str, &str) = (
    "contract.json",
    r#""max_model_calls_per_ticket": 8"#,
    r#""max_model_calls_per_ticket": 3"#,
);

fn nobody_opens(at: At) -> Vec<Ticket> {
    vec![ticket(true, None, at)]
}

fn tickets(at: At) -> Vec<Ticket> {
    let author: Option<Person> = Some(LEAD.person());
    vec![
        ticket(true, None, at),
        ticket(false, None, at),
        ticket(true, author, at),
    ]
}

fn no_edits(_: &Action) -> Vec<Action> {
    vec![]
}

fn other_words(action: &Action) -> Vec<Action> {
    match action {
        Action::NotifyCustomer { .. } => vec![reply("one"), reply("two")],
        other => vec![other.clone()],
    }
}

fn other_amounts(action: &Action) -> Vec<Action> {
    match action {
        Action::Refund { .. } => vec![refund(4_000), refund(60_000), refund(-1)],
        _ => vec![],
    }
}

/// Sends what the code itself proposed and everything that is noted down, and has whoever learns of it close it, so
/// that a walk is about one thing.
pub fn settled(mut world: World, who: &Somebody) -> World {
    let drafts: Vec<_> = world
        .case
        .drafts
        .iter()
        .map(|one| one.draft.id.clone())
        .collect();
    for draft in drafts {
        for phase in [Phase::Note, Phase::Act] {
            if matches!(world.case.step(&draft, phase), Some(StepState::Due(_))) {
                world.depart(&draft, phase);
                world.outcome(&draft, phase, done()).unwrap();
            }
        }
    }
    let open: Vec<_> = world
        .case
        .open_escalations()
        .map(|(one, _)| one.id.clone())
        .collect();
    for id in open {
        world
            .work(who, &id, WorkStep::Resolve { words: None })
            .unwrap();
    }
    world
}

/// What most walks have: nothing new of the customer's, and few drafts.
fn plain(name: &'static str, world: World, around: Around) -> Scope {
    Scope {
        name,
        around,
        begin: Spot::of(world),
        people: &[LEAD, LEAD_TWO, STRANGER],
        workers: &[AGENT],
        cards: false,
        reading: false,
        tickets: nobody_opens,
        signals: &[&[]],
        verdicts: &[(Category::HowTo, 2)],
        drafts: || vec![vec![reply("here is how")]],
        edits: no_edits,
        most: Most {
            revisions: 1,
            drafts: 3,
            requests: 3,
            escalations: 3,
        },
        floor: (1_500, 5_000),
        whole: true,
    }
}

/// Every walk.
pub fn all() -> [Scope; 8] {
    [
        reading(),
        reply_to_one_lead(),
        reply_to_two_leads(),
        page(),
        recommendation(),
        straight_to_billing(),
        identity(),
        automatic(),
    ]
}

/// From the ticket to the first question.
pub fn reading() -> Scope {
    let policy = policy(&[CALLS]);
    let scope = plain(
        "reading",
        World::under(policy.clone()),
        Around::with(vec![policy]),
    );
    Scope {
        people: &[],
        reading: true,
        tickets,
        signals: &[&[], &[Signal::Outage]],
        verdicts: &[(Category::HowTo, 2), (Category::RefundRequest, 2)],
        drafts: || vec![vec![reply("hello")], vec![refund(3_000)], vec![]],
        most: Most {
            revisions: 1,
            drafts: 2,
            requests: 1,
            escalations: 2,
        },
        whole: false,
        floor: (1_500, 9_000),
        ..scope
    }
}

/// A question in a batch, its undo, its edits and its lapses, while the policy changes.
pub fn reply_to_one_lead() -> Scope {
    let policies = vec![policy(&[CALLS]), policy(&[CALLS, CLASSIFY])];
    let world = settled(World::asking_reply(policies[0].clone()), &AGENT);
    Scope {
        edits: other_words,
        most: Most {
            revisions: 1,
            drafts: 3,
            requests: 2,
            escalations: 2,
        },
        floor: (420, 3_400),
        ..plain("a reply", world, Around::with(policies))
    }
}

/// The same where two people must agree, and the customer can write again.
pub fn reply_to_two_leads() -> Scope {
    let policies = vec![policy(&[CALLS, TWO_LEADS])];
    let world = settled(World::asking_reply(policies[0].clone()), &AGENT);
    Scope {
        most: Most {
            revisions: 2,
            drafts: 3,
            requests: 2,
            escalations: 2,
        },
        whole: false,
        floor: (1_500, 6_000),
        ..plain("a reply for two", world, Around::with(policies))
    }
}

/// A page: high tier, a named approver, a reason, and a role that has to take it.
pub fn page() -> Scope {
    let policies = vec![policy(&[CALLS])];
    let world = World::asking_page(policies[0].clone());
    let world = world.gathered(charge()).drafted(vec![]);
    let world = settled(world, &INFRA);
    Scope {
        people: &[LEAD, STRANGER],
        workers: &[AGENT, INFRA],
        verdicts: &[(Category::Outage, 4)],
        cards: true,
        whole: false,
        floor: (280, 1_050),
        ..plain("a page", world, Around::with(policies))
    }
}

/// Money that people decide on and billing moves.
pub fn recommendation() -> Scope {
    let policies = vec![policy(&[CALLS])];
    let world = settled(World::asking_refund(policies[0].clone(), 18_000), &BILLING);
    Scope {
        people: &[BILLING, FINANCE, STRANGER],
        workers: &[BILLING],
        verdicts: &[(Category::RefundRequest, 2)],
        drafts: || vec![vec![refund(18_000)]],
        edits: other_amounts,
        floor: (460, 2_850),
        ..plain("a recommendation", world, Around::with(policies))
    }
}

/// Little money: nobody is asked, and billing answers.
pub fn straight_to_billing() -> Scope {
    let policies = vec![policy(&[CALLS])];
    let world = with_billing(policies[0].clone());
    Scope {
        people: &[BILLING, FINANCE_LEAD],
        workers: &[BILLING, BILLING_TWO, AGENT],
        verdicts: &[(Category::RefundRequest, 2)],
        drafts: || vec![vec![refund(3_000)]],
        most: Most {
            revisions: 1,
            drafts: 2,
            requests: 1,
            escalations: 3,
        },
        whole: false,
        floor: (1_500, 5_500),
        ..plain("straight to billing", world, Around::with(policies))
    }
}

/// Money of somebody whom nobody vouches for, until billing says who it is. Nothing else is open beside it, so that
/// the walk has an end; what else there can be is walked by the others.
pub fn identity() -> Scope {
    let policies = vec![policy(&[CALLS])];
    let world = World::asking_identity(policies[0].clone(), vec![]);
    Scope {
        people: &[BILLING, FINANCE_LEAD],
        workers: &[BILLING, BILLING_TWO, AGENT],
        verdicts: &[(Category::RefundRequest, 2)],
        drafts: || vec![vec![refund(3_000)]],
        most: Most {
            revisions: 1,
            drafts: 3,
            requests: 2,
            escalations: 3,
        },
        whole: false,
        floor: (1_500, 5_300),
        ..plain("identity", world, Around::with(policies))
    }
}

/// What runs by itself where the contract says `apply`, until it does not.
pub fn automatic() -> Scope {
    let policies = vec![policy(&[CALLS, APPLY]), policy(&[CALLS])];
    let mut world = World::under(policies[0].clone())
        .opened(true, None)
        .read(vec![])
        .triaged(Category::HowTo, 2);
    let routing = world.case.drafts[0].draft.id.clone();
    world.depart(&routing, Phase::Act);
    let world = world.gathered(charge());
    Scope {
        people: &[LEAD, STRANGER],
        drafts: || vec![vec![label("vip")]],
        most: Most {
            revisions: 1,
            drafts: 2,
            requests: 1,
            escalations: 2,
        },
        whole: false,
        floor: (1_500, 10_500),
        ..plain("what runs by itself", world, Around::with(policies))
    }
}
