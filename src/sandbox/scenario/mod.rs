//! The demonstration: a dozen tickets with the books that belong to them.
//!
//! All names and companies are made up, all addresses are at example domains, and the one secret
//! that a customer pastes is put together at run time and says itself that it is none.

mod books;
mod texts;

use super::Sandbox;
use super::desk::ticket::NewTicket;
use super::stripe::StripeBooks;

/// Unix milliseconds as RFC 3339.
fn rfc3339(ms: i64) -> Option<String> {
    jiff::Timestamp::from_millisecond(ms)
        .ok()
        .map(|at| at.to_string())
}

fn ticket(id: &str, from: (&str, &str), subject: &str, body: String) -> NewTicket {
    NewTicket {
        id: id.to_owned(),
        email: from.0.to_owned(),
        name: from.1.to_owned(),
        subject: subject.to_owned(),
        body,
        url: Some(format!("https://helpdesk.example.com/tickets/{id}")),
        ..NewTicket::default()
    }
}

/// The tickets, in the order in which they are sent. `now` is unix milliseconds.
pub fn demo_tickets(now: i64) -> Vec<NewTicket> {
    let mut all = money();
    all.insert(0, outage());
    all.extend(others());
    let count = i64::try_from(all.len()).unwrap_or_default();
    for (index, ticket) in all.iter_mut().enumerate() {
        let minutes_ago = count - i64::try_from(index).unwrap_or_default();
        ticket.created_at = rfc3339(now - minutes_ago * 60_000);
    }
    all
}

/// The books that go with [`demo_tickets`]. `now` is unix milliseconds.
pub fn demo_books(now: i64) -> StripeBooks {
    books::of(now.div_euclid(1000))
}

fn outage() -> NewTicket {
    let from = ("platform@northwind.example.com", "Northwind platform team");
    let mut ticket = ticket(
        "T-1001",
        from,
        "URGENT: production down for all users, SSO returns 500",
        texts::OUTAGE.to_owned(),
    );
    ticket.queue = Some("enterprise".to_owned());
    ticket.tags = vec!["enterprise".to_owned()];
    ticket
}

fn money() -> Vec<NewTicket> {
    let mut german = ticket(
        "T-1007",
        ("buchhaltung@kontor.example.org", "Kontor Buchhaltung"),
        "Doppelt abgebucht",
        texts::GERMAN.to_owned(),
    );
    german.language = Some("de".to_owned());
    vec![
        ticket(
            "T-1002",
            ("june@studio.example.com", "June"),
            "Refund for the extra seat",
            texts::REFUND_30.to_owned(),
        ),
        ticket(
            "T-1003",
            ("ops@harbour.example.com", "Harbour operations"),
            "Refund of 180.00 USD for last month",
            texts::REFUND_180.to_owned(),
        ),
        ticket(
            "T-1004",
            ("finance@meridian.example.com", "Meridian finance"),
            "Please refund our annual renewal",
            texts::REFUND_900.to_owned(),
        ),
        ticket(
            "T-1005",
            ("sam@orchard.example.org", "Sam"),
            "Refund for charge ch_3DemoMeridian900",
            texts::SOMEBODY_ELSES.to_owned(),
        ),
        ticket(
            "T-1006",
            ("kim@lighthouse.example.com", "Kim"),
            "I want my money back",
            texts::CHARGEBACK.to_owned(),
        ),
        german,
    ]
}

fn others() -> Vec<NewTicket> {
    let mut injected = ticket(
        "T-1008",
        ("visitor@example.org", "Visitor"),
        "Question about my invoice",
        texts::INJECTION.to_owned(),
    );
    injected.tags = vec!["invoice".to_owned()];
    vec![
        injected,
        ticket(
            "T-1009",
            ("dev@harbour.example.com", "Harbour developer"),
            "401 from your API, key attached",
            texts::leaked_key(),
        ),
        ticket(
            "T-1010",
            ("alex@paperplane.example.com", "Alex"),
            "Cancel my account TODAY",
            texts::CANCELLATION.to_owned(),
        ),
        ticket(
            "T-1011",
            ("robin@studio.example.com", "Robin"),
            "Cannot get into my account",
            texts::PASSWORD.to_owned(),
        ),
        ticket(
            "T-1012",
            ("data@meridian.example.com", "Meridian data team"),
            "Nightly export stops half way, full log below",
            texts::long_one(),
        ),
        ticket(
            "T-1013",
            ("maya@orchard.example.org", "Maya"),
            "Dark mode for the dashboard?",
            texts::FEATURE.to_owned(),
        ),
    ]
}

impl Sandbox {
    /// Puts the demonstration's books into Stripe.
    pub fn load_demo_books(&self) {
        let books = demo_books(self.world.now());
        self.stripe(|held| *held = books);
    }

    /// The demonstration's tickets, dated by the sandbox's clock.
    pub fn demo_tickets(&self) -> Vec<NewTicket> {
        demo_tickets(self.world.now())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_ticket_is_its_own_and_comes_from_an_example_domain() {
        let all = demo_tickets(1_795_000_000_000);
        let ids: std::collections::BTreeSet<&str> =
            all.iter().map(|ticket| ticket.id.as_str()).collect();
        assert_eq!(ids.len(), 13);
        for ticket in &all {
            assert!(ticket.email.ends_with("example.com") || ticket.email.ends_with("example.org"));
            assert!(ticket.created_at.is_some());
        }
    }

    #[test]
    fn the_long_one_is_long_and_the_key_says_that_it_is_none() {
        let all = demo_tickets(1_795_000_000_000);
        let longest = all
            .iter()
            .map(|ticket| ticket.body.chars().count())
            .max()
            .unwrap();
        assert!((6_000..=8_000).contains(&longest), "{longest}");
        assert!(all.iter().any(|ticket| ticket.body.contains("NotARealKey")));
    }

    #[test]
    fn every_charge_has_its_customer() {
        let books = demo_books(1_795_000_000_000);
        for charge in &books.charges {
            assert!(
                books
                    .customers
                    .iter()
                    .any(|customer| customer.id == charge.customer)
            );
        }
    }
}
