//! What changes about people and time: who decides under a rule, what follows for a role, the business hours.

use super::axes::{Axis, Confirmed, probe};
use super::boxes::regions;
use super::drafts::in_currency;
use super::outcome::{Ids, ids, ids_of};
use super::values;
use super::{Change, Scope, Subject};
use crate::domain::draft::ActionKind;
use crate::domain::escalation::Role;
use crate::domain::evidence::{FactName, FactValue};
use crate::domain::ids::RuleName;
use crate::domain::money::Currency;
use crate::domain::policy::Policy;
use crate::domain::policy::conditions::{Condition, Op};
use crate::domain::policy::explain::Situation;
use crate::domain::policy::people::People;
use crate::domain::time::At;

pub(super) fn changes(before: &Policy, after: &Policy) -> Vec<Change> {
    let both = [before, after];
    let mut names: Vec<&RuleName> = both
        .iter()
        .flat_map(|p| p.approvers().rules.keys())
        .collect();
    names.sort();
    names.dedup();
    let rules = names.into_iter().flat_map(|name| approvers(both, name));
    let roles = Role::ALL.iter().filter_map(|role| of_role(both, *role));
    rules.chain(roles).chain(calendar(both)).collect()
}

/// The changes of one approver rule, for the amounts that both bands tell apart.
fn approvers(both: [&Policy; 2], name: &RuleName) -> Vec<Change> {
    let rules = both.map(|policy| policy.approvers().rules.get(name));
    let bands = || rules.iter().flatten().flat_map(|rule| rule.bands());
    let mut codes: Vec<Currency> = bands()
        .filter_map(|b| b.up_to)
        .map(|m| m.currency)
        .collect();
    codes.sort();
    codes.dedup();
    let mut axes: Vec<Axis> = Vec::new();
    for code in &codes {
        let mut conditions: Vec<Condition> = vec![in_currency(*code)];
        let own = bands()
            .filter_map(|b| b.up_to)
            .filter(|m| m.currency == *code);
        let limit = |most| probe(FactName::Amount, Op::Lte, vec![FactValue::Money(most)]);
        conditions.extend(own.map(limit));
        axes.push(Axis::of_amount(Confirmed::Never, conditions));
    }
    axes.push(Axis::Currency(codes.clone()));
    let blank = Situation::blank(Some(ActionKind::Refund), At(0));
    let mut changes = Vec::new();
    for axis in axes {
        let others = matches!(axis, Axis::Currency(_));
        let differing = regions(&[axis], &blank, |input| {
            let named = input
                .amount
                .is_some_and(|sum| codes.contains(&sum.currency));
            if others && named {
                return None;
            }
            let people = both.map(|policy| {
                let there = policy.approvers().rules.contains_key(name);
                there.then(|| (ids_of(policy, name, input.amount), policy.quorum(name)))
            });
            (people[0] != people[1]).then_some(people)
        });
        changes.extend(differing.into_iter().map(|(people, region)| {
            let [before, after] = people.map(|one| said(both, one));
            Change {
                subject: Subject::Approvers,
                of: name.to_string(),
                when: if codes.is_empty() {
                    Vec::new()
                } else {
                    region.words()
                },
                before,
                after,
                scope: Scope::Approvers(name.clone(), region),
            }
        }));
    }
    changes
}

fn said(both: [&Policy; 2], people: Option<(Ids, u32)>) -> String {
    match people {
        None => "no such rule".to_owned(),
        Some((people, 1)) => listed(both, &people),
        Some((people, quorum)) => format!("{quorum} of: {}", listed(both, &people)),
    }
}

/// People by id, with what either policy calls them.
fn listed(both: [&Policy; 2], (users, groups): &Ids) -> String {
    let everybody = || both.into_iter().flat_map(everybody);
    let users = users.iter().map(|(team, id)| {
        let mut named = everybody().flat_map(|people| &people.users);
        let label =
            named.find_map(|u| (u.team == *team && u.id == *id).then(|| u.label.clone())?);
        label.map_or_else(|| id.to_string(), |label| format!("{label} ({id})"))
    });
    let groups = groups.iter().map(|id| {
        let mut named = everybody().flat_map(|people| &people.groups);
        let label = named.find_map(|g| (g.id == *id).then(|| g.label.clone())?);
        label.map_or_else(|| id.to_string(), |label| format!("{label} ({id})"))
    });
    groups.chain(users).collect::<Vec<_>>().join(" or ")
}

/// All people whom a policy names anywhere.
fn everybody(policy: &Policy) -> impl Iterator<Item = &People> {
    let approvers = policy.approvers();
    let rules = approvers.rules.values().flat_map(|rule| rule.bands());
    let rules = rules.map(|band| &band.people);
    rules
        .chain(approvers.roles.values())
        .chain([&approvers.operators])
}

/// What changes for a role: who acts for it, and what follows when nobody answers.
fn of_role(both: [&Policy; 2], role: Role) -> Option<Change> {
    let chains = both.map(|policy| policy.chain(role));
    let members = both.map(|policy| {
        policy
            .approvers()
            .roles
            .get(&role)
            .map(ids)
            .unwrap_or_default()
    });
    if chains[0] == chains[1] && members[0] == members[1] {
        return None;
    }
    let mut told = both.map(|_| Vec::new());
    for (side, told) in told.iter_mut().enumerate() {
        if members[0] != members[1] {
            told.push(format!("for it acts {}", listed(both, &members[side])));
        }
        if let (true, Some(chain)) = (chains[0] != chains[1], chains[side]) {
            let then: Vec<&str> = chain.then.iter().map(RuleName::as_str).collect();
            let asked = if then.is_empty() {
                "nobody".to_owned()
            } else {
                then.join(", then ")
            };
            told.push(format!(
                "asked in turn: {asked}; {} for each step; in the end {}",
                chain.sla, chain.finally
            ));
        }
    }
    let [before, after] = told.map(|told| told.join("; "));
    Some(Change {
        subject: Subject::Role,
        of: role.to_string(),
        when: Vec::new(),
        before,
        after,
        scope: Scope::Role(role),
    })
}

fn calendar(both: [&Policy; 2]) -> Option<Change> {
    let [one, other] = both.map(|policy| &policy.escalations().calendar);
    if one == other {
        return None;
    }
    let values = values::between(both[0], both[1]);
    let hours = values.into_iter().filter_map(|value| {
        let way = value.way.strip_prefix("escalation.json calendar ")?;
        Some((
            format!("{way} {}", value.before),
            format!("{way} {}", value.after),
        ))
    });
    let (before, after): (Vec<String>, Vec<String>) = hours.unzip();
    Some(Change {
        subject: Subject::Calendar,
        of: "business hours".to_owned(),
        when: Vec::new(),
        before: before.join(", "),
        after: after.join(", "),
        scope: Scope::Calendar,
    })
}
