//! Clicks: from the signed request to its answer, and to the decision, by how many people click at once.

use std::sync::Arc;
use std::time::{Duration, Instant};

use countersign::domain::ids::RuleName;

use crate::database::Kind;
use crate::floor::Floor;
use crate::load::{Round, over, sent};
use crate::report::{Report, Spread, cells};
use crate::rows::Rows;
use crate::stage::{Bot, RULE, Stage};

/// People at once, and how many clicks they make together in one round.
const CROWDS: [(usize, usize); 4] = [(1, 60), (8, 160), (32, 384), (64, 384)];
/// How many clicks each server takes before, unmeasured.
const WARM: usize = 96;
/// How many questions wait at the beginning of each round.
const QUESTIONS: usize = WARM + 384;
/// Rounds of each. All three servers take each round, one after the other.
const ROUNDS: usize = 3;

/// One crowd's rounds: ours with the time until every click was decided, the floor, and the floor with group commit.
#[derive(Default)]
struct Rounds {
    ours: Vec<Round>,
    decided_in: Vec<Duration>,
    floor: Vec<Round>,
    together: Vec<Round>,
}

/// Measures on each database.
pub async fn measured(report: &mut Report) {
    report.part(
        "Clicks",
        "People in a closed loop: each sends a signed approval over its own connection to the real server and waits for the \
         200, which comes when the click is durable; load and server share one process. *Decided* counts until the last \
         click of the round is decided, journalled and projected. The floor is bare axum that checks the same HMAC and \
         writes the rows that a decided click wrote, in one commit for each request, in the same tables, as durable \
         (SQLite in WAL mode with `synchronous=FULL`; PostgreSQL as it ships). Effects are planned in the measured commits and \
         carried out later, so the outbox rests on both sides. Medians over the rounds, with the smallest and the largest.",
    );
    for kind in Kind::each() {
        on(&kind, report).await;
    }
}

async fn on(kind: &Kind, report: &mut Report) {
    let stage = Stage::set().await;
    let bot = stage.bot(&kind.fresh("prepared").await).await;
    let took = stage.ask(&bot, QUESTIONS).await;
    eprintln!("{}: {QUESTIONS} questions in {took:?}", kind.name());
    bot.end().await;
    let clicks = stage.clicks();
    assert_eq!(clicks.len(), QUESTIONS, "each question has its button");
    let rows = rows_of_a_click(kind, &stage, &clicks[0]).await;
    let mut crowds: [Rounds; 4] = Default::default();
    for round in 0..ROUNDS {
        eprintln!("{}: round {}", kind.name(), round + 1);
        whole_round(kind, &stage, (&clicks, &rows), (round, &mut crowds)).await;
    }
    kind.remove("prepared").await;
    written(kind, &rows, &crowds, report);
}

/// What one click writes, read from a database on which one was made.
async fn rows_of_a_click(kind: &Kind, stage: &Stage, click: &str) -> Rows {
    let url = kind.copy("prepared", "sample").await;
    let bot = stage.bot(&url).await;
    sent(
        bot.address,
        &Stage::secret(),
        Arc::new(vec![click.to_owned()]),
        1,
    )
    .await;
    let store = bot.engine.store().clone();
    let command = store
        .next_command(
            "bench",
            bot.engine.time(),
            countersign::domain::time::Span(0),
        )
        .await;
    let case = command.unwrap().unwrap().submission.command.stream();
    while bot.engine.step_inbox().await.unwrap() {}
    bot.end().await;
    let rows = Rows::of_click(&url, case.as_str()).await;
    kind.remove("sample").await;
    rows
}

/// Every crowd on each of the three servers, which take the first place in turns. Each server has a fresh copy of the
/// database and is warm: its connections are open, and its statements are prepared.
async fn whole_round(
    kind: &Kind,
    stage: &Stage,
    (clicks, rows): (&[String], &Rows),
    (round, crowds): (usize, &mut [Rounds; 4]),
) {
    for (place, ((people, count), rounds)) in CROWDS.iter().zip(crowds.iter_mut()).enumerate() {
        let (warm, rest) = clicks.split_at(WARM);
        let (warm, bodies) = (Arc::new(warm.to_vec()), Arc::new(rest[..*count].to_vec()));
        let bot = stage.bot(&kind.copy("prepared", "ours").await).await;
        let alone = floor(kind, "floor", rows, false).await;
        let together = floor(kind, "together", rows, true).await;
        let working = bot.work_inbox();
        let secret = Stage::secret();
        for address in [bot.address, alone.address, together.address] {
            sent(address, &secret, Arc::clone(&warm), *people).await;
        }
        decided(&bot, WARM).await;
        for turn in 0..3 {
            let send = |address| sent(address, &secret, Arc::clone(&bodies), *people);
            match (round + place + turn) % 3 {
                0 => rounds.floor.push(send(alone.address).await),
                1 => rounds.together.push(send(together.address).await),
                _ => {
                    let began = Instant::now();
                    rounds.ours.push(send(bot.address).await);
                    decided(&bot, WARM + count).await;
                    rounds.decided_in.push(began.elapsed());
                }
            }
        }
        working.abort();
        bot.end().await;
        alone.end().await;
        together.end().await;
        for name in ["ours", "floor", "together"] {
            kind.remove(name).await;
        }
    }
}

/// A floor over a copy of its own.
async fn floor(kind: &Kind, name: &str, rows: &Rows, together: bool) -> Floor {
    let url = kind.copy("prepared", name).await;
    Floor::start(&url, rows.clone(), Stage::secret(), together).await
}

/// Waits until nothing is left to decide, and makes sure that so many questions are answered.
async fn decided(bot: &Bot, questions: usize) {
    let store = bot.engine.store();
    let mut woken = store.woken();
    while store
        .pending_counts(bot.engine.time())
        .await
        .unwrap()
        .commands
        > 0
    {
        // It is looked again after each commit and not all the time, which would slow down what is measured.
        drop(tokio::time::timeout(Duration::from_millis(50), woken.wait()).await);
    }
    let waiting = store.queue_counts().await.unwrap().rules;
    let waiting = waiting.get(&RuleName::new(RULE)).copied().unwrap_or(0);
    assert_eq!(
        QUESTIONS - questions,
        waiting as usize,
        "every click has answered its question"
    );
}

fn written(kind: &Kind, rows: &Rows, crowds: &[Rounds; 4], report: &mut Report) {
    let mut table = vec![cells(&[
        "people",
        "clicks/s, decided",
        "floor, clicks/s",
        "ratio",
        "ratio of p50",
        "p50 ms",
        "p99 ms",
        "floor p50 ms",
        "floor p99 ms",
        "floor with group commit, ratio to floor",
    ])];
    for ((people, count), rounds) in CROWDS.iter().zip(crowds) {
        let per_second = |time: Duration| *count as f64 / time.as_secs_f64();
        let speed = |round: &Round| per_second(round.answered_in);
        let ratio = |of: &[f64]| {
            Spread::of(
                of.iter()
                    .zip(&rounds.floor)
                    .map(|(one, floor)| one / speed(floor)),
            )
            .digits(2)
        };
        let decided: Vec<f64> = rounds
            .decided_in
            .iter()
            .map(|time| per_second(*time))
            .collect();
        let together: Vec<f64> = rounds.together.iter().map(speed).collect();
        let waits = rounds
            .ours
            .iter()
            .zip(&rounds.floor)
            .map(|(ours, floor)| ours.wait(50) / floor.wait(50));
        table.push(vec![
            people.to_string(),
            Spread::of(decided.iter().copied()).digits(0),
            over(&rounds.floor, speed).digits(0),
            ratio(&decided),
            Spread::of(waits).digits(2),
            over(&rounds.ours, |round| round.wait(50)).digits(2),
            over(&rounds.ours, |round| round.wait(99)).digits(2),
            over(&rounds.floor, |round| round.wait(50)).digits(2),
            over(&rounds.floor, |round| round.wait(99)).digits(2),
            ratio(&together),
        ]);
    }
    report.part(
        &format!("Clicks on {}", kind.name()),
        &format!(
            "{ROUNDS} rounds. A click writes these rows: {}.",
            rows.told()
        ),
    );
    report.table(&table);
}
