//! An edit given at a terminal: the fields of Slack's edit modal by name, filled in and read by the same code.

use std::collections::BTreeMap;

use crate::adapters::machine::MachineEntropy;
use crate::domain::card::Texts;
use crate::domain::case::Case;
use crate::domain::content::Content;
use crate::domain::draft::Action;
use crate::domain::ids::RequestId;
use crate::slack::modals::{WHY, edit};

/// The fields of one draft, as they stand or as they were changed.
pub(super) struct Form {
    action: Action,
    texts: Texts,
    values: BTreeMap<String, String>,
}

impl Form {
    /// The fields of the draft that a request is about; `None` when it is not there.
    pub(super) fn of(case: &Case, request: &RequestId, texts: &Texts) -> Option<Self> {
        let draft = &case.request(request)?.request.draft;
        let action = case.draft(draft)?.draft.action.clone();
        Some(Self {
            values: edit::untouched(&action, texts),
            action,
            texts: texts.clone(),
        })
    }

    /// What can be changed, by name.
    pub(super) fn names(&self) -> Vec<&str> {
        let plain = self.values.keys().map(String::as_str);
        let plain = plain.filter(|block| !block.starts_with("text."));
        plain
            .chain(text_names(&self.action).iter().copied())
            .collect()
    }

    /// What stands in a field now.
    pub(super) fn now(&self, name: &str) -> String {
        match self.text_number(name) {
            Some(n) => {
                let parts = (0..).map_while(|part| self.values.get(&block(n, part)));
                parts.map(String::as_str).collect()
            }
            None => self.values.get(name).cloned().unwrap_or_default(),
        }
    }

    /// Writes into a field.
    ///
    /// # Errors
    /// The draft has no such field; says which it has.
    pub(super) fn set(&mut self, name: &str, value: &str) -> Result<(), String> {
        if !self.names().contains(&name) {
            let names = self.names().join(", ");
            return Err(format!(
                "This draft has no `{name}` to change; it has {names}."
            ));
        }
        match self.text_number(name) {
            Some(n) => {
                let before = format!("text.{n}.");
                self.values.retain(|block, _| !block.starts_with(&before));
                self.values.insert(block(n, 0), value.to_owned());
            }
            None => drop(self.values.insert(name.to_owned(), value.to_owned())),
        }
        Ok(())
    }

    /// The whole action as it is wanted, with its new texts.
    ///
    /// # Errors
    /// What is wrong with each field, a sentence each.
    pub(super) fn read(&self, why: Option<&str>) -> Result<(Action, Vec<Content>), String> {
        let Some(why) = why.filter(|why| !why.trim().is_empty()) else {
            return Err(
                "An edit needs a reason: it is what the record will say. Give --reason.".into(),
            );
        };
        let mut values = self.values.clone();
        values.insert(WHY.to_owned(), why.to_owned());
        let filled = edit::Filled {
            action: &self.action,
            texts: &self.texts,
            values: &values,
            entropy: &MachineEntropy,
        };
        filled.read().map_err(|wrong| {
            let said = wrong.iter().map(|(block, sentence)| {
                if block == WHY {
                    "Nothing is changed by that; approve it as it stands.".to_owned()
                } else {
                    format!("{}: {sentence}", self.name_of(block))
                }
            });
            said.collect::<Vec<_>>().join(" ")
        })
    }

    fn text_number(&self, name: &str) -> Option<usize> {
        text_names(&self.action).iter().position(|one| *one == name)
    }

    fn name_of<'a>(&self, block: &'a str) -> &'a str {
        let number = block
            .strip_prefix("text.")
            .and_then(|rest| rest.split('.').next());
        number
            .and_then(|number| number.parse::<usize>().ok())
            .and_then(|n| text_names(&self.action).get(n).copied())
            .unwrap_or(block)
    }
}

fn block(text: usize, part: usize) -> String {
    format!("text.{text}.{part}")
}

/// The texts of an action by name, in the order of [`Action::texts`].
const fn text_names(action: &Action) -> &'static [&'static str] {
    match action {
        Action::AddInternalNote { .. } | Action::NotifyCustomer { .. } => &["text"],
        Action::Refund { .. } => &["reason", "confirmation"],
        Action::Credit { .. }
        | Action::InvoiceAdjust { .. }
        | Action::SubscriptionCancel { .. } => &["reason"],
        Action::AddLabel { .. }
        | Action::Assign { .. }
        | Action::SetPriority { .. }
        | Action::RouteCase { .. }
        | Action::PageOncall { .. } => &[],
    }
}
