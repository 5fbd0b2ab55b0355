//! Who may decide: rules and roles held against a person and what was read about that person.

use super::Policy;
use super::people::People;
use crate::domain::escalation::Role;
use crate::domain::ids::{GroupId, RuleName, TeamId, UserId};
use crate::domain::money::Money;
use crate::domain::person::{Eligibility, Membership, Person, Standing};
use crate::domain::words::closed_set;

closed_set! {
    /// Why a person may not decide.
    Ineligible {
        /// A guest account.
        Guest = "guest",
        /// A bot.
        Bot = "bot",
        /// A deactivated account.
        Deactivated = "deactivated",
        /// Somebody from another workspace.
        Foreign = "foreign",
        /// Nothing could be read about the person.
        Unknown = "unknown",
        /// The policy has no rule of that name.
        NoSuchRule = "no_such_rule",
        /// A full member, but not one that the rule names.
        NotNamed = "not_named",
    }
}

/// A refusal to let somebody decide.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NotEligible {
    /// Why.
    pub because: Ineligible,
    /// One sentence for the person.
    pub reason: String,
}

impl Policy {
    /// Whether a person may decide under a rule. The author set is not looked at here: it belongs
    /// to the request.
    ///
    /// # Errors
    ///
    /// The reason, as a sentence for that person.
    pub fn may_decide(
        &self,
        rule: &RuleName,
        amount: Option<Money>,
        person: &Person,
        standing: &Standing,
        home: &TeamId,
    ) -> Result<Eligibility, NotEligible> {
        full_member(person, standing, home)?;
        let Some(people) = self.people(rule, amount) else {
            let reason =
                format!("The policy has no approver rule `{rule}`, so nobody may decide this.");
            return Err(NotEligible {
                because: Ineligible::NoSuchRule,
                reason,
            });
        };
        self.matched(people, person, standing, rule.clone())
            .ok_or_else(|| not_named(format!("This is for {} ({rule}).", people.words())))
    }

    /// Whether a person may take, answer or resolve what a role has.
    ///
    /// # Errors
    ///
    /// The reason, as a sentence for that person.
    pub fn may_act_for_role(
        &self,
        role: Role,
        person: &Person,
        standing: &Standing,
        home: &TeamId,
    ) -> Result<Eligibility, NotEligible> {
        full_member(person, standing, home)?;
        let people = self.approvers.roles.get(&role);
        let rule = RuleName::new(format!("role:{role}"));
        let found = people.and_then(|people| self.matched(people, person, standing, rule));
        found.ok_or_else(|| {
            not_named(format!(
                "This is for {} ({role}).",
                people.map(People::words).unwrap_or_default()
            ))
        })
    }

    /// Whether a person may resume, pin, erase, repair.
    ///
    /// # Errors
    ///
    /// The reason, as a sentence for that person.
    pub fn may_operate(
        &self,
        person: &Person,
        standing: &Standing,
        home: &TeamId,
    ) -> Result<Eligibility, NotEligible> {
        full_member(person, standing, home)?;
        let people = &self.approvers.operators;
        self.matched(people, person, standing, RuleName::new("operators"))
            .ok_or_else(|| not_named(format!("This is for {} (operators).", people.words())))
    }

    /// The user groups of the operators.
    #[must_use]
    pub fn operator_groups(&self) -> Vec<GroupId> {
        group_ids(&self.approvers.operators)
    }

    /// Whether some approver rule names the person, whatever the amount: such a person may pause.
    #[must_use]
    pub fn is_approver(&self, person: &Person, standing: &Standing, home: &TeamId) -> bool {
        let all = self
            .approvers
            .rules
            .iter()
            .flat_map(|(name, rule)| rule.bands().iter().map(move |band| (name, &band.people)));
        full_member(person, standing, home).is_ok()
            && all.into_iter().any(|(name, people)| {
                self.matched(people, person, standing, name.clone())
                    .is_some()
            })
    }

    /// The user groups whose membership must be read before a decision under a rule.
    #[must_use]
    pub fn groups_of(&self, rule: &RuleName, amount: Option<Money>) -> Vec<GroupId> {
        self.people(rule, amount).map(group_ids).unwrap_or_default()
    }

    /// The single people whom a rule names.
    #[must_use]
    pub fn users_of(&self, rule: &RuleName, amount: Option<Money>) -> Vec<UserId> {
        self.people(rule, amount).map(user_ids).unwrap_or_default()
    }

    /// The user groups of a role.
    #[must_use]
    pub fn role_groups(&self, role: Role) -> Vec<GroupId> {
        self.approvers
            .roles
            .get(&role)
            .map(group_ids)
            .unwrap_or_default()
    }

    /// The single people of a role.
    #[must_use]
    pub fn role_users(&self, role: Role) -> Vec<UserId> {
        self.approvers
            .roles
            .get(&role)
            .map(user_ids)
            .unwrap_or_default()
    }

    /// Every user group that the policy names anywhere, each once.
    #[must_use]
    pub fn all_groups(&self) -> Vec<GroupId> {
        let rules = self
            .approvers
            .rules
            .values()
            .flat_map(|r| r.bands().iter().map(|b| &b.people));
        let mut all: Vec<GroupId> = rules
            .chain(self.approvers.roles.values())
            .chain([&self.approvers.operators])
            .flat_map(group_ids)
            .collect();
        all.sort();
        all.dedup();
        all
    }

    /// How many distinct people must approve under a rule. An unknown rule cannot be met.
    #[must_use]
    pub fn quorum(&self, rule: &RuleName) -> u32 {
        self.approvers
            .rules
            .get(rule)
            .map_or(u32::MAX, |r| r.quorum)
    }

    /// Who a rule is for, in words: `members of @billing-team`.
    #[must_use]
    pub fn names_for_people(&self, rule: &RuleName, amount: Option<Money>) -> String {
        let people = self.people(rule, amount).map(People::words);
        let label = self
            .approvers
            .rules
            .get(rule)
            .and_then(|r| r.label.as_ref());
        match (people, label) {
            (None, _) => format!("nobody (no rule `{rule}`)"),
            (Some(people), None) => people,
            (Some(people), Some(label)) => format!("{label}: {people}"),
        }
    }

    fn people(&self, rule: &RuleName, amount: Option<Money>) -> Option<&People> {
        self.approvers.rules.get(rule)?.people(amount)
    }

    /// How the people match, a named user before a group. Groups are of the approvers' own workspace.
    fn matched(
        &self,
        people: &People,
        person: &Person,
        standing: &Standing,
        rule: RuleName,
    ) -> Option<Eligibility> {
        let by_name = people
            .users
            .iter()
            .any(|u| u.team == person.team && u.id == person.user);
        let in_group = || {
            let own = people
                .groups
                .iter()
                .filter(|_| person.team == self.approvers.team);
            own.map(|g| &g.id)
                .find(|id| standing.groups.contains(id))
                .map(|id| format!("member of {id}"))
        };
        let matched = if by_name {
            Some("named user".to_owned())
        } else {
            in_group()
        };
        Some(Eligibility {
            rule,
            matched: matched?,
            standing: standing.clone(),
        })
    }
}

fn group_ids(people: &People) -> Vec<GroupId> {
    people.groups.iter().map(|g| g.id.clone()).collect()
}

fn user_ids(people: &People) -> Vec<UserId> {
    people.users.iter().map(|u| u.id.clone()).collect()
}

fn not_named(reason: String) -> NotEligible {
    NotEligible {
        because: Ineligible::NotNamed,
        reason,
    }
}

/// Only full members of the one workspace decide anything.
fn full_member(person: &Person, standing: &Standing, home: &TeamId) -> Result<(), NotEligible> {
    let refuse = |because, reason: &str| {
        Err(NotEligible {
            because,
            reason: reason.to_owned(),
        })
    };
    match standing.membership {
        Membership::Guest => refuse(Ineligible::Guest, "Guests of this workspace cannot decide."),
        Membership::Bot => refuse(Ineligible::Bot, "Apps and bots cannot decide."),
        Membership::Deactivated => refuse(Ineligible::Deactivated, "This account is deactivated."),
        Membership::Foreign => refuse(
            Ineligible::Foreign,
            "Only people of this workspace can decide.",
        ),
        Membership::Unknown => refuse(
            Ineligible::Unknown,
            "Slack would not say who you are just now. Nothing was changed; please click again.",
        ),
        Membership::Member if person.team != *home => refuse(
            Ineligible::Foreign,
            "Only people of this workspace can decide.",
        ),
        Membership::Member => Ok(()),
    }
}
