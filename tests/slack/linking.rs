//! The window in which somebody says which customer asked, and the cards that say on whose word it rests.

use std::collections::BTreeMap;

use countersign::domain::card::{Body, IdentityFace};
use countersign::domain::ids::CustomerId;
use countersign::slack::blocks::compose;
use countersign::slack::blocks::limits::view_problems;
use countersign::slack::modals::link;
use countersign::slack::verbs::{Token, Verb};

use crate::cards::{buttons, read};
use crate::samples::{batch, card, escalation, named, person, refund};

fn linked() -> Option<IdentityFace> {
    Some(IdentityFace::Linked {
        customer: CustomerId::new("cus_Sample01"),
        by: person("U0BILL0001"),
        words: "Called back on the number in their contract".into(),
    })
}

fn needed() -> Option<IdentityFace> {
    Some(IdentityFace::Needed {
        reason: "The source does not vouch for who asked, so nothing was looked up.".into(),
    })
}

#[test]
fn the_window_asks_for_customer_and_sentence_and_warns() {
    let value = format!("link_customer.v{}.{}", "a1".repeat(12), "0f".repeat(16));
    let token = Token::parse(&value).unwrap();
    let view = link::view(&token);
    assert!(view_problems(&view).is_empty());
    assert_eq!(view["private_metadata"], value);
    insta::assert_snapshot!("link_modal", serde_json::to_string_pretty(&view).unwrap());
}

#[test]
fn what_is_missing_is_said_at_its_field() {
    let filled = |customer: &str, why: &str| {
        link::read(&BTreeMap::from([
            ("customer".to_owned(), customer.to_owned()),
            ("why".to_owned(), why.to_owned()),
        ]))
    };
    let (customer, words) = filled(" cus_Sample01 ", "Called back").unwrap();
    assert_eq!(
        (customer.as_str(), &*words),
        ("cus_Sample01", "Called back")
    );
    for (customer, why, fields) in [
        ("ch_1", "Called back", vec!["customer"]),
        ("cus_Sample01", "  ", vec!["why"]),
        ("", "", vec!["customer", "why"]),
    ] {
        let errors = filled(customer, why).unwrap_err();
        assert_eq!(errors.keys().collect::<Vec<_>>(), fields);
    }
}

#[test]
fn only_an_open_escalation_of_somebody_unknown_has_the_button() {
    let has = |identity: Option<IdentityFace>, resolved: bool| {
        let mut face = escalation(1, "");
        face.case.identity = identity;
        face.resolved = resolved.then(|| (person("U0BILL0001"), face.escalation.since));
        let composed = compose(&card(Body::Escalation(Box::new(face))));
        let all = buttons(&composed);
        all.iter()
            .any(|(_, token)| token.verb == Verb::LinkCustomer)
    };
    assert!(has(needed(), false));
    assert!(!has(needed(), true) && !has(linked(), false) && !has(None, false));
}

#[test]
fn every_card_of_a_linked_case_says_on_whose_word() {
    let mut row = refund(1, "");
    let mut direct = named(2, "");
    let mut given = escalation(3, "");
    for case in [&mut row.case, &mut direct.case, &mut given.case] {
        case.identity = linked();
        case.requester_verified = false;
    }
    let cards = [
        batch(vec![row]),
        card(Body::Approver(Box::new(direct.clone()))),
        card(Body::Status(Box::new(direct))),
        card(Body::Escalation(Box::new(given))),
    ];
    for one in cards {
        let text = read(&compose(&one));
        assert!(text.contains("Linked to "), "{text}");
        assert!(text.contains("cus_Sample01"), "{text}");
        assert!(text.contains("does not vouch for the requester"), "{text}");
    }
}
