//! The Stripe connector: whose evidence it brings, what it never asks, and how it fails.

use countersign::domain::evidence::{Charge, Finding};
use countersign::ports::{PortError, Subject};
use serde_json::{Value, json};

use crate::stripe_fake::{Fake, gather};

fn requester(mentions: &[&str]) -> Subject {
    Subject {
        email: Some("pat@example.com".into()),
        mentions: mentions.iter().map(|id| (*id).to_owned()).collect(),
        ticket: "T-1".into(),
    }
}

fn customer(id: &str) -> Value {
    json!({"id": id, "object": "customer", "created": 1_690_000_000, "email": "Pat@example.com",
           "metadata": {"tier": "enterprise"}, "address": {"city": "somewhere"}})
}

fn charge(id: &str, amount: i64) -> Value {
    json!({"id": id, "amount": amount, "amount_refunded": 0, "currency": "usd", "created": 1_700_000_000,
           "customer": "cus_1", "paid": true, "captured": true, "status": "succeeded", "disputed": false,
           "billing_details": {"name": "kept from everybody"}})
}

/// A customer with nothing else, to which a test adds.
fn fake(charges: &Value) -> Fake {
    let fake = Fake::default();
    fake.answers("/v1/customers", &json!([customer("cus_1")]))
        .answers("/v1/charges", charges)
        .answers("/v1/subscriptions", &json!([]))
        .answers("/v1/invoices", &json!([]));
    fake
}

fn charges_in(findings: &[Finding]) -> Vec<Charge> {
    let charge = |finding: &Finding| match finding {
        Finding::Charge(charge) => Some(charge.clone()),
        _ => None,
    };
    findings.iter().filter_map(charge).collect()
}

#[tokio::test]
async fn a_charge_is_found_whole_and_only_get_is_sent() {
    let mut mine = charge("ch_1", 18_000);
    mine["amount_refunded"] = json!(500);
    mine["disputed"] = json!(true);
    let fake = fake(&json!([mine]));
    fake.answers(
        "/v1/disputes",
        &json!([{"id": "dp_1", "charge": "ch_1", "amount": 18_000, "status": "won"}]),
    )
    .answers(
        "/v1/refunds",
        &json!([{"id": "re_1", "charge": "ch_1", "amount": 300, "status": "succeeded"},
                {"id": "re_2", "charge": "ch_1", "amount": 200, "status": "pending"},
                {"id": "re_3", "charge": "ch_1", "amount": 900, "status": "failed"},
                {"id": "re_4", "charge": "ch_other", "amount": 900, "status": "succeeded"}]),
    )
    .answers(
        "/v1/radar/early_fraud_warnings",
        &json!([{"id": "issfr_1", "charge": "ch_1", "fraud_type": "misc"}]),
    );
    let connector = fake.connector().await;
    let (findings, bodies) = gather(&*connector, &requester(&[])).await.unwrap();
    let found = charges_in(&findings);
    assert_eq!(found.len(), 1, "only the last answer states the charge");
    assert_eq!(found[0].refunded_minor, 500);
    assert_eq!(found[0].refunds, 2);
    assert!(!found[0].dispute_open && found[0].fraud_warning && found[0].paid);
    let Finding::Customer { tier, since, .. } = &findings[0] else {
        panic!("the customer comes first");
    };
    assert_eq!(
        (tier.as_deref(), since.0),
        (Some("enterprise"), 1_690_000_000_000)
    );
    let seen = fake.seen.lock().unwrap();
    assert!(
        seen.iter().all(|line| line.starts_with("GET /stripe/v1/")),
        "{seen:?}"
    );
    let all = bodies.concat();
    for private in ["kept from everybody", "somewhere", "example.com"] {
        assert!(!all.contains(private), "{private} is none of our business");
    }
}

#[tokio::test]
async fn a_charge_of_somebody_else_is_flagged_and_never_asked_for() {
    let fake = fake(&json!([charge("ch_1", 3_000)]));
    fake.answers("/v1/radar", &json!([]));
    let connector = fake.connector().await;
    let subject = requester(&["ch_strange"]);
    let (findings, bodies) = gather(&*connector, &subject).await.unwrap();
    assert!(findings.contains(&Finding::ForeignCharge));
    assert!(!bodies.concat().contains("ch_strange"));
    let seen = fake.seen.lock().unwrap();
    assert!(
        !seen.iter().any(|line| line.contains("ch_strange")),
        "{seen:?}"
    );
}

#[tokio::test]
async fn what_stripe_lists_for_somebody_else_is_not_taken() {
    let mut theirs = charge("ch_9", 90_000);
    theirs["customer"] = json!("cus_9");
    let fake = fake(&json!([theirs]));
    let connector = fake.connector().await;
    let (findings, bodies) = gather(&*connector, &requester(&["ch_9"])).await.unwrap();
    assert!(charges_in(&findings).is_empty());
    assert!(findings.contains(&Finding::ForeignCharge));
    assert!(!bodies.concat().contains("ch_9"));
}

#[tokio::test]
async fn without_a_single_customer_nothing_more_is_asked() {
    let mut other = customer("cus_2");
    other["email"] = json!("somebody@example.org");
    let mut gone = customer("cus_3");
    gone["deleted"] = json!(true);
    for (customers, count) in [
        (json!([]), 0),
        (json!([other]), 0),
        (json!([gone]), 0),
        (json!([customer("cus_1"), customer("cus_2")]), 2),
    ] {
        let fake = Fake::default();
        fake.answers("/v1/customers", &customers);
        let connector = fake.connector().await;
        let (findings, bodies) = gather(&*connector, &requester(&["ch_1"])).await.unwrap();
        assert_eq!(findings, [Finding::NoSingleCustomer { count }]);
        assert_eq!(fake.seen.lock().unwrap().len(), 1);
        assert!(!bodies[0].contains("cus_"), "{}", bodies[0]);
    }
}

#[tokio::test]
async fn an_address_that_nobody_verified_is_not_looked_up() {
    let fake = fake(&json!([]));
    let connector = fake.connector().await;
    let refused = gather(&*connector, &Subject::default()).await;
    assert!(matches!(refused, Err(PortError::No { why }) if why.contains("verified")));
    assert!(fake.seen.lock().unwrap().is_empty());
}

#[tokio::test]
async fn only_five_charges_are_looked_at_closely_and_named_ones_first() {
    let mut many: Vec<Value> = (10..20)
        .map(|n| {
            let mut one = charge(&format!("ch_{n}"), 1_000);
            one["created"] = json!(1_700_000_000 - n);
            one
        })
        .collect();
    many[3]["paid"] = json!(false);
    let fake = fake(&json!(many));
    fake.answers("/v1/disputes", &json!([]))
        .answers("/v1/refunds", &json!([]))
        .answers("/v1/radar", &json!([]));
    let connector = fake.connector().await;
    let (findings, _) = gather(&*connector, &requester(&["ch_19"])).await.unwrap();
    let mut ids: Vec<String> = charges_in(&findings)
        .iter()
        .map(|c| c.id.to_string())
        .collect();
    ids.sort();
    assert_eq!(ids, ["ch_10", "ch_11", "ch_12", "ch_14", "ch_19"]);
}

#[tokio::test]
async fn a_lost_dispute_leaves_less_to_refund_and_an_unknown_word_stays_open() {
    for (status, open, remaining) in [
        ("lost", false, 0),
        ("won", false, 1_000),
        ("under_review", true, 1_000),
        ("a_new_word", true, 1_000),
    ] {
        let mut mine = charge("ch_1", 1_000);
        mine["disputed"] = json!(true);
        let fake = fake(&json!([mine]));
        fake.answers(
            "/v1/disputes",
            &json!([{"id": "dp_1", "charge": "ch_1", "amount": 1_000, "status": status}]),
        )
        .answers("/v1/radar", &json!([]))
        .answers("/v1/refunds", &json!([]));
        let connector = fake.connector().await;
        let (findings, _) = gather(&*connector, &requester(&[])).await.unwrap();
        let found = &charges_in(&findings)[0];
        assert_eq!(
            (found.dispute_open, found.remaining().minor),
            (open, remaining),
            "{status}"
        );
    }
}

#[tokio::test]
async fn a_chain_that_breaks_leaves_the_charge_unknown() {
    let fake = fake(&json!([charge("ch_1", 1_000)]));
    fake.raw("/v1/radar", 403, None, "{}");
    let connector = fake.connector().await;
    let first = connector.first().remove(0);
    let fetched = connector.fetch(&first, &requester(&[])).await.unwrap();
    let charges = connector
        .fetch(&fetched.next[0], &requester(&[]))
        .await
        .unwrap();
    assert!(
        charges_in(&charges.findings).is_empty(),
        "nothing is said before all is known"
    );
    let refused = connector.fetch(&charges.next[0], &requester(&[])).await;
    assert!(matches!(refused, Err(PortError::No { why }) if why.contains("Radar")));
}

#[tokio::test]
async fn each_failure_says_whether_to_ask_again() {
    let again = |after: Option<i64>| (true, after);
    for (status, retry_after, body, expected, word) in [
        (429, Some("7"), "{}", again(Some(7_000)), "429"),
        (500, None, "{}", again(None), "500"),
        (503, None, "<html>", again(None), "503"),
        (401, None, "{}", (false, None), "does not accept the key"),
        (403, None, "{}", (false, None), "Customers: Read"),
        (404, None, "{}", (false, None), "404"),
        (302, None, "", (false, None), "base_url"),
        (200, None, "not json", again(None), "could not be read"),
        (200, None, "{\"data\": 1}", again(None), "could not be read"),
    ] {
        let fake = Fake::default();
        fake.raw("/v1/customers", status, retry_after, body);
        let connector = fake.connector().await;
        let (is_again, after, why) = match gather(&*connector, &requester(&[])).await {
            Err(PortError::Again { why, after }) => (true, after.map(|span| span.0), why),
            Err(PortError::No { why }) => (false, None, why),
            other => panic!("{status}: {:?}", other.err()),
        };
        assert_eq!((is_again, after), expected, "{status}");
        assert!(why.contains(word), "{status}: {why}");
        assert!(
            !why.contains("example.com") && !why.contains("127.0.0.1"),
            "{why}"
        );
    }
}

#[tokio::test]
async fn a_stripe_that_is_away_is_asked_again() {
    crate::install_tls();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let connector = crate::stripe_fake::connector(&format!("http://{address}"));
    let refused = gather(&*connector, &requester(&[])).await;
    assert!(matches!(refused, Err(PortError::Again { why, .. }) if why == "no connection"));
}
