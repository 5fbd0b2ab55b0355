//! Single values as somebody types them: amounts, numbers, yes and no, moments.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZoneDatabase;

use super::situation::Reading;
use crate::domain::digest::Digest;
use crate::domain::draft::ActionKind;
use crate::domain::evidence::{FactName, FactValue};
use crate::domain::money::{Currency, Money};
use crate::domain::policy::conditions::{Kind, kind_of};
use crate::domain::time::At;

impl Reading<'_> {
    /// `180`, `180.00 usd`; without a code the currency given, else that of the tier file if it has only one.
    pub(super) fn money(&mut self, text: &str, action: ActionKind) -> Option<Money> {
        let lists = self
            .policy
            .tier_file(action)
            .map(|file| file.lists.as_slice());
        let usual = match lists {
            Some([only]) => only.currency.map(|c| c.code().to_owned()),
            _ => None,
        };
        let (number, code) = match text.split_once(' ') {
            Some((number, code)) => (number, Some(code.trim().to_owned())),
            None => (text, self.words("currency").or(usual)),
        };
        let Some(code) = code else {
            let message = format!("it does not say in which currency the amount {text} is");
            return self.refuse(message, "`currency=eur` as well");
        };
        let Some(currency) = Currency::parse(&code) else {
            return self.refuse(
                format!("`{code}` is not a currency code"),
                "three letters such as `usd`",
            );
        };
        match Money::parse_major(number, currency).filter(|sum| sum.minor > 0) {
            Some(sum) => Some(sum),
            None => {
                let fix = format!(
                    "a plain number above zero with at most {} decimals, for example `amount=180`",
                    currency.decimals()
                );
                self.refuse(
                    format!("`{number}` is not an amount of {}", currency.code()),
                    fix,
                )
            }
        }
    }

    pub(super) fn value(&mut self, name: FactName) -> Option<FactValue> {
        match kind_of(name) {
            Kind::Truth => self.truth(name.word()).map(FactValue::Truth),
            Kind::Number(..) => self.number(name).map(FactValue::Number),
            Kind::Word | Kind::Category => self.words(name.word()).map(FactValue::Word),
            Kind::Money => None,
        }
    }

    pub(super) fn number(&mut self, name: FactName) -> Option<i64> {
        let (Kind::Number(low, high), Some(text)) = (kind_of(name), self.words(name.word())) else {
            return None;
        };
        let number = text
            .parse::<i64>()
            .ok()
            .filter(|n| (low..=high).contains(n));
        number.or_else(|| {
            let fix = format!("a whole number from {low} to {high}");
            self.refuse(format!("`{text}` is no value of `{name}`"), fix)
        })
    }

    pub(super) fn truth(&mut self, name: &str) -> Option<bool> {
        match self.words(name)?.as_str() {
            "yes" | "true" => Some(true),
            "no" | "false" => Some(false),
            text => {
                let message = format!("`{text}` is no value of `{name}`");
                self.refuse(message, "`yes` or `no`; leave it out where it is unknown")
            }
        }
    }

    pub(super) fn prompt(&mut self) -> Option<Digest> {
        let text = self.words("prompt")?;
        Digest::parse(&text).or_else(|| {
            self.refuse(
                format!("`{text}` is not the digest of a prompt"),
                "its 64 hex digits",
            )
        })
    }

    /// A moment with its offset, or a time of day of the calendar's time zone.
    pub(super) fn asked_at(&mut self) -> Option<At> {
        let text = self.words("asked_at")?;
        let zone = self.policy.escalations().calendar.time_zone();
        let exact = text.parse::<Timestamp>().ok();
        let local = || {
            let there = TimeZoneDatabase::bundled().get(zone).ok()?;
            let moment = text.parse::<DateTime>().ok()?;
            there.to_timestamp(moment).ok()
        };
        let moment = exact
            .or_else(local)
            .map(|moment| At(moment.as_millisecond()));
        moment.or_else(|| {
            let fix = format!("a time of {zone} such as `2026-11-16T10:00`");
            self.refuse(format!("`{text}` is not a moment"), fix)
        })
    }
}
