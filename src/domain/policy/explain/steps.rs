//! Who is asked after whom, until when, and where it ends.

use serde::Serialize;

use crate::domain::approval::Asking;
use crate::domain::draft::ActionKind;
use crate::domain::escalation::Role;
use crate::domain::ids::RuleName;
use crate::domain::policy::Policy;
use crate::domain::policy::assess::Proposal;
use crate::domain::policy::people::People;
use crate::domain::policy::sla::Sla;
use crate::domain::policy::ways::AskRule;
use crate::domain::time::At;

/// Some people who are asked.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Step {
    /// The approver rule.
    pub rule: RuleName,
    /// Who that is for this amount, in words.
    pub people: String,
    /// How many distinct people must approve.
    pub quorum: u32,
    /// How long they have, in words.
    pub within: String,
    /// When it lapses, if everybody before let it lapse.
    pub due_at: At,
    /// The same in words, in the time zone of the calendar.
    pub due: String,
}

/// Where a question ends that nobody answered.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Ending {
    /// The role that has it.
    pub role: Role,
    /// What that means, in words.
    pub told: String,
}

impl Policy {
    /// Everybody who is asked, in order, each with the time that they have.
    pub(super) fn steps(&self, p: &Proposal<'_>, asking: &Asking, rule: &AskRule) -> Vec<Step> {
        let mut steps = vec![self.step(p, (&asking.approver_rule, asking.due_at), rule.sla)];
        let mut now = asking.clone();
        while let Some(next) = self.asking_after(&now, now.due_at) {
            if let Some(chain) = self.chain(asking.finally) {
                steps.push(self.step(p, (&next.approver_rule, next.due_at), chain.sla));
            }
            now = next;
        }
        steps
    }

    fn step(&self, p: &Proposal<'_>, (rule, due_at): (&RuleName, At), sla: Sla) -> Step {
        Step {
            rule: rule.clone(),
            people: self.names_for_people(rule, p.amount),
            quorum: self.quorum(rule),
            within: sla.to_string(),
            due_at,
            due: self.escalations.calendar.words(due_at),
        }
    }

    /// What becomes of a question that the last of the chain let lapse.
    pub(super) fn ending(&self, kind: ActionKind, role: Role) -> Ending {
        let told = if kind.is_housekeeping() {
            format!(
                "nobody else is woken for it: it shows on the card of the role that has the case; where nobody had it, it \
                 goes to the role {role}"
            )
        } else {
            format!("it goes to the role {role}: {}", self.untaken(role))
        };
        Ending { role, told }
    }

    pub(super) fn people_of(&self, role: Role) -> String {
        let people = self.approvers.roles.get(&role);
        people.map(People::words).unwrap_or_default()
    }

    /// What becomes of a case that nobody of its role takes.
    pub(super) fn untaken(&self, role: Role) -> String {
        let Some(chain) = self.chain(role) else {
            return String::new();
        };
        let within = chain.sla;
        if chain.finally == role {
            format!(
                "if nobody takes it within {within}, it stays there and the role is reminded every day"
            )
        } else {
            let next = chain.finally;
            format!("if nobody takes it within {within}, it goes on to the role {next}")
        }
    }
}
