//! Every state that the board can come to, breadth first: batches, their cards, the pause and the policy in force.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use countersign::domain::board::{BATCH_ROWS, Batch, Board, BoardCommand, BoardEffect, BoardEvent};
use countersign::domain::case::cards::notice_of;
use countersign::domain::case::effect::Planned;
use countersign::domain::digest::Digest;
use countersign::domain::ids::{BatchId, CardId, CaseId, ChannelId, RequestId, RuleName};
use countersign::domain::time::{At, Span};

use self::checks::{CHECKS, rows};
use crate::support::*;

mod checks;
mod planted;

const RULES: [&str; 2] = ["batch_reviewers", "billing_reviewers"];
/// With this many batches everything that two rules can do to each other has happened.
const MOST_BATCHES: usize = 2;

#[derive(Clone, Debug)]
enum Step {
    Told(BoardCommand),
    TimePasses(At),
}

/// A board at a moment.
#[derive(Clone)]
struct Spot {
    board: Board,
    now: At,
}

/// What a step came to.
struct Came {
    after: Spot,
    events: Vec<BoardEvent>,
    effects: Vec<Planned<BoardEffect>>,
}

impl Spot {
    fn step(&self, step: &Step) -> Came {
        let mut after = self.clone();
        let (mut events, mut effects) = (vec![], vec![]);
        match step {
            Step::TimePasses(until) => after.now = *until,
            Step::Told(command) => events = self.board.decide(command, self.now),
        }
        for event in &events {
            after.board.apply(self.now, event);
            effects.extend(after.board.effects_of(self.now, event));
        }
        Came {
            after,
            events,
            effects,
        }
    }

    /// What decisions ask for: of each batch that takes rows how full it is, whether its time is near, and whether it
    /// comes before the others'. What takes no rows takes none, however many it has. Ids, people, reasons and the
    /// rows' cases are carried and never read.
    fn key(&self) -> String {
        let batches = &self.board.batches;
        let read = |batch: &Batch| {
            let left = batch.closes_at.since(self.now).0;
            if batch.closed || left <= 0 {
                return format!("{} {}", batch.rule, batch.closed);
            }
            let earlier = batches
                .iter()
                .filter(|one| one.closes_at < batch.closes_at)
                .count();
            let rows = batch.rows.len();
            format!("{} {rows} {} {earlier}", batch.rule, left == 1)
        };
        let batches: Vec<_> = batches.iter().map(read).collect();
        format!(
            "{batches:?} {} {:?}",
            self.board.pause.is_some(),
            self.board.policy
        )
    }

    /// Everything that can be said: new requests and old ones, batches that are open, closed and unknown, cards of
    /// batches and of notices, and each switch both ways.
    fn everything(&self) -> Vec<Step> {
        let joined = self
            .board
            .batches
            .iter()
            .map(|one| one.rows.len())
            .sum::<usize>();
        let requests = [joined + 1, 1];
        let joins = RULES
            .iter()
            .flat_map(|rule| requests.map(|n| join(n, rule)));
        let unknown = BatchId::new("batch.9");
        let ids = self
            .board
            .batches
            .iter()
            .map(|one| &one.id)
            .chain([&unknown]);
        let about_batches = ids.flat_map(|id| {
            let card = CardId::new(format!("card.{id}"));
            let mut said = vec![BoardCommand::CloseBatch { batch: id.clone() }];
            for card in [card.clone(), notice_of(&card)] {
                let why = "away".into();
                said.push(posted(card.clone()));
                said.push(BoardCommand::RecordCardFailed { card, why });
            }
            said
        });
        let (by, reason) = (LEAD.person(), String::from("fire"));
        let mut said: Vec<_> = joins.chain(about_batches).collect();
        said.push(BoardCommand::Resume {
            by: by.clone(),
            reason: reason.clone(),
        });
        said.push(BoardCommand::Pause { by, reason });
        said.extend([b"one", b"two"].map(|bytes| BoardCommand::ActivatePolicy {
            policy: Digest::of(bytes),
            by: None,
        }));
        let next = self
            .board
            .batches
            .iter()
            .map(|one| one.closes_at)
            .filter(|at| *at > self.now)
            .min();
        let moments = next.iter().flat_map(|at| [*at, at.plus(Span(-1))]);
        let passing = moments.filter(|at| *at > self.now).map(Step::TimePasses);
        said.into_iter().map(Step::Told).chain(passing).collect()
    }
}

fn join(request: usize, rule: &str) -> BoardCommand {
    BoardCommand::JoinBatch {
        case: CaseId::new(format!("c{request}")),
        request: RequestId::new(format!("c{request}.r1")),
        rule: RuleName::new(rule),
    }
}

fn posted(card: CardId) -> BoardCommand {
    BoardCommand::RecordCardPosted {
        card,
        channel: ChannelId::new("C1"),
        ts: "1.0".into(),
    }
}

/// What a walk over the board found.
struct Found {
    ways: Vec<Option<(usize, Step)>>,
    leads: BTreeSet<(usize, usize)>,
    rested: BTreeSet<usize>,
    transitions: usize,
}

fn walk() -> Found {
    let begin = Spot {
        board: Board::default(),
        now: MONDAY,
    };
    let mut known = BTreeMap::from([(begin.key(), 0)]);
    let mut waiting = VecDeque::from([(0, begin)]);
    let mut found = Found {
        ways: vec![None],
        leads: BTreeSet::new(),
        rested: BTreeSet::from([0]),
        transitions: 0,
    };
    while let Some((at, spot)) = waiting.pop_front() {
        for step in spot.everything() {
            let mut came = check(&spot, &step, || path(&found, at));
            found.transitions += 1;
            // Between the second row and the last but one, one row is like the other.
            while let Some(more) = like_the_one_before(&came.after, &step) {
                came = check(&came.after, &more, || path(&found, at));
            }
            if came.after.board.batches.len() > MOST_BATCHES {
                continue;
            }
            let next = known.len();
            let to = *known.entry(came.after.key()).or_insert(next);
            found.leads.insert((at, to));
            if to == next {
                let board = &came.after.board;
                if board.pause.is_none() && board.batches.iter().all(|one| one.closed) {
                    found.rested.insert(to);
                }
                found.ways.push(Some((at, step)));
                waiting.push_back((to, came.after));
            }
        }
    }
    found
}

/// Takes a step, and asks everything of it.
fn check(spot: &Spot, step: &Step, path: impl Fn() -> String) -> Came {
    let came = spot.step(step);
    for (name, holds) in CHECKS {
        let holds = holds(spot, step, &came);
        assert!(holds, "{name}: not after\n{}{step:?}", path());
    }
    came
}

/// The request that joins next, where a batch has more than two rows and more than one place left.
fn like_the_one_before(spot: &Spot, step: &Step) -> Option<Step> {
    let Step::Told(BoardCommand::JoinBatch { request, rule, .. }) = step else {
        return None;
    };
    let joined = rows(&spot.board);
    let (batch, ..) = joined.iter().find(|(_, _, one)| *one == request)?;
    let between = (3..BATCH_ROWS - 1).contains(&batch.rows.len());
    let takes = !batch.closed && spot.now < batch.closes_at && batch.rule == *rule;
    (between && takes).then(|| Step::Told(join(joined.len() + 1, rule.as_str())))
}

/// The shortest way to a state.
fn path(found: &Found, at: usize) -> String {
    match &found.ways[at] {
        None => String::new(),
        Some((from, step)) => format!("{}{step:?}\n", path(found, *from)),
    }
}

#[test]
fn every_state_of_the_board() {
    let found = walk();
    let mut rested = found.rested.clone();
    loop {
        let into = found.leads.iter().filter(|(_, to)| rested.contains(to));
        let more: BTreeSet<usize> = into.map(|(from, _)| *from).collect();
        let before = rested.len();
        rested.extend(more);
        if rested.len() == before {
            break;
        }
    }
    let states = found.ways.len();
    println!(
        "the board: {states} states and {} transitions, and no more",
        found.transitions
    );
    assert_eq!(
        rested.len(),
        states,
        "from some states no batch can be closed any more"
    );
    assert!(
        states >= 1_000 && found.transitions >= 20_000,
        "{states} states, {} transitions",
        found.transitions
    );
}
