//! Approver rules against an evaluator that tries every person: who may decide, and whether enough people ever can.

use countersign::domain::ids::{GroupId, RuleName, TeamId, UserId};
use countersign::domain::person::{Membership, Person, Standing};
use countersign::domain::policy::Policy;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::samples;
use crate::support::{lines, monday, set, shipped, usd};

const HOME: &str = "T0LOCAL001";
const ELSEWHERE: &str = "T0OTHER001";

/// Who is named: users by number, each perhaps of another workspace, and groups by number.
#[derive(Clone, Debug)]
struct Named {
    users: Vec<(u8, bool)>,
    groups: Vec<u8>,
}

/// One approver rule: below and above an amount of cents where two bands are meant.
#[derive(Clone, Debug)]
struct Rule {
    limit: Option<i64>,
    bands: [Named; 2],
    quorum: usize,
}

/// A mistake that the evaluator makes on purpose.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Mistake {
    None,
    LimitExclusive,
    UnknownAmountIsSmall,
    GuestsDecide,
    ForeignGroupsCount,
    StrangersFillTheQuorum,
    OnePersonTwice,
    GroupsNeverReachIt,
}

impl Named {
    fn json(&self) -> Value {
        let user = |(n, foreign): &(u8, bool)| match foreign {
            false => json!(format!("U0PERSON0{n}")),
            true => json!({ "id": format!("U0PERSON0{n}"), "team": ELSEWHERE }),
        };
        let users: Vec<Value> = self.users.iter().map(user).collect();
        let groups: Vec<String> = self
            .groups
            .iter()
            .map(|n| format!("S0GROUP00{n}"))
            .collect();
        let mut people = json!({});
        if !users.is_empty() {
            people["users"] = json!(users);
        }
        if !groups.is_empty() {
            people["groups"] = json!(groups);
        }
        people
    }

    /// Whether something about the list itself is refused: somebody of another workspace, or somebody twice.
    fn is_malformed(&self) -> bool {
        let twice = |at: usize| self.users[..at].contains(&self.users[at]);
        let group_twice = |at: usize| self.groups[..at].contains(&self.groups[at]);
        self.users.iter().any(|(_, foreign)| *foreign)
            || (0..self.users.len()).any(twice)
            || (0..self.groups.len()).any(group_twice)
    }

    /// Whether so many distinct people could ever approve. Nobody knows how many are in a group.
    fn reaches(&self, quorum: usize, mistake: Mistake) -> bool {
        let counts =
            |(_, foreign): &&(u8, bool)| !foreign || mistake == Mistake::StrangersFillTheQuorum;
        let mut able: Vec<u8> = self.users.iter().filter(counts).map(|(n, _)| *n).collect();
        if mistake != Mistake::OnePersonTwice {
            able.sort_unstable();
            able.dedup();
        }
        let grouped = !self.groups.is_empty() && mistake != Mistake::GroupsNeverReachIt;
        grouped || able.len() >= quorum
    }
}

impl Rule {
    fn used(&self) -> &[Named] {
        if self.limit.is_some() {
            &self.bands
        } else {
            &self.bands[..1]
        }
    }

    fn json(&self) -> Value {
        let mut rule = match self.limit {
            None => self.bands[0].json(),
            Some(limit) => {
                let euros = limit as f64 / 100.0;
                let mut bands = [self.bands[0].json(), self.bands[1].json()];
                bands[0]["lte"] = json!(euros);
                bands[1]["gt"] = json!(euros);
                json!({ "currency": "usd", "amount_bands": bands })
            }
        };
        rule["quorum"] = json!(self.quorum);
        rule
    }

    fn load(&self) -> Result<Policy, String> {
        let mut documents = shipped();
        set(
            &mut documents,
            "approvers.json",
            "/rules/finance_lead",
            Some(self.json()),
        );
        Policy::load(&documents).map_err(|problems| lines(&problems))
    }

    /// Whether this member of a workspace may decide on an amount, by plain comparison.
    fn lets(&self, who: &Somebody, amount: Option<i64>, mistake: Mistake) -> bool {
        let below = match (self.limit, amount) {
            (None, _) => true,
            (Some(limit), Some(sum)) if mistake == Mistake::LimitExclusive => sum < limit,
            (Some(limit), Some(sum)) => sum <= limit,
            (Some(_), None) => mistake == Mistake::UnknownAmountIsSmall,
        };
        let named = if below {
            &self.bands[0]
        } else {
            &self.bands[1]
        };
        let by_name = named.users.contains(&(who.number, who.foreign));
        let in_group = named.groups.iter().any(|n| who.groups.contains(n))
            && (!who.foreign || mistake == Mistake::ForeignGroupsCount);
        (who.member || mistake == Mistake::GuestsDecide) && (by_name || in_group)
    }
}

/// One of all the people there can be.
#[derive(Clone, Debug)]
struct Somebody {
    number: u8,
    foreign: bool,
    member: bool,
    groups: Vec<u8>,
}

fn everybody() -> Vec<Somebody> {
    let mut all = Vec::new();
    for number in 0..4 {
        for (foreign, member) in [(false, true), (false, false), (true, true)] {
            for groups in [vec![], vec![0], vec![1], vec![0, 1]] {
                all.push(Somebody {
                    number,
                    foreign,
                    member,
                    groups,
                });
            }
        }
    }
    all
}

/// Where the policy and the evaluator differ.
fn differences(rule: &Rule, mistake: Mistake) -> Vec<String> {
    let malformed = rule.used().iter().any(Named::is_malformed);
    let reached = rule
        .used()
        .iter()
        .all(|named| named.reaches(rule.quorum, mistake));
    let policy = match rule.load() {
        Ok(policy) => policy,
        Err(told) => {
            let counted = told.contains("people must approve");
            let fits = match reached {
                true => malformed && !counted,
                // Where nobody at all is left, each stranger is told, and a quorum of one says nothing more.
                false => counted || (rule.quorum == 1 && malformed),
            };
            return if fits {
                vec![]
            } else {
                vec![format!(
                    "malformed: {malformed}, reached: {reached}\n{told}"
                )]
            };
        }
    };
    if malformed || !reached {
        return vec![format!(
            "it loads; malformed: {malformed}, reached: {reached}"
        )];
    }
    let mut found = Vec::new();
    let name = RuleName::new("finance_lead");
    for who in everybody() {
        let team = TeamId::new(if who.foreign { ELSEWHERE } else { HOME });
        let person = Person {
            enterprise: None,
            team,
            user: UserId::new(format!("U0PERSON0{}", who.number)),
        };
        let groups = who
            .groups
            .iter()
            .map(|n| GroupId::new(format!("S0GROUP00{n}")));
        let membership = if who.member {
            Membership::Member
        } else {
            Membership::Guest
        };
        let standing = Standing {
            membership,
            groups: groups.collect(),
            read_at: monday(),
            source: "test".into(),
            who: None,
        };
        for amount in [None, Some(1), Some(99), Some(100), Some(101), Some(5_000)] {
            let said = policy
                .may_decide(
                    &name,
                    amount.map(usd),
                    &person,
                    &standing,
                    &TeamId::new(HOME),
                )
                .is_ok();
            if said != rule.lets(&who, amount, mistake) {
                found.push(format!("{who:?} on {amount:?}: the policy says {said}"));
            }
        }
    }
    found
}

fn named() -> impl Strategy<Value = Named> {
    let user = (0_u8..4, proptest::bool::weighted(0.1));
    let users = proptest::collection::vec(user, 0..=3);
    let groups = proptest::collection::vec(0_u8..2, 0..=2);
    let somebody = |(users, groups): &(Vec<_>, Vec<_>)| !users.is_empty() || !groups.is_empty();
    let people = (users, groups).prop_filter("nobody is refused when it is read", somebody);
    people.prop_map(|(users, groups)| Named { users, groups })
}

fn rule() -> impl Strategy<Value = Rule> {
    let limit = proptest::option::of(Just(100_i64));
    (limit, named(), named(), 1_usize..=3).prop_map(|(limit, low, high, quorum)| Rule {
        limit,
        bands: [low, high],
        quorum,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn the_rules_let_decide_whom_trying_everybody_lets(rule in rule()) {
        prop_assert_eq!(differences(&rule, Mistake::None), Vec::<String>::new());
    }
}

#[test]
fn each_planted_mistake_about_people_is_noticed() {
    let rules = samples(&rule(), 400);
    for mistake in [
        Mistake::LimitExclusive,
        Mistake::UnknownAmountIsSmall,
        Mistake::GuestsDecide,
        Mistake::ForeignGroupsCount,
        Mistake::StrangersFillTheQuorum,
        Mistake::OnePersonTwice,
        Mistake::GroupsNeverReachIt,
    ] {
        let noticed = rules
            .iter()
            .any(|rule| !differences(rule, mistake).is_empty());
        assert!(noticed, "{mistake:?}");
    }
}
