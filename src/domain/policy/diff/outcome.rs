//! What comes out for one input: which way, who is asked, which role has it, and on which clocks.

use crate::domain::approval::{Route, Tier};
use crate::domain::draft::ActionKind;
use crate::domain::escalation::Role;
use crate::domain::ids::{GroupId, RuleName, TeamId, UserId};
use crate::domain::money::Money;
use crate::domain::policy::Policy;
use crate::domain::policy::assess::Proposal;
use crate::domain::policy::escalation::Chain;
use crate::domain::policy::lines::Line;
use crate::domain::policy::people::People;
use crate::domain::policy::sla::{Calendar, Clock, Sla};
use crate::domain::policy::ways::Way;
use crate::domain::time::Span;

use super::axes::Input;

/// What follows for a draft.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Follows {
    /// The contract denies it.
    Never,
    /// It goes to its role, and nobody can approve it here.
    Blocked,
    /// It is recorded only.
    RecordOnly,
    /// It runs.
    Auto(Tier),
    /// The complete case goes to its role.
    ToRole(Tier),
    /// People are asked.
    Ask(Tier, Asked),
}

/// How people are asked.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Asked {
    route: Route,
    rule: RuleName,
    minutes: i64,
    clock: Clock,
    then: Vec<RuleName>,
}

/// People by their ids; what they are called decides nothing.
pub type Ids = (Vec<(TeamId, UserId)>, Vec<GroupId>);

/// All that comes out for one input. Two inputs for which it is the same are treated alike.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Outcome {
    /// What follows for the draft, if there is one.
    pub follows: Option<Follows>,
    /// The role that the case belongs to.
    pub role: Role,
    /// What follows for that role when nobody answers.
    pub chain: Option<Chain>,
    /// Who acts for that role.
    pub members: Ids,
    /// Who is asked, rule by rule, with the quorum.
    pub people: Vec<(RuleName, Ids, u32)>,
    /// The business hours, where something is counted in them.
    pub calendar: Option<Calendar>,
}

impl Outcome {
    /// What a policy does with an input.
    #[must_use]
    pub fn of(policy: &Policy, input: &Input) -> Self {
        let role = policy.role_of(&input.matter()).role;
        let chain = policy.chain(role).cloned();
        let follows = input.proposal().and_then(|p| follows(policy, &p));
        let housekeeping = input.action.is_some_and(ActionKind::is_housekeeping);
        let mut rules: Vec<RuleName> = Vec::new();
        if let Some(Follows::Ask(_, asked)) = &follows {
            rules.push(asked.rule.clone());
            rules.extend(asked.then.clone());
            let further = chain.iter().filter(|_| !housekeeping);
            rules.extend(further.flat_map(|chain| chain.then.clone()));
        }
        rules.sort();
        rules.dedup();
        let people = rules.into_iter().map(|rule| {
            let (ids, quorum) = (ids_of(policy, &rule, input.amount), policy.quorum(&rule));
            (rule, ids, quorum)
        });
        let mut outcome = Self {
            follows,
            role,
            members: policy
                .approvers()
                .roles
                .get(&role)
                .map(ids)
                .unwrap_or_default(),
            people: people.collect(),
            chain,
            calendar: None,
        };
        if outcome.in_business_hours() {
            outcome.calendar = Some(policy.escalations().calendar.clone());
        }
        outcome
    }

    /// Whether an approver rule is asked.
    pub(super) fn asks(&self, rule: &RuleName) -> bool {
        self.people.iter().any(|(asked, ..)| asked == rule)
    }

    /// Whether something is counted in business hours.
    pub(super) fn in_business_hours(&self) -> bool {
        let asked =
            matches!(&self.follows, Some(Follows::Ask(_, asked)) if asked.clock == Clock::Business);
        let chain = self.chain.as_ref();
        asked || chain.is_some_and(|chain| chain.sla.clock == Clock::Business)
    }
}

/// What follows for a draft, without the role that it belongs to.
pub(super) fn follows(policy: &Policy, proposal: &Proposal<'_>) -> Option<Follows> {
    let (tier, line, way) = policy.way_of(proposal)?;
    Some(match (line, way) {
        (Line::Denied, _) => Follows::Never,
        (Line::Blocked, _) => Follows::Blocked,
        (Line::RecordOnly | Line::Unlisted, _) => Follows::RecordOnly,
        (_, Way::Auto) => Follows::Auto(tier),
        (_, Way::ToRole) => Follows::ToRole(tier),
        (_, Way::Ask(rule)) => {
            let asked = Asked {
                route: rule.route,
                minutes: rule.sla.span.0 / 60_000,
                clock: rule.sla.clock,
                then: rule.escalate_to,
                rule: rule.approver_rule,
            };
            Follows::Ask(tier, asked)
        }
    })
}

impl Follows {
    /// In words. Money always belongs to billing.
    pub(super) fn words(&self, action: ActionKind) -> String {
        let role = if action.is_money() {
            "billing"
        } else {
            "its role"
        };
        match self {
            Self::Never => "denied, and nobody can approve it".to_owned(),
            Self::Blocked => format!("blocked: to {role}, and nobody can approve it here"),
            Self::RecordOnly => "recorded only".to_owned(),
            Self::Auto(tier) => format!("{tier}, runs by itself"),
            Self::ToRole(tier) => format!("{tier}, to {role}"),
            Self::Ask(tier, asked) => format!("{tier}, {asked}"),
        }
    }
}

impl std::fmt::Display for Asked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let kind = match self.route {
            Route::NamedApprover => "named approver",
            _ => "batch",
        };
        let sla = Sla {
            span: Span::minutes(self.minutes),
            clock: self.clock,
        };
        write!(f, "{kind}: {} within {sla}", self.rule)?;
        for next in &self.then {
            write!(f, ", then {next}")?;
        }
        Ok(())
    }
}

/// Who may decide under a rule for an amount, by ids.
pub(super) fn ids_of(policy: &Policy, rule: &RuleName, amount: Option<Money>) -> Ids {
    let rule = policy.approvers().rules.get(rule);
    rule.and_then(|rule| rule.people(amount))
        .map(ids)
        .unwrap_or_default()
}

/// Some people by their ids, in an order of their own.
pub(super) fn ids(people: &People) -> Ids {
    let users = people.users.iter().map(|u| (u.team.clone(), u.id.clone()));
    let mut users: Vec<(TeamId, UserId)> = users.collect();
    let mut groups: Vec<GroupId> = people.groups.iter().map(|g| g.id.clone()).collect();
    users.sort();
    groups.sort();
    (users, groups)
}
