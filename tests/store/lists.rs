//! What people and buttons read: cases, what waits for whom, views, cards, policies.

use countersign::domain::approval::Verb;
use countersign::domain::case::Stage;
use countersign::domain::digest::Digest;
use countersign::domain::ids::{CardId, ChannelId, RuleName, UserId, ViewId};
use countersign::store::{CaseFilter, CaseOrder, Headline, Page};

use crate::bed::on_each;
use crate::life::{Life, NOON};

const ALL: Page = Page { skip: 0, most: 50 };

#[tokio::test]
async fn lists_hold_what_they_are_asked_for() {
    on_each(async |bed| {
        Life::of(1, "The export is slow\nand more")
            .live_all(&bed.store, Verb::Reject)
            .await;
        let waiting = Life::of(2, "How do I add a seat");
        waiting.live(&bed.store, "read", &waiting.read()).await;
        waiting.live(&bed.store, "asked", &waiting.asked()).await;
        let drafting = Life::of(3, "Dark mode please");
        drafting.live(&bed.store, "read", &drafting.read()).await;
        let numbers = async |filter: &CaseFilter, page| {
            let lines = bed.store.cases(filter, page).await.unwrap();
            lines.iter().map(|line| line.number).collect::<Vec<_>>()
        };
        assert_eq!(numbers(&CaseFilter::default(), ALL).await, [3, 2, 1]);
        assert_eq!(
            numbers(&CaseFilter::default(), Page { skip: 1, most: 1 }).await,
            [2]
        );
        let open = CaseFilter {
            open: true,
            order: CaseOrder::DueFirst,
            ..CaseFilter::default()
        };
        assert_eq!(numbers(&open, ALL).await, [2, 3], "without a deadline last");
        let stage = CaseFilter {
            stage: Some(Stage::Waiting),
            ..CaseFilter::default()
        };
        assert_eq!(numbers(&stage, ALL).await, [2]);
        let line = bed.store.case_line(2).await.unwrap().unwrap();
        assert_eq!(line.headline.to_string(), "How do I add a seat");
        assert_eq!(
            (line.waiting_on.as_deref(), line.external.as_str()),
            (Some("batch_reviewers"), "2")
        );
        let first = bed.store.case_line(1).await.unwrap().unwrap();
        assert_eq!(
            (first.stage, first.headline.to_string().as_str()),
            (Stage::Done, "The export is slow")
        );
        assert_eq!(bed.store.case_line(9).await.unwrap(), None);
        let counts = bed.store.queue_counts().await.unwrap();
        assert_eq!(
            counts.stages.into_iter().collect::<Vec<_>>(),
            [(Stage::Drafting, 1), (Stage::Waiting, 1)]
        );
        assert_eq!(
            counts.rules.into_iter().collect::<Vec<_>>(),
            [(RuleName::new("batch_reviewers"), 1)]
        );
    })
    .await;
}

#[tokio::test]
async fn a_list_tells_what_was_not_read_yet_from_what_was_erased() {
    on_each(async |bed| {
        let life = Life::of(1, "How do I add a seat");
        let headline = async || {
            let line = bed.store.case_line(1).await.unwrap().unwrap();
            line.headline
        };
        let (received, rest) = (life.read()[..1].to_vec(), life.read()[1..].to_vec());
        life.live(&bed.store, "received", &received).await;
        assert_eq!(headline().await, Headline::NotRead);
        life.live(&bed.store, "read", &rest).await;
        let text = "How do I add a seat".to_owned();
        assert_eq!(headline().await, Headline::Text(text));
        bed.behind("UPDATE content SET text = NULL, erased_at = 5")
            .await
            .unwrap();
        assert_eq!(headline().await, Headline::Erased);
        assert_eq!(headline().await.to_string(), "(erased)");
    })
    .await;
}

#[tokio::test]
async fn a_request_waits_for_its_rule_and_its_people_until_it_is_decided() {
    on_each(async |bed| {
        let life = Life::of(1, "How do I add a seat");
        life.live(&bed.store, "read", &life.read()).await;
        life.live(&bed.store, "asked", &life.asked()).await;
        let (ours, theirs) = (
            RuleName::new("batch_reviewers"),
            RuleName::new("finance_lead"),
        );
        let lines = bed
            .store
            .waiting_for(std::slice::from_ref(&ours), None, ALL)
            .await
            .unwrap();
        assert_eq!(
            (lines.len(), &lines[0].request, lines[0].number),
            (1, &life.request(), 1)
        );
        assert!(
            bed.store
                .waiting_for(&[theirs], Some(&UserId::new("U9")), ALL)
                .await
                .unwrap()
                .is_empty()
        );
        let mine = bed
            .store
            .waiting_for(&[], Some(&UserId::new("U2")), ALL)
            .await
            .unwrap();
        assert_eq!(mine, lines);
        life.live(&bed.store, "decided", &life.decided(Verb::Approve))
            .await;
        assert!(
            bed.store
                .waiting_for(&[ours], Some(&UserId::new("U2")), ALL)
                .await
                .unwrap()
                .is_empty()
        );
    })
    .await;
}

#[tokio::test]
async fn a_button_finds_its_rendering_and_a_card_its_place() {
    on_each(async |bed| {
        let life = Life::of(1, "How do I add a seat");
        life.live(&bed.store, "read", &life.read()).await;
        life.live(&bed.store, "asked", &life.asked()).await;
        let view = bed.store.view(&life.shown().view).await.unwrap().unwrap();
        assert_eq!(
            (view.shown, view.case, view.at),
            (life.shown(), life.id.clone(), NOON)
        );
        let shown = bed.store.rendering(&life.shown().view).await.unwrap();
        assert_eq!(shown.as_deref(), Some("How do I add a seat"));
        assert_eq!(bed.store.view(&ViewId::new("v0")).await.unwrap(), None);
        let place = bed.store.card(&life.shown().card).await.unwrap();
        assert_eq!(place, Some((ChannelId::new("C1"), "1.0".to_owned())));
        assert_eq!(
            bed.store.card(&CardId::new("card.batch.2")).await.unwrap(),
            None
        );
    })
    .await;
}

#[tokio::test]
async fn policies_and_small_facts_are_kept() {
    on_each(async |bed| {
        let digest = Digest::of(b"policy");
        assert_eq!(bed.store.policy(&digest).await.unwrap(), None);
        bed.store
            .put_policy(&digest, "{\"a\":1}", NOON)
            .await
            .unwrap();
        bed.store
            .put_policy(&digest, "{\"a\":2}", NOON)
            .await
            .unwrap();
        assert_eq!(
            bed.store.policy(&digest).await.unwrap().as_deref(),
            Some("{\"a\":1}"),
            "the first stays"
        );
        assert_eq!(bed.store.recall("team").await.unwrap(), None);
        bed.store.remember("team", "T1", NOON).await.unwrap();
        bed.store.remember("team", "T2", NOON).await.unwrap();
        assert_eq!(
            bed.store.recall("team").await.unwrap(),
            Some(("T2".into(), NOON))
        );
    })
    .await;
}
