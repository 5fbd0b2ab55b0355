//! Amounts and dates that a ticket mentions, as people write them.

use crate::domain::money::{Currency, Money};

/// An amount in a text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Mentioned {
    /// Digits with a point before the decimals, as `Money::parse_major` reads it.
    decimal: String,
    /// The codes that the sign or word beside it can stand for; empty when there is none.
    currencies: Vec<&'static str>,
}

impl Mentioned {
    /// Whether a sign or word says that it is money.
    pub(super) fn is_marked(&self) -> bool {
        !self.currencies.is_empty()
    }

    /// The amount in a currency, if it can be meant in it.
    pub(super) fn money(&self, currency: Currency) -> Option<Money> {
        let fits = self.currencies.is_empty() || self.currencies.contains(&currency.code());
        fits.then(|| Money::parse_major(&self.decimal, currency))
            .flatten()
    }
}

/// The signs and words of currencies, with the codes they can stand for.
const MARKS: &[(&str, &[&str])] = &[
    ("$", &["usd", "cad", "aud", "nzd", "sgd", "hkd", "mxn"]),
    ("€", &["eur"]),
    ("£", &["gbp"]),
    ("¥", &["jpy", "cny"]),
    ("usd", &["usd"]),
    ("eur", &["eur"]),
    ("euro", &["eur"]),
    ("euros", &["eur"]),
    ("gbp", &["gbp"]),
    ("chf", &["chf"]),
    ("jpy", &["jpy"]),
    ("cad", &["cad"]),
    ("aud", &["aud"]),
    ("franken", &["chf"]),
    ("pounds", &["gbp"]),
    ("dollar", &["usd", "cad", "aud"]),
    ("dollars", &["usd", "cad", "aud"]),
    ("bucks", &["usd"]),
    ("dolares", &["usd", "mxn"]),
    ("dólares", &["usd", "mxn"]),
];

/// The amounts in a text, in order. Plain numbers count as well, without a currency.
pub(super) fn amounts(text: &str) -> Vec<Mentioned> {
    let lower = text.to_lowercase();
    let mut found = vec![];
    let mut at = 0;
    while let Some(start) = lower[at..]
        .find(|c: char| c.is_ascii_digit())
        .map(|n| at + n)
    {
        let part = |c: char| c.is_ascii_digit() || ".,'".contains(c);
        let end = lower[start..]
            .find(|c| !part(c))
            .map_or(lower.len(), |n| start + n);
        let number = lower[start..end].trim_end_matches(['.', ',', '\'']);
        at = end;
        let before = lower[..start].chars().next_back();
        let after = lower[start + number.len()..].chars().next();
        let inside = |c: char| c.is_alphanumeric() || "_-/:#".contains(c);
        let currencies = marks(&lower[..start], &lower[start + number.len()..]);
        let free = !before.is_some_and(inside)
            && !after.is_some_and(|c| "_-/:".contains(c) || c.is_alphanumeric());
        if (free || !currencies.is_empty())
            && let Some(decimal) = decimal(number)
        {
            found.push(Mentioned {
                decimal,
                currencies,
            });
        }
    }
    found
}

/// The currencies that the text just before or just after a number names.
fn marks(before: &str, after: &str) -> Vec<&'static str> {
    let before = before.trim_end_matches(' ');
    let after = after.trim_start_matches(' ');
    let last = before
        .rsplit(|c: char| !c.is_alphanumeric())
        .next()
        .unwrap_or_default();
    let first = after
        .split(|c: char| !c.is_alphanumeric())
        .next()
        .unwrap_or_default();
    MARKS
        .iter()
        .find(|(mark, _)| match mark.chars().next() {
            Some(c) if !c.is_alphabetic() => before.ends_with(mark) || after.starts_with(mark),
            _ => last == *mark || first == *mark,
        })
        .map(|(_, codes)| codes.to_vec())
        .unwrap_or_default()
}

/// `1,234.50`, `1.234,50`, `1'234`, `180` as digits with a point before the decimals.
fn decimal(number: &str) -> Option<String> {
    let cut = number
        .rfind(['.', ','])
        .filter(|at| matches!(number.len() - at - 1, 1 | 2));
    let (whole, fraction) = cut.map_or((number, ""), |at| (&number[..at], &number[at + 1..]));
    let mut groups = whole.split(['.', ',', '\'']);
    let first = groups.next()?;
    let grouped = groups.clone().count() > 0;
    let even = groups.all(|group| group.len() == 3);
    if first.is_empty() || whole.len() > 15 || (grouped && (!even || first.len() > 3)) {
        return None;
    }
    let whole: String = whole.chars().filter(char::is_ascii_digit).collect();
    Some(match fraction {
        "" => whole,
        some => format!("{whole}.{some}"),
    })
}

/// Month names by their first letters, in our four languages without accents.
const MONTHS: &[&[&str]] = &[
    &["jan", "janv", "ene"],
    &["feb", "fev", "fevr"],
    &["mar", "mars", "marz", "maerz"],
    &["apr", "avr", "abr"],
    &["may", "mai", "mayo"],
    &["jun", "juin"],
    &["jul", "juil"],
    &["aug", "aou", "ago"],
    &["sep"],
    &["oct", "okt"],
    &["nov"],
    &["dec", "dez", "dic"],
];

/// The days that a text mentions, each as `YYYY-MM-DD` or, without a year, as `MM-DD`.
pub(super) fn days(text: &str) -> Vec<String> {
    let words: Vec<String> = crate::domain::phrase::Words::of(text).list().to_vec();
    let mut found = vec![];
    let number = |word: &str| {
        let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        digits.parse::<u32>().ok().filter(|_| !digits.is_empty())
    };
    let filler = |word: &String| ["de", "of", ".", "the", "del"].contains(&word.as_str());
    let solid: Vec<&String> = words.iter().filter(|word| !filler(word)).collect();
    for (at, word) in solid.iter().enumerate() {
        let next = |n: usize| solid.get(at + n).and_then(|word| number(word));
        if let (Some(y @ 1990..=2100), Some(m @ 1..=12), Some(d @ 1..=31)) =
            (number(word), next(1), next(2))
        {
            found.push(format!("{y:04}-{m:02}-{d:02}"));
        }
        if let (Some(d @ 1..=31), Some(m @ 1..=12), Some(y @ 1990..=2100)) =
            (number(word), next(1), next(2))
        {
            found.push(format!("{y:04}-{m:02}-{d:02}"));
        }
        if let (Some(m @ 1..=12), Some(d @ 13..=31), Some(y @ 1990..=2100)) =
            (number(word), next(1), next(2))
        {
            found.push(format!("{y:04}-{m:02}-{d:02}"));
        }
        let Some(month) = month(word) else { continue };
        let before = at
            .checked_sub(1)
            .and_then(|n| number(solid[n]))
            .filter(|d| (1..=31).contains(d));
        if let Some(day) = before.or_else(|| next(1).filter(|d| (1..=31).contains(d))) {
            found.push(format!("{month:02}-{day:02}"));
        }
    }
    found
}

fn month(word: &str) -> Option<usize> {
    let known = |names: &[&str]| {
        names.iter().any(|name| {
            word == *name || (word.len() > 3 && word.len() <= 10 && word.starts_with(&name[..3]))
        })
    };
    let full = word.chars().all(|c| c.is_ascii_lowercase());
    MONTHS
        .iter()
        .position(|names| full && known(names))
        .map(|at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_people_write_them() {
        let usd = Currency::parse("usd").unwrap();
        let eur = Currency::parse("eur").unwrap();
        let read = |text: &str, currency| -> Vec<i64> {
            amounts(text)
                .iter()
                .filter_map(|one| one.money(currency))
                .map(|money| money.minor)
                .collect()
        };
        assert_eq!(read("refund $180 please", usd), [18_000]);
        assert_eq!(read("1.234,50 € bitte", eur), [123_450]);
        assert_eq!(read("USD 1,234.5", usd), [123_450]);
        assert_eq!(read("180 euros", usd), Vec::<i64>::new());
        assert_eq!(
            read("ticket ABC-180, 2026-11-03, v1.2.3", usd),
            Vec::<i64>::new()
        );
        assert!(amounts("about 30")[0].currencies.is_empty());
    }

    #[test]
    fn days_are_read_in_several_orders() {
        assert_eq!(days("charged on 2026-11-03"), ["2026-11-03"]);
        assert_eq!(days("am 03.11.2026"), ["2026-11-03"]);
        assert_eq!(days("on November 3rd"), ["11-03"]);
        assert_eq!(days("le 3 novembre, el 4 de marzo"), ["11-03", "03-04"]);
        assert!(days("I may be wrong").is_empty());
    }
}
