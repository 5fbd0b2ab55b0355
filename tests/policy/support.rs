//! The shipped policy, changed or not, and proposals to hold against it.

use countersign::domain::approval::Assessment;
use countersign::domain::content::Sealed;
use countersign::domain::digest::Digest;
use countersign::domain::draft::ActionKind;
use countersign::domain::evidence::{Fact, FactName, FactValue, Facts, Provenance};
use countersign::domain::money::{Currency, Money};
use countersign::domain::policy::conditions::provenance_of;
use countersign::domain::policy::{Documents, Policy, Problem, Proposal};
use countersign::domain::time::At;
use countersign::domain::verdict::{Category, Resolution, Severity, Signal, Verdict};
use serde_json::Value;

pub use crate::documents::changed;

/// Every file of `manifests/policy`.
pub fn shipped() -> Documents {
    changed(&[])
}

pub fn policy(changes: &[(&str, &str, &str)]) -> Policy {
    Policy::load(&changed(changes)).unwrap_or_else(|problems| panic!("{}", lines(&problems)))
}

pub fn lines(problems: &[Problem]) -> String {
    problems.iter().map(|p| format!("{p}\n")).collect()
}

pub fn usd(minor: i64) -> Money {
    Money {
        minor,
        currency: Currency::parse("usd").unwrap(),
    }
}

/// Monday 16 November 2026, 10:00 in Berlin.
pub fn monday() -> At {
    At(1_794_819_600_000)
}

pub fn verdict() -> Verdict {
    Verdict {
        severity: Severity::of(2).unwrap(),
        category: Category::HowTo,
        queue: "general".into(),
        confidence: 90,
        resolution: Resolution::ProposeResolution,
        rationale: Sealed(Digest::of(b"why")),
        signals: Vec::new(),
        model: "builtin".into(),
    }
}

/// One draft in the making: change what matters, then ask.
#[derive(Clone, Debug)]
pub struct Ask {
    pub kind: ActionKind,
    pub amount: Option<Money>,
    pub verdict: Verdict,
    pub facts: Facts,
    pub model: String,
    pub prompts: Vec<Digest>,
    pub linked: bool,
}

impl Ask {
    /// A draft with everything known about an ordinary ticket.
    pub fn new(kind: ActionKind) -> Self {
        let mut ask = Self {
            kind,
            amount: None,
            verdict: verdict(),
            facts: Facts::new(),
            model: "builtin".into(),
            prompts: Vec::new(),
            linked: false,
        };
        ask = ask
            .number(FactName::Severity, 2)
            .number(FactName::Confidence, 90);
        ask = ask
            .word(FactName::Category, "how_to")
            .word(FactName::Queue, "general");
        ask = ask
            .truth(FactName::Reversible, kind.reversible())
            .number(FactName::BlastRadius, 1);
        ask = ask
            .number(FactName::CustomerMonths, 12)
            .truth(FactName::ChargebackOpen, false);
        ask.truth(FactName::AccountFlaggedFraud, false)
    }

    pub fn refund(minor: i64) -> Self {
        Self::new(ActionKind::Refund)
            .category(Category::RefundRequest)
            .amount(usd(minor))
    }

    /// The same, of a customer whom a person named.
    pub fn linked(mut self) -> Self {
        self.linked = true;
        self
    }

    pub fn amount(mut self, amount: Money) -> Self {
        self.amount = Some(amount);
        self.fact(FactName::Amount, FactValue::Money(amount))
    }

    pub fn fact(mut self, name: FactName, value: FactValue) -> Self {
        self.facts.insert(
            name,
            Fact {
                value,
                provenance: provenance_of(name),
                evidence: None,
            },
        );
        self
    }

    pub fn said_by(mut self, name: FactName, provenance: Provenance) -> Self {
        self.facts.get_mut(&name).unwrap().provenance = provenance;
        self
    }

    pub fn number(self, name: FactName, n: i64) -> Self {
        self.fact(name, FactValue::Number(n))
    }

    pub fn truth(self, name: FactName, truth: bool) -> Self {
        self.fact(name, FactValue::Truth(truth))
    }

    pub fn word(self, name: FactName, word: &str) -> Self {
        self.fact(name, FactValue::Word(word.into()))
    }

    pub fn without(mut self, name: FactName) -> Self {
        self.facts.remove(&name);
        self
    }

    pub fn category(mut self, category: Category) -> Self {
        self.verdict.category = category;
        self.word(FactName::Category, category.word())
    }

    pub fn severity(mut self, level: u8) -> Self {
        self.verdict.severity = Severity::of(level).unwrap();
        self.number(FactName::Severity, level.into())
    }

    pub fn signal(mut self, signal: Signal) -> Self {
        self.verdict.signals.push(signal);
        self
    }

    pub fn of(&self, policy: &Policy) -> Assessment {
        policy.assess(&Proposal {
            kind: self.kind,
            amount: self.amount,
            verdict: &self.verdict,
            facts: &self.facts,
            model: &self.model,
            prompts: &self.prompts,
            linked: self.linked,
            asked_at: monday(),
        })
    }
}

/// Puts a value into a document, or takes it away.
pub fn set(documents: &mut Documents, file: &str, pointer: &str, value: Option<Value>) {
    let text = documents
        .get_mut(file)
        .unwrap_or_else(|| panic!("no {file}"));
    let mut document: Value = serde_json::from_str(text).unwrap();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let parent = document
        .pointer_mut(parent)
        .unwrap_or_else(|| panic!("{file} has no {pointer}"));
    match (parent, value) {
        (Value::Object(members), Some(value)) => drop(members.insert(name.to_owned(), value)),
        (Value::Object(members), None) => drop(members.remove(name).unwrap()),
        (Value::Array(items), Some(value)) => items[name.parse::<usize>().unwrap()] = value,
        (Value::Array(items), None) => drop(items.remove(name.parse().unwrap())),
        _ => panic!("{file} has no {pointer}"),
    }
    *text = document.to_string();
}
