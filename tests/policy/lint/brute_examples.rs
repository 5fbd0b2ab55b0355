//! The examples that the linter prints: a counter-example is covered by no tier, an overlap is held by both.

use countersign::domain::policy::lint::tiers::Finding;
use proptest::prelude::*;

use super::brute::{Input, Test, files, found, inputs};
use super::samples;

/// What an example leaves open may have any value.
#[derive(Clone, Debug, Default)]
struct Example {
    severity: Option<i64>,
    amount: Option<i64>,
    refunds: Option<i64>,
    category: Option<String>,
    chargeback: Option<bool>,
}

impl Example {
    /// Reads `severity 3, amount 5.01 USD, prior refunds 2, category bug, chargeback open: yes`.
    fn read(words: &str) -> Self {
        let mut example = Self::default();
        for part in words.split(", ").filter(|part| *part != "anything") {
            let after = |name: &str| part.strip_prefix(name).map(str::to_owned);
            if let Some(n) = after("severity ") {
                example.severity = Some(n.parse().unwrap());
            } else if let Some(sum) = after("amount ") {
                let digits: String = sum.chars().filter(char::is_ascii_digit).collect();
                example.amount = Some(digits.parse().unwrap());
            } else if let Some(n) = after("prior refunds ") {
                example.refunds = Some(n.parse().unwrap());
            } else if let Some(word) = after("category ") {
                example.category = Some(word);
            } else if let Some(word) = after("chargeback open: ") {
                example.chargeback = Some(word == "yes");
            } else {
                panic!("what is `{part}`?");
            }
        }
        example
    }

    /// Whether the input is one of those that it stands for. A category that is not tried here is like `how_to`.
    fn is(&self, input: &Input) -> bool {
        let category = self.category.as_deref().map(|word| match word {
            "bug" | "outage" => word,
            _ => "how_to",
        });
        self.severity.is_none_or(|n| n == input.severity)
            && self.amount.is_none_or(|n| Some(n) == input.amount)
            && self.refunds.is_none_or(|n| Some(n) == input.refunds)
            && category.is_none_or(|word| word == input.category)
            && self
                .chargeback
                .is_none_or(|truth| Some(truth) == input.chargeback)
    }
}

/// A mistake that the check of the examples makes on purpose: it wants something else of each.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Mistake {
    None,
    CoveredByTheLast,
    OverlapIsTheLaterAlone,
    AloneIsBoth,
}

/// What is not as an example says.
fn wrong(tiers: &[Vec<Test>], mistake: Mistake) -> Vec<String> {
    let inputs: Vec<Input> = inputs().into_iter().filter(Input::is_whole).collect();
    let holds = |i: usize, x: &Input| tiers[i].iter().all(|t| t.says(x) == Some(true));
    let mut wrong = Vec::new();
    let mut check = |words: &str, fits: &dyn Fn(&Input) -> bool| {
        let example = Example::read(words);
        let mut meant = inputs.iter().filter(|input| example.is(input)).peekable();
        if meant.peek().is_none() || !meant.all(fits) {
            wrong.push(format!("{words}: {tiers:?}"));
        }
    };
    for finding in found(tiers, None) {
        match finding {
            Finding::Uncovered { example } => check(&example, &|x| match mistake {
                Mistake::CoveredByTheLast => holds(tiers.len() - 1, x),
                _ => !(0..tiers.len()).any(|i| holds(i, x)),
            }),
            Finding::Overlap {
                earlier,
                later,
                both,
                alone,
            } => {
                check(&both, &|x| match mistake {
                    Mistake::OverlapIsTheLaterAlone => !holds(earlier, x) && holds(later, x),
                    _ => holds(earlier, x) && holds(later, x),
                });
                check(&alone, &|x| match mistake {
                    Mistake::AloneIsBoth => holds(earlier, x) && holds(later, x),
                    _ => holds(earlier, x) && !holds(later, x),
                });
            }
            Finding::Unreachable { .. } | Finding::Stopped { .. } => {}
        }
    }
    wrong
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_example_is_what_it_is_said_to_be(tiers in files()) {
        prop_assert_eq!(wrong(&tiers, Mistake::None), Vec::<String>::new());
    }
}

#[test]
fn each_planted_mistake_about_examples_is_noticed() {
    let all = samples(&files(), 60);
    for mistake in [
        Mistake::CoveredByTheLast,
        Mistake::OverlapIsTheLaterAlone,
        Mistake::AloneIsBoth,
    ] {
        assert!(
            all.iter().any(|tiers| !wrong(tiers, mistake).is_empty()),
            "{mistake:?}"
        );
    }
}
