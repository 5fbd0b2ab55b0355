//! The Stripe side of the demonstration: who pays for what since when.

use super::super::stripe::StripeBooks;
use super::super::stripe::books::{Charge, Customer, Dispute, Invoice, Refund, Subscription};

const DAY: i64 = 86_400;

/// Customer id, address, name, days since they came, tier.
const CUSTOMERS: [(&str, &str, &str, i64, &str); 10] = [
    (
        "cus_DemoNorthwind",
        "platform@northwind.example.com",
        "Northwind",
        1_150,
        "enterprise",
    ),
    (
        "cus_DemoStudio",
        "june@studio.example.com",
        "June's studio",
        244,
        "standard",
    ),
    (
        "cus_DemoHarbour",
        "ops@harbour.example.com",
        "Harbour",
        732,
        "business",
    ),
    (
        "cus_DemoMeridian",
        "finance@meridian.example.com",
        "Meridian",
        741,
        "enterprise",
    ),
    (
        "cus_DemoOrchard",
        "sam@orchard.example.org",
        "Orchard",
        130,
        "standard",
    ),
    (
        "cus_DemoLighthouse",
        "kim@lighthouse.example.com",
        "Lighthouse",
        305,
        "standard",
    ),
    (
        "cus_DemoKontor",
        "buchhaltung@kontor.example.org",
        "Kontor",
        410,
        "standard",
    ),
    (
        "cus_DemoPaperplane",
        "alex@paperplane.example.com",
        "Paperplane",
        620,
        "business",
    ),
    (
        "cus_DemoRobin",
        "robin@studio.example.com",
        "Robin",
        200,
        "standard",
    ),
    (
        "cus_DemoMaya",
        "maya@orchard.example.org",
        "Maya",
        95,
        "standard",
    ),
];

/// Charge id, customer, minor units, currency, days since it was made, description.
const CHARGES: [(&str, &str, i64, &str, i64, &str); 14] = [
    (
        "ch_3DemoStudio30",
        "cus_DemoStudio",
        3_000,
        "usd",
        6,
        "Extra seat, monthly",
    ),
    (
        "ch_3DemoStudio12",
        "cus_DemoStudio",
        1_200,
        "usd",
        36,
        "Starter plan, monthly",
    ),
    (
        "ch_3DemoHarbour180",
        "cus_DemoHarbour",
        18_000,
        "usd",
        12,
        "Business plan, monthly",
    ),
    (
        "ch_3DemoHarbourMay",
        "cus_DemoHarbour",
        18_000,
        "usd",
        43,
        "Business plan, monthly",
    ),
    (
        "ch_3DemoHarbourOld",
        "cus_DemoHarbour",
        4_500,
        "usd",
        200,
        "Onboarding session",
    ),
    (
        "ch_3DemoMeridian900",
        "cus_DemoMeridian",
        90_000,
        "usd",
        9,
        "Enterprise plan, yearly renewal",
    ),
    (
        "ch_3DemoMeridianOld",
        "cus_DemoMeridian",
        90_000,
        "usd",
        374,
        "Enterprise plan, yearly",
    ),
    (
        "ch_3DemoOrchard20",
        "cus_DemoOrchard",
        2_000,
        "usd",
        15,
        "Starter plan, monthly",
    ),
    (
        "ch_3DemoLighthouse75",
        "cus_DemoLighthouse",
        7_500,
        "usd",
        28,
        "Team plan, monthly",
    ),
    (
        "ch_3DemoKontor49a",
        "cus_DemoKontor",
        4_900,
        "eur",
        3,
        "Team plan, monthly",
    ),
    (
        "ch_3DemoKontor49b",
        "cus_DemoKontor",
        4_900,
        "eur",
        3,
        "Team plan, monthly",
    ),
    (
        "ch_3DemoPaperplane60",
        "cus_DemoPaperplane",
        6_000,
        "usd",
        20,
        "Business plan, monthly",
    ),
    (
        "ch_3DemoNorthwind5k",
        "cus_DemoNorthwind",
        500_000,
        "usd",
        90,
        "Enterprise plan, yearly",
    ),
    (
        "ch_3DemoMaya12",
        "cus_DemoMaya",
        1_200,
        "usd",
        10,
        "Starter plan, monthly",
    ),
];

/// Subscription id, customer, plan, minor units, currency.
const SUBSCRIPTIONS: [(&str, &str, &str, i64, &str); 8] = [
    (
        "sub_1DemoNorthwind",
        "cus_DemoNorthwind",
        "Enterprise",
        500_000,
        "usd",
    ),
    ("sub_1DemoStudio", "cus_DemoStudio", "Starter", 1_200, "usd"),
    (
        "sub_1DemoHarbour",
        "cus_DemoHarbour",
        "Business",
        18_000,
        "usd",
    ),
    (
        "sub_1DemoMeridian",
        "cus_DemoMeridian",
        "Enterprise",
        90_000,
        "usd",
    ),
    (
        "sub_1DemoOrchard",
        "cus_DemoOrchard",
        "Starter",
        2_000,
        "usd",
    ),
    (
        "sub_1DemoLighthouse",
        "cus_DemoLighthouse",
        "Team",
        7_500,
        "usd",
    ),
    ("sub_1DemoKontor", "cus_DemoKontor", "Team", 4_900, "eur"),
    (
        "sub_1DemoPaperplane",
        "cus_DemoPaperplane",
        "Business",
        6_000,
        "usd",
    ),
];

/// The books at `now`, in unix seconds.
pub(super) fn of(now: i64) -> StripeBooks {
    StripeBooks {
        customers: customers(now),
        charges: charges(now),
        refunds: vec![Refund {
            id: "re_3DemoHarbourOld".to_owned(),
            charge: "ch_3DemoHarbourOld".to_owned(),
            amount: 4_500,
            created: now - 190 * DAY,
        }],
        disputes: vec![Dispute {
            id: "dp_1DemoLighthouse".to_owned(),
            charge: "ch_3DemoLighthouse75".to_owned(),
            amount: 7_500,
            status: "needs_response".to_owned(),
            created: now - 2 * DAY,
        }],
        invoices: invoices(now),
        subscriptions: subscriptions(now),
        fraud_warnings: Vec::new(),
    }
}

fn customers(now: i64) -> Vec<Customer> {
    let all = CUSTOMERS
        .iter()
        .map(|&(id, email, name, days, tier)| Customer {
            id: id.to_owned(),
            email: email.to_owned(),
            name: name.to_owned(),
            created: now - days * DAY,
            metadata: vec![("tier".to_owned(), tier.to_owned())],
        });
    all.collect()
}

fn charges(now: i64) -> Vec<Charge> {
    let all = CHARGES.iter().map(
        |&(id, customer, amount, currency, days, description)| Charge {
            id: id.to_owned(),
            customer: customer.to_owned(),
            amount,
            currency: currency.to_owned(),
            // The two charges that Kontor complains about are three minutes apart.
            created: now - days * DAY + if id.ends_with("49b") { 180 } else { 0 },
            description: description.to_owned(),
        },
    );
    all.collect()
}

fn invoices(now: i64) -> Vec<Invoice> {
    let numbered = CHARGES.iter().enumerate();
    let all = numbered.map(
        |(index, &(id, customer, total, currency, days, _))| Invoice {
            id: format!("in_1Demo{:04}", index + 1),
            customer: customer.to_owned(),
            charge: Some(id.to_owned()),
            total,
            currency: currency.to_owned(),
            status: "paid".to_owned(),
            created: now - days * DAY,
        },
    );
    all.collect()
}

fn subscriptions(now: i64) -> Vec<Subscription> {
    let all = SUBSCRIPTIONS
        .iter()
        .map(|&(id, customer, plan, amount, currency)| Subscription {
            id: id.to_owned(),
            customer: customer.to_owned(),
            status: "active".to_owned(),
            plan: plan.to_owned(),
            amount,
            currency: currency.to_owned(),
            created: now - 90 * DAY,
            current_period_end: now + 11 * DAY,
        });
    all.collect()
}
