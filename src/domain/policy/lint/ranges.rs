//! The parts of one fact: the values that no condition tells apart, with an example and with words for both.

use crate::domain::draft::ActionKind;
use crate::domain::evidence::{FactName, FactValue, Facts, Provenance};
use crate::domain::money::Money;
use crate::domain::policy::conditions::{Condition, Kind, Outcome, kind_of, provenance_of};
use crate::domain::policy::facts::can_be_known;
use crate::domain::verdict::Category;

use super::cells::vouched;

/// The values of one fact for which every condition has the same answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Part {
    /// One of them, next to where an answer changes. `None`: the fact is unknown.
    pub example: Option<FactValue>,
    range: Range,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Range {
    Unknown,
    /// From the one to the other, both in it, and whether these are the ends of all there is.
    Between((FactValue, bool), (FactValue, bool)),
    /// Any of these words.
    Among(Vec<FactValue>),
    /// Any word but these.
    Except(Vec<FactValue>),
}

impl Part {
    /// The example in words: `amount 500.01 USD`, `queue other than vip`, `chargeback open: no`.
    #[must_use]
    pub fn example_words(&self, fact: FactName) -> String {
        let name = named(fact);
        match (&self.example, &self.range) {
            (None, _) => format!("{name} unknown"),
            (Some(_), Range::Except(_)) => self.range_words(fact),
            (Some(value), _) => said(fact, &value.to_string()),
        }
    }

    /// All of the part in words: `amount from 50.01 USD to 500.00 USD`, `severity up to 2`, `any category`.
    #[must_use]
    pub fn range_words(&self, fact: FactName) -> String {
        self.range.words(fact)
    }
}

impl Range {
    fn words(&self, fact: FactName) -> String {
        let name = named(fact);
        let or = |values: &[FactValue]| -> String {
            let words: Vec<String> = values.iter().map(ToString::to_string).collect();
            words.join(" or ")
        };
        match self {
            Self::Unknown => format!("{name} unknown"),
            Self::Between((_, true), (_, true)) => format!("any {name}"),
            Self::Between((from, _), (to, _)) if from == to => said(fact, &from.to_string()),
            Self::Between((_, true), (to, _)) => format!("{name} up to {to}"),
            Self::Between((from, _), (_, true)) => format!("{name} from {from}"),
            Self::Between((from, _), (to, _)) => format!("{name} from {from} to {to}"),
            // Of a closed set with most of its words, what is left out is said.
            Self::Among(values) if values.len() * 2 > Category::ALL.len() => {
                let all = Category::ALL.iter().map(|c| c.word().to_owned());
                let all = all.map(FactValue::Word);
                Self::Except(all.filter(|word| !values.contains(word)).collect()).words(fact)
            }
            Self::Among(values) => said(fact, &or(values)),
            Self::Except(but) if but.is_empty() => format!("any {name}"),
            Self::Except(but) => format!("{name} other than {}", or(but)),
        }
    }
}

fn named(fact: FactName) -> String {
    fact.word().replace('_', " ")
}

fn said(fact: FactName, value: &str) -> String {
    let between = match kind_of(fact) {
        Kind::Truth => ": ",
        _ => " ",
    };
    format!("{}{between}{value}", named(fact))
}

/// The parts of a fact under the conditions on it.
pub(super) fn parts_of(
    fact: FactName,
    action: Option<ActionKind>,
    conditions: &[&Condition],
) -> Vec<Part> {
    let wanted: Vec<&FactValue> = conditions.iter().flat_map(|c| &c.values).collect();
    let mut parts = match kind_of(fact) {
        _ if action.is_some_and(|action| !can_be_known(fact, action)) => Vec::new(),
        Kind::Number(low, high) => {
            // Every action of the registry touches one ticket.
            let (low, high) = match fact {
                FactName::BlastRadius => (1, 1),
                _ => (low, high),
            };
            let limits = wanted.iter().filter_map(|v| number(v));
            runs((low, high), limits.collect(), &FactValue::Number)
        }
        Kind::Money => {
            let currency = wanted.iter().find_map(|v| money(v)).map(|m| m.currency);
            let limits = wanted.iter().filter_map(|v| money(v)).map(|m| m.minor);
            currency.map_or_else(Vec::new, |currency| {
                let sum = |minor| FactValue::Money(Money { minor, currency });
                // A draft is never about nothing.
                runs((1, i64::MAX), limits.collect(), &sum)
            })
        }
        Kind::Truth => {
            let fixed = action.filter(|_| fact == FactName::Reversible);
            let values = [false, true].into_iter();
            let open = values.filter(|v| fixed.is_none_or(|a| a.reversible() == *v));
            words(open.map(FactValue::Truth).collect())
        }
        Kind::Category => {
            let all = Category::ALL.iter().map(|c| c.word().to_owned());
            words(all.map(FactValue::Word).collect())
        }
        Kind::Word => open_words(&wanted),
    };
    parts = merged(fact, parts, conditions);
    if can_be_unknown(fact, action) {
        parts.push(Part {
            example: None,
            range: Range::Unknown,
        });
    }
    parts
}

/// Whether a draft can be assessed without the fact. What a verdict says and what an action is are always known.
#[must_use]
pub const fn can_be_unknown(fact: FactName, action: Option<ActionKind>) -> bool {
    match provenance_of(fact) {
        Provenance::Connector => true,
        Provenance::Registry => action.is_none(),
        Provenance::Model | Provenance::Ticket => false,
    }
}

const fn number(value: &FactValue) -> Option<i64> {
    match value {
        FactValue::Number(n) => Some(*n),
        _ => None,
    }
}

const fn money(value: &FactValue) -> Option<Money> {
    match value {
        FactValue::Money(money) => Some(*money),
        _ => None,
    }
}

/// The runs of whole numbers that the limits part: below the first, at it, between it and the next, and so on.
fn runs(
    (low, high): (i64, i64),
    mut limits: Vec<i64>,
    value: &dyn Fn(i64) -> FactValue,
) -> Vec<Part> {
    limits.sort_unstable();
    limits.dedup();
    let run = |from: i64, to: i64| Part {
        // Below the first limit the nearest to it, else the nearest to the limit before.
        example: Some(value(if from == low { to } else { from })),
        range: Range::Between((value(from), from == low), (value(to), to == high)),
    };
    let mut parts = Vec::new();
    let mut next = low;
    for limit in limits.into_iter().filter(|l| (low..=high).contains(l)) {
        if next < limit {
            parts.push(run(next, limit - 1));
        }
        parts.push(run(limit, limit));
        next = limit.saturating_add(1);
    }
    if next <= high && parts.last().is_none_or(|last| last.end() != Some(high)) {
        let last = run(next, high);
        let example = (next > low).then(|| value(next)).or(Some(value(low)));
        parts.push(Part { example, ..last });
    }
    parts
}

/// A part for each of the words of a closed set.
fn words(values: Vec<FactValue>) -> Vec<Part> {
    let part = |value: FactValue| Part {
        example: Some(value.clone()),
        range: Range::Among(vec![value]),
    };
    values.into_iter().map(part).collect()
}

/// A part for each word that is named, and one for every other word.
fn open_words(wanted: &[&FactValue]) -> Vec<Part> {
    let mut named: Vec<FactValue> = wanted.iter().map(|v| (*v).clone()).collect();
    named.sort_by_key(ToString::to_string);
    named.dedup();
    let mut other = "other".to_owned();
    while named.contains(&FactValue::Word(other.clone())) {
        other.push('_');
    }
    let rest = Part {
        example: Some(FactValue::Word(other)),
        range: Range::Except(named.clone()),
    };
    let mut parts = words(named);
    parts.push(rest);
    parts
}

/// Puts together what no condition tells apart: neighbours of an order, any words.
fn merged(fact: FactName, parts: Vec<Part>, conditions: &[&Condition]) -> Vec<Part> {
    let answers = |part: &Part| -> Vec<Outcome> {
        let value = part.example.clone();
        let facts: Facts = value
            .map(|v| (fact, vouched(fact, v)))
            .into_iter()
            .collect();
        conditions.iter().map(|c| c.against(&facts)).collect()
    };
    let mut kept: Vec<(Vec<Outcome>, Part)> = Vec::new();
    for part in parts {
        let answer = answers(&part);
        let ordered = matches!(part.range, Range::Between(..));
        let like = |(other, _): &(Vec<Outcome>, Part)| *other == answer;
        let same = if ordered {
            kept.last_mut().filter(|last| like(last))
        } else {
            kept.iter_mut().find(|one| like(one))
        };
        match same {
            Some((_, before)) => before.join(part),
            None => kept.push((answer, part)),
        }
    }
    kept.into_iter().map(|(_, part)| part).collect()
}

impl Part {
    fn end(&self) -> Option<i64> {
        match &self.range {
            Range::Between(_, (to, _)) => number(to).or_else(|| money(to).map(|m| m.minor)),
            _ => None,
        }
    }

    /// Takes another part in. The example of a run that begins where all begins moves to its end.
    pub(in crate::domain::policy) fn join(&mut self, other: Self) {
        match (&mut self.range, other.range) {
            (Range::Between((_, lowest), to), Range::Between(_, end)) => {
                if *lowest && !end.1 {
                    self.example = Some(end.0.clone());
                }
                *to = end;
            }
            (Range::Among(words), Range::Among(more)) => words.extend(more),
            (Range::Among(words), Range::Except(mut but)) => {
                but.retain(|word| !words.contains(word));
                self.example = other.example;
                self.range = Range::Except(but);
            }
            (Range::Except(but), Range::Among(words)) => but.retain(|word| !words.contains(word)),
            _ => {}
        }
    }
}
