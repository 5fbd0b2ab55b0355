//! The whole flow, and its pure parts: cases from the intake to the question, folding, deciding, verifying.

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use countersign::domain::case::Case;
use countersign::domain::case::context::{Context, Departures, FirstAsks};
use countersign::domain::case::decide::decide;
use countersign::domain::content::ContentKind;
use countersign::domain::ids::{GroupId, StreamId};
use countersign::domain::journal::{Command, Event};
use countersign::domain::person::{Membership, Standing};
use countersign::domain::time::Span;
use countersign::store::Store;
use sha2::{Digest as _, Sha256};

use crate::database::Kind;
use crate::load::sent;
use crate::report::{Report, Spread, cells};
use crate::stage::{Bot, Stage};

/// Tickets of one round, and rounds.
const TICKETS: usize = 96;
const ROUNDS: usize = 3;
/// How often the pure parts run in one round.
const TIMES: u32 = 200;

/// Cases per second from the signed ticket to the question in billing's room, with `builtin`.
pub async fn cases(report: &mut Report) {
    report.part(
        "Cases through the whole flow",
        "Signed refund tickets go in sixteen at a time. Each is redacted, triaged, looked up on the stand-in for Stripe and on the \
         desk, drafted, tiered and shown in Slack's stand-in, all in this process and over loopback, with the model `builtin` and \
         the shipped policy (its limit of writes in a minute lifted). The clock stops when every question stands in its room and \
         nothing that is due is left.",
    );
    let mut table = vec![cells(&["database", "cases/s", "journal rows of a case"])];
    for kind in Kind::each() {
        let mut speeds = vec![];
        let mut rows = 0;
        for _ in 0..ROUNDS {
            let stage = Stage::set().await;
            let bot = stage.bot(&kind.fresh("flow").await).await;
            let took = stage.ask(&bot, TICKETS).await;
            speeds.push(TICKETS as f64 / took.as_secs_f64());
            rows = bot.engine.store().verify(&mut |_| {}).await.unwrap().rows;
            bot.end().await;
            kind.remove("flow").await;
        }
        let rows = rows as usize / TICKETS;
        table.push(vec![
            kind.name().to_owned(),
            Spread::of(speeds).digits(1),
            rows.to_string(),
        ]);
    }
    report.table(&table);
}

/// Folding and deciding, without a database.
pub async fn pure(report: &mut Report) {
    let kind = Kind::sqlite();
    let stage = Stage::set().await;
    let bot = stage.bot(&kind.fresh("pure").await).await;
    stage.ask(&bot, 1).await;
    let click = stage.clicks().remove(0);
    sent(bot.address, &Stage::secret(), Arc::new(vec![click]), 1).await;
    let store = bot.engine.store();
    let claimed = store
        .next_command("bench", bot.engine.time(), Span::seconds(60))
        .await
        .unwrap()
        .unwrap();
    let Command::Case { case: id, ask } = claimed.submission.command else {
        panic!("a click is said to a case");
    };
    let case = store.case(&id).await.unwrap().unwrap();
    let recorded = store.events(&id.stream()).await.unwrap();
    let events: Vec<_> = recorded
        .iter()
        .filter_map(|one| match &one.event {
            Event::Case(event) => Some((one.at, event)),
            Event::Board(_) => None,
        })
        .collect();
    let fold = micros(|| {
        let mut folded = Case::empty(id.clone());
        for (at, event) in &events {
            folded.apply(*at, event);
        }
        black_box(folded.seq);
    });
    let policy = bot.engine.policy();
    let ctx = Context {
        now: bot.engine.time(),
        installation: bot.engine.installation(),
        policy: &policy,
        asked_under: Some(&policy),
        pinned: true,
        paused: None,
        standing: Some(Standing {
            membership: Membership::Member,
            groups: vec![GroupId::new("S0BILLING1")],
            read_at: bot.engine.time(),
            source: "bench".into(),
            who: Some(bot.engine.seal(ContentKind::Standing, "{}").sealed),
        }),
        wrote_ticket: false,
        next_number: 0,
        first_asks: FirstAsks::default(),
        departures: Departures::default(),
    };
    assert!(
        decide(&case, ask.clone(), &ctx).is_ok(),
        "the click is approved"
    );
    let decide = micros(|| {
        black_box(decide(&case, ask.clone(), &ctx).is_ok());
    });
    let read = reading(store, &id).await;
    report.part(
        "Fold and decide",
        &format!("One case of {} events, and the click that approves its question. No database, but for the last row.", events.len()),
    );
    report.table(&[
        cells(&["what", "microseconds"]),
        vec!["fold the case from its events".to_owned(), fold.digits(1)],
        vec![
            "decide the click, with its subject digested anew".to_owned(),
            decide.digits(1),
        ],
        vec![
            "read the case from SQLite and fold it".to_owned(),
            read.digits(0),
        ],
    ]);
    bot.end().await;
}

fn micros(mut act: impl FnMut()) -> Spread {
    Spread::of((0..5).map(|_| {
        let began = Instant::now();
        for _ in 0..TIMES {
            act();
        }
        per_time(began.elapsed())
    }))
}

async fn reading(store: &Store, id: &countersign::domain::ids::CaseId) -> Spread {
    let mut rounds = vec![];
    for _ in 0..5 {
        let began = Instant::now();
        for _ in 0..TIMES {
            black_box(store.case(id).await.unwrap());
        }
        rounds.push(per_time(began.elapsed()));
    }
    Spread::of(rounds)
}

fn per_time(took: Duration) -> f64 {
    took.as_secs_f64() * 1_000_000.0 / f64::from(TIMES)
}

/// `audit verify` against SHA-256 over the same bytes.
pub async fn verify(report: &mut Report) {
    report.part(
        "`audit verify`",
        "Every row of the journal is read and hashed again, and every kept text is held against its commitment. The floor is one \
         SHA-256 over as many bytes in memory, in turns with it.",
    );
    let mut table = vec![cells(&["database", "MB/s", "SHA-256 alone, MB/s", "ratio"])];
    for kind in Kind::each() {
        let stage = Stage::set().await;
        let bot = stage.bot(&kind.fresh("audit").await).await;
        stage.ask(&bot, TICKETS).await;
        let bytes = bytes_of(&bot).await;
        let raw = vec![0x5a_u8; bytes];
        let megabytes = bytes as f64 / 1_000_000.0;
        let (mut ours, mut floor) = (vec![], vec![]);
        for _ in 0..5 {
            let began = Instant::now();
            let found = bot.engine.store().verify(&mut |_| {}).await.unwrap();
            ours.push(megabytes / began.elapsed().as_secs_f64());
            assert_eq!(found.first_bad, None);
            let began = Instant::now();
            black_box(Sha256::digest(&raw));
            floor.push(megabytes / began.elapsed().as_secs_f64());
        }
        let ratio = Spread::of(ours.iter().zip(&floor).map(|(ours, floor)| ours / floor));
        table.push(vec![
            kind.name().to_owned(),
            Spread::of(ours).digits(1),
            Spread::of(floor).digits(0),
            ratio.digits(3),
        ]);
        bot.end().await;
    }
    report.table(&table);
}

/// How many bytes a verification hashes: the bodies of the journal, and the texts.
async fn bytes_of(bot: &Bot) -> usize {
    let store = bot.engine.store();
    let page = countersign::store::Page {
        skip: 0,
        most: 10_000,
    };
    let cases = store
        .cases(&countersign::store::CaseFilter::default(), page)
        .await
        .unwrap();
    let mut streams: Vec<StreamId> = cases.iter().map(|line| line.case.stream()).collect();
    streams.push(StreamId::board());
    let mut bytes = 0;
    for stream in streams {
        for one in store.events(&stream).await.unwrap() {
            bytes += match &one.event {
                Event::Case(event) => serde_json_canonicalizer::to_vec(event).unwrap().len(),
                Event::Board(event) => serde_json_canonicalizer::to_vec(event).unwrap().len(),
            };
        }
        bytes += store
            .texts(&stream)
            .await
            .unwrap()
            .values()
            .map(String::len)
            .sum::<usize>();
    }
    bytes
}
