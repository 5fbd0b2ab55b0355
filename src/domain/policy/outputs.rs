//! The part of the contract about outputs: the mode, the fields of a verdict, and what is kept from a model.

use super::contract::Mode;
use super::forms::contract as forms;
use super::json::Node;
use super::reader::Sheet;
use crate::domain::words::closed_set;

/// Characters of a text that a model may be shown.
pub const CHARACTERS: std::ops::RangeInclusive<i64> = 200..=200_000;

closed_set! {
    /// A field of a verdict.
    VerdictField {
        /// How bad it is.
        Severity = "severity",
        /// What it is about.
        Category = "category",
        /// Where it belongs.
        RecommendedQueue = "recommended_queue",
        /// How sure the model is.
        Confidence = "confidence",
        /// Why.
        Rationale = "rationale",
        /// What it would do.
        Resolution = "resolution",
    }
}

closed_set! {
    /// Why something must not reach a model.
    DlpClass {
        /// It opens a door.
        Secret = "secret",
        /// It is about a person.
        Pii = "pii",
    }
}

closed_set! {
    /// What must not reach a model. Secrets never do; personal data does where its rule is not listed.
    DlpPattern {
        /// Keys of common providers.
        ApiKeyLike = "api_key_like",
        /// Bearer tokens.
        BearerToken = "bearer_token",
        /// Private key blocks.
        PrivateKey = "private_key",
        /// What stands after a password label.
        Password = "password",
        /// E-mail addresses.
        Email = "email",
        /// Phone numbers.
        Phone = "phone",
        /// Payment card numbers (Luhn).
        Card = "card",
        /// International bank account numbers (mod 97).
        Iban = "iban",
    }
}

impl DlpPattern {
    /// What kind of thing it is.
    #[must_use]
    pub const fn class(self) -> DlpClass {
        match self {
            Self::ApiKeyLike | Self::BearerToken | Self::PrivateKey | Self::Password => {
                DlpClass::Secret
            }
            Self::Email | Self::Phone | Self::Card | Self::Iban => DlpClass::Pii,
        }
    }
}

/// What a verdict must hold and what a model may be shown.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Outputs {
    /// Fields without which a verdict is asked for again, until the budget is spent and a person takes over.
    pub required_fields: Vec<VerdictField>,
    /// The redacted text is cut to this many characters before a model sees it.
    pub max_chars_sent_to_model: usize,
    /// The personal data that is taken out before anything else reads the text. Secrets are taken out always.
    pub dlp_rules: Vec<DlpPattern>,
}

/// Reads `outputs`.
#[must_use]
pub(super) fn read_outputs(sheet: &Sheet, node: &Node) -> Option<(Mode, Outputs)> {
    let fields = sheet.form(node, &forms::OUTPUTS)?;
    let mode = fields
        .required("mode")
        .and_then(|n| sheet.word(n, "a mode", Mode::ALL, Mode::word));
    let required = fields
        .required("required_fields")
        .and_then(|n| sheet.some_of(n, "field"));
    let required = required.map(|items| {
        sheet.each(items, |n| {
            sheet.word(
                n,
                "a field of a verdict",
                VerdictField::ALL,
                VerdictField::word,
            )
        })
    });
    let redaction = fields
        .required("redaction")
        .and_then(|n| sheet.form(n, &forms::REDACTION))?;
    let always = redaction
        .required("required")
        .and_then(|n| match sheet.truth(n)? {
            true => Some(()),
            false => sheet.refuse(n.at, "redaction cannot be switched off", "`true`"),
        });
    let most = redaction
        .required("max_chars_sent_to_model")
        .and_then(|n| sheet.whole(n, CHARACTERS));
    let rules = redaction
        .required("dlp_rules")
        .and_then(|n| sheet.some_of(n, "rule"));
    let dlp_rules = rules.map(|items| sheet.each(items, |n| read_dlp_rule(sheet, n)));
    always?;
    let max_chars_sent_to_model = usize::try_from(most?).ok()?;
    Some((
        mode?,
        Outputs {
            required_fields: required?,
            max_chars_sent_to_model,
            dlp_rules: dlp_rules?,
        },
    ))
}

fn read_dlp_rule(sheet: &Sheet, node: &Node) -> Option<DlpPattern> {
    let fields = sheet.form(node, &forms::DLP_RULE)?;
    let class = fields
        .required("type")
        .and_then(|n| sheet.word(n, "a type of rule", DlpClass::ALL, DlpClass::word));
    let pattern_at = fields.required("pattern")?;
    let pattern = sheet.word(pattern_at, "a pattern", DlpPattern::ALL, DlpPattern::word)?;
    if class? != pattern.class() {
        return sheet.refuse(
            node.at,
            format!("`{pattern}` is not of this type"),
            format!("`\"type\": \"{}\"`", pattern.class()),
        );
    }
    Some(pattern)
}
