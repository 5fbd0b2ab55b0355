//! Cells: no input is left out, and none is told apart that the conditions do not tell apart.

use countersign::domain::draft::ActionKind;
use countersign::domain::evidence::{Fact, FactName, FactValue, Facts};
use countersign::domain::policy::conditions::{Condition, Op, Outcome, provenance_of};
use countersign::domain::policy::lint::cells::{Grid, MAX_CELLS};
use countersign::domain::verdict::Category;
use proptest::prelude::*;

use crate::support::usd;

fn number(fact: FactName, op: Op, n: i64) -> Condition {
    let values = vec![FactValue::Number(n)];
    Condition { fact, op, values }
}

fn words(fact: FactName, op: Op, words: &[&str]) -> Condition {
    let values = words.iter().map(|w| FactValue::Word((*w).into())).collect();
    Condition { fact, op, values }
}

fn amount(op: Op, minor: i64) -> Condition {
    let values = vec![FactValue::Money(usd(minor))];
    let fact = FactName::Amount;
    Condition { fact, op, values }
}

fn examples(action: ActionKind, conditions: &[Condition]) -> Vec<String> {
    let grid = Grid::over(Some(action), conditions).unwrap();
    grid.cells().map(|cell| cell.example()).collect()
}

fn ranges(action: ActionKind, conditions: &[Condition]) -> Vec<String> {
    let grid = Grid::over(Some(action), conditions).unwrap();
    grid.cells().map(|cell| cell.ranges()).collect()
}

#[test]
fn thresholds_part_an_amount_and_it_may_be_unknown() {
    let conditions = [amount(Op::Lte, 5_000), amount(Op::Gt, 50_000)];
    assert_eq!(
        examples(ActionKind::Refund, &conditions),
        [
            "amount 50.00 USD",
            "amount 50.01 USD",
            "amount 500.01 USD",
            "amount unknown"
        ]
    );
    assert_eq!(
        ranges(ActionKind::Refund, &conditions),
        [
            "amount up to 50.00 USD",
            "amount from 50.01 USD to 500.00 USD",
            "amount from 500.01 USD",
            "amount unknown"
        ]
    );
    // What a credit is worth is never confirmed.
    assert_eq!(
        examples(ActionKind::Credit, &conditions),
        ["amount unknown"]
    );
}

#[test]
fn words_part_into_those_that_are_named_and_all_others() {
    let queue = words(FactName::Queue, Op::In, &["vip", "other"]);
    assert_eq!(
        ranges(ActionKind::Assign, std::slice::from_ref(&queue)),
        ["queue other or vip", "queue other than other or vip"]
    );
    let conditions = [queue, words(FactName::Queue, Op::Eq, &["vip"])];
    assert_eq!(
        examples(ActionKind::Assign, &conditions),
        ["queue other", "queue vip", "queue other than other or vip"]
    );
    let category = words(FactName::Category, Op::Ne, &["bug"]);
    assert_eq!(
        ranges(ActionKind::Assign, &[category]),
        ["category other than bug", "category bug"]
    );
    let both = words(FactName::Category, Op::In, &["bug", "outage"]);
    let grid = Grid::over(None, &[both]).unwrap();
    assert_eq!(grid.len(), 2);
}

#[test]
fn what_an_action_is_has_one_value_and_is_never_unknown() {
    let condition = Condition {
        fact: FactName::Reversible,
        op: Op::Is,
        values: vec![FactValue::Truth(true)],
    };
    let conditions = [condition, number(FactName::BlastRadius, Op::Gt, 1)];
    assert_eq!(
        examples(ActionKind::AddLabel, &conditions),
        ["blast radius 1, reversible: yes"]
    );
    assert_eq!(
        examples(ActionKind::PageOncall, &conditions),
        ["blast radius 1, reversible: no"]
    );
    // Without an action each may be anything, and nothing at all.
    assert_eq!(Grid::over(None, &conditions).unwrap().len(), 2 * 3);
}

#[test]
fn the_ends_of_a_scale_have_nothing_beyond_them() {
    let all = [
        number(FactName::Severity, Op::Gte, 1),
        number(FactName::Severity, Op::Lte, 5),
    ];
    assert_eq!(ranges(ActionKind::AddLabel, &all), ["any severity"]);
    let ends = [
        number(FactName::Severity, Op::Lt, 2),
        number(FactName::Severity, Op::Eq, 5),
    ];
    assert_eq!(
        ranges(ActionKind::AddLabel, &ends),
        ["severity 1", "severity from 2 to 4", "severity 5"]
    );
    assert_eq!(
        examples(ActionKind::AddLabel, &ends),
        ["severity 1", "severity 2", "severity 5"]
    );
}

#[test]
fn without_conditions_there_is_one_cell_and_too_many_are_not_looked_at() {
    let grid = Grid::over(Some(ActionKind::Refund), &[]).unwrap();
    assert_eq!((grid.len(), grid.is_empty()), (1, false));
    assert_eq!(grid.cells().next().unwrap().example(), "anything");
    let mut conditions: Vec<Condition> = Vec::new();
    for at in 0..30 {
        conditions.push(number(FactName::CustomerMonths, Op::Eq, at * 2));
        conditions.push(number(FactName::Confidence, Op::Eq, at * 2));
        conditions.push(amount(Op::Eq, at * 2 + 1));
    }
    let refused = Grid::over(Some(ActionKind::Refund), &conditions).unwrap_err();
    assert!(refused.cells > MAX_CELLS, "{refused}");
}

fn any_condition() -> impl Strategy<Value = Condition> {
    let compared = proptest::sample::select(&[Op::Eq, Op::Ne, Op::Lt, Op::Lte, Op::Gt, Op::Gte]);
    let named = proptest::sample::select(&[Op::Eq, Op::Ne, Op::In]);
    let category = proptest::sample::subsequence(Category::ALL, 1..4);
    prop_oneof![
        (compared.clone(), 1_i64..=5).prop_map(|(op, n)| number(FactName::Severity, op, n)),
        (compared.clone(), 0_i64..=6).prop_map(|(op, n)| number(FactName::PriorRefunds, op, n)),
        (compared, 0_i64..=9).prop_map(|(op, n)| amount(op, n)),
        (named, category).prop_map(|(op, set)| {
            let set: Vec<&str> = set.iter().map(|c| c.word()).collect();
            let most = if op == Op::In { set.len() } else { 1 };
            words(FactName::Category, op, &set[..most])
        }),
    ]
}

/// Every value of the four facts in a range that goes beyond what is compared.
fn everything() -> Vec<Facts> {
    let fact = |name: FactName, value: FactValue| {
        let provenance = provenance_of(name);
        let evidence = None;
        Fact {
            value,
            provenance,
            evidence,
        }
    };
    let mut all = Vec::new();
    for severity in 1..=5 {
        for refunds in std::iter::once(None).chain((0..=8).map(Some)) {
            for minor in std::iter::once(None).chain((1..=11).map(Some)) {
                for category in Category::ALL {
                    let mut facts = Facts::new();
                    let mut put = |name: FactName, value: FactValue| {
                        facts.insert(name, fact(name, value));
                    };
                    put(FactName::Severity, FactValue::Number(severity));
                    put(FactName::Category, FactValue::Word(category.word().into()));
                    if let Some(refunds) = refunds {
                        put(FactName::PriorRefunds, FactValue::Number(refunds));
                    }
                    if let Some(minor) = minor {
                        put(FactName::Amount, FactValue::Money(usd(minor)));
                    }
                    all.push(facts);
                }
            }
        }
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_input_is_answered_as_the_example_of_some_cell(
        conditions in proptest::collection::vec(any_condition(), 0..6)
    ) {
        let grid = Grid::over(Some(ActionKind::Refund), &conditions).unwrap();
        let answers = |facts: &Facts| -> Vec<Outcome> {
            conditions.iter().map(|c| c.against(facts)).collect()
        };
        let cells: Vec<Vec<Outcome>> = grid.cells().map(|c| answers(&c.facts())).collect();
        for facts in everything() {
            prop_assert!(cells.contains(&answers(&facts)), "{facts:?}");
        }
    }
}
