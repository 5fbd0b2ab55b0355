//! Amounts of money in integer minor units.

use serde::{Deserialize, Serialize};

/// An ISO 4217 currency code in lower case, as Stripe writes it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency([u8; 3]);

impl Currency {
    /// Reads three ASCII letters in either case; `None` for anything else.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        let bytes: [u8; 3] = code.as_bytes().try_into().ok()?;
        bytes
            .iter()
            .all(u8::is_ascii_alphabetic)
            .then(|| Self(bytes.map(|b| b.to_ascii_lowercase())))
    }

    /// The code in lower case.
    #[must_use]
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("")
    }

    /// How many decimals the minor unit has: Stripe's zero- and three-decimal currencies, else two.
    ///
    /// Source: Stripe, "Supported currencies", zero-decimal and three-decimal lists.
    #[must_use]
    pub fn decimals(&self) -> u32 {
        const ZERO: &[&str] = &[
            "bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "ugx", "vnd",
            "vuv", "xaf", "xof", "xpf",
        ];
        const THREE: &[&str] = &["bhd", "jod", "kwd", "omr", "tnd"];
        match self.code() {
            code if ZERO.contains(&code) => 0,
            code if THREE.contains(&code) => 3,
            _ => 2,
        }
    }
}

impl TryFrom<String> for Currency {
    type Error = String;
    fn try_from(code: String) -> Result<Self, String> {
        Self::parse(&code).ok_or_else(|| format!("`{code}` is not a three-letter currency code"))
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.code().to_owned()
    }
}

/// An amount in minor units (cents) of one currency.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Money {
    /// Minor units, for example cents.
    pub minor: i64,
    /// The currency the units are of.
    pub currency: Currency,
}

impl Money {
    /// Reads a decimal in major units (`180`, `180.5`, `180.50`) exactly; `None` when it has more
    /// decimals than the currency, is not a plain decimal, or does not fit.
    #[must_use]
    pub fn parse_major(text: &str, currency: Currency) -> Option<Self> {
        let decimals = currency.decimals() as usize;
        let (negative, digits) = text
            .strip_prefix('-')
            .map_or((false, text), |rest| (true, rest));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let plain = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || fraction.len() > decimals || !plain(whole) || !plain(fraction) {
            return None;
        }
        let minor: i64 = format!("{whole}{fraction:0<decimals$}").parse().ok()?;
        Some(Self {
            minor: if negative { -minor } else { minor },
            currency,
        })
    }
}

impl std::fmt::Display for Money {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let decimals = self.currency.decimals() as usize;
        let digits = format!(
            "{:0>width$}",
            self.minor.unsigned_abs(),
            width = decimals + 1
        );
        let (whole, fraction) = digits.split_at(digits.len() - decimals);
        let sign = if self.minor < 0 { "-" } else { "" };
        let dot = if decimals == 0 { "" } else { "." };
        write!(
            f,
            "{sign}{whole}{dot}{fraction} {}",
            self.currency.code().to_ascii_uppercase()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_read_and_written_exactly() {
        let usd = Currency::parse("USD").unwrap();
        let jpy = Currency::parse("jpy").unwrap();
        assert_eq!(Money::parse_major("180.5", usd).unwrap().minor, 18_050);
        assert_eq!(
            Money::parse_major("0.05", usd).unwrap().to_string(),
            "0.05 USD"
        );
        assert_eq!(
            Money::parse_major("900", jpy).unwrap().to_string(),
            "900 JPY"
        );
        for bad in [
            "",
            "1.234",
            "1e3",
            "NaN",
            "--1",
            ".5",
            "9223372036854775807",
        ] {
            assert_eq!(Money::parse_major(bad, usd), None, "{bad}");
        }
    }
}
