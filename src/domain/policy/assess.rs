//! The decision of the rules: which tier a draft has, and what may follow.

use super::Policy;
use super::approvers::BATCH_REVIEWERS;
use super::escalation::Matter;
use super::lines::Line;
use super::sla::{Clock, Sla};
use super::tiers::file_of;
use super::walk::{Tiering, in_words, list_for, tiering};
use super::ways::{AskRule, Way};
use crate::domain::approval::{Asking, Assessment, Course, Route, Tier};
use crate::domain::digest::Digest;
use crate::domain::draft::ActionKind;
use crate::domain::escalation::Role;
use crate::domain::evidence::Facts;
use crate::domain::ids::RuleName;
use crate::domain::money::Money;
use crate::domain::time::{At, Span};
use crate::domain::verdict::Verdict;

/// A draft as the rules see it.
#[derive(Clone, Copy, Debug)]
pub struct Proposal<'a> {
    /// The action.
    pub kind: ActionKind,
    /// The draft's own amount, confirmed or not.
    pub amount: Option<Money>,
    /// The verdict on the case.
    pub verdict: &'a Verdict,
    /// What is known.
    pub facts: &'a Facts,
    /// The model that wrote the draft, as it names itself. Empty for drafts of code and people.
    pub model: &'a str,
    /// The digests of the prompts behind verdict and draft.
    pub prompts: &'a [Digest],
    /// Whether it is a person's word, and not the source's, who asked.
    pub linked: bool,
    /// When the question is put.
    pub asked_at: At,
}

impl Proposal<'_> {
    /// Whether it is about money of a customer whom a person named.
    pub(super) const fn is_money_on_a_word(&self) -> bool {
        self.linked && self.kind.is_money()
    }
}

impl Policy {
    /// What the rules say of a draft. A pure function of policy and proposal.
    #[must_use]
    pub fn assess(&self, proposal: &Proposal<'_>) -> Assessment {
        let kind = proposal.kind;
        let file = self.tier_file(kind);
        let list = file.and_then(|f| list_for(f, proposal));
        let tiering = file
            .zip(list)
            .and_then(|(file, list)| tiering(file, list, proposal));
        let mut assessment = Assessment {
            action: kind,
            tier: Tier::High,
            rule: format!("{} is missing", file_of(kind)),
            because: Vec::new(),
            facts: proposal.facts.clone(),
            missing: Vec::new(),
            risk_tags: file.map(|f| f.risk_tags.clone()).unwrap_or_default(),
            constraints: list.map(|l| in_words(&l.constraints)).unwrap_or_default(),
            policy: self.digest(),
            course: Course::RecordOnly {
                reason: format!("there is no `{}`", file_of(kind)),
            },
        };
        if let Some(mut tiering) = tiering {
            assessment.course = self.course(proposal, &mut tiering);
            assessment.tier = tiering.tier;
            assessment.rule = tiering.rule;
            assessment.because = tiering.because;
            assessment.missing = tiering.missing;
        }
        assessment
    }

    /// What may an action do? The first line that applies.
    fn course(&self, proposal: &Proposal<'_>, tiering: &mut Tiering<'_>) -> Course {
        let (line, reason) = self.line_of(proposal, tiering.blocked.as_deref());
        let role = || self.role_for(proposal);
        match line {
            Line::Denied => Course::Never { reason },
            Line::Blocked => Course::Blocked {
                reason,
                role: role(),
            },
            Line::RecordOnly | Line::Unlisted => Course::RecordOnly { reason },
            Line::RequiresApproval | Line::ProposeOnly | Line::AsTiered => {
                let (way, why) = way_under(line, reason, tiering.way, proposal);
                tiering.because.extend(why);
                match way {
                    Way::Auto => Course::Auto,
                    Way::ToRole => Course::ToRole { role: role() },
                    Way::Ask(rule) => Course::Ask(self.asking(proposal, &rule)),
                }
            }
        }
    }

    /// The tier of a draft, the line of the contract that counts for it, and the way that follows from both.
    pub(super) fn way_of(&self, proposal: &Proposal<'_>) -> Option<(Tier, Line, Way)> {
        let file = self.tier_file(proposal.kind)?;
        let tiering = tiering(file, list_for(file, proposal)?, proposal)?;
        let (line, reason) = self.line_of(proposal, tiering.blocked.as_deref());
        let way = way_under(line, reason, tiering.way, proposal).0;
        Some((tiering.tier, line, way))
    }

    /// How a rule asks now: due time, and who follows, each approver rule once. Nobody of a role's chain is
    /// woken for housekeeping; whom the tier itself names is.
    fn asking(&self, proposal: &Proposal<'_>, rule: &AskRule) -> Asking {
        let role = self.role_for(proposal);
        let chain = self.chain(role);
        let further = chain.filter(|_| !proposal.kind.is_housekeeping());
        let mut then: Vec<RuleName> = Vec::new();
        for next in rule
            .escalate_to
            .iter()
            .chain(further.iter().flat_map(|c| &c.then))
        {
            if *next != rule.approver_rule && !then.contains(next) {
                then.push(next.clone());
            }
        }
        Asking {
            route: rule.route,
            approver_rule: rule.approver_rule.clone(),
            quorum: self.quorum(&rule.approver_rule),
            due_at: rule.sla.due(proposal.asked_at, &self.escalations.calendar),
            then,
            finally: chain.map_or(role, |c| c.finally),
        }
    }

    pub(super) fn role_for(&self, proposal: &Proposal<'_>) -> Role {
        let matter = Matter {
            kind: Some(proposal.kind),
            verdict: proposal.verdict,
            facts: proposal.facts,
        };
        self.role_of(&matter).role
    }
}

/// As the tier routes it, but what would run by itself is put to the batch reviewers where the line of the contract
/// says so; and why, where it is another way than the tier's own.
pub(super) fn way_under(
    line: Line,
    reason: String,
    tiers: &Way,
    proposal: &Proposal<'_>,
) -> (Way, Option<String>) {
    match (tiers, line) {
        // Two people stand behind money: whoever said who asked, and whoever decides.
        (Way::Auto | Way::ToRole, _) if proposal.is_money_on_a_word() => {
            let why = "a person said who asked, so that somebody else decides";
            (Way::Ask(batch_rule()), Some(why.to_owned()))
        }
        (Way::Auto, Line::RequiresApproval | Line::ProposeOnly) => {
            let why = format!("{reason}, so people are asked first");
            (Way::Ask(batch_rule()), Some(why))
        }
        (way, _) => (way.clone(), None),
    }
}

/// Where nobody is named: the batch reviewers, within 24 business hours.
fn batch_rule() -> AskRule {
    AskRule {
        route: Route::BatchReview,
        approver_rule: RuleName::new(BATCH_REVIEWERS),
        sla: Sla {
            span: Span::hours(24),
            clock: Clock::Business,
        },
        escalate_to: Vec::new(),
    }
}
