//! The edit modal: the fields of a draft that a person may change, and the action that comes out of them.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{FieldErrors, form, typed, why};
use crate::domain::card::{RequestFace, Texts};
use crate::domain::content::{Content, ContentKind, Sealed};
use crate::domain::draft::Action;
use crate::domain::escalation::Role;
use crate::domain::money::Money;
use crate::ports::Entropy;
use crate::slack::blocks::draft::role_words;
use crate::slack::blocks::kit::{self, Asks};
use crate::slack::blocks::rich::{Line, Rich};
use crate::slack::blocks::text;
use crate::slack::verbs::Token;

/// What one text field holds; a longer text is given over several fields.
const PART: usize = 2_800;
const PRIORITIES: [&str; 4] = ["low", "normal", "high", "urgent"];
const PERIOD_END: &str = "period_end";
const AT_ONCE: &str = "at_once";

/// The modal for a draft.
#[must_use]
pub fn view(face: &RequestFace, action: &Action, texts: &Texts, token: &Token) -> Value {
    let mut blocks = super::asked(face);
    blocks.extend(fields(action));
    let labels = face.draft.texts.iter().map(|(label, _)| label.as_str());
    for (n, (sealed, label)) in action.texts().iter().zip(labels).enumerate() {
        match texts.get(sealed) {
            Some(words) => blocks.extend(text_fields(n, label, words)),
            None => {
                let line = Line::begin().text("This text was erased and cannot be edited.");
                blocks.push(Rich::begin().line(line).done(&format!("cs.erased.{n}")));
            }
        }
    }
    blocks.push(why("Why do you change it?", false));
    let label = if face.draft.kind.is_money() {
        "Recommend with changes"
    } else {
        "Approve with changes"
    };
    form("Edit and approve", label, token, blocks)
}

fn fields(action: &Action) -> Vec<Value> {
    let ask = |block, label| Asks {
        block,
        label,
        optional: false,
    };
    match action {
        Action::AddLabel { label } => vec![kit::text_input(ask("label", "Label"), label, false)],
        Action::Assign { queue } => vec![kit::text_input(ask("queue", "Queue"), queue, false)],
        Action::SetPriority { priority } => {
            let options = PRIORITIES.map(|word| (word, word.to_owned()));
            vec![kit::choice(
                ask("priority", "Priority"),
                &options,
                Some(priority),
            )]
        }
        Action::RouteCase { role } | Action::PageOncall { role } => {
            let options: Vec<(&str, String)> = Role::ALL
                .iter()
                .map(|role| (role.word(), role_words(*role).to_owned()))
                .collect();
            vec![kit::choice(
                ask("role", "Role"),
                &options,
                Some(role.word()),
            )]
        }
        Action::Refund { amount, .. }
        | Action::Credit { amount, .. }
        | Action::InvoiceAdjust { amount, .. } => {
            let code = amount.currency.code().to_ascii_uppercase();
            let shown = amount.to_string();
            let number = shown.split(' ').next().unwrap_or_default();
            let label = format!("Amount in {code}");
            vec![kit::text_input(ask("amount", &label), number, false)]
        }
        Action::SubscriptionCancel { at_period_end, .. } => {
            let options = [
                (PERIOD_END, "at the end of the paid period".to_owned()),
                (AT_ONCE, "at once".to_owned()),
            ];
            let now = if *at_period_end { PERIOD_END } else { AT_ONCE };
            vec![kit::choice(
                ask("ends", "When it ends"),
                &options,
                Some(now),
            )]
        }
        Action::AddInternalNote { .. } | Action::NotifyCustomer { .. } => vec![],
    }
}

fn text_fields(n: usize, label: &str, words: &str) -> Vec<Value> {
    let pieces = text::pieces(words, PART);
    let count = pieces.len();
    let mut fields: Vec<Value> = pieces
        .iter()
        .enumerate()
        .map(|(part, piece)| {
            let label = if count > 1 {
                format!("{label} (part {} of {count})", part + 1)
            } else {
                label.to_owned()
            };
            let asks = Asks {
                block: &format!("text.{n}.{part}"),
                label: &label,
                optional: part > 0,
            };
            kit::text_input(asks, piece, true)
        })
        .collect();
    if text::is_odd(words) {
        let line = Line::begin()
            .bold("Odd characters: ")
            .text("the text above has characters that hide, reorder or imitate others.");
        fields.push(Rich::begin().line(line).done(&format!("cs.odd.{n}")));
    }
    fields
}

/// The fields as they come back when nothing was changed: what stands in each, by block id.
#[must_use]
pub fn untouched(action: &Action, texts: &Texts) -> BTreeMap<String, String> {
    let sealed = action.texts();
    let words = sealed.iter().enumerate();
    let texts = words.filter_map(|(n, sealed)| Some(text_fields(n, "", texts.get(sealed)?)));
    let blocks: Vec<Value> = fields(action).into_iter().chain(texts.flatten()).collect();
    let value = |block: &Value| {
        let element = &block["element"];
        let chosen = element["initial_option"]["value"].as_str();
        let value = element["initial_value"].as_str().or(chosen)?;
        Some((block["block_id"].as_str()?.to_owned(), value.to_owned()))
    };
    blocks.iter().filter_map(value).collect()
}

/// What was filled in, against the draft as it stands.
pub struct Filled<'a> {
    /// The action that the modal was opened for.
    pub action: &'a Action,
    /// Its texts.
    pub texts: &'a Texts,
    /// The fields.
    pub values: &'a BTreeMap<String, String>,
    /// Salts for texts that were changed.
    pub entropy: &'a dyn Entropy,
}

impl Filled<'_> {
    /// The whole action as the person wants it, with the texts that it refers to.
    ///
    /// # Errors
    /// A field that cannot be what was typed, with what to write instead.
    pub fn read(&self) -> Result<(Action, Vec<Content>), FieldErrors> {
        let mut contents = vec![];
        let mut sealed = vec![];
        for (n, old) in self.action.texts().into_iter().enumerate() {
            sealed.push(self.text(n, old, &mut contents)?);
        }
        let text = |n: usize| sealed.get(n).copied().ok_or_else(FieldErrors::new);
        let mut action = self.action.clone();
        match &mut action {
            Action::AddLabel { label } => *label = self.word("label")?,
            Action::Assign { queue } => *queue = self.word("queue")?,
            Action::SetPriority { priority } => *priority = self.priority()?,
            Action::RouteCase { role } | Action::PageOncall { role } => *role = self.role()?,
            Action::AddInternalNote { text: words } | Action::NotifyCustomer { text: words } => {
                *words = text(0)?;
            }
            Action::Refund {
                amount,
                reason,
                confirmation,
                ..
            } => {
                *amount = self.amount(*amount)?;
                *reason = text(0)?;
                *confirmation = text(1)?;
            }
            Action::Credit { amount, reason, .. }
            | Action::InvoiceAdjust { amount, reason, .. } => {
                *amount = self.amount(*amount)?;
                *reason = text(0)?;
            }
            Action::SubscriptionCancel {
                at_period_end,
                reason,
                ..
            } => {
                *at_period_end = typed(self.values, "ends") == Some(PERIOD_END);
                *reason = text(0)?;
            }
        }
        if typed(self.values, super::WHY).is_none() {
            return Err(wrong(
                super::WHY,
                "Write why: it is what the record will say.",
            ));
        }
        if action == *self.action {
            return Err(wrong(
                super::WHY,
                "Nothing was changed. Close this and use Approve.",
            ));
        }
        Ok((action, contents))
    }

    /// A text that was left alone stays the text that it was; a changed one is sealed anew.
    fn text(
        &self,
        n: usize,
        old: Sealed,
        contents: &mut Vec<Content>,
    ) -> Result<Sealed, FieldErrors> {
        let first = format!("text.{n}.0");
        let Some(before) = self.texts.get(&old) else {
            return Ok(old);
        };
        let parts = text::pieces(before, PART).len().max(1);
        let after: String = (0..parts)
            .filter_map(|part| self.values.get(&format!("text.{n}.{part}")))
            .map(String::as_str)
            .collect();
        if after == *before {
            return Ok(old);
        }
        if after.trim().is_empty() {
            return Err(wrong(&first, "This cannot be empty."));
        }
        let content = Content::seal(ContentKind::DraftText, self.entropy.salt(), after);
        let sealed = content.sealed;
        contents.push(content);
        Ok(sealed)
    }

    fn word(&self, block: &str) -> Result<String, FieldErrors> {
        match typed(self.values, block) {
            Some(word)
                if word.lines().count() == 1
                    && text::length(word) <= 100
                    && !text::is_odd(word) =>
            {
                Ok(word.to_owned())
            }
            _ => Err(wrong(
                block,
                "Write one line of at most 100 plain characters.",
            )),
        }
    }

    fn priority(&self) -> Result<String, FieldErrors> {
        typed(self.values, "priority")
            .filter(|word| PRIORITIES.contains(word))
            .map(str::to_owned)
            .ok_or_else(|| wrong("priority", "Choose one of the four."))
    }

    fn role(&self) -> Result<Role, FieldErrors> {
        typed(self.values, "role")
            .and_then(Role::from_word)
            .ok_or_else(|| wrong("role", "Choose one of the roles."))
    }

    fn amount(&self, old: Money) -> Result<Money, FieldErrors> {
        typed(self.values, "amount")
            .and_then(|number| Money::parse_major(number, old.currency))
            .filter(|money| money.minor > 0)
            .ok_or_else(|| {
                wrong(
                    "amount",
                    "Write a plain amount above zero, for example 180.00.",
                )
            })
    }
}

fn wrong(block: &str, sentence: &str) -> FieldErrors {
    BTreeMap::from([(block.to_owned(), sentence.to_owned())])
}
