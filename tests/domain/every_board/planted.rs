//! Each check of the walk over the board goes red: a step is taken, one thing about it is made wrong, and that check
//! alone says so.

use std::collections::BTreeSet;

use super::checks::CHECKS;
use super::*;

/// A step that may be lied about.
struct Taken {
    before: Spot,
    step: Step,
    came: Came,
}

/// A lie, the check that must notice it, and the honest step.
type Plant = (&'static str, fn() -> Taken, fn(&mut Taken));

const PLANTS: &[Plant] = &[
    ("a request is one row, once", joins, |taken| {
        let batch = &mut taken.came.after.board.batches[0];
        let mut twice = batch.rows[0].clone();
        twice.number = 3;
        batch.rows.push(twice);
    }),
    ("rows are numbered and never move", joins, |taken| {
        taken.came.after.board.batches[0].rows.swap(0, 1);
    }),
    (
        "a batch takes no rows after its time, when it is closed, or beyond ten",
        joins,
        |taken| taken.before.now = taken.before.board.batches[0].closes_at,
    ),
    (
        "a batch with ten rows is closed",
        || told(with_rows(BATCH_ROWS - 1), join(BATCH_ROWS, RULES[0])),
        |taken| taken.came.after.board.batches[0].closed = false,
    ),
    ("a batch that is open and in time is used", opens, |taken| {
        let open = Batch {
            id: BatchId::new("batch.9"),
            rule: RuleName::new(RULES[0]),
            rows: vec![],
            closes_at: MONDAY.plus(Span::minutes(5)),
            closed: false,
        };
        taken.before.board.batches.push(open.clone());
        taken.came.after.board.batches.push(open);
    }),
    ("an open batch is closed in its time", opens, |taken| {
        let closes = |effect: &BoardEffect| matches!(effect, BoardEffect::CloseBatch { .. });
        taken.came.effects.retain(|row| !closes(&row.effect));
    }),
    ("each row is told to its case", joins, |taken| {
        let tells = |effect: &BoardEffect| matches!(effect, BoardEffect::TellCase { .. });
        taken.came.effects.retain(|row| !tells(&row.effect));
    }),
    ("each closed batch gets its card, once", closes, |taken| {
        let shows = |effect: &BoardEffect| matches!(effect, BoardEffect::Card { .. });
        taken.came.effects.retain(|row| !shows(&row.effect));
    }),
    ("each closed batch gets its card, once", closes, |taken| {
        taken.before.board.batches[0].closed = true;
    }),
    (
        "a card that fails or comes back is noticed",
        || {
            let (card, why) = (CardId::new("card.batch.1"), "away".into());
            told(with_rows(1), BoardCommand::RecordCardFailed { card, why })
        },
        |taken| taken.came.effects.clear(),
    ),
    ("only pause and resume change the pause", joins, |taken| {
        let (by, reason) = (LEAD.person(), String::from("fire"));
        taken.came.after.board.pause = Some((by, MONDAY, reason));
    }),
    ("a policy is activated once", joins, |taken| {
        taken.came.after.board.policy = Some(Digest::of(b"one"));
    }),
    ("no two effects share an id", opens, |taken| {
        let first = taken.came.effects[0].id.clone();
        taken.came.effects.last_mut().unwrap().id = first;
    }),
];

fn told(before: Spot, command: BoardCommand) -> Taken {
    let step = Step::Told(command);
    let came = before.step(&step);
    Taken { before, step, came }
}

/// A board with so many rows in one batch.
fn with_rows(rows: usize) -> Spot {
    let board = Board::default();
    let begin = Spot { board, now: MONDAY };
    let joins = (1..=rows).map(|n| Step::Told(join(n, RULES[0])));
    joins.fold(begin, |spot, step| spot.step(&step).after)
}

fn opens() -> Taken {
    told(with_rows(0), join(1, RULES[0]))
}

fn joins() -> Taken {
    told(with_rows(1), join(2, RULES[0]))
}

fn closes() -> Taken {
    let before = with_rows(1);
    let batch = before.board.batches[0].id.clone();
    told(before, BoardCommand::CloseBatch { batch })
}

fn red(taken: &Taken) -> BTreeSet<&'static str> {
    let holds = |check: &checks::Holds| check(&taken.before, &taken.step, &taken.came);
    let red = CHECKS.iter().filter(|(_, check)| !holds(check));
    red.map(|(name, _)| *name).collect()
}

#[test]
fn each_check_of_the_board_notices_what_it_is_there_for_and_no_other_does() {
    for (name, honest, lie) in PLANTS {
        let mut taken = honest();
        assert_eq!(red(&taken), BTreeSet::new(), "before the lie for `{name}`");
        lie(&mut taken);
        assert_eq!(red(&taken), BTreeSet::from([*name]), "the lie for `{name}`");
    }
}

#[test]
fn no_check_of_the_board_is_without_a_lie_that_it_notices() {
    let names = |of: &mut dyn Iterator<Item = &'static str>| of.collect::<BTreeSet<_>>();
    let planted = names(&mut PLANTS.iter().map(|one| one.0));
    assert_eq!(planted, names(&mut CHECKS.iter().map(|one| one.0)));
    assert_eq!(planted.len(), 12);
}
