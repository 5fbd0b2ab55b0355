//! The contract: what the agent may do at all, and within which limits.

use super::conditions::{Condition, Outcome, provenance_of, read_when};
use super::forms::contract as forms;
use super::json::{Node, Shape};
use super::limits::{Limits, read_limits};
use super::outputs::{Outputs, read_outputs};
use super::problem::did_you_mean;
use super::reader::Sheet;
use crate::domain::digest::Digest;
use crate::domain::draft::ActionKind;
use crate::domain::evidence::{Facts, Provenance};
use crate::domain::verdict::Category;
use crate::domain::words::closed_set;

/// The file that it stands in.
pub const FILE: &str = "contract.json";

closed_set! {
    /// How far the agent may go.
    Mode {
        /// Proposals are recorded, nothing is applied.
        ClassifyOnly = "classify_only",
        /// Nothing runs by itself but phase-one notes and `route_case`.
        ProposeOnly = "propose_only",
        /// What the tiers let run, runs.
        Apply = "apply",
    }
}

closed_set! {
    /// Tools that read. Those that write are actions.
    ReadTool {
        /// Reads a ticket from its desk.
        Tickets = "tickets.read",
        /// Asks Stripe, read-only.
        Stripe = "stripe.read",
    }
}

/// A tool that a list of the contract names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tool {
    /// It reads.
    Reads(ReadTool),
    /// It is an action on a ticket.
    Acts(ActionKind),
}

/// A line of `allow`, `deny` or `requires_approval`: a tool, and the condition under which the line counts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Listed {
    /// The tool.
    pub tool: Tool,
    /// All of these must hold. Empty: always.
    pub when: Vec<Condition>,
}

/// A list of the contract.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct List(pub Vec<Listed>);

impl List {
    /// Whether a line surely counts: every condition is known to hold.
    #[must_use]
    pub fn surely(&self, tool: Tool, facts: &Facts) -> bool {
        self.0.iter().any(|line| {
            line.tool == tool && line.when.iter().all(|c| c.against(facts) == Outcome::Holds)
        })
    }

    /// Whether a line may count: no condition is known to fail. For lists that forbid, unknown means they do.
    #[must_use]
    pub fn perhaps(&self, tool: Tool, facts: &Facts) -> bool {
        self.0.iter().any(|line| {
            line.tool == tool && line.when.iter().all(|c| c.against(facts) != Outcome::Fails)
        })
    }
}

/// A thing that must not be relied on for now.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Quarantined {
    /// A model and all its versions, by the name that it gives itself.
    Model(String),
    /// A prompt, by digest.
    Prompt(Digest),
}

impl Quarantined {
    /// Whether a name of the list means this model: it is the same name in any case, or that name followed by
    /// a version. What goes on with a letter or a digit is another name.
    #[must_use]
    pub fn covers(name: &str, model: &str) -> bool {
        let (name, model) = (name.trim().to_lowercase(), model.trim().to_lowercase());
        let rest = model.strip_prefix(&name);
        rest.is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
    }
}

/// What the agent may do at all.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Contract {
    /// The name of the workflow that it is for, bound into subjects with the digest of the policy.
    pub workflow: String,
    /// How far it may go.
    pub mode: Mode,
    /// Tools that may run.
    pub allow: List,
    /// Tools that may not run directly.
    pub deny: List,
    /// Tools that run only after a recorded decision.
    pub requires_approval: List,
    /// What a verdict must hold and what a model may be shown.
    pub outputs: Outputs,
    /// How much may happen.
    pub limits: Limits,
    /// Categories in which nothing is applied.
    pub block_categories: Vec<Category>,
    /// Models and prompts that are not relied on.
    pub quarantine: Vec<Quarantined>,
}

impl Contract {
    /// Whether a connector may be asked at all.
    #[must_use]
    pub fn may_read(&self, tool: ReadTool) -> bool {
        let (tool, nothing) = (Tool::Reads(tool), Facts::new());
        self.allow.surely(tool, &nothing) && !self.deny.perhaps(tool, &nothing)
    }

    /// The lists, each with the way to it: `allow` first, then those that restrict.
    #[must_use]
    pub fn lists(&self) -> [(&'static [&'static str], &List); 3] {
        [
            (&["tools", "allow"], &self.allow),
            (&["tools", "deny"], &self.deny),
            (
                &["high_risk_actions", "requires_approval"],
                &self.requires_approval,
            ),
        ]
    }

    /// Reads `contract.json`.
    pub(super) fn read(sheet: &Sheet, node: &Node) -> Option<Self> {
        let fields = sheet.form(node, &forms::FORM)?;
        fields.layout();
        let version = fields
            .required("wpc_version")
            .and_then(|n| read_version(sheet, n));
        let workflow = fields.required("workflow").and_then(|n| sheet.text(n));
        let lists = read_lists(
            sheet,
            fields.required("tools"),
            fields.required("high_risk_actions"),
        );
        let outputs = fields
            .required("outputs")
            .and_then(|n| read_outputs(sheet, n));
        let limits = fields
            .required("limits")
            .and_then(|n| read_limits(sheet, n));
        let blocked = fields
            .required("block_categories")
            .and_then(|n| sheet.list(n));
        let category = |n: &Node| sheet.word(n, "a category", Category::ALL, Category::word);
        let quarantine = fields.required("quarantine").and_then(|n| sheet.list(n));
        let block_categories = blocked.map(|items| sheet.each(items, category));
        let quarantine = quarantine.map(|items| sheet.each(items, |n| read_quarantined(sheet, n)));
        version?;
        let (mode, outputs) = outputs?;
        let (allow, deny, requires_approval) = lists?;
        Some(Self {
            workflow: workflow?.to_owned(),
            mode,
            allow,
            deny,
            requires_approval,
            outputs,
            limits: limits?,
            block_categories: block_categories?,
            quarantine: quarantine?,
        })
    }
}

/// Reads `allow`, `deny` and `requires_approval`, and holds them against each other.
fn read_lists(
    sheet: &Sheet,
    tools: Option<&Node>,
    risky: Option<&Node>,
) -> Option<(List, List, List)> {
    let tools = tools.and_then(|n| sheet.form(n, &forms::TOOLS));
    let risky = risky.and_then(|n| sheet.form(n, &forms::HIGH_RISK));
    let allow_at = tools.as_ref().and_then(|t| t.required("allow"));
    let allow = allow_at.and_then(|n| read_list(sheet, n));
    let deny = tools.as_ref().and_then(|t| t.required("deny"));
    let deny = deny.and_then(|n| read_list(sheet, n));
    let requires = risky.as_ref().and_then(|r| r.required("requires_approval"));
    let requires = requires.and_then(|n| read_list(sheet, n));
    let allow = allow?;
    refuse_contradictions(sheet, (&allow, allow_at?), deny.as_ref(), requires.as_ref());
    refuse_soft_conditions(sheet, &allow, allow_at?);
    Some((allow, deny?, requires?))
}

fn read_version(sheet: &Sheet, node: &Node) -> Option<()> {
    match sheet.text(node)? {
        "1" => Some(()),
        other => sheet.refuse(
            node.at,
            format!("this program does not know version `{other}` of the contract"),
            "`\"1\"`",
        ),
    }
}

/// Reads a list of tools. It may be empty: an empty `deny` denies nothing, an empty `allow` allows nothing.
fn read_list(sheet: &Sheet, node: &Node) -> Option<List> {
    Some(List(
        sheet.each(sheet.list(node)?, |item| read_listed(sheet, item)),
    ))
}

fn read_listed(sheet: &Sheet, node: &Node) -> Option<Listed> {
    if !matches!(node.shape, Shape::Object(_)) {
        return Some(Listed {
            tool: read_tool(sheet, node)?,
            when: Vec::new(),
        });
    }
    let fields = sheet.form(node, &forms::CONDITIONAL)?;
    let tool = fields.required("tool").and_then(|n| read_tool(sheet, n));
    let when = fields
        .required("when")
        .and_then(|n| read_when(sheet, n, None));
    if let (Some(Tool::Reads(_)), Some(at)) = (tool, fields.entry("when")) {
        return sheet.refuse(
            at.key_at,
            "a read tool has no condition: it reads before any fact is known",
            "the plain name",
        );
    }
    Some(Listed {
        tool: tool?,
        when: when?,
    })
}

fn read_tool(sheet: &Sheet, node: &Node) -> Option<Tool> {
    let word = sheet.text(node)?;
    if let Some(read) = ReadTool::from_word(word) {
        return Some(Tool::Reads(read));
    }
    match ActionKind::from_word(word) {
        Some(kind) if kind.is_tool() => Some(Tool::Acts(kind)),
        Some(_) => sheet.refuse(
            node.at,
            format!("`{word}` is not a tool"),
            format!("nothing here: it follows `tiers/{word}.json`"),
        ),
        None => {
            let acts = ActionKind::ALL
                .iter()
                .filter(|k| k.is_tool())
                .map(|k| k.word());
            let known: Vec<&str> = ReadTool::ALL.iter().map(|t| t.word()).chain(acts).collect();
            sheet.refuse(
                node.at,
                format!("`{word}` is not a tool"),
                did_you_mean(word, &known),
            )
        }
    }
}

/// A tool that is always allowed and always denied says nothing; so does one that is always allowed
/// and always needs a decision.
fn refuse_contradictions(
    sheet: &Sheet,
    (allow, node): (&List, &Node),
    deny: Option<&List>,
    requires: Option<&List>,
) {
    for line in allow.0.iter().filter(|line| line.when.is_empty()) {
        for (other, name) in [(deny, "deny"), (requires, "requires_approval")] {
            if other.is_some_and(|list| list.0.contains(line)) {
                let word = match line.tool {
                    Tool::Reads(tool) => tool.word(),
                    Tool::Acts(kind) => kind.word(),
                };
                sheet.note(
                    node.at,
                    format!("`{word}` stands in `allow` and in `{name}`"),
                    "it in one of the two",
                );
            }
        }
    }
}

/// A condition in `allow` lowers risk, so the model's word may stand in it only where a mistake can
/// be taken back and no customer sees it.
fn refuse_soft_conditions(sheet: &Sheet, allow: &List, node: &Node) {
    for line in &allow.0 {
        let Tool::Acts(kind) = line.tool else {
            continue;
        };
        if kind.reversible() && !kind.customer_sees() {
            continue;
        }
        for soft in line
            .when
            .iter()
            .filter(|c| provenance_of(c.fact) == Provenance::Model)
        {
            let message = format!(
                "`{kind}` would be allowed because the model says `{}`",
                soft.fact
            );
            sheet.note(
                node.at,
                message,
                "a condition on facts that a connector vouches for",
            );
        }
    }
}

fn read_quarantined(sheet: &Sheet, node: &Node) -> Option<Quarantined> {
    let text = sheet.text(node)?.trim();
    let hex = text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if hex && text.len() >= 12 && text.len() != 64 {
        // As a model's name it would quarantine nothing.
        sheet.note(
            node.at,
            "this is a part of a digest",
            "all 64 hex digits of the prompt's digest",
        );
        return None;
    }
    Some(
        Digest::parse(text)
            .map_or_else(|| Quarantined::Model(text.to_owned()), Quarantined::Prompt),
    )
}
