//! The demonstration's books, through the connector that the product reads Stripe with.

use countersign::adapters::evidence::{ConnectorKind, ConnectorSettings, open};
use countersign::adapters::outside::Base;
use countersign::domain::evidence::Finding;
use countersign::domain::ids::SourceName;
use countersign::ports::Subject;
use countersign::sandbox::{Sandbox, SandboxConfig};
use secrecy::SecretString;

/// Asks as the engine does, until nothing is asked any more.
async fn findings(sandbox: &Sandbox, email: &str, mentions: &[&str]) -> Vec<Finding> {
    let connector = open(ConnectorSettings {
        name: SourceName::new("stripe"),
        kind: ConnectorKind::Stripe,
        base: Base::parse(&sandbox.stripe_url()).unwrap(),
        key: SecretString::from("rk_sandbox"),
    })
    .unwrap();
    let subject = Subject {
        ticket: "T-1".to_owned(),
        email: Some(email.to_owned()),
        mentions: mentions.iter().map(|&id| id.to_owned()).collect(),
    };
    let (mut asks, mut found) = (connector.first(), Vec::new());
    while let Some(ask) = asks.pop() {
        let fetched = connector.fetch(&ask, &subject).await.unwrap();
        found.extend(fetched.findings);
        asks.extend(fetched.next);
    }
    found
}

async fn demo() -> Sandbox {
    let sandbox = Sandbox::start(SandboxConfig::default()).await.unwrap();
    sandbox.load_demo_books();
    sandbox
}

#[tokio::test]
async fn every_refund_of_the_demonstration_has_the_charge_that_its_ticket_names() {
    let sandbox = demo().await;
    for (email, charge, minor, disputed) in [
        ("june@studio.example.com", "ch_3DemoStudio30", 3_000, false),
        (
            "ops@harbour.example.com",
            "ch_3DemoHarbour180",
            18_000,
            false,
        ),
        (
            "finance@meridian.example.com",
            "ch_3DemoMeridian900",
            90_000,
            false,
        ),
        (
            "kim@lighthouse.example.com",
            "ch_3DemoLighthouse75",
            7_500,
            true,
        ),
        (
            "buchhaltung@kontor.example.org",
            "ch_3DemoKontor49b",
            4_900,
            false,
        ),
    ] {
        let found = findings(&sandbox, email, &[charge]).await;
        let named = found.iter().find_map(|finding| match finding {
            Finding::Charge(found) if found.id.as_str() == charge => Some(found),
            _ => None,
        });
        let named = named.unwrap_or_else(|| panic!("{charge} was not found for {email}"));
        assert_eq!(
            (named.amount.minor, named.dispute_open),
            (minor, disputed),
            "{charge}"
        );
    }
    assert!(sandbox.violations().is_empty());
}

#[tokio::test]
async fn somebody_elses_charge_yields_a_flag_and_nothing_more() {
    let sandbox = demo().await;
    let found = findings(
        &sandbox,
        "sam@orchard.example.org",
        &["ch_3DemoMeridian900"],
    )
    .await;
    assert!(
        found
            .iter()
            .any(|finding| matches!(finding, Finding::ForeignCharge))
    );
    let shown = found.iter().any(|finding| matches!(finding, Finding::Charge(charge) if charge.id.as_str() == "ch_3DemoMeridian900"));
    assert!(!shown);
}
