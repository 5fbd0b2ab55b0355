//! Similar decided cases: found by word, ranked alike on both databases.

use std::sync::Mutex;

use countersign::domain::approval::Verb;
use countersign::domain::draft::ActionKind;
use countersign::domain::ids::CaseId;
use countersign::store::Store;

use crate::bed::on_each;
use crate::life::Life;

const TICKETS: &[(&str, Verb)] = &[
    (
        "The nightly export to the warehouse is slow since the update",
        Verb::Approve,
    ),
    (
        "Our export fails with an error after ten minutes",
        Verb::Edit,
    ),
    ("How do I add a seat for a colleague?", Verb::Approve),
    ("Größe der Rechnung im Export ist falsch", Verb::Reject),
    (
        "The dashboard is slow on Mondays, please help with the dashboard",
        Verb::Approve,
    ),
    ("Please add dark mode to the dashboard", Verb::Reject),
];

async fn numbers(store: &Store, text: &str) -> Vec<u64> {
    let none = CaseId::new("c0");
    let faces = store
        .similar(text, ActionKind::NotifyCustomer, &none, 3)
        .await
        .unwrap();
    faces.iter().map(|face| face.number).collect()
}

#[tokio::test]
async fn both_databases_find_the_same_cases_in_the_same_order() {
    let seen: Mutex<Vec<Vec<Vec<u64>>>> = Mutex::default();
    on_each(async |bed| {
        for (n, (text, verb)) in TICKETS.iter().enumerate() {
            Life::of(n as u64 + 1, text)
                .live_all(&bed.store, *verb)
                .await;
        }
        let asked = [
            "the export is slow",
            "EXPORT! grosse Rechnung, größe?",
            "add a seat",
            "dashboard slow on monday's dashboard",
            "'; DROP TABLE examples; -- \" OR export* NEAR(x) & | ! :",
            "nothing of the kind",
            "the and of",
            "",
        ];
        let mut found = vec![];
        for text in asked {
            found.push(numbers(&bed.store, text).await);
        }
        assert_eq!(
            found[0],
            [1, 5, 4],
            "two words first, then the rarer one, then the one in a shorter text"
        );
        assert_eq!(found[1][0], 4, "accents and case do not matter");
        assert_eq!(found[2], [3, 6]);
        assert_eq!(found[3][0], 5);
        assert_eq!(
            found[4].len(),
            3,
            "operators of a query language are only text"
        );
        assert!(found[5..].iter().all(Vec::is_empty));
        seen.lock().unwrap().push(found);
    })
    .await;
    let seen = seen.into_inner().unwrap();
    assert!(seen.windows(2).all(|pair| pair[0] == pair[1]), "{seen:?}");
}

#[tokio::test]
async fn an_example_says_what_was_proposed_and_what_became_of_it() {
    on_each(async |bed| {
        for (n, (text, verb)) in TICKETS.iter().enumerate() {
            Life::of(n as u64 + 1, text)
                .live_all(&bed.store, *verb)
                .await;
        }
        let first = Life::of(1, TICKETS[0].0).id;
        let faces = bed
            .store
            .similar("export", ActionKind::NotifyCustomer, &first, 9)
            .await
            .unwrap();
        let said: Vec<_> = faces
            .iter()
            .map(|face| (face.number, face.outcome.as_str()))
            .collect();
        assert_eq!(
            said,
            [(4, "rejected"), (2, "edited")],
            "the case itself is left out"
        );
        assert_eq!(faces[1].proposed, "reply to the customer");
        assert_eq!(
            faces[1].headline,
            "Our export fails with an error after ten minutes"
        );
        assert!(
            bed.store
                .similar("export", ActionKind::Refund, &first, 9)
                .await
                .unwrap()
                .is_empty()
        );
        let second = Life::of(2, TICKETS[1].0).id;
        assert_eq!(bed.store.forget_examples(&second).await.unwrap(), 1);
        assert!(!numbers(&bed.store, "export").await.contains(&2));
    })
    .await;
}
