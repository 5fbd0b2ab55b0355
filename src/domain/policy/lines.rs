//! The table "what may an action do?": its lines in order, and why each of them applies to a proposal or does not.

use super::Policy;
use super::assess::Proposal;
use super::contract::{FILE, List, Mode, Quarantined, Tool};
use crate::domain::draft::ActionKind;
use crate::domain::words::closed_set;

closed_set! {
    /// The lines of the table. The first that applies counts.
    Line {
        /// In `deny`, and nobody may approve it.
        Denied = "denied",
        /// A hard block or a broken constraint holds.
        Blocked = "blocked",
        /// The mode, a quarantine or a blocked category lets nothing be applied.
        RecordOnly = "record_only",
        /// In `requires_approval`: only after a decision.
        RequiresApproval = "requires_approval",
        /// In neither list: a note only.
        Unlisted = "unlisted",
        /// The mode lets nothing run by itself.
        ProposeOnly = "propose_only",
        /// As the tier routes it.
        AsTiered = "as_tiered",
    }
}

/// A line that was tried.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize)]
pub struct LineTried {
    /// The line.
    pub line: Line,
    /// Whether it applies. Nothing after it counts then.
    pub applies: bool,
    /// Why it does, or why it does not.
    pub why: String,
}

impl Policy {
    /// The line that applies, and why. `blocked` is the hard block or broken constraint that holds.
    pub(super) fn line_of(&self, p: &Proposal<'_>, blocked: Option<&str>) -> (Line, String) {
        let tried = self.lines_tried(p, blocked);
        tried.into_iter().next_back().map_or_else(
            || (Line::AsTiered, String::new()),
            |last| (last.line, last.why),
        )
    }

    /// The lines up to the one that applies.
    pub(super) fn lines_tried(&self, p: &Proposal<'_>, blocked: Option<&str>) -> Vec<LineTried> {
        let mut tried = Vec::new();
        for line in Line::ALL.iter().copied() {
            let (applies, why) = self.try_line(line, p, blocked);
            tried.push(LineTried { line, applies, why });
            if applies {
                break;
            }
        }
        tried
    }

    fn try_line(&self, line: Line, p: &Proposal<'_>, blocked: Option<&str>) -> (bool, String) {
        match line {
            Line::Denied => self.denied(p),
            Line::Blocked => blocked.map_or_else(
                || {
                    (
                        false,
                        "no hard block or constraint stands against it".to_owned(),
                    )
                },
                |reason| (true, reason.to_owned()),
            ),
            Line::RecordOnly => self.recorded_only(p),
            Line::RequiresApproval => self.requires_approval(p),
            Line::Unlisted => self.unlisted(p),
            Line::ProposeOnly => self.proposed_only(p.kind),
            Line::AsTiered => (true, "the tier says what follows".to_owned()),
        }
    }

    /// In `deny`, and not surely in `requires_approval`.
    fn denied(&self, p: &Proposal<'_>) -> (bool, String) {
        let (tool, contract) = (Tool::Acts(p.kind), &self.contract);
        if !contract.deny.perhaps(tool, p.facts) {
            return (false, not_named(&contract.deny, "deny", p));
        }
        if contract.requires_approval.surely(tool, p.facts) {
            let kind = p.kind;
            let why = format!(
                "`{kind}` is in `deny`, and in `requires_approval`, so people may approve it"
            );
            return (false, why);
        }
        let kind = p.kind;
        let why = format!("{FILE} denies `{kind}` and does not let anybody approve it");
        (true, why)
    }

    fn requires_approval(&self, p: &Proposal<'_>) -> (bool, String) {
        let list = &self.contract.requires_approval;
        if list.perhaps(Tool::Acts(p.kind), p.facts) {
            (true, format!("{FILE} requires approval for `{}`", p.kind))
        } else {
            (false, not_named(list, "requires_approval", p))
        }
    }

    /// Money actions, `route_case` and `page_oncall` are not tools: they follow their tier alone.
    fn unlisted(&self, p: &Proposal<'_>) -> (bool, String) {
        let kind = p.kind;
        if !kind.is_tool() {
            return (false, no_tool(kind));
        }
        if self.contract.allow.surely(Tool::Acts(kind), p.facts) {
            return (false, format!("`{kind}` is in `allow`"));
        }
        let why = format!("`{kind}` is in neither list of {FILE}: it is proposed in a note only");
        (true, why)
    }

    /// Phase one of everything runs: the proposal as a note, and telling a role that the case is theirs.
    fn proposed_only(&self, kind: ActionKind) -> (bool, String) {
        if self.contract.mode != Mode::ProposeOnly {
            return (false, format!("the mode is {}", self.contract.mode));
        }
        if matches!(kind, ActionKind::AddInternalNote | ActionKind::RouteCase) {
            let why = format!("the mode is propose_only, and `{kind}` is a proposal itself");
            return (false, why);
        }
        (true, "the mode is propose_only".to_owned())
    }

    fn recorded_only(&self, p: &Proposal<'_>) -> (bool, String) {
        let mode = self.contract.mode;
        if mode == Mode::ClassifyOnly {
            return (true, "the mode is classify_only".to_owned());
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
        if let Some(why) = found {
            return (true, why);
        }
        let category = p.verdict.category;
        if self.contract.block_categories.contains(&category) {
            return (true, format!("the category `{category}` is blocked"));
        }
        let why = format!(
            "the mode is {mode}, the category `{category}` is not blocked, and neither model nor prompt is in quarantine"
        );
        (false, why)
    }
}

fn no_tool(kind: ActionKind) -> String {
    format!("`{kind}` is no tool: the lists are not about it, and it follows its tier")
}

/// Why a list that forbids does not name an action: it is no tool, not in it, or a condition is known to fail.
fn not_named(list: &List, name: &str, p: &Proposal<'_>) -> String {
    let kind = p.kind;
    if !kind.is_tool() {
        return no_tool(kind);
    }
    let lines = list.0.iter().filter(|l| l.tool == Tool::Acts(kind));
    let failing: Vec<String> = lines
        .filter_map(|l| l.when.iter().find_map(|c| c.why_not(p.facts)))
        .collect();
    if failing.is_empty() {
        format!("`{kind}` is not in `{name}`")
    } else {
        format!(
            "`{name}` names `{kind}` for other cases: {}",
            failing.join("; ")
        )
    }
}
