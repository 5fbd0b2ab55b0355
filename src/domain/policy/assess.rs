//! The decision of the rules: which tier a draft has, and what may follow.

use super::Policy;
use super::approvers::BATCH_REVIEWERS;
use super::contract::{FILE, Mode, Quarantined, Tool};
use super::escalation::Matter;
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
        if self.is_denied(proposal) {
            let reason = format!(
                "{FILE} denies `{}` and does not let anybody approve it",
                proposal.kind
            );
            return Course::Never { reason };
        }
        if let Some(reason) = tiering.blocked.take() {
            return Course::Blocked {
                reason,
                role: self.role_for(proposal),
            };
        }
        if let Some(reason) = self.why_record_only(proposal) {
            return Course::RecordOnly { reason };
        }
        if self.needs_decision(proposal) {
            return self.along(
                proposal,
                tiering,
                Some(format!("{FILE} requires approval for `{}`", proposal.kind)),
            );
        }
        if self.is_unlisted(proposal) {
            let reason = format!(
                "`{}` is in neither list of {FILE}: it is proposed in a note only",
                proposal.kind
            );
            return Course::RecordOnly { reason };
        }
        if self.contract.mode == Mode::ProposeOnly && !runs_as_proposal(proposal.kind) {
            return self.along(
                proposal,
                tiering,
                Some("the mode is propose_only".to_owned()),
            );
        }
        self.along(proposal, tiering, None)
    }

    /// As the tier routes it, but what would run by itself is put to the batch reviewers where
    /// `instead` says why.
    fn along(
        &self,
        proposal: &Proposal<'_>,
        tiering: &mut Tiering<'_>,
        instead: Option<String>,
    ) -> Course {
        match (tiering.way, instead) {
            // Two people stand behind money: whoever said who asked, and whoever decides.
            (Way::Auto | Way::ToRole, _) if proposal.is_money_on_a_word() => {
                let why = "a person said who asked, so that somebody else decides";
                tiering.because.push(why.to_owned());
                Course::Ask(self.asking(proposal, &batch_rule()))
            }
            (Way::Auto, None) => Course::Auto,
            (Way::Auto, Some(why)) => {
                tiering
                    .because
                    .push(format!("{why}, so people are asked first"));
                Course::Ask(self.asking(proposal, &batch_rule()))
            }
            (Way::ToRole, _) => Course::ToRole {
                role: self.role_for(proposal),
            },
            (Way::Ask(rule), _) => Course::Ask(self.asking(proposal, rule)),
        }
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

    fn role_for(&self, proposal: &Proposal<'_>) -> Role {
        let matter = Matter {
            kind: Some(proposal.kind),
            verdict: proposal.verdict,
            facts: proposal.facts,
        };
        self.role_of(&matter).role
    }

    /// In `deny`, and not surely in `requires_approval`.
    fn is_denied(&self, p: &Proposal<'_>) -> bool {
        let tool = Tool::Acts(p.kind);
        self.contract.deny.perhaps(tool, p.facts)
            && !self.contract.requires_approval.surely(tool, p.facts)
    }

    fn needs_decision(&self, p: &Proposal<'_>) -> bool {
        self.contract
            .requires_approval
            .perhaps(Tool::Acts(p.kind), p.facts)
    }

    /// Money actions, `route_case` and `page_oncall` are not tools: they follow their tier alone.
    fn is_unlisted(&self, p: &Proposal<'_>) -> bool {
        p.kind.is_tool() && !self.contract.allow.surely(Tool::Acts(p.kind), p.facts)
    }

    fn why_record_only(&self, p: &Proposal<'_>) -> Option<String> {
        if self.contract.mode == Mode::ClassifyOnly {
            return Some("the mode is classify_only".to_owned());
        }
        let found = self.contract.quarantine.iter().find_map(|q| match q {
            Quarantined::Model(name) => [p.model, p.verdict.model.as_str()]
                .iter()
                .any(|model| Quarantined::covers(name, model))
                .then(|| format!("the model `{name}` is in quarantine")),
            Quarantined::Prompt(digest) => p
                .prompts
                .contains(digest)
                .then(|| format!("the prompt {} is in quarantine", digest.short())),
        });
        let category = p.verdict.category;
        let blocked = || {
            self.contract
                .block_categories
                .contains(&category)
                .then(|| format!("the category `{category}` is blocked"))
        };
        found.or_else(blocked)
    }
}

/// Phase one of everything: the proposal as a note, and telling a role that the case is theirs.
const fn runs_as_proposal(kind: ActionKind) -> bool {
    matches!(kind, ActionKind::AddInternalNote | ActionKind::RouteCase)
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
