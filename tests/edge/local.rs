//! Connector and desk against the local workspace, which shares no code with them.

use std::collections::BTreeMap;
use std::sync::Arc;

use countersign::adapters::desks::none::NoDesk;
use countersign::adapters::desks::webhook::WebhookDesk;
use countersign::adapters::outside::Base;
use countersign::domain::evidence::Finding;
use countersign::domain::ticket::TicketField;
use countersign::domain::time::At;
use countersign::domain::webhook::WebhookKey;
use countersign::ports::{Clock, Desk, DeskChange, DeskWrite, PortError, Subject};
use countersign::sandbox::{Fault, NewTicket, Sandbox, SandboxConfig, demo_books};

use crate::permit::permit;
use crate::stripe_fake::{connector, gather};

const NOW: i64 = 1_800_000_000;

struct Fixed;

impl Clock for Fixed {
    fn now(&self) -> At {
        At(NOW * 1_000)
    }
}

async fn sandbox() -> Sandbox {
    crate::install_tls();
    let clock = Arc::new(|| NOW * 1_000);
    let sandbox = Sandbox::start(SandboxConfig {
        clock,
        ..SandboxConfig::default()
    });
    let sandbox = sandbox.await.unwrap();
    let ticket = NewTicket {
        queue: Some("general".into()),
        ..NewTicket::plain("T-1", "pat@example.com", "Hello", "A question.")
    };
    sandbox.file_ticket(&ticket);
    sandbox
}

fn desk(sandbox: &Sandbox, secret: &str) -> WebhookDesk {
    let base = Base::parse(&sandbox.desk_url()).unwrap();
    WebhookDesk::open(base, WebhookKey::standard(secret).unwrap(), Arc::new(Fixed)).unwrap()
}

fn right() -> String {
    SandboxConfig::default().desk_secret
}

fn write(key: &str, change: DeskChange) -> DeskWrite {
    DeskWrite {
        key: key.into(),
        ticket: "T-1".into(),
        thread: None,
        change,
        expect_field: None,
        expect_last_comment: None,
    }
}

#[tokio::test]
async fn every_demonstration_customer_is_found_and_nothing_is_ever_written() {
    let sandbox = sandbox().await;
    let books = demo_books(NOW * 1_000);
    sandbox.stripe(|stripe| *stripe = books.clone());
    let connector = connector(&sandbox.stripe_url());
    let mut emails: BTreeMap<&str, u32> = BTreeMap::new();
    for customer in &books.customers {
        *emails.entry(customer.email.as_str()).or_default() += 1;
    }
    assert!(!emails.is_empty());
    for customer in &books.customers {
        let subject = Subject {
            email: Some(customer.email.clone()),
            mentions: vec!["ch_3NotAnybodys".into()],
            ticket: "T-1".into(),
        };
        let (findings, bodies) = gather(&*connector, &subject).await.unwrap();
        if emails[customer.email.as_str()] > 1 {
            assert!(
                matches!(findings[0], Finding::NoSingleCustomer { .. }),
                "{}",
                customer.id
            );
            continue;
        }
        let theirs: Vec<_> = books
            .charges
            .iter()
            .filter(|c| c.customer == customer.id)
            .collect();
        let mut found = 0;
        for finding in &findings {
            if let Finding::Charge(charge) = finding {
                let real = theirs.iter().find(|c| c.id == charge.id.as_str()).unwrap();
                assert_eq!((charge.amount.minor, charge.paid), (real.amount, true));
                assert_eq!(
                    charge.refunded_minor,
                    books.refunded(&real.id),
                    "{}",
                    real.id
                );
                let open = books
                    .disputes
                    .iter()
                    .any(|d| d.charge == real.id && d.status == "needs_response");
                assert_eq!(charge.dispute_open, open, "{}", real.id);
                found += 1;
            }
        }
        assert_eq!(found, theirs.len().min(5), "{}", customer.id);
        assert!(findings.contains(&Finding::ForeignCharge));
        assert!(!bodies.concat().contains(&customer.email));
    }
    assert_eq!(sandbox.violations(), [""; 0]);
}

#[tokio::test]
async fn stripe_away_and_limited_is_asked_again() {
    let sandbox = sandbox().await;
    let connector = connector(&sandbox.stripe_url());
    let subject = Subject {
        email: Some("pat@example.com".into()),
        ..Subject::default()
    };
    for (fault, after) in [
        (Fault::RateLimited { retry_after: 9 }, Some(9_000)),
        (Fault::ServerError, None),
        (Fault::LostAnswer, None),
    ] {
        sandbox.fault("stripe.customers", fault, 1);
        let refused = gather(&*connector, &subject).await;
        let Err(PortError::Again { after: said, .. }) = refused else {
            panic!("a read is asked again");
        };
        assert_eq!(said.map(|span| span.0), after);
    }
    let (findings, _) = gather(&*connector, &subject).await.unwrap();
    assert_eq!(findings, [Finding::NoSingleCustomer { count: 0 }]);
}

#[tokio::test]
async fn a_write_happens_once_however_often_it_is_sent() {
    let sandbox = sandbox().await;
    let desk = desk(&sandbox, &right());
    let note = write("c1.3.1", DeskChange::Note("A proposal.".into()));
    let first = desk.write(&permit(), &note).await.unwrap();
    let second = desk.write(&permit(), &note).await.unwrap();
    assert_eq!(first, second);
    assert_eq!(sandbox.writes().len(), 1);
    assert_eq!(sandbox.writes()[0].document["text"], "A proposal.");
    assert_eq!(desk.look_up(&note).await.unwrap(), Some(first));
}

#[tokio::test]
async fn a_lost_answer_is_unknown_until_it_is_looked_up() {
    let sandbox = sandbox().await;
    let desk = desk(&sandbox, &right());
    let reply = write("c1.4.1", DeskChange::Reply("Dear customer".into()));
    assert_eq!(desk.look_up(&reply).await.unwrap(), None);
    sandbox.fault("desk.writes", Fault::LostAnswer, 1);
    let lost = desk.write(&permit(), &reply).await;
    assert!(matches!(lost, Err(PortError::Unknown { .. })), "{lost:?}");
    assert!(desk.look_up(&reply).await.unwrap().is_some());
    assert_eq!(sandbox.writes().len(), 1);
    sandbox.fault("desk.writes", Fault::ServerError, 1);
    let unsure = desk
        .write(&permit(), &write("c1.5.1", DeskChange::Label("a".into())))
        .await;
    assert!(
        matches!(unsure, Err(PortError::Unknown { .. })),
        "{unsure:?}"
    );
    sandbox.fault("desk.writes", Fault::RateLimited { retry_after: 4 }, 1);
    let busy = desk
        .write(&permit(), &write("c1.6.1", DeskChange::Label("a".into())))
        .await;
    assert!(matches!(busy, Err(PortError::Again { after: Some(span), .. }) if span.0 == 4_000));
}

#[tokio::test]
async fn a_moved_target_is_not_written_and_the_prior_value_is_kept() {
    let sandbox = sandbox().await;
    let desk = desk(&sandbox, &right());
    let state = desk.read("T-1").await.unwrap().unwrap();
    assert_eq!(state.fields[&TicketField::Queue], "general");
    let mut assign = write("c1.7.1", DeskChange::Queue("billing".into()));
    assign.expect_field = Some((TicketField::Queue, Some("general".into())));
    assign
        .expect_last_comment
        .clone_from(&state.last_public_comment);
    sandbox.customer_writes_unheard("T-1", "One more thing.");
    let moved = desk.write(&permit(), &assign).await;
    assert!(matches!(moved, Err(PortError::No { why }) if why.starts_with("target moved")));
    assert_eq!(sandbox.writes().len(), 0);
    assign.expect_last_comment = desk.read("T-1").await.unwrap().unwrap().last_public_comment;
    assign.key = "c1.8.1".into();
    let done = desk.write(&permit(), &assign).await.unwrap();
    assert_eq!(done.prior.as_deref(), Some("general"));
    assert_eq!(
        desk.read("T-1").await.unwrap().unwrap().fields[&TicketField::Queue],
        "billing"
    );
}

#[tokio::test]
async fn an_unknown_ticket_and_a_wrong_secret_are_final() {
    let sandbox = sandbox().await;
    let mut elsewhere = write("c1.9.1", DeskChange::Note("x".into()));
    elsewhere.ticket = "T-404/../T-1".into();
    let desk_here = desk(&sandbox, &right());
    let unknown = desk_here.write(&permit(), &elsewhere).await;
    assert!(matches!(unknown, Err(PortError::No { why }) if why.contains("does not know")));
    assert!(matches!(
        desk_here.read("T-404").await,
        Err(PortError::No { .. })
    ));
    let stranger = desk(
        &sandbox,
        concat!("whsec_", "YW5vdGhlci1kZXNrLXNlY3JldC0wMDAwMDE="),
    );
    let refused = stranger
        .write(&permit(), &write("c1.9.2", DeskChange::Note("x".into())))
        .await;
    assert!(matches!(refused, Err(PortError::No { why }) if why.contains("secret")));
    assert_eq!(sandbox.writes().len(), 0);
}

#[tokio::test]
async fn a_desk_that_cannot_be_written_to_says_what_a_person_does() {
    let note = write("c1.1.1", DeskChange::Reply("x".into()));
    let refused = NoDesk.write(&permit(), &note).await;
    assert!(matches!(refused, Err(PortError::No { why }) if why.contains("mark it sent")));
    assert_eq!(NoDesk.read("T-1").await.unwrap(), None);
    assert!(matches!(
        NoDesk.look_up(&note).await,
        Err(PortError::No { .. })
    ));
}
