//! Why the policy says what it says: the whole path of one proposal, and of the case that it is for.
//!
//! Nothing is decided here. What is told is taken from what decides: the trials of the tiers, the lines of the
//! contract, the rules of the roles. To tell more, let the decision say more, and put it into [`Explanation`].

pub mod situation;
mod steps;
mod values;

use serde::Serialize;

use self::steps::{Ending, Step};
use super::Policy;
use super::assess::{Proposal, way_under};
use super::conditions::Outcome;
use super::escalation::{FILE as ESCALATION, Matter};
use super::lines::{Line, LineTried};
use super::structural::STRUCTURAL;
use super::tiers::{TierFile, TierList, file_of};
use super::walk::{Check, Trial, TrialEnd, checks, list_for, tiering, trials};
use super::ways::Way;
use crate::domain::approval::{Assessment, Course, Route, Tier};
use crate::domain::digest::Digest;
use crate::domain::escalation::Role;

pub use self::situation::{Situation, Unclear};

/// The whole path.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Explanation {
    /// The digest of the policy.
    pub policy: Digest,
    /// What was not given of the verdict, and what it has instead.
    pub assumed: Vec<String>,
    /// Of the draft; `None` where only a case was asked about.
    pub draft: Option<DraftPath>,
    /// Of the case.
    pub case: CasePath,
}

/// The path of a draft through contract and tiers to whoever has it in the end.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct DraftPath {
    /// The lines of the contract's table that were tried; the last one counts.
    pub lines: Vec<LineTried>,
    /// The hard blocks and constraints of the tier file.
    pub checks: Vec<Check>,
    /// The tier file.
    pub file: String,
    /// Every tier of the list, tried or not.
    pub tiers: Vec<TierTried>,
    /// What the rules say in the end, as it is journalled with a draft.
    pub assessment: Assessment,
    /// Who is asked, one after the other, if people are.
    pub steps: Vec<Step>,
    /// Where it ends when none of them answers, if people are asked.
    pub ending: Option<Ending>,
}

/// One tier.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct TierTried {
    /// Its place in the list, from 1.
    pub number: usize,
    /// The risk class.
    pub tier: Tier,
    /// Its route.
    pub route: Route,
    /// How its trial ended; `None` where it was not tried any more.
    pub end: Option<TrialEnd>,
    /// Its conditions, each with what became of it.
    pub conditions: Vec<ConditionTried>,
    /// Whether it is the tier of the draft.
    pub counts: bool,
}

/// One condition.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ConditionTried {
    /// Whether it holds; `None` where a fact is unknown.
    pub holds: Option<bool>,
    /// What became of it, in words.
    pub told: String,
}

/// Why a case belongs to a role.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct CasePath {
    /// The role.
    pub role: Role,
    /// The rule that gave it.
    pub rule: String,
    /// The rules that were tried, in order; the last one holds.
    pub tried: Vec<RoleTried>,
    /// Who acts for the role, in words.
    pub people: String,
    /// How long it may stay untaken, and who has it then.
    pub untaken: String,
}

/// One rule about roles.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct RoleTried {
    /// The rule.
    pub rule: String,
    /// The role that it would give.
    pub role: Role,
    /// Whether it holds.
    pub holds: bool,
    /// What was found, in words.
    pub told: String,
}

impl Policy {
    /// The whole path for a situation.
    #[must_use]
    pub fn explain(&self, situation: &Situation) -> Explanation {
        let draft = situation
            .proposal()
            .and_then(|proposal| self.draft_path(&proposal));
        Explanation {
            policy: self.digest(),
            assumed: situation.assumed.clone(),
            draft,
            case: self.case_path(&situation.matter()),
        }
    }

    fn draft_path(&self, proposal: &Proposal<'_>) -> Option<DraftPath> {
        let file = self.tier_file(proposal.kind)?;
        let list = list_for(file, proposal)?;
        let walked = tiering(file, list, proposal)?;
        let assessment = self.assess(proposal);
        let lines = self.lines_tried(proposal, walked.blocked.as_deref());
        let line = lines.last()?;
        let way = way_under(line.line, line.why.clone(), walked.way, proposal).0;
        let (steps, ending) = match (&assessment.course, &way) {
            (Course::Ask(asking), Way::Ask(rule)) => (
                self.steps(proposal, asking, rule),
                Some(self.ending(proposal.kind, asking.finally)),
            ),
            _ => (Vec::new(), None),
        };
        Some(DraftPath {
            checks: checks(file, list, proposal),
            file: file_of(proposal.kind),
            tiers: tiers_tried(file, list, proposal, &assessment),
            lines,
            assessment,
            steps,
            ending,
        })
    }

    fn case_path(&self, matter: &Matter<'_>) -> CasePath {
        let assigned = self.role_of(matter);
        let facts = matter.known();
        let structural = STRUCTURAL.iter().map(|rule| {
            let holds = rule.holds(matter);
            let only = if holds { "" } else { "only if " };
            RoleTried {
                rule: format!("structural: {}", rule.name),
                role: rule.role,
                holds,
                told: format!("{only}{}", rule.when),
            }
        });
        let own = self.escalations.rules.iter().enumerate().map(|(i, rule)| {
            let signals: Vec<&str> = rule.signals.iter().map(|s| s.word()).collect();
            let seen = rule
                .signals
                .iter()
                .any(|s| matter.verdict.signals.contains(s));
            let signals = (!signals.is_empty()).then(|| {
                let none = if seen { "" } else { "not " };
                format!("{} was {none}seen", signals.join(" or "))
            });
            let told = rule.when.iter().map(|c| c.told(&facts));
            let told: Vec<String> = told.chain(signals).collect();
            RoleTried {
                rule: format!("{ESCALATION} rule {}", i + 1),
                role: rule.role,
                holds: rule.holds(matter, &facts),
                told: match told.as_slice() {
                    [] => "it catches all".to_owned(),
                    told => told.join("; "),
                },
            }
        });
        let mut tried = Vec::new();
        for rule in structural.chain(own) {
            let holds = rule.holds;
            tried.push(rule);
            if holds {
                break;
            }
        }
        CasePath {
            role: assigned.role,
            rule: assigned.rule,
            tried,
            people: self.people_of(assigned.role),
            untaken: self.untaken(assigned.role),
        }
    }
}

fn tiers_tried(
    file: &TierFile,
    list: &TierList,
    proposal: &Proposal<'_>,
    assessment: &Assessment,
) -> Vec<TierTried> {
    let trials = trials(list, proposal);
    let found = tiering(file, list, proposal).map(|walked| walked.number);
    let tried = |(i, rule): (usize, &super::tiers::TierRule)| {
        let trial: Option<&Trial<'_>> = trials.get(i);
        let conditions = rule.when.iter().map(|c| ConditionTried {
            holds: match c.against(proposal.facts) {
                Outcome::Holds => Some(true),
                Outcome::Fails => Some(false),
                Outcome::Unknown => None,
            },
            told: c.told(proposal.facts),
        });
        TierTried {
            number: i + 1,
            tier: rule.tier,
            route: rule.way.route(),
            end: trial.map(|trial| trial.end),
            conditions: conditions.collect(),
            counts: found == Some(i + 1) && assessment.tier == rule.tier,
        }
    };
    list.tiers.iter().enumerate().map(tried).collect()
}

impl Line {
    /// The line as a question, for people.
    #[must_use]
    pub const fn question(self) -> &'static str {
        match self {
            Self::Denied => "denied outright?",
            Self::Blocked => "hard block or constraint?",
            Self::RecordOnly => "recorded only?",
            Self::RequiresApproval => "decision required?",
            Self::Unlisted => "in neither list?",
            Self::ProposeOnly => "proposed only?",
            Self::AsTiered => "as the tier routes it?",
        }
    }
}
