//! The rules of `escalation.json` against an evaluator that tries every case: which never count, and who has what.

use std::collections::BTreeSet;

use countersign::domain::draft::ActionKind;
use countersign::domain::escalation::Role;
use countersign::domain::evidence::Facts;
use countersign::domain::policy::Policy;
use countersign::domain::policy::escalation::Matter;
use countersign::domain::verdict::{Category, Severity, Signal};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::samples;
use crate::support::{lines, set, shipped, verdict};

/// One rule before the last.
#[derive(Clone, Debug)]
struct Rule {
    /// One of these categories, or none of them.
    categories: Option<(bool, Vec<Category>)>,
    /// At least this, or at most this.
    severity: Option<(bool, u8)>,
    signals: Vec<Signal>,
    role: Role,
}

/// One case.
#[derive(Clone, Debug)]
struct Case {
    kind: Option<ActionKind>,
    severity: u8,
    category: Category,
    signals: Vec<Signal>,
}

/// A mistake that the evaluator makes on purpose.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Mistake {
    None,
    LastRuleWins,
    EverySignalIsWanted,
    OneConditionIsEnough,
    OffByOne,
    ManifestBeforeTheCode,
    MoneyBeforeABreach,
    OutageBeforeSignIn,
    HiddenByOneAlone,
}

impl Rule {
    fn json(&self) -> Value {
        let mut when = json!({});
        match &self.categories {
            Some((true, all)) => when["category_in"] = all.iter().map(|c| c.word()).collect(),
            Some((false, all)) => when["category_ne"] = json!(all[0].word()),
            None => {}
        }
        match self.severity {
            Some((true, n)) => when["severity_gte"] = json!(n),
            Some((false, n)) => when["severity_lte"] = json!(n),
            None => {}
        }
        if !self.signals.is_empty() {
            when["signals_in"] = self.signals.iter().map(|s| s.word()).collect();
        }
        json!({ "when": when, "assign_to_role": self.role.word() })
    }

    fn holds(&self, case: &Case, mistake: Mistake) -> bool {
        let category = self.categories.as_ref().map(|(within, all)| match within {
            true => all.contains(&case.category),
            false => case.category != all[0],
        });
        let severity = self.severity.map(|(least, n)| match (least, mistake) {
            (true, Mistake::OffByOne) => case.severity > n,
            (true, _) => case.severity >= n,
            (false, _) => case.severity <= n,
        });
        let mut seen = self
            .signals
            .iter()
            .map(|signal| case.signals.contains(signal));
        let signal = (!self.signals.is_empty()).then(|| match mistake {
            Mistake::EverySignalIsWanted => seen.all(|one| one),
            _ => seen.any(|one| one),
        });
        let said: Vec<bool> = [category, severity, signal].into_iter().flatten().collect();
        match mistake {
            Mistake::OneConditionIsEnough => said.contains(&true),
            _ => !said.contains(&false),
        }
    }
}

/// Who has a case whatever the manifest says.
fn by_the_code(case: &Case, mistake: Mistake) -> Option<Role> {
    let seen = |signal| case.signals.contains(&signal);
    let is = |category, signal| case.category == category || seen(signal);
    let about_money = [
        Category::RefundRequest,
        Category::DisputedCharge,
        Category::BillingQuestion,
        Category::Cancellation,
    ];
    let money = about_money.contains(&case.category);
    let outage = case.category == Category::Outage;
    let sign_in = is(Category::AccountAccess, Signal::AuthFailure);
    if case.kind == Some(ActionKind::Refund) || (money && mistake == Mistake::MoneyBeforeABreach) {
        return Some(Role::Billing);
    }
    let breach = is(Category::SecurityIncident, Signal::SuspectedBreach);
    if breach || is(Category::DataDeletion, Signal::DataDeletion) {
        return Some(Role::Security);
    }
    if money {
        return Some(Role::Billing);
    }
    let many = seen(Signal::Outage) && seen(Signal::ManyAffected);
    if outage || many || (seen(Signal::Outage) && mistake == Mistake::OutageBeforeSignIn) {
        return Some(Role::Infra);
    }
    if sign_in {
        return Some(Role::Security);
    }
    seen(Signal::Outage).then_some(Role::Infra)
}

/// The rule that a case comes to; the one behind all of them takes what is left.
fn first(rules: &[Rule], case: &Case, mistake: Mistake) -> usize {
    let mut holding = (0..rules.len()).filter(|i| rules[*i].holds(case, mistake));
    let found = match mistake {
        Mistake::LastRuleWins => holding.next_back(),
        _ => holding.next(),
    };
    found.unwrap_or(rules.len())
}

fn role_of(rules: &[Rule], case: &Case, mistake: Mistake) -> Role {
    let own = |at: usize| rules.get(at).map_or(Role::SupportL1, |rule| rule.role);
    let at = first(rules, case, mistake);
    if mistake == Mistake::ManifestBeforeTheCode && at < rules.len() {
        return own(at);
    }
    by_the_code(case, mistake).unwrap_or_else(|| own(at))
}

/// Every case: all severities, categories and sets of these signals.
fn cases(signals: &[Signal]) -> Vec<Case> {
    let mut all = Vec::new();
    for kind in [None, Some(ActionKind::Refund), Some(ActionKind::AddLabel)] {
        for severity in 1..=5 {
            for category in Category::ALL.iter().copied() {
                for set in 0..1_usize << signals.len() {
                    let seen = signals
                        .iter()
                        .enumerate()
                        .filter(|(at, _)| set >> at & 1 == 1);
                    let signals = seen.map(|(_, signal)| *signal).collect();
                    all.push(Case {
                        kind,
                        severity,
                        category,
                        signals,
                    });
                }
            }
        }
    }
    all
}

/// The words that a rule names in vain, because the code has them: what is refused before anything else.
fn fixed(rules: &[Rule]) -> BTreeSet<&'static str> {
    let alone = |category, signals: &[Signal]| Case {
        kind: None,
        severity: 1,
        category,
        signals: signals.to_vec(),
    };
    let named = rules
        .iter()
        .filter_map(|rule| rule.categories.as_ref())
        .filter(|(within, _)| *within);
    let categories = named
        .flat_map(|(_, all)| all)
        .filter(|c| by_the_code(&alone(**c, &[]), Mistake::None).is_some());
    let signals = rules.iter().flat_map(|rule| &rule.signals);
    let signals =
        signals.filter(|s| by_the_code(&alone(Category::Other, &[**s]), Mistake::None).is_some());
    categories
        .map(|c| c.word())
        .chain(signals.map(|s| s.word()))
        .collect()
}

/// The numbers of the rules that hold for some case which no rule of the code has, and that none ever comes to.
fn hidden(rules: &[Rule], mistake: Mistake) -> BTreeSet<usize> {
    let free = [Signal::SecretPosted, Signal::ManyAffected];
    let cases = cases(&free).into_iter().filter(|case| case.kind.is_none());
    let code = |case: &Case| {
        mistake != Mistake::ManifestBeforeTheCode && by_the_code(case, mistake).is_some()
    };
    let cases: Vec<Case> = cases.filter(|case| !code(case)).collect();
    let behind = |i: usize| {
        // The last one takes whatever comes to it.
        let own = |case: &&Case| rules.get(i).is_none_or(|rule| rule.holds(case, mistake));
        let own: Vec<&Case> = cases.iter().filter(own).collect();
        let by: BTreeSet<usize> = own.iter().map(|case| first(rules, case, mistake)).collect();
        !own.is_empty()
            && !by.contains(&i)
            && (mistake != Mistake::HiddenByOneAlone || by.len() == 1)
    };
    (0..=rules.len()).filter(|i| behind(*i)).collect()
}

fn load(rules: &[Rule]) -> Result<Policy, String> {
    let mut documents = shipped();
    let mut all: Vec<Value> = rules.iter().map(Rule::json).collect();
    all.push(json!({ "assign_to_role": "support_l1" }));
    set(
        &mut documents,
        "escalation.json",
        "/rules",
        Some(json!(all)),
    );
    Policy::load(&documents).map_err(|problems| lines(&problems))
}

/// Where the policy and the evaluator differ.
fn differences(rules: &[Rule], mistake: Mistake) -> Vec<String> {
    let (fixed, hidden) = (fixed(rules), hidden(rules, mistake));
    let policy = match load(rules) {
        Ok(policy) => policy,
        Err(told) => {
            let expected: Vec<String> = if fixed.is_empty() {
                hidden
                    .iter()
                    .map(|i| format!("rule {} never counts", i + 1))
                    .collect()
            } else {
                fixed
                    .iter()
                    .map(|word| format!("`{word}` never comes to this rule"))
                    .collect()
            };
            let each = expected.iter().all(|words| told.contains(words));
            let only = told.matches(" never counts").count()
                == if fixed.is_empty() { hidden.len() } else { 0 };
            let fits = each && only && !expected.is_empty();
            return if fits {
                vec![]
            } else {
                vec![format!("expected {expected:?}\n{told}")]
            };
        }
    };
    if !fixed.is_empty() || !hidden.is_empty() {
        return vec![format!("it loads; fixed {fixed:?}, hidden {hidden:?}")];
    }
    let signals = [
        Signal::SuspectedBreach,
        Signal::AuthFailure,
        Signal::Outage,
        Signal::ManyAffected,
        Signal::SecretPosted,
    ];
    let facts = Facts::new();
    let mut found = Vec::new();
    for case in cases(&signals) {
        let mut verdict = verdict();
        verdict.severity = Severity::of(case.severity).unwrap();
        verdict.category = case.category;
        verdict.signals.clone_from(&case.signals);
        let matter = Matter {
            kind: case.kind,
            verdict: &verdict,
            facts: &facts,
        };
        let role = policy.role_of(&matter).role;
        if role != role_of(rules, &case, mistake) {
            found.push(format!("{case:?}: the policy says {role}"));
        }
    }
    found
}

fn rules() -> impl Strategy<Value = Vec<Rule>> {
    let category = || {
        proptest::sample::select(&[
            Category::Bug,
            Category::Bug,
            Category::HowTo,
            Category::HowTo,
            Category::FeatureRequest,
            Category::PasswordReset,
            Category::Other,
            Category::Outage,
            Category::AccountAccess,
        ])
    };
    let categories = proptest::option::of((
        any::<bool>(),
        proptest::collection::btree_set(0_u8..9, 1..=3),
        category(),
    ));
    let categories = categories.prop_map(|chosen| {
        chosen.map(|(within, more, one)| {
            let others = [
                Category::Bug,
                Category::HowTo,
                Category::FeatureRequest,
                Category::PasswordReset,
            ];
            let mut all: Vec<Category> = more
                .iter()
                .filter_map(|n| others.get(usize::from(*n)).copied())
                .collect();
            if !all.contains(&one) {
                all.push(one);
            }
            (within, all)
        })
    });
    let severity = proptest::option::of((any::<bool>(), 2_u8..=4));
    let signals =
        proptest::sample::subsequence(vec![Signal::SecretPosted, Signal::ManyAffected], 0..=2);
    let rule = (
        categories,
        severity,
        signals,
        proptest::sample::select(Role::ALL),
    );
    let some = |rule: &Rule| {
        rule.categories.is_some() || rule.severity.is_some() || !rule.signals.is_empty()
    };
    let rule = rule
        .prop_map(|(categories, severity, signals, role)| Rule {
            categories,
            severity,
            signals,
            role,
        })
        .prop_filter("an empty condition is refused when it is read", some);
    proptest::collection::vec(rule, 0..=3)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(80))]

    #[test]
    fn every_case_comes_to_the_role_that_trying_says_and_every_rule_that_is_hidden_is_told(rules in rules()) {
        prop_assert_eq!(differences(&rules, Mistake::None), Vec::<String>::new());
    }
}

#[test]
fn each_planted_mistake_about_roles_is_noticed() {
    let all = samples(&rules(), 150);
    for mistake in [
        Mistake::LastRuleWins,
        Mistake::EverySignalIsWanted,
        Mistake::OneConditionIsEnough,
        Mistake::OffByOne,
        Mistake::ManifestBeforeTheCode,
        Mistake::MoneyBeforeABreach,
        Mistake::OutageBeforeSignIn,
        Mistake::HiddenByOneAlone,
    ] {
        let noticed = all
            .iter()
            .any(|rules| !differences(rules, mistake).is_empty());
        assert!(noticed, "{mistake:?}");
    }
}
