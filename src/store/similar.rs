//! Similar decided cases: the database finds candidates by word, and one rule of ours ranks them on both alike.

use std::collections::{BTreeMap, BTreeSet};

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use super::Store;
use super::content::texts_within;
use super::error::StoreError;
use super::journal::{signed, unsigned};
use super::sql::{Sql, Tx};
use crate::domain::approval::{RequestProgress, RequestState, Verb};
use crate::domain::card::SimilarFace;
use crate::domain::case::Case;
use crate::domain::content::Sealed;
use crate::domain::draft::{Action, ActionKind, Draft, Origin};
use crate::domain::ids::{CaseId, RequestId};

/// How many candidates the database gives, the newest first.
const CANDIDATES: i64 = 200;
/// How many words of a text are looked for.
const ASKED_WORDS: usize = 40;
/// How many words of a text are kept for the search.
const KEPT_WORDS: usize = 400;
/// The longest headline, in characters.
const HEADLINE: usize = 120;

/// Words that stand in every ticket and tell none from another.
const COMMON: &[&str] = &[
    "about", "and", "are", "auf", "aus", "been", "bei", "but", "can", "could", "das", "dear",
    "den", "der", "des", "die", "dies", "ein", "eine", "for", "from", "fur", "get", "had", "has",
    "have", "hello", "hier", "how", "ich", "ihr", "ist", "its", "just", "kann", "mein", "meine",
    "mich", "mir", "mit", "nicht", "not", "now", "our", "please", "sie", "sind", "thank", "thanks",
    "that", "the", "their", "them", "then", "there", "they", "this", "und", "uns", "von", "was",
    "were", "what", "when", "which", "will", "wir", "with", "would", "you", "your", "zum",
];

impl Store {
    /// The decided cases most like a redacted text, for one action, the most alike first.
    ///
    /// The case itself is left out. The same examples give the same answer on both databases.
    ///
    /// # Errors
    /// `Busy` and `Away`.
    pub async fn similar(
        &self,
        text: &str,
        action: ActionKind,
        except: &CaseId,
        most: usize,
    ) -> Result<Vec<SimilarFace>, StoreError> {
        let asked = asked_words(text);
        if asked.is_empty() {
            return Ok(vec![]);
        }
        let found = Sql::of(self.dialect().examples_with_words())
            .text(action.word())
            .text(self.dialect().any_word(&asked))
            .int(CANDIDATES);
        let mut candidates = vec![];
        for row in self.pools().rows(found).await? {
            if row.text(5)? == except.as_str() {
                continue;
            }
            let words = row.text(4)?.split(' ').map(str::to_owned).collect();
            let face = SimilarFace {
                number: unsigned(row.int(0)?),
                headline: row.text(1)?,
                proposed: row.text(2)?,
                outcome: row.text(3)?,
            };
            candidates.push((words, face));
        }
        Ok(ranked(&asked, candidates, most))
    }

    /// Forgets the decided drafts of a case. The journal still says what was decided.
    ///
    /// # Errors
    /// `Busy` and `Away`.
    pub async fn forget_examples(&self, case: &CaseId) -> Result<u64, StoreError> {
        let dropped = Sql::of("DELETE FROM examples WHERE case_id = $1").text(case.as_str());
        self.pools().run(dropped).await
    }
}

/// Ranks by the words shared, rare ones counting more, against all words of both texts; newer first where equal.
///
/// Integers only, so that no rounding differs between machines.
fn ranked(
    asked: &[String],
    candidates: Vec<(BTreeSet<String>, SimilarFace)>,
    most: usize,
) -> Vec<SimilarFace> {
    let total = candidates.len() as u64;
    let weight = |word: &String| {
        let holding = candidates
            .iter()
            .filter(|(words, _)| words.contains(word))
            .count() as u64;
        1 + (total + 1) * 1_000 / (holding + 1)
    };
    let weights: BTreeMap<&String, u64> = asked.iter().map(|word| (word, weight(word))).collect();
    let mut scored: Vec<(u64, usize)> = candidates
        .iter()
        .enumerate()
        .map(|(place, (words, _))| {
            let shared: u64 = weights
                .iter()
                .filter(|(word, _)| words.contains(**word))
                .map(|(_, weight)| weight)
                .sum();
            let spread = (words.len() + asked.len()) as u64;
            (shared * 1_000 / spread.max(1), place)
        })
        .collect();
    scored.sort_by_key(|(score, place)| (std::cmp::Reverse(*score), *place));
    let mut faces: Vec<Option<SimilarFace>> =
        candidates.into_iter().map(|(_, face)| Some(face)).collect();
    scored
        .into_iter()
        .take(most)
        .filter_map(|(_, place)| faces.get_mut(place).and_then(Option::take))
        .collect()
}

/// The longest words that tell a text from others, each once, in the order of the alphabet.
fn asked_words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = normal_words(text);
    words.sort_by_key(|word| (std::cmp::Reverse(word.chars().count()), word.clone()));
    words.truncate(ASKED_WORDS);
    words.sort();
    words
}

/// The words of a text without case, accents and common words, each once, in the order of the alphabet.
///
/// Only letters and digits remain, so that neither database splits or folds them any further.
fn normal_words(text: &str) -> Vec<String> {
    let plain: String = text
        .nfkd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .collect();
    let words: BTreeSet<String> = plain
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.chars().count() > 2 && word.len() < 100 && !COMMON.contains(word))
        .map(str::to_owned)
        .collect();
    words.into_iter().take(KEPT_WORDS).collect()
}

/// A decided draft, to be kept with the redacted text that it answered.
pub(super) struct Example {
    position: i64,
    request: RequestId,
    case: CaseId,
    number: u64,
    action: ActionKind,
    proposed: String,
    outcome: String,
    text: Sealed,
}

impl Example {
    /// What became of a request, where a person decided it and there is a text to keep it with.
    pub(super) fn of(case: &Case, id: &RequestId, position: i64) -> Option<Self> {
        let progress = case.request(id)?;
        let draft = case.draft(&progress.request.draft)?;
        let kept = matches!(
            progress.state,
            RequestState::Approved | RequestState::Rejected | RequestState::Undone
        );
        kept.then_some(Self {
            position,
            request: id.clone(),
            case: case.id.clone(),
            number: case.number,
            action: draft.draft.action.kind(),
            proposed: proposed(&draft.draft.action),
            outcome: outcome(progress, &draft.draft),
            text: case.view.as_ref()?.text,
        })
    }

    fn row(&self, text: &str) -> Sql {
        Sql::row()
            .int(self.position)
            .text(self.request.as_str())
            .text(self.case.as_str())
            .int(signed(self.number))
            .text(self.action.word())
            .text(headline(text))
            .text(&self.proposed)
            .text(&self.outcome)
            .text(normal_words(text).join(" "))
    }
}

/// The rows of these examples, with their texts as this transaction sees them. One whose text was erased is left out.
pub(super) async fn example_rows(
    tx: &mut Tx,
    examples: Vec<Example>,
) -> Result<Vec<Sql>, StoreError> {
    let texts = texts_within(tx, examples.iter().map(|one| one.text)).await?;
    let row = |one: &Example| Some(one.row(texts.get(&one.text)?));
    Ok(examples.iter().filter_map(row).collect())
}

/// The first line of a text that says something, cut with a mark where it is long.
pub(super) fn headline(text: &str) -> String {
    let line = text
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty())
        .unwrap_or("");
    if line.chars().count() <= HEADLINE {
        return line.to_owned();
    }
    let cut: String = line.chars().take(HEADLINE - 1).collect();
    format!("{}…", cut.trim_end())
}

/// What an action proposed, in a few words.
fn proposed(action: &Action) -> String {
    match action {
        Action::AddLabel { label } => format!("add the label {label}"),
        Action::AddInternalNote { .. } => "write an internal note".into(),
        Action::Assign { queue } => format!("move to the queue {queue}"),
        Action::SetPriority { priority } => format!("set the priority to {priority}"),
        Action::NotifyCustomer { .. } => "reply to the customer".into(),
        Action::RouteCase { role } => format!("hand the case to {role}"),
        Action::PageOncall { role } => format!("page the on-call of {role}"),
        Action::Refund { amount, .. } => format!("recommend a refund of {amount}"),
        Action::Credit { amount, .. } => format!("recommend a credit of {amount}"),
        Action::InvoiceAdjust { amount, .. } => format!("recommend an invoice change of {amount}"),
        Action::SubscriptionCancel {
            at_period_end: true,
            ..
        } => "recommend ending the subscription with the paid period".into(),
        Action::SubscriptionCancel { .. } => "recommend ending the subscription now".into(),
    }
}

/// What people made of a request that is settled.
fn outcome(progress: &RequestProgress, draft: &Draft) -> String {
    let edited = matches!(draft.origin, Origin::Edit { .. })
        || progress
            .decisions
            .iter()
            .any(|decision| decision.verb == Verb::Edit);
    let preset = progress
        .decisions
        .last()
        .and_then(|decision| decision.preset);
    match (progress.state, preset) {
        (RequestState::Rejected, Some(preset)) => {
            format!("rejected: {}", preset.word().replace('_', " "))
        }
        (RequestState::Rejected, None) => "rejected".into(),
        (RequestState::Undone, _) => "approved, then taken back".into(),
        _ if edited => "edited".into(),
        _ => "approved".into(),
    }
}
