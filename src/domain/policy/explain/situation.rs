//! What somebody asks the policy about: facts as `name=value`, read strictly.

use crate::domain::content::Sealed;
use crate::domain::digest::Digest;
use crate::domain::draft::ActionKind;
use crate::domain::evidence::{Fact, FactName, FactValue, Facts, Provenance};
use crate::domain::money::Money;
use crate::domain::policy::Policy;
use crate::domain::policy::assess::Proposal;
use crate::domain::policy::conditions::provenance_of;
use crate::domain::policy::escalation::Matter;
use crate::domain::policy::facts::{can_be_known, said_by};
use crate::domain::policy::problem::did_you_mean;
use crate::domain::time::At;
use crate::domain::verdict::{Category, Resolution, Severity, Signal, Verdict};

/// What can be given besides facts.
const OTHERS: &[&str] = &[
    "action",
    "currency",
    "unconfirmed_amount",
    "signals",
    "model",
    "prompt",
    "linked",
    "asked_at",
];

/// Why something that was given cannot be used, and what to write instead.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize)]
pub struct Unclear {
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub fix: String,
}

impl std::fmt::Display for Unclear {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} — write {}", self.message, self.fix)
    }
}

/// A draft and its case, or a case alone, as somebody describes them.
#[derive(Clone, PartialEq, Debug)]
pub struct Situation {
    /// The action of the draft; `None` where only the case is asked about.
    pub action: Option<ActionKind>,
    /// The draft's own amount.
    pub amount: Option<Money>,
    /// What is known.
    pub facts: Facts,
    /// The verdict on the case.
    pub verdict: Verdict,
    /// What the verdict was not given and therefore has as one without opinion, in words.
    pub assumed: Vec<String>,
    /// The model that wrote the draft.
    pub model: String,
    /// The prompts behind it.
    pub prompts: Vec<Digest>,
    /// Whether a person said who asked.
    pub linked: bool,
    /// When the question is put.
    pub asked_at: At,
}

impl Situation {
    /// Reads a situation for a policy: amounts are in the currency of its tier file where none is named. `now` is
    /// when the question is put where nothing else is said.
    ///
    /// # Errors
    ///
    /// Everything that is unclear, in one run.
    pub fn read(
        given: &[(String, String)],
        policy: &Policy,
        now: At,
    ) -> Result<Self, Vec<Unclear>> {
        let mut reading = Reading {
            given,
            policy,
            unclear: Vec::new(),
        };
        let read = reading.situation(now);
        if reading.unclear.is_empty() {
            Ok(read)
        } else {
            Err(reading.unclear)
        }
    }

    /// One of which nothing is known but the action and what a verdict without opinion says.
    pub(in crate::domain::policy) fn blank(action: Option<ActionKind>, at: At) -> Self {
        let verdict = Verdict {
            severity: Severity::MIN,
            category: Category::Other,
            queue: "unsorted".to_owned(),
            confidence: 0,
            resolution: Resolution::Escalate,
            rationale: Sealed(Digest::of(b"")),
            signals: Vec::new(),
            model: String::new(),
        };
        let mut facts = said_by(&verdict);
        facts.extend(action.iter().flat_map(|kind| fixed(*kind)));
        Self {
            action,
            amount: None,
            facts,
            verdict,
            assumed: Vec::new(),
            model: String::new(),
            prompts: Vec::new(),
            linked: false,
            asked_at: at,
        }
    }

    /// The draft as the rules see it.
    #[must_use]
    pub fn proposal(&self) -> Option<Proposal<'_>> {
        Some(Proposal {
            kind: self.action?,
            amount: self.amount,
            verdict: &self.verdict,
            facts: &self.facts,
            model: &self.model,
            prompts: &self.prompts,
            linked: self.linked,
            asked_at: self.asked_at,
        })
    }

    /// What is to be assigned to a role.
    #[must_use]
    pub const fn matter(&self) -> Matter<'_> {
        Matter {
            kind: self.action,
            verdict: &self.verdict,
            facts: &self.facts,
        }
    }
}

/// The things given while they are read, with what was unclear so far.
pub(super) struct Reading<'a> {
    given: &'a [(String, String)],
    pub(super) policy: &'a Policy,
    unclear: Vec<Unclear>,
}

impl Reading<'_> {
    /// Notes what is unclear.
    pub(super) fn refuse<T>(&mut self, message: String, fix: impl Into<String>) -> Option<T> {
        let fix = fix.into();
        self.unclear.push(Unclear { message, fix });
        None
    }

    fn situation(&mut self, now: At) -> Situation {
        self.refuse_strangers();
        let action = self.words("action").and_then(|word| {
            let found = ActionKind::from_word(&word);
            let known: Vec<&str> = ActionKind::ALL.iter().map(|k| k.word()).collect();
            found.or_else(|| {
                self.refuse(
                    format!("`{word}` is not an action"),
                    did_you_mean(&word, &known),
                )
            })
        });
        let (verdict, assumed) = self.verdict();
        let mut facts = said_by(&verdict);
        // Beside an action that is none, everything that belongs to one would be told as well.
        let legible = action.is_some() || self.words("action").is_none();
        let amount = if legible {
            self.facts(action, &mut facts);
            self.amount(action, &mut facts)
        } else {
            None
        };
        Situation {
            action,
            amount,
            facts,
            assumed,
            model: self.words("model").unwrap_or_default(),
            prompts: self.prompt().into_iter().collect(),
            linked: self.truth("linked").unwrap_or(false),
            asked_at: self.asked_at().unwrap_or(now),
            verdict,
        }
    }

    /// What was given under a name. The last of several counts; that there are several is refused elsewhere.
    pub(super) fn words(&self, name: &str) -> Option<String> {
        let found = self.given.iter().rev().find(|(given, _)| given == name);
        found.map(|(_, value)| value.trim().to_owned())
    }

    fn refuse_strangers(&mut self) {
        let facts = FactName::ALL.iter().map(|fact| fact.word());
        let known: Vec<&str> = facts.chain(OTHERS.iter().copied()).collect();
        for (i, (name, value)) in self.given.iter().enumerate() {
            if !known.contains(&name.as_str()) {
                self.refuse::<()>(
                    format!("`{name}` is not a fact"),
                    did_you_mean(name, &known),
                );
            } else if value.trim().is_empty() {
                self.refuse::<()>(format!("`{name}` has no value"), "a value, or leave it out");
            } else if self.given[..i].iter().any(|(before, _)| before == name) {
                self.refuse::<()>(format!("`{name}` is given twice"), "it once");
            }
        }
    }

    /// The verdict as it was described; what was left out reads as no opinion, as it does with a model's answer.
    fn verdict(&mut self) -> (Verdict, Vec<String>) {
        let mut assumed = Vec::new();
        let mut given = |name: &str, value: Option<String>, without: &str| {
            if value.is_none() {
                assumed.push(format!("{name} {without}"));
            }
        };
        let severity = self.number(FactName::Severity);
        let severity = severity.and_then(|n| Severity::of(u8::try_from(n).ok()?));
        given("severity", self.words("severity"), "1");
        let category = self.words("category").and_then(|word| {
            let known: Vec<&str> = Category::ALL.iter().map(|c| c.word()).collect();
            Category::from_word(&word).or_else(|| {
                self.refuse(
                    format!("`{word}` is not a category"),
                    did_you_mean(&word, &known),
                )
            })
        });
        given("category", self.words("category"), "other");
        let queue = self.words("queue");
        given("queue", queue.clone(), "unsorted");
        let confidence = self.number(FactName::Confidence);
        given("confidence", self.words("confidence"), "0");
        let verdict = Verdict {
            severity: severity.unwrap_or(Severity::MIN),
            category: category.unwrap_or(Category::Other),
            queue: queue.unwrap_or_else(|| "unsorted".to_owned()),
            confidence: confidence.and_then(|n| u8::try_from(n).ok()).unwrap_or(0),
            resolution: Resolution::Escalate,
            rationale: Sealed(Digest::of(b"")),
            signals: self.signals(),
            model: self.words("model").unwrap_or_default(),
        };
        (verdict, assumed)
    }

    fn signals(&mut self) -> Vec<Signal> {
        let Some(words) = self.words("signals") else {
            return Vec::new();
        };
        let known: Vec<&str> = Signal::ALL.iter().map(|s| s.word()).collect();
        let mut signals = Vec::new();
        for word in words.split(',').map(str::trim) {
            match Signal::from_word(word) {
                Some(signal) => signals.push(signal),
                None => {
                    let fix = did_you_mean(word, &known);
                    self.refuse::<()>(format!("`{word}` is not a signal"), fix);
                }
            }
        }
        signals
    }

    /// The draft's own amount; as `amount` a connector confirms it where that action can have it confirmed.
    fn amount(&mut self, action: Option<ActionKind>, facts: &mut Facts) -> Option<Money> {
        let confirmed = self.words("amount");
        let own = self.words("unconfirmed_amount");
        if confirmed.is_some() && own.is_some() {
            let fix = "`amount` where a source confirms it, else `unconfirmed_amount`";
            return self.refuse(
                "`amount` and `unconfirmed_amount` are both given".to_owned(),
                fix,
            );
        }
        let text = confirmed.clone().or(own)?;
        let Some(action) = action.filter(|a| a.is_money() && *a != ActionKind::SubscriptionCancel)
        else {
            let message = match action {
                Some(action) => format!("`{action}` has no amount"),
                None => "an amount is given, but no action that has one".to_owned(),
            };
            return self.refuse(message, "`action=refund`, or leave the amount out");
        };
        let sum = self.money(&text, action)?;
        if confirmed.is_some() && can_be_known(FactName::Amount, action) {
            facts.insert(
                FactName::Amount,
                vouched(FactName::Amount, FactValue::Money(sum)),
            );
        }
        Some(sum)
    }

    /// The facts that a connector vouches for, and the properties of the action.
    fn facts(&mut self, action: Option<ActionKind>, facts: &mut Facts) {
        if let Some(kind) = action {
            facts.extend(fixed(kind));
        }
        for name in FactName::ALL.iter().copied() {
            if name == FactName::Amount || self.words(name.word()).is_none() {
                continue;
            }
            match (provenance_of(name), action) {
                (Provenance::Registry, _) => {
                    let message = format!("`{name}` is a fixed property of each action");
                    self.refuse::<()>(message, "nothing here");
                }
                (Provenance::Connector, None) => {
                    let message = format!("`{name}` is looked at only where there is a draft");
                    self.refuse::<()>(message, "an action as well, for example `action=refund`");
                }
                (Provenance::Connector, Some(kind)) if !can_be_known(name, kind) => {
                    let message = format!("`{name}` is never known for `{kind}`");
                    self.refuse::<()>(message, "nothing here");
                }
                (Provenance::Connector, Some(_)) => {
                    if let Some(value) = self.value(name) {
                        facts.insert(name, vouched(name, value));
                    }
                }
                (Provenance::Model | Provenance::Ticket, _) => {}
            }
        }
    }
}

/// The facts that are properties of an action.
fn fixed(kind: ActionKind) -> Facts {
    let fixed = [
        (FactName::Reversible, FactValue::Truth(kind.reversible())),
        (FactName::BlastRadius, FactValue::Number(1)),
    ];
    Facts::from(fixed.map(|(name, value)| (name, vouched(name, value))))
}

/// A value that comes from where it must come from.
pub(in crate::domain::policy) fn vouched(name: FactName, value: FactValue) -> Fact {
    Fact {
        value,
        provenance: provenance_of(name),
        evidence: None,
    }
}
