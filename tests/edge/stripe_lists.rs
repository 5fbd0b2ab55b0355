//! Long lists of Stripe: what is beyond a page, or beyond what is looked at, never makes anything look better.

use std::sync::Arc;

use countersign::domain::evidence::{Charge, Finding};
use countersign::ports::{Connector, Subject};
use countersign::sandbox::{Sandbox, SandboxConfig, books};

use crate::stripe_fake::{connector, gather};

const DAY: i64 = 86_400;
const FIRST: i64 = 1_700_000_000;

/// The stand-in for Stripe with one customer who has so many charges, a day apart, and another with one.
async fn with_charges(count: i64) -> (Sandbox, Arc<dyn Connector>) {
    crate::install_tls();
    let sandbox = Sandbox::start(SandboxConfig::default()).await.unwrap();
    let customer = |id: &str, email: &str| books::Customer {
        id: id.into(),
        email: email.into(),
        created: FIRST,
        ..books::Customer::default()
    };
    let charge = |id: String, customer: &str, n: i64| books::Charge {
        id,
        customer: customer.into(),
        amount: 1_000,
        currency: "usd".into(),
        created: FIRST + n * DAY,
        description: "Plan".into(),
    };
    let mut charges: Vec<books::Charge> = (1..=count)
        .map(|n| charge(format!("ch_mine{n}"), "cus_1", n))
        .collect();
    charges.push(charge("ch_theirs".into(), "cus_2", 1));
    sandbox.stripe(|books| {
        *books = books::StripeBooks {
            customers: vec![
                customer("cus_1", "pat@example.com"),
                customer("cus_2", "kim@example.com"),
            ],
            charges,
            ..books::StripeBooks::default()
        };
    });
    let connector = connector(&sandbox.stripe_url());
    (sandbox, connector)
}

fn requester(mentions: &[&str]) -> Subject {
    Subject {
        email: Some("pat@example.com".into()),
        mentions: mentions.iter().map(|id| (*id).to_owned()).collect(),
        ticket: "T-1".into(),
    }
}

fn refund(n: usize, charge: &str, amount: i64) -> books::Refund {
    books::Refund {
        id: format!("re_{n}"),
        charge: charge.into(),
        amount,
        created: FIRST + 200 * DAY,
    }
}

fn dispute(n: usize, charge: &str) -> books::Dispute {
    books::Dispute {
        id: format!("dp_{n}"),
        charge: charge.into(),
        amount: 1_000,
        status: "won".into(),
        created: FIRST + 200 * DAY,
    }
}

async fn found(connector: &dyn Connector, mentions: &[&str]) -> Vec<Finding> {
    gather(connector, &requester(mentions)).await.unwrap().0
}

fn charge<'a>(found: &'a [Finding], id: &str) -> Option<&'a Charge> {
    found.iter().find_map(|finding| match finding {
        Finding::Charge(charge) if charge.id.as_str() == id => Some(charge),
        _ => None,
    })
}

#[tokio::test]
async fn a_named_charge_is_confirmed_by_its_id_however_many_charges_the_customer_has() {
    for count in [1, 6, 35, 130, 350] {
        let (sandbox, connector) = with_charges(count).await;
        let found = found(&*connector, &["ch_mine1"]).await;
        assert!(charge(&found, "ch_mine1").is_some(), "{count} charges");
        assert!(
            !found.contains(&Finding::ForeignCharge),
            "{count} charges: the requester's own is not foreign"
        );
        assert!(sandbox.violations().is_empty());
    }
}

#[tokio::test]
async fn a_charge_of_somebody_else_and_one_that_does_not_exist_are_told_apart_by_nothing() {
    let (_sandbox, connector) = with_charges(130).await;
    let mut answers = vec![];
    for named in ["ch_theirs", "ch_nowhere"] {
        let all = found(&*connector, &[named]).await;
        assert!(all.contains(&Finding::ForeignCharge), "{named}");
        assert!(charge(&all, named).is_none(), "{named}");
        let subject = requester(&[named]);
        let who = connector.fetch(&connector.first()[0], &subject).await;
        let list = connector.fetch(&who.unwrap().next[0], &subject).await;
        let mut next = list.unwrap().next;
        next.retain(|ask| ask.query == "named_charge");
        assert_eq!(next.len(), 1, "one question about {named}");
        let fetched = connector.fetch(&next[0], &subject).await.unwrap();
        assert!(fetched.next.is_empty() && !fetched.body.contains(named));
        answers.push((fetched.bytes, fetched.body, fetched.findings));
    }
    assert_eq!(answers[0], answers[1]);
}

#[tokio::test]
async fn charges_with_trouble_are_told_of_even_where_they_are_not_looked_at() {
    let (sandbox, connector) = with_charges(35).await;
    sandbox.stripe(|books| {
        books.refunds.push(refund(1, "ch_mine2", 400));
        books.refunds.push(refund(2, "ch_mine34", 400));
        books.disputes.push(dispute(1, "ch_mine3"));
    });
    let all = found(&*connector, &[]).await;
    let told = all.iter().find_map(|finding| match finding {
        Finding::Charges {
            count,
            more,
            refunded,
            disputed,
        } => Some((*count, *more, refunded.clone(), disputed.clone())),
        _ => None,
    });
    let (count, more, mut refunded, disputed) = told.unwrap();
    refunded.sort();
    assert_eq!((count, more), (35, false));
    let ids: Vec<&str> = refunded.iter().map(|id| id.as_str()).collect();
    assert_eq!(ids, ["ch_mine2", "ch_mine34"]);
    assert_eq!(disputed.len(), 1);
    assert!(charge(&all, "ch_mine2").is_none() && charge(&all, "ch_mine34").is_some());
    let (_sandbox, connector) = with_charges(101).await;
    let cut = found(&*connector, &[]).await;
    assert!(
        cut.iter()
            .any(|one| matches!(one, Finding::Charges { more: true, .. }))
    );
}

#[tokio::test]
async fn refunds_and_disputes_that_cannot_be_counted_leave_the_charge_unknown() {
    for (refunds, disputes, counted) in [
        (30, 0, Some(30)),
        (100, 0, Some(100)),
        (101, 0, None),
        (0, 30, Some(0)),
        (0, 101, None),
    ] {
        let (sandbox, connector) = with_charges(35).await;
        sandbox.stripe(|books| {
            books.refunds = (0..refunds).map(|n| refund(n, "ch_mine9", 1)).collect();
            books.disputes = (0..disputes).map(|n| dispute(n, "ch_mine9")).collect();
        });
        let found = found(&*connector, &["ch_mine9"]).await;
        let seen = charge(&found, "ch_mine9").map(|charge| charge.refunds);
        assert_eq!(seen, counted, "{refunds} refunds, {disputes} disputes");
        assert!(!found.contains(&Finding::ForeignCharge));
    }
}

#[tokio::test]
async fn subscriptions_beyond_a_page_are_told_of() {
    for (count, more) in [(1, false), (100, false), (101, true)] {
        let (sandbox, connector) = with_charges(1).await;
        sandbox.stripe(|books| {
            books.subscriptions = (0..count)
                .map(|n| books::Subscription {
                    id: format!("sub_{n}"),
                    customer: "cus_1".into(),
                    status: if n == 0 { "active" } else { "canceled" }.into(),
                    plan: "Plan".into(),
                    amount: 1_000,
                    currency: "usd".into(),
                    created: FIRST,
                    current_period_end: FIRST + 30 * DAY,
                })
                .collect();
        });
        let found = found(&*connector, &[]).await;
        assert_eq!(
            found.contains(&Finding::MoreSubscriptions),
            more,
            "{count} subscriptions"
        );
    }
}
