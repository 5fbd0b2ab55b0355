//! Conditions of rules: `<fact>_<op>` pairs over the closed set of facts, all of which must hold.

use super::json::{Entry, Node, Shape};
use super::problem::did_you_mean;
use super::reader::Sheet;
use crate::domain::evidence::{Fact, FactName, FactValue, Facts, Provenance};
use crate::domain::money::{Currency, Money};
use crate::domain::verdict::Category;
use crate::domain::words::closed_set;

closed_set! {
    /// How a fact is compared.
    Op {
        /// It is this value.
        Eq = "eq",
        /// It is any other value.
        Ne = "ne",
        /// It is below.
        Lt = "lt",
        /// It is at most.
        Lte = "lte",
        /// It is above.
        Gt = "gt",
        /// It is at least.
        Gte = "gte",
        /// It is one of a list.
        In = "in",
        /// It is true, or false.
        Is = "is",
    }
}

impl Op {
    /// The comparison in words, between a fact and a value.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Eq | Self::Is => "is",
            Self::Ne => "is not",
            Self::Lt => "is below",
            Self::Lte => "is at most",
            Self::Gt => "is above",
            Self::Gte => "is at least",
            Self::In => "is one of",
        }
    }
}

/// One comparison of one fact.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Condition {
    /// The fact.
    pub fact: FactName,
    /// The comparison.
    pub op: Op,
    /// What it is compared with: one value, or several for `in`.
    pub values: Vec<FactValue>,
}

/// What became of a condition.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// The fact is known and the comparison holds.
    Holds,
    /// The fact is known and the comparison does not hold.
    Fails,
    /// The fact is unknown, of a lower provenance than it must be, or in another currency.
    Unknown,
}

impl Condition {
    /// Compares.
    #[must_use]
    pub fn against(&self, facts: &Facts) -> Outcome {
        let Some(fact) = facts.get(&self.fact).filter(|f| vouched(self.fact, f)) else {
            return Outcome::Unknown;
        };
        let mut unknown = true;
        for wanted in &self.values {
            match compare(self.op, &fact.value, wanted) {
                Some(true) => return Outcome::Holds,
                Some(false) => unknown = false,
                None => {}
            }
        }
        if unknown {
            Outcome::Unknown
        } else {
            Outcome::Fails
        }
    }

    /// The comparison in words, for cards: `amount 180.00 USD is at most 500.00 USD`.
    #[must_use]
    pub fn words(&self, facts: &Facts) -> String {
        let name = self.fact.word().replace('_', " ");
        let value = facts
            .get(&self.fact)
            .map_or_else(|| "(unknown)".to_owned(), |f| f.value.to_string());
        let wanted: Vec<String> = self.values.iter().map(ToString::to_string).collect();
        match self.op {
            Op::Is => format!("{name} is {value}"),
            Op::Eq => format!("{name} is {value}"),
            op => format!("{name} {value} {} {}", op.words(), wanted.join(", ")),
        }
    }
}

/// Whether a fact comes from where that fact must come from. A word of the model never stands in
/// for what only a connector can know.
fn vouched(name: FactName, fact: &Fact) -> bool {
    match provenance_of(name) {
        Provenance::Connector => fact.provenance == Provenance::Connector,
        Provenance::Registry => fact.provenance == Provenance::Registry,
        Provenance::Model | Provenance::Ticket => true,
    }
}

/// Where a fact of that name comes from.
#[must_use]
pub const fn provenance_of(name: FactName) -> Provenance {
    match name {
        FactName::Severity | FactName::Category | FactName::Queue | FactName::Confidence => {
            Provenance::Model
        }
        FactName::BlastRadius | FactName::Reversible => Provenance::Registry,
        FactName::Amount
        | FactName::CustomerMonths
        | FactName::CustomerTier
        | FactName::PriorRefunds
        | FactName::RefundWindowOpen
        | FactName::ChargebackOpen
        | FactName::AccountFlaggedFraud
        | FactName::ChargeIsRequesters => Provenance::Connector,
    }
}

/// `None` when the two cannot be compared: other kinds, or other currencies.
fn compare(op: Op, have: &FactValue, wanted: &FactValue) -> Option<bool> {
    let order = match (have, wanted) {
        (FactValue::Number(a), FactValue::Number(b)) => a.cmp(b),
        (FactValue::Money(a), FactValue::Money(b)) if a.currency == b.currency => {
            a.minor.cmp(&b.minor)
        }
        (FactValue::Truth(a), FactValue::Truth(b)) => a.cmp(b),
        (FactValue::Word(a), FactValue::Word(b)) => a.cmp(b),
        _ => return None,
    };
    Some(match op {
        Op::Eq | Op::In | Op::Is => order.is_eq(),
        Op::Ne => order.is_ne(),
        Op::Lt => order.is_lt(),
        Op::Lte => order.is_le(),
        Op::Gt => order.is_gt(),
        Op::Gte => order.is_ge(),
    })
}

/// What kind of value a fact has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// An amount.
    Money,
    /// A whole number from the first to the second.
    Number(i64, i64),
    /// Yes or no.
    Truth,
    /// A category.
    Category,
    /// Any word.
    Word,
}

/// What kind of value a fact has.
#[must_use]
pub const fn kind_of(name: FactName) -> Kind {
    match name {
        FactName::Amount => Kind::Money,
        FactName::Severity => Kind::Number(1, 5),
        FactName::Confidence => Kind::Number(0, 100),
        FactName::CustomerMonths => Kind::Number(0, 1_200),
        FactName::PriorRefunds => Kind::Number(0, 10_000),
        FactName::BlastRadius => Kind::Number(0, 1_000_000),
        FactName::Category => Kind::Category,
        FactName::CustomerTier | FactName::Queue => Kind::Word,
        FactName::Reversible
        | FactName::RefundWindowOpen
        | FactName::ChargebackOpen
        | FactName::AccountFlaggedFraud
        | FactName::ChargeIsRequesters => Kind::Truth,
    }
}

/// Whether a fact is a plain yes or no.
#[must_use]
pub const fn is_truth(name: FactName) -> bool {
    matches!(kind_of(name), Kind::Truth)
}

/// How a fact may be compared.
#[must_use]
pub const fn ops_of(name: FactName) -> &'static [Op] {
    match kind_of(name) {
        Kind::Money | Kind::Number(..) => {
            &[Op::Eq, Op::Ne, Op::Lt, Op::Lte, Op::Gt, Op::Gte, Op::In]
        }
        Kind::Truth => &[Op::Is],
        Kind::Category | Kind::Word => &[Op::Eq, Op::Ne, Op::In],
    }
}

/// Reads a `when` object of at least one condition. Amounts are in `currency`.
#[must_use]
pub(super) fn read_when(
    sheet: &Sheet,
    node: &Node,
    currency: Option<Currency>,
) -> Option<Vec<Condition>> {
    let fields = sheet.map(node)?;
    if fields.entries().is_empty() {
        return sheet.refuse(
            node.at,
            "the condition is empty",
            "at least one `<fact>_<op>`, or leave `when` out where everything is meant",
        );
    }
    let read = fields
        .entries()
        .iter()
        .map(|e| read_condition(sheet, e, currency));
    let read: Vec<Option<Condition>> = read.collect();
    let mut when = read.into_iter().collect::<Option<Vec<Condition>>>()?;
    sort(&mut when);
    Some(when)
}

/// Puts conditions into an order of their own: the order of names in a document means nothing, so
/// a policy that comes back from its canonical text must say the same words.
pub(super) fn sort(when: &mut [Condition]) {
    when.sort_by_key(|c| (c.fact, c.op));
}

/// Reads one `<fact>_<op>` member.
#[must_use]
pub(super) fn read_condition(
    sheet: &Sheet,
    entry: &Entry,
    currency: Option<Currency>,
) -> Option<Condition> {
    let (fact, op) = read_key(sheet, entry)?;
    let value = |node: &Node| read_value(sheet, node, fact, currency);
    let values = match op {
        Op::In => sheet.each(sheet.some_of(&entry.value, "value")?, value),
        _ => vec![value(&entry.value)?],
    };
    (!values.is_empty()).then_some(Condition { fact, op, values })
}

fn read_key(sheet: &Sheet, entry: &Entry) -> Option<(FactName, Op)> {
    let split = entry.key.rsplit_once('_');
    let known = split.and_then(|(fact, op)| Some((FactName::from_word(fact)?, Op::from_word(op)?)));
    if let Some((fact, op)) = known.filter(|(fact, op)| ops_of(*fact).contains(op)) {
        return Some((fact, op));
    }
    let keys = |names: &[FactName]| -> Vec<String> {
        names
            .iter()
            .flat_map(|f| {
                ops_of(*f)
                    .iter()
                    .map(|op| format!("{}_{}", f.word(), op.word()))
            })
            .collect()
    };
    // A known fact with a wrong comparison gets the comparisons of that fact; else the nearest of all.
    let fact = FactName::ALL
        .iter()
        .filter(|f| entry.key.starts_with(f.word()))
        .max_by_key(|f| f.word().len());
    let near = keys(fact.map_or(FactName::ALL, std::slice::from_ref));
    let mut fix = did_you_mean(
        &entry.key,
        &near.iter().map(String::as_str).collect::<Vec<_>>(),
    );
    if fact.is_none() && fix.starts_with("one of") {
        let names: Vec<&str> = FactName::ALL.iter().map(|f| f.word()).collect();
        fix = format!("`<fact>_<op>` with one of the facts {}", names.join(", "));
    }
    sheet.refuse(
        entry.key_at,
        format!("`{}` is not a condition", entry.key),
        fix,
    )
}

fn read_value(
    sheet: &Sheet,
    node: &Node,
    fact: FactName,
    currency: Option<Currency>,
) -> Option<FactValue> {
    match kind_of(fact) {
        Kind::Truth => sheet.truth(node).map(FactValue::Truth),
        Kind::Word => sheet.text(node).map(|t| FactValue::Word(t.to_owned())),
        Kind::Category => sheet
            .word(node, "a category", Category::ALL, Category::word)
            .map(|c| FactValue::Word(c.word().to_owned())),
        Kind::Number(low, high) => {
            if fact == FactName::Confidence
                && matches!(&node.shape, Shape::Number(n) if n.contains('.'))
            {
                return sheet.refuse(
                    node.at,
                    "confidence is counted in whole percent",
                    "a whole number from 0 to 100",
                );
            }
            sheet.whole(node, low..=high).map(FactValue::Number)
        }
        Kind::Money => read_money(sheet, node, currency).map(FactValue::Money),
    }
}

/// Reads a positive decimal amount of major units in a currency.
#[must_use]
pub(super) fn read_money(sheet: &Sheet, node: &Node, currency: Option<Currency>) -> Option<Money> {
    let text = sheet.decimal(node)?;
    let Some(currency) = currency else {
        return sheet.refuse(
            node.at,
            "an amount stands here, but no currency is declared for it",
            "`\"currency\": \"usd\"` at the top of what it stands in",
        );
    };
    match Money::parse_major(text, currency) {
        Some(money) if money.minor >= 0 => Some(money),
        Some(_) => sheet.refuse(
            node.at,
            format!("{text} is a negative amount"),
            "an amount of zero or more",
        ),
        None => {
            let message = format!(
                "{text} is not an amount of {}",
                currency.code().to_ascii_uppercase()
            );
            sheet.refuse(
                node.at,
                message,
                format!("a number with at most {} decimals", currency.decimals()),
            )
        }
    }
}
