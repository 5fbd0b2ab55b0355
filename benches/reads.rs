//! What people read, at a thousand and at a million cases: the same reads on two databases, in turns.

use std::hint::black_box;
use std::time::Instant;

use countersign::domain::draft::ActionKind;
use countersign::domain::ids::{CaseId, RuleName, UserId};
use countersign::domain::time::At;
use countersign::store::{CaseFilter, CaseOrder, Page, Store};

use crate::database::Kind;
use crate::report::{Report, Spread, cells};
use crate::seed::{FEW, MANY, OPEN, seeded};

const ROUNDS: usize = 9;
const TIMES: u32 = 20;
const PAGE: Page = Page { skip: 0, most: 11 };

/// The reads, with the words for each.
const READS: [&str; 6] = [
    "status: what is open, and what the machine has to do",
    "queue: the first open cases by deadline",
    "mine: what waits for me and for my rules",
    "one case by its number",
    "similar decided cases, for a text of common words",
    "similar decided cases, for a text of rare words",
];

/// Measures on each database.
pub async fn measured(report: &mut Report) {
    report.part(
        "Reads that a person waits for",
        &format!(
            "Two databases with {OPEN} open cases each, the one with {FEW} closed cases and the other with {MANY}, their requests, decided \
             drafts, texts, commands and effects, written by SQL. Milliseconds, median over {ROUNDS} rounds of {TIMES} reads, warm; \
             the ratio is of the large one to the small one in the same round."
        ),
    );
    for kind in Kind::each() {
        let few = Store::open(&seeded(&kind, "few", FEW).await).await.unwrap();
        let many = Store::open(&seeded(&kind, "many", MANY).await)
            .await
            .unwrap();
        let mut table = vec![cells(&[kind.name(), "at 1,000", "at 1,000,000", "ratio"])];
        for (which, words) in READS.iter().enumerate() {
            let (mut small, mut large) = (vec![], vec![]);
            for _ in 0..ROUNDS {
                small.push(timed(&few, which).await);
                large.push(timed(&many, which).await);
            }
            let ratio = Spread::of(large.iter().zip(&small).map(|(large, small)| large / small));
            table.push(vec![
                (*words).to_owned(),
                Spread::of(small).digits(2),
                Spread::of(large).digits(2),
                ratio.digits(2),
            ]);
        }
        report.table(&table);
        few.close().await;
        many.close().await;
        kind.remove("few").await;
        kind.remove("many").await;
    }
}

async fn timed(store: &Store, which: usize) -> f64 {
    read(store, which).await;
    let began = Instant::now();
    for _ in 0..TIMES {
        read(store, which).await;
    }
    began.elapsed().as_secs_f64() * 1_000.0 / f64::from(TIMES)
}

async fn read(store: &Store, which: usize) {
    let similar = async |words: &str| {
        let found = store
            .similar(words, ActionKind::Refund, &CaseId::new("none"), 3)
            .await
            .unwrap();
        assert_eq!(found.len(), 3);
        black_box(found);
    };
    match which {
        0 => {
            let open = store.queue_counts().await.unwrap();
            assert_eq!(open.stages.values().sum::<u64>(), OPEN);
            black_box(store.pending_counts(At(1_800_000_000_000)).await.unwrap());
            black_box(store.board().await.unwrap());
        }
        1 => {
            let filter = CaseFilter {
                open: true,
                order: CaseOrder::DueFirst,
                ..CaseFilter::default()
            };
            assert_eq!(store.cases(&filter, PAGE).await.unwrap().len(), 11);
        }
        2 => {
            let rules = [RuleName::new("billing_reviewers")];
            let me = UserId::new("U1");
            assert_eq!(
                store
                    .waiting_for(&rules, Some(&me), PAGE)
                    .await
                    .unwrap()
                    .len(),
                11
            );
        }
        3 => assert!(store.case_line(17).await.unwrap().is_some()),
        4 => {
            similar("seldom1 seldom2 refund charge invoice payment card customer wrong twice").await
        }
        _ => similar("seldom17 seldom444 seldom1023 seldom1999").await,
    }
}
