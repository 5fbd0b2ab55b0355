//! The placeholders of one case: same value, same placeholder; secrets are never kept.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::kind::Kind;
use crate::domain::digest::Digest;

/// What the placeholders of a case stand for. Serialises to JSON, which the caller seals.
///
/// Personal data is kept in the form in which it was first seen. Of a random secret a 32-bit
/// fingerprint is kept, enough to give it the same number again; of a password nothing is.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Placeholders {
    /// Placeholder to value, personal data only.
    values: BTreeMap<String, String>,
    /// Fingerprint to placeholder: personal data and random secrets.
    prints: BTreeMap<String, String>,
    /// How many of each kind there are.
    counts: BTreeMap<Kind, u32>,
}

impl Placeholders {
    /// Reads what [`Placeholders::to_json`] wrote.
    ///
    /// # Errors
    /// A sentence that says that the stored text is not a set of placeholders.
    pub fn from_json(text: &str) -> Result<Self, String> {
        serde_json::from_str(text)
            .map_err(|_| "the stored placeholders of this case cannot be read".to_owned())
    }

    /// All placeholders as JSON, to be sealed as content.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The value that a placeholder stands for, if it is known and not a secret.
    #[must_use]
    pub fn value(&self, placeholder: &str) -> Option<&str> {
        self.values.get(placeholder).map(String::as_str)
    }

    /// Whether this case made the placeholder, with or without a value to put back.
    #[must_use]
    pub fn knows(&self, placeholder: &str) -> bool {
        let Some(inner) = placeholder
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
        else {
            return false;
        };
        let Some((label, number)) = inner.rsplit_once('_') else {
            return false;
        };
        let Some(kind) = Kind::from_word(&label.to_ascii_lowercase()) else {
            return false;
        };
        let count = self.counts.get(&kind).copied().unwrap_or_default();
        number
            .parse::<u32>()
            .is_ok_and(|n| (1..=count).contains(&n))
    }

    /// How many placeholders of a kind there are.
    #[must_use]
    pub fn count(&self, kind: Kind) -> u32 {
        self.counts.get(&kind).copied().unwrap_or_default()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// The placeholder for a value, the same one as before if it was seen in this case.
    pub(super) fn place(&mut self, kind: Kind, value: &str) -> String {
        let print = (kind.is_personal() || kind.is_random())
            .then(|| fingerprint(kind, &canonical(kind, value)));
        if let Some(known) = print.as_ref().and_then(|print| self.prints.get(print)) {
            return known.clone();
        }
        let count = self.counts.entry(kind).or_default();
        *count += 1;
        let placeholder = format!("[{}_{count}]", kind.label());
        if kind.is_personal() {
            self.values.insert(placeholder.clone(), value.to_owned());
        }
        if let Some(print) = print {
            self.prints.insert(print, placeholder.clone());
        }
        placeholder
    }
}

/// Customer data never reaches a log through `Debug`.
impl std::fmt::Debug for Placeholders {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Placeholders({:?})", self.counts)
    }
}

/// The form in which two writings of the same value are equal.
fn canonical(kind: Kind, value: &str) -> String {
    let folded = super::fold::Folded::of(value).text;
    match kind {
        Kind::Email => folded.to_lowercase(),
        Kind::Card => folded.chars().filter(char::is_ascii_digit).collect(),
        Kind::Phone => folded
            .chars()
            .filter(|c| c.is_ascii_digit() || *c == '+')
            .collect(),
        Kind::Iban => folded
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|c| c.to_ascii_uppercase())
            .collect(),
        _ => folded,
    }
}

fn fingerprint(kind: Kind, plain: &str) -> String {
    let mut digest = Digest::of(format!("{kind}:{plain}").as_bytes()).to_string();
    digest.truncate(if kind.is_secret() { 8 } else { 24 });
    digest
}

/// No placeholder is longer, so that a text full of opening brackets is read once.
const LONGEST_PLACEHOLDER: usize = 32;

/// Puts the values back into a text, in one pass: a value that looks like a placeholder is not read again.
///
/// Secrets and placeholders of other cases stay as they are.
#[must_use]
pub fn restore(text: &str, placeholders: &Placeholders) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('[') {
        out.push_str(&rest[..open]);
        rest = &rest[open..];
        let window = rest.as_bytes().iter().take(LONGEST_PLACEHOLDER);
        let found = window
            .copied()
            .position(|byte| byte == b']')
            .map(|close| &rest[..=close]);
        if let Some((name, value)) =
            found.and_then(|name| placeholders.value(name).map(|value| (name, value)))
        {
            out.push_str(value);
            rest = &rest[name.len()..];
        } else {
            out.push('[');
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_value_has_the_same_placeholder_in_any_writing() {
        let mut all = Placeholders::default();
        assert_eq!(all.place(Kind::Email, "one@example.com"), "[EMAIL_1]");
        assert_eq!(all.place(Kind::Email, "two@example.com"), "[EMAIL_2]");
        assert_eq!(all.place(Kind::Email, "One@Example.com"), "[EMAIL_1]");
        let again = Placeholders::from_json(&all.to_json()).unwrap();
        assert_eq!(again, all);
        assert_eq!(
            restore("to [EMAIL_2], [EMAIL_9] [", &all),
            "to two@example.com, [EMAIL_9] ["
        );
    }

    #[test]
    fn a_secret_is_recognised_again_but_not_kept() {
        let mut all = Placeholders::default();
        let key = "k".repeat(40);
        assert_eq!(all.place(Kind::ApiKey, &key), "[API_KEY_1]");
        assert_eq!(all.place(Kind::ApiKey, &key), "[API_KEY_1]");
        assert_eq!(all.place(Kind::Password, "a word"), "[PASSWORD_1]");
        assert!(!all.to_json().contains(&key) && !all.to_json().contains("a word"));
        assert_eq!(restore("[API_KEY_1]", &all), "[API_KEY_1]");
        assert!(all.knows("[API_KEY_1]") && !all.knows("[API_KEY_2]"));
    }
}
