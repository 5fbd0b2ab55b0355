//! The customer whom a person linked: read by id alone, without any address, and only if Stripe bears it out.

use countersign::domain::evidence::Finding;
use countersign::domain::ids::CustomerId;
use countersign::ports::{PortError, Subject};
use serde_json::json;

use crate::stripe_fake::Fake;

async fn read(status: u16, body: &str) -> (Result<Vec<String>, PortError>, Vec<String>) {
    let fake = Fake::default();
    fake.raw("/v1/customers/cus_1", status, None, body);
    let connector = fake.connector().await;
    let asks = connector.linked(&CustomerId::new("cus_1"));
    assert_eq!(asks.len(), 1);
    let fetched = connector.fetch(&asks[0], &Subject::default()).await;
    let asked = fake.seen.lock().unwrap().clone();
    let next = fetched.map(|fetched| {
        assert!(matches!(&fetched.findings[..], [Finding::Customer { id, .. }] if id == "cus_1"));
        assert!(!fetched.body.contains("example.com"), "{}", fetched.body);
        let asks = fetched.next.iter();
        asks.map(|ask| format!("{} {}", ask.query, ask.subject.clone().unwrap()))
            .collect()
    });
    (next, asked)
}

#[tokio::test]
async fn a_linked_customer_is_read_by_id_and_no_address_is_sent() {
    let body = json!({"id": "cus_1", "object": "customer", "created": 1_690_000_000, "email": "pat@example.com"});
    let (next, asked) = read(200, &body.to_string()).await;
    assert_eq!(asked, ["GET /stripe/v1/customers/cus_1"]);
    assert_eq!(
        next.unwrap(),
        ["charges cus_1", "subscriptions cus_1", "invoices cus_1"]
    );
}

#[tokio::test]
async fn a_customer_who_is_not_there_is_deleted_or_is_another_is_no_customer() {
    let deleted = json!({"id": "cus_1", "object": "customer", "deleted": true}).to_string();
    let other = json!({"id": "cus_2", "object": "customer", "created": 1}).to_string();
    let list = json!({"object": "list", "data": []}).to_string();
    for (status, body, word) in [
        (404, "{}", "no such customer"),
        (200, &*deleted, "deleted"),
        (200, &*other, "another customer"),
    ] {
        let (read, _) = read(status, body).await;
        assert!(
            matches!(&read, Err(PortError::No { why }) if why.contains(word)),
            "{word}: {read:?}"
        );
    }
    let (read, _) = read(200, &list).await;
    assert!(matches!(read, Err(PortError::Again { .. })));
}

#[tokio::test]
async fn what_is_no_customer_id_is_no_question() {
    let connector = Fake::default().connector().await;
    for id in [
        "",
        "cus_",
        "ch_1",
        "cus_1/charges",
        "cus_1?expand[]=sources",
        "cus_..",
    ] {
        assert!(connector.linked(&CustomerId::new(id)).is_empty(), "{id}");
        assert!(!CustomerId::new(id).is_well_formed(), "{id}");
    }
}
