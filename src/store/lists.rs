//! Lists that people read: cases, and what waits for whom. Indexed, so that closed cases cost nothing.

use super::Store;
use super::error::StoreError;
use super::journal::{signed, unsigned};
use super::similar::headline;
use super::sql::{Row, Sql};
use crate::domain::approval::Tier;
use crate::domain::case::Stage;
use crate::domain::draft::ActionKind;
use crate::domain::escalation::Role;
use crate::domain::ids::{BatchId, CaseId, RequestId, RuleName, SourceName, UserId};
use crate::domain::time::At;
use crate::domain::verdict::{Category, Severity};

/// Which cases a list holds. Absent means any.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct CaseFilter {
    /// Only cases that are not done.
    pub open: bool,
    /// Only this stage.
    pub stage: Option<Stage>,
    /// Only cases that this role has.
    pub role: Option<Role>,
    /// Only this category.
    pub category: Option<Category>,
    /// Only cases that this person took.
    pub taken_by: Option<UserId>,
    /// The order.
    pub order: CaseOrder,
}

/// The order of a list.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum CaseOrder {
    /// The newest number first.
    #[default]
    Newest,
    /// The earliest deadline first, cases without one last.
    DueFirst,
}

/// Which part of a list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Page {
    /// How many lines are skipped.
    pub skip: u32,
    /// How many lines are read.
    pub most: u32,
}

/// The first line of a case's redacted text, or why there is none.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Headline {
    /// The line.
    Text(String),
    /// The ticket was not redacted yet, and nothing of it is shown before that.
    NotRead,
    /// The text was erased.
    Erased,
}

impl Headline {
    fn of(redacted: Option<&str>, text: Option<String>) -> Self {
        match (redacted, text) {
            (None, _) => Self::NotRead,
            (Some(_), None) => Self::Erased,
            (Some(_), Some(text)) => Self::Text(headline(&text)),
        }
    }
}

impl std::fmt::Display for Headline {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Text(text) => text,
            Self::NotRead => "(not read yet)",
            Self::Erased => "(erased)",
        })
    }
}

/// One line of the list of cases.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CaseLine {
    /// The case.
    pub case: CaseId,
    /// The number that people call it by.
    pub number: u64,
    /// Where it stands.
    pub stage: Stage,
    /// How bad it is, once triaged.
    pub severity: Option<Severity>,
    /// What it is about, once triaged.
    pub category: Option<Category>,
    /// The queue that triage recommends, or the one it came in.
    pub queue: Option<String>,
    /// The role that has it, if one has.
    pub role: Option<Role>,
    /// The first line of the redacted text, or why there is none.
    pub headline: Headline,
    /// The approver rule or the role that is waited for.
    pub waiting_on: Option<String>,
    /// Who of the role took it.
    pub taken_by: Option<UserId>,
    /// The earliest deadline.
    pub due_at: Option<At>,
    /// When it came.
    pub opened_at: At,
    /// When something last happened.
    pub changed_at: At,
    /// The source.
    pub source: SourceName,
    /// The ticket's id there.
    pub external: String,
}

/// One request that waits for people.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PendingLine {
    /// The request.
    pub request: RequestId,
    /// The case.
    pub case: CaseId,
    /// The number of the case.
    pub number: u64,
    /// Who may decide.
    pub rule: RuleName,
    /// The tier.
    pub tier: Tier,
    /// What would be done.
    pub action: ActionKind,
    /// The batch that it is a row of.
    pub batch: Option<BatchId>,
    /// When it lapses.
    pub due_at: At,
    /// The first line of the redacted text, or why there is none.
    pub headline: Headline,
}

const CASE_LINE: &str = "SELECT c.case_id, c.number, c.stage, c.severity, c.category, c.queue, c.role, t.text, c.waiting_on, \
     c.taken_by, c.due_at, c.opened_at, c.changed_at, c.source, c.external, c.headline \
     FROM cases c LEFT JOIN content t ON t.sealed = c.headline WHERE 1 = 1";

impl Store {
    /// A part of the list of cases.
    ///
    /// # Errors
    /// `Busy` and `Away`; `Corrupt` when a row does not read.
    pub async fn cases(
        &self,
        filter: &CaseFilter,
        page: Page,
    ) -> Result<Vec<CaseLine>, StoreError> {
        let mut asked = Sql::of(CASE_LINE);
        if filter.open {
            asked = asked.and(" AND c.stage <> 'done'");
        }
        for (column, value) in [
            ("stage", filter.stage.map(Stage::word)),
            ("role", filter.role.map(Role::word)),
            ("category", filter.category.map(Category::word)),
            ("taken_by", filter.taken_by.as_ref().map(UserId::as_str)),
        ] {
            if let Some(value) = value {
                let place = format!(" AND c.{column} = ${}", asked.next());
                asked = asked.and(&place).text(value);
            }
        }
        let order = match filter.order {
            CaseOrder::Newest => " ORDER BY c.number DESC",
            CaseOrder::DueFirst => " ORDER BY coalesce(c.due_at, 9223372036854775807), c.number",
        };
        let part = format!(
            "{order} LIMIT ${} OFFSET ${}",
            asked.next(),
            asked.next() + 1
        );
        let asked = asked.and(&part).int(page.most.into()).int(page.skip.into());
        self.pools()
            .rows(asked)
            .await?
            .iter()
            .map(case_line)
            .collect()
    }

    /// The line of one case.
    ///
    /// # Errors
    /// As [`Store::cases`].
    pub async fn case_line(&self, number: u64) -> Result<Option<CaseLine>, StoreError> {
        let asked = Sql::of(CASE_LINE)
            .and(" AND c.number = $1")
            .int(signed(number));
        self.pools()
            .row(asked)
            .await?
            .as_ref()
            .map(case_line)
            .transpose()
    }

    /// The requests that wait for any of these rules or for this person, the earliest deadline first.
    ///
    /// # Errors
    /// As [`Store::cases`].
    pub async fn waiting_for(
        &self,
        rules: &[RuleName],
        user: Option<&UserId>,
        page: Page,
    ) -> Result<Vec<PendingLine>, StoreError> {
        let mut asked = Sql::of(
            "SELECT r.request_id, r.case_id, c.number, r.rule, r.tier, r.action, r.batch_id, r.due_at, t.text, c.headline \
             FROM requests r JOIN cases c ON c.case_id = r.case_id LEFT JOIN content t ON t.sealed = c.headline \
             WHERE r.state = 'pending' AND (1 = 0",
        );
        for rule in rules {
            let place = format!(" OR r.rule = ${}", asked.next());
            asked = asked.and(&place).text(rule.as_str());
        }
        if let Some(user) = user {
            let place = format!(
                " OR EXISTS (SELECT 1 FROM request_people p WHERE p.request_id = r.request_id AND p.user_id = ${})",
                asked.next()
            );
            asked = asked.and(&place).text(user.as_str());
        }
        let part = format!(
            ") ORDER BY r.due_at, c.number, r.request_id LIMIT ${} OFFSET ${}",
            asked.next(),
            asked.next() + 1
        );
        let asked = asked.and(&part).int(page.most.into()).int(page.skip.into());
        self.pools()
            .rows(asked)
            .await?
            .iter()
            .map(pending_line)
            .collect()
    }
}

fn case_line(row: &Row) -> Result<CaseLine, StoreError> {
    let severity = row.maybe_int(3)?.map(|level| {
        u8::try_from(level)
            .ok()
            .and_then(Severity::of)
            .ok_or_else(|| StoreError::corrupt("a line of cases", "a severity goes from 1 to 5"))
    });
    Ok(CaseLine {
        case: CaseId::new(row.text(0)?),
        number: unsigned(row.int(1)?),
        stage: word(row, 2, Stage::from_word)?,
        severity: severity.transpose()?,
        category: maybe_word(row, 4, Category::from_word)?,
        queue: row.maybe_text(5)?,
        role: maybe_word(row, 6, Role::from_word)?,
        headline: Headline::of(row.maybe_text(15)?.as_deref(), row.maybe_text(7)?),
        waiting_on: row.maybe_text(8)?,
        taken_by: row.maybe_text(9)?.map(UserId::new),
        due_at: row.maybe_int(10)?.map(At),
        opened_at: At(row.int(11)?),
        changed_at: At(row.int(12)?),
        source: SourceName::new(row.text(13)?),
        external: row.text(14)?,
    })
}

fn pending_line(row: &Row) -> Result<PendingLine, StoreError> {
    Ok(PendingLine {
        request: RequestId::new(row.text(0)?),
        case: CaseId::new(row.text(1)?),
        number: unsigned(row.int(2)?),
        rule: RuleName::new(row.text(3)?),
        tier: word(row, 4, Tier::from_word)?,
        action: word(row, 5, ActionKind::from_word)?,
        batch: row.maybe_text(6)?.map(BatchId::new),
        due_at: At(row.int(7)?),
        headline: Headline::of(row.maybe_text(9)?.as_deref(), row.maybe_text(8)?),
    })
}

/// A member of a closed set, by its stored word.
pub(super) fn word<T>(
    row: &Row,
    column: usize,
    read: fn(&str) -> Option<T>,
) -> Result<T, StoreError> {
    let word = row.text(column)?;
    read(&word).ok_or_else(|| {
        StoreError::corrupt("a line of a list", format!("`{word}` is no word of ours"))
    })
}

fn maybe_word<T>(
    row: &Row,
    column: usize,
    read: fn(&str) -> Option<T>,
) -> Result<Option<T>, StoreError> {
    match row.maybe_text(column)? {
        Some(_) => word(row, column, read).map(Some),
        None => Ok(None),
    }
}
