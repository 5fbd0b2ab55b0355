//! The linter against an evaluator that shares nothing with it and tries every input.

use countersign::domain::approval::Tier;
use countersign::domain::draft::ActionKind;
use countersign::domain::evidence::{FactName, FactValue};
use countersign::domain::policy::conditions::{Condition, Op};
use countersign::domain::policy::lint::tiers::{Finding, findings};
use countersign::domain::policy::tiers::{Constraints, TierList, TierRule};
use countersign::domain::policy::ways::Way;
use proptest::prelude::*;

use super::samples;
use crate::support::usd;

/// One input. What is `None` is unknown.
#[derive(Clone, Copy, Debug)]
pub struct Input {
    pub severity: i64,
    pub amount: Option<i64>,
    pub refunds: Option<i64>,
    pub category: &'static str,
    pub chargeback: Option<bool>,
}

impl Input {
    pub fn is_whole(&self) -> bool {
        self.amount.is_some() && self.refunds.is_some() && self.chargeback.is_some()
    }
}

/// One condition, and what it says of an input by plain arithmetic.
#[derive(Clone, Debug)]
pub enum Test {
    Severity(Op, i64),
    Amount(Op, i64),
    Refunds(Op, i64),
    Category(Op, Vec<&'static str>),
    Chargeback(bool),
}

fn compares(op: Op, have: i64, wanted: i64) -> bool {
    match op {
        Op::Eq | Op::In | Op::Is => have == wanted,
        Op::Ne => have != wanted,
        Op::Lt => have < wanted,
        Op::Lte => have <= wanted,
        Op::Gt => have > wanted,
        Op::Gte => have >= wanted,
    }
}

impl Test {
    /// `None`: the input does not say.
    pub fn says(&self, input: &Input) -> Option<bool> {
        match self {
            Self::Severity(op, n) => Some(compares(*op, input.severity, *n)),
            Self::Amount(op, n) => Some(compares(*op, input.amount?, *n)),
            Self::Refunds(op, n) => Some(compares(*op, input.refunds?, *n)),
            Self::Category(Op::Ne, words) => Some(input.category != words[0]),
            Self::Category(_, words) => Some(words.contains(&input.category)),
            Self::Chargeback(wanted) => Some(input.chargeback? == *wanted),
        }
    }

    fn condition(&self) -> Condition {
        let number = |n: &i64| vec![FactValue::Number(*n)];
        let (fact, op, values) = match self {
            Self::Severity(op, n) => (FactName::Severity, *op, number(n)),
            Self::Amount(op, n) => (FactName::Amount, *op, vec![FactValue::Money(usd(*n))]),
            Self::Refunds(op, n) => (FactName::PriorRefunds, *op, number(n)),
            Self::Category(op, words) => {
                let values = words.iter().map(|w| FactValue::Word((*w).into()));
                (FactName::Category, *op, values.collect())
            }
            Self::Chargeback(truth) => {
                let values = vec![FactValue::Truth(*truth)];
                (FactName::ChargebackOpen, Op::Is, values)
            }
        };
        Condition { fact, op, values }
    }
}

/// What the walk does: the first tier that holds; the last as soon as something that is asked for is unknown, and
/// where nothing holds.
fn ends_in(tiers: &[Vec<Test>], input: &Input, mistake: Mistake) -> usize {
    for (i, tests) in tiers.iter().enumerate() {
        let said: Vec<Option<bool>> = tests.iter().map(|test| test.says(input)).collect();
        if said.contains(&None) && mistake == Mistake::UnknownGoesOn {
            continue;
        }
        if said.contains(&None) {
            break;
        }
        if !said.contains(&Some(false)) {
            return i;
        }
    }
    tiers.len() - 1
}

/// The verdict, without examples: a gap, tiers that are out of reach, tiers that are stopped, pairs that overlap.
type Verdict = (bool, Vec<usize>, Vec<usize>, Vec<(usize, usize)>);

/// A mistake that the evaluator makes on purpose.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Mistake {
    None,
    /// What is unknown is left to the next tier.
    UnknownGoesOn,
    /// The last tier takes what no tier holds for.
    LastCoversAll,
    /// The highest amount itself is too high.
    MostIsTooMuch,
    /// A tier that is a part of another one overlaps it.
    PartsOverlap,
}

fn by_trying(tiers: &[Vec<Test>], most: Option<i64>, mistake: Mistake) -> Verdict {
    let inputs = inputs();
    let whole: Vec<&Input> = inputs.iter().filter(|input| input.is_whole()).collect();
    let holds = |i: usize, input: &Input| tiers[i].iter().all(|t| t.says(input) == Some(true));
    let all = 0..tiers.len();
    let gap = whole
        .iter()
        .any(|input| !all.clone().any(|i| holds(i, input)))
        && mistake != Mistake::LastCoversAll;
    let (mut lost, mut stopped) = (Vec::new(), Vec::new());
    for i in all.clone() {
        let ending: Vec<&Input> = inputs
            .iter()
            .filter(|x| ends_in(tiers, x, mistake) == i)
            .collect();
        let some = whole.iter().any(|input| holds(i, input));
        let is_stopped = |input: &&&Input| {
            let over = input.amount.zip(most).is_some_and(|(sum, most)| {
                sum > most || (sum == most && mistake == Mistake::MostIsTooMuch)
            });
            input.chargeback == Some(true) || over
        };
        // What the conditions do not ask for may have any value, so that it stops nothing for sure.
        let asked = ending.iter().filter(|x| x.is_whole());
        if ending.is_empty() && some {
            lost.push(i);
        } else if !ending.is_empty() && i + 1 < tiers.len() && asked.clone().all(|x| is_stopped(&x))
        {
            stopped.push(i);
        }
    }
    let mut pairs = Vec::new();
    for later in all.clone() {
        for earlier in 0..later {
            let any = |one: bool, two: bool| {
                whole
                    .iter()
                    .any(|x| holds(earlier, x) == one && holds(later, x) == two)
            };
            let parts = mistake == Mistake::PartsOverlap;
            if any(true, true) && (parts || any(true, false)) && any(false, true) {
                pairs.push((earlier, later));
            }
        }
    }
    (gap, lost, stopped, pairs)
}

/// What the linter finds in these tiers of refunds.
pub fn found(tiers: &[Vec<Test>], most: Option<i64>) -> Vec<Finding> {
    let rule = |tests: &Vec<Test>| TierRule {
        tier: Tier::Medium,
        when: tests.iter().map(Test::condition).collect(),
        way: Way::ToRole,
    };
    let list = TierList {
        currency: Some(usd(1).currency),
        tiers: tiers.iter().map(rule).collect(),
        constraints: Constraints {
            max_amount: most.map(usd),
            refund_window_days: None,
        },
    };
    findings(ActionKind::Refund, &list, &[FactName::ChargebackOpen]).unwrap()
}

fn by_the_linter(tiers: &[Vec<Test>], most: Option<i64>) -> Verdict {
    let mut verdict: Verdict = (false, vec![], vec![], vec![]);
    for finding in found(tiers, most) {
        match finding {
            Finding::Uncovered { example } => {
                assert!(!example.is_empty());
                verdict.0 = true;
            }
            Finding::Unreachable { tier, behind } => {
                assert!(behind.iter().all(|b| *b != tier));
                verdict.1.push(tier);
            }
            Finding::Stopped { tier, .. } => verdict.2.push(tier),
            Finding::Overlap { earlier, later, .. } => verdict.3.push((earlier, later)),
        }
    }
    verdict
}

/// Every input in a range that goes beyond whatever is compared. `how_to` stands for all that is not named.
pub fn inputs() -> Vec<Input> {
    let counts = |to: i64, from: i64| std::iter::once(None).chain((from..=to).map(Some));
    let mut all = Vec::new();
    for severity in 1..=5 {
        for amount in counts(8, 1) {
            for refunds in counts(6, 0) {
                for category in ["bug", "outage", "how_to"] {
                    for chargeback in [None, Some(false), Some(true)] {
                        all.push(Input {
                            severity,
                            amount,
                            refunds,
                            category,
                            chargeback,
                        });
                    }
                }
            }
        }
    }
    all
}

fn test() -> impl Strategy<Value = Test> {
    let op = || proptest::sample::select(&[Op::Eq, Op::Ne, Op::Lt, Op::Lte, Op::Gt, Op::Gte]);
    let words = prop_oneof![
        Just(vec!["bug"]),
        Just(vec!["outage"]),
        Just(vec!["bug", "outage"])
    ];
    let named = proptest::sample::select(&[Op::Eq, Op::Ne, Op::In]);
    prop_oneof![
        (op(), 1_i64..=5).prop_map(|(op, n)| Test::Severity(op, n)),
        (op(), 0_i64..=6).prop_map(|(op, n)| Test::Amount(op, n)),
        (op(), 0_i64..=5).prop_map(|(op, n)| Test::Refunds(op, n)),
        (named, words).prop_map(|(op, words)| match op {
            Op::In => Test::Category(op, words),
            op => Test::Category(op, words[..1].to_vec()),
        }),
        any::<bool>().prop_map(Test::Chargeback),
    ]
}

/// Up to four tiers, each with up to three conditions; now and then the last one takes all.
pub fn files() -> impl Strategy<Value = Vec<Vec<Test>>> {
    let tier = proptest::collection::vec(test(), 1..=3);
    (proptest::collection::vec(tier, 1..=4), any::<bool>()).prop_map(|(mut tiers, all)| {
        if let (true, Some(last)) = (all, tiers.last_mut()) {
            last.clear();
        }
        tiers
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn the_linter_says_what_trying_every_input_says(
        tiers in files(), most in proptest::option::of(1_i64..=6)
    ) {
        prop_assert_eq!(by_the_linter(&tiers, most), by_trying(&tiers, most, Mistake::None));
    }
}

#[test]
fn each_planted_mistake_about_tiers_is_noticed() {
    let all = samples(&(files(), proptest::option::of(1_i64..=6)), 150);
    for mistake in [
        Mistake::UnknownGoesOn,
        Mistake::LastCoversAll,
        Mistake::MostIsTooMuch,
        Mistake::PartsOverlap,
    ] {
        let differs = |(tiers, most): &(Vec<Vec<Test>>, Option<i64>)| {
            by_the_linter(tiers, *most) != by_trying(tiers, *most, mistake)
        };
        assert!(all.iter().any(differs), "{mistake:?}");
    }
}
