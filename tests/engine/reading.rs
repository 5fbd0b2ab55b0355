//! What the contract lets the agent read, and what becomes of a case where nothing may be applied.

use std::sync::atomic::Ordering;

use countersign::adapters::models::builtin::NAME;

use crate::bed::{Bed, Change};

const CONTRACT: &str = "contract.json";

/// How often Stripe and the desk were asked about a refund.
async fn reads(changes: &[Change<'_>]) -> (usize, usize) {
    let bed = Bed::under(changes).await;
    let body = "Please refund my last payment of 30.00 USD, I was charged twice for ch_3AbCdEf.";
    bed.ticket("1", "Refund", body).await;
    bed.settle().await;
    let stripe = bed.stripe.0.load(Ordering::SeqCst);
    (stripe, bed.desk.reads.load(Ordering::SeqCst))
}

#[tokio::test]
async fn a_source_is_asked_only_when_the_contract_allows_it() {
    let (stripe, desk) = reads(&[]).await;
    assert!(stripe > 0 && desk > 0, "{stripe} {desk}");
    let (stripe, desk) = reads(&[(CONTRACT, "\"stripe.read\", ", "")]).await;
    assert!(stripe == 0 && desk > 0, "{stripe} {desk}");
    let (stripe, desk) = reads(&[(CONTRACT, "\"tickets.read\", ", "")]).await;
    assert!(stripe > 0 && desk == 0, "{stripe} {desk}");
    let no_list: Change = (CONTRACT, "\"stripe.read\", ", "");
    let denied: Change = (CONTRACT, "\"deny\": [", "\"deny\": [\"stripe.read\", ");
    assert_eq!(reads(&[no_list, denied]).await.0, 0);
}

/// How many questions were put to people, drafts kept as proposals, and writes made about one ticket.
async fn course(changes: &[Change<'_>]) -> (usize, usize, usize) {
    let bed = Bed::under(changes).await;
    let id = bed.question("1").await;
    bed.settle().await;
    let case = bed.case(&id).await;
    let declined = case.drafts.iter().filter(|draft| draft.declined.is_some());
    (case.requests.len(), declined.count(), bed.writes())
}

#[tokio::test]
async fn classify_only_quarantine_and_blocked_categories_ask_nobody_and_write_nothing() {
    let (asked, declined, writes) = course(&[]).await;
    assert!(asked > 0 && declined == 0 && writes > 0);
    let model = format!("\"quarantine\": [\"{NAME}\"]");
    let family = NAME.split(' ').next().unwrap().to_uppercase();
    let family = format!("\"quarantine\": [\"{family}\"]");
    let bed = Bed::under(&[]).await;
    let id = bed.question("1").await;
    bed.settle().await;
    let prompt_digest = bed.case(&id).await.prompts[0].to_string();
    let prompt = format!("\"quarantine\": [\"{prompt_digest}\"]");
    let flips: [Change; 5] = [
        (CONTRACT, "propose_only", "classify_only"),
        (CONTRACT, "\"quarantine\": []", &model),
        (CONTRACT, "\"quarantine\": []", &family),
        (CONTRACT, "\"quarantine\": []", &prompt),
        (
            CONTRACT,
            "\"block_categories\": []",
            "\"block_categories\": [\"how_to\"]",
        ),
    ];
    let upper = format!("\"quarantine\": [\"{}\"]", prompt_digest.to_uppercase());
    let other = format!("\"quarantine\": [\"{NAME}0\", \"{}\"]", "0".repeat(64));
    let shouted: Change = (CONTRACT, "\"quarantine\": []", &upper);
    assert_eq!(course(&[shouted]).await.0, 0, "a digest in capitals");
    let elsewhere: Change = (CONTRACT, "\"quarantine\": []", &other);
    assert!(
        course(&[elsewhere]).await.0 > 0,
        "another number and another prompt"
    );
    for flip in flips {
        let (asked, declined, writes) = course(&[flip]).await;
        assert!(
            asked == 0 && declined > 0 && writes == 0,
            "{flip:?}: {asked} {declined} {writes}"
        );
    }
}
