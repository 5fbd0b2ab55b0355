//! What shows that a field was flipped: a change that the comparison tells, a sentence, a refusal, a test elsewhere.

use countersign::domain::escalation::Role;
use countersign::domain::ids::{TeamId, UserId};
use countersign::domain::person::{Membership, Person, Standing};
use countersign::domain::policy::diff::{Diff, Subject};
use countersign::domain::policy::{Policy, Problem};

use crate::schema_fields::test_exists;
use crate::support::{lines, monday, usd};

/// Whether the flip shows as its row says; why not, otherwise.
pub fn seen(
    before: &Policy,
    after: Result<Policy, Vec<Problem>>,
    shows: &str,
) -> Result<(), String> {
    let after = match (shows.strip_prefix("refused "), after) {
        (Some(words), Err(problems)) => {
            let told = problems.iter().any(|p| p.message.contains(words));
            return told.then_some(()).ok_or_else(|| lines(&problems));
        }
        (Some(_), Ok(_)) => return Err("it is not refused".into()),
        (None, Err(problems)) => return Err(lines(&problems)),
        (None, Ok(after)) => after,
    };
    let same = before.digest() == after.digest();
    if (shows == "layout") != same {
        return Err(format!("the digest is the same: {same}"));
    }
    let diff = Diff::between(before, &after);
    let told = |subject| diff.changes.iter().any(|change| change.subject == subject);
    let shown = match (shows, shows.strip_prefix("by ")) {
        ("layout", _) => diff.changes.is_empty(),
        ("words", _) => words(before) != words(&after),
        (_, Some(test)) => told(Subject::Setting) && test_exists(test),
        (subject, None) => told(Subject::from_word(subject).ok_or("there is no such subject")?),
    };
    let changes = || format!("the comparison tells {:#?}", diff.changes);
    shown.then_some(()).ok_or_else(changes)
}

/// What people are told of who may do what: each sentence that names somebody.
fn words(policy: &Policy) -> Vec<String> {
    let home = TeamId::new("T0LOCAL001");
    let person = Person {
        enterprise: None,
        team: home.clone(),
        user: UserId::new("U0NOBODY01"),
    };
    let standing = Standing {
        membership: Membership::Member,
        groups: Vec::new(),
        read_at: monday(),
        source: "test".into(),
        who: None,
    };
    let mut told = Vec::new();
    for rule in policy.approvers().rules.keys() {
        for amount in [usd(50), usd(15_000), usd(900_000)] {
            told.push(policy.names_for_people(rule, Some(amount)));
        }
    }
    for role in Role::ALL {
        let refused = policy.may_act_for_role(*role, &person, &standing, &home);
        told.push(refused.unwrap_err().reason);
    }
    told.push(
        policy
            .may_operate(&person, &standing, &home)
            .unwrap_err()
            .reason,
    );
    told
}
