//! Lies about what leaves, when, and how often.

use countersign::domain::approval::RequestState;
use countersign::domain::case::StepState;
use countersign::domain::case::event::Phase;
use countersign::domain::digest::Digest;
use countersign::domain::draft::Origin;
use countersign::domain::ids::DraftId;
use countersign::domain::time::Span;

use super::super::super::alphabet::{Said, Weather};
use super::{Plant, Taken, approved};
use crate::support::*;

pub const PLANTS: &[Plant] = &[
    (
        "nothing leaves without the leave of the rules or of people",
        leaves,
        |taken| {
            let asked = taken.before.case.requests.last_mut().unwrap();
            asked.state = RequestState::Pending;
        },
    ),
    (
        "nothing leaves without the leave of the rules or of people",
        label_leaves,
        |taken| {
            let departed = departed(taken);
            let mut drafts = taken.before.case.drafts.iter_mut();
            let progress = drafts.find(|one| one.draft.id == departed).unwrap();
            progress.cleared = None;
        },
    ),
    (
        "what something else took the place of never leaves",
        leaves,
        |taken| {
            let replaced = departed(taken);
            let mut edit = taken.before.case.draft(&replaced).unwrap().clone();
            let mut asked = taken.before.case.request_of(&replaced).unwrap().clone();
            edit.draft.id = DraftId::new("c1.d99");
            asked.request.draft = edit.draft.id.clone();
            edit.draft.origin = Origin::Edit {
                editor: LEAD.person(),
                of: replaced,
            };
            edit.act = StepState::Idle;
            for case in [&mut taken.before.case, &mut taken.came.after.to_mut().case] {
                case.drafts.push(edit.clone());
                case.requests.push(asked.clone());
            }
        },
    ),
    (
        "money has no executor",
        || Taken::nothing(World::asking_refund(policy(&[]), 18_000)),
        |taken| {
            let mut drafts = taken.after().drafts.iter_mut();
            let money = drafts.find(|one| one.draft.action.kind().is_money());
            money.unwrap().act_plan = 1;
        },
    ),
    (
        "paused, unpinned or over the limit, no write leaves",
        leaves,
        |taken| taken.step.weather = Weather::Paused,
    ),
    (
        "paused, unpinned or over the limit, no write leaves",
        leaves,
        |taken| taken.step.weather = Weather::Unpinned,
    ),
    (
        "paused, unpinned or over the limit, no write leaves",
        leaves,
        |taken| taken.step.weather = Weather::Flooded,
    ),
    ("classify only lets nothing leave", leaves, |taken| {
        taken.step.policy = 1;
    }),
    (
        "a step is carried out once, and never blindly again",
        || {
            let mut world = approved();
            let draft = world.asked_draft().id;
            world.send(&draft);
            Taken::nothing(world)
        },
        |taken| act(taken, StepState::Voided("so it is".into())),
    ),
    (
        "a step is carried out once, and never blindly again",
        || Taken::nothing(approved()),
        |taken| act(taken, StepState::Failed("so it is".into())),
    ),
    ("a plan that was replaced sends nothing", leaves, |taken| {
        let Said::Sent { plan, .. } = &mut taken.step.said else {
            unreachable!()
        };
        *plan = 1;
    }),
    ("an answer answers the last message", leaves, |taken| {
        taken.before.case.revision += 1;
    }),
    ("what leaves is what was approved", leaves, |taken| {
        let asked = taken.before.case.requests.last_mut().unwrap();
        asked.request.subject = Digest::of(b"another");
    }),
    ("what can be taken back waits", leaves, |taken| {
        taken.until(taken.before.now.plus(Span::minutes(-1)));
    }),
    (
        "what can be taken back waits",
        || Taken::click(super::asked(), LEAD, approve()),
        |taken| taken.until(taken.before.now.plus(Span::seconds(1))),
    ),
];

fn leaves() -> Taken {
    let world = approved();
    let draft = world.asked_draft().id;
    Taken::sent(world, draft)
}

/// What nobody is asked about.
fn label_leaves() -> Taken {
    let world = World::under(policy(&[APPLY]))
        .opened(true, None)
        .read(vec![])
        .triaged(countersign::domain::verdict::Category::HowTo, 2)
        .gathered(charge())
        .drafted(vec![label("vip")]);
    let draft = world.case.drafts.last().unwrap().draft.id.clone();
    Taken::sent(world, draft)
}

fn departed(taken: &Taken) -> DraftId {
    let Said::Sent {
        draft,
        phase: Phase::Act,
        ..
    } = &taken.step.said
    else {
        unreachable!()
    };
    draft.clone()
}

/// Where the reply stands afterwards.
fn act(taken: &mut Taken, state: StepState) {
    let case = taken.after();
    let id = case.requests.last().unwrap().request.draft.clone();
    let mut drafts = case.drafts.iter_mut();
    drafts.find(|one| one.draft.id == id).unwrap().act = state;
}
