//! Takes secrets and personal data out of a text before anything else reads it.
//!
//! Nothing here keeps a secret, reads a file or a clock, or matches with an engine that can run
//! longer than in proportion to the text. To add a provider's key, add a line to `keys.rs`; to add a
//! kind, add it to `kind.rs` and follow the compiler. Redact first, cut afterwards.

pub mod cut;
pub mod kind;
pub mod placeholders;

mod blocks;
mod fold;
mod found;
mod keys;
mod labels;
mod personal;
mod phones;

use std::collections::HashMap;

use aho_corasick::AhoCorasick;
use regex::Regex;

use crate::domain::policy::outputs::DlpPattern;
use crate::domain::verdict::Signal;
use blocks::Blocks;
use fold::Folded;
pub use fold::invisible;
pub use found::BrokenRule;
use found::{Found, compile, joined};
use kind::Kind;
use labels::Labels;
use phones::Phones;
pub use placeholders::{Placeholders, restore};

/// What redaction made of a text.
#[derive(Clone, PartialEq, Eq)]
pub struct Redacted {
    /// The text with placeholders: the model view.
    pub text: String,
    /// All placeholders of the case, earlier ones included. Seal [`Placeholders::to_json`].
    pub placeholders: Placeholders,
    /// What was taken out, in order.
    pub spans: Vec<Span>,
    /// What redaction alone can see: a posted secret, odd characters.
    pub signals: Vec<Signal>,
}

/// One thing that was taken out.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize)]
pub struct Span {
    /// What it was.
    pub kind: Kind,
    /// Where it started in the input, in bytes.
    pub start: usize,
    /// Where it ended in the input, in bytes, exclusive.
    pub end: usize,
    /// What stands there now. Empty for hidden characters.
    pub placeholder: String,
}

/// Customer text never reaches a log through `Debug`.
impl std::fmt::Debug for Redacted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Redacted({} spans, {:?})",
            self.spans.len(),
            self.signals
        )
    }
}

/// All rules, compiled. Build it once and share it; it keeps no text.
pub struct Redactor {
    hints: AhoCorasick,
    /// For each hint, the shape it belongs to.
    owners: Vec<usize>,
    shapes: Vec<Regex>,
    blocks: Blocks,
    labels: Labels,
    phones: Phones,
    lookalike: Regex,
    /// The personal data that is taken out.
    personal: Vec<Kind>,
}

/// Whose text it is, which decides what a placeholder in it means.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Author {
    /// Somebody outside: a placeholder in it is a forgery.
    Outside,
    /// Our own model or people: a placeholder of this case means what it says.
    Inside,
}

impl Redactor {
    /// Compiles all rules. All personal data is taken out; see [`Redactor::taking`].
    ///
    /// # Errors
    /// A rule of our own tables does not compile; a test holds that none does.
    pub fn new() -> Result<Self, BrokenRule> {
        let mut owners = vec![];
        let mut hints = vec![];
        let mut shapes = vec![];
        for (index, shape) in keys::SHAPES.iter().enumerate() {
            hints.extend_from_slice(shape.hints);
            owners.resize(hints.len(), index);
            // ASCII word borders keep the fast engine on texts in any script.
            shapes.push(compile(
                shape.name,
                &format!(r"(?-u:\b)(?:{})", shape.pattern.replace(r"\b", r"(?-u:\b)")),
            )?);
        }
        let hints = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .build(hints)
            .map_err(|error| BrokenRule {
                rule: "hints".to_owned(),
                why: error.to_string(),
            })?;
        let labels: Vec<String> = Kind::ALL.iter().map(|kind| kind.label()).collect();
        Ok(Self {
            hints,
            owners,
            shapes,
            blocks: Blocks::new()?,
            labels: Labels::new()?,
            phones: Phones::new()?,
            lookalike: compile(
                "placeholder",
                &format!(r"\[\s?(?:{})_[0-9]{{1,9}}\s?\]", labels.join("|")),
            )?,
            personal: Kind::ALL
                .iter()
                .copied()
                .filter(|kind| kind.is_personal())
                .collect(),
        })
    }

    /// The same, but of personal data only what these rules name. Secrets are taken out whatever they say.
    #[must_use]
    pub fn taking(mut self, rules: &[DlpPattern]) -> Self {
        self.personal
            .retain(|kind| rules.iter().any(|rule| kind_of(*rule) == Some(*kind)));
        self
    }

    /// Redacts a text that came from outside: a ticket, an answer of a connector or a model server.
    ///
    /// Text in the shape of a placeholder is made harmless: `[EMAIL_1]` becomes `(EMAIL_1)`.
    /// `prior` holds the placeholders of earlier texts of the same case.
    #[must_use]
    pub fn redact(&self, text: &str, prior: &Placeholders) -> Redacted {
        self.run(text, prior, Author::Outside)
    }

    /// Redacts a text that our own model or people wrote: placeholders of this case stay and mean
    /// what they say; others are made harmless.
    #[must_use]
    pub fn redact_ours(&self, text: &str, prior: &Placeholders) -> Redacted {
        self.run(text, prior, Author::Inside)
    }

    fn run(&self, text: &str, prior: &Placeholders, author: Author) -> Redacted {
        let folded = Folded::of(text);
        let found = joined(self.find(&folded.text));
        let mut placeholders = prior.clone();
        let mut spans: Vec<Span> = folded
            .hidden
            .iter()
            .map(|(start, end)| span(Kind::Hidden, *start, *end, String::new()))
            .collect();
        // A password leaves nothing behind by which it would be known again, but within one text it is.
        let mut once: HashMap<(Kind, &str), String> = HashMap::new();
        for one in &found {
            let (start, end) = folded.original(one.start, one.end);
            let value = &text[start..end];
            let placeholder = match one.kind {
                Kind::Lookalike if author == Author::Inside && prior.knows(value) => continue,
                Kind::Lookalike => harmless(&folded.text[one.start..one.end]),
                kind => once
                    .entry((kind, value))
                    .or_insert_with(|| placeholders.place(kind, value))
                    .clone(),
            };
            spans.push(span(one.kind, start, end, placeholder));
        }
        let spans = apart(spans);
        Redacted {
            text: replaced(text, &spans),
            signals: seen(&spans),
            placeholders,
            spans,
        }
    }

    fn find(&self, text: &str) -> Vec<Found> {
        let mut found = vec![];
        let mut hinted = vec![false; self.shapes.len()];
        for hit in self.hints.find_overlapping_iter(text) {
            hinted[self.owners[hit.pattern().as_usize()]] = true;
        }
        let shapes = self.shapes.iter().zip(keys::SHAPES).zip(hinted);
        for ((pattern, shape), _) in shapes.filter(|(_, hinted)| *hinted) {
            let kind = if shape.name == "jwt" {
                Kind::Token
            } else {
                Kind::ApiKey
            };
            for hit in pattern
                .find_iter(text)
                .filter(|hit| believable(hit.as_str()))
            {
                found.push(Found::new(kind, hit.start(), hit.end()));
            }
        }
        self.blocks.find(text, &mut found);
        self.labels.find(text, &mut found);
        let credentials: Vec<Found> = found
            .iter()
            .filter(|one| one.kind == Kind::Credentials)
            .copied()
            .collect();
        let mut emails = vec![];
        personal::emails(text, &mut emails);
        // `password@host` in an address reads like e-mail; what stands before the `@` is gone already.
        emails.retain(|email| !credentials.iter().any(|one| one.overlaps(email)));
        found.append(&mut emails);
        personal::cards(text, &mut found);
        personal::ibans(text, &mut found);
        self.phones.find(text, &mut found);
        for hit in self.lookalike.find_iter(text) {
            found.push(Found::new(Kind::Lookalike, hit.start(), hit.end()));
        }
        found.retain(|one| !one.kind.is_personal() || self.personal.contains(&one.kind));
        found
    }
}

/// The kind of personal data that a rule of the contract names; `None` for a secret.
const fn kind_of(rule: DlpPattern) -> Option<Kind> {
    match rule {
        DlpPattern::Email => Some(Kind::Email),
        DlpPattern::Phone => Some(Kind::Phone),
        DlpPattern::Card => Some(Kind::Card),
        DlpPattern::Iban => Some(Kind::Iban),
        DlpPattern::ApiKeyLike
        | DlpPattern::BearerToken
        | DlpPattern::PrivateKey
        | DlpPattern::Password => None,
    }
}

/// Whether a match is more than a prefix followed by a word, as in a style class or a template.
fn believable(value: &str) -> bool {
    let mixed = |value: &str| {
        value.bytes().skip(4).any(|b| b.is_ascii_uppercase())
            && value.bytes().any(|b| b.is_ascii_lowercase())
    };
    labels::entropy(value) >= 2.5 && (value.bytes().any(|b| b.is_ascii_digit()) || mixed(value))
}

const fn span(kind: Kind, start: usize, end: usize, placeholder: String) -> Span {
    Span {
        kind,
        start,
        end,
        placeholder,
    }
}

fn harmless(lookalike: &str) -> String {
    format!("({})", lookalike.trim_matches(['[', ']']).trim())
}

/// Sorts spans and takes those apart that share an original character; what lies inside another goes.
fn apart(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort_by_key(|one| (one.start, one.kind));
    let mut end = 0;
    spans.retain_mut(|one| {
        one.start = one.start.max(end);
        end = end.max(one.end);
        one.start < one.end
    });
    spans
}

fn replaced(text: &str, spans: &[Span]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for one in spans {
        out.push_str(&text[at..one.start]);
        out.push_str(&one.placeholder);
        at = one.end;
    }
    out.push_str(&text[at..]);
    out
}

fn seen(spans: &[Span]) -> Vec<Signal> {
    let mut signals = vec![];
    if spans.iter().any(|one| one.kind.is_secret()) {
        signals.push(Signal::SecretPosted);
    }
    if spans.iter().any(|one| one.kind == Kind::Hidden) {
        signals.push(Signal::OddCharacters);
    }
    signals
}
