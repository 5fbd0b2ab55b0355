//! The axes along which inputs are told apart: one for each fact, the amount, who is behind a draft.

use crate::domain::digest::Digest;
use crate::domain::draft::ActionKind;
use crate::domain::evidence::{FactName, FactValue, Facts};
use crate::domain::money::{Currency, Money};
use crate::domain::policy::conditions::{Condition, Kind, Op, kind_of};
use crate::domain::policy::contract::Quarantined;
use crate::domain::policy::explain::Situation;
use crate::domain::policy::explain::situation::vouched;
use crate::domain::policy::lint::cells::Grid;
use crate::domain::policy::lint::ranges::Part;
use crate::domain::policy::structural::STRUCTURAL;
use crate::domain::verdict::{Category, Signal};

/// A draft and its case, or a case alone.
pub type Input = Situation;

impl Input {
    /// Whether no structural rule takes the case, so that the rules of the file say where it belongs.
    pub(super) fn is_free(&self) -> bool {
        let matter = self.matter();
        !STRUCTURAL.iter().any(|rule| rule.holds(&matter))
    }
}

/// One axis.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Axis {
    /// A fact, in the parts that these conditions tell apart.
    Fact(FactName, Vec<Part>, Vec<Condition>),
    /// The draft's own amount, in the parts of these conditions: confirmed in each of them, then not.
    Amount(Confirmed, Vec<Part>, Vec<Condition>),
    /// Which currency the amount is in: one of these, then any other.
    Currency(Vec<Currency>),
    /// Whether plain rules saw this in the text.
    Seen(Signal),
    /// Whether a person said who asked.
    Linked,
    /// Which of these names cover the model behind the draft: each of them, then none.
    Model(Vec<String>),
    /// Which of these prompts is behind the draft: each of them, then none.
    Prompt(Vec<Digest>),
}

/// Whether an amount can be confirmed at all.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Confirmed {
    /// By a connector, or not.
    Either,
    /// Never: only the draft's own amount counts.
    Never,
}

impl Axis {
    /// The axis of a fact under some conditions.
    pub(super) fn of_fact(
        fact: FactName,
        action: Option<ActionKind>,
        conditions: Vec<Condition>,
    ) -> Self {
        let grid = Grid::over(action, &conditions);
        let parts = grid.map(|grid| grid.axes().iter().flat_map(|a| a.parts.clone()).collect());
        Self::Fact(fact, parts.unwrap_or_default(), conditions)
    }

    /// The axis of the draft's own amount under some conditions in one currency.
    pub(super) fn of_amount(confirmed: Confirmed, conditions: Vec<Condition>) -> Self {
        let grid = Grid::over(None, &conditions);
        let parts = grid.map(|grid| grid.axes().iter().flat_map(|a| a.parts.clone()).collect());
        let mut parts: Vec<Part> = parts.unwrap_or_default();
        parts.retain(|part| part.example.is_some());
        Self::Amount(confirmed, parts, conditions)
    }

    /// How many parts it has.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Fact(_, parts, _) => parts.len(),
            Self::Amount(Confirmed::Either, parts, _) => parts.len() * 2,
            Self::Amount(Confirmed::Never, parts, _) => parts.len(),
            Self::Currency(codes) => codes.len() + 1,
            Self::Seen(_) | Self::Linked => 2,
            Self::Model(names) => names.len() + 1,
            Self::Prompt(digests) => digests.len() + 1,
        }
    }

    /// Makes an input lie in a part.
    pub(super) fn place(&self, part: usize, input: &mut Input) {
        match self {
            Self::Fact(fact, parts, _) => match parts.get(part).and_then(|p| p.example.clone()) {
                Some(value) => set(input, *fact, value),
                None => drop(input.facts.remove(fact)),
            },
            Self::Amount(confirmed, parts, _) => {
                let value = parts.get(part % parts.len().max(1));
                let Some(FactValue::Money(sum)) = value.and_then(|p| p.example.clone()) else {
                    return;
                };
                input.amount = Some(sum);
                input.facts.remove(&FactName::Amount);
                if *confirmed == Confirmed::Either && part < parts.len() {
                    set(input, FactName::Amount, FactValue::Money(sum));
                }
            }
            Self::Currency(codes) => {
                let other = codes.get(part).copied().or_else(|| other_than(codes));
                input.amount = other.map(|currency| Money { minor: 1, currency });
            }
            Self::Seen(signal) => {
                input.verdict.signals.retain(|seen| seen != signal);
                if part == 1 {
                    input.verdict.signals.push(*signal);
                }
            }
            Self::Linked => input.linked = part == 1,
            Self::Model(names) => {
                input.model = names.get(part).cloned().unwrap_or_default();
                input.verdict.model.clone_from(&input.model);
            }
            Self::Prompt(digests) => {
                input.prompts = digests.get(part).copied().into_iter().collect();
            }
        }
    }

    /// The parts that an input lies in: those that nothing here tells apart from it.
    pub(super) fn part_of(&self, input: &Input) -> Vec<usize> {
        let own = self.signature(input);
        let like = |part: &usize| {
            let mut there = input.clone();
            self.place(*part, &mut there);
            self.signature(&there) == own
        };
        (0..self.len()).filter(like).collect()
    }

    /// All that the two policies can know of an input along this axis.
    fn signature(&self, input: &Input) -> Vec<u8> {
        let answers = |conditions: &[Condition], facts: &Facts| -> Vec<u8> {
            conditions.iter().map(|c| c.against(facts) as u8).collect()
        };
        match self {
            Self::Fact(_, _, conditions) => answers(conditions, &input.facts),
            Self::Amount(confirmed, _, conditions) => {
                let known = input.facts.contains_key(&FactName::Amount);
                let own = input.amount.map(|sum| {
                    let fact = vouched(FactName::Amount, FactValue::Money(sum));
                    Facts::from([(FactName::Amount, fact)])
                });
                let mut signature = answers(conditions, &own.unwrap_or_default());
                signature.push(u8::from(*confirmed == Confirmed::Either && known));
                signature
            }
            Self::Currency(codes) => {
                let own = input.amount.map(|sum| sum.currency);
                codes
                    .iter()
                    .map(|code| u8::from(Some(*code) == own))
                    .collect()
            }
            Self::Seen(signal) => vec![u8::from(input.verdict.signals.contains(signal))],
            Self::Linked => vec![u8::from(input.linked)],
            Self::Model(names) => {
                let models = [&input.model, &input.verdict.model];
                let covered = |name: &String| models.iter().any(|m| Quarantined::covers(name, m));
                names.iter().map(|name| u8::from(covered(name))).collect()
            }
            Self::Prompt(digests) => {
                let behind = |digest| u8::from(input.prompts.contains(digest));
                digests.iter().map(behind).collect()
            }
        }
    }

    /// Some of its parts in words; `None` where they are all.
    pub(super) fn words(&self, parts: &[usize]) -> Option<String> {
        if parts.len() == self.len() {
            return None;
        }
        Some(match self {
            Self::Fact(fact, all, _) => ranges(*fact, all, parts),
            Self::Amount(_, all, _) => amounts(self, all, parts),
            Self::Currency(codes) => {
                let name = |part: &usize| {
                    let code = codes.get(*part);
                    code.map_or("any other currency".to_owned(), |c| {
                        c.code().to_ascii_uppercase()
                    })
                };
                let names: Vec<String> = parts.iter().map(name).collect();
                format!("the amount in {}", names.join(" or "))
            }
            Self::Seen(signal) => {
                let not = if parts == [1] { "" } else { "not " };
                format!("{signal} {not}seen")
            }
            Self::Linked if parts == [1] => "a person said who asked".to_owned(),
            Self::Linked => "the source vouches for who asked".to_owned(),
            Self::Model(names) => {
                let name = |part: &usize| {
                    let name = names.get(*part);
                    name.map_or("any other model".to_owned(), |n| format!("the model {n}"))
                };
                parts.iter().map(name).collect::<Vec<_>>().join(" or ")
            }
            Self::Prompt(digests) => {
                let name = |part: &usize| {
                    let digest = digests.get(*part);
                    digest.map_or("any other prompt".to_owned(), |d| {
                        format!("the prompt {}", d.short())
                    })
                };
                parts.iter().map(name).collect::<Vec<_>>().join(" or ")
            }
        })
    }
}

/// A condition that only tells apart.
pub(super) fn probe(fact: FactName, op: Op, values: Vec<FactValue>) -> Condition {
    Condition { fact, op, values }
}

fn set(input: &mut Input, fact: FactName, value: FactValue) {
    if let (FactName::Category, FactValue::Word(word)) = (fact, &value) {
        input.verdict.category = Category::from_word(word).unwrap_or(Category::Other);
    }
    input.facts.insert(fact, vouched(fact, value));
}

/// A currency that is none of these.
fn other_than(codes: &[Currency]) -> Option<Currency> {
    let known = ["eur", "usd", "gbp", "chf", "jpy", "sek", "nok", "dkk"];
    let mut known = known.iter().filter_map(|code| Currency::parse(code));
    known.find(|currency| !codes.contains(currency))
}

/// Neighbouring parts as one range each.
fn ranges(fact: FactName, all: &[Part], chosen: &[usize]) -> String {
    let known: Vec<usize> = chosen
        .iter()
        .copied()
        .filter(|part| all[*part].example.is_some())
        .collect();
    let ordered = matches!(kind_of(fact), Kind::Number(..) | Kind::Money);
    let every = all.iter().filter(|part| part.example.is_some()).count();
    let mut said: Vec<String> = Vec::new();
    if known.len() == every && every > 1 {
        said.push(format!("{} known", fact.word().replace('_', " ")));
    } else {
        let mut runs: Vec<(usize, Part)> = Vec::new();
        for part in known {
            match runs.last_mut() {
                Some((last, run)) if !ordered || *last + 1 == part => {
                    run.join(all[part].clone());
                    *last = part;
                }
                _ => runs.push((part, all[part].clone())),
            }
        }
        said.extend(runs.iter().map(|(_, run)| run.range_words(fact)));
    }
    if chosen.iter().any(|part| all[*part].example.is_none()) {
        said.push(format!("{} unknown", fact.word().replace('_', " ")));
    }
    // The name once is enough: `chargeback open: no or unknown`.
    let name = format!("{} ", fact.word().replace('_', " "));
    let further = said.iter().skip(1);
    let further = further.map(|range| range.strip_prefix(&name).unwrap_or(range));
    let first = said.first().map(String::as_str);
    first
        .into_iter()
        .chain(further)
        .collect::<Vec<_>>()
        .join(" or ")
}

fn amounts(axis: &Axis, all: &[Part], chosen: &[usize]) -> String {
    let count = all.len();
    let of = |from: usize| -> Vec<usize> {
        let own = chosen
            .iter()
            .filter(|part| (from..from + count).contains(part));
        own.map(|part| part - from).collect()
    };
    let said = |parts: &[usize]| match parts.len() {
        whole if whole == count => "any amount".to_owned(),
        _ => ranges(FactName::Amount, all, parts),
    };
    let (first, second) = (of(0), of(count));
    if axis.len() == count || first == second {
        return said(&first);
    }
    let mut words = Vec::new();
    if !first.is_empty() {
        words.push(format!("{} that a source confirms", said(&first)));
    }
    if !second.is_empty() {
        words.push(format!("{} that no source confirms", said(&second)));
    }
    words.join(" or ")
}
