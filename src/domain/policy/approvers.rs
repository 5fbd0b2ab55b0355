//! Approver rules by name, the members of roles, and the operators.

use std::collections::BTreeMap;

use super::conditions::read_money;
use super::forms::approvers as forms;
use super::json::{Entry, Node, Spot};
use super::people::{People, read_id, read_people};
use super::problem::did_you_mean;
use super::reader::{Fields, Sheet};
use crate::domain::escalation::Role;
use crate::domain::ids::{RuleName, TeamId};
use crate::domain::money::{Currency, Money};

/// The file that they stand in.
pub const FILE: &str = "approvers.json";

/// The rule for batches that name none.
pub const BATCH_REVIEWERS: &str = "batch_reviewers";

/// How many distinct people a rule may demand.
pub const QUORUM: std::ops::RangeInclusive<i64> = 1..=20;

/// The people up to an amount. The last band has no upper end.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Band {
    /// The highest amount that it is for.
    pub up_to: Option<Money>,
    /// Who.
    pub people: People,
}

/// Who may decide.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ApproverRule {
    /// What people call the rule.
    pub label: Option<String>,
    /// One band without an end where the amount does not matter.
    bands: Vec<Band>,
    /// How many distinct people must approve. At least one.
    pub quorum: u32,
}

impl ApproverRule {
    /// The people for an amount. An unknown amount, or one in another currency, is for the last band.
    #[must_use]
    pub fn people(&self, amount: Option<Money>) -> Option<&People> {
        let fits = |band: &&Band| match (band.up_to, amount) {
            (None, _) => true,
            (Some(limit), Some(sum)) => limit.currency == sum.currency && sum.minor <= limit.minor,
            (Some(_), None) => false,
        };
        self.bands.iter().find(fits).map(|band| &band.people)
    }

    /// All bands, lowest first.
    #[must_use]
    pub fn bands(&self) -> &[Band] {
        &self.bands
    }
}

/// All of `approvers.json`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Approvers {
    /// The workspace that the ids belong to where none is named.
    pub team: TeamId,
    /// The rules.
    pub rules: BTreeMap<RuleName, ApproverRule>,
    /// Who acts for each role.
    pub roles: BTreeMap<Role, People>,
    /// Who may resume, pin, erase, repair.
    pub operators: People,
}

impl Approvers {
    /// Reads `approvers.json`.
    pub(super) fn read(sheet: &Sheet, node: &Node) -> Option<Self> {
        let fields = sheet.form(node, &forms::FORM)?;
        fields.layout();
        let team = fields
            .required("team")
            .and_then(|n| read_id(sheet, n, "a workspace", &['T']))
            .map(TeamId::new);
        // Without the workspace the rest is still read, for its own problems.
        let home = team.clone().unwrap_or_else(|| TeamId::new("T"));
        let rules = fields.required("rules").and_then(|n| sheet.map(n));
        let mut read = BTreeMap::new();
        for entry in rules.as_ref().map(Fields::entries).unwrap_or_default() {
            if let (Some(name), Some(rule)) = (
                read_name(sheet, entry),
                read_rule(sheet, &entry.value, &home),
            ) {
                read.insert(name, rule);
            }
        }
        if let Some(rules) = rules
            .as_ref()
            .filter(|r| r.entry(BATCH_REVIEWERS).is_none())
        {
            sheet.note(rules.at(), format!("the rule `{BATCH_REVIEWERS}` is missing"), format!("`\"{BATCH_REVIEWERS}\": {{ ... }}`: batches without a rule of their own go to it"));
        }
        let roles = fields
            .required("roles")
            .and_then(|n| sheet.form(n, &forms::ROLES));
        let mut members = BTreeMap::new();
        for role in Role::ALL {
            let node = roles.as_ref().and_then(|r| r.required(role.word()));
            if let Some(people) = node
                .and_then(|n| sheet.form(n, &forms::PEOPLE))
                .and_then(|f| read_people(&f, &home))
            {
                members.insert(*role, people);
            }
        }
        let operators = fields
            .required("operators")
            .and_then(|n| sheet.form(n, &forms::PEOPLE));
        let operators = operators.and_then(|f| read_people(&f, &home));
        rules?;
        Some(Self {
            team: team?,
            rules: read,
            roles: members,
            operators: operators?,
        })
    }
}

fn read_name(sheet: &Sheet, entry: &Entry) -> Option<RuleName> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if entry.key.is_empty() || entry.key.len() > 60 || !entry.key.chars().all(plain) {
        return sheet.refuse(
            entry.key_at,
            format!("`{}` is not a name of a rule", entry.key),
            "lower-case letters, digits and underscores",
        );
    }
    Some(RuleName::new(entry.key.as_str()))
}

fn read_rule(sheet: &Sheet, node: &Node, team: &TeamId) -> Option<ApproverRule> {
    let fields = sheet.form(node, &forms::RULE)?;
    let label = fields
        .optional("label")
        .and_then(|n| sheet.text(n))
        .map(str::to_owned);
    let quorum = fields
        .optional("quorum")
        .map_or(Some(1), |n| sheet.whole(n, QUORUM));
    let quorum = u32::try_from(quorum?).ok()?;
    let bands = if fields.entry("amount_bands").is_some() {
        read_banded(&fields, team)?
    } else {
        if let Some(extra) = fields.entry("currency") {
            let message = "`currency` means nothing without `amount_bands`";
            sheet.note(extra.key_at, message, "nothing here");
        }
        let people = read_people(&fields, team)?;
        vec![Band {
            up_to: None,
            people,
        }]
    };
    for people in bands.iter().map(|b| &b.people) {
        let (may, groups) = (people.users.len(), people.groups.len());
        // Where no id could be read, each of them is a problem of its own, and counting adds nothing.
        if groups == 0 && (1..quorum as usize).contains(&may) {
            let message = format!("{quorum} people must approve, but only {may} may");
            sheet.note(node.at, message, "a lower `quorum` or more `users`");
        }
    }
    Some(ApproverRule {
        label,
        bands,
        quorum,
    })
}

fn read_banded(fields: &Fields<'_>, team: &TeamId) -> Option<Vec<Band>> {
    let sheet = fields.sheet();
    for key in ["users", "groups"] {
        if let Some(extra) = fields.entry(key) {
            let message = format!("`{key}` stands beside `amount_bands`");
            sheet.note(extra.key_at, message, "the people inside each band");
        }
    }
    let currency = fields
        .required("currency")
        .and_then(|n| read_currency(sheet, n))?;
    read_bands(sheet, fields.optional("amount_bands")?, currency, team)
}

fn read_bands(sheet: &Sheet, node: &Node, currency: Currency, team: &TeamId) -> Option<Vec<Band>> {
    let items = sheet.some_of(node, "band")?;
    let mut bands: Vec<Band> = Vec::new();
    let mut last: Option<Money> = None;
    for (i, item) in items.iter().enumerate() {
        let Some(fields) = sheet.form(item, &forms::BAND) else {
            continue;
        };
        let people = read_people(&fields, team);
        let is_last = i + 1 == items.len();
        let (key, fix) = if is_last {
            (
                "gt",
                "`gt` with the end of the band before, so that no amount is without approvers",
            )
        } else {
            ("lte", "`lte` with the end of this band")
        };
        let (Some(limit_at), 1) = (
            fields.optional(key),
            ["lte", "gt"]
                .iter()
                .filter(|k| fields.entry(k).is_some())
                .count(),
        ) else {
            sheet.note(item.at, "the bands do not cover every amount", fix);
            continue;
        };
        let Some(limit) = read_money(sheet, limit_at, Some(currency)) else {
            continue;
        };
        let fits = if is_last {
            last.is_none_or(|l| l == limit) && i > 0
        } else {
            last.is_none_or(|l| l.minor < limit.minor)
        };
        if !fits {
            sheet.note(
                limit_at.at,
                "the bands do not follow one another",
                "ascending `lte`, and last a `gt` that begins where they end",
            );
        }
        last = Some(limit);
        if let Some(people) = people {
            bands.push(Band {
                up_to: (!is_last).then_some(limit),
                people,
            });
        }
    }
    (bands.len() == items.len()).then_some(bands)
}

/// Reads an ISO 4217 code.
#[must_use]
pub(super) fn read_currency(sheet: &Sheet, node: &Node) -> Option<Currency> {
    let text = sheet.text(node)?;
    let currency = Currency::parse(text).filter(|c| c.code() == text);
    currency.or_else(|| {
        sheet.refuse(
            node.at,
            format!("`{text}` is not a currency code"),
            "three lower-case letters such as `usd`",
        )
    })
}

/// Refuses a name of a rule that does not exist.
pub(super) fn check_rule(sheet: &Sheet, at: Spot, name: &RuleName, rules: &[RuleName]) {
    if !rules.contains(name) {
        let known: Vec<&str> = rules.iter().map(RuleName::as_str).collect();
        sheet.note(
            at,
            format!("there is no approver rule `{name}` in approvers.json"),
            did_you_mean(name.as_str(), &known),
        );
    }
}
