//! What must not be missed before a decision: each caution, and a case that has none.

use countersign::domain::card::Texts;
use countersign::domain::case::face::{Lens, request_face};
use countersign::domain::caution::Caution;
use countersign::domain::evidence::{Charge, Finding};
use countersign::domain::ids::RuleName;
use countersign::domain::verdict::{Category, Signal};

use crate::support::*;

fn cautions(world: &World) -> Vec<Caution> {
    let (texts, people) = (Texts::new(), |rule: &RuleName| rule.to_string());
    let lens = Lens {
        texts: &texts,
        similar: &[],
        people: &people,
    };
    let newest = world.newest_id();
    request_face(&world.case, &newest, lens).unwrap().cautions
}

/// A reply that waits, in a case with this charge and these words in it.
fn asked(verified: bool, signals: Vec<Signal>, charge: Charge) -> World {
    World::shipped()
        .opened(verified, None)
        .read(signals)
        .triaged(Category::HowTo, 2)
        .gathered(charge)
        .drafted(vec![reply("here is how")])
}

/// The same with one more finding.
fn found(finding: Finding) -> Vec<Caution> {
    let mut world = asked(true, vec![], charge());
    let mut evidence = world.case.evidence[0].clone();
    evidence.findings = vec![finding];
    world.case.evidence.push(evidence);
    cautions(&world)
}

#[test]
fn an_ordinary_case_has_no_caution() {
    assert_eq!(cautions(&asked(true, vec![], charge())), []);
    assert_eq!(cautions(&World::asking_refund(policy(&[]), 18_000)), []);
}

#[test]
fn each_caution_comes_from_what_was_found() {
    assert_eq!(
        cautions(&asked(false, vec![], charge())),
        [Caution::Unvouched]
    );
    assert_eq!(
        cautions(&asked(true, vec![Signal::Instruction], charge())),
        [Caution::GivesOrders]
    );
    assert_eq!(found(Finding::ForeignCharge), [Caution::ForeignCharge]);
    assert_eq!(
        found(Finding::NoSingleCustomer { count: 0 }),
        [Caution::NoCustomer]
    );
    assert_eq!(
        found(Finding::NoSingleCustomer { count: 2 }),
        [Caution::SeveralCustomers]
    );
}

#[test]
fn a_disputed_and_a_suspicious_charge_are_cautions_of_their_own() {
    let about = |charge: Charge| {
        let world = World::shipped()
            .opened(true, None)
            .read(vec![Signal::Money])
            .triaged(Category::RefundRequest, 2)
            .gathered(charge)
            .drafted(vec![refund(18_000)]);
        let draft = world.case.drafts.last().unwrap();
        let (escalation, _) = world.case.escalations.last().unwrap();
        assert_eq!(escalation.draft.as_ref(), Some(&draft.draft.id));
        let (texts, people) = (Texts::new(), |rule: &RuleName| rule.to_string());
        let lens = Lens {
            texts: &texts,
            similar: &[],
            people: &people,
        };
        let face =
            countersign::domain::case::face::escalation_face(&world.case, &escalation.id, lens);
        face.unwrap().cautions
    };
    let disputed = Charge {
        dispute_open: true,
        ..charge()
    };
    assert_eq!(about(disputed), [Caution::ChargebackOpen]);
    let suspicious = Charge {
        fraud_warning: true,
        ..charge()
    };
    assert_eq!(about(suspicious), [Caution::FlaggedAsFraud]);
}

#[test]
fn each_caution_has_words_of_its_own() {
    let words: std::collections::BTreeSet<&str> =
        Caution::ALL.iter().map(|caution| caution.words()).collect();
    assert_eq!(words.len(), Caution::ALL.len());
}
