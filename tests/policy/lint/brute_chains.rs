//! Who follows whom, against an evaluator that walks: every way of ending a chain, every list of people to ask next.

use countersign::domain::approval::{Asking, Course};
use countersign::domain::draft::ActionKind;
use countersign::domain::escalation::Role;
use countersign::domain::policy::Policy;
use countersign::domain::verdict::Category;
use serde_json::json;

use crate::support::{Ask, lines, monday, set, shipped};

/// A mistake that the evaluator makes on purpose.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Mistake {
    None,
    /// A ring of two is seen, a longer one is not.
    OnlyPairs,
    /// Whoever leads into a ring is told as well.
    LeadingInCounts,
    /// Whoever was asked is asked again.
    AskedAgain,
    /// The chain of the role comes before the tier's own.
    ChainFirst,
    /// A tier may be followed by itself.
    FollowsItself,
}

/// Whether somebody who is handed the case by each `finally` in turn hands it on for ever, and began it.
fn is_in_a_ring(start: usize, finally: [usize; 4], mistake: Mistake) -> bool {
    let mut seen = vec![start];
    let mut at = start;
    while finally[at] != at {
        at = finally[at];
        if seen.contains(&at) {
            let began = at == start || mistake == Mistake::LeadingInCounts;
            return began && (mistake != Mistake::OnlyPairs || seen.len() == 2);
        }
        seen.push(at);
    }
    false
}

fn differs_on_a_ring(finally: [usize; 4], mistake: Mistake) -> bool {
    let mut documents = shipped();
    for (role, next) in Role::ALL.iter().zip(finally) {
        let way = format!("/chains/{role}/finally");
        set(
            &mut documents,
            "escalation.json",
            &way,
            Some(json!(Role::ALL[next].word())),
        );
    }
    let told = Policy::load(&documents)
        .err()
        .map(|problems| lines(&problems))
        .unwrap_or_default();
    (0..4).any(|at| {
        let said = told.contains(&format!(
            "the chain of `{}` comes back to it",
            Role::ALL[at]
        ));
        said != is_in_a_ring(at, finally, mistake)
    })
}

/// All four times four times four times four of them.
fn endings() -> impl Iterator<Item = [usize; 4]> {
    (0..256_usize).map(|n| [n % 4, n / 4 % 4, n / 16 % 4, n / 64])
}

#[test]
fn every_ring_of_roles_is_told_and_nothing_else_is() {
    for finally in endings() {
        assert!(!differs_on_a_ring(finally, Mistake::None), "{finally:?}");
    }
    for mistake in [Mistake::OnlyPairs, Mistake::LeadingInCounts] {
        assert!(
            endings().any(|finally| differs_on_a_ring(finally, mistake)),
            "{mistake:?}"
        );
    }
}

const NAMES: [&str; 3] = ["support_lead", "security_lead", "finance_lead"];

/// No, one or two different names.
fn lists() -> Vec<Vec<&'static str>> {
    let mut all = vec![vec![]];
    for one in NAMES {
        all.push(vec![one]);
        all.extend(
            NAMES
                .iter()
                .filter(|other| **other != one)
                .map(|other| vec![one, *other]),
        );
    }
    all
}

/// Who is asked one after the other by the policy, until the role has it; `None` where it is refused as cyclic.
fn by_the_policy(steps: &[&str], then: &[&str]) -> Option<Vec<String>> {
    let mut documents = shipped();
    let listed = (!steps.is_empty()).then(|| json!(steps));
    set(
        &mut documents,
        "tiers/page_oncall.json",
        "/tiers/0/escalate_to",
        Some(json!("security_lead")),
    );
    set(
        &mut documents,
        "tiers/page_oncall.json",
        "/tiers/0/escalate_to",
        listed,
    );
    set(
        &mut documents,
        "escalation.json",
        "/chains/infra/then",
        Some(json!(["security_lead"])),
    );
    set(
        &mut documents,
        "escalation.json",
        "/chains/infra/then",
        (!then.is_empty()).then(|| json!(then)),
    );
    let policy = match Policy::load(&documents) {
        Ok(policy) => policy,
        Err(problems) => {
            let told = lines(&problems);
            assert!(told.contains("would follow itself"), "{told}");
            return None;
        }
    };
    let asked = Ask::new(ActionKind::PageOncall)
        .category(Category::Outage)
        .severity(5)
        .of(&policy);
    let Course::Ask(first) = asked.course else {
        panic!("people are asked: {asked:?}")
    };
    let mut asked: Vec<String> = Vec::new();
    let mut next: Option<Asking> = Some(first);
    while let Some(asking) = next {
        asked.push(asking.approver_rule.to_string());
        next = policy.asking_after(&asking, monday());
    }
    Some(asked)
}

fn by_walking(steps: &[&str], then: &[&str], mistake: Mistake) -> Option<Vec<String>> {
    let first = "support_lead";
    if steps.contains(&first) && mistake != Mistake::FollowsItself {
        return None;
    }
    let mut further: Vec<&str> = steps.iter().chain(then).copied().collect();
    if mistake == Mistake::ChainFirst {
        further = then.iter().chain(steps).copied().collect();
    }
    let mut asked = vec![first];
    for next in further {
        if !asked.contains(&next) || mistake == Mistake::AskedAgain {
            asked.push(next);
        }
    }
    Some(asked.into_iter().map(str::to_owned).collect())
}

#[test]
fn whoever_is_asked_next_is_whom_walking_the_lists_finds() {
    let mut unnoticed = vec![
        Mistake::AskedAgain,
        Mistake::ChainFirst,
        Mistake::FollowsItself,
    ];
    for steps in lists() {
        for then in lists() {
            let policy = by_the_policy(&steps, &then);
            assert_eq!(
                policy,
                by_walking(&steps, &then, Mistake::None),
                "{steps:?} {then:?}"
            );
            unnoticed.retain(|mistake| policy == by_walking(&steps, &then, *mistake));
        }
    }
    assert_eq!(unnoticed, [], "planted, and not noticed");
}
